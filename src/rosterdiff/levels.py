"""How fields are compared: the comparisons, and for each an ordered, closed set of levels.

Invariants: the first level that holds counts; `missing` is neither for nor against; no polars here.
"""

from collections.abc import Mapping
from enum import StrEnum


class Comparison(StrEnum):
    """The fields in which a row and a student are compared, in the order in which they are explained."""

    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    MIDDLE_NAME = "middle_name"
    NAME_SUFFIX = "name_suffix"
    BIRTH_DATE = "birth_date"
    STUDENT_ID = "student_id"
    STUDENT_NUMBER = "student_number"
    EMAIL = "email"
    USERNAME = "username"
    GENDER = "gender"
    GRADE = "grade"
    CLASS_NAME = "class_name"
    SCHOOL = "school"
    FURTHER = "further"
    TOGETHER = "together"


class NameLevel(StrEnum):
    """How two names agree, the first that holds counts."""

    SAME = "same"
    KNOWN_AS = "known_as"
    SWAPPED = "swapped"
    NICKNAME = "nickname"
    TRANSPOSED = "transposed"
    SLIP = "slip"
    TYPO = "typo"
    TYPOS = "typos"
    PART = "part"
    MIDDLE = "middle"
    INITIAL = "initial"
    SOUNDS_ALIKE = "sounds_alike"
    CROSSED = "crossed"
    SIMILAR = "similar"
    FAINT = "faint"
    MISSING = "missing"
    DIFFERENT = "different"


class DateLevel(StrEnum):
    """How two birth dates agree, the first that holds counts."""

    SAME = "same"
    DAY_MONTH_SWAPPED = "day_month_swapped"
    TRANSPOSED = "transposed"
    ONE_DIGIT = "one_digit"
    YEAR_OFF = "year_off"
    ONE_PART = "one_part"
    PARTIAL = "partial"
    YEAR_ONLY = "year_only"
    PLACEHOLDER = "placeholder"
    TWO_DIGITS = "two_digits"
    YEAR_SAME = "year_same"
    PARTIAL_DIFFERENT = "partial_different"
    MISSING = "missing"
    DIFFERENT = "different"


class NumberLevel(StrEnum):
    """How two ids agree, the first that holds counts."""

    SAME = "same"
    DAMAGED = "damaged"
    ONE_DIGIT = "one_digit"
    MISSING = "missing"
    DIFFERENT = "different"


class GradeLevel(StrEnum):
    """Where the row's grade stands from the student's, with the step of its upload taken into account.

    In a migration whose sheets carry next year's grades a student one `behind` repeats, and one `ahead` skips a grade.
    """

    IN_STEP = "in_step"
    BEHIND = "behind"
    AHEAD = "ahead"
    OTHER = "other"
    MISSING = "missing"


class PlaceLevel(StrEnum):
    """How two classes or schools agree, the first that holds counts."""

    SAME = "same"
    EXPECTED = "expected"
    MISSING = "missing"
    MOVED = "moved"


class TextLevel(StrEnum):
    """How two plain values (gender, e-mail, username, suffix) agree."""

    SAME = "same"
    MISSING = "missing"
    DIFFERENT = "different"


class FurtherLevel(StrEnum):
    """What the columns that a host declares as evidence say together."""

    FOR = "for"
    AGAINST = "against"
    MISSING = "missing"


class ValueLevel(StrEnum):
    """How two values of one declared column agree, the first that holds counts."""

    SAME = "same"
    TYPO = "typo"
    SIMILAR = "similar"
    PART = "part"
    MISSING = "missing"
    DIFFERENT = "different"


class TogetherLevel(StrEnum):
    """Fields that agree together in two people more often than by chance, so that they are counted once."""

    APART = "apart"
    TWINS = "twins"
    NAMESAKES = "namesakes"
    HOUSEHOLD = "household"


LEVELS_OF: Mapping[Comparison, type[StrEnum]] = {
    Comparison.GIVEN_NAME: NameLevel,
    Comparison.FAMILY_NAME: NameLevel,
    Comparison.MIDDLE_NAME: NameLevel,
    Comparison.NAME_SUFFIX: TextLevel,
    Comparison.BIRTH_DATE: DateLevel,
    Comparison.STUDENT_ID: TextLevel,
    Comparison.STUDENT_NUMBER: NumberLevel,
    Comparison.EMAIL: TextLevel,
    Comparison.USERNAME: TextLevel,
    Comparison.GENDER: TextLevel,
    Comparison.GRADE: GradeLevel,
    Comparison.CLASS_NAME: PlaceLevel,
    Comparison.SCHOOL: PlaceLevel,
    Comparison.FURTHER: FurtherLevel,
    Comparison.TOGETHER: TogetherLevel,
}
"""The enum of levels of each comparison."""

AGAINST: Mapping[Comparison, tuple[StrEnum, ...]] = {
    Comparison.BIRTH_DATE: (
        DateLevel.YEAR_OFF,
        DateLevel.ONE_PART,
        DateLevel.TWO_DIGITS,
        DateLevel.YEAR_SAME,
        DateLevel.PARTIAL_DIFFERENT,
        DateLevel.DIFFERENT,
    ),
    Comparison.GRADE: (GradeLevel.AHEAD, GradeLevel.OTHER),
}
"""Levels by which two of one name are taken for two people: another birth date, a grade out of reach."""
