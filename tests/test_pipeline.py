"""Two rosters → a plan: the same for the same inputs in any order, another for any other input. All names invented."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from attrs import evolve

from rosterdiff.config import Guards, Policy
from rosterdiff.errors import InvalidRoster
from rosterdiff.frames import Context, Roster
from rosterdiff.model import KnownName
from rosterdiff.pipeline import make_plan
from rosterdiff.plans import Plan
from rosterdiff.schema import CLEARS, DOUBTS, PROVENANCE
from rosterdiff.testing.builders import a_roster
from tests.school_year import of_row, ordinary, plan_year, rosters, row, student

BORN = "2018-03-03"
STUDENTS = [student("s1", "Marazan", "Tregenza", BORN, Bus="7", Locker="12"), student("s2", "Ada", "Byte"),
            student("s3", "Ada", "Byte")]  # fmt: skip
ROWS = [row("Marazann", "Tregenza", BORN, Bus="9", Locker="12"), row("Ada", "Byte"), row("Lowen", "Tangye")]


def shuffled(roster: Roster, step: int) -> Roster:
    """The roster with its rows and its further columns in another order."""
    count = len(roster)
    frame = roster.frame.drop(PROVENANCE)[[(number * step + 3) % count for number in range(count)]]
    return Roster.from_frame(frame.select(reversed(frame.columns)))


def lines(plan: Plan) -> list[tuple[Any, ...]]:
    """The entries, their rows named by what stands in them."""
    content = plan.incoming.frame.select("row", "given_name", "family_name", "birth_date", "class_name")
    named = plan.entries.join(content, on="row", how="left", maintain_order="left").drop("row")
    return named.rows()


def test_another_order_of_rows_and_columns_is_the_same_plan() -> None:
    base, incoming = rosters(STUDENTS, ROWS)
    plan, other = make_plan(base, incoming), make_plan(shuffled(base, 4), shuffled(incoming, 3))
    assert len(base) % 4
    assert len(incoming) % 3
    assert plan.plan_id == other.plan_id
    assert lines(plan) == lines(other)
    assert plan.coverage.equals(other.coverage)
    assert plan.guards.equals(other.guards)
    assert plan.deletable.equals(other.deletable)


def test_rows_keep_the_numbers_that_the_caller_gave_them() -> None:
    plan = plan_year([], [row("Zoja", "Kitto"), row("Aban", "Angwin")])
    assert of_row(plan, 0)[0] == of_row(plan, 1)[0] == "add"
    assert plan.incoming.frame["given_name"][:2].to_list() == ["Zoja", "Aban"]
    first = plan.entries.filter(pl.col("student_id") == "a00")["row"].item()
    assert plan.incoming.frame["given_name"][first] == "Abena"


def test_the_same_inputs_twice_are_the_same_plan() -> None:
    one, other = plan_year(STUDENTS, ROWS), plan_year(STUDENTS, ROWS)
    assert one.plan_id == other.plan_id == one.origin
    for name in ("entries", "changes", "candidates", "issues", "coverage", "guards", "steps", "deletable"):
        assert getattr(one, name).equals(getattr(other, name)), name


def test_the_callers_rosters_are_not_changed() -> None:
    base, incoming = rosters(STUDENTS, ROWS)
    before = base.frame.clone(), incoming.frame.clone()
    plan = make_plan(base, incoming)
    assert base.frame.equals(before[0])
    assert incoming.frame.equals(before[1])
    assert plan.base is base
    assert plan.incoming is incoming


POLICIES = [
    Policy(mode="bulk"), Policy(accept=0.995), Policy(margin=7), Policy(review=0.03), Policy(protected={"a20"}),
    Policy(update_fields=("grade",)), Policy(overwrite_fields=("email",)), Policy(leaving_grades=("06",)),
    Policy(leaving_grades=()), Policy(classes="many"), Policy(guards=Guards(found=0.4)),
    Policy(accept_similar=True), Policy(evidence={"Bus": "exact"}), Policy(evidence={"Bus": "fuzzy"}),
]  # fmt: skip


def test_another_policy_is_another_plan() -> None:
    ids = [plan_year(policy=policy).plan_id for policy in (Policy(), *POLICIES)]
    assert len(set(ids)) == len(ids)


CONTEXTS = [
    Context(as_of=date(2027, 1, 1)), Context(school_year="2027"), Context(seats=99),
    Context(window=(date(2027, 1, 1), date(2027, 2, 1))), Context(names=[KnownName("a00", "Benno", None)]),
    Context(names=[KnownName("a00", None, "Benno")]), Context(deleted=a_roster(student("x", "Zoja", "Kitto"))),
    Context(elsewhere=a_roster(student("x", "Zoja", "Kitto"))),
]  # fmt: skip


def test_another_context_is_another_plan() -> None:
    ids = [plan_year(context=context).plan_id for context in (Context(), *CONTEXTS)]
    assert len(set(ids)) == len(ids)


def test_another_value_is_another_plan() -> None:
    base, incoming = rosters(STUDENTS, ROWS)
    plain = make_plan(base, incoming).plan_id
    cleared = evolve(incoming, clears=pl.DataFrame([(0, "class_name")], schema=CLEARS, orient="row"))
    doubted = evolve(incoming, doubts=pl.DataFrame([(0, 1, "duplicate")], schema=DOUBTS, orient="row"))
    others = [
        make_plan(base, a_roster({**ROWS[0], "email": "m@x.org"}, *ROWS[1:])).plan_id,
        make_plan(a_roster({**STUDENTS[0], "Bus": "8"}, *STUDENTS[1:], *ordinary()), incoming).plan_id,
        make_plan(base, cleared).plan_id,
        make_plan(base, doubted).plan_id,
    ]
    assert len({plain, *others}) == 5


def test_the_same_rows_in_other_uploads_are_another_plan() -> None:
    """Each upload has a grade step of its own; the name of a file has no meaning."""

    def sent(*files: str) -> str:
        frame = incoming.frame.with_columns(
            source_file=pl.Series([files[number % len(files)] for number in range(len(incoming))])
        )
        return make_plan(base, Roster(frame)).plan_id

    base, incoming = rosters(STUDENTS, ROWS)
    assert sent("one.xlsx") == sent("other.xlsx") != sent("one.xlsx", "other.xlsx")


@pytest.mark.parametrize("ids", [("s1", None), ("s1", "s1")])
def test_a_base_whose_students_have_no_id_of_their_own_is_refused(ids: tuple[str | None, str | None]) -> None:
    base = a_roster(*(student(i, "Ada", "Byte") if i else row("Ada", "Byte") for i in ids))
    with pytest.raises(InvalidRoster, match="student_id"):
        make_plan(base, a_roster(row("Ada", "Byte")))


def test_two_empty_rosters_are_an_empty_plan() -> None:
    plan = make_plan(a_roster(), a_roster())
    assert plan.entries.is_empty()
    assert plan.held_by == ()


def test_the_repr_of_a_plan_shows_counts_and_no_value() -> None:
    text = repr(plan_year(STUDENTS, ROWS))
    assert "review" in text
    assert not {"Marazan", "Tregenza", "s1"} & set(text.replace(",", " ").split())
