"""What the native reader leaves out of an xls (Excel 97 and later): errors, hidden rows and columns, zeros shown.

Invariants: records are walked by their lengths, once a sheet; what does not fit together ends the walk, and what was
found until then is told; no text of a cell is decoded.

Source: [MS-XLS] 2.4.28 BoundSheet8, 2.4.126 Format, 2.4.127 Formula, 2.4.221 Row, 2.4.353 XF and others.
"""

import re
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from rosterdiff.reading.isolated.compound import read_workbook_stream
from rosterdiff.reading.isolated.frames import RefusedError
from rosterdiff.reading.isolated.sheet_notes import SheetNotes

_BOF, _EOF, _BOUND_SHEET, _FORMAT, _XF = 0x809, 0x0A, 0x85, 0x41E, 0xE0
_ROW, _COLUMNS, _TRUTH_OR_ERROR, _FORMULA = 0x208, 0x7D, 0x205, 0x06
_NUMBER, _RK, _SEVERAL_RK = 0x203, 0x27E, 0xBD
_BIFF8: Final = 0x600
_HEAD: Final = struct.Struct("<HH")
_CELL: Final = struct.Struct("<HHH")  # row, column, style
_HIDDEN_ROW: Final = 0x20
_ZEROS: Final = re.compile(r"(0{2,20})(?:;.*)?")


class _Found(NamedTuple):
    """The notes of a sheet as they are found."""

    errors: list[tuple[int, int]]
    rows: list[int]
    columns: list[tuple[int, int]]
    padded: dict[int, dict[int, int]]
    zeros: Mapping[int, int]


def read_xls_notes(data: bytes) -> Callable[[str], SheetNotes]:
    """What is to be known of each sheet, by its name; nothing of workbooks before Excel 97."""
    try:
        stream = read_workbook_stream(data)
        sheets, zeros = _read_globals(stream)
    except (RefusedError, struct.error, IndexError):
        return lambda _: SheetNotes()
    return lambda name: _read_sheet(stream, sheets[name], zeros) if name in sheets else SheetNotes()


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Kind, place and length of the records of a part; parts within it (charts) are passed over."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = _HEAD.unpack_from(stream, at)
        at += 4
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, at, min(length, len(stream) - at)
        at += length


def _read_globals(stream: bytes) -> tuple[dict[str, int], dict[int, int]]:
    """Sheet → where it begins; style → how many digits it shows, for number formats that are zeros alone."""
    sheets, formats, styles = dict[str, int](), dict[int, str](), list[int]()
    for kind, at, length in _records(stream, 0):
        if kind == _BOF and struct.unpack_from("<H", stream, at)[0] != _BIFF8:
            return {}, {}
        if kind == _BOUND_SHEET:
            begins, _, count, wide = struct.unpack_from("<IHBB", stream, at)
            sheets[_text(stream[at + 8 : at + length], count, wide)] = begins
        elif kind == _FORMAT:
            number, count, wide = struct.unpack_from("<HHB", stream, at)
            formats[number] = _text(stream[at + 5 : at + length], count, wide)
        elif kind == _XF:
            styles.append(struct.unpack_from("<H", stream, at + 2)[0])
    matches = {style: _ZEROS.fullmatch(formats.get(number, "")) for style, number in enumerate(styles)}
    return sheets, {style: len(match[1]) for style, match in matches.items() if match}


def _text(data: bytes, count: int, wide: int) -> str:
    return data[: count * 2].decode("utf-16-le", "replace") if wide & 1 else data[:count].decode("latin-1")


def _read_sheet(stream: bytes, begins: int, zeros: Mapping[int, int]) -> SheetNotes:
    found = _Found([], [], [], {}, zeros)
    try:
        for kind, at, length in _records(stream, begins):
            if kind in _STEPS:
                _STEPS[kind](found, stream, at, length)
    except (struct.error, IndexError):
        pass  # the native reader says what it makes of it
    return SheetNotes(errors=found.errors, hidden_rows=found.rows, hidden_columns=found.columns, padded=found.padded)


def _note_row(found: _Found, stream: bytes, at: int, _: int) -> None:
    if stream[at + 12] & _HIDDEN_ROW:
        found.rows.append(struct.unpack_from("<H", stream, at)[0])


def _note_columns(found: _Found, stream: bytes, at: int, _: int) -> None:
    first, last, _, _, flags = struct.unpack_from("<HHHHH", stream, at)
    if flags & 1:
        found.columns.append((first, last))


def _note_error(found: _Found, stream: bytes, at: int, _: int) -> None:
    row, column, _ = _CELL.unpack_from(stream, at)
    if stream[at + 7]:
        found.errors.append((row, column))


def _note_formula(found: _Found, stream: bytes, at: int, length: int) -> None:
    row, column, _ = _CELL.unpack_from(stream, at)
    if stream[at + 6] == 2 and stream[at + 12 : at + 14] == b"\xff\xff":
        found.errors.append((row, column))
    _note_number(found, stream, at, length)


def _note_number(found: _Found, stream: bytes, at: int, _: int) -> None:
    if found.zeros:
        row, column, style = _CELL.unpack_from(stream, at)
        _pad(found, row, column, style)


def _note_numbers(found: _Found, stream: bytes, at: int, length: int) -> None:
    if found.zeros:
        row, first = _HEAD.unpack_from(stream, at)
        for place, start in enumerate(range(at + 4, at + length - 2, 6)):
            _pad(found, row, first + place, struct.unpack_from("<H", stream, start)[0])


def _pad(found: _Found, row: int, column: int, style: int) -> None:
    if style in found.zeros:
        found.padded.setdefault(column, {})[row] = found.zeros[style]


_STEPS: Final[Mapping[int, Callable[[_Found, bytes, int, int], None]]] = {
    _ROW: _note_row,
    _COLUMNS: _note_columns,
    _TRUTH_OR_ERROR: _note_error,
    _FORMULA: _note_formula,
    _NUMBER: _note_number,
    _RK: _note_number,
    _SEVERAL_RK: _note_numbers,
}
"""Kind of a record → what is noted of it."""
