"""Judged pairs → the plan's candidates: whom a row may be, ranked, with the evidence of every field.

Invariants: open rows show every candidate that counts, settled rows their student and the runners-up; ranks begin at 1
and follow probability and weight; weights are in bits.
"""

from typing import Final

import numpy as np
import polars as pl

from rosterdiff.frames import Roster
from rosterdiff.levels import Comparison
from rosterdiff.model import Pool
from rosterdiff.planning.positions import NONE, Integers, inverted, to_array, to_column
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
        pairs: the judged pairs, sorted by row, with `counts`.
        rows: what becomes of each row, in the order of the rows.
        base: the base.
        others: the pairs and rosters of deleted students and of other schools, the pairs sorted by row.

    """
    given, is_open = to_array(rows["student"]), rows.select(IS_OPEN).to_series().to_numpy()
    row, counts = pairs["row"].to_numpy(), pairs["counts"].fill_null(value=False).to_numpy()
    shown = np.flatnonzero(np.where(is_open[row], counts, given[row] != NONE))
    at, rank = _ranked(pairs, shown, given)
    kept = rank <= np.where(is_open[row[at]], MOST_CANDIDATES, 1 + RUNNERS_UP)
    taken_by = inverted(given, len(base))[pairs["student"].to_numpy()[at[kept]]]
    listed = _listed(pairs, at[kept], rank[kept], Pool.BASE, base)
    parts = [listed.with_columns(to_column(taken_by, "taken_by"))]
    for pool, (found, roster) in others.items():
        of_open = np.flatnonzero(is_open[found["row"].to_numpy()])
        at, rank = _ranked(found, of_open, given)
        kept = rank <= MOST_CANDIDATES
        parts.append(_listed(found, at[kept], rank[kept], pool, roster))
    return parts[0] if len(parts) == 1 else pl.concat(parts).sort("row", "pool", "rank")


def _ranked(pairs: pl.DataFrame, at: Integers, given: Integers) -> tuple[Integers, Integers]:
    """Order pairs by row, the student that the row was given first, then the best first.

    Args:
        pairs: sorted by row.
        at: the places of those to be ranked, ascending.
        given: the student of each row.

    Returns:
        The places in order, and the rank of each within its row.

    """
    row = pairs["row"].to_numpy()[at]
    begins = np.ones(len(row), np.bool_)
    begins[1:] = row[1:] != row[:-1]
    several = np.flatnonzero(~(begins & np.append(begins[1:], True)))
    compared = pairs.select(pl.col("row", "probability", "weight_mb", "student").gather(pl.Series(at[several])))
    is_given = compared["student"].to_numpy() == given[row[several]]
    best_first = compared.with_columns(pl.Series("at", at[several]), pl.Series("given", is_given)).sort(
        "row", "given", "probability", "weight_mb", "student", descending=[False, True, True, True, False]
    )
    ordered = at.copy()
    ordered[several] = best_first["at"].to_numpy()
    place = np.arange(len(at))
    return ordered, place - np.maximum.accumulate(np.where(begins, place, 0)) + 1


def _listed(pairs: pl.DataFrame, at: Integers, rank: Integers, pool: Pool, roster: Roster) -> pl.DataFrame:
    """These pairs as candidates of a pool, each with its rank."""
    lines = pl.Series(at)
    millibits = {"weight": "weight_mb", **{WEIGHT_COLUMNS[c]: MILLIBIT_COLUMNS[c] for c in Comparison}}
    return conform(
        pairs.select(
            pl.col("row", "probability", *LEVEL_COLUMNS.values()).gather(lines),
            roster.frame["student_id"][pairs["student"][lines]],
            pl.lit(pool.value).alias("pool"),
            pl.Series("rank", rank),
            *((pl.col(source).gather(lines) / 1000).alias(name) for name, source in millibits.items()),
        ),
        CANDIDATES,
    )
