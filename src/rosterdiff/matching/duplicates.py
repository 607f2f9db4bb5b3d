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

_KEYS: Final = (["full_name"], ["family_key", "birth_date"], ["given_key", "birth_date"], ["number_bare"])
"""Two rows that share one of these are compared; the full name is that of swapped names as well."""

MOST_ALIKE: Final = 50
"""Of a key that more rows share than this, each row is compared with its neighbours alone: enough to see the doubt."""

_NEARLY: Final = [
    level.value
    for level in (NameLevel.SAME, NameLevel.KNOWN_AS, NameLevel.SWAPPED, NameLevel.NICKNAME, NameLevel.TRANSPOSED,
                  NameLevel.SLIP, NameLevel.TYPO, NameLevel.PART, NameLevel.INITIAL, NameLevel.SOUNDS_ALIKE)
]  # fmt: skip


def find_duplicate_rows(incoming: Roster) -> pl.DataFrame:
    """Find the pairs of rows that may be one child (`schema.ROW_PAIRS`), sorted."""
    names = [pl.min_horizontal("given_key", "family_key"), pl.max_horizontal("given_key", "family_key")]
    records = to_records(incoming).with_columns(
        step=pl.lit(0, dtype=pl.Int8), full_name=pl.concat_str(names, separator=" ")
    )
    pairs = pl.concat(_sharing(records, key) for key in _KEYS).unique().sort("row", "student")
    if pairs.is_empty():
        return empty(ROW_PAIRS)
    levels = compare_pairs(pairs, records, records, empty(FORMS))
    given, family = (pl.col(LEVEL_COLUMNS[c]) for c in (Comparison.GIVEN_NAME, Comparison.FAMILY_NAME))
    date, number = (pl.col(LEVEL_COLUMNS[c]) for c in (Comparison.BIRTH_DATE, Comparison.STUDENT_NUMBER))
    near = (given.is_in(_NEARLY) & family.is_in([*_NEARLY, NameLevel.TYPOS.value])) | pl.col("names_same")
    one_child = near & ((date == DateLevel.SAME.value) | (number == NumberLevel.SAME.value))
    unknown = pl.col("names_same") & (date == DateLevel.MISSING.value) & (number != NumberLevel.DIFFERENT.value)
    alike = levels.filter(one_child | unknown)
    return conform(alike.select("row", pl.col("student").alias("other_row")), ROW_PAIRS)


def _sharing(records: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Pairs of rows that share a key, the smaller first, as `schema.PAIRS`."""
    known = records.select("at", *key).drop_nulls().sort("at")
    placed = known.with_columns(pl.int_range(pl.len()).over(key).alias("place"), pl.len().over(key).alias("alike"))
    few, many = placed.filter(pl.col("alike").is_between(2, MOST_ALIKE)), placed.filter(pl.col("alike") > MOST_ALIKE)
    each = few.join(few, on=key, suffix="_other").filter(pl.col("at") < pl.col("at_other"))
    after = many.with_columns(pl.col("place") - 1)
    next_ = many.join(after, on=[*key, "place"], suffix="_other")
    both = pl.concat([each.select("at", "at_other"), next_.select("at", "at_other")])
    return conform(both.select(pl.col("at").alias("row"), pl.col("at_other").alias("student")), PAIRS)
