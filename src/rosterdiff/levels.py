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


class NameLevel(StrEnum):
    """How two names agree, the first that holds counts."""

    SAME = "same"
    KNOWN_AS = "known_as"
    SWAPPED = "swapped"
    NICKNAME = "nickname"
    TYPO = "typo"
    PART = "part"
    MIDDLE = "middle"
    INITIAL = "initial"
    SOUNDS_ALIKE = "sounds_alike"
    SIMILAR = "similar"
    MISSING = "missing"
    DIFFERENT = "different"


class DateLevel(StrEnum):
    """How two birth dates agree, the first that holds counts."""

    SAME = "same"
    DAY_MONTH_SWAPPED = "day_month_swapped"
    ONE_DIGIT = "one_digit"
    ONE_PART = "one_part"
    MISSING = "missing"
    DIFFERENT = "different"


class NumberLevel(StrEnum):
    """How two ids agree, the first that holds counts."""

    SAME = "same"
    DAMAGED = "damaged"
    MISSING = "missing"
    DIFFERENT = "different"


class GradeLevel(StrEnum):
    """Where the row's grade stands from the student's, with the step of its upload taken into account."""

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
}
"""The enum of levels of each comparison."""

AGAINST: Mapping[Comparison, tuple[StrEnum, ...]] = {
    Comparison.BIRTH_DATE: (DateLevel.ONE_PART, DateLevel.DIFFERENT),
    Comparison.GRADE: (GradeLevel.AHEAD, GradeLevel.OTHER),
}
"""Levels by which two of one name are taken for two people: another birth date, a grade out of reach."""
