"""Classification → Plan: entries in order, changes, candidates, issues, coverage, guards, and the plan's id.

Invariants: entries are sorted by action, reason, group and content, and numbered in that order; the id is a digest of
everything that decides the plan, so that equal inputs give an equal id whatever the order of their rows.
"""

import hashlib

import polars as pl
from attrs import evolve, frozen

from rosterdiff._version import __version__
from rosterdiff.config import Policy
from rosterdiff.frames import Context, Roster, digests
from rosterdiff.model import Action, Effect, Pool, Reason
from rosterdiff.planning.candidates import list_candidates
from rosterdiff.planning.changes import find_changes
from rosterdiff.planning.classify import Classified
from rosterdiff.planning.coverage import measure_coverage
from rosterdiff.planning.guards import Weighed, check_guards
from rosterdiff.planning.memory import Remembered
from rosterdiff.plans import IS_OPEN, Plan
from rosterdiff.schema import CANONICAL, DELETABLE, ENTRIES, ISSUES, conform


@frozen(eq=False)
class Inputs:
    """What a plan is made from, the rosters in the order of their content; `model`: the digest of one's own."""

    base: Roster
    incoming: Roster
    policy: Policy
    context: Context
    remembered: Remembered
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
    base, incoming, policy = inputs.base, inputs.incoming, inputs.policy
    settled = classified.rows.filter(pl.col("student").is_not_null())
    counted = classified.pairs.filter("counts").select("row", "student")
    changes = find_changes(pl.concat([settled.select("row", "student"), counted]).unique(), base, incoming, policy)
    entries = order_entries(_entries(classified, changes, base), base)
    plan_id = _plan_id(inputs)
    weighed = Weighed(entries, changes, base, incoming, policy, inputs.context)
    return Plan(
        plan_id=plan_id,
        origin=plan_id,
        policy=policy,
        base=base,
        incoming=incoming,
        entries=entries,
        changes=changes,
        candidates=list_candidates(classified.pairs, classified.rows, base, others),
        issues=_issues(incoming, settled, changes, indistinguishable),
        coverage=measure_coverage(entries, base, incoming),
        guards=check_guards(weighed),
        steps=steps,
        deletable=_deletable(entries),
        decisions=inputs.remembered.decisions,
        as_of=inputs.context.as_of,
        school_year=inputs.context.school_year,
    )


def _entries(classified: Classified, changes: pl.DataFrame, base: Roster) -> pl.DataFrame:
    ids = base.frame.select(pl.col("row").alias("student"), "student_id")
    rows = classified.rows.join(ids, on="student", how="left", maintain_order="left")
    shown = _best_pairs(classified)
    of_rows = settle_actions(rows, changes).join(shown, on="row", how="left")
    of_students = classified.students.join(ids, on="student", how="left")
    return pl.concat([conform(of_rows, ENTRIES), conform(of_students, ENTRIES)])


def _best_pairs(classified: Classified) -> pl.DataFrame:
    """For each row the pair that it has, or its best candidate: `row`, `probability`, `weight`, `margin` (bits)."""
    of_row = classified.rows.select("row", pl.col("student").alias("given"))
    pairs = classified.pairs.join(of_row, on="row", how="inner").filter(
        pl.col("given").eq_missing(pl.col("student"))
        | (pl.col("given").is_null() & pl.col("counts").fill_null(value=False))
    )
    best = pairs.sort("row", "assigned", "weight_mb", "student", descending=[False, True, True, False])
    return best.unique("row", keep="first", maintain_order=True).select(
        "row",
        "probability",
        (pl.col("weight_mb") / 1000).alias("weight"),
        (pl.col("margin_mb") / 1000).alias("margin"),
    )


