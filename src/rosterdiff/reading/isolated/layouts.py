"""Cells that a file places one by one, laid out as a sheet.

Invariants: limits hold while cells are placed, so that a page cannot lay out more than it may; a row that nothing was
placed in takes no memory.
"""

from collections.abc import Iterator
from typing import Any, Final, TypeVar

from rosterdiff.reading.isolated.frames import Limits, RefusedError
from rosterdiff.reading.isolated.sheet_notes import MOST_NOTES, SheetNotes

_T = TypeVar("_T")

TITLE_ROWS: Final = 100
"""Rows that may stand above a table of the greatest length."""


def check_size(height: int, width: int, limits: Limits) -> None:
    """Let a sheet pass whose size is within the limits.

    Raises:
        RefusedError: it has too many rows or columns.

    """
    if height > limits.max_rows + TITLE_ROWS:
        raise RefusedError("too_many_rows", limit=limits.max_rows)
    if width > limits.max_columns:
        raise RefusedError("too_many_columns", limit=limits.max_columns)


def note(kept: list[_T], found: _T) -> None:
    """Note what is to be told beside the cells, as long as anybody reads on."""
    if len(kept) < MOST_NOTES:
        kept.append(found)


class Layout:
    """A sheet as it is laid out, and what is to be told beside its cells."""

    def __init__(self, limits: Limits, name: str | None = None) -> None:
        self.name = name
        self.hidden = False
        self.errors = list[tuple[int, int]]()
        self.formulas = list[tuple[int, int]]()
        self.merged = list[tuple[int, int, int, int]]()
        self.hidden_rows = list[int]()
        self.hidden_columns = list[tuple[int, int]]()
        self.padded = dict[int, dict[int, int]]()
        self.height = self.width = 0
        self._rows = dict[int, list[Any]]()
        self._limits = limits

    def put(self, row: int, column: int, value: object) -> None:
        """Place a value.

        Raises:
            RefusedError: it stands outside of the limits.

        """
        self.height, self.width = max(self.height, row + 1), max(self.width, column + 1)
        check_size(self.height, self.width, self._limits)
        cells = self._rows.setdefault(row, [])
        cells += [""] * (column + 1 - len(cells))
        cells[column] = value

    def merge(self, top: int, left: int, down: int, across: int) -> None:
        """Note that a cell reaches over those below and beside it."""
        if down or across:
            note(self.merged, (top, left, top + down, left + across))

    def notes(self) -> SheetNotes:
        """What is to be told of the cells."""
        hidden = (self.hidden_rows, self.hidden_columns)
        return SheetNotes(self.errors, self.formulas, self.merged, *hidden, self.padded)

    def rows(self) -> Iterator[list[Any]]:
        """The rows from the first on, each as wide as the sheet."""
        for row in range(self.height):
            cells = self._rows.get(row, [])
            yield cells + [""] * (self.width - len(cells))
