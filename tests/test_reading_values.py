"""Values: what spreadsheets, people and copying do to a cell has its code and place, and nothing is guessed."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from rosterdiff.config import ReadOptions
from rosterdiff.frames import Roster
from rosterdiff.headers import TEMPLATE_HEADERS
from rosterdiff.issues import Origin
from rosterdiff.reading import read_roster
from rosterdiff.reading.columns import understand_columns
from rosterdiff.reading.grids import MARKS, Area, Grid
from rosterdiff.reading.locate import find_tables
from rosterdiff.reading.values import Values, read_values


def text(*lines: str, **options: Any) -> Roster:
    return read_roster("\n".join(lines).encode(), filename="list.csv", options=ReadOptions(**options))


def found(roster: Roster, *leave_out: str) -> list[tuple[str, str]]:
    """Code and cells of the issues."""
    return roster.issues.filter(~pl.col("code").is_in(leave_out)).select("code", "cells").rows()


NAMES = "Given Name,Family Name"


def of_grid(rows: list[list[str | None]], options: ReadOptions = ReadOptions(), **of_sheet: Any) -> Values:  # noqa: B008
    """What a sheet with marks or merged areas says."""
    columns = {str(at): pl.Series(list(cells), dtype=pl.String) for at, cells in enumerate(zip(*rows, strict=True))}
    table = find_tables(Grid(Origin("3B.xlsx", "Term 1"), pl.DataFrame(columns), **of_sheet), options)[0]
    return read_values(table, understand_columns(table, options), options)


def codes(values: Values) -> list[tuple[str, str | None]]:
    return [(issue.code, issue.cells or issue.cell) for issue in values.issues]


class TestCharacters:
    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("Il\x07va", "control_characters"),
            ('"Ilva\nMae"', "control_characters"),
            ("Ilva\u200b", "invisible_characters"),
            ("\ufeffIlva", "invisible_characters"),
            ("Il\u00adva", "invisible_characters"),
            ("\u202eIlva\u202c", "invisible_characters"),
            ("Il\u200dva", "invisible_characters"),
            ("Ilv\u0430", "mixed_scripts"),  # a Cyrillic letter that looks like the Latin one
            ("\u0391nna", "mixed_scripts"),  # a Greek one
            ("O&#39;Neill", "html_codes"),
            ("Mar&iacute;a", "html_codes"),
            ("<b>Ilva</b>", "html_codes"),
            ("ZoÃ«", "garbled_characters"),
            ("JosÃ©", "garbled_characters"),
            ("Oâ€™Neill", "garbled_characters"),
            ("Mu?oz", "garbled_characters"),
            ("=A2&B2", "formula_as_text"),
        ],
    )
    def test_each_kind_has_its_code_and_the_name_is_kept(self, name: str, code: str) -> None:
        roster = text(NAMES, "Maro,Quendel", f"{name},Torenbek", *["Pia,Olm"] * 40)
        assert roster.frame["given_name"][1] == name.strip('"')
        assert found(roster, "name_several") == [(code, "A3")]

    @pytest.mark.parametrize(
        "name",
        [
            "Zoë", "Łukasz", "O’Neill", "Mary-Jane", "João", "Ângela", "Åsa", "Ñusta", "Nguyễn", "王小明", "محمد",
            "Ольга",
            "می\u200cنا", "D'Arcy", "Anne Marie", "Jr.", "St. John", "Αλέξης", "ก้อง", "ʻIolani", "N’Golo",
        ],
    )  # fmt: skip
    def test_names_of_all_scripts_are_clean(self, name: str) -> None:
        assert found(text(NAMES, f"{name},Torenbek", "Maro,Quendel")) == []

    def test_padded_values_are_said_once_a_column(self) -> None:
        roster = text(f"{NAMES},Class", "Ilva ,T, 3B", "Maro,Q,3B ", "Pia,O,3B")
        assert found(roster) == [("name_padded", "A2"), ("value_padded", "C2:C3")]
        assert roster.frame["class_name"].to_list() == ["3B", "3B", "3B"]

    def test_further_columns_are_stripped_and_not_judged(self) -> None:
        roster = text(f"{NAMES},House cup", "Ilva,T, N/A ", "Maro,Q,#REF!")
        assert roster.frame["House cup"].to_list() == ["N/A", "#REF!"]
        assert found(roster, "header_unknown") == []


class TestNothing:
    def test_errors_of_a_spreadsheet_as_text_count_as_empty_and_are_said(self) -> None:
        roster = text(f"{NAMES},Class,Student No", "Ilva,#N/A,3B,00123", "Maro,Quendel,#REF!,########")
        assert roster.frame.select("family_name", "class_name", "student_number").rows() == [
            (None, "3B", "00123"),
            ("Quendel", None, None),
        ]
        assert found(roster) == [("cell_error", "B2"), ("cell_error", "C3"), ("cell_error", "D3")]

    def test_words_for_nothing_are_no_values_of_ids_addresses_and_classes(self) -> None:
        roster = text(f"{NAMES},Student No,Email,Class", "Ilva,T,N/A,-,tbc", "Maro,Q,7001,a@b.example,3B")
        assert roster.frame.select("student_number", "email", "class_name").row(0) == (None, None, None)
        assert found(roster) == [("value_nothing", f"{column}2") for column in "CDE"]

    def test_people_are_called_null_and_none(self) -> None:
        assert text(NAMES, "Null,None").frame.select("given_name", "family_name").row(0) == ("Null", "None")


class TestMarks:
    def test_errors_and_formulas_without_a_value_are_issues_at_their_cells(self) -> None:
        marks = pl.DataFrame([("error", 1, 0), ("formula", 2, 1), ("error", 2, 2)], schema=MARKS, orient="row")
        values = of_grid(
            [["Given Name", "Surname", "Sponsor"], [None, "Torenbek", "x"], ["Maro", None, None]], marks=marks
        )
        assert codes(values) == [("cell_error", "A2"), ("cell_formula", "B3")]

    def test_many_are_one_line(self) -> None:
        rows: list[list[str | None]] = [["Given Name", "Surname", "Class"]]
        rows += [[f"Ilva{chr(97 + at % 26)}", "T", None] for at in range(50)]
        marks = pl.DataFrame([("error", at, 2) for at in range(1, 51)], schema=MARKS, orient="row")
        assert codes(of_grid(rows, marks=marks)) == [("cell_error", "C2:C51")]


class TestMerged:
    GRID: tuple[list[str | None], ...] = (
        ["Given Name", "Surname", "Class", "DOB"],
        ["Ilva", "Torenbek", "3B", "2016-03-14"],
        ["Maro", None, None, None],
        ["Pia", "Olm", "4A", "2015-01-20"],
    )

    def test_a_merged_class_holds_for_the_rows_it_covers_and_is_said(self) -> None:
        values = of_grid(list(self.GRID), merged=(Area(1, 2, 2, 2),))
        assert values.frame["class_name"].to_list() == ["3B", "3B", "4A"]
        assert codes(values) == [("value_carried", "C3")]

    @pytest.mark.parametrize(("position", "column", "field"), [(1, "B", "family_name"), (3, "D", "birth_date")])
    def test_a_merged_name_or_birth_date_is_said_and_never_copied(self, position: int, column: str, field: str) -> None:
        values = of_grid(list(self.GRID), merged=(Area(1, position, 2, position),))
        assert values.frame[field][1] is None
        assert codes(values) == [("cells_merged", f"{column}2")]

    def test_cells_merged_across_fields_are_said(self) -> None:
        grid = [*self.GRID[:1], ["Ilva Torenbek", None, "3B", "2016-03-14"]]
        values = of_grid([list(row) for row in grid], merged=(Area(1, 0, 1, 1),))
        assert ("cells_merged", "A2") in codes(values)

    def test_titles_merged_above_the_table_say_nothing(self) -> None:
        grid = [["Maple Grove", None, None, None], *self.GRID]
        assert codes(of_grid([list(row) for row in grid], merged=(Area(0, 0, 0, 3),))) == []


class TestNames:
    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("123", "name_odd"),
            ("???", "name_odd"),
            ("2025-05-01", "name_date"),
            ("2025-05-01 00:00:00", "name_date"),
            ("1-May", "name_date"),
            ("Mar-03", "name_date"),
            ("May 2025", "name_date"),
            ("01/05/2025", "name_date"),
            ("see office", "name_note"),
            ("Left", "name_note"),
            ("TBC", "name_note"),
            ("N/A", "name_note"),
            ("New student", "name_note"),
            ("ilva.t@school.example", "name_email"),
            ("Ilva & Maro", "name_several"),
            ("Ilva / Maro", "name_several"),
            ("Ilva2", "name_digits"),
        ],
    )
    def test_what_is_no_name_has_one_code_and_is_kept(self, name: str, code: str) -> None:
        roster = text(NAMES, "Maro,Quendel", f"{name},Torenbek")
        assert roster.frame["given_name"][1] == name
        assert found(roster) == [(code, "A3")]

    @pytest.mark.parametrize(
        "name", ["May", "June", "April", "Augustine", "Marc", "Null", "Test", "New", "Don", "Dr", "Page"]
    )
    def test_people_are_called_so(self, name: str) -> None:
        assert found(text(NAMES, f"{name},Torenbek", "Maro,Quendel")) == []

    def test_a_title_is_said_and_kept_in_a_column_of_given_names(self) -> None:
        roster = text(NAMES, "Miss Ilva,Torenbek")
        assert roster.frame["given_name"].to_list() == ["Miss Ilva"]
        assert found(roster) == [("name_title", "A2")]

    def test_a_title_is_said_and_left_out_of_a_full_name(self) -> None:
        roster = text("Student Name,Class", "Mr Maro Quendel,3B", "Ilva Torenbek,3B")
        assert roster.frame.select("given_name", "family_name").rows() == [("Maro", "Quendel"), ("Ilva", "Torenbek")]
        assert found(roster) == [("name_title", "A2")]
        assert "left out" in roster.issues["message"][0]


class TestTwoFamilyNames:
    HEADER = "Nombre,Primer apellido,Segundo apellido,Curso"

    def test_two_columns_are_one_family_name_and_it_is_said(self) -> None:
        roster = text(self.HEADER, "Ilva,Torenbek,Olm,3", "Maro,Quendel,,3", "Pia,,Olm,4")
        assert roster.frame["family_name"].to_list() == ["Torenbek Olm", "Quendel", "Olm"]
        assert ("name_joined", "C2") in found(roster)
        assert roster.further == ()

    def test_the_caller_may_say_that_one_of_them_is_the_family_name(self) -> None:
        roster = text(self.HEADER, "Ilva,Torenbek,Olm,3", columns={"family_name": "Primer apellido"})
        assert roster.frame.select("family_name", "Segundo apellido").row(0) == ("Torenbek", "Olm")

    def test_a_second_without_a_first_stays_beside(self) -> None:
        roster = text("Nombre,Segundo apellido,Curso", "Ilva,Olm,3")
        assert roster.frame.select("family_name", "Segundo apellido").row(0) == (None, "Olm")


class TestIds:
    def test_numbers_shorter_than_nearly_all_others_lost_their_zeros(self) -> None:
        ids = [f"{7000 + 137 * at:05}" for at in range(20)]
        roster = text(
            f"Student No,{NAMES}", *(f"{number},Ilva{chr(97 + at)},T" for at, number in enumerate(ids)), "812,Maro,Q"
        )
        assert [code for code, _ in found(roster)] == ["id_zeros_lost"]
        assert roster.frame["student_number"][-1] == "812"

    def test_numbers_counted_up_lost_nothing(self) -> None:
        lines = (f"{at},Ilva{chr(97 + at % 26)},T" for at in range(950, 1200))
        assert found(text(f"Student No,{NAMES}", *lines), "header_decided") == []

    def test_an_id_quoted_against_the_spreadsheet_is_read(self) -> None:
        roster = text(f"Student No,{NAMES}", '"=""00123""",Ilva,T', "'00124,Maro,Q")
        assert roster.frame["student_number"].to_list() == ["00123", "00124"]

    def test_ids_of_letters_and_digits_are_left_alone(self) -> None:
        roster = text(f"Student No,{NAMES}", "3E5,Ilva,T", "A-12,Maro,Q", "12.5,Pia,O")
        assert roster.frame["student_number"].to_list() == ["3E5", "A-12", "12.5"]


