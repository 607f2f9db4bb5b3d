"""Misspelt headers: guessed where only one can be meant, and never into somebody else's field."""

import csv
import os
from pathlib import Path

import pytest

from rosterdiff.config import ReadOptions
from rosterdiff.frames import Roster
from rosterdiff.headers import guess_header, read_header
from rosterdiff.headers.read import clear_headers
from rosterdiff.reading import read_roster

SHARED = Path(os.environ.get("ROSTERDIFF_SHARED", Path(__file__).parent.parent.parent / "shared"))
ALIASES = SHARED / "header_aliases.csv"


def text(*lines: str, **options: object) -> Roster:
    return read_roster("\n".join(lines).encode(), filename="list.csv", options=ReadOptions(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Frist Name", "given_name"),
        ("Sirname", "family_name"),
        ("Last Nmae", "family_name"),
        ("Date of Brith", "birth_date"),
        ("Birhdate", "birth_date"),
        ("Genedr", "gender"),
        ("Yeer Level", "grade"),
        ("Studnet ID", "student_number"),
        ("Homeromm", "class_name"),
        ("Usernmae", "username"),
        ("Shcool Name", "school"),
        ("Nachnahme", "family_name"),
        ("Apelidos", "family_name"),
        ("Fecha de nacimeinto", "birth_date"),
        ("Date de naisance", "birth_date"),
    ],
)
def test_a_slip_of_the_fingers_is_understood(header: str, field: str) -> None:
    assert read_header(header) is None
    meaning = guess_header(header)
    assert meaning is not None
    assert meaning.choices == (field,)


@pytest.mark.parametrize(
    "header",
    [
        "Mother's frist name", "Teacher surnam", "Guardian Surnam", "Contact Sirname", "Sibling Nmae",
        "Nombre de la madre", "Nom du père", "Name der Mutter", "Last login", "Last Modifeid", "Birthplac",
        "Class Size", "Room number", "Bus number", "Locker number", "Middle School", "Selection", "Admission Date",
        "Agee", "Nam", "Clas", "DBO", "Garde", "Group 9",
    ],
)  # fmt: skip
def test_somebody_elses_and_short_words_are_not_guessed(header: str) -> None:
    assert read_header(header) is None
    assert guess_header(header) is None


def test_one_letter_off_any_known_header_never_means_another_field() -> None:
    """A letter left out of any header of the table is guessed as that header's meaning, or not at all."""
    wrong = []
    for key, (field, _) in clear_headers().items():
        for at in range(0, len(key), 3):
            slip = key[:at] + key[at + 1 :]
            meaning = None if read_header(slip) else guess_header(slip)
            if meaning is not None and meaning.choices != (field,):
                wrong.append((key, slip, meaning.choices))
    assert len(wrong) <= 2, wrong


def test_a_guess_is_a_warning_with_its_confidence_and_can_be_overruled() -> None:
    lines = ("Given Name,Sirname,Class", "Ilva,Torenbek,3B")
    guessed = text(*lines)
    assert guessed.frame["family_name"].to_list() == ["Torenbek"]
    assert guessed.issues.select("severity", "code", "cell").rows() == [("warning", "header_guessed", "B1")]
    assert dict(guessed.places.select("field", "known_by").rows()) == {
        "given_name": "alias", "family_name": "guessed", "class_name": "alias",
    }  # fmt: skip
    overruled = text(*lines, columns={"preferred_given_name": "Sirname"})
    assert overruled.frame["preferred_given_name"].to_list() == ["Torenbek"]


def test_values_that_are_no_dates_forbid_the_guess_of_a_date() -> None:
    roster = text("Given Name,Surname,Birhdate", "Ilva,Torenbek,cake", "Maro,Quendel,party")
    assert roster.frame["birth_date"].to_list() == [None, None]
    assert roster.issues["code"].to_list() == ["header_unknown"]


