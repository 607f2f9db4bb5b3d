"""How right a plan and a set of scored pairs are, against the truth: counts, never a value of a person.

Invariants: the truth is `row` (of the incoming roster) and `student_id`, one-to-one; every count is beside its whole.
A wrong decision is a match with another student, an addition of a row whose student is in the base, or a deletion of a
student who is in the incoming roster.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl
from attrs import frozen

from rosterdiff import Action, Plan

_MATCHED: Final = [Action.KEEP.value, Action.UPDATE.value]
_ON: Final = ["row", "student_id"]

STRICT: Final = 0.999
"""The precision at which a recall is reported: one wrong pair in a thousand."""


@frozen
class PlanScore:
    """The figures of one plan.

    Attributes:
        rows, students, links: the sizes of the rosters and of the truth.
        matched: automatic matches; `wrong_matches` of them are with another student.
        added, deleted: certain additions and deletions, of which `wrong_additions` and `wrong_deletions`.
        reviewed: rows that await a person, in `groups` questions; `reviewed_known` of them have a student in the base,
            who is a candidate in `found` and ranks first in `first`.

    """

    rows: int
    students: int
    links: int
    matched: int
    wrong_matches: int
    added: int
    wrong_additions: int
    deleted: int
    wrong_deletions: int
    reviewed: int
    reviewed_known: int
    found: int
    first: int
    groups: int

    @property
    def wrong(self) -> int:
        """Wrong decisions of every kind."""
        return self.wrong_matches + self.wrong_additions + self.wrong_deletions

    @property
    def decided(self) -> int:
        """True links that the plan made by itself."""
        return self.matched - self.wrong_matches


@frozen
class PairScore:
    """The figures of one-to-one assigned pairs, of which `right` are true, against `links` true ones."""

    pairs: int
    right: int
    links: int

    @property
    def precision(self) -> float:
        """The share of the pairs that is true; 1 where there is none."""
        return self.right / self.pairs if self.pairs else 1.0

    @property
    def recall(self) -> float:
        """The share of the true links that is found."""
        return self.right / self.links if self.links else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / (self.pairs + self.links) if self.pairs + self.links else 1.0


@frozen
class PairFigures:
    """Assigned pairs at the threshold of the best F1, at p ≥ .5, and at a precision of at least .999."""

    best: PairScore
    even: PairScore
    strict: PairScore


def matched_pairs(plan: Plan) -> pl.DataFrame:
    """The pairs that the plan made by itself: `row`, `student_id`."""
    entries = plan.entries.filter(pl.col("action").is_in(_MATCHED))
    return entries.select(_ON).drop_nulls()


def wrong_matches(plan: Plan, truth: pl.DataFrame) -> pl.DataFrame:
    """The pairs that the plan made and that are of two persons."""
    return matched_pairs(plan).join(_typed(truth), on=_ON, how="anti")


def score_plan(plan: Plan, truth: pl.DataFrame) -> PlanScore:
    """Judge a plan before anybody has decided anything.

    Args:
        plan: as `make_plan` gives it.
        truth: `row`, `student_id`.

    """
    known = _typed(truth)
    added, deleted = (_of_action(plan, action) for action in (Action.ADD, Action.DELETE))
    review = _of_action(plan, Action.REVIEW)
    open_rows = review.filter(pl.col("row").is_not_null()).select("row")
    asked = open_rows.join(known, on="row")
    ranks = asked.join(plan.candidates.filter(pl.col("pool") == "base"), on=_ON)
    return PlanScore(
        rows=len(plan.incoming),
        students=len(plan.base),
        links=known.height,
        matched=matched_pairs(plan).height,
        wrong_matches=wrong_matches(plan, truth).height,
        added=added.height,
        wrong_additions=added.join(known, on="row", how="semi").height,
        deleted=deleted.height,
        wrong_deletions=deleted.join(known, on="student_id", how="semi").height,
        reviewed=open_rows.height,
        reviewed_known=asked.height,
        found=ranks.height,
        first=ranks.filter(pl.col("rank") == 1).height,
        groups=review["group"].drop_nulls().n_unique(),
    )


def score_likely(plan: Plan, truth: pl.DataFrame) -> PairScore:
    """Judge the likeliest student of every row, of at least .5, each student once: what a plan decides and proposes."""
    first = plan.candidates.filter(pl.col("pool") == "base", pl.col("rank") == 1, pl.col("probability") >= 0.5)
    pairs = first.sort("probability", "row", descending=[True, False]).unique("student_id", keep="first")
    right = pairs.join(_typed(truth), on=_ON, how="semi")
    return PairScore(pairs.height, right.height, truth.height)


def score_pairs(pairs: pl.DataFrame, truth: pl.DataFrame) -> tuple[PairScore, ...]:
    """Judge assigned pairs at every threshold that gives another set of them.

    Args:
        pairs: `link`'s pairs; only the assigned ones count. They are ranked by probability, then by weight, because
            probabilities are rounded; equal ones stand and fall together.
        truth: `row`, `student_id`.

    Returns:
        A score for each threshold, the strictest first; the first has no pair at all.

    """
    known = _typed(truth).with_columns(pl.lit(value=True).alias("right"))
    ranked = (
        pairs.filter("assigned")
        .join(known, on=_ON, how="left")
        .group_by("probability", "weight")
        .agg(pl.len().alias("pairs"), pl.col("right").fill_null(value=False).sum())
        .sort("probability", "weight", descending=True)
    )
    totals = np.cumsum(ranked.select("pairs", "right").to_numpy().astype(np.int64), axis=0)
    none = PairScore(0, 0, known.height)
    return (none, *(PairScore(int(count), int(right), known.height) for count, right in totals))


def best_of(scores: Sequence[PairScore]) -> PairScore:
    """The score of the best F1, the strictest of equal ones."""
    return max(scores, key=lambda score: score.f1)


def strict_of(scores: Sequence[PairScore], precision: float = STRICT) -> PairScore:
    """The score of the greatest recall among those of at least this precision."""
    return max((score for score in scores if score.precision >= precision), key=lambda score: score.right)


def figures_of(pairs: pl.DataFrame, truth: pl.DataFrame) -> PairFigures:
    """Judge scored pairs, of whatever system."""
    scores = score_pairs(pairs, truth)
    likely = pairs.filter(pl.col("probability") >= 0.5)
    return PairFigures(best_of(scores), score_pairs(likely, truth)[-1], strict_of(scores))


def _typed(truth: pl.DataFrame) -> pl.DataFrame:
    return truth.select(pl.col("row").cast(pl.UInt32), "student_id")


def _of_action(plan: Plan, action: Action) -> pl.DataFrame:
    return plan.entries.filter(pl.col("action") == action.value)
