"""Reading: any readable list becomes a roster, and every fault an issue with its place."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from rosterdiff.config import ReadOptions
from rosterdiff.errors import InvalidOption, UnreadableFile
from rosterdiff.frames import Roster
from rosterdiff.headers import TEMPLATE_HEADERS
from rosterdiff.reading import read_roster

Grid = Sequence[Sequence[Any]]


def text(*lines: str, name: str = "list.csv", **options: Any) -> Roster:
    """Read a text file of these lines."""
    return read_roster("\n".join(lines).encode(), filename=name, options=ReadOptions(**options))


def workbook(**sheets: Grid) -> bytes:
    """A workbook of these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def rows(roster: Roster, *columns: str) -> list[tuple[Any, ...]]:
    return roster.frame.select(columns).rows()


def found(roster: Roster, *severities: str) -> list[tuple[str, str | None]]:
    """Code and cell of the issues, of these severities or of all."""
    issues = roster.issues
    return (
        issues.filter(pl.col("severity").is_in(severities or ("error", "warning", "info")))
        .select("code", "cell")
        .rows()
    )


NAMES = "Given Name,Family Name"


class TestSources:
    def test_a_path_bytes_and_a_file_object_give_the_same(self, tmp_path: Path) -> None:
        path = tmp_path / "3B.csv"
        path.write_bytes(b"Given Name,Family Name\nIlva,Torenbek\n")
        expected = read_roster(path)
        assert expected.frame["source_file"].to_list() == ["3B.csv"]
        with path.open("rb") as file:
            assert read_roster(file).frame.equals(expected.frame)
        assert read_roster(str(path)).frame.equals(expected.frame)
        assert read_roster(path.read_bytes(), filename="3B.csv").frame.equals(expected.frame)

    def test_the_suffix_of_the_name_does_not_count(self) -> None:
        data = workbook(Students=[["Given Name", "Family Name"], ["Ilva", "Torenbek"]])
        assert rows(read_roster(data, filename="list.csv"), "given_name") == [("Ilva",)]

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "empty"),
            (b"\n\n  ", "empty"),
            (b"%PDF-1.7 ...", "not_a_spreadsheet"),
            (b"<html><p>Your session has ended.</p>", "not_a_spreadsheet"),
            (bytes(range(256)) * 20, "not_a_spreadsheet"),
            (b"PK\x03\x04 and no more", "damaged"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and no more", "damaged"),
            (b"a,b\n1,2\n", "no_table"),
            (b"just a sentence about nothing", "no_table"),
        ],
    )
    def test_what_is_no_list_is_refused_with_a_code_and_a_hint(self, data: bytes, code: str) -> None:
        with pytest.raises(UnreadableFile) as caught:
            read_roster(data, filename="x.xlsx")
        assert (caught.value.code, caught.value.filename) == (code, "x.xlsx")
        assert caught.value.hint

    def test_a_missing_file_is_refused_without_its_folder(self, tmp_path: Path) -> None:
        with pytest.raises(UnreadableFile, match=r"^gone\.csv: ") as caught:
            read_roster(tmp_path / "gone.csv")
        assert caught.value.code == "not_found"

    @pytest.mark.parametrize(
        ("options", "code"),
        [
            ({"max_bytes": 20}, "too_large"),
            ({"max_rows": 1}, "too_many_rows"),
            ({"max_columns": 1}, "too_many_columns"),
        ],
    )
    def test_limits_are_kept(self, options: dict[str, int], code: str) -> None:
        data = b"Given Name,Family Name\nIlva,Torenbek\nMaro,Quendel\n"
        with pytest.raises(UnreadableFile) as caught:
            read_roster(data, options=ReadOptions(**options))  # type: ignore[arg-type]
        assert caught.value.code == code


