"""Compiling: repeated uploads once, one student once, contradictions kept and named."""

import itertools
from pathlib import Path

import polars as pl
import pytest

from rosterdiff.config import Policy
from rosterdiff.frames import Roster
from rosterdiff.headers import TEMPLATE_HEADERS
from rosterdiff.reading import read_roster
from rosterdiff.uploads import compile_uploads

HEADER = "Given Name,Family Name,DOB,Class,Grade,Student Number,Gender,Middle Name"


def upload(name: str, *lines: str, header: str = HEADER) -> Roster:
    """A csv file of these lines, as it would be read."""
    return read_roster("\n".join([header, *lines]).encode(), filename=name)


def codes(roster: Roster) -> list[str]:
    """The codes that compiling itself adds, in their order."""
    return [code for code in roster.issues["code"].to_list() if code.startswith(("upload_", "row_", "rows_"))]


def test_no_upload_is_an_empty_roster() -> None:
    assert len(compile_uploads([])) == 0


def test_rows_keep_their_file_sheet_and_number() -> None:
    compiled = compile_uploads([upload("b.csv", "Maro,Quendel,,,,,,"), upload("a.csv", "Ilva,Torenbek,,,,,,")])
    assert compiled.frame.select("given_name", "row", "source_file", "source_row").rows() == [
        ("Ilva", 0, "a.csv", 2),
        ("Maro", 1, "b.csv", 2),
    ]
    assert compiled.cell(1, "family_name") == "B2"


def test_the_same_content_under_another_name_counts_once() -> None:
    lines = ("Ilva,Torenbek,2016-03-14,3B,3,,,", "Maro,Quendel,,3B,3,,,")
    compiled = compile_uploads([upload("copy.csv", *lines), upload("3B.csv", *reversed(lines))])
    assert len(compiled) == 2
    assert compiled.issues.select("code", "source_file").rows() == [("upload_repeated", "copy.csv")]


def test_two_headers_without_rows_are_no_repetition() -> None:
    compiled = compile_uploads([upload("a.csv"), upload("b.csv")])
    assert "upload_repeated" not in codes(compiled)
    assert compiled.issues["code"].to_list() == ["no_rows", "no_rows"]


def test_one_name_with_other_content_is_an_error_and_both_stay_apart() -> None:
    rosters = [upload("3B.csv", "Ilva,Torenbek,,,,,,"), upload("3B.csv", "Maro,Quendel,,,,,,")]
    compiled = compile_uploads(rosters)
    assert sorted(compiled.frame["source_file"]) == ["3B.csv", "3B.csv (2)"]
    assert compiled.issues.select("severity", "code").rows() == [("error", "upload_name_twice")]
    assert set(compiled.places["source_file"]) == {"3B.csv", "3B.csv (2)"}


@pytest.mark.parametrize(
    "joined", [("2016-03-14", ""), ("", "A0012")], ids=["birth date", "student number"]
)  # fmt: skip
def test_one_student_of_two_files_becomes_one_row_with_the_values_of_both(joined: tuple[str, str]) -> None:
    born, number = joined
    first = upload("a.csv", f"Zoë,O’Neill,{born},3B,,{number},,")
    second = upload("b.csv", f"ZOE,ONEILL,{born},,3,{number},F,")
    compiled = compile_uploads([second, first])
    row = compiled.frame.row(0, named=True)
    assert len(compiled) == 1
    assert (row["given_name"], row["class_name"], row["grade"], row["gender"]) == ("Zoë", "3B", "03", "F")
    assert (row["source_file"], row["source_row"]) == ("a.csv", 2)
    repeated = compiled.issues.filter(code="row_repeated").row(0, named=True)
    assert (repeated["source_file"], repeated["cell"]) == ("b.csv", "B2")
    assert "a.csv, cell B2" in repeated["message"]
    assert compiled.doubts.is_empty()


def test_rows_of_one_student_that_contradict_each_other_both_stay_with_both_cells() -> None:
    first = upload("a.csv", "Ilva,Torenbek,2016-03-14,3B,3,,,")
    second = upload("b.csv", "Ilva,Torenbek,2016-03-14,3C,4,,,")
    compiled = compile_uploads([first, second])
    assert compiled.frame["class_name"].to_list() == ["3B", "3C"]
    assert compiled.doubts.rows() == [(0, 1, "contradict")]
    issue = compiled.issues.filter(code="rows_contradict").row(0, named=True)
    assert (issue["severity"], issue["source_file"]) == ("error", "b.csv")
    assert "Grade and Class" in issue["message"]
    assert (issue["cell"], "a.csv, cell E2" in issue["message"]) == ("E2", True)
    assert "3C" not in issue["message"]


