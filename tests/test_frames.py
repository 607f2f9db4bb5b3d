"""Rosters hold what a frame says, tell no value in reprs and messages, and have an order and digests of content."""

import datetime as dt
from itertools import permutations

import polars as pl
import pytest
from attrs import evolve

from rosterdiff.errors import InvalidOption, InvalidRoster
from rosterdiff.frames import (
    Context,
    Roster,
    digests,
    in_content_order,
    number_rows,
    require_base,
    row_keys,
    student_digests,
    student_keys,
)
from rosterdiff.model import Decision, KnownName
from rosterdiff.schema import CANONICAL, CLEARS, DOUBTS, PLACES, ROSTER
from rosterdiff.testing import a_roster, a_student

SECRET = "Quillverran"


def from_columns(**columns: list[object]) -> Roster:
    return Roster.from_frame(pl.DataFrame(columns))


# What from_frame takes over


def test_ids_that_are_numbers_become_their_digits() -> None:
    assert from_columns(student_id=[7, 12]).frame["student_id"].to_list() == ["7", "12"]


def test_ids_that_gaps_made_into_floats_become_their_digits_again() -> None:
    """Frames that come from pandas hold whole numbers with gaps as floats."""
    found = from_columns(student_id=["a", "b", "c", "d"], student_number=[7.0, None, float("nan"), 20261234567.0])
    assert found.frame["student_number"].to_list() == ["7", None, None, "20261234567"]


def test_a_float_that_is_no_whole_number_keeps_its_digits() -> None:
    assert from_columns(student_id=[7.5, -0.25]).frame["student_id"].to_list() == ["7.5", "-0.25"]


def test_leading_zeros_of_text_ids_stay() -> None:
    assert from_columns(student_id=["007"]).frame["student_id"].to_list() == ["007"]


@pytest.mark.parametrize(
    "value",
    [
        dt.date(2016, 3, 14),
        dt.datetime(2016, 3, 14, 23, 59),  # noqa: DTZ001 - frames have such
        dt.datetime(2016, 3, 14, 0, 30, tzinfo=dt.UTC),
        "2016-03-14",
        " 2016-03-14 ",
        "2016-03-14T08:30:00",
        "2016-03-14 08:30",
    ],
    ids=["date", "datetime", "datetime with zone", "text", "padded", "ISO with time", "with time after a space"],
)
def test_a_birth_date_may_be_a_date_a_datetime_or_iso_text(value: object) -> None:
    found = from_columns(student_id=["s1"], birth_date=[value])
    assert found.frame["birth_date"].to_list() == [dt.date(2016, 3, 14)]
    assert found.issues.is_empty()


def test_grades_may_be_words_of_any_school_or_codes() -> None:
    grades = from_columns(grade=["Year 3", "Prep", "KG", "12", "Other", None]).frame["grade"].cast(pl.String)
    assert grades.to_list() == ["03", "KG", "KG", "12", "Other", None]


@pytest.mark.parametrize("blank", ["", "  ", "\t", "\u00a0"])
def test_blank_text_is_no_value(blank: str) -> None:
    found = from_columns(student_id=["s1"], given_name=[blank], Bus=[blank])
    assert found.frame.select("given_name", "Bus").row(0) == (None, None)


def test_names_keep_their_case_accents_and_inner_spaces() -> None:
    assert from_columns(given_name=["  Zoë  MAE d’A "]).frame["given_name"].to_list() == ["Zoë  MAE d’A"]


def test_categories_and_booleans_become_text() -> None:
    frame = pl.DataFrame({"gender": pl.Series(["F", "M"], dtype=pl.Categorical), "Bus": [True, None]})
    assert Roster.from_frame(frame).frame.select("gender", "Bus").rows() == [("F", "true"), ("M", None)]


def test_columns_come_in_a_fixed_order_and_further_ones_as_text_after_them() -> None:
    found = from_columns(Bus=[7], family_name=["Kell"], House=["Red"], given_name=["Maro"])
    assert found.frame.columns == [*ROSTER, "Bus", "House"]
    assert found.further == ("Bus", "House")
    assert found.frame["Bus"].to_list() == ["7"]
    assert found.given == ("given_name", "family_name")


def test_rows_are_numbered_anew_whatever_a_row_column_says() -> None:
    assert from_columns(student_id=["a", "b"], row=[9, 9]).frame["row"].to_list() == [0, 1]


def test_provenance_is_taken_over() -> None:
    found = from_columns(student_id=["a"], source_file=["3B.xlsx"], source_sheet=["Term 1"], source_row=[17])
    assert found.frame.select("source_file", "source_sheet", "source_row").rows() == [("3B.xlsx", "Term 1", 17)]


