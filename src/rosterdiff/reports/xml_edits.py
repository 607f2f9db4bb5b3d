"""Parts of a workbook edited as bytes: what is not touched stays byte for byte as its program wrote it.

Invariants: a parser finds the places, so that nothing depends on how a file is spelt; what is put in is plain ASCII,
whatever the encoding; the cells of a sheet are never parsed, and never changed; declarations of entities are refused.
"""

import re
from collections.abc import Iterable
from typing import Final
from xml.parsers import expat

from attrs import evolve, field, frozen

RELATIONSHIPS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT: Final = "http://purl.oclc.org/ooxml"
_STRICT_RELATIONSHIPS: Final = "http://purl.oclc.org/ooxml/officeDocument/relationships"

_SHEET_DATA: Final = re.compile(rb"<((?:[\w.-]+:)?sheetData)\b[^>]*>")
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

_UNKNOWN: Final = -1

SHEET_ORDER: Final = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls",
    "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
"""The order that the format (ECMA-376, CT_Worksheet) gives the parts of a sheet; Excel refuses any other."""


class UnusableXml(ValueError):
    """A part that is no XML of the format, or declares entities."""


@frozen
class Element:
    """An element of a part: where it stands, and what its start tag says.

    Attributes:
        name: its local name.
        depth: 0 for the root.
        start, opened: where its start tag begins and ends.
        closed, end: where its end tag begins and ends; for an element without content both tags are one.

    """

    name: str
    attributes: dict[str, str] = field(repr=False)
    depth: int
    start: int
    opened: int
    closed: int
    end: int

    @property
    def is_empty(self) -> bool:
        """Whether it has one tag alone."""
        return self.start == self.closed


Edit = tuple[int, int, bytes]
"""What stands from one place to another, and what is to stand there instead."""


class _Outliner:
    """Collects the elements of a document while expat reads it; the end of a tag is where the next thing begins."""

    def __init__(self, xml: bytes) -> None:
        self.found: list[Element] = []
        self._xml = xml
        self._open: list[Element] = []
        self._waiting: Element | None = None
        self._parser = parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = parser.CommentHandler = self._other
        parser.ProcessingInstructionHandler = self._other
        parser.StartDoctypeDeclHandler = self._refuse
        try:
            parser.Parse(xml, True)  # noqa: FBT003  (expat's way: this is all of it)
        except expat.ExpatError as error:
            raise UnusableXml("the part is no well-formed XML") from error
        self._settle(len(xml))

    def _refuse(self, *_: object) -> None:
        raise UnusableXml("the part declares a document type")

    def _other(self, *_: object) -> None:
        self._settle(self._parser.CurrentByteIndex)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        at = self._parser.CurrentByteIndex
        self._settle(at)
        local = name.rpartition(":")[2]
        self._open.append(Element(local, attributes, len(self._open), at, _UNKNOWN, _UNKNOWN, _UNKNOWN))

    def _end(self, _: str) -> None:
        at, made = self._parser.CurrentByteIndex, self._open.pop()
        alone = made.opened == _UNKNOWN and (at == made.start or self._xml[made.start : at].endswith(b"/>"))
        if alone:  # expat tells the end of such a tag before or behind it, by its version
            self._waiting = evolve(made, closed=made.start)
            return
        opened = at if made.opened == _UNKNOWN else made.opened
        self._settle(at)
        self._waiting = evolve(made, opened=opened, closed=at)

    def _settle(self, at: int) -> None:
        """What was waiting for its end has it, and so has the start tag of what is open."""
        if self._waiting is not None:
            opened = at if self._waiting.opened == _UNKNOWN else self._waiting.opened
            self.found.append(evolve(self._waiting, opened=opened, end=at))
            self._waiting = None
        elif self._open and self._open[-1].opened == _UNKNOWN:
            self._open[-1] = evolve(self._open[-1], opened=at)


def outline(xml: bytes) -> list[Element]:
    """Every element of a small part, in the order in which they begin.

    Raises:
        UnusableXml: it is no well-formed XML.

    >>> [(e.name, e.depth, e.start, e.end) for e in outline(b'<a><b c="/>"/>x</a>')]
    [('a', 0, 0, 19), ('b', 1, 3, 14)]

    """
    return sorted(_Outliner(xml).found, key=lambda element: (element.start, element.depth))


def first(elements: Iterable[Element], name: str) -> Element:
    """The first element of this name.

    Raises:
        UnusableXml: there is none.

    """
    found = next((element for element in elements if element.name == name), None)
    if found is None:
        raise UnusableXml("a part of the workbook lacks what the format wants")
    return found


def splice(xml: bytes, edits: Iterable[Edit]) -> bytes:
    """Make edits that do not overlap; of two at one place the first comes first.

    >>> splice(b"<a>x</a>", [(3, 4, b"yy"), (8, 8, b"!")])
    b'<a>yy</a>!'
    """
    pieces, after = [], 0
    for start, end, put in sorted(edits, key=lambda edit: edit[:2]):
        pieces += [xml[after:start], put]
        after = max(after, end)
    return b"".join((*pieces, xml[after:]))


