"""The grade step of an upload is what most of its children show; the workflow decides where they show none."""

import polars as pl
import pytest

from rosterdiff.config import Mode
from rosterdiff.frames import Roster, number_rows
from rosterdiff.matching.records import to_records
from rosterdiff.matching.sides import encode
from rosterdiff.matching.steps import estimate_steps
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
