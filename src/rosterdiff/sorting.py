"""The order of a frame's rows by many columns, found fast also where there are very many rows.

Invariants: the order is that of `polars.arg_sort_by` with nulls last, whatever the number of rows.
"""

from collections.abc import Sequence
from typing import Final

import polars as pl

FEW: Final = 10_000
"""Up to so many rows are sorted by their values; for more it pays to number the values first."""

_ENOUGH_BITS: Final = 32
"""A number of so many bits tells nearly all rows apart, and another column always fits into the 64 there are."""


def sorted_rows(frame: pl.DataFrame, by: Sequence[str]) -> pl.Series:
    """The places of the rows in the order of some columns, nulls last; the columns tell every two rows apart.

    Of many rows the first columns are made one number, which is sorted instead of them; only the rows that it does
    not tell apart are sorted by the other columns.

    >>> sorted_rows(pl.DataFrame({"name": ["b", None, "a"], "row": [0, 1, 2]}), ["name", "row"]).to_list()
    [2, 0, 1]
    """
    if frame.height <= FEW:
        return frame.select(pl.arg_sort_by(*by, nulls_last=True)).to_series()
    key, others = _leading_key(frame, by)
    order = key.arg_sort()
    key = key[order]
    is_next = (key == key.shift(-1)).fill_null(value=False)
    at = (is_next | is_next.shift(1, fill_value=False)).arg_true()
    tied = order[at]
    again = frame[tied].select(pl.arg_sort_by(pl.lit(key[at]), *others, nulls_last=True)).to_series()
    return order.scatter(at, tied[again])


def _leading_key(frame: pl.DataFrame, by: Sequence[str]) -> tuple[pl.Series, Sequence[str]]:
    """The first columns as one number, and the columns that are left."""
    key, bits, left = pl.repeat(0, frame.height, dtype=pl.UInt64, eager=True), 0, list(by)
    while left and bits < _ENOUGH_BITS:
        count, numbers = _numbered(frame[left.pop(0)])
        key, bits = key * 2 ** count.bit_length() + numbers, bits + count.bit_length()
        if count == frame.height:  # most likely an id
            break
    return key, left


def _numbered(column: pl.Series) -> tuple[int, pl.Series]:
    """How many values a column may have, and its values as numbers in their order, the greatest for null."""
    if column.dtype == pl.String:
        column = column.cast(pl.Enum(column.drop_nulls().unique().sort()))
    numbers = column.to_physical().cast(pl.Int64).alias("number")
    if isinstance(column.dtype, pl.Enum):
        least, most = 0, len(column.dtype.categories) - 1
    else:
        least, most = numbers.to_frame().select(pl.min("number"), most=pl.max("number")).fill_null(0).row(0)
    return most - least + 1, (numbers - least).cast(pl.UInt64).fill_null(most - least + 1)
