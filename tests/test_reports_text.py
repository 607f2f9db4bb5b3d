"""What is printed is complete, counts what it leaves out, stands in line, and carries no colour into a file."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO

import polars as pl
import pytest
from attrs import evolve
from rich.cells import cell_len
from rich.console import Console

from plan_builder import lines, school_plan
from rosterdiff.config import Mode
from rosterdiff.frames import Roster
from rosterdiff.model import Actor, GuardCode, Override, Receipt
from rosterdiff.planning.explain import explain
from rosterdiff.reports.text import print_explanation, print_issues, print_plan, print_receipt, print_roster
from rosterdiff.reports.text_entries import print_entries
from rosterdiff.schema import ISSUES, PLACES

STAFF = Actor("staff", "Ada Example")


def printed(show: Callable[[Console], None], width: int = 100, *, colour: bool = False) -> str:
    stream = StringIO()
    show(Console(file=stream, width=width, force_terminal=colour, color_system="standard" if colour else None))
    return stream.getvalue()


def the_plan(width: int = 100, **options: int) -> str:
    return printed(lambda console: print_plan(school_plan(), console, **options), width)


@pytest.mark.parametrize("width", [40, 80, 100, 160])
def test_no_line_is_wider_than_the_window(width: int) -> None:
    def everything(console: Console) -> None:
        print_plan(school_plan(), console)
        print_explanation(explain(school_plan(), 0), console)

    assert max(cell_len(line) for line in printed(everything, width).splitlines()) <= width


def test_a_narrow_window_breaks_no_word_and_loses_no_column() -> None:
    plan = printed(lambda console: print_plan(school_plan(), console), 44)
    words = {"Tamsyn", "Marchetti,", "4A.xlsx,", "likely", "(Birth", "2016-09-01", "Nyquist,"}
    assert {word.lstrip("-") for word in plan.split()} >= words
    explained = printed(lambda console: print_explanation(explain(school_plan(), 0), console), 44)
    assert "What was found  differ by one letter" in explained
    assert "In the upload   Tamsyn" in explained
    assert "Bits            +3.2" in explained


def test_colour_is_only_where_the_console_has_it() -> None:
    assert "\x1b" not in the_plan()
    assert "\x1b[33m" in printed(lambda console: print_plan(school_plan(), console), colour=True)


def test_a_plan_begins_with_its_counts_the_doubtful_first() -> None:
    text = the_plan()
    places = [text.index(title) for title in ("To review  ", "To delete  ", "To add  ", "To update  ", "Unchanged  ")]
    assert places == sorted(places)
    assert "5 questions in 4 groups, 6 students held" in text
    assert "9 students of the base, 7 rows of 2 files." in text


def test_counts_guards_and_coverage_stand_before_the_entries_and_the_doubtful_before_the_others() -> None:
    text = the_plan()
    titles = ("To review  ", "HELD", "Coverage by class", "To review: ", "To delete (", "To add (", "To update (")
    places = [text.index(title) for title in titles]
    assert places == sorted(places)


def test_a_held_plan_says_so_with_the_guards_words_and_numbers() -> None:
    text = " ".join(the_plan().split())
    assert (
        "HELD: nothing of this plan is applied Too few students found (too_few_found): 2 of 9 students were found."
        in text
    )
    assert "Check that these are the lists of this school, and that none is missing." in text, "what to do"


def test_an_overridden_guard_does_not_hold_but_is_told() -> None:
    plan = school_plan()
    passed = evolve(plan, overrides=(Override(plan.plan_id, GuardCode.TOO_FEW_FOUND, STAFF, "checked"),))
    text = printed(lambda console: print_plan(passed, console))
    assert "HELD" not in text
    assert "Overridden: too_few_found." in text


def test_the_deletions_that_an_acknowledgement_states_are_counted_apart_from_the_held() -> None:
    assert "1 student is deleted, and 6 held in review may be" in the_plan()
    assert "acknowledges the number 1." in the_plan()
    assert "held in review may be" not in printed(lambda console: print_plan(school_plan(Mode.BULK), console))


def test_every_open_row_is_listed_with_its_place_and_its_likeliest_student() -> None:
    rows = [" ".join(line.split()) for line in the_plan(160).splitlines()]
    assert "0 Orrell, Tamsyn 04 4A 4A.xlsx, sheet Term 1, row 5 1001 Orrell, Tamsin and 1 more very likely" in rows
    assert "5 Marchetti, Odile 04 4A late.csv, row 2 877 likely" in rows
    assert "02 2A 3" in rows, "the class that nobody listed"


def test_changes_are_shown_before_and_after_and_reported_ones_apart() -> None:
    text = the_plan()
    assert "Class 3A → 4A, Grade 03 → 04" in text
    assert "(Birth date 2016-09-01 → –, not written)" in text


def test_a_list_stands_by_class_and_name_and_is_cut_after_that() -> None:
    plan = school_plan()
    wanted = ["1006", "1007", "1005"]
    entry = plan.entries.filter(pl.col("action") == "delete")
    gone = [entry.with_columns(student_id=pl.lit(student)) for student in ("1005", "1007", "1006")]
    text = printed(lambda console: print_entries(plan, "To delete", pl.concat(gone), console, 2))
    assert [line.split()[0] for line in text.splitlines() if line.strip()[:2] == "10"] == wanted[:2]
    assert "… and 1 more" in text


def test_a_list_that_is_cut_says_how_much_is_missing() -> None:
    plan = school_plan()
    row = plan.incoming.frame.filter(pl.col("row") == 3)
    rows = pl.concat([plan.incoming.frame, *[row] * 30]).with_columns(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("row")
    )
    entry = plan.entries.filter(pl.col("action") == "add")
    more = [entry.with_columns(row=pl.lit(7 + n, dtype=pl.UInt32)) for n in range(30)]
    entries = pl.concat([plan.entries, *more]).with_columns(pl.int_range(pl.len(), dtype=pl.UInt32).alias("entry"))
    many = evolve(plan, incoming=Roster(rows), entries=entries)
    text = printed(lambda console: print_plan(many, console, limit=10))
    assert "To add (31)" in text
    assert "… and 21 more" in text
    assert text.count("-Nyquist, =Bertil") == 10


def test_columns_stand_in_line_beside_wide_characters() -> None:
    text = printed(lambda console: print_explanation(explain(school_plan(), 0), console))
    table = [line for line in text.splitlines() if "are different" in line or "What was found" in line]
    second = table[table.index(next(line for line in table if "明月" in line)) :]
    found = [cell_len(line[: line.index("are different")]) for line in second if "are different" in line]
    assert len(found) == 2
    assert len(set(found)) == 1


def test_values_cannot_move_the_cursor_turn_the_line_or_be_read_as_markup() -> None:
    plan = school_plan()
    evil = plan.incoming.frame.with_columns(
        pl.when(pl.col("row") == 3).then(pl.lit("[red]\x1b[2J\u202eeman")).otherwise("given_name").alias("given_name")
    )
    text = printed(lambda console: print_plan(evolve(plan, incoming=Roster(evil)), console), 160)
    assert "[red]" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_issues_of_one_kind_are_counted_together_with_their_first_cells() -> None:
    text = " ".join(printed(lambda console: print_issues(school_plan().issues, console)).split())
    assert text.startswith("8 issues: 1 to correct, 7 to check To correct (header_unknown): No header found. late.csv")
    assert "To check (date_ambiguous, 7 times): The order" in text
    assert "4A.xlsx, sheet Term 1: D5, D6, D7, D8, D9, D10 and 1 more" in text


def test_messages_that_differ_in_details_do_not_crowd_out_other_kinds() -> None:
    many = [
        {
            "severity": "error",
            "code": "rows_contradict",
            "source_file": f"{n}.csv",
            "cell": "B2",
            "message": f"See {n}.",
        }
        for n in range(40)
    ]
    other = {"severity": "warning", "code": "date_unreadable", "message": "No date."}
    text = printed(lambda console: print_issues(lines(ISSUES, *many, other), console, limit=2))
    assert "rows_contradict, 40 times): See 0. (for example)" in text
    assert "and 34 more sheets" in text
    assert "date_unreadable" in text


def test_no_issues_are_said_in_words() -> None:
    assert printed(lambda console: print_issues(lines(ISSUES), console)) == "No issues.\n"


def test_an_explanation_adds_up_and_tells_for_and_against_apart_without_colour() -> None:
    text = printed(lambda console: print_explanation(explain(school_plan(), 0), console))
    assert "Row 0: To review. Name similar, not the same" in text
    assert "1. Student 1001: very likely, 97.0 %" in text
    assert "already matched with row 6" in text
    assert "+18.8" in text
    assert "░" in text
    assert "█" in text
    assert "Not compared, because a value is missing: Middle name, Suffix" in text


def test_an_explanation_needs_no_wide_letters_where_the_terminal_has_none() -> None:
    class Ascii(StringIO):
        encoding = "ascii"  # type: ignore[assignment]

    stream = Ascii()
    print_explanation(explain(school_plan(), 2), Console(file=stream, width=100))
    assert "++" in stream.getvalue()
    assert not {"█", "░", "│"} & set(stream.getvalue())


def test_a_receipt_says_who_did_what_and_whether_it_was_taken_back() -> None:
    receipt = Receipt(
        receipt_id="r-1",
        plan_id="5c" * 32,
        origin="5c" * 32,
        actor=STAFF,
        applied_at=datetime(2026, 12, 1, 9, 30, tzinfo=UTC),
        student_ids={number: str(2000 + number) for number in range(9)},
        updated=("1002",),
        deleted=(),
    )
    text = " ".join(printed(lambda console: print_receipt(receipt, console)).split())
    assert "2026-12-01 09:30 UTC by staff:Ada Example" in text
    assert "9 added, 1 updated, 0 deleted" in text
    assert "row 0: 2000" in text
    assert "and 3 more" in text
    assert "Taken back" not in text
    undone = evolve(receipt, undone_at=datetime(2026, 12, 2, tzinfo=UTC), undone_by=STAFF)
    again = " ".join(printed(lambda console: print_receipt(undone, console)).split())
    assert "Taken back 2026-12-02 00:00 UTC by staff:Ada Example" in again


def test_a_roster_is_printed_with_what_each_column_was_taken_for() -> None:
    plan = school_plan()
    place = {"source_file": "late.csv", "field": "given_name", "header": "First", "column": "B"}
    roster = Roster(plan.incoming.frame, places=lines(PLACES, place))
    text = printed(lambda console: print_roster(roster, console))
    assert "4A.xlsx, sheet Term 1: 5 students" in text
    assert "late.csv: 2 students" in text
    assert ["B", "First", "Given", "name", "2"] in [line.split() for line in text.splitlines()]
    empty = Roster(plan.incoming.frame.clear())
    assert printed(lambda console: print_roster(empty, console)) == "\nThe roster: no students were found\n"
    named = Roster(empty.frame, issues=plan.issues.filter(pl.col("source_file") == "late.csv"))
    assert "late.csv: no students were found" in printed(lambda console: print_roster(named, console)), "of several"


def test_a_column_of_which_no_value_could_be_read_is_listed_all_the_same() -> None:
    frame = school_plan().incoming.frame.with_columns(birth_date=pl.lit(None, dtype=pl.Date))
    place = {"source_file": "late.csv", "field": "birth_date", "header": "DOB", "column": "C", "confidence": 0.95}
    text = printed(lambda console: print_roster(Roster(frame, places=lines(PLACES, place)), console))
    assert ["C", "DOB", "Birth", "date", "95%", "0"] in [line.split() for line in text.splitlines()]
