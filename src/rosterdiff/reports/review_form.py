"""The review workbook as lines, before a cell of it is painted, and what its hidden sheet remembers of them.

Invariants: every question has one line and one key; what is read back is found by the key alone, so that sorting,
filtering, further columns and another file name change no answer; a line's text is sealed, so that an answer is never
taken for another child's when lines and keys were moved apart.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from attrs import evolve, field, frozen

from rosterdiff.config import Mode
from rosterdiff.model import Pool, Reason, Verdict
from rosterdiff.plans import Plan
from rosterdiff.reports.cells import shown
from rosterdiff.reports.questions import Block, Candidate, HeldStudent, OpenRow, review_blocks, shown_fields
from rosterdiff.sentences import POOLS, REASONS, VERDICTS, count_of, field_label, likelihood

MARKER: Final = "rosterdiff review"
FORMAT: Final = 2
REVIEW_SHEET, HELP_SHEET, HIDDEN_SHEET = "Review", "How to answer", "rosterdiff"
KEY_HEADER, ANSWER_HEADER, COMMENT_HEADER = "rosterdiff key", "Your answer", "Comment"
WHO_HEADER, LIKELY_HEADER, WHY_HEADER, ID_HEADER = "Who", "How likely", "Where, and why", field_label("student_id")
DELETE_ALL, LEAVE_ALL = "delete all", "leave all"


class Kind(StrEnum):
    """What a question is about: a row, a student, or all students of a class that nobody listed."""

    ROW = "row"
    STUDENT = "student"
    CLASS = "class"


class Look(StrEnum):
    """How a line is painted."""

    TITLE = "title"
    ADVICE = "advice"
    ROW = "row"
    CANDIDATE = "candidate"
    STUDENT = "student"
    CLASS = "class"


def _texts_of(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)


@frozen
class Question:
    """One answer that the workbook asks for, as its hidden sheet remembers it.

    Attributes:
        key: the technical name that stands on the question's line.
        numbers: number → student_id, for questions about rows.
        restorable: ids of the deleted students whom the row resembles.
        of_class: the key of the question about the whole class, for the students of one.
        seal: a digest of the text of the line.

    """

    key: str
    kind: Kind = field(converter=Kind)
    row: int | None = None
    student_id: str | None = field(default=None)
    numbers: Mapping[int, str] = field(factory=dict)
    restorable: tuple[str, ...] = field(default=(), converter=_texts_of)
    of_class: str = ""
    seal: str = ""


@frozen
class Line:
    """One line of the sheet: its texts from `Who` to the last column, and what may be answered on it."""

    look: Look
    who: str
    likely: str = ""
    student_id: str = field(default="")
    values: tuple[str, ...] = field(default=(), repr=False)
    why: str = field(default="", repr=False)
    marked: frozenset[int] = frozenset()
    choices: tuple[str, ...] = ()
    question: Question | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts in the order of `headers_of`, between the answer and the comment."""
        return (self.who, self.likely, *self.values, self.student_id, self.why)


def headers_of(fields: Iterable[str]) -> tuple[str, ...]:
    """The headers of a review sheet, first to last."""
    labels = [field_label(name) for name in fields]
    return (KEY_HEADER, ANSWER_HEADER, WHO_HEADER, LIKELY_HEADER, *labels, ID_HEADER, WHY_HEADER, COMMENT_HEADER)


def review_lines(plan: Plan) -> tuple[tuple[str, ...], list[Line]]:
    """The fields that are shown, and the lines of the review sheet below its header."""
    blocks = review_blocks(plan)
    fields = shown_fields(blocks)
    lines = [
        line
        for number, block in enumerate(blocks, start=1)
        for line in _block_lines(block, number, fields, deletes=plan.mode is Mode.MIGRATION)
    ]
    return fields, lines


