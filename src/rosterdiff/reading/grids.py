"""A sheet as text: every cell as written, with where the grid stands in the sheet.

Invariants: cells are text or null, blank cells are null; dates that a workbook holds as dates are ISO 8601 text, whole
numbers have no decimals; columns are named by their position from 0.
"""

from enum import StrEnum
from typing import Final

import polars as pl
from attrs import field, frozen

from rosterdiff.issues import Origin
from rosterdiff.model import Issue


class Mark(StrEnum):
    """What a cell is that its text does not show."""

    ERROR = "error"  # an error value such as #N/A or #REF!; its text is null
    FORMULA = "formula"  # a formula whose value was not saved; its text is null


MARKS: Final = pl.Schema({"mark": pl.Enum(Mark), "row": pl.UInt32(), "position": pl.UInt32()})
"""Marked cells, by their row in the grid and their column's position, both from 0."""


@frozen
class Area:
    """A rectangle of merged cells of a grid: rows and positions from 0, the last of each included.

    The text stands in the first cell; the others are null.
    """

    top: int
    left: int
    bottom: int
    right: int


@frozen(eq=False)
class Grid:
    """The cells of one sheet, or of one text file.

    Attributes:
        origin: the file, and the sheet; text files have no sheet.
        cells: text columns `0`, `1`, …; every row between the first and the last that was used.
        top: the spreadsheet's number of the first row.
        left: how many columns stand to the left of the first.
        hidden: the sheet is hidden.
        hidden_rows: the rows of the grid that the sheet hides (by hand or by a filter).
        merged: the areas of merged cells.
        marks: cells that are errors, or formulas without a value (`MARKS`).
        issues: faults of the grid itself.
        shown_at: for each column the position by which its cells are named, where that is not its own (columns that
            were joined from other files).

    """

    origin: Origin
    cells: pl.DataFrame = field(repr=False)
    top: int = 1
    left: int = 0
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[Area, ...] = ()
    marks: pl.DataFrame = field(factory=lambda: pl.DataFrame(schema=MARKS), repr=False)
    issues: tuple[Issue, ...] = ()
    shown_at: tuple[int, ...] | None = None

    def letters(self, position: int) -> str:
        """The spreadsheet's letters of a column of the grid."""
        return column_letters(self.left + (position if self.shown_at is None else self.shown_at[position]))

    def cell(self, position: int, index: int) -> str:
        """The spreadsheet's name of a cell of the grid, by column and row from 0."""
        return f"{self.letters(position)}{self.top + index}"


_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def column_letters(position: int) -> str:
    """The letters of a column, counted from 0.

    >>> [column_letters(position) for position in (0, 25, 26, 701, 702)]
    ['A', 'Z', 'AA', 'ZZ', 'AAA']
    """
    letters = ""
    position += 1
    while position:
        position, digit = divmod(position - 1, 26)
        letters = _ALPHABET[digit] + letters
    return letters


def blank_to_null(cells: pl.DataFrame) -> pl.DataFrame:
    """Cells of nothing but white space as nulls; the others byte for byte."""
    return cells.with_columns(
        pl.when(pl.all().str.strip_chars() != "").then(pl.all()).name.keep() if cells.width else pl.lit(None).alias("0")
    )
