"""A template sent back unedited is the roster it was made from, and no program runs anything in it."""

import csv
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rosterdiff.errors import InvalidOption, InvalidRoster
from rosterdiff.frames import Roster
from rosterdiff.headers import TEMPLATE_HEADERS
from rosterdiff.reading import read_roster
from rosterdiff.reports import write_template
from rosterdiff.schema import PROVENANCE

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
                "Bus": ["=1+1", '=HYPERLINK("http://example.org")', None, "+61 400 000 000"],
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


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
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
    assert found == [TEMPLATE_HEADERS[name] for name in always]


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
    assert sheet.auto_filter.ref == "A1:K5"
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
