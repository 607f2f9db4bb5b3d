"""A school's workbook back with its problems marked in it: nothing is lost, and it reads as before. Names invented."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from rosterdiff.errors import InvalidOption, UnreadableFile
from rosterdiff.issues import PROBLEMS_SHEET, issues_frame
from rosterdiff.marking import write_marked_up
from rosterdiff.model import Issue, Severity
from rosterdiff.reading import read_roster
from rosterdiff.reports.marks import FILLS, MOST_COMMENTS
from rosterdiff.schema import PROVENANCE
from tests.office import needs_office, saved_by_office

SHEET = "Class 3B's list"
TEACHERS = "Ask the mother\nbefore Friday"


def school_workbook(path: Path) -> Path:
    """A workbook with faults in its cells, and with all that schools and programs put into one."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = SHEET
    sheet.append(["Hilltop School", None])
    sheet.append(["Given Name", "Surname", "DOB", "Student No", "Year", "Full"])
    for n in range(12):
        born = "31/02/2016" if n == 3 else f"{n + 13}/03/2016"
        year = "Snake" if n == 5 else "Year 3"
        names = (None, None) if n == 8 else ("Ada", "Brask")
        sheet.append([*names, born, f"00{n}", year, f"=A{n + 3}&B{n + 3}"])
    sheet["C6"].comment = Comment(TEACHERS, "Ms Teacher")
    sheet["A3"].comment = Comment("Twin", "Ms Teacher")
    sheet["E8"].fill = PatternFill("solid", start_color="00FF00")
    red = PatternFill("solid", bgColor="FF0000")
    sheet.conditional_formatting.add("C3:C14", CellIsRule(operator="equal", formula=['"x"'], fill=red))
    rule = DataValidation(type="list", formula1='"Year 3,Year 4"')
    rule.add("E3:E14")
    sheet.add_data_validation(rule)
    sheet.merge_cells("A1:B1")
    sheet.row_dimensions[12].hidden = True
    sheet.column_dimensions["D"].width = 31
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=4, min_row=3, max_row=9))
    sheet.add_chart(chart, "H2")
    workbook.save(path)
    return with_parts(path, {"xl/worksheets/sheet1.xml": _with_values})


def _with_values(xml: bytes) -> bytes:
    """Formulas with the values that a program saved beside them."""
    return re.sub(rb"(<f>[^<]*</f>)<v\s*/>|(<f>[^<]*</f>)<v></v>", rb"\1\2<v>AdaBrask</v>", xml)


