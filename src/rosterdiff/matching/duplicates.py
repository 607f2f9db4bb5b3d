"""Rows of one roster that look like one child listed twice.

Invariants: twins are no duplicates (another given name is another child); two rows with birth dates that differ are two
children; each pair once, the smaller row first.
"""

from typing import Final

import polars as pl

from rosterdiff.frames import Roster
from rosterdiff.levels import Comparison, DateLevel, NameLevel, NumberLevel
from rosterdiff.matching.compare import compare_pairs
from rosterdiff.matching.records import FORMS, to_records
from rosterdiff.schema import LEVEL_COLUMNS, PAIRS, ROW_PAIRS, conform, empty

_KEYS: Final = (["given_key", "family_key"], ["family_key", "birth_date"], ["given_key", "birth_date"], ["number_bare"])
"""Two rows that share one of these are compared."""

MOST_ALIKE: Final = 50
"""A key that more rows share than this tells nothing apart, and is passed over: its rows are ambiguous anyway."""

_NEARLY: Final = [
    level.value
    for level in (NameLevel.SAME, NameLevel.KNOWN_AS, NameLevel.SWAPPED, NameLevel.NICKNAME, NameLevel.TYPO,
                  NameLevel.PART, NameLevel.INITIAL, NameLevel.SOUNDS_ALIKE)
]  # fmt: skip


def find_duplicate_rows(incoming: Roster) -> pl.DataFrame:
    """Find the pairs of rows that may be one child (`schema.ROW_PAIRS`), sorted."""
    records = to_records(incoming).with_columns(pl.lit(0, dtype=pl.Int8).alias("step"))
    pairs = pl.concat(_sharing(records, key) for key in _KEYS).unique().sort("row", "student")
    if pairs.is_empty():
        return empty(ROW_PAIRS)
    levels = compare_pairs(pairs, records, records, empty(FORMS))
    given, family = (pl.col(LEVEL_COLUMNS[c]) for c in (Comparison.GIVEN_NAME, Comparison.FAMILY_NAME))
    date, number = (pl.col(LEVEL_COLUMNS[c]) for c in (Comparison.BIRTH_DATE, Comparison.STUDENT_NUMBER))
    near = given.is_in(_NEARLY) & family.is_in(_NEARLY)
    one_child = (near & (date == DateLevel.SAME.value)) | (near & (number == NumberLevel.SAME.value))
    unknown = pl.col("names_same") & date.is_in([DateLevel.MISSING.value]) & (number != NumberLevel.DIFFERENT.value)
    alike = levels.filter(one_child | unknown)
    return conform(alike.select("row", pl.col("student").alias("other_row")), ROW_PAIRS)


def _sharing(records: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Pairs of rows that share a key, the smaller first, as `schema.PAIRS`."""
    known = records.select("at", *key).drop_nulls()
    shared = known.filter(pl.len().over(key).is_between(2, MOST_ALIKE))
    both = shared.join(shared, on=key, how="inner", suffix="_other").filter(pl.col("at") < pl.col("at_other"))
    return conform(both.select(pl.col("at").alias("row"), pl.col("at_other").alias("student")), PAIRS)
