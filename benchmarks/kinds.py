"""What kinds of errors a plan makes: wrong matches and missed links, counted by the levels of the comparisons.

Invariants: kinds are words for levels, without any value of a person; the most frequent come first.
"""

from typing import Final

import polars as pl

from benchmarks.scoring import wrong_matches
from rosterdiff import Action, Plan
from rosterdiff.matching.compare import compare_pairs
from rosterdiff.matching.records import further_forms, to_records

_ON: Final = ["row", "student_id"]
_DIFFERING: Final = {"given": "given_name", "family": "family_name", "birth date": "birth_date"}
_BESIDE: Final = {
    "birth date": "birth_date", "middle name": "middle_name", "gender": "gender", "grade": "grade", "school": "school",
}  # fmt: skip


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
