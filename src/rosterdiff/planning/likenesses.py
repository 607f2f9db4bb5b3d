"""Pairs whose names are nearly the same, and which may be two children all the same: twins, and look-alikes.

A slip of the pen seldom makes a name, and seldom hits the first letter; twins have two names, which may rhyme but which
nobody confuses by ear. So beside one family name and one birth date two given names that do not sound alike are taken
for two children where others bear the one and the other in both lists, or where the first letter or two letters differ;
and so are those of which one has a part that no middle name explains, or which only resemble, unless one is the other
cut short. Where no birth date is known, a middle name holds a pair, if it is not one that many have.
Invariants: which names are borne is read from the two lists alone; a pair that an id holds is never doubted here.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from rosterdiff.frames import Roster
from rosterdiff.levels import Comparison, DateLevel, NameLevel
from rosterdiff.names import fold, map_distinct, sound, tokens
from rosterdiff.pairs import NAME_KNOWN, level
from rosterdiff.planning.evidence import GIVEN_RESEMBLING

BORNE: Final = 0.01
"""A name is another child's own if it is borne at least this often beside the other: a rarer one may be mistyped."""

COMMON_MIDDLE: Final = 0.002
"""A middle name that more than one in five hundred others have says little: Kaur and Van go with their family names."""

_BY_LETTERS: Final = [str(each) for each in (NameLevel.TRANSPOSED, NameLevel.SLIP, NameLevel.TYPO, NameLevel.TYPOS)]


def may_be_two(judged: pl.DataFrame, rosters: tuple[Roster, Roster]) -> pl.Series:
    """Say of each pair whether it would be decided alone although its names may be those of two children.

    Args:
        judged: judged pairs, with `alone`.
        rosters: base and incoming.

    """
    asked = judged.select(pl.col("alone") & ~pl.col("id_same") & ~pl.col("names_same"))
    return _may_be_twins(judged, asked.to_series(), rosters) | _has_common_middle(judged, asked.to_series(), rosters)


def _may_be_twins(judged: pl.DataFrame, asked: pl.Series, rosters: tuple[Roster, Roster]) -> pl.Series:
    given, undated = level(Comparison.GIVEN_NAME), level(Comparison.BIRTH_DATE) == DateLevel.MISSING.value
    like = given.is_in([*_BY_LETTERS, *GIVEN_RESEMBLING, NameLevel.PART.value])
    asked = asked & judged.select(like & ~undated).to_series()
    pairs = judged.filter(asked).select("row", "student", given.cast(pl.String).alias("level"))
    if pairs.is_empty():
        return asked
    known = judged.filter("alone", "names_same").select("row", "student")
    return asked.scatter(asked.arg_true(), _with_names(pairs, known, rosters).select(_are_two()).to_series())


def _has_common_middle(judged: pl.DataFrame, asked: pl.Series, rosters: tuple[Roster, Roster]) -> pl.Series:
    """Whether only a middle name that many have holds a pair without birth date."""
    given, family = level(Comparison.GIVEN_NAME), level(Comparison.FAMILY_NAME)
    part = given.is_in(NAME_KNOWN) & (family == NameLevel.PART.value)
    swapped = given == NameLevel.SWAPPED.value
    undated = level(Comparison.BIRTH_DATE) == DateLevel.MISSING.value
    asked = asked & judged.select(undated & ~part & ~swapped).to_series()
    if not asked.any():
        return asked
    base, incoming = (map_distinct(roster.frame["middle_name"], fold) for roster in rosters)
    known = pl.concat([base, incoming]).drop_nulls()
    others = (_borne(incoming[judged.filter(asked)["row"]], known) - 2) / max(len(known) - 2, 1)
    return asked.scatter(asked.arg_true(), pl.Series(others > COMMON_MIDDLE))


def _are_two() -> pl.Expr:
    """Whether two given names, of which `level` says how they are alike, are those of two children."""
    one, other, like = pl.col("given"), pl.col("given_student"), pl.col("level")
    both_borne = (pl.col("less") > 0) & (pl.col("less") >= BORNE * pl.col("more"))
    alike = pl.col("sound") == pl.col("sound_student")
    other_letter = one.str.slice(0, 1) != other.str.slice(0, 1)
    cut_short = one.str.starts_with(other) | other.str.starts_with(one)
    explained = _is_explained("parts", "parts_student", "middle_student") | _is_explained(
        "parts_student", "parts", "middle"
    )
    two = (
        pl.when(like == NameLevel.PART.value)
        .then(~explained)
        .when(like.is_in(GIVEN_RESEMBLING))
        .then(both_borne | ~cut_short)
        .otherwise((both_borne | other_letter | (like == NameLevel.TYPOS.value)) & ~alike)
    )
    return two.fill_null(value=False)


def _is_explained(parts: str, others: str, middle: str) -> pl.Expr:
    """Whether the parts that one has more than the other are the other's middle name."""
    more = pl.col(parts).list.set_difference(pl.col(others))
    rest = more.list.set_difference(pl.col(middle))
    return ((more.list.len() > 0) & (rest.list.len() == 0)).fill_null(value=False)


def _with_names(pairs: pl.DataFrame, known: pl.DataFrame, rosters: tuple[Roster, Roster]) -> pl.DataFrame:
    """Add the given names of both sides, their sounds, parts and middle names, and how many children are known by each.

    `less` and `more`: how many of those `known` bear the rarer and the commoner of the two in both lists, for a slip is
    seldom made twice.
    """
    base, incoming = rosters
    in_base, in_rows = (map_distinct(roster.frame["given_name"], fold) for roster in rosters)
    given, of_student = in_rows[pairs["row"]], in_base[pairs["student"]]
    confirmed = in_rows[known["row"]].filter(in_rows[known["row"]] == in_base[known["student"]])
    borne = _borne(given, confirmed), _borne(of_student, confirmed)
    return pairs.with_columns(
        given.alias("given"),
        of_student.alias("given_student"),
        map_distinct(given, sound).alias("sound"),
        map_distinct(of_student, sound).alias("sound_student"),
        pl.Series("less", np.minimum(*borne)),
        pl.Series("more", np.maximum(*borne)),
        *_parts(incoming.frame, pairs["row"], ""),
        *_parts(base.frame, pairs["student"], "_student"),
    )


def _borne(names: pl.Series, of_all: pl.Series) -> npt.NDArray[np.int64]:
    """How often each of the names is borne."""
    counts = of_all.rename("name").drop_nulls().value_counts(name="count")
    found = names.rename("name").to_frame().join(counts, on="name", how="left", maintain_order="left")
    return found["count"].fill_null(0).cast(pl.Int64).to_numpy()


def _parts(frame: pl.DataFrame, at: pl.Series, suffix: str) -> list[pl.Series]:
    """The parts of given and middle name, as lists."""
    return [
        map_distinct(frame[name][at], tokens).fill_null("").str.split(" ").alias(f"{called}{suffix}")
        for name, called in (("given_name", "parts"), ("middle_name", "middle"))
    ]
