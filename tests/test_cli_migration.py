"""`rosterdiff migration …`: the year of a school on the command line, its exit codes, and what it says comes next."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from rosterdiff.cli import run
from rosterdiff.cli.app import app
from rosterdiff.cli.migrating_steps import STEPS
from rosterdiff.stores import SqlStore
from rosterdiff.testing.builders import a_roster
from tests.migrations import a_sheet, next_year
from tests.school_year import ordinary, row

BEN, ADA, CYRIL = (("--actor", who) for who in ("administrator:Ben", "staff:Ada", "staff:Cyril"))
TODAY = date.today()  # noqa: DTZ011  (the day on the wall, by which the command line measures windows)
TYPO = {"a00": {"family_name": "Achterbreg"}}


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, the current one, with a database of the ordinary school and its lists."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ROSTERDIFF_STORE", "sqlite:///school.db")
    SqlStore.create("sqlite:///school.db", a_roster(*ordinary()))
    rows = next_year(row("Tamsin", "Wexcombe", "2017-05-05"), changed=TYPO)
    lists = tmp_path / "lists"
    lists.mkdir()
    (lists / "4A.csv").write_bytes(a_sheet(rows[:10]))
    (lists / "5A.csv").write_bytes(a_sheet(rows[10:]))
    return tmp_path


Say = Callable[..., str]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Run a command of `migration`, hold it to its exit code, and give what it says."""

    def command(code: int, *arguments: str) -> str:
        capsys.readouterr()
        assert run(["migration", *arguments]) == code
        shown = capsys.readouterr()
        if code == 1:
            assert shown.err.startswith("rosterdiff: ")
            assert "Traceback" not in shown.err
        return shown.out + shown.err

    return command


def window() -> tuple[str, ...]:
    return ("--from", str(TODAY - timedelta(days=1)), "--until", str(TODAY + timedelta(days=30)))


def planned(say: Say) -> str:
    say(2, "open", *BEN, *window(), "--school-year", "2027")
    say(2, "upload", "lists", *BEN)
    say(2, "complete", *BEN)
    return say(2, "plan", *ADA)


def test_the_year_of_an_administrator(school: Path, say: Say) -> None:
    assert "No migration has been opened" in say(0, "status")
    assert "Opened migration 1." in say(2, "open", *BEN, *window(), "--school-year", "2027")
    assert "4A.csv: 10 students, nothing wrong." in say(2, "upload", "lists", *BEN)
    assert "To add (1)" in say(0, "plan", "--preview")
    assert "complete" in say(2, "complete", *BEN)
    assert "reopen the migration, upload" in say(1, "upload", "lists/4A.csv", *BEN)
    assert "acknowledge 10" in say(2, "plan", *ADA, "--save", "plan.rdiff")
    assert (school / "plan.rdiff").exists()
    assert "were acknowledged" in say(1, "acknowledge", "9", *BEN)
    assert "Acknowledged: 10." in say(2, "acknowledge", "10", *BEN)
    assert "Wrote review.xlsx: 2 open entries." in say(2, "review", "review.xlsx")
    assert "somebody may have written in it" in say(1, "review", "review.xlsx")
    assert "not open to the role administrator" in say(1, "decide", "--row", "0", "--verdict", "new", *BEN)
    one = ("--row", "0", "--verdict", "same", "--student", "a00")
    assert "Took 1 decisions; 0 entries are open." in say(2, "decide", *one, *CYRIL)
    assert "decided otherwise by staff:Cyril" in say(1, "decide", "--row", "0", "--verdict", "new", *ADA)
    assert "Nothing awaits a decision." in say(2, "review", "other.xlsx")
    shown = say(2, "status")
    assert "Migration 1 (2027) is planned" in shown
    assert re.search(r"Decided +1 entry +staff:Cyril", shown)
    assert "Nothing is missing; the plan can be applied." in shown
    assert "1 added, 20 updated, 10 deleted" in say(0, "apply", *ADA)
    assert "is applied" in say(0, "status")
    assert "Undone: every student is as before." in say(0, "undo", *ADA)
    assert len(SqlStore("sqlite:///school.db").load()) == 30


def test_a_plan_made_again_says_what_was_kept_and_what_is_asked_again(school: Path, say: Say) -> None:
    planned(say)
    say(2, "acknowledge", "10", *BEN)
    say(2, "decide", "--row", "0", "--verdict", "same", "--student", "a00", *ADA)
    again = say(2, "plan", *ADA)
    assert "1 decision from before: 1 kept" in again
    assert "The acknowledgement of 10 by administrator:Ben stays good." in again
    say(2, "reopen", *BEN)
    (school / "more.csv").write_bytes(a_sheet([row("Yusra", "Damirel", "2017-06-06")]))
    say(2, "upload", "more.csv", *BEN)
    say(2, "complete", *BEN)
    assert "was given for other lists. It is to be given again." in say(2, "plan", *ADA)


def test_a_second_version_of_a_file_takes_a_word(school: Path, say: Say) -> None:
    say(2, "open", *BEN)
    say(2, "upload", "lists", *BEN)
    assert "(the same as before)" in say(2, "upload", "lists/4A.csv", *BEN)
    (school / "lists" / "4A.csv").write_bytes(a_sheet(next_year()[:3]))
    assert "administrator:Ben uploaded another version" in say(1, "upload", "lists/4A.csv", *BEN)
    assert "4A.csv: 3 students" in say(2, "upload", "lists/4A.csv", "--replace", *BEN)
    say(2, "withdraw", "5A.csv", *BEN)
    assert "1 upload with 3 students" in say(2, "status")


