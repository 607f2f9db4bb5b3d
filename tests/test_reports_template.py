"""A template sent back unedited is the roster it was made from, and no program runs anything in it."""

import csv
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from rosterdiff.checksums import CHECK_HEADER, QUOTED_HEADER
from rosterdiff.config import ReadOptions
from rosterdiff.errors import InvalidOption, InvalidRoster
from rosterdiff.frames import Roster
from rosterdiff.headers import TEMPLATE_HEADERS
from rosterdiff.reading import read_roster
from rosterdiff.reports import write_template
from rosterdiff.schema import GRADES, PROVENANCE
from tests.office import FILTER, SORT, edited_by_office, needs_office, saved_by_office

SUFFIXES = pytest.mark.parametrize("suffix", ["xlsx", "csv"])


def school() -> Roster:
    """Students whose values are awkward in a spreadsheet, every one of them."""
    return Roster.from_frame(
        pl.DataFrame(
            {
                "student_id": ["007", "+12", "1e5", "0012345678901234567890"],
                "student_number": ["00042", None, "12345678901234567", "3/4"],
                "given_name": ["=Bertil", "Zoë", "明月", "עדי"],
                "family_name": ["-Nyquist", "O’Dea", "歐陽", "בן-נון"],
                "preferred_given_name": [None, "@Zo", None, None],
                "birth_date": ["2016-02-29", None, "2015-12-31", "2016-01-02"],
                "gender": ["female", "male", None, None],
                "grade": ["KG", "03", "13", "Other"],
                "class_name": ["3/4", "03", "1-2", "2E3"],
                "=Bus": ["=1+1", '=HYPERLINK("http://example.org")', None, "+61 400 000 000"],
                "House, or team": ["007", "1.50", "TRUE", "#N/A"],
            }
        )
    )


def content(roster: Roster) -> pl.DataFrame:
    return roster.frame.drop(PROVENANCE)


@SUFFIXES
def test_a_template_sent_back_unedited_is_the_base_again(tmp_path: Path, suffix: str) -> None:
    base = school()
    write_template(base, tmp_path / f"t.{suffix}")
    again = read_roster(tmp_path / f"t.{suffix}")
    assert content(again).rows() == content(base).rows()
    assert content(again).columns == content(base).columns
    assert set(again.issues["severity"]) <= {"info"}


words = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=9)
awkward = st.builds(str.__add__, st.sampled_from(["", "", "=", "-", "+", "@", "0", "'", "'="]), words)
students = st.fixed_dictionaries(
    {
        "given_name": words,
        "family_name": awkward.map(lambda text: f"{text} ab"),
        "class_name": st.none() | st.sampled_from(["3B", "007", "1/2", "=A1"]),
        "birth_date": st.none() | st.dates(date(2000, 1, 1), date(2020, 12, 31)).map(str),
    }
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(students, min_size=1, max_size=6), st.sampled_from(["xlsx", "csv"]))
def test_names_of_any_script_come_back_as_they_were(tmp_path: Path, records: list[dict[str, str]], suffix: str) -> None:
    frame = pl.DataFrame(
        [{"student_id": f"0{n}", **record} for n, record in enumerate(records)], infer_schema_length=None
    )
    base = Roster.from_frame(frame.with_columns(pl.col("birth_date", "class_name").cast(pl.String)))
    write_template(base, tmp_path / f"t.{suffix}")
    assert content(read_roster(tmp_path / f"t.{suffix}")).rows() == content(base).rows()


@SUFFIXES
def test_a_template_has_the_columns_that_are_filled_and_those_that_it_always_has(tmp_path: Path, suffix: str) -> None:
    bare = Roster.from_frame(pl.DataFrame({"student_id": ["1"], "email": ["a@example.org"], "given_name": ["Ada"]}))
    write_template(bare, tmp_path / f"t.{suffix}")
    always = ("student_id", "email", "given_name", "family_name", "birth_date", "grade", "class_name")
    if suffix == "csv":
        found = next(csv.reader((tmp_path / "t.csv").read_text(encoding="utf-8-sig").splitlines()))
    else:
        found = [cell.value for cell in openpyxl.load_workbook(tmp_path / "t.xlsx")["Students"][1]]
    assert found[:-1] == [TEMPLATE_HEADERS[name] for name in always]
    assert found[-1] == (QUOTED_HEADER if suffix == "csv" else CHECK_HEADER)


