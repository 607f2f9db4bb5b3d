"""Every row is looked at beside every student, and none that agrees in as many fields as asked for is missed."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oracle
from matching_cases import Fields, a_row, sides_of
from rosterdiff.frames import Roster, in_content_order
from rosterdiff.matching import close as module
from rosterdiff.matching.candidates import find_candidates
from rosterdiff.matching.close import close_names, find_close_pairs
from rosterdiff.names import tokens
from rosterdiff.schema import PAIRS
from rosterdiff.testing import a_roster, a_student, school_years

LONELY = {"given_name": "Wendo", "family_name": "Quiss", "birth_date": "2011-11-27"}
"""Nothing of it agrees with the student of `a_student`."""


def close(base: Roster, incoming: Roster, least: int = 2, **evidence: str) -> list[tuple[int, int]]:
    sides = sides_of(base, incoming, evidence=evidence)
    found = find_close_pairs(sides.rows, sides.students, least=least)
    assert found is not None
    assert found.schema == PAIRS
    return found.rows()


def is_close(row: Fields, student: Fields | None = None, least: int = 2, **evidence: str) -> bool:
    base = a_roster({**a_student("s1"), **(student or {})})
    return bool(close(base, a_roster({**a_row(), **row}), least, **evidence))


# Fields that agree


TWO_FIELDS = {
    "both names": {"birth_date": "2011-11-27"},
    "a close given name and the family name": {"given_name": "Ilvar", "birth_date": "2011-11-27"},
    "the given name and the birth date": {"family_name": "Quiss"},
    "the given name and two parts of the date": {"family_name": "Quiss", "birth_date": "2016-03-29"},
    "two close names": {"given_name": "Ylva", "family_name": "Torembeck", "birth_date": "2011-11-27"},
}
ONE_FIELD = {
    "the family name": {"given_name": "Wendo", "birth_date": "2011-11-27"},
    "the given name": {"family_name": "Quiss", "birth_date": "2011-11-27"},
    "two parts of the date": {**LONELY, "birth_date": "2016-03-29"},
}
ENOUGH_ALONE = {
    "the birth date": {**LONELY, "birth_date": "2016-03-14"},
    "day and month exchanged": {**LONELY, "birth_date": "2016-09-03"},
    "names that change places": {"given_name": "Torenbek", "family_name": "Ilva", "birth_date": "2011-11-27"},
    "names that change places, one mistyped": {**LONELY, "given_name": "Torembeck", "family_name": "Ilva"},
    "names that change places, the other mistyped": {**LONELY, "given_name": "Torenbek", "family_name": "Illva"},
    "a number": {**LONELY, "student_number": "0071776"},
    "an e-mail address": {**LONELY, "email": "ILVA@x.example"},
    "a username": {**LONELY, "username": "ilva16"},
    "the template's id": {**LONELY, "student_id": "s1"},
    "the family name where the date is not known": {"given_name": "Wendo", "birth_date": None},
    "the given name where the date is not known": {"family_name": "Quiss", "birth_date": None},
    "the given name where the family name is not known": {"family_name": None, "birth_date": "2011-11-27"},
}
STUDENT = {"student_number": "71776", "email": "ilva@x.example", "username": "ilva16"}


@pytest.mark.parametrize("row", TWO_FIELDS.values(), ids=TWO_FIELDS)
def test_two_fields_that_agree_make_a_close_pair(row: Fields) -> None:
    assert is_close(row)


@pytest.mark.parametrize("row", ONE_FIELD.values(), ids=ONE_FIELD)
def test_one_field_is_enough_among_those_who_are_left_over_alone(row: Fields) -> None:
    assert not is_close(row)
    assert is_close(row, least=1)


@pytest.mark.parametrize("row", ENOUGH_ALONE.values(), ids=ENOUGH_ALONE)
def test_some_fields_are_enough_by_themselves(row: Fields) -> None:
    born = {"birth_date": "2016-03-09"} if row.get("birth_date") == "2016-09-03" else {}
    assert is_close(row, {**STUDENT, **born})


def test_who_agrees_in_nothing_is_not_close() -> None:
    assert not is_close(LONELY, STUDENT, least=1)


def test_a_rare_value_of_a_declared_column_is_a_field_that_agrees() -> None:
    row, student = {**LONELY, "birth_date": "2016-03-29", "Place": "Quorrel"}, {"Place": "quorrel"}
    assert is_close(row, student, Place="exact")
    assert not is_close(row, student)


def test_a_value_that_most_share_is_none() -> None:
    """Eleven students and a row of one place: it says nothing of any of them."""
    base = a_roster(*(a_student(f"s{i}", birth_date="2016-03-29", Place="Quorrel") for i in range(11)))
    row = a_row(**{**LONELY, "birth_date": "2016-03-14", "Place": "Quorrel"})
    assert close(base, a_roster(row), Place="exact") == []


def test_nothing_known_agrees_with_nothing() -> None:
    nobody = {"given_name": None, "family_name": None, "birth_date": None, "Place": None}
    assert not is_close(nobody, nobody, least=1, Place="exact")


# All at once


@pytest.mark.parametrize(("students", "rows"), [(0, 0), (0, 2), (2, 0)])
def test_an_empty_side_has_no_close_pairs(students: int, rows: int) -> None:
    assert close(a_roster(*[a_student("s1")] * students), a_roster(*[a_row()] * rows)) == []


def test_where_too_many_are_close_there_is_no_answer_before_they_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Thousands of one name and no birth date: closeness tells nobody apart, and blocking takes over."""
    sides = sides_of(a_roster(*(a_student(f"s{i}") for i in range(5))), a_roster(*[a_row()] * 4))
    monkeypatch.setattr(module, "MOST_CLOSE", 20)
    monkeypatch.setattr(module, "CELLS", 5)
    assert find_close_pairs(sides.rows, sides.students) is not None
    monkeypatch.setattr(module, "MOST_CLOSE", 14)
    assert find_close_pairs(sides.rows, sides.students) is None
    assert find_candidates(sides.rows, sides.students, sides.forms, full_pairs=0).pairs.height == 20


