"""The review workbook asks every open question once, and its answers come back as decisions with their cells."""

import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from attrs import evolve
from openpyxl.worksheet.worksheet import Worksheet

from plan_builder import BASE, COLUMNS, INCOMING, roster, school_plan
from rosterdiff.config import Mode
from rosterdiff.errors import InvalidDecisions, UnreadableFile
from rosterdiff.frames import Roster
from rosterdiff.model import Decision, Verdict
from rosterdiff.pipeline import make_plan
from rosterdiff.planning import resolve
from rosterdiff.plans import Plan
from rosterdiff.reports import read_decisions, write_review
from rosterdiff.reports.questions import asked_in_words, review_blocks
from rosterdiff.reports.review_answers import student_named
from rosterdiff.reports.review_form import Kind, Question, decode_question, encode_question, review_lines
from tests.office import FILTER, SORT, edited_by_office, needs_office, saved_by_office

KEY, ANSWER, WHO = 1, 2, 3
ALL = {"row-0": "same as 1", "row-1": "new student", "row-2": "same as 2", "row-5": "ignore this row"}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "review.xlsx"
    write_review(school_plan(), path)
    return path


def edit(path: Path, change: Callable[[Worksheet], object]) -> Path:
    """Change the review sheet as a person would, and save it."""
    workbook = openpyxl.load_workbook(path)
    change(workbook["Review"])
    workbook.save(path)
    return path


def line_of(sheet: Worksheet, key: str) -> int:
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, KEY).value == key)


def fill(path: Path, answers: Mapping[str, object]) -> Path:
    def type_in(sheet: Worksheet) -> None:
        for key, answer in answers.items():
            sheet.cell(line_of(sheet, key), ANSWER).value = answer

    return edit(path, type_in)


def said(decisions: tuple[Decision, ...]) -> dict[int | str | None, tuple[Verdict, str | None]]:
    return {
        d.row if d.row is not None else d.student_id: (d.verdict, d.student_id if d.row is not None else None)
        for d in decisions
    }


def problems_of(path: Path) -> tuple[str, ...]:
    with pytest.raises(InvalidDecisions) as refusal:
        read_decisions(path)
    return refusal.value.problems


def test_every_open_row_and_held_student_is_in_exactly_one_block() -> None:
    plan = school_plan()
    blocks = review_blocks(plan)
    review = plan.entries.filter(pl.col("action") == "review")
    assert sorted(row.row for block in blocks for row in block.rows) == review["row"].drop_nulls().to_list()
    assert sorted(s.student_id for b in blocks for s in b.students) == sorted(review["student_id"].drop_nulls())


def test_what_is_asked_is_counted_as_the_blocks_are() -> None:
    blocks = review_blocks(school_plan())
    questions = sum(len(block.rows) + bool(block.of_class) for block in blocks)
    held = sum(len(block.students) for block in blocks)
    assert asked_in_words(school_plan()) == f"{questions} questions in {len(blocks)} groups, {held} students held"
    assert asked_in_words(settled(school_plan())) == ""


def test_a_student_has_one_number_in_a_block_and_a_deleted_one_has_none() -> None:
    twins = review_blocks(school_plan())[1]
    numbers = {(c.student_id, c.number) for row in twins.rows for c in row.candidates}
    assert numbers == {("1003", 2), ("1004", 1)}
    assert {(s.student_id, s.number) for s in twins.students} == numbers
    restore = review_blocks(school_plan())[2]
    assert [c.number for c in restore.rows[0].candidates] == [None]


def test_what_differs_is_marked_and_what_differs_as_expected_is_not() -> None:
    (row,) = review_blocks(school_plan())[0].rows
    assert row.candidates[0].differing == {"given_name"}, "grade and class moved up with the others"
    assert row.candidates[1].differing == {"given_name", "family_name"}


