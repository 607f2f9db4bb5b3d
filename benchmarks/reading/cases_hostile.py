"""Files that are made to hurt: bombs, sheets of holes, giants, ruins, and things that are no spreadsheet.

Invariants: none is larger than a school could send, so that none is stopped at the door alone; each states the codes
with which it may be refused, and `rows` where a reader may as well give what there is.
"""

import gzip
import random
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final

from benchmarks.reading.bombs import (
    CIRCLE,
    FILE_SHEET,
    LAUGHS,
    LAUGHS_SHEET,
    PEOPLE_XML,
    ROW_XML,
    book_of,
    corners,
    many_members,
    many_sheets,
    merged_areas,
    nested_zips,
    one_cell,
    repeated_ods,
    sheet_of,
    wide_row,
    zip_of,
)
from benchmarks.reading.cases import Case
from benchmarks.reading.pages import DATED, Page
from benchmarks.reading.people import Crowd, draw_people
from benchmarks.reading.writers import OFFICE, convert, text, workbook

_MB: Final = 1 << 20
_TOO_MUCH: Final = ("inflated", "damaged", "too_large", "too_many_rows", "too_many_columns", "too_much_memory")
_BROKEN: Final = ("damaged", "not_a_spreadsheet", "inflated")
_HEADER: Final = b"Given Name,Family Name,Date of Birth\r\n"
_ROW: Final = b"Ilva,Torenbek,2016-03-14\r\n"


def hostile_cases(seed: int) -> Iterator[Case]:
    """Hostile files of one seed."""
    for name, (suffix, make, refusals) in {**_bombs(), **_giants(), **_sheets(), **_texts()}.items():
        yield Case(name, "limit", f"p.{suffix}", make, refusals=refusals)
    for name, (suffix, make, refusals) in {**_foreign(), **_ruins(seed)}.items():
        yield Case(name, "limit", f"p.{suffix}", make, refusals=refusals)
    yield Case(
        "more bytes than are allowed",
        "limit",
        "p.csv",
        lambda: _HEADER + _ROW * 50_000,
        refusals=["too_large"],
        options={"max_bytes": 1_000_000},
    )
    yield Case(
        "more rows than are allowed",
        "limit",
        "p.csv",
        lambda: _HEADER + _ROW * 50_000,
        refusals=["too_many_rows"],
        options={"max_rows": 10_000},
    )


Made = Mapping[str, tuple[str, Callable[[], bytes], tuple[str, ...]]]


def _bombs() -> Made:
    return {
        "a sheet of 400 MB of blanks in 400 KB": (
            "xlsx",
            partial(sheet_of, b" " * (400 * _MB)),
            (*_TOO_MUCH, "no_table"),
        ),
        "a sheet of 2 million equal rows": (
            "xlsx",
            partial(sheet_of, ROW_XML * 2_000_000),
            (*_TOO_MUCH, "no_table", "rows"),
        ),
        "texts that are entities of entities": (
            "xlsx",
            partial(book_of, {"xl/sharedStrings.xml": LAUGHS}),
            ("any", "rows"),
        ),
        "a sheet of entities of entities": (
            "xlsx",
            partial(book_of, {"xl/worksheets/sheet1.xml": LAUGHS_SHEET}),
            ("any", "rows"),
        ),
        "an entity that names a file": ("xlsx", partial(book_of, {"xl/worksheets/sheet1.xml": FILE_SHEET}), ("any",)),
        "gzip of 400 MB of blanks": (
            "csv.gz",
            lambda: gzip.compress(b" " * (400 * _MB), 1),
            ("inflated", "too_large", "empty", "not_a_spreadsheet"),
        ),
        "gzip of 400 MB of rows": (
            "csv.gz",
            lambda: gzip.compress(_HEADER + _ROW * 16_000_000, 1),
            (*_TOO_MUCH, "not_a_spreadsheet"),
        ),
        "zip of 400 MB of rows": (
            "zip",
            lambda: zip_of({"p.csv": _HEADER + _ROW * 16_000_000}),
            (*_TOO_MUCH, "not_a_spreadsheet"),
        ),
        "zips in zips": ("zip", nested_zips, ("inflated", "not_a_spreadsheet", "damaged", "several_files")),
        "a million members": ("xlsx", many_members, ("inflated", "damaged", "not_a_spreadsheet")),
        "a cell of an ods repeated a billion times": ("ods", partial(repeated_ods, 1_000, 1_000_000), _TOO_MUCH),
        "a cell of an ods repeated past any sheet": ("ods", partial(repeated_ods, 2**31, 2**31), _TOO_MUCH),
    }


