"""What hostile files are made of: sheets, workbooks and archives that no program of an office writes.

Invariants: each is small enough to be sent by mail.
"""

import io
import zipfile
from collections.abc import Mapping
from typing import Final

from benchmarks.reading.pages import DATED, Page
from benchmarks.reading.people import Crowd, draw_people
from benchmarks.reading.writers import workbook

_MB: Final = 1 << 20


def one_cell(reference: bytes, value: bytes) -> bytes:
    """A row with one cell at a place."""
    row = bytes(letter for letter in reference if 48 <= letter <= 57)
    return b'<row r="%s"><c r="%s" t="inlineStr"><is><t>%s</t></is></c></row>' % (row, reference, value)


ROW_XML: Final = b'<row><c t="inlineStr"><is><t>x</t></is></c></row>'
PEOPLE_XML: Final = b"".join(
    b'<row r="%d">%s</row>'
    % (
        row,
        b"".join(
            b'<c r="%c%d" t="inlineStr"><is><t>%s</t></is></c>' % (65 + place, row, word)
            for place, word in enumerate(words)
        ),
    )
    for row, words in enumerate(([b"Given Name", b"Family Name"], [b"Ilva", b"Torenbek"], [b"Maro", b"Quendel"]), 1)
)
_ENTITIES: Final = b"".join(
    b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10 if n else b"ha" * 10) for n in range(10)
)
LAUGHS: Final = (
    b'<?xml version="1.0"?><!DOCTYPE sst [' + _ENTITIES + b"]>"
    b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&e9;</t></si></sst>'
)
_MAIN: Final = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LAUGHS_SHEET: Final = (
    b'<?xml version="1.0"?><!DOCTYPE worksheet ['
    + _ENTITIES
    + b"]><worksheet "
    + _MAIN
    + b"><sheetData>"
    + one_cell(b"A1", b"&e9;")
    + b"</sheetData></worksheet>"
)
FILE_SHEET: Final = (
    b'<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY f SYSTEM "file:///etc/hostname">]><worksheet '
    + _MAIN
    + b"><sheetData>"
    + one_cell(b"A1", b"&f;")
    + b"</sheetData></worksheet>"
)
CIRCLE: Final = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    b'Target="workbook.xml"/></Relationships>'
)


def sheet_of(rows: bytes, *, size: str = "", after: bytes = b"") -> bytes:
    """A workbook whose one sheet has these rows."""
    dimension = b'<dimension ref="%s"/>' % size.encode() if size else b""
    xml = b"<worksheet " + _MAIN + b">" + dimension + b"<sheetData>" + rows + b"</sheetData>" + after + b"</worksheet>"
    return book_of({"xl/worksheets/sheet1.xml": xml})


def book_of(members: Mapping[str, bytes], *, leave_out: str = "") -> bytes:
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


def zip_of(members: Mapping[str, bytes]) -> bytes:
    """An archive of these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in members.items():
            stored = zipfile.ZIP_STORED if name == "mimetype" else None  # a reader of ods looks for it by its place
            archive.writestr(name, data, stored)
    return stream.getvalue()


def nested_zips() -> bytes:
    """Archives in archives, a hundred and sixty gigabytes when all are unpacked."""
    data = zip_of({"p.csv": b" " * (40 * _MB)})
    for _ in range(4):
        data = zip_of({f"{n}.zip": data for n in range(8)})
    return data


def many_members() -> bytes:
    """An archive with more members than any workbook has."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        for number in range(65_000):
            archive.writestr(f"{number}", b"")
    return stream.getvalue()


def repeated_ods(columns: int, rows: int) -> bytes:
    """A sheet of OpenDocument that repeats one cell so often."""
    names = {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    }
    spaces = " ".join(f'xmlns:{name}="{uri}"' for name, uri in names.items())
    cell = f'<table:table-cell table:number-columns-repeated="{columns}" office:value-type="string">'
    cell += "<text:p>Name</text:p></table:table-cell>"
    row = f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>'
    table = f"<office:spreadsheet><table:table table:name='A'>{row}</table:table></office:spreadsheet>"
    content = f"<office:document-content {spaces}><office:body>{table}</office:body></office:document-content>"
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return zip_of({"mimetype": kind, "content.xml": content.encode(), "META-INF/manifest.xml": manifest})


def corners() -> bytes:
    """Students, and a cell in the last corner of a sheet."""
    return PEOPLE_XML + one_cell(b"XFD1048576", b"x")


def wide_row() -> bytes:
    """A row of as many cells as a sheet can have."""

    def letters(place: int) -> bytes:
        first, last = divmod(place, 26)
        return (letters(first - 1) if first else b"") + bytes([65 + last])

    cells = b"".join(b'<c r="%s1" t="inlineStr"><is><t>Name</t></is></c>' % letters(place) for place in range(16_384))
    return b'<row r="1">' + cells + b"</row>"


def merged_areas(count: int) -> bytes:
    """So many merged areas."""
    areas = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (n, n) for n in range(2, count))
    return b'<mergeCells count="%d">%s</mergeCells>' % (count, areas)


def many_sheets() -> bytes:
    """A workbook of two thousand sheets."""
    people = draw_people(Crowd(2, 2))
    return workbook([Page(DATED, people, sheet=f"{number}") for number in range(2_000)])
