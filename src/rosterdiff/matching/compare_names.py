"""How two names agree: levels over distinct pairs of folded names.

Invariants: each distinct pair is compared once; the first level that holds counts; symmetric in its two sides.
"""

from typing import Final

import numpy as np
import polars as pl
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from rosterdiff.levels import NameLevel
from rosterdiff.names import nickname_frame, sound
from rosterdiff.schema import enum_of

NAME_LEVEL: Final = enum_of(NameLevel)

SIMILAR_FROM: Final = 0.88
"""Jaro–Winkler similarity from which two names count as similar: below it, unrelated names abound."""

TYPO_LENGTHS: Final = ((4, 1), (8, 2))
"""From this length of the shorter name on, up to so many edits are a typing error: Ann and Ian are not one name."""


def compare_names(pairs: pl.DataFrame) -> pl.DataFrame:
    """Find the level of each distinct pair of names.

    Args:
        pairs: `a`, `b`: distinct pairs of `names.tokens`, none null.

    Returns:
        The pairs with `level` (the dtype of `NameLevel`): same, nickname, typo, part, initial, sounds_alike, similar
        or different; the levels that need other fields are found by the caller.

    """
    keyed = pairs.with_columns(
        pl.col(side).str.replace_all(" ", "", literal=True).alias(f"{side}_key") for side in ("a", "b")
    )
    same = keyed.filter(pl.col("a_key") == pl.col("b_key")).select("a", "b", _level(NameLevel.SAME))
    other = _with_distances(keyed.filter(pl.col("a_key") != pl.col("b_key")))
    nicknames = nickname_frame().with_columns(pl.lit(value=True).alias("nickname"))
    other = other.join(
        nicknames, left_on=["a_key", "b_key"], right_on=["given", "other"], how="left", maintain_order="left"
    )
    level = (
        pl.when(pl.col("nickname").fill_null(value=False))
        .then(_level(NameLevel.NICKNAME))
        .when(_is_typo())
        .then(_level(NameLevel.TYPO))
        .when(_is_part())
        .then(_level(NameLevel.PART))
        .when(_is_initial())
        .then(_level(NameLevel.INITIAL))
        .when(_sounds_alike())
        .then(_level(NameLevel.SOUNDS_ALIKE))
        .when(pl.col("closeness") >= SIMILAR_FROM)
        .then(_level(NameLevel.SIMILAR))
        .otherwise(_level(NameLevel.DIFFERENT))
    )
    return pl.concat([same, other.select("a", "b", level.alias("level"))])


def _level(level: NameLevel) -> pl.Expr:
    return pl.lit(level.value, dtype=NAME_LEVEL).alias("level")


def _with_distances(pairs: pl.DataFrame) -> pl.DataFrame:
    a, b = pairs["a_key"].to_list(), pairs["b_key"].to_list()
    edits = cpdist(a, b, scorer=OSA.distance, score_cutoff=2, dtype=np.uint8)
    closeness = cpdist(a, b, scorer=JaroWinkler.similarity, dtype=np.float32)
    return pairs.with_columns(
        pl.Series("edits", edits, dtype=pl.UInt8), pl.Series("closeness", closeness, dtype=pl.Float32)
    )


def _is_typo() -> pl.Expr:
    shorter = pl.min_horizontal(pl.col("a_key").str.len_chars(), pl.col("b_key").str.len_chars())
    return pl.any_horizontal(
        (shorter >= length) & (pl.col("edits") <= edits) & (pl.col("closeness") >= 0.8)
        for length, edits in TYPO_LENGTHS
    )


def _is_part() -> pl.Expr:
    """All parts of the one are parts of the other: Garcia and Garcia Lopez, Mary and Mary Jane."""
    a, b = pl.col("a").str.split(" "), pl.col("b").str.split(" ")
    nested = (a.list.set_difference(b).list.len() == 0) | (b.list.set_difference(a).list.len() == 0)
    long_enough = pl.min_horizontal(pl.col("a_key").str.len_chars(), pl.col("b_key").str.len_chars()) > 1
    return nested & long_enough


def _is_initial() -> pl.Expr:
    lengths = pl.min_horizontal(pl.col("a_key").str.len_chars(), pl.col("b_key").str.len_chars())
    return (lengths == 1) & (pl.col("a_key").str.slice(0, 1) == pl.col("b_key").str.slice(0, 1))


def _sounds_alike() -> pl.Expr:
    """Equal phonetic keys of at least three sounds, or of names that are close in writing too."""
    a, b = (_sound(side) for side in ("a_key", "b_key"))
    return (a == b) & ((a.str.len_chars() >= 3) | (pl.col("closeness") >= 0.75))


def _sound(column: str) -> pl.Expr:
    return pl.col(column).map_batches(_sounds, return_dtype=pl.String)


def _sounds(keys: pl.Series) -> pl.Series:
    return pl.Series([sound(key) for key in keys.to_list()], dtype=pl.String)
