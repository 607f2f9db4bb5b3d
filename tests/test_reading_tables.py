"""Finding the tables: whatever stands around them, every student is found, and every row left out is said."""

from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest
from attrs import evolve

from rosterdiff.config import ReadOptions
from rosterdiff.errors import UnreadableFile
from rosterdiff.frames import Roster
from rosterdiff.issues import Origin
from rosterdiff.reading import read_roster
from rosterdiff.reading.grids import Area, Grid
from rosterdiff.reading.locate import Table, find_tables
from rosterdiff.reading.titles import class_of


def text(*lines: str, **options: Any) -> Roster:
    return read_roster("\n".join(lines).encode(), filename="list.csv", options=ReadOptions(**options))


def rows(roster: Roster, *columns: str) -> list[tuple[Any, ...]]:
    return roster.frame.select(columns).rows()


def said(roster: Roster) -> list[tuple[str, str | None]]:
    return roster.issues.select("code", "cell").rows()


def grid_of(lines: Sequence[Sequence[str | None]], **known: Any) -> Grid:
    width = max(map(len, lines))
    full = [[*line, *[None] * (width - len(line))] for line in lines]
    cells = pl.DataFrame(full, schema={str(at): pl.String for at in range(width)}, orient="row")
    return evolve(Grid(Origin("list.xlsx", "Sheet1"), cells), **known)


def tables_of(lines: Sequence[Sequence[str | None]], **known: Any) -> list[Table]:
    return find_tables(grid_of(lines, **known), ReadOptions())


def bodies(tables: Sequence[Table]) -> list[list[tuple[str | None, ...]]]:
    return [[row[1:] for row in table.body.rows()] for table in tables]


NAMES = "Given Name,Family Name"
STUDENT = ("Ilva", "Torenbek")


