"""Where the uploads speak: what becomes of students who are not listed, and how much of each class was found.

Invariants: absence counts only in a class (or grade, or school, where no class is known) of which a quarter was found,
or in the leaving grade of a school of which others were found; a bulk plan deletes nobody, and nobody protected is
ever deleted.
"""

from collections.abc import Mapping
from typing import Final

import polars as pl

from rosterdiff.config import Mode, Policy
from rosterdiff.frames import Roster
from rosterdiff.grades import ORDER, next_class
from rosterdiff.model import Action, Reason, Verdict
from rosterdiff.names import fold, map_distinct
from rosterdiff.plans import IS_OPEN
from rosterdiff.schema import COVERAGE, conform, enum_of

_PLACE = ["school", "grade", "class_name"]

COVERED_FROM: Final = 0.25
"""A class of which fewer were found is not listed: one who repeats or has moved does not stand for his class of before."""

ABSENT: Final = pl.Schema({"student": pl.UInt32(), "action": enum_of(Action), "reason": enum_of(Reason)})
"""What becomes of a student without a row."""


def absent_students(
    base: Roster, settled: pl.DataFrame, held: pl.DataFrame, policy: Policy, decided: Mapping[str, Verdict]
) -> pl.DataFrame:
    """Say what becomes of every student who is in no settled pair and not held.

    Args:
        base: the base.
        settled, held: `student` of those who were found, and of those who may yet be; only the found show
            that a class was covered, so that review can only make absence count more, never less.
        policy: mode, protected students, leaving grades.
        decided: what persons have said of absent students.

    Returns:
        `ABSENT`, sorted by student.

    """
    students = base.frame.select(pl.col("row").alias("student"), "student_id", *_PLACE)
    absent = students.join(settled, on="student", how="anti").join(held, on="student", how="anti")
    if policy.mode is Mode.BULK:
        return _as(absent, Action.KEEP, Reason.NOT_IN_UPLOAD)
    marked = absent.join(_reach(students, settled, policy), on="student", how="left").sort("student")
    said = pl.col("student_id").replace_strict(
        list(decided), [verdict.value for verdict in decided.values()], default=None, return_dtype=pl.String
    )
    reason = (
        pl.when(pl.col("student_id").is_in(sorted(policy.protected)))
        .then(pl.lit(Reason.PROTECTED.value))
        .when(said == Verdict.LEAVE.value)
        .then(pl.lit(Reason.DECIDED_LEAVE.value))
        .when(said == Verdict.DELETE.value)
        .then(pl.lit(Reason.DECIDED_DELETE.value))
        .when(pl.col("leaving") | pl.col("covered"))
        .then(pl.lit(Reason.NOT_LISTED.value))
        .otherwise(pl.lit(Reason.CLASS_NOT_COVERED.value))
    )
    said_why = marked.select("student", reason.alias("reason"))
    return conform(said_why.with_columns(_action_of(pl.col("reason")).alias("action")), ABSENT)


def _as(students: pl.DataFrame, action: Action, reason: Reason) -> pl.DataFrame:
    told = students.with_columns(pl.lit(action.value).alias("action"), pl.lit(reason.value).alias("reason"))
    return conform(told, ABSENT).sort("student")


def _action_of(reason: pl.Expr) -> pl.Expr:
    deletes = [Reason.NOT_LISTED.value, Reason.DECIDED_DELETE.value]
    return (
        pl.when(reason.is_in(deletes))
        .then(pl.lit(Action.DELETE.value))
        .when(reason == Reason.CLASS_NOT_COVERED.value)
        .then(pl.lit(Action.REVIEW.value))
        .otherwise(pl.lit(Action.KEEP.value))
    )


def _reach(students: pl.DataFrame, found: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Whether absence counts for each student: `student`, `covered`, `leaving`."""
    seen = students.with_columns(pl.col("student").is_in(found["student"].implode()).alias("seen"))
    order = pl.col("grade").cast(pl.String).replace_strict(ORDER, default=None, return_dtype=pl.Int8)
    if policy.leaving_grades is None:
        leaving = order == order.max().over("school")
    else:
        leaving = pl.col("grade").cast(pl.String).is_in(sorted(policy.leaving_grades))
    return seen.select(
        "student",
        (pl.col("seen").mean().over(_missing_place()) >= COVERED_FROM).alias("covered"),
        (leaving.fill_null(value=False) & pl.col("seen").any().over("school")).alias("leaving"),
    )


def _missing_place() -> pl.Expr:
    """What a student is missing with: his class, or his grade where no class is known, or the school."""
    place = pl.coalesce(
        pl.concat_str([pl.lit("class"), "class_name"], separator="\x1f"),
        pl.concat_str([pl.lit("grade"), pl.col("grade").cast(pl.String)], separator="\x1f"),
        pl.lit(""),
    )
    return pl.concat_str([pl.col("school").fill_null(""), place], separator="\x1e")


def missing_with(base: Roster) -> pl.DataFrame:
    """The class (or grade, or school) that each student would be missing with: `student`, `place`."""
    return base.frame.select(pl.col("row").alias("student"), _missing_place().alias("place"))


def leaving_students(base: Roster, policy: Policy) -> pl.DataFrame:
    """The students who are expected to leave: `student_id`."""
    everyone = base.frame.select(pl.col("row").alias("student"), "student_id", *_PLACE)
    reach = _reach(everyone, everyone.select("student"), policy)
    return everyone.join(reach.filter("leaving"), on="student", how="semi").select("student_id")


def measure_coverage(entries: pl.DataFrame, base: Roster, incoming: Roster) -> pl.DataFrame:
    """Count for every school, grade and class what became of its students (`schema.COVERAGE`)."""
    students = base.frame.select("student_id", *_PLACE).join(
        entries.filter(pl.col("student_id").is_not_null()), on="student_id", how="inner"
    )
    came = incoming.frame.select("row", pl.col("class_name").alias("class_after"))
    placed = students.join(came, on="row", how="left", nulls_equal=False)
    found = pl.col("row").is_not_null()
    counted = (
        placed.with_columns(_moved(placed).alias("moved"))
        .group_by(_PLACE)
        .agg(
            pl.len().alias("base"),
            found.sum().alias("found"),
            (found & pl.col("moved")).sum().alias("moved"),
            IS_OPEN.sum().alias("in_review"),
            (pl.col("reason").is_in([Reason.NOT_LISTED.value, Reason.DECIDED_DELETE.value, Reason.NOT_IN_UPLOAD.value]))
            .sum()
            .alias("not_listed"),
        )
    )
    added = entries.filter(pl.col("action") == Action.ADD.value).select("row")
    new = incoming.frame.join(added, on="row", how="semi").group_by(_PLACE).len("new")
    numbers = ["base", "found", "moved", "in_review", "not_listed", "new"]
    table = counted.join(new, on=_PLACE, how="full", nulls_equal=True, coalesce=True)
    filled = table.with_columns(pl.col(numbers).fill_null(0))
    return conform(filled, COVERAGE).sort(_PLACE, nulls_last=True)


def _moved(placed: pl.DataFrame) -> pl.Series:
    """Whether a student's class is neither the former one nor the one expected to follow it."""
    before, after = (map_distinct(placed[name], fold) for name in ("class_name", "class_after"))
    follows = map_distinct(before, next_class)
    return ((after != before) & (after != follows).fill_null(value=True)).fill_null(value=False)
