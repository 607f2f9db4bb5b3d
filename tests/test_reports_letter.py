"""The letter tells a school what to put right, where it stands, and nothing that is no matter of the school's."""

import re
from pathlib import Path

import polars as pl
import pytest
from attrs import evolve
from openpyxl import load_workbook

from plan_builder import lines, roster, school_plan
from rosterdiff.errors import InvalidOption
from rosterdiff.frames import Roster
from rosterdiff.letters import ASKS, LOST_ZEROS, MATTERS, UNASKED, Matter
from rosterdiff.model import REASONS_OF, Action
from rosterdiff.plans import Plan
from rosterdiff.reports import write_discrepancies
from rosterdiff.reports.letter_content import LETTER_LINES, write_letter
from rosterdiff.reports.letter_html import letter_as_html
from rosterdiff.reports.letter_text import WIDTH, letter_as_text
from rosterdiff.schema import CHANGES, DELETABLE, ENTRIES, ISSUES, PLACES


def lettered(plan: Plan, **columns: object) -> Plan:
    """The plan, its rows with further columns, and family names in column B of its sheets."""
    places = [
        {"source_file": "4A.xlsx", "source_sheet": "Term 1", "field": "family_name", "column": "B"},
        {"source_file": "late.csv", "field": "family_name", "column": "A"},
    ]
    incoming = Roster(plan.incoming.frame.with_columns(**columns), places=lines(PLACES, *places))
    return evolve(plan, incoming=incoming)


def of(plan: Plan, matter: Matter) -> list[dict[str, object]]:
    return write_letter(plan).of(matter).drop("matter").to_dicts()


def test_every_reason_to_review_a_row_is_asked_about_or_is_no_matter_of_the_school() -> None:
    assert set(ASKS) | UNASKED == REASONS_OF[Action.REVIEW]
    assert not set(ASKS) & UNASKED


def test_every_matter_says_what_it_is_and_what_to_do_in_short_sentences() -> None:
    assert list(MATTERS) == list(Matter)
    texts = [text for wording in MATTERS.values() for text in (wording.sentence, wording.advice)] + list(ASKS.values())
    for text in texts:
        assert text.endswith(".")
        assert len(text) <= 130, text
        assert not re.search(r"\b(base|candidate|entry|pair|probability|weight)\b", text), text


def test_a_name_that_most_likely_is_a_students_is_told_with_both_spellings_and_its_cell() -> None:
    (line,) = of(lettered(school_plan()), Matter.NAME)
    assert (line["cell"], line["found"], line["known"]) == ("B5", "Orrell, Tamsyn", "Orrell, Tamsin")


def test_a_name_that_a_person_has_judged_the_same_child_is_still_told() -> None:
    plan = school_plan()
    row = pl.col("row") == 0
    settled = plan.entries.filter(~(pl.col("student_id") == "1001").fill_null(value=False)).with_columns(
        pl.when(row).then(pl.lit("keep")).otherwise("action").cast(ENTRIES["action"]).alias("action"),
        pl.when(row).then(pl.lit("decided_same")).otherwise("reason").cast(ENTRIES["reason"]).alias("reason"),
        pl.when(row).then(pl.lit("1001")).otherwise("student_id").alias("student_id"),
        pl.when(row).then(None).otherwise("group").alias("group"),
        entry=pl.int_range(pl.len(), dtype=pl.UInt32),
    )
    assert [line["known"] for line in of(evolve(plan, entries=settled), Matter.NAME)] == ["Orrell, Tamsin"]


def test_a_name_that_is_hardly_like_a_students_is_a_question_and_no_name_to_change() -> None:
    plan = school_plan()
    doubtful = plan.candidates.with_columns(
        pl.when(pl.col("row") == 0).then(0.2).otherwise("probability").alias("probability")
    )
    unlikely = evolve(plan, candidates=doubtful)
    assert not of(unlikely, Matter.NAME)
    assert "Orrell, Tamsyn" in [line["who"] for line in of(unlikely, Matter.QUESTION)]


def test_equal_faults_of_a_sheet_are_one_line_with_its_first_cells_and_their_number() -> None:
    fault = next(line for line in of(school_plan(), Matter.CORRECT) if line["source_file"] == "4A.xlsx")
    assert fault["cell"] == "D5, D6, D7, D8, D9, D10 and 1 more"
    assert fault["count"] == 7


def test_a_fault_of_many_scattered_cells_names_the_first_and_counts_the_others() -> None:
    plan = school_plan()
    cells = [f"D{row}" for row in range(5, 4005, 2)]
    fault = {"severity": "error", "code": "x", "source_file": "late.csv", "cell": "D5", "message": "Look."}
    many = lines(ISSUES, {**fault, "count": len(cells), "cells": ", ".join(cells)})
    (told,) = of(evolve(plan, issues=many), Matter.CORRECT)
    assert (told["cell"], told["count"]) == ("D5, D7, D9, D11, D13, D15 and 1,994 more", 2000)


def test_what_needs_nothing_is_not_told() -> None:
    plan = school_plan()
    harmless = evolve(plan, issues=lines(ISSUES, {"severity": "info", "code": "x", "message": "Nothing."}))
    assert not of(harmless, Matter.CORRECT)


def test_a_student_of_another_school_is_never_told() -> None:
    plan = school_plan()
    moved = plan.entries.with_columns(
        pl.col("reason").cast(pl.String).replace("possible_restore", "possible_transfer").cast(ENTRIES["reason"])
    )
    letter = write_letter(evolve(plan, entries=moved))
    assert "Marchetti, Odile" not in set(letter.of(Matter.QUESTION)["who"])


