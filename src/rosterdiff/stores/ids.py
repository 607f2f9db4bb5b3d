"""Ids for added students, where the host's database gives none.

Invariants: an id once given is never given again; whether it was is for the caller to know.
"""

import uuid
from collections.abc import Callable, Collection
from typing import Final

import polars as pl

from rosterdiff.errors import StoreError

_ATTEMPTS: Final = 100


def fresh_ids(used: Collection[str], count: int, new_id: Callable[[], str] | None = None) -> list[str]:
    """Make ids that were never used: by the host's generator, or else like those there are.

    Where all used ids are numbers, the next numbers follow, as wide as the widest where some begin with a zero;
    otherwise ids are random (UUID 4, as 32 hexadecimal digits).

    Args:
        used: every id ever used, by active, deleted and undone students.
        count: how many are needed.
        new_id: makes one id at a time; it is asked again if the id was used.

    Raises:
        StoreError: the generator keeps giving used ids.

    >>> fresh_ids({"007", "041"}, 2), fresh_ids((), 1)
    (['042', '043'], ['1'])

    """
    known = pl.Series(list(used), dtype=pl.String)
    if new_id is None and known.str.contains("^[0-9]+$").all():
        return _next_numbers(known, count)
    taken = set(used)
    made: list[str] = []
    for _ in range(count):
        made.append(_unused(taken, new_id or (lambda: uuid.uuid4().hex)))
        taken.add(made[-1])
    return made


def _next_numbers(used: pl.Series, count: int) -> list[str]:
    padded = used.str.starts_with("0").any()
    width: int = used.str.len_bytes().to_frame().max().item() if padded else 1
    first = highest_number(used) + 1
    return [f"{number:0{width}}" for number in range(first, first + count)]


def highest_number(numbers: pl.Series) -> int:
    """Find the highest of numbers written in digits, of any length; 0 where there is none.

    >>> highest_number(pl.Series(["007", "12", "99999999999999999999"]))
    99999999999999999999
    """
    bare = numbers.str.strip_chars_start("0").to_frame("bare")
    length = pl.col("bare").str.len_bytes()
    highest: str | None = bare.filter(length == length.max()).select(pl.max("bare")).item()
    return int(highest or 0)


def _unused(taken: Collection[str], new_id: Callable[[], str]) -> str:
    for _ in range(_ATTEMPTS):
        found = new_id()
        if found not in taken:
            return found
    raise StoreError(
        f"new_id gave {_ATTEMPTS} ids in a row that were used before; every student needs an id of his own.",
        "Give the store a new_id that never repeats itself.",
    )
