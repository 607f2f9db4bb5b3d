"""The filled-in review workbook back as decisions, each with the cell in which it was written.

Invariants: every question of the workbook gives its decision, an unanswered one gives `open`; all problems are told at
once and then nothing is taken; no message repeats what was typed. The file is read as data: no formula is evaluated.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Final

from attrs import define, field, frozen
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from rosterdiff.errors import InvalidDecisions, RosterError, UnreadableFile
from rosterdiff.model import Decision, Verdict
from rosterdiff.reports.page_answers import is_page_file, read_page_decisions
from rosterdiff.reports.review_form import (
    ANSWER_HEADER,
    COMMENT_HEADER,
    DELETE_ALL,
    FORMAT,
    HIDDEN_SHEET,
    KEY_HEADER,
    LEAVE_ALL,
    MARKER,
    Kind,
    Question,
    checksum_of,
    decode_fields,
    decode_question,
    headers_of,
    seal_of,
)

Cells = Sequence[tuple[Any, ...]]

_MOST_BYTES: Final = 50_000_000
_MOST_UNPACKED: Final = 1_000_000_000
_MOST_ROWS, _MOST_COLUMNS = 200_000, 256
_UNREADABLE: Final = (
    zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, SyntaxError,
    EOFError, RecursionError, NotImplementedError, InvalidFileException, zipfile.LargeZipFile,
)  # fmt: skip
"""What a file that is no whole workbook makes its library raise."""

_WORDS: Final[Mapping[Kind, Mapping[str, Verdict]]] = {
    Kind.ROW: {
        **dict.fromkeys(("new student", "new", "new child", "add"), Verdict.NEW),
        **dict.fromkeys(("ignore this row", "ignore row", "ignore"), Verdict.IGNORE),
    },
    Kind.STUDENT: {
        **dict.fromkeys(("delete", "delete account"), Verdict.DELETE),
        **dict.fromkeys(("leave", "keep", "leave account"), Verdict.LEAVE),
    },
    Kind.CLASS: {
        **dict.fromkeys((DELETE_ALL, "delete"), Verdict.DELETE),
        **dict.fromkeys((LEAVE_ALL, "leave", "keep all", "keep"), Verdict.LEAVE),
    },
}
_EXPECTED: Final[Mapping[Kind, str]] = {
    Kind.ROW: "“same as” with the number of a student of this question, “new student”, “ignore this row”, or “restore”"
    " with the id of a deleted student of this question",
    Kind.STUDENT: "“delete”, “leave” or nothing",
    Kind.CLASS: f"“{DELETE_ALL}” or “{LEAVE_ALL}”",
}
_SAME = re.compile(
    r"(?:same(?: student)?(?: as)?)?:?\s*(?:student|number|no\.?|#)?\s*(?P<id>(?:account )?id\b)?\s*(.*)", re.I
)


@frozen
class Answer:
    """What stands on the line of one question.

    Attributes:
        text: the answer as it was typed, white space and quotation marks taken off.
        place: the cell, in words.
        intact: the line's other texts are those that were written beside its key.

    """

    text: str = field(repr=False)
    comment: str = field(repr=False)
    place: str
    intact: bool = True


@define
class _Reading:
    """What was found while a workbook was read; `problems` are sentences for the person who filled it in."""

    filename: str
    questions: dict[str, Question]
    headers: tuple[str, ...]
    answers: dict[str, Answer] = field(factory=dict)
    problems: list[str] = field(factory=list)


def read_decisions(path: str | PathLike[str]) -> tuple[Decision, ...]:
    """Read the answers out of a review workbook, or out of the file that the review page saved.

    Returns:
        A decision for every open row, and for every student of a class that nobody listed; `open` where nothing was
        answered. For the other held students only what was answered: without an answer they follow the rows. Each
        has the plan's id and its place; those of the page have the staff member whose name was typed as their actor.

    Raises:
        UnreadableFile: the file is neither, or no review of ours.
        InvalidDecisions: answers that cannot be understood, or a damaged form; all at once, each with its place.

    """
    source = Path(path)
    return read_page_decisions(source) if is_page_file(source) else _read_workbook(source)


def _read_workbook(source: Path) -> tuple[Decision, ...]:
    sheets = _load_sheets(source)
    plan_id, fields, questions = _read_hidden(sheets, source.name)
    reading = _Reading(source.name, questions, headers_of(fields))
    for title, cells in sheets.items():
        if title != HIDDEN_SHEET:
            _read_sheet(reading, title, cells)
    missing = f"{source.name}: the line of this question is gone"
    for key in questions:
        reading.answers.setdefault(key, Answer("", "", missing))
    decisions = tuple(_decisions(reading, plan_id))
    if reading.problems:
        raise InvalidDecisions(reading.problems)
    return decisions


# The file


def _load_sheets(source: Path) -> dict[str, Cells]:
    """The cells of every sheet as values, within bounds."""
    try:
        with zipfile.ZipFile(source) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if source.stat().st_size > _MOST_BYTES or unpacked > _MOST_UNPACKED:
            raise UnreadableFile(source.name, "too_large", "the file is larger than any review workbook.", _RESEND)
        workbook = load_workbook(source, read_only=True, data_only=True, keep_links=False)
        try:
            return {sheet.title: tuple(_rows(sheet)) for sheet in workbook.worksheets}
        finally:
            workbook.close()
    except FileNotFoundError:
        raise UnreadableFile(source.name, "not_found", "there is no such file.", "Check the path.") from None
    except RosterError:
        raise
    except _UNREADABLE:
        raise _foreign(source.name) from None


def _rows(sheet: Any) -> Iterator[tuple[Any, ...]]:  # read-only sheets have no stubs
    sheet.reset_dimensions()  # what a file says of its own size need not be so
    return iter(sheet.iter_rows(max_row=_MOST_ROWS, max_col=_MOST_COLUMNS, values_only=True))


_EXPECTED_FILE: Final = "expected a review workbook (.xlsx) or decisions of a review page (.json), found another file."
_RESEND: Final = "Send the workbook of the plan with the answers filled in, or what “Save decisions” saved on its page."


def _foreign(filename: str) -> UnreadableFile:
    return UnreadableFile(filename, "not_a_review", _EXPECTED_FILE, _RESEND)


def _read_hidden(sheets: Mapping[str, Cells], filename: str) -> tuple[str, tuple[str, ...], dict[str, Question]]:
    """The plan's id, the shown fields, and the questions by key, from the hidden sheet."""
    cells = sheets.get(HIDDEN_SHEET, ())
    if not cells or _text(cells[0], 0) != MARKER:
        raise _foreign(filename)
    if _text(cells[0], 1) != str(FORMAT):
        raise UnreadableFile(filename, "other_version", "another version of rosterdiff wrote this workbook.", _RESEND)
    encoded = [text for row in cells[3:] if (text := _text(row, 0))]
    plan_id, checksum = _text(cells[1], 1) if len(cells) > 1 else "", _text(cells[2], 1) if len(cells) > 2 else ""
    if not encoded or checksum != checksum_of(plan_id, encoded):
        problem = f"{filename}, sheet {HIDDEN_SHEET}: the hidden sheet was changed, so no answer can be trusted."
        raise InvalidDecisions([f"{problem} Write the workbook again and copy the answers over."])
    questions = [decode_question(text) for text in encoded[1:]]
    return plan_id, decode_fields(encoded[0]), {question.key: question for question in questions}