class TestText:
    @pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
    def test_the_separator_is_found_by_content(self, separator: str) -> None:
        roster = text(*(line.replace(",", separator) for line in (NAMES, "Ilva,Torenbek", "Maro,Quendel")))
        assert rows(roster, "given_name", "family_name") == [("Ilva", "Torenbek"), ("Maro", "Quendel")]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
    def test_unicode_is_read_with_and_without_its_mark(self, encoding: str) -> None:
        data = "Given Name,Family Name\nZoë,Łukasz\nIlva,Torenbek\nMaro,Quendel\n".encode(encoding)
        assert rows(read_roster(data), "given_name", "family_name")[0] == ("Zoë", "Łukasz")

    def test_what_is_no_utf_8_is_read_as_windows_and_said(self) -> None:
        roster = read_roster("Given Name,Family Name\nZoë,O’Neill\n".encode("cp1252"))
        assert rows(roster, "given_name", "family_name") == [("Zoë", "O’Neill")]
        assert found(roster) == [("encoding_assumed", None)]

    def test_a_named_encoding_is_taken_or_refused(self) -> None:
        data = "Given Name,Family Name\nЯна,Ким\n".encode("cp1251")
        assert rows(read_roster(data, options=ReadOptions(encoding="cp1251")), "given_name") == [("Яна",)]
        with pytest.raises(UnreadableFile) as caught:
            read_roster(data, options=ReadOptions(encoding="ascii"))
        assert caught.value.code == "wrong_encoding"

    def test_letters_lost_before_are_reported(self) -> None:
        assert ("characters_lost", "A2") in found(text(NAMES, "Zo\ufffd,Torenbek"))

    @pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
    def test_every_line_end_is_read(self, line_end: str) -> None:
        roster = read_roster(line_end.join([NAMES, "Ilva,Torenbek", "Maro,Quendel", ""]).encode())
        assert rows(roster, "given_name", "source_row") == [("Ilva", 2), ("Maro", 3)]

    def test_quotes_hold_separators_quotes_and_line_breaks(self) -> None:
        roster = text(f"{NAMES},Notes", '"Ilva ""Il""","Torenbek, the\nsecond",x', "Maro,Quendel,y")
        assert rows(roster, "given_name", "family_name", "source_row") == [
            ('Ilva "Il"', "Torenbek, the\nsecond", 2),
            ("Maro", "Quendel", 3),
        ]

    def test_short_and_long_rows_are_read_as_far_as_they_go(self) -> None:
        roster = text(f"{NAMES},Class", "Ilva", "Maro,Quendel,3B,more", "Pia,Olm,3B")
        assert rows(roster, "given_name", "family_name", "class_name") == [
            ("Ilva", None, None),
            ("Maro", "Quendel", "3B"),
            ("Pia", "Olm", "3B"),
        ]
        assert rows(roster, "Column D") == [(None,), ("more",), (None,)]
        assert ("rows_too_long", "D3") in found(roster, "warning")

    def test_blank_lines_are_no_rows_and_are_counted(self) -> None:
        roster = text("", "Class 3B", "", NAMES, "", "Ilva,Torenbek", " , ", "Maro,Quendel", "", "")
        assert rows(roster, "given_name", "source_row", "source_sheet") == [("Ilva", 6, None), ("Maro", 8, None)]


