"""The check column of a template → whether ids, names and classes still stand on the lines they came from.

Invariants: an edit is no fault: names may be corrected, rows copied, deleted, added, sorted and filtered; what is told
is that values of a column stand on *each other's* lines, as after sorting or moving it by itself. The account's id is
the anchor: the token is found by it, wherever the check column itself went.
"""

from collections.abc import Mapping
from typing import Final

import polars as pl
from attrs import evolve

from rosterdiff.checksums import (
    CHECK_HEADER,
    CHECKED,
    NOTHING,
    QUOTED_HEADER,
    digest_column,
    digest_ids,
    drop_apostrophe,
    drop_apostrophes,
    read_tokens,
)
from rosterdiff.issues import Code
from rosterdiff.model import Issue
from rosterdiff.reading.columns import Columns
from rosterdiff.reading.locate import Table
from rosterdiff.sentences import field_label

_CHECK: Final = "check"
_MOVING: Final = ("gender", "grade", "class_name", "school")
"""Fields whose values change places in an ordinary year, so that only a column that was sorted in place is told."""

_LEAST: Final = 3
"""So many values must have changed places: two may be a correction."""


def take_checks(table: Table) -> Table:
    """Take the check column of a template out of the columns, and lines that hold nothing else out of the rows.

    The tokens stay in the body as the column `check`, for `find_shifts`. In a template whose values have apostrophes
    before what a program might run, these are taken away.
    """
    header = next((h for h in (CHECK_HEADER, QUOTED_HEADER) if h in table.headers), None)
    if header is None or not table.is_template:
        return table
    position = table.headers.index(header)
    headers = tuple("" if at == position else text for at, text in enumerate(table.headers))
    empty = pl.lit(None, dtype=pl.String).alias(str(position))
    body = table.body.with_columns(pl.col(str(position)).alias(_CHECK), empty)
    body = body.filter(~pl.all_horizontal(pl.exclude("index", _CHECK).is_null()))
    if header == QUOTED_HEADER:
        cells = [name for name in body.columns if name not in ("index", _CHECK)]
        body = body.with_columns(drop_apostrophes(body[name]) for name in cells)
        headers = tuple(drop_apostrophe(text) for text in headers)
    return evolve(table, headers=headers, body=body)


def is_as_written(table: Table, field: str, values: pl.Series) -> pl.Series:
    """Whether the template's own line says that this was the value of a field; nowhere, where there is no template."""
    if _CHECK not in table.body.columns:
        return pl.repeat(value=False, n=len(values), eager=True, dtype=pl.Boolean)
    tokens = read_tokens(table.body[_CHECK])
    salt = _salt_of(tokens) or ""
    digests = digest_ids(values, salt) if field == "student_id" else digest_column(values, field, salt)
    return ((tokens["salt"] == salt) & (digests == tokens[field])).fill_null(value=False)


def find_shifts(table: Table, columns: Columns, frame: pl.DataFrame) -> list[Issue]:
    """Say which columns no longer fit the accounts they stand beside, and which ids the template never had.

    Args:
        table: what `take_checks` gave.
        columns: what its columns are.
        frame: the values of its rows, in their order.

    """
    if _CHECK not in table.body.columns or "student_id" not in frame.columns:
        return []
    tokens = read_tokens(table.body[_CHECK])
    salt = _salt_of(tokens)
    if salt is None:
        return []
    own = tokens.filter(pl.col("salt") == salt)
    ids = digest_ids(frame["student_id"], salt)
    known = pl.DataFrame({"at": pl.int_range(len(ids), eager=True), "student_id": ids})
    anchored = known.join(own.unique("student_id", keep="first"), on="student_id", maintain_order="left")
    lines = {name: _lines(frame[name], anchored, salt) for name in CHECKED if name in frame.columns}
    shifted = {name: each for name, each in lines.items() if _is_shifted(name, each)}
    strange = frame["student_id"].is_not_null() & (tokens["salt"] == salt) & ~ids.is_in(own["student_id"].implode())
    return [
        *_shift_issues(table, columns, shifted),
        *_issues(table, columns, "student_id", Code.TEMPLATE_ID_UNKNOWN, strange.fill_null(value=False).arg_true()),
    ]


def _salt_of(tokens: pl.DataFrame) -> str | None:
    """The template that most lines are of; those of others are not judged."""
    salts = tokens["salt"].drop_nulls()
    return None if salts.is_empty() else str(salts.mode().sort()[0])


def _lines(values: pl.Series, anchored: pl.DataFrame, salt: str) -> pl.DataFrame:
    """The lines whose id is known: `at` in the table, `line` of the template, the digest `found`, and that `meant`."""
    found = digest_column(values.gather(anchored["at"]), values.name, salt)
    return anchored.select("at", "line", found=found, meant=pl.col(values.name).fill_null(NOTHING))


def _is_shifted(name: str, lines: pl.DataFrame) -> bool:
    moved = lines.filter(pl.col("found") != pl.col("meant"))
    if moved.height < _LEAST:
        return False
    return _was_sorted(lines) if name in _MOVING else _changed_places(moved)


def _changed_places(moved: pl.DataFrame) -> bool:
    """Of the values that do not fit, at least half are those that other such lines miss; edits rarely are."""
    several = moved.filter(pl.col("found").is_in(moved["meant"].implode()), pl.col("found") != NOTHING)
    return several["found"].n_unique() >= _LEAST and _exchanged(moved) * 2 >= moved.height


def _was_sorted(lines: pl.DataFrame) -> bool:
    """The lines stand in their old order, and the column has its old values in a new one: equal beside equal.

    Whoever gives children other classes leaves the values scattered, and whoever then sorts, sorts the lines.
    """
    distinct = lines["found"].n_unique()
    gathered = 1 < distinct == _runs(lines["found"]) < _runs(lines["meant"])
    return gathered and lines["line"].is_sorted() and _exchanged(lines) * 10 >= lines.height * 9


def _exchanged(lines: pl.DataFrame) -> int:
    """How many values are on both sides, each counted as often as on the side where it is rarer."""
    found, meant = (lines.group_by(digest=side).len() for side in ("found", "meant"))
    both = found.join(meant, on="digest").select(pl.min_horizontal("len", "len_right").sum())
    return int(both.item())


def _runs(values: pl.Series) -> int:
    return int(values.rle_id().max() or 0) + 1  # type: ignore[arg-type]  # of numbers


def _shift_issues(table: Table, columns: Columns, shifted: Mapping[str, pl.DataFrame]) -> list[Issue]:
    """One issue for all columns; beside the id where they are several, for then it may be the id that moved."""
    if not shifted:
        return []
    wrong = pl.concat(each.filter(pl.col("found") != pl.col("meant"))["at"] for each in shifted.values())
    field = next(iter(shifted)) if len(shifted) == 1 else "student_id"
    named = ", ".join(field_label(name) for name in shifted)
    return _issues(table, columns, field, Code.TEMPLATE_ROWS_SHIFTED, wrong.unique().sort(), fields=named)


def _issues(table: Table, columns: Columns, field: str, code: Code, places: pl.Series, **facts: object) -> list[Issue]:
    """One issue for these rows of the table, in the column of a field."""
    letters = table.grid.letters(columns.of_fields[field].position)
    return table.grid.origin.column_group(code, letters, table.rows_as_numbered().gather(places), **facts)
