"""The one-to-one assignment of greatest total weight, with what it would cost to forbid each pair.

The value of a pair is its weight plus the prior: the log2 odds that the two are one person; either side may stay
without partner, at value 0. Invariants: no row and no student occurs twice; all sums are of integers; the margin of an
assigned pair is the loss in total value if that pair were forbidden.
"""

import numpy as np
import polars as pl


def assign(pairs: pl.DataFrame) -> pl.DataFrame:
    """Choose the pairs of the assignment.

    Pairs without rival are chosen as they are; what is tangled is solved component by component.

    Args:
        pairs: `row`, `student`, `value_mb`; each pair once. Pairs of value 0 or less are never chosen.

    Returns:
        `row`, `student`, `margin_mb` (Int64) of the chosen pairs, sorted by row.

    """
    usable = pairs.filter(pl.col("value_mb") > 0).sort("row", "student").cast({"value_mb": pl.Int64})
    is_alone = (pl.len().over("row") == 1) & (pl.len().over("student") == 1)
    alone = usable.filter(is_alone).select("row", "student", pl.col("value_mb").alias("margin_mb"))
    tangled = usable.filter(~is_alone)
    return alone if tangled.is_empty() else pl.concat([alone, _solved(tangled)]).sort("row")


def _solved(tangled: pl.DataFrame) -> pl.DataFrame:
    from rosterdiff.matching.solve import solve_components  # loading scipy takes longer than most plans take

    rows, students, values = (tangled[name].to_numpy().astype(np.int64) for name in ("row", "student", "value_mb"))
    chosen = dict(zip(("row", "student", "margin_mb"), solve_components(rows, students, values), strict=True))
    return pl.DataFrame(chosen).cast({"row": pl.UInt32, "student": pl.UInt32, "margin_mb": pl.Int64})
