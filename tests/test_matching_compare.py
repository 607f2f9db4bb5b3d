"""Every level of every comparison, by an example pair; the first level that holds counts."""

import datetime as dt
from collections.abc import Mapping

import polars as pl
import pytest

from rosterdiff.levels import LEVELS_OF, Comparison, NameLevel
from rosterdiff.matching.compare import compare_pairs
from rosterdiff.matching.records import further_forms, to_records
from rosterdiff.model import KnownName
from rosterdiff.schema import COMPARED, LEVEL_COLUMNS, LEVELS, PAIRS
from rosterdiff.testing import a_roster, a_student
from test_matching_compare_dates import WHOLE
from test_matching_compare_names import NAMES

Fields = Mapping[str, str | dt.date | None]


def levels_of(row: Fields, student: Fields, *names: KnownName, step: int = 1) -> dict[str, object]:
    """The levels of one row and one student, and `names_same`."""
    base, incoming = a_roster({"student_id": "s1", **student}), a_roster({"student_id": None, **row})
    rows = to_records(incoming).with_columns(step=pl.lit(step, dtype=pl.Int8))
    pairs = pl.DataFrame([(0, 0)], schema=PAIRS, orient="row")
    found = compare_pairs(pairs, rows, to_records(base), further_forms(base, names)).row(0, named=True)
    return {name.removesuffix("_level"): value for name, value in found.items()}


@pytest.mark.parametrize("comparison", [Comparison.GIVEN_NAME, Comparison.FAMILY_NAME, Comparison.MIDDLE_NAME])
@pytest.mark.parametrize(("one", "other", "level"), NAMES)
def test_every_name_field_has_these_levels(comparison: Comparison, one: str, other: str, level: str) -> None:
    assert levels_of({comparison: one}, {comparison: other})[comparison] == level


VALUES: list[tuple[str, str | None, str | None, str]] = [
    ("given_name", None, "Ilva", "missing"),
    ("given_name", "Ilva", "--", "missing"),
    ("family_name", "Kell", None, "missing"),
    ("middle_name", None, None, "missing"),
    ("name_suffix", "Jr.", "JR", "same"),
    ("name_suffix", "II", "III", "different"),
    ("name_suffix", None, "III", "missing"),
    *(("birth_date", one, other, level) for one, other, level in WHOLE),
    ("birth_date", None, "2016-03-14", "missing"),
    ("student_id", "s1", "s1", "same"),
    ("student_id", "s2", "s1", "different"),
    ("student_id", None, "s1", "missing"),
    ("student_number", "A-17", "a17", "same"),
    ("student_number", "17", "0017", "damaged"),
    ("student_number", "17", "18", "different"),
    ("student_number", "000", "00", "different"),
    ("student_number", "51776", "51786", "one_digit"),
    ("student_number", "51776", "51767", "one_digit"),
    ("student_number", "51776", "517776", "one_digit"),
    ("student_number", "51776", "0051786", "one_digit"),
    ("student_number", "51776", "51886", "different"),
    ("student_number", "5177", "0005178", "one_digit"),
    ("student_number", "5177", "05189", "different"),
    ("student_number", "5177", "5178", "different"),
    ("student_number", "5177", "51778", "different"),
    ("student_number", "17", None, "missing"),
    ("email", "ILVA@x.example", "ilva@X.example", "same"),
    ("email", "ilva@x.example", "ilv@x.example", "different"),
    ("email", None, "ilva@x.example", "missing"),
    ("username", "Ilva16", "ilva16", "same"),
    ("username", "ilva-16", "ilva16", "different"),
    ("username", "ilva16", None, "missing"),
    ("gender", "Girl", "F", "same"),
    ("gender", "Boy", "F", "different"),
    ("gender", None, "F", "missing"),
    ("grade", "04", "03", "in_step"),
    ("grade", "01", "KG", "in_step"),
    ("grade", "UG", "UG", "in_step"),
    ("grade", "03", "03", "behind"),
    ("grade", "05", "03", "ahead"),
    ("grade", "07", "03", "other"),
    ("grade", "02", "03", "other"),
    ("grade", "UG", "03", "other"),
    ("grade", None, "03", "missing"),
    ("class_name", "3 B", "3B", "same"),
    ("class_name", "4B", "3B", "expected"),
    ("class_name", "4A", "3B", "moved"),
    ("class_name", "Maple", "Oak", "moved"),
    ("class_name", "4B", None, "missing"),
    ("school", "Hill End", "HILL-END", "same"),
    ("school", "Hill End", "Lakeside", "moved"),
    ("school", None, "Lakeside", "missing"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "row", "student", "level"), VALUES)