class TestWorkbooks:
    def test_rows_know_their_sheet_and_number_and_fields_their_cell(self) -> None:
        grid = [["Our school"], [], [None, "Given Name", "Family Name"], [None, "Ilva", "Torenbek"]]
        roster = read_roster(workbook(Term_1=grid), filename="3B.xlsx")
        assert rows(roster, "source_file", "source_sheet", "source_row") == [("3B.xlsx", "Term 1", 4)]
        assert roster.cell(0, "family_name") == "C4"

    def test_cells_keep_what_they_are(self) -> None:
        grid = [
            ["Student Number", "Given Name", "Family Name", "DOB", "Year", "House"],
            [7, "Ilva", "Torenbek", datetime(2016, 3, 14), 3, 1.5],  # noqa: DTZ001  (a cell has no time zone)
            ["007", "Maro", "Quendel", date(2015, 1, 2), "Year 4", True],
        ]
        roster = read_roster(workbook(A=grid))
        assert rows(roster, "student_number", "birth_date", "grade", "House") == [
            ("7", date(2016, 3, 14), "03", "1.5"),
            ("007", date(2015, 1, 2), "04", "TRUE"),
        ]

    def test_several_sheets_without_a_class_column_are_classes(self) -> None:
        sheet = [["Given Name", "Family Name"], ["Ilva", "Torenbek"]]
        roster = read_roster(workbook(**{"3B": sheet, "4A": sheet, "Help": [["How to fill this in"]]}))
        assert rows(roster, "class_name", "source_sheet") == [("3B", "3B"), ("4A", "4A")]
        assert ("class_from_sheet", None) in found(roster, "info")
        assert ("sheet_skipped", None) in found(roster, "info")

    def test_sheets_are_no_classes_when_a_column_says_so_or_their_names_say_nothing(self) -> None:
        sheet = [["Given Name", "Family Name"], ["Ilva", "Torenbek"]]
        with_class = [["Given Name", "Family Name", "Class"], ["Maro", "Quendel", "5C"]]
        assert rows(read_roster(workbook(A=sheet, B=with_class)), "class_name") == [(None,), ("5C",)]
        assert rows(read_roster(workbook(Sheet1=sheet, Sheet2=sheet)), "class_name") == [(None,), (None,)]
        assert rows(read_roster(workbook(**{"3B": sheet})), "class_name") == [(None,)]

    def test_hidden_sheets_are_left_out_and_said_unless_named(self) -> None:
        book = openpyxl.load_workbook(io.BytesIO(workbook(A=[["Given Name", "Surname"], ["Ilva", "T"]], B=[])))
        hidden = book.create_sheet("Old")
        hidden.append(["Given Name", "Surname"])
        hidden.append(["Maro", "Quendel"])
        hidden.sheet_state = "hidden"
        stream = io.BytesIO()
        book.save(stream)
        roster = read_roster(stream.getvalue())
        assert rows(roster, "given_name") == [("Ilva",)]
        assert roster.issues.select("code", "source_sheet").rows() == [("sheet_hidden", "Old")]
        named = read_roster(stream.getvalue(), options=ReadOptions(sheets=("Old",)))
        assert rows(named, "given_name") == [("Maro",)]
        with pytest.raises(UnreadableFile) as caught:
            read_roster(stream.getvalue(), options=ReadOptions(sheets=("Older",)))
        assert caught.value.code == "no_such_sheet"


class TestTable:
    def test_a_header_without_rows_is_an_empty_roster_and_a_warning(self) -> None:
        roster = text(NAMES)
        assert (len(roster), found(roster)) == (0, [("no_rows", None)])

    def test_the_header_is_found_below_titles(self) -> None:
        roster = text("Example School,,", "Teacher,Mx Sample,", "Class,3B,2026", ",,", f"{NAMES},DOB", "Ilva,Torenbek,")
        assert rows(roster, "given_name", "source_row") == [("Ilva", 6)]

    def test_help_below_the_header_is_no_student(self) -> None:
        roster = text(f"{NAMES},DOB", "Required,Required,Required (dd/mm/yyyy)", "Ilva,Torenbek,2016-03-14")
        assert len(roster) == 1
        assert found(roster) == [("instruction_row", "A2")]

    def test_totals_and_notes_are_no_students_and_are_said(self) -> None:
        roster = text(f"{NAMES},Class", "Ilva,Torenbek,3B", "Total: 1,,", "", "Please send this back by Friday,,")
        assert len(roster) == 1
        assert found(roster, "warning") == [("row_skipped", "A3"), ("row_skipped", "A5")]

    @pytest.mark.parametrize("surname", ["Page", "Total", "Note", "Key", "Source", "Count"])
    def test_surnames_that_are_words_of_reports_are_students(self, surname: str) -> None:
        assert len(text("Surname,Given Name,Class", f"{surname},Ilva,3B", f"{surname}s,,3B")) == 2

    def test_the_header_once_more_is_no_student(self) -> None:
        roster = text(NAMES, "Ilva,Torenbek", NAMES, "Maro,Quendel")
        assert rows(roster, "given_name", "source_row") == [("Ilva", 2), ("Maro", 4)]
        assert found(roster) == [("header_repeated", "A3")]

    def test_a_row_with_values_and_no_name_stays_and_is_said(self) -> None:
        roster = text(f"{NAMES},Class", ",,3B", "Ilva,Torenbek,3B")
        assert len(roster) == 2
        assert found(roster, "warning") == [("name_missing", "A2")]

    def test_a_table_without_names_is_read_and_is_an_error(self) -> None:
        assert found(text("Student ID,Email", "7,a@example.org"), "error") == [("no_name_column", "A1")]


