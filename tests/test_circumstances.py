"""`planning.circumstances`: what the rest of the lists says of pairs that only a name and a grade hold."""

from collections.abc import Callable
from itertools import product
from typing import TypeAlias

import polars as pl
import pytest

from rosterdiff import Mode, Plan, Policy, make_plan
from rosterdiff.planning.circumstances import weigh_blanks, weigh_company
from rosterdiff.testing import a_roster, a_student

Fields: TypeAlias = dict[str, str | None]

GIVEN = ("Ilva", "Maro", "Odette", "Perrin", "Sunniva", "Tobiah", "Wenzel", "Yorick")
FAMILY = ("Torenbek", "Quillfeather", "Zandvoord", "Brimblecomb", "Hazelgrove", "Oxenstone", "Lindqvarn", "Ravnkilde")
MIDDLE = ("Aurelio", "Benedikte", None)
SUBJECT = ("Leopoldine", "Vanterpool")
DEFAULT = Policy()


def a_school() -> list[Fields]:
    """Sixty-four students of eight grades, in families of two, two thirds of them with a middle name."""
    students: list[Fields] = []
    for at, (given, family) in enumerate(product(GIVEN, FAMILY)):
        own = f"{family}{'aeio'[at // 16]}"
        students.append({"given_name": given, "family_name": own, "grade": f"0{(at + at // 8) % 8 + 1}",
                         "middle_name": MIDDLE[at % 3], "birth_date": None})  # fmt: skip
    return students


def next_year(students: list[Fields]) -> list[Fields]:
    """Their rows in the next grade, but of the highest."""
    return [s | {"grade": f"0{int(str(s['grade'])) + 1}"} for s in students if s["grade"] != "08"]


def planned(base: list[Fields], rows: list[Fields], policy: Policy = DEFAULT) -> Plan:
    """The plan of these lists; the subject is the first of both."""
    incoming = a_roster(*(a_student(None, **row) for row in rows))
    return make_plan(a_roster(*(a_student(str(at), **one) for at, one in enumerate(base))), incoming, policy=policy)


def fate_of_subject(plan: Plan) -> tuple[str, str]:
    """Action and reason of the subject's row."""
    found = plan.entries.filter(pl.col("row") == 0).select(pl.col("action", "reason").cast(pl.String))
    return found.row(0)


def subject(grade: str, **fields: str | None) -> Fields:
    """The one whose row is looked at."""
    given, family = SUBJECT
    named: Fields = {"given_name": given, "family_name": family, "grade": grade, "middle_name": None}
    return named | {"birth_date": None} | fields


@pytest.mark.parametrize(("had", "has"), [("Aurelio", None), (None, "Aurelio")], ids=["lost", "gained"])
def test_a_middle_name_that_only_one_side_has_is_asked_about_where_the_file_gives_middle_names(
    had: str | None, has: str | None
) -> None:
    """All others of the file have the middle names that the base has: this row is likely a namesake's."""
    others = a_school()
    plan = planned([subject("04", middle_name=had), *others], [subject("05", middle_name=has), *next_year(others)])
    assert fate_of_subject(plan) == ("review", "too_little_evidence")


@pytest.mark.parametrize("habit", [lambda _: True, lambda at: at % 2 == 0], ids=["none", "every other"])
def test_a_file_without_middle_names_or_with_some_of_them_shows_no_habit(habit: Callable[[int], bool]) -> None:
    """What a file leaves out for many says nothing of the one."""
    others = a_school()
    rows = [row | ({"middle_name": None} if habit(at) else {}) for at, row in enumerate(next_year(others))]
    plan = planned([subject("04", middle_name="Aurelio"), *others], [subject("05"), *rows])
    assert fate_of_subject(plan)[0] == "update"


