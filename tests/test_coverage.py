"""Absence counts only where the uploads speak. All names invented."""

import polars as pl
import pytest

from rosterdiff.config import Mode, Policy
from rosterdiff.frames import Context
from rosterdiff.pipeline import make_plan
from rosterdiff.plans import Plan
from rosterdiff.testing.builders import a_roster
from tests.school_year import (
    Record,
    advanced,
    groups,
    of_row,
    of_student,
    ordinary,
    plan_year,
    rosters,
    row,
    student,
)

BORN = "2018-03-03"


def lines_of(plan: Plan, class_name: str) -> dict[str, int]:
    return (
        plan.coverage.filter(pl.col("class_name") == class_name)
        .drop("school", "grade", "class_name")
        .row(0, named=True)
    )


def test_the_leaving_grade_is_deleted_though_nobody_of_it_is_listed() -> None:
    assert of_student(plan_year(), "a20") == ("delete", "not_listed", None)


def test_a_missing_student_of_a_covered_class_is_deleted() -> None:
    assert of_student(plan_year([student("s1", "Piran", "Vashti", BORN)]), "s1") == ("delete", "not_listed", None)


def test_a_class_of_which_nobody_was_found_is_one_question() -> None:
    lost = [student(f"s{n}", *name, BORN, grade="05", class_name="5B") for n, name in enumerate(
        [("Piran", "Vashti"), ("Lowen", "Tangye"), ("Marazan", "Hollow")])]  # fmt: skip
    plan = plan_year(lost)
    assert {of_student(plan, f"s{n}") for n in range(3)} == {("review", "class_not_covered", None)}
    assert len({groups(plan)[f"s{n}"] for n in range(3)}) == 1


def test_two_classes_that_are_missing_are_two_questions() -> None:
    lost = [student("s1", "Piran", "Vashti", BORN, grade="05", class_name="5B"),
            student("s2", "Lowen", "Tangye", BORN, grade="05", class_name="5C")]  # fmt: skip
    plan = plan_year(lost)
    assert groups(plan)["s1"] != groups(plan)["s2"]


def test_one_class_name_in_two_schools_is_two_classes() -> None:
    lost = [student("s1", "Piran", "Vashti", BORN, school="Hillside"),
            student("s2", "Lowen", "Tangye", BORN, school="Hillside", grade="06", class_name="6A")]  # fmt: skip
    plan = plan_year(lost)
    assert of_student(plan, "s1")[:2] == of_student(plan, "s2")[:2] == ("review", "class_not_covered")


def test_where_no_class_is_known_the_grade_is_what_is_covered() -> None:
    known: list[Record] = [{**known, "class_name": None} for known in ordinary()]
    gone = [student("s1", "Piran", "Vashti", BORN, class_name=None),
            student("s2", "Lowen", "Tangye", BORN, grade="02", class_name=None)]  # fmt: skip
    plan = make_plan(a_roster(*gone, *known), a_roster(*advanced(ordinary())))
    assert of_student(plan, "s1")[1] == "not_listed"
    assert of_student(plan, "s2")[1] == "class_not_covered"


@pytest.mark.parametrize("incoming", [
    a_roster(),
    a_roster(*(row(given, family, "2016-01-01") for given, family in [("Lowen", "Tangye"), ("Piran", "Vashti")])),
])  # fmt: skip
def test_where_nobody_at_all_was_found_nobody_is_deleted(incoming: object) -> None:
    """A header without rows, and the list of another school; the leaving grade is no exception."""
    plan = make_plan(a_roster(*ordinary()), incoming)  # type: ignore[arg-type]
    assert plan.counts["delete"] == 0
    assert plan.counts["review"] == 30
    assert "too_few_found" in plan.held_by


def test_a_student_in_doubt_shows_no_class_as_covered() -> None:
    """Else review could turn the doubt about one into the deletion of his whole class."""
    lost = [student("s1", "Piran", "Vashti", BORN, grade="05", class_name="5B"),
            student("s2", "Lowen", "Tangye", BORN, grade="05", class_name="5B")]  # fmt: skip
    plan = plan_year(lost, [row("Pirann", "Vashti", BORN, grade="06", class_name="6B")])
    assert of_student(plan, "s1")[1] == "name_differs"
    assert of_student(plan, "s2")[1] == "class_not_covered"


def test_protected_students_are_never_deleted() -> None:
    plan = plan_year(policy=Policy(protected={"a20", "a25"}))
    assert of_student(plan, "a20") == of_student(plan, "a25") == ("keep", "protected", None)
    assert plan.counts["delete"] == 8
    assert "a20" not in set(plan.deletable["student_id"])


