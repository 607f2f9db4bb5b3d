"""What cells can hold: names in one column, dates of every kind, damaged numbers, errors, marks that nobody sees.

Invariants: where nobody can know what was meant the truth is nothing, and an issue at the column; where the value is
there and odd, the truth is the value as it stands.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any, Final

from benchmarks.reading.cases import Case
from benchmarks.reading.pages import BORN, DATED, NAMED, PLAIN, Column, Page, Truth, column, lost
from benchmarks.reading.people import LATIN, Crowd, Person, draw_people
from benchmarks.reading.writers import Formula, Styled, text, workbook, workbook_by_openpyxl

_ID: Final = column("Student ID", "student_number")
_EPOCH: Final = date(1899, 12, 30)


def value_cases(seed: int) -> Iterator[Case]:
    """Odd values of one seed, as text and as workbooks."""
    people = draw_people(Crowd(seed, 24, LATIN))
    for name, (columns, said) in {**_names(), **_dates(people), **_numbers(), **_marks()}.items():
        page = Page([*columns], people, sheet=None)
        yield Case(name, "value", "p.csv", partial(text, page), [page], said)
    for name, (columns, said) in _cells(people).items():
        page = Page([*columns], people)
        yield Case(name, "value", "p.xlsx", partial(workbook, [page]), [page], said)
    old = Page(DATED, people)
    yield Case("dates of 1904", "value", "p.xlsx", partial(workbook, [old], date_1904=True), [old])
    unsaved = Page([*_unsaved()], people)
    yield Case(
        "formulas whose values were not saved",
        "value",
        "p.xlsx",
        partial(workbook_by_openpyxl, [unsaved]),
        [unsaved],
        ["field:class_name"],
    )


def _names() -> dict[str, tuple[Sequence[Column], list[str]]]:
    def full(spell: Callable[[Person], str], *parts: str) -> list[Column]:
        return [_ID, Column("Student Name", spell, partial(_parts, parts)), BORN]

    return {
        "Last, First": (full(lambda one: f"{one.family}, {one.given}", "given", "family"), []),
        "Last, First Middle": (
            full(lambda one: f"{one.family}, {one.given} {one.middle}", "given", "middle", "family"),
            [],
        ),
        "Last, First (Nick)": (
            full(lambda one: f"{one.family}, {one.given} ({one.nick})", "given", "family", "nick"),
            [],
        ),
        "Last, First Middle (Nick)": (
            full(
                lambda one: f"{one.family}, {one.given} {one.middle} ({one.nick})", "given", "middle", "family", "nick"
            ),
            [],
        ),
        "LAST, First": (
            [
                _ID,
                Column(
                    "Name",
                    lambda one: f"{one.family.upper()}, {one.given}",
                    lambda one: {"family_name": one.family.upper(), "given_name": one.given},
                ),
                BORN,
            ],
            [],
        ),
        "First Last": (full(lambda one: f"{one.given} {one.family}", "given", "family"), []),
        "all capitals": (
            [
                column("GIVEN NAME", "given_name", lambda one: one.given),
                Column("SURNAME", lambda one: one.family.upper(), lambda one: {"family_name": one.family.upper()}),
                BORN,
            ],
            [],
        ),
    }


def _parts(parts: Sequence[str], one: Person) -> Truth:
    known = {
        "given": ("given_name", one.given),
        "middle": ("middle_name", one.middle),
        "family": ("family_name", one.family),
        "nick": ("preferred_given_name", one.nick),
    }
    return dict(known[part] for part in parts)


_FORMATS: Final = {
    "day/month/year": "%d/%m/%Y",
    "month/day/year": "%m/%d/%Y",
    "year-month-day": "%Y-%m-%d",
    "day.month.year": "%d.%m.%Y",
    "day month-in-words year": "%d %B %Y",
    "month-in-letters day, year": "%b %d, %Y",
    "yearmonthday": "%Y%m%d",
    "date and clock": "%Y-%m-%d 00:00:00",
    "weekday, day month year": "%A, %d %B %Y",
}


def _dates(people: Sequence[Person]) -> dict[str, tuple[Sequence[Column], list[str]]]:
    kinds: dict[str, tuple[Sequence[Column], list[str]]] = {
        f"dates as {name}": ([*NAMED, _born(partial(_dated, pattern))], []) for name, pattern in _FORMATS.items()
    }
    low = {one.number: date(one.born.year, one.born.month, one.born.month % 12 + 1) for one in people}
    mixed = {one.number: "%d/%m/%Y" if place % 2 else "%m/%d/%Y" for place, one in enumerate(people)}
    kinds["dates that could be two days"] = (
        [*NAMED, lost("DOB", "birth_date", lambda one: low[one.number].strftime("%d/%m/%Y"))],
        ["date_order_ambiguous"],
    )
    kinds["dates of two orders"] = (
        [*NAMED, Column("DOB", lambda one: one.born.strftime(mixed[one.number]), partial(_if_clear, mixed))],
        ["date_order_mixed"],
    )
    kinds["years of two digits"] = ([*NAMED, _born(lambda one: one.born.strftime("%d/%m/%y"))], ["date_year_assumed"])
    kinds["dates as serial numbers"] = ([*NAMED, _born(lambda one: (one.born - _EPOCH).days)], [])
    kinds["birth dates in the future"] = (
        [*NAMED, Column("DOB", lambda one: f"{one.born.year + 90}-{one.born.month:02d}-{one.born.day:02d}", _later)],
        ["date_implausible"],
    )
    kinds["days that do not exist"] = ([*NAMED, lost("DOB", "birth_date", lambda _: "31/02/2015")], ["date_unreadable"])
    return kinds


def _dated(pattern: str, one: Person) -> str:
    return one.born.strftime(pattern)


def _born(spell: Callable[[Person], Any]) -> Column:
    return column("DOB", "birth_date", spell)


def _if_clear(mixed: dict[str, str], one: Person) -> Truth:
    """In a column of two orders a date is known only if it can be one day alone."""
    clear = one.born.day > 12 or one.born.day == one.born.month
    return {"birth_date": one.born.isoformat() if clear or not mixed else None}


def _later(one: Person) -> Truth:
    return {"birth_date": f"{one.born.year + 90}-{one.born.month:02d}-{one.born.day:02d}"}


def _numbers() -> dict[str, tuple[Sequence[Column], list[str]]]:
    def number(spell: Callable[[Person], Any], true: Callable[[Person], str | None]) -> list[Column]:
        return [Column("Student ID", spell, lambda one: {"student_number": true(one)}), *NAMED, BORN]

    return {
        "numbers with zeros before": (
            number(lambda one: f"00{one.number[:6]}", lambda one: f"00{one.number[:6]}"),
            [],
        ),
        "numbers that lost their zeros": (number(_unpadded, _unpadded), ["field:student_number"]),
        "numbers ending in .0": (number(lambda one: f"{one.number}.0", lambda one: one.number), ["id_decimal"]),
        "numbers in powers of ten": (
            number(lambda one: f"{float(one.number) * 1000:.2E}", lambda _: None),
            ["id_damaged"],
        ),
        "years in words": ([*NAMED, column("Year Level", "grade", _year), BORN], []),
        "grades with words before": ([*NAMED, column("Grade", "grade", _grade), BORN], []),
        "genders in words": (
            [*NAMED, Column("Sex", lambda one: _SEXES[one.gender], lambda one: {"gender": _SEXES[one.gender]}), BORN],
            [],
        ),
    }


_SEXES: Final = {"F": "Girl", "M": "Boy", "X": "Prefers not to say"}


def _unpadded(one: Person) -> str:
    """Numbers of five digits, about a tenth of which began with zero."""
    return f"1{one.number[-3:]}" if int(one.number) % 9 == 0 else one.number[:5]


def _year(one: Person) -> str:
    return "Prep" if one.grade == "KG" else f"Year {int(one.grade)}"


def _grade(one: Person) -> str:
    return "Kindergarten" if one.grade == "KG" else f"Grade {int(one.grade)}"


def _marks() -> dict[str, tuple[Sequence[Column], list[str]]]:
    given, family = NAMED

    def spelt(spell: Callable[[Person], str]) -> list[Column]:
        return [_ID, column("Given Name", "given_name", spell), family, BORN]

    def odd(spell: Callable[[Person], str]) -> list[Column]:
        return [_ID, Column("Given Name", spell, lambda one: {"given_name": spell(one)}), family, BORN]

    return {
        "spaces around names": (spelt(lambda one: f"  {one.given}  "), ["name_padded"]),
        "no-break spaces around names": (spelt(lambda one: f"\xa0{one.given}\xa0"), []),
        "names that are numbers": (odd(lambda one: one.number[:4]), ["name_odd"]),
        "notes for a name": (odd(lambda _: "see office"), ["field:given_name"]),
        "names that became dates": (odd(lambda _: "5-May"), ["field:given_name"]),
        "invisible letters in names": (odd(lambda one: f"{one.given[:2]}\u200b{one.given[2:]}"), ["field:given_name"]),
        "letters of two scripts in a name": (odd(lambda one: f"{one.given}а"), ["field:given_name"]),
        "control characters in names": (odd(lambda one: f"{one.given[:2]}\x07{one.given[2:]}"), ["field:given_name"]),
        "names with formulas before": (
            [_ID, given, Column("Note", lambda _: "=1+1", lambda _: {}), family, BORN],
            [],
        ),
    }


def _cells(people: Sequence[Person]) -> dict[str, tuple[Sequence[Column], list[str]]]:
    """What only a workbook can hold."""
    third = {one.number for one in people[::3]}

    def class_of(one: Person) -> Truth:
        return {"class_name": None if one.number in third else one.class_name}

    errors = Column(
        "Class", lambda one: Formula("=VLOOKUP(1,A1:B1,2)", "#N/A") if one.number in third else one.class_name, class_of
    )
    saved = column("Class", "class_name", lambda one: Formula("=TRIM(A1)", one.class_name))
    padded = Column(
        "Student ID",
        lambda one: Styled(int(one.number[1:7]), "0000000"),
        lambda one: {"student_number": f"0{one.number[1:7]}"},
    )
    numbers = column("Student ID", "student_number", lambda one: int(one.number))
    timed = column("DOB", "birth_date", lambda one: Styled((one.born - _EPOCH).days, "d mmmm yyyy"))
    raw = column("DOB", "birth_date", lambda one: (one.born - _EPOCH).days)
    text_dates = column("DOB", "birth_date", lambda one: one.born if one.number in third else f"{one.born:%Y-%m-%d}")
    return {
        "error cells": ([*PLAIN[1:4], errors], ["field:class_name"]),
        "formulas with their values": ([*PLAIN[1:4], saved], []),
        "numbers as numbers": ([numbers, *PLAIN[1:4]], []),
        "numbers shown with zeros before": ([padded, *PLAIN[1:4]], ["field:student_number"]),
        "dates in words by their format": ([*NAMED, timed], []),
        "dates without a format": ([*NAMED, raw], []),
        "dates as dates and as text": ([*NAMED, text_dates], []),
    }


def _unsaved() -> list[Column]:
    return [*PLAIN[1:4], lost("Class", "class_name", lambda _: Formula('=CONCATENATE("3","B")'))]