def test_a_field_agrees_on_a_level(field: str, row: str | None, student: str | None, level: str) -> None:
    assert (
        levels_of({field: row}, {field: student} if field != "student_id" else {"student_id": student})[field] == level
    )


SYMMETRIC = {"name_suffix", "birth_date", "student_number", "email", "username", "gender", "school", "given_name"}


@pytest.mark.parametrize(("field", "row", "student", "level"), [v for v in VALUES if v[0] in SYMMETRIC])
def test_what_has_no_direction_is_the_same_from_either_side(
    field: str, row: str | None, student: str | None, level: str
) -> None:
    assert levels_of({field: student}, {field: row})[field] == level


def test_every_level_that_a_field_has_is_shown_here() -> None:
    """Those that need two fields, or a date known in part, have their own tests; of two alone no school is expected."""
    elsewhere = {
        **dict.fromkeys((Comparison.GIVEN_NAME, Comparison.FAMILY_NAME, Comparison.MIDDLE_NAME), ACROSS),
        Comparison.BIRTH_DATE: {"partial", "year_only", "partial_different"},
        Comparison.SCHOOL: {"expected"},
    }
    shown = {comparison: {level for field, _, _, level in VALUES if field == comparison} for comparison in COMPARED}
    for comparison in COMPARED:
        own = {level.value for level in LEVELS_OF[comparison]}
        if LEVELS_OF[comparison] is NameLevel:
            shown[comparison] |= {level for _, _, level in NAMES}
        assert shown[comparison] == own - elsewhere.get(comparison, set()), comparison


ACROSS = {"known_as", "swapped", "middle", "crossed"}
"""Levels of a name that need other fields to be seen."""


def test_grades_and_classes_are_expected_by_the_step_of_the_upload() -> None:
    before = {"grade": "03", "class_name": "3B"}
    this_year = levels_of(before, before, step=0)
    assert (this_year["grade"], this_year["class_name"]) == ("in_step", "same")
    next_year = levels_of({"grade": "04", "class_name": "4B"}, before, step=0)
    assert (next_year["grade"], next_year["class_name"]) == ("ahead", "moved")


# Names across fields


FULL = {"given_name": "Ilva", "family_name": "Torenbek"}


def test_names_are_swapped_only_where_both_are() -> None:
    swapped = levels_of({"given_name": "Torenbek", "family_name": "Ilva"}, FULL)
    assert (swapped["given_name"], swapped["family_name"], swapped["names_same"]) == ("swapped", "swapped", False)
    half = levels_of({"given_name": "Torenbek", "family_name": "Quorr"}, FULL)
    assert "swapped" not in (half["given_name"], half["family_name"])


@pytest.mark.parametrize(("given", "family"), [("Torenbeck", "Ilva"), ("Torenbke", "Ilva"), ("Torenbek", "Ilvva")])
def test_names_are_swapped_though_one_of_them_is_mistyped(given: str, family: str) -> None:
    found = levels_of({"given_name": given, "family_name": family}, FULL)
    assert (found["given_name"], found["family_name"], found["names_same"]) == ("swapped", "swapped", False)


@pytest.mark.parametrize(
    ("row", "student"),
    [
        ({"given_name": "Quorr", "family_name": "Emily"}, {"given_name": "Em", "family_name": "Quorr"}),
        ({"given_name": "Quorr", "family_name": "Ilva"}, {"given_name": "Ilva", "family_name": "Quorr Torenbek"}),
    ],
    ids=["a nickname", "half of a double family name"],
)
def test_names_are_swapped_though_one_of_them_is_a_short_form(row: Fields, student: Fields) -> None:
    found = levels_of(row, student)
    assert (found["given_name"], found["family_name"], found["names_same"]) == ("swapped", "swapped", False)


