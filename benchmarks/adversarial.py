"""Rosters that are hard on a matcher: how each is made of two ordinary years.

Invariants: as many students and rows as the ordinary years have, and the same truth; all names are invented.
"""

from collections.abc import Callable
from datetime import date
from typing import Final
from zlib import crc32

import polars as pl
from attrs import evolve

from benchmarks.years import Years
from rosterdiff import Roster

Change = Callable[[pl.DataFrame], pl.DataFrame]


def one_name(frame: pl.DataFrame) -> pl.DataFrame:
    """All of one name, and no birth dates."""
    return no_dates(frame).with_columns(given_name=pl.lit("Imola"), family_name=pl.lit("Varkest"))


def no_dates(frame: pl.DataFrame) -> pl.DataFrame:
    """No birth dates."""
    return frame.with_columns(birth_date=pl.lit(None, dtype=pl.Date))


def one_household(frame: pl.DataFrame) -> pl.DataFrame:
    """All of one surname, at one school, at one address."""
    return frame.with_columns(family_name=pl.lit("Varkest"), school=pl.lit("School 1"), address=pl.lit("1 Hollow Row"))


def near_duplicates(frame: pl.DataFrame) -> pl.DataFrame:
    """All born on one day, given and family name of all within two letters of one another's."""
    given, family = _off_by("Imolane", frame["given_name"]), _off_by("Varkest", frame["family_name"])
    return frame.with_columns(given, family, pl.lit(date(2016, 3, 14)).alias("birth_date"))


def _off_by(name: str, values: pl.Series) -> pl.Series:
    """For every value a form of the name with one letter changed, the same form for the same value."""
    letters = [chr(ord("a") + at) for at in range(26)]
    forms = [name[:at] + letter + name[at + 1 :] for at in range(1, len(name)) for letter in letters]
    chosen = {value: forms[crc32(value.encode()) % len(forms)] for value in values.unique()}
    return values.replace_strict(chosen, return_dtype=pl.String)


HARD: Final[dict[str, Change]] = {
    "one name for all, no birth dates": one_name,
    "no birth dates": no_dates,
    "one household": one_household,
    "every row a near-duplicate": near_duplicates,
}
"""In words → how it is made."""


def make_hard(years: Years, change: Change) -> Years:
    """The same years, base and incoming roster changed alike."""
    base, incoming = (Roster(change(roster.frame)) for roster in (years.base, years.incoming))
    return evolve(years, base=base, incoming=incoming)