def test_a_number_shared_by_two_names_is_left_to_matching() -> None:
    compiled = compile_uploads([upload("a.csv", "Ilva,Torenbek,,,,7,,"), upload("b.csv", "Maro,Quendel,,,,7,,")])
    assert len(compiled) == 2
    assert compiled.doubts.is_empty()


def test_an_initial_does_not_contradict_the_middle_name() -> None:
    compiled = compile_uploads(
        [upload("a.csv", "Ilva,Torenbek,2016-03-14,,,,,M"), upload("b.csv", "Ilva,Torenbek,2016-03-14,,,,,Marie")]
    )
    assert len(compiled) == 1


def test_gender_words_of_one_meaning_agree() -> None:
    compiled = compile_uploads(
        [upload("a.csv", "Ilva,Torenbek,2016-03-14,,,,F,"), upload("b.csv", "Ilva,Torenbek,2016-03-14,,,,Girl,")]
    )
    assert len(compiled) == 1
    assert compiled.frame["gender"].to_list() == ["F"]


def test_with_many_classes_rows_that_differ_by_class_alone_are_one_student() -> None:
    first = upload("a.csv", "Ilva,Torenbek,2016-03-14,Maths 1,9,,,")
    second = upload("b.csv", "Ilva,Torenbek,2016-03-14,Art 2,9,,,")
    compiled = compile_uploads([second, first], policy=Policy(classes="many"))
    assert compiled.frame["class_name"].to_list() == ["Maths 1"]
    other_grade = upload("c.csv", "Ilva,Torenbek,2016-03-14,Art 2,8,,,")
    assert compile_uploads([first, other_grade], policy=Policy(classes="many")).doubts["doubt"].to_list() == [
        "contradict"
    ]


def test_two_equal_rows_of_one_file_both_stay_in_doubt() -> None:
    compiled = compile_uploads(
        [upload("a.csv", "Ilva,Torenbek,2016-03-14,3B,3,,,", "Ilva,Torenbek,2016-03-14,3B,3,,,")]
    )
    assert len(compiled) == 2
    assert compiled.doubts.rows() == [(0, 1, "duplicate")]
    assert compiled.issues.select("severity", "code", "cell").rows() == [("warning", "row_twice", "B3")]


def test_equal_rows_of_two_files_without_date_and_number_both_stay_in_doubt() -> None:
    compiled = compile_uploads([upload("a.csv", "Ilva,Torenbek,,3B,,,,"), upload("b.csv", "Ilva,Torenbek,,,,,F,")])
    assert len(compiled) == 2
    assert compiled.doubts["doubt"].to_list() == ["duplicate"]


def test_namesakes_who_differ_are_two_students_without_doubt() -> None:
    compiled = compile_uploads(
        [upload("a.csv", "Ilva,Torenbek,2016-03-14,3B,,,,"), upload("b.csv", "Ilva,Torenbek,2015-01-02,4A,,,,")]
    )
    assert compiled.doubts.is_empty()
    assert codes(compiled) == []


def test_rows_without_a_name_are_never_one_student() -> None:
    compiled = compile_uploads(
        [upload("a.csv", ",Torenbek,2016-03-14,,,7,,"), upload("b.csv", ",Torenbek,2016-03-14,,,7,F,")]
    )
    assert len(compiled) == 2
    assert compiled.doubts.is_empty()


def test_agreement_is_not_carried_over_a_contradiction() -> None:
    """A row without a class agrees with both 3B and 3C; the three stay apart, all in doubt."""
    compiled = compile_uploads(
        [
            upload("a.csv", "Ilva,Torenbek,2016-03-14,3B,,,,"),
            upload("b.csv", "Ilva,Torenbek,2016-03-14,,,,F,"),
            upload("c.csv", "Ilva,Torenbek,2016-03-14,3C,,,,"),
        ]
    )
    assert len(compiled) == 3
    assert compiled.doubts.rows() == [(0, 1, "duplicate"), (0, 2, "contradict"), (1, 2, "duplicate")]


