"""The school's own workbook back, with its problems marked in it and listed on a sheet of their own.

Invariants: what is not a mark stays byte for byte: values, formulas, formats, charts, images, macros; marks of an
earlier time are replaced. What is no workbook of this kind (text, xls, xlsb, ods) becomes a new one, cells as text.
"""

import io
from collections.abc import Mapping
from typing import Any, Final

import polars as pl
from attrs import field, frozen
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from rosterdiff.errors import InvalidRoster
from rosterdiff.issues import PROBLEMS_SHEET
from rosterdiff.model import Severity
from rosterdiff.reports.cells import stamp, text_cell, width_of
from rosterdiff.reports.marks import FILLS, Mark, mark_sheet
from rosterdiff.reports.packages import TYPES, Package
from rosterdiff.reports.problems import Problem, put_looks, put_problems, sheet_parts
from rosterdiff.reports.styles import put_style, styles_part
from rosterdiff.reports.xml_edits import UnusableXml
from rosterdiff.sentences import SEVERITIES, count_of

_LAST_ROW: Final = 1_048_576
_LAST_COLUMN: Final = 16_384
_MEASURED: Final = 200  # rows from which widths of columns are taken


@frozen
class Marked:
    """A workbook with marks, as bytes.

    Attributes:
        content: the workbook.
        suffix: what its name ends in: `.xlsm` if it has macros, else `.xlsx`.
        problems: how many lines are on the list.
        comments: how many cells have a comment.

    """

    content: bytes = field(repr=False)
    suffix: str
    problems: int
    comments: int


def mark_workbook(data: bytes, issues: pl.DataFrame) -> Marked:
    """A workbook with the issues of it marked and listed.

    Args:
        data: an xlsx or xlsm workbook.
        issues: what is wrong with it (`schema.ISSUES`); sheets are named as in the workbook.

    Raises:
        UnusableXml: its parts do not fit together, or it is none of these.

    """
    package = Package.open(data)
    workbook = _workbook_of(package)
    styles = styles_part(package, workbook)
    xml, looks = put_looks(package.read(styles))
    colours = dict[Severity, int]()
    for severity, colour in FILLS.items():
        fill = f'<dxf><fill><patternFill patternType="solid"><fgColor rgb="{colour}"/><bgColor rgb="{colour}"/>'
        xml, colours[severity] = put_style(xml, "dxfs", f"{fill}</patternFill></fill></dxf>")
    package.put(styles, xml)
    ordered = issues.sort("severity", maintain_order=True)
    comments = _mark_sheets(package, workbook, ordered, colours)
    problems = _problems(ordered, sheet_parts(package, workbook))
    put_problems(package, workbook, problems, _note(issues), looks)
    stream = io.BytesIO()
    package.save(stream)
    suffix = ".xlsm" if b"macroEnabled" in package.read(TYPES) else ".xlsx"
    return Marked(stream.getvalue(), suffix, len(problems), comments)


def _workbook_of(package: Package) -> str:
    found = [each.target for each in package.relationships("") if each.kind == "officeDocument"]
    for part in (*found, "xl/workbook.xml"):
        if part in package:
            return part
    raise UnusableXml("the package holds no workbook")


def _mark_sheets(package: Package, workbook: str, issues: pl.DataFrame, colours: Mapping[Severity, int]) -> int:
    """Mark every sheet that has issues or had marks; gives the number of comments."""
    comments = 0
    for name, part in sheet_parts(package, workbook).items():
        of_sheet = issues.filter(pl.col("source_sheet") == name, pl.col("cells").is_not_null())
        if name == PROBLEMS_SHEET or part not in package or (of_sheet.is_empty() and not _was_marked(package, part)):
            continue
        marks = [_mark(*line) for line in of_sheet.select("severity", "cells", "message").iter_rows()]
        comments += mark_sheet(package, part, marks, colours)
    return comments


def _was_marked(package: Package, part: str) -> bool:
    return b"rosterdiff " in package.read(part)


def _mark(severity: str, cells: str, message: str) -> Mark:
    return Mark(Severity(severity), tuple(cells.split(", ")), f"{SEVERITIES[Severity(severity)].title}. {message}")


def _problems(issues: pl.DataFrame, sheets: Mapping[str, str]) -> list[Problem]:
    columns = ("severity", "source_sheet", "cell", "count", "message")
    return [
        Problem(Severity(severity), sheet if sheet in sheets else None, cell, count, message)
        for severity, sheet, cell, count, message in issues.select(columns).iter_rows()
    ]


def _note(issues: pl.DataFrame) -> str:
    """How many problems there are, and how they are marked."""
    counted = [
        f"{SEVERITIES[severity].title.lower()}: {count:,}"
        for severity in Severity
        if (count := issues.filter(pl.col("severity") == severity.value).height)
    ]
    if not counted:
        return "Nothing was found that needs attention."
    lines = count_of(issues.height, "line")
    return (
        f"{lines} ({', '.join(counted)}). In the other sheets the cells are coloured, and a comment says what is "
        "wrong; the names of cells below lead to them. This sheet is not read when the file is sent again."
    )


@frozen(eq=False)
class Cells:
    """The cells of a sheet as text: its columns from the left, and where the first of them stands."""

    frame: pl.DataFrame = field(repr=False)
    top: int = 1
    left: int = 0


def plain_workbook(sheets: Mapping[str, Cells]) -> bytes:
    """A new workbook of cells that are all text, each where it stood.

    Raises:
        InvalidRoster: a sheet has more rows or columns, or a cell more characters, than a workbook holds.

    """
    workbook, stream = Workbook(write_only=True), io.BytesIO()
    for name, cells in sheets.items():
        _hold_size(cells)
        sheet: Any = workbook.create_sheet(name)  # its stubs leave out the columns that it has
        for at, column in enumerate(cells.frame.head(_MEASURED).iter_columns(), start=cells.left + 1):
            sheet.column_dimensions[get_column_letter(at)].width = width_of(column.drop_nulls().to_list(), 50)
        for _ in range(cells.top - 1):
            sheet.append([])
        for row in cells.frame.iter_rows():
            sheet.append([None] * cells.left + [None if v is None else text_cell(sheet, v) for v in row])
    stamp(workbook, "")
    workbook.save(stream)
    return stream.getvalue()


def _hold_size(cells: Cells) -> None:
    if cells.top + cells.frame.height > _LAST_ROW or cells.left + cells.frame.width > _LAST_COLUMN:
        raise InvalidRoster(
            f"A sheet of a workbook holds {_LAST_ROW:,} rows and {_LAST_COLUMN:,} columns; this file has more.",
            "Split it, or take the list of its issues instead.",
        )