def test_a_bulk_upload_deletes_nobody() -> None:
    plan = plan_year(policy=Policy(mode=Mode.BULK))
    assert plan.counts["delete"] == 0
    assert of_student(plan, "a20") == ("keep", "not_in_upload", None)
    assert plan.deletable.is_empty()


def test_the_policy_names_the_leaving_grades() -> None:
    assert of_student(plan_year(policy=Policy(leaving_grades=())), "a20")[:2] == ("review", "class_not_covered")
    base, incoming = rosters()
    fewer = a_roster(*[line for line in advanced(ordinary()) if line["grade"] != "05"])
    assert len(fewer) < len(incoming)
    plan = make_plan(base, fewer, policy=Policy(leaving_grades={"04"}))
    assert of_student(plan, "a10")[:2] == ("delete", "not_listed")
    assert of_student(plan, "a20")[:2] == ("review", "class_not_covered")


def test_a_base_without_grades_and_classes_has_no_leaving_grade() -> None:
    bare = [{name: known[name] for name in ("student_id", "given_name", "family_name", "birth_date")}
            for known in ordinary()]  # fmt: skip
    plan = make_plan(a_roster(*bare), a_roster())
    assert set(plan.entries["reason"].cast(pl.String)) == {"class_not_covered"}
    listed = make_plan(a_roster(*bare), a_roster(*[{**k, "student_id": None} for k in bare[1:]]))
    assert of_student(listed, "a00") == ("delete", "not_listed", None)


def test_an_empty_base_takes_all_rows_as_new() -> None:
    plan = make_plan(a_roster(), a_roster(*advanced(ordinary())))
    assert plan.counts == {"keep": 0, "update": 0, "add": 20, "delete": 0, "review": 0}
    assert plan.held_by == ()


def test_the_report_counts_what_became_of_each_class() -> None:
    known = [student("s1", "Piran", "Vashti", BORN), student("s2", "Lowen", "Tangye", BORN),
             student("s3", "Marazan", "Hollow", BORN)]  # fmt: skip
    rows = [row("Lowenn", "Tangye", BORN), row("Marazan", "Hollow", BORN, class_name="4C"), row("Zoja", "Kitto")]
    plan = plan_year(known, rows)
    assert lines_of(plan, "3A") == {"base": 13, "found": 11, "moved": 1, "in_review": 1, "not_listed": 1, "new": 0}
    assert of_row(plan, 2)[0] == "add"
    assert lines_of(plan, "4A")["new"] == 1
    assert plan.coverage["base"].sum() == len(plan.base)


def test_a_deleted_roster_or_another_school_covers_no_class() -> None:
    gone = a_roster(student("x1", "Piran", "Vashti", BORN, grade="05", class_name="5B"))
    lost = [student("s1", "Lowen", "Tangye", BORN, grade="05", class_name="5B")]
    plan = plan_year(lost, context=Context(deleted=gone, elsewhere=gone))
    assert of_student(plan, "s1")[1] == "class_not_covered"


@pytest.mark.parametrize(
    ("listed", "lines"),
    [
        ({"grade": None, "class_name": "4A"}, [("04", "4A", 1)]),
        ({"grade": None, "class_name": "4 a"}, [("04", "4A", 1)]),
        ({"grade": "04", "class_name": "4a"}, [("04", "4A", 1)]),
        ({"grade": "05", "class_name": "4A"}, [("04", "4A", 0), ("05", "4A", 1)]),
        ({"grade": None, "class_name": "9Z"}, [("04", "4A", 0), (None, "9Z", 1)]),
    ],
)
def test_a_class_is_listed_once_where_a_list_gives_less_of_its_name(
    listed: Record, lines: list[tuple[str | None, str, int]]
) -> None:
    plan = plan_year([student("s1", "Piran", "Vashti", BORN, grade="04", class_name="4A")], [
        {**row("Lowen", "Tangye", "2017-01-05"), **listed},
    ])  # fmt: skip
    coverage = plan.coverage.filter(pl.col("class_name").str.to_uppercase().is_in(["4A", "4 A", "9Z"]))
    assert coverage.select(pl.col("grade").cast(pl.String), "class_name", "new").rows() == lines


def test_a_class_that_may_be_one_of_two_is_a_class_of_its_own() -> None:
    here = [student("s1", "Piran", "Vashti", BORN, grade="04", class_name="Blue"),
            student("s2", "Marazan", "Hollow", BORN, grade="05", class_name="Blue")]  # fmt: skip
    plan = plan_year(here, [{**row("Lowen", "Tangye", "2017-01-05"), "grade": None, "class_name": "Blue"}])
    blue = plan.coverage.filter(class_name="Blue").select(pl.col("grade").cast(pl.String), "new")
    assert blue.rows() == [("04", 0), ("05", 0), (None, 1)]
