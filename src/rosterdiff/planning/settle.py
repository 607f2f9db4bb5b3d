"""Checked decisions → the plan as they make it.

Invariants: only decided entries and those that follow from them change; coverage and guards are measured anew; the
plan keeps its origin and gets an id of its own; every decision carries the digests by which it is remembered.
"""

import hashlib
from collections.abc import Mapping
from typing import Final

import polars as pl
from attrs import evolve

from rosterdiff.frames import Context, Roster, number_rows, row_keys
from rosterdiff.model import Action, Decision, GuardCode, Pool, Reason, Verdict
from rosterdiff.planning.assemble import find_backward_grades, order_entries, settle_actions
from rosterdiff.planning.changes import find_changes
from rosterdiff.planning.coverage import absent_students, measure_coverage
from rosterdiff.planning.guards import Weighed, check_guards
from rosterdiff.planning.memory import record_keys
from rosterdiff.plans import IS_OPEN, Plan
from rosterdiff.schema import ENTRIES, conform

_OUTCOME: Final[Mapping[Verdict, tuple[Action, Reason]]] = {
    Verdict.SAME: (Action.KEEP, Reason.DECIDED_SAME),
    Verdict.NEW: (Action.ADD, Reason.DECIDED_NEW),
    Verdict.IGNORE: (Action.KEEP, Reason.ROW_IGNORED),
}


def settle_plan(plan: Plan, answered: Mapping[int, Decision], of_students: Mapping[str, Decision]) -> Plan:
    """Settle the decided entries, and what follows from them.

    Args:
        plan: the plan.
        answered: row → the decision about it.
        of_students: student → the decision about his absence.

    """
    pairs = _chosen_pairs(plan, answered)
    changes = _changes(plan, pairs, answered)
    rows = settle_actions(_rows(plan, answered), changes)
    students = _students(plan, rows, of_students)
    placed = pl.concat([conform(rows, ENTRIES), students]).join(_places(plan), on="student_id", how="left")
    entries = order_entries(placed)
    decisions = (*plan.decisions, *_with_keys(plan, (*answered.values(), *of_students.values())))
    context = Context(as_of=plan.as_of, school_year=plan.school_year, seats=_seats(plan))
    weighed = Weighed(entries, changes, plan.base, plan.incoming, plan.policy, context)
    return evolve(
        plan,
        plan_id=_resolved_id(plan, decisions),
        entries=entries.select(*ENTRIES),
        changes=changes,
        issues=pl.concat([plan.issues, find_backward_grades(plan.incoming, pairs, changes)]),
        coverage=measure_coverage(entries, plan.base, plan.incoming),
        guards=_guards_again(plan, weighed),
        decisions=decisions,
    )


def _chosen_pairs(plan: Plan, answered: Mapping[int, Decision]) -> pl.DataFrame:
    """The pairs that were decided to be the same: `row`, `student_id`, `student`."""
    chosen = [(row, d.student_id) for row, d in answered.items() if d.verdict is Verdict.SAME]
    named = pl.DataFrame(chosen, schema={"row": pl.UInt32, "student_id": pl.String}, orient="row")
    return named.join(_places(plan), on="student_id", how="inner").sort("row")


def _places(plan: Plan) -> pl.DataFrame:
    """Where each student stands in the base: `student_id`, `student`."""
    return plan.base.frame.select("student_id", pl.col("row").alias("student"))


def _changes(plan: Plan, pairs: pl.DataFrame, answered: Mapping[int, Decision]) -> pl.DataFrame:
    kept = plan.changes.filter(~pl.col("row").is_in(list(answered)))
    found = find_changes(pairs.select("row", "student"), plan.base, plan.incoming, plan.policy)
    return pl.concat([kept, found]).sort("row", "student_id", "field")


def _rows(plan: Plan, answered: Mapping[int, Decision]) -> pl.DataFrame:
    """The entries of rows, decided ones with their outcome; in the columns of `ENTRIES`."""
    outcome = pl.DataFrame(
        [(row, d.student_id, *(str(part) for part in _OUTCOME[d.verdict])) for row, d in answered.items()],
        schema={"row": pl.UInt32, "chosen": pl.String, "then": ENTRIES["action"], "because": ENTRIES["reason"]},
        orient="row",
    )
    found = plan.entries.filter(pl.col("row").is_not_null()).join(outcome, on="row", how="left", maintain_order="left")
    decided = pl.col("then").is_not_null()
    of_base = plan.candidates.filter(pl.col("pool") == Pool.BASE.value)  # an id may be a deleted student's as well
    weighed = of_base.select("row", "student_id", "probability", "weight")
    of_chosen = found.select("row", pl.col("chosen").alias("student_id")).join(
        weighed, on=["row", "student_id"], how="left", maintain_order="left", nulls_equal=False
    )
    return found.with_columns(
        pl.when(decided).then(pl.col("chosen")).otherwise(pl.col("student_id")).alias("student_id"),
        pl.coalesce("then", "action").alias("action"),
        pl.coalesce("because", "reason").alias("reason"),
        pl.when(~decided).then(pl.col("group")).alias("group"),
        pl.when(decided).then(of_chosen["probability"]).otherwise(pl.col("probability")).alias("probability"),
        pl.when(decided).then(of_chosen["weight"]).otherwise(pl.col("weight")).alias("weight"),
        pl.when(~decided).then(pl.col("margin")).alias("margin"),
    )


