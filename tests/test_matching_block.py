"""Keys find every pair that shares one, drop nothing in silence, and give few pairs however alike the rows are."""

import datetime as dt
import resource
import time
from collections.abc import Mapping

import polars as pl
import pytest

from matching_cases import a_row, sides_of
from rosterdiff.frames import Roster
from rosterdiff.matching.block import KEY_PAIRS, KEYS, Blocks, find_blocks, keep_promising
from rosterdiff.matching.candidates import Candidates, find_candidates
from rosterdiff.matching.parts import to_parts
from rosterdiff.schema import PAIRS
from rosterdiff.testing import a_roster, a_student

MANY = 28
"""So many namesakes on either side are more pairs than a key may give."""

NAMES = ("first", "second")


@pytest.fixture(autouse=True)
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small lists go the way of large ones."""
    monkeypatch.setattr("rosterdiff.matching.candidates.CLOSE_PAIRS", 0)


def candidates(base: Roster, incoming: Roster) -> Candidates:
    sides = sides_of(base, incoming)
    return find_candidates(sides.rows, sides.students, sides.forms, full_pairs=0)


def blocks(base: Roster, incoming: Roster, *keys: tuple[str, ...], **evidence: str) -> Blocks:
    sides = sides_of(base, incoming, evidence=evidence)
    return find_blocks(*to_parts(sides.rows, sides.students, sides.forms), keys)


def namesakes(count: int, *, base: bool, **fields: str | None) -> list[Mapping[str, str | int | dt.date | None]]:
    """Children of one name, each with another birth date, over eight years."""
    return [
        a_student(f"s{i}" if base else None, birth_date=dt.date(2010 + i % 8, 1 + i % 12, 1 + i % 27), **fields)
        for i in range(count)
    ]


# Keys


ONE_KEY = {
    ("family_key", "birth_date"): {"given_name": "Wendo"},
    ("given_key", "birth_date"): {"family_name": "Quiss"},
    NAMES: {"given_name": "Torenbek", "family_name": "Ilva", "birth_date": None},
    ("low_part", "high_part", "birth_year"): {
        "given_name": "Wendo",
        "family_name": "Quiss",
        "birth_date": "2016-09-03",
    },
    ("family_sound", "initial"): {"given_name": "Ivo", "family_name": "Torenbeck", "birth_date": None},
    ("part", "initial"): {"given_name": "Ivo", "family_name": "Quiss Torenbek", "birth_date": None},
    ("number_bare",): {"given_name": "Wendo", "family_name": "Quiss", "birth_date": None, "student_number": "77"},
}


@pytest.mark.parametrize(("key", "row"), ONE_KEY.items(), ids=["-".join(key) for key in ONE_KEY])
def test_who_shares_a_key_is_a_pair_and_who_shares_a_part_of_it_is_none(
    key: tuple[str, ...], row: Mapping[str, str | None]
) -> None:
    base = a_roster(a_student("s1", birth_date="2016-03-09", student_number="0077"))
    born = {"birth_date": "2016-03-09"} if "birth_date" not in row else {}
    stranger = a_row(given_name="Ixo", family_name="Tumm", birth_date="2016-11-27", student_number="78")
    found = blocks(base, a_roster(a_row(**{**row, **born}), stranger), key)
    assert (found.pairs.rows(), found.indistinguishable) == ([(0, 0)], 0)


@pytest.mark.parametrize("key", KEYS, ids=["-".join(key) for key in KEYS])
def test_nothing_known_is_no_key(key: tuple[str, ...]) -> None:
    nobody = {"given_name": None, "family_name": None, "birth_date": None, "class_name": None}
    assert blocks(a_roster(a_student("s1", **nobody)), a_roster(a_row(**nobody)), key).pairs.is_empty()


def test_a_declared_column_is_a_key_of_its_own() -> None:
    row = a_row(given_name="Wendo", family_name="Quiss", birth_date=None, Place="QUORREL")
    base = a_roster(a_student("s1", Place="Quorrel"))
    assert blocks(base, a_roster(row), NAMES, Place="exact").pairs.rows() == [(0, 0)]
    assert blocks(base, a_roster(row), NAMES).pairs.is_empty()


def test_pairs_that_share_a_key_and_little_else_are_left_out() -> None:
    """A common given name and another year say nothing; a common family name and the birth year may."""
    base = a_roster(*(a_student(f"s{i}", given_name="Wendo", birth_date=f"201{i}-11-27") for i in range(3)))
    incoming = a_roster(a_row(birth_date="2011-04-05"), a_row(given_name="Wendo", birth_date=None))
    sides = sides_of(base, incoming)
    rows, students = to_parts(sides.rows, sides.students, sides.forms)
    every = pl.DataFrame([(r, s) for r in range(2) for s in range(3)], schema=PAIRS, orient="row")
    kept = keep_promising(every, rows, students, pl.Series([], dtype=pl.UInt32))
    assert kept.rows() == [(0, 1), (1, 0), (1, 1), (1, 2)]
    called = keep_promising(every, rows, students, pl.Series([2], dtype=pl.UInt32))
    assert called.rows() == [(0, 1), (0, 2), (1, 0), (1, 1), (1, 2)], "further names are seen only when compared"


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


@pytest.mark.parametrize("count", [20_000, 100_000])
def test_equal_rows_and_students_by_the_thousand_finish_in_seconds_with_few_pairs(count: int) -> None:
    name = {"given_name": ["Ilva"] * count, "family_name": ["Torenbek"] * count}
    base = Roster.from_frame(pl.DataFrame({"student_id": [f"s{i}" for i in range(count)], **name}))
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    found = candidates(base, Roster.from_frame(pl.DataFrame(name)))
    assert time.perf_counter() - started < count / 1000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30 * count, "kilobytes"
    assert found.indistinguishable == count
    assert found.pairs["row"].n_unique() == found.pairs["student"].n_unique() == count
    assert found.pairs.height <= 6 * count
