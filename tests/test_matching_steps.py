"""The grade step of an upload, and the school to which a grade goes on, are what most of its children show."""

import polars as pl
import pytest

from rosterdiff.config import Mode
from rosterdiff.frames import Roster, number_rows
from rosterdiff.matching.records import to_records
from rosterdiff.matching.sides import encode
from rosterdiff.matching.steps import LEAST_SHOWN, estimate_steps, find_next_schools
from rosterdiff.schema import STEPS
from rosterdiff.testing import a_roster, a_student

NAMES = ("Ana", "Maro", "Wendo", "Ro", "Quin")


def base(*grades: str | None) -> Roster:
    return a_roster(*(a_student(f"s{i}", given_name=NAMES[i], grade=grade) for i, grade in enumerate(grades)))


def upload(*grades: str | None, source_file: str = "3B.xlsx") -> Roster:
    rows = (a_student(None, given_name=NAMES[i], grade=grade) for i, grade in enumerate(grades))
    return a_roster(*rows, source_file=source_file)


def steps(known: Roster, *uploads: Roster, mode: Mode = Mode.MIGRATION) -> list[tuple[object, ...]]:
    together = Roster(number_rows(pl.concat([one.frame for one in uploads])))
    found = estimate_steps(*encode(to_records(together), to_records(known)), mode)
    assert found.schema == STEPS
    return found.rows()


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (("04", "04", "04"), (1, 3, 0, 0)),
        (("03", "03", "03"), (0, 0, 3, 0)),
        (("04", "04", "03"), (1, 2, 1, 0)),
        (("03", "04", "03"), (0, 1, 2, 0)),
        (("04", "07", "01"), (1, 1, 0, 2)),
    ],
    ids=["all advanced", "none advanced", "most advanced", "most the same", "others count for neither"],
)
def test_the_majority_decides_whatever_the_workflow(
    mode: Mode, after: tuple[str, ...], expected: tuple[int, ...]
) -> None:
    assert steps(base("03", "03", "03"), upload(*after), mode=mode) == [("3B.xlsx", *expected)]


@pytest.mark.parametrize(("mode", "step"), [(Mode.MIGRATION, 1), (Mode.BULK, 0)])
@pytest.mark.parametrize(
    "after", [("04", "03"), (None, None), ("UG", "Other"), ("09", "10")], ids=["a tie", "no grades", "unordered", "far"]
)
def test_where_neither_prevails_the_workflow_decides(mode: Mode, step: int, after: tuple[str | None, ...]) -> None:
    assert steps(base("03", "03"), upload(*after), mode=mode)[0][1] == step


def test_each_file_has_its_own_step() -> None:
    known = base("03", "03", "03", "03")
    advanced = a_roster(*(a_student(None, given_name=name, grade="04") for name in NAMES[:2]), source_file="b.csv")
    same = a_roster(*(a_student(None, given_name=name, grade="03") for name in NAMES[2:4]), source_file="a.csv")
    assert steps(known, advanced, same) == [("a.csv", 0, 0, 2, 0), ("b.csv", 1, 2, 0, 0)]


def test_rows_of_no_file_are_one_upload() -> None:
    rows = a_roster(a_student(None, given_name="Ana", grade="03"))
    assert steps(base("03"), rows) == [(None, 0, 0, 1, 0)]


def test_grades_without_a_number_advance_too() -> None:
    assert steps(base("PK", "KG"), upload("KG", "01")) == [("3B.xlsx", 1, 2, 0, 0)]


@pytest.mark.parametrize("side", ["base", "upload"])
def test_namesakes_show_nothing_because_it_is_not_known_who_is_who(side: str) -> None:
    twice = [a_student("s1", given_name="Ana", grade="03"), a_student("s2", given_name="Ana", grade="07")]
    if side == "base":
        assert steps(a_roster(*twice), upload("03")) == [("3B.xlsx", 1, 0, 0, 0)]
    else:
        assert steps(base("03"), a_roster(*twice, source_file="3B.xlsx")) == [("3B.xlsx", 1, 0, 0, 0)]


def test_those_without_a_full_name_show_nothing() -> None:
    one = a_student("s1", family_name=None, grade="03")
    assert steps(a_roster(one), a_roster(one, source_file="3B.xlsx")) == [("3B.xlsx", 1, 0, 0, 0)]


def test_no_rows_are_no_upload() -> None:
    assert steps(base("03"), a_roster()) == []


# The next school


def next_schools(after: list[str | None], *, step: int = 1, grade: str = "05") -> set[str | None]:
    """Where the children of grade 05 of Hill End are expected next year, of whom these are found in these schools."""
    known = [a_student(f"s{i}", given_name=f"Ana {i}", grade="05", school="Hill End") for i, _ in enumerate(after)]
    others = [a_student(f"t{i}", given_name=f"Ro {i}", grade="03", school="Hill End") for i in range(LEAST_SHOWN)]
    listed = [a_student(None, given_name=f"Ana {i}", school=school) for i, school in enumerate(after)]
    stayed = [a_student(None, given_name=f"Ro {i}", school="Hill End") for i in range(LEAST_SHOWN)]
    rows, students = encode(to_records(a_roster(*listed, *stayed)), to_records(a_roster(*known, *others)))
    found = find_next_schools(rows.with_columns(step=pl.lit(step, dtype=pl.Int8)), students)
    assert len(found) == students.height
    return set(found.filter(students["grade"] == grade))


def test_the_next_school_is_where_most_of_a_schools_grade_are_found() -> None:
    after: list[str | None] = ["Lakeside"] * 6 + ["Hill End"] * 2 + ["Far Away"] * 3
    assert next_schools(after) == {"lakeside"}
    assert next_schools(after, grade="03") == {None}


@pytest.mark.parametrize(
    "after",
    [
        ["Lakeside"] * (LEAST_SHOWN - 1),
        ["Lakeside"] * 6 + ["Far Away"] * 6,
        ["Lakeside"] * 4 + ["Hill End"] * 8,
        [None] * 12,
    ],
    ids=["too few", "they part ways", "most stay", "no school is told"],
)
def test_where_no_school_takes_most_of_a_grade_there_is_no_next_one(after: list[str | None]) -> None:
    assert next_schools(after) == {None}


def test_lists_of_this_year_show_no_next_school() -> None:
    assert next_schools(["Lakeside"] * 12, step=0) == {None}


def test_rosters_without_schools_have_no_next_one() -> None:
    records = to_records(a_roster(*(a_student(f"s{i}", given_name=f"Ana {i}") for i in range(12))))
    rows, students = encode(records, records)
    assert find_next_schools(rows.with_columns(step=1), students).null_count() == 12
