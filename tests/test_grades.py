"""Grades: the words of schools, their codes, order and step."""

import itertools

import pytest

from rosterdiff.grades import ORDER, parse_grade, spell_like, step_between
from rosterdiff.schema import GRADES


@pytest.mark.parametrize("code", [code for code in GRADES if code not in {"Other", "PS", "UG", "IT"}])
def test_a_code_reads_as_itself(code: str) -> None:
    assert parse_grade(code) == code


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("Year 3", "03"), ("Yr3", "03"), ("Y10", "10"), ("YEAR 03", "03"), ("year three", "03"), ("Grade 3", "03"),
        ("Gr. 7", "07"), ("7th Grade", "07"), ("3rd", "03"), ("3", "03"), ("3.0", "03"), ("13", "13"), ("Prep", "KG"),
        ("Reception", "KG"), ("Kindergarten", "KG"), ("K", "KG"), ("Foundation", "KG"), ("0", "KG"), ("-1", "PK"),
        ("Pre-K", "PK"), ("Nursery", "PR"), ("Sophomore", "10"), ("Year\u00a05", "05"),
    ],
)  # fmt: skip
def test_words_of_schools_are_known(word: str, code: str) -> None:
    assert parse_grade(word) == code


@pytest.mark.parametrize("word", ["7B", "Year 3/4", "14", "2026", "Blue", "", " ", "Year", "99", "3-4"])
def test_a_word_that_is_no_single_grade_is_not_guessed(word: str) -> None:
    assert parse_grade(word) is None


def test_a_year_lies_between_neighbouring_grades() -> None:
    years = ["KG", *(f"{n:02}" for n in range(1, 14))]
    assert [step_between(a, b) for a, b in itertools.pairwise(years)] == [1] * 13
    assert step_between("04", "03") == -1
    assert step_between("UG", "03") is None
    assert set(ORDER) <= set(GRADES)


def test_grades_are_written_as_the_host_writes_them() -> None:
    assert spell_like("05", {"03": "Year 3"}) == "Year 5"
    assert spell_like("KG", {"03": "Year 3"}) == "KG"
