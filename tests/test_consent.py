"""What named persons give their word for: deletions by their number, guards by name. All names invented."""

import pytest

from rosterdiff.errors import InvalidOption, NotPermitted, Unacknowledged
from rosterdiff.model import Actor, Decision, GuardCode
from rosterdiff.pipeline import make_plan
from rosterdiff.planning import acknowledge_deletions, override, resolve
from rosterdiff.plans import Plan
from rosterdiff.testing.builders import a_roster
from tests.school_year import ordinary, plan_year, row, student

BORN = "2018-03-03"
STAFF, ADMIN = Actor("staff", "Ada Example"), Actor("administrator", "Grace Example")


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Ten certain deletions and one student held."""
    return plan_year([student("s1", "Marazan", "Tregenza", BORN)], [row("Marazann", "Tregenza", BORN)])


@pytest.fixture(scope="module")
def stopped() -> Plan:
    """The list of another school."""
    return make_plan(a_roster(*ordinary()), a_roster(row("Lowen", "Tangye", BORN)))


def test_an_acknowledgement_holds_the_certain_and_the_held(plan: Plan) -> None:
    ack = acknowledge_deletions(plan, count=10, actor=ADMIN)
    assert ack.certain == {f"a{n}" for n in range(20, 30)}
    assert ack.held == {"s1"}
    assert ack.actor == ADMIN
    assert ack.origin == plan.plan_id


@pytest.mark.parametrize("count", [0, 9, 11, 12])
def test_another_number_is_no_acknowledgement(plan: Plan, count: int) -> None:
    with pytest.raises(Unacknowledged, match="10 students") as caught:
        acknowledge_deletions(plan, count=count, actor=ADMIN)
    assert caught.value.expected == 10


def test_the_number_is_that_of_the_unresolved_plan_and_stays_good_through_review(plan: Plan) -> None:
    final = resolve(plan, [Decision(0, verdict="new")])
    assert final.counts["delete"] == 11
    given = acknowledge_deletions(plan, count=10, actor=ADMIN)
    assert acknowledge_deletions(final, count=10, actor=ADMIN) == given
    with pytest.raises(Unacknowledged):
        acknowledge_deletions(final, count=11, actor=ADMIN)


def test_nobody_who_is_kept_is_covered(plan: Plan) -> None:
    ack = acknowledge_deletions(plan, count=10, actor=STAFF)
    assert not any(ack.covers(f"a{n:02}") for n in range(20))


def test_the_staff_and_nobody_else_passes_a_guard(stopped: Plan) -> None:
    passed = override(stopped, "too_few_found", actor=STAFF, reason="  The school moved. ")
    assert "too_few_found" not in passed.held_by
    assert passed.overrides[0].reason == "The school moved."
    assert passed.overrides[0].actor == STAFF
    with pytest.raises(NotPermitted):
        override(stopped, "too_few_found", actor=ADMIN, reason="The school moved.")


def test_one_guard_passed_leaves_the_others(stopped: Plan) -> None:
    others = set(stopped.held_by) - {"too_few_found"}
    passed = override(stopped, GuardCode.TOO_FEW_FOUND, actor=STAFF, reason="The school moved.")
    assert set(passed.held_by) == others


@pytest.mark.parametrize("reason", ["", "   "])
def test_an_override_says_why(stopped: Plan, reason: str) -> None:
    with pytest.raises(InvalidOption, match="reason"):
        override(stopped, "too_few_found", actor=STAFF, reason=reason)


@pytest.mark.parametrize("code", ["window_closed", "no_such_guard"])
def test_what_does_not_hold_is_not_overridden(stopped: Plan, code: str) -> None:
    with pytest.raises(InvalidOption, match="does not hold"):
        override(stopped, code, actor=STAFF, reason="Because.")


def test_an_override_belongs_to_its_plan_and_what_review_makes_of_it(stopped: Plan) -> None:
    passed = override(stopped, "too_few_found", actor=STAFF, reason="The school moved.")
    open_students = passed.entries["student_id"].drop_nulls().to_list()
    final = resolve(passed, [Decision(None, s, verdict="leave") for s in open_students])
    assert "too_few_found" not in final.held_by
    other = make_plan(a_roster(*ordinary()), a_roster(row("Piran", "Vashti", BORN)))
    assert other.plan_id not in {o.plan_id for o in passed.overrides}
