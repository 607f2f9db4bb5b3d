"""Classification → Plan: entries in order, changes, candidates, issues, coverage, guards, and the plan's id.

Invariants: entries are sorted by action, reason, group and content, and numbered in that order; the id is a digest of
everything that decides the plan, so that equal inputs give an equal id whatever the order of their rows. Until the
last step rows and students are positions in the rosters; then the rows get the numbers back that the caller knows.
"""

import hashlib
from typing import Final

import numpy as np
import polars as pl
from attrs import asdict, evolve, frozen

from rosterdiff._version import __version__
from rosterdiff.config import Policy
from rosterdiff.frames import Context, Roster, ordered_digest
from rosterdiff.issues import cells_of, complete_issues
from rosterdiff.model import Action, Effect, Pool, Reason
from rosterdiff.planning.candidates import list_candidates
from rosterdiff.planning.changes import find_changes
from rosterdiff.planning.classify import Classified
from rosterdiff.planning.coverage import measure_coverage
from rosterdiff.planning.guards import Weighed, check_guards
from rosterdiff.planning.memory import Remembered
from rosterdiff.planning.positions import NONE, renumbered, to_array, to_column
from rosterdiff.plans import IS_OPEN, Plan
from rosterdiff.schema import CANONICAL, ENTRIES, ISSUES, PAIRS, conform, empty

PLACED: Final = pl.Schema({**ENTRIES, "student": pl.UInt32()})
"""Entries, with the position of their student in the base."""


@frozen(eq=False)
class Inputs:
    """What a plan is made from.

    Attributes:
        base, incoming: the rosters in the order of their content.
        policy, context: as the caller gave them.
        remembered: the decisions that apply.
        given: base and incoming roster as the caller has them.
        former: for each row of `incoming` its number in the caller's.
        model: the digest of the caller's own model; None for the shipped one.

    """

    base: Roster
    incoming: Roster
    policy: Policy
    context: Context
    remembered: Remembered
    given: tuple[Roster, Roster]
    former: pl.Series
    model: str | None = None


def assemble_plan(
    inputs: Inputs,
    classified: Classified,
    steps: pl.DataFrame,
    others: dict[Pool, tuple[pl.DataFrame, Roster]],
    indistinguishable: int,
) -> Plan:
    """Put the plan together.

    Args:
        inputs: rosters, policy, context and the decisions that apply.
        classified: what becomes of every row and student.
        steps: the grade step of each upload.
        others: pairs and rosters of deleted students and of other schools.
        indistinguishable: rows that could not all be compared.

    """
    base, incoming, policy, former = inputs.base, inputs.incoming, inputs.policy, inputs.former
    settled = classified.rows.filter(pl.col("student").is_not_null()).select(*PAIRS)
    changes = find_changes(_compared(settled, classified.pairs, base), base, incoming, policy)
    entries = order_entries(_entries(classified, changes, base))
    plan_id = _plan_id(inputs)
    candidates = list_candidates(classified.pairs, classified.rows, base, others)
    return Plan(
        plan_id=plan_id,
        origin=plan_id,
        policy=policy,
        base=inputs.given[0],
        incoming=inputs.given[1],
        entries=renumbered(entries.select(*ENTRIES), former, "row"),
        changes=renumbered(changes, former, "row"),
        candidates=renumbered(candidates, former, "row", "taken_by"),
        issues=_issues(incoming, settled, changes, indistinguishable),
        coverage=measure_coverage(entries, base, incoming),
        guards=check_guards(Weighed(entries, changes, base, incoming, policy, inputs.context)),
        steps=steps,
        deletable=_deletable(entries),
        decisions=inputs.remembered.decisions,
        as_of=inputs.context.as_of,
        school_year=inputs.context.school_year,
    )


def _compared(settled: pl.DataFrame, pairs: pl.DataFrame, base: Roster) -> pl.DataFrame:
    """The pairs whose changes are shown, settled ones and candidates of open rows, by row and id of the student."""
    counted = pairs.lazy().filter("counts").select(*PAIRS).collect()
    named = counted.with_columns(base.frame["student_id"][counted["student"]])
    return settled.merge_sorted(named.sort("row", "student_id").select(*PAIRS), key="row")


def _entries(classified: Classified, changes: pl.DataFrame, base: Roster) -> pl.DataFrame:
    """The entries of rows, then of students (`PLACED`, without numbers)."""
    ids, rows, students = base.frame["student_id"], classified.rows, classified.students
    of_rows = settle_actions(rows.with_columns(ids[rows["student"]]), changes).hstack(_best_pairs(classified))
    of_students = students.with_columns(ids[students["student"]])
    return pl.concat([conform(of_rows, PLACED), conform(of_students, PLACED)])


def _best_pairs(classified: Classified) -> pl.DataFrame:
    """For each row the pair that it has, or its best candidate: `probability`, `weight`, `margin` (bits)."""
    pairs, given = classified.pairs, to_array(classified.rows["student"])
    row, student = pairs["row"].to_numpy(), pairs["student"].to_numpy()
    best = np.full(len(given), NONE)
    own = np.flatnonzero(given[row] == student)
    best[row[own]] = own
    open_pairs = (given[row] == NONE) & pairs["counts"].fill_null(value=False).to_numpy()
    candidates = pairs.select("row", "assigned", "weight_mb", "student", at=pl.int_range(pl.len())).filter(open_pairs)
    first = candidates.sort("row", "assigned", "weight_mb", "student", descending=[False, True, True, False]).unique(
        "row", keep="first"
    )
    best[first["row"].to_numpy()] = first["at"].to_numpy()
    at = to_column(best)
    return pairs.select(
        pl.col("probability").gather(at),
        (pl.col("weight_mb").gather(at) / 1000).alias("weight"),
        (pl.col("margin_mb").gather(at) / 1000).alias("margin"),
    )


