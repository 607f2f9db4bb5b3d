"""Pairs of values → the level of each, found once for every distinct pair.

Invariants: a pair of values is one number, so that equal pairs are found without their texts; the order of the pairs is
kept; the first level that holds counts.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Final

import numpy as np
import polars as pl
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from rosterdiff.schema import enum_of

_ROOM: Final = 1 << 32


def pair_code(a: str, b: str) -> pl.Expr:
    """Two columns of one closed set as one number; null where one is missing."""
    return pl.col(a).to_physical().cast(pl.UInt64) * _ROOM + pl.col(b).to_physical()


def level_distinct(
    codes: Sequence[pl.Series], values: pl.DataType, compare: Callable[[pl.DataFrame], pl.Series]
) -> pl.DataFrame:
    """The level of each distinct pair: `code`, `level`.

    Args:
        codes: columns of `pair_code`.
        values: the closed set of the values.
        compare: distinct pairs (`a`, `b`, texts) → the level of each.

    """
    assert isinstance(values, pl.Enum)
    distinct = pl.concat([column.rename("code") for column in codes]).drop_nulls().unique(maintain_order=True)
    sides = {"a": distinct // _ROOM, "b": distinct % _ROOM}
    pairs = pl.DataFrame({name: values.categories.gather(side) for name, side in sides.items()})
    return pl.DataFrame({"code": distinct, "level": compare(pairs)})


def levels_of(codes: pl.Series, levels: pl.DataFrame) -> pl.Series:
    """The level of each pair, in the order of the pairs; `missing` where a value is."""
    found = pl.DataFrame({"code": codes}).join(levels, on="code", how="left", maintain_order="left", nulls_equal=False)
    return found["level"].fill_null("missing")


def with_distances(pairs: pl.DataFrame, a: str, b: str) -> pl.DataFrame:
    """Add how far two columns of texts are apart: `edits` (3 for more than two) and `closeness` (Jaro–Winkler)."""
    some, others = pairs[a].to_list(), pairs[b].to_list()
    edits = cpdist(some, others, scorer=OSA.distance, score_cutoff=2, dtype=np.uint8)
    closeness = cpdist(some, others, scorer=JaroWinkler.similarity, dtype=np.float64)
    return pairs.with_columns(
        pl.Series("edits", edits, dtype=pl.UInt8), pl.Series("closeness", closeness, dtype=pl.Float64)
    )


def first_that_holds(levels: Sequence[tuple[StrEnum, pl.Expr]], otherwise: StrEnum) -> pl.Expr:
    """The first level whose condition holds, as `level`."""
    dtype = enum_of(type(otherwise))
    level = pl.lit(otherwise.value, dtype=dtype)
    for name, holds in reversed(levels):
        level = pl.when(holds).then(pl.lit(name.value, dtype=dtype)).otherwise(level)
    return level.alias("level")
