"""The answers of several people to one plan: which stand, and which contradict each other.

Invariants: pure; of two answers of one person the later stands; another person's answer is passed over only where that
is said, and is named.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

import polars as pl
from attrs import evolve

from rosterdiff.errors import InvalidDecisions
from rosterdiff.frames import Roster, number_rows, row_keys
from rosterdiff.migration.memory import Memo, subject_of
from rosterdiff.model import Actor, Decision, Verdict
from rosterdiff.planning import record_keys, resolve
from rosterdiff.plans import Plan
from rosterdiff.reports.questions import place_in_words

Subject = tuple[str, int | str | None]


def standing_answers(memos: Iterable[Memo], plan_id: str) -> dict[Subject, Memo]:
    """The answers that stand on a plan, by what they are about."""
    return {
        subject_of(memo.decision): memo
        for memo in memos
        if memo.decision is not None
        and memo.decision.plan_id == plan_id
        and memo.decision.verdict is not Verdict.RESTORE
    }


def find_contradictions(stated: Iterable[Decision], standing: Mapping[Subject, Memo], plan: Plan) -> list[str]:
    """Answers that say otherwise than another person did, one sentence each that names who and when."""
    return [
        f"{_subject_in_words(decision, plan)} was decided otherwise by {before.actor} at {before.at:%Y-%m-%d %H:%M}"
        f" ({_verdict_in_words(before.decision)}). Agree together, or pass it over on purpose{place_of(decision)}."
        for decision in stated
        if (before := standing.get(subject_of(decision))) is not None
        and before.decision is not None
        and (before.decision.verdict, before.decision.student_id) != (decision.verdict, decision.student_id)
        and before.actor != decision.actor
    ]


def with_actor(decisions: Iterable[Decision], actor: Actor) -> tuple[Decision, ...]:
    """The decisions that say something, each with who said it."""
    return tuple(
        evolve(decision, actor=decision.actor or actor)
        for decision in decisions
        if decision.verdict is not Verdict.OPEN
    )


def as_stated(memos: Sequence[Memo]) -> list[Decision]:
    """Standing answers for `resolve`, each placed by who gave it, so that its problems name him."""
    return [
        evolve(memo.decision, place=f"decided by {memo.actor}, {memo.at:%Y-%m-%d %H:%M}")
        for memo in memos
        if memo.decision is not None
    ]


def new_ones(stated: Sequence[Decision], standing: Mapping[Subject, Memo]) -> list[Decision]:
    """The answers that are not given already, word for word."""
    return [
        decision
        for decision in stated
        if (before := standing.get(subject_of(decision))) is None
        or before.decision is None
        or (before.decision.verdict, before.decision.student_id) != (decision.verdict, decision.student_id)
    ]


def judge_answers(
    plan: Plan, stated: Sequence[Decision], standing: Mapping[Subject, Memo], *, replace: bool
) -> list[Decision]:
    """Hold answers to the plan and to those that stand, and give the new ones with the digests of what they judge.

    Args:
        plan: the plan as it was made.
        stated: what is said now, each with who says it.
        standing: what was said before.
        replace: pass over what other persons said otherwise.

    Raises:
        InvalidDecisions: every contradiction, or everything that does not fit the plan.

    """
    problems = [] if replace else find_contradictions(stated, standing, plan)
    if problems:
        raise InvalidDecisions(problems)
    new = new_ones(stated, standing)
    told = {subject_of(decision) for decision in new}
    others = as_stated([memo for subject, memo in standing.items() if subject not in told])
    settled = resolve(plan, [*others, *new], partial=True)
    keyed = {subject_of(decision): decision for decision in settled.decisions if decision.plan_id == plan.origin}
    return [keyed[subject_of(decision)] for decision in new]


def find_restored(
    plan: Plan, restores: Sequence[Decision], open_rows: Collection[int], deleted: Roster
) -> tuple[Decision, ...]:
    """Decisions to restore, as what is remembered of them: the row is this student, whose record is as it was deleted.

    Args:
        plan: the plan as it was made.
        restores: which account each row is.
        open_rows: the rows that nobody has decided.
        deleted: the deleted students.

    Raises:
        InvalidDecisions: rows that are not open, accounts that are not deleted, an account for two rows.

    """
    keys = dict(zip(deleted.frame["student_id"], record_keys(deleted), strict=True))
    named = Counter(decision.student_id for decision in restores)
    problems = [f"Row {d.row} is not open in this plan." for d in restores if d.row not in open_rows]
    problems += [f"Account {d.student_id} is not among the deleted." for d in restores if d.student_id not in keys]
    problems += [f"Account {student_id} is restored for {n} rows." for student_id, n in named.items() if n > 1]
    if problems:
        raise InvalidDecisions(problems)
    rows = pl.Series([decision.row for decision in restores], dtype=pl.UInt32)
    of_rows = row_keys(Roster(number_rows(plan.incoming.frame[rows])))
    same = [evolve(d, verdict=Verdict.SAME, plan_id=plan.origin, scope=plan.incoming.digest) for d in restores]
    return tuple(
        evolve(decision, row_key=row_key, student_key=keys[decision.student_id or ""])
        for decision, row_key in zip(same, of_rows, strict=True)
    )


def _subject_in_words(decision: Decision, plan: Plan) -> str:
    if decision.row is None:
        return f"Student {decision.student_id}"
    if decision.row >= len(plan.incoming):
        return f"Row {decision.row}"
    place = plan.incoming.frame.select("source_file", "source_sheet", "source_row", "row").row(decision.row)
    return f"Row {decision.row} ({place_in_words(*place)})" if place[0] else f"Row {decision.row}"


def _verdict_in_words(decision: Decision | None) -> str:
    assert decision is not None
    is_same = decision.verdict is Verdict.SAME
    return f"same as student {decision.student_id}" if is_same else decision.verdict.value


def place_of(decision: Decision) -> str:
    """Where an answer was written, as the end of a clause."""
    return f" ({decision.place})" if decision.place else ""
