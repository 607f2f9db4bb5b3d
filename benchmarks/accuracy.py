"""How often plans and pairs are right on the labelled sets, by the shipped configuration.

Invariants: nothing is tuned or fitted here; every set is judged by the same configuration; kinds of errors are counted
by the levels of the comparisons, without any value of a person.
"""

from collections.abc import Sequence
from typing import Final

import polars as pl
from attrs import frozen

from benchmarks.scoring import (
    PairScore,
    PlanScore,
    best_of,
    score_pairs,
    score_plan,
    strict_of,
    wrong_matches,
)
from benchmarks.sets import SETS, LabelledSet, load_set
from benchmarks.tables import provenance, share_of, table
from rosterdiff import Action, Plan, Policy, link, make_plan
from rosterdiff.matching.compare import compare_pairs
from rosterdiff.matching.records import further_forms, to_records

KINDS_SHOWN: Final = 8
"""So many kinds of errors are shown for each set; the rest are counted together."""

_ON: Final = ["row", "student_id"]
_DIFFERING: Final = {"given": "given_name", "family": "family_name", "birth date": "birth_date"}
_BESIDE: Final = {
    "birth date": "birth_date", "middle name": "middle_name", "gender": "gender", "grade": "grade", "school": "school",
}  # fmt: skip


@frozen(eq=False)
class Judged:
    """What was found on one set.

    Attributes:
        best, even, strict: the pairs at the threshold of the best F1, at p ≥ .5, and at precision ≥ .999.
        plan: the plan's figures; `held_by` the guards that hold it.
        wrong: kinds of wrong automatic matches, with counts; `missed` kinds of true links that were decided wrongly,
            because the row was added or the student deleted.

    """

    labelled: LabelledSet
    best: PairScore
    even: PairScore
    strict: PairScore
    plan: PlanScore
    held_by: tuple[str, ...]
    wrong: tuple[tuple[str, int], ...]
    missed: tuple[tuple[str, int], ...]


def judge_sets(names: Sequence[str] = ()) -> list[Judged]:
    """Judge the sets of these names, or all that are on this machine."""
    chosen = [labelled for labelled in SETS if labelled.name in names or not names]
    return [judge_set(labelled) for labelled in chosen if labelled.is_here]


def judge_set(labelled: LabelledSet) -> Judged:
    """Link a set, plan it, and judge both."""
    loaded = load_set(labelled)
    pairs = link(loaded.base, loaded.incoming, floor=0.0)
    scores = score_pairs(pairs, loaded.truth)
    plan = make_plan(loaded.base, loaded.incoming, policy=Policy(mode=labelled.mode))
    return Judged(
        labelled=labelled,
        best=best_of(scores),
        even=score_pairs(pairs.filter(pl.col("probability") >= 0.5), loaded.truth)[-1],
        strict=strict_of(scores),
        plan=score_plan(plan, loaded.truth),
        held_by=plan.held_by,
        wrong=kinds_of_wrong(plan, loaded.truth),
        missed=kinds_of_missed(plan, pairs, loaded.truth),
    )


def kinds_of_wrong(plan: Plan, truth: pl.DataFrame) -> tuple[tuple[str, int], ...]:
    """Kinds of wrong automatic matches: reason, what is known beside the names, who the row is; most frequent first."""
    is_known = pl.col("row").is_in(truth["row"].to_list())
    who = pl.when(is_known).then(pl.lit("really another student")).otherwise(pl.lit("really a newcomer"))
    wrong = wrong_matches(plan, truth)
    reasons = plan.entries.select(*_ON, pl.col("reason").cast(pl.String).str.replace_all("_", " "))
    levels = levels_of(plan, wrong).join(reasons, on=_ON, how="left")
    said = [_said(name, comparison, silent="missing") for name, comparison in _BESIDE.items()]
    kind = pl.concat_str(["reason", *said, who], separator=", ", ignore_nulls=True)
    return _counted(levels.select(kind))


def kinds_of_missed(plan: Plan, pairs: pl.DataFrame, truth: pl.DataFrame) -> tuple[tuple[str, int], ...]:
    """Kinds of true links whose row was added or whose student deleted: how names and birth date differ.

    Args:
        plan, truth: as elsewhere.
        pairs: every pair that was compared (`link` with a floor of 0); the others are marked.

    """
    entries = plan.entries
    added = entries.filter(pl.col("action") == Action.ADD.value).select("row")
    deleted = entries.filter(pl.col("action") == Action.DELETE.value).select("student_id")
    known = truth.with_columns(pl.col("row").cast(pl.UInt32))
    missed = pl.concat([known.join(added, on="row", how="semi"), known.join(deleted, on="student_id", how="semi")])
    compared = pairs.select(*_ON, pl.lit(", compared").alias("compared"))
    levels = levels_of(plan, missed.unique()).join(compared, on=_ON, how="left")
    said = [_said(name, comparison) for name, comparison in _DIFFERING.items()]
    kind = pl.concat_str(pl.concat_str(said, separator=", "), pl.col("compared").fill_null(", not compared"))
    return _counted(levels.select(kind))


