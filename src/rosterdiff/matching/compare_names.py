"""How two names agree: levels over distinct pairs of folded names.

Invariants: each distinct pair is compared once; the first level that holds counts; symmetric in its two sides.
"""

from itertools import combinations
from typing import Final

import polars as pl
from rapidfuzz.distance import Levenshtein

from rosterdiff.levels import NameLevel
from rosterdiff.matching.distinct import first_that_holds, with_distances
from rosterdiff.names import map_distinct, nickname_frame, sound
from rosterdiff.schema import enum_of

NAME_LEVEL: Final = enum_of(NameLevel)

SIMILAR_FROM: Final = 0.88
"""Jaro–Winkler similarity from which two names count as similar."""

FAINT_FROM: Final = 0.78
"""From here on two names have something in common: below it unrelated names abound."""

ONE_EDIT_FROM: Final = 4
"""From this length of the shorter name on one edit is a typing error: Ann and Ian are not one name."""

TWO_EDITS_FROM: Final = 6
"""The same for two edits."""

_ROWS_OF_KEYS: Final = (("qwertyuiop", 0.0), ("asdfghjkl", 0.25), ("zxcvbnm", 0.75))
_MISREAD: Final = ("mn", "li", "l1", "ij", "o0", "uv", "ce", "hn", "bh", "ft", "gq", "un", "ao", "s5", "gy", "kh", "tl")


def _easily_confused() -> frozenset[tuple[str, str]]:
    """Letters that lie beside each other on a keyboard, or that are misread for each other, in both orders."""
    places = {key: (row, at + shift) for row, (keys, shift) in enumerate(_ROWS_OF_KEYS) for at, key in enumerate(keys)}
    beside = {
        (x, y)
        for x, y in combinations(sorted(places), 2)
        if abs(places[x][0] - places[y][0]) <= 1 and abs(places[x][1] - places[y][1]) <= 1
    }
    pairs = beside | {(pair[0], pair[1]) for pair in _MISREAD}
    return frozenset(pairs | {(y, x) for x, y in pairs})


_CONFUSED: Final = _easily_confused()


def compare_names(pairs: pl.DataFrame) -> pl.DataFrame:
    """Find the level of each distinct pair of names.

    Args:
        pairs: `a`, `b`: distinct pairs of `names.tokens`, none null.

    Returns:
        The pairs in their order with `level` (the dtype of `NameLevel`): same, nickname, transposed, slip, typo, typos,
        part, initial, sounds_alike, similar, faint or different; the levels that need other fields are found by the
        caller.

    """
    keyed = pairs.with_columns(
        pl.col(side).str.replace_all(" ", "", literal=True).alias(f"{side}_key") for side in ("a", "b")
    )
    nicknames = nickname_frame().with_columns(pl.lit(value=True).alias("nickname"))
    shorter = pl.min_horizontal(pl.col("a_key").str.len_chars(), pl.col("b_key").str.len_chars()).alias("shorter")
    apart = with_distances(keyed, "a_key", "b_key").with_columns(shorter)
    known = _with_parts(_with_slips(apart)).join(
        nicknames, left_on=["a_key", "b_key"], right_on=["given", "other"], how="left", maintain_order="left"
    )
    a_few = (pl.col("shorter") >= TWO_EDITS_FROM) & (pl.col("edits") <= 2) & (pl.col("closeness") >= 0.8)
    levels = (
        (NameLevel.SAME, pl.col("a_key") == pl.col("b_key")),
        (NameLevel.NICKNAME, pl.col("nickname").fill_null(value=False)),
        (NameLevel.TRANSPOSED, pl.col("one_slip") == NameLevel.TRANSPOSED.value),
        (NameLevel.SLIP, pl.col("one_slip") == NameLevel.SLIP.value),
        (NameLevel.TYPO, (pl.col("shorter") >= ONE_EDIT_FROM) & (pl.col("edits") <= 1)),
        (NameLevel.PART, pl.col("part")),
        (NameLevel.TYPOS, a_few),
        (NameLevel.INITIAL, _is_initial()),
        (NameLevel.SOUNDS_ALIKE, _sounds_alike()),
        (NameLevel.SIMILAR, (pl.col("closeness") >= SIMILAR_FROM) | pl.col("overlap")),
        (NameLevel.FAINT, _is_faint()),
    )
    return known.select("a", "b", first_that_holds(levels, NameLevel.DIFFERENT))


