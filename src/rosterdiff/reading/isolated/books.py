"""A workbook → frames of its sheets, every cell as text, through calamine.

Invariants: the native reader is called in one place, which turns its errors and panics into a refusal; limits are
checked before cells are taken over; rows are taken some at a time, so that only the native reader's own table is whole
in memory.
"""

import io
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final

import python_calamine

from rosterdiff.reading.isolated.frames import Found, Frame, Kind, Limits, RefusedError, Request
from rosterdiff.reading.isolated.layouts import Layout, check_size
from rosterdiff.reading.isolated.ods_xml import read_ods_notes
from rosterdiff.reading.isolated.sheet_notes import SheetNotes
from rosterdiff.reading.isolated.sheet_xml import read_notes
from rosterdiff.reading.isolated.xls_records import read_xls_notes

Notes = Callable[[str], SheetNotes]
"""What the parts of a file say beside the cells, by the name of the sheet."""

_EXACT: Final = 10**15
"""Beyond 15 digits a spreadsheet's numbers are no longer exact: they are then written with their exponent."""

_ROWS: Final = 8192
"""So many rows are taken at a time: a column of them is shorter than the longest cell, which is then not looked for."""

_SEPARATORS: Final = ("\x1e", "\x1f", "\x1d", "\x1c", "\n", "\x00")
"""What may stand between the cells of a column; the first that no cell has."""


def read_book(data: bytes, archive: zipfile.ZipFile | None, request: Request) -> Iterator[Frame]:
    """Read the sheets that hold any cell, in their order; hidden ones only where they are named.

    Raises:
        RefusedError: the workbook is damaged or encrypted, exceeds a limit, or lacks a sheet that was named.

    """
    with native():
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [s for s in book.sheets_metadata if s.typ == python_calamine.SheetTypeEnum.WorkSheet]
    visible = sum(not _is_hidden(sheet) for sheet in sheets)
    check_sheets([sheet.name for sheet in sheets], visible, request)
    sheets = [sheet for sheet in sheets if request.sheets is None or sheet.name in request.sheets]
    notes = _notes(data, archive)
    for sheet in sheets:
        hidden = _is_hidden(sheet)
        if hidden and request.sheets is None:
            yield Frame(Kind.SHEET, {"name": sheet.name, "hidden": True, "width": 0})
        else:
            yield from _read_sheet(book, sheet.name, notes, hidden=hidden, limits=request.limits)


def check_sheets(names: Collection[str], visible: int, request: Request) -> None:
    """Let a workbook pass that has every sheet that is wanted, or not more visible ones than are read.

    Raises:
        RefusedError: it lacks one that is named, or has too many.

    """
    if request.sheets is None:
        if visible > request.limits.max_sheets:
            raise RefusedError("too_many_sheets", limit=request.limits.max_sheets)
    elif not set(request.sheets) <= set(names):
        raise RefusedError("no_such_sheet")


def read_layout(sheet: Layout, request: Request) -> Iterator[Frame]:
    """A sheet that was laid out here; a hidden one only where it is named."""
    if sheet.hidden and request.sheets is None:
        yield Frame(Kind.SHEET, {"name": sheet.name, "hidden": True, "width": 0})
    elif sheet.height:
        placed = sheet.notes().within((0, 0), (sheet.height, sheet.width))
        place = {"name": sheet.name, "hidden": sheet.hidden, "top": 1, "left": 0, "width": sheet.width}
        yield Frame(Kind.SHEET, {**place, **placed.message()})
        yield from _read_rows(sheet.rows(), placed.padded, request.limits)


def _is_hidden(sheet: Any) -> bool:
    return bool(sheet.visible != python_calamine.SheetVisibleEnum.Visible)


def _notes(data: bytes, archive: zipfile.ZipFile | None) -> Notes:
    if archive is None:
        return read_xls_notes(data)
    names = {member.filename for member in archive.infolist()}
    return read_ods_notes(archive) if "content.xml" in names else read_notes(archive)


@contextmanager
def native() -> Iterator[None]:
    """Around each call of the native reader: whatever it raises becomes a refusal."""
    try:
        yield
    except python_calamine.PasswordError as error:
        raise RefusedError("encrypted") from error
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001  (what a native reader raises is not listed anywhere)
        raise RefusedError("too_old" if "biff" in str(error).casefold() else "damaged", Found.PARTS) from None
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":
            raise
        raise RefusedError("damaged", Found.CELLS) from None


