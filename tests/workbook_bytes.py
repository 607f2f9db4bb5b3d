"""Workbooks and archives written part by part, as no program writes them, for the tests of reading."""

import io
import struct
import zipfile
from collections.abc import Mapping

END, FREE, OF_FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
STUDENTS = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>Given Name</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>Surname</t></is></c>'
    '<c r="C1" t="inlineStr"><is><t>Student Number</t></is></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>Ilva</t></is></c><c r="B2" t="inlineStr"><is><t>Torenbek</t></is></c>'
    '<c r="C2"><v>417</v></c></row>'
)
"""A list of one student, as the rows of a sheet."""


def archive(members: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file of these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)
    return stream.getvalue()


def parts(rows: str = STUDENTS, *, before: str = "", after: str = "", styles: str = "") -> dict[str, str]:
    """The parts of a workbook with one sheet, "3B", of these rows."""
    kind = RELATED
    return {
        "[Content_Types].xml": (
            f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/></Types>'
        ),
        "_rels/.rels": (
            f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{kind}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATED}"><sheets>'
            '<sheet name="3B" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{kind}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="rId2" Type="{kind}/styles" Target="styles.xml"/></Relationships>'
        ),
        "xl/worksheets/sheet1.xml": (
            f'{HEAD}{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'
        ),
        "xl/styles.xml": (
            f'{HEAD}<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'
        ),
    }  # fmt: skip


def xlsx(rows: str = STUDENTS, *, before: str = "", after: str = "", styles: str = "") -> bytes:
    """A workbook with one sheet, "3B", of these rows."""
    return archive(parts(rows, before=before, after=after, styles=styles))


def ods(rows: str) -> bytes:
    """An OpenDocument workbook with one sheet, "3B", of these rows."""
    names = "".join(
        f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("office", "table", "text")
    )
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": (
                f'{HEAD}<office:document-content{names}><office:body><office:spreadsheet><table:table table:name="3B">'
                f"{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
            ),
            "META-INF/manifest.xml": "<manifest/>",
        }
    )


def compound(name: str, content: bytes, *, next_of_first: int | None = None) -> bytes:
    """A compound file of one stream: sector 0 the FAT, sector 1 the directory, then the stream."""
    content = content.ljust(4096, b"\x00")
    count = len(content) // 512
    fat = [OF_FAT, END, *range(3, 2 + count), END]
    if next_of_first is not None:
        fat[2] = next_of_first
    fat += [FREE] * (128 - len(fat))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 62, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, END, 0, END, 0, 0,
    ) + struct.pack("<108I", *[FREE] * 108)  # fmt: skip
    entries = b""
    for entry, kind, first, size in (("Root Entry", 5, END, 0), (name, 2, 2, len(content))):
        text = (entry + "\0").encode("utf-16-le")
        entries += (text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)).ljust(116, b"\0")
        entries += struct.pack("<III", first, size, 0)
    return header + struct.pack("<128I", *fat) + entries.ljust(512, b"\0") + content


def record(kind: int, content: bytes = b"") -> bytes:
    """A record of an xls."""
    return struct.pack("<HH", kind, len(content)) + content