class TestHeaders:
    def test_unknown_columns_stay_under_their_own_header(self) -> None:
        roster = text(f"{NAMES},Row,row,House,House,", "Ilva,Torenbek,1,2,Oak,Elm,x")
        assert roster.further == ("Row", "row (2)", "House", "House (2)", "Column G")
        assert rows(roster, *roster.further) == [("1", "2", "Oak", "Elm", "x")]

    def test_dropped_columns_leave_no_trace_but_an_issue(self) -> None:
        roster = text(f"{NAMES},Password,Ethnicity Code,SEN status", "Ilva,Torenbek,secret,1,K")
        assert roster.further == ()
        assert found(roster) == [("header_dropped", "C1"), ("header_dropped", "D1"), ("header_dropped", "E1")]
        assert "Password" not in roster.places["header"]

    def test_the_drop_list_is_the_callers(self) -> None:
        assert text(f"{NAMES},House", "Ilva,Torenbek,Oak", dropped_headers=("house",)).further == ()

    def test_the_better_header_wins_and_the_other_stays_beside_it(self) -> None:
        roster = text(f"ID,Student Number,{NAMES}", "a1,77,Ilva,Torenbek", "b2,78,Maro,Quendel")
        assert rows(roster, "student_number", "ID") == [("77", "a1"), ("78", "b2")]
        assert ("header_second", "A1") in found(roster, "info")

    def test_a_header_twice_is_a_warning(self) -> None:
        roster = text(f"{NAMES},Class,Class", "Ilva,Torenbek,3B,4A")
        assert rows(roster, "class_name", "Class") == [("3B", "4A")]
        assert found(roster, "warning") == [("header_duplicate", "D1")]

    def test_an_empty_column_loses_to_a_filled_one(self) -> None:
        assert rows(text(f"{NAMES},Class Name,Form", "Ilva,Torenbek,,3B"), "class_name") == [("3B",)]

    @pytest.mark.parametrize(
        ("header", "values", "field"),
        [
            ("Year", ("Year 3", "4"), "grade"),
            ("School Year", ("3", "4"), "grade"),
            ("SMS", ("A1001", "A1002"), "student_number"),
            ("Login", ("a@example.org", "b@example.org"), "email"),
            ("Grade", ("3B", "4C"), "class_name"),
        ],
    )
    def test_values_decide_what_an_open_header_means(self, header: str, values: tuple[str, str], field: str) -> None:
        roster = text(f"{NAMES},{header}", *(f"Ilva,Torenbek,{value}" for value in values))
        assert roster.frame[field].null_count() == 0

    @pytest.mark.parametrize(
        ("header", "values"),
        [
            ("School Year", ("2026", "2026")),
            ("Title", ("Ms", "Mr")),
            ("SMS", ("0400 123 456", "+61 400 123 457")),
            ("No", ("1", "2")),
        ],
    )
    def test_values_that_are_no_field_leave_the_column_beside(self, header: str, values: tuple[str, str]) -> None:
        roster = text(f"{NAMES},{header}", *(f"Ilva,Torenbek,{value}" for value in values))
        assert roster.further == (header,)
        assert found(roster) == []

    def test_a_header_that_nothing_settles_is_a_warning(self) -> None:
        roster = text(f"{NAMES},Year", "Ilva,Torenbek,abc", "Maro,Quendel,xyz")
        assert roster.further == ("Year",)
        assert found(roster, "warning") == [("header_ambiguous", "C1")]

    def test_next_years_column_wins(self) -> None:
        roster = text(f"{NAMES},Class,Class next year", "Ilva,Torenbek,3B,4A")
        assert rows(roster, "class_name", "Class") == [("4A", "3B")]
        assert ("header_next_year", "D1") in found(roster, "info")

    def test_the_callers_columns_win(self) -> None:
        roster = text(
            f"{NAMES},Student ID,Hse", "Ilva,Torenbek,7,Oak", columns={"student_id": "Student ID", "class_name": "hse"}
        )
        assert rows(roster, "student_id", "student_number", "class_name") == [("7", None, "Oak")]

    def test_a_named_header_that_is_missing_is_an_error_and_a_field_that_is_none_a_mistake(self) -> None:
        assert found(text(NAMES, "Ilva,Torenbek", columns={"grade": "Klass"}), "error") == [("header_missing", None)]
        with pytest.raises(InvalidOption, match="shoe_size"):
            text(NAMES, "Ilva,Torenbek", columns={"shoe_size": "Shoes"})

    def test_a_schools_ids_are_never_the_accounts_but_a_bases_are(self) -> None:
        lines = (f"Student ID,{NAMES}", "007,Ilva,Torenbek")
        assert rows(text(*lines), "student_id", "student_number") == [(None, "007")]
        assert rows(text(*lines, base=True), "student_id", "student_number") == [("007", None)]

    def test_in_our_template_only_its_own_headers_are_fields(self) -> None:
        marked = TEMPLATE_HEADERS["student_id"]
        line = f'"{marked}",Given Name,Family Name,Year,ID'
        roster = text(line, "001,Ilva,Torenbek,Year 3,9", "002,Total: 5,,Required,")
        assert rows(roster, "student_id", "given_name", "grade", "Year", "ID") == [
            ("001", "Ilva", None, "Year 3", "9"),
            ("002", "Total: 5", None, "Required", None),
        ]
        assert found(roster) == [("name_digits", "B3")]


