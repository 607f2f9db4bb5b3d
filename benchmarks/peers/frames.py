"""Rosters as plain tables for other linkers: one text column for each thing that is known, standardised alike.

Invariants: nothing is known here that the rosters do not say; letters are lower case without accents, empty is null;
columns that one of the rosters does not have are left out.
"""

import unicodedata
from collections.abc import Sequence
from typing import Final

import polars as pl

from rosterdiff import Roster
from rosterdiff.schema import GRADES

_NAMED: Final = {
    "given": "given_name", "middle": "middle_name", "family": "family_name", "suffix": "name_suffix",
    "preferred": "preferred_given_name", "gender": "gender", "school": "school", "number": "student_number",
}  # fmt: skip
_OF_BIRTH: Final = ("birth_year", "birth_date_text")
"""Further columns that are told by `born`."""


def to_plain(base: Roster, incoming: Roster) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Both rosters as tables of text.

    Returns:
        `unique_id` (the student's id, or the row), then the columns of which both rosters hold a value: names (`given`,
        `middle`, `family`, `suffix`, `preferred`, and `full_name`), `born` (ISO 8601, as far as it is known), `gender`,
        `grade` (a number), `school`, `number`, and the further columns under their own names.

    """
    further = [name for name in base.further if name in incoming.further and name not in _OF_BIRTH]
    sides = [_plain(base, "student_id", further), _plain(incoming, "row", further)]
    kept = [name for name in sides[0].columns if all(side[name].null_count() < side.height for side in sides)]
    return sides[0].select(kept), sides[1].select(kept)


def further_columns(plain: pl.DataFrame) -> list[str]:
    """The columns that are none of a roster's own."""
    own = {"unique_id", "full_name", "born", "grade", *_NAMED}
    return [name for name in plain.columns if name not in own]


def _plain(roster: Roster, key: str, further: Sequence[str]) -> pl.DataFrame:
    frame = roster.frame
    text = {**_NAMED, **{name: name for name in further}}
    standard = [_standard(frame[column]).alias(name) for name, column in text.items()]
    grades = {grade: number for number, grade in enumerate(GRADES)}
    plain = frame.select(
        pl.col(key).cast(pl.String).alias("unique_id"),
        _born(frame).alias("born"),
        pl.col("grade").cast(pl.String).replace_strict(grades, default=None, return_dtype=pl.Int32).alias("grade"),
    ).with_columns(standard)
    return plain.with_columns(pl.concat_str("given", "family", separator=" ").alias("full_name"))


def _born(frame: pl.DataFrame) -> pl.Expr:
    """The birth date as text, or as much of it as is known; an unknown year is 0000, so that parts stay put."""
    whole = pl.col("birth_date").cast(pl.String)
    known = pl.coalesce(whole, *(pl.col(name) for name in reversed(_OF_BIRTH) if name in frame.columns))
    return known.str.replace("^--", "0000-")


def _standard(values: pl.Series) -> pl.Series:
    """Lower case, without accents, one space between words; over distinct values."""
    distinct = values.drop_nulls().unique()
    forms = {value: _folded(value) for value in distinct.to_list()}
    return values.replace_strict(forms, default=None, return_dtype=pl.String)


def _folded(value: str) -> str | None:
    letters = unicodedata.normalize("NFKD", value.casefold())
    kept = "".join(" " if not letter.isalnum() else letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(kept.split()) or None
