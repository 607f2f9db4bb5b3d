"""Applying: what stops a plan before anything is written, and what a plan becomes for a store."""

import attrs
import polars as pl
import pytest

from rosterdiff.apply import apply_plan, make_change_set, undo
from rosterdiff.config import Mode, Policy
from rosterdiff.errors import HeldPlan, NotPermitted, StalePlan, Unacknowledged, UnresolvedPlan
from rosterdiff.model import Acknowledgement, Actor, Override
from rosterdiff.pipeline import make_plan
from rosterdiff.planning import acknowledge_deletions
from rosterdiff.plans import Plan
from rosterdiff.schema import GUARD_RESULTS, UPDATES, conform
from rosterdiff.stores import MemoryStore
from rosterdiff.testing import a_roster, a_student

STAFF = Actor.parse("staff:Ada Example")
ADMINISTRATOR = Actor.parse("administrator:Ben Example")

MARO = a_student("s1", given_name="Maro")
LEAVER = a_student("s2", given_name="Teodin", family_name="Li", birth_date="2014-05-06")
ZE = a_student("s3", given_name="Zé", family_name="Vandel", birth_date="2015-01-01", grade=None)
NEWCOMER = a_student(given_name="Ünsal", family_name="Ashmore", birth_date="2015-07-08", Bus="7")
BASE = a_roster(MARO, LEAVER, ZE)
INCOMING = a_roster(
    NEWCOMER | {"student_id": "overwritten"},
    MARO | {"student_id": None, "class_name": "4A"},
    ZE | {"student_id": None},
    source_file="3B.csv",
)


@pytest.fixture(scope="module")
def plan() -> Plan:
    """One of everything that is not doubtful: Maro moves, Teodin leaves, Zé stays, Ünsal comes."""
    made = make_plan(BASE, INCOMING)
    assert made.counts == {"keep": 1, "update": 1, "add": 1, "delete": 1, "review": 0}
    return made


@pytest.fixture(scope="module")
def acknowledgement(plan: Plan) -> Acknowledgement:
    return acknowledge_deletions(plan, count=1, actor=ADMINISTRATOR)


def held(plan: Plan) -> Plan:
    """The same plan, held by a guard."""
    guard = {"code": "too_many_deletions", "held": True, "value": 0.4, "limit": 0.1, "sentence": "Too many would go."}
    return attrs.evolve(plan, guards=conform(pl.DataFrame([guard]), GUARD_RESULTS))


def doubtful_plan() -> Plan:
    """Maro's family name is mistyped and his class another: a review; Zé's address differs: reported."""
    rows = (
        MARO | {"family_name": "Torenbeck", "class_name": "4A"},
        ZE | {"email": "new@example.org", "class_name": "4A"},
    )
    base = a_roster(MARO, LEAVER, ZE | {"email": "old@example.org"})
    return make_plan(base, a_roster(*({**row, "student_id": None} for row in rows)))


def test_a_plan_is_applied_and_undone(plan: Plan, acknowledgement: Acknowledgement) -> None:
    """The store holds what the plan says; after undo it holds what it held, and the receipt tells both."""
    store = MemoryStore(BASE)
    before = store.load().frame
    receipt = apply_plan(plan, store, actor=STAFF, acknowledgement=acknowledgement)
    students = {student["student_id"]: student for student in store.load().frame.to_dicts()}
    (new,) = receipt.student_ids.values()
    assert set(students) == {"s1", "s3", new}
    assert students["s1"]["class_name"] == "4A"
    assert (students[new]["given_name"], students[new]["source_file"]) == ("Ünsal", None)
    assert (receipt.plan_id, receipt.origin, receipt.counts) == (
        plan.plan_id,
        plan.origin,
        {"add": 1, "update": 1, "delete": 1},
    )
    assert undo(receipt, store, actor=STAFF).undone_by == STAFF
    assert store.load().frame.equals(before)


def test_a_receipt_is_undone_by_its_name_too(plan: Plan, acknowledgement: Acknowledgement) -> None:
    store = MemoryStore(BASE)
    receipt = apply_plan(plan, store, actor=STAFF, acknowledgement=acknowledgement)
    assert undo(receipt.receipt_id, store, actor=STAFF).undone_at is not None


def test_the_same_plan_twice_has_the_effect_of_once(plan: Plan, acknowledgement: Acknowledgement) -> None:
    store = MemoryStore(BASE)
    receipts = [apply_plan(plan, store, actor=STAFF, acknowledgement=acknowledgement) for _ in range(2)]
    assert receipts[0] == receipts[1]
    assert len(store.load()) == 3


def test_a_plan_of_another_base_is_stale(plan: Plan, acknowledgement: Acknowledgement) -> None:
    """The refusal names the students that moved and those who came since, and nothing is written."""
    moved = MemoryStore(a_roster(MARO | {"grade": "05"}, LEAVER, ZE, a_student("s9")))
    before = moved.load().frame
    with pytest.raises(StalePlan) as refused:
        apply_plan(plan, moved, actor=STAFF, acknowledgement=acknowledgement)
    assert (refused.value.changed, refused.value.added) == (("s1",), ("s9",))
    assert moved.load().frame.equals(before)


# What stops a plan, in this order


