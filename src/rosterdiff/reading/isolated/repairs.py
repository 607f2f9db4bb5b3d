"""Workbooks that other programs open and the native reader does not → the same, written as it expects.

Invariants: a file that needs nothing is not touched; no cell is changed, only names of members, the encoding of XML,
and the list of sheets, from which those are left out that hold no cells: macro sheets, and names without a part.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from typing import Final

from rosterdiff.reading.isolated.archives import UNPACKING_ERRORS, plain_name, read_member

_WIDE: Final = (b"\xff\xfe", b"\xfe\xff", b"<\x00?\x00", b"\x00<\x00?")
_DECLARED: Final = re.compile(r"""^(\s*<\?xml[^>]*?)\sencoding=["'][^"']*["']""")
_OPEN_DOCUMENT: Final = "application/vnd.oasis.opendocument.spreadsheet"
_BOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_SHEET: Final = re.compile(rb"<(?:\w+:)?sheet\s[^>]*?(?:/>|>\s*</(?:\w+:)?sheet>)")
_ID: Final = re.compile(rb"""\s(?:\w+:)?id=["']([^"']*)["']""")
_RELATION: Final = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_PART: Final = re.compile(rb"""\s(Id|Type)=["']([^"']*)["']""")
_MACROS: Final = (b"/xlMacrosheet", b"/xlIntlMacrosheet")
_SMALL: Final = 8 << 20


def repair(archive: zipfile.ZipFile) -> bytes | None:
    """The archive as the native reader expects it, or `None` where it is so already.

    Raises:
        RefusedError: a part cannot be unpacked.

    """
    members = {member.filename: member for member in archive.infolist() if not member.is_dir()}
    names = {plain_name(name): name for name in members}
    replaced = _changed_parts(archive, names)
    misnamed = any("\\" in member.orig_filename or name.startswith("/") for name, member in members.items())
    wide = [name for name in members if name.casefold().endswith((".xml", ".rels")) and _is_wide(archive, name)]
    if not (replaced or misnamed or wide):
        return None
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as written:
        for name, data in replaced.items():
            written.writestr(name, data)
        for name, member in members.items():
            if name not in replaced:
                data = read_member(archive, member)
                written.writestr(name.replace("\\", "/").lstrip("/"), _narrow(data) if name in wide else data)
    return out.getvalue()


def _changed_parts(archive: zipfile.ZipFile, names: Mapping[str, str]) -> dict[str, bytes]:
    """The parts that are to be other than they are; `mimetype` comes first, as it must."""
    if "content.xml" in names and "mimetype" not in names:
        return {"mimetype": _OPEN_DOCUMENT.encode()}
    book, relations = names.get(_BOOK), names.get(_RELATIONS)
    if book is None or relations is None or _is_wide(archive, book) or _is_wide(archive, relations):
        return {}
    if max(archive.getinfo(book).file_size, archive.getinfo(relations).file_size) > _SMALL:
        return {}
    try:
        written, related = archive.read(book), archive.read(relations)
    except UNPACKING_ERRORS:
        return {}
    kept = _without_strays(written, related)
    return {} if kept == written else {book: kept}


def _without_strays(book: bytes, relations: bytes) -> bytes:
    """The workbook's list of sheets without macros and modules of them; all of them where none would be left."""
    related = {}
    for element in _RELATION.findall(relations):
        parts = dict(_PART.findall(element))
        related[parts.get(b"Id", b"")] = parts.get(b"Type", b"")

    def is_stray(element: bytes) -> bool:
        match = _ID.search(element)
        return match is not None and (not match[1] or related.get(match[1], b"").endswith(_MACROS))

    strays = [element for element in _SHEET.findall(book) if is_stray(element)]
    if len(strays) == len(_SHEET.findall(book)):
        return book
    for stray in strays:
        book = book.replace(stray, b"", 1)
    return book


def _is_wide(archive: zipfile.ZipFile, name: str) -> bool:
    try:
        with archive.open(name) as file:
            return file.read(4).startswith(_WIDE)
    except UNPACKING_ERRORS:
        return False


def _narrow(data: bytes) -> bytes:
    """XML of two bytes a letter, in UTF-8."""
    marked = data.startswith(_WIDE[:2])
    encoding = "utf-16" if marked else "utf-16-le" if data.startswith(_WIDE[2]) else "utf-16-be"
    return _DECLARED.sub(r"\1", data.decode(encoding, errors="replace")).encode()