def test_mistyped_names_that_begin_otherwise_are_not_swapped() -> None:
    found = levels_of({"given_name": "Dorenbek", "family_name": "Ilva"}, FULL)
    assert (found["given_name"], found["family_name"]) == ("crossed", "crossed")


@pytest.mark.parametrize(
    "row",
    [{"given_name": "Torenbek", "family_name": "Quorr"}, {"given_name": "Quorr", "family_name": "Ilva"}],
    ids=["the family name used as given name", "the given name used as family name"],
)
def test_one_name_that_is_the_others_other_name_is_crossed(row: Fields) -> None:
    found = levels_of(row, FULL)
    assert (found["given_name"], found["family_name"], found["names_same"]) == ("crossed", "crossed", False)


def test_names_that_agree_in_their_own_place_are_not_crossed() -> None:
    """A child called Kell Kell, and a sister of his."""
    found = levels_of({"given_name": "Ro", "family_name": "Kell"}, {"given_name": "Kell", "family_name": "Kell"})
    assert (found["given_name"], found["family_name"]) == ("different", "same")


def test_a_lone_name_that_stands_in_the_other_column_is_crossed() -> None:
    found = levels_of({"family_name": "Kell"}, {"given_name": "Kell"})
    assert (found["given_name"], found["family_name"], found["names_same"]) == ("crossed", "crossed", False)


def test_a_child_whose_two_names_are_equal_is_the_same_and_not_swapped() -> None:
    same = levels_of({"given_name": "Kell", "family_name": "Kell"}, {"given_name": "Kell", "family_name": "Kell"})
    assert (same["given_name"], same["family_name"], same["names_same"]) == ("same", "same", True)


@pytest.mark.parametrize(
    ("row", "student"),
    [
        ({**FULL, "given_name": "Wendo"}, {**FULL, "middle_name": "Wendo"}),
        ({**FULL, "given_name": "Ro", "middle_name": "Ilva"}, FULL),
    ],
    ids=["the middle name used as given name", "the given name put in the middle"],
)
def test_a_given_name_that_is_the_others_middle_name_is_a_level_of_its_own(row: Fields, student: Fields) -> None:
    found = levels_of(row, student)
    assert (found["given_name"], found["names_same"]) == ("middle", False)


def test_a_name_equal_to_a_further_one_is_known_as_and_counts_as_the_same() -> None:
    preferred = levels_of({**FULL, "given_name": "Wendo"}, {**FULL, "preferred_given_name": "Wendo"})
    assert (preferred["given_name"], preferred["names_same"]) == ("known_as", True)
    remembered = levels_of({**FULL, "family_name": "Kell"}, FULL, KnownName("s1", family_name="Kell"))
    assert (remembered["family_name"], remembered["names_same"]) == ("known_as", True)
    of_another = levels_of({**FULL, "family_name": "Kell"}, FULL, KnownName("s2", family_name="Kell"))
    assert of_another["family_name"] == "different"


def test_a_name_by_which_the_row_says_its_child_is_called_counts_where_it_is_the_students() -> None:
    found = levels_of({**FULL, "given_name": "Wendo", "preferred_given_name": "ÍLVA"}, FULL)
    assert (found["given_name"], found["names_same"]) == ("known_as", True)
    married = levels_of({**FULL, "family_name": "Kell", "preferred_family_name": "Torenbek"}, FULL)
    assert (married["family_name"], married["names_same"]) == ("known_as", True)
    nearly = levels_of({**FULL, "given_name": "Wendo", "preferred_given_name": "Ilvo"}, FULL)
    assert (nearly["given_name"], nearly["names_same"]) == ("different", False)


def test_two_who_are_called_alike_and_have_other_names_are_not_of_one_name() -> None:
    row = {**FULL, "given_name": "Alexander", "preferred_given_name": "Alex"}
    found = levels_of(row, {**FULL, "given_name": "Alexandra", "preferred_given_name": "Alex"})
    assert (found["given_name"], found["names_same"]) == ("nickname", False)


