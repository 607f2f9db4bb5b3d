"""What headers say: other systems' words, other languages, decoration, misspellings, words that mean two things.

Invariants: the cells below are the same in every case, so that only the header decides.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from benchmarks.reading.cases import Case
from benchmarks.reading.pages import Column, Page, column, further
from benchmarks.reading.people import LATIN, Crowd, Person, draw_people
from benchmarks.reading.writers import text, workbook

_FIELDS: Final = ("student_number", "given_name", "family_name", "birth_date", "gender", "grade", "class_name", "email")

_WORDS: Final[Mapping[str, Sequence[str]]] = {
    "plain": ("Student Number", "First Name", "Last Name", "Date of Birth", "Gender", "Grade", "Class", "Email"),
    "abbreviated": ("Stu No", "Fname", "Lname", "D.O.B.", "Sex", "Gr", "Cls", "E-mail"),
    "snake case": (
        "student_number",
        "first_name",
        "last_name",
        "birth_date",
        "gender",
        "grade_level",
        "class_name",
        "email",
    ),
    "camel case": (
        "studentNumber",
        "firstName",
        "lastName",
        "birthDate",
        "gender",
        "gradeLevel",
        "className",
        "emailAddress",
    ),
    "prefixed": (
        "CHILD_STUDENT_NUMBER",
        "CHILD_FIRST_NAME",
        "CHILD_LAST_NAME",
        "CHILD_DATE_OF_BIRTH",
        "CHILD_GENDER",
        "CHILD_YEAR_GROUP",
        "CHILD_REGISTRATION_GROUP",
        "CHILD_EMAIL",
    ),
    "prefixed by a table's name": (
        "Student.Number",
        "Student.FirstName",
        "Student.LastName",
        "Student.DOB",
        "Student.Gender",
        "Student.Grade",
        "Student.HomeGroup",
        "Student.Email",
    ),
    "starred": (
        "Student Number",
        "First Name*",
        "* Last Name",
        "Date of Birth (Mandatory)",
        "Gender [optional]",
        "Grade *",
        "Class (required)",
        "Email (if any)",
    ),
    "with formats": (
        "Student No. (8 digits)",
        "First Name (legal)",
        "Last Name (legal)",
        "DOB (dd/mm/yyyy)",
        "Gender (M/F/X)",
        "Grade (K-12)",
        "Class",
        "E-Mail Address",
    ),
    "with no-break spaces": (
        "Student\xa0Number",
        "First\xa0Name",
        "Last\xa0Name\xa0",
        "Date\xa0of\xa0Birth",
        "\xa0Gender",
        "Grade\xa0Level",
        "Class\xa0",
        "Email\xa0Address",
    ),
    "with line breaks": (
        "Student\nNumber",
        "First\nName",
        "Last\nName",
        "Date of\nBirth",
        "Gender",
        "Grade\nLevel",
        "Class\nName",
        "Email\nAddress",
    ),
    "misspelt": (
        "Studnet Number",
        "Frist Name",
        "Surnmae",
        "Date of Brith",
        "Gendre",
        "Grade Levle",
        "Class Nmae",
        "Emial",
    ),
    "Australia": ("VSN", "Given Name", "Surname", "Birthdate", "Sex", "Year Level", "Home Group", "E-mail"),
    "England": ("UPN", "Legal Forename", "Legal Surname", "DOB", "Gender", "Year Group", "Reg Group", "Email"),
    "United States": ("Local ID", "First", "Last", "DOB", "Gender", "Grade Level", "Homeroom", "Email"),
    "Canada": ("OEN", "Legal First Name", "Legal Last Name", "Birth Date", "Gender", "Grade", "Homeroom", "Email"),
    "Spanish": (
        "Matrícula",
        "Nombre",
        "Apellidos",
        "Fecha de nacimiento",
        "Sexo",
        "Grado",
        "Grupo",
        "Correo electrónico",
    ),
    "French": (
        "Numéro d'élève",
        "Prénom",
        "Nom de famille",
        "Date de naissance",
        "Sexe",
        "Niveau",
        "Classe",
        "Courriel",
    ),
    "German": (
        "Schülernummer",
        "Vorname",
        "Nachname",
        "Geburtsdatum",
        "Geschlecht",
        "Jahrgangsstufe",
        "Klasse",
        "E-Mail",
    ),
}
"""Headers of the same eight fields, in the order of `_FIELDS`."""


def header_cases(seed: int) -> Iterator[Case]:
    """Headers of one seed."""
    people = draw_people(Crowd(seed, 24, LATIN))
    for name, words in _WORDS.items():
        columns = [column(word, field) for word, field in zip(words, _FIELDS, strict=True)]
        yield from _both(f"headers: {name}", columns, people, ["any"] if name == "misspelt" else [])
    for name, columns in {**_ambiguous(), **_crowded()}.items():
        yield from _both(name, columns, people, [])
    page = Page([column("Child", "given_name"), *_named()[1:]], people, sheet=None)
    yield Case(
        "headers: named by the caller",
        "header",
        "p.csv",
        partial(text, page),
        [page],
        options={"columns": {"given_name": "Child"}},
    )
    twice = [*_named(), Column("Last Name", lambda one: one.family.upper(), lambda _: {})]
    yield from _both("headers: one of them twice", twice, people, ["header_duplicate"])


def _both(name: str, columns: Sequence[Column], people: Sequence[Person], said: Sequence[str]) -> Iterator[Case]:
    flat, page = Page(columns, people, sheet=None), Page(columns, people)
    yield Case(f"{name}, as text", "header", "p.csv", partial(text, flat), [flat], said)
    yield Case(f"{name}, as workbook", "header", "p.xlsx", partial(workbook, [page]), [page], said)


def _named() -> list[Column]:
    return [column("First Name", "given_name"), column("Last Name", "family_name"), column("DOB", "birth_date")]


def _ambiguous() -> dict[str, list[Column]]:
    """Words whose meaning the cells below decide."""

    def year(one: Person) -> str:
        return "Prep" if one.grade == "KG" else f"Year {int(one.grade)}"

    def beside(header: str, value: Any) -> list[Column]:
        return [*_named(), further(header, lambda _: value)]

    return {
        "header: Year over years of school": [*_named(), column("Year", "grade", year)],
        "header: Year over calendar years": beside("Year", "2026"),
        "header: School Year": beside("School Year", "2026-27"),
        "header: Title over honorifics": beside("Title", "Ms"),
        "header: SMS over telephone numbers": beside("SMS", "+61 400 000 123"),
        "header: No over running numbers": [
            Column("No", lambda one: int(one.number[-4:]) + 1, lambda _: {}),
            *_named(),
        ],
        "header: ID over numbers of students": [column("ID", "student_number"), *_named()],
        "header: Name over full names": [
            Column(
                "Name",
                lambda one: f"{one.family}, {one.given}",
                lambda one: {"given_name": one.given, "family_name": one.family},
            ),
            column("DOB", "birth_date"),
        ],
    }


def _crowded() -> dict[str, list[Column]]:
    """Columns beside those of the child that look like them."""
    return {
        "headers: parents beside the child": [
            *_named(),
            further("Parent 1 First Name", lambda one: one.middle),
            further("Parent 1 Last Name", lambda one: one.family),
            further("Parent 1 Email", lambda _: "parent@home.example"),
            further("Mother's Name", lambda one: one.middle),
            further("Emergency Contact Name", lambda one: one.nick),
            further("Teacher Name", lambda _: "F. Hasprey"),
        ],
        "headers: preferred beside legal names": [
            column("Legal First Name", "given_name"),
            column("Legal Last Name", "family_name"),
            Column("Preferred Name", lambda one: one.nick, lambda one: {"preferred_given_name": one.nick}),
            column("DOB", "birth_date"),
        ],
        "headers: dates that are no birth dates": [
            *_named(),
            further("Enrolment Date", lambda _: "2024-02-01"),
            further("Date Left", lambda _: ""),
        ],
        "headers: what is not wanted": [
            *_named(),
            further("Password", lambda _: "x"),
            further("Medical Notes", lambda _: "none"),
        ],
        "header: Student ID is a number, not our key": [column("Student ID", "student_number"), *_named()],
    }
