"""Records are keys derived from a roster, in its order; what identifies nobody is left out of them."""

import datetime as dt

import polars as pl
import pytest

from rosterdiff.config import Evidence
from rosterdiff.frames import Roster
from rosterdiff.matching.records import DATE_PARTS, FORMS, further_forms, to_records, without_shared_ids
from rosterdiff.model import KnownName
from rosterdiff.testing import a_roster, a_student


def record(**fields: str | None) -> dict[str, object]:
    return to_records(a_roster({"student_id": "s1", **fields})).row(0, named=True)


KEYS = {
    "given_name": ("Zoë-Mae ", {"given": "zoe mae", "given_key": "zoemae"}),
    "family_name": ("de la Croix", {"family": "de la croix", "family_key": "delacroix"}),
    "middle_name": ("J. P.", {"middle": "j p"}),
    "name_suffix": ("Jr.", {"suffix": "jr"}),
    "student_number": ("00-A170", {"number": "00a170", "number_bare": "a170"}),
    "email": ("ILVA@X.Example", {"email": "ilva@x.example"}),
    "username": ("Ilva-16", {"username": "ilva-16"}),
    "gender": ("Girl", {"gender": "f"}),
    "grade": ("Year 3", {"grade": "03", "grade_order": 3}),
    "class_name": ("3 B", {"class_key": "3b", "class_next": "4b"}),
    "school": ("St. Ola", {"school": "stola"}),
}


@pytest.mark.parametrize(("field", "value", "keys"), [(field, *expected) for field, expected in KEYS.items()])
def test_a_field_is_folded_into_its_keys(field: str, value: str, keys: dict[str, object]) -> None:
    found = record(**{field: value})
    assert {name: found[name] for name in keys} == keys


@pytest.mark.parametrize("field", [field for field in KEYS if field != "grade"])
def test_what_holds_no_letter_is_not_known(field: str) -> None:
    found = record(**{field: "" if field in {"email", "username"} else "--"})
    assert [found[name] for name in KEYS[field][1]] == [None] * len(KEYS[field][1])


def test_ungraded_has_no_place_in_the_order_of_grades() -> None:
    assert record(grade="UG")["grade_order"] is None


def test_a_number_of_zeros_alone_has_no_bare_form() -> None:
    assert (record(student_number="000")["number"], record(student_number="000")["number_bare"]) == ("000", None)


def test_records_come_in_the_order_of_the_roster_and_change_nothing_in_it() -> None:
    roster = a_roster(a_student("s1", given_name="Wendo"), a_student("s2", given_name="Ana"))
    before = roster.frame.clone()
    records = to_records(roster)
    assert records.select("at", "given").rows() == [(0, "wendo"), (1, "ana")]
    assert roster.frame.equals(before)


def test_an_empty_roster_has_no_records() -> None:
    assert to_records(a_roster()).columns == to_records(a_roster(a_student("s1"))).columns
    assert to_records(a_roster()).is_empty()


# Birth dates that are known in part


PARTIAL = {
    "1950": (1950, None, None),
    "1950-03": (1950, 3, None),
    "1950-3-28": (1950, 3, 28),
    " 195O-O3-2z": (1950, 3, 22),
    "-03-28": (None, 3, 28),
    "0000-03": (None, 3, None),
    "--": (None, None, None),
    "unknown": (None, None, None),
}


@pytest.mark.parametrize(("text", "parts"), PARTIAL.items())
def test_of_a_partial_date_what_is_known_is_taken_in_the_order_year_month_day(
    text: str, parts: tuple[int | None, ...]
) -> None:
    roster = a_roster({"student_id": "s1", "Born": text})
    found = to_records(roster, {"Born": Evidence.PARTIAL_DATE}).row(0, named=True)
    assert tuple(found[part] for part in DATE_PARTS) == parts
    whole = None if None in parts else dt.date(*parts)  # type: ignore[arg-type]
    assert found["birth_date"] == whole, "a date all of which is known is one"


def test_a_partial_date_says_nothing_beside_a_birth_date() -> None:
    roster = a_roster(a_student("s1", birth_date="2016-03-14", Born="1950-03"), a_student("s2", birth_date=None))
    found = to_records(roster, {"Born": Evidence.PARTIAL_DATE}).select(*DATE_PARTS, "birth_date").rows()
    assert found == [(2016, 3, 14, dt.date(2016, 3, 14)), (None, None, None, None)]


