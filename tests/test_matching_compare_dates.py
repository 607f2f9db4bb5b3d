"""Every level of two birth dates, whole or known in part, by an example pair; the first level that holds counts."""

from itertools import product

import polars as pl
import pytest

from oracle import date_level
from rosterdiff.levels import DateLevel
from rosterdiff.matching.compare_dates import compare_dates
from rosterdiff.schema import enum_of

WHOLE = [
    ("2016-03-14", "2016-03-14", "same"),
    ("2016-04-03", "2016-03-04", "day_month_swapped"),
    ("2016-03-12", "2016-03-21", "transposed"),
    ("2016-03-01", "2016-03-10", "transposed"),
    ("2061-03-14", "2016-03-14", "transposed"),
    ("2016-12-14", "2016-11-24", "transposed"),
    ("2016-03-14", "2016-03-15", "one_digit"),
    ("2016-03-14", "2016-03-24", "one_digit"),
    ("2016-11-14", "2016-10-14", "one_digit"),
    ("2016-03-14", "2006-03-14", "one_digit"),
    ("1999-03-14", "2016-03-14", "year_off"),
    ("2016-03-14", "2016-03-29", "one_part"),
    ("2016-09-14", "2016-10-14", "one_part"),
    ("2016-01-01", "2016-11-27", "placeholder"),
    ("2016-03-14", "2016-04-15", "two_digits"),
    ("2016-03-14", "2017-04-14", "two_digits"),
    ("2016-03-14", "2016-11-27", "year_same"),
    ("2016-04-03", "2017-03-04", "different"),
    ("2016-03-14", "2017-11-27", "different"),
]
"""Dates that are known in full; what comes first where several hold is seen by oracle."""

IN_PART = [
    ("2016", "2016-03-14", "year_only"),
    ("2016", "2016", "year_only"),
    ("2016-03", "2016-03-14", "partial"),
    ("-03-14", "2016-03-14", "partial"),
    ("2016", "2017-03-14", "partial_different"),
    ("2016-04", "2016-03-14", "partial_different"),
    ("-03-15", "2016-03-14", "partial_different"),
    ("2016", "-03-14", "missing"),
    ("", "2016-03-14", "missing"),
    ("", "", "missing"),
]


def parts_of(text: str) -> tuple[int | None, int | None, int | None]:
    """Year, month and day of an ISO date, of which any may be left out."""
    year, month, day, *_ = (int(part) if part else None for part in [*text.split("-"), "", "", ""])
    return year, month, day


def levels_of(*pairs: tuple[str, str]) -> list[str]:
    """The levels of pairs of dates."""
    names = ("birth_year", "birth_month", "birth_day")
    sides = [[parts_of(pair[side]) for pair in pairs] for side in (0, 1)]
    joined = pl.DataFrame(
        {
            f"{name}{suffix}": pl.Series([parts[at] for parts in side], dtype=pl.Int32)
            for suffix, side in zip(("", "_student"), sides, strict=True)
            for at, name in enumerate(names)
        }
    )
    found = compare_dates(joined)
    assert found.dtype == enum_of(DateLevel)
    return found.to_list()


@pytest.mark.parametrize(("one", "other", "level"), WHOLE + IN_PART)
def test_two_dates_agree_on_a_level_whichever_side_they_stand_on(one: str, other: str, level: str) -> None:
    assert levels_of((one, other), (other, one)) == [level, level]
    assert date_level(parts_of(one), parts_of(other)) == level, "the oracle reads the words in the same way"


def test_every_level_is_shown_here() -> None:
    assert {level for _, _, level in WHOLE + IN_PART} == {level.value for level in DateLevel}


def test_a_date_whose_first_of_january_stands_for_no_day_agrees_less_than_one_of_a_wrong_day() -> None:
    assert levels_of(("2016-01-01", "2016-01-09"), ("2016-01-01", "2016-03-01")) == ["one_digit", "one_digit"]
    assert levels_of(("2016-01-01", "2016-01-27"), ("2016-01-01", "2016-11-27")) == ["one_part", "placeholder"]


def test_dates_of_few_days_agree_by_the_words_of_the_levels_in_all_their_pairs() -> None:
    """All pairs of some hundred dates, whole and in part, against the oracle."""
    years, months, days = (
        ("2016", "2017", "2061", "2006", ""),
        ("01", "03", "11", "12", ""),
        ("01", "10", "12", "21", ""),
    )
    dates = ["-".join(parts) for parts in product(years, months, days)]
    pairs = list(product(dates, dates))
    assert levels_of(*pairs) == [date_level(parts_of(a), parts_of(b)) for a, b in pairs]


def test_no_pairs_have_no_levels() -> None:
    assert levels_of() == []
