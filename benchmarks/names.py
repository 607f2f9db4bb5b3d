"""Where the names of generated students come from, with how often each is given.

Invariants: frequencies are skewed as real ones are, because a matcher's errors come from common names; the same shared
folder gives the same tables. Without the folder names are made of syllables, with frequencies after Zipf's law.
"""

import os
from itertools import product
from pathlib import Path
from typing import Final

import polars as pl
from attrs import frozen

BIRTH_YEARS: Final = (2005, 2015)
"""Births counted for given names: the children of today's schools, as far as the table goes."""

_ONSETS: Final = ("b", "br", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w", "z", "th", "sh")
_VOWELS: Final = ("a", "e", "i", "o", "u", "ai", "ee")
_CODAS: Final = ("", "n", "r", "l", "s", "m", "th", "ck")


@frozen(eq=False)
class NameTables:
    """Given names by gender and family names: frames of `name` and `share`, the most common first.

    Attributes:
        source: what they rest on, for the report.

    """

    female: pl.DataFrame
    male: pl.DataFrame
    family: pl.DataFrame
    source: str


def shared_folder() -> Path:
    """The folder of shared data: `ROSTERDIFF_SHARED`, or `../shared` beside the repository."""
    return Path(os.environ.get("ROSTERDIFF_SHARED", Path(__file__).parents[2] / "shared"))


def load_names() -> NameTables:
    """Recorded frequencies where the shared tables are there, invented names where they are not."""
    folder = shared_folder() / "data" / "names"
    births, surnames = folder / "ssa_year_of_birth_counts.csv.gz", folder / "us_census_surnames_goldenmatch.csv"
    if not births.exists() or not surnames.exists():
        return invented_names()
    counts = pl.read_csv(births).filter(pl.col("year_of_birth").is_between(*BIRTH_YEARS))
    by_name = counts.group_by("first_name", "sex").agg(pl.col("count").sum())
    female, male = (
        _as_shares(by_name.filter(pl.col("sex") == sex).select(_title("first_name"), "count")) for sex in ("f", "m")
    )
    family = _as_shares(pl.read_csv(surnames).select(_title("name"), "count"))
    return NameTables(female, male, family, "given names of US births, surnames of the US census")


def invented_names(given: int = 4_000, family: int = 16_000) -> NameTables:
    """Names of two and three syllables, the k-th most common with a share in proportion to 1/k.

    >>> invented_names().family.height
    16000
    """
    syllables = [f"{onset}{vowel}{coda}" for onset, vowel, coda in product(_ONSETS, _VOWELS, _CODAS)]
    made = [first + second for first, second in zip(syllables * 20, _rotated(syllables, 20), strict=True)]
    distinct = list(dict.fromkeys(made))
    tables = (distinct[:given], distinct[given : 2 * given], distinct[-family:])
    female, male, surnames = (
        _as_shares(pl.DataFrame({"name": [name.title() for name in names]}).with_columns(_zipf())) for names in tables
    )
    return NameTables(female, male, surnames, "invented names, frequencies after Zipf")


def _rotated(syllables: list[str], times: int) -> list[str]:
    """The syllables over and over, each time from another start, so that every pair of them is new."""
    return [syllable for turn in range(times) for syllable in syllables[37 * turn + 1 :] + syllables[: 37 * turn + 1]]


def _zipf() -> pl.Expr:
    return (1_000_000 / (pl.int_range(pl.len()) + 1)).alias("count")


def _title(column: str) -> pl.Expr:
    return pl.col(column).str.to_titlecase().alias("name")


def _as_shares(counts: pl.DataFrame) -> pl.DataFrame:
    """Counts as shares of the whole, the most common first."""
    shares = counts.select("name", (pl.col("count") / pl.col("count").sum()).alias("share"))
    return shares.sort("share", "name", descending=[True, False])
