"""Rare values weigh more than common ones, what follows from another field weighs less, and all adds up as integers."""

import math

import polars as pl
import pytest

from matching_cases import Fields, a_row, evident_of, weighed, weight_of
from rosterdiff.levels import Comparison
from rosterdiff.matching.model import Table, shipped_model
from rosterdiff.matching.weigh import COMMON, weigh_pairs, weigh_totals
from rosterdiff.schema import COMPARED, LEVEL_COLUMNS, MILLIBIT_COLUMNS, PAIRS, SCORED
from rosterdiff.testing import a_student

MODEL = shipped_model()
GIVEN, FAMILY = Comparison.GIVEN_NAME, Comparison.FAMILY_NAME
BASE = [a_student(f"s{i}", given_name=name) for i, name in enumerate(["Ana"] * 40 + ["Wendo"])]


def rarity(table: str, count: int, total: int) -> float:
    """−log2 of a frequency, in which the shipped one counts like some more students."""
    u, prior = MODEL.chances[table]["same"][1], MODEL.frequency_prior[table]
    return -math.log2((count + prior * u) / (total + prior))


@pytest.mark.parametrize("room", [1 << 62, 50])
def test_the_weights_of_the_fields_add_up_to_that_of_the_pair(room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many levels fit into one number by which patterns of them are told apart."""
    monkeypatch.setattr("rosterdiff.matching.distinct.GREATEST_CODE", room)
    rows = [a_row(given_name="Ana"), a_row(given_name="Wendi", birth_date="2015-01-02"), a_row(family_name="Oak")]
    evident = evident_of(BASE, rows, evidence={"Town": "exact"})
    scored = weigh_pairs(evident, MODEL)
    assert scored["weight_mb"].n_unique() > 4
    assert weigh_totals(evident, MODEL).tolist() == scored["weight_mb"].to_list()
    shown = evident.levels.select(LEVEL_COLUMNS[c] for c in COMPARED)
    patterns = evident.patterns
    assert patterns.levels.select(pl.all().gather(patterns.of_pair)).equals(shown)
    assert patterns.levels.height == shown.unique().height


# Values that are the same


def test_a_rare_name_weighs_more_than_a_common_one() -> None:
    found = weighed(BASE, [a_row(given_name="Ana"), a_row(given_name="Wendo")])
    assert weight_of(found, 1, 40, GIVEN) > weight_of(found, 0, 0, GIVEN) + 2000


def test_the_weight_of_the_same_name_is_of_its_frequency_in_both_rosters_and_the_shipped_one() -> None:
    found = weighed(BASE, [a_row(given_name="Ana")])
    expected = 1000 * (math.log2(MODEL.chances[GIVEN]["same"][0]) + rarity(GIVEN, 41, 42))
    assert weight_of(found, 0, 0, GIVEN) == pytest.approx(expected, abs=1)


@pytest.mark.parametrize(
    ("comparison", "values"),
    [
        (Comparison.FAMILY_NAME, ("Kell", "Quiss")),
        (Comparison.BIRTH_DATE, ("2016-01-01", "2015-07-21")),
        (Comparison.SCHOOL, ("Hill End", "Lakeside")),
    ],
)
def test_common_values_of_other_fields_weigh_less_as_well(comparison: Comparison, values: tuple[str, str]) -> None:
    common, rare = values
    base = [a_student(f"s{i}", **{comparison: common}) for i in range(30)] + [a_student("s30", **{comparison: rare})]
    found = weighed(base, [a_row(**{comparison: common}), a_row(**{comparison: rare})])
    assert weight_of(found, 1, 30, comparison) > weight_of(found, 0, 0, comparison)


def test_a_birth_date_that_a_partial_date_gives_in_full_weighs_like_any_other() -> None:
    """On whichever side it stands; one that is known in part weighs less."""
    base = [a_student("s1", birth_date=None, Born="1950-03-28"), a_student("s2", birth_date=None, Born="1950-03")]
    rows = [a_row(birth_date=None, Born="1950-03-28"), a_row(birth_date="1950-03-28", Born=None)]
    found = weighed(base, rows, evidence={"Born": "partial_date"})
    assert found["birth_date_level"].to_list() == ["same", "partial", "same", "partial"]
    whole, part, again, _ = (weight_of(found, r, s, Comparison.BIRTH_DATE) for r in range(2) for s in range(2))
    assert whole == again > part > 0


# Names that are close


@pytest.mark.parametrize(("name", "level"), [("Wendoo", "slip"), ("Wenod", "transposed"), ("Wendor", "typo")])
def test_a_close_name_weighs_half_of_how_much_rarer_the_two_are_than_common_names(name: str, level: str) -> None:
    found = weighed(BASE, [a_row(given_name=name)])
    both = (rarity(GIVEN, 1, 42) + rarity(GIVEN, 1, 42)) / 4 - COMMON / 2000
    expected = MODEL.weight(GIVEN, level) + 1000 * both
    assert weight_of(found, 0, 40, GIVEN) == pytest.approx(expected, abs=3)


def test_a_mistyped_rare_name_weighs_more_than_a_mistyped_common_one() -> None:
    base = [*BASE, *[a_student(f"t{i}", given_name="Marten") for i in range(40)]]
    found = weighed(base, [a_row(given_name="Wendor"), a_row(given_name="Martenu")])
    assert found.filter(pl.col("student") == 40 + pl.col("row"))["given_name_level"].to_list() == ["typo", "typo"]
    assert weight_of(found, 0, 40, GIVEN) > weight_of(found, 1, 41, GIVEN) + 1000


def test_swapped_names_weigh_by_how_rare_the_students_names_are() -> None:
    student = a_student("s1", given_name="Wendo", family_name="Quiss")
    base = [student, *(a_student(f"t{i}", given_name="Wendo", family_name=f"Kell{'abcdefgh'[i]}") for i in range(8))]
    found = weighed(base, [a_row(given_name="Quiss", family_name="Wendo")])
    assert found["given_name_level"][0] == found["family_name_level"][0] == "swapped"
    swapped = MODEL.weight(GIVEN, "swapped") + 1000 * rarity(GIVEN, 9, 10)
    assert weight_of(found, 0, 0, GIVEN) == pytest.approx(swapped, abs=2)
    swapped = MODEL.weight(FAMILY, "swapped") + 1000 * rarity(FAMILY, 1, 10)
    assert weight_of(found, 0, 0, FAMILY) == pytest.approx(swapped, abs=2)


@pytest.mark.parametrize(("name", "level"), [("W", "initial"), ("Wendrix", "faint"), ("Ilva", "different")])
def test_a_name_that_is_far_weighs_as_the_table_says_however_rare(name: str, level: str) -> None:
    found = weighed(BASE, [a_row(given_name=name)])
    assert found.filter(pl.col("student") == 40)["given_name_level"].to_list() == [level]
    assert weight_of(found, 0, 40, GIVEN) == MODEL.weight(GIVEN, level)


# Fields that follow from others


@pytest.mark.parametrize(
    ("born", "table"),
    [("2016-03-14", Table.GRADE_DATED), ("2016-09-30", Table.GRADE_DATED), ("2013-11-27", "grade"), (None, "grade")],
)
def test_a_grade_says_little_more_where_the_two_are_of_an_age(born: str | None, table: str) -> None:
    found = weighed([a_student("s1")], [a_row(birth_date=born, grade="04")])
    assert weight_of(found, 0, 0, Comparison.GRADE) == MODEL.weight(table, "in_step")


@pytest.mark.parametrize(("name", "table"), [("Ilva", Table.GENDER_NAMED), ("Ilvar", "gender"), (None, "gender")])
def test_a_gender_says_little_more_where_the_given_name_is_the_same(name: str | None, table: str) -> None:
    found = weighed([a_student("s1", gender="F")], [a_row(given_name=name, gender="F"), a_row(gender="M")])
    assert weight_of(found, 0, 0, Comparison.GENDER) == MODEL.weight(table, "same")
    assert weight_of(found, 1, 0, Comparison.GENDER) == MODEL.weight(Table.GENDER_NAMED, "different")


# Declared columns


NAMES = ("Quorrel", "Dunmere", "Ashfold", "Brackwell", "Cottersea")
PLACES = [a_student(f"s{i}", Place=place, House="Elm" if i else "Ash") for i, place in enumerate(NAMES)]


def test_declared_columns_add_up_to_one_line() -> None:
    kinds = {"Place": "exact", "House": "categorical"}
    rows = [a_row(Place="Quorrel", House="Elm"), a_row(Place="Quorrel"), a_row(House="Elm"), a_row()]
    both, place, house, neither = (
        weight_of(weighed(PLACES, rows, evidence=kinds), row, 0, Comparison.FURTHER) for row in range(4)
    )
    assert place > 0 > house
    assert (both, neither) == (place + house, 0)


def test_the_same_value_of_a_declared_column_weighs_by_how_common_it_is() -> None:
    found = weighed(PLACES, [a_row(House="Elm"), a_row(House="Ash")], evidence={"House": "categorical"})
    m = math.log2(MODEL.chances[Table.FURTHER_CATEGORICAL]["same"][0])
    for row, student, count in ((0, 1, 5), (1, 0, 2)):
        expected = 1000 * (m + rarity(Table.FURTHER_CATEGORICAL, count, 7))
        assert weight_of(found, row, student, Comparison.FURTHER) == pytest.approx(expected, abs=2)


def test_a_level_that_chance_shows_often_says_little() -> None:
    """Numbered places, all of them a digit apart, beside places of which no two are alike."""
    alike = [a_student(f"s{i}", Place=f"QX417{i}") for i in range(8)]
    dense = weighed(alike, [a_row(Place="QX4179"), a_row(Place="QX4178")], evidence={"Place": "exact"})
    sparse = weighed(PLACES, [a_row(Place="Quorrem")], evidence={"Place": "exact"})
    assert weight_of(dense, 0, 0, Comparison.FURTHER) < 500
    assert weight_of(sparse, 0, 0, Comparison.FURTHER) > weight_of(dense, 0, 0, Comparison.FURTHER) + 1000


@pytest.mark.parametrize(
    ("row", "level"),
    [
        ({"Place": "Quorrel"}, "for"),
        ({"Place": "Winterholt"}, "against"),
        ({"Place": None}, "missing"),
    ],
)
def test_declared_columns_speak_for_or_against_together(row: Fields, level: str) -> None:
    found = weighed(PLACES, [a_row(**row)], evidence={"Place": "exact"})
    assert found["further_level"][0] == level


def test_without_declared_columns_nothing_further_is_compared() -> None:
    found = weighed(PLACES, [a_row(Place="Quorrel")])
    assert set(zip(found["further_level"], found["further_mb"], strict=True)) == {("missing", 0)}


# The sum


def test_the_weight_of_a_pair_is_the_sum_of_its_fields() -> None:
    incoming = [a_row(gender="F", student_number="7"), a_row(given_name=None, birth_date=None)]
    found = weighed(BASE, incoming)
    assert found.schema == SCORED
    assert found.select(PAIRS.names()).rows() == [(r, s) for r in range(2) for s in range(41)]
    total = found.select(pl.sum_horizontal(MILLIBIT_COLUMNS.values())).to_series()
    assert found["weight_mb"].to_list() == total.to_list()


def test_what_depends_on_no_frequency_and_no_other_field_weighs_as_its_table_says() -> None:
    incoming = [a_row(student_number="71776", class_name="4B", username="a"), a_row(name_suffix="Jr")]
    found = weighed([a_student("s1", student_number="71777", username="b", name_suffix="Jr"), *BASE], incoming)
    plain = {Comparison.STUDENT_NUMBER, Comparison.CLASS_NAME, Comparison.USERNAME, Comparison.NAME_SUFFIX}
    for comparison in plain:
        lines = found.select(LEVEL_COLUMNS[comparison], MILLIBIT_COLUMNS[comparison]).unique()
        assert lines.height > 1
        for level, weight in lines.iter_rows():
            assert weight == MODEL.weight(comparison, level)


def test_only_the_m_of_another_model_changes_what_was_weighed_by_frequency() -> None:
    """What frequencies say is found once, and the m of a model fitted to the pairs is put in later."""
    from attrs import evolve

    evident = evident_of(BASE, [a_row(given_name="Ana")])
    m, u = MODEL.chances[GIVEN]["same"]
    chances = {**MODEL.chances, GIVEN: {**MODEL.chances[GIVEN], "same": (m / 2, u)}}
    before, after = (weigh_pairs(evident, model) for model in (MODEL, evolve(MODEL, chances=chances)))
    assert weight_of(before, 0, 0, GIVEN) - weight_of(after, 0, 0, GIVEN) == pytest.approx(1000, abs=1)
    assert weight_of(before, 0, 40, GIVEN) == weight_of(after, 0, 40, GIVEN)


def test_no_pairs_have_no_weights() -> None:
    assert weighed([], []).is_empty()
