"""Text files: how lines are cut, and what is said of those that are cut unlike the others."""

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from rosterdiff.config import ReadOptions
from rosterdiff.errors import UnreadableFile
from rosterdiff.frames import Roster
from rosterdiff.reading import read_roster
from rosterdiff.reading.dialects import sniff_dialect
from rosterdiff.reading.texts import read_text

CORPUS = Path(os.environ.get("ROSTERDIFF_SHARED", Path(__file__).parent.parent.parent / "shared")) / "corpus"
NAMES = ("given_name", "family_name", "class_name")


def text(*lines: str, **options: Any) -> Roster:
    return read_roster("\n".join(lines).encode(), filename="list.csv", options=ReadOptions(**options))


def students(roster: Roster) -> list[tuple[Any, ...]]:
    return roster.frame.select(NAMES).rows()


def said(roster: Roster) -> list[tuple[str, str | None]]:
    return roster.issues.select("code", "cell").rows()


HEADER = "Given Name,Family Name,Class"
TWO = [("Ilva", "Torenbek", "3B"), ("Maro", "Quendel", "4A")]


class TestSeparators:
    @pytest.mark.parametrize("separator", [",", "\t", ";", "|", "^", "~", ", ", "; ", "   "])
    def test_what_stands_between_cells_is_found(self, separator: str) -> None:
        lines = (HEADER, "Ilva,Torenbek,3B", "Maro,Quendel,4A")
        assert students(text(*(line.replace(",", separator) for line in lines))) == TWO

    @pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"'])
    def test_the_line_of_the_spreadsheet_is_believed_and_is_no_row(self, first: str) -> None:
        roster = text(first, "Given Name;Family Name;Class", "Ilva;Torenbek, the second;3B")
        assert students(roster) == [("Ilva", "Torenbek, the second", "3B")]
        assert roster.frame["source_row"].to_list() == [2]

    def test_commas_in_every_cell_do_not_hide_the_semicolon(self) -> None:
        roster = text("Name;Class", '"Torenbek, Ilva";3B', "Quendel, Maro;4A", "Olm, Pia;4A")
        assert roster.frame["family_name"].to_list() == ["Torenbek", "Quendel", "Olm"]

    def test_lines_before_the_table_do_not_choose_the_separator(self) -> None:
        title = "Example School, 1 High Street, Sampleton, list of students, made for you, as asked"
        roster = text(title, "", "Given Name;Family Name;Class", "Ilva;Torenbek;3B", "Maro;Quendel;4A")
        assert students(roster) == TWO

    @pytest.mark.parametrize("separator", [",", ";"])
    def test_separators_at_the_end_of_lines_make_no_column(self, separator: str) -> None:
        lines = (f"{HEADER},", "Ilva,Torenbek,3B,", "Maro,Quendel,4A,")
        roster = text(*(line.replace(",", separator) for line in lines))
        assert students(roster) == TWO
        assert roster.further == ()

    @pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
    @pytest.mark.parametrize("quote", ['"', ""])
    def test_every_line_end(self, end: str, quote: str) -> None:
        lines = [HEADER, f"Ilva,{quote}Torenbek{quote},3B", "Maro,Quendel,4A", ""]
        assert students(read_roster(end.join(lines).encode())) == TWO


class TestQuotes:
    def test_single_quotes_are_quotes_where_cells_stand_in_them(self) -> None:
        roster = text("'Name','Class'", "'Torenbek, Ilva','3B'", "'O'Quendel, Maro','4A'")
        assert roster.frame["family_name"].to_list() == ["Torenbek", "O'Quendel"]

    @pytest.mark.parametrize("name", ["'t Hooft", "O'Neill", "D'Arcy'", "'"])
    def test_apostrophes_are_no_quotes(self, name: str) -> None:
        assert students(text(HEADER, f"Ilva,{name},3B"))[0][1] == name

    def test_a_backslash_before_a_mark_within_quotes_escapes_it(self) -> None:
        roster = text(f"{HEADER},Note", r'Ilva,Torenbek,3B,"called \"Il\", mostly"', r'Maro,Quendel,4A,"C:\list"')
        assert roster.frame["Note"].to_list() == ['called "Il", mostly', r"C:\list"]

    def test_a_mark_that_nothing_closes_is_a_letter_and_said(self) -> None:
        roster = text(HEADER, 'Ilva,"Torenbek,3B', "Maro,Quendel,4A", 'Pia,"Olm",4A')
        assert students(roster) == [("Ilva", '"Torenbek', "3B"), TWO[1], ("Pia", "Olm", "4A")]
        assert ("quotes_damaged", "A2") in said(roster)

    def test_a_mark_that_nothing_closes_swallows_no_long_file(self) -> None:
        many = [f"Maro,Quendel,{at % 9}A" for at in range(20_000)]
        roster = text(HEADER, 'Ilva,"Torenbek,3B', *many)
        assert len(roster) == 20_001
        assert ("quotes_damaged", "A2") in said(roster)

    def test_marks_within_quotes_that_are_not_doubled_stay_and_are_said(self) -> None:
        roster = text(HEADER, '"Ilva "Il"",Torenbek,3B', "Maro,Quendel,4A")
        assert students(roster)[0] == ('Ilva "Il"', "Torenbek", "3B")
        assert ("quotes_damaged", "A2") in said(roster)

    def test_inches_within_a_cell_are_no_damage(self) -> None:
        assert (
            said(text(f"{HEADER},Note", 'Ilva,Torenbek,3B,5" rule', "Maro,Quendel,4A,x")) == [("header_unknown", "D1")]
            or [code for code, _ in said(text(f"{HEADER},House", 'Ilva,Torenbek,3B,5" rule'))] == []
        )

    def test_line_breaks_within_quotes_are_of_the_cell(self) -> None:
        roster = text(f"{HEADER},Address", 'Ilva,Torenbek,3B,"1 High Street\nSampleton, Shire"', "Maro,Quendel,4A,x")
        assert students(roster) == TWO
        assert "quotes_damaged" not in dict(said(roster))

    def test_a_row_quoted_as_a_whole_is_cut_like_the_others_and_said(self) -> None:
        roster = text(HEADER, '"Ilva,Torenbek,3B"', "Maro,Quendel,4A", "Pia,Olm,4A")
        assert students(roster)[:2] == TWO
        assert ("rows_cut_otherwise", "A2") in said(roster)

    def test_a_file_quoted_line_by_line_is_cut_within(self) -> None:
        assert students(text(f'"{HEADER}"', '"Ilva,Torenbek,3B"', '"Maro,Quendel,4A"')) == TWO

    def test_a_row_of_another_separator_is_cut_by_it_and_said(self) -> None:
        roster = text(HEADER, "Ilva;Torenbek;3B", "Maro,Quendel,4A", "Pia,Olm,4A")
        assert students(roster)[:2] == TWO
        assert ("rows_cut_otherwise", "A2") in said(roster)