class TestNames:
    def test_names_are_kept_as_written_but_for_the_space_around(self) -> None:
        roster = text(NAMES, "  ILVA-mae ,D’ARCY  o'neill", "=SUM(1),+Quendel", "王小明,Müller")
        assert rows(roster, "given_name", "family_name") == [
            ("ILVA-mae", "D’ARCY  o'neill"),
            ("=SUM(1)", "+Quendel"),
            ("王小明", "Müller"),
        ]
        assert found(roster) == [("name_padded", "A2"), ("formula_as_text", "A3")]

    @pytest.mark.parametrize(
        ("name", "parts"),
        [
            ('"Torenbek, Ilva"', ("Ilva", None, "Torenbek", None, None)),
            ('"Torenbek, Ilva Mae"', ("Ilva", "Mae", "Torenbek", None, None)),
            ('"van der Olm, Pia"', ("Pia", None, "van der Olm", None, None)),
            ('"Torenbek, Ilva (Il)"', ("Ilva", None, "Torenbek", None, "Il")),
            ('"Torenbek, Maro, Jr."', ("Maro", None, "Torenbek", "Jr.", None)),
            ("Maro Quendel", ("Maro", None, "Quendel", None, None)),
            ("Maro van Quendel", ("Maro", None, "van Quendel", None, None)),
            ("Prince", ("Prince", None, None, None, None)),
        ],
    )
    def test_full_names_are_split(self, name: str, parts: tuple[str | None, ...]) -> None:
        roster = text("Student Name,Class", f"{name},3B")
        fields = ("given_name", "middle_name", "family_name", "name_suffix", "preferred_given_name")
        assert rows(roster, *fields) == [parts]

    def test_splits_that_the_writing_does_not_settle_are_said_once_a_column(self) -> None:
        roster = text("Full Name", "Maro Quendel", "Maro Olm Quendel", "Prince", '"Torenbek, Ilva"')
        assert found(roster, "warning") == [("name_split_assumed", "A3")]
        assert "2 cells" in roster.issues["message"][0]

    def test_a_column_of_names_beside_a_surname_is_the_given_name(self) -> None:
        assert rows(text("Surname,Name", "Torenbek,Ilva Mae"), "given_name", "family_name") == [
            ("Ilva Mae", "Torenbek")
        ]

    def test_a_full_name_beside_its_parts_stays_beside(self) -> None:
        roster = text(f"{NAMES},Full Name", "Ilva,Torenbek,Ilva Torenbek")
        assert rows(roster, "given_name", "family_name", "Full Name") == [("Ilva", "Torenbek", "Ilva Torenbek")]

    def test_a_name_without_a_letter_is_a_warning_and_a_date_an_error(self) -> None:
        assert found(text(NAMES, "Ilva,2016", "2025-05-01,Olm")) == [("name_date", "A3"), ("name_odd", "B2")]