def test_a_wish_to_clear_contradicts_a_value_and_is_kept_through_merging() -> None:
    wish = upload("b.csv", "Maro,Quendel,2016-05-01,3B,,,,", "Ilva,Torenbek,2016-03-14,<clear>,,,,")
    other = upload("a.csv", "Maro,Quendel,2016-05-01,,3,,,", "Ilva,Torenbek,2016-03-14,3B,,,,")
    compiled = compile_uploads([wish, other])
    assert compiled.doubts["doubt"].to_list() == ["contradict"]
    assert compiled.clears.rows() == [(2, "class_name")]
    assert compiled.frame.row(2, named=True)["source_file"] == "b.csv"


def test_further_columns_of_all_files_stay() -> None:
    header = "Given Name,Family Name,DOB,House"
    first = upload("a.csv", "Ilva,Torenbek,2016-03-14,", header=header)
    second = upload("b.csv", "Ilva,Torenbek,2016-03-14,Oak", header=header)
    third = upload("c.csv", "Pia,Olm,2016-03-15,bus 7", header="Given Name,Family Name,DOB,Trip")
    compiled = compile_uploads([first, second, third])
    assert compiled.frame.select("given_name", "House", "Trip").rows() == [
        ("Ilva", "Oak", None),
        ("Pia", None, "bus 7"),
    ]


def test_the_order_of_uploads_changes_nothing() -> None:
    rosters = [
        upload("a.csv", "Ilva,Torenbek,2016-03-14,3B,3,,,", "Sam,Twice,,3B,,,,", "Sam,Twice,,3B,,,,"),
        upload("b.csv", "Ilva,Torenbek,2016-03-14,,,,F,", "Maro,Quendel,2015-02-03,4A,,,,"),
        upload("c.csv", "Maro,Quendel,2015-02-03,4B,,,,"),
        upload("a.csv", "Pia,Neu,,<clear>,,,,"),
        upload("d.csv", "Maro,Quendel,2015-02-03,4B,,,,"),
    ]
    compiled = [compile_uploads(order) for order in itertools.permutations(rosters)]
    for other in compiled[1:]:
        for name in ("frame", "issues", "places", "clears", "doubts"):
            assert getattr(other, name).equals(getattr(compiled[0], name)), name


def test_many_namesakes_are_compared_with_their_neighbours() -> None:
    """Two hundred rows of one name do not make twenty thousand pairs, and the equal ones are still found."""
    lines = [f"Ilva,Torenbek,{1990 + n // 10}-01-{n % 10 + 10},,,,," for n in range(200)]
    compiled = compile_uploads([upload("a.csv", *lines, lines[50])])
    assert compiled.doubts.rows() == [(50, 200, "duplicate")]


def test_compiling_once_more_changes_nothing() -> None:
    once = compile_uploads([upload("a.csv", "Ilva,Torenbek,,3B,,,,"), upload("b.csv", "Ilva,Torenbek,,,,,F,")])
    again = compile_uploads([once])
    assert again.frame.equals(once.frame)
    assert again.doubts.equals(once.doubts)


def test_a_large_compile_keeps_every_row_of_one_file() -> None:
    frame = pl.DataFrame(
        {
            "given_name": [f"G{n % 700}" for n in range(20_000)],
            "family_name": [f"F{n % 900}" for n in range(20_000)],
            "birth_date": [f"20{n % 20 + 10}-01-{n % 28 + 1:02}" for n in range(20_000)],
            "student_number": [str(n) for n in range(20_000)],
        }
    )
    roster = Roster.from_frame(frame, source_file="all.csv")
    halves = [
        Roster.from_frame(frame.with_columns(gender=pl.lit("F")).slice(at, 10_000), source_file=f"half{at}.csv")
        for at in (0, 10_000)
    ]
    compiled = compile_uploads([roster, *halves])
    assert len(compiled) == 20_000
    assert compiled.frame["gender"].null_count() == 0


def test_rows_with_ids_of_two_accounts_are_two_children(tmp_path: Path) -> None:
    """Our own template tells namesakes apart, whatever else they have in common."""
    path = tmp_path / "template.csv"
    path.write_text(
        f'"{TEMPLATE_HEADERS["student_id"]}",Given Name,Family Name,Student Number,Bus\n'
        "s1,Ilva,Torenbek,00007,\n"
        "s2,Ilva,Torenbek,00007,12b\n"
    )
    compiled = compile_uploads([read_roster(path)], policy=Policy(update_fields=("Bus",)))
    assert compiled.doubts.is_empty()
    assert len(compiled) == 2
