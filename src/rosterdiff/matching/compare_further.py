"""Columns that a host declares as evidence (postcode, street, a guardian's address): a level for each pair and column.

Invariants: distinct pairs of values are compared once; the first level that holds counts; symmetric.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
import polars as pl

from rosterdiff.config import Evidence
from rosterdiff.levels import ValueLevel
from rosterdiff.matching.distinct import first_that_holds, level_distinct, levels_of, pair_code, with_distances
from rosterdiff.matching.records import evidence_column

CHANCE_PAIRS: Final = 20_000
"""So many pairs show how often a level is seen by chance."""

_STRIDE: Final = 2_147_483_647
"""A prime, so that steps of it meet all pairs of any two columns before they meet one again."""

SHORTEST_TYPO: Final = 4
"""Values from this length on may be an edit apart by mistake."""


def further_columns(
    rows: pl.DataFrame, students: pl.DataFrame, evidence: Mapping[str, Evidence]
) -> dict[str, Evidence]:
    """The declared columns that both sides have, as records call them; partial dates belong to the birth date."""
    named = {evidence_column(name): kind for name, kind in evidence.items() if kind is not Evidence.PARTIAL_DATE}
    return {column: kind for column, kind in named.items() if column in rows.columns and column in students.columns}


def compare_further(joined: pl.DataFrame, columns: Mapping[str, Evidence]) -> pl.DataFrame:
    """The level of every declared column, one line a pair.

    Args:
        joined: pairs with the columns of both sides (`sides.put_beside`).
        columns: what `further_columns` found.

    """
    return pl.DataFrame({column: _levels(joined, column, kind) for column, kind in columns.items()})


def chance_levels(rows: pl.Series, students: pl.Series, kind: Evidence) -> dict[str, int]:
    """How often each level is seen by chance, among all pairs of two columns or `CHANCE_PAIRS` spread evenly over them.

    Codes of places are dense, so that a letter apart means less than in a name; streets share their words.
    """
    some, others = (side.drop_nulls().cast(pl.String) for side in (rows, students))
    if some.is_empty() or others.is_empty():
        return {}
    every = len(some) * len(others)
    places = np.arange(min(CHANCE_PAIRS, every), dtype=np.int64) * (1 if every <= CHANCE_PAIRS else _STRIDE) % every
    pairs = pl.DataFrame({"a": some.gather(places // len(others)), "b": others.gather(places % len(others))})
    return dict(_distinct(pairs, kind).cast(pl.String).value_counts().iter_rows())


def _levels(joined: pl.DataFrame, column: str, kind: Evidence) -> pl.Series:
    codes = joined.select(pair_code(column, f"{column}_student")).to_series()
    return levels_of(codes, level_distinct([codes], joined.schema[column], lambda pairs: _distinct(pairs, kind)))


def _distinct(pairs: pl.DataFrame, kind: Evidence) -> pl.Series:
    """The level of each distinct pair of values."""
    same = pl.col("a") == pl.col("b")
    levels: list[tuple[ValueLevel, pl.Expr]]
    if kind is Evidence.CATEGORICAL:
        levels = [(ValueLevel.SAME, same)]
    elif kind is Evidence.EXACT:
        levels = [(ValueLevel.SAME, same), (ValueLevel.TYPO, _typo())]
    else:
        similar = (pl.col("closeness") >= 0.88) | (_shared_parts() >= 0.5)
        part = (pl.col("closeness") >= 0.78) | (_shared_parts() > 0)
        levels = [
            (ValueLevel.SAME, same), (ValueLevel.TYPO, _typo()), (ValueLevel.SIMILAR, similar), (ValueLevel.PART, part),
        ]  # fmt: skip
    return with_distances(pairs, "a", "b").select(first_that_holds(levels, ValueLevel.DIFFERENT)).to_series()


def _typo() -> pl.Expr:
    shorter = pl.min_horizontal(pl.col("a").str.len_chars(), pl.col("b").str.len_chars())
    return ((pl.col("edits") == 1) & (shorter >= SHORTEST_TYPO)) | ((pl.col("edits") == 2) & (shorter >= 8))


def _shared_parts() -> pl.Expr:
    """The share of the shorter value's words that the other has, words of three letters and numbers counted."""
    a, b = (pl.col(side).str.extract_all(r"\d+|\p{L}{3,}") for side in ("a", "b"))
    shorter = pl.min_horizontal(a.list.len(), b.list.len()).clip(1)
    return a.list.set_intersection(b).list.len() / shorter
