"""The grade step of each upload: whether its sheets carry next year's grades or the same ones as the base.

Invariants: estimated from rows and students who alone have their full name; where neither step prevails, it is
the one that the workflow expects.
"""

from typing import Final

import polars as pl

from rosterdiff.config import Mode
from rosterdiff.schema import STEPS, check

_EXPECTED: Final = {Mode.MIGRATION: 1, Mode.BULK: 0}


def estimate_steps(rows: pl.DataFrame, students: pl.DataFrame, mode: Mode) -> pl.DataFrame:
    """Estimate the step of each source file of the rows.

    Args:
        rows, students: encoded records (`sides.encode`).
        mode: the workflow, which decides where the rosters do not.

    Returns:
        `schema.STEPS`, a line a source file, sorted by it.

    """
    name = ["given_key", "family_key"]
    alone = [
        side.select(*name, "grade_order", "source_file").filter(
            (pl.len().over(name) == 1) & pl.all_horizontal(pl.col(*name).is_not_null())
        )
        for side in (rows, students)
    ]
    pairs = alone[0].join(alone[1], on=name, how="inner", suffix="_student", nulls_equal=False)
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
