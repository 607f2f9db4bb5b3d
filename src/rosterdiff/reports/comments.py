"""The comments of one sheet: their texts, and the boxes in which programs show them.

Invariants: comments of others keep their words; what we add to one stands at its end, under our name; taking our marks
away leaves the comments as they were.
"""

import re
from collections.abc import Mapping
from typing import Final

from attrs import define, field

from rosterdiff.reports.cells import cell_of
from rosterdiff.reports.packages import Package
from rosterdiff.reports.xml_edits import (
    Edit,
    Element,
    UnusableXml,
    first,
    outline,
    prefix_of,
    prefixed,
    put_into,
    splice,
    xml_text,
)

AUTHOR: Final = "rosterdiff"
_NAME: Final = f"{AUTHOR}:"

_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWING_TYPE: Final = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_NO_COMMENTS: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"<authors><author>rosterdiff</author></authors><commentList></commentList></comments>"
)
_NAMESPACES: Final = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
"""Declared on every element that is put in, since a drawing may call these by any name."""
_NO_DRAWING: Final = (
    f'<xml {_NAMESPACES}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>'.encode()
)
_KIND_ID: Final = "_x0000_t202"
_KIND: Final = (
    f'<v:shapetype {_NAMESPACES} id="{_KIND_ID}" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE: Final = re.compile(rb"<((?:[\w.-]+:)?shape)\b(?!type).*?</\1>\s*", re.DOTALL)
_NUMBER: Final = re.compile(rb"_x0000_s(\d+)")
_PLACE: Final = tuple(re.compile(rb"<(?:[\w.-]+:)?" + name + rb">\s*(\d+)\s*</") for name in (b"Row", b"Column"))
_ADDED: Final = re.compile(rf"(?:\s|&#x?0*[aAdD];|&#1[03];|_x000[aAdD]_)*{_NAME}".encode())
_BREAK: Final = "\n\n"

_WIDTH: Final = 40  # characters of a line of a box, as wide as it is drawn
_LINE: Final = 15  # points of a line
_LAST_COLUMN: Final = 16_383
_LAST_ROW: Final = 1_048_575


@define(eq=False)
class Comments:
    """The comments of a sheet while they are edited.

    Attributes:
        part, drawing_part: where they and their boxes stand in the workbook.
        xml, drawing: what stands there.
        is_new: the sheet had none.

    """

    part: str
    drawing_part: str
    xml: bytes = field(repr=False)
    drawing: bytes = field(repr=False)
    is_new: bool

    @classmethod
    def of(cls, package: Package, part: str | None, drawing: str | None) -> "Comments":
        """The comments of a sheet, in these parts of the workbook or in new ones."""
        there = part is not None and part in package
        drawn = drawing is not None and drawing in package
        part = part if part and there else package.free_name("xl/comments{}.xml")
        drawing = drawing if drawing and drawn else package.free_name("xl/drawings/vmlDrawing{}.vml")
        return cls(
            part,
            drawing,
            package.read(part) if there else _NO_COMMENTS,
            package.read(drawing) if drawn else _NO_DRAWING,
            not there,
        )

    def write(self, package: Package) -> None:
        """Put them into the workbook."""
        package.put(self.part, self.xml)
        package.put(self.drawing_part, self.drawing)
        package.declare(self.part, _TYPE)
        package.declare(self.drawing_part, _DRAWING_TYPE)

    def replace(self, sentences: Mapping[str, str]) -> None:
        """Take our words away, and put these in: cell → sentence."""
        self._remove()
        known = {e.attributes.get("ref", "") for e in outline(self.xml) if e.name == "comment"}
        self._append({cell: text for cell, text in sentences.items() if cell in known})
        self._create({cell: text for cell, text in sentences.items() if cell not in known})

    def _remove(self) -> None:
        """Take away our own comments with their boxes, and our words at the end of others'."""
        edits, own = list[Edit](), set[str]()
        elements = outline(self.xml)
        for comment in (e for e in elements if e.name == "comment"):
            text = b"".join(self.xml[t.opened : t.closed] for t in _inside(elements, comment, "t"))
            if _ADDED.match(text):
                own.add(comment.attributes.get("ref", ""))
                edits.append((comment.start, comment.end, b""))
            elif _NAME.encode() in text:
                edits += _without_ours(self.xml, elements, comment)
        self.xml = splice(self.xml, edits)
        self._remove_boxes(own)

    def _remove_boxes(self, cells: set[str]) -> None:
        places = {cell_of(cell) for cell in cells}

        def kept(shape: re.Match[bytes]) -> bytes:
            row, column = (found[1] if (found := place.search(shape[0])) else b"-1" for place in _PLACE)
            return b"" if (int(row) + 1, int(column) + 1) in places else shape[0]

        self.drawing = _SHAPE.sub(kept, self.drawing) if places else self.drawing

    def _append(self, sentences: Mapping[str, str]) -> None:
        """Put our words at the end of comments that are there."""
        elements, prefix, edits = outline(self.xml), prefix_of(self.xml), list[Edit]()
        for comment in (e for e in elements if e.name == "comment" and e.attributes.get("ref", "") in sentences):
            said = prefixed(_run(_BREAK + f"{_NAME} {sentences[comment.attributes['ref']]}"), prefix)
            for text in _inside(elements, comment, "text"):
                runs, bare = _inside(elements, text, "r"), _inside(elements, text, "t")
                if not runs and bare:
                    edits += [(bare[0].start, bare[0].start, prefixed("<r>", prefix))]
                    edits += [(bare[0].end, bare[0].end, prefixed("</r>", prefix))]
                last = max((each.end for each in (*runs, *bare)), default=text.closed)
                edits.append((last, last, said))
        self.xml = splice(self.xml, edits)

    def _create(self, sentences: Mapping[str, str]) -> None:
        """Make comments of our own, each with its box."""
        author = self._author()
        elements = outline(self.xml)
        made = "".join(
            f'<comment ref="{cell}" authorId="{author}"><text>{_run(f"{_NAME} {said}")}</text></comment>'
            for cell, said in sentences.items()
        )
        listed = first(elements, "commentList")
        self.xml = put_into(self.xml, listed, made)
        lowest = max((int(found) for found in _NUMBER.findall(self.drawing)), default=1024) + 1
        kind = "" if _KIND_ID.encode() in self.drawing else _KIND
        boxes = kind + "".join(_box(cell, said, lowest + at) for at, (cell, said) in enumerate(sentences.items()))
        end = self.drawing.rfind(b"</xml>")
        if end < 0:
            raise UnusableXml("the boxes of comments have no end")
        self.drawing = splice(self.drawing, [(end, end, boxes.encode("ascii"))])

    def _author(self) -> int:
        """Our number among the authors."""
        elements = outline(self.xml)
        authors = [e for e in elements if e.name == "author"]
        names = [self.xml[e.opened : e.closed].strip() for e in authors]
        if AUTHOR.encode() in names:
            return names.index(AUTHOR.encode())
        group = first(elements, "authors")
        self.xml = put_into(self.xml, group, f"<author>{AUTHOR}</author>")
        return len(authors)


def _inside(elements: list[Element], parent: Element, name: str) -> list[Element]:
    return [e for e in elements if e.name == name and parent.start < e.start and e.end <= parent.closed]


def _without_ours(xml: bytes, elements: list[Element], comment: Element) -> list[Edit]:
    """Cut a comment before our name, and take the runs behind it away."""
    runs = _inside(elements, comment, "r")
    for text in _inside(elements, comment, "t"):
        found = _ADDED.search(xml[text.opened : text.closed])
        if found is None:
            continue
        edits: list[Edit] = [(run.start, run.end, b"") for run in runs if run.start > text.start]
        own = [run for run in runs if run.start < text.start < run.end and not found.start()]
        cut = (own[0].start, own[0].end) if own else (text.opened + found.start(), text.closed)
        return [(*cut, b""), *edits]
    return []


def _run(text: str) -> str:
    look = '<rPr><sz val="9"/><color indexed="81"/><rFont val="Tahoma"/></rPr>'
    return f'<r>{look}<t xml:space="preserve">{xml_text(text)}</t></r>'


def _box(cell: str, text: str, number: int) -> str:
    """The hidden box of a comment, beside its cell and high enough for its text."""
    row, column = cell_of(cell)
    lines = sum(-(-len(line) // _WIDTH) or 1 for line in f"{_NAME} {text}".split("\n"))
    height = lines * _LINE + 8
    right, bottom = min(column + 3, _LAST_COLUMN), min(row - 1 + -(-height // 20), _LAST_ROW)
    place = f"{min(column, right - 1)}, 12, {max(min(row, bottom) - 2, 0)}, 8, {right}, 40, {bottom}, 4"
    return (
        f'<v:shape {_NAMESPACES} id="_x0000_s{number}" type="#{_KIND_ID}" fillcolor="#ffffe1" o:insetmode="auto" '
        f'style="position:absolute;margin-left:60pt;margin-top:2pt;width:220pt;height:{height}pt;visibility:hidden">'
        '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{place}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row - 1}</x:Row>"
        f"<x:Column>{column - 1}</x:Column></x:ClientData></v:shape>"
    )