def test_a_named_source_stands_in_every_row() -> None:
    found = Roster.from_frame(pl.DataFrame({"student_id": ["a", "b"]}), source_file="3B.xlsx")
    assert found.frame["source_file"].to_list() == ["3B.xlsx", "3B.xlsx"]


def test_a_frame_without_rows_is_a_roster_without_rows() -> None:
    found = Roster.from_frame(pl.DataFrame({"student_id": pl.Series([], dtype=pl.Int64)}))
    assert (len(found), found.frame.columns, found.given) == (0, [*ROSTER], ())


# What from_frame reports or refuses


def test_what_cannot_be_read_becomes_null_and_an_issue_that_tells_no_value() -> None:
    found = Roster.from_frame(
        pl.DataFrame({"birth_date": [SECRET, "2016-03-14", "31.31.2016"], "grade": [SECRET, "3", None]}),
        source_file="3B.xlsx",
    )
    assert found.frame["birth_date"].null_count() == 2
    assert found.frame["grade"].null_count() == 2
    counts = {"birth_date_unreadable": "2 of", "grade_unreadable": "1 of"}
    assert {issue["code"]: issue["message"][:4] for issue in found.issues.iter_rows(named=True)} == counts
    assert found.issues["source_file"].unique().to_list() == ["3B.xlsx"]
    assert SECRET not in str(found.issues.rows())


@pytest.mark.parametrize("text", ["2016-03-149", "2016-03-14abc", "20160314", "14/03/2016", "2016-13-01", "2015-02-29"])
def test_a_birth_date_that_is_not_iso_8601_is_not_guessed(text: str) -> None:
    found = from_columns(student_id=["s1"], birth_date=[text])
    assert found.frame["birth_date"].to_list() == [None]
    assert found.issues["code"].to_list() == ["birth_date_unreadable"]


@pytest.mark.parametrize("value", [["a"], {"a": 1}], ids=["list", "struct"])
def test_nested_columns_are_refused_without_telling_what_they_hold(value: object) -> None:
    with pytest.raises(InvalidRoster, match="nested"):
        from_columns(student_id=["s1"], Tags=[value])


def test_a_frame_without_any_canonical_column_is_refused_with_their_names() -> None:
    with pytest.raises(InvalidRoster, match=r"canonical name.*student_id") as refused:
        from_columns(Vorname=[SECRET])
    assert SECRET not in str(refused.value)


def test_the_callers_frame_is_not_changed() -> None:
    frame = pl.DataFrame({"student_id": [7], "given_name": [" Maro "], "birth_date": ["2016-03-14"], "grade": ["Prep"]})
    before = frame.clone()
    Roster.from_frame(frame)
    assert frame.equals(before)
    assert frame.schema == before.schema


def test_repr_shows_structure_and_no_value() -> None:
    values = {name: SECRET for name, dtype in CANONICAL.items() if dtype == pl.String}
    roster = Roster.from_frame(pl.DataFrame({name: [value] for name, value in values.items()} | {"Bus": [SECRET]}))
    assert SECRET not in repr(roster) + str(roster)
    assert "family_name" in repr(roster)
    assert "1 row;" in repr(roster)


def test_repr_of_a_context_shows_no_record() -> None:
    deleted = a_roster(a_student("s1", given_name=SECRET))
    context = Context(deleted=deleted, elsewhere=deleted, names=[KnownName("s1", SECRET, SECRET)])
    assert SECRET not in repr(context)


# what a roster must be


def test_a_frame_that_is_no_rosters_frame_is_a_bug_of_ours() -> None:
    good = a_roster(a_student("s1"), a_student("s2")).frame
    for wrong in (good.drop("email"), good.with_columns(Bus=pl.lit(7)), good.reverse()):
        with pytest.raises(AssertionError):
            Roster(frame=wrong)


def test_numbering_adds_absent_columns_as_nulls() -> None:
    numbered = number_rows(pl.DataFrame({"Bus": ["7"], "student_id": ["s1"]}))
    assert numbered.schema == pl.Schema({**ROSTER, "Bus": pl.String()})
    assert numbered["row"].to_list() == [0]


def test_a_base_has_an_id_of_its_own_for_every_student() -> None:
    roster = a_roster(a_student("s1"), a_student("s2"))
    assert require_base(roster) is roster
    assert len(require_base(a_roster())) == 0