@pytest.mark.parametrize("field", [{"birth_date": "2014-05-06"}, {"student_number": "40511"}], ids=["date", "number"])
def test_a_birth_date_or_a_number_that_agrees_is_enough_beside_a_lost_middle_name(field: dict[str, str]) -> None:
    """Circumstances count only where name and grade are all there is."""
    others = a_school()
    base = [subject("04", middle_name="Aurelio", **field), *others]
    assert fate_of_subject(planned(base, [subject("05", **field), *next_year(others)]))[0] == "update"


def leaving_with_family(*, sister_stays: bool, policy: Policy = DEFAULT) -> Plan:
    """A school of pairs of siblings of whom five leave together; the subject has a sister."""
    others = a_school()
    gone = {str(s["family_name"]) for s in others[:5]}
    sister = subject("02", given_name="Theodolinde")
    rows = next_year([s for s in others if s["family_name"] not in gone])
    return planned(
        [subject("04"), sister, *others], [subject("05"), *(next_year([sister]) * sister_stays), *rows], policy
    )


def test_a_student_whose_likely_siblings_are_gone_is_asked_about() -> None:
    """Where families leave together, the row of his name is likely a newcomer's."""
    assert fate_of_subject(leaving_with_family(sister_stays=False)) == ("review", "too_little_evidence")
    assert fate_of_subject(leaving_with_family(sister_stays=True))[0] == "update"


def test_a_bulk_upload_says_of_nobody_that_he_is_gone() -> None:
    """It lists a part of the students, so that a sister who is not listed has not left."""
    plan = leaving_with_family(sister_stays=False, policy=Policy(mode=Mode.BULK))
    assert fate_of_subject(plan)[0] == "update"


def test_siblings_of_the_leaving_grade_say_nothing() -> None:
    """They leave whether their brothers do or not."""
    others = a_school()
    gone = {str(s["family_name"]) for s in others[:5]}
    brother = subject("08", given_name="Theodor")
    rows = next_year([s for s in others if s["family_name"] not in gone])
    assert fate_of_subject(planned([subject("04"), brother, *others], [subject("05"), *rows]))[0] == "update"


def test_where_siblings_leave_apart_those_who_left_say_nothing() -> None:
    """How much company counts is learnt from the lists: here who left says nothing of brothers and sisters."""
    fates = pl.DataFrame(
        {"student": range(40), "family": [f"f{at // 2}" for at in range(40)], "school": ["s"] * 40,
         "fate": ["gone", "found"] * 10 + ["found"] * 20},
    )  # fmt: skip
    pairs = pl.DataFrame({"row": [0], "student": [1]})
    apart = weigh_company(pairs, fates)[0]
    together = fates.with_columns(
        fate=pl.Series((["gone"] * 2 + ["found"] * 2) * 5 + ["gone", "found"] + ["found"] * 18)
    )
    assert apart == 0.0
    assert weigh_company(pl.DataFrame({"row": [0], "student": [21]}), together)[0] < -1.0


def test_circumstances_are_never_for_a_pair_and_nothing_is_said_without_columns() -> None:
    """Blanks that agree weigh nothing; a field that either list lacks is not looked at."""
    students = [a_student(str(at), **one) for at, one in enumerate(a_school())]
    base, incoming = a_roster(*students), a_roster(*(one | {"student_id": None} for one in students))
    at = pl.arange(0, len(base), eager=True, dtype=pl.UInt32)
    same, shifted = pl.DataFrame({"row": at, "student": at}), pl.DataFrame({"row": at, "student": at.reverse()})
    assert set(weigh_blanks(same, same, (base, incoming)).tolist()) == {0.0}
    assert max(weigh_blanks(shifted, same, (base, incoming)).tolist()) == 0.0
    assert min(weigh_blanks(shifted, same, (base, incoming)).tolist()) < -3.0


def test_a_record_repeated_out_of_step_is_not_kept_by_the_rarity_of_its_name() -> None:
    """Next year's list has a child of this name in the grade of before: one who repeats, or a leaver's namesake."""
    others = a_school()
    plan = planned([subject("04"), *others], [subject("04"), *next_year(others)])
    assert fate_of_subject(plan)[0] == "review"
