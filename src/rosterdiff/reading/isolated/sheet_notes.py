"""What a sheet says beside the text of its cells: errors, formulas without a value, what is hidden and merged.

Invariants: places are rows and columns of the sheet from 0, until `within` counts them from the first cell of the grid.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

MOST_NOTES: Final = 200_000
"""So many marked cells, areas or rows of a sheet are told; nobody reads on."""


class SheetNotes(NamedTuple):
    """The notes of one sheet.

    Attributes:
        errors: cells that are error values (row, column).
        formulas: cells with a formula and no saved value.
        merged: merged areas: top, left, bottom, right.
        hidden_rows: rows that are hidden.
        hidden_columns: first and last of columns that are hidden.
        padded: column → row → how many digits the sheet shows of a number, with zeros before it.

    """

    errors: Sequence[tuple[int, int]] = ()
    formulas: Sequence[tuple[int, int]] = ()
    merged: Sequence[tuple[int, int, int, int]] = ()
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[tuple[int, int]] = ()
    padded: Mapping[int, Mapping[int, int]] = {}

    def within(self, start: tuple[int, int], size: tuple[int, int]) -> "SheetNotes":
        """The notes of a grid's cells, counted from its first."""
        (top, left), (height, width) = start, size

        def cells(places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
            moved = ((row - top, column - left) for row, column in places)
            return sorted({(row, column) for row, column in moved if 0 <= row < height and 0 <= column < width})

        areas = [
            (max(a - top, 0), max(b - left, 0), min(c - top, height - 1), min(d - left, width - 1))
            for a, b, c, d in self.merged
        ]
        ranges = [(max(first - left, 0), min(last - left, width - 1)) for first, last in self.hidden_columns]
        return SheetNotes(
            errors=cells(self.errors)[:MOST_NOTES],
            formulas=cells(self.formulas)[:MOST_NOTES],
            merged=[(a, b, c, d) for a, b, c, d in areas if a <= c and b <= d and (a, b) != (c, d)][:MOST_NOTES],
            hidden_rows=sorted({row - top for row in self.hidden_rows if 0 <= row - top < height}),
            hidden_columns=[(first, last) for first, last in ranges if first <= last],
            padded={
                column - left: {row - top: zeros for row, zeros in rows.items()} for column, rows in self.padded.items()
            },
        )

    def message(self) -> dict[str, Any]:
        """What is told of them before the cells."""
        return {
            "errors": self.errors,
            "formulas": self.formulas,
            "merged": self.merged,
            "hidden_rows": self.hidden_rows,
            "hidden_columns": self.hidden_columns,
        }
