"""A web page, as many systems export one under the name of a workbook → a sheet of what it shows.

Invariants: rows stand one below the other, as spreadsheet programs lay such a page out, so that a place is the one that
the school sees: text beside the tables has rows of its own, and a table within a cell stands above what else its row
says. Scripts, styles and the head are left out.
"""

import codecs
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Final, NamedTuple

from rosterdiff.reading.isolated.frames import Found, Limits, RefusedError
from rosterdiff.reading.isolated.layouts import Layout, note

_MARKS: Final = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_CHARSET: Final = re.compile(rb"""(?i)charset\s*=\s*["']?\s*([\w.:-]+)""")
_HEAD: Final = 4096
_LATIN: Final = ("iso-8859-1", "latin1", "us-ascii", "ascii")
"""Names that pages give, by their standard, to windows-1252, which is also what a page without any is in."""

_BLANKS: Final = re.compile(r"[ \t\r\n\f]+")
_BREAK: Final = "\v"
_BREAKS: Final = re.compile(r" ?(?:\v ?)+")
_BLOCK: Final = re.compile(
    "address|article|blockquote|br|caption|center|dd|div|dl|dt|footer|form|h[1-6]|header|hr|li|main|ol|p|pre|section|ul"
)
_SILENT: Final = frozenset(("head", "script", "style", "template", "title", "xml"))
_HIDDEN: Final = re.compile(r"(?i)display\s*:\s*none")
_ROUNDED: Final = re.compile(r"-?\d(?:[.,]\d+)?E\+\d+")
_MOST_SPAN: Final = 1000
"""By the standard, of columns; nobody merges more rows of a list."""


def read_page(data: bytes, limits: Limits) -> Layout:
    """What a page shows.

    Raises:
        RefusedError: it has no table, or one beyond the limits.

    """
    page = _Page(limits)
    page.feed(_decode(data))
    page.close()
    page.finish()
    if not page.tables:
        raise RefusedError("not_a_spreadsheet", Found.WEB_PAGE)
    return page.sheet


def _decode(data: bytes) -> str:
    """By its mark; as UTF-8 where it is that; else as the page says of itself."""
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return data.removeprefix(mark).decode(encoding, errors="replace")
    declared = _CHARSET.search(data[:_HEAD])
    named = declared[1].decode().lower() if declared else "cp1252"
    try:
        return data.decode()
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252" if named in _LATIN else named, errors="replace")
    except (LookupError, UnicodeError):
        return data.decode("cp1252", errors="replace")


class _Cell(NamedTuple):
    column: int
    across: int
    down: int
    text: list[str]
    number: str | None


class _Table:
    """A table that is open: its row, its cell, and which columns cells from above still fill."""

    def __init__(self) -> None:
        self.row: list[_Cell] | None = None
        self.cell: _Cell | None = None
        self.hidden = self.holds_tables = False
        self.filled = dict[int, int]()

    def next_column(self) -> int:
        """Where the next cell of the open row stands."""
        column = self.row[-1].column + self.row[-1].across + 1 if self.row else 0
        while self.filled.get(column, 0) > 0:
            column += 1
        return column


class _Page(HTMLParser):
    """The walk over a page: what is open, and the next row that is free."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self.sheet = Layout(limits)
        self.tables = 0
        self._free = self._silent = 0
        self._open = list[_Table]()
        self._loose = list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open what a tag opens, and close what it ends without saying so."""
        if tag in _SILENT:
            self._silent += 1
        elif tag == "table":
            self._open_table()
        elif tag == "tr" and self._open:
            self._open_row(dict(attrs))
        elif tag in ("td", "th") and self._open:
            self._open_cell({name: value or "" for name, value in attrs})
        elif _BLOCK.fullmatch(tag):
            self._break()

    def handle_endtag(self, tag: str) -> None:
        """Close what a tag closes."""
        if tag in _SILENT:
            self._silent = max(self._silent - 1, 0)
        elif tag in ("td", "th") and self._open:
            self._open[-1].cell = None
        elif tag in ("tr", "thead", "tbody", "tfoot") and self._open:
            self._close_row()
        elif tag == "table" and self._open:
            self._close_table()
        elif _BLOCK.fullmatch(tag):
            self._break()

    def handle_data(self, data: str) -> None:
        """Take text for the cell that is open, or for a row of its own."""
        if not self._silent:
            cell = self._open[-1].cell if self._open else None
            (self._loose if cell is None else cell.text).append(data)

    def finish(self) -> None:
        """Close what the page left open."""
        while self._open:
            self._close_table()
        self._flush()

    def _break(self) -> None:
        if self._open and self._open[-1].cell is not None:
            self._open[-1].cell.text.append(_BREAK)
        else:
            self._flush()

    def _flush(self) -> None:
        """Text outside of cells becomes a row."""
        if text := _shown("".join(self._loose)):
            self.sheet.put(self._free, 0, text)
            self._free += 1
        self._loose.clear()

    def _open_table(self) -> None:
        self._flush()
        self.tables += 1
        if self._open:
            self._open[-1].holds_tables = True
        self._open.append(_Table())

    def _close_table(self) -> None:
        self._close_row()
        self._open.pop()

    def _open_row(self, attributes: Mapping[str, str | None]) -> list[_Cell]:
        self._close_row()
        self._flush()
        table, row = self._open[-1], list[_Cell]()
        table.row, table.hidden, table.holds_tables = row, bool(_HIDDEN.search(attributes.get("style") or "")), False
        return row

    def _open_cell(self, attributes: Mapping[str, str]) -> None:
        table = self._open[-1]
        row = self._open_row({}) if table.row is None else table.row
        across, down = _span(attributes, "colspan"), _span(attributes, "rowspan")
        table.cell = _Cell(table.next_column(), across, down, [], attributes.get("x:num"))
        row.append(table.cell)

    def _close_row(self) -> None:
        """Write the open row, but for one that only holds other tables."""
        table = self._open[-1]
        row, table.row, table.cell = table.row, None, None
        if row is None:
            return
        texts = [_text_of(cell) for cell in row]
        if any(texts) or not table.holds_tables:
            self._write(table, row, texts)
        table.filled = {column: rows - 1 for column, rows in table.filled.items() if rows > 1}
        for cell in row:
            if cell.down:
                table.filled |= dict.fromkeys(range(cell.column, cell.column + cell.across + 1), cell.down)

    def _write(self, table: _Table, row: list[_Cell], texts: list[str]) -> None:
        for cell, text in zip(row, texts, strict=True):
            self.sheet.put(self._free, cell.column, text)
            self.sheet.merge(self._free, cell.column, cell.down, cell.across)
        if table.hidden:
            note(self.sheet.hidden_rows, self._free)
        self._free += 1


def _text_of(cell: _Cell) -> str:
    """What a cell shows; a number in full that is shown rounded."""
    text = _shown("".join(cell.text))
    return cell.number if cell.number and _ROUNDED.fullmatch(text) else text


def _shown(text: str) -> str:
    return _BREAKS.sub("\n", _BLANKS.sub(" ", text)).strip(" \n")


def _span(attributes: Mapping[str, str], name: str) -> int:
    """How many columns or rows more than its own a cell fills."""
    text = attributes.get(name, "").strip()
    return min(int(text), _MOST_SPAN) - 1 if text.isdecimal() and 0 < len(text) < 6 and int(text) else 0
