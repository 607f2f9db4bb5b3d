"""Columns that a host declares as evidence: each kind has its levels, and both sides must have the column."""

import polars as pl
import pytest

from matching_cases import a_row, compared
from oracle import value_level
from rosterdiff.config import Evidence
from rosterdiff.levels import ValueLevel
from rosterdiff.matching.compare_further import chance_levels
from rosterdiff.testing import a_student

VALUES = [
    ("exact", "QX 4170", "qx4170", "same"),
    ("exact", "QX4170", "QX4171", "typo"),
    ("exact", "QX4170", "QX4107", "typo"),
    ("exact", "ro.kell@x.example", "ro.kehl@x.exmaple", "typo"),
    ("exact", "QX4170", "QY4171", "different"),
    ("exact", "417", "418", "different"),
    ("exact", "Mill Lane 4", "Dunmere Road 17", "different"),
    ("exact", None, "QX4170", "missing"),
    ("exact", "--", "QX4170", "missing"),
    ("fuzzy", "4 Mill Lane", "4, mill lane", "same"),
    ("fuzzy", "4 Mill Lane", "4 Mil Lane", "typo"),
    ("fuzzy", "4 Mill Lane", "4 Mill Lane, Quorrel", "similar"),
    ("fuzzy", "4 Mill Lane Quorrel", "17 Dunmere Road Quorrel", "part"),
    ("fuzzy", "4 Mill Lane", "17 Dunmere Road", "different"),
    ("fuzzy", None, "4 Mill Lane", "missing"),
    ("categorical", "Weaver", "WEAVER", "same"),
    ("categorical", "Weaver", "Weavel", "different"),
    ("categorical", None, None, "missing"),
]


def level_of(kind: str, one: str | None, other: str | None) -> str:
    found, _ = compared([a_student("s1", Place=other)], [a_row(Place=one)], evidence={"Place": kind})
    return str(found.further.item())


@pytest.mark.parametrize(("kind", "one", "other", "level"), VALUES)
def test_values_of_a_kind_agree_on_a_level_whichever_side_they_stand_on(
    kind: str, one: str | None, other: str | None, level: str
) -> None:
    assert (level_of(kind, one, other), level_of(kind, other, one)) == (level, level)


def test_every_level_is_shown_here() -> None:
    assert {level for *_, level in VALUES} == {level.value for level in ValueLevel}


@pytest.mark.parametrize(("kind", "one", "other", "level"), [v for v in VALUES if v[1] and v[1] != "--"])
def test_the_oracle_reads_the_words_in_the_same_way(kind: str, one: str, other: str, level: str) -> None:
    from rosterdiff.names import fold, tokens

    key = tokens if kind == "fuzzy" else fold
    assert value_level(key(one), key(other), kind) == level


def test_a_column_that_one_side_lacks_is_not_compared() -> None:
    found, sides = compared([a_student("s1", Place="x")], [a_row(Street="y")], evidence={"Place": "exact"})
    assert (found.further.width, sides.columns) == (0, {})
    both = compared([a_student("s1", Place="x")], [a_row(Place="y")], evidence={"Place": "exact", "Street": "fuzzy"})
    assert list(both[1].columns) == both[0].further.columns == ["evidence:Place"]


def test_a_column_that_nobody_declared_is_not_compared() -> None:
    found, _ = compared([a_student("s1", Place="x")], [a_row(Place="x")])
    assert found.further.width == 0


def test_levels_come_in_the_order_of_the_pairs() -> None:
    base = [a_student(f"s{i}", Place=place) for i, place in enumerate(("Quorrel", None, "Dunmere"))]
    found, _ = compared(base, [a_row(Place="dunmere"), a_row(Place="quorrel")], evidence={"Place": "exact"})
    levels = ["different", "missing", "same", "same", "missing", "different"]
    assert found.further["evidence:Place"].to_list() == levels


def test_a_partial_date_belongs_to_the_birth_date_and_is_no_column_of_its_own() -> None:
    base = [a_student("s1", birth_date=None, Born="2016-03"), a_student("s2", birth_date="2016-03-14", Born="1950")]
    found, sides = compared(base, [a_row(birth_date="2016-03-14", Born=None)], evidence={"Born": "partial_date"})
    assert sides.columns == {}
    assert found.levels["birth_date_level"].to_list() == ["partial", "same"]


# What chance shows


def test_of_small_lists_all_pairs_show_how_often_a_level_is_seen_by_chance() -> None:
    rows, students = pl.Series(["quorrel", None, "dunmere"]), pl.Series(["quorrel", "quorrem", "ashfold", "tam", None])
    assert chance_levels(rows, students, Evidence.EXACT) == {"same": 1, "typo": 1, "different": 6}


def test_of_large_lists_some_pairs_do_and_every_value_is_among_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rosterdiff.matching.compare_further.CHANCE_PAIRS", 1000)
    values = pl.Series([f"{letter * 9}" for letter in "abcdefghijklmnopqrst"] * 10)
    found = chance_levels(values, values, Evidence.EXACT)
    assert sum(found.values()) == 1000
    assert found["same"] == pytest.approx(1000 / 20, abs=15)


@pytest.mark.parametrize("empty", [[], [None, None]])
def test_a_column_without_values_shows_nothing(empty: list[None]) -> None:
    assert chance_levels(pl.Series(empty, dtype=pl.String), pl.Series(["quorrel"]), Evidence.FUZZY) == {}
