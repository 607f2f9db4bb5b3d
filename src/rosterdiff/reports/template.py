"""The template: the host's students as a spreadsheet that a school corrects and sends back.

Invariants: sent back unedited it reads as the roster it was made from; ids are text, dates are dates; nothing in it is
a formula. The id column has the one header that is ever read as the account's id; the hidden check column at the end
knows which values stood on which line, so that columns sorted apart are noticed.

In a csv file, values that a spreadsheet program might run have an apostrophe before them, and the header of the check
column says so: reading takes it away again, whatever program saved the file in between, and in which format.
"""

import csv
import io
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from os import PathLike
from pathlib import Path
from typing import Any, Final

import polars as pl
from attrs import field, frozen
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from rosterdiff.checksums import CHECK_HEADER, QUOTED_HEADER, add_apostrophes, salt_of, write_tokens
from rosterdiff.errors import InvalidOption, InvalidRoster
from rosterdiff.frames import Roster
from rosterdiff.headers import TEMPLATE_HEADERS
from rosterdiff.reports.cells import (
    FACE,
    HEADER_FILL,
    HEADER_FONT,
    MOST_CHARACTERS,
    set_print,
    stamp,
    text_cell,
    width_of,
)
from rosterdiff.reports.packages import edit_part
from rosterdiff.reports.template_form import HELP_SHEET, Choices, offer_choices, write_help
from rosterdiff.reports.xml_edits import insert_in_sheet

ALWAYS: Final = frozenset({"student_id", "given_name", "family_name", "birth_date", "grade", "class_name"})
"""Columns that a template has even where the base has no value for them."""

CHECK: Final = "check"
"""What the check column is called here; a roster's own columns have other names."""

Sheet = Any
"""A write-only worksheet: its stubs leave out the columns and rows that it has."""

_FIRST_DATE: Final = date(1900, 3, 1)  # spreadsheets count days from here on without a fault
_DATE_FORMAT: Final = "yyyy-mm-dd"
_SHEET: Final = "Students"
_SHEET_PART: Final = "xl/worksheets/sheet1.xml"
_ID_FILL = PatternFill("solid", start_color="E4E7EB")
_ID_FONT = Font(name=FACE, color="5F6B7A")
_LEFT = Alignment(horizontal="left")
_EDGE = Border(right=Side("thin", color="9AA5B1"))
_HEADER_ALIGNMENT = Alignment(vertical="center", wrap_text=True)


@frozen(eq=False)
class Form:
    """What a template holds.

    Attributes:
        headers: column → header, in the order of the template; the check column is the last.
        frame: the values of these columns, one line a student.

    """

    headers: dict[str, str]
    frame: pl.DataFrame = field(repr=False)


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
    form = _form_of(base)
    target = Path(path)
    match target.suffix.lower():
        case ".xlsx":
            _write_workbook(form, target)
        case ".csv":
            _write_csv(form, target)
        case _:
            raise InvalidOption("A template is written as .xlsx or .csv.", "Give the file such a name.")


def _form_of(base: Roster) -> Form:
    headers = _headers_of(base)
    frame = base.frame.select(list(headers))
    return Form(
        {**headers, CHECK: CHECK_HEADER}, frame.with_columns(write_tokens(frame, salt_of(base.digest)).alias(CHECK))
    )


def _headers_of(base: Roster) -> dict[str, str]:
    """Column → header, in the order of the template; further columns under their own headers."""
    given = set(base.given) | ALWAYS
    known = {name: header for name, header in TEMPLATE_HEADERS.items() if name in given}
    taken = {*known.values(), CHECK_HEADER, QUOTED_HEADER, CHECK}
    twice = sorted(set(base.further) & taken)
    if twice:
        raise InvalidRoster(
            f"Further columns have headers that the template uses itself: {', '.join(twice)}.",
            "Rename them in the frame before Roster.from_frame.",
        )
    return known | {name: name for name in base.further}


