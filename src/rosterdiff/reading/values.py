"""The text of a table's columns → typed values of the fields, with the faults of each cell.

Invariants: columns are parsed whole, words over their distinct values; a value that cannot be read becomes null and an
issue, never a guess; of a name only the white space around it is left out; `<clear>` is a wish, not a value.
"""

from collections.abc import Callable, Mapping
from typing import Final

import polars as pl
from attrs import field, frozen

from rosterdiff.config import IDENTITY_FIELDS, NAME_FIELDS, ReadOptions
from rosterdiff.grades import parse_grade
from rosterdiff.headers import Composite
from rosterdiff.issues import Code
from rosterdiff.model import Issue
from rosterdiff.reading.checksum import is_as_written
from rosterdiff.reading.columns import Column, Columns, label
from rosterdiff.reading.dates import DateFault, parse_dates
from rosterdiff.reading.locate import Table
from rosterdiff.reading.names import split_names
from rosterdiff.schema import CANONICAL, GRADES

CLEAR: Final = "<clear>"
_KEPT: Final = frozenset({*NAME_FIELDS, *IDENTITY_FIELDS, "student_id", *Composite})
"""Fields that `<clear>` never empties."""

_POWERS: Final = r"^\d(?:[.,]\d+)?[eE]\+\d{2,3}$"
_DECIMAL: Final = r"^(\d+)\.0+$"


@frozen(eq=False)
class Values:
    """What a table says.

    Attributes:
        frame: `source_row`, the canonical fields that the table has, then its further columns.
        clears: field → the rows of the frame that ask for it to be emptied.
        issues: faults of the cells.

    """

    frame: pl.DataFrame = field(repr=False)
    clears: Mapping[str, pl.Series]
    issues: tuple[Issue, ...]


@frozen(eq=False)
class _Cells:
    """One column of a table as it is being read: its stripped text, and the wish to clear taken out."""

    table: Table
    column: Column
    text: pl.Series
    options: ReadOptions

    def issues(self, code: Code, places: pl.Series, **facts: object) -> list[Issue]:
        """One issue for each of these rows, or one for all where they are many."""
        origin, letters = self.table.grid.origin, self.table.grid.letters(self.column.position)
        return origin.column_issues(code, letters, self.table.rows_as_numbered().gather(places), **facts)

    def grouped(self, code: Code, places: pl.Series, **facts: object) -> list[Issue]:
        """One issue for all of these rows."""
        origin, letters = self.table.grid.origin, self.table.grid.letters(self.column.position)
        return origin.column_group(code, letters, self.table.rows_as_numbered().gather(places), **facts)


def read_values(table: Table, columns: Columns, options: ReadOptions) -> Values:
    """Read every column of a table as what it is."""
    fields: dict[str, pl.Series] = {}
    clears: dict[str, pl.Series] = {}
    issues: list[Issue] = []
    stripped = table.body.select(pl.exclude("index").str.strip_chars())  # all columns at once, on all cores
    for column in columns.columns:
        cells, wishes, faults = _take(table, column, stripped[str(column.position)], options)
        issues += faults
        if not wishes.is_empty():
            clears[column.field or column.name] = wishes
        if column.field is None:
            fields[column.name] = cells.text
        else:
            parts, found = _read_field(cells)
            fields |= {name: values for name, values in parts.items() if column.field == name or name not in fields}
            issues += found
    frame = pl.DataFrame(
        {"source_row": table.rows_as_numbered(), **{name: values.alias(name) for name, values in fields.items()}}
    )
    return Values(frame, clears, (*issues, *_missing_names(table, columns, frame)))


def _take(
    table: Table, column: Column, stripped: pl.Series, options: ReadOptions
) -> tuple[_Cells, pl.Series, list[Issue]]:
    raw = table.body[str(column.position)]
    asked = stripped.str.starts_with("<").fill_null(value=False)
    if asked.any():
        asked &= (stripped.str.to_lowercase() == CLEAR).fill_null(value=False)
    text = pl.select(pl.when(~asked).then(stripped)).to_series() if asked.any() else stripped
    cells = _Cells(table, column, text, options)
    wishes, issues = asked.arg_true(), list[Issue]()
    if column.field in _KEPT:
        issues += cells.issues(Code.CLEAR_REFUSED, wishes, field=label(column.field or ""))
        wishes = wishes.clear()
    if column.field in NAME_FIELDS:
        padded = (raw != stripped).fill_null(value=False).arg_true()
        issues += cells.grouped(Code.NAME_PADDED, padded, field=label(column.field or ""))
    return cells, wishes, issues


def _read_field(cells: _Cells) -> tuple[dict[str, pl.Series], list[Issue]]:
    name = cells.column.field or ""
    if name in NAME_FIELDS and name != "name_suffix":
        return {name: cells.text}, _odd_names(cells)
    return _READERS.get(name, _read_plain)(cells)


