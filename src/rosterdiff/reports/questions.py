"""The open entries of a plan as questions that a person can answer, group by group.

Invariants: every open row and every held student of the plan is in exactly one block; within a block a student has one
number, whichever row it is a candidate of; students who are not in the base have no number, and their values are empty.
"""

from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Any, Final

import polars as pl
from attrs import field, frozen

from rosterdiff.levels import Comparison
from rosterdiff.model import Pool, Reason
from rosterdiff.plans import IS_OPEN, Plan
from rosterdiff.schema import CANONICAL, LEVEL_COLUMNS
from rosterdiff.sentences import comparison_label, count_of, level_sentence

Values = Mapping[str, str | None]

AGREEING: Final = frozenset({"same", "known_as", "in_step", "expected", "missing", "apart"})
"""Levels at which a field needs no mark: nothing differs, or it differs as expected."""


_TELLING: Final = (
    "family_name", "given_name", "middle_name", "name_suffix", "preferred_family_name", "preferred_given_name",
    "birth_date", "grade", "class_name", "school",
)  # fmt: skip
"""By what the staff of a school knows a student."""

_ORDER: Final = (*_TELLING, *(name for name in CANONICAL if name not in (*_TELLING, "student_id")))


@frozen
class Candidate:
    """A student who may be the child of an open row.

    Attributes:
        number: the student's number in the block; None for students who are not in the base.
        taken: where the row stands that has this student already; None where it is free.
        values: the student's canonical fields as text.
        differing: the fields whose difference needs a look.
        evidence: what speaks for and against, in sentences.

    """

    student_id: str
    number: int | None
    pool: Pool
    probability: float
    taken: str | None
    values: Values = field(repr=False)
    differing: frozenset[str]
    evidence: str

    @property
    def free(self) -> bool:
        """The student can be the answer: of the base, and no other row's already."""
        return self.number is not None and self.taken is None


@frozen
class OpenRow:
    """A row that awaits an answer, with its candidates, the likeliest first."""

    row: int
    reason: Reason
    place: str
    values: Values = field(repr=False)
    candidates: tuple[Candidate, ...]


@frozen
class HeldStudent:
    """A student who waits for the answers of the block.

    Attributes:
        deletable: the account is deleted if no row turns out to be this student, and nothing else is said.

    """

    student_id: str
    number: int
    reason: Reason
    deletable: bool
    values: Values = field(repr=False)


@frozen
class Block:
    """What hangs together in doubt and is answered together."""

    group: int
    reason: Reason
    rows: tuple[OpenRow, ...]
    students: tuple[HeldStudent, ...]

    @property
    def of_class(self) -> tuple[HeldStudent, ...]:
        """The students about whom one answer for all is asked: no row of the block could be theirs."""
        return tuple(s for s in self.students if s.reason is Reason.CLASS_NOT_COVERED or not self.rows)


def review_blocks(plan: Plan, groups: pl.Series | None = None) -> tuple[Block, ...]:
    """Bring the open entries of a plan together, in the order of their groups; of some groups alone, where given."""
    review = plan.entries.filter(IS_OPEN).sort("group", "row", "student_id")
    if groups is not None:
        review = review.filter(pl.col("group").is_in(groups.implode()))
    open_rows = review["row"].drop_nulls()
    candidates = _candidates_of(plan, open_rows)
    shown = [line for lines in candidates.values() for line in lines]
    wanted = {line["student_id"] for line in shown} | set(review["student_id"].drop_nulls())
    students = _values_of(plan.base.frame.filter(pl.col("student_id").is_in(sorted(wanted))), "student_id")
    rows = plan.incoming.frame.filter(pl.col("row").is_in(open_rows.implode()))
    places = places_of(plan, {*open_rows, *(line["taken_by"] for line in shown)} - {None})
    deletable = frozenset(plan.deletable["student_id"])
    facts = _Facts(candidates, students, _values_of(rows, "row"), places, deletable)
    return tuple(
        _block(group, list(entries.iter_rows(named=True)), facts)
        for (group,), entries in review.group_by("group", maintain_order=True)
    )