def with_parts(path: Path, edits: dict[str, Callable[[bytes], bytes]], new: dict[str, bytes] | None = None) -> Path:
    """The workbook with some of its parts edited, and with further ones."""
    parts = parts_of(path.read_bytes())
    edited = {name: edits[name](content) if name in edits else content for name, content in parts.items()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {**edited, **(new or {})}.items():
            archive.writestr(name, content)
    return path


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def cells_of(xml: bytes) -> bytes:
    return xml[xml.index(b"<sheetData") : xml.index(b"</sheetData>")]


def marked(path: Path, issues: pl.DataFrame | None = None) -> Path:
    """The workbook marked up, beside itself."""
    found = read_roster(path).issues if issues is None else issues
    return write_marked_up(path, found, path.with_name(f"{path.stem}.marked{path.suffix}"), filename=path.name).path


@pytest.fixture
def upload(tmp_path: Path) -> Path:
    return school_workbook(tmp_path / "3B.xlsx")


def test_what_is_not_a_mark_stays_byte_for_byte(upload: Path) -> None:
    """Of the school's own parts these alone change: lists of parts, formats, the sheet around its cells, comments."""
    before, after = parts_of(upload.read_bytes()), parts_of(marked(upload).read_bytes())
    changed = {name for name, content in before.items() if after[name] != content}
    assert changed <= {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
        "xl/worksheets/sheet1.xml", "xl/comments/comment1.xml", "xl/drawings/commentsDrawing1.vml",
    }  # fmt: skip
    sheet = "xl/worksheets/sheet1.xml"
    assert cells_of(before[sheet]) == cells_of(after[sheet])
    for kept in (b"<mergeCell ", b"<dataValidation ", b"<drawing ", b'hidden="1"', b'width="31"'):
        assert after[sheet].count(kept) == before[sheet].count(kept) > 0, kept
    assert "xl/charts/chart1.xml" in after


def test_reading_the_marked_up_workbook_gives_the_same_students_and_issues(upload: Path) -> None:
    before, after = read_roster(upload), read_roster(marked(upload), filename=upload.name)
    assert after.frame.equals(before.frame)
    assert after.issues.equals(before.issues)
    assert before.frame["Full"].to_list() == ["AdaBrask"] * 12, "saved values of formulas stay"


def test_cells_are_coloured_by_severity_above_the_schools_own_colours(upload: Path) -> None:
    issues = issues_frame(
        [
            Issue(Severity.WARNING, "w", "Look.", "3B.xlsx", SHEET, "C6", 4, "C6, E3:E5"),
            Issue(Severity.ERROR, "e", "Correct.", "3B.xlsx", SHEET, "C6"),
        ]
    )
    sheet = openpyxl.load_workbook(marked(upload, issues))[SHEET]
    found: dict[str, list[tuple[int, str]]] = {}
    for area, rules in sheet.conditional_formatting._cf_rules.items():
        for rule in rules:
            found.setdefault(rule.dxf.fill.bgColor.rgb, []).append((rule.priority, str(area.sqref)))
    assert found[FILLS[Severity.ERROR]] == [(1, "C6")]
    assert found[FILLS[Severity.WARNING]] == [(2, "C6 E3:E5")]
    assert found["00FF0000"] == [(4, "C3:C14")], "the school's own rule gives way, and is there"
    assert sheet["E8"].fill.start_color.rgb == "0000FF00"


def test_comments_say_what_is_wrong_and_leave_those_of_others(upload: Path) -> None:
    sheet = openpyxl.load_workbook(marked(upload))[SHEET]
    said = {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}
    assert said["A3"] == "Twin"
    assert said["C6"].startswith(f"{TEACHERS}\n\nrosterdiff: To check. In this cell there should be a date")
    assert said["E8"].startswith("rosterdiff: To check. In this cell there should be a grade")
    assert sheet["C6"].comment.author == "Ms Teacher"


def test_the_problems_are_listed_with_links_and_nothing_in_the_list_is_a_formula(upload: Path) -> None:
    issues = issues_frame(
        [
            Issue(Severity.WARNING, "w", "=1+1", "3B.xlsx", SHEET, "C6", 30, "C6, E3:E31"),
            Issue(Severity.ERROR, "e", "The <file> & all", "3B.xlsx"),
            Issue(Severity.ERROR, "e", "Of another file", "3A.xlsx", SHEET, "A1"),
        ]
    )
    workbook = openpyxl.load_workbook(marked(upload, issues))
    assert workbook.sheetnames == [SHEET, PROBLEMS_SHEET]
    sheet = workbook[PROBLEMS_SHEET]
    lines = list(sheet.iter_rows(min_row=5, values_only=True))
    assert lines == [("To correct", None, None, None, "The <file> & all"), ("To check", SHEET, "C6", 30, "=1+1")]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    assert sheet["C6"].hyperlink.location == "'Class 3B''s list'!C6"


def test_marking_again_replaces_the_marks(upload: Path) -> None:
    once = marked(upload)
    again = write_marked_up(once, read_roster(once).issues, once.with_name("again.xlsx")).path
    assert parts_of(again.read_bytes()) == parts_of(once.read_bytes())


def test_corrected_faults_lose_their_marks_and_the_rest_is_as_it_was(upload: Path) -> None:
    clean = marked(marked(upload), issues_frame([]))
    before, after = openpyxl.load_workbook(upload)[SHEET], openpyxl.load_workbook(clean)[SHEET]
    for cells in before.iter_rows():
        for cell in cells:
            other = after[cell.coordinate]
            assert (cell.comment and cell.comment.text) == (other.comment and other.comment.text), cell.coordinate
    rules = [rule for rules in after.conditional_formatting._cf_rules.values() for rule in rules]
    assert [rule.priority for rule in rules] == [1]
    assert openpyxl.load_workbook(clean)[PROBLEMS_SHEET]["A2"].value == "Nothing was found that needs attention."


@needs_office
def test_marks_are_replaced_also_after_an_office_program_saved_the_workbook(upload: Path, tmp_path: Path) -> None:
    saved = saved_by_office(marked(upload), tmp_path / "saved", "xlsx")
    again = marked(saved)
    workbook = openpyxl.load_workbook(again)
    assert workbook.sheetnames == [SHEET, PROBLEMS_SHEET]
    sheet = workbook[SHEET]
    said = {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}
    assert {text.count("rosterdiff:") for text in said.values()} == {0, 1}
    assert said["C6"].startswith(TEACHERS)
    ours = [
        rule
        for rules in sheet.conditional_formatting._cf_rules.values()
        for rule in rules
        if "LEN" in str(rule.formula)
    ]
    assert len(ours) == len({rule.priority for rule in ours}) <= 3
    frame = read_roster(upload).frame.drop(*PROVENANCE, "Full")  # the office program calculates formulas anew
    assert read_roster(again).frame.drop(*PROVENANCE, "Full").equals(frame)


def test_a_workbook_keeps_its_macros_and_the_name_that_says_so(tmp_path: Path) -> None:
    plain = school_workbook(tmp_path / "3B.xlsx")
    kinds = {
        "[Content_Types].xml": lambda xml: xml.replace(
            b"spreadsheetml.sheet.main+xml", b"x", 0
        ).replace(b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                  b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")
    }  # fmt: skip
    upload = with_parts(plain, kinds, {"xl/vbaProject.bin": b"\x00macros"}).rename(tmp_path / "3B.xlsm")
    issues = read_roster(upload).issues
    with pytest.raises(InvalidOption, match=r"\.xlsm"):
        write_marked_up(upload, issues, tmp_path / "back.xlsx")
    done = write_marked_up(upload, issues, tmp_path / "back.xlsm")
    assert done.in_place
    assert parts_of(done.path.read_bytes())["xl/vbaProject.bin"] == b"\x00macros"


TEXT = "Given Name;Surname;DOB;Student No;Note\nAda;Brask;31/02/2016;0007;=1+1\nBen;Corvin;13/03/2016;0008;+61 400\n"


@pytest.mark.parametrize("name", ["3B.csv", "3B.txt", "a[b]:c*d?.csv"])
def test_a_text_file_becomes_a_workbook_with_its_cells_as_text(tmp_path: Path, name: str) -> None:
    roster = read_roster(TEXT.encode(), filename=name)
    done = write_marked_up(TEXT.encode(), roster.issues, tmp_path / "back.xlsx", filename=name)
    assert not done.in_place
    sheet = openpyxl.load_workbook(done.path).worksheets[0]
    assert [cell.value for cell in sheet[2]] == ["Ada", "Brask", "31/02/2016", "0007", "=1+1"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}
    assert sheet["C2"].comment.text.startswith("rosterdiff: ")
    again = read_roster(done.path)
    assert again.frame.drop(PROVENANCE).equals(roster.frame.drop(PROVENANCE))


@needs_office
@pytest.mark.parametrize("kind", ["ods"])
def test_other_workbooks_become_new_ones_with_their_sheets(upload: Path, tmp_path: Path, kind: str) -> None:
    other = saved_by_office(upload, tmp_path / "saved", kind)
    roster = read_roster(other)
    done = write_marked_up(other, roster.issues, tmp_path / "back.xlsx")
    assert not done.in_place
    assert openpyxl.load_workbook(done.path).sheetnames == [SHEET, PROBLEMS_SHEET]
    again = read_roster(done.path)
    assert again.frame.drop("source_file").equals(roster.frame.drop("source_file"))
    told = roster.issues.filter(~pl.col("code").is_in(HIDING))  # the new workbook hides nothing
    assert told.height < roster.issues.height
    assert again.issues.drop("source_file").equals(told.drop("source_file"))


HIDING = ["rows_hidden", "columns_hidden"]


def test_parts_whose_names_have_a_prefix_are_edited_as_well(upload: Path) -> None:
    """Some programs write `x:worksheet` for `worksheet`."""

    def prefixed(xml: bytes) -> bytes:
        named = re.sub(rb"<(/?)(?=[A-Za-z])(?!\w+:)", rb"<\1x:", xml)
        return named.replace(
            b'xmlns="http://schemas.openxmlformats.org/spread', b'xmlns:x="http://schemas.openxmlformats.org/spread'
        )

    parts = ("xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/comments/comment1.xml", "xl/workbook.xml")
    with_parts(upload, dict.fromkeys(parts, prefixed))
    done = write_marked_up(upload, read_roster(upload).issues, upload.with_name("back.xlsx"))
    assert done.in_place
    sheet = openpyxl.load_workbook(done.path)[SHEET]
    assert "rosterdiff: To check." in sheet["C6"].comment.text
    assert read_roster(done.path).frame.drop("source_file").equals(read_roster(upload).frame.drop("source_file"))


def test_a_workbook_that_cannot_be_edited_becomes_a_new_one(upload: Path) -> None:
    """Its comments are cut off, which a reader of cells does not mind."""
    with_parts(upload, {"xl/comments/comment1.xml": lambda xml: xml[: len(xml) // 2]})
    roster = read_roster(upload)
    done = write_marked_up(upload, roster.issues, upload.with_name("back.xlsx"))
    assert not done.in_place
    assert read_roster(done.path).frame["given_name"].to_list() == roster.frame["given_name"].to_list()


def test_pictures_of_headers_and_footers_are_not_taken_for_boxes_of_comments(upload: Path) -> None:
    """Both are drawings of one kind; a sheet without comments may have the former."""
    sheet, links = "xl/worksheets/sheet1.xml", "xl/worksheets/_rels/sheet1.xml.rels"
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    header = b'<legacyDrawingHF xmlns:r="' + kind + b'" r:id="rIdHF"/></worksheet>'
    link = (
        b'<Relationship Id="rIdHF" Type="' + kind + b'/vmlDrawing" Target="/xl/drawings/header.vml"/></Relationships>'
    )
    drawing = b'<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape id="logo"></v:shape></xml>'
    with_parts(
        upload,
        {
            sheet: lambda xml: re.sub(rb"<legacyDrawing [^>]*>", b"", xml).replace(b"</worksheet>", header),
            links: lambda xml: re.sub(rb"<Relationship [^>]*(?:comments|vmlDrawing)[^>]*>", b"", xml).replace(
                b"</Relationships>", link
            ),
        },
        {"xl/drawings/header.vml": drawing},
    )
    parts = parts_of(marked(upload).read_bytes())
    assert parts["xl/drawings/header.vml"] == drawing
    boxes, comments = parts["xl/drawings/vmlDrawing1.vml"], parts["xl/comments1.xml"]
    assert boxes.count(b"<x:ClientData") == comments.count(b"<comment ") > 0
    assert parts[sheet].index(b"<legacyDrawing ") < parts[sheet].index(b"<legacyDrawingHF ")


def test_thousands_of_cells_are_all_coloured_and_so_many_have_comments(upload: Path) -> None:
    many = Issue(Severity.WARNING, "w", "Look.", "3B.xlsx", SHEET, "C3", 60_000, "C3:C60002")
    one = Issue(Severity.WARNING, "v", "Here too.", "3B.xlsx", SHEET, "E70000")
    back = marked(upload, issues_frame([many, one]))
    sheet = openpyxl.load_workbook(back)[SHEET]
    areas = [str(area.sqref) for area in sheet.conditional_formatting._cf_rules]
    assert "C3:C60002 E70000" in areas
    xml = next(content for name, content in parts_of(back.read_bytes()).items() if "comments/" in name)
    assert xml.count(b"rosterdiff: To check") == MOST_COMMENTS
    assert b"Here too." in xml, "every fault is said somewhere"


def test_in_a_folder_the_name_is_made_from_that_of_the_upload(upload: Path, tmp_path: Path) -> None:
    folder = tmp_path / "back"
    folder.mkdir()
    issues = read_roster(upload).issues
    assert write_marked_up(upload, issues, folder).path == folder / "3B marked.xlsx"
    assert write_marked_up(TEXT.encode(), issues, folder, filename="3B.csv").path == folder / "3B.csv marked.xlsx"
    with pytest.raises(InvalidOption, match="already"):
        write_marked_up(upload, issues, folder, overwrite=False)


def test_what_reading_refuses_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        write_marked_up(b"PK\x03\x04 no workbook", issues_frame([]), tmp_path / "back.xlsx", filename="x.xlsx")
    assert not list(tmp_path.iterdir())
