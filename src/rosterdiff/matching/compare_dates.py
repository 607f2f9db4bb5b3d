"""How two birth dates agree, part by part: year, month and day, each of which may be unknown.

Invariants: the first level that holds counts; symmetric in its two sides; a date of which nothing is known is
`missing`.
"""

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from rosterdiff.levels import DateLevel
from rosterdiff.matching.records import DATE_PARTS
from rosterdiff.schema import by_place

Parts: TypeAlias = npt.NDArray[np.int32]
Flags: TypeAlias = npt.NDArray[np.bool_]

_PLACE: Final = {level: place for place, level in enumerate(DateLevel)}


def compare_dates(joined: pl.DataFrame) -> pl.Series:
    """The level of each pair of birth dates.

    Args:
        joined: pairs with `birth_year`, `birth_month`, `birth_day` of both sides (`sides.put_beside`).

    Returns:
        One level a pair, of the dtype of `DateLevel`.

    """
    row, student = (
        np.stack([joined[f"{part}{side}"].fill_null(0).to_numpy().astype(np.int32) for part in DATE_PARTS])
        for side in ("", "_student")
    )
    places = np.full(joined.height, _PLACE[DateLevel.MISSING], dtype=np.uint8)
    known = row.any(axis=0) & student.any(axis=0)
    same = known & (row == student).all(axis=0) & (row != 0).all(axis=0)
    places[same] = _PLACE[DateLevel.SAME]
    rest = np.flatnonzero(known & ~same)
    places[rest] = _unequal_levels(row[:, rest], student[:, rest])
    return by_place(places, DateLevel)


def _unequal_levels(row: Parts, student: Parts) -> npt.NDArray[np.uint8]:
    both = (row != 0) & (student != 0)
    equal = both & (row == student)
    whole, agreeing = both.all(axis=0), equal.sum(axis=0)
    year = equal[0]
    swapped = whole & year & (row[1] == student[2]) & (row[2] == student[1])
    digits, transposed = _digits_apart(row, student)
    first_of_year = ((row[1] == 1) & (row[2] == 1)) | ((student[1] == 1) & (student[2] == 1))
    levels = (
        (DateLevel.DAY_MONTH_SWAPPED, swapped),
        (DateLevel.TRANSPOSED, whole & transposed),
        (DateLevel.ONE_DIGIT, whole & (digits == 1)),
        (DateLevel.YEAR_OFF, whole & (agreeing == 2) & ~year),
        (DateLevel.ONE_PART, whole & (agreeing == 2)),
        (DateLevel.PLACEHOLDER, whole & year & first_of_year),
        (DateLevel.TWO_DIGITS, whole & (digits == 2)),
        (DateLevel.YEAR_SAME, whole & year),
        (DateLevel.DIFFERENT, whole),
        (DateLevel.MISSING, ~both.any(axis=0)),
        (DateLevel.YEAR_ONLY, (agreeing == 1) & (both.sum(axis=0) == 1) & year),
        (DateLevel.PARTIAL, agreeing == both.sum(axis=0)),
    )
    conditions = [holds for _, holds in levels]
    otherwise = _PLACE[DateLevel.PARTIAL_DIFFERENT]
    return np.select(conditions, [_PLACE[level] for level, _ in levels], otherwise).astype(np.uint8)


def _digits_apart(row: Parts, student: Parts) -> tuple[npt.NDArray[np.int64], Flags]:
    """How many of the eight digits differ, and whether only two neighbouring ones have changed places."""
    x, y = (parts[0] * 10000 + parts[1] * 100 + parts[2] for parts in (row, student))
    first, second = (np.stack([number // 10**place % 10 for place in range(8)]) for number in (x, y))
    apart = first != second
    exchanged = apart[:-1] & apart[1:] & (first[:-1] == second[1:]) & (first[1:] == second[:-1])
    count = apart.sum(axis=0)
    return count, exchanged.any(axis=0) & (count == 2)
