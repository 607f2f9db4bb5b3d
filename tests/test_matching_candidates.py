"""Blocking finds every pair that shares a key, drops nothing in silence, and stays small however alike the rows are."""

import datetime as dt
import resource
import time
from collections.abc import Mapping

import polars as pl
import pytest

from rosterdiff.frames import Roster
from rosterdiff.matching.candidates import KEY_PAIRS, Candidates, find_candidates, find_exact
from rosterdiff.matching.records import further_forms, to_records
from rosterdiff.model import KnownName
from rosterdiff.testing import a_roster, a_student

MANY = 28
"""So many namesakes on either side are more pairs than a key may give."""


def a_row(**fields: str | int | dt.date | None) -> dict[str, str | int | dt.date | None]:
    return a_student(None, **fields)


def candidates(base: Roster, incoming: Roster, *names: KnownName, full_pairs: int = 0) -> Candidates:
    forms = further_forms(base, names)
    rows = to_records(incoming).with_columns(step=pl.lit(1, dtype=pl.Int8))
    return find_candidates(rows, to_records(base), forms, full_pairs=full_pairs)


def pairs_of(base: Roster, incoming: Roster, *names: KnownName) -> list[tuple[int, int]]:
    return candidates(base, incoming, *names).pairs.rows()


def exact_of(base: Roster, incoming: Roster, *names: KnownName) -> list[tuple[int, int]]:
    return find_exact(to_records(incoming), to_records(base), further_forms(base, names)).rows()


def namesakes(count: int, *, base: bool, **fields: str | None) -> list[Mapping[str, str | int | dt.date | None]]:
    """Children of one name, each with another birth date, over eight years."""
    return [
        a_student(f"s{i}" if base else None, birth_date=dt.date(2010 + i % 8, 1 + i % 12, 1 + i % 27), **fields)
        for i in range(count)
    ]


# The exact pass


def test_a_name_that_stands_alone_on_both_sides_with_one_birth_date_is_exact() -> None:
    assert exact_of(a_roster(a_student("s1")), a_roster(a_row(class_name="4A"))) == [(0, 0)]


@pytest.mark.parametrize(
    "row",
    [
        {"given_name": "Ilvar"},
        {"family_name": None},
        {"birth_date": "2016-03-15"},
        {"birth_date": None},
        {"middle_name": "Tam"},
        {"name_suffix": "II"},
        {"student_number": "78"},
        {"email": "other@x.example"},
        {"username": "other"},
    ],
    ids=lambda row: next(iter(row)),
)
def test_a_pair_that_differs_in_name_birth_date_or_id_is_not_exact(row: dict[str, str | None]) -> None:
    known = {"middle_name": "Ro", "name_suffix": "Jr", "student_number": "77"}
    student = a_student("s1", email="ilva@x.example", username="ilva", **known)
    assert exact_of(a_roster(student), a_roster(a_row(**{**known, **row}))) == []


@pytest.mark.parametrize("side", ["base", "incoming"])
def test_a_namesake_on_either_side_makes_no_pair_exact(side: str) -> None:
    base, incoming = [a_student("s1")], [a_row()]
    if side == "base":
        base.append(a_student("s2", birth_date="2015-01-01"))
    else:
        incoming.append(a_row(birth_date="2015-01-01"))
    assert exact_of(a_roster(*base), a_roster(*incoming)) == []


@pytest.mark.parametrize("field", ["preferred_given_name", "remembered"])
def test_a_name_that_another_student_is_called_by_is_not_exact(field: str) -> None:
    other = {"given_name": "Maro", "birth_date": "2015-01-01"}
    called = {"preferred_given_name": "Ilva"} if field != "remembered" else {}
    names = [KnownName("s2", "Ilva")] if field == "remembered" else []
    assert exact_of(a_roster(a_student("s1"), a_student("s2", **other, **called)), a_roster(a_row()), *names) == []


ID_FIELDS = ("student_number", "email", "username")


@pytest.mark.parametrize("field", ID_FIELDS)
def test_an_id_that_another_student_holds_too_crosses_the_pair(field: str) -> None:
    base = a_roster(a_student("s1"), a_student("s2", given_name="Maro", birth_date="2015-01-01", **{field: "77"}))
    assert exact_of(base, a_roster(a_row(**{field: "77"}))) == []


@pytest.mark.parametrize("field", ID_FIELDS)
def test_an_id_that_another_row_claims_too_crosses_the_pair(field: str) -> None:
    base = a_roster(a_student("s1", **{field: "77"}))
    other = a_row(given_name="Maro", birth_date="2015-01-01", **{field: "77"})
    assert exact_of(base, a_roster(a_row(), other)) == []


@pytest.mark.parametrize("field", ID_FIELDS)
def test_an_id_that_the_two_share_alone_crosses_nothing(field: str) -> None:
    base = a_roster(a_student("s1", **{field: "77"}), a_student("s2", given_name="Maro", **{field: "78"}))
    incoming = a_roster(a_row(**{field: "77"}), a_row(given_name="Maro"))
    assert exact_of(base, incoming) == [(0, 0), (1, 1)]


