"""Exit codes, refusals in one line, and the whole way through the commands."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl import Workbook, load_workbook

from plan_samples import sample_plan
from rosterdiff.__main__ import main
from rosterdiff.cli import run
from rosterdiff.frames import Roster
from rosterdiff.planning import load_plan, save_plan
from rosterdiff.planning.plan_json import plan_schema
from rosterdiff.stores import SqlStore

HEADER = ("Account ID", "Student Number", "First Name", "Last Name", "Date of Birth", "Year Level", "Class")
STUDENTS = (
    ("501", "000017", "Mia", "Wheatley", "2018-03-04", "Year 1", "1A"),
    ("502", "000018", "Omar", "Haddad", "2018-05-09", "Year 1", "1A"),
    ("503", "000019", "Alexandra", "Penhallow", "2017-01-30", "Year 2", "2A"),
    ("504", "000020", "Benjamin", "Tilbury", "2017-02-11", "Year 2", "2A"),
    ("505", "000021", "Linh", "Nguyen", "2016-08-15", "Year 3", "3A"),
    ("506", "000022", "Tane", "Parata", "2016-09-23", "Year 3", "3A"),
)
NEXT_YEAR = (
    ("000017", "Mia", "Wheatley", "2018-03-04", "Year 2", "2A"),
    ("000018", "Omar", "Haddad", "2018-05-09", "Year 2", "2A"),
    ("000019", "Alexandra", "Penhallow", "2017-01-30", "Year 3", "3A"),
    ("", "Ben", "Tilbury", "2017-02-11", "Year 3", "3A"),
    ("", "Yui", "Mori", "2019-06-06", "Year 1", "1A"),
)
STAFF = ("--actor", "staff:Ada")


def workbook(path: Path, lines: tuple[tuple[Any, ...], ...], header: tuple[str, ...] = HEADER) -> Path:
    book = Workbook()
    for line in (header, *lines):
        book.active.append(line)
    book.save(path)
    return path


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, the current one, with a base, next year's list, and a store of the base."""
    monkeypatch.chdir(tmp_path)
    workbook(tmp_path / "base.xlsx", STUDENTS)
    workbook(tmp_path / "2027.xlsx", NEXT_YEAR, HEADER[1:])
    names = ("student_id", "student_number", "given_name", "family_name", "birth_date", "grade", "class_name")
    base = Roster.from_frame(pl.DataFrame(STUDENTS, schema=list(names), orient="row"))
    SqlStore.create("sqlite:///school.db", base)
    return tmp_path


def planned(*further: str) -> int:
    return run(["plan", "sqlite:///school.db", "2027.xlsx", "-o", "plan.rdiff", *further])


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    """What stands on standard error, which must be one line that begins with our name."""
    shown = capsys.readouterr().err
    assert shown.startswith("rosterdiff: ")
    assert shown.count("\n") == 1
    assert "Traceback" not in shown
    return shown


# Exit code 1: refused, failed, or called wrongly


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["plan"], "Missing argument"),
        (["plan", "base.xlsx", "--colour"], "No such option"),
        (["prepare"], "No such command"),
        (["show", "plan.rdiff", "--explain", "first"], "not a valid integer"),
        (["show", "nowhere.rdiff"], "nowhere.rdiff: No such file"),
        (["show", "2027.xlsx"], "damaged or no plan"),
        (["apply", "plan.rdiff", "--store", "sqlite:///school.db", "--actor", "Ada"], "ROLE:NAME"),
        (["apply", "sample.rdiff", "--store", "school.db", *STAFF], "sqlite:///school.db"),
        (["apply", "sample.rdiff", "--store", "sqlite:///school.db", *STAFF], "rosterdiff decide sample.rdiff"),
        (["apply", "sample.rdiff", "--store", "sqlite:///school.db", "--actor", "administrator:Robin"], "not open"),
        (["undo", "r-1", "--store", "sqlite:///none.db", *STAFF], "none.db"),
        (
            ["apply", "sample.rdiff", "--store", "sqlite:///school.db", *STAFF, "--override", "window_closed"],
            "--reason",
        ),
        (["undo", "r-1", "--store", "sqlite:///school.db", *STAFF], "no receipt"),
        (["undo", "--store", "sqlite:///school.db", *STAFF], "Which apply"),
        (["restore", "501", "--store", "sqlite:///school.db", *STAFF], "Not among the deleted"),
        (["restore", "501", "--store", "sqlite:///school.db", "--actor", "administrator:Robin"], "not open"),
        (["plan", "base.xlsx", "nowhere.xlsx", "-o", "plan.rdiff"], "no file nowhere.xlsx"),
        (["plan", "sqlite:///none.db", "2027.xlsx", "-o", "plan.rdiff"], "none.db"),
        (["plan", "base.xlsx", "2027.xlsx", "-o", "plan.rdiff", "--column", "grade"], "FIELD=HEADER"),
        (["plan", "base.xlsx", "2027.xlsx", "-o", "plan.rdiff", "--as-of", "today"], "does not match"),
        (["plan", "base.xlsx", "2027.xlsx", "-o", "plan.rdiff", "--review", "base.xlsx"], "--force"),
        (["template", "base.xlsx", "-o", "2027.xlsx"], "--force"),
        (["plan", "base.xlsx", "empty", "-o", "plan.rdiff"], "no spreadsheet"),
        (["demo", "."], "other than an earlier demo"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(
    school: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], word: str
) -> None:
    (school / "empty").mkdir()
    save_plan(sample_plan(), school / "sample.rdiff")
    before = sorted(school.iterdir())
    assert run(arguments) == 1
    assert word in one_line(capsys)
    assert sorted(school.iterdir()) == before, "nothing was made"


