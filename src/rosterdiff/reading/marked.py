"""What a workbook's cells are beside their text: errors, formulas without a value, merged areas.

Invariants: a marked cell of a field is an issue with its place; a merged class, school or grade holds for the rows that
it covers, and that is said; a merged name, id or date is never copied to another student.
"""

from typing import Final

import polars as pl
from attrs import evolve

from rosterdiff.issues import Code
from rosterdiff.model import Issue
from rosterdiff.reading.cells import Cells
from rosterdiff.reading.grids import Area, Mark
from rosterdiff.reading.locate import Table

_CARRIED: Final = frozenset({"class_name", "school", "grade"})
"""Fields that a school writes once for several students."""

_MARKS: Final = {Mark.ERROR: Code.CELL_ERROR, Mark.FORMULA: Code.CELL_FORMULA}


def check_marks(cells: Cells) -> list[Issue]:
    """The cells of a field that are errors, or formulas without a value."""
    marks = cells.table.grid.marks
    if marks.is_empty():
        return []
    here = marks.filter(pl.col("position") == cells.column.position)
    issues = list[Issue]()
    for mark, code in _MARKS.items():
        rows = here.filter(pl.col("mark") == mark.value)["row"]
        issues += cells.issues(code, _places(cells.table, rows))
    return issues


def _places(table: Table, rows: pl.Series) -> pl.Series:
    """Rows of the grid as rows of the table's body; those that are not in it are left out."""
    if rows.is_empty():
        return pl.Series(dtype=pl.UInt32)
    return table.body["index"].is_in(rows.cast(table.body["index"].dtype).implode()).arg_true()


def carry_merged(cells: Cells) -> tuple[Cells, list[Issue]]:
    """The column with merged classes, schools and grades carried down, and what merged cells there are."""
    areas = [area for area in cells.table.grid.merged if area.left <= cells.column.position <= area.right]
    in_rows = [(area, rows) for area in areas if not (rows := _rows_of(cells.table, area)).is_empty()]
    carried, issues = list[tuple[int, pl.Series]](), list[Issue]()
    for area, rows in in_rows:
        first = int(rows[0])
        begins = cells.table.body["index"][first] == area.top
        if begins and cells.name in _CARRIED and area.left == area.right:
            carried.append((first, rows[1:]))
        elif len(rows) > 1 or area.left != area.right:
            issues += cells.issues(Code.CELLS_MERGED, rows.head(1))
    return _carry(cells, carried, issues)


def _rows_of(table: Table, area: Area) -> pl.Series:
    index = table.body["index"]
    return ((index >= area.top) & (index <= area.bottom)).arg_true()


def _carry(cells: Cells, carried: list[tuple[int, pl.Series]], issues: list[Issue]) -> tuple[Cells, list[Issue]]:
    carried = [(first, rows) for first, rows in carried if len(rows) and cells.text[first] is not None]
    if not carried:
        return cells, issues
    rows = pl.concat([rows for _, rows in carried])
    values = pl.concat([pl.repeat(cells.text[first], len(rows), eager=True) for first, rows in carried])
    text = cells.text.clone().scatter(rows, values)
    return evolve(cells, text=text), issues + cells.grouped(Code.VALUE_CARRIED, rows.sort())
