"""Intervals of shares: Clopper–Pearson, which is exact, and Wilson, for bins of many."""

from math import sqrt

from scipy.stats import beta

LEVEL = 0.95


def exact_interval(part: int, whole: int, level: float = LEVEL) -> tuple[float, float]:
    """The interval of Clopper and Pearson (1934) of a share.

    >>> [round(end, 4) for end in exact_interval(0, 100)]
    [0.0, 0.0362]
    """
    if whole == 0:
        return 0.0, 1.0
    tail = (1 - level) / 2
    low = 0.0 if part == 0 else float(beta.ppf(tail, part, whole - part + 1))
    high = 1.0 if part == whole else float(beta.ppf(1 - tail, part + 1, whole - part))
    return low, high


def wilson_interval(part: int, whole: int, z: float = 1.959964) -> tuple[float, float]:
    """The interval of Wilson (1927) of a share.

    >>> [round(end, 4) for end in wilson_interval(81, 263)]
    [0.2553, 0.3662]
    """
    if whole == 0:
        return 0.0, 1.0
    share, square = part / whole, z * z
    centre = share + square / (2 * whole)
    half = z * sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    return (centre - half) / (1 + square / whole), (centre + half) / (1 + square / whole)