def test_an_unanswered_workbook_gives_open_decisions_with_their_cells(book: Path) -> None:
    decisions = read_decisions(book)
    assert said(decisions) == {
        **dict.fromkeys((0, 1, 2, 5), (Verdict.OPEN, None)),
        **dict.fromkeys(("1006", "1007", "1008"), (Verdict.OPEN, None)),
    }
    places = {d.row: d.place for d in decisions}
    assert places[0] == "review.xlsx, sheet Review, cell B6"
    assert {d.plan_id for d in decisions} == {"5c" * 32}


def test_answers_from_the_lists_come_back_as_decisions(book: Path) -> None:
    fill(book, {**ALL, "class-3": "delete all", "student-3-2": "leave", "student-1-1": "leave"})
    assert said(read_decisions(book)) == {
        0: (Verdict.SAME, "1001"),
        1: (Verdict.NEW, None),
        2: (Verdict.SAME, "1003"),
        5: (Verdict.IGNORE, None),
        "1004": (Verdict.LEAVE, None),
        "1006": (Verdict.DELETE, None),
        "1007": (Verdict.LEAVE, None),
        "1008": (Verdict.DELETE, None),
    }


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Same as 2", "1003"), (" SAME AS  2 ", "1003"), ("2", "1003"), (2, "1003"), (2.0, "1003"), ("1003", "1003"),
        (1003, "1003"), ("student 2", "1003"), ("same: 2", "1003"), ("same as student 1003", "1003"), ("“2”", "1003"),
        ("same as id 1009", "1009"), ("id 1009", "1009"), ("SAME AS ACCOUNT ID 1009", "1009"), ("#2.", "1003"),
    ],
)  # fmt: skip
def test_reading_forgives_how_a_student_is_named(book: Path, typed: object, expected: str) -> None:
    decisions = read_decisions(fill(book, {"row-2": typed}))
    assert said(decisions)[2] == (Verdict.SAME, expected)


@pytest.mark.parametrize(
    ("typed", "verdict"), [("NEW", Verdict.NEW), ("New  Student.", Verdict.NEW), ("ignore", Verdict.IGNORE)]
)
def test_reading_forgives_case_and_white_space(book: Path, typed: str, verdict: Verdict) -> None:
    assert said(read_decisions(fill(book, {"row-2": typed})))[2] == (verdict, None)


def test_same_alone_is_an_answer_only_where_there_is_one_student(book: Path) -> None:
    assert "expected" in problems_of(fill(book, {"row-1": "same"}))[0]
    assert student_named(Question("k", Kind.ROW, row=0, numbers={1: "A7"}), "same") == "A7"


def test_all_that_is_not_understood_is_told_at_once_by_cell_without_repeating_it(book: Path) -> None:
    fill(book, {"row-0": "perhaps Tamsin", "row-1": "same as 3", "class-3": "some", "student-3-1": "new"})
    problems = problems_of(book)
    assert len(problems) == 4
    for cell, problem in zip(("B6", "B12", "B26", "B27"), problems, strict=True):
        assert problem.startswith(f"review.xlsx, sheet Review, cell {cell}: expected “")
        assert "perhaps" not in problem


def test_a_number_that_is_also_another_students_id_is_not_guessed(tmp_path: Path) -> None:
    plan = school_plan()
    renamed = {"1003": "1", "1004": "2"}  # student 2 of the block has the id 1
    swap = pl.col("student_id").replace(renamed)
    frames = {
        name: getattr(plan, name).with_columns(swap) for name in ("entries", "changes", "candidates", "deletable")
    }
    base = plan.base.frame.with_columns(swap)
    write_review(evolve(plan, base=Roster(base), **frames), tmp_path / "r.xlsx")
    assert "cell" in problems_of(fill(tmp_path / "r.xlsx", {"row-2": "2"}))[0]
    assert said(read_decisions(fill(tmp_path / "r.xlsx", {"row-2": "id 2"})))[2] == (Verdict.SAME, "2")


def test_comments_come_along(book: Path) -> None:
    def comment(sheet: Worksheet) -> None:
        sheet.cell(line_of(sheet, "row-0"), sheet.max_column).value = "asked the  teacher"

    decisions = {d.row: d for d in read_decisions(edit(fill(book, ALL), comment))}
    assert decisions[0].comment == "asked the teacher"


