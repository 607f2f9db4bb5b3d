"""What the native reader leaves out of an xlsx, from the XML of its parts.

Invariants: a sheet's XML is unpacked in pieces and searched for the few things looked for, each only where its letters
stand in the piece at all, so that a sheet without any costs little more than unpacking it; small parts are parsed by
expat, which expands no bombs. Cells and rows without a reference are left out: what writes such files writes no notes.
"""

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Final
from xml.parsers import expat

from rosterdiff.reading.isolated.archives import UNPACKING_ERRORS, column_number, plain_name
from rosterdiff.reading.isolated.sheet_notes import MOST_NOTES, SheetNotes

_PIECE: Final = 8 << 20
_SMALL: Final = 32 << 20
"""Larger parts that are no sheets are not parsed."""

_REFERENCE: Final = re.compile(rb"""\sr=["']([A-Z]{1,3})(\d{1,7})["']""")
_ERROR: Final = re.compile(rb"""<(?:\w+:)?c(\s[^>]*?\bt=["']e["'][^>]*)>""")
_FORMULA: Final = re.compile(
    rb"""<(?:\w+:)?c(\s[^>]*)>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"""
    rb"""(?:<(?:\w+:)?v\s*(?:/>|>\s*</(?:\w+:)?v>)\s*)?</(?:\w+:)?c>"""
)
_TEXT_RESULT: Final = re.compile(rb"""\st=["']str["']""")
_HIDDEN_ROW: Final = re.compile(rb"""<(?:\w+:)?row(?=\s[^>]*\bhidden=["'](?:1|true)["'])[^>]*?\sr=["'](\d{1,7})["']""")
_HIDDEN_COLUMN: Final = re.compile(rb"""<(?:\w+:)?col(\s[^>]*\bhidden=["'](?:1|true)["'][^>]*)>""")
_BOUND: Final = re.compile(rb"""\s(min|max)=["'](\d{1,5})["']""")
_MERGED: Final = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["']""")
ZEROS: Final = re.compile(r"(0{2,20})(?:;.*)?")
"""A number format that is zeros alone: as many digits are shown as it has."""


def read_notes(archive: zipfile.ZipFile) -> Callable[[str], SheetNotes]:
    """What is to be known of each sheet, by its name; nothing of a sheet whose part is not found."""
    names = {plain_name(member.filename): member.filename for member in archive.infolist()}
    try:
        parts = _sheet_parts(archive, names)
        zeros = _zero_styles(_parse(archive, names.get("xl/styles.xml")))
    except (*UNPACKING_ERRORS, expat.ExpatError):
        return lambda _: SheetNotes()

    def notes(name: str) -> SheetNotes:
        part = names.get(parts.get(name, ""))
        return SheetNotes() if part is None else _search(archive, part, zeros)

    return notes


Element = tuple[str, str, Mapping[str, str]]
"""The parent's name, the name, the attributes; all without their namespaces."""


def _parse(archive: zipfile.ZipFile, part: str | None) -> list[Element]:
    if part is None or archive.getinfo(part).file_size > _SMALL:
        return []
    return parse_elements(archive.read(part))