class Untouchable(MemoryStore):
    """A store that must not be reached."""

    def apply(self, *_: object, **__: object) -> None:  # type: ignore[override]
        raise AssertionError("the store was reached")


def test_the_role_is_asked_first() -> None:
    """An administrator is refused before anything else is said of the plan."""
    with pytest.raises(NotPermitted):
        apply_plan(held(doubtful_plan()), Untouchable(BASE), actor=ADMINISTRATOR)
    with pytest.raises(NotPermitted):
        undo("any", Untouchable(BASE), actor=ADMINISTRATOR)


def test_open_review_entries_stop_a_plan_before_its_guards() -> None:
    plan = held(doubtful_plan())
    with pytest.raises(UnresolvedPlan) as refused:
        apply_plan(plan, Untouchable(BASE), actor=STAFF)
    assert refused.value.open_entries == plan.counts["review"] > 1


def test_a_guard_stops_a_plan_before_its_deletions(plan: Plan) -> None:
    """The refusal says the guard's sentence."""
    with pytest.raises(HeldPlan, match="Too many would go") as refused:
        apply_plan(held(plan), Untouchable(BASE), actor=STAFF)
    assert refused.value.codes == ("too_many_deletions",)


def test_an_override_lets_the_plan_pass(plan: Plan, acknowledgement: Acknowledgement) -> None:
    """Bound to this plan; one of another plan does nothing."""
    overrides = [
        Override(plan_id, "too_many_deletions", STAFF, "Two schools merge.") for plan_id in (plan.plan_id, "another")
    ]
    passed, not_passed = (attrs.evolve(held(plan), overrides=(override,)) for override in overrides)
    assert apply_plan(passed, MemoryStore(BASE), actor=STAFF, acknowledgement=acknowledgement).deleted == ("s2",)
    with pytest.raises(HeldPlan):
        apply_plan(not_passed, Untouchable(BASE), actor=STAFF, acknowledgement=acknowledgement)


def test_deletions_without_acknowledgement_are_refused(plan: Plan) -> None:
    with pytest.raises(Unacknowledged, match="deletes 1 student, and nobody") as refused:
        apply_plan(plan, Untouchable(BASE), actor=STAFF)
    assert (refused.value.student_ids, refused.value.expected) == (("s2",), 1)


@pytest.mark.parametrize(
    ("change", "words"),
    [({"origin": "another"}, "for another plan"), ({"certain": frozenset({"s1"})}, "does not cover 1")],
)
def test_an_acknowledgement_must_be_of_this_plan_and_cover_all(
    plan: Plan, acknowledgement: Acknowledgement, change: dict[str, object], words: str
) -> None:
    with pytest.raises(Unacknowledged, match=words):
        apply_plan(plan, Untouchable(BASE), actor=STAFF, acknowledgement=attrs.evolve(acknowledgement, **change))


def test_students_held_in_review_are_covered(plan: Plan, acknowledgement: Acknowledgement) -> None:
    """A student whom review found absent was listed beside the certain deletions."""
    listed = attrs.evolve(acknowledgement, certain=frozenset(), held=frozenset({"s2"}))
    assert apply_plan(plan, MemoryStore(BASE), actor=STAFF, acknowledgement=listed).deleted == ("s2",)


def test_a_plan_without_deletions_needs_no_acknowledgement() -> None:
    plan = make_plan(BASE, INCOMING, policy=Policy(mode=Mode.BULK))
    assert apply_plan(plan, MemoryStore(BASE), actor=STAFF).deleted == ()


# What a plan becomes


def test_added_rows_come_without_id_and_with_everything_else(plan: Plan) -> None:
    """An id that a row carries is not taken over; its place and further columns are kept for the store."""
    (row,) = make_change_set(plan).additions.to_dicts()
    assert (row["student_id"], row["Bus"], row["source_file"], row["row"]) == (None, "7", "3B.csv", 0)


def test_only_what_is_to_be_written_of_settled_pairs_is_written() -> None:
    """Neither a reported difference nor a change that belongs to a candidate in review."""
    plan = doubtful_plan()
    written = plan.changes.filter(pl.col("effect") == "write").select("student_id", "field").rows()
    assert set(written) == {("s1", "class_name"), ("s3", "class_name")}
    assert ("s3", "email", "report") in plan.changes.select("student_id", "field", "effect").rows()
    updates = make_change_set(plan).updates
    assert updates.schema == UPDATES
    assert updates.rows() == [("s3", "class_name", "3B", "4A")]


def test_every_touched_student_has_a_precondition(plan: Plan) -> None:
    changes = make_change_set(plan)
    assert sorted(changes.expected["student_id"]) == ["s1", "s2"]
    assert changes.known_ids == {"s1", "s2", "s3"}


def test_who_was_known_is_asked_only_of_plans_that_add() -> None:
    """A plan that only changes students stands, whoever joined since."""
    without = make_plan(BASE, a_roster(MARO | {"class_name": "4A"}, ZE), policy=Policy(mode=Mode.BULK))
    assert make_change_set(without).known_ids is None
    assert make_change_set(without).updates.filter(pl.col("field") == "class_name").height == 1


def test_a_change_set_shows_no_value(plan: Plan) -> None:
    assert "Maro" not in repr(make_change_set(plan))