class TestValues:
    def test_ids_keep_their_zeros(self) -> None:
        assert rows(text(f"Student No,{NAMES}", "000123,Ilva,Torenbek"), "student_number") == [("000123",)]

    def test_ids_that_a_spreadsheet_damaged_are_left_out_and_said(self) -> None:
        roster = text(f"Student No,{NAMES}", "1.23E+09,Ilva,T", "124.0,Maro,Q", "3E12,Pia,O")
        assert rows(roster, "student_number") == [(None,), ("124",), ("3E12",)]
        assert found(roster) == [("id_damaged", "A2"), ("id_decimal", "A3")]

    def test_numbers_too_long_for_a_spreadsheet_are_damaged(self) -> None:
        grid = [["Student No", "Given Name", "Family Name"], [12345678901234567890.0, "Ilva", "Torenbek"]]
        assert found(read_roster(workbook(A=grid)), "warning") == [("id_damaged", "A2")]

    def test_grades_that_are_none_are_empty_and_said_with_their_cell(self) -> None:
        roster = text(f"{NAMES},Year Level", "Ilva,T,Year 3", "Maro,Q,Blue", "Pia,O,-", "Ana,P,")
        assert rows(roster, "grade") == [("03",), (None,), (None,), (None,)]
        assert found(roster) == [("value_nothing", "C4"), ("grade_unknown", "C3")]

    def test_genders_stay_text(self) -> None:
        roster = text(f"{NAMES},Gender", "Ilva,T,Non-binary", "Maro,Q,m")
        assert rows(roster, "gender") == [("Non-binary",), ("m",)]

    def test_clear_empties_a_field_but_no_identity_and_no_name(self) -> None:
        roster = text(f"{NAMES},Class,DOB,House", "Ilva,Torenbek,<CLEAR>,<clear>,<clear>", "Maro,<clear>,3B,,Oak")
        assert rows(roster, "family_name", "class_name", "birth_date", "House") == [
            ("Torenbek", None, None, None),
            (None, "3B", None, "Oak"),
        ]
        assert roster.clears.rows() == [(0, "House"), (0, "class_name")]
        assert sorted(found(roster)) == [("clear_refused", "B3"), ("clear_refused", "D2")]

    def test_thousands_of_faults_of_one_kind_end_in_a_number(self) -> None:
        roster = text(f"{NAMES},Year Level", "Ilva,T,3", *("Maro,Q,Blue" for _ in range(1200)))
        assert roster.issues.select("code", "cell", "count", "cells").rows() == [
            ("grade_unknown", "C3", 1200, "C3:C1202")
        ]


def test_no_issue_holds_a_value_of_a_cell() -> None:
    roster = text(
        "Student No,Student Name,Class,Year,DOB,Secretive Header",
        "1.98E+17,Zanzibar,<clear>,Purplish,31/31/2016,Unique",
        "7,Ornithopter Xylograph Quendel,3B,Mauve,1/2/2016,Unique",
    )
    assert roster.issues.height >= 4
    said = " ".join(roster.issues["message"])
    for value in ("1.98E", "Zanzibar", "Purplish", "31/31", "Mauve", "Ornithopter", "1/2/2016", "Unique", "Secretive"):
        assert value not in said


def test_the_order_of_columns_changes_nothing() -> None:
    one = text(f"{NAMES},Class,DOB", "Ilva,Torenbek,3B,2016-03-14")
    other = text("DOB,Class,Family Name,Given Name", "2016-03-14,3B,Torenbek,Ilva")
    assert one.frame.equals(other.frame)
