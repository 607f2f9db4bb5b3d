"""The review workbook filled in as a person fills it in: reading the lines, typing into the yellow cells.

Invariants: only answer cells are written; the answers come from the truth of the school, not from the plan.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from attrs import frozen
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from rosterdiff.demo.school import Line, Twist

_SHEET: Final = "Review"
_KEY, _ANSWER, _WHO, _ID = "rosterdiff key", "Your answer", "Who", "Account ID"


@frozen
class _Block:
    """One row of the upload as the workbook shows it: where its answer goes, and which students it may be."""

    key: str
    answer: Any  # a cell of the workbook
    numbers: dict[str, str]  # Account ID → "1", as in "Student 1"


def fill_in(path: Path, lines: Mapping[int, Line]) -> int:
    """Answer every question about a row of the upload, save the workbook, and say how many were answered.

    Args:
        path: the workbook that `write_review` wrote.
        lines: row of the plan → the line of the class list that stands there.

    """
    book = load_workbook(path)
    answered = 0
    for block in _blocks(book[_SHEET]):
        kind, _, number = block.key.partition("-")
        if kind == "row":
            block.answer.value = _answer(lines[int(number)], block)
        elif kind == "class":
            block.answer.value = "delete all"
        else:
            continue  # an account whose row was answered needs no answer of its own
        answered += 1
    book.save(path)
    return answered


def _answer(line: Line, block: _Block) -> str:
    if line.twist is Twist.WRONG_CLASS:
        return "ignore this row"
    if line.student_id is None:
        return "new student"
    return f"same as {block.numbers.get(line.student_id, f'id {line.student_id}')}"


def _blocks(sheet: Worksheet) -> Iterator[_Block]:
    header = next(row for row in sheet.iter_rows() if any(cell.value == _ANSWER for cell in row))
    column = {str(cell.value): place for place, cell in enumerate(header, 1)}
    block: _Block | None = None
    for place in range((header[0].row or 0) + 1, sheet.max_row + 1):
        who, key = (sheet.cell(place, column[name]).value for name in (_WHO, _KEY))
        if key:
            if block:
                yield block
            block = _Block(str(key), sheet.cell(place, column[_ANSWER]), {})
        elif block and isinstance(who, str) and who.startswith("Student "):
            block.numbers[str(sheet.cell(place, column[_ID]).value)] = who.split()[1]
    if block:
        yield block
