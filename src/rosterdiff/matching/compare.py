"""Pairs → levels: how a row and a student agree in every field.

Invariants: every comparison is an ordered, closed set of levels and the first that holds counts; a value that either
side lacks is `missing`; the order of the pairs is kept. `names_same` is the promise by which alone a pair may be
decided without a person: given and family name each equal a name of the student, nothing in middle name or suffix
against it.
"""

from functools import cache
from typing import Final

import numpy as np
import polars as pl
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from rosterdiff.levels import Comparison, GradeLevel, NameLevel, NumberLevel, PlaceLevel, TextLevel
from rosterdiff.matching.compare_dates import compare_dates
from rosterdiff.matching.compare_names import NAME_LEVEL, compare_names
from rosterdiff.matching.distinct import level_distinct, levels_of, pair_code
from rosterdiff.matching.sides import encode, put_beside
from rosterdiff.pairs import NAME_KNOWN
from rosterdiff.schema import LEVEL_COLUMNS, LEVELS, check, enum_of

_SWAPPED: Final = (
    NameLevel.SAME, NameLevel.NICKNAME, NameLevel.TRANSPOSED, NameLevel.SLIP, NameLevel.TYPO, NameLevel.TYPOS,
    NameLevel.PART,
)  # fmt: skip
"""How near two names are that have changed places: each is the other side's other one, mistyped or in short."""

_MIDDLE_AGREES: Final = (NameLevel.SAME, NameLevel.INITIAL, NameLevel.PART, NameLevel.MISSING)
"""Middle names that do not contradict each other: of several one list may give but one, or its initial."""

SHORTEST_NUMBER: Final = 5
"""Numbers from this length on may be a digit apart by mistake; shorter ones are a digit apart by nature."""


