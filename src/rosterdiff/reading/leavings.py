"""Rows of a table that are no students: the header once more, titles, help, totals, notes, hidden rows.

Invariants: rows are left out only if they are one of these, and all are reported; a row that could be a child stays.
"""

import re
from collections.abc import Sequence
from typing import Final

import polars as pl
from attrs import evolve

from rosterdiff.config import Hidden, ReadOptions
from rosterdiff.issues import Code
from rosterdiff.model import Issue
from rosterdiff.reading.tables import Table
from rosterdiff.reading.titles import SECTION, class_of

_TOTAL: Final = (
    r"(?i)^\s*(?:(?:grand |sub-?)?totals?(?: (?:number )?(?:of )?(?:students|pupils|children|boys|girls|enrol\w*))?"
    r"|out of|points possible|max(?:imum)? (?:score|points|marks?))\s*[:=]?\s*\d*\s*$"
)
"""What a row of sums begins with; such a row has only numbers beside it, so that a child named Total stays."""

_REMARK: Final = (
    r"(?i)^\s*(?:(?:number|no\.?|count|total) of (?:students|pupils|children|boys|girls)\b.*"
    r"|(?:notes?|nb|n\.b\.|legend|source|key)\s*:.*"
    r"|(?:printed|generated|exported|created|report run|report date|last updated)\b.*\d.*"
    r"|page \d+(?: of \d+)?|end of (?:report|list|file|class|data)\b.*|©.*)\s*$"
)
"""What a row of remarks begins with; each is longer than a surname such as Page or Key."""

_HELP: Final = re.compile(
    r"(?i)\b(?:required|optional|mandatory|e\.g\.|for example|example:|must be|should be|please|format|"
    r"dd/mm/yyyy|mm/dd/yyyy|yyyy-mm-dd|points possible|leave blank|enter the|if known|do not|text\b.*\bcharacters)"
)
_HELP_ROWS: Final = 3
"""Rows of help stand directly below the header."""


def without_others(table: Table, heads: Sequence[Sequence[str | None]], options: ReadOptions) -> Table:
    """The table without the rows that are no students.

    Args:
        table: as it was found.
        heads: the rows of its header as the grid has them.
        options: whether hidden rows are read.

    """
    repeated = pl.concat([_like(table, head) for head in heads]) if heads else pl.Series([], dtype=pl.UInt32)
    titles = _titles(table, repeated)
    found = ((Code.HEADER_REPEATED, repeated), (Code.TITLE_ROW, titles))
    table = _named_by(leave_out(table, found), titles)
    helping = _help_rows(table) if table.header_index is not None else repeated.clear()
    table = leave_out(table, ((Code.INSTRUCTION_ROW, helping),))
    table = leave_out(table, ((Code.ROW_SKIPPED, _totals_and_notes(table)),))
    return without_hidden(table, options)


def leave_out(table: Table, found: Sequence[tuple[Code, pl.Series]]) -> Table:
    """The table without these rows of the grid, each said at its first filled cell."""
    issues, body = list(table.issues), table.body
    for code, places in found:
        if places.is_empty():
            continue
        listed = pl.col("index").is_in(places.implode())
        issues += _said(table, code, body.filter(listed))
        body = body.filter(~listed)
    return table if body is table.body else evolve(table, body=body, issues=tuple(issues))


def without_unfilled(table: Table, positions: Sequence[int]) -> Table:
    """The table without the rows that say nothing in any of these columns, which are those of a student's fields."""
    fields = [pl.col(str(position)) for position in positions]
    if table.is_template or not fields or any(not table.body[str(position)].null_count() for position in positions):
        return table
    bare = table.body.filter(pl.all_horizontal(field.is_null() for field in fields))["index"]
    return leave_out(table, ((Code.ROW_UNFILLED, bare),))


