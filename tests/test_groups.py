"""What hangs together in doubt is asked about together, and nothing else. All names invented."""

import polars as pl

from rosterdiff.model import Action, Reason
from rosterdiff.planning.groups import number_groups
from rosterdiff.schema import PAIRS, ROW_PAIRS, enum_of
from tests.school_year import groups, plan_year, row, student

BORN = "2018-03-03"
ACTIONS, REASONS = enum_of(Action), enum_of(Reason)
PLACES = pl.DataFrame({"student": [0, 1, 2], "place": ["5B", "5B", "5C"]}, schema_overrides={"student": pl.UInt32})


def rows_of(*actions: str) -> pl.DataFrame:
    return pl.DataFrame({"row": range(len(actions)), "action": actions},
                        schema_overrides={"row": pl.UInt32, "action": ACTIONS})  # fmt: skip


def students_of(*reasons: str) -> pl.DataFrame:
    actions = ["delete" if reason == "not_listed" else "review" for reason in reasons]
    return pl.DataFrame(
        {"student": range(len(reasons)), "action": actions, "reason": reasons},
        schema_overrides={"student": pl.UInt32, "action": ACTIONS, "reason": REASONS},
    )


def numbered(
    rows: pl.DataFrame,
    students: pl.DataFrame,
    links: list[tuple[int, int]] = [],  # noqa: B006 - read only
    beside: list[tuple[int, int]] = [],  # noqa: B006 - read only
) -> tuple[list[int | None], list[int | None]]:
    found = number_groups(
        rows,
        students,
        pl.DataFrame(links, schema=PAIRS, orient="row"),
        pl.DataFrame(beside, schema=ROW_PAIRS, orient="row"),
        PLACES,
    )
    return found[0]["group"].to_list(), found[1]["group"].to_list()


def test_what_is_settled_has_no_group() -> None:
    assert numbered(rows_of("keep", "review"), students_of("not_listed")) == ([None, 0], [None])


def test_a_chain_of_candidates_is_one_group() -> None:
    rows, students = rows_of("review", "review", "review"), students_of("ambiguous", "ambiguous")
    assert numbered(rows, students, [(0, 0), (1, 0), (1, 1)]) == ([0, 0, 1], [0, 0])


def test_doubtful_rows_are_one_group() -> None:
    assert numbered(rows_of("review", "keep", "review"), students_of(), beside=[(0, 2)]) == ([0, None, 0], [])


def test_a_doubt_whose_other_row_is_settled_joins_nobody() -> None:
    rows = rows_of("review", "keep", "review")
    assert numbered(rows, students_of(), beside=[(0, 1), (1, 2)]) == ([0, None, 1], [])


def test_students_of_a_missing_class_are_one_group_each_class_its_own() -> None:
    missing = students_of(*["class_not_covered"] * 3)
    assert numbered(rows_of(), missing) == ([], [0, 0, 1])


def test_a_student_in_doubt_is_not_grouped_with_his_missing_class() -> None:
    students = students_of("name_differs", "class_not_covered", "class_not_covered")
    assert numbered(rows_of("review"), students, [(0, 0)]) == ([0], [0, 1, 2])


def test_groups_are_numbered_by_their_first_row_and_then_by_their_first_student() -> None:
    rows, students = rows_of("review", "review"), students_of("class_not_covered", "ambiguous", "ambiguous")
    assert numbered(rows, students, [(1, 1), (0, 2)]) == ([0, 1], [2, 1, 0])


def test_nothing_open_has_no_groups() -> None:
    assert numbered(rows_of(), students_of()) == ([], [])


def test_both_twins_are_in_one_item() -> None:
    known = [student("s1", "Jory", "Orrell", BORN), student("s2", "Tomas", "Orrell", BORN)]
    plan = plan_year(known, [row("Joryy", "Orrell", BORN), row("Tomass", "Orrell", BORN)])
    assert len({groups(plan)[key] for key in (0, 1, "s1", "s2")}) == 1


def test_two_doubts_that_have_nothing_to_do_with_each_other_are_two_items() -> None:
    known = [student("s1", "Jory", "Orrell", BORN), student("s2", "Marazan", "Hollow", "2017-09-09")]
    plan = plan_year(known, [row("Joryy", "Orrell", BORN), row("Marazann", "Hollow", "2017-09-09")])
    assert groups(plan)[0] == groups(plan)["s1"] != groups(plan)[1] == groups(plan)["s2"]