def _read_sheet(book: Any, name: str, notes: Notes, *, hidden: bool, limits: Limits) -> Iterator[Frame]:
    with native():
        sheet = book.get_sheet_by_name(name)
        height, width, start = sheet.height, sheet.width, sheet.start
        merged = sheet.merged_cell_ranges or ()
    if start is None or not height or not width:
        return
    check_size(height, width, limits)
    noted = notes(name)
    areas = noted.merged or [(top, left, bottom, right) for (top, left), (bottom, right) in merged]
    placed = noted._replace(merged=areas).within(start, (height, width))
    place = {"name": name, "hidden": hidden, "top": start[0] + 1, "left": start[1], "width": width}
    yield Frame(Kind.SHEET, {**place, **placed.message()})
    with native():
        rows = islice(sheet.iter_rows(), start[0], None)  # it begins at the first row, and at the first used column
    yield from _read_rows(rows, placed.padded, limits)


def _read_rows(rows: Iterator[list[Any]], padded: Mapping[int, Mapping[int, int]], limits: Limits) -> Iterator[Frame]:
    first = 0
    while piece := _take(rows):
        if all(row.count("") == len(row) for row in piece):  # a million of them lie above a stray cell far below
            yield Frame(Kind.CELLS, {"rows": len(piece), "separators": [], "restored": []})
            first += len(piece)
            continue
        blobs, separators, restored = [], [], []
        for position, values in enumerate(zip(*piece, strict=True)):
            texts, changed = _restore(_spell_all(values), values, padded.get(position, {}), first)
            blob, separator = _join(texts, limits)
            blobs.append(blob)
            separators.append(separator)
            restored += [(position, place) for place in changed]
        yield Frame(Kind.CELLS, {"rows": len(piece), "separators": separators, "restored": restored}, blobs)
        first += len(piece)


def _take(rows: Iterator[list[Any]]) -> list[list[Any]]:
    with native():
        return list(islice(rows, _ROWS))


def _join(texts: Sequence[str], limits: Limits) -> tuple[bytes, str]:
    """A column in one piece, with what separates its cells."""
    length = sum(map(len, texts))
    if length > limits.max_cell_length and max(map(len, texts)) > limits.max_cell_length:
        raise RefusedError("cell_too_long", limit=limits.max_cell_length)
    if length > limits.max_memory:
        raise RefusedError("too_much_memory", limit=limits.max_memory)
    for separator in _SEPARATORS:
        joined = separator.join(texts)
        if joined.count(separator) == len(texts) - 1:
            return joined.encode(), separator
    separator = _unused(joined)
    return separator.join(texts).encode(), separator


def _unused(text: str) -> str:
    """A separator that stands nowhere in a text, also where a cell ends in its beginning: longer than any run of it."""
    mark = "\x1e"
    while mark in text:
        mark += "\x1e"
    return f"\x1f{mark}\x1f"


def _spell_all(values: Sequence[Any]) -> Sequence[str]:
    """Cells as text: each value that occurs is spelt once, unless truths are among them, which equal numbers."""
    kinds = set(map(type, values))
    if kinds == {str}:
        return values
    if bool in kinds and len(kinds) > 1:
        return [value if value.__class__ is str else _spell(value) for value in values]
    spelt = {value: value if value.__class__ is str else _spell(value) for value in set(values)}
    return list(map(spelt.__getitem__, values))


def _restore(
    texts: Sequence[str], values: Sequence[Any], padded: Mapping[int, int], first: int
) -> tuple[Sequence[str], list[int]]:
    """Whole numbers with the zeros that the sheet shows before them; and in which rows there were any."""
    changed, out = list[int](), list[str]()
    if not padded:
        return texts, changed
    for place, (text, value) in enumerate(zip(texts, values, strict=True), first):
        zeros = padded.get(place, 0) if value.__class__ in _NUMBERS and text.isdecimal() else 0
        if len(text) < zeros:
            changed.append(place)
        out.append(text.zfill(zeros))
    return out, changed


def _spell(value: Any) -> str:
    """A cell as text; the types are those that calamine gives."""
    return _SPELLINGS.get(value.__class__, str)(value)


def _spell_number(number: float) -> str:
    return str(int(number)) if number.is_integer() and abs(number) < _EXACT else repr(number)


def _spell_moment(moment: datetime) -> str:
    return moment.date().isoformat() if moment.time() == time() else moment.isoformat(sep=" ")


_NUMBERS: Final = (int, float)
_SPELLINGS: Final[dict[type, Callable[[Any], str]]] = {
    float: _spell_number,
    bool: lambda truth: "TRUE" if truth else "FALSE",
    datetime: _spell_moment,
    date: date.isoformat,
    time: time.isoformat,
    timedelta: str,
}
