"""Web pages and XML of Excel 2003, which systems export under the name of an .xls, are read as Excel shows them."""

import pytest

from rosterdiff.config import ReadOptions
from rosterdiff.errors import UnreadableFile
from rosterdiff.frames import Roster
from rosterdiff.reading import read_roster

HEADERS = "<tr><th>Given Name<th>Surname<th>Date of<br>Birth<th>Student Number<th>Class</tr>"
ILVA = "<tr><td>Ilva<td>Torenbek<td>14/03/2016<td>00417<td>3B</tr>"
SS = "urn:schemas-microsoft-com:office:spreadsheet"


def page(body: str, head: str = "") -> bytes:
    return f"<html><head><title>Export</title>{head}<style>td {{}}</style></head><body>{body}</body></html>".encode()


def book(*sheets: str, styles: str = "") -> bytes:
    start = f'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="{SS}" xmlns:ss="{SS}">'
    return f"{start}<Styles>{styles}</Styles>{''.join(sheets)}</Workbook>".encode()


def sheet(rows: str, name: str = "3B", after: str = "") -> str:
    return f'<Worksheet ss:Name="{name}"><Table>{rows}</Table>{after}</Worksheet>'


def row(*cells: str, attributes: str = "") -> str:
    return f"<Row {attributes}>{''.join(cells)}</Row>"


def cell(text: str, kind: str = "String", attributes: str = "") -> str:
    return f'<Cell {attributes}><Data ss:Type="{kind}">{text}</Data></Cell>'


HEADER_ROW = row(*(cell(text) for text in ("Given Name", "Surname", "DOB", "Student Number")))
ILVA_ROW = row(cell("Ilva"), cell("Torenbek"), cell("2016-03-14T00:00:00.000", "DateTime"), cell("417"))


def read(data: bytes, **options: object) -> Roster:
    """The same whether another process opens it or this one."""
    roster, here = (
        read_roster(data, filename="3B.xls", options=ReadOptions(isolate=isolate, **options))  # type: ignore[arg-type]
        for isolate in (True, False)
    )
    assert roster.frame.equals(here.frame)
    assert roster.issues.equals(here.issues)
    return roster


def values(roster: Roster, *names: str) -> list[tuple[object, ...]]:
    return roster.frame.select(names).rows()


def codes(roster: Roster) -> list[tuple[str, str | None]]:
    return roster.issues.select("code", "cell").rows()


def refusal(data: bytes, **options: object) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read(data, **options)
    return caught.value.code