def _students(plan: Plan, rows: pl.DataFrame, of_students: Mapping[str, Decision]) -> pl.DataFrame:
    """The entries of students who are in no settled pair, as the decisions leave them (`ENTRIES`)."""
    matched = rows.select("student_id").drop_nulls()
    alone = plan.entries.filter(pl.col("row").is_null()).join(matched, on="student_id", how="anti")
    open_groups = rows.filter(IS_OPEN)["group"].unique()
    waiting = (pl.col("reason") == Reason.CLASS_NOT_COVERED.value) | pl.col("group").is_in(open_groups.implode())
    still = alone.filter(IS_OPEN & waiting & ~pl.col("student_id").is_in(list(of_students)))
    places = _places(plan)
    told = {student_id: d.verdict for student_id, d in of_students.items()} | _told_before(plan)
    became = absent_students(
        plan.base,
        places.join(matched, on="student_id", how="semi").select("student"),
        places.join(still, on="student_id", how="semi").select("student"),
        plan.policy,
        told,
    )
    named = became.join(places, on="student", how="inner")
    groups = alone.select("student_id", pl.col("group").alias("group"))
    regrouped = named.join(groups, on="student_id", how="left").with_columns(
        pl.when(IS_OPEN).then(pl.col("group")).alias("group")
    )
    return pl.concat([conform(still, ENTRIES), conform(regrouped, ENTRIES)])


def _told_before(plan: Plan) -> dict[str, Verdict]:
    """Students whose absence was decided in an earlier plan and remembered in this one."""
    told = {Reason.DECIDED_LEAVE.value: Verdict.LEAVE, Reason.DECIDED_DELETE.value: Verdict.DELETE}
    decided = plan.entries.filter(pl.col("reason").is_in(list(told))).select("student_id", "reason")
    return {student_id: told[reason] for student_id, reason in decided.iter_rows()}


def _seats(plan: Plan) -> int | None:
    """The seats, if the plan was held for want of them: review can only make the students fewer than it feared."""
    limits = plan.guards.filter(pl.col("held"), pl.col("code") == GuardCode.TOO_MANY_SEATS.value)["limit"]
    return None if limits.is_empty() else round(limits[0])


def _guards_again(plan: Plan, weighed: Weighed) -> pl.DataFrame:
    """The guards of the settled entries; those on the host's context that did not hold, and the window, stay."""
    again = check_guards(weighed)
    stays = [GuardCode.WINDOW_CLOSED.value] + [GuardCode.TOO_MANY_SEATS.value] * (weighed.context.seats is None)
    of_context = pl.col("code").is_in(stays)
    return pl.concat([again.filter(~of_context), plan.guards.filter(of_context)]).sort("code")


def _with_keys(plan: Plan, decisions: tuple[Decision, ...]) -> tuple[Decision, ...]:
    """The decisions with the digests of what was judged, in the order of rows and students."""
    rows = pl.Series(sorted({d.row for d in decisions if d.row is not None}), dtype=pl.UInt32)
    of_rows = dict(zip(rows, row_keys(_only(plan.incoming, rows)), strict=True))
    shown: dict[int, list[str]] = {row: [] for row in rows}
    of_base = plan.candidates.filter((pl.col("pool") == Pool.BASE.value) & pl.col("row").is_in(rows.implode()))
    for row, student_id in of_base.select("row", "student_id").sort("row", "student_id").iter_rows():
        shown[row].append(student_id)
    named = {*of_base["student_id"], *(d.student_id for d in decisions if d.student_id)}
    students = _only(plan.base, plan.base.frame["student_id"].is_in(sorted(named)).arg_true())
    of_students = dict(zip(students.frame["student_id"], record_keys(students), strict=True))
    keyed = []
    for decision in sorted(decisions, key=lambda d: (d.row is None, d.row or 0, d.student_id or "")):
        others = () if decision.row is None else tuple(shown[decision.row])
        not_the_same = tuple(of_students[s] for s in others if s != decision.student_id)
        keyed.append(
            evolve(
                decision,
                plan_id=plan.origin,
                row_key="" if decision.row is None else of_rows[decision.row],
                student_key=of_students.get(decision.student_id or "", ""),
                rejected=not_the_same if decision.verdict in {Verdict.SAME, Verdict.NEW} else (),
                scope=plan.incoming.digest,
            )
        )
    return tuple(keyed)


def _only(roster: Roster, rows: pl.Series) -> Roster:
    """Some rows of a roster, numbered anew."""
    return Roster(number_rows(roster.frame[rows]))


def _resolved_id(plan: Plan, decisions: tuple[Decision, ...]) -> str:
    taken = sorted((d.row_key, d.student_key, d.student_id or "", d.verdict, d.row or 0) for d in decisions)
    return hashlib.sha256(repr((plan.origin, taken)).encode()).hexdigest()
