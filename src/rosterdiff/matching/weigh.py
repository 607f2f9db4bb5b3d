"""Levels → weights: the evidence of each field, and their sum.

Invariants: a weight is an integer of 1/1000 bit; the sum of a pair's weights is its `weight_mb`; agreement on a rare
value weighs more than on a common one.
"""

import math
from typing import Final

import polars as pl

from rosterdiff.levels import LEVELS_OF, Comparison
from rosterdiff.matching.model import MILLIBITS, Model
from rosterdiff.schema import LEVEL_COLUMNS, MILLIBIT_COLUMNS, SCORED, check

_FREQUENCY_COLUMNS: Final = {
    Comparison.GIVEN_NAME: "given_key",
    Comparison.FAMILY_NAME: "family_key",
    Comparison.BIRTH_DATE: "birth_date",
    Comparison.SCHOOL: "school",
}
"""Comparisons whose `same` level is weighed by how common the value is, with the record's column."""


def weigh_pairs(levels: pl.DataFrame, rows: pl.DataFrame, students: pl.DataFrame, model: Model) -> pl.DataFrame:
    """Weigh every comparison of every pair.

    Args:
        levels: `schema.LEVELS`.
        rows, students: the records, for the frequencies of their values.
        model: m and u of every level.

    Returns:
        `schema.SCORED`, in the order of the pairs.

    """
    weighed = levels.with_columns(_level_weight(comparison, model) for comparison in Comparison)
    for comparison, column in _FREQUENCY_COLUMNS.items():
        weighed = _by_frequency(weighed, comparison, _frequencies(rows, students, column), model)
    total = pl.sum_horizontal(MILLIBIT_COLUMNS.values()).cast(pl.Int32).alias("weight_mb")
    return check(weighed.with_columns(total).select(*SCORED), SCORED)


def _level_weight(comparison: Comparison, model: Model) -> pl.Expr:
    """The weight of each level, looked up by its place in the closed set of levels."""
    weights = [model.weight(comparison, level) for level in LEVELS_OF[comparison]]
    place = pl.col(LEVEL_COLUMNS[comparison]).to_physical()
    return pl.lit(pl.Series(weights, dtype=pl.Int32)).gather(place).alias(MILLIBIT_COLUMNS[comparison])


def _frequencies(rows: pl.DataFrame, students: pl.DataFrame, column: str) -> pl.DataFrame:
    """How often each value stands in the two rosters together: `at` of the row, `count`, `total`."""
    both = pl.concat([rows.select(column), students.select(column)]).drop_nulls()
    counts = both.group_by(column).len("count")
    return (
        rows.select("at", column)
        .join(counts, on=column, how="inner", nulls_equal=False)
        .select(pl.col("at").alias("row"), "count", pl.lit(both.height).alias("total"))
    )


def _by_frequency(
    weighed: pl.DataFrame, comparison: Comparison, frequencies: pl.DataFrame, model: Model
) -> pl.DataFrame:
    """Replace the weight of `same` by log2(m / frequency), the shipped frequency smoothing the one at hand."""
    m, u = model.chances[comparison]["same"]
    prior = model.frequency_prior[comparison]
    distinct = frequencies.select("count", "total").unique().sort("count")
    weights = [
        round(MILLIBITS * math.log2(m / ((count + prior * u) / (total + prior))))
        for count, total in distinct.iter_rows()
    ]
    by_row = frequencies.join(
        distinct.with_columns(pl.Series("rarity", weights, dtype=pl.Int32)), on=["count", "total"], how="left"
    )
    column = MILLIBIT_COLUMNS[comparison]
    is_same = pl.col(LEVEL_COLUMNS[comparison]) == "same"
    return (
        weighed.join(by_row.select("row", "rarity"), on="row", how="left", maintain_order="left")
        .with_columns(pl.when(is_same).then(pl.col("rarity")).otherwise(pl.col(column)).alias(column))
        .drop("rarity")
    )
