"""One column of a table as it is being read: its text, the values worth a look, and issues with their places.

Invariants: white space around a value does not count; whatever looks at single values looks at distinct ones; columns
in which nearly every value is another (ids, addresses) are looked at only where a cell is not plain.
"""

from collections.abc import Iterable
from typing import Final

import polars as pl
from attrs import evolve, field, frozen

from rosterdiff.config import ReadOptions
from rosterdiff.issues import Code
from rosterdiff.model import Issue
from rosterdiff.reading.columns import Column, label
from rosterdiff.reading.locate import Table

_PLAIN_ID: Final = r"^[0-9A-Za-z][0-9A-Za-z_-]*$"
_PLAIN_NAME: Final = r"^[0-9A-Za-z][0-9A-Za-z._-]*(?:@[0-9A-Za-z.-]*)?$"
_PLAIN_ADDRESS: Final = r"^[0-9A-Za-z](?:[0-9A-Za-z_-]|\.[0-9A-Za-z])*@[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)+$"
_PLAIN: Final = {
    "student_id": _PLAIN_ID,
    "student_number": _PLAIN_ID,
    "username": _PLAIN_NAME,
    "email": _PLAIN_ADDRESS,
}
"""Fields whose values are nearly all different (finding the distinct ones would cost more than looking at each) → what
a value is that needs no look; of an id the length may still be wrong."""


_SAMPLE: Final = 1000
"""Rows by which it is judged whether a further column has few distinct values."""


@frozen(eq=False)
class Cells:
    """One column of a table.

    Attributes:
        table: the table.
        column: what the column is.
        text: its text, stripped; null where nothing stands.
        distinct: the distinct values; of ids and addresses those that are not plain.
        options: how the file is read.

    """

    table: Table
    column: Column
    text: pl.Series = field(repr=False)
    distinct: pl.Series = field(repr=False)
    options: ReadOptions

    @property
    def name(self) -> str:
        """The field that the column is, or the composite name."""
        return self.column.field or ""

    @property
    def label(self) -> str:
        """What the field is called in a message."""
        return label(self.name)

    def matching(self, pattern: str) -> pl.Series:
        """The distinct values in which a pattern is found."""
        return self.distinct.filter(self.distinct.str.contains(pattern))

    def among(self, values: Iterable[str]) -> pl.Series:
        """The distinct values that are one of these, whatever their case."""
        return self.distinct.filter(self.distinct.str.to_lowercase().is_in(sorted(values)))

    def places(self, values: pl.Series) -> pl.Series:
        """The rows of the table that have one of these values."""
        if values.is_empty():
            return pl.Series(dtype=pl.UInt32)
        return self.text.is_in(values.implode()).fill_null(value=False).arg_true()

    def issues(self, code: Code, places: pl.Series, **facts: object) -> list[Issue]:
        """One issue for each of these rows, or one for all where they are many."""
        if places.is_empty():
            return []
        origin, letters = self.table.grid.origin, self.table.grid.letters(self.column.position)
        facts = {"field": self.label, **facts}
        return origin.column_issues(code, letters, self.table.rows_as_numbered().gather(places), **facts)

    def grouped(self, code: Code, places: pl.Series, **facts: object) -> list[Issue]:
        """One issue for all of these rows; none where there are none."""
        if places.is_empty():
            return []
        origin, letters = self.table.grid.origin, self.table.grid.letters(self.column.position)
        facts = {"field": self.label, **facts}
        return origin.column_group(code, letters, self.table.rows_as_numbered().gather(places), **facts)

    def without(self, values: pl.Series) -> "Cells":
        """The column with these values left out."""
        if values.is_empty():
            return self
        gone = self.text.is_in(values.implode())
        text = pl.select(pl.when(~gone).then(self.text)).to_series()
        return evolve(self, text=text, distinct=self.distinct.filter(~self.distinct.is_in(values.implode())))


def take_cells(table: Table, columns: Iterable[Column], options: ReadOptions) -> list[tuple[Cells, pl.Series]]:
    """Take the columns of a table, stripped, each with the rows in which something was stripped."""
    wanted = list(columns)
    first = table.body.head(_SAMPLE)
    looked = table.body.select(  # all columns at once, on all cores
        _look(column, few=first[str(column.position)].n_unique() * 2 < _SAMPLE) for column in wanted
    )
    return [_strip(table, column, looked.to_series(at).explode(), options) for at, column in enumerate(wanted)]


def _look(column: Column, *, few: bool) -> pl.Expr:
    """The distinct values of a field; a column that is no field is only stripped."""
    text = pl.col(str(column.position))
    if column.field in _PLAIN:
        text = text.filter(~text.str.contains(_PLAIN[column.field]))
    elif column.field is None and not few:
        text = text.filter(text.str.starts_with("<") | (text.str.strip_chars() != text))
    return text.drop_nulls().unique().implode().alias(str(column.position))


def _strip(table: Table, column: Column, seen: pl.Series, options: ReadOptions) -> tuple[Cells, pl.Series]:
    raw, seen = table.body[str(column.position)], seen.drop_nulls()
    stripped = seen.str.strip_chars()
    padded = seen.filter(seen != stripped)
    if padded.is_empty():
        return Cells(table, column, raw, seen, options), pl.Series(dtype=pl.UInt32)
    text = raw.str.strip_chars()
    places = (raw != text).fill_null(value=False).arg_true()
    return Cells(table, column, text, stripped.unique(), options), places