def test_a_base_with_missing_and_repeated_ids_is_refused_by_their_numbers() -> None:
    roster = a_roster(a_student("s1"), a_student("s1"), a_student("s1"), a_student(None, given_name=SECRET))
    with pytest.raises(InvalidRoster, match="1 have none and 2 repeat one") as refused:
        require_base(roster)
    assert SECRET not in str(refused.value)


def test_a_cell_is_found_by_file_sheet_and_field() -> None:
    placed = a_roster(a_student(None), a_student(None), source_file="3B.xlsx")
    places = pl.DataFrame(
        [
            ("3B.xlsx", None, "birth_date", "DOB", "D", "alias", 0.95, 1),
            ("3C.xlsx", None, "birth_date", "Born", "E", "alias", 0.95, 1),
        ],
        schema=PLACES,
        orient="row",
    )
    roster = evolve(placed, places=places)
    assert roster.cell(1, "birth_date") == "D3"
    assert roster.cell(1, "grade") is None
    assert a_roster(a_student(None)).cell(0, "birth_date") is None


# the order of content


STUDENTS = (
    a_student("s3", given_name="Ana", Bus="7"),
    a_student("s1", given_name="Ana", birth_date=None),
    a_student("s2", given_name=None),
    a_student(None, given_name="Ana", Bus="7"),
)


def in_order(order: tuple[int, ...]) -> Roster:
    """The students in this order; the second asks to clear a field, the first and last are in doubt."""
    roster = a_roster(*(STUDENTS[i] for i in order), source_file="3B.xlsx")
    frame = roster.frame.with_columns(pl.lit(None, dtype=pl.UInt32).alias("source_row"))
    pair = sorted((order.index(0), order.index(3)))
    cleared = ("gender", "email") if order[0] else ("email", "gender")
    return Roster(
        frame=frame,
        clears=pl.DataFrame([(order.index(1), name) for name in cleared], schema=CLEARS, orient="row"),
        doubts=pl.DataFrame([(*pair, "duplicate")], schema=DOUBTS, orient="row"),
    )


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_order_of_content_does_not_depend_on_the_order_of_rows(order: tuple[int, ...]) -> None:
    expected, _ = in_content_order(in_order((0, 1, 2, 3)))
    found, former = in_content_order(in_order(order))
    assert found.frame.equals(expected.frame)
    assert found.clears.equals(expected.clears)
    assert found.doubts.equals(expected.doubts)
    assert found.frame["student_id"].to_list() == [STUDENTS[order[row]]["student_id"] for row in former]


def test_columns_named_last_count_after_all_others() -> None:
    roster = a_roster(a_student("s1", given_name="Maro"), a_student("s2", given_name="Ana"))
    assert in_content_order(roster)[0].frame["student_id"].to_list() == ["s1", "s2"]
    assert in_content_order(roster, "student_id")[0].frame["student_id"].to_list() == ["s2", "s1"]


def test_every_row_is_in_the_class_that_it_says() -> None:
    roster = a_roster(
        a_student("s1", class_name=None, school="Quellside"),
        a_student("s2", grade=None, class_name=None),
        a_student("s3"),
        a_student("s4", class_name=None, school="Quellside"),
    )
    place = ["school", "grade", "class_name"]
    assert roster.classes.table[roster.classes.of_row].equals(roster.frame.select(place))
    assert roster.classes.table.rows() == [("Quellside", "03", None), (None, "03", "3B"), (None, None, None)]


# digests


def test_digests_are_what_earlier_versions_wrote() -> None:
    """Plans, receipts and remembered decisions hold them: another format needs another version of those."""
    roster = a_roster(a_student("s1", Bus="7"), a_student("s2", given_name="Zoë", grade=None, class_name="a\\b"))
    assert student_digests(roster.frame).rows() == [
        ("s1", "21b9f44368d160ac038eb0abdb8f7d78"),
        ("s2", "d98f590887d995d36c68aee7d3c8a3ba"),
    ]
    assert row_keys(roster)[0] == "38945a13030222661eb1f9a54f6df827.21b9f44368d160ac038eb0abdb8f7d78"
    assert student_keys(roster) == ["e6d7ef1adb91a90bc811335078253945", "c64db01e8ce4a617fa6e2965753345fe"]
    assert roster.digest == "a04087aaf58219b590388897b4399a66d0537aaf65189cc2fcdbabe6bbcd6127"


def test_a_rosters_digest_knows_neither_the_order_of_rows_and_columns_nor_file_names() -> None:
    one, two = a_student("s1", Bus="7", House="Red"), a_student("s2", Bus="8", House="Blue")
    roster = a_roster(one, two)
    other = a_roster(two, one, source_file="again.csv")
    columns = Roster(frame=other.frame.select(*ROSTER, "House", "Bus"))
    assert roster.digest == other.digest == columns.digest