def test_a_date_that_no_calendar_has_is_no_whole_date() -> None:
    roster = a_roster({"student_id": "s1", "Born": "1950-02-31"})
    found = to_records(roster, {"Born": Evidence.PARTIAL_DATE}).select(*DATE_PARTS, "birth_date").row(0)
    assert found == (1950, 2, 31, None)


def test_declared_columns_are_folded_by_their_kind_and_others_left_out() -> None:
    roster = a_roster(a_student("s1", Street="4, Mill  Lane", Place="QX 41-70", Bus="7"))
    kinds = {"Street": Evidence.FUZZY, "Place": Evidence.EXACT, "House": Evidence.CATEGORICAL}
    found = to_records(roster, kinds)
    assert found.select("evidence:Street", "evidence:Place").row(0) == ("4 mill lane", "qx4170")
    assert not {"evidence:House", "evidence:Bus", "Bus"} & set(found.columns)


# Numbers that identify nobody


def numbers(incoming: Roster, base: Roster) -> tuple[list[str | None], list[str | None]]:
    rows, students = without_shared_ids(to_records(incoming), to_records(base))
    assert rows.select((pl.col("number").is_null() == pl.col("number_bare").is_null()).all()).item()
    return rows["number"].to_list(), students["number"].to_list()


def test_a_number_of_one_student_and_one_row_stays() -> None:
    one = a_roster(a_student("s1", student_number="17"))
    assert numbers(one, one) == (["17"], ["17"])


def test_a_number_of_two_students_identifies_neither() -> None:
    base = a_roster(a_student("s1", student_number="17"), a_student("s2", student_number="17"), a_student("s3"))
    assert numbers(a_roster(a_student(None, student_number="17")), base) == (["17"], [None, None, None])


def test_a_number_of_rows_with_different_names_is_a_place_in_a_list() -> None:
    rows = [a_student(None, given_name=name, student_number="1") for name in ("Ana", "Maro")]
    assert numbers(a_roster(*rows, a_student(None, student_number="2")), a_roster())[0] == [None, None, "2"]


@pytest.mark.parametrize("field", ["email", "username"])
def test_an_address_that_a_family_shares_identifies_none_of_them(field: str) -> None:
    siblings = [a_student(f"s{at}", given_name=name, **{field: "home"}) for at, name in enumerate(("Ana", "Maro"))]
    rows, students = without_shared_ids(to_records(a_roster(*siblings)), to_records(a_roster(*siblings)))
    assert rows[field].is_null().all()
    assert students[field].is_null().all()
    lone = to_records(a_roster(siblings[0]))
    assert without_shared_ids(lone, lone)[0][field].to_list() == ["home"]


def test_rows_of_one_number_and_name_may_be_one_child_twice_and_keep_it() -> None:
    rows = [a_student(None, given_name=name, student_number="17") for name in ("Ana", "ANA")]
    assert numbers(a_roster(*rows), a_roster())[0] == ["17", "17"]


def test_rows_without_number_do_not_share_one() -> None:
    rows = [a_student(None, given_name="Ana", student_number="1"), *[a_student(None, given_name=n) for n in "ABC"]]
    assert numbers(a_roster(*rows), a_roster())[0] == ["1", None, None, None]


# Further names


def forms(roster: Roster, *names: KnownName) -> list[tuple[object, ...]]:
    found = further_forms(roster, names)
    assert found.schema == FORMS
    return found.rows()


def test_preferred_and_remembered_names_are_further_forms_sorted_and_once() -> None:
    roster = a_roster(
        a_student("s1", preferred_given_name="Íva"),
        a_student("s2"),
        a_student("s3", preferred_given_name="Ro", preferred_family_name="Quiss"),
    )
    names = [KnownName("s2", family_name="Kell"), KnownName("s1", "IVA"), KnownName("s1", "Ann"), KnownName("s9", "X")]
    assert forms(roster, *names) == [(0, "ann", None), (0, "iva", None), (1, None, "kell"), (2, "ro", "quiss")]


def test_a_form_without_a_letter_is_none() -> None:
    assert forms(a_roster(a_student("s1", preferred_given_name="--"), a_student("s2")), KnownName("s2")) == []


def test_a_name_is_not_remembered_of_students_without_id() -> None:
    assert forms(a_roster(a_student(None)), KnownName("s1", "Ann")) == []
