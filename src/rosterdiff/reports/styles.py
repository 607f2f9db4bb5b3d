"""Formats put into a workbook's own table of formats.

Invariants: nothing that is there changes its number; what is there already in the same words is used again, so that a
workbook which is marked twice does not grow.
"""

import re
from typing import Final

from rosterdiff.reports.packages import Package
from rosterdiff.reports.xml_edits import (
    Element,
    UnusableXml,
    first,
    is_strict,
    outline,
    prefix_of,
    prefixed,
    put_into,
    splice,
)

_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_AFTER_DXFS: Final = ("tableStyles", "colors", "extLst")
_BARE: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<styleSheet xmlns="{namespace}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs></styleSheet>'
)
_COUNT: Final = re.compile(rb'(\scount=["\'])\d+')


def styles_part(package: Package, workbook: str) -> str:
    """The part that holds the formats of a workbook; a bare one is made where it has none."""
    found = next((each.target for each in package.relationships(workbook) if each.kind == "styles"), None)
    if found is not None and found in package:
        return found
    usual, strict = "xl/styles.xml", is_strict(package.read(workbook))
    part = package.free_name("xl/styles{}.xml") if usual in package else usual  # some programs look for it by its name
    root = outline(package.read(workbook))[0]
    namespace = next(
        value for name, value in root.attributes.items() if name.split(":")[0] == "xmlns" and "main" in value
    )
    package.put(part, _BARE.format(namespace=namespace).encode())
    package.declare(part, _TYPE)
    package.relate(workbook, "styles", part, strict=strict)
    return part


def put_style(xml: bytes, group: str, element: str) -> tuple[bytes, int]:
    """Put a format into a group, such as `fonts`, unless it is there; gives the part and the format's number.

    Raises:
        UnusableXml: the part has no such group.

    >>> put_style(b'<s><fonts count="1"><font/></fonts></s>', "fonts", "<font><b/></font>")
    (b'<s><fonts count="2"><font/><font><b/></font></fonts></s>', 1)
    >>> put_style(b'<s><fonts count="1"><font/></fonts></s>', "fonts", "<font/>")
    (b'<s><fonts count="1"><font/></fonts></s>', 0)

    """
    prefix = prefix_of(xml)
    elements = outline(xml)
    holder = next((e for e in elements if e.depth == 1 and e.name == group), None)
    if holder is None:
        return put_style(_with_group(xml, group, elements, prefix), group, element)
    made = prefixed(element, prefix)
    there = [e for e in elements if e.depth == 2 and holder.start < e.start < holder.end]
    known = [xml[e.start : e.end] for e in there]
    if made in known:
        return xml, known.index(made)
    counted = _COUNT.sub(rb"\g<1>" + str(len(there) + 1).encode(), xml[holder.start : holder.opened], count=1)
    grown = counted + xml[holder.opened : holder.end]
    inner = first(outline(xml := splice(xml, [(holder.start, holder.end, grown)])), group)
    return put_into(xml, inner, element), len(there)


def _with_group(xml: bytes, group: str, elements: list[Element], prefix: str) -> bytes:
    """The part with an empty group of differential formats; the others every workbook has."""
    if group != "dxfs":
        raise UnusableXml("the workbook's formats have no such group")
    later = (e.start for e in elements if e.depth == 1 and e.name in _AFTER_DXFS)
    place = next(later, elements[0].closed)
    return splice(xml, [(place, place, prefixed('<dxfs count="0"></dxfs>', prefix))])
