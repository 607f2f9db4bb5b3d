"""The template: the host's students as a spreadsheet that a school corrects and sends back.

Invariants: sent back unedited it reads as the roster it was made from; ids are text, dates are dates; nothing in the
workbook is a formula. The id column has the one header that is ever read as the account's id.

In a csv file the values stand as they are, all in quotation marks. A mark before values such as `-12` or `+61 …`, which
spreadsheet programs take for formulas, would have to be told from the same mark in the data, and would be lost or
doubled by every program that opens and saves the file; so whoever opens the template in such a program takes `.xlsx`.
"""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from os import PathLike
from pathlib import Path
from typing import Any, Final

import polars as pl
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from rosterdiff.errors import InvalidOption, InvalidRoster
from rosterdiff.frames import Roster
from rosterdiff.headers import TEMPLATE_HEADERS
from rosterdiff.reports.cells import put_text, set_print, stamp, width_of

ALWAYS: Final = frozenset({"student_id", "given_name", "family_name", "birth_date", "grade", "class_name"})
"""Columns that a template has even where the base has no value for them."""

Sheet = Any
"""A write-only worksheet: its stubs leave out the columns and rows that it has."""

_FIRST_DATE: Final = date(1900, 3, 1)  # spreadsheets count days from here on without a fault
_DATE_FORMAT: Final = "yyyy-mm-dd"
_SHEET, _HELP_SHEET = "Students", "Instructions"
_HEADER_FILL = PatternFill("solid", start_color="27496D")
_ID_FILL = PatternFill("solid", start_color="E4E7EB")
_HEADER_FONT, _ID_FONT = Font(name="Calibri", bold=True, color="FFFFFF"), Font(name="Calibri", color="5F6B7A")
_LEFT = Alignment(horizontal="left")
_EDGE = Border(right=Side("thin", color="9AA5B1"))

_INSTRUCTIONS: Final = (
    "How to use this workbook",
    "The sheet “Students” lists the students as they are known today, one on each line.",
    "Change what has changed: the class, the grade, a wrong date.",
    "Add new students in the empty lines below, and leave the grey first column empty for them.",
    "Delete the lines of students who have left.",
    "The grey first column tells the students apart. Please never change, copy or sort it by itself.",
    "Always sort whole lines, never single columns.",
    "An empty cell means “leave as it is”. To empty a field, write <clear> into its cell.",
    "Names of known students are never changed by an upload; a differing name is shown to a person.",
    "The file holds personal data of children: pass it on as you would pass on a class list.",
)


def write_template(base: Roster, path: str | PathLike[str]) -> None:
    """Write the students as a template, to be corrected and uploaded again.

    Args:
        base: the students as they are now.
        path: where to write it; the name ends in `.xlsx` or `.csv`.

    Raises:
        InvalidOption: the name ends in something else.
        InvalidRoster: two columns would have the same header, or a value is too long for a cell.
        OSError: the file cannot be written.

    """
    columns = _template_columns(base)
    target = Path(path)
    match target.suffix.lower():
        case ".xlsx":
            _write_workbook(base, columns, target)
        case ".csv":
            _write_csv(base, columns, target)
        case _:
            raise InvalidOption("A template is written as .xlsx or .csv.", "Give the file such a name.")


def _template_columns(base: Roster) -> dict[str, str]:
    """Column → header, in the order of the template; further columns under their own headers."""
    given = set(base.given) | ALWAYS
    known = {name: header for name, header in TEMPLATE_HEADERS.items() if name in given}
    columns = known | {name: name for name in base.further}
    twice = sorted(set(base.further) & set(known.values()))
    if twice:
        raise InvalidRoster(
            f"Further columns have headers that the template uses itself: {', '.join(twice)}.",
            "Rename them in the frame before Roster.from_frame.",
        )
    return columns


def _write_csv(base: Roster, columns: dict[str, str], target: Path) -> None:
    """Every value in quotation marks, with the byte order mark by which spreadsheet programs know UTF-8."""
    with target.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow(columns.values())
        writer.writerows(base.frame.select(pl.col(list(columns)).cast(pl.String).fill_null("")).iter_rows())


def _write_workbook(base: Roster, columns: dict[str, str], target: Path) -> None:
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(_SHEET)
    frame = base.frame.select(list(columns))
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{frame.height + 1}"
    _set_columns(sheet, frame, columns)
    set_print(sheet, header_row=1)
    sheet.append([_header_cell(sheet, header) for header in columns.values()])
    for values in frame.iter_rows():
        sheet.append([_id_cell(sheet, values[0]), *(_value_cell(sheet, value) for value in values[1:])])
    _write_instructions(workbook.create_sheet(_HELP_SHEET))
    stamp(workbook, "Students")
    workbook.save(target)


def _set_columns(sheet: Sheet, frame: pl.DataFrame, columns: dict[str, str]) -> None:
    """Widths, and the formats that keep what is typed below the last line: ids with their zeros, dates as dates."""
    for at, (name, header) in enumerate(columns.items(), start=1):
        texts: Iterable[str] = frame[name].cast(pl.String).drop_nulls().unique().to_list()
        column = sheet.column_dimensions[get_column_letter(at)]
        column.width = max(min(len(header), 18) + 4, width_of(texts, 40))
        column.number_format = _DATE_FORMAT if name == "birth_date" else "@"
    sheet.row_dimensions[1].height = 34


def _header_cell(sheet: Sheet, header: str) -> Cell:
    cell = _text_cell(sheet, header)
    cell.font, cell.fill = _HEADER_FONT, _HEADER_FILL
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def _id_cell(sheet: Sheet, student_id: str | None) -> Cell:
    cell = _text_cell(sheet, student_id or "")
    cell.fill, cell.font, cell.border = _ID_FILL, _ID_FONT, _EDGE
    return cell


def _value_cell(sheet: Sheet, value: str | date | None) -> Cell | None:
    if value is None:
        return None
    if isinstance(value, date) and value >= _FIRST_DATE:
        cell = WriteOnlyCell(sheet, datetime.combine(value, time.min))
        cell.number_format, cell.alignment = _DATE_FORMAT, _LEFT
        return cell
    return _text_cell(sheet, str(value))


def _text_cell(sheet: Sheet, text: str) -> Cell:
    cell = WriteOnlyCell(sheet)
    put_text(cell, text)
    return cell


def _write_instructions(sheet: Sheet, lines: Sequence[str] = _INSTRUCTIONS) -> None:
    sheet.column_dimensions["A"].width = 110
    set_print(sheet)
    for at, line in enumerate(lines):
        cell = _text_cell(sheet, line)
        cell.font = Font(name="Calibri", bold=at == 0, size=14 if at == 0 else 11)
        sheet.append([cell])