def _write_csv(form: Form, target: Path) -> None:
    """Every value in quotation marks, with the byte order mark by which spreadsheet programs know UTF-8."""
    headers = add_apostrophes(pl.Series([*form.headers.values()][:-1], dtype=pl.String)).to_list()
    texts = form.frame.select(pl.all().cast(pl.String).fill_null(""))
    with target.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow([*headers, QUOTED_HEADER])
        writer.writerows(pl.DataFrame(add_apostrophes(column) for column in texts.iter_columns()).iter_rows())


def _write_workbook(form: Form, target: Path) -> None:
    _hold_lengths(form)
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(_SHEET)
    last = get_column_letter(len(form.headers))
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{last}{form.frame.height + 1}"
    _set_columns(sheet, form)
    choices = Choices.of(form.frame)
    offer_choices(sheet, form.headers, choices)
    set_print(sheet, header_row=1)
    sheet.append([_header_cell(sheet, header) for header in form.headers.values()])
    for student_id, *values in form.frame.iter_rows():
        sheet.append([_id_cell(sheet, student_id), *(_value_cell(sheet, value) for value in values)])
    write_help(workbook.create_sheet(HELP_SHEET), choices)
    stamp(workbook, "Students")
    stream = io.BytesIO()
    workbook.save(stream)
    area = f"A1:{last}1048576"
    target.write_bytes(edit_part(stream.getvalue(), _SHEET_PART, lambda xml: _without_triangles(xml, area)))


def _hold_lengths(form: Form) -> None:
    """Refuse a value that no cell holds, before anything is written."""
    longest = form.frame.select(pl.all().cast(pl.String).str.len_chars().max()).row(0)
    if any(length is not None and length > MOST_CHARACTERS for length in longest):
        raise InvalidRoster(
            f"A value has {max(length or 0 for length in longest)} characters, and a spreadsheet cell holds "
            f"{MOST_CHARACTERS}.",
            "Leave its column out of the frame.",
        )


def _without_triangles(xml: bytes, area: str) -> bytes:
    """Spare the ids the green triangles by which Excel marks numbers that are text, and offers to turn them back."""
    ignored = (
        f'<ignoredErrors><ignoredError sqref="{area}" numberStoredAsText="1" twoDigitTextYear="1"/></ignoredErrors>'
    )
    return insert_in_sheet(xml, "ignoredErrors", ignored)


def _set_columns(sheet: Sheet, form: Form) -> None:
    """Widths, and the formats that keep what is typed below the last line: ids with their zeros, dates as dates."""
    for at, (name, header) in enumerate(form.headers.items(), start=1):
        texts: Sequence[str] = form.frame[name].cast(pl.String).drop_nulls().unique().to_list()
        column = sheet.column_dimensions[get_column_letter(at)]
        longest_word = max(len(word) for word in re.split(r"\s", header))
        column.width = max(min(len(header), longest_word + 8, 22) + 4, width_of(texts, 40))
        column.number_format = _DATE_FORMAT if name == "birth_date" else "@"
        column.hidden = name == CHECK
    sheet.row_dimensions[1].height = 48


def _header_cell(sheet: Sheet, header: str) -> Cell:
    cell = text_cell(sheet, header)
    cell.font, cell.fill, cell.alignment = HEADER_FONT, HEADER_FILL, _HEADER_ALIGNMENT
    return cell


def _id_cell(sheet: Sheet, student_id: str | None) -> Cell:
    cell = text_cell(sheet, student_id or "")
    cell.fill, cell.font, cell.border = _ID_FILL, _ID_FONT, _EDGE
    return cell


def _value_cell(sheet: Sheet, value: str | date | None) -> Cell | None:
    if value is None:
        return None
    if isinstance(value, date) and value >= _FIRST_DATE:
        cell = WriteOnlyCell(sheet, datetime.combine(value, time.min))
        cell.number_format, cell.alignment = _DATE_FORMAT, _LEFT
        return cell
    return text_cell(sheet, str(value))
