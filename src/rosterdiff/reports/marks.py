"""Marks on the cells of one sheet: colours that leave its formats alone, and comments beside those that are there.

Invariants: colours are conditional formats with a name of ours, so that a cell's own format, formula and value stay as
they are; a comment of ours, or what was added to somebody's, begins with the name `rosterdiff:`; by these two, marks of
an earlier time are found and taken away, also after a program saved the file.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from attrs import frozen

from rosterdiff.model import Severity
from rosterdiff.reports.cells import cell_of, cells_in
from rosterdiff.reports.comments import Comments
from rosterdiff.reports.packages import Package
from rosterdiff.reports.xml_edits import Edit, Element, SheetFrame, is_strict, prefix_of, prefixed, relationships_of

FILLS: Final = {Severity.ERROR: "FFF8C4BE", Severity.WARNING: "FFFDE9A9", Severity.INFO: "FFD3E5F8"}
"""The colour of each severity, light enough for black letters."""

MOST_COMMENTS: Final = 1_000
"""So many comments a sheet gets: with more of them spreadsheet programs become slow. Colours have no limit."""

_AREAS: Final = 400  # of one conditional format; longer lists are shared out
_OURS: Final = "rosterdiff "
_RANK: Final = re.compile(rb'(<(?:[\w.-]+:)?cfRule\b[^>]*?\spriority=")(\d+)(")')


@frozen
class Mark:
    """Cells with one fault: their areas (`D17:D40`, `D52`), how grave it is, and what is said of it."""

    severity: Severity
    areas: tuple[str, ...]
    sentence: str


def mark_sheet(package: Package, part: str, marks: Sequence[Mark], styles: Mapping[Severity, int]) -> int:
    """Replace what marks a sheet has by these, and give the number of comments.

    Args:
        package: the workbook.
        part: the sheet's part in it.
        marks: the faults, the gravest first.
        styles: severity → the number of its differential format.

    Raises:
        UnusableXml: the sheet cannot be edited.

    """
    package.put(part, colour_cells(package.read(part), marks, styles))
    return _comment_cells(package, part, _sentences(marks))


def colour_cells(xml: bytes, marks: Sequence[Mark], styles: Mapping[Severity, int]) -> bytes:
    """The sheet with these areas coloured, and those of earlier marks no longer."""
    frame = SheetFrame.of(xml)
    ours = [each for each in frame.named("conditionalFormatting") if _is_ours(frame, each)]
    rules = [rule for rule in _rules_of(marks, styles) if rule]
    place = frame.place_for("conditionalFormatting")
    edits: list[Edit] = [(each.start, each.end, b"") for each in ours]
    edits += [(place, place, b"".join(prefixed(rule, prefix_of(xml)) for rule in rules))]
    edits += _make_room(frame, ours, len(Severity) * (bool(rules) - bool(ours)))
    return frame.edited(edits)


def _is_ours(frame: SheetFrame, formatting: Element) -> bool:
    return _OURS.encode() in frame.text(formatting)


def _rules_of(marks: Sequence[Mark], styles: Mapping[Severity, int]) -> Iterable[str]:
    """A conditional format that always holds, for each severity; where two meet, the graver has the lower priority."""
    for priority, severity in enumerate(Severity, start=1):
        areas = list(dict.fromkeys(area for mark in marks if mark.severity is severity for area in mark.areas))
        rule = (
            f'<cfRule type="expression" dxfId="{styles[severity]}" priority="{priority}">'
            f"<formula>LEN(&quot;{_OURS}{severity}&quot;)&gt;0</formula></cfRule>"
        )
        for start in range(0, len(areas), _AREAS):
            sqref = " ".join(areas[start : start + _AREAS])
            yield f'<conditionalFormatting sqref="{sqref}">{rule}</conditionalFormatting>'


def _make_room(frame: SheetFrame, ours: Sequence[Element], by: int) -> list[Edit]:
    """Move the priorities of the school's own conditional formats behind ours, or back where ours are gone."""
    others = (
        [e for e in frame.children if e.name in ("conditionalFormatting", "extLst") and e not in ours] if by else []
    )
    edits = []
    for element in others:
        old = frame.text(element)
        new = _RANK.sub(lambda found: found[1] + str(max(int(found[2]) + by, 1)).encode() + found[3], old)
        edits += [(element.start, element.end, new)] if new != old else []
    return edits


def _sentences(marks: Sequence[Mark]) -> dict[str, str]:
    """Cell → what is said of it; of every fault the first cells come before more cells of another."""
    reached: list[tuple[int, int, str]] = []
    for at, mark in enumerate(marks):
        cells = islice(cells_in(mark.areas), MOST_COMMENTS)
        reached += [(depth, at, cell) for depth, cell in enumerate(cells)]
    said: dict[str, list[int]] = {}
    for _, at, cell in sorted(reached, key=lambda each: each[:2]):
        if cell in said or len(said) < MOST_COMMENTS:
            said.setdefault(cell, []).append(at)
    return {cell: "\n".join(marks[at].sentence for at in sorted(said[cell])) for cell in sorted(said, key=cell_of)}


def _comment_cells(package: Package, part: str, sentences: Mapping[str, str]) -> int:
    xml = package.read(part)
    strict, shown = is_strict(xml), _drawing_id(xml)
    related = package.relationships(part)
    found = next((each.target for each in related if each.kind == "comments"), None)
    drawn = next((each.target for each in related if each.rel_id == shown), None)
    comments = Comments.of(package, found, drawn)
    if not sentences and comments.is_new:
        return 0
    comments.replace(sentences)
    comments.write(package)
    package.relate(part, "comments", comments.part, strict=strict)
    _show_drawing(package, part, package.relate(part, "vmlDrawing", comments.drawing_part, strict=strict))
    return len(sentences)


def _drawing_id(xml: bytes) -> str | None:
    """By which reference the sheet shows the boxes of its comments; those of headers and footers are others."""
    drawings = SheetFrame.of(xml).named("legacyDrawing")
    return next((v for each in drawings for k, v in each.attributes.items() if k.rpartition(":")[2] == "id"), None)


def _show_drawing(package: Package, part: str, rel_id: str) -> None:
    """Let the sheet show the boxes of its comments, unless it does."""
    xml = package.read(part)
    frame = SheetFrame.of(xml)
    if frame.named("legacyDrawing"):
        return
    place = frame.place_for("legacyDrawing")
    shown = f'<legacyDrawing xmlns:r="{relationships_of(xml)}" r:id="{rel_id}"/>'
    package.put(part, frame.edited([(place, place, prefixed(shown, prefix_of(xml)))]))
