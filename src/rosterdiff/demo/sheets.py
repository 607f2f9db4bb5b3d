"""The school's files, written by real spreadsheet libraries: the host's export, and each teacher's own list.

Invariants: the same school gives the same cells; every line is remembered by its file and row, so that the truth of a
row of the plan can be looked up.
"""

import csv
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Final

from attrs import frozen
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from rosterdiff.demo.people import SCHOOL_NAME, Gender, Student
from rosterdiff.demo.school import Line, School, Twist
from rosterdiff.demo.styles import CELL_DATE, SENT_TWICE, STYLES, Column, Style

BASE_FILE: Final = "accounts-export.xlsx"
UPLOADS: Final = "class lists 2027"
_EPOCH: Final = datetime(2026, 12, 1, 9, 0)  # noqa: DTZ001  (a spreadsheet's time stamps have no zone)

_Cell = str | int | date | None


@frozen
class Sheets:
    """The files that were written.

    Attributes:
        lines: file name and row, as the spreadsheet numbers it → the line that stands there.

    """

    base: Path
    uploads: tuple[Path, ...]
    lines: Mapping[tuple[str, int], Line]


def write_sheets(school: School, folder: Path) -> Sheets:
    """Write the export of the accounts, and next year's lists in a folder of their own."""
    inner = folder / UPLOADS
    inner.mkdir(parents=True, exist_ok=True)
    _write_xlsx(folder / BASE_FILE, "Accounts", _export(school.students))
    uploads: list[Path] = []
    lines: dict[tuple[str, int], Line] = {}
    for class_name, style in STYLES.items():
        for name in upload_names(class_name):
            start = _write_list(inner / name, style, school.lists[class_name])
            uploads.append(inner / name)
            lines |= {(name, start + place): line for place, line in enumerate(school.lists[class_name])}
    return Sheets(folder / BASE_FILE, tuple(uploads), lines)


def upload_names(*classes: str) -> tuple[str, ...]:
    """The names of the files in which the lists of these classes, or of all, arrive."""
    twice, again = SENT_TWICE
    return tuple(
        name
        for class_name in classes or STYLES
        for name in (STYLES[class_name].filename, again if class_name == twice else None)
        if name
    )


def _export(students: Iterable[Student]) -> list[list[_Cell]]:
    header: list[_Cell] = [
        "Account ID", "Student Number", "Username", "First Name", "Middle Name", "Last Name", "Preferred First Name",
        "Date of Birth", "Gender", "Year Level", "Class", "House",
    ]  # fmt: skip
    return [header, *(_export_line(student) for student in students)]


def _export_line(student: Student) -> list[_Cell]:
    child = student.child
    grade = "Prep" if student.grade == "KG" else f"Year {int(student.grade)}"
    return [
        student.student_id, student.student_number, student.username, child.given, child.middle or None, child.family,
        student.preferred or None, child.birth_date, child.gender.value, grade, student.class_name, student.house,
    ]  # fmt: skip


def _write_list(path: Path, style: Style, lines: Iterable[Line]) -> int:
    """Write one list and give the row of its first student, as the spreadsheet numbers it."""
    table: list[list[_Cell]] = [[title] for title in style.titles]
    table.append([header for header, _ in style.columns])
    start = len(table) + 1
    table += [
        [_CELLS[column](line, style, place) for _, column in style.columns] for place, line in enumerate(lines, 1)
    ]
    if path.suffix == ".xlsx":
        _write_xlsx(path, style.sheet, table)
    else:
        _write_csv(path, style, table)
    return start


def _born(line: Line, style: Style, _: int) -> _Cell:
    if line.twist is Twist.BAD_DATE:
        return f"31/02/{line.child.birth_date.year}"
    born = line.child.birth_date
    return born if style.dates == CELL_DATE else born.strftime(style.dates)


def _grade(line: Line, style: Style, _: int) -> _Cell:
    if line.grade == "KG":
        return style.starters
    word = style.others.format(int(line.grade))
    return int(word) if word.isdigit() else word


def _gender(line: Line, style: Style, _: int) -> _Cell:
    return style.genders[0 if line.child.gender is Gender.GIRL else 1]


def _number(line: Line, *_: object) -> _Cell:
    return int(line.student_number) if line.student_number else None


_CELLS: Final[Mapping[Column, Callable[[Line, Style, int], _Cell]]] = {
    Column.PLACE: lambda _, __, place: place,
    Column.GIVEN: lambda line, *_: line.child.given,
    Column.FAMILY: lambda line, *_: line.child.family,
    Column.LAST_FIRST: lambda line, *_: f"{line.child.family}, {line.child.given}",
    Column.FIRST_LAST: lambda line, *_: f"{line.child.given} {line.child.family}",
    Column.MIDDLE: lambda line, *_: line.child.middle or None,
    Column.NUMBER: lambda line, *_: line.student_number or None,
    Column.NUMBER_AS_NUMBER: _number,
    Column.BORN: _born,
    Column.GENDER: _gender,
    Column.GRADE: _grade,
    Column.CLASS: lambda line, *_: line.class_name,
    Column.REMARK: lambda _, __, place: "yes" if place % 3 == 0 else None,
}


def _write_xlsx(path: Path, sheet: str, table: Iterable[list[_Cell]]) -> None:
    book = Workbook()
    book.properties.creator = SCHOOL_NAME
    book.properties.created = book.properties.modified = _EPOCH
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = sheet
    for line in table:
        page.append(line)
    for row in page.iter_rows():
        for cell in row:
            if isinstance(cell.value, date):
                cell.number_format = "dd/mm/yyyy"
    for place in range(1, page.max_column + 1):
        page.column_dimensions[get_column_letter(place)].width = 18
    book.save(path)


def _write_csv(path: Path, style: Style, table: Iterable[list[_Cell]]) -> None:
    with path.open("w", encoding=style.encoding, newline="") as stream:
        writer = csv.writer(stream, delimiter=style.delimiter)
        writer.writerows([[_encodable(cell, style.encoding) for cell in line] for line in table])


def _encodable(cell: _Cell, encoding: str) -> _Cell:
    """Leave out the accents that an encoding does not have, as the teacher's program does."""
    if not isinstance(cell, str):
        return cell
    return "".join(_plain(letter, encoding) for letter in cell)


def _plain(letter: str, encoding: str) -> str:
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        bare = unicodedata.normalize("NFKD", letter.replace("ł", "l").replace("ı", "i"))
        return "".join(part for part in bare if part.isascii())
    return letter
