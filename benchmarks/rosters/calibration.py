"""How often pairs of a stated probability are right: counts in bins, and what Brier's score is made of.

Invariants: all sums are integers (probabilities in millionths), so that no order of seeds changes them.
"""

from collections import Counter
from typing import Final

import numpy as np
import polars as pl
from attrs import frozen

from benchmarks.rosters.intervals import wilson_interval

EDGES: Final = (0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999, 1.0)
"""The borders of the bins; pairs below the first are not counted."""

_MILLION: Final = 1_000_000


@frozen
class Bin:
    """Pairs whose probability is from `low` up to `high`: how many, what was said on average, what was right."""

    low: float
    high: float
    pairs: int
    said: float
    right: float
    interval: tuple[float, float]


def count_bins(pairs: pl.DataFrame, truth: pl.DataFrame) -> Counter[tuple[int, str]]:
    """Count pairs in bins.

    Args:
        pairs: `row`, `student_id`, `probability`.
        truth: `row`, `student_id`.

    """
    known = truth.select(pl.col("row").cast(pl.UInt32), "student_id", pl.lit(value=True).alias("right"))
    likely = pairs.filter(pl.col("probability") >= EDGES[0]).select("row", "student_id", "probability")
    told = likely.join(known, on=["row", "student_id"], how="left")
    right = told["right"].fill_null(value=False).to_numpy().astype(np.int64)
    said = np.rint(told["probability"].to_numpy() * _MILLION).astype(np.int64)
    at = np.minimum(np.digitize(told["probability"].to_numpy(), EDGES), len(EDGES) - 1) - 1
    counted: Counter[tuple[int, str]] = Counter()
    for place in np.unique(at).tolist():
        of_bin = at == place
        sums = {"pairs": int(of_bin.sum()), "right": int(right[of_bin].sum()), "said": int(said[of_bin].sum()),
                "squares": int(np.square(said[of_bin] - right[of_bin] * _MILLION).sum())}  # fmt: skip
        counted.update({(place, name): value for name, value in sums.items()})
    return counted


def bin_between(counted: Counter[tuple[int, str]], low: float, high: float) -> Bin:
    """The pairs from one edge up to another; the last bin holds its end too."""
    places = range(EDGES.index(low), EDGES.index(high))
    pairs, right, said = (sum(counted[at, name] for at in places) for name in ("pairs", "right", "said"))
    shares = (said / pairs / _MILLION, right / pairs) if pairs else (0.0, 0.0)
    return Bin(low, high, pairs, *shares, wilson_interval(right, pairs))


def brier_score(counted: Counter[tuple[int, str]]) -> float:
    """The mean squared difference between probability and truth (Brier 1950); 0 where there are no pairs."""
    squares, pairs = (
        sum(value for (_, name), value in counted.items() if name == which) for which in ("squares", "pairs")
    )
    return squares / _MILLION**2 / pairs if pairs else 0.0
