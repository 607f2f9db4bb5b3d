"""`planning.likenesses`: names that are nearly the same, of one child or of two. All names invented."""

import pytest

from rosterdiff.config import Policy
from rosterdiff.plans import Plan
from rosterdiff.testing.builders import Value
from tests.school_year import Record, of_row, of_student, plan_year, row, student

SIMILAR = Policy(accept_similar=True)
BORN = "2018-03-03"


def year_of(known: str, listed: str, *borne: str, **fields: Value) -> Plan:
    """The next year of a child, in lists in which other children are called as these are; `middle` is the base's."""
    base: list[Record] = [student("s1", known, "Tregenza", BORN, middle_name=fields.get("middle"))]
    rows: list[Record] = [row(listed, "Tregenza", BORN)]
    for at, name in enumerate(borne):
        base.append(student(f"b{at}", name, f"Bosanko{'abcdefgh'[at] * 2}", f"2018-0{at + 4}-1{at}"))
        rows.append(row(name, f"Bosanko{'abcdefgh'[at] * 2}", f"2018-0{at + 4}-1{at}"))
    return plan_year(base, rows, policy=SIMILAR)


ONE_CHILD = {
    "a slip that makes no name": ("Vivaan", "Vihaan", ("Vivaan",)),
    "a name that nobody else has, mistyped": ("Vivaan", "Vihaan", ("Vihaan",)),
    "two names that others have, but one sound": ("Ashlee", "Ashley", ("Ashlee", "Ashley")),
    "a short form that nobody else has": ("Perranwen", "Perr", ("Perranwen",)),
}
TWO_CHILDREN = {
    "two names that others have, a letter apart": ("Vivaan", "Vihaan", ("Vivaan", "Vihaan")),
    "a name in part that no middle name explains": ("Wella", "Wella Mereth", ()),
    "a short form that is a name of its own": ("Perranwen", "Perran", ("Perranwen", "Perran")),
    "names that only resemble": ("Maribeth", "Marazan", ()),
}


@pytest.mark.parametrize(("known", "listed", "borne"), ONE_CHILD.values(), ids=ONE_CHILD)
def test_a_name_that_nobody_else_has_is_a_slip_of_the_other(known: str, listed: str, borne: tuple[str, ...]) -> None:
    assert of_row(year_of(known, listed, *borne), 0)[2] == "s1"


@pytest.mark.parametrize(("known", "listed", "borne"), TWO_CHILDREN.values(), ids=TWO_CHILDREN)
def test_two_names_that_others_have_too_may_be_those_of_twins(known: str, listed: str, borne: tuple[str, ...]) -> None:
    plan = year_of(known, listed, *borne)
    assert of_row(plan, 0)[0] == of_student(plan, "s1")[0] == "review"


def test_a_part_of_a_given_name_may_be_the_middle_name() -> None:
    assert of_row(year_of("Wella", "Wella Mereth", middle="Mereth"), 0)[2] == "s1"


def test_an_id_tells_twins_apart_whatever_they_are_called() -> None:
    number = {"student_number": "71776"}
    others = [student("s2", "Vihaan", "Angarrack", "2018-05-06"), student("s3", "Vivaan", "Bolenowe", "2018-07-08")]
    known = student("s1", "Vivaan", "Tregenza", BORN, **number)
    rows = [row("Vihaan", "Tregenza", BORN, **number), row("Vivaan", "Bolenowe", "2018-07-08")]
    assert of_row(plan_year([known, *others], rows, policy=SIMILAR), 0)[2] == "s1"


@pytest.mark.parametrize(("others", "action"), [("Mereth", "review"), ("Loveday", "update")])
def test_without_birth_date_a_middle_name_holds_similar_names_unless_many_have_it(others: str, action: str) -> None:
    known = student("s1", "Marazan", "Tregenza", middle_name="Mereth")
    beside = [student(f"b{at}", name, f"Quick{name}", middle_name=others) for at, name in enumerate(("Jory", "Tamsin"))]
    rows = [row("Marazam", "Tregenza", middle_name="Mereth")]
    rows += [row(name, f"Quick{name}", middle_name=others) for name in ("Jory", "Tamsin")]
    plan = plan_year([known, *beside], rows, policy=SIMILAR)
    assert of_row(plan, 0)[0] == action


def test_without_birth_date_a_family_name_may_lose_a_part() -> None:
    known = student("s1", "Marazan", "Tregenza Holl")
    assert of_row(plan_year([known], [row("Marazan", "Holl")], policy=SIMILAR), 0)[2] == "s1"
    assert of_row(plan_year([known], [row("Marazan", "Holl")]), 0)[0] == "review"