def _read_plain(cells: _Cells) -> tuple[dict[str, pl.Series], list[Issue]]:
    return {cells.column.field or "": cells.text}, []


def _odd_names(cells: _Cells) -> list[Issue]:
    odd = (~cells.text.str.contains(r"\p{L}")).fill_null(value=False).arg_true()
    return cells.issues(Code.NAME_ODD, odd, field=label(cells.column.field or ""))


def _read_id(cells: _Cells) -> tuple[dict[str, pl.Series], list[Issue]]:
    """Ids stay text; what a spreadsheet made of them is undone where it can be, and reported."""
    name = cells.column.field or ""
    damaged = cells.text.str.contains(_POWERS).fill_null(value=False)
    if damaged.any():
        damaged &= ~is_as_written(cells.table, name, cells.text)
    decimal = cells.text.str.contains(_DECIMAL).fill_null(value=False) & (not cells.table.is_template)
    issues = cells.issues(Code.ID_DAMAGED, damaged.arg_true())
    issues += cells.grouped(Code.ID_DECIMAL, decimal.arg_true(), field=label(name))
    text = cells.text
    if issues:
        text = pl.select(
            pl.when(~damaged).then(pl.when(decimal).then(text.str.replace(_DECIMAL, "$1")).otherwise(text))
        ).to_series()
    return {name: text}, issues


_DATE_CODES: Final = {
    DateFault.UNREADABLE: (Code.DATE_UNREADABLE, False),
    DateFault.AMBIGUOUS: (Code.DATE_ORDER_AMBIGUOUS, True),
    DateFault.MIXED: (Code.DATE_ORDER_MIXED, True),
    DateFault.IMPLAUSIBLE: (Code.DATE_IMPLAUSIBLE, False),
    DateFault.YEAR_ASSUMED: (Code.DATE_YEAR_ASSUMED, True),
}
"""Fault of a date → its code, and whether it is one of the column rather than of each cell."""


def _read_dates(cells: _Cells) -> tuple[dict[str, pl.Series], list[Issue]]:
    dates, faults = parse_dates(cells.text, cells.options.date_order, cells.options.as_of)
    issues: list[Issue] = []
    for fault, places in faults.items():
        code, of_column = _DATE_CODES[fault]
        issues += cells.grouped(code, places) if of_column else cells.issues(code, places)
    return {"birth_date": dates}, issues


_NO_GRADE: Final = frozenset(["-", "--", ".", "?", "n/a", "na", "none", "nil", "null", "tbc", "tba", "unknown"])


def _read_grades(cells: _Cells) -> tuple[dict[str, pl.Series], list[Issue]]:
    distinct = sorted(cells.text.drop_nulls().unique().to_list())
    codes = {word: word if word in GRADES else parse_grade(word) for word in distinct}
    if not codes:
        return {"grade": cells.text.cast(CANONICAL["grade"])}, []
    grades = cells.text.replace_strict(
        list(codes), pl.Series(list(codes.values()), dtype=CANONICAL["grade"]), default=None,
        return_dtype=CANONICAL["grade"],
    )  # fmt: skip
    said = cells.text.is_not_null() & ~cells.text.str.to_lowercase().is_in(sorted(_NO_GRADE))
    return {"grade": grades}, cells.issues(Code.GRADE_UNKNOWN, (said & grades.is_null()).arg_true())


def _read_full_names(cells: _Cells) -> tuple[dict[str, pl.Series], list[Issue]]:
    parts, assumed = split_names(cells.text)
    present = [name for name in parts.columns if parts[name].null_count() < parts.height]
    wanted = [name for name in parts.columns if name in {"given_name", "family_name"} or name in present]
    issues = _odd_names(cells) + cells.grouped(Code.NAME_SPLIT_ASSUMED, assumed)
    return {name: parts[name] for name in wanted}, issues


_READERS: Final[Mapping[str, Callable[[_Cells], tuple[dict[str, pl.Series], list[Issue]]]]] = {
    "student_id": _read_id,
    "student_number": _read_id,
    "birth_date": _read_dates,
    "grade": _read_grades,
    Composite.FULL_NAME.value: _read_full_names,
    Composite.LAST_FIRST.value: _read_full_names,
}
"""Field → how its column is read; other fields are plain text."""


def _missing_names(table: Table, columns: Columns, frame: pl.DataFrame) -> list[Issue]:
    """Rows without any name; a table without a column of names is one issue."""
    names = [name for name in NAME_FIELDS if name in frame.columns and name != "name_suffix"]
    if not names:
        return [table.grid.origin.issue(Code.NO_NAME_COLUMN, table.header_cell(0))]
    nameless = frame.select(pl.all_horizontal(pl.col(names).is_null()).arg_true()).to_series()
    first = next(c for c in columns.columns if c.field in {*NAME_FIELDS, *Composite})
    letters, rows = table.grid.letters(first.position), table.rows_as_numbered().gather(nameless)
    return table.grid.origin.column_issues(Code.NAME_MISSING, letters, rows)
