"""Two rosters → a model that is fitted to them: expectation and maximisation, with labels where there are some.

Invariants: nothing is drawn at random, and the rosters are put in the order of their content first, so that the same
rosters give the same model; the u stay; the rounds are bounded. Source: as `fit`.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from attrs import evolve

from rosterdiff._version import __version__
from rosterdiff.config import Policy
from rosterdiff.frames import Roster, in_content_order, require_base
from rosterdiff.matching.fit import refit
from rosterdiff.matching.labels import Labels
from rosterdiff.matching.match import MatchOptions, Sides, compare_rosters, estimate_weighed
from rosterdiff.matching.model import MILLIBITS, Fitted, Model
from rosterdiff.matching.weigh import Evident, weigh_totals

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

MOST_ROUNDS: Final = 40
"""So many rounds at most; most rosters settle in ten."""

SETTLED: Final = 2e-4
"""The m have settled when none moves by more than this."""

MOST_PAIRS: Final = 1_000.0
"""A fitted model speaks for at most so many pairs: the next lists may come from other hands."""

_CERTAIN: Final = 60 * MILLIBITS


def fit_model(base: Roster, incoming: Roster, labels: Labels, evidence: Mapping[str, str], start: Model) -> Model:
    """Learn the m of every level, and the share of matches, from the pairs of two rosters.

    Args:
        base, incoming: the rosters.
        labels: what is known of them.
        evidence: declared columns.
        start: the model that speaks where the pairs are few.

    Raises:
        InvalidRoster: students of the base without id, or with the same.

    """
    known, students = in_content_order(require_base(base), "student_id")
    came, rows = in_content_order(incoming)
    told = _renumbered(labels, rows, students)
    options = MatchOptions(
        evidence=Policy(evidence=evidence).evidence,
        model=start,
        fixed=told.same,
        rejected=told.rejected,
        ignored=told.alone,
    )
    found = compare_rosters(known, came, options)
    sides = found.sides
    model, chances, rounds = _settled(found.evident, sides, told.same, start)
    counted = float(np.round(np.sum(chances), 3))
    return evolve(
        model,
        expected_share=min(1.0, max(1e-3, round(counted / max(1, min(sides.sizes)), 4))),
        pairs=min(MOST_PAIRS, round(start.pairs + counted, 1)),
        fitted=Fitted(
            rows=len(incoming),
            students=len(base),
            labelled=told.same.height,
            ruled_out=len(told.rejected) + len(told.alone),
            pairs=round(counted),
            rounds=rounds,
            version=__version__,
        ),
    )


def _renumbered(labels: Labels, rows: pl.Series, students: pl.Series) -> Labels:
    """The labels with the numbers that rows and students have in the order of their content."""
    at_row, at_student = ({former: place for place, former in enumerate(side)} for side in (rows, students))
    pairs = [(at_row[row], at_student[student]) for row, student in labels.same.rows()]
    return Labels(
        same=pl.DataFrame(pairs, schema=labels.same.schema, orient="row").sort("row"),
        rejected=frozenset((at_row[row], student_id) for row, student_id in labels.rejected),
        alone=frozenset(at_row[row] for row in labels.alone),
    )


def _settled(evident: Evident, sides: Sides, same: pl.DataFrame, start: Model) -> tuple[Model, Numbers, int]:
    """The model when its m have settled, the probability of each pair, and after how many rounds."""
    known = _known(evident.levels, same)
    model, rounds, moved = start, 0, 1.0
    while moved >= SETTLED and rounds < MOST_ROUNDS:
        chances = _chances(evident, sides, known, model)
        learnt = refit(start, evident, chances)
        moved, model, rounds = _greatest_move(model, learnt), learnt, rounds + 1
    return model, chances, rounds


def _known(pairs: pl.DataFrame, same: pl.DataFrame) -> tuple[Flags, Flags]:
    """Which pairs are known to be one person, and which are their rivals."""
    marks = same.with_columns(same=True)
    is_same = pairs.select("row", "student").join(marks, on=["row", "student"], how="left", maintain_order="left")
    of_student = pairs["student"].is_in(same["student"].implode()).to_numpy()
    of_row = pairs["row"].is_in(same["row"].implode()).to_numpy()
    one = is_same["same"].fill_null(value=False).to_numpy()
    return one, (of_student | of_row) & ~one


def _chances(evident: Evident, sides: Sides, known: tuple[Flags, Flags], model: Model) -> Numbers:
    """The probability of each pair, of those that are known 1 or 0."""
    one, rival = known
    weights = np.where(one, _CERTAIN, np.where(rival, -_CERTAIN, weigh_totals(evident, model)))
    found = estimate_weighed(evident.levels, weights, sides, model)
    return np.where(one, 1.0, np.where(rival, 0.0, found.given_rivals))


def _greatest_move(before: Model, after: Model) -> float:
    return max(
        abs(m - before.chances[table][level][0])
        for table, levels in after.chances.items()
        for level, (m, _) in levels.items()
    )
