"""Pairs → levels: how a row and a student agree in every field.

Invariants: every comparison is an ordered, closed set of levels and the first that holds counts; a value that either
side lacks is `missing`; the order of the pairs is kept. `names_same` is the promise by which alone a pair may be
decided without a person: given and family name each equal a name of the student, nothing in middle name or suffix
against it.
"""

from itertools import pairwise
from typing import Final

import polars as pl

from rosterdiff.levels import Comparison, DateLevel, GradeLevel, NameLevel, NumberLevel, PlaceLevel, TextLevel
from rosterdiff.matching.compare_names import NAME_LEVEL, compare_names
from rosterdiff.matching.sides import put_beside
from rosterdiff.schema import LEVEL_COLUMNS, LEVELS, check, enum_of

_DATE_PARTS: Final = ("birth_year", "birth_month", "birth_day")


def compare_pairs(pairs: pl.DataFrame, rows: pl.DataFrame, students: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """Find the level of every comparison of every pair.

    Args:
        pairs: `schema.PAIRS`.
        rows, students: records; the rows have `step` besides, the grade step of their upload (0 or 1).
        forms: further names of students.

    Returns:
        `schema.LEVELS`, in the order of the pairs.

    """
    joined = _with_close_dates(put_beside(pairs, rows, students))
    named = joined.with_columns(
        _distinct_levels(joined, "given").alias(LEVEL_COLUMNS[Comparison.GIVEN_NAME]),
        _distinct_levels(joined, "family").alias(LEVEL_COLUMNS[Comparison.FAMILY_NAME]),
        _distinct_levels(joined, "middle").alias(LEVEL_COLUMNS[Comparison.MIDDLE_NAME]),
    ).with_columns(_across_fields())
    called = _with_forms(named, forms)
    levels = called.with_columns(_other_levels()).with_columns(_names_same())
    return check(levels.select(*LEVELS), LEVELS)


def _distinct_levels(joined: pl.DataFrame, name: str) -> pl.Series:
    """The level of one kind of name, found once for each distinct pair of names."""
    a, b = (joined[column].to_physical().cast(pl.UInt64) for column in (name, f"{name}_student"))
    sides = joined.select(a=name, b=f"{name}_student", both=a * (1 << 32) + b)
    distinct = sides.drop_nulls().unique("both", maintain_order=True)
    levels = distinct.select("both", compare_names(distinct.select(pl.col("a", "b").cast(pl.String)))["level"])
    found = sides.select("both").join(levels, on="both", how="left", maintain_order="left", nulls_equal=False)
    return found["level"].fill_null(NameLevel.MISSING.value)


def _across_fields() -> list[pl.Expr]:
    """Given and family name swapped; the one's given name the other's middle name."""
    given, family = (pl.col(LEVEL_COLUMNS[c]) for c in (Comparison.GIVEN_NAME, Comparison.FAMILY_NAME))
    col = pl.col
    swapped = (col("given_key") == col("family_key_student")) & (col("family_key") == col("given_key_student"))
    is_swapped = swapped.fill_null(value=False) & (given != NameLevel.SAME.value)
    middle = (col("given") == col("middle_student")) | (col("middle") == col("given_student"))
    is_middle = middle.fill_null(value=False) & (given > NameLevel.MIDDLE.value)
    return [
        pl.when(is_swapped)
        .then(pl.lit(NameLevel.SWAPPED.value, dtype=NAME_LEVEL))
        .when(is_middle)
        .then(pl.lit(NameLevel.MIDDLE.value, dtype=NAME_LEVEL))
        .otherwise(given)
        .alias(LEVEL_COLUMNS[Comparison.GIVEN_NAME]),
        pl.when(is_swapped)
        .then(pl.lit(NameLevel.SWAPPED.value, dtype=NAME_LEVEL))
        .otherwise(family)
        .alias(LEVEL_COLUMNS[Comparison.FAMILY_NAME]),
    ]


def _with_forms(named: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """Take the better level where a student is called by a further name; equal to one is `known_as`."""
    for comparison, name in ((Comparison.GIVEN_NAME, "given"), (Comparison.FAMILY_NAME, "family")):
        level = LEVEL_COLUMNS[comparison]
        also = forms.select(pl.col("at").alias("student"), pl.col(name).alias("b")).drop_nulls().unique()
        compared = named.select("row", "student", pl.col(name).alias("a")).join(also, on="student", how="inner")
        compared = compared.with_columns(pl.col("a").cast(pl.String))
        if compared.is_empty():
            continue
        levels = compare_names(compared.select("a", "b").drop_nulls().unique())
        as_known = pl.col("level").replace({NameLevel.SAME.value: NameLevel.KNOWN_AS.value})
        best = (
            compared.join(levels, on=["a", "b"], how="inner")
            .group_by("row", "student")
            .agg(as_known.min().alias("also"))
        )
        named = named.join(best, on=["row", "student"], how="left", maintain_order="left")
        named = named.with_columns(_better(pl.col("also"), pl.col(level)).alias(level)).drop("also")
    return named


def _better(also: pl.Expr, legal: pl.Expr) -> pl.Expr:
    """The better of two name levels; a further name that merely differs says nothing."""
    return pl.when(also.is_not_null() & (also < legal)).then(also).otherwise(legal)


def _other_levels() -> list[pl.Expr]:
    return [
        level.alias(LEVEL_COLUMNS[comparison])
        for comparison, level in {
            Comparison.NAME_SUFFIX: _text_level("suffix"),
            Comparison.BIRTH_DATE: _date_level(),
            Comparison.STUDENT_ID: _text_level("student_id"),
            Comparison.STUDENT_NUMBER: _number_level(),
            Comparison.EMAIL: _text_level("email"),
            Comparison.USERNAME: _text_level("username"),
            Comparison.GENDER: _text_level("gender"),
            Comparison.GRADE: _grade_level(),
            Comparison.CLASS_NAME: _class_level(),
            Comparison.SCHOOL: _school_level(),
        }.items()
    ]


def _missing(name: str) -> pl.Expr:
    return pl.col(name).is_null() | pl.col(f"{name}_student").is_null()


def _both(name: str) -> tuple[str, str]:
    return name, f"{name}_student"


def _equal(name: str) -> pl.Expr:
    return pl.col(name) == pl.col(f"{name}_student")


def _text_level(name: str) -> pl.Expr:
    level = enum_of(TextLevel)
    return (
        pl.when(_missing(name))
        .then(pl.lit(TextLevel.MISSING.value, dtype=level))
        .when(_equal(name))
        .then(pl.lit(TextLevel.SAME.value, dtype=level))
        .otherwise(pl.lit(TextLevel.DIFFERENT.value, dtype=level))
    )


def _number_level() -> pl.Expr:
    level = enum_of(NumberLevel)
    return (
        pl.when(_missing("number"))
        .then(pl.lit(NumberLevel.MISSING.value, dtype=level))
        .when(_equal("number"))
        .then(pl.lit(NumberLevel.SAME.value, dtype=level))
        .when(_equal("number_bare"))
        .then(pl.lit(NumberLevel.DAMAGED.value, dtype=level))
        .otherwise(pl.lit(NumberLevel.DIFFERENT.value, dtype=level))
    )


def _with_close_dates(joined: pl.DataFrame) -> pl.DataFrame:
    """Add `dates_close`: whether two dates that agree in two parts are close in the third; null for all others."""
    two_agree = pl.sum_horizontal(_equal(part).cast(pl.UInt8) for part in _DATE_PARTS) == 2
    at = joined.select(two_agree.arg_true()).to_series()
    near = joined.select(pl.col(name).gather(at).cast(pl.Int32) for part in _DATE_PARTS for name in _both(part))
    close = near.select(pl.all_horizontal(_one_digit_apart(*map(pl.col, _both(part))) for part in _DATE_PARTS))
    unknown = pl.repeat(None, joined.height, dtype=pl.Boolean, eager=True)
    return joined.with_columns(unknown.scatter(at, close.to_series()).alias("dates_close"))


def _date_level() -> pl.Expr:
    level = enum_of(DateLevel)
    day, month = (_both(f"birth_{part}") for part in ("day", "month"))
    exchanged = (pl.col(day[0]) == pl.col(month[1])) & (pl.col(month[0]) == pl.col(day[1]))
    return (
        pl.when(_missing("birth_date"))
        .then(pl.lit(DateLevel.MISSING.value, dtype=level))
        .when(_equal("birth_date"))
        .then(pl.lit(DateLevel.SAME.value, dtype=level))
        .when(_equal("birth_year") & exchanged)
        .then(pl.lit(DateLevel.DAY_MONTH_SWAPPED.value, dtype=level))
        .when(pl.col("dates_close"))
        .then(pl.lit(DateLevel.ONE_DIGIT.value, dtype=level))
        .when(pl.col("dates_close").is_not_null())
        .then(pl.lit(DateLevel.ONE_PART.value, dtype=level))
        .otherwise(pl.lit(DateLevel.DIFFERENT.value, dtype=level))
    )


def _one_digit_apart(x: pl.Expr, y: pl.Expr) -> pl.Expr:
    """Equal, one digit mistyped, or two neighbouring digits exchanged."""
    digits = [((x // 10**place) % 10, (y // 10**place) % 10) for place in range(4)]
    differing = pl.sum_horizontal((p != q).cast(pl.UInt8) for p, q in digits)
    exchanged = pl.any_horizontal(
        (p != q) & (p == next_q) & (next_p == q) for (p, q), (next_p, next_q) in pairwise(digits)
    )
    return (differing <= 1) | (exchanged & (differing == 2))


def _grade_level() -> pl.Expr:
    level = enum_of(GradeLevel)
    ahead = pl.col("grade_order").cast(pl.Int16) - pl.col("grade_order_student") - pl.col("step")
    return (
        pl.when(_missing("grade"))
        .then(pl.lit(GradeLevel.MISSING.value, dtype=level))
        .when((ahead == 0) | (ahead.is_null() & _equal("grade")))
        .then(pl.lit(GradeLevel.IN_STEP.value, dtype=level))
        .when(ahead == -1)
        .then(pl.lit(GradeLevel.BEHIND.value, dtype=level))
        .when(ahead == 1)
        .then(pl.lit(GradeLevel.AHEAD.value, dtype=level))
        .otherwise(pl.lit(GradeLevel.OTHER.value, dtype=level))
    )


def _class_level() -> pl.Expr:
    level = enum_of(PlaceLevel)
    expected = (pl.col("step") == 1) & (pl.col("class_key") == pl.col("class_next_student"))
    return (
        pl.when(_missing("class_key"))
        .then(pl.lit(PlaceLevel.MISSING.value, dtype=level))
        .when(_equal("class_key"))
        .then(pl.lit(PlaceLevel.SAME.value, dtype=level))
        .when(expected.fill_null(value=False))
        .then(pl.lit(PlaceLevel.EXPECTED.value, dtype=level))
        .otherwise(pl.lit(PlaceLevel.MOVED.value, dtype=level))
    )


def _school_level() -> pl.Expr:
    level = enum_of(PlaceLevel)
    return (
        pl.when(_missing("school"))
        .then(pl.lit(PlaceLevel.MISSING.value, dtype=level))
        .when(_equal("school"))
        .then(pl.lit(PlaceLevel.SAME.value, dtype=level))
        .otherwise(pl.lit(PlaceLevel.MOVED.value, dtype=level))
    )


def _names_same() -> pl.Expr:
    given, family, middle = (
        pl.col(LEVEL_COLUMNS[c]) for c in (Comparison.GIVEN_NAME, Comparison.FAMILY_NAME, Comparison.MIDDLE_NAME)
    )
    the_same = [NameLevel.SAME.value, NameLevel.KNOWN_AS.value]
    no_family = pl.col("family").is_null() & pl.col("family_student").is_null()
    no_given = pl.col("given").is_null() & pl.col("given_student").is_null()
    return (
        (given.is_in(the_same) | no_given)
        & (family.is_in(the_same) | no_family)
        & ~(no_given & no_family)
        & middle.is_in([NameLevel.SAME.value, NameLevel.INITIAL.value, NameLevel.MISSING.value])
        & (pl.col(LEVEL_COLUMNS[Comparison.NAME_SUFFIX]) != TextLevel.DIFFERENT.value)
    ).alias("names_same")
