"""Two rows that look like one child are found; twins, siblings and namesakes are two children."""

import time
from collections.abc import Mapping

import polars as pl
import pytest

from rosterdiff.frames import Roster
from rosterdiff.matching import duplicates as module
from rosterdiff.matching.duplicates import find_duplicate_rows
from rosterdiff.schema import ROW_PAIRS
from rosterdiff.testing import a_roster, a_student

Fields = Mapping[str, str | None]


def duplicates(*rows: Fields) -> list[tuple[int, int]]:
    found = find_duplicate_rows(a_roster(*(a_student(None, **row) for row in rows)))
    assert found.schema == ROW_PAIRS
    return found.rows()


ONE_CHILD = {
    "all equal": ({}, {}),
    "another class": ({"class_name": "3A"}, {"class_name": "4B"}),
    "accents and hyphens": ({"given_name": "Zoë-Mae"}, {"given_name": "ZOE MAE"}),
    "a typo": ({"family_name": "Torenbek"}, {"family_name": "Torembek"}),
    "a nickname": ({"given_name": "Katherine"}, {"given_name": "Katie"}),
    "an initial": ({"given_name": "I."}, {"given_name": "Ilva"}),
    "swapped names": ({}, {"given_name": "Torenbek", "family_name": "Ilva"}),
    "one number, no birth date": (
        {"student_number": "77", "birth_date": None},
        {"student_number": "77", "given_name": "Ilv", "birth_date": None},
    ),
    "one number, another birth date": (
        {"student_number": "77"},
        {"student_number": "77", "birth_date": "2016-03-15"},
    ),
    "one name, the birth date lacking in one": ({}, {"birth_date": None}),
    "one name, no birth dates": ({"birth_date": None}, {"birth_date": None}),
    "a single name with a birth date": ({"family_name": None}, {"family_name": None}),
}


@pytest.mark.parametrize(("one", "other"), ONE_CHILD.values(), ids=ONE_CHILD)
def test_these_may_be_one_child(one: Fields, other: Fields) -> None:
    assert duplicates(one, other) == [(0, 1)]
    assert duplicates(other, one) == [(0, 1)]


TWO_CHILDREN = {
    "twins": ({}, {"given_name": "Maro"}),
    "twins with one initial": ({}, {"given_name": "Irina"}),
    "siblings": ({}, {"given_name": "Maro", "birth_date": "2014-01-01"}),
    "namesakes": ({}, {"birth_date": "2014-01-01"}),
    "one birth date": ({}, {"given_name": "Maro", "family_name": "Kell"}),
    "namesakes with numbers of their own": (
        {"student_number": "77", "birth_date": None},
        {"student_number": "78", "birth_date": None},
    ),
    "places in two lists": (
        {"student_number": "1", "given_name": "Ana", "family_name": "Kell", "birth_date": None},
        {"student_number": "1", "birth_date": None},
    ),
    "another middle name, no birth dates": (
        {"middle_name": "Ro", "birth_date": None},
        {"middle_name": "Tam", "birth_date": None},
    ),
    "similar names, no birth dates": ({"birth_date": None}, {"family_name": "Torembek", "birth_date": None}),
    "no names": ({"given_name": None, "family_name": None}, {"given_name": None, "family_name": None}),
}


@pytest.mark.parametrize(("one", "other"), TWO_CHILDREN.values(), ids=TWO_CHILDREN)
def test_these_are_two_children(one: Fields, other: Fields) -> None:
    assert duplicates(one, other) == []


def test_a_child_listed_three_times_is_three_pairs_in_order() -> None:
    assert duplicates({}, {"given_name": "Maro"}, {}, {}) == [(0, 2), (0, 3), (2, 3)]


def test_only_the_rows_that_are_asked_about_are_compared() -> None:
    roster = a_roster(*(a_student(None, given_name=name) for name in ("Ilva", "Maro", "Ilva", "Ilva", "Maro")))
    among = pl.Series([1, 2, 3], dtype=pl.UInt32)
    assert find_duplicate_rows(roster, among).rows() == [(2, 3)]
    assert find_duplicate_rows(roster, among.clear()).is_empty()


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_rows_have_no_duplicates(count: int) -> None:
    assert duplicates(*[{}] * count) == []


def test_each_of_very_many_equal_rows_is_in_a_pair_and_the_pairs_stay_few() -> None:
    """Beyond a number rows are paired with their neighbours alone, and none is passed over."""
    count = 5000
    started = time.perf_counter()
    found = find_duplicate_rows(_equal(count))
    assert time.perf_counter() - started < 5
    assert set(found["row"]) | set(found["other_row"]) == set(range(count))
    assert (found["row"] < found["other_row"]).all()
    assert found.height < module.MOST_ALIKE * count


@pytest.mark.parametrize("most", [1, 2, 3])
def test_with_neighbours_alone_the_pairs_of_a_key_are_a_chain(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ALIKE", most)
    assert find_duplicate_rows(_equal(4)).rows() == [(0, 1), (1, 2), (2, 3)]


def _equal(count: int) -> Roster:
    return a_roster(*[a_student(None, birth_date=None)] * count)