class TestWebPages:
    def test_a_page_is_read_in_the_places_that_excel_shows(self) -> None:
        roster = read(page(f"<h2>Class list</h2><table>{HEADERS}{ILVA}</table>"))
        names = ("given_name", "family_name", "student_number", "class_name", "source_row", "source_sheet")
        assert values(roster, *names) == [("Ilva", "Torenbek", "00417", "3B", 3, None)]
        assert values(roster, "birth_date")[0][0].isoformat() == "2016-03-14"  # type: ignore[attr-defined]

    def test_tags_that_are_left_open_and_upper_case_do_not_matter(self) -> None:
        text = f"<TABLE>{HEADERS}{ILVA}".replace("</tr>", "").replace("<t", "<T")
        assert values(read(text.encode()), "given_name", "class_name") == [("Ilva", "3B")]

    @pytest.mark.parametrize(
        ("encoding", "head"),
        [
            ("utf-8", ""),
            ("utf-8-sig", ""),
            ("utf-16", ""),
            ("cp1252", ""),
            ("iso-8859-2", '<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-2">'),
            ("cp1252", '<meta charset="no-such-encoding">'),
        ],
    )
    def test_the_encoding_is_that_of_the_bytes_or_what_the_page_names(self, encoding: str, head: str) -> None:
        name = "Ilvő" if encoding == "iso-8859-2" else "Ilvä"
        text = page(f"<table>{HEADERS}{ILVA.replace('Ilva', name)}</table>", head).decode()
        assert values(read(text.encode(encoding)), "given_name") == [(name,)]

    def test_a_cell_over_several_rows_and_columns_moves_its_neighbours(self) -> None:
        table = (
            "<tr><th>Given Name<th>Surname<th>Class<th>Student Number"
            "<tr><td>Ilva<td>Torenbek<td rowspan=2>3B<td>00417<tr><td>Maro<td>Quendel<td>00418"
        )
        roster = read(page(f"<table>{table}</table>"))
        assert values(roster, "class_name", "student_number") == [("3B", "00417"), ("3B", "00418")]
        assert ("value_carried", "C3") in codes(roster)
        wide = "<tr><th>Given Name<th>Surname<th>Student Number<tr><td>Ilva<td colspan=2>x<tr><td>Maro<td>Quendel<td>7"
        assert values(read(page(f"<table>{wide}</table>")), "student_number")[-1] == ("7",)

    def test_hidden_rows_are_told(self) -> None:
        hidden = ILVA.replace("<tr>", "<tr style='mso-x:y;display: none'>")
        assert ("rows_hidden", "A2") in codes(read(page(f"<table>{HEADERS}{hidden}</table>")))

    def test_a_number_shown_rounded_is_read_in_full(self) -> None:
        rounded = ILVA.replace("<td>00417", '<td x:num="1230000417">1.23E+09')
        assert values(read(page(f"<table>{HEADERS}{rounded}</table>")), "student_number") == [("1230000417",)]

    def test_a_table_that_only_places_others_has_no_row_of_its_own(self) -> None:
        inner = f"<table>{HEADERS}{ILVA}</table>"
        roster = read(page(f"<table><tr><td>{inner}</td></tr></table>"))
        assert values(roster, "given_name", "source_row") == [("Ilva", 2)]

    def test_scripts_are_left_out_and_letters_are_spelt(self) -> None:
        name = ILVA.replace("Ilva", "<script>x='<td>'</script>Il&#118;&aacute;&nbsp;")
        roster = read(page(f"<script>document.write('<table>')</script><table>{HEADERS}{name}</table>"))
        assert values(roster, "given_name") == [("Ilvá",)]

    def test_a_page_without_a_table_is_refused_by_name(self) -> None:
        assert refusal(page("<p>Your session has ended.</p>")) == "not_a_spreadsheet"
        assert refusal(page("<table><tr><td>Your session has ended.</table>")) == "no_table"

    def test_limits_hold_while_a_page_is_laid_out(self) -> None:
        assert refusal(page(f"<table>{'<tr><td>x' * 200}</table>"), max_rows=50) == "too_many_rows"
        assert refusal(page(f"<table><tr>{'<td>x' * 200}</table>"), max_columns=50) == "too_many_columns"
        many = "<tr><td colspan=1000 rowspan=65534>x</td>" * 300
        assert refusal(page(f"<table>{many}</table>")) == "too_many_columns"
        assert refusal(page(f"<table>{HEADERS}{ILVA.replace('3B', 'x' * 90)}"), max_cell_length=80) == "cell_too_long"

    def test_deep_nesting_is_no_way_to_bring_the_reader_down(self) -> None:
        assert refusal(page("<table><tr><td>" * 5_000)) == "no_table"