class TestRaggedRows:
    def test_short_rows_are_counted_and_said(self) -> None:
        roster = text(HEADER, "Ilva,Torenbek,3B", "Maro,Quendel", "Pia,Olm")
        assert len(roster) == 3
        assert ("rows_too_short", "A3") in said(roster)

    def test_empty_last_cells_are_not_short(self) -> None:
        assert said(text(HEADER, "Ilva,Torenbek,3B", "Maro,Quendel,", '"Pia","Olm",')) == []

    def test_nul_characters_are_left_out_and_said(self) -> None:
        roster = text(HEADER, "Il\0va,Torenbek,3B")
        assert students(roster) == TWO[:1]
        assert ("nuls_removed", None) in said(roster)

    def test_the_end_of_file_of_dos_is_no_student(self) -> None:
        assert students(text(HEADER, "Ilva,Torenbek,3B", "\x1a")) == TWO[:1]


def truth_of(path: Path) -> list[list[str]]:
    if path.suffix == ".json":
        records = json.loads(path.read_text(encoding="utf-8"))
        return [list(records[0]), *([str(value) for value in record.values()] for record in records)]
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


EXACT = (
    "pol__polluted__file_double_trailing_newline.csv", "pol__polluted__file_escape_char_0x5C.csv",
    "pol__polluted__file_field_delimiter_0x2C_0x20.csv", "pol__polluted__file_field_delimiter_0x9.csv",
    "pol__polluted__file_record_delimiter_0xD.csv", "pol__polluted__row_field_delimiter_10_0x20.csv",
    "spec__comma_in_quotes.csv", "spec__empty.csv", "spec__escaped_quotes.csv", "spec__json.csv", "spec__simple.csv",
)  # fmt: skip
"""All of the corpus that have a clean version, but for: one file whose separator is a blank that stands in its values,
one whose quotes were doubled before they were changed, and three whose clean version has other headers."""


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of files is not here (ROSTERDIFF_SHARED)")
@pytest.mark.parametrize("name", EXACT)
def test_files_of_which_the_truth_is_known_are_cut_exactly_so(name: str) -> None:
    (clean,) = (CORPUS / "truth").glob(f"{name.removeprefix('spec__').removesuffix('.csv')}*")
    truth = [[cell.strip() for cell in row] for row in truth_of(clean) if any(cell.strip() for cell in row)]
    cells = read_text((CORPUS / "messy_tabular" / name).read_bytes(), name, ReadOptions()).cells
    assert [[(cell or "").strip() for cell in row] for row in cells.rows() if any(row)] == truth


def test_prose_is_no_table_of_blanks() -> None:
    assert sniff_dialect("a few words\nand some more\nof the same\n").width == 1


def test_a_limit_of_rows_holds_while_reading_patiently() -> None:
    with pytest.raises(UnreadableFile) as caught:
        text(HEADER, *['Ilva,"Toren" bek,3B'] * 300, max_rows=100)
    assert caught.value.code == "too_many_rows"


def test_a_mark_of_utf_8_before_damaged_text_is_believed_and_the_lost_letters_are_told() -> None:
    """Found by the fuzzer: such text went on undecoded."""
    data = b'\xef\xbb\xbfGiven Name,Surname\n"Ilva",Toren\xc3bek\nMaro,Quendel\n'
    roster = read_roster(data, filename="3B.csv")
    assert roster.frame["family_name"].to_list() == ["Toren\ufffdbek", "Quendel"]
    assert "characters_lost" in roster.issues["code"].to_list()


@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("opened", ['Maro,"Quendel,3B', '"Maro,Quendel,3B', 'Maro,Quendel,"3B'])
def test_a_mark_that_nothing_closes_takes_no_student_along(opened: str, end: str) -> None:
    """Neither to the end of the file, nor to the next such mark."""
    before, after = ["Given Name,Surname,Class", "Ilva,Torenbek,3B"], ["Ona,Brenn,3B", "Pim,Hasprey,3B"]
    for lines in ([*before, opened, *after], [*before, opened, *after, opened], [*before, *after, opened]):
        roster = read_roster(end.join(lines).encode(), filename="3B.csv")
        names = {text.strip('"') for text in roster.frame["given_name"].to_list()}
        assert len(roster) == len(lines) - 1
        assert names == {"Ilva", "Maro", "Ona", "Pim"}
        assert "quotes_damaged" in roster.issues["code"].to_list()
