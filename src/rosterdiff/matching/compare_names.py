"""How two names agree: levels over distinct pairs of folded names.

Invariants: each distinct pair is compared once; the first level that holds counts; symmetric in its two sides.
"""

from typing import Final

import numpy as np
import polars as pl
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from rosterdiff.levels import NameLevel
from rosterdiff.names import map_distinct, nickname_frame, sound
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
        The pairs in their order with `level` (the dtype of `NameLevel`): same, nickname, typo, part, initial,
        sounds_alike, similar or different; the levels that need other fields are found by the caller.

    """
    keyed = pairs.with_columns(
        pl.col(side).str.replace_all(" ", "", literal=True).alias(f"{side}_key") for side in ("a", "b")
    )
    nicknames = nickname_frame().with_columns(pl.lit(value=True).alias("nickname"))
    known = _with_parts(_with_distances(keyed)).join(
        nicknames, left_on=["a_key", "b_key"], right_on=["given", "other"], how="left", maintain_order="left"
    )
    level = (
        pl.when(pl.col("a_key") == pl.col("b_key"))
        .then(_level(NameLevel.SAME))
        .when(pl.col("nickname").fill_null(value=False))
        .then(_level(NameLevel.NICKNAME))
        .when(_is_typo())
        .then(_level(NameLevel.TYPO))
        .when("part")
        .then(_level(NameLevel.PART))
        .when(_is_initial())
        .then(_level(NameLevel.INITIAL))
        .when(_sounds_alike())
        .then(_level(NameLevel.SOUNDS_ALIKE))
        .when(pl.col("closeness") >= SIMILAR_FROM)
        .then(_level(NameLevel.SIMILAR))
        .otherwise(_level(NameLevel.DIFFERENT))
    )
    return known.select("a", "b", level.alias("level"))


def _level(level: NameLevel) -> pl.Expr:
    return pl.lit(level.value, dtype=NAME_LEVEL).alias("level")


def _with_distances(pairs: pl.DataFrame) -> pl.DataFrame:
    """Add `edits` (3 for more than two), `closeness` (Jaro–Winkler) and `shorter`, the length of the shorter name."""
    a, b = pairs["a_key"].to_list(), pairs["b_key"].to_list()
    edits = cpdist(a, b, scorer=OSA.distance, score_cutoff=2, dtype=np.uint8)
    closeness = cpdist(a, b, scorer=JaroWinkler.similarity, dtype=np.float32)
    return pairs.with_columns(
        pl.Series("edits", edits, dtype=pl.UInt8),
        pl.Series("closeness", closeness, dtype=pl.Float32),
        pl.min_horizontal(pl.col("a_key").str.len_chars(), pl.col("b_key").str.len_chars()).alias("shorter"),
    )


def _is_typo() -> pl.Expr:
    return pl.any_horizontal(
        (pl.col("shorter") >= length) & (pl.col("edits") <= edits) & (pl.col("closeness") >= 0.8)
        for length, edits in TYPO_LENGTHS
    )


def _with_parts(pairs: pl.DataFrame) -> pl.DataFrame:
    """Add `part`: all parts of the one are parts of the other, as Garcia and Garcia Lopez, Mary and Mary Jane.

    Only a name of several parts can hold another, and few are.
    """
    several = pl.col("a").str.contains(" ", literal=True) | pl.col("b").str.contains(" ", literal=True)
    at = pairs.select(several.arg_true()).to_series()
    a, b = pl.col("a").str.split(" "), pl.col("b").str.split(" ")
    nested = (a.list.set_difference(b).list.len() == 0) | (b.list.set_difference(a).list.len() == 0)
    held = pairs.select(pl.col("a", "b", "shorter").gather(at)).select(nested & (pl.col("shorter") > 1)).to_series()
    return pairs.with_columns(pl.repeat(value=False, n=pairs.height, eager=True).scatter(at, held).alias("part"))


def _is_initial() -> pl.Expr:
    same_letter = pl.col("a_key").str.slice(0, 1) == pl.col("b_key").str.slice(0, 1)
    return (pl.col("shorter") == 1) & same_letter


def _sounds_alike() -> pl.Expr:
    """Equal phonetic keys of at least three sounds, or of names that are close in writing too."""
    a, b = (pl.col(side).map_batches(_sounds, return_dtype=pl.String) for side in ("a_key", "b_key"))
    return (a == b) & ((a.str.len_chars() >= 3) | (pl.col("closeness") >= 0.75))


def _sounds(keys: pl.Series) -> pl.Series:
    return map_distinct(keys, sound)
