"""Which pairs may be twins and not one child: one family name, one birth date, and two given names that are like.

A slip of the pen seldom makes a name; twins have two, and two that nobody confuses by ear. So two given names are taken
for two children where others are called by the one and by the other and they do not sound alike, where one has a part
that no middle name explains, and where they only resemble, unless one is the other cut short. Invariants: which names
are borne is read from the two lists alone; a pair that an id holds is never doubted here.
"""

from typing import Final

import polars as pl

from rosterdiff.frames import Roster
from rosterdiff.levels import Comparison, NameLevel
from rosterdiff.names import fold, map_distinct, sound, tokens
from rosterdiff.pairs import level

BORNE: Final = 0.01
"""A name is another child's own if it is borne at least this often beside the other: a rarer one may be mistyped."""

_BY_LETTERS: Final = [level.value for level in (NameLevel.TRANSPOSED, NameLevel.SLIP, NameLevel.TYPO, NameLevel.TYPOS)]
_RESEMBLING: Final = [NameLevel.SIMILAR.value, NameLevel.FAINT.value]


def may_be_twins(judged: pl.DataFrame, rosters: tuple[Roster, Roster]) -> pl.Series:
    """Say of each pair whether it would be decided alone although its given names may be those of twins.

    Args:
        judged: judged pairs, with `alone`.
        rosters: base and incoming.

    """
    given = level(Comparison.GIVEN_NAME)
    like = given.is_in([*_BY_LETTERS, *_RESEMBLING, NameLevel.PART.value])
    asked = judged.select(pl.col("alone") & ~pl.col("id_same") & like).to_series()
    pairs = judged.filter(asked).select("row", "student", given.cast(pl.String).alias("level"))
    if pairs.is_empty():
        return asked
    beside = _with_names(pairs, rosters).select(_are_two().fill_null(value=False)).to_series()
    return asked.scatter(asked.arg_true(), beside)


def _are_two() -> pl.Expr:
    both_borne = (pl.col("less") > 0) & (pl.col("less") >= BORNE * pl.col("more"))
    by_letters = both_borne & (pl.col("sound") != pl.col("sound_student"))
    cut_short = pl.col("given").str.starts_with(pl.col("given_student")) | pl.col("given_student").str.starts_with(
        pl.col("given")
    )
    return (
        pl.when(pl.col("level") == NameLevel.PART.value)
        .then(
            ~_is_explained("parts", "parts_student", "middle_student")
            & ~_is_explained("parts_student", "parts", "middle")
        )
        .when(pl.col("level").is_in(_RESEMBLING))
        .then(both_borne | ~cut_short)
        .otherwise(by_letters)
    )


def _is_explained(parts: str, others: str, middle: str) -> pl.Expr:
    """Whether the parts that one has more than the other are the other's middle name."""
    more = pl.col(parts).list.set_difference(pl.col(others))
    rest = more.list.set_difference(pl.col(middle))
    return ((more.list.len() > 0) & (rest.list.len() == 0)).fill_null(value=False)


def _with_names(pairs: pl.DataFrame, rosters: tuple[Roster, Roster]) -> pl.DataFrame:
    """Add the given names of both sides, their sounds, parts and middle names, and how often each is borne by others.

    `less` and `more`: how many others bear the rarer and the commoner of the two.
    """
    base, incoming = rosters
    keys = [map_distinct(roster.frame["given_name"], fold).alias("given") for roster in rosters]
    borne = [_counts(key).rename({"count": side}) for key, side in zip(keys, ("in_base", "in_rows"), strict=True)]
    named = pairs.with_columns(
        keys[1][pairs["row"]],
        keys[0][pairs["student"]].alias("given_student"),
        *_parts(incoming.frame, pairs["row"], ""),
        *_parts(base.frame, pairs["student"], "_student"),
    )
    counted = named
    for side in ("given", "given_student"):
        for counts in borne:
            other = counts.columns[-1]
            counted = counted.join(
                counts.rename({"given": side, other: f"{side}_{other}"}), on=side, how="left", maintain_order="left"
            )
    counted = counted.with_columns(pl.col("^given.*_in_(base|rows)$").fill_null(0))
    of_row = pl.max_horizontal("given_in_base", pl.col("given_in_rows") - 1)
    of_student = pl.max_horizontal(pl.col("given_student_in_base") - 1, "given_student_in_rows")
    return counted.with_columns(
        map_distinct(counted["given"], sound).alias("sound"),
        map_distinct(counted["given_student"], sound).alias("sound_student"),
        pl.min_horizontal(of_row, of_student).alias("less"),
        pl.max_horizontal(of_row, of_student).alias("more"),
    )


def _counts(keys: pl.Series) -> pl.DataFrame:
    return keys.drop_nulls().value_counts().with_columns(pl.col("count").cast(pl.Int64))


def _parts(frame: pl.DataFrame, at: pl.Series, suffix: str) -> list[pl.Series]:
    """The parts of given and middle name, as lists."""
    return [
        map_distinct(frame[name][at], tokens).fill_null("").str.split(" ").alias(f"{called}{suffix}")
        for name, called in (("given_name", "parts"), ("middle_name", "middle"))
    ]
