"""Which rows are compared with which students: certain pairs first, all of few, close ones of many, keys of most."""

import datetime as dt
import time

import polars as pl
import pytest

from matching_cases import a_row, sides_of
from rosterdiff.frames import Roster
from rosterdiff.matching import candidates as module
from rosterdiff.matching.candidates import Candidates, find_candidates, find_exact
from rosterdiff.matching.records import further_forms, to_records
from rosterdiff.model import KnownName
from rosterdiff.testing import a_roster, a_student


def candidates(base: Roster, incoming: Roster, *names: KnownName, full_pairs: int = 0) -> Candidates:
    sides = sides_of(base, incoming, *names)
    return find_candidates(sides.rows, sides.students, sides.forms, full_pairs=full_pairs)


def pairs_of(base: Roster, incoming: Roster, *names: KnownName) -> list[tuple[int, int]]:
    return candidates(base, incoming, *names).pairs.rows()


def exact_of(base: Roster, incoming: Roster, *names: KnownName) -> list[tuple[int, int]]:
    sides = sides_of(base, incoming, *names)
    return find_exact(sides.rows, sides.students, sides.forms).rows()


@pytest.fixture(params=["close", "blocked"])
def _either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists too large to be compared in full, of which all pairs are looked at; and those too large for that."""
    if request.param == "blocked":
        monkeypatch.setattr(module, "CLOSE_PAIRS", 0)


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
@pytest.mark.parametrize(("born", "exact"), [("2016-03-14", []), (None, []), ("2015-01-01", [(0, 0)])])
def test_a_namesake_makes_no_pair_exact_unless_he_was_born_on_another_day(
    side: str, born: str | None, exact: list[tuple[int, int]]
) -> None:
    base, incoming = [a_student("s1")], [a_row()]
    if side == "base":
        base.append(a_student("s2", birth_date=born))
    else:
        incoming.append(a_row(birth_date=born))
    assert exact_of(a_roster(*base), a_roster(*incoming)) == exact


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
    base = a_roster(a_student("s1"), a_student("s2"))
    incoming = a_roster(a_row(given_name="Wu", family_name="Quiss", birth_date="2011-11-27"))
    assert candidates(base, incoming, full_pairs=2).pairs.rows() == [(0, 0), (0, 1)]
    assert candidates(base, incoming, full_pairs=1).pairs.rows() == []


@pytest.mark.usefixtures("_either_way")
def test_exact_pairs_are_compared_with_nobody_but_the_still_unmatched() -> None:
    twins = [{"given_name": name} for name in ("Ana", "Maro", "Wendelin")]
    base = a_roster(*(a_student(f"s{i}", **twin) for i, twin in enumerate(twins[:2])))
    incoming = a_roster(*(a_row(**twin) for twin in twins))
    expected = [(0, 0), (1, 1), (2, 0), (2, 1)]
    assert pairs_of(base, incoming) == expected
    assert candidates(base, incoming, full_pairs=4).pairs.rows() == expected


ALIKE = {
    "a typo in the given name": {"given_name": "Ilvar"},
    "a family name spelt as it sounds": {"family_name": "Torenbeck", "birth_date": None},
    "a given name spelt as it sounds, and the birth year": {"given_name": "Illva", "birth_date": "2016-11-27"},
    "both names, and another birth date": {"birth_date": "2011-11-27"},
    "both names, and no birth date": {"birth_date": None},
    "names swapped": {"given_name": "Torenbek", "family_name": "Ilva", "birth_date": None},
    "one part of a double family name": {"family_name": "Quiss Torenbek", "birth_date": "2016-03-29"},
    "the given name and the birth date": {"family_name": "Quiss"},
    "the family name and the birth date": {"given_name": "Wendo"},
    "the family name, day and month swapped": {"given_name": "Wendo", "birth_date": "2016-09-03"},
    "the given name, and another day": {"family_name": "Quiss", "birth_date": "2016-03-29"},
    "a number without its zeros": {
        "given_name": "Wendo",
        "family_name": "Quiss",
        "birth_date": None,
        "student_number": "77",
    },
    "an e-mail address in other letters": {
        "given_name": "Wendo",
        "family_name": "Q",
        "birth_date": None,
        "email": "ILVA@X.example",
    },
    "a username": {"given_name": "Wendo", "family_name": "Quiss", "birth_date": None, "username": "ilva16"},
}
"""Rows that may be the student, whatever the size of the lists."""


@pytest.mark.usefixtures("_either_way")
@pytest.mark.parametrize("fields", ALIKE.values(), ids=ALIKE)
def test_a_row_is_compared_with_a_student_whom_it_resembles(fields: dict[str, str | None]) -> None:
    born = dt.date(2016, 3, 9) if fields.get("birth_date") == "2016-09-03" else dt.date(2016, 3, 14)
    student = a_student("s1", birth_date=born, student_number="0077", email="ilva@x.example", username="ilva16")
    assert pairs_of(a_roster(student), a_roster(a_row(**fields))) == [(0, 0)]


@pytest.mark.usefixtures("_either_way")
def test_rows_and_students_who_resemble_each_other_in_nothing_are_not_compared() -> None:
    stranger = a_row(given_name="Wendo", family_name="Quiss", birth_date="2011-07-21")
    assert pairs_of(a_roster(a_student("s1")), a_roster(stranger)) == []


@pytest.mark.usefixtures("_either_way")
def test_nothing_known_is_no_key() -> None:
    nobody = {"given_name": None, "family_name": None, "birth_date": None}
    assert pairs_of(a_roster(a_student("s1", **nobody)), a_roster(a_row(**nobody))) == []


@pytest.mark.usefixtures("_either_way")
@pytest.mark.parametrize("name", ["Philander", "Filander"])
def test_a_student_is_found_under_further_names_and_their_sound(name: str) -> None:
    """Also where both of his names are others, and nothing but names is known."""
    called = {"preferred_given_name": "Wendo", "preferred_family_name": "Philander"}
    row = a_row(given_name="Wendo", family_name=name, birth_date=None)
    assert pairs_of(a_roster(a_student("s1", **called)), a_roster(row)) == [(0, 0)]
    assert pairs_of(a_roster(a_student("s1")), a_roster(row), KnownName("s1", "Wendo", "Philander")) == [(0, 0)]
    assert pairs_of(a_roster(a_student("s1")), a_roster(row)) == []


@pytest.mark.usefixtures("_either_way")
def test_pairs_are_sorted_and_stand_once_though_they_share_many_keys() -> None:
    base = a_roster(*(a_student(f"s{i}", student_number="77") for i in range(3)))
    assert pairs_of(base, a_roster(a_row(), a_row())) == [(r, s) for r in range(2) for s in range(3)]


@pytest.mark.usefixtures("_either_way")
@pytest.mark.parametrize(("students", "rows"), [(0, 0), (0, 1), (1, 0)])
def test_an_empty_side_gives_no_pairs(students: int, rows: int) -> None:
    base, incoming = a_roster(*[a_student("s1")] * students), a_roster(*[a_row()] * rows)
    for full_pairs in (0, 10):
        assert candidates(base, incoming, full_pairs=full_pairs).pairs.is_empty()
