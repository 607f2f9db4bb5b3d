import csv
import shlex
from collections import Counter, defaultdict
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from rosterdiff.cli import run
from rosterdiff.demo.people import CLASSES
from rosterdiff.demo.school import School, Twist, make_school
from rosterdiff.demo.sheets import Sheets, write_sheets
from rosterdiff.demo.story import BrokenStory, Stage, tell_story
from rosterdiff.demo.styles import SENT_TWICE, STYLES, Column
from rosterdiff.errors import InvalidOption
from rosterdiff.evidence import Explanation
from rosterdiff.grades import parse_grade
from rosterdiff.planning import load_plan
from rosterdiff.plans import Plan
from rosterdiff.stores import SqlStore


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


class Listener:
    """Hears the story."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, str]] = []
        self.said: list[str] = []
        self.claims: list[str] = []
        self.plans: list[Plan] = []
        self.explanations: list[Explanation] = []

    def step(self, title: str, command: str = "") -> None:
        self.steps.append((title, command))

    def say(self, text: str) -> None:
        self.said.append(text)

    def checked(self, claim: str) -> None:
        self.claims.append(claim)

    def show_plan(self, plan: Plan) -> None:
        self.plans.append(plan)

    def show_explanation(self, explanation: Explanation) -> None:
        self.explanations.append(explanation)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Listener]:
    folder = tmp_path_factory.mktemp("demo") / "school"
    listener = Listener()
    tell_story(folder, listener)
    return folder, listener


def test_the_story_goes_the_whole_way_and_checks_what_it_claims(told: tuple[Path, Listener]) -> None:
    _, listener = told
    claims = " ".join(listener.claims)
    for claim in (
        "exactly one entry",
        "not his or hers",
        "weights",
        "nothing is in doubt",
        "second time",
        "keep",
        "as it was",
    ):
        assert claim in claims
    commands = [command.split()[1] for _, command in listener.steps if command]
    assert commands == ["check", "plan", "show", "decide", "apply", "plan", "undo"]


def test_the_story_meets_every_twist_as_the_design_says(told: tuple[Path, Listener], sheets: Sheets) -> None:
    """What is not the same goes to review; a preferred name and a slip beside an equal number are decided alone."""
    plan = told[1].plans[0]
    rows = plan.entries.join(plan.incoming.frame, on="row").select("source_file", "source_row", "action")
    found: dict[Twist | None, set[str]] = defaultdict(set)
    for name, row, action in rows.iter_rows():
        found[sheets.lines[name, row].twist].add(action)
    for twist in (Twist.TYPO, Twist.NICKNAME, Twist.RENAMED, Twist.HALF_SURNAME, Twist.SWAPPED, Twist.WRONG_CLASS):
        assert found[twist] == {"review"}, twist
    for twist in (Twist.PREFERRED, Twist.DATE_SLIP):
        assert found[twist] == {"update"}, twist
    assert not found[Twist.BAD_DATE] & {"update", "keep"}, "a newcomer whose date was not read is nobody else"
    assert "upload_repeated" in plan.issues["code"].to_list()


def test_the_files_of_the_story_are_left_to_open(told: tuple[Path, Listener]) -> None:
    folder, listener = told
    for name in ("accounts-export.xlsx", "class lists 2027", "review.xlsx", "plan.rdiff", "final.rdiff", "school.db"):
        assert (folder / name).exists()
        assert any(str(folder / name) in text for text in listener.said)


def test_the_story_may_be_told_again_in_its_folder_but_in_no_other(told: tuple[Path, Listener]) -> None:
    folder, _ = told
    strange = folder / "my notes.txt"
    strange.write_text("keep me")
    with pytest.raises(InvalidOption, match="left as it is"):
        tell_story(folder, Listener())
    assert (folder / "school.db").exists()
    strange.unlink()
    tell_story(folder, Listener())


def test_the_commands_that_the_story_says_do_the_same(told: tuple[Path, Listener]) -> None:
    folder, listener = told
    check, plan, show, decide, apply, again, undo = (
        shlex.split(command)[1:] for _, command in listener.steps if command
    )
    filled = (folder / "review.xlsx").read_bytes()
    saved = (folder / "plan.rdiff").read_bytes()
    final_id = load_plan(folder / "final.rdiff").plan_id
    assert run(check) == 0
    assert run(plan) == 1, "the answers in the workbook are not overwritten"
    assert run([*plan, "--force"]) == 2
    assert (folder / "plan.rdiff").read_bytes() == saved
    assert run(show) == 2
    (folder / "review.xlsx").write_bytes(filled)
    assert run(decide) == 0
    assert load_plan(folder / "final.rdiff").plan_id == final_id
    assert run(apply) == 0
    assert run(again) == 2, "the two lists still contradict each other"
    kept = load_plan(folder / "again.rdiff").counts
    assert kept["keep"] == sum(kept.values())
    assert run([word.removesuffix("-1") + "-2" if word.endswith("-1") else word for word in undo]) == 0


def test_a_claim_that_does_not_hold_ends_the_story(told: tuple[Path, Listener], sheets: Sheets, school: School) -> None:
    stage = Stage(told[0], school, sheets, SqlStore("sqlite://"), Listener())
    with pytest.raises(BrokenStory, match="two and two are five"):
        stage.claim("two and two are five.", holds=False)
    assert stage.teller.claims == []  # type: ignore[attr-defined]


def test_classes_are_those_of_the_grades(school: School) -> None:
    assert {line.class_name for line in school.lines} == {name for names in CLASSES.values() for name in names}
    assert all(line.class_name in CLASSES[line.grade] for line in school.lines)