def without_other_tables(table: Table, names: Sequence[int]) -> Table:
    """The table without what is another one below it: a header of its own, and numbers where names would be.

    It begins below a blank row. Each of its rows has a number in a column of names, so that none is a child.
    """
    index = table.body["index"]
    if not names or table.is_template or index.is_empty() or index[-1] - index[0] < len(index):
        return table
    texts = [pl.col(str(at)) for at in range(len(table.headers))]
    blocks = table.body.select(
        "index",
        block=(pl.col("index").diff() > 1).fill_null(value=False).cum_sum(),
        full=_filled(table) > 1,
        worded=pl.all_horizontal(text.fill_null("a").str.contains(_WORDED) for text in texts),
        counted=pl.any_horizontal(pl.col(str(at)).str.contains(_NUMBER).fill_null(value=False) for at in names),
    )
    rows = pl.col("full")
    others = blocks.group_by("block").agg(
        headed=pl.col("worded").filter(rows).first(),
        rest=pl.col("counted").filter(rows).slice(1).all() & (rows.sum() > 1),
    )
    apart = others.filter((pl.col("block") > 0) & pl.col("headed") & pl.col("rest"))["block"]
    of_another = blocks["block"].is_in(apart.implode())
    if not of_another.any():
        return table
    cells = [table.grid.cell(0, row) for row in blocks["index"].filter(of_another)]
    said = table.grid.origin.group(Code.ROWS_OF_ANOTHER_TABLE, cells)
    return evolve(table, body=table.body.filter(~of_another), issues=(*table.issues, *said))


_WORDED: Final = r"^\P{Nd}*\p{L}\P{Nd}*$"
_NUMBER: Final = r"^\s*[-+]?\p{Sc}?\s?\d[\d., ]*(?:%|\p{Sc})?\s*$"


def _said(table: Table, code: Code, rows: pl.DataFrame) -> list[Issue]:
    columns = rows.columns[1:]
    first = rows.select(
        "index", at=pl.coalesce(pl.when(pl.col(name).is_not_null()).then(int(name)) for name in columns)
    ) if columns else rows.select("index", at=0)  # fmt: skip
    cells = [table.grid.cell(at or 0, index) for index, at in first.rows()]
    return table.grid.origin.cell_issues(code, cells)


def _like(table: Table, head: Sequence[str | None]) -> pl.Series:
    """The rows that say what a row of the header says, in at least two cells."""
    named = [(str(at), cell.strip()) for at, cell in enumerate(head) if cell and table.headers[at]]
    if (len(named) < 2 and len([header for header in table.headers if header]) > 1) or not named:
        return pl.Series([], dtype=pl.UInt32)
    first, wanted = named[0]
    alike = table.body.filter(
        pl.col(first).str.contains(wanted, literal=True)
    )  # few rows; the others are compared then
    return alike.filter(pl.all_horizontal(pl.col(name).str.strip_chars() == text for name, text in named))["index"]


def _least(table: Table) -> int:
    """A number of cells that every row of the body fills at least."""
    return sum(table.body[str(at)].null_count() == 0 for at in range(len(table.headers)))


def _filled(table: Table) -> pl.Series:
    """How many cells of each row of the body hold something."""
    texts = [pl.col(str(at)) for at in range(len(table.headers))]
    counted = table.body.select(filled=pl.sum_horizontal(text.is_not_null().cast(pl.UInt16) for text in texts))
    return counted["filled"]


def _titles(table: Table, repeated: pl.Series) -> pl.Series:
    """Lone cells above the header once more, and lone cells that name a class."""
    texts = [pl.col(str(at)) for at in range(len(table.headers))]
    if sum(bool(header) for header in table.headers) < 2 or _least(table) > 1:
        return repeated.clear()
    lone = table.body.filter(_filled(table) == 1).select("index", first=pl.coalesce(texts))
    sections = lone.filter(pl.col("first").str.contains(SECTION))["index"]
    if repeated.is_empty() or lone.is_empty():
        return sections
    kinds = _kinds(table)
    above = [row for head in repeated.to_list() for row in _block_above(head, kinds)]
    return pl.Series(sorted({*sections.to_list(), *above}), dtype=pl.UInt32)


