import csv
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from rosterdiff.demo.people import CLASSES
from rosterdiff.demo.school import School, Twist, make_school
from rosterdiff.demo.sheets import Sheets, write_sheets
from rosterdiff.demo.styles import SENT_TWICE, STYLES, Column
from rosterdiff.grades import parse_grade


@pytest.fixture(scope="module")
def school() -> School:
    return make_school()


@pytest.fixture(scope="module")
def sheets(school: School, tmp_path_factory: pytest.TempPathFactory) -> Sheets:
    return write_sheets(school, tmp_path_factory.mktemp("school"))


def cells(path: Path) -> list[list[object]]:
    """What stands in a file, cell by cell, with dates as the spreadsheet has them."""
    if path.suffix == ".xlsx":
        return [list(row) for row in load_workbook(path).worksheets[0].iter_rows(values_only=True)]
    style = next(style for style in STYLES.values() if style.filename == path.name)
    with path.open(encoding=style.encoding, newline="") as stream:
        return [list(row) for row in csv.reader(stream, delimiter=style.delimiter)]


def test_the_school_has_the_promised_size(school: School) -> None:
    assert len(school.students) == 420
    assert len(school.lists) == len(STYLES) == 18
    assert all(15 <= len(lines) <= 35 for lines in school.lists.values())


def test_ids_and_usernames_are_unique_and_two_students_share_a_name(school: School) -> None:
    for name in ("student_id", "student_number", "username"):
        assert len({getattr(student, name) for student in school.students}) == 420
    names = Counter((student.child.given, student.child.family) for student in school.students)
    assert sorted(names.values())[-2:] == [1, 2]


def test_families_have_siblings_and_twins(school: School) -> None:
    twins = Counter((student.child.family, student.child.birth_date) for student in school.students)
    assert sum(count == 2 for count in twins.values()) >= 5
    assert any(student.child.family.endswith("ska") for student in school.students), "daughters have their own form"


def test_student_numbers_keep_their_leading_zeros(school: School) -> None:
    assert all(student.student_number.startswith("00") for student in school.students)


@pytest.mark.parametrize("seed", range(12))
def test_every_twist_occurs_whatever_the_seed(seed: int) -> None:
    assert {line.twist for line in make_school(seed).lines} == {*Twist, None}


def test_the_same_seed_gives_the_same_cells(sheets: Sheets, tmp_path: Path) -> None:
    again = write_sheets(make_school(), tmp_path)
    for one, other in zip((sheets.base, *sheets.uploads), (again.base, *again.uploads), strict=True):
        assert one.name == other.name
        assert cells(one) == cells(other)


def test_another_seed_gives_another_school(school: School) -> None:
    assert make_school(1).students != school.students


def test_all_who_do_not_leave_are_in_exactly_one_list_but_the_one_listed_twice(school: School) -> None:
    listed = Counter(line.student_id for line in school.lines if line.student_id)
    assert sorted(listed.values())[-2:] == [1, 2]
    leaving = {student.student_id for student in school.students} - set(listed)
    last_grade = {student.student_id for student in school.students if student.grade == "06"}
    assert last_grade < leaving
    assert len(leaving - last_grade) == 8


def test_every_line_stands_where_the_truth_says(sheets: Sheets) -> None:
    """The family name of every line is in the row of its file."""
    tables = {path.name: cells(path) for path in sheets.uploads}
    for (name, row), line in sheets.lines.items():
        written = " ".join(str(cell) for cell in tables[name][row - 1])
        assert line.child.given[0] in written
        if not name.startswith("2C"):  # its encoding lacks some letters
            assert line.child.family in written
    counts = Counter(name for name, _ in sheets.lines)
    for name, table in tables.items():
        style = next(style for style in STYLES.values() if name in (style.filename, SENT_TWICE[1]))
        if name != SENT_TWICE[1]:
            assert len(table) == counts[name] + len(style.titles) + 1


def test_one_list_arrives_twice_with_the_same_cells(sheets: Sheets) -> None:
    first, again = (path for path in sheets.uploads if "2B" in path.name)
    assert cells(first) == cells(again)


def test_the_lists_differ_in_every_way_that_the_demo_promises(sheets: Sheets) -> None:
    styles = STYLES.values()
    columns = {column for style in styles for _, column in style.columns}
    assert columns == set(Column)
    assert {Path(style.filename).suffix for style in styles} == {".xlsx", ".csv"}
    assert {style.delimiter for style in styles} == {",", ";"}
    assert {"utf-8", "utf-8-sig", "cp1252"} == {style.encoding for style in styles}
    assert len({style.dates for style in styles}) >= 6
    assert any(style.titles for style in styles)
    words = {style.others for style in styles if any(column is Column.GRADE for _, column in style.columns)}
    assert {"Year {}", "{}", "Grade {}", "Yr {}"} <= words
    assert all(parse_grade(style.starters) == "KG" for style in styles)


def test_cell_dates_are_dates_and_text_dates_are_text(sheets: Sheets) -> None:
    tables = {path.name: cells(path) for path in sheets.uploads}
    assert isinstance(tables["PA 2027.xlsx"][4][2], datetime | date)
    assert isinstance(tables["1A.xlsx"][1][3], str)
    assert isinstance(tables["1A.xlsx"][1][0], str), "a number with leading zeros is text"
    assert isinstance(tables["6A.xlsx"][2][0], int), "and one teacher typed numbers"


def test_classes_are_those_of_the_grades(school: School) -> None:
    assert {line.class_name for line in school.lines} == {name for names in CLASSES.values() for name in names}
    assert all(line.class_name in CLASSES[line.grade] for line in school.lines)
