"""Fields that agree together in two people are not counted as if they were independent; and it is never for a pair."""

import math

import pytest

from matching_cases import Fields, weighed, weight_of
from rosterdiff.levels import Comparison
from rosterdiff.matching.together import SHIPPED_STUDENTS, SMOOTHING, TWIN_OF_A_LEAVER, TWINS
from rosterdiff.testing import a_student

TOGETHER = Comparison.TOGETHER
NAMES = [f"{a}{b}{c}" for a in "BDFGKL" for b in "aeiou" for c in ("rn", "lm", "sk", "tt")]


def school(count: int, **fields: str) -> list[dict[str, object]]:
    """Students who share nothing but what is said of them."""
    return [
        a_student(
            f"s{i}",
            **{
                "given_name": f"Zo{NAMES[i]}",
                "family_name": f"Qu{NAMES[-1 - i]}",
                "birth_date": f"2016-{1 + i % 12:02}-{1 + i // 12:02}",
            }
            | fields,
        )
        for i in range(count)
    ]


def twins(count: int) -> list[dict[str, object]]:
    """As many pairs of twins, who share nothing else."""
    firsts = school(count)
    seconds = [{**first, "student_id": f"t{i}", "given_name": f"Wu{NAMES[i]}"} for i, first in enumerate(firsts)]
    return [*firsts, *seconds]


def together(base: list[dict[str, object]], row: Fields, evidence: dict[str, str] | None = None) -> tuple[str, int]:
    """Level and weight of the first student's pair with this row, which shares what it does not say otherwise."""
    found = weighed(base, [{**base[0], "student_id": None, **row}], evidence=evidence)  # type: ignore[list-item, dict-item]
    return found["together_level"][0], weight_of(found, 0, 0, TOGETHER)


def test_where_one_field_alone_agrees_nothing_goes_together() -> None:
    for row in ({"given_name": "Xa", "birth_date": None}, {"given_name": "Xa", "family_name": "Xo"}):
        assert together(twins(20), row) == ("apart", 0)


def test_family_name_and_birth_date_say_less_the_more_twins_a_school_has() -> None:
    other = {"given_name": "Xavo"}
    few, many = together([*twins(2), *school(40)[2:]], other), together(twins(20), other)
    assert few[0] == many[0] == "twins"
    assert many[1] < few[1] < 0


def test_a_few_shipped_twins_speak_where_a_list_has_none() -> None:
    level, weight = together(school(30), {"given_name": "Xavo"})
    assert level == "twins"
    expected = -math.log2((SMOOTHING + TWINS * SHIPPED_STUDENTS) / SMOOTHING)
    assert weight == pytest.approx(1000 * expected + TWIN_OF_A_LEAVER, abs=30)


@pytest.mark.parametrize(
    ("given", "is_another"),
    [("Zonnix", True), ("Wuhan", True), ("Zobernn", False), ("Z", False), (None, False)],
)
def test_a_given_name_that_is_another_one_weighs_the_more_beside_what_twins_share(
    given: str | None, is_another: bool
) -> None:
    """A twin joins where the other leaves more seldom than there are twins, but no child gets an unlike name."""
    base = school(30)
    level, weight = together(base, {"given_name": given})
    assert level == "twins"
    assert (weight < TWIN_OF_A_LEAVER) is is_another


def test_given_and_family_name_say_less_where_namesakes_abound() -> None:
    """A school of which ten are called the same, and no other two share a name."""
    alike = [
        a_student(f"n{i}", given_name="Ro", family_name="Kell", birth_date=f"2015-03-{i + 1:02}") for i in range(10)
    ]
    row = {"birth_date": "2012-11-27"}
    level, weight = together([*alike, *school(50)], row)
    assert level == "namesakes"
    assert weight < -1000
    assert together(school(50), row) == ("apart", 0)


def test_what_a_household_shares_is_counted_once() -> None:
    """Families of two with one address each: name and address agree together."""
    homes = school(20)
    found = [
        {
            **student,
            "student_id": f"{copy}{i}",
            "given_name": f"{given}{NAMES[i]}",
            "birth_date": born,
            "Home": NAMES[i],
        }
        for copy, given, born in (("a", "Zo", "2016-01-01"), ("b", "Wu", "2014-02-02"))
        for i, student in enumerate(homes)
    ]
    stranger = {"given_name": "Xavo", "birth_date": "2012-11-27"}
    level, weight = together(found, stranger, {"Home": "exact"})
    assert level == "household"
    assert weight < -1000
    assert together(found, {**stranger, "Home": None}, {"Home": "exact"}) == ("apart", 0)


@pytest.mark.parametrize("row", [{}, {"given_name": "Xavo"}, {"family_name": "Xavo"}, {"birth_date": "2012-11-27"}])
def test_it_never_speaks_for_a_pair(row: Fields) -> None:
    """Also where fields agree together less often than by chance."""
    base = school(40, family_name="Kell")
    for students in (base, twins(15), school(2), school(1)):
        assert together(students, row)[1] <= 0


def test_what_is_missing_shares_nothing() -> None:
    without = [{**student, "birth_date": None} for student in school(30)]
    assert together(without, {"given_name": "Xavo"}) == ("apart", 0)
