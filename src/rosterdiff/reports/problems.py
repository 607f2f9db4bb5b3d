"""The sheet that lists the problems of a marked-up workbook, with links to their cells.

Invariants: it is told by its name, and written anew where it is there; it stands behind the school's own sheets, and
nothing in it is a formula.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from attrs import frozen

from rosterdiff.issues import PROBLEMS_SHEET
from rosterdiff.model import Severity
from rosterdiff.reports.cells import MOST_CHARACTERS
from rosterdiff.reports.marks import FILLS
from rosterdiff.reports.packages import Package
from rosterdiff.reports.styles import put_style
from rosterdiff.reports.xml_edits import (
    first,
    outline,
    put_into,
    relationships_of,
    xml_text,
)
from rosterdiff.sentences import SEVERITIES

_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_HEADERS: Final = ("Kind", "Sheet", "Cell", "Cells", "What is wrong, and what to do")
_WIDTHS: Final = (13, 22, 10, 9, 90)
_LINE: Final = 100  # characters that a line of the last column holds
_TOP: Final = 4  # the row of the headers
_MOST_LINES: Final = 10_000


@frozen
class Problem:
    """One line of the list.

    Attributes:
        severity: how grave it is.
        sheet: the sheet's name in the workbook; none where the fault is the whole file's.
        cell: the first cell that has the fault, if there is one.
        count: how many cells have it.
        sentence: what is wrong, and what to do.

    """

    severity: Severity
    sheet: str | None
    cell: str | None
    count: int
    sentence: str


@frozen
class Looks:
    """The numbers of the formats that the sheet uses."""

    title: int
    header: int
    link: int
    wrapped: int
    severities: dict[Severity, int]


def put_looks(xml: bytes) -> tuple[bytes, Looks]:
    """Put the formats of the sheet into the workbook's own."""
    xml, bold = put_style(xml, "fonts", '<font><b/><sz val="11"/><name val="Calibri"/></font>')
    xml, large = put_style(xml, "fonts", '<font><b/><sz val="14"/><name val="Calibri"/></font>')
    xml, plain = put_style(xml, "fonts", '<font><sz val="11"/><name val="Calibri"/></font>')
    xml, blue = put_style(xml, "fonts", '<font><u/><sz val="11"/><color rgb="FF1F4E9E"/><name val="Calibri"/></font>')
    xml, grey = put_style(xml, "fills", _fill("FFE4E7EB"))
    xml, title = put_style(xml, "cellXfs", _format(large, 0))
    xml, wrapped = put_style(xml, "cellXfs", _format(plain, 0))
    xml, header = put_style(xml, "cellXfs", _format(bold, grey))
    xml, link = put_style(xml, "cellXfs", _format(blue, 0))
    severities = dict[Severity, int]()
    for severity, colour in FILLS.items():
        xml, fill = put_style(xml, "fills", _fill(colour))
        xml, severities[severity] = put_style(xml, "cellXfs", _format(plain, fill))
    return xml, Looks(title, header, link, wrapped, severities)


def _fill(colour: str) -> str:
    return (
        f'<fill><patternFill patternType="solid"><fgColor rgb="{colour}"/><bgColor indexed="64"/></patternFill></fill>'
    )


def _format(font: int, fill: int) -> str:
    return (
        f'<xf numFmtId="0" fontId="{font}" fillId="{fill}" borderId="0" xfId="0" applyFont="1" applyFill="1" '
        'applyAlignment="1"><alignment horizontal="left" vertical="top" wrapText="1"/></xf>'
    )


def put_problems(package: Package, workbook: str, problems: Sequence[Problem], note: str, looks: Looks) -> None:
    """Put the sheet into the workbook, or in the place of what it was."""
    part = sheet_parts(package, workbook).get(PROBLEMS_SHEET) or _new_sheet(package, workbook)
    root = outline(package.read(workbook))[0]
    namespaces = (value for name, value in root.attributes.items() if name == "xmlns" or name.startswith("xmlns:"))
    main = next((name for name in namespaces if name.endswith("spreadsheetml/main")), _MAIN)
    package.put(part, _sheet(problems, note, looks, main))


