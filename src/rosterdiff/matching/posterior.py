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
from attrs import frozen

from rosterdiff.matching.model import MILLIBITS

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

PROBABILITY_DIGITS: Final = 6
"""Probabilities are rounded: no decision hangs on the seventh digit, and every machine gives the same."""

ROUNDS: Final = 3
"""How often the number of matches is estimated anew."""

MESSAGES: Final = 40
"""How often messages are exchanged at most; most settle in a few rounds."""

SETTLED: Final = 1e-7
"""Messages that change by a smaller share than this have settled. Shares, because odds reach 2^60: a chance of 2^-24 of
being free is far from 2^-50. For the same reason a message is the geometric mean of the one before and the new one."""

SHIPPED_WEIGHT: Final = 0.02
"""What the shipped share of matches counts beside the share that the pairs show."""

LEFT_OVER: Final = 0.003
"""At least this share of the smaller roster is taken to have no partner: no list is known to be complete."""

NEGLIGIBLE: Final = 1e-6
"""Pairs of smaller odds compete with nobody."""

BEATEN: Final = 1e-9
"""A pair of a probability below this, because its row or student has one that is certain, competes with nobody."""

CALM: Final = 0.3
"""See `calibrate`."""

_POWERS: Final[Numbers] = np.array([round(2.0 ** (place / MILLIBITS), 12) for place in range(MILLIBITS)])
_GREATEST: Final = 60 * MILLIBITS


@frozen(eq=False)
class Posterior:
    """What pairs are worth together.

    Attributes:
        matches: how many pairs are expected to be one person.
        prior: the log2 odds of a pair before its fields are seen, in 1/1000 bit.
        given_rivals: the probability of each pair, given all others.
        alone: the probability as if it had no rival.
        taken: the same of a student whom another row has. He is none of the few who are left over of two lists that
            share nearly all people, so that the odds are those of ordinary lists, if these are lower.

    """

    matches: float
    prior: int
    given_rivals: Numbers
    alone: Numbers
    taken: Numbers


def estimate_probabilities(
    pairs: tuple[Integers, Integers],
    weights: Integers,
    sizes: tuple[int, int],
    share: float,
    known: float | None = None,
) -> Posterior:
    """Find the probability of every pair, and with it how many match.

    Args:
        pairs: row and student of each pair, from 0.
        weights: in 1/1000 bit.
        sizes: the number of rows and of students, whether they have pairs or not.
        share: the share of the smaller roster that is expected to have a partner.
        known: how many match, as nearly as an earlier estimate has it.

    """
    smaller = min(sizes)
    matches = share * smaller if known is None else known
    prior = _prior(matches, sizes)
    found = _given_rivals(pairs, _odds(weights + prior))
    for _ in range(ROUNDS if known is None else 1):
        seen = float(np.cumsum(found)[-1]) if len(found) else 0.0
        matches = (seen + SHIPPED_WEIGHT * share * smaller) / (1 + SHIPPED_WEIGHT)
        before, prior = prior, _prior(matches, sizes)
        if prior == before:  # of large rosters it soon stays, and with it all that follows
            break
        found = _given_rivals(pairs, _odds(weights + prior))
    ordinary = min(prior, _prior(share * smaller, sizes))
    alone, taken = (_rounded(_chances(_odds(weights + each))) for each in (prior, ordinary))
    return Posterior(matches, prior, _rounded(found), alone, taken)


def calibrate(probabilities: Numbers) -> Numbers:
    """Probabilities as often right as they say: what fields say is not quite independent, so that odds are too bold.

    The odds o become c · o^¾ with c = `CALM`, which was found on generated school years whose newcomers resemble
    leavers. Roots and products give the same on every machine.

    >>> calibrate(np.array([0.0, 0.9, 1.0])).tolist()
    [0.0, 0.609199, 1.0]
    """
    with np.errstate(divide="ignore"):
        root = np.sqrt(probabilities / (1.0 - probabilities))
        bold = CALM * root * np.sqrt(root)
        return _rounded(1.0 - 1.0 / (1.0 + bold))


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
    found = _chances(odds)
    counts = _rivalled(pairs, np.flatnonzero(odds > NEGLIGIBLE))
    if not len(counts):
        return found
    row, student, claims = pairs[0][counts], pairs[1][counts], odds[counts]
    left = np.minimum(_left_beside_best(row, student, claims), _left_beside_best(student, row, claims))
    hopeless = left < BEATEN
    found[counts[hopeless]] = left[hopeless]
    open_ = _rivalled(pairs, counts[~hopeless])
    if len(open_):
        found[open_] = _by_messages((pairs[0][open_], pairs[1][open_]), odds[open_])
    return found


def _rivalled(pairs: tuple[Integers, Integers], at: Integers) -> Integers:
    """Of the pairs at these places those whose row or student has another of them: all others are free anyway."""
    row, student = pairs[0][at], pairs[1][at]
    rivalled: Integers = at[(np.bincount(row)[row] > 1) | (np.bincount(student)[student] > 1)] if len(at) else at
    return rivalled


def _left_beside_best(side: Integers, other: Integers, claims: Numbers) -> Numbers:
    """The most that a pair can have beside the best pair of its side: it and a rival of the best are chosen instead.

    How likely a rival of the best is counts too: who is beaten by a pair that is beaten itself is not beaten. The best
    pairs themselves, and all that are as good, are left all.
    """
    best = np.zeros(int(side.max()) + 1)
    np.maximum.at(best, side, claims)
    is_best = claims == best[side]
    rivals = np.bincount(other, weights=claims)[other] - claims
    loss = np.zeros(len(best))
    np.maximum.at(loss, side[is_best], ((1.0 + np.maximum(rivals, 0.0)) / claims)[is_best])
    return np.where(is_best, 1.0, np.minimum(claims * loss[side], 1.0))


def _by_messages(pairs: tuple[Integers, Integers], odds: Numbers) -> Numbers:
    """`free_row` of a pair: the chance that its row has none of its other students; `free_student` the same."""
    row, student = (_renumbered(side) for side in pairs)
    claims, free_row, free_student, before = (np.ones_like(odds) for _ in range(4))
    for _ in range(MESSAGES):
        _put_free_of_others(row, np.multiply(odds, free_student, out=claims), free_row)
        before, free_student = free_student, before
        _put_free_of_others(student, np.multiply(odds, free_row, out=claims), free_student)
        free_student *= before
        np.sqrt(free_student, out=free_student)
        moved = np.abs(np.subtract(free_student, before, out=claims), out=claims)
        before *= SETTLED
        if (moved <= before).all():
            break
    return _chances(odds * free_row * free_student)


def _renumbered(side: Integers) -> Integers:
    """The rows or students of the pairs, numbered without gaps."""
    numbers: Integers = np.cumsum(np.bincount(side) > 0) - 1
    return numbers[side]


def _put_free_of_others(side: Integers, claims: Numbers, free: Numbers) -> None:
    """Write 1 / (1 + the claims of the other pairs of the same row or student) into `free`.

    In place, as is all that is done in every round: fresh memory costs more than the sums.
    """
    np.take(np.bincount(side, weights=claims), side, out=free, mode="clip")
    free -= claims
    np.maximum(free, 0.0, out=free)
    free += 1.0
    np.reciprocal(free, out=free)


def _chances(odds: Numbers) -> Numbers:
    chances: Numbers = odds / (1.0 + odds)
    return chances


def _rounded(probabilities: Numbers) -> Numbers:
    return np.round(probabilities, PROBABILITY_DIGITS)