def seal_of(texts: Iterable[str]) -> str:
    """A digest of a line's texts, blind to how a spreadsheet program keeps white space, dates, numbers and empty cells.

    >>> seal_of(["Ilva", "2016-03-04", "04"]) == seal_of(["Ilva", "4/3/2016", "4"]) == seal_of([" Ilva", "42433", "4"])
    True
    """
    words = [_however_written(" ".join(text.split())) for text in texts]
    return hashlib.blake2b(json.dumps([word for word in words if word]).encode(), digest_size=8).hexdigest()


_DATE: Final = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?: 00:00:00)?")
_DAY_ZERO: Final = date(1899, 12, 30)
"""From which spreadsheets count days."""


def _however_written(text: str) -> str:
    """The same for a date as text, as a date of any order and as the number of a day; for a number with its zeros lost.

    What is told apart no more (a day from its month, a number of five digits from a day) is so in all lines alike.
    """
    if re.fullmatch(r"[1-9]\d{4}", text, re.ASCII):
        text = (_DAY_ZERO + timedelta(days=int(text))).isoformat()
    if found := _DATE.fullmatch(text):
        return " ".join(sorted(str(int(part) % 100) for part in found.groups()))
    return text.lstrip("0") if text.isdecimal() else text


def encode_question(question: Question) -> str:
    """A question as one line of JSON for the hidden sheet."""
    return json.dumps(
        {
            "key": question.key,
            "kind": question.kind.value,
            "row": question.row,
            "student_id": question.student_id,
            "numbers": [[number, student_id] for number, student_id in question.numbers.items()],
            "restorable": list(question.restorable),
            "of_class": question.of_class,
            "seal": question.seal,
        },
        ensure_ascii=True,
    )


def decode_question(text: str) -> Question:
    """The question back from its line of JSON; raises `ValueError`, `TypeError` or `KeyError` on any other text."""
    record = json.loads(text)
    numbers = {int(number): str(student_id) for number, student_id in record.pop("numbers")}
    return Question(**record, numbers=numbers)


def encode_fields(fields: Iterable[str]) -> str:
    """The shown fields as one line of JSON for the hidden sheet."""
    return json.dumps(list(fields))


def decode_fields(text: str) -> tuple[str, ...]:
    """The shown fields back from their line of JSON."""
    return tuple(str(name) for name in json.loads(text))


def checksum_of(plan_id: str, encoded: Iterable[str]) -> str:
    """A digest of the whole hidden sheet."""
    return hashlib.sha256("\n".join([MARKER, plan_id, *encoded]).encode()).hexdigest()


def _block_lines(block: Block, number: int, fields: tuple[str, ...], *, deletes: bool) -> Iterator[Line]:
    wording = REASONS[block.reason]
    yield Line(Look.TITLE, f"{number}. {wording.title}")
    yield Line(Look.ADVICE, str(wording))
    named = {student.student_id: student.number for student in block.students}
    named |= {c.student_id: c.number for row in block.rows for c in row.candidates if c.number is not None}
    numbers = {number: student_id for student_id, number in sorted(named.items(), key=lambda item: item[1])}
    for row in block.rows:
        yield _row_line(row, numbers, fields, block)
        for candidate in row.candidates:
            yield _candidate_line(candidate, fields)
    if block.of_class:
        yield _class_line(block, fields)
    for student in block.students:
        if deletes or student in block.of_class:
            yield _student_line(student, block, fields)