def _kinds(table: Table) -> pl.Series:
    """How many cells of the table's own columns each row of the grid fills."""
    own = [pl.col(str(at)).is_not_null().cast(pl.UInt16) for at, header in enumerate(table.headers) if header]
    return table.grid.cells.select(filled=pl.sum_horizontal(own))["filled"]


def _block_above(head: int, kinds: pl.Series) -> list[int]:
    """The lone cells directly above a header, up to the last blank row; without one, none is taken."""
    taken, certain = list[int](), list[int]()
    start = max(head - _TITLES_ABOVE, 0)
    for row, filled in reversed(list(enumerate(kinds.slice(start, head - start).to_list(), start))):
        if filled == 1:
            taken.append(row)
        elif filled > 1:
            break
        else:
            certain = list(taken)
    return certain


_TITLES_ABOVE: Final = 15


def _named_by(table: Table, titles: pl.Series) -> Table:
    """The table with the classes that its titles name; each title is read once, however often it stands there."""
    if titles.is_empty():
        return table
    own = [pl.col(str(at)) for at, header in enumerate(table.headers) if header]
    rows = table.grid.cells.with_row_index("index").filter(pl.col("index").is_in(titles.implode()))
    lone = rows.select("index", title=pl.coalesce(own))
    read = {title: class_of([title]) for title in lone["title"].drop_nulls().unique().to_list()}
    named = [(index, found) for index, title in lone.rows() if title and (found := read[title]) is not None]
    return evolve(table, titles=tuple(sorted({*table.titles, *named})))


def _help_rows(table: Table) -> pl.Series:
    """Rows directly below the header, of which at least half the cells explain instead of naming a student."""
    first = table.body.head(_HELP_ROWS)
    helping = []
    for index, *cells in first.select("index", pl.exclude("index")).rows():
        filled = [cell for cell in cells if cell is not None]
        if sum(bool(_HELP.search(cell)) for cell in filled) * 2 < len(filled):
            break
        helping.append(index)
    return pl.Series(helping, dtype=pl.UInt32)


def _totals_and_notes(table: Table) -> pl.Series:
    """Totals and remarks by their words; below the last full row also lone sentences."""
    texts = [pl.col(str(position)) for position in range(len(table.headers))]
    width = max(sum(bool(header) for header in table.headers), 1)
    if _least(table) >= max(4, width // 2 + 1):
        return pl.Series([], dtype=pl.UInt32)
    filled = _filled(table)
    last_full = table.body["index"].filter(filled > 1).max()
    sparse = table.body.filter(filled < max(4, width // 2 + 1))
    candidates = sparse.select(
        "index",
        first=pl.coalesce(texts),
        worded=pl.sum_horizontal(text.str.contains(r"\p{L}") for text in texts),
        lone=pl.sum_horizontal(text.is_not_null() for text in texts) == 1,
    )
    below = pl.col("index") > (last_full if isinstance(last_full, int) else -1)
    note = pl.col("lone") & below & (pl.col("first").str.count_matches(r"\S+") >= 4) & (width > 2)
    total = pl.col("first").str.contains(_TOTAL) & (pl.col("worded") == 1)
    return candidates.filter(total | note | pl.col("first").str.contains(_REMARK))["index"]


def without_hidden(table: Table, options: ReadOptions) -> Table:
    """Hidden rows are said, and read or left out as the options want it."""
    if not table.grid.hidden_rows:
        return table
    hidden = table.body["index"].is_in(pl.Series(sorted(table.grid.hidden_rows), dtype=pl.UInt32).implode())
    if not hidden.any():
        return table
    rows = table.body["index"].filter(hidden)
    code = Code.ROWS_HIDDEN if options.hidden_rows is Hidden.READ else Code.ROWS_HIDDEN_SKIPPED
    said = table.grid.origin.column_group(code, table.grid.letters(0), rows + table.grid.top)
    body = table.body if options.hidden_rows is Hidden.READ else table.body.filter(~hidden)
    return evolve(table, body=body, issues=(*table.issues, *said))