def test_sorting_further_columns_and_another_name_do_no_harm(book: Path) -> None:
    def rearrange(sheet: Worksheet) -> None:
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
        sheet.delete_rows(4, sheet.max_row)
        for row in reversed(rows):
            sheet.append(row)
        sheet.insert_cols(4)
        sheet.cell(3, 4).value = "Checked by"
        sheet.cell(9, 4).value = "me"
        sheet.insert_rows(1, 2)
        sheet.title = "Done"

    before = said(read_decisions(fill(book, ALL)))
    moved = edit(book, rearrange).rename(book.with_name("Copy of review (2).xlsx"))
    assert said(read_decisions(moved)) == before
    assert all(d.place.startswith("Copy of review (2).xlsx, sheet Done, cell B") for d in read_decisions(moved))


def test_an_answer_whose_line_was_sorted_apart_from_its_key_is_refused(book: Path) -> None:
    def sort_visible_columns_only(sheet: Worksheet) -> None:
        first, second = line_of(sheet, "row-1"), line_of(sheet, "row-2")
        for column in range(ANSWER, sheet.max_column + 1):
            one, other = sheet.cell(first, column), sheet.cell(second, column)
            one.value, other.value = other.value, one.value

    problems = problems_of(edit(fill(book, ALL), sort_visible_columns_only))
    assert len(problems) == 2
    assert all("may belong to another line" in problem for problem in problems)


def test_two_answers_to_one_question_are_told_with_both_cells(book: Path) -> None:
    def copy_line(sheet: Worksheet) -> None:
        row = [cell.value for cell in sheet[line_of(sheet, "row-0")]]
        sheet.append([row[0], "ignore", *row[2:]])

    (problem,) = problems_of(edit(fill(book, ALL), copy_line))
    assert "cell B6" in problem
    assert "cell B30" in problem


def test_a_removed_line_leaves_its_question_open_and_says_so(book: Path) -> None:
    decisions = read_decisions(edit(fill(book, ALL), lambda sheet: sheet.delete_rows(line_of(sheet, "row-5"))))
    left = next(d for d in decisions if d.row == 5)
    assert (left.verdict, left.place) == (Verdict.OPEN, "review.xlsx: the line of this question is gone")


def test_a_foreign_key_and_a_missing_answer_column_are_told(book: Path) -> None:
    def forge(sheet: Worksheet) -> None:
        sheet.cell(line_of(sheet, "row-0"), KEY).value = "row-99"

    assert "key that the workbook did not give it" in problems_of(edit(book, forge))[0]

    def rename(sheet: Worksheet) -> None:
        sheet.cell(3, ANSWER).value = "?"

    assert "column “Your answer” is missing" in problems_of(edit(book, rename))[0]


def test_a_changed_hidden_sheet_is_refused(book: Path) -> None:
    workbook = openpyxl.load_workbook(book)
    hidden = workbook["rosterdiff"]
    hidden["A5"] = str(hidden["A5"].value).replace("1001", "1002")
    workbook.save(book)
    assert "hidden sheet was changed" in problems_of(book)[0]


def foreign_workbook(path: Path) -> None:
    openpyxl.Workbook().save(path)


def cut_off(path: Path) -> None:
    write_review(school_plan(), path)
    path.write_bytes(path.read_bytes()[:2000])


def archive(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("a.txt", "a")


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (foreign_workbook, "not_a_review"),
        (cut_off, "not_a_review"),
        (archive, "not_a_review"),
        (lambda path: path.write_text("a,b\n1,2\n"), "not_a_review"),
        (lambda path: path.write_bytes(b""), "not_a_review"),
        (lambda path: path.mkdir(), "not_a_review"),
        (lambda path: None, "not_found"),
    ],
    ids=["foreign", "cut", "archive", "csv", "empty", "folder", "missing"],
)
def test_what_is_no_review_workbook_is_refused_with_one_clear_error(
    tmp_path: Path, make: Callable[[Path], object], code: str
) -> None:
    path = tmp_path / "other.xlsx"
    make(path)
    with pytest.raises(UnreadableFile) as refusal:
        read_decisions(path)
    assert refusal.value.code == code
    assert refusal.value.hint