def prefix_of(xml: bytes) -> str:
    """The prefix that the elements of a part have, with its colon; mostly none.

    >>> prefix_of(b"<?xml version='1.0'?><x:worksheet/>"), prefix_of(b"<worksheet/>")
    ('x:', '')
    """
    found = re.search(rb"<([\w.-]+:)?[\w.-]+[\s/>]", re.sub(rb"<[?!].*?>", b"", xml[:4096], flags=re.DOTALL))
    return found[1].decode() if found and found[1] else ""


def prefixed(element: str, prefix: str) -> bytes:
    """An element written without prefix, with this one, in ASCII.

    >>> prefixed("<a><b/>ü</a>", "x:")
    b'<x:a><x:b/>&#252;</x:a>'
    """
    named = re.sub(r"<(/?)(?=\w)", rf"<\1{prefix}", element) if prefix else element
    return named.encode("ascii", "xmlcharrefreplace")


def put_into(xml: bytes, parent: Element, content: str) -> bytes:
    """Put content, written without prefix, at the end of an element, also of one that was empty.

    >>> put_into(b"<a><b/></a>", outline(b"<a><b/></a>")[1], "<c/>")
    b'<a><b><c/></b></a>'
    """
    made, opened = prefixed(content, prefix_of(xml)), xml[parent.start : parent.opened]
    if not parent.is_empty:
        return splice(xml, [(parent.closed, parent.closed, made)])
    name = re.split(rb"[\s/>]", opened[1:], maxsplit=1)[0]
    whole = b"".join((opened.rstrip(b"/> \t\r\n"), b">", made, b"</", name, b">"))
    return splice(xml, [(parent.start, parent.end, whole)])


def xml_text(text: str) -> str:
    r"""Text as it stands in an element or an attribute; what XML cannot hold is marked as lost.

    >>> xml_text('a<"b"'), xml_text("x\ry")
    ('a&lt;&quot;b&quot;', 'x&#13;y')
    """
    escapes = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("\r", "&#13;"))
    safe = _UNWRITABLE.sub("\ufffd", text)
    for sign, escape in escapes:
        safe = safe.replace(sign, escape)
    return safe


def is_strict(xml: bytes) -> bool:
    """Whether a part is of the strict form of the format, which names everything otherwise."""
    return _STRICT.encode() in xml[:4096]


def relationships_of(xml: bytes) -> str:
    """The namespace of the relationships of a part."""
    return _STRICT_RELATIONSHIPS if is_strict(xml) else RELATIONSHIPS


@frozen(eq=False)
class SheetFrame:
    """A sheet without its cells: their place is known, and edits beyond it are moved by their length."""

    xml: bytes = field(repr=False)
    cut: int
    length: int
    elements: tuple[Element, ...] = field(repr=False)

    @classmethod
    def of(cls, xml: bytes) -> "SheetFrame":
        """Take the cells out of a sheet.

        Raises:
            UnusableXml: it is no sheet.

        """
        opened = _SHEET_DATA.search(xml)
        if opened is None:
            raise UnusableXml("the sheet has no cells")
        closing = xml.rfind(b"</" + opened[1])
        end = opened.end() if opened[0].endswith(b"/>") else closing
        if end < opened.end():
            raise UnusableXml("the cells of the sheet have no end")
        bare = xml[: opened.end()] + xml[end:]
        return cls(xml, opened.end(), end - opened.end(), tuple(outline(bare)))

    @property
    def children(self) -> tuple[Element, ...]:
        """The parts of the sheet, in their order."""
        return tuple(element for element in self.elements if element.depth == 1)

    def named(self, name: str) -> tuple[Element, ...]:
        """The parts of the sheet of this name."""
        return tuple(child for child in self.children if child.name == name)

    def text(self, element: Element) -> bytes:
        """An element as it stands in the sheet; not for that of the cells."""
        return self.xml[self._moved(element.start) : self._moved(element.end)]

    def place_for(self, name: str) -> int:
        """Where a part of this name is put in: before the first of them, else as the format orders."""
        rank = SHEET_ORDER.index(name)
        later = (child.start for child in self.children if child.name in SHEET_ORDER[rank:])
        root = next(element for element in self.elements if element.depth == 0)
        return next(later, root.closed)

    def edited(self, edits: Iterable[Edit]) -> bytes:
        """The sheet with edits, whose places are those of the elements."""
        return splice(self.xml, [(self._moved(start), self._moved(end), put) for start, end, put in edits])

    def _moved(self, place: int) -> int:
        return place + self.length if place >= self.cut else place


def insert_in_sheet(xml: bytes, name: str, element: str) -> bytes:
    """Put a part into a sheet, where the format wants it.

    >>> insert_in_sheet(b"<worksheet><sheetData><row/></sheetData><drawing/></worksheet>", "rowBreaks", "<rowBreaks/>")
    b'<worksheet><sheetData><row/></sheetData><rowBreaks/><drawing/></worksheet>'
    """
    frame = SheetFrame.of(xml)
    place = frame.place_for(name)
    return frame.edited([(place, place, prefixed(element, prefix_of(xml)))])