def _giants() -> Made:
    return {
        "a cell of 60 MB in text": (
            "csv",
            lambda: _HEADER + b"Ilva," + b"x" * (60 * _MB) + b",2016\r\n",
            ("any", "rows"),
        ),
        "a quoted cell of 60 MB in text": (
            "csv",
            lambda: _HEADER + b'Ilva,"' + b"x\n" * (30 * _MB) + b'",2016\r\n',
            ("any", "rows"),
        ),
        "a header of 20 MB": ("csv", lambda: b"Given Name," + b"(" * (20 * _MB) + b"\r\nIlva,x\r\n", ("any", "rows")),
        "a cell of 60 MB in a workbook": (
            "xlsx",
            partial(sheet_of, one_cell(b"A1", b"x" * (60 * _MB))),
            ("any", "rows"),
        ),
        "a million columns in text": (
            "csv",
            lambda: b",".join([b"Given Name"] * 1_000_000) + b"\r\nIlva\r\n",
            ("too_many_columns",),
        ),
        "a row of a million cells": (
            "csv",
            lambda: _HEADER + _ROW * 20 + b"x," * 1_000_000 + b"\r\n",
            ("too_many_columns",),
        ),
        "40 MB without a line end": (
            "csv",
            lambda: b"Ilva Torenbek " * (3 * _MB),
            ("no_table", "not_a_spreadsheet", "cell_too_long", *_TOO_MUCH),
        ),
        "40 MB of quotation marks": ("csv", lambda: _HEADER + b'"' * (40 * _MB + 1), ("any", "rows")),
        "40 MB of separators": ("csv", lambda: b"," * (40 * _MB), ("any",)),
        "3 million rows in text": ("csv", lambda: _HEADER + _ROW * 3_000_000, ("too_many_rows",)),
        "20 million line ends": ("csv", lambda: _HEADER + b"\r\n" * 20_000_000 + _ROW, ("any", "rows")),
    }