def _texts(values: Mapping[str, str | None], fields: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(shown(values.get(name)) for name in fields)


def _sealed(line: Line, question: Question) -> Line:
    return evolve(line, question=evolve(question, seal=seal_of(line.texts)))


def row_key(row: OpenRow) -> str:
    """The technical name of the question about a row."""
    return f"row-{row.row}"


def student_key(student: HeldStudent, block: Block) -> str:
    """The technical name of the question about one account."""
    return f"student-{block.group}-{student.number}"


def class_key(block: Block) -> str:
    """The technical name of the question about all accounts of a class."""
    return f"class-{block.group}"


def row_where(row: OpenRow, block: Block) -> str:
    """Where a row stands, and its own reason where it is not that of the block."""
    return row.place if row.reason is block.reason else f"{row.place}. {REASONS[row.reason].title}"


def row_verdicts(row: OpenRow) -> tuple[Verdict, ...]:
    """What is offered for a row beside its candidates."""
    return (Verdict.IGNORE,) if row.reason is Reason.ROW_UNUSABLE else (Verdict.NEW, Verdict.IGNORE)


def candidate_name(candidate: Candidate) -> str:
    """What to call a candidate: `Student 1`, `Deleted student`."""
    name = POOLS[candidate.pool].capitalize()
    return name if candidate.number is None else f"{name} {candidate.number}"


def candidate_bar(candidate: Candidate) -> str:
    """Why a candidate cannot simply be chosen; empty where it can."""
    taken = f"Already matched with {candidate.taken}." if candidate.taken else ""
    unknown = "" if candidate.pool is Pool.BASE else "The staff can look this account up by its id."
    return f"{taken} {unknown}".strip()


def class_title(block: Block) -> str:
    """Whom the one answer for a class is about: `All 24 students of 2A`."""
    classes = dict.fromkeys(
        shown(student.values["class_name"] or student.values["grade"]) or "no class" for student in block.of_class
    )
    return f"All {count_of(len(block.of_class), 'student')} of {', '.join(list(classes)[:6])}"


def student_note(student: HeldStudent, *, in_class: bool) -> str:
    """What becomes of an account about which nothing is said."""
    follows = "it is deleted" if student.deletable else "it stays"
    if in_class:
        return "Without an answer of its own: as the whole class."
    return f"Only if no row above is this student. Without an answer, {follows}."


def _row_line(row: OpenRow, numbers: Mapping[int, str], fields: tuple[str, ...], block: Block) -> Line:
    same = [f"{VERDICTS[Verdict.SAME].title} {candidate.number}" for candidate in row.candidates if candidate.free]
    deleted = tuple(candidate.student_id for candidate in row.candidates if candidate.pool is Pool.DELETED)
    restore = [f"{VERDICTS[Verdict.RESTORE].title} {student_id}" for student_id in deleted]
    line = Line(
        Look.ROW,
        "In the upload",
        student_id=shown(row.values["student_id"]),
        values=_texts(row.values, fields),
        why=row_where(row, block),
        choices=(*same, *restore, *(VERDICTS[verdict].title for verdict in row_verdicts(row))),
    )
    question = Question(row_key(row), Kind.ROW, row=row.row, numbers=numbers, restorable=deleted)
    return _sealed(line, question)


def _candidate_line(candidate: Candidate, fields: tuple[str, ...]) -> Line:
    return Line(
        Look.CANDIDATE,
        candidate_name(candidate),
        likely=likelihood(candidate.probability),
        student_id=shown(candidate.student_id),
        values=_texts(candidate.values, fields),
        why=f"{candidate_bar(candidate)} {candidate.evidence}".strip(),
        marked=frozenset(at for at, name in enumerate(fields) if name in candidate.differing),
    )


def _class_line(block: Block, fields: tuple[str, ...]) -> Line:
    values = ("",) * len(fields)
    choices = (DELETE_ALL, LEAVE_ALL)
    line = Line(Look.CLASS, class_title(block), values=values, why="One answer for all of them.", choices=choices)
    return _sealed(line, Question(class_key(block), Kind.CLASS))


def _student_line(student: HeldStudent, block: Block, fields: tuple[str, ...]) -> Line:
    in_class = student in block.of_class
    line = Line(
        Look.STUDENT,
        f"Account of student {student.number}",
        student_id=shown(student.student_id),
        values=_texts(student.values, fields),
        why=student_note(student, in_class=in_class),
        choices=(VERDICTS[Verdict.DELETE].title, VERDICTS[Verdict.LEAVE].title),
    )
    of_class = class_key(block) if in_class else ""
    key = student_key(student, block)
    return _sealed(line, Question(key, Kind.STUDENT, student_id=student.student_id, of_class=of_class))