def test_only_cells_to_type_in_are_unlocked_and_no_cell_is_a_formula(book: Path) -> None:
    workbook = openpyxl.load_workbook(book)
    sheet = workbook["Review"]
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert not sheet.protection.autoFilter, "filters are not locked"
    keyed = {row for row in range(1, sheet.max_row + 1) if sheet.cell(row, KEY).value not in {None, "rosterdiff key"}}
    unlocked = {(c.row, c.column) for row in sheet.iter_rows() for c in row if not c.protection.locked}
    assert unlocked == {(row, column) for row in keyed for column in (ANSWER, sheet.max_column)}
    for made in workbook.worksheets:
        assert all(cell.data_type in {"s", "n"} for row in made.iter_rows() for cell in row if cell.value is not None)
    assert sheet.column_dimensions["A"].hidden
    assert workbook["rosterdiff"].sheet_state == "hidden"


def test_the_drop_downs_offer_what_can_be_answered(book: Path) -> None:
    sheet = openpyxl.load_workbook(book)["Review"]
    expected = {
        "row-0": "same as 1,new student,ignore this row",  # student 2 is matched already
        "row-1": "same as 1,same as 2,new student,ignore this row",
        "row-5": "restore 877,new student,ignore this row",
        "class-3": "delete all,leave all",
        "student-3-2": "delete,leave",
        "student-0-1": "delete,leave",
    }
    for key, choices in expected.items():
        cell = f"B{line_of(sheet, key)}"
        (validation,) = [v for v in sheet.data_validations.dataValidation if cell in v.sqref]
        assert validation.formula1 == f'"{choices}"'