@pytest.mark.parametrize("cells", [1, 3, 7, 1000])
def test_blocks_of_any_size_find_the_same(cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["Ilva", "Ilvar", "Maro", "Wendo", "Quinlo"]
    base = a_roster(*(a_student(f"s{i}", given_name=name) for i, name in enumerate(names)))
    incoming = a_roster(*(a_row(given_name=name, birth_date="2016-03-29") for name in names))
    whole = close(base, incoming)
    monkeypatch.setattr(module, "CELLS", cells)
    assert close(base, incoming) == whole
    assert whole == sorted(set(whole))


@settings(max_examples=60)
@given(school_years(max_size=8), st.sampled_from([1, 2, 3]))
def test_they_are_those_of_the_obvious_double_loop(years: tuple[Roster, Roster], least: int) -> None:
    base, incoming = (in_content_order(roster)[0] for roster in years)
    students = oracle.records_of(base, of_base=True)
    known = {student["student_id"] for student in students}
    rows = [
        row | {"student_id": row["student_id"] if row["student_id"] in known else None}
        for row in oracle.records_of(incoming, of_base=False)
    ]
    assert set(close(base, incoming, least)) == oracle.close_pairs(rows, students, (), least)


# Names


NAMES = [
    "Ana", "Ana Maria", "Anna", "Maria", "Maria Ana", "J", "Jo", "John", "Jonathan", "Katherine", "Catherine", "Kate",
    "Katie", "Hamilton", "Hamliton", "Ro Kell", "Kell", "Ke", "Filippa", "Phillipa", "Quorr de la Tam", "Tam", "De",
    "王", "王明",
]  # fmt: skip


def test_names_are_close_as_the_words_have_it() -> None:
    """By letters or sound, by a shared part, a nickname or an initial."""
    folded = [tokens(name) for name in NAMES]
    found = close_names(folded, folded[::-1])
    expected = {(a, b) for a, b in product(folded, folded) if oracle.are_close_names(a, b)}
    assert {(folded[a], folded[::-1][b]) for a, b in zip(*found.nonzero(), strict=True)} == expected
    assert len(expected) < len(NAMES) ** 2 / 3


def test_no_names_are_close_to_nothing() -> None:
    assert close_names([], ["ana"]).shape == (0, 1)
    assert close_names(["ana"], []).shape == (1, 0)