class TestHeaders:
    def test_words_wrapped_over_two_rows_are_one_header(self) -> None:
        roster = text("Given,Family,Date of", "Name,Name,Birth", "Ilva,Torenbek,2016-03-14")
        assert rows(roster, "given_name", "family_name", "source_row") == [("Ilva", "Torenbek", 3)]
        assert roster.frame["birth_date"].null_count() == 0

    def test_groups_above_the_header_tell_the_student_from_the_parents(self) -> None:
        roster = text(
            "Student,,,Parent 1,,",
            "First,Last,DOB,First,Last,Email",
            "Ilva,Torenbek,2016-03-14,Maro,Quendel,m@example.org",
        )
        assert rows(roster, "given_name", "family_name", "email") == [("Ilva", "Torenbek", None)]
        assert roster.frame["Parent 1 First"].to_list() == ["Maro"]

    def test_parents_before_the_student_are_still_the_parents(self) -> None:
        roster = text("Mother,,Student,", "First Name,Last Name,First Name,Last Name", "Maro,Quendel,Ilva,Torenbek")
        assert rows(roster, "given_name", "family_name") == [STUDENT]

    def test_merged_cells_spread_a_group_only_as_far_as_they_reach(self) -> None:
        lines = [
            ["ID", "Student", None, "DOB", "Parent", None],
            [None, "First", "Last", None, "First", "Last"],
            ["7", "Ilva", "Torenbek", "2016-03-14", "Maro", "Quendel"],
        ]
        merged = (Area(0, 0, 1, 0), Area(0, 1, 0, 2), Area(0, 3, 1, 3), Area(0, 4, 0, 5))
        (table,) = tables_of(lines, merged=merged)
        assert table.headers == ("ID", "Student First", "Student Last", "DOB", "Parent First", "Parent Last")
        assert len(table.body) == 1

    def test_a_title_merged_over_the_table_is_no_part_of_the_header(self) -> None:
        lines = [["Students 2026", None, None], ["Given Name", "Surname", "Class"], ["Ilva", "Torenbek", "3B"]]
        (table,) = tables_of(lines, merged=(Area(0, 0, 0, 2),))
        assert table.headers == ("Given Name", "Surname", "Class")

    def test_the_better_of_two_headers_is_taken_and_the_other_said(self) -> None:
        roster = text("STU_ID,GIVEN,LAST", "Student Number,Given Name,Family Name", "7,Ilva,Torenbek")
        assert rows(roster, "student_number", "given_name", "family_name") == [("7", *STUDENT)]
        assert len([code for code, _ in said(roster) if code == "header_repeated"]) == 1

    def test_students_above_the_header_are_said(self) -> None:
        roster = text("Pia,Olm,3B,Oak", "Given Name,Family Name,Class,House", "Ilva,Torenbek,3B,Oak")
        assert len(roster) == 1
        assert ("rows_above", "A1") in said(roster)

    def test_a_blank_column_is_no_end_of_the_table(self) -> None:
        roster = text("Given Name,,Family Name,,Class", "Ilva,,Torenbek,,3B")
        assert rows(roster, "given_name", "family_name", "class_name") == [(*STUDENT, "3B")]

    def test_a_table_that_starts_at_d7_knows_its_cells(self) -> None:
        (table,) = tables_of([["Given Name", "Surname"], [*STUDENT]], top=7, left=3)
        assert table.header_cell(1) == "E7"
        assert table.cells(0, [0]) == ["D8"]

    def test_a_header_misspelt_throughout_is_found_where_it_can_mean_nothing_else(self) -> None:
        roster = text(
            "Class list", "", "Frist Name,Surnmae,Date of Brith,Studnet Number", "Ilva,Torenbek,2016-03-14,417"
        )
        assert rows(roster, "given_name", "family_name", "student_number") == [("Ilva", "Torenbek", "417")]
        guessed = {cell for code, cell in said(roster) if code == "header_guessed"}
        assert guessed == {"A3", "B3", "C3", "D3"}

    def test_a_short_misspelt_word_counts_where_the_values_leave_no_doubt(self) -> None:
        roster = text("Given Name,Surname,Emial,Gendre", "Ilva,Torenbek,ilva@school.example,F")
        assert rows(roster, "email", "gender") == [("ilva@school.example", "F")]
        unlike = text("Given Name,Surname,Emial,Gendre", "Ilva,Torenbek,north gate,7")
        assert rows(unlike, "email", "gender") == [(None, None)]

    def test_two_misspelt_words_make_no_header(self) -> None:
        with pytest.raises(UnreadableFile):
            text("Frist Name,Copies,Price,Garde,Shelf", "Atlas,30,12,4,B")

    def test_words_that_databases_cut_short_are_read_in_full(self) -> None:
        roster = text("STU_NBR,LAST_NM,FRST_NM,BRTH_DT,GNDR_CD,GRD_LVL,CLS", "00417,Torenbek,Ilva,2016-03-14,F,3,3B")
        names = ("student_number", "family_name", "given_name", "gender", "grade", "class_name")
        assert rows(roster, *names) == [("00417", "Torenbek", "Ilva", "F", "03", "3B")]


