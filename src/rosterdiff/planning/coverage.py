"""Where the uploads speak: what becomes of students who are not listed, and how much of each class was found.

Invariants: absence counts only in a class (or grade, or school, where no class is known) of which a quarter was found,
or in the leaving grade of a school of which others were found; a bulk plan deletes nobody, and nobody protected is
ever deleted. What is the same for all of a class is found once for each class.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
import polars as pl

from rosterdiff.config import Mode, Policy
from rosterdiff.frames import Classes, Roster
from rosterdiff.grades import grade_orders, next_class
from rosterdiff.model import Action, Reason, Verdict
from rosterdiff.names import fold, map_distinct
from rosterdiff.planning.positions import is_none_of
from rosterdiff.plans import IS_OPEN
from rosterdiff.schema import COVERAGE, conform, enum_of

_PLACE = ["school", "grade", "class_name"]

COVERED_FROM: Final = 0.25
"""A class of which fewer were found is not listed: one who repeats or moved does not stand for his class of before."""

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
    absent = base.frame.select(student="row").filter(is_none_of(len(base), settled["student"], held["student"]))
    if policy.mode is Mode.BULK:
        told = absent.with_columns(action=pl.lit(Action.KEEP.value), reason=pl.lit(Reason.NOT_IN_UPLOAD.value))
        return told.cast(ABSENT)
    reach = _reach(base.classes, settled["student"], policy)
    ids = base.frame["student_id"][absent["student"]]
    marked = absent.hstack([ids]).hstack(reach[base.classes.of_row[absent["student"]]])
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
    return marked.select("student", _action_of(reason).alias("action"), reason.alias("reason")).cast(ABSENT)


def _action_of(reason: pl.Expr) -> pl.Expr:
    deletes = [Reason.NOT_LISTED.value, Reason.DECIDED_DELETE.value]
    return (
        pl.when(reason.is_in(deletes))
        .then(pl.lit(Action.DELETE.value))
        .when(reason == Reason.CLASS_NOT_COVERED.value)
        .then(pl.lit(Action.REVIEW.value))
        .otherwise(pl.lit(Action.KEEP.value))
    )


def _reach(classes: Classes, found: pl.Series, policy: Policy) -> pl.DataFrame:
    """Whether absence counts in each class, given the students who were found: `covered`, `leaving`."""
    counted = classes.table.with_columns(
        count_by_class(classes, found).alias("found"),
        count_by_class(classes).alias("students"),
        leaving_classes(classes, policy).alias("leaving"),
    )
    share = pl.sum("found").over(_missing_place()) / pl.sum("students").over(_missing_place())
    return counted.select(
        (share >= COVERED_FROM).alias("covered"),
        (pl.col("leaving") & (pl.col("found") > 0).any().over("school")).alias("leaving"),
    )


def leaving_classes(classes: Classes, policy: Policy) -> pl.Series:
    """Of each class, whether its grade is expected to leave."""
    if policy.leaving_grades is not None:
        return classes.table["grade"].cast(pl.String).is_in(sorted(policy.leaving_grades)).fill_null(value=False)
    orders = classes.table.select("school", grade_orders(classes.table["grade"]).alias("order"))
    is_highest = pl.col("order") == pl.col("order").max().over("school")
    return orders.select(is_highest.fill_null(value=False)).to_series()


def count_by_class(classes: Classes, positions: pl.Series | None = None) -> pl.Series:
    """How many of these students or rows are in each class; all are counted by default."""
    of_each = (classes.of_row if positions is None else classes.of_row[positions]).to_numpy()
    return pl.Series(np.bincount(of_each, minlength=classes.table.height), dtype=pl.UInt32)


def _missing_place() -> pl.Expr:
    """What a student is missing with: his class, or his grade where no class is known, or the school."""
    place = pl.coalesce(
        pl.concat_str([pl.lit("class"), "class_name"], separator="\x1f"),
        pl.concat_str([pl.lit("grade"), pl.col("grade").cast(pl.String)], separator="\x1f"),
        pl.lit(""),
    )
    return pl.concat_str([pl.col("school").fill_null(""), place], separator="\x1e")


def missing_with(base: Roster) -> pl.DataFrame:
    """The class (or grade, or school) that each student would be missing with, as a number: `student`, `place`."""
    places = base.classes.table.select(_missing_place().rank("dense")).to_series()
    return pl.DataFrame({"student": base.frame["row"], "place": places[base.classes.of_row]})


def measure_coverage(entries: pl.DataFrame, base: Roster, incoming: Roster) -> pl.DataFrame:
    """Count for every school, grade and class what became of its students (`schema.COVERAGE`).

    Args:
        entries: as `order_entries` gives them, with `student`.
        base, incoming: the rosters.

    """
    students = entries.select("student", "row", "action", "reason").drop_nulls("student")
    not_listed = [Reason.NOT_LISTED.value, Reason.DECIDED_DELETE.value, Reason.NOT_IN_UPLOAD.value]
    kinds = students.select(
        pl.col("student").is_not_null().alias("base"),
        pl.col("row").is_not_null().alias("found"),
        _moved(students, base, incoming).alias("moved"),
        IS_OPEN.alias("in_review"),
        pl.col("reason").is_in(not_listed).alias("not_listed"),
    )
    counted = base.classes.table.with_columns(
        count_by_class(base.classes, students["student"].filter(is_kind)).alias(is_kind.name)
        for is_kind in kinds.iter_columns()
    )
    added = entries.filter(pl.col("action") == Action.ADD.value)["row"]
    new = incoming.classes.table.with_columns(count_by_class(incoming.classes, added).alias("new"))
    placed = _in_known_classes(new.filter(pl.col("new") > 0), base.classes.table)
    table = counted.join(placed, on=_PLACE, how="full", nulls_equal=True, coalesce=True)
    filled = table.with_columns(pl.col(*kinds.columns, "new").fill_null(0))
    return conform(filled, COVERAGE).sort(_PLACE, nulls_last=True)


def _in_known_classes(new: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The new students of each class, where a class is known by its full name.

    A list that gives no grade, no school or another case of the letters means the one class that fits; where none or
    several fit, it stays a class of its own.
    """
    named = new.filter(pl.col("grade").is_not_null()).select(_PLACE)
    classes = pl.concat([known, named]).unique().filter(pl.col("class_name").is_not_null())
    strange = new.join(known, on=_PLACE, how="anti", nulls_equal=True).with_row_index("line")
    both = _folded(strange).join(_folded(classes), on="key", suffix="_known")
    pairs = [(pl.col(name), pl.col(f"{name}_known")) for name in _PLACE]
    differs = pl.any_horizontal(theirs.ne_missing(own) for theirs, own in pairs)
    clashes = pl.any_horizontal((theirs != own).fill_null(value=False) for theirs, own in pairs[:2])
    fits = both.filter(differs & ~clashes).filter(pl.len().over("line") == 1)
    meant = fits.select("line", *(own.alias(name) for name, (_, own) in zip(_PLACE, pairs, strict=True)), "new")
    rest = strange.join(meant, on="line", how="anti")
    exact = new.join(known, on=_PLACE, how="semi", nulls_equal=True)
    whole = pl.concat([exact, *(lines.select(*_PLACE, "new") for lines in (meant, rest))])
    return whole.group_by(_PLACE, maintain_order=True).agg(pl.col("new").sum())


def _folded(classes: pl.DataFrame) -> pl.DataFrame:
    return classes.with_columns(key=map_distinct(classes["class_name"], fold)).filter(pl.col("key") != "")


def _moved(students: pl.DataFrame, base: Roster, incoming: Roster) -> pl.Series:
    """Whether a student's class is neither the former one nor the one expected to follow it."""
    before, after = (map_distinct(side.classes.table["class_name"], fold) for side in (base, incoming))
    follows = map_distinct(before, next_class)
    keys = pl.Enum(pl.concat([before, after, follows]).drop_nulls().unique())
    of_student = base.classes.of_row[students["student"]]
    was, expected = (names.cast(keys)[of_student] for names in (before, follows))
    now = after.cast(keys)[incoming.classes.of_row[students["row"]]]
    return ((now != was) & (now != expected).fill_null(value=True)).fill_null(value=False)
