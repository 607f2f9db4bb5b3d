"""Whom a row may be: ranked, with the evidence of every field. All names invented."""

import polars as pl
import pytest

from rosterdiff.frames import Context
from rosterdiff.planning.candidates import MOST_CANDIDATES, RUNNERS_UP
from rosterdiff.plans import Plan
from rosterdiff.schema import CANDIDATES, WEIGHT_COLUMNS
from rosterdiff.testing.builders import a_roster
from tests.school_year import candidates_of, of_row, plan_year, row, student

BORN, OTHER = "2018-03-03", "2017-11-20"


def of(plan: Plan, number: int) -> pl.DataFrame:
    return plan.candidates.filter(pl.col("row") == number)


@pytest.fixture(scope="module")
def plan() -> Plan:
    known = [
        student("s1", "Marazan", "Tregenza", BORN),
        student("s2", "Rosenwyn", "Tregenza", BORN),
        student("s3", "Ada", "Byte", OTHER),
    ]
    rows = [row("Marazann", "Tregenza", BORN), row("Ada", "Byte", OTHER), row("Lowen", "Tangye", "2018-06-06")]
    return plan_year(known, rows, context=Context(deleted=a_roster(student("s9", "Marazann", "Tregenza", BORN))))


def test_candidates_are_ranked_by_weight_from_1(plan: Plan) -> None:
    assert candidates_of(plan, 0) == ["s1", "s2"]
    in_base = of(plan, 0).filter(pl.col("pool") == "base")
    assert in_base["rank"].to_list() == [1, 2]
    assert in_base["weight"].is_sorted(descending=True)


def test_the_weights_of_the_fields_add_up_to_the_weight(plan: Plan) -> None:
    summed = plan.candidates.select(pl.sum_horizontal(WEIGHT_COLUMNS.values())).to_series()
    assert (summed - plan.candidates["weight"]).abs().max() < 1e-9  # type: ignore[operator]


def test_a_decided_row_shows_its_student_first_and_who_has_whom(plan: Plan) -> None:
    assert of_row(plan, 1)[2] == "s3"
    assert candidates_of(plan, 1)[0] == "s3"
    assert of(plan, 1)["taken_by"][0] == 1


def test_a_new_row_has_no_candidates(plan: Plan) -> None:
    assert of(plan, 2).is_empty()


def test_deleted_students_stand_beside_those_of_the_base_with_ranks_of_their_own(plan: Plan) -> None:
    assert candidates_of(plan, 0, "deleted") == ["s9"]
    assert of(plan, 0).filter(pl.col("pool") == "deleted")["rank"].to_list() == [1]


def test_a_student_whom_another_row_has_is_shown_as_taken() -> None:
    known = [student("s1", "Marazan", "Tregenza", BORN)]
    made = plan_year(known, [row("Rosenwyn", "Tregenza", BORN), row("Marazan", "Tregenza", BORN)])
    assert of(made, 0)["taken_by"].to_list() == [1]


def test_every_pair_stands_once_and_those_of_a_row_in_their_order(plan: Plan) -> None:
    assert plan.candidates.schema == CANDIDATES
    assert not plan.candidates.select("row", "student_id", "pool").is_duplicated().any()
    for _, found in plan.candidates.group_by("row", "pool"):
        assert found["rank"].to_list() == list(range(1, found.height + 1))


def test_of_very_many_alike_a_person_sees_the_best_and_all_are_held() -> None:
    many = [student(f"s{n:02}", "Ada", "Byte") for n in range(MOST_CANDIDATES + 5)]
    made = plan_year(many, [row("Ada", "Byte")])
    assert len(candidates_of(made, 0)) == MOST_CANDIDATES
    held = made.entries.filter(pl.col("student_id").is_in([line["student_id"] for line in many]))
    assert set(held["action"].cast(pl.String)) == {"review"}


def test_a_decided_row_keeps_few_runners_up() -> None:
    family = [student(f"s{n}", given, "Tregenza", BORN) for n, given in enumerate(
        ["Marazan", "Rosenwyn", "Jory", "Tomas", "Piran", "Lowen"])]  # fmt: skip
    rows = [row(str(line["given_name"]), "Tregenza", BORN) for line in family]
    made = plan_year(family, rows)
    assert of_row(made, 0)[2] == "s0"
    assert len(candidates_of(made, 0)) == 1 + RUNNERS_UP
