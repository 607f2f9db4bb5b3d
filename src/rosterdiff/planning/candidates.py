"""Judged pairs → the plan's candidates: whom a row may be, ranked, with the evidence of every field.

Invariants: open rows show every candidate that counts, settled rows their student and the runners-up; ranks begin at 1
and follow the weight; weights are in bits.
"""

from typing import Final

import polars as pl

from rosterdiff.frames import Roster
from rosterdiff.levels import Comparison
from rosterdiff.model import Pool
from rosterdiff.plans import IS_OPEN
from rosterdiff.schema import CANDIDATES, LEVEL_COLUMNS, MILLIBIT_COLUMNS, WEIGHT_COLUMNS, conform

MOST_CANDIDATES: Final = 20
"""So many candidates of a row are shown: nobody compares more, and the right one is not beyond them."""

RUNNERS_UP: Final = 3
"""So many other students are kept of a row that was decided alone."""


def list_candidates(
    pairs: pl.DataFrame, rows: pl.DataFrame, base: Roster, others: dict[Pool, tuple[pl.DataFrame, Roster]]
) -> pl.DataFrame:
    """List the candidates of every row (`schema.CANDIDATES`), sorted by row, pool and rank.

    Args:
        pairs: the judged pairs, with `counts`.
        rows: what becomes of each row.
        base: the base.
        others: the pairs and rosters of deleted students and of other schools.

    """
    acted = pairs.join(rows.select("row", "action", pl.col("student").alias("given")), on="row", how="inner")
    shown = acted.filter(
        (IS_OPEN & pl.col("counts").fill_null(value=False)) | (~IS_OPEN & pl.col("given").is_not_null())
    )
    first = (pl.col("student") == pl.col("given")).fill_null(value=False)
    taken = rows.filter(pl.col("student").is_not_null()).select("student", pl.col("row").alias("taken_by"))
    named = shown.join(taken, on="student", how="left")
    parts = [_ranked(named.with_columns(first.alias("first"), IS_OPEN.alias("open")), base, Pool.BASE)]
    open_rows = rows.filter(IS_OPEN).select("row")
    for pool, (found, roster) in others.items():
        of_open = found.join(open_rows, on="row", how="semi").with_columns(
            pl.lit(None, dtype=pl.UInt32).alias("taken_by"), first=pl.lit(value=False), open=pl.lit(value=True)
        )
        parts.append(_ranked(of_open, roster, pool))
    return pl.concat(parts).sort("row", "pool", "rank")


def _ranked(pairs: pl.DataFrame, roster: Roster, pool: Pool) -> pl.DataFrame:
    ids = roster.frame.select(pl.col("row").alias("student"), "student_id")
    ordered = pairs.join(ids, on="student", how="left").sort(
        "row", "first", "probability", "weight_mb", "student", descending=[False, True, True, True, False]
    )
    ranked = ordered.with_columns(pl.int_range(1, pl.len() + 1).over("row").alias("rank"))
    kept = ranked.filter(pl.col("rank") <= pl.when("open").then(MOST_CANDIDATES).otherwise(1 + RUNNERS_UP))
    in_bits = [
        (pl.col(MILLIBIT_COLUMNS[comparison]) / 1000).alias(WEIGHT_COLUMNS[comparison]) for comparison in Comparison
    ]
    columns = ["row", "student_id", "rank", "probability", "taken_by", *LEVEL_COLUMNS.values()]
    return conform(
        kept.select(
            *columns,
            pl.lit(pool.value).alias("pool"),
            (pl.col("weight_mb") / 1000).alias("weight"),
            *in_bits,
        ),
        CANDIDATES,
    )
