"""Columns of texts as closed sets (`pl.Enum`): each a small number, so that a million cost what their distinct ones do.

Invariants: a null stays null; two columns of one closed set are equal where their numbers are.
"""

from collections.abc import Callable, Sequence

import polars as pl


def closed_set(column: pl.Series) -> pl.Series:
    """The texts that a closed set consists of."""
    assert isinstance(column.dtype, pl.Enum)
    return column.dtype.categories


def code_distinct(column: pl.Series, function: Callable[[str], str]) -> pl.Series:
    """Apply a function to the distinct texts of a column, as a closed set of the results; empty ones become null.

    >>> code_distinct(pl.Series(["b", "A", None, "a", "-"]), lambda text: text.strip("-").lower()).to_list()
    ['b', 'a', None, 'a', None]
    """
    texts = column if isinstance(column.dtype, pl.Enum) else column.cast(pl.Enum(column.drop_nulls().unique()))
    mapped = pl.Series(column.name, [function(text) or None for text in closed_set(texts).to_list()], dtype=pl.String)
    return mapped.cast(_set_of([mapped])).gather(texts.to_physical())


def as_one_set(columns: Sequence[pl.Series]) -> list[pl.Series]:
    """Columns of texts as one closed set of all their values."""
    values = [closed_set(column) if isinstance(column.dtype, pl.Enum) else column for column in columns]
    dtype = _set_of(values)
    return [
        column.cast(dtype) if of_set is column else of_set.cast(dtype).gather(column.to_physical()).alias(column.name)
        for column, of_set in zip(columns, values, strict=True)
    ]


def _set_of(values: Sequence[pl.Series]) -> pl.Enum:
    return pl.Enum(pl.concat([column.rename("") for column in values]).drop_nulls().unique(maintain_order=True))