class TestAddresses:
    @pytest.mark.parametrize(
        "address",
        [
            "a@b", "a.b.example", "a@b.example; c@b.example", "Ilva <a@b.example>", "a b@c.example", "a@@b.example",
            "a@b..example",
        ],
    )  # fmt: skip
    def test_what_is_no_single_address_is_left_out_and_said(self, address: str) -> None:
        roster = text(f"{NAMES},Email", f"Ilva,T,{address}", "Maro,Q,m.q@b.example")
        assert roster.frame["email"].to_list() == [None, "m.q@b.example"]
        assert found(roster) == [("email_malformed", "C2")]

    @pytest.mark.parametrize(
        "address", ["ilva.t+school@b.example", "o'neill@b.example", "zoë@école.example", "a_b@b-c.example.uk"]
    )
    def test_addresses_are_kept_as_written(self, address: str) -> None:
        roster = text(f"{NAMES},Email", f"Ilva,T,{address}")
        assert (roster.frame["email"][0], found(roster)) == (address, [])

    def test_a_host_keeps_the_addresses_that_it_has(self) -> None:
        base = text(f"ID,{NAMES},Email", "7,Ilva,T,nowhere", base=True)
        assert base.frame["email"].to_list() == ["nowhere"]

    def test_a_user_name_with_spaces_is_said(self) -> None:
        assert found(text(f"{NAMES},Username", "Ilva,T,ilva t", "Maro,Q,mq")) == [("username_odd", "C2")]