# The sheets


def _read_sheet(reading: _Reading, title: str, cells: Cells) -> None:
    """Find the lines of questions by their keys, whatever was sorted, inserted or filtered."""
    columns: dict[str, int] = {}
    for at, row in enumerate(cells, start=1):
        texts = [_text(row, column) for column in range(len(row))]
        if KEY_HEADER in texts:
            columns = {text: column for column, text in reversed(list(enumerate(texts))) if text}
            if ANSWER_HEADER not in columns:
                place = f"{reading.filename}, sheet {title}, row {at}"
                reading.problems.append(f"{place}: the column “{ANSWER_HEADER}” is missing. Put its header back.")
                return
        elif columns and (key := _text(row, columns[KEY_HEADER])):
            place = f"{reading.filename}, sheet {title}, cell {get_column_letter(columns[ANSWER_HEADER] + 1)}{at}"
            _read_line(reading, key, _answer(reading, row, columns, place))


def _answer(reading: _Reading, row: Sequence[Any], columns: Mapping[str, int], place: str) -> Answer:
    texts = [_text(row, columns[header]) if header in columns else "" for header in reading.headers]
    question = reading.questions.get(_text(row, columns[KEY_HEADER]))
    return Answer(
        text=_text(row, columns[ANSWER_HEADER]).strip("'\"“”‘’. "),
        comment=_text(row, columns.get(COMMENT_HEADER)),
        place=place,
        intact=question is not None and seal_of(texts[2:-1]) == question.seal,
    )


