"""Decisions → a plan without review entries: `resolve`.

Invariants: all decisions are checked before any is taken, and every problem is told at once; a decision never changes a
name; a student is given to one row; nobody is deleted whom the unresolved plan did not show as deletable.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from attrs import field, frozen

from rosterdiff.config import Mode
from rosterdiff.errors import InvalidDecisions
from rosterdiff.model import ROW_VERDICTS, Action, Decision, Step, Verdict
from rosterdiff.planning.settle import settle_plan
from rosterdiff.plans import IS_OPEN, Plan


@frozen(eq=False)
class _Question:
    """What a plan asks: its open rows and held students, and what is known of the others."""

    plan: Plan
    open_rows: Mapping[int, int]  # row → group
    held: Mapping[str, int]  # student → group
    taken: Mapping[str, int]  # student → the row that an automatic entry gave it to
    students: frozenset[str]
    groups_without_rows: frozenset[int] = field(factory=frozenset)


def resolve(plan: Plan, decisions: Iterable[Decision], *, partial: bool = False) -> Plan:
    """Take decisions, and give the plan as they make it.

    Args:
        plan: a plan with review entries.
        decisions: what persons said; of every open row, and of every student of a class that nobody continues.
        partial: take the decisions there are and leave the other entries open.

    Returns:
        The plan with the decided entries settled; its `decisions` carry the digests by which they are remembered.
        Students held in review whom no row was given become what the workflow makes of students not listed.

    Raises:
        InvalidDecisions: decisions contradict each other, name unknown rows or students, or leave some open.
        NotPermitted: the role of an actor may not decide.

    """
    stated = tuple(decisions)
    question = _question(plan)
    problems = [*_invalid(stated, question), *_contradictions(stated, question)]
    answered = {d.row: d for d in stated if d.row is not None and d.verdict in ROW_VERDICTS}
    of_students = {d.student_id: d for d in stated if d.row is None and d.verdict is not Verdict.OPEN and d.student_id}
    if partial:
        problems += _deleted_too_early(question, answered, of_students)
    else:
        problems += _left_open(stated, question, answered, of_students)
    if problems:
        raise InvalidDecisions(list(dict.fromkeys(problems)))
    settled = settle_plan(plan, answered, of_students)
    if not partial and settled.counts[Action.REVIEW]:
        raise InvalidDecisions(list(_uncovered(settled)))
    return settled


def _uncovered(settled: Plan) -> Iterator[str]:
    """Students whose rows were all given to others, and of whose class nobody was found."""
    for student_id in settled.entries.filter(IS_OPEN)["student_id"].drop_nulls():
        yield f"Nobody of the class of student {student_id} was found: say whether to delete or to leave him."


def _question(plan: Plan) -> _Question:
    open_entries = plan.entries.filter(IS_OPEN)
    rows = dict(open_entries.select("row", "group").drop_nulls().iter_rows())
    held = dict(open_entries.select("student_id", "group").drop_nulls().iter_rows())
    matched = plan.entries.filter(~IS_OPEN).select("student_id", "row").drop_nulls()
    return _Question(
        plan=plan,
        open_rows=rows,
        held=held,
        taken=dict(matched.iter_rows()),
        students=frozenset(plan.base.frame["student_id"]),
        groups_without_rows=frozenset(held.values()) - frozenset(rows.values()),
    )


def _at(decision: Decision) -> str:
    return f" ({decision.place})" if decision.place else ""


def _invalid(stated: tuple[Decision, ...], question: _Question) -> Iterator[str]:
    """Decisions about other plans, rows that are not open, students that are not there."""
    plan = question.plan
    for decision in stated:
        if decision.actor is not None:
            decision.actor.require(Step.DECIDE)
        if decision.plan_id not in {"", plan.plan_id, plan.origin}:
            yield f"This decision is about another plan{_at(decision)}."
        elif decision.row is not None and decision.row not in question.open_rows:
            yield f"Row {decision.row} is not open in this plan{_at(decision)}."
        elif decision.verdict is Verdict.RESTORE:
            yield f"Account {decision.student_id} is to be restored{_at(decision)}, which writes. {_OTHER_POOL}"
        elif decision.student_id is not None and decision.student_id not in question.students:
            yield f"No student of the base has the id that is named{_at(decision)}. {_OTHER_POOL}"
        elif decision.verdict in {Verdict.DELETE, Verdict.LEAVE} and decision.student_id not in question.held:
            yield f"Student {decision.student_id} is not held in review{_at(decision)}."
        elif decision.verdict is Verdict.DELETE and plan.mode is Mode.BULK:
            yield f"A bulk plan deletes nobody, and this decision would{_at(decision)}."


_OTHER_POOL = "A deleted student is restored first, and one of another school moved, and the plan is made again."


def _contradictions(stated: tuple[Decision, ...], question: _Question) -> Iterator[str]:
    """One row or student decided in two ways; one student for two rows; deleted and given to a row."""
    verdicts = [d for d in stated if d.verdict is not Verdict.OPEN]
    for about in ("row", "student_id"):
        said: dict[object, Decision] = {}
        for decision in verdicts:
            key = getattr(decision, about)
            if key is None or (about == "student_id" and decision.row is not None):
                continue
            before = said.setdefault(key, decision)
            if (before.verdict, before.student_id) != (decision.verdict, decision.student_id):
                noun = about.removesuffix("_id")
                yield f"Two decisions about one {noun} contradict each other{_at(before)}{_at(decision)}."
    yield from _claims(verdicts, question)


def _claims(verdicts: list[Decision], question: _Question) -> Iterator[str]:
    chosen = {d.row: d for d in verdicts if d.verdict is Verdict.SAME}
    claims = Counter(d.student_id for d in chosen.values())
    deleted = {d.student_id: d for d in verdicts if d.verdict is Verdict.DELETE}
    for decision in chosen.values():
        student_id = decision.student_id
        if claims[student_id] > 1:
            yield f"Student {student_id} is given to {claims[student_id]} rows{_at(decision)}."
        if student_id in question.taken:
            yield f"Student {student_id} is matched with another row already{_at(decision)}."
        if student_id in deleted:
            yield f"Student {student_id} is given to a row and deleted{_at(decision)}{_at(deleted[student_id])}."


def _deleted_too_early(
    question: _Question, answered: Mapping[int, Decision], of_students: Mapping[str, Decision]
) -> Iterator[str]:
    """Students deleted while a row that may be theirs stays open."""
    still_open = {group for row, group in question.open_rows.items() if row not in answered}
    for student_id, decision in of_students.items():
        if decision.verdict is Verdict.DELETE and question.held.get(student_id) in still_open:
            yield f"Student {student_id} is deleted while a row that may be his is still open{_at(decision)}."


def _left_open(
    stated: tuple[Decision, ...],
    question: _Question,
    answered: Mapping[int, Decision],
    of_students: Mapping[str, Decision],
) -> Iterator[str]:
    places = {d.row if d.row is not None else d.student_id: _at(d) for d in stated if d.verdict is Verdict.OPEN}
    for row in sorted(question.open_rows):
        if row not in answered:
            yield f"Row {row} is left open{places.get(row, '')}."
    chosen = {d.student_id for d in answered.values() if d.verdict is Verdict.SAME}
    for student_id, group in question.held.items():
        if group in question.groups_without_rows and student_id not in {*of_students, *chosen}:
            yield f"Student {student_id} is left open{places.get(student_id, '')}."