def compare_pairs(pairs: pl.DataFrame, rows: pl.DataFrame, students: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """Find the level of every comparison of every pair.

    Args:
        pairs: `schema.PAIRS`.
        rows, students: records; the rows have `step` besides, the grade step of their upload (0 or 1).
        forms: further names of students.

    Returns:
        `schema.LEVELS`, in the order of the pairs.

    """
    return compare_joined(put_beside(pairs, *encode(rows, students)), forms)


def compare_joined(joined: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """Find the level of every comparison of pairs whose fields stand side by side (`schema.LEVELS`).

    Args:
        joined: pairs with the fields of both records (`sides.put_beside`).
        forms: further names of students.

    """
    named = joined.with_columns(_name_levels(joined)).with_columns(_across_fields())
    called = _with_forms(named, forms).with_columns(_called_in_the_row())
    dated = called.with_columns(compare_dates(joined).alias(LEVEL_COLUMNS[Comparison.BIRTH_DATE]))
    apart = dated.with_columns(_one_digit_apart(joined).alias("one_digit"))
    levels = apart.with_columns(_other_levels()).with_columns(_names_same())
    return check(levels.select(*LEVELS), LEVELS)


def _name_levels(joined: pl.DataFrame) -> list[pl.Series]:
    """The levels of the three kinds of names, and whether the two are nearly swapped (`nearly_swapped`).

    All kinds of names are of one closed set, so that each distinct pair of names is compared once, wherever it stands.
    """
    kinds = {
        LEVEL_COLUMNS[Comparison.GIVEN_NAME]: ("given", "given"),
        LEVEL_COLUMNS[Comparison.FAMILY_NAME]: ("family", "family"),
        LEVEL_COLUMNS[Comparison.MIDDLE_NAME]: ("middle", "middle"),
        "given_as_family": ("given", "family"),
        "family_as_given": ("family", "given"),
    }
    codes = joined.select(pair_code(a, f"{b}_student").alias(level) for level, (a, b) in kinds.items())
    crossed = pl.col("given_first", "family_first").to_physical()
    begins = joined.select(crossed, pl.col("given_first_student", "family_first_student").to_physical()).select(
        (pl.col("given_first") == pl.col("family_first_student"))
        & (pl.col("family_first") == pl.col("given_first_student"))
    )
    codes = codes.with_columns(
        pl.when(begins.to_series()).then(pl.col(level)).alias(level) for level in ("given_as_family", "family_as_given")
    )
    levels = level_distinct(codes.get_columns(), joined["given"].dtype, lambda pairs: compare_names(pairs)["level"])
    *found, given_as_family, family_as_given = (levels_of(codes[level], levels).alias(level) for level in kinds)
    near = [level.value for level in _SWAPPED]
    nearly = given_as_family.is_in(near) & family_as_given.is_in(near)
    return [*found, nearly.alias("nearly_swapped")]


@cache
def _across_fields() -> tuple[pl.Expr, ...]:
    """Given and family name swapped, or one of the two; the one's given name the other's middle name."""
    given, family = (pl.col(LEVEL_COLUMNS[c]) for c in (Comparison.GIVEN_NAME, Comparison.FAMILY_NAME))
    col = pl.col
    to_family = (col("given_key") == col("family_key_student")).fill_null(value=False)
    to_given = (col("family_key") == col("given_key_student")).fill_null(value=False)
    apart = (given > NameLevel.CROSSED.value) & (family > NameLevel.CROSSED.value)
    is_swapped = (to_family & to_given & (given != NameLevel.SAME.value)) | (col("nearly_swapped") & apart)
    is_crossed = (to_family | to_given) & apart
    middle = (col("given") == col("middle_student")) | (col("middle") == col("given_student"))
    is_middle = middle.fill_null(value=False) & (given > NameLevel.MIDDLE.value)

    def said(level: NameLevel) -> pl.Expr:
        return pl.lit(level.value, dtype=NAME_LEVEL)

    swapped_or = pl.when(is_swapped).then(said(NameLevel.SWAPPED))
    return (
        swapped_or.when(is_middle).then(said(NameLevel.MIDDLE)).when(is_crossed).then(said(NameLevel.CROSSED))
        .otherwise(given).alias(LEVEL_COLUMNS[Comparison.GIVEN_NAME]),
        swapped_or.when(is_crossed).then(said(NameLevel.CROSSED))
        .otherwise(family).alias(LEVEL_COLUMNS[Comparison.FAMILY_NAME]),
    )  # fmt: skip


@cache
def _called_in_the_row() -> tuple[pl.Expr, ...]:
    """The name by which the row says that its child is called, where it is the student's."""
    found = []
    for comparison, name in ((Comparison.GIVEN_NAME, "given"), (Comparison.FAMILY_NAME, "family")):
        level = pl.col(LEVEL_COLUMNS[comparison])
        is_called = (pl.col(f"{name}_called") == pl.col(f"{name}_key_student")).fill_null(value=False)
        known_as = pl.lit(NameLevel.KNOWN_AS.value, dtype=NAME_LEVEL)
        better = is_called & (level > NameLevel.KNOWN_AS.value)
        found.append(pl.when(better).then(known_as).otherwise(level).alias(LEVEL_COLUMNS[comparison]))
    return tuple(found)


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


@cache
def _other_levels() -> tuple[pl.Expr, ...]:
    return tuple(
        level.alias(LEVEL_COLUMNS[comparison])
        for comparison, level in {
            Comparison.NAME_SUFFIX: _text_level("suffix"),
            Comparison.STUDENT_ID: _text_level("student_id"),
            Comparison.STUDENT_NUMBER: _number_level(),
            Comparison.EMAIL: _text_level("email"),
            Comparison.USERNAME: _text_level("username"),
            Comparison.GENDER: _text_level("gender"),
            Comparison.GRADE: _grade_level(),
            Comparison.CLASS_NAME: _class_level(),
            Comparison.SCHOOL: _school_level(),
        }.items()
    )


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
        .when("one_digit")
        .then(pl.lit(NumberLevel.ONE_DIGIT.value, dtype=level))
        .otherwise(pl.lit(NumberLevel.DIFFERENT.value, dtype=level))
    )


def _one_digit_apart(joined: pl.DataFrame) -> pl.Series:
    """Long numbers of which one digit is mistyped, missing, added, or changed places with its neighbour.

    Leading zeros may be lost besides: the shorter number is compared with as many zeros before it as make it as long.
    """
    unequal = (joined["number"] != joined["number_student"]).arg_true()
    both = pl.DataFrame([joined[name].gather(unequal).cast(pl.String) for name in _both("number")])
    length = pl.max_horizontal(pl.all().str.len_chars())
    padded = both.select(pl.all().str.zfill(length))
    shortest = both.select(pl.min_horizontal(pl.all().str.len_chars())).to_series()
    near = (_one_edit_apart(both) & (shortest >= SHORTEST_NUMBER)) | (
        _one_edit_apart(padded) & (padded.to_series(0).str.len_chars() >= SHORTEST_NUMBER)
    )
    return pl.repeat(value=False, n=joined.height, eager=True).scatter(unequal.filter(near), values=True)


def _one_edit_apart(both: pl.DataFrame) -> pl.Series:
    a, b = both
    edits = cpdist(a.to_list(), b.to_list(), scorer=OSA.distance, score_cutoff=1, dtype=np.uint8)
    return pl.Series(edits, dtype=pl.UInt8) == 1


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
    expected = (pl.col("step") == 1) & (pl.col("school") == pl.col("school_next_student"))
    return (
        pl.when(_missing("school"))
        .then(pl.lit(PlaceLevel.MISSING.value, dtype=level))
        .when(_equal("school"))
        .then(pl.lit(PlaceLevel.SAME.value, dtype=level))
        .when(expected.fill_null(value=False))
        .then(pl.lit(PlaceLevel.EXPECTED.value, dtype=level))
        .otherwise(pl.lit(PlaceLevel.MOVED.value, dtype=level))
    )


@cache
def _names_same() -> pl.Expr:
    given, family, middle = (
        pl.col(LEVEL_COLUMNS[c]) for c in (Comparison.GIVEN_NAME, Comparison.FAMILY_NAME, Comparison.MIDDLE_NAME)
    )
    no_family = pl.col("family").is_null() & pl.col("family_student").is_null()
    no_given = pl.col("given").is_null() & pl.col("given_student").is_null()
    return (
        (given.is_in(NAME_KNOWN) | no_given)
        & (family.is_in(NAME_KNOWN) | no_family)
        & ~(no_given & no_family)
        & middle.is_in([str(level) for level in _MIDDLE_AGREES])
        & (pl.col(LEVEL_COLUMNS[Comparison.NAME_SUFFIX]) != TextLevel.DIFFERENT.value)
    ).alias("names_same")