def test_without_a_command_the_help_is_shown_and_it_counts_as_called_wrongly(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run([]) == 1
    assert "Usage: rosterdiff" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["demo", "check", "template", "plan", "show", "decide", "apply", "undo", "restore"])
def test_every_command_has_help(capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert run([command, "--help"]) == 0
    assert f"Usage: rosterdiff {command}" in capsys.readouterr().out
    assert run(["--help"]) == 0
    assert command in capsys.readouterr().out


def test_the_traceback_is_shown_on_demand_only(school: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--debug", "show", "2027.xlsx"], ["show", "2027.xlsx", "--debug"]):
        assert run(arguments) == 1
        assert "Traceback" in capsys.readouterr().err


def test_an_error_that_nobody_expected_shows_no_value(
    school: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: object) -> None:
        raise ZeroDivisionError("Mia Wheatley")

    monkeypatch.setattr("rosterdiff.planning.load_plan", broken)
    assert run(["show", "plan.rdiff"]) == 1
    shown = one_line(capsys)
    assert "Mia" not in shown
    assert "ZeroDivisionError" in shown


# The whole way


def answer(path: Path, words: dict[str, str]) -> None:
    """Type answers into the review workbook, by the family name on the line of the upload."""
    book = load_workbook(path)
    sheet = book["Review"]
    header = next(row for row in sheet.iter_rows() if any(cell.value == "Your answer" for cell in row))
    names = [cell.value for cell in header]
    for row in sheet.iter_rows(min_row=header[0].row + 1):
        family = row[names.index("Family name")].value
        if str(row[names.index("rosterdiff key")].value).startswith("row-") and family in words:
            row[names.index("Your answer")].value = words[family]
    book.save(path)


def test_from_spreadsheets_to_an_applied_plan_and_back(school: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = SqlStore("sqlite:///school.db")
    before = store.load().frame

    assert planned("--review", "review.xlsx") == 2, "a nickname awaits a person"
    assert "rosterdiff decide plan.rdiff review.xlsx" in capsys.readouterr().out
    assert store.load().frame.equals(before), "planning writes nothing"

    assert run(["decide", "plan.rdiff", "review.xlsx", "-o", "final.rdiff"]) == 1, "nothing was answered"
    assert "review.xlsx" in capsys.readouterr().err
    assert not (school / "final.rdiff").exists()

    answer(school / "review.xlsx", {"Tilbury": "same as 1"})
    assert run(["decide", "plan.rdiff", "review.xlsx", "-o", "final.rdiff", *STAFF]) == 0
    assert "--acknowledge-deletions 2" in capsys.readouterr().out

    apply = ["apply", "final.rdiff", "--store", "sqlite:///school.db", *STAFF]
    assert run(apply) == 1
    assert "--acknowledge-deletions 2" in one_line(capsys)
    assert run([*apply, "--acknowledge-deletions", "3"]) == 1
    one_line(capsys)
    assert store.load().frame.equals(before), "what is refused writes nothing"

    assert run([*apply, "--acknowledge-deletions", "2"]) == 0
    receipt = re.search(r"rosterdiff undo (\S+)", capsys.readouterr().out)
    assert receipt
    assert sorted(store.load_deleted().frame["student_id"]) == ["505", "506"]
    assert "Benjamin" in store.load().frame["given_name"].to_list(), "names are never altered"

    again = ["plan", "sqlite:///school.db", "2027.xlsx", "-o", "again.rdiff", "--decisions", "final.rdiff"]
    assert run(again) == 0
    kept = load_plan(school / "again.rdiff").counts
    assert kept["keep"] == sum(kept.values())

    assert run(["undo", receipt[1], "--store", "sqlite:///school.db", *STAFF]) == 0
    assert store.load().frame.equals(before)
    assert "Undone" in capsys.readouterr().out


def test_deleted_students_are_restored_by_their_ids(school: Path, capsys: pytest.CaptureFixture[str]) -> None:
    test_from_spreadsheets_to_an_applied_plan_and_back(school, capsys)
    apply = ["apply", "final.rdiff", "--store", "sqlite:///school.db", *STAFF, "--acknowledge-deletions", "2"]
    assert run(apply) == 0, "undone, and applied again"
    assert run(["restore", "505", "--store", "sqlite:///school.db", *STAFF]) == 0
    assert "Restored 1: 505." in capsys.readouterr().out
    assert "505" in SqlStore("sqlite:///school.db").load().frame["student_id"].to_list()


def test_undo_without_a_receipt_names_those_there_are(school: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workbook(school / "more.xlsx", (("", "Yui", "Mori", "2019-06-06", "Year 1", "1A"),), HEADER[1:])
    assert run(["plan", "sqlite:///school.db", "more.xlsx", "-o", "plan.rdiff", "--mode", "bulk"]) == 0
    assert run(["apply", "plan.rdiff", "--store", "sqlite:///school.db", *STAFF]) == 0
    capsys.readouterr()
    assert run(["undo", "--store", "sqlite:///school.db", *STAFF]) == 1
    assert re.search(r"Receipt \S+: 1 added, 0 updated, 0 deleted", one_line(capsys))


def test_a_bulk_plan_deletes_nobody(school: Path) -> None:
    planned("--mode", "bulk")
    assert load_plan(school / "plan.rdiff").counts["delete"] == 0


def test_a_base_may_be_a_file_and_an_upload_a_folder(school: Path) -> None:
    (school / "lists").mkdir()
    (school / "2027.xlsx").rename(school / "lists" / "2027.xlsx")
    (school / "lists" / "~$2027.xlsx").write_bytes(b"lock")
    (school / "lists" / "notes.pdf").write_bytes(b"%PDF")
    assert run(["plan", "base.xlsx", "lists", "-o", "plan.rdiff"]) == 2
    plan = load_plan(school / "plan.rdiff")
    assert (len(plan.base), len(plan.incoming)) == (6, 5)


def test_the_columns_of_base_and_uploads_are_named_apart(school: Path) -> None:
    """The base calls its key otherwise, and so does a list its surname; neither is looked for in the other."""
    workbook(school / "own.xlsx", STUDENTS, ("Konto", *HEADER[1:]))
    workbook(school / "odd.xlsx", NEXT_YEAR, (*HEADER[1:3], "House of", *HEADER[4:]))
    files = ["plan", "own.xlsx", "odd.xlsx", "-o", "plan.rdiff"]
    assert run(files) == 1, "without a key the base is no base"
    assert run([*files, "--base-column", "student_id=Konto", "--column", "family_name=House of"]) == 2
    plan = load_plan(school / "plan.rdiff")
    assert plan.base.frame["student_id"].to_list() == [student[0] for student in STUDENTS]
    assert "header_missing" not in plan.issues["code"].to_list()


def test_a_guard_holds_until_a_named_person_overrides_it(school: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workbook(school / "more.xlsx", (("", "Yui", "Mori", "2019-06-06", "Year 1", "1A"),), HEADER[1:])
    plan = ["plan", "sqlite:///school.db", "more.xlsx", "-o", "plan.rdiff", "--mode", "bulk", "--seats", "6"]
    assert run(plan) == 2, "a guard that holds awaits a person"
    apply = ["apply", "plan.rdiff", "--store", "sqlite:///school.db", *STAFF]
    capsys.readouterr()
    assert run(apply) == 1
    refusal = one_line(capsys)
    assert "seats" in refusal
    assert "--override too_many_seats --reason" in refusal
    assert run([*apply, "--override", "too_many_seats", "--reason", "A seventh seat is ordered."]) == 0


def test_a_template_sent_back_unedited_plans_to_all_keep(school: Path) -> None:
    assert run(["template", "sqlite:///school.db", "-o", "template.xlsx"]) == 0
    run(["plan", "sqlite:///school.db", "template.xlsx", "-o", "plan.rdiff"])
    assert load_plan(school / "plan.rdiff").counts == {"keep": 6, "update": 0, "add": 0, "delete": 0, "review": 0}


def test_check_tells_the_cell_and_awaits_a_person_where_there_are_errors(
    school: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", "2027.xlsx"]) == 0
    workbook(school / "bad.xlsx", (("000030", "Yui", "Mori", "31/02/2019", "Year 1", "1A"),), HEADER[1:])
    code = run(["check", "bad.xlsx"])
    shown = capsys.readouterr().out
    assert "D2" in shown
    assert "31/02" not in shown, "no cell values in what is printed of an issue"
    assert code in {0, 2}


def test_check_goes_on_after_a_file_that_cannot_be_read(school: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (school / "broken.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    assert run(["check", "broken.xlsx", "2027.xlsx"]) == 1
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert "broken.xlsx" in captured.err
    assert "2027.xlsx" in captured.out


def test_check_says_what_was_understood_and_what_came_of_all_files(
    school: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (school / "list.csv").write_text(
        "A list of ours\nGiven Name,Surname,Class,Yaer\nAda,Brask,3A,Year 3\nBen,Fisk,3A,Year 3\n"
    )
    run(["check", "list.csv", "2027.xlsx"])
    shown = capsys.readouterr().out
    assert "list.csv: 2 students" in shown
    assert "Header in row 2, students in rows 3 to 4." in shown
    assert "1 class: 3A (2)." in shown
    assert re.search(r"A +Given Name +Given name +95% +2\n", shown)
    assert "Together: 2 files" in shown


def test_check_as_json_fits_its_schema_and_names_no_student(school: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from jsonschema import Draft202012Validator

    from rosterdiff.reports.check_json import check_schema

    workbook(school / "bad.xlsx", (("000030", "Yui", "Mori", "31/02/2019", "Year 1", "1A"),), HEADER[1:])
    (school / "broken.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    assert run(["check", "--json", "bad.xlsx", "broken.xlsx", "2027.xlsx"]) == 1
    text = capsys.readouterr().out
    document = json.loads(text)
    Draft202012Validator.check_schema(check_schema())
    Draft202012Validator(check_schema()).validate(document)
    assert [each["file"] for each in document["files"]] == ["bad.xlsx", "broken.xlsx", "2027.xlsx"]
    assert document["files"][1]["refused"]["code"] == "damaged"
    assert document["total"]["refused"] == 1
    assert {issue["code"]: issue["cells"] for issue in document["files"][0]["issues"]}["date_unreadable"] == "D2"
    assert "Mori" not in text
    assert "31/02" not in text


def test_check_writes_marked_up_copies_and_does_not_overwrite_them_unasked(
    school: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook(school / "bad.xlsx", (("000030", "Yui", "Mori", "31/02/2019", "Year 1", "1A"),), HEADER[1:])
    (school / "bad.csv").write_text("Given Name,Surname,DOB\nYui,Mori,31/02/2019\n")
    assert run(["check", "bad.xlsx", "bad.csv", "--marked-up", "marked"]) == 0
    assert "Marked up: marked/bad marked.xlsx" in capsys.readouterr().out
    assert sorted(path.name for path in (school / "marked").iterdir()) == ["bad marked.xlsx", "bad.csv marked.xlsx"]
    assert run(["check", "bad.xlsx", "--marked-up", "marked"]) == 1
    assert "--force" in capsys.readouterr().err
    assert run(["check", "bad.xlsx", "--marked-up", "marked", "--force"]) == 0


# Show, and what is piped


def test_show_prints_the_plan_as_json_that_fits_the_schema(school: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from jsonschema import Draft202012Validator

    planned()
    capsys.readouterr()
    assert run(["show", "plan.rdiff", "--json"]) == 2
    Draft202012Validator(plan_schema()).validate(json.loads(capsys.readouterr().out))


def test_show_explains_a_row(school: Path, capsys: pytest.CaptureFixture[str]) -> None:
    planned()
    capsys.readouterr()
    assert run(["show", "plan.rdiff", "--explain", "3"]) == 2
    assert "short form" in capsys.readouterr().out
    assert run(["show", "plan.rdiff", "--explain", "99"]) == 1
    assert "no row 99" in one_line(capsys)


def rosterdiff(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rosterdiff", *arguments],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )


def test_what_is_piped_has_no_colour_no_progress_and_the_exit_code(school: Path) -> None:
    done = rosterdiff("plan", "sqlite:///school.db", "2027.xlsx", "-o", "plan.rdiff", TERM="xterm-256color")
    assert done.returncode == 2
    assert "\x1b" not in done.stdout + done.stderr
    assert done.stderr == ""
    assert rosterdiff("show", "none.rdiff").returncode == 1
    assert rosterdiff("--version").returncode == 0


def test_a_reader_that_goes_away_is_no_error(school: Path) -> None:
    planned()
    command = f"{sys.executable} -m rosterdiff show plan.rdiff --json | head -n 1"
    done = subprocess.run(["bash", "-c", command], check=False, capture_output=True, text=True)
    assert done.stdout == "{\n"
    assert done.stderr == ""


def test_without_its_libraries_the_command_line_says_how_to_get_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rosterdiff.__main__.find_spec", lambda name: None if name == "click" else name)
    assert main() == 1
    assert one_line(capsys).endswith('pip install "rosterdiff[cli]"\n')