def test_what_is_wrong_in_a_file_is_said_when_it_comes(school: Path, say: Say) -> None:
    say(2, "open", *BEN)
    (school / "bad.csv").write_bytes(a_sheet([row("Tamsin", "Wexcombe", "31/02/2017"), row("Oan", "Kestle", None)]))
    shown = say(2, "upload", "bad.csv", *BEN)
    assert "bad.csv: 2 students, 1 warning." in shown
    assert "date_unreadable" in shown
    (school / "none.csv").write_text("a;b\n", encoding="utf-8")
    assert say(1, "upload", "none.csv", *BEN).count("\n") == 1


def test_a_bulk_upload_goes_beside_the_migration(school: Path, say: Say) -> None:
    say(2, "open", *BEN)
    assert "Name it with --bulk 1." in say(2, "open", "--new-bulk", *BEN)
    (school / "new.csv").write_bytes(a_sheet([row("Tamsin", "Wexcombe", "2017-05-05")]))
    for step in (("upload", "new.csv", *BEN), ("complete", *BEN), ("plan", *ADA)):
        say(2, *step, "--bulk", "1")
    assert "1 added, 0 updated, 0 deleted" in say(0, "apply", "--bulk", "1", *ADA)
    assert "Migration 1 collects uploads" in say(2, "status")


def test_guards_are_overridden_and_seats_counted(school: Path, say: Say) -> None:
    say(2, "open", *BEN)
    say(2, "upload", "lists", *BEN)
    say(2, "complete", *BEN)
    assert "override too_many_seats" in say(2, "plan", "--seats", "20", *ADA)
    say(2, "acknowledge", "10", *BEN)
    say(2, "decide", "--row", "0", "--verdict", "same", "--student", "a00", *ADA)
    assert "rosterdiff migration status" in say(1, "apply", *ADA)
    assert "Overrode too_many_seats." in say(2, "override", "too_many_seats", "--reason", "Ordered.", *CYRIL)
    say(0, "apply", *ADA)


def test_the_trail_is_printed_and_exported(school: Path, say: Say) -> None:
    planned(say)
    assert "administrator:Ben  uploaded 4A.csv (10 rows)" in say(0, "audit")
    lines = list(csv.DictReader(io.StringIO(say(0, "audit", "--format", "csv"))))
    assert [line["event"] for line in lines] == ["opened", "uploaded", "uploaded", "completed", "planned"]
    say(0, "audit", "--format", "jsonl", "-o", "trail.jsonl")
    events = [json.loads(line) for line in (school / "trail.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [event["actor"] for event in events] == ["Ben"] * 4 + ["Ada"]
    assert json.loads(events[1]["facts"])["name"] == "4A.csv"


def test_what_is_remembered_is_listed_and_revoked(school: Path, say: Say) -> None:
    assert "Nothing is remembered." in say(0, "memory")
    planned(say)
    say(2, "decide", "--row", "0", "--verdict", "same", "--student", "a00", *ADA)
    shown = say(0, "memory")
    assert "a00 Abena Achterberg" in shown
    memory = re.search(r"^ +([0-9a-f]{12})", shown, flags=re.MULTILINE)
    assert memory
    say(0, "forget", memory[1], *ADA)
    assert "Nothing is remembered." in say(0, "memory")


def test_a_purge_is_asked_for_twice_and_says_what_is_lost(school: Path, say: Say) -> None:
    planned(say)
    say(2, "acknowledge", "10", *BEN)
    say(2, "decide", "--row", "0", "--verdict", "same", "--student", "a00", *ADA)
    say(0, "apply", *ADA)
    tomorrow = str(TODAY + timedelta(days=1))
    assert "Say so with --yes" in say(1, "purge", "--before", tomorrow, *ADA)
    shown = say(0, "purge", "--before", tomorrow, "--yes", *ADA)
    assert "10 deleted students can no longer be restored." in shown
    assert "purged" in say(1, "undo", *ADA)


def test_outside_its_window_a_migration_says_so_and_staff_extends_it(school: Path, say: Say) -> None:
    past = ("--from", str(TODAY - timedelta(days=9)), "--until", str(TODAY - timedelta(days=2)))
    assert "This step (open) is possible from" in say(1, "open", *BEN, *past)
    assert "a window has two ends" in say(1, "open", *BEN, "--from", str(TODAY)).casefold()
    say(2, "open", *BEN, *window())
    assert "not open to the role administrator" in say(1, "extend", "--until", str(TODAY), *BEN)
    assert f"The window ends on {TODAY}." in say(2, "extend", "--until", str(TODAY), *ADA)
    say(0, "cancel", *BEN)


@pytest.mark.parametrize(
    "arguments",
    [
        ("decide", *ADA), ("decide", "r.xlsx", "--verdict", "new", *ADA), ("plan",), ("upload", *BEN), ("open",),
        ("open", "--actor", "pupil:Bo"), ("purge", "--before", "soon", *ADA), ("fly",),
    ],
)  # fmt: skip
def test_a_command_called_wrongly_is_one_line(school: Path, say: Say, arguments: tuple[str, ...]) -> None:
    say(2, "open", *BEN)
    assert say(1, *arguments).count("\n") == 1


def test_the_help_lists_the_steps_in_the_order_of_the_work(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["migration", "--help"]) == 0
    shown = capsys.readouterr().out
    order = [shown.index(f"\n  {name} ") for name in STEPS]
    assert order == sorted(order)
    assert "migration" in app.commands
    assert all(command.get_short_help_str() for command in STEPS.values())