def parse_elements(xml: bytes) -> list[Element]:
    """The elements of a small document in their order.

    Raises:
        ExpatError: it is no XML.

    >>> parse_elements(b'<a xmlns:r="x"><r:b r:id="1"/></a>')[1]
    ('a', 'b', {'id': '1'})

    """
    found, parents = list[Element](), [""]

    def start(name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        found.append((parents[-1], name, {key.rpartition(":")[2]: value for key, value in attributes.items()}))
        parents.append(name)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: parents.pop()
    parser.Parse(xml, True)  # noqa: FBT003  (expat takes no keywords)
    return found


def _sheet_parts(archive: zipfile.ZipFile, names: Mapping[str, str]) -> dict[str, str]:
    """Sheet → its part, as the workbook and its relations say."""
    book = "xl/workbook.xml"
    related = {
        attributes.get("Id", ""): attributes.get("Target", "")
        for _, name, attributes in _parse(archive, names.get("xl/_rels/workbook.xml.rels"))
        if name == "Relationship"
    }
    return {
        attributes.get("name", ""): part_of(book, related.get(attributes.get("id", ""), ""))
        for _, name, attributes in _parse(archive, names.get(book))
        if name == "sheet"
    }


def part_of(source: str, target: str) -> str:
    """The plain name of the part that a relation of another part names.

    >>> part_of("xl/workbook.xml", "worksheets/sheet1.xml"), part_of("xl/workbook.xml", "/xl/worksheets/sheet1.xml")
    ('xl/worksheets/sheet1.xml', 'xl/worksheets/sheet1.xml')
    """
    target = target.replace("\\", "/")
    return plain_name(posixpath.normpath(posixpath.join("/" + posixpath.dirname(source), target)))


def _zero_styles(elements: list[Element]) -> dict[bytes, int]:
    """Style of a cell → how many digits it shows, for number formats that are zeros alone."""
    formats = {a.get("numFmtId"): a.get("formatCode", "") for _, name, a in elements if name == "numFmt"}
    styles = [a.get("numFmtId") for parent, name, a in elements if (parent, name) == ("cellXfs", "xf")]
    matches = {style: ZEROS.fullmatch(formats.get(key, "")) for style, key in enumerate(styles)}
    return {str(style).encode(): len(match[1]) for style, match in matches.items() if match}


def _search(archive: zipfile.ZipFile, part: str, zeros: Mapping[bytes, int]) -> SheetNotes:
    """One pass over a sheet; what has prefixes or single quotes, as few have, is searched without looking first."""
    errors, formulas, merged, rows, columns = [], [], [], list[int](), list[tuple[int, int]]()
    padded = dict[int, dict[int, int]]()
    plain = True
    for number, piece in enumerate(_pieces(archive, part)):
        if number == 0:
            plain = b"<worksheet" in piece and b"='" not in piece
        if b't="e"' in piece or not plain:
            errors += [place for match in _ERROR.finditer(piece) if (place := _place(match[1]))]
        if b"<f" in piece or not plain:
            formulas += _valueless(piece)
        if b"hidden=" in piece:
            rows += [int(match[1]) - 1 for match in _HIDDEN_ROW.finditer(piece)]
            columns += _hidden_columns(piece)
        if b"mergeCell" in piece:
            merged += [_area(*match.groups()) for match in _MERGED.finditer(piece)]
        for style, digits in zeros.items():
            _note_padded(piece, style, digits, padded)
        if max(len(errors), len(formulas), len(merged)) > MOST_NOTES:
            break
    return SheetNotes(errors, formulas, merged, rows, columns, padded)


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """A part in pieces that end before a row; nothing more of one that cannot be unpacked."""
    rest = b""
    try:
        with archive.open(part) as file:
            while more := file.read(_PIECE):
                piece = rest + more
                cut = max(piece.rfind(b"<row"), piece.rfind(b":row "))
                cut = piece.rfind(b"<", 0, cut + 1) if cut > 0 else max(piece.rfind(b"<"), 0)
                rest = piece[cut:] if len(piece) - cut < _PIECE else b""
                yield piece[:cut] if rest else piece
    except UNPACKING_ERRORS:
        return  # the native reader says what it makes of it
    yield rest


def _place(attributes: bytes) -> tuple[int, int] | None:
    match = _REFERENCE.search(attributes)
    return None if match is None else (int(match[2]) - 1, column_number(match[1]) - 1)


def _valueless(piece: bytes) -> list[tuple[int, int]]:
    """Cells with a formula and no value; a formula whose value is the empty text has one."""
    found = [match[1] for match in _FORMULA.finditer(piece) if not _TEXT_RESULT.search(match[1])]
    return [place for attributes in found if (place := _place(attributes))]


def _hidden_columns(piece: bytes) -> list[tuple[int, int]]:
    bounds = [dict(_BOUND.findall(match[1])) for match in _HIDDEN_COLUMN.finditer(piece)]
    return [(int(bound[b"min"]) - 1, int(bound[b"max"]) - 1) for bound in bounds if len(bound) == 2]


def _area(left: bytes, top: bytes, right: bytes, bottom: bytes) -> tuple[int, int, int, int]:
    return int(top) - 1, column_number(left) - 1, int(bottom) - 1, column_number(right) - 1


def _note_padded(piece: bytes, style: bytes, digits: int, padded: dict[int, dict[int, int]]) -> None:
    """The cells of a style whose numbers are shown with zeros before them."""
    if b's="' + style + b'"' not in piece and b"s='" + style + b"'" not in piece:
        return
    cell = re.compile(rb"""<(?:\w+:)?c(\s[^>]*?\bs=["']""" + style + rb"""["'][^>]*)>""")
    for match in cell.finditer(piece):
        if place := _place(match[1]):
            padded.setdefault(place[1], {})[place[0]] = digits
