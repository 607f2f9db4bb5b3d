"""Parts are numbers that mean the same on both sides, and a record has a line for each name it may be found under."""

import polars as pl
import pytest

from matching_cases import a_row, sides_of
from rosterdiff.matching.parts import IDS, to_parts
from rosterdiff.model import KnownName
from rosterdiff.testing import a_roster, a_student


def parts_of(
    student: dict[str, object], row: dict[str, object], *names: KnownName
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The parts of one row and of one student."""
    sides = sides_of(a_roster(a_student("s1", **student)), a_roster(a_row(**row)), *names)  # type: ignore[arg-type]
    return to_parts(sides.rows, sides.students, sides.forms)


@pytest.mark.parametrize(
    ("same", "student", "row"),
    [
        ("given_sound", {"given_name": "Philip"}, {"given_name": "Fillip"}),
        ("family_sound", {"family_name": "Torenbek"}, {"family_name": "Torenbeck"}),
        ("initial", {"given_name": "Ilva"}, {"given_name": "Ixo"}),
        ("given_start", {"given_name": "Ilva"}, {"given_name": "Ilka"}),
        ("family_start", {"family_name": "Torenbek"}, {"family_name": "Torres"}),
        ("birth_date", {"birth_date": "2016-03-09"}, {"birth_date": "2016-03-09"}),
        ("low_part", {"birth_date": "2016-03-09"}, {"birth_date": "2014-09-03"}),
        ("number_bare", {"student_number": "0077"}, {"student_number": "77"}),
        ("part", {"family_name": "Quiss Torenbek"}, {"family_name": "Quiss"}),
    ],
)
def test_what_is_the_same_on_both_sides_is_one_number(
    same: str, student: dict[str, object], row: dict[str, object]
) -> None:
    rows, students = parts_of(student, row)
    assert rows[same][0] is not None
    assert rows[same][0] == students[same][0]


def test_names_that_change_places_are_the_same_two() -> None:
    swapped = {"given_name": "Torenbek", "family_name": "Ilva"}
    rows, students = parts_of({"given_name": "Ilva", "family_name": "Torenbek"}, swapped)
    assert rows.select("first", "second").row(0) == students.select("first", "second").row(0)


def test_one_name_alone_is_no_second_name() -> None:
    rows, _ = parts_of({}, {"given_name": "Ilva", "family_name": None})
    assert rows.select(pl.col("first").is_not_null(), pl.col("second").is_null()).row(0) == (True, True)


def test_what_is_not_known_is_null_and_nothing_is_0() -> None:
    nothing = {"given_name": None, "family_name": None, "birth_date": None, "grade": None}
    rows, _ = parts_of({}, nothing)
    assert rows.drop("at").null_count().row(0) == (1,) * (rows.width - 1)
    known, _ = parts_of({}, {**dict.fromkeys(IDS[2:], "x"), "grade": "KG"})
    assert not known.drop("at", "grade_before").select(pl.any_horizontal(pl.all() == 0)).item()


def test_a_student_has_a_line_for_each_further_name_and_each_further_part_of_the_family_name() -> None:
    called = KnownName("s1", given_name="Wendo", family_name=None)
    _, students = parts_of({"given_name": "Ilva", "family_name": "Torenbek Quiss"}, {"given_name": "Wendo"}, called)
    assert students["at"].to_list() == [0, 0, 0, 0]
    assert students["given_key"].n_unique() == 3, "Ilva, Wendo, and none in the lines of a part"
    assert students["part"].n_unique() == 2


def test_a_further_name_is_numbered_as_the_rows_are() -> None:
    called = KnownName("s1", given_name="Philander", family_name=None)
    rows, students = parts_of({"given_name": "Ilva"}, {"given_name": "Filander"}, called)
    assert set(rows["given_sound"]) & set(students["given_sound"])
    assert not set(rows["given_key"]) & set(students["given_key"])
