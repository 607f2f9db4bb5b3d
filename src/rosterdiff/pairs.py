"""What holds of a compared pair: expressions over the level columns, shared by matching and planning.

Invariants: they read `schema.LEVELS` alone, and mean the same wherever a pair is kept, assigned or judged.
"""

from typing import Final

import polars as pl

from rosterdiff.levels import AGAINST, Comparison, DateLevel, NameLevel, NumberLevel, PlaceLevel, TextLevel
from rosterdiff.schema import LEVEL_COLUMNS

NAME_KNOWN: Final = [NameLevel.SAME.value, NameLevel.KNOWN_AS.value]
"""A name that is one of the student's own."""


def level(comparison: Comparison) -> pl.Expr:
    """The level column of a comparison."""
    return pl.col(LEVEL_COLUMNS[comparison])


def shares_id() -> pl.Expr:
    """Whether the account's id or the student number agrees, as it is or without the zeros that spreadsheets drop."""
    return (level(Comparison.STUDENT_ID) == TextLevel.SAME.value) | shares_number()


def shares_number() -> pl.Expr:
    """Whether the student number agrees, as it is or without its leading zeros."""
    return level(Comparison.STUDENT_NUMBER).is_in([NumberLevel.SAME.value, NumberLevel.DAMAGED.value])


def is_against(comparison: Comparison) -> pl.Expr:
    """Whether the level of a comparison makes two of one name two people."""
    return level(comparison).is_in([str(each) for each in AGAINST[comparison]])


def is_namesake() -> pl.Expr:
    """Of one name, and no birth date that makes them two people: however common the name, nobody is new beside him."""
    return pl.col("names_same") & ~is_against(Comparison.BIRTH_DATE)


def is_of_one_birth() -> pl.Expr:
    """Of one family name and birth date: himself under another given name, or a twin.

    Two numbers of one school are two children's; another school, or a list without numbers, says nothing.
    """
    family = level(Comparison.FAMILY_NAME).is_in(NAME_KNOWN)
    other_number = level(Comparison.STUDENT_NUMBER) == NumberLevel.DIFFERENT.value
    of_one_school = level(Comparison.SCHOOL) == PlaceLevel.SAME.value
    return family & (level(Comparison.BIRTH_DATE) == DateLevel.SAME.value) & ~(other_number & of_one_school)
