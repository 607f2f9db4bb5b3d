"""Pairs of which two steady fields say that they are two people, so that nobody needs to be asked.

A field is steady in a file if it is hardly ever another for the children whom the rest of the pair shows beyond doubt: then
one that differs is a rare mistake, and two that differ in one pair are another child. Invariants: the habit is read from
each file, and a file too small to show one has none; the twins' case, one family name and birth date, is never among
these pairs, nor a row that bears somebody's id.
"""

from typing import Final

import polars as pl

from rosterdiff.frames import Roster
from rosterdiff.levels import Comparison, DateLevel, GradeLevel, NumberLevel
from rosterdiff.pairs import level

_ANOTHER_DATE: Final = [
    each.value
    for each in DateLevel
    if each
    not in (
        DateLevel.SAME,
        DateLevel.DAY_MONTH_SWAPPED,
        DateLevel.PARTIAL,
        DateLevel.YEAR_ONLY,
        DateLevel.PLACEHOLDER,
        DateLevel.MISSING,
    )
]

MOST_DIFFERENT: Final = {"number": 0.005, "grade": 0.005, "date": 0.05}
"""A field is steady if it differs in no greater share of a file: one in two hundred, and of mistyped dates one in twenty."""

AS_IN_ALL: Final = 10.0
"""For so many pairs of a file speaks what the pairs of all files show."""

UNSEEN: Final = 0.4
"""And so much of a different pair is taken to have been overlooked in them, beside those that were seen."""


def is_stranger(judged: pl.DataFrame, rosters: tuple[Roster, Roster]) -> pl.Series:
    """Say of each pair whether two steady fields are against it.

    Args:
        judged: judged pairs.
        rosters: base and incoming.

    """
    files = rosters[1].frame["source_file"]
    number = level(Comparison.STUDENT_NUMBER) == NumberLevel.DIFFERENT.value
    grade = level(Comparison.GRADE) == GradeLevel.OTHER.value
    date = level(Comparison.BIRTH_DATE).is_in(_ANOTHER_DATE)
    differs = judged.select(
        "only_namesake",
        "id_same",
        (pl.col("id_same").any().over("row")).alias("bears_id"),
        names=~pl.col("names_same"),
        number=number,
        grade=grade,
        date=date,
        no_number=level(Comparison.STUDENT_NUMBER) == NumberLevel.MISSING.value,
        no_grade=level(Comparison.GRADE) == GradeLevel.MISSING.value,
        no_date=level(Comparison.BIRTH_DATE) == DateLevel.MISSING.value,
        in_step=level(Comparison.GRADE) == GradeLevel.IN_STEP.value,
        dated=level(Comparison.BIRTH_DATE) == DateLevel.SAME.value,
    ).with_columns(files[judged["row"]].alias("file"))
    steady = _steady_files(differs)
    known = differs.join(steady, on="file", how="left", nulls_equal=True, maintain_order="left")
    number, grade, date = (pl.col(name) & pl.col(f"{name}_steady") for name in MOST_DIFFERENT)
    two = (number & date) | (number & grade) | (grade & date) | (number & pl.col("names") & pl.col("no_date"))
    return known.select((two & ~pl.col("bears_id")).fill_null(value=False)).to_series()


def _steady_files(differs: pl.DataFrame) -> pl.DataFrame:
    """Which fields are steady in each file: `file`, `number_steady`, `grade_steady`, `date_steady`."""
    beyond_doubt = {
        "number": pl.col("dated") | pl.col("in_step"),
        "grade": pl.col("dated") | pl.col("id_same"),
        "date": pl.col("id_same") | pl.col("in_step"),
    }
    same = differs.filter("only_namesake")
    found = differs.select("file").unique()
    for name, most in MOST_DIFFERENT.items():
        shown = same.filter(beyond_doubt[name] & ~pl.col(f"no_{name}"))
        in_all = (shown[name].sum() + UNSEEN) / (shown.height + AS_IN_ALL)
        share = (pl.col(name).sum() + AS_IN_ALL * in_all) / (pl.len() + AS_IN_ALL)
        of_file = shown.group_by("file").agg((share <= most).alias(f"{name}_steady"))
        found = found.join(of_file, on="file", how="left", nulls_equal=True)
    return found
