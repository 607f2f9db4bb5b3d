"""Answers to an earlier plan of a migration as answers to the latest, for workbooks that come back late.

Invariants: an answer is carried over only where the row's whole content, and the whole record of every student who was
judged, are as they were; what is not is named with its place, and then nothing is taken.
"""

from collections.abc import Sequence

import polars as pl
from attrs import evolve

from rosterdiff.errors import InvalidDecisions
from rosterdiff.frames import Roster, number_rows, row_keys
from rosterdiff.migration.answers import place_of
from rosterdiff.migration.host import Host
from rosterdiff.migration.memory import subject_of
from rosterdiff.migration.progress import Progress
from rosterdiff.model import Decision, Verdict
from rosterdiff.planning import decode_plan, find_unchanged, resolve
from rosterdiff.plans import IS_OPEN, Plan


def translate(host: Host, progress: Progress, plan: Plan, stated: Sequence[Decision]) -> tuple[Decision, ...]:
    """The decisions, those about earlier plans of this migration as decisions about its latest.

    Args:
        host, progress: the migration.
        plan: its latest plan.
        stated: what is said; a decision without a plan's id is about the latest.

    Raises:
        InvalidDecisions: records that were judged have changed since.

    """
    told = tuple(stated)
    for earlier in progress.earlier:
        theirs = [decision for decision in told if decision.plan_id == earlier.plan_id != plan.plan_id]
        if theirs:
            before = decode_plan(host.journal.get_document(progress.stream, earlier.document))
            others = [decision for decision in told if decision.plan_id != earlier.plan_id]
            told = (*others, *_carry_over(theirs, before, plan))
    return told


def _carry_over(stated: Sequence[Decision], before: Plan, after: Plan) -> list[Decision]:
    """Answers to a plan as answers to another, in turn where rows are wholly equal; without those it does not ask."""
    keyed = _with_keys(stated, before)
    unchanged = find_unchanged(keyed, after.base, after.incoming)
    changed = [decision for decision, is_same in zip(stated, unchanged, strict=True) if not is_same]
    if changed:
        problem = "A record that was judged has changed since this was asked"
        raise InvalidDecisions(
            [f"{problem}{place_of(d)}. Write the workbook anew and answer it there." for d in changed]
        )
    asked_rows = _open_rows_by_key(after)
    held = set(after.entries.filter(IS_OPEN)["student_id"].drop_nulls())
    asked = []
    for decision, known in zip(stated, keyed, strict=True):
        rows = asked_rows.get(known.row_key, []) if decision.row is not None else []
        if rows:
            asked.append(evolve(decision, row=rows.pop(0), plan_id=after.origin))
        elif decision.row is None and decision.student_id in held:
            asked.append(evolve(decision, plan_id=after.origin))
    return asked


def _with_keys(stated: Sequence[Decision], plan: Plan) -> list[Decision]:
    """The same with the digests of what they judge, by which they are found again; who is restored has none here."""
    settled = resolve(plan, [d for d in stated if d.verdict is not Verdict.RESTORE], partial=True)
    of_plan = {subject_of(d): d for d in settled.decisions if d.plan_id == plan.origin}
    rows = pl.Series(sorted({d.row for d in stated if d.row is not None}), dtype=pl.UInt32)
    keys = dict(zip(rows, row_keys(Roster(number_rows(plan.incoming.frame[rows]))), strict=True))
    return [of_plan.get(subject_of(d)) or evolve(d, row_key=keys[d.row], student_key="") for d in stated]


def _open_rows_by_key(plan: Plan) -> dict[str, list[int]]:
    rows = plan.entries.filter(IS_OPEN)["row"].drop_nulls().sort()
    found: dict[str, list[int]] = {}
    for row, key in zip(rows, row_keys(Roster(number_rows(plan.incoming.frame[rows]))), strict=True):
        found.setdefault(key, []).append(row)
    return found