class TestGenders:
    def test_the_letters_of_a_spanish_list_are_written_out_and_said(self) -> None:
        roster = text("Nombre,Apellidos,Sexo", "Ilva,Torenbek,M", "Maro,Quendel,H")
        assert roster.frame["gender"].to_list() == ["Mujer", "Hombre"]
        assert ("gender_letters", "C2:C3") in found(roster)

    def test_m_and_f_stay_as_they_are(self) -> None:
        roster = text(f"{NAMES},Gender", "Ilva,T,F", "Maro,Q,M", "Pia,O,Two-Spirit")
        assert roster.frame["gender"].to_list() == ["F", "M", "Two-Spirit"]
        assert found(roster) == []


class TestDatesOfAFile:
    def test_another_date_column_settles_the_order_and_it_is_said(self) -> None:
        roster = text(f"{NAMES},DOB,Enrolment date", "Ilva,T,3/4/2016,25/1/2021", "Maro,Q,5/6/2016,1/2/2021")
        assert roster.frame["birth_date"].to_list() == [date(2016, 4, 3), date(2016, 6, 5)]
        assert ("date_order_borrowed", "C2:C3") in found(roster)

    def test_columns_that_contradict_each_other_settle_nothing(self) -> None:
        roster = text(f"{NAMES},DOB,Start date,End date", "Ilva,T,3/4/2016,25/1/2021,1/25/2022")
        assert roster.frame["birth_date"].to_list() == [None]
        assert ("date_order_ambiguous", "C2") in found(roster)


def test_our_own_template_is_taken_as_it_is() -> None:
    header = ",".join((f'"{TEMPLATE_HEADERS["student_id"]}"', "Given Name", "Family Name", "Email", "Student Number"))
    roster = text(header, "7,#N/A,Olm,nowhere,12.0")
    assert roster.frame.select("given_name", "email", "student_number").row(0) == ("#N/A", "nowhere", "12.0")


def test_no_message_of_any_kind_holds_a_value() -> None:
    words = ("Zanzi&#39;bar", "xyzzy@nowhere", "Ornitho2", "Plugh\u200b", "2025-05-01", "see office", "Miss Frobozz")
    roster = text(f"{NAMES},Email,Student No", *(f"{word},Grue,{word},{word}" for word in words))
    messages = " ".join(roster.issues["message"].to_list())
    for word in ("Zanzi", "xyzzy", "Ornitho", "Plugh", "2025", "Frobozz", "Grue"):
        assert word not in messages
