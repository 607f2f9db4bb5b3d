"""Text into spreadsheet cells, safely: no text is ever a formula, and none holds what a spreadsheet cannot.

Invariants: text stays text whatever it begins with; a value reads back as it was written. A whole workbook made from
the same values differs in nothing but what its library stamps on it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime
from math import ceil
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import coordinate_to_tuple, get_column_letter, range_boundaries
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from rosterdiff.errors import InvalidRoster

MOST_CHARACTERS: Final = 32_767  # of one cell, by the format

FACE: Final = "Calibri"
HEADER_FONT: Final = Font(name=FACE, bold=True, color="FFFFFF")
HEADER_FILL: Final = PatternFill("solid", start_color="27496D")
"""How the headers of every sheet of ours look."""

_LINE_HEIGHT: Final = 15.0  # points, of the face at 11 points
_STARTS_FORMULA: Final = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
)  # also full-width, as Excel reads them
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_UNSHOWN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f]+")
_ESCAPE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def cell_at(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell of a sheet at a row and a column, both counted from 1."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell), "no cells are merged here"
    return cell


def put_text(cell: Cell, value: str) -> None:
    """Write text into a cell as text, so that no program ever takes it for a formula.

    Raises:
        InvalidRoster: the text is longer than a cell can hold.

    """
    text = _ESCAPE.sub("_x005F_", _UNWRITABLE.sub("\ufffd", value)).replace(
        "\r", "_x000D_"
    )  # XML has no "\r" of its own
    if len(text) > MOST_CHARACTERS:
        raise InvalidRoster(
            f"A value has {len(text)} characters, and a spreadsheet cell holds {MOST_CHARACTERS}.",
            "Leave its column out of the frame.",
        )
    cell.value = text
    cell.data_type = "s"
    cell.number_format = "@"
    if text.startswith(_STARTS_FORMULA):
        cell.quotePrefix = True


def text_cell(sheet: Any, text: str) -> Cell:  # of a write-only sheet, whose stubs say less than it can
    """A cell of text for a sheet that is written line by line."""
    cell = WriteOnlyCell(sheet)
    put_text(cell, text)
    return cell


def cell_of(name: str) -> tuple[int, int]:
    """The row and the column, from 1, of a cell by its name.

    >>> cell_of("D17")
    (17, 4)
    """
    row, column = coordinate_to_tuple(name)
    return row, column


def cells_in(areas: Iterable[str]) -> Iterator[str]:
    """The names of the cells of areas, one by one.

    >>> list(cells_in(["D17:D19", "A1"]))
    ['D17', 'D18', 'D19', 'A1']
    """
    for area in areas:
        left, top, right, bottom = range_boundaries(area)
        for row in range(int(top or 1), int(bottom or 1) + 1):
            yield from (f"{get_column_letter(column)}{row}" for column in range(int(left or 1), int(right or 1) + 1))


def size_of(area: str) -> int:
    """How many cells an area has.

    >>> size_of("D17:E18"), size_of("A1")
    (4, 1)
    """
    left, top, right, bottom = range_boundaries(area)
    return (int(right or 1) - int(left or 1) + 1) * (int(bottom or 1) - int(top or 1) + 1)


def shown(value: str | None) -> str:
    r"""A value for the eye: what would move the cursor or turn the direction of the line is left out.

    >>> shown("Ada\x1b[31m"), shown(None)
    ('Ada [31m', '')
    """
    return "" if value is None else _UNSHOWN.sub(" ", value)


def width_of(texts: Iterable[str], most: int, least: int = 9) -> int:
    """The width of a column that shows these texts, in characters; wide characters count twice.

    >>> width_of(["Ada"], 20), width_of(["歐陽" * 4], 20), width_of(["a" * 90], 20)
    (9, 19, 20)
    """
    longest = max((sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in text) for text in texts), default=0)
    return min(max(longest + 3, least), most)


def height_of(texts: Iterable[str], widths: Iterable[float]) -> float:
    """The height in points of a row that shows these texts in columns of these widths, wrapped.

    Not every program works it out; a word that does not fit is taken to move on whole.

    >>> height_of(["Ada", "Lovelace"], [9, 20]), height_of(["Ada " * 10], [20])
    (18.0, 48.0)
    """
    rows = [_lines_of(width_of([text], 10_000, 0), width) for text, width in zip(texts, widths, strict=True)]
    return _LINE_HEIGHT * max(1, *rows) + 3


def _lines_of(wanted: float, width: float) -> int:
    """How many lines a text takes that would have this width on one."""
    return 1 if wanted <= width else ceil((wanted - 3) / ((width - 1.5) * 0.95))


def set_print(sheet: Any, header_row: int | None = None) -> None:  # of both kinds, which have no type in common
    """Print on A4 across, as wide as one page, with the header on every page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = "9"  # A4
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.8)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if header_row:
        sheet.print_title_rows = f"{header_row}:{header_row}"
    sheet.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart("Personal data of children"), right=_HeaderFooterPart("Page &P of &N")
    )


def stamp(workbook: Workbook, title: str) -> None:
    """Give the workbook a title and fixed dates, so that the clock leaves no trace in it."""
    fixed = datetime(2000, 1, 1)  # noqa: DTZ001  (the format has no time zones)
    workbook.properties = DocumentProperties(creator="rosterdiff", title=title, created=fixed, modified=fixed)