class TestXml:
    def test_a_sheet_is_read_with_its_name_and_places(self) -> None:
        roster = read(book(sheet(HEADER_ROW.replace("<Row ", '<Row ss:Index="3" ') + ILVA_ROW)))
        names = ("given_name", "student_number", "source_row", "source_sheet")
        assert values(roster, *names) == [("Ilva", "417", 4, "3B")]
        assert values(roster, "birth_date")[0][0].isoformat() == "2016-03-14"  # type: ignore[attr-defined]

    def test_a_document_without_prefixes_or_in_utf_16_is_read_too(self) -> None:
        plain = book(sheet(HEADER_ROW + ILVA_ROW)).decode().replace("ss:", "").replace("xmlns:ss", "xmlns:s")
        assert len(read(plain.encode())) == 1
        assert len(read(plain.replace("?>", ' encoding="UTF-16"?>', 1).encode("utf-16"))) == 1

    def test_cells_and_rows_that_are_left_out_keep_their_places(self) -> None:
        further = row(cell("Maro"), cell("418", attributes='ss:Index="4"'), attributes='ss:Index="9"')
        roster = read(book(sheet(HEADER_ROW + ILVA_ROW + further)))
        assert values(roster, "family_name", "student_number", "source_row")[1] == (None, "418", 9)

    def test_letters_in_a_face_of_their_own_belong_to_the_cell_and_comments_do_not(self) -> None:
        rich = ILVA_ROW.replace("Torenbek", "<B>Toren</B>bek").replace(
            "Ilva</Data>", "Ilva</Data><Comment><ss:Data>see office</ss:Data></Comment>"
        )
        assert values(read(book(sheet(HEADER_ROW + rich))), "given_name", "family_name") == [("Ilva", "Torenbek")]

    def test_zeros_that_the_sheet_shows_are_kept(self) -> None:
        style = '<Style ss:ID="z"><NumberFormat ss:Format="00000"/></Style>'
        number = cell("417", "Number", 'ss:StyleID="z"')
        roster = read(book(sheet(HEADER_ROW + ILVA_ROW.replace(cell("417"), number)), styles=style))
        assert values(roster, "student_number") == [("00417",)]
        assert ("zeros_restored", "D2") in codes(roster)

    def test_errors_formulas_merged_and_hidden_parts_are_told(self) -> None:
        rows = (
            '<Column ss:Index="4" ss:Hidden="1"/>',
            HEADER_ROW,
            row(cell("Ilva"), cell("Torenbek"), cell("#N/A", "Error"), cell("417"), attributes='ss:Hidden="1"'),
            row(cell("Maro"), cell("Quendel"), "<Cell/>", '<Cell ss:Formula="=R[-1]C"/>'),
        )
        found = codes(read(book(sheet("".join(rows)))))
        assert {("columns_hidden", "D1"), ("rows_hidden", "A2"), ("cell_error", "C2"), ("cell_formula", "D3")} <= set(
            found
        )

    def test_a_merged_cell_counts_for_all_that_it_covers(self) -> None:
        rows = (
            row(cell("Given Name"), cell("Surname"), cell("Class")),
            row(cell("Ilva"), cell("Torenbek"), cell("3B", attributes='ss:MergeDown="1"')),
            row(cell("Maro"), cell("Quendel")),
        )
        assert values(read(book(sheet("".join(rows)))), "class_name") == [("3B",), ("3B",)]

    def test_hidden_sheets_are_left_out_unless_named(self) -> None:
        visible = "<WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions>"
        old = sheet(HEADER_ROW + ILVA_ROW.replace("Ilva", "Maro"), "old", visible)
        data = book(sheet(HEADER_ROW + ILVA_ROW), old)
        roster = read(data)
        assert (values(roster, "given_name"), codes(roster)) == ([("Ilva",)], [("sheet_hidden", None)])
        assert values(read(data, sheets=["old"]), "given_name") == [("Maro",)]
        assert refusal(data, sheets=["new"]) == "no_such_sheet"

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b'<?xml version="1.0"?><students><student/></students>', "not_a_spreadsheet"),
            (b'<?xml version="1.0"?><students>', "not_a_spreadsheet"),
            (
                b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><p>Ended</p></html>',
                "not_a_spreadsheet",
            ),
            (book(sheet(HEADER_ROW + ILVA_ROW))[:-40], "damaged"),
            (book(sheet(row(cell("x"), attributes='ss:Index="9000000"'))), "too_many_rows"),
            (book(sheet(row(cell("x", attributes='ss:Index="9000000"')))), "too_many_columns"),
        ],
    )
    def test_other_documents_and_what_exceeds_a_limit_are_refused(self, data: bytes, code: str) -> None:
        assert refusal(data) == code

    def test_a_bomb_of_entities_is_refused(self) -> None:
        bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x"}">' for n in range(12))
        data = f'<?xml version="1.0"?><!DOCTYPE b [{bomb}]><Workbook>{sheet(row(cell("&e11;")))}</Workbook>'
        assert refusal(data.replace("ss:", "").encode()) == "damaged"
