"""The letter to a school as a workbook: one sheet to work through, one of those who are in no list.

Invariants: every line has its file, sheet and cell, so that it can be filtered by file or teacher; text is never a
formula.
"""

from pathlib import Path
from typing import Any, Final

import polars as pl
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from rosterdiff.letters import MATTERS, Matter
from rosterdiff.reports.cells import (
    FACE,
    HEADER_FILL,
    HEADER_FONT,
    height_of,
    put_text,
    set_print,
    shown,
    stamp,
    width_of,
)
from rosterdiff.reports.letter_content import Letter
from rosterdiff.reports.letter_text import OF_FILES, opening_of, title_of

_WRAP: Final = Alignment(horizontal="left", vertical="top", wrap_text=True)
_ONE_LINE: Final = Alignment(vertical="top")
_PRIVATE: Final = "Personal data of children: pass it on as you would pass on a class list."
_POINTS: Final = {
    "title": "Matter", "source_file": "File", "source_sheet": "Sheet", "teacher": "Teacher", "cell": "Where",
    "who": "Student", "found": "In the list", "known": "In the account", "message": "What", "advice": "What to do",
}  # fmt: skip
_GONE: Final = {"title": "Matter", "class_name": "Class", "who": "Who", "count": "Students", "advice": "What to do"}


def write_letter_workbook(letter: Letter, path: Path) -> None:
    """Write the letter as a workbook.

    Raises:
        OSError: the file cannot be written.

    """
    workbook = Workbook(write_only=True)
    _write_cover(workbook.create_sheet("Read first"), letter)
    _write_lines(workbook.create_sheet("To put right"), _worded(letter.of(*OF_FILES)), _POINTS)
    _write_lines(workbook.create_sheet("In no list"), _worded(letter.of(Matter.CLASS, Matter.GONE)), _GONE)
    stamp(workbook, title_of(letter))
    workbook.save(path)


def _worded(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines with the heading of their matter and what to do."""
    matter = pl.col("matter").cast(pl.String)
    return lines.with_columns(
        matter.replace({m.value: wording.title for m, wording in MATTERS.items()}).alias("title"),
        matter.replace({m.value: wording.advice for m, wording in MATTERS.items()}).alias("advice"),
    )


def _write_cover(sheet: Any, letter: Letter) -> None:  # a write-only sheet, whose stubs leave out its columns
    widths = (34.0, 90.0)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = widths
    set_print(sheet)
    sheet.row_dimensions[1].height = 26
    sheet.append([_cell(sheet, title_of(letter), Font(name=FACE, bold=True, size=16), _ONE_LINE)])
    sheet.append([_cell(sheet, opening_of(letter), align=_ONE_LINE)])
    sheet.append([])
    for at, matter in enumerate((m for m in Matter if letter.of(m).height), start=4):
        texts = [f"{MATTERS[matter].title} ({letter.of(matter).height:,})", str(MATTERS[matter])]
        sheet.row_dimensions[at].height = height_of(texts, widths)
        sheet.append([_cell(sheet, texts[0], Font(name=FACE, bold=True)), _cell(sheet, texts[1])])
    sheet.append([])
    sheet.append([_cell(sheet, _PRIVATE, align=_ONE_LINE)])


def _write_lines(sheet: Any, lines: pl.DataFrame, wanted: dict[str, str]) -> None:  # as above
    columns = {n: header for n, header in wanted.items() if lines[n].null_count() < lines.height} or wanted
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{lines.height + 1}"
    set_print(sheet, header_row=1)
    widths = [_width_of(lines[name], header) for name, header in columns.items()]
    for at, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.append([_head(sheet, header) for header in columns.values()])
    for at, row in enumerate(lines.select(list(columns)).iter_rows(), start=2):
        sheet.row_dimensions[at].height = height_of(["" if value is None else str(value) for value in row], widths)
        sheet.append([_cell(sheet, value) for value in row])


def _width_of(values: pl.Series, header: str) -> int:
    texts = [header, *values.cast(pl.String).drop_nulls().unique().to_list()]
    return width_of(texts, 60 if values.name in {"message", "advice"} else 34)


def _head(sheet: Any, text: str) -> Cell:
    cell = _cell(sheet, text, HEADER_FONT)
    cell.fill = HEADER_FILL
    return cell


def _cell(sheet: Any, value: str | int | None, font: Font | None = None, align: Alignment = _WRAP) -> Cell:
    cell = WriteOnlyCell(sheet)
    if isinstance(value, int):
        cell.value = value
    elif value:
        put_text(cell, shown(value))
    cell.font, cell.alignment = font or Font(name=FACE), align
    return cell