class TestOthers:
    def test_rows_that_are_only_numbered_are_no_students_and_are_said(self) -> None:
        numbered = [f"{number},,," for number in range(3, 30)]
        roster = text("#,Given Name,Surname,Class", "1,Ilva,Torenbek,3B", "2,Maro,Quendel,3B", *numbered)
        assert rows(roster, "given_name") == [("Ilva",), ("Maro",)]
        (issue,) = roster.issues.filter(code="row_unfilled").to_dicts()
        assert (issue["severity"], issue["count"]) == ("info", 27)

    def test_a_table_of_other_things_below_the_students_is_left_out_and_said(self) -> None:
        books = ("", "Books ordered,,", "Title,Copies,Price", "Atlas of Rivers,30,12.5", "Number Play,28,9.75")
        roster = text("Given Name,Surname,Class", "Ilva,Torenbek,3B", "Maro,Quendel,3B", *books)
        assert rows(roster, "given_name") == [("Ilva",), ("Maro",)]
        (issue,) = roster.issues.filter(code="rows_of_another_table").to_dicts()
        assert issue["severity"] == "warning"

    def test_rows_below_a_blank_row_are_students_if_one_of_them_can_be(self) -> None:
        below = ("", "Newcomers,,", "Oda,Hasprey,3B", "4711,28,3B")
        assert len(text("Given Name,Surname,Class", "Ilva,Torenbek,3B", "Maro,Quendel,3B", *below)) > 2
        numbered = ("", "Name,Number,Class", "Oda,12,3B", "Pia,Olm,3B")
        assert len(text("Given Name,Surname,Class", "Ilva,Torenbek,3B", "Maro,Quendel,3B", *numbered)) > 3

    def test_a_row_with_one_field_of_a_student_stays(self) -> None:
        roster = text("#,Given Name,Surname,Class", "1,Ilva,Torenbek,3B", "2,,Quendel,", "3,,,3B")
        assert rows(roster, "family_name", "class_name") == [("Torenbek", "3B"), ("Quendel", None), (None, "3B")]

    def test_a_table_of_classes_is_none_of_students(self) -> None:
        headers = "Section SIS ID,Section Name,Term Name,Start,End,Course,Periods,Room"
        with pytest.raises(UnreadableFile) as caught:
            text(headers, "11001,Algebra 1,2026,2026-02-01,2026-06-30,Maths,4,R2")
        assert caught.value.code == "no_table"

    def test_a_list_of_schools_of_an_export_is_none_of_students(self) -> None:
        with pytest.raises(UnreadableFile):
            text("sourcedId,status,name,type,identifier,parentSourcedId", "7,active,Maple Grove,school,12,1")
        users = text("sourcedId,givenName,familyName,parentSourcedId", "7,Ilva,Torenbek,9")
        assert rows(users, "given_name") == [("Ilva",)]

    def test_a_form_with_its_labels_one_below_the_other_is_no_table(self) -> None:
        with pytest.raises(UnreadableFile):
            text("Last name:,Torenbek", "First name:,Ilva", "Date of birth:,2016-03-14", "Class:,3B")
        assert len(text("Last name,Note", "Torenbek,a", "Quendel,b", "Grade,c")) == 3

    def test_numbers_with_few_other_columns_are_students(self) -> None:
        assert len(text("Student Number,Class,Year Level", "00417,3B,3", "00418,3B,3")) == 2
        assert len(text("Pupil No,Section", "00417,3B", "00418,3B")) == 2
        with pytest.raises(UnreadableFile):
            text("ID,School Code,Section Name", "11001,77,Algebra 1", "11002,77,Algebra 2")

    def test_what_can_be_scored_is_no_student(self) -> None:
        roster = text("User name,Surname,Given Name,Class,Email,Test", ",,,,Out of,100", "itorenbek,Torenbek,Ilva,,,89")
        assert rows(roster, "given_name") == [("Ilva",)]
        assert ("row_skipped", "E2") in said(roster)


