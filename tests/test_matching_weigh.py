"""Weights are the shipped ones, and rare names weigh more than common ones; they add up as integers."""

import math
from collections.abc import Mapping

import polars as pl
import pytest

from rosterdiff.errors import InvalidOption
from rosterdiff.levels import LEVELS_OF, Comparison, NameLevel, PlaceLevel
from rosterdiff.matching.compare import compare_pairs
from rosterdiff.matching.model import Model, shipped_model
from rosterdiff.matching.records import further_forms, to_records
from rosterdiff.matching.weigh import weigh_pairs
from rosterdiff.schema import LEVEL_COLUMNS, MILLIBIT_COLUMNS, PAIRS, SCORED
from rosterdiff.testing import a_roster, a_student

MODEL = shipped_model()

UNREACHABLE: Mapping[Comparison, set[str]] = {
    Comparison.FAMILY_NAME: {NameLevel.MIDDLE},
    Comparison.MIDDLE_NAME: {NameLevel.KNOWN_AS, NameLevel.SWAPPED, NameLevel.MIDDLE},
    Comparison.SCHOOL: {PlaceLevel.EXPECTED},
}
"""Levels that a comparison shares with others and never gives."""


@pytest.mark.parametrize("comparison", Comparison)
@pytest.mark.parametrize("side", [0, 1], ids=["m", "u"])
def test_the_chances_of_the_levels_that_can_be_add_up_to_one(comparison: Comparison, side: int) -> None:
    chances = MODEL.chances[comparison]
    total = sum(pair[side] for level, pair in chances.items() if level not in UNREACHABLE.get(comparison, set()))
    assert total == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("comparison", Comparison)
def test_agreement_speaks_for_one_person_and_difference_for_two(comparison: Comparison) -> None:
    levels = [str(level) for level in LEVELS_OF[comparison]]
    weights = [MODEL.weight(comparison, level) for level in levels]
    worst = {"grade": "other"}.get(comparison, levels[-1])
    assert weights[0] > 0 > MODEL.weight(comparison, worst) == min(weights)
    if comparison != Comparison.CLASS_NAME:  # in a migration, to sit in the class of before says less than the next
        assert weights[0] >= max(weights[1:]) or LEVELS_OF[comparison] is NameLevel


@pytest.mark.parametrize("comparison", Comparison)
def test_what_is_missing_weighs_nothing(comparison: Comparison) -> None:
    assert MODEL.weight(comparison, "missing") == 0


def test_a_weight_is_the_log_of_the_bayes_factor_in_millibits() -> None:
    m, u = MODEL.chances[Comparison.BIRTH_DATE]["one_digit"]
    assert MODEL.weight(Comparison.BIRTH_DATE, "one_digit") == round(1000 * math.log2(m / u))


def test_the_prior_is_the_odds_of_a_pair_drawn_blindly() -> None:
    assert MODEL.prior(100, 100) == round(1000 * math.log2(0.008 / 0.992))
    assert MODEL.prior(50, 200) == MODEL.prior(200, 50)
    assert MODEL.prior(1000, 1000) < MODEL.prior(100, 100)


@pytest.mark.parametrize(("rows", "students"), [(0, 0), (0, 9), (1, 1)])
def test_the_prior_is_finite_for_the_smallest_rosters(rows: int, students: int) -> None:
    assert abs(MODEL.prior(rows, students)) < 60_000


def test_a_model_without_a_level_is_refused_by_its_name() -> None:
    chances = {comparison: dict(levels) for comparison, levels in MODEL.chances.items()}
    del chances[Comparison.GENDER]["different"]
    with pytest.raises(InvalidOption, match="gender: different"):
        Model(chances)


@pytest.mark.parametrize("wrong", [(0.0, 0.5), (0.5, 0.0), (-0.1, 0.5), (0.5, 1.2), (float("nan"), 0.5)])
def test_a_model_of_impossible_chances_is_refused(wrong: tuple[float, float]) -> None:
    chances = {comparison: dict(levels) for comparison, levels in MODEL.chances.items()}
    chances[Comparison.GENDER]["same"] = wrong
    with pytest.raises(InvalidOption, match="gender: same"):
        Model(chances)


# Frequencies


def weigh(base: list[Mapping[str, object]], incoming: list[Mapping[str, object]]) -> pl.DataFrame:
    """All pairs of these records, weighed, beside the ids of both."""
    known, came = a_roster(*base), a_roster(*incoming)  # type: ignore[arg-type]
    rows = to_records(came).with_columns(step=pl.lit(1, dtype=pl.Int8))
    students = to_records(known)
    pairs = [(row, student) for row in range(len(came)) for student in range(len(known))]
    frame = pl.DataFrame(pairs, schema=PAIRS, orient="row")
    levels = compare_pairs(frame, rows, students, further_forms(known, ()))
    found = weigh_pairs(levels, rows, students, MODEL)
    assert found.schema == SCORED
    assert found.select(PAIRS.names()).equals(frame)
    return found


def weight_of(found: pl.DataFrame, row: int, student: int, comparison: Comparison) -> int:
    pair = found.filter(pl.col("row") == row, pl.col("student") == student)
    return int(pair[MILLIBIT_COLUMNS[comparison]].item())


BASE = [a_student(f"s{i}", given_name=name) for i, name in enumerate(["Ana"] * 40 + ["Wendo"])]


def test_a_rare_name_weighs_more_than_a_common_one() -> None:
    found = weigh(BASE, [a_student(None, given_name="Ana"), a_student(None, given_name="Wendo")])
    common = weight_of(found, 0, 0, Comparison.GIVEN_NAME)
    rare = weight_of(found, 1, 40, Comparison.GIVEN_NAME)
    assert rare > common + 2000


def test_the_weight_of_a_name_is_of_its_frequency_in_both_rosters_and_the_shipped_one() -> None:
    found = weigh(BASE, [a_student(None, given_name="Ana")])
    m, u = MODEL.chances[Comparison.GIVEN_NAME]["same"]
    prior = MODEL.frequency_prior[Comparison.GIVEN_NAME]
    frequency = (41 + prior * u) / (42 + prior)
    assert weight_of(found, 0, 0, Comparison.GIVEN_NAME) == round(1000 * math.log2(m / frequency))


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
    found = weigh(base, [a_student(None, **{comparison: common}), a_student(None, **{comparison: rare})])
    assert weight_of(found, 1, 30, comparison) > weight_of(found, 0, 0, comparison)


def test_a_name_that_is_not_the_same_weighs_as_shipped_however_rare() -> None:
    found = weigh(BASE, [a_student(None, given_name="Wenda")])
    assert weight_of(found, 0, 40, Comparison.GIVEN_NAME) == MODEL.weight(Comparison.GIVEN_NAME, "typo")


def test_the_weight_of_a_pair_is_the_sum_of_its_fields() -> None:
    incoming = [a_student(None, gender="F", student_number="7"), a_student(None, given_name=None, birth_date=None)]
    found = weigh(BASE, incoming)
    total = found.select(pl.sum_horizontal(MILLIBIT_COLUMNS.values())).to_series()
    assert found["weight_mb"].to_list() == total.to_list()
    for comparison in set(Comparison) - {*MODEL.frequency_prior}:
        for level, weight in found.select(LEVEL_COLUMNS[comparison], MILLIBIT_COLUMNS[comparison]).unique().iter_rows():
            assert weight == MODEL.weight(comparison, level)


def test_no_pairs_have_no_weights() -> None:
    assert weigh([], []).is_empty()
