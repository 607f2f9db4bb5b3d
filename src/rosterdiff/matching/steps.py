"""What the year changes for all: the grade step of each upload, and the school to which a grade goes on together.

Invariants: estimated from rows and students who alone have their full name; where neither step prevails, it is
the one that the workflow expects; a school that has no next one, or several, has none.
"""

from typing import Final

import polars as pl

from rosterdiff.config import Mode
from rosterdiff.schema import STEPS, check

LEAST_SHOWN: Final = 10
"""From so many children of one school and grade on they show where the others go."""

_EXPECTED: Final = {Mode.MIGRATION: 1, Mode.BULK: 0}


def estimate_steps(rows: pl.DataFrame, students: pl.DataFrame, mode: Mode) -> pl.DataFrame:
    """Estimate the step of each source file of the rows.

    Args:
        rows, students: encoded records (`sides.encode`).
        mode: the workflow, which decides where the rosters do not.

    Returns:
        `schema.STEPS`, a line a source file, sorted by it.

    """
    pairs = _sole_namesakes(rows, students, "grade_order", "source_file")
    step = pl.col("grade_order") - pl.col("grade_order_student")
    seen = pairs.select("source_file", step.alias("step")).drop_nulls("step")
    counted = seen.group_by("source_file").agg(
        (pl.col("step") == 1).sum().alias("advanced"),
        (pl.col("step") == 0).sum().alias("same"),
        (~pl.col("step").is_in([0, 1])).sum().alias("other"),
    )
    files = rows.select("source_file").unique()
    filled = files.join(counted, on="source_file", how="left", nulls_equal=True).with_columns(
        pl.col("advanced", "same", "other").fill_null(0)
    )
    return check(
        filled.with_columns(_majority(_EXPECTED[mode])).cast(STEPS).select(*STEPS).sort("source_file", nulls_last=True),
        STEPS,
    )


def find_next_schools(rows: pl.DataFrame, students: pl.DataFrame) -> pl.Series:
    """Find to which school most children of each student's school and grade go on; null where most stay or part ways.

    Args:
        rows, students: encoded records (`sides.encode`); the rows have `step` besides, and those of step 1 show it.

    """
    place = ["school", "grade_order"]
    pairs = _sole_namesakes(rows, students, *place, "step").filter(pl.col("step") == 1)
    after = pairs.select(pl.col(f"{name}_student").alias(name) for name in place).with_columns(
        school_next=pairs["school"]
    )
    count, of_all = pl.col("count"), pl.col("count").sum().over(place)
    shown = (
        after.drop_nulls(["school", "school_next"])
        .group_by(*place, "school_next")
        .agg(pl.len().alias("count"))
        .filter(count * 2 > of_all, of_all >= LEAST_SHOWN, pl.col("school") != pl.col("school_next"))
    )
    placed = students.select(place).join(shown, on=place, how="left", maintain_order="left", nulls_equal=True)
    return placed["school_next"]


def _sole_namesakes(rows: pl.DataFrame, students: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Rows and students who alone have their full name, side by side, with these columns of both."""
    name = ["given_key", "family_key"]
    alone = [
        side.select(*name, *(column for column in columns if column in side.columns)).filter(
            (pl.len().over(name) == 1) & pl.all_horizontal(pl.col(*name).is_not_null())
        )
        for side in (rows, students)
    ]
    return alone[0].join(alone[1], on=name, how="inner", suffix="_student", nulls_equal=False)


def _majority(expected: int) -> pl.Expr:
    """The step that most show; the expected one where neither prevails."""
    return (
        pl.when(pl.col("advanced") > pl.col("same"))
        .then(1)
        .when(pl.col("advanced") < pl.col("same"))
        .then(0)
        .otherwise(expected)
        .alias("step")
    )