@pytest.mark.parametrize(
    ("header", "values", "known_by", "confidence"),
    [
        ("Surname", ("Torenbek", "Olm"), "alias", 0.95),
        ("Student Surname*", ("Torenbek", "Olm"), "annotated", 0.9),
        ("Surname (as on passport)", ("Torenbek", "Olm"), "annotated", 0.9),
    ],
)
def test_every_mapping_says_by_what_it_was_known(
    header: str, values: tuple[str, str], known_by: str, confidence: float
) -> None:
    roster = text(f"Given Name,{header}", f"Ilva,{values[0]}", f"Maro,{values[1]}")
    assert roster.places.filter(field="family_name").select("known_by", "confidence").row(0) == (known_by, confidence)


def test_a_header_of_two_meanings_is_decided_by_its_values() -> None:
    grades = text("Given Name,Surname,Year", "Ilva,T,Year 3", "Maro,Q,Year 4")
    assert grades.places.filter(field="grade").select("known_by", "confidence").row(0) == ("decided", 0.8)
    years = text("Given Name,Surname,Year", "Ilva,T,2026", "Maro,Q,2026")
    assert "grade" not in years.places["field"].to_list()


@pytest.mark.parametrize("header", ["Class", "Form", "Klasse", "Classe"])
def test_a_class_of_bare_grades_is_the_grade_unless_another_column_is(header: str) -> None:
    alone = text(f"Given Name,Surname,{header}", "Ilva,T,3", "Maro,Q,4")
    assert alone.frame["grade"].to_list() == ["03", "04"]
    beside = text(f"Given Name,Surname,{header},Year Level", "Ilva,T,3,Year 3", "Maro,Q,4,Year 4")
    assert beside.frame["class_name"].to_list() == ["3", "4"]
    assert beside.frame["grade"].to_list() == ["03", "04"]
    usual = text(f"Given Name,Surname,{header}", "Ilva,T,3B", "Maro,Q,4A")
    assert usual.frame["class_name"].to_list() == ["3B", "4A"]


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        (
            "Nombre,Apellidos,Fecha de nacimiento,Sexo,Curso",
            ["given_name", "family_name", "birth_date", "gender", "grade"],
        ),
        (
            "Nom,Prénom,Date de naissance,Sexe,Classe",
            ["family_name", "given_name", "birth_date", "gender", "class_name"],
        ),
        (
            "Name,Vorname,Geburtsdatum,Geschlecht,Klasse",
            ["family_name", "given_name", "birth_date", "gender", "class_name"],
        ),
        (
            "Nachname,Vorname,Geb.-Datum,Geschl.,Klasse",
            ["family_name", "given_name", "birth_date", "gender", "class_name"],
        ),
        (
            "Nom de famille,Prénoms,Né(e) le,Sexe,Division",
            ["family_name", "given_name", "birth_date", "gender", "class_name"],
        ),
    ],
)
def test_lists_of_spanish_french_and_german_schools_are_read(header: str, fields: list[str]) -> None:
    last = {"grade": "3", "class_name": "3B"}[fields[-1]]
    roster = text(header, f"Ilva,Torenbek,14/03/2016,F,{last}", f"Maro,Quendel,20/01/2015,F,{last}")
    assert roster.places["field"].to_list() == fields


@pytest.mark.skipif(not ALIASES.exists(), reason="the collection of headers is not here (ROSTERDIFF_SHARED)")
def test_headers_of_other_things_are_not_guessed_into_a_students_fields() -> None:
    with ALIASES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    others = [r for r in rows if r["canonical_field"].startswith(("contact", "teacher", "ignore", "enrol", "password"))]
    guessed = [r["alias"] for r in others if read_header(r["alias"]) is None and guess_header(r["alias"]) is not None]
    assert guessed == []


def test_a_column_of_names_alone_is_full_names_even_where_most_are_one_word() -> None:
    roster = text("Student Name,Class", '"Torenbek, Ilva",3B', "王小明,3B", "Prince,3B", "Left,3B", "Maro,3B")
    assert roster.frame["family_name"].to_list() == ["Torenbek", "王", None, None, None]
    given = text("Name,Class", "Ilva,3B", "Maro,3B")
    assert given.frame["given_name"].to_list() == ["Ilva", "Maro"]
    assert "name_split_assumed" not in given.issues["code"].to_list()