def test_one_address_for_the_whole_school_stays_small() -> None:
    """20,000 rows of one e-mail address are 400 million pairs that must not be made."""
    letters = "abcdefghijklmnopqrst"
    given = [a + b + c for a in letters for b in letters for c in letters]
    count = 20_000
    fields = {
        "given_name": [f"{given[i % 8000]}o" for i in range(count)],
        "family_name": [f"{given[i // 8000 + 21 * (i % 37)]}en" for i in range(count)],
        "birth_date": [dt.date(2008, 1, 1) + dt.timedelta(i % 3650) for i in range(count)],
        "email": ["office@school.example"] * count,
    }
    rows = to_records(Roster.from_frame(pl.DataFrame(fields)))
    students = rows.with_columns(student_id=pl.format("s{}", "at"))
    forms = further_forms(a_roster(), ())
    without = pl.lit(None, dtype=pl.String).alias("email")
    assert find_exact(rows.with_columns(without), students.with_columns(without), forms).height > count // 2
    started = time.perf_counter()
    assert find_exact(rows, students, forms).is_empty()
    assert time.perf_counter() - started < 10


# Which pairs are made


def test_up_to_a_number_of_pairs_everything_is_compared_with_everything() -> None:
    base, incoming = a_roster(a_student("s1"), a_student("s2")), a_roster(a_row(given_name="Wu", family_name="Ro"))
    assert candidates(base, incoming, full_pairs=2).pairs.rows() == [(0, 0), (0, 1)]
    assert candidates(base, incoming, full_pairs=1).pairs.rows() == [(0, 0), (0, 1)], "they share a birth date"


def test_exact_pairs_are_compared_with_nobody_but_the_still_unmatched() -> None:
    twins = [{"given_name": name} for name in ("Ana", "Maro", "Wendelin")]
    base = a_roster(*(a_student(f"s{i}", **twin) for i, twin in enumerate(twins[:2])))
    incoming = a_roster(*(a_row(**twin) for twin in twins))
    expected = [(0, 0), (1, 1), (2, 0), (2, 1)]
    assert pairs_of(base, incoming) == expected
    assert candidates(base, incoming, full_pairs=4).pairs.rows() == expected


SHARED_KEY = {
    "typo in the given name": {"given_name": "Ilvar"},
    "family name spelt as it sounds": {"family_name": "Torenbeck", "birth_date": None},
    "given name spelt as it sounds": {"given_name": "Illva", "family_name": "Tavi", "birth_date": None},
    "another name, one birth date": {"given_name": "Wendo", "family_name": "Quiss"},
    "names swapped": {"given_name": "Torenbek", "family_name": "Ilva", "birth_date": None},
    "one part of a double family name": {"family_name": "Quiss Torenbek", "birth_date": "2011-07-21"},
    "family name and birth year": {"given_name": "Wendo", "birth_date": "2016-11-30"},
    "day and month swapped": {"given_name": "Wendo", "family_name": "Quiss", "birth_date": "2016-09-03"},
    "initials, year and one part of the date": {
        "given_name": "Ivo",
        "family_name": "Tannick",
        "birth_date": "2016-03-21",
    },
    "number without its zeros": {
        "given_name": "Wendo",
        "family_name": "Quiss",
        "birth_date": None,
        "student_number": "77",
    },
    "e-mail in other letters": {
        "given_name": "Wendo",
        "family_name": "Q",
        "birth_date": None,
        "email": "ILVA@X.example",
    },
    "username": {"given_name": "Wendo", "family_name": "Quiss", "birth_date": None, "username": "ilva16"},
}


@pytest.mark.parametrize("fields", SHARED_KEY.values(), ids=SHARED_KEY)
def test_a_row_is_compared_with_a_student_who_shares_one_key(fields: dict[str, str | None]) -> None:
    born = dt.date(2016, 3, 9) if fields.get("birth_date") == "2016-09-03" else dt.date(2016, 3, 14)
    student = a_student("s1", birth_date=born, student_number="0077", email="ilva@x.example", username="ilva16")
    assert pairs_of(a_roster(student), a_roster(a_row(**fields))) == [(0, 0)]


def test_rows_and_students_who_share_no_key_are_not_compared() -> None:
    stranger = a_row(given_name="Wendo", family_name="Quiss", birth_date="2011-07-21")
    assert pairs_of(a_roster(a_student("s1")), a_roster(stranger)) == []


def test_nothing_known_is_no_key() -> None:
    nobody = {"given_name": None, "family_name": None, "birth_date": None}
    assert pairs_of(a_roster(a_student("s1", **nobody)), a_roster(a_row(**nobody))) == []