def _with_slips(pairs: pl.DataFrame) -> pl.DataFrame:
    """Add `one_slip`: what kind of slip the only edit is, null where it is none or there are more."""
    at = pairs.select(((pl.col("edits") == 1) & (pl.col("shorter") >= 3)).arg_true()).to_series()
    a, b = (pairs[side].gather(at).to_list() for side in ("a_key", "b_key"))
    kinds = pl.Series([_slip(x, y) for x, y in zip(a, b, strict=True)], dtype=pl.String)
    none = pl.repeat(None, pairs.height, dtype=pl.String, eager=True)
    return pairs.with_columns(none.scatter(at, kinds).alias("one_slip"))


def _slip(a: str, b: str) -> str | None:
    """Two letters exchanged; or a neighbouring key, a look-alike, or a letter doubled or halved."""
    at = next((place for place, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    if len(a) != len(b):
        longer = max(a, b, key=len)
        return NameLevel.SLIP.value if longer[at] in longer[max(at - 1, 0) : at] else None
    if Levenshtein.distance(a, b) == 2:  # one edit of optimal string alignment is two of Levenshtein's
        return NameLevel.TRANSPOSED.value
    return NameLevel.SLIP.value if len(a) >= ONE_EDIT_FROM and (a[at], b[at]) in _CONFUSED else None


def _with_parts(pairs: pl.DataFrame) -> pl.DataFrame:
    """Add `part`: all parts of the one are parts of the other, as Garcia and Garcia Lopez; and `overlap`: some are.

    Only a name of several parts can hold another, and few are.
    """
    several = pl.col("a").str.contains(" ", literal=True) | pl.col("b").str.contains(" ", literal=True)
    at = pairs.select(several.arg_true()).to_series()
    a, b = pl.col("a").str.split(" "), pl.col("b").str.split(" ")
    nested = (a.list.set_difference(b).list.len() == 0) | (b.list.set_difference(a).list.len() == 0)
    shared = a.list.set_intersection(b).list.eval(pl.element().str.len_chars().max()).list.first().fill_null(0) > 2
    held = pairs.select(pl.col("a", "b", "shorter").gather(at)).select(
        (nested & (pl.col("shorter") > 1)).alias("part"), shared.alias("overlap")
    )
    none = pl.repeat(value=False, n=pairs.height, eager=True)
    return pairs.with_columns(none.scatter(at, held[name]).alias(name) for name in ("part", "overlap"))


def _is_initial() -> pl.Expr:
    same_letter = pl.col("a_key").str.slice(0, 1) == pl.col("b_key").str.slice(0, 1)
    return (pl.col("shorter") == 1) & same_letter


def _sounds_alike() -> pl.Expr:
    """Equal phonetic keys of at least three sounds, or of names that are close in writing too."""
    a, b = (pl.col(side).map_batches(_sounds, return_dtype=pl.String) for side in ("a_key", "b_key"))
    return (a == b) & ((a.str.len_chars() >= 3) | (pl.col("closeness") >= 0.75))


def _is_faint() -> pl.Expr:
    """Close by letters, by edits, or the one the beginning of the other."""
    begins = pl.col("a_key").str.starts_with(pl.col("b_key")) | pl.col("b_key").str.starts_with(pl.col("a_key"))
    few = (pl.col("edits") <= 2) & (pl.col("shorter") >= ONE_EDIT_FROM)
    return (pl.col("closeness") >= FAINT_FROM) | few | (begins & (pl.col("shorter") >= 3))


def _sounds(keys: pl.Series) -> pl.Series:
    return map_distinct(keys, sound)
