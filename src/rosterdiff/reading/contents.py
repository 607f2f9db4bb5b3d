"""What a column's values say it is, for headers that can mean several things.

Invariants: a meaning is taken only if most of the values are of it; a column without values says nothing.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import polars as pl

from rosterdiff.grades import parse_grade
from rosterdiff.headers import Composite, Meaning
from rosterdiff.reading.writing import read_date

_MOST_VALUES: Final = 300
_LOOKED_AT: Final = 20_000  # rows; enough to know a column by, few enough to sort
_HONORIFICS: Final = frozenset(["mr", "mrs", "ms", "miss", "mx", "master", "dr", "prof", "sir", "rev"])
_GENDERS: Final = frozenset(
    (
        "m", "f", "x", "u", "n", "b", "g", "w", "d", "h", "1", "2", "male", "female", "boy", "girl", "man", "woman",
        "nonbinary", "non-binary", "other", "unknown", "unspecified", "masculin", "feminin", "masculino", "femenino",
        "mannlich",
        "weiblich", "divers",
    )
)  # fmt: skip


def decide_meaning(meaning: Meaning, values: pl.Series) -> str | None:
    """The first of a header's meanings that the values bear out; else its usual one, or `None`.

    >>> year = Meaning(("grade", "other"), 0)
    >>> decide_meaning(year, pl.Series(["Year 3", "Year 4"])), decide_meaning(year, pl.Series(["2026", "2026"]))
    ('grade', 'other')
    """
    if meaning.clear:
        return meaning.choices[0]
    distinct = _distinct(values)
    if not distinct:
        return meaning.usual or Composite.OTHER.value
    for choice in meaning.choices:
        if _TESTS[choice](distinct):
            return choice
    return meaning.usual


def bears_out(field: str, values: pl.Series) -> bool:
    """Whether a column's values are such as a field holds, as far as that can be told; a column without any is.

    >>> bears_out("email", pl.Series(["3B"])), bears_out("school", pl.Series(["Maple Grove"]))
    (False, True)
    """
    distinct = _distinct(values)
    return not distinct or field not in _TESTS or _TESTS[field](distinct)


def _distinct(values: pl.Series) -> list[str]:
    return sorted(values.drop_nulls().head(_LOOKED_AT).str.strip_chars().unique().to_list())[:_MOST_VALUES]


def most(values: Sequence[str], holds: Callable[[str], object], share: float = 0.7) -> bool:
    """Whether something holds of at least this share of the values."""
    return sum(bool(holds(value)) for value in values) >= share * len(values)


def _matches(pattern: str, share: float = 0.7) -> Callable[[Sequence[str]], bool]:
    compiled = re.compile(pattern)
    return lambda values: most(values, compiled.fullmatch, share)


def _is_running_number(values: Sequence[str]) -> bool:
    """1, 2, 3 … as in a list's first column."""
    numbers = sorted(int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 5)
    return len(numbers) == len(values) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _is_other(values: Sequence[str]) -> bool:
    """School years, honorifics, telephone numbers, running numbers: known, and no field of a student."""
    return (
        most(values, re.compile(r"(?:19|20)\d\d(?:\s*[-/–]\s*(?:20)?\d\d)?").fullmatch)
        or most(values, lambda value: value.casefold().rstrip(".") in _HONORIFICS)
        or most(values, re.compile(r"(?:\+|0|00)[\d ()./-]{7,}").fullmatch)
        or _is_running_number(values)
    )


def _is_number(values: Sequence[str]) -> bool:
    """Numbers and codes, no running numbers, no words, each student another."""
    coded = most(values, lambda value: any(c.isdigit() for c in value) and " " not in value and "@" not in value)
    return coded and not _is_running_number(values)


_EASTERN: Final = re.compile(r"[\u3400-\u9fff\uac00-\ud7a3]{2,4}")
_SOME_FULL: Final = 0.1


def _is_full_name(value: str) -> bool:
    words = value.replace(",", " ").split()
    return not any(c.isdigit() for c in value) and (len(words) >= 2 or bool(_EASTERN.fullmatch(value)))


def has_full_names(values: pl.Series) -> bool:
    """Whether at least some of the values are of several words, so that no other column of names is missing.

    >>> has_full_names(pl.Series(["Ilva Torenbek", "Prince"])), has_full_names(pl.Series(["Ilva", "Maro"]))
    (True, False)
    """
    distinct = _distinct(values)
    return bool(distinct) and most(distinct, _is_full_name, _SOME_FULL)


def _is_word(value: str) -> bool:
    return any(c.isalpha() for c in value) and not any(c.isdigit() or c in "@," for c in value)


_TESTS: Final[Mapping[str, Callable[[Sequence[str]], bool]]] = {
    "grade": lambda values: most(values, parse_grade, 0.5),
    "class_name": _matches(r"(?=.*[A-Za-z])[\w.-]{1,6}|\d{1,2}\s*[A-Za-z]{1,4}\d?|[Cc]lass .{1,12}"),
    "student_number": _is_number,
    "email": lambda values: most(values, lambda value: "@" in value),
    "username": lambda values: most(values, lambda value: " " not in value),
    "gender": lambda values: most(values, lambda value: value.casefold() in _GENDERS),
    "family_name": lambda values: most(values, _is_word),
    "given_name": lambda values: most(values, _is_word),
    "birth_date": lambda values: most(values, read_date, 0.5),
    Composite.FULL_NAME.value: lambda values: most(values, _is_full_name, 0.5),
    Composite.OTHER.value: _is_other,
}
"""What must hold of the values for a column to be of each meaning."""
