"""Pairs → pairs with the fields of both records side by side.

Invariants: the order of the pairs is kept; fields that are compared with each other are of one closed set, so that a
pair carries a small integer for each instead of a text; dates come as their parts. The student's columns end in
`_student`.
"""

from typing import Final

import polars as pl

from rosterdiff.matching.codes import as_one_set
from rosterdiff.matching.records import evidence_columns, has_values

_CODED: Final = (
    ("given", "family", "middle"), ("given_key", "family_key", "given_called", "family_called"),
    ("given_first", "family_first"), ("suffix",), ("student_id",), ("number",), ("number_bare",), ("email",),
    ("username",), ("gender",), ("grade",), ("class_key", "class_next"), ("school", "school_next"),
)  # fmt: skip
"""Texts, those together that are compared with each other."""

_PLAIN: Final = ("birth_date", "birth_year", "birth_month", "birth_day", "grade_order")


def put_beside(pairs: pl.DataFrame, rows: pl.DataFrame, students: pl.DataFrame) -> pl.DataFrame:
    """Give every pair the fields of its row and of its student.

    Args:
        pairs: `schema.PAIRS`.
        rows, students: encoded records; the rows have `step` besides.

    Returns:
        `row`, `student`, `step`, and every field twice: texts as `pl.Enum`, the date also as `birth_year`,
        `birth_month` and `birth_day`.

    """
    names = [*_PLAIN, *(name for group in _groups(rows, students) for name in group)]
    at_row, at_student = _places(pairs["row"], rows["at"]), _places(pairs["student"], students["at"])
    return pl.concat(
        [
            pairs,
            rows.select(*names, "step").select(pl.all().gather(at_row)),
            students.select(names).select(pl.all().gather(at_student).name.suffix("_student")),
        ],
        how="horizontal",
    )


def encode(rows: pl.DataFrame, students: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Records with their texts as closed sets (`pl.Enum`) that both sides share."""
    coded = [_encoded(rows, students, names) for names in _groups(rows, students)]
    of_rows, of_students = (pl.concat(of_side, how="horizontal") for of_side in zip(*coded, strict=True))
    return rows.with_columns(of_rows), students.with_columns(of_students)


def _groups(rows: pl.DataFrame, students: pl.DataFrame) -> list[tuple[str, ...]]:
    return [*_CODED, *((name,) for name in evidence_columns(rows, students))]


def _encoded(rows: pl.DataFrame, students: pl.DataFrame, names: tuple[str, ...]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Columns of both sides as one closed set of the values that they have.

    Where one side has no value at all there is nothing to compare, and both are left empty.
    """
    sides = [side.select(names) for side in (rows, students)]
    if not all(any(has_values(side, name) for name in names) for side in sides):
        return sides[0].clear(rows.height).cast(pl.Enum([])), sides[1].clear(students.height).cast(pl.Enum([]))
    coded = as_one_set([column for side in sides for column in side])
    return pl.DataFrame(coded[: len(names)]), pl.DataFrame(coded[len(names) :])


def _places(keys: pl.Series, at: pl.Series) -> pl.Series:
    """Where each record is that the pairs name by `at`."""
    if at.equals(pl.int_range(len(at), dtype=pl.UInt32, eager=True)):
        return keys
    places = pl.DataFrame({"at": at}).with_row_index("place")
    return pl.DataFrame({"at": keys}).join(places, on="at", how="left", maintain_order="left")["place"]
