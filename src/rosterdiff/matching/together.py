"""Fields that agree together in two people more often than by chance: twins, namesakes, households.

Two records of one duplicate-free list are two people, so that the pairs within a list show for nothing how often
fields agree together: how many twins there are, how many children of one household, how many namesakes. What the
fields weigh apart is corrected by that. Invariants: the correction is never for a pair; it is counted by groups of
equal values, never by making pairs; a few shipped twins smooth small lists.
"""

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from rosterdiff.levels import Comparison, DateLevel, NameLevel, TogetherLevel, ValueLevel
from rosterdiff.matching.distinct import as_one_number
from rosterdiff.schema import LEVEL_COLUMNS, by_place

Weights = npt.NDArray[np.int64]
Shares: TypeAlias = tuple[Mapping[str, float], ...]

TWINS: Final = 0.0075
"""Pairs of twins for each student of a school: 15 in 1,000 children are one of two."""

SHIPPED_STUDENTS: Final = 200
"""For how many students the shipped share of twins speaks beside the lists at hand."""

SMOOTHING: Final = 2.0
"""Pairs added to the seen and to the expected ones, so that a few chance pairs correct nothing."""

TWIN_OF_A_LEAVER: Final = -3000
"""What a given name that differs weighs besides, in 1/1000 bit, where family name and birth date are the same: that a
twin joins where the other one leaves is rarer than twins are, but no child changes his name for one that is unlike."""

_OTHER_GIVEN: Final = [level.value for level in (NameLevel.SIMILAR, NameLevel.FAINT, NameLevel.DIFFERENT)]

_FAMILY, _DATE, _GIVEN = "family_key", "birth_date", "given_key"


def weigh_together(
    levels: pl.DataFrame, further: pl.DataFrame, records: tuple[pl.DataFrame, pl.DataFrame]
) -> tuple[pl.Series, Weights]:
    """The level of `Comparison.TOGETHER`, and its weight in 1/1000 bit, a line a pair.

    Args:
        levels: `schema.LEVELS`.
        further: the level of each declared column.
        records: rows and students.

    """
    fields = (_GIVEN, _FAMILY, _DATE, *further.columns)
    agreeing = _agreeing(levels, further)
    alone = tuple(_shares(side, fields) for side in records)
    weights = np.where(_may_be_twins(levels, agreeing), TWIN_OF_A_LEAVER, 0)
    for pattern in np.unique(agreeing):
        shared = [name for place, name in enumerate(fields) if pattern >> place & 1]
        if len(shared) > 1:
            weights[agreeing == pattern] += _correction(records, shared, alone)
    return _level(agreeing, weights), weights


def _may_be_twins(levels: pl.DataFrame, agreeing: Weights) -> npt.NDArray[np.bool_]:
    """Family name and birth date are the same, and the given name is another one."""
    given = levels[LEVEL_COLUMNS[Comparison.GIVEN_NAME]].is_in(_OTHER_GIVEN).to_numpy()
    twins: npt.NDArray[np.bool_] = given & (agreeing >> 1 & 3 == 3)
    return twins


def _agreeing(levels: pl.DataFrame, further: pl.DataFrame) -> Weights:
    """Which fields are the same in each pair, a bit a field: given name, family name, birth date, declared columns."""
    same = [
        levels[LEVEL_COLUMNS[Comparison.GIVEN_NAME]] == NameLevel.SAME.value,
        levels[LEVEL_COLUMNS[Comparison.FAMILY_NAME]] == NameLevel.SAME.value,
        levels[LEVEL_COLUMNS[Comparison.BIRTH_DATE]] == DateLevel.SAME.value,
        *(column == ValueLevel.SAME.value for column in further),
    ]
    bits = np.zeros(levels.height, dtype=np.int64)
    for place, agrees in enumerate(same):
        bits |= agrees.to_numpy().astype(np.int64) << place
    return bits


def _correction(records: tuple[pl.DataFrame, pl.DataFrame], shared: Sequence[str], alone: Shares) -> int:
    """−log2 of how much more often these fields agree together than they would by chance; 0 where they do not."""
    seen, expected = SMOOTHING, SMOOTHING
    for side, shares in zip(records, alone, strict=True):
        known = side.select(shared).drop_nulls()
        pairs = known.height * (known.height - 1) / 2
        expected += float(np.prod([shares[name] for name in shared])) * pairs
        seen += _pairs_sharing(known, shared)
    if set(shared) == {_FAMILY, _DATE}:
        seen += TWINS * SHIPPED_STUDENTS
    return -max(0, round(1000 * float(np.log2(seen / expected))))


def _shares(side: pl.DataFrame, fields: Sequence[str]) -> dict[str, float]:
    """Of the pairs within a list in which a field is known, the share in which it agrees."""
    found = {}
    for name in fields:
        known = side.select(name).drop_nulls()
        pairs = known.height * (known.height - 1) / 2
        found[name] = _pairs_sharing(known, [name]) / pairs if pairs else 0.0
    return found


def _pairs_sharing(records: pl.DataFrame, names: Sequence[str]) -> float:
    """How many pairs of records agree in fields that all of them have; equal ones lie beside each other once sorted."""
    ordered = pl.Series(as_one_number(records[name] for name in names)).sort().to_numpy()
    ends = np.append(np.flatnonzero(ordered[1:] != ordered[:-1]) + 1, len(ordered))
    counts = np.diff(ends, prepend=0).astype(np.float64)
    return float((counts * (counts - 1) / 2).sum())


def _level(agreeing: Weights, weights: Weights) -> pl.Series:
    given, family, date = (agreeing >> place & 1 == 1 for place in range(3))
    places = {level: place for place, level in enumerate(TogetherLevel)}
    names = [TogetherLevel.APART, TogetherLevel.NAMESAKES, TogetherLevel.TWINS]
    found = np.select(
        [weights == 0, given & family, family & date],
        [places[level] for level in names],
        places[TogetherLevel.HOUSEHOLD],
    )
    return by_place(found, TogetherLevel)
