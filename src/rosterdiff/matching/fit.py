"""Fitting a model: how often each level is seen among pairs that are one person, counted by their probabilities.

One step of expectation and maximisation: pairs are weighed, their probabilities say how much each counts, and the m of
every level is the share of it among them, with the model's own m counting like some more pairs. The u, which come from
frequencies and from a great many pairs, stay. Invariants: nothing is drawn at random; numbers are rounded, so that
every machine fits the same. Source: W. E. Winkler, "Using the EM algorithm for weight computation in the Fellegi-Sunter
model of record linkage", 1988.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from attrs import evolve

from rosterdiff.levels import Comparison
from rosterdiff.matching.model import TABLES, Model
from rosterdiff.matching.weigh import TABLE_OF, Evident
from rosterdiff.schema import COMPARED, LEVEL_COLUMNS

Numbers = npt.NDArray[np.float64]

DIGITS: Final = 6

_KEPT: Final = (Comparison.STUDENT_ID,)
"""Not learnt from the pairs: ids that decide which pairs are likely would confirm themselves."""


def refit(model: Model, evident: Evident, chances: Numbers) -> Model:
    """Learn the m of every level from pairs that are one person with these probabilities.

    Args:
        model: the model that speaks where the pairs are few.
        evident: compared pairs.
        chances: the probability of each pair.

    """
    patterns = evident.patterns
    levels = patterns.levels
    seen: Numbers = np.bincount(patterns.of_pair, weights=chances, minlength=levels.height).astype(np.float64)
    counts = {table: np.zeros(len(levels_of)) for table, levels_of in TABLES.items()}
    for compared in COMPARED:
        counts[compared] += _counted(levels[LEVEL_COLUMNS[compared]], seen)
    for comparison, table, applies in patterns.narrower:
        counts[table] += _counted(levels[LEVEL_COLUMNS[comparison]], np.where(applies, seen, 0.0))
        counts[comparison] -= counts[table]
    for column, kind in evident.columns.items():
        counts[TABLE_OF[kind]] += _counted(patterns.further[column], seen)
    learnt = {table: _learnt(model, table, found) for table, found in counts.items() if table not in _KEPT}
    return evolve(model, chances={**model.chances, **learnt})


def _counted(levels: pl.Series, chances: Numbers) -> Numbers:
    dtype = levels.dtype
    assert isinstance(dtype, pl.Enum)
    places = levels.to_physical().to_numpy()
    counts: Numbers = np.bincount(places, weights=chances, minlength=len(dtype.categories)).astype(np.float64)
    return counts


def _learnt(model: Model, table: str, counts: Numbers) -> dict[str, tuple[float, float]]:
    """The model's chances of a table with the m that the counts show; a missing value counts nowhere.

    Nor does a level of m = 1: what it says is said by another field (names that have changed places, by the given one).
    """
    own = model.chances[table]
    seen = {str(level): max(float(count), 0.0) for level, count in zip(TABLES[table], counts, strict=True)}
    learnt = {level: pair for level, pair in own.items() if pair[0] < 1}
    total = sum(seen.get(level, 0.0) for level in learnt)
    sharpened = {
        level: (min(1.0, round((seen.get(level, 0.0) + model.pairs * m) / (total + model.pairs), DIGITS) or 1e-6), u)
        for level, (m, u) in learnt.items()
    }
    return {**own, **sharpened}