def test_a_rosters_digest_knows_every_value_and_what_is_to_be_cleared() -> None:
    roster = a_roster(a_student("s1", Bus="7"), a_student("s2"))
    clears = pl.DataFrame([(0, "email")], schema=CLEARS, orient="row")
    others = [
        a_roster(a_student("s1", Bus="8"), a_student("s2")),
        a_roster(a_student("s1", Bus="7"), a_student("s2", email="a@b.example")),
        a_roster(a_student("s1", Bus="7")),
        a_roster(a_student("s1", Bus="7"), a_student("s2"), a_student("s2")),
        evolve(roster, clears=clears),
        evolve(roster, clears=clears.with_columns(pl.lit(1, dtype=pl.UInt32).alias("row"))),
    ]
    assert len({roster.digest, *(other.digest for other in others)}) == len(others) + 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ab", "c"), ("a", "bc")),
        ((None, "a"), ("a", None)),
        ((None, "a"), ("", "a")),
        (("\x00", "a"), (None, "a")),
        (("a\x1f", "b"), ("a", "\x1fb")),
        (("a\x1e", "\x1eb"), ("a", "\x1e\x1eb")),
        (("\x1e2", "a"), ("\x1f", "a")),
    ],
)
def test_two_records_that_differ_have_two_digests(one: tuple[str, str], other: tuple[str, str]) -> None:
    """Control characters too: text from files may hold any."""
    frame = pl.DataFrame([one, other], schema={"a": pl.String, "b": pl.String}, orient="row")
    found = digests(frame)
    assert found[0] != found[1]
    rosters = [Roster(number_rows(frame[at : at + 1])) for at in range(2)]
    assert rosters[0].digest != rosters[1].digest


@pytest.mark.parametrize(
    ("one", "other"),
    [(["ab", "c"], ["a", "bc"]), (["a", None], ["a"]), (["a", None], ["a", ""]), (["a", "a"], ["a"])],
)
def test_two_lists_of_names_that_differ_have_two_digests(one: list[str | None], other: list[str | None]) -> None:
    found = {
        Roster(number_rows(pl.DataFrame({"given_name": names}, schema={"given_name": pl.String}))).digest
        for names in (one, other)
    }
    assert len(found) == 2


def test_a_students_digest_knows_canonical_fields_only_unless_told_otherwise() -> None:
    one, other = (a_roster(a_student("s1", Bus=bus)).frame for bus in ("7", "8"))
    assert student_digests(one).equals(student_digests(other))
    assert not student_digests(one, ["student_id", "Bus"]).equals(student_digests(other, ["student_id", "Bus"]))


def test_a_row_key_keeps_its_identity_when_grade_and_class_move() -> None:
    this_year, next_year = (a_roster(a_student(None, grade=grade)) for grade in ("03", "04"))
    (known, whole), (known_again, whole_again) = (row_keys(roster)[0].split(".") for roster in (this_year, next_year))
    assert known == known_again
    assert whole != whole_again


def test_a_student_key_is_of_id_and_names_alone() -> None:
    keys = [
        student_keys(a_roster(student))[0]
        for student in (
            a_student("s1"),
            a_student("s1", birth_date=None),
            a_student("s2"),
            a_student("s1", given_name="Ana"),
        )
    ]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


# context


def test_a_window_that_ends_before_it_opens_is_refused() -> None:
    with pytest.raises(InvalidOption, match="ends on or after"):
        Context(window=(dt.date(2027, 2, 1), dt.date(2027, 1, 1)))
    assert Context(window=(dt.date(2027, 1, 1), dt.date(2027, 1, 1))).window is not None


def test_a_remembered_decision_without_digests_is_refused_and_not_passed_over() -> None:
    with pytest.raises(InvalidOption, match="digests"):
        Context(decisions=[Decision(0, "s1", verdict="same")])
    assert len(Context(decisions=[Decision(0, "s1", verdict="same", row_key="k", student_key="k")]).decisions) == 1


@pytest.mark.parametrize(
    "options",
    [{"as_of": "2027-01-01"}, {"deleted": pl.DataFrame()}, {"seats": 2.5}, {"names": ["Ana"]}, {"decisions": ["same"]}],
    ids=lambda options: next(iter(options)),
)
def test_a_context_takes_only_what_it_says(options: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        Context(**options)  # type: ignore[arg-type]
