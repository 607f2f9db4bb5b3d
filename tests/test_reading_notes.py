"""What a sheet hides, merges, marks and shows otherwise than it stores; and workbooks that are written oddly."""

import io
import re
import struct
import zipfile

import polars as pl
import pytest

from rosterdiff.config import ReadOptions
from rosterdiff.reading import read_roster
from rosterdiff.reading.grids import Area, Grid
from rosterdiff.reading.isolation import open_frames
from rosterdiff.reading.workbooks import read_sheets
from workbook_bytes import MAIN, RELATED, STUDENTS, archive, compound, ods, parts, record, xlsx

ZEROS = (
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="00000"/><numFmt numFmtId="165" formatCode="0.00"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="164"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs>'
)


def grid_of(data: bytes, options: ReadOptions = ReadOptions()) -> Grid:  # noqa: B008
    (grid,) = read_sheets(open_frames(data, "3B.xlsx", options), "3B.xlsx")
    return grid


def marks_of(grid: Grid) -> list[tuple[str, str]]:
    return [(mark, grid.cell(position, row)) for mark, row, position in grid.marks.rows()]


def text(reference: str, value: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{value}</t></is></c>'


@pytest.mark.parametrize("isolate", [True, False])
def test_errors_and_formulas_without_value_are_marked(isolate: bool) -> None:
    rows = (
        f'<row r="3">{text("B3", "Ilva")}<c r="C3" t="e"><v>#N/A</v></c><c r="D3"><f>1+1</f></c></row>'
        '<row r="4"><c r="B4" s="0" t="e"><f>A1/0</f><v>#DIV/0!</v></c><c r="C4"><f>1+1</f><v></v></c>'
        '<c r="D4"><f t="shared" si="0"/><v/></c><c r="E4"><f>1+1</f><v>2</v></c></row>'
        f'<row r="5"><c r="B5" t="str"><f>""</f><v></v></c>{text("E5", "end")}</row>'
    )
    grid = grid_of(xlsx(rows), ReadOptions(isolate=isolate))
    assert marks_of(grid) == [
        ("error", "C3"), ("formula", "D3"), ("error", "B4"), ("formula", "C4"), ("formula", "D4"),
    ]  # fmt: skip
    assert grid.cells.row(1) == (None, None, None, "2")


def test_hidden_rows_and_columns_are_told_by_the_place_in_the_grid() -> None:
    rows = (
        f'<row r="4" hidden="1">{text("D4", "a")}{text("E4", "b")}</row><row r="5">{text("D5", "c")}</row>'
        f'<row hidden="true" spans="1:2" r="6">{text("D6", "c")}</row><row r="900" hidden="1"/>'
    )
    written = parts(rows)
    sheet = "xl/worksheets/sheet1.xml"
    columns = '<cols><col min="1" max="1" hidden="1"/><col min="5" max="9" width="2" hidden="1"/></cols>'
    written[sheet] = written[sheet].replace("<sheetData>", f"{columns}<sheetData>")
    grid = grid_of(archive(written))
    assert grid.hidden_rows == {0, 2}
    (issue,) = grid.issues
    assert (issue.code, issue.cell) == ("columns_hidden", "E4")
    assert "1 column," in issue.message


def test_merged_areas_are_told_by_the_place_in_the_grid() -> None:
    rows = f'<row r="3">{text("C3", "a")}{text("D3", "b")}</row><row r="4">{text("E4", "c")}</row>'
    merged = (
        '<mergeCells><mergeCell ref="C3:D4"/><mergeCell ref="A1:C3"/><mergeCell ref="X1:Z9"/>'
        '<mergeCell ref="E4:E4"/></mergeCells>'
    )
    assert grid_of(xlsx(rows, after=merged)).merged == (Area(0, 0, 1, 1),)


def test_zeros_that_the_sheet_shows_are_kept_and_counted() -> None:
    rows = (
        f'<row r="1">{text("A1", "Given Name")}{text("B1", "Surname")}{text("C1", "Student Number")}</row>'
        f'<row r="2">{text("A2", "Ilva")}{text("B2", "Torenbek")}<c r="C2" s="1"><v>417</v></c></row>'
        f'<row r="3">{text("A3", "Per")}{text("B3", "Aasly")}<c r="C3" s="1"><v>1234567</v></c></row>'
        f'<row r="4">{text("A4", "Ane")}{text("B4", "Vik")}<c r="C4" s="2"><v>12</v></c></row>'
        f'<row r="5">{text("A5", "Bo")}{text("B5", "Lund")}<c r="C5" t="inlineStr" s="1"><is><t>7</t></is></c></row>'
    )
    roster = read_roster(xlsx(rows, styles=ZEROS))
    assert roster.frame["student_number"].to_list() == ["00417", "1234567", "12", "7"]
    issue = roster.issues.filter(pl.col("code") == "zeros_restored")
    assert issue["cell"].to_list() == ["C2"]
    assert "In this cell" in issue["message"][0]


def test_prefixes_and_single_quotes_of_xml_are_read_alike() -> None:
    rows = (
        f'<row r="1">{text("A1", "x")}{text("B1", "y")}</row><row r="2" hidden="1"><c r="A2" t="e"><v>#REF!</v></c>'
        f'<c r="B2"><f>1</f></c></row><row r="3">{text("B3", "z")}</row>'
    )
    sheet = "xl/worksheets/sheet1.xml"
    written = parts(rows, after='<mergeCells><mergeCell ref="A1:B1"/></mergeCells>')
    quoted = {**written, sheet: re.sub(r'(?<==)"([^"]*)"', r"'\1'", written[sheet])}
    prefixed = {
        **written,
        sheet: re.sub(r"<(/?)(?!\?)", r"<\1x:", written[sheet]).replace("xmlns=", "xmlns:x="),
    }
    for members in (written, quoted, prefixed):
        grid = grid_of(archive(members))
        assert marks_of(grid) == [("error", "A2"), ("formula", "B2")]
        assert (grid.hidden_rows, grid.merged) == ({1}, (Area(0, 0, 0, 1),))


def test_notes_are_found_across_the_pieces_in_which_a_sheet_is_unpacked() -> None:
    filler = f'<row r="1">{text("A1", "x")}</row>' + " " * ((8 << 20) - 700)
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="e"><v>#N/A</v></c></row>' for n in range(2, 60))
    grid = grid_of(xlsx(f'{filler}{rows}<row r="60">{text("A60", "end")}</row>'))
    assert len(grid.marks) == 58


def test_dates_count_from_1904_where_the_workbook_says_so() -> None:
    written = parts(f'<row r="1"><c r="A1" s="1"><v>1</v></c>{text("B1", "x")}</row>', styles=(
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs>'
    ))  # fmt: skip
    assert grid_of(archive(written)).cells.row(0) == ("1900-01-01", "x")
    book = "xl/workbook.xml"
    written[book] = written[book].replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    assert grid_of(archive(written)).cells.row(0) == ("1904-01-02", "x")


def test_parts_in_utf_16_and_paths_with_backslashes_are_read() -> None:
    written = parts()
    wide = {name: content.replace("UTF-8", "UTF-16").encode("utf-16") for name, content in written.items()}
    backslashes = {name.replace("/", "\\"): content for name, content in written.items()}
    for members in (wide, backslashes):
        data = archive(members)
        if members is backslashes:  # zipfile turns them round when it writes
            for name in backslashes:
                data = data.replace(name.replace("\\", "/").encode(), name.encode())
        assert len(read_roster(data)) == 1


def test_a_macro_sheet_does_not_keep_the_others_from_being_read() -> None:
    written = parts()
    written["xl/macrosheets/sheet1.xml"] = f'<xm:macrosheet xmlns:xm="x" xmlns="{MAIN}"><sheetData/></xm:macrosheet>'
    written["xl/workbook.xml"] = written["xl/workbook.xml"].replace(
        "</sheets>", '<sheet name="Macro1" sheetId="2" r:id="rId9"/></sheets>'
    )
    kind = f"{RELATED.replace('openxmlformats.org/officeDocument', 'microsoft.com/office')}/xlMacrosheet"
    written["xl/_rels/workbook.xml.rels"] = written["xl/_rels/workbook.xml.rels"].replace(
        "</Relationships>", f'<Relationship Id="rId9" Type="{kind}" Target="macrosheets/sheet1.xml"/></Relationships>'
    )
    assert len(read_roster(archive(written))) == 1


def test_a_name_of_a_sheet_without_a_part_does_not_keep_the_others_from_being_read() -> None:
    written = parts()
    written["xl/workbook.xml"] = written["xl/workbook.xml"].replace(
        "</sheets>", '<sheet name="Module" sheetId="2" r:id=""/></sheets>'
    )
    assert len(read_roster(archive(written))) == 1


def test_shared_strings_that_are_missing_do_not_matter_where_none_is_used() -> None:
    written = parts(STUDENTS)
    related = "xl/_rels/workbook.xml.rels"
    written[related] = written[related].replace(
        "</Relationships>",
        f'<Relationship Id="rId3" Type="{RELATED}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    )
    assert len(read_roster(archive(written))) == 1


def cell(value: str = "", **attributes: str) -> str:
    kind = ' office:value-type="string"' if value else ""
    further = "".join(f' table:{name.replace("_", "-")}="{text}"' for name, text in attributes.items())
    return f"<table:table-cell{kind}{further}>{f'<text:p>{value}</text:p>' if value else ''}</table:table-cell>"


def row(*cells: str, **attributes: str) -> str:
    further = "".join(f' table:{name.replace("_", "-")}="{text}"' for name, text in attributes.items())
    return f"<table:table-row{further}>{''.join(cells)}</table:table-row>"


def test_an_ods_tells_hidden_rows_merged_areas_errors_and_formulas() -> None:
    spanned = cell("a", number_columns_spanned="2", number_rows_spanned="1")
    rows = (
        row(spanned, "<table:covered-table-cell/>", cell("b"))
        + row(cell("c", number_columns_repeated="3"), visibility="collapse", number_rows_repeated="2")
        + row(cell("d"), cell(formula="of:=1"), cell("#N/A", formula="of:=NA()"), visibility="filter")
    )
    grid = grid_of(ods(rows))
    assert grid.merged == (Area(0, 0, 0, 1),)
    assert grid.hidden_rows == {1, 2, 3}
    assert marks_of(grid) == [("formula", "B4"), ("error", "C4")]


def test_an_ods_tells_hidden_columns() -> None:
    columns = '<table:table-column/><table:table-column table:number-columns-repeated="2" table:visibility="collapse"/>'
    grid = grid_of(ods(columns + row(cell("a"), cell("b"), cell("c"), cell("d"))))
    assert [(issue.code, issue.cell) for issue in grid.issues] == [("columns_hidden", "B1")]


def xls_sheet(*records: bytes) -> bytes:
    """An xls of one sheet, "3B", of these records, after two styles: the first plain, the second five digits."""
    begin = record(0x809, struct.pack("<HHHHII", 0x600, 0x5, 0, 0, 0, 0x600))
    before = begin + record(0x41E, struct.pack("<HHB5s", 164, 5, 0, b"00000"))
    before += record(0xE0, struct.pack("<HH16x", 0, 0)) + record(0xE0, struct.pack("<HH16x", 0, 164))
    at = len(before) + 4 + 10 + 4
    bound = record(0x85, struct.pack("<IBBBB2s", at, 0, 0, 2, 0, b"3B"))
    return compound("Workbook", before + bound + record(0x0A) + begin + b"".join(records) + record(0x0A))


def label(at_row: int, column: int, text: str) -> bytes:
    return record(0x204, struct.pack("<HHHHB", at_row, column, 0, len(text), 0) + text.encode())


def test_an_xls_tells_errors_hidden_rows_and_columns_and_zeros() -> None:
    data = xls_sheet(
        record(0x7D, struct.pack("<HHHHHH", 1, 1, 0, 0, 1, 0)),
        record(0x208, struct.pack("<HHHHHHBBH", 4, 0, 3, 0, 0, 0, 0x20, 1, 0)),
        label(3, 1, "a"),
        record(0x203, struct.pack("<HHHd", 3, 2, 1, 417.0)),
        record(0x205, struct.pack("<HHHBB", 3, 3, 0, 42, 1)),
        record(0x06, struct.pack("<HHHB5xH6x", 4, 1, 0, 2, 0xFFFF) + struct.pack("<H", 0)),
        record(0x205, struct.pack("<HHHBB", 4, 2, 0, 1, 0)),
        label(5, 3, "end"),
    )
    grid = grid_of(data)
    assert marks_of(grid) == [("error", "D4"), ("error", "B5")]
    assert grid.hidden_rows == {1}
    assert grid.cells.row(0) == ("a", "00417", None)
    assert [(issue.code, issue.cell) for issue in grid.issues] == [("columns_hidden", "B4"), ("zeros_restored", "C4")]


def test_an_ods_without_its_type_is_read() -> None:
    rows = row(cell("Given Name"), cell("Surname")) + row(cell("Ilva"), cell("Torenbek"))
    with zipfile.ZipFile(io.BytesIO(ods(rows))) as whole:
        members = {name: whole.read(name) for name in whole.namelist() if name != "mimetype"}
    assert len(read_roster(archive(members))) == 1
