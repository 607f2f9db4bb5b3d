"""Dates: nothing is guessed; the order of day and month comes from the whole column."""

import random
from datetime import date, timedelta

import polars as pl
import pytest

from rosterdiff.config import DateOrder, ReadOptions
from rosterdiff.reading import read_roster
from rosterdiff.reading.dates import DateFault, Settings, parse_dates

DAY = date(2016, 3, 14)


def read(*texts: str | None, order: DateOrder | None = None, as_of: date | None = None) -> list[date | None]:
    return parse_dates(pl.Series(texts, dtype=pl.String), Settings(order, None, as_of))[0].to_list()


def faults(*texts: str, order: DateOrder | None = None, as_of: date | None = None) -> dict[str, list[int]]:
    found = parse_dates(pl.Series(texts, dtype=pl.String), Settings(order, None, as_of))[1]
    return {fault.value: places.to_list() for fault, places in found.items()}


@pytest.mark.parametrize(
    "text",
    [
        "2016-03-14", "2016/3/14", "2016.03.14", "2016 03 14", "20160314", "14/03/2016", "14-3-2016", "14.03.2016",
        "3/14/2016", "14 03 2016", "14032016", "14 Mar 2016", "14-MAR-2016", "14 March 2016", "March 14, 2016",
        "14th March 2016", "Mon 14 Mar 2016", "2016 March 14", "14 mars 2016", "14 de marzo de 2016", "14. März 2016",
        "2016-03-14 00:00:00", "2016-03-14T00:00:00Z", "14/03/2016 12:00 AM", "42443", "42443.0", "14-Mar-16",
        "14/03/16",
    ],
)  # fmt: skip
def test_a_date_is_read_however_it_is_written(text: str) -> None:
    assert read(text) == [DAY]


@pytest.mark.parametrize(
    "text",
    ["31/02/2016", "2016-13-01", "32/1/2016", "0/0/2016", "soon", "2016", "14 Mrch 2016", "1/2", "13/13/2016", "9"],
)
def test_what_is_no_date_is_empty_and_said(text: str) -> None:
    assert (read(text), faults(text)) == ([None], {"unreadable": [0]})


@pytest.mark.parametrize("text", ["-", "N/A", "unknown", "TBC", "not known", "00/00/0000"])
def test_words_for_nothing_are_just_empty(text: str) -> None:
    assert (read(text), faults(text)) == ([None], {})


def test_one_day_above_twelve_decides_the_whole_column() -> None:
    assert read("3/4/2016", "13/4/2016") == [date(2016, 4, 3), date(2016, 4, 13)]
    assert read("3/4/2016", "4/13/2016") == [date(2016, 3, 4), date(2016, 4, 13)]


def test_what_nothing_decides_is_empty_and_an_error_but_not_what_is_the_same_either_way() -> None:
    assert read("3/4/2016", "5/5/2016", None) == [None, date(2016, 5, 5), None]
    assert faults("3/4/2016", "5/5/2016") == {"ambiguous": [0]}
    assert faults("4/4/2016", "5/5/2016") == {}


def test_a_date_that_shows_its_order_does_not_decide_the_others() -> None:
    assert faults("2016-03-14", "14 Mar 2016", "3/4/2016") == {"ambiguous": [2]}


def test_a_column_of_both_orders_keeps_what_is_certain() -> None:
    assert read("13/4/2016", "4/13/2016", "3/4/2016") == [date(2016, 4, 13), date(2016, 4, 13), None]
    assert faults("13/4/2016", "4/13/2016", "3/4/2016") == {"mixed": [2]}


def test_the_callers_order_is_kept_even_where_it_fits_no_date() -> None:
    assert read("3/4/2016", order=DateOrder.MDY) == [date(2016, 3, 4)]
    assert read("3/4/2016", order=DateOrder.DMY) == [date(2016, 4, 3)]
    assert faults("4/13/2016", order=DateOrder.DMY) == {"unreadable": [0]}


def test_years_of_two_digits_are_those_of_a_child_and_said() -> None:
    assert read("14/3/16", "14/3/98") == [DAY, date(1998, 3, 14)]
    assert faults("14/3/16") == {"year_assumed": [0]}
    assert read("14/3/30", as_of=date(2027, 1, 1)) == [date(1930, 3, 14)]


def test_a_birth_after_the_day_of_the_list_is_said() -> None:
    assert faults("2028-01-01", "2016-03-14", "1899-01-01", as_of=date(2027, 1, 1)) == {"implausible": [0, 2]}
    assert faults("2028-01-01") == {}


