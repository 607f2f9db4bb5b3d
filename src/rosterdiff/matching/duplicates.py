"""Rows of one roster that look like one child listed twice.

Invariants: twins are no duplicates (another given name is another child); two rows with birth dates that differ are two
children; each pair once, the smaller row first.
"""

from typing import Final

import polars as pl

from rosterdiff.frames import Roster, number_rows
from rosterdiff.levels import Comparison, DateLevel, NameLevel, NumberLevel
from rosterdiff.matching.compare import compare_pairs
from rosterdiff.matching.records import FORMS, to_records
from rosterdiff.names import fold, map_distinct
from rosterdiff.schema import LEVEL_COLUMNS, PAIRS, ROW_PAIRS, conform, empty

MOST_ALIKE: Final = 50
"""Of a key that more rows share than this, each row is compared with its neighbours alone: enough to see the doubt."""

_NEARLY: Final = [
    level.value
    for level in (NameLevel.SAME, NameLevel.KNOWN_AS, NameLevel.SWAPPED, NameLevel.NICKNAME, NameLevel.TRANSPOSED,
                  NameLevel.SLIP, NameLevel.TYPO, NameLevel.PART, NameLevel.INITIAL, NameLevel.SOUNDS_ALIKE)
]  # fmt: skip


def find_duplicate_rows(incoming: Roster, among: pl.Series | None = None) -> pl.DataFrame:
    """Find the pairs of rows that may be one child (`schema.ROW_PAIRS`), sorted.

    Args:
        incoming: the roster.
        among: the numbers of the rows to look at; all of them by default.

    """
    pairs = _pairs_to_compare(incoming.frame if among is None else incoming.frame[among])
    if pairs.is_empty():
        return empty(ROW_PAIRS)
    at = pl.concat([pairs["row"], pairs["student"]]).unique().sort()
    alone = Roster(number_rows(incoming.frame[at]))
    records = to_records(alone).with_columns(at.alias("at"), step=pl.lit(0, dtype=pl.Int8))
    alike = compare_pairs(pairs, records, records, empty(FORMS)).filter(_may_be_one_child())
    return conform(alike.select("row", pl.col("student").alias("other_row")), ROW_PAIRS)


def _may_be_one_child() -> pl.Expr:
    given, family = (pl.col(LEVEL_COLUMNS[c]) for c in (Comparison.GIVEN_NAME, Comparison.FAMILY_NAME))
    date, number = (pl.col(LEVEL_COLUMNS[c]) for c in (Comparison.BIRTH_DATE, Comparison.STUDENT_NUMBER))
    near = (given.is_in(_NEARLY) & family.is_in([*_NEARLY, NameLevel.TYPOS.value])) | pl.col("names_same")
    known = near & ((date == DateLevel.SAME.value) | (number == NumberLevel.SAME.value))
    unknown = pl.col("names_same") & (date == DateLevel.MISSING.value) & (number != NumberLevel.DIFFERENT.value)
    return known | unknown


def _pairs_to_compare(rows: pl.DataFrame) -> pl.DataFrame:
    """Pairs of rows that share a number, or a name and what else there is of name and birth date (`schema.PAIRS`)."""
    return pl.concat([_sharing(_name_keys(rows)), _sharing(_number_keys(rows))]).unique().sort("row", "student")


def _name_keys(rows: pl.DataFrame) -> pl.DataFrame:
    """What rows of one child's name have in common: `at`, `key`, `born`.

    They share both names in any order, or one of them and the birth date. Names and days are numbered, and the keys
    of each kind are numbers of their own.
    """
    names = [map_distinct(rows[name], fold) for name in ("given_name", "family_name")]
    distinct = pl.concat(names).drop_nulls().unique()
    given, family = (name.cast(pl.Enum(distinct)).to_physical().cast(pl.Int64) for name in names)
    born = pl.col("birth_date").cast(pl.Int32).cast(pl.Int64)
    numbers = rows.select(
        pl.col("row").alias("at"),
        pl.col("birth_date").alias("born"),
        given.alias("given"),
        family.alias("family"),
        (born - born.min()).alias("day"),
        (born.max() - born.min() + 1).fill_null(1).alias("days"),
    )
    low, high = pl.min_horizontal("given", "family"), pl.max_horizontal("given", "family")
    keys = (
        pl.col("given") * pl.col("days") + pl.col("day"),
        (pl.col("family") + len(distinct)) * pl.col("days") + pl.col("day"),
        (low + 2 * pl.col("days")) * len(distinct) + high,
    )
    return pl.concat(numbers.select("at", key.alias("key"), "born") for key in keys)


def _number_keys(rows: pl.DataFrame) -> pl.DataFrame:
    """The numbers of rows, without the zeros before them: `at`, `key`; dates that differ do not matter (`born`)."""
    numbers = map_distinct(rows["student_number"], lambda number: fold(number).lstrip("0"))
    return rows.select(pl.col("row").alias("at"), numbers.alias("key"), pl.lit(None, dtype=pl.Date).alias("born"))


def _sharing(keys: pl.DataFrame) -> pl.DataFrame:
    """Pairs of rows that share a key and are not known to be born on two days, the smaller first (`schema.PAIRS`)."""
    shared = keys.drop_nulls("key").filter(pl.len().over("key") > 1).sort("at")
    if shared.is_empty():
        return empty(PAIRS)
    placed = shared.with_columns(pl.int_range(pl.len()).over("key").alias("place"), pl.len().over("key").alias("alike"))
    few, many = placed.filter(pl.col("alike") <= MOST_ALIKE), placed.filter(pl.col("alike") > MOST_ALIKE)
    each = few.join(few, on="key", suffix="_other").filter(pl.col("at") < pl.col("at_other"))
    next_ = many.join(many.with_columns(pl.col("place") - 1), on=["key", "place"], suffix="_other")
    both = pl.concat([each.select(_PAIR), next_.select(_PAIR)])
    apart = (pl.col("born") != pl.col("born_other")).fill_null(value=False)
    return conform(both.filter(~apart).select(pl.col("at").alias("row"), pl.col("at_other").alias("student")), PAIRS)


_PAIR: Final = ["at", "at_other", "born", "born_other"]
