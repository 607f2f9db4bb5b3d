"""What the native reader leaves out of an ods: errors, formulas without a value, what is hidden, merged areas.

Invariants: rows and cells are counted as the file repeats them, without laying them out; one pass over the content, and
none where it has nothing of what is looked for.
"""

import re
import zipfile
from collections.abc import Callable
from html import unescape
from typing import Final, NamedTuple

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


class _Notes(NamedTuple):
    """The notes of a sheet as they are found."""

    errors: list[tuple[int, int]]
    formulas: list[tuple[int, int]]
    merged: list[tuple[int, int, int, int]]
    rows: list[int]
    columns: list[tuple[int, int]]


class _Walk:
    """The walk over the elements of the tables: where it stands, and what it found."""

    def __init__(self, content: bytes) -> None:
        self.sheets = dict[str, SheetNotes]()
        self._content = content
        self._begin()
        for match in _ELEMENT.finditer(content):
            closing, name, text, _ = match.groups()
            if not closing:
                _STEPS.get(name, _Walk._cell)(self, dict(_ATTRIBUTE.findall(text)), match.end())

    def _begin(self) -> None:
        self._row_at = self._column_at = self._repeated = self._columns = 0
        self._notes = _Notes([], [], [], [], [])

    def _table(self, attributes: dict[bytes, bytes], _: int) -> None:
        self._begin()
        name = unescape(attributes.get(b"table:name", b"").decode(errors="replace"))
        self.sheets.setdefault(name, SheetNotes(*self._notes))

    def _column(self, attributes: dict[bytes, bytes], _: int) -> None:
        first = self._columns
        self._columns += _number(attributes, b"table:number-columns-repeated")
        if attributes.get(b"table:visibility") in _HIDDEN and len(self._notes.columns) < MOST_NOTES:
            self._notes.columns.append((first, self._columns - 1))

    def _row(self, attributes: dict[bytes, bytes], _: int) -> None:
        self._row_at += self._repeated
        self._column_at, self._repeated = 0, _number(attributes, b"table:number-rows-repeated")
        if attributes.get(b"table:visibility") in _HIDDEN and len(self._notes.rows) < MOST_NOTES:
            self._notes.rows.extend(range(self._row_at, self._row_at + min(self._repeated, MOST_NOTES)))

    def _cell(self, attributes: dict[bytes, bytes], end: int) -> None:
        notes, row, column = self._notes, self._row_at, self._column_at
        across, down = (_number(attributes, b"table:number-%s-spanned" % way) for way in (b"columns", b"rows"))
        if (across > 1 or down > 1) and len(notes.merged) < MOST_NOTES:
            notes.merged.append((row, column, row + down - 1, column + across - 1))
        if self._is_error(attributes, end) and len(notes.errors) < MOST_NOTES:
            notes.errors.append((row, column))
        elif _is_valueless(attributes) and len(notes.formulas) < MOST_NOTES:
            notes.formulas.append((row, column))
        self._column_at += _number(attributes, b"table:number-columns-repeated")

    def _is_error(self, attributes: dict[bytes, bytes], end: int) -> bool:
        """LibreOffice marks an error by its own type; others write its words as the text of a formula."""
        if attributes.get(b"calcext:value-type") == b"error":
            return True
        return b"table:formula" in attributes and _ERROR_TEXT.match(self._content, end) is not None


def _is_valueless(attributes: dict[bytes, bytes]) -> bool:
    return b"table:formula" in attributes and b"office:value-type" not in attributes


_HIDDEN: Final = (b"collapse", b"filter")
_STEPS: Final = {
    b"table": _Walk._table,
    b"table-row": _Walk._row,
    b"table-column": _Walk._column,
}


def _number(attributes: dict[bytes, bytes], name: bytes) -> int:
    """How often something is repeated, or how far it reaches; what is no number counts once."""
    text = attributes.get(name, b"1")
    return min(int(text), _ROWS) if text.isdigit() and len(text) < 10 else 1
