"""Headers: what schools write, and what it means."""

import csv
import os
from pathlib import Path

import pytest

from rosterdiff.headers import TEMPLATE_HEADERS, Composite, header_key, read_header
from rosterdiff.schema import CANONICAL

SHARED = Path(os.environ.get("ROSTERDIFF_SHARED", Path(__file__).parent.parent.parent / "shared"))


def means(header: str, *, base: bool = False) -> str | None:
    """The first meaning of a header."""
    meaning = read_header(header, base=base)
    return None if meaning is None else meaning.choices[0]


@pytest.mark.parametrize("field", CANONICAL)
def test_the_templates_own_headers_mean_their_fields(field: str) -> None:
    assert means(TEMPLATE_HEADERS[field]) == field


def test_the_template_has_a_header_for_every_field() -> None:
    assert list(TEMPLATE_HEADERS) == list(CANONICAL)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("CHILD_FIRST_NAME", "given_name"),
        ("Student_LegalLastName", "family_name"),
        ("familyName", "family_name"),
        ("* Surname", "family_name"),
        ("Last Name [Required]", "family_name"),
        ("Date\u00a0of\u00a0Birth (dd/mm/yyyy)", "birth_date"),
        ("\ufeffD.O.B.", "birth_date"),
        ("Class Name (Mandatory)", "class_name"),
        ("Form/Tutor Group", "class_name"),
        ("First Name (Preferred)", "preferred_given_name"),
        ("Surname (legal)", "family_name"),
        ("Prénom", "given_name"),
        ("Student's E-mail", "email"),
        ("Year Level", "grade"),
        ("Surname, First Name", Composite.LAST_FIRST),
        ("Pupil Name", Composite.FULL_NAME),
    ],
)
def test_prefixes_stars_remarks_and_spelling_do_not_count(header: str, field: str) -> None:
    assert means(header) == field


@pytest.mark.parametrize("header", ["Student ID", "SIS ID", "Account ID", "student_id", "User ID", "UPN", "Pupil No"])
def test_an_id_of_a_school_is_never_the_accounts_id(header: str) -> None:
    assert means(header) == "student_number"


def test_in_a_base_the_hosts_id_is_the_accounts_id() -> None:
    assert means("Student ID", base=True) == "student_id"
    marked, plain = read_header(TEMPLATE_HEADERS["student_id"], base=True), read_header("ID", base=True)
    assert marked is not None
    assert plain is not None
    assert marked.rank < plain.rank


@pytest.mark.parametrize(
    "header", ["Parent First Name", "Mother's Name", "Emergency Contact Name", "Guardian Email", "PARENT_1_NAME"]
)
def test_other_peoples_fields_are_not_the_students(header: str) -> None:
    assert means(header) in {None, Composite.OTHER}


@pytest.mark.parametrize("header", ["Previous School", "Last Year's Class", "Old Username", "Former Class"])
def test_fields_of_earlier_years_are_not_the_students(header: str) -> None:
    assert means(header) == Composite.OTHER


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Class next year", "class_name"),
        ("Next Year's Class", "class_name"),
        ("New Class", "class_name"),
        ("NEXT_HG", "class_name"),
        ("Next Year Level", "grade"),
        ("Next Year Group", "grade"),
        ("New Grade", "grade"),
    ],
)
def test_columns_for_next_year_are_known(header: str, field: str) -> None:
    meaning = read_header(header)
    assert meaning is not None
    assert (meaning.choices[0], meaning.next_year) == (field, True)


def test_only_classes_grades_and_schools_have_a_next_year() -> None:
    meaning = read_header("New Student")
    assert meaning is None or not meaning.next_year


@pytest.mark.parametrize("header", ["Year", "School Year", "Title", "SMS", "Student", "Name", "ID", "Number", "Reg"])
def test_words_that_mean_several_things_stay_open(header: str) -> None:
    meaning = read_header(header)
    assert meaning is not None
    assert not meaning.clear


def test_headers_of_other_scripts_have_keys() -> None:
    assert header_key("الاسم") == "الاسم"
    assert header_key("  ") == ""


ALIASES = SHARED / "header_aliases.csv"
SAME = {
    "full_name_last_first": Composite.LAST_FIRST,
    "section": "class_name",
    "class_name (next year)": "class_name",
}
"""What the collection calls by another name than we."""


@pytest.mark.skipif(not ALIASES.exists(), reason="the collection of headers is not here (ROSTERDIFF_SHARED)")
def test_headers_that_schools_use_are_known() -> None:
    """Of the collected headers of our fields, 473 of 475 were read right when this was written."""
    with ALIASES.open(encoding="utf-8") as file:
        collected = [
            (SAME.get(row["canonical_field"], row["canonical_field"]), row["alias"]) for row in csv.DictReader(file)
        ]
    ours = [(field, alias) for field, alias in collected if field in CANONICAL or field in set(Composite)]
    wrong = [(field, alias) for field, alias in ours if (m := read_header(alias)) is None or field not in m.choices]
    assert len(ours) > 400
    assert len(wrong) <= len(ours) * 0.01, wrong


@pytest.mark.skipif(not ALIASES.exists(), reason="the collection of headers is not here (ROSTERDIFF_SHARED)")
def test_headers_of_other_things_are_not_taken_for_a_students_fields() -> None:
    """Headers that the collection ignores, or that belong to other people, are clearly ours at most once in thirty."""
    with ALIASES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    foreign = [r["alias"] for r in rows if r["canonical_field"].startswith(("contact", "teacher", "ignore", "enrol"))]
    taken = [a for a in foreign if (m := read_header(a)) is not None and Composite.OTHER not in m.choices]
    assert len(taken) * 30 <= len(foreign), taken
