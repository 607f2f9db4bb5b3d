"""Assigned pairs → what they say: what is for each, what is against it, and whether it is decided alone.

Invariants: a pair is decided alone only where the names are the same, a second field agrees, nothing contradicts, and
probability and margin are as the policy asks; these are columns, so that every reason can be read off them.
"""

from typing import Final

import polars as pl

from rosterdiff.config import Policy
from rosterdiff.levels import Comparison, DateLevel, GradeLevel, NameLevel, NumberLevel, TextLevel
from rosterdiff.pairs import NAME_KNOWN, is_against, is_namesake, level, shares_id, shares_number

_NAME_APART: Final = [NameLevel.DIFFERENT.value, NameLevel.FAINT.value, NameLevel.SIMILAR.value]

DATE_UNSURE: Final = [DateLevel.ONE_DIGIT.value, DateLevel.TRANSPOSED.value]
"""Birth dates that may be one date mistyped, or those of two namesakes of one class."""

_NAME_CLOSE: Final = [
    level.value
    for level in NameLevel
    if level not in (NameLevel.CROSSED, NameLevel.FAINT, NameLevel.MISSING, NameLevel.DIFFERENT)
]

_GIVEN_CLOSE: Final = [level.value for level in NameLevel if level.value in _NAME_CLOSE and level != NameLevel.SIMILAR]
"""Given names as near as one child's, where `likenesses` finds no two of them."""

GIVEN_RESEMBLING: Final = [NameLevel.SIMILAR.value, NameLevel.FAINT.value]
"""Given names that may be one child's where all the rest is the same: a short form, or held by an id."""

SIMILAR_ACCEPT: Final = 0.99
"""Where a policy accepts similar names, from this probability on."""

SIMILAR_MARGIN: Final = 10.0
"""And only if forbidding the pair would cost the whole at least these bits."""

RIVAL_FROM: Final = 0.5
"""A student whom another row has for certain still holds a row in review if, alone, this likely were his."""


