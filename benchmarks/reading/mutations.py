"""Files made wrong: bytes changed, parts of archives changed, tables of odd cells.

Invariants: a seed and a number give the same file always, so that a failure can be made again.
"""

import io
import random
import zipfile
import zlib
from collections.abc import Callable, Sequence
from typing import Any, Final

import xlsxwriter
from attrs import frozen

from benchmarks.reading.writers import Dialect, text

_ODD: Final = (
    b"",
    b"\0",
    b"\xff" * 4,
    b"\xff\xff\xff\x7f",
    b"\x00\x00\x00\x80",
    b"-1",
    b"4294967295",
    b"99999999999999999999",
    b"<",
    b"</",
    b"&#0;",
    b"&e;",
    b"]]>",
    b'"',
    b"'",
    b"\r",
    b"\n",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"XFD1048576",
    b"A0",
    b"ZZZZ9",
    b'r="0"',
    b't="s"',
    b"1e309",
    b"NaN",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
)
"""Bytes that mean something somewhere."""

_WORDS: Final = (
    "Given Name",
    "Surname",
    "Family Name",
    "Name",
    "Student",
    "Student ID",
    "Year",
    "Class",
    "DOB",
    "Date of Birth",
    "Gender",
    "Email",
    "ID",
    "",
    " ",
    "\xa0",
    "3/4/2016",
    "31/02/2015",
    "2016-03-14",
    "43210",
    "-1",
    "1e400",
    "Torenbek, Ilva (Ilo)",
    ", ",
    ",,,",
    "()",
    "(",
    '"',
    "'",
    "<clear>",
    "1.0",
    "1.2E+09",
    "Year 3",
    "Prep",
    "Password",
    "Total: 3",
    "Total",
    "=1+1",
    "\n",
    "\r\n",
    "\u200b",
    "\u202e",
    "王",
    "é",
    "é",
    "🙂",
    "\ud7ff",
    "A" * 300,
    "0",
    "00",
    "Required",
    "e.g. 3B",
    "#N/A",
    "#REF!",
    "TRUE",
    "None",
    "nan",
    "Example: Ilva",
    "99/99/9999",
    "1/1/1",
    "29.2.2015",
    "Feb 30 2014",
    "x\0y",
)
"""Cells that decide something, and odd ones."""

_NUMBERS: Final = (0, -1, 1, 43210, 1e15, 1e300, -43210.5, 2958466, 0.1, True)
_SEPARATORS: Final = ",;\t|"
_ENCODINGS: Final = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "shift-jis", "gb18030", "mac-roman")


@frozen(eq=False)
class Seeds:
    """Good files that are made wrong: their bytes, by the suffix of their name."""

    files: Sequence[tuple[str, bytes]]


@frozen(eq=False)
class _Grid:
    """Rows of odd cells, written as text."""

    rows: list[list[Any]]

    def cells(self) -> list[list[Any]]:
        """What `writers.text` writes."""
        return self.rows


def mutate(seeds: Seeds, seed: int, number: int) -> tuple[str, bytes]:
    """One wrong file: the suffix of its name, and its bytes."""
    dice = random.Random(f"{seed} {number}")
    kind = dice.random()
    if kind < 0.25:
        return ".csv", _odd_text(dice)
    if kind < 0.4:
        return ".xlsx", _odd_workbook(dice)
    suffix, data = dice.choice(seeds.files)
    if data.startswith(b"PK") and dice.random() < 0.7:
        return suffix, _within_archive(dice, data)
    if dice.random() < 0.1:
        data = _spliced(dice, data, dice.choice(seeds.files)[1])
    return suffix, _changed(dice, data)


def _changed(dice: random.Random, data: bytes) -> bytes:
    """A few changes to bytes, one after the other."""
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        data = dice.choice(_CHANGES)(dice, data)
    return data


def _place(dice: random.Random, data: bytes) -> int:
    """Anywhere, and the beginning more often: there stand the facts about the rest."""
    return dice.randrange(min(len(data), 600) if dice.random() < 0.4 else len(data)) if data else 0


def _flip(dice: random.Random, data: bytes) -> bytes:
    at = _place(dice, data)
    return data[:at] + bytes([dice.randrange(256)]) + data[at + 1 :]