def levels_of(plan: Plan, pairs: pl.DataFrame) -> pl.DataFrame:
    """The levels of any pairs of the plan's rosters, whether matching compared them or not.

    Args:
        plan: for its rosters, and the grade step of its only upload.
        pairs: `row`, `student_id`.

    """
    students = plan.base.frame.select("student_id", student="row")
    placed = pairs.join(students, on="student_id").select("row", "student").sort("row", "student")
    rows = to_records(plan.incoming).with_columns(pl.lit(plan.steps["step"].max(), dtype=pl.Int8).alias("step"))
    levels = compare_pairs(placed, rows, to_records(plan.base), further_forms(plan.base, ()))
    return levels.join(students, on="student")


def _said(name: str, comparison: str, *, silent: str | None = None) -> pl.Expr:
    """A level in words, or null for the level that is not worth saying."""
    level = pl.col(f"{comparison}_level").cast(pl.String)
    words = pl.concat_str([pl.lit(f"{name} "), level.str.replace_all("_", " ")])
    return words if silent is None else pl.when(level != silent).then(words)


def _counted(kinds: pl.DataFrame) -> tuple[tuple[str, int], ...]:
    """Distinct values of the only column with their counts, the most frequent first."""
    counts = kinds.to_series().rename("kind").value_counts().sort("count", "kind", descending=[True, False])
    return tuple((kind, count) for kind, count in counts.iter_rows())


def render_accuracy(judged: Sequence[Judged]) -> str:
    """The section of the page: plans first, then what went wrong in them, then pairs."""
    return "\n\n".join(
        [
            "## Accuracy",
            provenance("accuracy", "polars", "rapidfuzz", "rosterdiff"),
            _INTRODUCTION,
            "### Plans",
            table(_PLAN_HEADER, [_plan_line(one) for one in judged]),
            _ON_REVIEW,
            table(_REVIEW_HEADER, [_review_line(one) for one in judged]),
            "### What went wrong",
            _ON_WRONG,
            table(_KIND_HEADER, [line for one in judged for line in _kind_lines(one, one.wrong)]),
            _ON_MISSED,
            table(_KIND_HEADER, [line for one in judged for line in _kind_lines(one, one.missed)]),
            "### Pairs",
            _ON_PAIRS,
            table(_PAIR_HEADER, [_pair_line(one) for one in judged]),
        ]
    )


_INTRODUCTION: Final = (
    "The shipped model and the default policy, nothing tuned to these sets. Most are not school rosters: adults, "
    "decades, heavy noise. What a plan decides by itself is wrong when it matches two persons, adds a row whose "
    "student is in the base, or deletes a student who is in the incoming roster."
)
_PLAN_HEADER: Final = (
    "set · columns", "mode", "wrong matches", "wrong deletes", "wrong adds", "rows to review",
    "true links decided alone",
)  # fmt: skip
_ON_REVIEW: Final = (
    "Of the rows in review whose student is in the base: how often that student is among the candidates, and the first "
    "of them. Groups are the questions that a person faces, students without a row included. Guards hold a plan whole "
    "until a person overrides them."
)
_REVIEW_HEADER: Final = (
    "set", "rows with a true student", "among the candidates", "ranked first", "groups", "held by"
)  # fmt: skip
_ON_WRONG: Final = (
    "Wrong automatic matches, whose names are all the same: the reason given, what is known beside the names, and who "
    "the row really is."
)
_ON_MISSED: Final = (
    "True links of which the row was added or the student deleted: how the two differ, and whether they were compared."
)
_KIND_HEADER: Final = ("set", "kind", "count")
_ON_PAIRS: Final = (
    "The one-to-one assignment of `link`, ranked by probability and weight. R999 is the recall at a precision of at "
    "least .999."
)
_PAIR_HEADER: Final = (
    "set", "true links", "best F1", "precision", "recall", "F1 at p ≥ .5", "precision", "recall", "R999"
)  # fmt: skip


def _plan_line(one: Judged) -> list[str]:
    plan = one.plan
    return [
        f"{one.labelled.name} · {one.labelled.what}",
        one.labelled.mode.value,
        share_of(plan.wrong_matches, plan.matched),
        share_of(plan.wrong_deletions, plan.deleted),
        share_of(plan.wrong_additions, plan.added),
        share_of(plan.reviewed, plan.rows),
        share_of(plan.decided, plan.links),
    ]


def _review_line(one: Judged) -> list[str]:
    plan = one.plan
    found, first = (share_of(count, plan.reviewed_known) for count in (plan.found, plan.first))
    return [one.labelled.name, f"{plan.reviewed_known:,}", found, first, f"{plan.groups:,}", _held(one)]


def _held(one: Judged) -> str:
    return ", ".join(f"`{code}`" for code in one.held_by) or "nothing"


def _kind_lines(one: Judged, kinds: Sequence[tuple[str, int]]) -> list[list[str]]:
    """The most frequent kinds, and the others together."""
    shown, others = kinds[:KINDS_SHOWN], kinds[KINDS_SHOWN:]
    rest = [("other kinds", sum(count for _, count in others))] if others else []
    return [[one.labelled.name, kind, f"{count:,}"] for kind, count in (*shown, *rest) or (("none", 0),)]


def _pair_line(one: Judged) -> list[str]:
    figures = [one.best.f1, one.best.precision, one.best.recall, one.even.f1, one.even.precision, one.even.recall]
    return [
        one.labelled.name,
        f"{one.best.links:,}",
        *(f"{figure:.4f}" for figure in figures),
        f"{one.strict.recall:.4f}",
    ]