def _read_line(reading: _Reading, key: str, answer: Answer) -> None:
    before = reading.answers.get(key)
    if key not in reading.questions:
        reading.problems.append(f"{answer.place}: this line has a key that the workbook did not give it. Remove it.")
    elif not answer.intact and answer.text:
        reading.problems.append(
            f"{answer.place}: the texts beside this answer are not those that were written there, so it may belong"
            " to another line. Undo the change, or write the workbook again."
        )
    elif before is not None and before.text and answer.text and before.text.casefold() != answer.text.casefold():
        reading.problems.append(f"{answer.place}: this question is answered otherwise in {before.place}. Keep one.")
    elif before is None or not before.text:
        reading.answers[key] = answer


def _text(row: Sequence[Any], column: int | None) -> str:
    """A cell as text: whole numbers without a fraction, white space collapsed."""
    value = row[column] if column is not None and column < len(row) else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else " ".join(str(value).split())


# The answers


def _decisions(reading: _Reading, plan_id: str) -> Iterator[Decision]:
    for key, question in reading.questions.items():
        answer = reading.answers[key]
        verdict, student_id = _understand(reading, question, answer)
        if question.kind is Kind.ROW:
            yield _decision(plan_id, answer, verdict, row=question.row, student_id=student_id)
        elif question.kind is Kind.STUDENT and verdict is not Verdict.OPEN:
            yield _decision(plan_id, answer, verdict, student_id=question.student_id)
        elif question.of_class:
            whole = reading.answers[question.of_class]
            verdict, _ = _understand(reading, reading.questions[question.of_class], whole, again=True)
            yield _decision(plan_id, whole, verdict, student_id=question.student_id)


def _decision(plan_id: str, answer: Answer, verdict: Verdict, **about: Any) -> Decision:
    return Decision(verdict=verdict, comment=answer.comment, plan_id=plan_id, place=answer.place, **about)


def _understand(
    reading: _Reading, question: Question, answer: Answer, *, again: bool = False
) -> tuple[Verdict, str | None]:
    """What an answer says; a problem, and `open`, where it says nothing that was asked."""
    word = answer.text.casefold()
    if not word:
        return Verdict.OPEN, None
    if word in _WORDS[question.kind]:
        return _WORDS[question.kind][word], None
    if question.kind is Kind.ROW and word.startswith("restore") and (account := account_named(question, word)):
        return Verdict.RESTORE, account
    student_id = student_named(question, answer.text) if question.kind is Kind.ROW else None
    if student_id is not None:
        return Verdict.SAME, student_id
    if not again:
        reading.problems.append(f"{answer.place}: expected {_EXPECTED[question.kind]}, found something else.")
    return Verdict.OPEN, None


def account_named(question: Question, word: str) -> str | None:
    """The deleted student whom an answer restores, by id, or without one where there is but one."""
    named = re.sub(r"^restore(?: this)?(?: account)?(?: id)?:?\s*", "", word)
    fitting = [student_id for student_id in question.restorable if named in {"", student_id.casefold()}]
    return fitting[0] if len(fitting) == 1 else None


def student_named(question: Question, text: str) -> str | None:
    """The student that an answer names, by number, by id of one who is shown, or by any id where it says so."""
    found = _SAME.fullmatch(text)
    assert found, "the pattern takes any text"
    named = found[2].strip()
    if found["id"]:
        return named or None
    if not named:
        return next(iter(question.numbers.values())) if len(question.numbers) == 1 else None
    by_number = {question.numbers.get(int(named))} if named.isdecimal() and len(named) < 10 else set()
    by_id = {student_id for student_id in question.numbers.values() if student_id.casefold() == named.casefold()}
    fitting = (by_number - {None}) | (({named} & by_id) or by_id)
    return fitting.pop() if len(fitting) == 1 else None