def asked_in_words(plan: Plan) -> str:
    """How many answers a plan awaits, and how many students wait for them; empty where there are none."""
    is_row, is_class = pl.col("row").is_not_null(), pl.col("reason") == Reason.CLASS_NOT_COVERED.value
    groups = (
        plan.entries.filter(IS_OPEN)
        .group_by("group")
        .agg(
            questions=is_row.sum() + (~is_row & (is_class | ~is_row.any())).any().cast(pl.UInt32),
            held=(~is_row).sum(),
        )
    )
    if groups.is_empty():
        return ""
    questions, held = (int(groups[name].sum()) for name in ("questions", "held"))
    waiting = f", {count_of(held, 'student')} held" if held else ""
    return questions_in_words(questions, groups.height) + waiting


def questions_in_words(questions: int, groups: int) -> str:
    """How many answers are asked for, one for a row or for a class.

    >>> questions_in_words(3, 3), questions_in_words(14, 13)
    ('3 questions', '14 questions in 13 groups')
    """
    together = f" in {count_of(groups, 'group')}" if questions != groups else ""
    return count_of(questions, "question") + together


def shown_fields(blocks: Iterable[Block]) -> tuple[str, ...]:
    """The fields worth showing, names first: what the rows say, and by what a person knows a student anyway."""
    of_rows: list[Values] = []
    of_students: list[Values] = []
    for block in blocks:
        of_rows += [row.values for row in block.rows]
        of_students += [student.values for student in block.students]
        of_students += [candidate.values for row in block.rows for candidate in row.candidates]
    said = {name for values in of_rows for name, value in values.items() if value is not None}
    known = {name for values in of_students for name in _TELLING if values.get(name) is not None}
    return tuple(name for name in _ORDER if name in said | known | {"family_name", "given_name"})


def places_of(plan: Plan, rows: Iterable[int]) -> dict[int, str]:
    """Where these incoming rows stand, in words: `4A.xlsx, sheet Term 1, row 5`."""
    named = plan.incoming.frame.select("source_file", "source_sheet", "source_row", "row")
    wanted = named.filter(pl.col("row").is_in(sorted(rows)))
    return {line[-1]: place_in_words(*line) for line in wanted.iter_rows()}


def place_in_words(source_file: str | None, sheet: str | None, source_row: int | None, row: int) -> str:
    """The place of one row; the number of the plan where the roster came from no file.

    >>> place_in_words("4A.xlsx", "Term 1", 5, 0), place_in_words(None, None, None, 7)
    ('4A.xlsx, sheet Term 1, row 5', 'row 7 of the upload')
    """
    if source_file is None and source_row is None:
        return f"row {row} of the upload"
    parts = (source_file, sheet and f"sheet {sheet}", source_row is not None and f"row {source_row}")
    return ", ".join(part for part in parts if part)


@frozen
class _Facts:
    candidates: Mapping[int, list[dict[str, Any]]]
    students: Mapping[str, Values]
    rows: Mapping[int, Values]
    places: Mapping[int, str]
    deletable: frozenset[str]


def _candidates_of(plan: Plan, rows: pl.Series) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    lines = plan.candidates.filter(pl.col("row").is_in(rows.to_list())).sort("row", "rank", "student_id")
    for line in lines.iter_rows(named=True):
        found.setdefault(line["row"], []).append(line)
    return found


def _values_of(frame: pl.DataFrame, key: str) -> dict[Any, Values]:
    named = frame.select(pl.col(key).alias("key"), *(pl.col(name).cast(pl.String) for name in CANONICAL))
    return {line.pop("key"): line for line in named.iter_rows(named=True)}