class TestSeveral:
    def test_the_same_header_on_every_page_is_one_table_and_its_titles_are_said(self) -> None:
        page = ("", "Example School", "Page 2", "", NAMES)
        roster = text("Example School", "", NAMES, "Ilva,Torenbek", *page, "Maro,Quendel", *page, "Pia,Olm")
        assert rows(roster, "given_name") == [("Ilva",), ("Maro",), ("Pia",)]
        codes = [code for code, _ in said(roster)]
        assert codes.count("header_repeated") == 2
        assert codes.count("title_row") == 4

    def test_titles_between_are_the_classes_of_those_below(self) -> None:
        roster = text("Class 3B", "", NAMES, "Ilva,Torenbek", "", "Class 4A", "", NAMES, "Maro,Quendel", "Pia,Olm")
        assert rows(roster, "given_name", "class_name") == [("Ilva", "3B"), ("Maro", "4A"), ("Pia", "4A")]
        assert "class_from_title" in [code for code, _ in said(roster)]

    def test_sections_within_one_table_are_classes(self) -> None:
        roster = text(f"{NAMES},DOB", "Class: 3B", "Ilva,Torenbek,", "Maro,Quendel,", "Class: 4A", "Pia,Olm,")
        assert rows(roster, "given_name", "class_name") == [("Ilva", "3B"), ("Maro", "3B"), ("Pia", "4A")]

    def test_a_column_of_classes_wins_over_titles(self) -> None:
        roster = text("Class 9Z", "", f"{NAMES},Class", "Ilva,Torenbek,3B")
        assert rows(roster, "class_name") == [("3B",)]

    def test_tables_below_each_other_with_other_headers_are_all_read(self) -> None:
        roster = text(
            f"{NAMES},Year", "Ilva,Torenbek,Year 3", "", "Class 4A", "", "Surname,First Name", "Quendel,Maro", "Olm,Pia"
        )
        assert rows(roster, "given_name", "family_name", "class_name", "source_row") == [
            ("Ilva", "Torenbek", None, 2),
            ("Maro", "Quendel", "4A", 7),
            ("Pia", "Olm", "4A", 8),
        ]
        assert "tables_several" in [code for code, _ in said(roster)]

    def test_cells_are_named_where_all_tables_of_a_sheet_have_a_field_in_one_column(self) -> None:
        roster = text(f"{NAMES},Class", "Ilva,Torenbek,3B", "", "Surname,First Name,Form", "Quendel,Maro,4A")
        assert roster.cell(1, "class_name") == "C5"
        assert roster.cell(0, "given_name") is None
        assert roster.cell(1, "family_name") is None

    def test_a_smaller_table_above_a_better_header_is_not_lost(self) -> None:
        roster = text(
            "Name,Surname,,", "Ilva,Torenbek,,", ",,,", "Student No,Given Name,Surname,DOB", "7,Maro,Quendel,"
        )
        assert rows(roster, "given_name", "family_name") == [STUDENT, ("Maro", "Quendel")]

    def test_tables_beside_each_other_are_all_read(self) -> None:
        lines = [
            ["3B", None, None, "4A", None],
            ["Given Name", "Surname", None, "Given Name", "Surname"],
            ["Ilva", "Torenbek", None, "Maro", "Quendel"],
            ["Pia", "Olm", None, None, None],
        ]
        tables = tables_of(lines)
        assert bodies(tables) == [
            [("Ilva", "Torenbek", None, None, None), ("Pia", "Olm", None, None, None)],
            [(None, None, None, "Maro", "Quendel")],
        ]
        assert [[name for _, name in table.titles] for table in tables] == [["3B"], ["4A"]]

    def test_a_student_named_like_a_header_begins_no_table(self) -> None:
        roster = text(f"{NAMES},Class", "Ilva,Torenbek,3B", "", "First,Last,3B", "Student,Name,3B")
        assert len(roster) == 3

    def test_far_below_a_table_is_found_after_a_blank_row(self) -> None:
        many = [f"Ilva,Torenbek{at}" for at in range(300)]
        roster = text(NAMES, *many, "", "Surname,First Name", "Quendel,Maro")
        assert len(roster) == 301
        assert rows(roster, "given_name", "family_name")[-1] == ("Maro", "Quendel")


class TestWithoutHeader:
    def test_columns_are_known_by_what_they_hold(self) -> None:
        roster = text(
            "Charlotte,Torenbek,2016-03-14,F,Year 3", "James,Quendel,2016-05-01,M,Year 3",
            "Thomas,Olm,2015-11-30,M,Year 4", "Olivia,Perrin,2015-12-24,F,Year 4", "William,Sandoz,2016-01-02,M,Year 3",
        )  # fmt: skip
        assert rows(roster, "given_name", "family_name", "gender", "grade")[0] == ("Charlotte", "Torenbek", "F", "03")
        assert roster.frame["birth_date"].null_count() == 0
        assert [code for code, _ in said(roster)] == ["no_header"]
        assert "A as given name, B as family name" in roster.issues["message"][0]

    def test_family_names_first_are_seen_by_short_forms_and_sorting(self) -> None:
        roster = text(
            "Bexley,Thomas,3B", "Dunmore,Alexander,3B", "Hartwig,Elizabeth,3B", "Lindqvist,Samuel,4A",
            "Perrin,Katherine,4A", "Quendel,William,4A",
        )  # fmt: skip
        assert rows(roster, "given_name", "family_name", "class_name")[0] == ("Thomas", "Bexley", "3B")

    def test_an_order_that_nothing_tells_is_a_warning(self) -> None:
        roster = text("Ilva,Torenbek,3B", "Aro,Quendel,3B", "Pium,Olm,4A")
        assert rows(roster, "given_name", "family_name")[0] == STUDENT
        assert "name_order_assumed" in [code for code, _ in said(roster)]

    def test_full_names_alone_are_a_list(self) -> None:
        roster = text('"Torenbek, Ilva"', '"Quendel, Maro"', '"Olm, Pia"', '"Perrin, Ana"')
        assert rows(roster, "given_name", "family_name")[0] == STUDENT

    def test_letters_name_the_columns(self) -> None:
        roster = text("Ilva,Torenbek,3B", "Maro,Quendel,3B", columns={"given_name": "B", "family_name": "A"})
        assert rows(roster, "given_name", "family_name") == [("Torenbek", "Ilva"), ("Quendel", "Maro")]

    @pytest.mark.parametrize(
        "lines",
        [
            ("Claus", "Peter", "Anna", "Maria", "Jan"),
            ("just a sentence about nothing", "and another of that kind", "and a third one", "and so on"),
            ("1,2,3", "4,5,6", "7,8,9"),
            ("apple,red,sweet", "lemon,yellow,sour"),
            ("10.5,cm", "11.0,cm", "9.25,cm"),
        ],
    )
    def test_what_has_no_names_of_two_parts_is_refused(self, lines: tuple[str, ...]) -> None:
        with pytest.raises(UnreadableFile) as caught:
            text(*lines)
        assert caught.value.code == "no_table"


