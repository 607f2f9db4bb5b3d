"""Pairs of values → the level of each, found once for every distinct pair.

Invariants: a pair of values is one number, so that equal pairs are found without their texts; the order of the pairs is
kept; the first level that holds counts.
"""

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from rosterdiff.schema import enum_of

Integers: TypeAlias = npt.NDArray[np.int64]

_ROOM: Final = 1 << 32
GREATEST_CODE: Final = 1 << 62


def pair_code(a: str, b: str) -> pl.Expr:
    """Two columns of one closed set as one number; null where one is missing."""
    return pl.col(a).to_physical().cast(pl.UInt64) * _ROOM + pl.col(b).to_physical()


def as_one_number(columns: Iterable[pl.Series]) -> Integers:
    """Lines of codes as one number each, equal where the lines are, and in their order.

    Args:
        columns: closed sets, dates or whole numbers, of one length and without nulls.

    """
    whole, room = np.zeros(1, dtype=np.int64), 1
    for column in columns:
        codes = column.to_physical().to_numpy().astype(np.int64)
        least = int(codes.min(initial=0))
        size = int(codes.max(initial=0)) - least + 1
        if room * size > GREATEST_CODE:
            distinct, whole = np.unique(whole, return_inverse=True)
            room = len(distinct)
        whole, room = whole * size + (codes - least), room * size
    return whole


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