def test_a_detail_that_is_not_written_is_told_of_settled_rows_alone() -> None:
    (line,) = of(school_plan(), Matter.DETAIL)
    assert (line["who"], line["message"], line["known"]) == ("歐陽, 明月", "Birth date", "2016-09-01")


def test_numbers_that_lost_their_zeros_are_one_line_a_sheet() -> None:
    plan = school_plan()
    cut = [
        {
            "row": row,
            "student_id": student,
            "field": "student_number",
            "before": "0041",
            "after": "41",
            "effect": "report",
        }
        for row, student in ((4, "1002"), (6, "1009"))
    ]
    damaged = evolve(plan, changes=lines(CHANGES, *cut))
    assert not of(damaged, Matter.DETAIL)
    told = [line for line in of(damaged, Matter.CORRECT) if line["message"] == LOST_ZEROS]
    assert [(line["source_file"], line["cell"], line["count"]) for line in told] == [
        ("4A.xlsx", "row 9", 1),
        ("late.csv", "row 3", 1),
    ]


def test_points_stand_by_teacher_where_a_column_names_one() -> None:
    teachers = pl.Series("Class Teacher", ["Ms Ebele", "Mr Oduya", "Ms Ebele", None, None, None, None])
    plan = lettered(school_plan(), **{"Class Teacher": teachers})
    assert [line["teacher"] for line in of(plan, Matter.QUESTION)] == ["Mr Oduya", "Ms Ebele", None]
    faults = {line["teacher"]: line["cell"] for line in of(plan, Matter.CORRECT) if line["source_file"] == "4A.xlsx"}
    assert faults == {None: "D8, D9, D10, D11", "Ms Ebele": "D5, D7", "Mr Oduya": "D6"}


def test_classes_without_a_list_and_who_is_in_no_list_are_counted_and_named() -> None:
    plan = school_plan()
    assert [(line["who"], line["count"]) for line in of(plan, Matter.CLASS)] == [("2A", 3)]
    assert [(line["class_name"], line["who"]) for line in of(plan, Matter.GONE)] == [("6A", "Arkley, Sefton")]


def test_a_plan_without_discrepancies_says_that_nothing_is_to_be_put_right() -> None:
    students = roster(("student_id", "given_name", "family_name"), ("1", "Ilva", "Torenbek"))
    keep = lines(ENTRIES, {"entry": 0, "action": "keep", "reason": "unchanged", "student_id": "1", "row": 0})
    plan = school_plan()
    calm = evolve(
        plan,
        base=students,
        incoming=students,
        entries=keep,
        issues=lines(ISSUES),
        candidates=plan.candidates.clear(),
        changes=lines(CHANGES),
        deletable=lines(DELETABLE),
    )
    assert write_letter(calm).lines.schema == LETTER_LINES
    assert "Nothing needs to be put right." in " ".join(letter_as_text(write_letter(calm)).split())
    assert "Nothing needs to be put right." in letter_as_html(write_letter(calm))


def test_the_text_keeps_to_its_width_and_begins_with_the_number_of_points() -> None:
    text = letter_as_text(write_letter(school_plan()))
    assert text.startswith("Student lists 2027: 7 points to put right\n")
    assert max(map(len, text.splitlines())) <= WIDTH


def test_the_page_escapes_values_and_allows_nothing_from_elsewhere() -> None:
    plan = school_plan()
    hostile = plan.base.frame.with_columns(
        pl.when(pl.col("student_id") == "1005").then(pl.lit("<script>x</script>")).otherwise("family_name")
        .alias("family_name")
    )  # fmt: skip
    page = letter_as_html(write_letter(evolve(plan, base=Roster(hostile))))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "default-src 'none'" in page
    assert not re.search(r"(?:src|href)=", page)


def test_the_workbook_has_a_line_for_each_point_and_no_formula(tmp_path: Path) -> None:
    plan = school_plan()
    write_discrepancies(plan, tmp_path / "letter.xlsx")
    book = load_workbook(tmp_path / "letter.xlsx")
    assert book.sheetnames == ["Read first", "To put right", "In no list"]
    rows = list(book["To put right"].iter_rows(values_only=True))
    assert rows[0][:3] == ("Matter", "File", "Sheet")
    assert len(rows) == 1 + 7
    assert all(cell.data_type in {"s", "n"} for sheet in book for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("suffix", ["txt", "html", "xlsx"])
def test_the_name_of_the_file_chooses_the_form(suffix: str, tmp_path: Path) -> None:
    write_discrepancies(school_plan(), tmp_path / f"letter.{suffix}")
    assert (tmp_path / f"letter.{suffix}").stat().st_size > 1000


def test_another_ending_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InvalidOption, match=r"\.txt, \.html or \.xlsx"):
        write_discrepancies(school_plan(), tmp_path / "letter.pdf")


def test_a_row_of_the_workbook_is_as_high_as_its_wrapped_text(tmp_path: Path) -> None:
    write_discrepancies(school_plan(), tmp_path / "letter.xlsx")
    book = load_workbook(tmp_path / "letter.xlsx")
    sheet = book["To put right"]
    advice = next(column for column in sheet.iter_cols() if column[0].value == "What to do")
    longest = max(advice[1:], key=lambda cell: len(str(cell.value)))
    assert sheet.row_dimensions[longest.row].height >= 2 * 15
    cover = book["Read first"]
    assert not cover["A1"].alignment.wrap_text, "the title runs over the next cell"
    assert cover.row_dimensions[4].height >= 2 * 15


def test_a_narrow_window_names_every_value_of_the_letter() -> None:
    page = letter_as_html(write_letter(school_plan()))
    assert '<td class="found" data-head="In the list"><bdi>Orrell, Tamsyn</bdi></td>' in page
    assert "content:attr(data-head)" in page