def judge_pairs(pairs: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Add to each pair what it says.

    Args:
        pairs: `schema.ASSIGNED`.
        policy: accept and margin.

    Returns:
        The pairs with booleans: `id_same` (an id or number agrees), `number_of_other` (the row's number is
        another student's), `id_differs` (an id or number says another), `date_against`, `agrees`
        (a second field is for it), `against` (something says two people, or may say so), `namesake`, `only_namesake`,
        `resembles` (may be shown as a candidate), `alone` (decided without a person).

    """
    judged = pairs.with_columns(
        _id_same().alias("id_same"),
        is_against(Comparison.BIRTH_DATE).alias("date_against"),
    )
    judged = judged.with_columns(
        (pl.col("id_same").any().over("row") & ~pl.col("id_same")).alias("number_of_other"),
        _id_differs().alias("id_differs"),
    )
    judged = judged.with_columns(
        _agrees().alias("agrees"),
        _against().alias("against"),
        _is_only_namesake().alias("only_namesake"),
        _resembles().alias("resembles"),
        is_namesake().alias("namesake"),
    )
    return judged.with_columns(_alone(policy).alias("alone"))


def _id_same() -> pl.Expr:
    """An id or number agrees; where a number lost its zeros, nobody else may be meant: 0071 and 71 can be two."""
    others = (shares_number().sum().over("row") > 1) | (shares_number().sum().over("student") > 1)
    template = level(Comparison.STUDENT_ID) == TextLevel.SAME.value
    whole = level(Comparison.STUDENT_NUMBER) != NumberLevel.DAMAGED.value
    return shares_id() & (template | whole | ~others)


def _id_differs() -> pl.Expr:
    """The template's id is another's, or the number is another and neither id nor birth date says the same."""
    template, date = level(Comparison.STUDENT_ID), level(Comparison.BIRTH_DATE)
    known_otherwise = (template == TextLevel.SAME.value) | (date == DateLevel.SAME.value)
    other_number = (level(Comparison.STUDENT_NUMBER) == NumberLevel.DIFFERENT.value) & ~known_otherwise
    return (template == TextLevel.DIFFERENT.value) | other_number


def _agrees() -> pl.Expr:
    """An id, a birth date or an in-step grade agrees."""
    return (
        pl.col("id_same")
        | (level(Comparison.BIRTH_DATE) == DateLevel.SAME.value)
        | (level(Comparison.GRADE) == GradeLevel.IN_STEP.value)
    )


def _against() -> pl.Expr:
    """A birth date or an id contradicts; a date is a digit off, where no id agrees; a gender, where neither agrees."""
    unsure = level(Comparison.BIRTH_DATE).is_in(DATE_UNSURE) & ~pl.col("id_same")
    return pl.col("date_against") | unsure | _of_another()


def _of_another() -> pl.Expr:
    """An id is another's, or a gender, where neither birth date nor, beside the same names, an id says otherwise."""
    dated = level(Comparison.BIRTH_DATE) == DateLevel.SAME.value
    known = dated | (pl.col("id_same") & pl.col("names_same"))
    other_gender = (level(Comparison.GENDER) == TextLevel.DIFFERENT.value) & ~known
    return pl.col("number_of_other") | pl.col("id_differs") | other_gender


def _is_only_namesake() -> pl.Expr:
    """No other row has the student's names, and no other student the row's, unless the birth dates are against it."""
    same = pl.col("names_same") & ~pl.col("date_against")
    return same & (same.sum().over("row") == 1) & (same.sum().over("student") == 1)


def _resembles() -> pl.Expr:
    """Something in the names agrees, or an id does: class and grade alone make nobody a candidate."""
    apart = [NameLevel.MISSING.value, NameLevel.DIFFERENT.value]
    names = (level(Comparison.GIVEN_NAME), level(Comparison.FAMILY_NAME))
    return pl.any_horizontal(~name.is_in(apart) for name in names) | pl.col("id_same")


def _alone(policy: Policy) -> pl.Expr:
    """Sure and far from every rival; or equal in name and birth date, where rivals only resemble (twins, siblings)."""
    sure = _sure(policy.accept, policy.margin)
    dated = level(Comparison.BIRTH_DATE) == DateLevel.SAME.value
    unrivalled = dated & pl.col("only_namesake") & (pl.col("alone_probability") >= policy.accept)
    evidence = pl.col("names_same") & pl.col("agrees") & ~pl.col("against")
    same = evidence & (sure | unrivalled)
    return pl.col("assigned") & (same | _alone_though_similar(policy) if policy.accept_similar else same)


def _sure(least: float, margin: float) -> pl.Expr:
    return (pl.col("probability") >= least) & (pl.col("margin_mb") >= round(margin * 1000))


def _alone_though_similar(policy: Policy) -> pl.Expr:
    """Names or a birth date that nearly agree, where the rest leaves no doubt."""
    sure = _sure(max(policy.accept, SIMILAR_ACCEPT), max(policy.margin, SIMILAR_MARGIN))
    other_number = level(Comparison.STUDENT_NUMBER) == NumberLevel.DIFFERENT.value
    named = pl.col("agrees") & _names_similar() & ~pl.col("against")
    return sure & ~other_number & (named | (_date_similar() & ~_of_another()))


def _names_similar() -> pl.Expr:
    """Names that nearly agree, or one that changed beside one that is the same.

    A given name that is not nearly the same beside the same family name and birth date is a twin's, and never decided
    alone. Without id and birth date a newcomer may be called nearly as a leaver of his grade: it takes the same middle
    name, a part of a double family name, or names that have changed places.
    """
    given, family, date = (level(c) for c in (Comparison.GIVEN_NAME, Comparison.FAMILY_NAME, Comparison.BIRTH_DATE))
    dated = date.is_in([DateLevel.SAME.value, DateLevel.DAY_MONTH_SWAPPED.value])
    undated = date == DateLevel.MISSING.value
    in_step = level(Comparison.GRADE) == GradeLevel.IN_STEP.value
    alike = given.is_in(_GIVEN_CLOSE) & family.is_in(_NAME_CLOSE)
    resembling = given.is_in(GIVEN_RESEMBLING) & family.is_in(NAME_KNOWN) & (dated | in_step)
    near = alike | resembling | given.is_in(NAME_KNOWN)
    third = undated & in_step & (level(Comparison.MIDDLE_NAME) == NameLevel.SAME.value)
    part = undated & in_step & given.is_in(NAME_KNOWN) & (family == NameLevel.PART.value)
    swapped = undated & (given == NameLevel.SWAPPED.value)
    return (((dated | pl.col("id_same") | third) & near) | part | swapped) & ~_middle_or_suffix_apart()


def _middle_or_suffix_apart() -> pl.Expr:
    middle = level(Comparison.MIDDLE_NAME).is_in([NameLevel.FAINT.value, NameLevel.DIFFERENT.value])
    suffix = level(Comparison.NAME_SUFFIX) == TextLevel.DIFFERENT.value
    return (middle | suffix) & ~pl.col("id_same")


def _date_similar() -> pl.Expr:
    """The same names and the grade in step, and a birth date of which one part is another.

    Two namesakes of one class are a digit apart once in fifty, so that this takes an id, or the same middle name; two
    digits exchanged, or another year of one birthday, are rarer and need neither.
    """
    date, middle = level(Comparison.BIRTH_DATE), level(Comparison.MIDDLE_NAME)
    rare = date.is_in([DateLevel.TRANSPOSED.value, DateLevel.YEAR_OFF.value])
    common = date.is_in([DateLevel.ONE_DIGIT.value, DateLevel.ONE_PART.value])
    held = pl.col("id_same") | (middle == NameLevel.SAME.value)
    in_step = level(Comparison.GRADE) == GradeLevel.IN_STEP.value
    return pl.col("names_same") & in_step & (rare | (common & held))


def id_contradicts() -> pl.Expr:
    """An id says one student, names or birth date another."""
    names_apart = level(Comparison.GIVEN_NAME).is_in(_NAME_APART) | level(Comparison.FAMILY_NAME).is_in(_NAME_APART)
    template = (level(Comparison.STUDENT_ID) == TextLevel.SAME.value) & (
        level(Comparison.BIRTH_DATE) == DateLevel.SAME.value
    )
    said_of_this = pl.col("id_same") & (pl.col("date_against") | (names_apart & ~template))
    return said_of_this | pl.col("number_of_other") | (pl.col("id_differs") & pl.col("names_same"))
