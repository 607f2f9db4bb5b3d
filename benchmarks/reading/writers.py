"""Pages → files, by other writers than ours: the csv module, polars, xlsxwriter, openpyxl, LibreOffice.

Invariants: the same pages give the same table whatever writes them; LibreOffice is used only where it is installed.
"""

import csv
import io
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, Protocol

import openpyxl
import xlsxwriter
from attrs import frozen

from benchmarks.reading.pages import Page

OFFICE: Final = shutil.which("soffice") or shutil.which("libreoffice")


@frozen
class Dialect:
    """How a text file is written."""

    encoding: str = "utf-8"
    delimiter: str = ","
    line_end: str = "\r\n"
    quoting: Literal[0, 1, 2, 3] = csv.QUOTE_MINIMAL
    errors: str = "strict"


class Rows(Protocol):
    """Whatever has rows of cells."""

    def cells(self) -> list[list[Any]]:
        """The rows, from the first."""
        ...


def text(page: Rows, dialect: Dialect = Dialect()) -> bytes:
    """A text file by the csv module; blank rows are blank lines."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=dialect.delimiter, lineterminator=dialect.line_end, quoting=dialect.quoting)
    for line in page.cells():
        writer.writerow(["" if cell is None else _written(cell) for cell in line])
    return stream.getvalue().encode(dialect.encoding, dialect.errors)


def _written(cell: Any) -> str:
    return cell.isoformat() if isinstance(cell, date) else str(cell)


@frozen
class Formula:
    """A cell with a formula, and the value that was saved with it."""

    formula: str
    value: Any = None


@frozen
class Styled:
    """A cell with a number format."""

    value: Any
    number_format: str


def workbook(pages: Sequence[Page], **settings: Any) -> bytes:
    """A workbook by xlsxwriter."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, **settings}) as book:
        formats = {"date": book.add_format({"num_format": "dd/mm/yyyy"})}
        for page in pages:
            sheet = book.add_worksheet(page.sheet)
            for row, line in enumerate(page.cells()):
                for place, cell in enumerate(line):
                    _put(book, sheet, (row, place), cell, formats)
            for area in page.merged:
                sheet.merge_range(*area, page.cells()[area[0]][area[1]])
            for place in page.hidden_rows:
                sheet.set_row(page.numbers()[place] - 1, None, None, {"hidden": True})
            if page.hidden:
                sheet.hide()
    return stream.getvalue()


def _put(book: Any, sheet: Any, place: tuple[int, int], cell: Any, formats: dict[str, Any]) -> None:
    match cell:
        case None | "":
            return
        case Formula(formula, value):
            sheet.write_formula(*place, formula, None, value)
        case Styled(value, number_format):
            style = formats.setdefault(number_format, book.add_format({"num_format": number_format}))
            sheet.write(*place, value, style)
        case date():
            sheet.write_datetime(*place, cell, formats["date"])
        case str():
            sheet.write_string(*place, cell)
        case _:
            sheet.write(*place, cell)


def workbook_by_openpyxl(pages: Sequence[Page]) -> bytes:
    """A workbook by openpyxl, which saves formulas without their values."""
    book = openpyxl.Workbook()
    del book[book.sheetnames[0]]
    for page in pages:
        sheet = book.create_sheet(page.sheet)
        for row, line in enumerate(page.cells(), 1):
            for place, cell in enumerate(line, 1):
                _set(sheet.cell(row, place), cell)
        for top, left, bottom, right in page.merged:
            sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
        for place in page.hidden_rows:
            sheet.row_dimensions[page.numbers()[place]].hidden = True
        sheet.sheet_state = "hidden" if page.hidden else "visible"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _set(target: Any, cell: Any) -> None:
    match cell:
        case Formula(formula, _):
            target.value = formula
        case Styled(value, number_format):
            target.value, target.number_format = value, number_format
        case _:
            target.value = cell


@cache
def convert(data: bytes, suffix: str, wanted: str) -> bytes:
    """The same table by LibreOffice in another format (`xls`, `ods`, `xlsx`, `csv`)."""
    assert OFFICE is not None, "LibreOffice is not installed"
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"table.{suffix}"
        source.write_bytes(data)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        subprocess.run(
            [OFFICE, profile, "--headless", "--convert-to", wanted, "--outdir", f"{folder}/out", str(source)],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return (Path(folder) / "out" / f"table.{wanted}").read_bytes()