def _block(group: int, entries: list[dict[str, Any]], facts: _Facts) -> Block:
    open_rows = [entry for entry in entries if entry["row"] is not None]
    held = [entry for entry in entries if entry["row"] is None]
    shown = [
        line["student_id"]
        for entry in open_rows
        for line in facts.candidates.get(entry["row"], ())
        if line["pool"] == Pool.BASE.value
    ]
    ids = dict.fromkeys([*shown, *(entry["student_id"] for entry in held)])
    numbers = {student_id: number for number, student_id in enumerate(ids, start=1)}
    return Block(
        group=group,
        reason=min((Reason(entry["reason"]) for entry in open_rows or held), key=list(Reason).index),
        rows=tuple(_open_row(entry, numbers, facts) for entry in open_rows),
        students=tuple(sorted((_held_student(entry, numbers, facts) for entry in held), key=attrgetter("number"))),
    )


def _open_row(entry: Mapping[str, Any], numbers: Mapping[str, int], facts: _Facts) -> OpenRow:
    row = entry["row"]
    return OpenRow(
        row=row,
        reason=Reason(entry["reason"]),
        place=facts.places[row],
        values=facts.rows[row],
        candidates=tuple(_candidate(line, numbers, facts) for line in facts.candidates.get(row, ())),
    )


def _held_student(entry: Mapping[str, Any], numbers: Mapping[str, int], facts: _Facts) -> HeldStudent:
    student_id = entry["student_id"]
    return HeldStudent(
        student_id,
        numbers[student_id],
        Reason(entry["reason"]),
        student_id in facts.deletable,
        values=facts.students[student_id],
    )


def _candidate(line: Mapping[str, Any], numbers: Mapping[str, int], facts: _Facts) -> Candidate:
    own = line["pool"] == Pool.BASE.value
    values = facts.students[line["student_id"]] if own else {}
    levels = {c: level for c in Comparison if (level := line[LEVEL_COLUMNS[c]]) is not None}
    return Candidate(
        student_id=line["student_id"],
        number=numbers[line["student_id"]] if own else None,
        pool=Pool(line["pool"]),
        probability=line["probability"],
        taken=None if line["taken_by"] is None else facts.places[line["taken_by"]],
        values=values,
        differing=_differing(levels, facts.rows[line["row"]], values),
        evidence=evidence_in_words(levels),
    )


def _differing(levels: Mapping[Comparison, str], row: Values, student: Values) -> frozenset[str]:
    """Fields of which both values are known and the comparison did not find them as they should be."""
    known = [name for name in row if row[name] is not None and student.get(name) is not None]
    compared: Mapping[str, str] = {comparison.value: level for comparison, level in levels.items()}
    return frozenset(
        name
        for name in known
        if (compared[name] not in AGREEING if name in compared else row[name] != student.get(name))
    )


def evidence_in_words(levels: Mapping[Comparison, str]) -> str:
    """What the comparisons found, the agreements in short and each difference in a sentence.

    >>> evidence_in_words({Comparison.FAMILY_NAME: "same", Comparison.GRADE: "in_step", Comparison.GENDER: "different"})
    'Same: family name. As expected: grade. The genders are different.'
    """
    same = [comparison_label(c).lower() for c, level in levels.items() if level == "same"]
    expected = [comparison_label(c).lower() for c, level in levels.items() if level in {"in_step", "expected"}]
    parts = [f"Same: {', '.join(same)}."] if same else []
    parts += [f"As expected: {', '.join(expected)}."] if expected else []
    apart = AGREEING - {"known_as"}
    return " ".join(parts + [level_sentence(c, level) for c, level in levels.items() if level not in apart])


def percent(probability: float) -> str:
    """A probability in per cent, never rounded to certainty or to nothing.

    >>> percent(0.97), percent(0.99999), percent(0.0002)
    ('97.0 %', 'over 99.9 %', 'under 0.1 %')
    """
    if probability > 0.999:
        return "over 99.9 %"
    return f"{probability * 100:.1f} %" if probability >= 0.001 else "under 0.1 %"