def test_many_students_to_choose_from_still_have_their_drop_down(tmp_path: Path) -> None:
    plan = school_plan()
    (line,) = plan.candidates.filter((pl.col("row") == 2) & (pl.col("student_id") == "1003")).to_dicts()
    more = pl.DataFrame(
        [{**line, "student_id": f"x{n}", "rank": n + 3} for n in range(40)], schema=plan.candidates.schema
    )
    extra = plan.base.frame.filter(pl.col("row") == 0)
    base = pl.concat(
        [plan.base.frame, *(extra.with_columns(student_id=pl.lit(f"x{n}")) for n in range(40))]
    ).with_columns(pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"))
    held = [{"action": "review", "reason": "ambiguous", "group": 1, "student_id": f"x{n}"} for n in range(40)]
    entries = pl.concat([plan.entries, pl.DataFrame(held, schema=plan.entries.schema)]).with_columns(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("entry")
    )
    many = evolve(plan, base=Roster(base), candidates=pl.concat([plan.candidates, more]), entries=entries)
    write_review(many, tmp_path / "many.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "many.xlsx")["Review"]
    formulas = [validation.formula1 for validation in sheet.data_validations.dataValidation]
    assert any(formula.startswith("rosterdiff!$") for formula in formulas)
    assert all(len(formula) <= 255 for formula in formulas)
    assert said(read_decisions(fill(tmp_path / "many.xlsx", {"row-2": "same as 42"})))[2] == (Verdict.SAME, "x39")


def test_in_bulk_nothing_is_offered_to_delete(tmp_path: Path) -> None:
    _, lines = review_lines(school_plan(Mode.BULK))
    assert not {choice for line in lines for choice in line.choices if "delete" in choice}


def test_a_plan_without_questions_gives_a_workbook_that_says_so(tmp_path: Path) -> None:
    plan = settled(school_plan())
    write_review(plan, tmp_path / "none.xlsx")
    assert openpyxl.load_workbook(tmp_path / "none.xlsx")["Review"]["B1"].value == "Nothing is to be decided"
    assert read_decisions(tmp_path / "none.xlsx") == ()


def settled(plan: Plan) -> Plan:
    """The same plan with everything that was open left or ignored."""
    is_open = pl.col("action") == "review"
    reason = pl.when(pl.col("row").is_null()).then(pl.lit("decided_leave")).otherwise(pl.lit("row_ignored"))
    entries = plan.entries.with_columns(
        pl.when(is_open).then(reason.cast(plan.entries.schema["reason"])).otherwise("reason").alias("reason"),
        pl.when(is_open).then(pl.lit("keep").cast(plan.entries.schema["action"])).otherwise("action").alias("action"),
        pl.lit(None, dtype=pl.UInt32).alias("group"),
    )
    return evolve(plan, entries=entries)


def test_the_same_plan_gives_the_same_cells(tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write_review(school_plan(), tmp_path / name)
    one, two = (
        {name: made.read(name) for name in made.namelist() if name != "docProps/core.xml"}
        for made in (zipfile.ZipFile(tmp_path / "one.xlsx"), zipfile.ZipFile(tmp_path / "two.xlsx"))
    )
    assert one == two


def test_a_question_survives_its_encoding() -> None:
    for line in review_lines(school_plan())[1]:
        if line.question:
            assert decode_question(encode_question(line.question)) == line.question


def test_dates_and_numbers_that_a_program_made_of_texts_do_no_harm(book: Path) -> None:
    """A program that takes texts for what they look like gives dates, and numbers without their zeros."""

    def convert(sheet: Worksheet) -> None:
        for row in sheet.iter_rows(min_row=4):
            for cell in row[2:]:
                if isinstance(cell.value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", cell.value):
                    cell.value, cell.number_format = datetime.fromisoformat(cell.value), "dd/mm/yyyy"
                elif isinstance(cell.value, str) and cell.value.isdecimal():
                    cell.value = int(cell.value)

    before = said(read_decisions(fill(book, ALL)))
    assert said(read_decisions(edit(book, convert))) == before


# Through LibreOffice, which types, sorts, filters, inserts, converts and saves as a person has it do so

DATES_AS_DATES = """
For line = 3 To 28
  With page.getCellByPosition(6, line)
    If Len(.String) = 10 And Mid(.String, 5, 1) = "-" Then
      born = DateSerial(CInt(Left(.String, 4)), CInt(Mid(.String, 6, 2)), CInt(Right(.String, 2)))
      .NumberFormat = 36
      .Value = CDbl(born)
    End If
  End With
Next
"""
DATES_AS_OTHER_TEXTS = """
For line = 3 To 28
  With page.getCellByPosition(6, line)
    If Len(.String) = 10 Then .String = Right(.String, 2) & "/" & Mid(.String, 6, 2) & "/" & Left(.String, 4)
  End With
Next
"""
OFFICE_EDITS = {
    "nothing more": (),
    "sorted": ('page.unprotect("")', SORT.format(column=2, area="A4:L29")),
    "filtered": ('page.unprotect("")', FILTER.format(column=2, text="In the upload", area="A3:L29")),
    "further columns and lines": (
        'page.unprotect("")',
        'page.Columns.insertByIndex(3, 1) : page.getCellRangeByName("D3").String = "Checked by"',
        'page.getCellRangeByName("D6").String = "Ilva" : page.Rows.insertByIndex(0, 2)',
    ),
    "dates as dates": ('page.unprotect("")', DATES_AS_DATES),
    "dates as other texts": ('page.unprotect("")', DATES_AS_OTHER_TEXTS),
    "renamed": ('page.Name = "Done by Ilva"',),
}


def type_into(answers: Mapping[str, str]) -> str:
    """Type answers into the lines of these keys; a bare number becomes one, as where a person types it."""
    lines = [line.question.key if line.question else "" for line in review_lines(school_plan())[1]]
    return "\n".join(
        f'page.getCellRangeByName("B{lines.index(key) + 4}").{"Value" if answer.isdecimal() else "String"} = "{answer}"'
        for key, answer in answers.items()
    )


@needs_office
@pytest.mark.parametrize("edits", OFFICE_EDITS.values(), ids=OFFICE_EDITS)
def test_answers_typed_into_libreoffice_come_back_whatever_else_is_done_there(
    edits: tuple[str, ...], book: Path, tmp_path: Path
) -> None:
    answers = {"row-0": "1", "row-1": "new student", "row-2": "same as 2", "row-5": "ignore", "class-3": "leave all"}
    edited = edited_by_office(book, tmp_path / "saved", "Review", type_into(answers), *edits)
    found = said(read_decisions(edited))
    assert {key: verdict for key, (verdict, _) in found.items() if isinstance(key, int)} == {
        0: Verdict.SAME, 1: Verdict.NEW, 2: Verdict.SAME, 5: Verdict.IGNORE,
    }  # fmt: skip
    assert (found[0][1], found[2][1]) == ("1001", "1003")
    assert {found[student][0] for student in ("1006", "1007", "1008")} == {Verdict.LEAVE}


@needs_office
def test_keys_that_libreoffice_sorted_apart_from_their_lines_are_refused(book: Path, tmp_path: Path) -> None:
    apart = ('page.unprotect("")', SORT.format(column=0, area="A4:A29"))
    edited = edited_by_office(book, tmp_path / "saved", "Review", type_into(ALL), *apart)
    assert all("cell B" in problem for problem in problems_of(edited))


@needs_office
def test_nonsense_typed_into_libreoffice_is_named_by_its_cell(book: Path, tmp_path: Path) -> None:
    edited = edited_by_office(book, tmp_path / "saved", "Review", type_into({"row-0": "maybe", "row-1": "77"}))
    assert [problem.split(": ")[0] for problem in problems_of(edited)] == [
        "review.xlsx, sheet Review, cell B6", "review.xlsx, sheet Review, cell B12",
    ]  # fmt: skip


@needs_office
def test_answers_survive_the_format_of_libreoffice(book: Path, tmp_path: Path) -> None:
    fill(book, {**ALL, "class-3": "leave all"})
    before = said(read_decisions(book))
    opened = saved_by_office(book, tmp_path / "ods", "ods")
    assert said(read_decisions(saved_by_office(opened, tmp_path / "again", "xlsx"))) == before


def test_a_plan_goes_through_the_workbook_to_a_resolved_plan(tmp_path: Path) -> None:
    """With the real stages: a typing mistake, twins behind an initial, and a class that nobody listed."""
    kept = [(f"2{n}", f"Given{n}x", f"Family{n}q", f"2016-0{n}-1{n}", "03", "3A") for n in range(1, 9)]
    base = roster(COLUMNS, *BASE, *kept)
    up = [(None, given, family, born, "04", "4A") for _, given, family, born, _, _ in kept]
    plan = make_plan(base, roster(COLUMNS, *INCOMING, *up))
    write_review(plan, tmp_path / "review.xlsx")
    with pytest.raises(InvalidDecisions) as refusal:
        resolve(plan, read_decisions(tmp_path / "review.xlsx"))
    assert all("cell B" in problem for problem in refusal.value.problems)
    fill(tmp_path / "review.xlsx", answers_of(plan))
    final = resolve(plan, read_decisions(tmp_path / "review.xlsx"))
    assert final.counts["review"] == 0
    gone = final.entries.filter(pl.col("reason") == "decided_delete")["student_id"].to_list()
    assert sorted(gone) == ["1006", "1007", "1008"]
    same = dict(final.entries.filter(pl.col("reason") == "decided_same").select("row", "student_id").iter_rows())
    assert same[0] == "1001"


def answers_of(plan: Plan) -> dict[str, str]:
    """The likeliest student for every row that has one no other row took, else new; every class deleted."""
    given: dict[str, str] = {}
    for block in review_blocks(plan):
        used: set[int | None] = set()
        for row in block.rows:
            free = [c.number for c in row.candidates if c.free and c.number not in used]
            given[f"row-{row.row}"] = f"same as {free[0]}" if free else "new student"
            used |= set(free[:1])
        if block.of_class:
            given[f"class-{block.group}"] = "delete all"
    return given
