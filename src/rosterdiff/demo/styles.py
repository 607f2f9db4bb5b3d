"""How each of the 18 teachers writes a class list: file, columns, words, dates, encoding.

Invariants: one style a class; every column is named from `Column`; nothing here knows a student.
"""

from enum import StrEnum
from typing import Final

from attrs import frozen


class Column(StrEnum):
    """What a column of a class list holds."""

    PLACE = "place in the list"
    GIVEN = "given name"
    FAMILY = "family name"
    LAST_FIRST = "Last, First"
    FIRST_LAST = "First Last"
    MIDDLE = "middle name"
    NUMBER = "student number"
    NUMBER_AS_NUMBER = "student number, typed as a number"
    BORN = "birth date"
    GENDER = "gender"
    GRADE = "grade"
    CLASS = "class"
    REMARK = "a column that no host wants"


CELL_DATE: Final = "cell"
"""A date that is a date to the spreadsheet, not text."""


@frozen
class Style:
    """One teacher's way.

    Attributes:
        filename: its suffix says how it is written.
        columns: header → what stands below it, from left to right.
        titles: lines above the header; an empty one is a blank line.
        dates: a format of `strftime`, or `CELL_DATE`.
        starters, others: how the first grade and the others are written; `{}` stands for the number.
        genders: the words for girls and boys.
        encoding, delimiter: of text files.
        sheet: the name of the sheet.

    """

    filename: str
    columns: tuple[tuple[str, Column], ...]
    titles: tuple[str, ...] = ()
    dates: str = CELL_DATE
    starters: str = "Prep"
    others: str = "Year {}"
    genders: tuple[str, str] = ("F", "M")
    encoding: str = "utf-8"
    delimiter: str = ","
    sheet: str = "Sheet1"


def _columns(text: str) -> tuple[tuple[str, Column], ...]:
    pairs = (part.split(" = ") for part in text.split(" | "))
    return tuple((header, Column[column]) for header, column in pairs)


STYLES: Final = {
    "PA": Style(
        "PA 2027.xlsx",
        _columns("First Name = GIVEN | Last Name = FAMILY | Date of Birth = BORN | Class = CLASS | Year = GRADE"),
        titles=("Wattlebrook Primary School", "Prep A, class list for 2027", ""),
        others="Year {}",
        sheet="PA",
    ),
    "PB": Style(
        "prep b new list.csv",
        _columns("Surname = FAMILY | Given Name = GIVEN | DOB = BORN | Sex = GENDER | Class = CLASS"),
        dates="%d/%m/%Y",
    ),
    "PC": Style(
        "Prep C.xlsx",
        _columns(
            "No. = PLACE | Student Name = LAST_FIRST | Birth Date = BORN | "
            "Home Group = CLASS | Year Level = GRADE"
        ),
        titles=("Prep C 2027",),
        starters="Foundation",
        sheet="Class list",
    ),
    "1A": Style(
        "1A.xlsx",
        _columns(
            "Student No = NUMBER | First Name = GIVEN | Surname = FAMILY | D.O.B. = BORN | "
            "Year Level = GRADE | Class = CLASS"
        ),
        dates="%d/%m/%Y",
        others="{}",
    ),
    "1B": Style(
        "1B-2027.csv",
        _columns("Last Name = FAMILY | First Name = GIVEN | Birthdate = BORN | Grade = GRADE | Class = CLASS"),
        dates="%Y-%m-%d",
        others="Grade {}",
    ),
    "1C": Style(
        "1C class list.xlsx",
        _columns("Given Name = GIVEN | Family Name = FAMILY | Date of Birth = BORN | Gender = GENDER | Class = CLASS"),
        titles=("Class 1C", "Teacher: to be announced", ""),
        genders=("Girl", "Boy"),
    ),
    "2A": Style(
        "Year 2A.csv",
        _columns("Vorname = GIVEN | Nachname = FAMILY | Geburtsdatum = BORN | Klasse = CLASS"),
        dates="%d.%m.%Y",
        delimiter=";",
        encoding="utf-8-sig",
    ),
    "2B": Style(
        "2B.xlsx",
        _columns("Name = LAST_FIRST | Date of birth = BORN | Year = GRADE | Class = CLASS"),
        titles=("2B 2027", ""),
        others="Year {}",
        sheet="2B",
    ),
    "2C": Style(
        "2C.csv",
        _columns("Student Number = NUMBER | First = GIVEN | Last = FAMILY | DOB = BORN | Class = CLASS"),
        dates="%d %b %Y",
        encoding="cp1252",
    ),
    "3A": Style(
        "3A names.xlsx",
        _columns("First Name = GIVEN | Last Name = FAMILY | Year Level = GRADE | Class = CLASS"),
        others="Yr {}",
    ),
    "3B": Style(
        "3B Class List 2027.xlsx",
        _columns(
            "Surname = FAMILY | First Name = GIVEN | Birthday = BORN | Year Level = GRADE | "
            "Class = CLASS | Bus = REMARK"
        ),
        titles=("Wattlebrook Primary School", "Class list 3B", "2027", ""),
    ),
    "3C": Style(
        "3C.csv",
        _columns("Name = FIRST_LAST | Date of Birth = BORN | Class = CLASS"),
        dates="%m/%d/%Y",
    ),
    "4A": Style(
        "4A.xlsx",
        _columns(
            "Last Name = FAMILY | First Name = GIVEN | Middle Name = MIDDLE | DOB = BORN | "
            "Grade = GRADE | Class = CLASS"
        ),
        others="Year {}",
    ),
    "4B": Style(
        "4B roll.xlsx",
        _columns("# = PLACE | Surname = FAMILY | Given Name = GIVEN | DOB = BORN | Year = GRADE | Class = CLASS"),
        titles=("4B ROLL 2027",),
        others="{}",
        sheet="Roll",
    ),
    "5A": Style(
        "5A students.xlsx",
        _columns("Student ID = NUMBER | Name = LAST_FIRST | Birth Date = BORN | Year Level = GRADE | Class = CLASS"),
        others="Year {}",
    ),
    "5B": Style(
        "5B (final).csv",
        _columns(
            "ID = NUMBER | Last Name = FAMILY | First Name = GIVEN | Date of Birth = BORN | "
            "Grade = GRADE | Class = CLASS"
        ),
        dates="%d/%m/%Y",
        others="5",
        delimiter=";",
    ),
    "6A": Style(
        "6A.xlsx",
        _columns(
            "Student Number = NUMBER_AS_NUMBER | First Name = GIVEN | Last Name = FAMILY | DOB = BORN | "
            "Year Level = GRADE | Class = CLASS"
        ),
        others="Year {}",
    ),
    "6B": Style(
        "6B.csv",
        _columns(
            "Student Number = NUMBER | Surname = FAMILY | First Name = GIVEN | DOB = BORN | "
            "Year Level = GRADE | Class = CLASS"
        ),
        dates="%d-%m-%Y",
    ),
}  # fmt: skip
"""Class of next year → how its list is written."""

SENT_TWICE: Final = ("2B", "Copy of 2B.xlsx")
"""A list that arrives again under another name."""