def _put(dice: random.Random, data: bytes) -> bytes:
    at = _place(dice, data)
    return data[:at] + dice.choice(_ODD) + data[at:]


def _overwrite(dice: random.Random, data: bytes) -> bytes:
    at, odd = _place(dice, data), dice.choice(_ODD)
    return data[:at] + odd + data[at + len(odd) :]


def _cut_out(dice: random.Random, data: bytes) -> bytes:
    at = _place(dice, data)
    return data[:at] + data[at + dice.choice((1, 2, 8, 100)) :]


def _cut_off(dice: random.Random, data: bytes) -> bytes:
    return data[: _place(dice, data)]


def _double(dice: random.Random, data: bytes) -> bytes:
    at, size = _place(dice, data), dice.choice((1, 4, 60, 800))
    return data[: at + size] + data[at : at + size] * dice.choice((1, 1, 3, 50)) + data[at + size :]


_CHANGES: Final[Sequence[Callable[[random.Random, bytes], bytes]]] = (
    _flip,
    _flip,
    _flip,
    _put,
    _put,
    _overwrite,
    _overwrite,
    _cut_out,
    _cut_off,
    _double,
)


def _spliced(dice: random.Random, data: bytes, other: bytes) -> bytes:
    return data[: _place(dice, data)] + other[_place(dice, other) :]


def _within_archive(dice: random.Random, data: bytes) -> bytes:
    """The same archive with one of its members changed, left out or put in twice."""
    stream = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            members = [(name, source.read(name)) for name in source.namelist()]
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, EOFError, RuntimeError):
        return _changed(dice, data)
    if not members:
        return _changed(dice, data)
    chosen, fate = dice.randrange(len(members)), dice.random()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for place, (name, content) in enumerate(members):
            if place == chosen and fate < 0.05:
                continue
            kept = _changed(dice, content) if place == chosen or fate > 0.95 else content
            target.writestr(zipfile.ZipInfo(name), kept, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _cells(dice: random.Random) -> list[list[str]]:
    width = dice.choice((1, 2, 3, 4, 8))
    return [
        [dice.choice(_WORDS) for _ in range(dice.choice((width, width, width, 0, width + 2)))]
        for _ in range(dice.choice((0, 1, 2, 5, 12)))
    ]


def _headed(dice: random.Random) -> list[list[str]]:
    """Odd cells, mostly below a header of students."""
    return (
        [["Given Name", "Surname", "DOB", "Year", "ID", "Class"], *_cells(dice)]
        if dice.random() < 0.6
        else _cells(dice)
    )


def _odd_text(dice: random.Random) -> bytes:
    dialect = Dialect(
        dice.choice(_ENCODINGS), dice.choice(_SEPARATORS), dice.choice(("\r\n", "\n", "\r")), errors="replace"
    )
    rows: list[list[Any]] = [*_headed(dice)]
    return text(_Grid(rows), dialect)


def _odd_workbook(dice: random.Random) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "date_1904": dice.random() < 0.2}) as book:
        for _ in range(dice.choice((1, 1, 2, 3))):
            sheet = book.add_worksheet()
            top, left = dice.choice((0, 0, 3, 500)), dice.choice((0, 0, 2, 60))
            for row, line in enumerate(_headed(dice), top):
                for place, cell in enumerate(line, left):
                    _write(dice, sheet, (row, place), cell)
            if dice.random() < 0.3:
                first = dice.randrange(top + 3)
                sheet.merge_range(first, left, first + dice.randrange(1, 4), left + dice.randrange(1, 4), "Merged")
    return stream.getvalue()


def _write(dice: random.Random, sheet: Any, place: tuple[int, int], cell: str) -> None:
    kind = dice.random()
    if kind < 0.1:
        sheet.write_number(*place, dice.choice(_NUMBERS))
    elif kind < 0.15:
        sheet.write_formula(*place, "=A1", None, dice.choice((cell, "#N/A", 3, "")))
    elif kind < 0.17:
        sheet.write_boolean(*place, dice.random() < 0.5)
    else:
        sheet.write_string(*place, cell.replace("\0", ""))
