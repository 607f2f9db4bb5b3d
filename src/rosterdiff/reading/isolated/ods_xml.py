"""What the native reader leaves out of an ods: errors, formulas without a value, hidden rows, merged areas.

Invariants: rows and cells are counted as the file repeats them, without laying them out; one pass over the content, and
none where it has nothing of what is looked for.
"""

import re
import zipfile
from collections.abc import Callable
from html import unescape
from typing import Final

from rosterdiff.reading.isolated.archives import UNPACKING_ERRORS
from rosterdiff.reading.isolated.sheet_notes import MOST_NOTES, SheetNotes

_CONTENT: Final = "content.xml"
_SIGNS: Final = (
    b'visibility="collapse"',
    b'visibility="filter"',
    b"-spanned=",
    b'value-type="error"',
    b"table:formula=",
)
_ELEMENT: Final = re.compile(
    rb"<(/?)table:(table|table-row|table-cell|covered-table-cell|table-column)(?=[\s/>])([^>]*?)(/?)>"
)
_ATTRIBUTE: Final = re.compile(rb'([\w-]+:[\w-]+)="([^"]*)"')
_ROWS: Final = 1 << 20
_ERROR_TEXT: Final = re.compile(rb"<text:p[^>]*>(?:#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)|Err:\d{3})</text:p>")


def read_ods_notes(archive: zipfile.ZipFile) -> Callable[[str], SheetNotes]:
    """What is to be known of each sheet, by its name."""
    try:
        content = archive.read(_CONTENT)
    except UNPACKING_ERRORS:
        return lambda _: SheetNotes()
    if not any(sign in content for sign in _SIGNS):
        return lambda _: SheetNotes()
    sheets = _Walk(content).sheets
    return lambda name: sheets.get(name, SheetNotes())


class _Walk:
    """The walk over the elements of the tables: where it stands, and what it found."""

    def __init__(self, content: bytes) -> None:
        self.sheets = dict[str, SheetNotes]()
        self.row = self.column = self.repeated = 0
        self._content = content
        self._notes = self._begin()
        for match in _ELEMENT.finditer(content):
            closing, name, text, _ = match.groups()
            if not closing:
                attributes = dict(_ATTRIBUTE.findall(text))
                _STEPS.get(name, _Walk._cell)(self, attributes, match.end())

    def _begin(self) -> tuple[list[tuple[int, int]], list[tuple[int, int]], list[tuple[int, int, int, int]], list[int]]:
        self.row = self.column = self.repeated = 0
        return [], [], [], []

    def _table(self, attributes: dict[bytes, bytes], _: int) -> None:
        self._notes = self._begin()
        errors, formulas, merged, rows = self._notes
        name = unescape(attributes.get(b"table:name", b"").decode(errors="replace"))
        self.sheets.setdefault(name, SheetNotes(errors, formulas, merged, rows))

    def _row(self, attributes: dict[bytes, bytes], _: int) -> None:
        self.row += self.repeated
        self.column, self.repeated = 0, _number(attributes, b"table:number-rows-repeated")
        if attributes.get(b"table:visibility") in {b"collapse", b"filter"} and len(self._notes[3]) < MOST_NOTES:
            self._notes[3].extend(range(self.row, self.row + min(self.repeated, MOST_NOTES)))

    def _cell(self, attributes: dict[bytes, bytes], end: int) -> None:
        errors, formulas, merged, _ = self._notes
        across, down = (_number(attributes, b"table:number-%s-spanned" % way) for way in (b"columns", b"rows"))
        if (across > 1 or down > 1) and len(merged) < MOST_NOTES:
            merged.append((self.row, self.column, self.row + down - 1, self.column + across - 1))
        if self._is_error(attributes, end) and len(errors) < MOST_NOTES:
            errors.append((self.row, self.column))
        elif b"table:formula" in attributes and b"office:value-type" not in attributes and len(formulas) < MOST_NOTES:
            formulas.append((self.row, self.column))
        self.column += _number(attributes, b"table:number-columns-repeated")

    def _is_error(self, attributes: dict[bytes, bytes], end: int) -> bool:
        """LibreOffice marks an error by its own type; others write its words as the text of a formula."""
        if attributes.get(b"calcext:value-type") == b"error":
            return True
        return b"table:formula" in attributes and _ERROR_TEXT.match(self._content, end) is not None

    def _skip(self, attributes: dict[bytes, bytes], end: int) -> None:
        """Columns say nothing that is looked for."""


_STEPS: Final = {
    b"table": _Walk._table,
    b"table-row": _Walk._row,
    b"table-column": _Walk._skip,
}


def _number(attributes: dict[bytes, bytes], name: bytes) -> int:
    """How often something is repeated, or how far it reaches; what is no number counts once."""
    text = attributes.get(name, b"1")
    return min(int(text), _ROWS) if text.isdigit() and len(text) < 10 else 1
