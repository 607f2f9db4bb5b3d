"""What probabilities are worth: wrong matches against rows to review, calibration, and the Brier score.

Invariants: the measures are of scored pairs, of whatever system, so that systems stand beside each other; counts and
shares, never a value of a person.
"""

from collections.abc import Mapping
from typing import Any, Final, TypeVar

import numpy as np
import polars as pl

from benchmarks.scoring import score_pairs, strict_of

Key = TypeVar("Key")

_ON: Final = ["row", "student_id"]

REVIEWED: Final = 0.02
"""A row is looked at by a person from this probability of its best candidate on, and is new below: `Policy.review`."""

LIKELY: Final = 0.01
"""The Brier score counts the pairs that one of the systems gives at least this, and the true links."""

EDGES: Final = (0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 0.99, 0.999, 0.9999)
POINTS: Final = 160


def risk_curve(pairs: pl.DataFrame, truth: pl.DataFrame, rows: int) -> list[dict[str, float]]:
    """Wrong matches against review load, when the surest assigned pairs are decided alone, fewer or more of them.

    Returns:
        Points from few decided to all: `review`, the share of the rows that a person looks at (not decided, and with a
        candidate of at least `REVIEWED`); `wrong`, the share of the decided pairs that are of two persons.

    """
    doubtful = pairs.filter(pl.col("probability") >= REVIEWED)["row"].n_unique()
    decided = pairs.filter("assigned", pl.col("probability") >= REVIEWED).join(_right(truth), on=_ON, how="left")
    totals = (
        decided.group_by("probability", "weight")
        .agg(pl.len().alias("pairs"), pl.col("right").is_null().sum().alias("wrong"))
        .sort("probability", "weight", descending=True)
        .select(pl.col("pairs").cum_sum(), pl.col("wrong").cum_sum())
    )
    at = np.unique(np.linspace(0, max(totals.height - 1, 0), POINTS).round().astype(int)) if totals.height else []
    thinned = totals[at].select(
        ((doubtful - pl.col("pairs")) / rows).alias("review"), pl.col("wrong") / pl.col("pairs")
    )
    return thinned.to_dicts()


def load_of(pairs: pl.DataFrame, truth: pl.DataFrame, rows: int) -> dict[str, float]:
    """What it takes to decide alone with at most one wrong pair in a thousand.

    Returns:
        `review`, the share of the rows that a person looks at then; `lost`, the share of the true links that nobody
        would look at, because the right student is no candidate of at least `REVIEWED`.

    """
    seen = pairs.filter(pl.col("probability") >= REVIEWED)
    doubtful, strict = seen["row"].n_unique(), strict_of(score_pairs(seen, truth))
    found = seen.join(_right(truth), on=_ON, how="semi").height
    return {"review": (doubtful - strict.pairs) / rows, "lost": 1 - found / max(truth.height, 1)}


def calibration_of(pairs: pl.DataFrame, truth: pl.DataFrame) -> list[dict[str, float]]:
    """Pairs by probability: how many are in each range, their mean probability, and how many are right.

    Sums rather than shares, so that sets can be added up.
    """
    counted = (
        pairs.filter(pl.col("probability") >= EDGES[0])
        .join(_right(truth), on=_ON, how="left")
        .with_columns(pl.sum_horizontal(pl.col("probability") >= edge for edge in EDGES[1:]).alias("range"))
        .group_by("range")
        .agg(
            pl.len().alias("pairs"),
            pl.col("probability").sum().alias("expected"),
            pl.col("right").is_not_null().sum().alias("right"),
        )
        .sort("range")
    )
    return counted.to_dicts()


def add_up(calibrations: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The calibration of several sets together."""
    frames = [pl.DataFrame(one) for one in calibrations if one]
    if not frames:
        return []
    return pl.concat(frames, how="vertical_relaxed").group_by("range").sum().sort("range").to_dicts()


def brier_scores(systems: Mapping[Key, pl.DataFrame], truth: pl.DataFrame) -> tuple[dict[Key, float], int]:
    """The mean squared error of each system's probabilities over the same pairs, and how many pairs these are.

    Args:
        systems: system → its scored pairs; what it did not look at counts as improbable.
        truth: `row`, `student_id`.

    """
    known = _right(truth)
    likely = [pairs.filter(pl.col("probability") >= LIKELY).select(_ON) for pairs in systems.values()]
    union = pl.concat([known.select(_ON), *likely]).unique().join(known, on=_ON, how="left")
    right = pl.col("right").fill_null(value=False).cast(pl.Float64)
    error = ((pl.col("probability").fill_null(0.0) - right) ** 2).mean()
    found = {
        system: union.join(pairs.select(*_ON, "probability"), on=_ON, how="left").select(error).item()
        for system, pairs in systems.items()
    }
    return found, union.height


def _right(truth: pl.DataFrame) -> pl.DataFrame:
    return truth.select(pl.col("row").cast(pl.UInt32), "student_id", pl.lit(value=True).alias("right"))
