"""A table of students in a grid: which rows and columns of it, and what heads them."""

from collections.abc import Sequence

import polars as pl
from attrs import field, frozen

from rosterdiff.headers import TEMPLATE_HEADERS
from rosterdiff.model import Issue
from rosterdiff.reading.grids import Grid


@frozen(eq=False)
class Table:
    """A table of students in a grid.

    Attributes:
        grid: where it stands.
        headers: the header of every column of the grid, stripped; empty where there is none, or where the column is
            of another table beside this one. Of a table without a header row, what its columns were understood as.
        body: the rows of students: the grid's text columns (null in those of other tables), and `index`, the row's
            place in the grid.
        header_index: the row of the grid that names the columns, the last of them where there are several; `None` in
            a table without a header row.
        issues: what was left out, and why.
        titles: rows of the grid, in order, from which on the students are of a class that a title names.

    """

    grid: Grid
    headers: tuple[str, ...] = field(repr=False)
    body: pl.DataFrame = field(repr=False)
    header_index: int | None = 0
    issues: tuple[Issue, ...] = ()
    titles: tuple[tuple[int, str], ...] = field(default=(), repr=False)

    @property
    def is_template(self) -> bool:
        """Whether this is our own template, in which only its own headers are fields and every row is a student."""
        return TEMPLATE_HEADERS["student_id"] in self.headers

    @property
    def top(self) -> int:
        """The row of the grid that stands for the columns: their header, or else their first cell."""
        if self.header_index is not None:
            return self.header_index
        return 0 if self.body.is_empty() else int(self.body["index"][0])

    @property
    def header_row(self) -> int | None:
        """The spreadsheet's number of the header row; none where there is no header."""
        return None if self.header_index is None else self.grid.top + self.header_index

    def rows_as_numbered(self) -> pl.Series:
        """The spreadsheet's number of each row of the body."""
        return (self.body["index"] + self.grid.top).cast(pl.UInt32).alias("source_row")

    def cells(self, position: int, places: Sequence[int]) -> list[str]:
        """The spreadsheet's names of the cells of a column in these rows of the body."""
        letters = self.grid.letters(position)
        numbers = self.rows_as_numbered().gather(list(places))
        return [f"{letters}{number}" for number in numbers.to_list()]

    def header_cell(self, position: int) -> str:
        """The spreadsheet's name of a column's header cell; of its first cell where there is no header."""
        return self.grid.cell(position, self.top)