@pytest.mark.parametrize("name", ["Philander", "Filander"])
def test_a_student_is_found_under_a_further_name_and_its_sound(name: str) -> None:
    base = a_roster(a_student("s1", preferred_family_name="Philander"))
    row = a_row(family_name=name, birth_date=None)
    assert pairs_of(base, a_roster(row)) == [(0, 0)]
    assert pairs_of(a_roster(a_student("s1")), a_roster(row)) == []


def test_pairs_are_sorted_and_stand_once_though_they_share_many_keys() -> None:
    base = a_roster(*(a_student(f"s{i}", student_number="77") for i in range(3)))
    assert pairs_of(base, a_roster(a_row(), a_row())) == [(r, s) for r in range(2) for s in range(3)]


@pytest.mark.parametrize(("students", "rows"), [(0, 0), (0, 1), (1, 0)])
def test_an_empty_side_gives_no_pairs(students: int, rows: int) -> None:
    base, incoming = a_roster(*[a_student("s1")] * students), a_roster(*[a_row()] * rows)
    for full_pairs in (0, 10):
        assert candidates(base, incoming, full_pairs=full_pairs).pairs.is_empty()


# Keys that too many share


def test_a_key_that_many_share_is_refined_by_birth_date() -> None:
    base, incoming = (namesakes(MANY, base=known) for known in (True, False))
    assert MANY**2 > KEY_PAIRS
    found = candidates(a_roster(*base), a_roster(*incoming))
    assert {(i, i) for i in range(MANY)} <= set(found.pairs.rows())
    assert found.pairs.height < KEY_PAIRS
    assert found.indistinguishable == 0


def test_a_row_without_birth_date_still_meets_its_many_namesakes() -> None:
    base = a_roster(*namesakes(MANY, base=True))
    incoming = a_roster(*namesakes(MANY - 1, base=False), a_row(birth_date=None))
    found = candidates(base, incoming)
    assert found.pairs.filter(pl.col("row") == MANY - 1).height >= 2
    assert found.indistinguishable == 1


def test_a_student_without_birth_date_still_meets_its_many_namesakes() -> None:
    base = a_roster(*namesakes(MANY - 1, base=True), a_student("s", birth_date=None))
    found = candidates(base, a_roster(*namesakes(MANY, base=False)))
    assert found.pairs.filter(pl.col("student") == MANY - 1).height >= 2


def test_rows_with_mistyped_birth_years_still_meet_their_namesakes_among_many() -> None:
    base = a_roster(*namesakes(MANY, base=True))
    mistyped = [a_row(birth_date=born.replace(year=born.year + 20)) for born in reversed(base.frame["birth_date"])]
    assert {(row, MANY - 1 - row) for row in range(MANY)} <= set(candidates(base, a_roster(*mistyped)).pairs.rows())


def test_namesakes_without_birth_date_are_told_apart_by_the_grade_they_come_from() -> None:
    grades = [f"{1 + i % 8:02}" for i in range(MANY)]
    base = a_roster(*(a_student(f"s{i}", birth_date=None, grade=grade) for i, grade in enumerate(grades)))
    incoming = a_roster(*(a_row(birth_date=None, grade=f"{int(grade) + 1:02}") for grade in grades))
    assert {(i, i) for i in range(MANY)} <= set(candidates(base, incoming).pairs.rows())


def test_namesakes_without_birth_date_whose_grades_do_not_fit_still_meet_and_are_counted() -> None:
    base = a_roster(*(a_student(f"s{i}", birth_date=None, grade="03") for i in range(MANY)))
    found = candidates(base, a_roster(*(a_row(birth_date=None, grade="07") for _ in range(MANY))))
    assert found.pairs["row"].n_unique() == found.pairs["student"].n_unique() == MANY
    assert found.indistinguishable == MANY


@pytest.mark.parametrize(("students", "rows"), [(40, 20), (20, 40), (600, 1), (1, 600)])
def test_of_those_whom_nothing_tells_apart_everyone_is_in_a_pair_and_counted(students: int, rows: int) -> None:
    base = a_roster(*(a_student(f"s{i}", birth_date=None) for i in range(students)))
    found = candidates(base, a_roster(*[a_row(birth_date=None)] * rows))
    assert found.pairs["row"].n_unique() == rows
    assert found.pairs["student"].n_unique() == students
    assert found.indistinguishable == rows


def test_20_000_equal_rows_and_students_finish_in_seconds_with_few_pairs() -> None:
    count = 20_000
    name = {"given_name": ["Ilva"] * count, "family_name": ["Torenbek"] * count}
    base = Roster.from_frame(pl.DataFrame({"student_id": [f"s{i}" for i in range(count)], **name}))
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    found = candidates(base, Roster.from_frame(pl.DataFrame(name)))
    assert time.perf_counter() - started < 15
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 600_000, "kilobytes"
    assert found.indistinguishable == count
    assert found.pairs["row"].n_unique() == found.pairs["student"].n_unique() == count
    assert found.pairs.height <= 6 * count