def _sheets() -> Made:
    return {
        "a cell in each of two corners of a sheet": ("xlsx", partial(sheet_of, corners()), _TOO_MUCH),
        "corners without references of cells": (
            "xlsx",
            partial(sheet_of, b'<row r="1048576"><c t="inlineStr"><is><t>x</t></is></c></row>'),
            ("any",),
        ),
        "a sheet that claims every cell": (
            "xlsx",
            partial(sheet_of, PEOPLE_XML, size="A1:XFD1048576"),
            ("rows", "inflated"),
        ),
        "a cell beyond any sheet": (
            "xlsx",
            partial(sheet_of, PEOPLE_XML + one_cell(b"ZZZZZZ99999999", b"x")),
            ("any", "rows"),
        ),
        "every column used": ("xlsx", partial(sheet_of, wide_row()), ("too_many_columns", "inflated")),
        "2,000 sheets": ("xlsx", many_sheets, ("any", "rows")),
        "a million merged areas": (
            "xlsx",
            partial(sheet_of, PEOPLE_XML, after=merged_areas(300_000)),
            ("rows", "inflated", "damaged"),
        ),
        "a merged area of the whole sheet": (
            "xlsx",
            partial(sheet_of, PEOPLE_XML, after=b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
            ("rows", "inflated"),
        ),
        "a text that is not in the list of texts": (
            "xlsx",
            partial(sheet_of, b'<row r="1"><c r="A1" t="s"><v>99999999</v></c></row>'),
            ("any",),
        ),
        "elements within elements a million deep": ("xlsx", partial(sheet_of, b"<a>" * 1_000_000), ("any",)),
        "relations that lead in a circle": ("xlsx", partial(book_of, {"xl/_rels/workbook.xml.rels": CIRCLE}), ("any",)),
        "a sheet that is not there": ("xlsx", partial(book_of, {}, leave_out="xl/worksheets/sheet1.xml"), ("any",)),
        "members that climb out of the archive": (
            "xlsx",
            partial(book_of, {"../../etc/evil.xml": b"x"}),
            ("any", "rows"),
        ),
    }


def _texts() -> Made:
    dice = random.Random(5)
    return {
        "NULs between the letters": ("csv", lambda: (_HEADER + _ROW * 20).replace(b"a", b"a\0"), ("any", "rows")),
        "bytes drawn at random": ("csv", lambda: dice.randbytes(200_000), ("any",)),
        "letters drawn at random": (
            "csv",
            lambda: "".join(map(chr, dice.choices(range(32, 0xD7FF), k=100_000))).encode(),
            ("any",),
        ),
        "half of a UTF-16 letter": (
            "csv",
            lambda: "Given Name,Surname\r\nIlva,T\r\n".encode("utf-16")[:-1],
            ("any", "rows"),
        ),
        "a mark of UTF-8 and bytes that are none": (
            "csv",
            lambda: b"\xef\xbb\xbf" + _HEADER + b"\xff\xfe,\x80\r\n" * 50,
            ("any", "rows"),
        ),
        "100,000 dates that are none": (
            "csv",
            lambda: _HEADER + b"".join(b"Ilva,T,%d of never\r\n" % n for n in range(100_000)),
            ("rows",),
        ),
        "100,000 different headers below each other": ("csv", lambda: _HEADER * 100_000, ("any", "rows")),
    }


def _foreign() -> Made:
    return {
        "an empty file": ("csv", lambda: b"", ("empty",)),
        "blanks alone": ("csv", lambda: b" \r\n" * 50, ("empty",)),
        "a PDF": ("pdf", lambda: b"%PDF-1.7\n" + b"\0\1\2" * 900, ("not_a_spreadsheet",)),
        "a PDF named .xlsx": ("xlsx", lambda: b"%PDF-1.7\n" + b"\0\1\2" * 900, ("not_a_spreadsheet",)),
        "an image": ("csv", lambda: b"\x89PNG\r\n\x1a\n" + b"\0\1\2" * 900, ("not_a_spreadsheet",)),
        "a web page named .xls": (
            "xls",
            lambda: b"<html><body><table><tr><td>Your session</td></tr></table></body></html>",
            ("not_a_spreadsheet", "no_table"),
        ),
        "a text document": (
            "docx",
            lambda: zip_of({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}),
            ("not_a_spreadsheet", "damaged"),
        ),
        "a letter": (
            "txt",
            lambda: b"Dear office,\r\n\r\nplease find our students attached.\r\n\r\nKind regards\r\n" * 9,
            ("no_table",),
        ),
        "a list of books": (
            "csv",
            lambda: b"Title,Copies,Price\r\n" + b"Atlas of Rivers,30,12.5\r\n" * 9,
            ("no_table",),
        ),
        "JSON": ("json", lambda: b'[{"given": "Ilva", "family": "Torenbek"}]' * 9, ("no_table", "not_a_spreadsheet")),
    }


def _ruins(seed: int) -> Made:
    """A good file cut short, and one in which bytes were changed."""
    page = Page(DATED, draw_people(Crowd(seed, 30)))
    whole, dice = workbook([page]), random.Random(seed)
    made: dict[str, tuple[str, Callable[[], bytes], tuple[str, ...]]] = {
        "a workbook cut in half": ("xlsx", lambda: whole[: len(whole) // 2], _BROKEN),
        "a workbook cut at its last bytes": ("xlsx", lambda: whole[:-10], (*_BROKEN, "rows")),
        "a workbook with bytes changed": ("xlsx", partial(_changed, whole, dice), ("any", "rows")),
        "a text cut within a quoted cell": (
            "csv",
            lambda: text(page).replace(b"\r\n", b'\r\n"', 1)[:-5],
            ("any", "quotes_damaged"),
        ),
    }
    if OFFICE is not None:
        for suffix in ("xls", "ods"):
            made[f"an {suffix} cut in half"] = (suffix, partial(_cut, whole, suffix), _BROKEN)
    return made


def _cut(whole: bytes, suffix: str) -> bytes:
    data = convert(whole, "xlsx", suffix)
    return data[: len(data) // 2]


def _changed(whole: bytes, dice: random.Random) -> bytes:
    data = bytearray(whole)
    for _ in range(40):
        data[dice.randrange(len(data))] = dice.randrange(256)
    return bytes(data)