@pytest.mark.parametrize(("order", "pattern"), [(DateOrder.DMY, "%d/%m/%Y"), (DateOrder.MDY, "%m/%d/%Y")])
def test_whole_classes_are_read_right_or_not_at_all(order: DateOrder, pattern: str) -> None:
    """Of random columns of any length no date is ever read as another day."""
    dice = random.Random(7)
    for size in (1, 2, 3, 5, 8, 25):
        for _ in range(60):
            days = [date(2008, 1, 1) + timedelta(days=dice.randrange(3650)) for _ in range(size)]
            got = read(*(day.strftime(pattern) for day in days))
            assert all(found in {None, day} for found, day in zip(got, days, strict=True))
            if any(day.day > 12 for day in days):
                assert got == days


def test_every_fault_becomes_an_issue_with_its_cell() -> None:
    lines = ["Given Name,Family Name,DOB", "Ilva,T,31/2/2016", "Maro,Q,14/3/16", "Pia,O,1/2/2016"]
    roster = read_roster("\n".join(lines).encode(), options=ReadOptions(as_of=date(2027, 1, 1)))
    assert roster.issues.select("severity", "code", "cell").rows() == [
        ("warning", "date_unreadable", "C2"),
        ("info", "date_year_assumed", "C3"),
    ]
    ambiguous = read_roster(b"Given Name,Family Name,DOB\nPia,O,1/2/2016\n")
    assert ambiguous.issues.select("severity", "code", "cell").rows() == [("error", "date_order_ambiguous", "C2")]


@pytest.mark.parametrize(
    "text",
    [
        "2016年3月14日", "2016년 3월 14일", "14–03–2016", "14·03·2016", "14|03|2016", "14/03/2016",
        "14 de marzo del 2016",
        "le 14 mars 2016", "14 févr 2016", "14-mrz-2016", "14.3.2016.", "14 Sept 2016", "14 août 2016", "14 Dez. 2016",
    ],
)  # fmt: skip
def test_dates_of_other_languages_and_signs_are_read(text: str) -> None:
    (day,) = read(text)
    assert day is not None
    assert (day.year, day.day) == (2016, 14)


def test_a_column_that_shows_no_order_borrows_that_of_the_file() -> None:
    dates, found = parse_dates(pl.Series(["3/4/2016", "5/5/2016"]), Settings(borrowed=DateOrder.DMY))
    assert dates.to_list() == [date(2016, 4, 3), date(2016, 5, 5)]
    assert found[DateFault.BORROWED].to_list() == [0]
    own = parse_dates(pl.Series(["3/4/2016", "4/13/2016"]), Settings(borrowed=DateOrder.DMY))
    assert own[0].to_list() == [date(2016, 3, 4), date(2016, 4, 13)]


@pytest.mark.parametrize(
    "zero", ["1900-01-00", "1900-01-01", "1899-12-30", "00/01/1900", "01/01/1900", "1904-01-01", "0"]
)
def test_the_zero_of_a_spreadsheet_is_no_birth_date_and_said(zero: str) -> None:
    assert (read(zero, "2016-03-14"), faults(zero)) == ([None, DAY], {"placeholder": [0]})


def test_ages_outside_school_are_said_for_all_in_one() -> None:
    as_of = date(2027, 1, 1)
    found = faults("2016-03-14", "2026-06-01", "1985-02-02", "2024-12-31", "2002-01-01", as_of=as_of)
    assert found == {"unusual_age": [1, 2]}
    assert faults("1985-02-02") == {}


def test_the_edges_of_school_age_are_two_and_twenty_five() -> None:
    as_of = date(2027, 6, 15)
    assert faults("2025-06-15", "2001-06-16", as_of=as_of) == {}
    assert faults("2025-06-16", "2001-06-15", as_of=as_of) == {"unusual_age": [0, 1]}


def test_many_birthdays_on_the_first_of_january_are_said_and_a_few_are_not() -> None:
    days = [str(date(2010, 2, 1) + timedelta(days=7 * at)) for at in range(100)]
    assert faults(*days, *["2012-01-01"] * 3) == {}
    assert faults(*days, *["2012-01-01"] * 9) == {"first_of_january": list(range(100, 109))}


def test_a_count_of_days_is_read_from_1900_and_said() -> None:
    assert (read("42443"), faults("42443")) == ([DAY], {"serial": [0]})


def test_a_year_first_order_of_the_caller_reads_two_digits_each() -> None:
    assert read("16/03/14", order=DateOrder.YMD) == [DAY]
    assert faults("14/03/2016", order=DateOrder.YMD) == {"unreadable": [0]}


def test_the_fast_way_and_the_patient_way_read_the_same() -> None:
    """Dates of the usual writings are read as whole columns; one at a time they are the same days."""
    dice = random.Random(11)
    days = [date(2000, 1, 1) + timedelta(days=dice.randrange(9000)) for _ in range(300)]
    for pattern in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"):
        texts = [day.strftime(pattern) for day in days]
        assert read(*texts) == read(*(f" {text} 12:00" for text in texts), order=DateOrder.DMY) == days