def settle_actions(rows: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """Turn `keep` into `update` where a change is written, and say where one is only reported.

    Args:
        rows: every row with `row`, `student_id`, `action`, `reason` and more; a row with a student has no changes but
            his.
        changes: `schema.CHANGES`.

    """
    is_changed, is_written = np.zeros((2, rows.height), np.bool_)
    is_changed[changes["row"].to_numpy()] = True
    is_written[changes.filter(pl.col("effect") == Effect.WRITE.value)["row"].to_numpy()] = True
    row = rows["row"].to_numpy()
    known = rows.with_columns(pl.Series("changed", is_changed[row]), pl.Series("written", is_written[row]))
    matched = pl.col("student_id").is_not_null() & (pl.col("action") == Action.KEEP.value)
    is_plain = matched & (pl.col("reason") == Reason.UNCHANGED.value)
    reason = (
        pl.when(is_plain & pl.col("written"))
        .then(pl.lit(Reason.FIELDS_CHANGED.value, dtype=ENTRIES["reason"]))
        .when(is_plain & pl.col("changed"))
        .then(pl.lit(Reason.DIFFERS_NOT_WRITTEN.value, dtype=ENTRIES["reason"]))
        .otherwise("reason")
    )
    update = pl.lit(Action.UPDATE.value, dtype=ENTRIES["action"])
    action = pl.when(matched & pl.col("written")).then(update).otherwise("action")
    return known.with_columns(action.alias("action"), reason.alias("reason")).drop("changed", "written")


def order_entries(entries: pl.DataFrame) -> pl.DataFrame:
    """Sort entries (`PLACED`) by action, reason, group, row and student, those to review first, and number them."""
    ordered = entries.sort(IS_OPEN.not_(), "group", "action", "reason", "row", "student", nulls_last=True)
    return conform(ordered.with_columns(pl.int_range(pl.len()).alias("entry")), PLACED)


def _deletable(entries: pl.DataFrame) -> pl.DataFrame:
    """Whom an acknowledgement covers: certain deletions, and students who are held."""
    certain = pl.col("action") == Action.DELETE.value
    chosen = entries.filter(pl.col("student_id").is_not_null() & (certain | IS_OPEN))
    return chosen.select("student_id", certain.alias("certain")).sort("student_id")


def _issues(incoming: Roster, settled: pl.DataFrame, changes: pl.DataFrame, indistinguishable: int) -> pl.DataFrame:
    """The incoming roster's issues, and those that only matching shows."""
    found = [incoming.issues, find_backward_grades(incoming, settled, changes)]
    if indistinguishable:
        issue = {
            "severity": "warning",
            "code": "rows_indistinguishable",
            "count": indistinguishable,
            "message": f"{indistinguishable} rows have the same name as very many students, and nothing to tell them "
            "apart. Add birth dates or student numbers to the uploads.",
        }
        found.append(pl.DataFrame([issue], schema=ISSUES))
    return pl.concat(found)


def find_backward_grades(incoming: Roster, settled: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """Matched students whose grade would go down: reported with the cell, and not written."""
    backward = changes.filter((pl.col("field") == "grade") & (pl.col("effect") == Effect.REPORT.value))
    if backward.is_empty():
        return empty(ISSUES)
    rows = backward.join(settled, on="row", how="semi")["row"].sort()
    placed = incoming.frame[rows].with_columns(field=pl.lit("grade"))
    return complete_issues(
        placed.select(
            pl.lit("warning").alias("severity"),
            pl.lit("grade_backward").alias("code"),
            "source_file",
            "source_sheet",
            cells_of(placed, incoming.places),
            pl.lit("The grade is lower than the student's grade now, and is not written. Check it.").alias("message"),
        )
    )


def _plan_id(inputs: Inputs) -> str:
    context = evolve(inputs.context, deleted=None, elsewhere=None, decisions=())
    others = [None if r is None else r.digest for r in (inputs.context.deleted, inputs.context.elsewhere)]
    names = sorted((n.student_id, n.given_name or "", n.family_name or "") for n in context.names)
    decided = sorted((d.row_key, d.student_key, d.verdict, d.rejected, d.scope) for d in inputs.remembered.decisions)
    parts = (
        __version__,
        _policy_parts(inputs.policy),
        ordered_digest(inputs.base),
        ordered_digest(inputs.incoming),
        sorted(inputs.incoming.doubts.rows()),
        _uploads(inputs.incoming),
        others,
        (context.as_of, context.school_year, context.seats, context.window, names),
        decided,
        inputs.model,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _uploads(incoming: Roster) -> list[str]:
    """Which rows came together, by their content: each upload has a grade step of its own, whatever its name."""
    if incoming.frame["source_file"].n_unique() <= 1:
        return []
    content = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift()) for name in CANONICAL)
    numbered = incoming.frame.select("source_file", content.cum_sum().alias("content"))  # equal ones stand together
    together = numbered.group_by("source_file").agg("content")["content"]
    return sorted(hashlib.sha256(contents.to_numpy().astype("<u4")).hexdigest() for contents in together)


def _policy_parts(policy: Policy) -> list[tuple[str, object]]:
    """The policy's values in an order that no hash seed changes."""
    values = asdict(policy, recurse=False)
    return [(name, sorted(value) if isinstance(value, frozenset) else value) for name, value in values.items()]
