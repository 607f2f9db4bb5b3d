"""`link` gives the scored pairs of two rosters for reading: who, how sure, and by which levels."""

import polars as pl
import pytest

import rosterdiff as rd
from rosterdiff.errors import InvalidRoster
from rosterdiff.levels import LEVELS_OF, Comparison
from rosterdiff.schema import enum_of
from rosterdiff.testing import a_roster, a_student

BASE = a_roster(
    a_student("s1", student_number="17"),
    a_student("s2", given_name="Maro"),
    a_student("s3", given_name="Wendo", family_name="Quiss", birth_date="2015-07-21"),
)
INCOMING = a_roster(
    a_student(None, given_name="Wendo", family_name="Quiss", birth_date="2015-07-21", grade="04"),
    a_student(None, grade="04", student_number="17"),
    a_student(None, given_name="Maroo", grade="04"),
    a_student(None, given_name="Xu", family_name="Ek", birth_date="2011-11-30"),
)


def test_it_has_these_columns_and_types() -> None:
    found = rd.link(BASE, INCOMING)
    levels = {f"{comparison}_level": enum_of(LEVELS_OF[comparison]) for comparison in Comparison}
    assert found.schema == pl.Schema(
        {
            "row": pl.UInt32,
            "student_id": pl.String,
            "probability": pl.Float64,
            "weight": pl.Float64,
            "assigned": pl.Boolean,
            **levels,
        }
    )


def test_it_gives_the_likely_pairs_by_row_with_their_evidence() -> None:
    found = rd.link(BASE, INCOMING)
    assert found.select("row", "student_id", "assigned").rows() == [(0, "s3", True), (1, "s1", True), (2, "s2", True)]
    assert found["given_name_level"].to_list() == ["same", "same", "slip"]
    assert found["student_number_level"].to_list() == ["missing", "same", "missing"]
    assert (found["probability"] >= 0.5).all()


def test_a_school_to_which_a_grade_goes_on_together_is_expected_and_no_evidence_against() -> None:
    children = [
        {"given_name": f"Ana{letter}", "family_name": f"{letter}orenbek", "birth_date": f"2016-{month:02}-14"}
        for month, letter in enumerate("bcdfghjklmnp", 1)
    ]
    base = a_roster(*(a_student(f"s{i}", **c, grade="05", school="Hill End") for i, c in enumerate(children)))
    listed = [a_student(None, **child, grade="06", school="Lakeside") for child in children]
    listed[0] |= {"school": "Far Away"}
    found = rd.link(base, a_roster(*listed)).filter("assigned")
    assert found["school_level"].to_list() == ["moved"] + ["expected"] * 11
    assert found["weight"][0] < found["weight"][1:].min()


def test_a_lower_floor_shows_weaker_pairs_of_each_row_below_the_best() -> None:
    found = rd.link(BASE, INCOMING, floor=0.0)
    assert found.height == len(BASE) * len(INCOMING)
    assert found.equals(found.sort("row", "weight", descending=[False, True], maintain_order=True))
    assert found.group_by("row", maintain_order=True).first()["student_id"].to_list()[:3] == ["s3", "s1", "s2"]
    assert found.filter("assigned").select("row", "student_id").rows() == [(0, "s3"), (1, "s1"), (2, "s2")]


def test_a_floor_leaves_out_what_is_less_likely_even_with_an_equal_id() -> None:
    """Planning sees every pair that an id joins; a reader who asks for likely ones sees these alone."""
    stranger = a_roster(
        a_student(None, given_name="Xu", family_name="Ek", birth_date="2011-11-30", student_number="17")
    )
    assert rd.link(BASE, stranger, floor=0.9).is_empty()


def test_two_equally_good_students_share_the_probability() -> None:
    twins = a_roster(a_student("s1", birth_date=None), a_student("s2", birth_date=None))
    found = rd.link(twins, a_roster(a_student(None, birth_date=None, grade="04")), floor=0.0)
    assert found["probability"].n_unique() == 1
    assert found["probability"].sum() <= 1
    assert found["assigned"].sum() <= 1


@pytest.mark.parametrize("base", [a_roster(a_student(None)), a_roster(a_student("s1"), a_student("s1"))])
def test_a_base_without_ids_of_its_own_is_refused(base: rd.Roster) -> None:
    with pytest.raises(InvalidRoster):
        rd.link(base, INCOMING)


@pytest.mark.parametrize(("base", "incoming"), [(a_roster(), INCOMING), (BASE, a_roster()), (a_roster(), a_roster())])
def test_an_empty_roster_has_no_pairs(base: rd.Roster, incoming: rd.Roster) -> None:
    found = rd.link(base, incoming, floor=0.0)
    assert found.is_empty()
    assert found.columns == rd.link(BASE, INCOMING).columns


def test_neither_roster_is_changed() -> None:
    before = BASE.frame.clone(), INCOMING.frame.clone()
    rd.link(BASE, INCOMING)
    assert (BASE.frame.equals(before[0]), INCOMING.frame.equals(before[1])) == (True, True)
