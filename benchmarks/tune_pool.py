"""What rosters show, pooled into one model.

Invariants: each labelled set counts the same, however long it is, and the sets together as much as the generated school
years together; a level that is hardly ever seen in one person keeps both of its numbers, one hardly ever seen in two
its u, and tables that no set speaks of keep theirs; the m of the levels that can be add up to 1, and so do the u;
numbers are rounded here: those judged are those written down.
"""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from math import floor, log10
from statistics import fmean
from typing import Final, TypeAlias

from attrs import evolve

from benchmarks.tune_counts import Observed
from rosterdiff.levels import Comparison
from rosterdiff.matching.model import Model

Numbers: TypeAlias = Mapping[str, float]
"""Level → m, or u, or how many pairs have it."""

SMOOTHING_SAME: Final = 20.0
SMOOTHING_OTHER: Final = 2_000.0
"""For how many pairs of each two rosters the numbers from before speak: pairs of one person, and of two."""

LEAST_SAME: Final = 20
LEAST_OTHER: Final = 5
"""A level that fewer pairs of all rosters have is hardly ever seen."""

KEPT: Final = (Comparison.STUDENT_ID, Comparison.STUDENT_NUMBER, Comparison.EMAIL, Comparison.USERNAME)
"""Not learnt: the sets have no school's numbers and addresses, at most an invented number of another office."""


def pool_model(present: Model, observed: Sequence[Observed]) -> Model:
    """The model with what rosters show of its levels.

    Args:
        present: the numbers that smooth, and that stay where nothing was seen.
        observed: what labelled sets and school years show.

    """
    fitted = {table: _pool_table(present.chances[table], observed, table) for table in fitted_tables(observed)}
    return evolve(present, chances={**present.chances, **fitted})


def fitted_tables(observed: Sequence[Observed]) -> list[str]:
    """The tables that a labelled set speaks of, in the order in which they are compared."""
    tables = dict.fromkeys(table for one in observed for table in one.same)
    said = {table for one in observed if not one.generated for table, seen in one.same.items() if sum(seen.values())}
    return [table for table in tables if table in said - set(KEPT)]


def _pool_table(
    own: Mapping[str, tuple[float, float]], observed: Sequence[Observed], table: str
) -> dict[str, tuple[float, float]]:
    can_be = {level for level, (m, u) in own.items() if m != u}
    same, other = (_voices(observed, table, side) for side in ("same", "other"))
    learnt = _seen(same, LEAST_SAME)
    m, u = ({level: pair[side] for level, pair in own.items()} for side in (0, 1))
    m = pool_numbers(m, learnt, can_be, same, SMOOTHING_SAME)
    u = pool_numbers(u, learnt & _seen(other, LEAST_OTHER), can_be, other, SMOOTHING_OTHER)
    return {level: (m[level], u[level]) for level in own}


def _voices(observed: Sequence[Observed], table: str, side: str) -> list[list[Numbers]]:
    """The counts of a table in the sets, and in the school years; those that say nothing of it left out."""
    counts = [(one.generated, getattr(one, side)[table]) for one in observed]
    groups = [[seen for is_of, seen in counts if is_of is generated and seen] for generated in (False, True)]
    return [group for group in groups if group]


def _seen(voices: Sequence[Sequence[Numbers]], least: int) -> set[str]:
    """The levels that at least so many pairs have."""
    pairs = Counter[str]()
    for group in voices:
        for counts in group:
            pairs.update(counts)
    return {level for level, count in pairs.items() if count >= least}


def pool_numbers(
    before: Numbers, learnt: Set[str], can_be: Set[str], voices: Sequence[Sequence[Numbers]], smoothing: float
) -> dict[str, float]:
    """The share of each level that is learnt: the mean over groups of the mean over their members.

    Where the levels that are not learnt had half of all pairs, so little was seen that all numbers stay.

    Args:
        before: the numbers so far. A 1 stays: such a level is weighed by frequency alone.
        learnt: the levels that get other numbers.
        can_be: levels that a table may give. The numbers of others belong to no total.
        voices: the pairs of each level, a group of rosters a list.
        smoothing: for how many pairs the numbers from before speak beside those of each member.

    """
    free = {level: number for level, number in before.items() if number < 1}
    shares = {level: _mean_share(level, free, voices, smoothing) for level in free if level in learnt}
    left = 1.0 - sum(number for level, number in free.items() if level in can_be - learnt)
    if left < 0.5 or not shares:
        return dict(before)
    scale = left / sum(shares.values())
    return {**before, **{level: readable(scale * share) for level, share in shares.items()}}


def _mean_share(level: str, free: Numbers, voices: Sequence[Sequence[Numbers]], smoothing: float) -> float:
    return fmean(fmean(_share(level, free, counts, smoothing) for counts in group) for group in voices)


def _share(level: str, free: Numbers, counts: Numbers, smoothing: float) -> float:
    whole = sum(pairs for other, pairs in counts.items() if other in free)
    return (counts.get(level, 0) + smoothing * free[level]) / (whole + smoothing)


def readable(number: float) -> float:
    """A chance in as many digits as it is known: three places, two digits where it is small.

    >>> [readable(number) for number in (0.98765, 0.0123456, 0.0000876)]
    [0.988, 0.012, 8.8e-05]
    """
    return round(number, 3) if number >= 0.1 else round(number, 1 - floor(log10(number)))
