"""The text of a table's columns → typed values of the fields, with the faults of each cell.

Invariants: columns are parsed whole, words over their distinct values; a value that cannot be read becomes null and an
issue, never a guess; of a name only the white space around it is left out; `<clear>` is a wish, not a value.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import polars as pl
from attrs import field, frozen

from rosterdiff.config import IDENTITY_FIELDS, NAME_FIELDS, DateOrder, ReadOptions
from rosterdiff.genders import write_out_letters
from rosterdiff.grades import parse_grades
from rosterdiff.headers import Composite
from rosterdiff.issues import Code
from rosterdiff.model import Issue
from rosterdiff.reading.cells import Cells, take_cells
from rosterdiff.reading.characters import check_characters, check_padding, leave_out_nothing
from rosterdiff.reading.columns import Columns
from rosterdiff.reading.dates import DateFault, Settings, common_order, parse_dates
from rosterdiff.reading.identifiers import read_email, read_id, read_username
from rosterdiff.reading.locate import Table
from rosterdiff.reading.marked import carry_merged, check_marks
from rosterdiff.reading.names import split_names
from rosterdiff.reading.oddities import check_names, check_titles
from rosterdiff.reading.replace import replace_values
from rosterdiff.schema import CANONICAL

CLEAR: Final = "<clear>"
_KEPT: Final = frozenset({*NAME_FIELDS, *IDENTITY_FIELDS, "student_id", *Composite})
"""Fields that `<clear>` never empties."""

_Read = tuple[dict[str, pl.Series], list[Issue]]


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


def read_values(
    table: Table,
    columns: Columns,
    options: ReadOptions,
    shown: Callable[[], DateOrder | None] = lambda: None,
) -> Values:
    """Read every column of a table as what it is.

    Args:
        table: the table.
        columns: what its columns are.
        options: how to read it.
        shown: the order of the file's other dates (`shown_order`), asked for only if a column shows none.

    """
    fields: dict[str, pl.Series] = {}
    clears: dict[str, pl.Series] = {}
    issues: list[Issue] = []
    for taken, padded in take_cells(table, columns.columns, options):
        issues += check_padding(taken, padded)
        cells, wishes, faults = _without_wishes(taken)
        issues += faults
        if not wishes.is_empty():
            clears[cells.column.field or cells.column.name] = wishes
        if cells.column.field is None:
            fields[cells.column.name] = cells.text
        else:
            parts, found = _read_field(cells, shown)
            fields |= {name: values for name, values in parts.items() if cells.name == name or name not in fields}
            issues += found
    issues += _join_family_names(table, columns, fields)
    frame = pl.DataFrame(
        {"source_row": table.rows_as_numbered(), **{name: values.alias(name) for name, values in fields.items()}}
    )
    return Values(frame, clears, (*issues, *_missing_names(table, columns, frame)))


def shown_order(tables: Iterable[tuple[Table, Columns]]) -> DateOrder | None:
    """The order of day and month that the dates of a whole file show, birth dates and others, if they agree."""
    columns = [
        table.body[str(column.position)].str.strip_chars()
        for table, found in tables
        for column in found.columns
        if column.field == "birth_date" or (column.field is None and "date" in column.header.casefold())
    ]
    return common_order(columns)


def _without_wishes(cells: Cells) -> tuple[Cells, pl.Series, list[Issue]]:
    """The column without the wishes to clear, where they are, and those that are refused."""
    wishes = cells.distinct.filter(cells.distinct.str.starts_with("<"))
    wishes = wishes.filter(wishes.str.to_lowercase() == CLEAR)
    if wishes.is_empty():
        return cells, pl.Series(dtype=pl.UInt32), []
    places = cells.places(wishes)
    if cells.column.field in _KEPT:
        return cells.without(wishes), places.clear(), cells.issues(Code.CLEAR_REFUSED, places)
    return cells.without(wishes), places, []


def _read_field(cells: Cells, shown: Callable[[], DateOrder | None]) -> _Read:
    """One field: its marks, then its characters, then its values."""
    issues = check_marks(cells)
    if cells.table.is_template:
        kept = cells
    else:
        kept, merged = carry_merged(cells)
        kept, nothing = leave_out_nothing(kept)
        issues += merged + nothing + check_characters(kept)
    if cells.name == "birth_date":
        parts, found = _read_dates(kept, shown)
    elif cells.name in {*NAME_FIELDS, Composite.SECOND_FAMILY}:
        parts, found = {cells.name: kept.text}, _check_names(kept)
    else:
        parts, found = _READERS.get(cells.name, _read_plain)(kept)
    return parts, issues + found


def _read_plain(cells: Cells) -> _Read:
    return {cells.name: cells.text}, []


def _check_names(cells: Cells) -> list[Issue]:
    if cells.name == "name_suffix":
        return []
    titles = check_titles(cells, "kept with it") if cells.name in {"given_name", "family_name"} else []
    return check_names(cells) + titles


def _of_identifier(read: Callable[[Cells], tuple[Cells, list[Issue]]]) -> Callable[[Cells], _Read]:
    def read_identifier(cells: Cells) -> _Read:
        kept, issues = read(cells)
        return {cells.name: kept.text}, issues

    return read_identifier


_DATE_CODES: Final = {
    DateFault.UNREADABLE: (Code.DATE_UNREADABLE, False),
    DateFault.AMBIGUOUS: (Code.DATE_ORDER_AMBIGUOUS, True),
    DateFault.MIXED: (Code.DATE_ORDER_MIXED, True),
    DateFault.BORROWED: (Code.DATE_ORDER_BORROWED, True),
    DateFault.IMPLAUSIBLE: (Code.DATE_IMPLAUSIBLE, False),
    DateFault.PLACEHOLDER: (Code.DATE_PLACEHOLDER, True),
    DateFault.UNUSUAL_AGE: (Code.DATE_AGE_UNUSUAL, True),
    DateFault.FIRST_OF_JANUARY: (Code.DATE_FIRST_OF_JANUARY, True),
    DateFault.YEAR_ASSUMED: (Code.DATE_YEAR_ASSUMED, True),
    DateFault.SERIAL: (Code.DATE_SERIAL, True),
}
"""Fault of a date → its code, and whether it is one of the column rather than of each cell."""

_SPOKEN_ORDER: Final = {DateOrder.DMY: "day/month", DateOrder.MDY: "month/day", DateOrder.YMD: "month/day"}


def _read_dates(cells: Cells, shown: Callable[[], DateOrder | None]) -> _Read:
    options = cells.options
    dates, faults = parse_dates(cells.text, Settings(options.date_order, None, options.as_of))
    borrowed = shown() if DateFault.AMBIGUOUS in faults else None
    if borrowed is not None:
        dates, faults = parse_dates(cells.text, Settings(None, borrowed, options.as_of))
    issues: list[Issue] = []
    for fault, places in faults.items():
        code, of_column = _DATE_CODES[fault]
        facts = {"order": _SPOKEN_ORDER[borrowed]} if fault is DateFault.BORROWED and borrowed is not None else {}
        issues += (cells.grouped if of_column else cells.issues)(code, places, **facts)
    return {"birth_date": dates}, issues


def _read_grades(cells: Cells) -> _Read:
    codes = parse_grades(sorted(cells.distinct.to_list()))
    meanings = pl.Series(list(codes.values()), dtype=CANONICAL["grade"])
    grades = replace_values(cells.text, pl.Series(list(codes), dtype=pl.String), meanings)
    unknown = pl.Series([word for word, code in codes.items() if code is None], dtype=pl.String)
    return {"grade": grades}, cells.issues(Code.GRADE_UNKNOWN, cells.places(unknown))


def _read_genders(cells: Cells) -> _Read:
    meanings, language = write_out_letters(cells.distinct.to_list())
    if not language:
        return _read_plain(cells)
    text = cells.text.replace(meanings)
    return {"gender": text}, cells.grouped(Code.GENDER_LETTERS, text.is_not_null().arg_true(), language=language)


def _read_full_names(cells: Cells) -> _Read:
    parts, assumed = split_names(cells.text, family_first=cells.name == Composite.LAST_FIRST)
    present = [name for name in parts.columns if parts[name].null_count() < parts.height]
    wanted = [name for name in parts.columns if name in {"given_name", "family_name"} or name in present]
    issues = check_names(cells) + check_titles(cells, "left out") + cells.grouped(Code.NAME_SPLIT_ASSUMED, assumed)
    return {name: parts[name] for name in wanted}, issues


_READERS: Final[Mapping[str, Callable[[Cells], _Read]]] = {
    "student_id": _of_identifier(read_id),
    "student_number": _of_identifier(read_id),
    "email": _of_identifier(read_email),
    "username": _of_identifier(read_username),
    "gender": _read_genders,
    "grade": _read_grades,
    Composite.FULL_NAME.value: _read_full_names,
    Composite.LAST_FIRST.value: _read_full_names,
}
"""Field → how its column is read; dates and names have their own way, other fields are plain text."""


def _join_family_names(table: Table, columns: Columns, fields: dict[str, pl.Series]) -> list[Issue]:
    """Make one family name of two columns, in place; a row that has but one of them keeps it."""
    second = fields.pop(Composite.SECOND_FAMILY.value, None)
    if second is None:
        return []
    first = fields.get("family_name", second.clear(len(second)))
    both = pl.concat_str(first, second, separator=" ", ignore_nulls=True)
    fields["family_name"] = pl.select(pl.when(first.is_not_null() | second.is_not_null()).then(both)).to_series()
    joined = (first.is_not_null() & second.is_not_null()).arg_true()
    position = columns.of_fields[Composite.SECOND_FAMILY.value].position
    rows = table.rows_as_numbered().gather(joined)
    return table.grid.origin.column_group(Code.NAME_JOINED, table.grid.letters(position), rows)


def _missing_names(table: Table, columns: Columns, frame: pl.DataFrame) -> list[Issue]:
    """Rows without any name; a table without a column of names is one issue."""
    names = [name for name in NAME_FIELDS if name in frame.columns and name != "name_suffix"]
    if not names:
        return [table.grid.origin.issue(Code.NO_NAME_COLUMN, table.header_cell(0))]
    if any(not frame[name].null_count() for name in names):
        return []
    nameless = frame.select(pl.all_horizontal(pl.col(names).is_null()).arg_true()).to_series()
    first = next(c for c in columns.columns if c.field in {*NAME_FIELDS, *Composite})
    letters, rows = table.grid.letters(first.position), table.rows_as_numbered().gather(nameless)
    return table.grid.origin.column_issues(Code.NAME_MISSING, letters, rows)