def test_a_further_name_counts_only_where_it_agrees_better_than_the_legal_one() -> None:
    student = {**FULL, "preferred_given_name": "Wendolin"}
    assert levels_of(FULL, student)["given_name"] == "same"
    assert levels_of({**FULL, "given_name": "Wendelin"}, student)["given_name"] == "typo"
    assert levels_of({**FULL, "given_name": "Quiss"}, student)["given_name"] == "different"
    assert levels_of({**FULL, "given_name": None}, student)["given_name"] == "missing"


def test_of_several_further_names_the_best_counts() -> None:
    names = [KnownName("s1", "Wendo"), KnownName("s1", "Marten")]
    assert levels_of({**FULL, "given_name": "Martin"}, FULL, *names)["given_name"] == "typo"


# When names are the same


SAME_NAMES = {
    "both equal": (FULL, FULL, True),
    "equal but for case, accents and hyphens": ({"given_name": "ILVÁ", "family_name": "Toren-Bek"}, FULL, True),
    "a typo": ({**FULL, "given_name": "Ilvar"}, FULL, False),
    "a nickname": ({**FULL, "given_name": "Katie"}, {**FULL, "given_name": "Katherine"}, False),
    "an initial": ({**FULL, "given_name": "I"}, FULL, False),
    "the family name lacking on one side": ({**FULL, "family_name": None}, FULL, False),
    "the given name lacking on one side": (FULL, {**FULL, "given_name": None}, False),
    "a single name on both sides": ({"given_name": "Ilva"}, {"given_name": "Ilva"}, True),
    "only a family name on both sides": ({"family_name": "Kell"}, {"family_name": "Kell"}, True),
    "no name at all": ({"email": "a@b.example"}, {"email": "a@b.example"}, False),
    "a middle name on one side": ({**FULL, "middle_name": "Ro"}, FULL, True),
    "a middle initial": ({**FULL, "middle_name": "R."}, {**FULL, "middle_name": "Ro"}, True),
    "one of two middle names": ({**FULL, "middle_name": "Ro"}, {**FULL, "middle_name": "Tam Ro"}, True),
    "one of two middle names, and another": (
        {**FULL, "middle_name": "Ro Wendo"}, {**FULL, "middle_name": "Tam Ro"}, False,
    ),
    "another middle name": ({**FULL, "middle_name": "Ro"}, {**FULL, "middle_name": "Tam"}, False),
    "a suffix on one side": ({**FULL, "name_suffix": "Jr"}, FULL, True),
    "another suffix": ({**FULL, "name_suffix": "Jr"}, {**FULL, "name_suffix": "III"}, False),
}  # fmt: skip


@pytest.mark.parametrize(("row", "student", "same"), SAME_NAMES.values(), ids=SAME_NAMES)
def test_names_are_the_same_when_given_and_family_are_and_nothing_contradicts(
    row: Fields, student: Fields, same: bool
) -> None:
    assert levels_of(row, student)["names_same"] is same


def test_levels_come_in_the_order_of_the_pairs_whatever_it_is() -> None:
    base = a_roster(*(a_student(f"s{i}", given_name=name) for i, name in enumerate(("Ilva", "Maro", "Ana"))))
    rows = to_records(a_roster(a_student(None), a_student(None, given_name="Maro")))
    pairs = pl.DataFrame([(1, 2), (0, 0), (1, 1), (0, 2)], schema=PAIRS, orient="row")
    step = pl.lit(1, dtype=pl.Int8)
    found = compare_pairs(pairs, rows.with_columns(step=step), to_records(base), further_forms(base, ()))
    assert found.schema == LEVELS
    assert found.select(PAIRS.names()).equals(pairs)
    assert found[LEVEL_COLUMNS[Comparison.GIVEN_NAME]].to_list() == ["different", "same", "same", "different"]
    assert compare_pairs(
        pairs.clear(), rows.with_columns(step=step), to_records(base), further_forms(base, ())
    ).is_empty()
