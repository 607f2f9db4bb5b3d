"""Grades: the words of schools, their codes, order and step."""

import itertools

import pytest

from rosterdiff.grades import ORDER, parse_grade, parse_grades, spell_like, step_between
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


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("P1", "01"), ("P7", "07"), ("Junior Infants", "TK"), ("Senior Infants", "KG"), ("6th Class", "06"),
        ("TY", "10"), ("Lower Sixth", "12"), ("U6", "13"), ("FS2", "KG"), ("New Entrant", "KG"), ("Year 0", "KG"),
        ("Transition", "KG"), ("LKG", "TK"), ("UKG", "KG"), ("Std V", "05"), ("10th Std", "10"), ("Class XII", "12"),
        ("IX", "09"), ("Grade R", "KG"), ("Grade RR", "PK"), ("JK", "PK"), ("SK", "KG"), ("PK3", "PR"),
        ("UTK", "TK"), ("Freshmen", "09"), ("CE1", "02"), ("CM2", "05"), ("Sixième", "06"), ("Terminale", "12"),
        ("3e année", "03"), ("1º Primaria", "01"), ("6º EP", "06"), ("Segundo de Primaria", "02"), ("2º ESO", "08"),
        ("1º Bachillerato", "11"), ("Infantil 4 años", "PK"), ("1er grado", "01"), ("5. Klasse", "05"),
        ("Klasse 5", "05"), ("Jg. 7", "07"), ("Jahrgang 10", "10"),
    ],
)  # fmt: skip
def test_words_of_school_systems_around_the_world_are_known(word: str, code: str) -> None:
    assert parse_grade(word) == code


@pytest.mark.parametrize("word", ["S1", "6e", "3ème", "X", "I", "Year 14", "5º ESO", "7A", "K1"])
def test_a_word_that_means_two_things_is_not_guessed_alone(word: str) -> None:
    assert parse_grade(word) is None


def test_the_other_words_of_a_column_settle_what_one_leaves_open() -> None:
    assert parse_grades(["CP", "PS", "GS", "6e"]) == {"CP": "01", "PS": "PR", "GS": "KG", "6e": "06"}
    assert parse_grades(["6e", "5e", "4e", "3e"]) == {"6e": "06", "5e": "07", "4e": "08", "3e": "09"}
    assert parse_grades(["1e", "2e", "3e"]) == {"1e": None, "2e": None, "3e": None}
    assert parse_grades(["I", "II", "X"]) == {"I": "01", "II": "02", "X": "10"}
    assert parse_grades(["PS", "12"]) == {"PS": "PS", "12": "12"}