def test_a_workbook_holds_text_and_dates_and_no_formula(tmp_path: Path) -> None:
    write_template(school(), tmp_path / "t.xlsx")
    workbook = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert workbook.sheetnames == ["Students", "Instructions"]
    for sheet in workbook.worksheets:
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} <= {"s", "d"}
        for cell in cells:
            dangerous = cell.data_type == "s" and str(cell.value)[0] in "=+-@"
            assert not dangerous or cell.quotePrefix, cell.coordinate
    births = [row[5].value for row in workbook["Students"].iter_rows(min_row=2)]
    assert births[0].date() == date(2016, 2, 29)


def test_the_sheet_of_students_is_open_and_easy_to_work_in(tmp_path: Path) -> None:
    write_template(school(), tmp_path / "t.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["Students"]
    assert not sheet.protection.sheet
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:L5", "the check column is sorted with the others"
    assert sheet.column_dimensions["L"].hidden
    assert sheet["A2"].fill.start_color.rgb != sheet["B2"].fill.start_color.rgb, "the id column is marked"


def test_every_value_of_a_csv_file_is_in_quotation_marks(tmp_path: Path) -> None:
    write_template(school(), tmp_path / "t.csv")
    raw = (tmp_path / "t.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf"), "spreadsheet programs know UTF-8 by it"
    assert all(line.startswith(b'"') for line in raw[3:].split(b"\r\n") if line)


@SUFFIXES
def test_a_base_without_students_gives_an_empty_template(tmp_path: Path, suffix: str) -> None:
    empty = Roster.from_frame(pl.DataFrame({"student_id": []}, schema={"student_id": pl.String}))
    write_template(empty, tmp_path / f"t.{suffix}")
    assert len(read_roster(tmp_path / f"t.{suffix}")) == 0


def test_birth_dates_that_a_spreadsheet_cannot_count_are_written_as_text(tmp_path: Path) -> None:
    old = Roster.from_frame(pl.DataFrame({"student_id": ["1"], "given_name": ["Ada"], "birth_date": ["1899-05-01"]}))
    write_template(old, tmp_path / "t.xlsx")
    assert [c.value for c in openpyxl.load_workbook(tmp_path / "t.xlsx")["Students"][2]][3] == "1899-05-01"


def test_another_kind_of_file_and_headers_that_clash_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidOption, match=r"\.xlsx or \.csv"):
        write_template(school(), tmp_path / "t.ods")
    clash = Roster.from_frame(pl.DataFrame({"student_id": ["1"], "Grade": ["x"]}))
    with pytest.raises(InvalidRoster, match="Grade"):
        write_template(clash, tmp_path / "t.csv")
    assert not list(tmp_path.iterdir())


def test_what_a_program_could_run_has_an_apostrophe_in_a_csv_file_and_reads_without_it(tmp_path: Path) -> None:
    write_template(school(), tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.reader(stream))
    assert not [cell for line in lines for cell in line if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}]
    assert "'=Bus" in lines[0]
    assert read_roster(tmp_path / "t.csv").further == ("=Bus", "House, or team")


def test_grades_and_classes_are_offered_and_others_may_be_written(tmp_path: Path) -> None:
    write_template(school(), tmp_path / "t.xlsx")
    workbook = openpyxl.load_workbook(tmp_path / "t.xlsx")
    students, lists = workbook["Students"], workbook["Instructions"]
    headers = [cell.value for cell in students[1]]
    offered = {}
    for rule in students.data_validations.dataValidation:
        assert (rule.type, rule.errorStyle, rule.allow_blank) == ("list", "warning", True)
        area = str(rule.sqref).split(":")
        assert area[0][1:] == "2", "from the first student"
        cells = lists[rule.formula1.split("!")[1].replace("$", "")]
        offered[headers[openpyxl.utils.column_index_from_string(area[0][0]) - 1]] = [line[0].value for line in cells]
    assert offered == {
        "Grade": list(GRADES),
        "Class": ["03", "1-2", "2E3", "3/4"],
        "Gender": ["female", "male"],
    }


