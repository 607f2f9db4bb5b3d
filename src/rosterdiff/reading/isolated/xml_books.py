"""A workbook of Excel 2003 in XML, as many systems export one under the name of an xls → its sheets.

Invariants: parsed in one pass by expat, which expands no bombs, and a document that declares entities is refused;
namespaces are not looked at, as those who write such files leave them out; a place is the one that Excel shows.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Final
from xml.parsers import expat

from rosterdiff.reading.isolated.books import check_sheets, read_layout
from rosterdiff.reading.isolated.frames import Found, Frame, Limits, RefusedError, Request
from rosterdiff.reading.isolated.layouts import Layout, note
from rosterdiff.reading.isolated.sheet_xml import ZEROS

_FURTHEST: Final = 1 << 24
"""No row, column or reach is a greater number; what says so counts as 1."""


def read_xml_book(data: bytes, request: Request) -> Iterator[Frame]:
    """Read the sheets that hold any cell, in their order; hidden ones only where they are named.

    Raises:
        RefusedError: it is no workbook, damaged, exceeds a limit, or lacks a sheet that was named.

    """
    book = _Book(request.limits)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = book.start, book.end
    parser.CharacterDataHandler, parser.EntityDeclHandler = book.text, _refuse_entity
    try:
        parser.Parse(data.lstrip(), True)  # noqa: FBT003  (expat takes no keywords)
    except expat.ExpatError as error:
        raise (
            RefusedError("damaged", Found.PARTS) if book.sheets else RefusedError("not_a_spreadsheet", Found.XML)
        ) from error
    if not book.sheets:
        raise RefusedError("not_a_spreadsheet", Found.XML)
    visible = sum(not sheet.hidden for sheet in book.sheets)
    check_sheets([sheet.name or "" for sheet in book.sheets], visible, request)
    for sheet in book.sheets:
        if request.sheets is None or sheet.name in request.sheets:
            yield from read_layout(sheet, request)


def _refuse_entity(*_: object) -> None:
    raise RefusedError("damaged", Found.PARTS)


Attributes = Mapping[str, str]


class _Book:
    """The walk over a workbook: what is open, and where the next row, column and cell stand."""

    def __init__(self, limits: Limits) -> None:
        self.sheets = list[Layout]()
        self._limits = limits
        self._path = list[str]()
        self._zeros = dict[str, int]()
        self._style = ""
        self._row = self._column = self._listed = 0
        self._across = self._span = 0
        self._kind: str | None = None
        self._texts = list[str]()
        self._formula = self._filled = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Open an element."""
        name = name.rpartition(":")[2]
        if name == "html" and not self._path:
            raise RefusedError("not_a_spreadsheet", Found.XML)
        parent = self._path[-1] if self._path else ""
        self._path.append(name)
        if step := _STARTS.get((parent, name)):
            step(self, {key.rpartition(":")[2]: value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        """Close an element."""
        self._path.pop()
        parent = self._path[-1] if self._path else ""
        if step := _ENDS.get((parent, name.rpartition(":")[2])):
            step(self)

    def text(self, text: str) -> None:
        """Take text for the element that is open."""
        self._texts.append(text)

    def _begin_style(self, attributes: Attributes) -> None:
        self._style = attributes.get("ID", "")

    def _begin_format(self, attributes: Attributes) -> None:
        if zeros := ZEROS.fullmatch(attributes.get("Format", "")):
            self._zeros[self._style] = len(zeros[1])

    def _begin_sheet(self, attributes: Attributes) -> None:
        self.sheets.append(Layout(self._limits, attributes.get("Name", "")))
        self._row = self._listed = 0

    def _begin_column(self, attributes: Attributes) -> None:
        first = _number(attributes, "Index", self._listed + 1) - 1
        self._listed = first + _number(attributes, "Span", 0) + 1
        if attributes.get("Hidden") == "1":
            note(self.sheets[-1].hidden_columns, (first, self._listed - 1))

    def _begin_row(self, attributes: Attributes) -> None:
        self._row = _number(attributes, "Index", self._row + 1)
        self._span, self._column = _number(attributes, "Span", 0), 0
        if attributes.get("Hidden") == "1":
            note(self.sheets[-1].hidden_rows, self._row - 1)

    def _end_row(self) -> None:
        self._row += self._span

    def _begin_cell(self, attributes: Attributes) -> None:
        self._column = _number(attributes, "Index", self._column + 1)
        self._across, down = _number(attributes, "MergeAcross", 0), _number(attributes, "MergeDown", 0)
        self._style, self._formula, self._filled = attributes.get("StyleID", ""), "Formula" in attributes, False
        self.sheets[-1].merge(self._row - 1, self._column - 1, down, self._across)

    def _end_cell(self) -> None:
        sheet, place = self.sheets[-1], (self._row - 1, self._column - 1)
        if self._formula and not self._filled:
            note(sheet.formulas, place)
            sheet.put(*place, "")
        self._column += self._across

    def _begin_data(self, attributes: Attributes) -> None:
        self._kind = attributes.get("Type", "String")
        self._texts.clear()

    def _end_data(self) -> None:
        sheet, (row, column), text = self.sheets[-1], (self._row - 1, self._column - 1), "".join(self._texts)
        sheet.put(row, column, _VALUES.get(self._kind or "", str)(text))
        self._filled = bool(text)
        if self._kind == "Error":
            note(sheet.errors, (row, column))
        if self._style in self._zeros:
            sheet.padded.setdefault(column, {})[row] = self._zeros[self._style]

    def _end_visible(self) -> None:
        self.sheets[-1].hidden = "".join(self._texts).strip() in ("SheetHidden", "SheetVeryHidden")

    def _begin_text(self, _: Attributes) -> None:
        self._texts.clear()


def _number(attributes: Attributes, name: str, default: int) -> int:
    text = attributes.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 9 and int(text) < _FURTHEST else default


def _read_number(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return text


def _read_moment(text: str) -> object:
    try:
        return datetime.fromisoformat(text.strip().removesuffix("Z"))
    except ValueError:
        return text


_VALUES: Final[dict[str, Callable[[str], object]]] = {
    "Number": _read_number,
    "DateTime": _read_moment,
    "Boolean": lambda text: text.strip() not in ("0", "false", ""),
}
_STARTS: Final[dict[tuple[str, str], Callable[[_Book, Attributes], None]]] = {
    ("Styles", "Style"): _Book._begin_style,
    ("Style", "NumberFormat"): _Book._begin_format,
    ("Workbook", "Worksheet"): _Book._begin_sheet,
    ("Table", "Column"): _Book._begin_column,
    ("Table", "Row"): _Book._begin_row,
    ("Row", "Cell"): _Book._begin_cell,
    ("Cell", "Data"): _Book._begin_data,
    ("WorksheetOptions", "Visible"): _Book._begin_text,
}
_ENDS: Final[dict[tuple[str, str], Callable[[_Book], None]]] = {
    ("Table", "Row"): _Book._end_row,
    ("Row", "Cell"): _Book._end_cell,
    ("Cell", "Data"): _Book._end_data,
    ("WorksheetOptions", "Visible"): _Book._end_visible,
}
