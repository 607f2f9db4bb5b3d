"""Pairs of which two steady fields say that they are two people, so that nobody needs to be asked.

A field is steady in a file if it is hardly ever another for the children whom the rest of the pair shows beyond doubt.
Then one that differs is a rare mistake, and two that differ in one pair are another child. Invariants: the habit is
read from each file, and lists too small to show one have none; family name and birth date of one student, as twins have
them, are never among these pairs, nor a row that bears somebody's id.
"""

from collections.abc import Mapping
from typing import Final

import polars as pl

from rosterdiff.frames import Roster
from rosterdiff.levels import Comparison, DateLevel, GradeLevel, NumberLevel
from rosterdiff.pairs import level

_MAY_BE_THE_SAME: Final = [
    str(each)
    for each in (
        DateLevel.SAME,
        DateLevel.DAY_MONTH_SWAPPED,
        DateLevel.PARTIAL,
        DateLevel.YEAR_ONLY,
        DateLevel.PLACEHOLDER,
        DateLevel.MISSING,
    )
]

MOST_DIFFERENT: Final[Mapping[str, float]] = {"number": 0.002, "grade": 0.001, "date": 0.05}
"""In no greater share of a file a steady field differs; birth dates are mistyped more often than the others."""

AS_IN_ALL: Final = 10.0
"""For so many pairs of a file speaks what the pairs of all files show."""

OVERLOOKED: Final = 0.4
"""So many pairs beside those seen are taken to differ: where none does, two hundred pairs show a steady number."""


def is_stranger(judged: pl.DataFrame, rosters: tuple[Roster, Roster]) -> pl.Series:
    """Say of each pair whether two steady fields are against it.

    Args:
        judged: judged pairs.
        rosters: base and incoming.

    """
    facts = judged.select(
        (pl.col("names_same") & pl.col("assigned")).alias("known"),
        (~pl.col("names_same") & _is(Comparison.BIRTH_DATE, DateLevel.MISSING)).alias("name"),
        pl.col("id_same").any().over("row").alias("bears_id"),
        _is(Comparison.BIRTH_DATE, DateLevel.SAME).alias("dated"),
        *(expression.alias(name) for name, expression in _differs().items()),
        *(expression.alias(f"{name}_known") for name, expression in _beyond_doubt().items()),
    ).with_columns(rosters[1].frame["source_file"][judged["row"]].alias("file"))
    steady = facts.join(_steady_files(facts), on="file", how="left", nulls_equal=True, maintain_order="left")
    number, grade, date = (pl.col(name) & pl.col(f"{name}_steady") for name in MOST_DIFFERENT)
    two = (number & (date | grade | pl.col("name"))) | (grade & date)
    return steady.select((two & ~pl.col("bears_id") & ~pl.col("dated")).fill_null(value=False)).to_series()


def _is(comparison: Comparison, *levels: DateLevel | GradeLevel | NumberLevel) -> pl.Expr:
    return level(comparison).is_in([str(each) for each in levels])


def _differs() -> dict[str, pl.Expr]:
    """Whether the number is another, the grade is two steps off or more, the birth date is another."""
    return {
        "number": _is(Comparison.STUDENT_NUMBER, NumberLevel.DIFFERENT),
        "grade": _is(Comparison.GRADE, GradeLevel.OTHER),
        "date": ~level(Comparison.BIRTH_DATE).is_in(_MAY_BE_THE_SAME),
    }


def _beyond_doubt() -> dict[str, pl.Expr]:
    """Whether a pair of the same names shows the habit of each field: both have it, and another field agrees."""
    dated, undated = (_is(Comparison.BIRTH_DATE, each) for each in (DateLevel.SAME, DateLevel.MISSING))
    in_step = _is(Comparison.GRADE, GradeLevel.IN_STEP)
    return {
        "number": ~_is(Comparison.STUDENT_NUMBER, NumberLevel.MISSING) & (dated | (undated & in_step)),
        "grade": ~_is(Comparison.GRADE, GradeLevel.MISSING) & (dated | pl.col("id_same")),
        "date": ~undated & (in_step | pl.col("id_same")),
    }


def _steady_files(facts: pl.DataFrame) -> pl.DataFrame:
    """Which fields are steady in each file: `file`, `number_steady`, `grade_steady`, `date_steady`."""
    found = facts.select("file").unique()
    for name, most in MOST_DIFFERENT.items():
        shown = facts.filter("known", f"{name}_known").select("file", name)
        in_all = (shown[name].to_numpy().sum() + OVERLOOKED) / (shown.height + AS_IN_ALL)
        share = (pl.col(name).sum() + AS_IN_ALL * in_all) / (pl.len() + AS_IN_ALL)
        of_file = shown.group_by("file").agg(((share <= most) & (in_all <= most)).alias(f"{name}_steady"))
        found = found.join(of_file, on="file", how="left", nulls_equal=True)
    return found
