"""Sheets that another process has read (xlsx, xlsm, xlsb, xls, ods) → grids.

Invariants: what the other process sends is believed no more than the file: what does not fit together is a refusal;
places are counted from the first cell of the grid.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import polars as pl
from attrs import define, evolve, field

from rosterdiff.checksums import CHECK_HEADER, QUOTED_HEADER
from rosterdiff.issues import Code, Origin, Refusal, refuse
from rosterdiff.model import Issue
from rosterdiff.reading.grids import MARKS, Area, Grid, Mark, blank_to_null
from rosterdiff.reading.isolated.frames import Found, Frame, Kind
from rosterdiff.sentences import count_of

_BROKEN: Final = (
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    OverflowError,
    UnicodeDecodeError,
    pl.exceptions.PolarsError,
)
"""What comes of messages that are not as they should be."""


_MOST_ROWS: Final = 1 << 16
"""More rows than one frame holds."""


@define
class _Sheet:
    """A sheet as it arrives."""

    message: Mapping[str, Any]  # as JSON gives it
    pieces: list[pl.DataFrame] = field(factory=list)
    restored: list[tuple[int, int]] = field(factory=list)


def read_sheets(frames: Iterable[Frame], filename: str) -> list[Grid]:
    """The grids of a workbook's sheets, in their order.

    Raises:
        UnreadableFile: the frames do not fit together; and whatever `frames` raises.

    """
    sheets = list[_Sheet]()
    try:
        for frame in frames:
            if frame.kind is Kind.SHEET:
                sheets.append(_Sheet(frame.message))
            elif frame.kind is Kind.CELLS:
                _take_cells(sheets[-1], frame)
        return [_grid(sheet, filename) for sheet in sheets]
    except _BROKEN as error:
        raise refuse(filename, Refusal.DAMAGED, found=Found.BROKE_READER) from error


def _take_cells(sheet: _Sheet, frame: Frame) -> None:
    rows = int(frame.message["rows"])
    columns = [
        _split(blob, str(separator), rows).alias(str(position))
        for position, (blob, separator) in enumerate(zip(frame.blobs, frame.message["separators"], strict=True))
    ]
    width = int(sheet.message["width"])
    if not columns:
        columns = [pl.repeat(None, _at_most(rows), dtype=pl.String, eager=True).alias(str(p)) for p in range(width)]
    if len(columns) != width:
        raise ValueError
    sheet.pieces.append(pl.DataFrame(columns))
    sheet.restored += [(int(position), int(row)) for position, row in frame.message["restored"]]


def _at_most(rows: int) -> int:
    """How many empty rows are made because a message says so."""
    if not 0 <= rows <= _MOST_ROWS:
        raise ValueError
    return rows


def _split(blob: bytes, separator: str, rows: int) -> pl.Series:
    """A column from one piece of text."""
    cells = pl.Series([blob.decode()]).str.split(separator).explode()
    if len(cells) != rows:
        raise ValueError
    return cells


def _grid(sheet: _Sheet, filename: str) -> Grid:
    message = sheet.message
    origin = Origin(filename, None if message["name"] is None else str(message["name"]))
    if not sheet.pieces:
        return Grid(origin, pl.DataFrame(), hidden=True, issues=(origin.issue(Code.SHEET_HIDDEN),))
    grid = Grid(
        origin,
        blank_to_null(pl.concat(sheet.pieces, rechunk=True)),
        top=int(message["top"]),
        left=int(message["left"]),
        hidden=bool(message["hidden"]),
        hidden_rows=frozenset(int(row) for row in message["hidden_rows"]),
        merged=tuple(Area(*(int(bound) for bound in area)) for area in message["merged"]),
        marks=_marks(message),
    )
    return evolve(grid, issues=(*_hidden_columns(grid, message["hidden_columns"]), *_restored(grid, sheet.restored)))


def _marks(message: Mapping[str, Any]) -> pl.DataFrame:
    marks = [(mark.value, row, position) for mark, name in _MARKED.items() for row, position in message[name]]
    return pl.DataFrame(marks, schema=MARKS, orient="row").sort("row", "position")


_MARKED: Final = {Mark.ERROR: "errors", Mark.FORMULA: "formulas"}


def _hidden_columns(grid: Grid, ranges: Sequence[Sequence[int]]) -> list[Issue]:
    hidden = sorted({position for first, last in ranges for position in range(int(first), int(last) + 1)})
    filled = [p for p in hidden if p < grid.cells.width and not _says_nothing(grid.cells[str(p)].drop_nulls())]
    if not filled:
        return []
    cell = grid.cell(filled[0], 0)
    return [grid.origin.issue(Code.COLUMNS_HIDDEN, cell, columns=count_of(len(filled), "column"))]


def _says_nothing(column: pl.Series) -> bool:
    """Whether a column is empty, or the check column, which our template hides itself."""
    return column.is_empty() or column[0] in {CHECK_HEADER, QUOTED_HEADER}


def _restored(grid: Grid, places: Sequence[tuple[int, int]]) -> list[Issue]:
    """One issue for each column in which numbers were given the zeros that the sheet shows."""
    columns = dict[int, list[int]]()
    for position, row in places:
        columns.setdefault(position, []).append(grid.top + row)
    return [
        issue
        for position, rows in sorted(columns.items())
        for issue in grid.origin.column_group(Code.ZEROS_RESTORED, grid.letters(position), pl.Series(rows).sort())
    ]
