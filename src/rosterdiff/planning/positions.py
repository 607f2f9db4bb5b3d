"""Rows and students by their position in the rosters, so that what is known of them is gathered instead of joined.

Invariants: positions count from 0; in an array a position that is lacking is -1, in a column it is null.
"""

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

Integers: TypeAlias = npt.NDArray[np.integer]

NONE: Final = -1
"""No position."""


def to_array(positions: pl.Series) -> Integers:
    """A column of positions as an array.

    >>> to_array(pl.Series([2, None, 0], dtype=pl.UInt32))
    array([ 2, -1,  0])
    """
    return positions.cast(pl.Int64).fill_null(NONE).to_numpy()


def to_column(positions: Integers, name: str = "") -> pl.Series:
    """An array of positions as a column.

    >>> to_column(np.array([2, -1, 0])).to_list()
    [2, None, 0]
    """
    return pl.Series(name, positions).cast(pl.UInt32, strict=False)


def inverted(positions: Integers, count: int) -> Integers:
    """For each of so many positions the place at which it stands.

    >>> inverted(np.array([2, -1, 0]), 4)
    array([ 2, -1,  0, -1])
    """
    places = np.full(count, NONE)
    known = np.flatnonzero(positions != NONE)
    places[positions[known]] = known
    return places


def renumbered(frame: pl.DataFrame, numbers: pl.Series, *columns: str) -> pl.DataFrame:
    """Put the number that each position has in place of the position; where there is none, there is none.

    >>> renumbered(pl.DataFrame({"row": [1, None]}), pl.Series([30, 10]), "row")["row"].to_list()
    [10, None]
    """
    return frame.with_columns(numbers[frame[name]].alias(name) for name in columns)


def is_none_of(count: int, *known: pl.Series) -> pl.Series:
    """Of so many rows or students, which are none of the known ones.

    >>> is_none_of(4, pl.Series([1, 3])).to_list()
    [True, False, True, False]
    """
    is_other = np.ones(count, np.bool_)
    for positions in known:
        is_other[positions.to_numpy()] = False
    return pl.Series(is_other)
