"""Files that are made to hurt: bombs, sheets of holes, giants, ruins, and things that are no spreadsheet.

Invariants: none is larger than a school could send, so that none is stopped at the door alone; each states the codes
with which it may be refused, and `rows` where a reader may as well give what there is.
"""

import gzip
import io
import random
import zipfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final

from benchmarks.reading.cases import Case
from benchmarks.reading.pages import DATED, Page
from benchmarks.reading.people import Crowd, draw_people
from benchmarks.reading.writers import OFFICE, convert, text, workbook

_MB: Final = 1 << 20
_TOO_MUCH: Final = ("inflated", "damaged", "too_large", "too_many_rows", "too_many_columns")
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
        "more bytes than are allowed", "limit", "p.csv", lambda: _HEADER + _ROW * 50_000, refusals=["too_large"],
        options={"max_bytes": 1_000_000},
    )  # fmt: skip
    yield Case(
        "more rows than are allowed", "limit", "p.csv", lambda: _HEADER + _ROW * 50_000, refusals=["too_many_rows"],
        options={"max_rows": 10_000},
    )  # fmt: skip


Made = Mapping[str, tuple[str, Callable[[], bytes], tuple[str, ...]]]


def _bombs() -> Made:
    return {
        "a sheet of 400 MB of blanks in 400 KB": ("xlsx", partial(_sheet, b" " * (400 * _MB)), _TOO_MUCH),
        "a sheet of 2 million equal rows": ("xlsx", partial(_sheet, _ROW_XML * 2_000_000), (*_TOO_MUCH, "rows")),
        "texts that are entities of entities": ("xlsx", partial(_book, {"xl/sharedStrings.xml": _LAUGHS}), ("any", "rows")),
        "a sheet of entities of entities": ("xlsx", partial(_book, {"xl/worksheets/sheet1.xml": _LAUGHS_SHEET}), ("any", "rows")),
        "an entity that names a file": ("xlsx", partial(_book, {"xl/worksheets/sheet1.xml": _FILE_SHEET}), ("any",)),
        "gzip of 400 MB of blanks": ("csv.gz", lambda: gzip.compress(b" " * (400 * _MB), 1), ("inflated", "too_large", "empty", "not_a_spreadsheet")),
        "gzip of 400 MB of rows": ("csv.gz", lambda: gzip.compress(_HEADER + _ROW * 16_000_000, 1), (*_TOO_MUCH, "not_a_spreadsheet")),
        "zip of 400 MB of rows": ("zip", lambda: _zip({"p.csv": _HEADER + _ROW * 16_000_000}), (*_TOO_MUCH, "not_a_spreadsheet")),
        "zips in zips": ("zip", _nested, ("inflated", "not_a_spreadsheet", "damaged")),
        "a million members": ("xlsx", _members, ("inflated", "damaged", "not_a_spreadsheet")),
        "a cell of an ods repeated a billion times": ("ods", partial(_ods, 1_000, 1_000_000), _TOO_MUCH),
        "a cell of an ods repeated past any sheet": ("ods", partial(_ods, 2**31, 2**31), _TOO_MUCH),
    }  # fmt: skip


def _giants() -> Made:
    return {
        "a cell of 60 MB in text": ("csv", lambda: _HEADER + b"Ilva," + b"x" * (60 * _MB) + b",2016\r\n", ("any", "rows")),
        "a quoted cell of 60 MB in text": ("csv", lambda: _HEADER + b'Ilva,"' + b"x\n" * (30 * _MB) + b'",2016\r\n', ("any", "rows")),
        "a header of 20 MB": ("csv", lambda: b"Given Name," + b"(" * (20 * _MB) + b"\r\nIlva,x\r\n", ("any", "rows")),
        "a cell of 60 MB in a workbook": ("xlsx", partial(_sheet, _cells(b"A1", b"x" * (60 * _MB))), ("any", "rows")),
        "a million columns in text": ("csv", lambda: b",".join([b"Given Name"] * 1_000_000) + b"\r\nIlva\r\n", ("too_many_columns",)),
        "a row of a million cells": ("csv", lambda: _HEADER + _ROW * 20 + b"x," * 1_000_000 + b"\r\n", ("too_many_columns",)),
        "40 MB without a line end": ("csv", lambda: b"Ilva Torenbek " * (3 * _MB), ("no_table", "not_a_spreadsheet", *_TOO_MUCH)),
        "40 MB of quotation marks": ("csv", lambda: _HEADER + b'"' * (40 * _MB + 1), ("any", "rows")),
        "40 MB of separators": ("csv", lambda: b"," * (40 * _MB), ("any",)),
        "3 million rows in text": ("csv", lambda: _HEADER + _ROW * 3_000_000, ("too_many_rows",)),
        "20 million line ends": ("csv", lambda: _HEADER + b"\r\n" * 20_000_000 + _ROW, ("any", "rows")),
    }  # fmt: skip


