"""Weights → probabilities: P(this pair is one person | all other pairs), where nobody has two partners.

The value of a pair is its weight plus the prior log2 odds. Pairs of a row and of a student compete: messages between
them say how likely each is free of its other pairs (belief propagation, exact where pairs form a tree). How many can
match is estimated along with it: of two lists that share all but 50 people, a row without a partner has 50 students to
choose from and not thousands.

Invariants: powers of two come from one table, and all sums run in the order of the pairs, so that every machine and any
number of threads gives the same; probabilities are rounded.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from rosterdiff.matching.model import MILLIBITS

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

PROBABILITY_DIGITS: Final = 6
"""Probabilities are rounded: no decision hangs on the seventh digit, and every machine gives the same."""

ROUNDS: Final = 3
"""How often the number of matches is estimated anew."""

MESSAGES: Final = 25
"""How often messages are exchanged; they settle in fewer."""

SHIPPED_WEIGHT: Final = 0.02
"""What the shipped share of matches counts beside the share that the pairs show."""

LEFT_OVER: Final = 0.003
"""At least this share of the smaller roster is taken to have no partner: no list is known to be complete."""

NEGLIGIBLE: Final = 1e-7
"""Pairs of smaller odds compete with nobody."""

_POWERS: Final[Numbers] = np.array([round(2.0 ** (place / MILLIBITS), 12) for place in range(MILLIBITS)])
_GREATEST: Final = 60 * MILLIBITS


def estimate_probabilities(
    pairs: tuple[Integers, Integers], weights: Integers, sizes: tuple[int, int], share: float
) -> tuple[int, Numbers, Numbers]:
    """Find the prior and the probability of every pair.

    Args:
        pairs: row and student of each pair, from 0.
        weights: in 1/1000 bit.
        sizes: the number of rows and of students, whether they have pairs or not.
        share: the share of the smaller roster that is expected to have a partner.

    Returns:
        The prior in 1/1000 bit; the probability of each pair given all others, and as if it had no rival.

    """
    smaller = min(sizes)
    matches = share * smaller
    for _ in range(ROUNDS):
        found = _given_rivals(pairs, _odds(weights + _prior(matches, sizes)))
        seen = float(np.bincount(np.zeros(len(found), np.int64), weights=found)[0]) if len(found) else 0.0
        matches = (seen + SHIPPED_WEIGHT * share * smaller) / (1 + SHIPPED_WEIGHT)
    prior = _prior(matches, sizes)
    odds = _odds(weights + prior)
    return prior, _rounded(_given_rivals(pairs, odds)), _rounded(odds / (1.0 + odds))


def _prior(matches: float, sizes: tuple[int, int]) -> int:
    """The log2 odds, in 1/1000 bit, of a pair against leaving both alone, where so many of two lists are matched."""
    rows, students = sizes
    smaller = min(sizes)
    held = min(max(matches, 0.5), smaller - max(0.5, LEFT_OVER * smaller))
    odds = max(held, 1e-3) / ((rows - held) * (students - held))
    return round(MILLIBITS * float(np.log2(odds)))


def _odds(values: Integers) -> Numbers:
    bounded = np.clip(values, -_GREATEST, _GREATEST)
    odds: Numbers = np.ldexp(_POWERS[bounded % MILLIBITS], (bounded // MILLIBITS).astype(np.int32))
    return odds


def _given_rivals(pairs: tuple[Integers, Integers], odds: Numbers) -> Numbers:
    """P(pair | all pairs): by messages between the rows and the students of the pairs that have rivals."""
    row, student = pairs
    found = odds / (1.0 + odds)
    counts = np.flatnonzero(odds > NEGLIGIBLE)
    row, student = row[counts], student[counts]
    if len(counts):
        rivalled = (np.bincount(row)[row] > 1) | (np.bincount(student)[student] > 1)
        found[counts[rivalled]] = _by_messages((row[rivalled], student[rivalled]), odds[counts[rivalled]])
    return found


def _by_messages(pairs: tuple[Integers, Integers], odds: Numbers) -> Numbers:
    """`free_row` of a pair: the chance that its row has none of its other students; `free_student` the same."""
    (_, row), (_, student) = (np.unique(side, return_inverse=True) for side in pairs)
    free_row = free_student = np.ones(len(odds))
    for _ in range(MESSAGES):
        free_row = _free_of_others(row, odds * free_student)
        free_student = (free_student + _free_of_others(student, odds * free_row)) / 2
    joint = odds * free_row * free_student
    return joint / (1.0 + joint)


def _free_of_others(side: Integers, claims: Numbers) -> Numbers:
    """1 / (1 + the claims of the other pairs of the same row or student)."""
    others = np.maximum(np.bincount(side, weights=claims)[side] - claims, 0.0)
    free: Numbers = 1.0 / (1.0 + others)
    return free


def _rounded(probabilities: Numbers) -> Numbers:
    return np.round(probabilities, PROBABILITY_DIGITS)
