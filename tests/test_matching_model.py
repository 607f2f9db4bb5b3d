"""The model: chances that add up, weights that are logs of them, and refusals of what is no model."""

import math
from collections.abc import Mapping

import pytest

from rosterdiff.errors import InvalidOption
from rosterdiff.levels import Comparison, NameLevel, PlaceLevel, ValueLevel
from rosterdiff.matching.model import TABLES, Model, Table, parse_table, shipped_model
from rosterdiff.matching.shipped import SHIPPED

MODEL = shipped_model()

_LIKE_TYPES = {ValueLevel.TYPO, ValueLevel.SIMILAR, ValueLevel.PART}
UNREACHABLE: Mapping[str, set[str]] = {
    Comparison.FAMILY_NAME: {NameLevel.MIDDLE, NameLevel.SWAPPED},
    Comparison.GIVEN_NAME: {NameLevel.SWAPPED},
    Comparison.MIDDLE_NAME: {NameLevel.KNOWN_AS, NameLevel.SWAPPED, NameLevel.MIDDLE, NameLevel.CROSSED},
    Comparison.SCHOOL: {PlaceLevel.EXPECTED},
    Table.FURTHER_EXACT: {ValueLevel.SIMILAR, ValueLevel.PART},
    Table.FURTHER_CATEGORICAL: {*_LIKE_TYPES},
}
"""Levels that a table shares with others and never gives, and `swapped`, whose u is a frequency at hand."""


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("side", [0, 1], ids=["m", "u"])
def test_the_chances_of_the_levels_that_can_be_add_up_to_about_one(table: str, side: int) -> None:
    chances = MODEL.chances[table]
    total = sum(pair[side] for level, pair in chances.items() if level not in UNREACHABLE.get(table, set()))
    assert total == pytest.approx(1, abs=0.12)


@pytest.mark.parametrize("table", TABLES)
def test_agreement_speaks_for_one_person_and_difference_for_two(table: str) -> None:
    levels = [str(level) for level in TABLES[table] if str(level) not in UNREACHABLE.get(table, set())]
    weights = {level: MODEL.weight(table, level) for level in levels}
    last = {Comparison.GRADE: "other", Table.GRADE_DATED: "other"}.get(table, levels[-1])  # type: ignore[call-overload]
    assert weights[levels[0]] > 0 > weights[last]


@pytest.mark.parametrize("table", TABLES)
def test_what_is_missing_weighs_nothing(table: str) -> None:
    assert MODEL.weight(table, "missing") == 0


@pytest.mark.parametrize(
    ("broad", "narrow", "levels"),
    [("grade", Table.GRADE_DATED, ("in_step", "behind", "other")), ("gender", Table.GENDER_NAMED, ("same",))],
)
def test_a_field_that_follows_from_another_says_less_beside_it(
    broad: str, narrow: Table, levels: tuple[str, ...]
) -> None:
    """A grade beside a birth date, a gender beside a given name."""
    for level in levels:
        assert abs(MODEL.weight(narrow, level)) <= abs(MODEL.weight(broad, level))


def test_a_weight_is_the_log_of_the_bayes_factor_in_millibits() -> None:
    m, u = MODEL.chances[Comparison.BIRTH_DATE]["one_digit"]
    assert MODEL.weight(Comparison.BIRTH_DATE, "one_digit") == round(1000 * math.log2(m / u))


def test_every_frequency_prior_is_of_a_table_and_speaks_for_somebody() -> None:
    assert set(MODEL.frequency_prior) <= set(TABLES)
    assert all(prior > 0 for prior in MODEL.frequency_prior.values())


def changed(table: str, level: str, pair: tuple[float, float] | None) -> dict[str, dict[str, tuple[float, float]]]:
    """The shipped chances with one pair replaced, or left out."""
    chances = {name: dict(levels) for name, levels in MODEL.chances.items()}
    del chances[table][level]
    return chances if pair is None else {**chances, table: {**chances[table], level: pair}}


@pytest.mark.parametrize(("table", "level"), [("gender", "different"), ("further_fuzzy", "part")])
def test_a_model_without_a_level_is_refused_by_its_name(table: str, level: str) -> None:
    with pytest.raises(InvalidOption, match=f"{table}: {level}"):
        Model(changed(table, level, None))


def test_a_model_without_a_table_is_refused_by_its_name() -> None:
    with pytest.raises(InvalidOption, match="grade_dated: ahead, behind"):
        Model({table: levels for table, levels in MODEL.chances.items() if table != Table.GRADE_DATED})


@pytest.mark.parametrize("wrong", [(0.0, 0.5), (0.5, 0.0), (-0.1, 0.5), (0.5, 1.2), (float("nan"), 0.5)])
def test_a_model_of_impossible_chances_is_refused(wrong: tuple[float, float]) -> None:
    with pytest.raises(InvalidOption, match="gender: same"):
        Model(changed("gender", "same", wrong))


# How tables are written down


def test_the_shipped_tables_say_each_level_once_and_no_level_that_is_none() -> None:
    for line in SHIPPED.strip().splitlines():
        table, *numbers = line.split()
        assert set(numbers[::3]) <= {str(level) for level in TABLES[table]}, line
    words = [(line.split()[0], level) for line in SHIPPED.strip().splitlines() for level in line.split()[1::3]]
    assert len(set(words)) == len(words)
    assert set(parse_table(SHIPPED)) == set(TABLES)


def test_a_table_of_several_lines_is_one() -> None:
    assert parse_table("a same .9 .5\na other .1 .5\n") == {"a": {"same": (0.9, 0.5), "other": (0.1, 0.5)}}


@pytest.mark.parametrize("text", ["gender same .9", "gender same .9 .5 different", "gender same nine .5"])
def test_a_table_with_a_number_too_few_is_no_table(text: str) -> None:
    with pytest.raises(ValueError, match=r"zip|convert"):
        parse_table(text)