def sheet_parts(package: Package, workbook: str) -> dict[str, str]:
    """The sheets of a workbook: name → part."""
    targets = {each.rel_id: each.target for each in package.relationships(workbook)}
    found = dict[str, str]()
    for element in outline(package.read(workbook)):
        if element.name == "sheet":
            rel_id = next((v for k, v in element.attributes.items() if k.endswith(":id")), "")
            found[element.attributes.get("name", "")] = targets.get(rel_id, "")
    return found


def _new_sheet(package: Package, workbook: str) -> str:
    part = package.free_name("xl/worksheets/problems{}.xml")
    package.put(part, b"<worksheet/>")
    package.declare(part, _TYPE)
    xml = package.read(workbook)
    relationships = relationships_of(xml)
    rel_id = package.relate(workbook, "worksheet", part, strict="purl" in relationships)
    elements = outline(xml)
    group = first(elements, "sheets")
    taken = [int(e.attributes.get("sheetId", 0)) for e in elements if e.name == "sheet"]
    number = max(taken, default=0) + 1
    made = f'<sheet xmlns:r="{relationships}" name="{PROBLEMS_SHEET}" sheetId="{number}" r:id="{rel_id}"/>'
    package.put(workbook, put_into(xml, group, made))
    return part


def _sheet(problems: Sequence[Problem], note: str, looks: Looks, main: str) -> bytes:
    shown = problems[:_MOST_LINES]
    columns = "".join(f'<col min="{n}" max="{n}" width="{w}" customWidth="1"/>' for n, w in enumerate(_WIDTHS, 1))
    last = _TOP + max(len(shown), 1)
    rows = [
        _row(1, [("Problems in this workbook", looks.title)], 22, wide=True),
        _row(2, [(note, looks.wrapped)], 15 * _lines(note, 130), wide=True),
        _row(_TOP, [(header, looks.header) for header in _HEADERS], 18),
        *(_problem_row(row, problem, looks) for row, problem in enumerate(shown, start=_TOP + 1)),
    ]
    links = "".join(link for row, problem in enumerate(shown, start=_TOP + 1) for link in _links(row, problem))
    xml = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{main}">'
        '<sheetPr><tabColor rgb="FFD9534F"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0" showGridLines="0"><pane ySplit="{_TOP}" topLeftCell="A{_TOP + 1}" '
        'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>{''.join(rows)}</sheetData>"
        f'<autoFilter ref="A{_TOP}:E{last}"/><mergeCells count="2"><mergeCell ref="A1:E1"/><mergeCell ref="A2:E2"/>'
        f"</mergeCells>{f'<hyperlinks>{links}</hyperlinks>' if links else ''}"
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    )
    return xml.encode("ascii", "xmlcharrefreplace")


def _problem_row(row: int, problem: Problem, looks: Looks) -> str:
    severity = SEVERITIES[problem.severity].title
    return _row(
        row,
        [
            (severity, looks.severities[problem.severity]),
            (problem.sheet or "", looks.wrapped),
            (problem.cell or "", looks.link if problem.sheet and problem.cell else looks.wrapped),
            (problem.count if problem.cell else "", looks.wrapped),
            (problem.sentence, looks.wrapped),
        ],
        15 * max(_lines(problem.sentence, _LINE), _lines(problem.sheet or "", 16)) + 3,
    )


def _lines(text: str, width: int) -> int:
    return max(1, -(-len(text) // width))


def _row(row: int, cells: Iterable[tuple[str | int, int]], height: int, *, wide: bool = False) -> str:
    padded = [*cells]
    padded += [("", padded[0][1])] * (len(_HEADERS) - 1 if wide else 0)
    made = "".join(_cell(f"{'ABCDE'[at]}{row}", value, style) for at, (value, style) in enumerate(padded))
    return f'<row r="{row}" ht="{min(height, 400)}" customHeight="1">{made}</row>'


def _cell(name: str, value: str | int, style: int) -> str:
    if value == "":
        return f'<c r="{name}" s="{style}"/>'
    if isinstance(value, int):
        return f'<c r="{name}" s="{style}"><v>{value}</v></c>'
    text = xml_text(value[:MOST_CHARACTERS])
    return f'<c r="{name}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _links(row: int, problem: Problem) -> Iterable[str]:
    if problem.sheet and problem.cell:
        target = xml_text(f"'{problem.sheet.replace(chr(39), chr(39) * 2)}'!{problem.cell}")
        yield f'<hyperlink ref="C{row}" location="{target}" display="{problem.cell}"/>'