class TestHiddenRows:
    LINES = (("Given Name", "Surname"), STUDENT, ("Maro", "Quendel"), ("Pia", "Olm"))

    def test_hidden_rows_are_read_and_said(self) -> None:
        (table,) = tables_of(self.LINES, hidden_rows=frozenset({2}))
        assert len(table.body) == 3
        assert [(issue.code, issue.cell) for issue in table.issues] == [("rows_hidden", "A3")]

    def test_hidden_rows_are_left_out_where_the_options_say_so(self) -> None:
        (table,) = find_tables(grid_of(self.LINES, hidden_rows=frozenset({2})), ReadOptions(hidden_rows="skip"))
        assert len(table.body) == 2
        assert [issue.code for issue in table.issues] == ["rows_hidden_skipped"]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Class 3B", "3B"), ("Class: 3B", "3B"), ("CLASS – 3 Blue", "3 Blue"), ("Form 7X (Mx Sample)", "7X"),
        ("Homeroom 12", "12"), ("3B class list", "3B"), ("3B", "3B"), ("Klasse 4a", "4a"),
        ("Class 3B Term 1 2026", "3B"),
        ("Class list", None), ("Class register 2026", None), ("Example School", None), ("Students", None),
        ("2026", None),
    ],
)  # fmt: skip
def test_titles_name_a_class_or_none(title: str, name: str | None) -> None:
    assert class_of([title]) == name


def test_columns_without_a_header_are_known_by_content_with_low_confidence() -> None:
    data = (
        b"250041,Ilva,Torenbek,2016-03-14,KGA\n250042,Maro,Quendel,2015-11-02,4B\n250043,Orrin,Hasprey,2016-07-30,4B\n"
    )
    roster = read_roster(data, filename="p.csv")
    assert set(roster.places["field"]) == {"student_number", "given_name", "family_name", "birth_date", "class_name"}
    assert roster.places.select("known_by", "confidence").unique().rows() == [("content", 0.5)]
    assert roster.places["header_row"].null_count() == roster.places.height


class TestOtherThings:
    """A table with one column that may be of names is one of students only if nothing speaks against it."""

    def test_settings_and_words_in_small_letters_are_no_students(self) -> None:
        for lines in (("Name,Value", "Test of it,-1.2"), ("id,name", "1,english", "2,maths")):
            with pytest.raises(UnreadableFile) as caught:
                text(*lines)
            assert caught.value.code == "no_table"
        assert len(text("id,name", "1,ilva torenbek", "2,maro quendel")) == 2
        assert len(text("Given Name,Surname,Value", "Ilva,Torenbek,3")) == 1

    def test_the_labels_of_a_form_are_no_students(self) -> None:
        with pytest.raises(UnreadableFile):
            text("Name,,Total hours", "Position,,0", "Approved:,,0")

    def test_without_a_header_words_in_small_letters_beside_two_names_are_user_names(self) -> None:
        roster = text("itoren,Torenbek,Ilva,1005602280", "maroqu,Quendel,Maro", "pia,Olm,Pia")
        assert rows(roster, "username")[0] == ("itoren",)
        assert len(roster) == 3

    def test_without_a_header_names_alone_need_both_of_them(self) -> None:
        with pytest.raises(UnreadableFile):
            text("One,Two", "Ilva,Torenbek", "Maro,", "Pia,")