def settle_actions(rows: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """Turn `keep` into `update` where a change is written, and say where one is only reported.

    Args:
        rows: `row`, `student_id`, `action`, `reason` and more.
        changes: `schema.CHANGES`.

    """
    written = changes.group_by("row", "student_id").agg((pl.col("effect") == Effect.WRITE.value).any().alias("written"))
    known = rows.join(written, on=["row", "student_id"], how="left", maintain_order="left", nulls_equal=False)
    matched = pl.col("student_id").is_not_null() & (pl.col("action") == Action.KEEP.value)
    updates = matched & pl.col("written").fill_null(value=False)
    is_plain = pl.col("reason") == Reason.UNCHANGED.value
    reason = (
        pl.when(updates & is_plain)
        .then(pl.lit(Reason.FIELDS_CHANGED.value))
        .when(matched & is_plain & pl.col("written").is_not_null())
        .then(pl.lit(Reason.DIFFERS_NOT_WRITTEN.value))
        .otherwise(pl.col("reason").cast(pl.String))
    )
    action = pl.when(updates).then(pl.lit(Action.UPDATE.value)).otherwise(pl.col("action").cast(pl.String))
    return known.with_columns(action.alias("action"), reason.alias("reason")).drop("written")


def order_entries(entries: pl.DataFrame, base: Roster) -> pl.DataFrame:
    """Sort entries by action, reason, group, row and student, and number them (`schema.ENTRIES`)."""
    places = base.frame.select("student_id", pl.col("row").alias("student"))
    ordered = (
        conform(entries, ENTRIES)
        .join(places, on="student_id", how="left", nulls_equal=False)
        .sort(IS_OPEN.not_(), "group", "action", "reason", "row", "student", nulls_last=True)
    )
    return conform(ordered.with_columns(pl.int_range(pl.len()).alias("entry")), ENTRIES)


def _deletable(entries: pl.DataFrame) -> pl.DataFrame:
    """Whom an acknowledgement covers: certain deletions, and students who are held."""
    students = entries.filter(pl.col("student_id").is_not_null())
    chosen = students.filter((pl.col("action") == Action.DELETE.value) | IS_OPEN)
    certain = (pl.col("action") == Action.DELETE.value).alias("certain")
    return conform(chosen.select("student_id", certain), DELETABLE).sort("student_id")


def _issues(incoming: Roster, settled: pl.DataFrame, changes: pl.DataFrame, indistinguishable: int) -> pl.DataFrame:
    """The incoming roster's issues, and those that only matching shows."""
    found = [incoming.issues, find_backward_grades(incoming, settled, changes)]
    if indistinguishable:
        issue = {
            "severity": "warning",
            "code": "rows_indistinguishable",
            "message": f"{indistinguishable} rows have the same name as very many students, and nothing to tell them "
            "apart. Add birth dates or student numbers to the uploads.",
        }
        found.append(pl.DataFrame([issue], schema=ISSUES))
    return pl.concat(found)


def find_backward_grades(incoming: Roster, settled: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """Matched students whose grade would go down: reported with the cell, and not written."""
    backward = changes.filter((pl.col("field") == "grade") & (pl.col("effect") == Effect.REPORT.value))
    rows = backward.join(settled, on="row", how="semi").select("row")
    columns = incoming.places.filter(pl.col("field") == "grade").select("source_file", "source_sheet", "column")
    placed = incoming.frame.join(rows, on="row", how="semi").join(
        columns, on=["source_file", "source_sheet"], how="left", nulls_equal=True
    )
    return conform(
        placed.sort("row").select(
            pl.lit("warning").alias("severity"),
            pl.lit("grade_backward").alias("code"),
            "source_file",
            "source_sheet",
            pl.concat_str(["column", pl.col("source_row").cast(pl.String)]).alias("cell"),
            pl.lit("The grade is lower than the student's grade now, and is not written. Check it.").alias("message"),
        ),
        ISSUES,
    )


def _plan_id(inputs: Inputs) -> str:
    context = evolve(inputs.context, deleted=None, elsewhere=None, decisions=())
    others = [None if r is None else r.digest for r in (inputs.context.deleted, inputs.context.elsewhere)]
    names = sorted((n.student_id, n.given_name or "", n.family_name or "") for n in context.names)
    decided = sorted((d.row_key, d.student_key, d.verdict, d.rejected, d.scope) for d in inputs.remembered.decisions)
    parts = (
        __version__,
        _policy_parts(inputs.policy),
        inputs.base.digest,
        inputs.incoming.digest,
        sorted(inputs.incoming.doubts.rows()),
        _uploads(inputs.incoming),
        others,
        (context.as_of, context.school_year, context.seats, context.window, names),
        decided,
        *([inputs.model] if inputs.model else []),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _uploads(incoming: Roster) -> list[list[str]]:
    """Which rows came together, by their content: each upload has a grade step of its own, whatever its name."""
    lines = pl.DataFrame(
        {"file": incoming.frame["source_file"], "line": pl.Series(digests(incoming.frame.select(*CANONICAL)))},
        schema_overrides={"line": pl.String},
    )
    return sorted(sorted(together) for together in lines.group_by("file").agg("line")["line"].to_list())


def _policy_parts(policy: Policy) -> list[tuple[str, object]]:
    """The policy's values in an order that no hash seed changes."""
    return [
        (name, sorted(value) if isinstance(value, frozenset) else value)
        for name in ("mode", "accept", "margin", "review", "update_fields", "overwrite_fields", "protected",
                     "leaving_grades", "accept_similar", "classes", "guards")
        for value in [getattr(policy, name)]
    ] + [("evidence", sorted(policy.evidence.items()))]  # fmt: skip