def test_genders_in_free_text_are_not_offered(tmp_path: Path) -> None:
    kinds = [f"kind {n}" for n in range(11)]
    frame = pl.DataFrame({"student_id": kinds, "given_name": ["Ada"] * 11, "gender": kinds})
    write_template(Roster.from_frame(frame), tmp_path / "t.xlsx")
    rules = openpyxl.load_workbook(tmp_path / "t.xlsx")["Students"].data_validations.dataValidation
    assert len(rules) == 1, "grades alone: nobody has a class"


def test_excel_is_asked_not_to_mark_ids_as_numbers_in_text(tmp_path: Path) -> None:
    write_template(school(), tmp_path / "t.xlsx")
    with zipfile.ZipFile(tmp_path / "t.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert '<ignoredError sqref="A1:L1048576" numberStoredAsText="1"' in sheet
    assert sheet.index("<pageMargins") < sheet.index("<ignoredErrors"), "in the order of the format"


def test_a_value_too_long_for_a_cell_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    frame = pl.DataFrame({"student_id": ["1"], "given_name": ["Ada"], "Notes": ["x" * 32_768]})
    with pytest.raises(InvalidRoster, match="32768 characters"):
        write_template(Roster.from_frame(frame), tmp_path / "t.xlsx")
    assert not list(tmp_path.iterdir())


def test_the_same_base_gives_the_same_template(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        write_template(school(), tmp_path / name)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_of_the_column_that_a_template_hides_itself_nothing_is_said(tmp_path: Path) -> None:
    write_template(school(), tmp_path / "t.xlsx")
    assert read_roster(tmp_path / "t.xlsx").issues.is_empty()


@needs_office
@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv"])
def test_a_template_that_an_office_program_saved_is_the_base_again(tmp_path: Path, kind: str) -> None:
    base = school()
    write_template(base, tmp_path / "t.xlsx")
    again = read_roster(saved_by_office(tmp_path / "t.xlsx", tmp_path / "saved", kind))
    assert content(again).rows() == content(base).rows()
    assert set(again.issues["severity"]) <= {"info"}


@needs_office
def test_a_csv_template_that_an_office_program_opened_keeps_its_texts_and_tells_of_lost_ids(tmp_path: Path) -> None:
    """A spreadsheet program takes digits of a csv file for numbers, so that zeros are lost: that is told."""
    base = school()
    write_template(base, tmp_path / "t.csv")
    again = read_roster(saved_by_office(tmp_path / "t.csv", tmp_path / "saved", "xlsx"))
    assert again.frame["=Bus"].to_list() == base.frame["=Bus"].to_list()
    assert again.frame["family_name"].to_list() == base.frame["family_name"].to_list()
    assert "A2" in again.issues.filter(pl.col("code") == "template_id_unknown")["cells"].item()


@needs_office
def test_a_template_that_was_sorted_filtered_and_filled_in_libreoffice_says_what_was_filled_in(tmp_path: Path) -> None:
    base = school()
    write_template(base, tmp_path / "t.xlsx")
    headers = [cell.value for cell in openpyxl.load_workbook(tmp_path / "t.xlsx").worksheets[0][1]]
    last, family = get_column_letter(len(headers)), headers.index(TEMPLATE_HEADERS["family_name"])
    new_class = f"{get_column_letter(headers.index(TEMPLATE_HEADERS['class_name']) + 1)}2"
    edited = edited_by_office(
        tmp_path / "t.xlsx", tmp_path / "saved", openpyxl.load_workbook(tmp_path / "t.xlsx").sheetnames[0],
        f'page.getCellRangeByName("{new_class}").String = "4/5"',
        SORT.format(column=family, area=f"A2:{last}5"),
        FILTER.format(column=family, text="O’Dea", area=f"A1:{last}5"),
        'page.Columns.insertByIndex(2, 1) : page.getCellRangeByName("C1").String = "Seat"',
    )  # fmt: skip
    again = read_roster(edited)
    wanted = content(base).with_columns(
        pl.when(pl.col("student_id") == "007").then(pl.lit("4/5")).otherwise("class_name").alias("class_name")
    )
    assert again.frame.select(wanted.columns).sort("student_id").rows() == wanted.sort("student_id").rows()
    assert again.frame["family_name"].to_list() != base.frame["family_name"].to_list(), "sorted"
    assert again.issues["code"].to_list() == ["rows_hidden"]
    assert len(read_roster(edited, options=ReadOptions(hidden_rows="skip"))) == 1
