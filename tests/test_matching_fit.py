"""The m of the levels is learnt from the pairs at hand, each counted by its probability; a few pairs teach little."""

from collections import defaultdict

import numpy as np
import pytest

import oracle
from matching_cases import Fields, a_row, evident_of
from rosterdiff.levels import Comparison
from rosterdiff.matching.fit import refit
from rosterdiff.matching.model import Model, Table, shipped_model
from rosterdiff.matching.weigh import Evident
from rosterdiff.schema import COMPARED, LEVEL_COLUMNS
from rosterdiff.testing import a_student

MODEL = shipped_model()


def m_of(model: Model, table: str) -> dict[str, float]:
    return {level: m for level, (m, _) in model.chances[table].items()}


def evident(*pairs: tuple[Fields, Fields]) -> tuple[Evident, np.ndarray]:
    """Pairs of a student and a row, and which of all pairs of both lists these are."""
    base = [{**student, "student_id": f"s{i}"} for i, (student, _) in enumerate(pairs)]
    found = evident_of(base, [row for _, row in pairs])
    return found, np.array([float(r == s) for r, s in found.levels.select("row", "student").rows()])


def test_a_level_that_the_pairs_show_often_is_learnt_to_be_frequent() -> None:
    mistyped = [(a_student(given_name="Wendo"), a_row(given_name="Wendor"))] * 300
    found, chances = evident(*mistyped[:20])
    learnt = refit(MODEL, found, chances * 15)
    assert m_of(learnt, "given_name")["typo"] > 0.5 > m_of(MODEL, "given_name")["typo"]
    assert m_of(learnt, "given_name")["same"] < m_of(MODEL, "given_name")["same"] / 2


def test_without_likely_pairs_nothing_is_learnt() -> None:
    found, chances = evident((a_student(), a_row(given_name="Maro")), (a_student(), a_row()))
    learnt = refit(MODEL, found, chances * 0)
    for table in MODEL.chances:
        assert m_of(learnt, table) == pytest.approx(m_of(MODEL, table), abs=0.05), table


def test_the_u_of_every_level_stays() -> None:
    found, chances = evident(*[(a_student(), a_row(family_name="Quiss"))] * 5)
    learnt = refit(MODEL, found, chances)
    for table, levels in MODEL.chances.items():
        found_u = {level: u for level, (_, u) in learnt.chances[table].items()}
        assert found_u == {level: u for level, (_, u) in levels.items()}


def test_a_missing_value_counts_nowhere() -> None:
    found, chances = evident(*[(a_student(), a_row(birth_date=None))] * 5)
    learnt = refit(MODEL, found, chances)
    assert m_of(learnt, "birth_date") == pytest.approx(m_of(MODEL, "birth_date"), abs=0.05)
    assert "missing" not in learnt.chances["birth_date"]


def test_ids_of_the_template_are_not_learnt() -> None:
    """They decide which pairs are likely, and would confirm themselves."""
    found, chances = evident(*[(a_student(), {**a_row(), "student_id": f"s{i}"}) for i in range(5)])
    learnt = refit(MODEL, found, chances)
    assert learnt.chances["student_id"] == MODEL.chances["student_id"]


def test_a_level_that_another_field_tells_is_not_learnt_twice() -> None:
    """Names that change places are one event: the given name's level says it, and the family name's has m = 1."""
    found, chances = evident(*[(a_student(), a_row(given_name="Torenbek", family_name="Ilva"))] * 5)
    learnt = refit(MODEL, found, chances * 40)
    assert m_of(MODEL, "family_name")["swapped"] == m_of(learnt, "family_name")["swapped"] == 1.0
    assert m_of(learnt, "family_name") == pytest.approx(m_of(MODEL, "family_name"), abs=0.05)
    assert m_of(learnt, "given_name")["swapped"] > 0.5


def test_all_numbers_stay_chances_however_one_sided_the_pairs_are() -> None:
    """A fitted model is a model: no m is 0, also where a thousand pairs show one level alone."""
    found, chances = evident((a_student(), a_row()), (a_student(), a_row()))
    learnt = refit(MODEL, found, chances * 1e9)
    assert all(0 < m <= 1 for levels in learnt.chances.values() for m, _ in levels.values())


def test_the_m_of_every_table_is_the_share_of_its_levels_as_a_plain_count_has_it() -> None:
    people = [
        ({"given_name": "Ilva", "gender": "F", "grade": "03", "Place": "Quorrel"}, {"grade": "04", "Place": "Quorrel"}),
        ({"given_name": "Maro", "gender": "M"}, {"birth_date": "2011-11-27", "gender": "F", "grade": "07"}),
        ({"given_name": "Wendo", "gender": "F", "student_number": "71776"}, {"given_name": "Wendor", "gender": "F"}),
        ({"family_name": "Quiss", "Place": "Dunmere"}, {"student_number": "71767", "Place": "Dunmer"}),
        ({"birth_date": None, "middle_name": "Ro"}, {"birth_date": None, "middle_name": "R", "school": "Hill End"}),
    ]
    base = [a_student(f"s{i}", **student) for i, (student, _) in enumerate(people)]
    found = evident_of(base, [a_row(**{**student, **row}) for student, row in people], evidence={"Place": "fuzzy"})
    chances = np.array([(7 * at % 11) / 11 for at in range(found.levels.height)])
    learnt = refit(MODEL, found, chances)
    expected = oracle.learnt_m(MODEL, counted(found, chances))
    for table, levels in expected.items():
        assert m_of(learnt, table) == pytest.approx(levels, abs=0.01), table


def counted(found: Evident, chances: np.ndarray) -> dict[str, list[tuple[str, float]]]:
    """Table → the level of each pair that the table speaks of, with what the pair counts."""
    lines: dict[str, list[tuple[str, float]]] = defaultdict(list)
    further = found.further.rows(named=True)
    for at, (levels, chance) in enumerate(zip(found.levels.rows(named=True), chances.tolist(), strict=True)):
        for comparison in set(COMPARED) - {Comparison.STUDENT_ID}:
            table = str(comparison)
            if comparison is Comparison.GRADE and levels["birth_date_level"] in oracle.SAME_AGE:
                table = Table.GRADE_DATED
            if comparison is Comparison.GENDER and levels["given_name_level"] == "same":
                table = Table.GENDER_NAMED
            lines[table].append((levels[LEVEL_COLUMNS[comparison]], chance))
        for value in further[at].values():
            lines[Table.FURTHER_FUZZY].append((value, chance))
    return lines