def _sheets() -> Made:
    return {
        "a cell in each of two corners of a sheet": ("xlsx", partial(_sheet, _corners()), _TOO_MUCH),
        "corners without references of cells": ("xlsx", partial(_sheet, b'<row r="1048576"><c t="inlineStr"><is><t>x</t></is></c></row>'), ("any",)),
        "a sheet that claims every cell": ("xlsx", partial(_sheet, _PEOPLE_XML, size="A1:XFD1048576"), ("rows", "inflated")),
        "a cell beyond any sheet": ("xlsx", partial(_sheet, _PEOPLE_XML + _cells(b"ZZZZZZ99999999", b"x")), ("any", "rows")),
        "every column used": ("xlsx", partial(_sheet, _wide()), ("too_many_columns", "inflated")),
        "2,000 sheets": ("xlsx", _many_sheets, ("any", "rows")),
        "a million merged areas": ("xlsx", partial(_sheet, _PEOPLE_XML, after=_merges(300_000)), ("rows", "inflated", "damaged")),
        "a merged area of the whole sheet": ("xlsx", partial(_sheet, _PEOPLE_XML, after=b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'), ("rows", "inflated")),
        "a text that is not in the list of texts": ("xlsx", partial(_sheet, b'<row r="1"><c r="A1" t="s"><v>99999999</v></c></row>'), ("any",)),
        "elements within elements a million deep": ("xlsx", partial(_sheet, b"<a>" * 1_000_000), ("any",)),
        "relations that lead in a circle": ("xlsx", partial(_book, {"xl/_rels/workbook.xml.rels": _CIRCLE}), ("any",)),
        "a sheet that is not there": ("xlsx", partial(_book, {}, leave_out="xl/worksheets/sheet1.xml"), ("any",)),
        "members that climb out of the archive": ("xlsx", partial(_book, {"../../etc/evil.xml": b"x"}), ("any", "rows")),
    }  # fmt: skip


def _texts() -> Made:
    dice = random.Random(5)
    return {
        "NULs between the letters": ("csv", lambda: (_HEADER + _ROW * 20).replace(b"a", b"a\0"), ("any", "rows")),
        "bytes drawn at random": ("csv", lambda: dice.randbytes(200_000), ("any",)),
        "letters drawn at random": ("csv", lambda: "".join(map(chr, dice.choices(range(32, 0xD7FF), k=100_000))).encode(), ("any",)),
        "half of a UTF-16 letter": ("csv", lambda: "Given Name,Surname\r\nIlva,T\r\n".encode("utf-16")[:-1], ("any", "rows")),
        "a mark of UTF-8 and bytes that are none": ("csv", lambda: b"\xef\xbb\xbf" + _HEADER + b"\xff\xfe,\x80\r\n" * 50, ("any", "rows")),
        "100,000 dates that are none": ("csv", lambda: _HEADER + b"".join(b"Ilva,T,%d of never\r\n" % n for n in range(100_000)), ("rows",)),
        "100,000 different headers below each other": ("csv", lambda: _HEADER * 100_000, ("any", "rows")),
    }  # fmt: skip


def _foreign() -> Made:
    return {
        "an empty file": ("csv", lambda: b"", ("empty",)),
        "blanks alone": ("csv", lambda: b" \r\n" * 50, ("empty",)),
        "a PDF": ("pdf", lambda: b"%PDF-1.7\n" + b"\0\1\2" * 900, ("not_a_spreadsheet",)),
        "a PDF named .xlsx": ("xlsx", lambda: b"%PDF-1.7\n" + b"\0\1\2" * 900, ("not_a_spreadsheet",)),
        "an image": ("csv", lambda: b"\x89PNG\r\n\x1a\n" + b"\0\1\2" * 900, ("not_a_spreadsheet",)),
        "a web page named .xls": ("xls", lambda: b"<html><body><table><tr><td>Given Name</td></tr></table></body></html>", ("not_a_spreadsheet", "no_table")),
        "a text document": ("docx", lambda: _zip({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}), ("not_a_spreadsheet", "damaged")),
        "a letter": ("txt", lambda: b"Dear office,\r\n\r\nplease find our students attached.\r\n\r\nKind regards\r\n" * 9, ("no_table",)),
        "a list of books": ("csv", lambda: b"Title,Copies,Price\r\n" + b"Atlas of Rivers,30,12.5\r\n" * 9, ("no_table",)),
        "JSON": ("json", lambda: b'[{"given": "Ilva", "family": "Torenbek"}]' * 9, ("no_table", "not_a_spreadsheet")),
    }  # fmt: skip


def _ruins(seed: int) -> Made:
    """A good file cut short, and one in which bytes were changed."""
    page = Page(DATED, draw_people(Crowd(seed, 30)))
    whole, dice = workbook([page]), random.Random(seed)
    made: dict[str, tuple[str, Callable[[], bytes], tuple[str, ...]]] = {
        "a workbook cut in half": ("xlsx", lambda: whole[: len(whole) // 2], _BROKEN),
        "a workbook cut at its last bytes": ("xlsx", lambda: whole[:-10], (*_BROKEN, "rows")),
        "a workbook with bytes changed": ("xlsx", partial(_changed, whole, dice), ("any", "rows")),
        "a text cut within a quoted cell": ("csv", lambda: text(page).replace(b"\r\n", b'\r\n"', 1)[:-5], ("any", "quotes_damaged")),
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


def _cells(reference: bytes, value: bytes) -> bytes:
    row = bytes(letter for letter in reference if 48 <= letter <= 57)
    return b'<row r="%s"><c r="%s" t="inlineStr"><is><t>%s</t></is></c></row>' % (row, reference, value)


_ROW_XML: Final = b'<row><c t="inlineStr"><is><t>x</t></is></c></row>'
_PEOPLE_XML: Final = b"".join(
    b'<row r="%d">%s</row>'
    % (row, b"".join(b'<c r="%c%d" t="inlineStr"><is><t>%s</t></is></c>' % (65 + place, row, word) for place, word in enumerate(words)))
    for row, words in enumerate(([b"Given Name", b"Family Name"], [b"Ilva", b"Torenbek"], [b"Maro", b"Quendel"]), 1)
)  # fmt: skip
_ENTITIES: Final = b"".join(
    b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10 if n else b"ha" * 10) for n in range(10)
)
_LAUGHS: Final = (
    b'<?xml version="1.0"?><!DOCTYPE sst [' + _ENTITIES + b"]>"
    b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&e9;</t></si></sst>'
)
_MAIN: Final = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_LAUGHS_SHEET: Final = (
    b'<?xml version="1.0"?><!DOCTYPE worksheet [' + _ENTITIES + b"]><worksheet " + _MAIN + b"><sheetData>"
    + _cells(b"A1", b"&e9;") + b"</sheetData></worksheet>"
)  # fmt: skip
_FILE_SHEET: Final = (
    b'<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY f SYSTEM "file:///etc/hostname">]><worksheet ' + _MAIN
    + b"><sheetData>" + _cells(b"A1", b"&f;") + b"</sheetData></worksheet>"
)  # fmt: skip
_CIRCLE: Final = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    b'Target="workbook.xml"/></Relationships>'
)


def _sheet(rows: bytes, *, size: str = "", after: bytes = b"") -> bytes:
    """A workbook whose one sheet has these rows."""
    dimension = b'<dimension ref="%s"/>' % size.encode() if size else b""
    xml = b"<worksheet " + _MAIN + b">" + dimension + b"<sheetData>" + rows + b"</sheetData>" + after + b"</worksheet>"
    return _book({"xl/worksheets/sheet1.xml": xml})


def _book(members: Mapping[str, bytes], *, leave_out: str = "") -> bytes:
    """An ordinary workbook, with some of its members replaced or added."""
    stream, plain = io.BytesIO(), workbook([Page(DATED, draw_people(Crowd(1, 3)))])
    with (
        zipfile.ZipFile(io.BytesIO(plain)) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
    ):
        for name in (*source.namelist(), *members):
            if name != leave_out and name not in target.namelist():
                target.writestr(name, members.get(name) or source.read(name))
    return stream.getvalue()


def _zip(members: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in members.items():
            stored = zipfile.ZIP_STORED if name == "mimetype" else None  # a reader of ods looks for it by its place
            archive.writestr(name, data, stored)
    return stream.getvalue()


def _nested() -> bytes:
    data = _zip({"p.csv": b" " * (40 * _MB)})
    for _ in range(4):
        data = _zip({f"{n}.zip": data for n in range(8)})
    return data


def _members() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        for number in range(65_000):
            archive.writestr(f"{number}", b"")
    return stream.getvalue()


def _ods(columns: int, rows: int) -> bytes:
    names = {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0", "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    }  # fmt: skip
    spaces = " ".join(f'xmlns:{name}="{uri}"' for name, uri in names.items())
    cell = f'<table:table-cell table:number-columns-repeated="{columns}" office:value-type="string"><text:p>Name</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>'
    content = f"<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name='A'>{row}</table:table></office:spreadsheet></office:body></office:document-content>"
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return _zip({"mimetype": kind, "content.xml": content.encode(), "META-INF/manifest.xml": manifest})


def _corners() -> bytes:
    return _PEOPLE_XML + _cells(b"XFD1048576", b"x")


def _wide() -> bytes:
    def letters(place: int) -> bytes:
        first, last = divmod(place, 26)
        return (letters(first - 1) if first else b"") + bytes([65 + last])

    cells = b"".join(b'<c r="%s1" t="inlineStr"><is><t>Name</t></is></c>' % letters(place) for place in range(16_384))
    return b'<row r="1">' + cells + b"</row>"


def _merges(count: int) -> bytes:
    areas = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (n, n) for n in range(2, count))
    return b'<mergeCells count="%d">%s</mergeCells>' % (count, areas)


def _many_sheets() -> bytes:
    people = draw_people(Crowd(2, 2))
    return workbook([Page(DATED, people, sheet=f"{number}") for number in range(2_000)])


