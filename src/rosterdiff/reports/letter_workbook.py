"""The letter to a school as a workbook: one sheet to work through, one of those who are in no list.

Invariants: every line has its file, sheet and cell, so that it can be filtered by file or teacher; text is never a
formula.
"""

from pathlib import Path
from typing import Any, Final

import polars as pl
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from rosterdiff.letters import MATTERS, Matter
from rosterdiff.reports.cells import put_text, set_print, shown, stamp, width_of
from rosterdiff.reports.letter_content import Letter
from rosterdiff.reports.letter_text import OF_FILES, opening_of, title_of

_FACE: Final = "Calibri"
_HEAD: Final = Font(name=_FACE, bold=True, color="FFFFFF")
_FILL: Final = PatternFill("solid", start_color="27496D")
_WRAP: Final = Alignment(vertical="top", wrap_text=True)
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
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 34, 90
    set_print(sheet)
    sheet.append([_cell(sheet, title_of(letter), Font(name=_FACE, bold=True, size=16))])
    sheet.append([_cell(sheet, opening_of(letter))])
    sheet.append([])
    for matter in Matter:
        if count := letter.of(matter).height:
            title = _cell(sheet, f"{MATTERS[matter].title} ({count:,})", Font(name=_FACE, bold=True))
            sheet.append([title, _cell(sheet, str(MATTERS[matter]))])
    sheet.append([])
    sheet.append([_cell(sheet, "Personal data of children: pass it on as you would pass on a class list.")])


def _write_lines(sheet: Any, lines: pl.DataFrame, wanted: dict[str, str]) -> None:  # as above
    columns = {n: header for n, header in wanted.items() if lines[n].null_count() < lines.height} or wanted
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{lines.height + 1}"
    set_print(sheet, header_row=1)
    for at, (name, header) in enumerate(columns.items(), start=1):
        texts = [header, *lines[name].cast(pl.String).drop_nulls().unique().to_list()]
        most = 60 if name in {"message", "advice"} else 34
        sheet.column_dimensions[get_column_letter(at)].width = width_of(texts, most)
    sheet.append([_head(sheet, header) for header in columns.values()])
    for row in lines.select(list(columns)).iter_rows():
        sheet.append([_cell(sheet, value) for value in row])


def _head(sheet: Any, text: str) -> Cell:
    cell = _cell(sheet, text, _HEAD)
    cell.fill = _FILL
    return cell


def _cell(sheet: Any, value: str | int | None, font: Font | None = None) -> Cell:
    cell = WriteOnlyCell(sheet)
    if isinstance(value, int):
        cell.value = value
    elif value:
        put_text(cell, shown(value))
    cell.font, cell.alignment = font or Font(name=_FACE), _WRAP
    return cell
