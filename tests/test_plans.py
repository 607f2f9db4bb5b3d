"""A plan that breaks what a plan promises cannot be built, and says everything in which it does."""

from typing import Any

import polars as pl
import pytest
from attrs import evolve

from plan_samples import STAFF, sample_plan
from rosterdiff.config import NAME_FIELDS, Mode, Policy
from rosterdiff.model import Action, Effect, GuardCode, Override, Reason
from rosterdiff.plans import plan_problems
from rosterdiff.testing import a_change_set, a_roster, a_student

PLAN = sample_plan()
SECRET = "Quillverran"


def entry(number: int, **values: Any) -> pl.DataFrame:
    """The sample's entries with other values in one of them."""
    changed = [
        pl.when(pl.col("entry") == number)
        .then(pl.lit(value, dtype=PLAN.entries.schema[name]))
        .otherwise(name)
        .alias(name)
        for name, value in values.items()
    ]
    return PLAN.entries.with_columns(changed)


def field(name: str) -> pl.DataFrame:
    return PLAN.changes.with_columns(pl.lit(name).alias("field"))


BROKEN = {
    "students are not each in exactly one entry": [
        {"entries": entry(2, student_id="S003")},
        {"entries": entry(2, student_id="S999")},
        {"entries": entry(6, student_id=None)},
    ],
    "rows are not each in exactly one entry": [
        {"entries": entry(3, row=0)},
        {"entries": entry(3, row=9)},
        {"entries": entry(0, row=None)},
    ],
    "entries are not numbered from 0": [
        {"entries": PLAN.entries.reverse()},
        {"entries": PLAN.entries.with_columns(pl.col("entry") + 1)},
    ],
    "an action has a reason that is not its own": [
        {"entries": entry(3, reason="unchanged")},
        {"entries": entry(6, reason="not_listed")},
    ],
    "a review entry has both a student and a row, or no group": [
        {"entries": entry(0, group=None)},
        {"entries": entry(0, student_id="S003")},
    ],
    "a settled entry has a group": [{"entries": entry(5, group=3)}],
    "an update has no student or no row": [{"entries": entry(4, row=None)}, {"entries": entry(4, student_id=None)}],
    "an add has a student, or a delete a row": [
        {"entries": entry(3, student_id="S001")},
        {"entries": entry(2, row=1)},
    ],
    "a name would be changed": [{"changes": field(name)} for name in NAME_FIELDS],
    "a bulk plan deletes": [{"policy": Policy(mode="bulk")}],
}


@pytest.mark.parametrize(
    ("problem", "change"), [(problem, change) for problem, cases in BROKEN.items() for change in cases]
)
def test_a_plan_that_breaks_a_promise_cannot_be_built(problem: str, change: dict[str, Any]) -> None:
    with pytest.raises(AssertionError, match=problem):
        evolve(PLAN, **change)


FRAMES = ("entries", "changes", "candidates", "issues", "coverage", "guards", "steps", "deletable")


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_of_other_columns_is_named(name: str) -> None:
    frame = getattr(PLAN, name)
    with pytest.raises(AssertionError, match=f"the frame {name} has other columns"):
        evolve(PLAN, **{name: frame.drop(frame.columns[0])})


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(AssertionError) as refused:
        evolve(PLAN, entries=entry(5, group=3), changes=field("given_name"))
    assert "a settled entry has a group; a name would be changed" in str(refused.value)


def test_a_sound_plan_has_no_problems() -> None:
    assert plan_problems(PLAN) == plan_problems(sample_plan(policy=Policy(mode="bulk"))) == []


def test_counts_name_every_action_the_quiet_ones_first() -> None:
    assert list(PLAN.counts.items()) == [("keep", 2), ("update", 1), ("add", 1), ("delete", 1), ("review", 2)]
    bulk = sample_plan(policy=Policy(mode="bulk"))
    assert (bulk.counts["delete"], bulk.mode) == (0, Mode.BULK)


def test_a_guard_holds_until_it_is_overridden_for_this_plan() -> None:
    assert PLAN.held_by == (GuardCode.TOO_FEW_FOUND,)
    passed = Override(PLAN.plan_id, "too_few_found", STAFF, "seen")
    assert evolve(PLAN, overrides=(passed,)).held_by == ()
    assert evolve(PLAN, overrides=(evolve(passed, plan_id="another"),)).held_by == PLAN.held_by
    assert evolve(PLAN, overrides=(evolve(passed, code="window_closed"),)).held_by == PLAN.held_by


def test_an_override_of_the_unresolved_plan_stays_good_through_review() -> None:
    resolved = evolve(PLAN, plan_id="b2" * 32)
    assert resolved.held_by
    assert evolve(resolved, overrides=(Override(PLAN.origin, "too_few_found", STAFF, "seen"),)).held_by == ()


def test_entries_are_iterated_in_order_with_the_changes_of_the_settled_alone() -> None:
    entries = list(PLAN.iter_entries())
    assert [found.entry for found in entries] == list(range(7))
    assert [(found.action, found.reason) for found in entries[3:5]] == [
        (Action.ADD, Reason.NO_SIMILAR_STUDENT),
        (Action.UPDATE, Reason.FIELDS_CHANGED),
    ]
    assert [len(found.changes) for found in entries] == [0, 0, 0, 0, 1, 0, 0]
    change = entries[4].changes[0]
    assert (change.field, change.before, change.after, change.effect) == ("class_name", "tab\there", "3B", Effect.WRITE)


def test_the_changes_of_an_entry_keep_their_order() -> None:
    names = [f"field {number:03}" for number in range(200)]
    lines = [(1, "S001", name, None, name, "write") for name in names]
    plan = evolve(PLAN, changes=pl.DataFrame(lines, schema=PLAN.changes.schema, orient="row"))
    assert [change.field for change in list(plan.iter_entries())[4].changes] == names


def test_changes_of_a_candidate_in_review_are_nobodys() -> None:
    """Row 3 resembles S003, and is not given to anyone yet."""
    assert "S003" in PLAN.changes["student_id"].to_list()
    assert all(not found.changes for found in PLAN.iter_entries() if found.action is Action.REVIEW)


def test_reprs_of_plans_and_change_sets_tell_counts_and_no_value() -> None:
    plan = sample_plan(text=SECRET)
    assert SECRET not in repr(plan)
    assert repr(plan) == f"<Plan {'a1' * 6} (migration): 2 keep, 1 update, 1 add, 1 delete, 2 review>"
    base = a_roster(a_student("s1"), a_student("s2"))
    changes = a_change_set(
        base, additions=[a_student(given_name=SECRET)], updates={"s1": {"email": SECRET}}, deletions=["s2"]
    )
    assert repr(changes) == f"<ChangeSet {changes.plan_id[:12]}: 1 additions, 1 updates, 1 deletions>"
    assert SECRET not in repr(changes)


def test_a_change_set_counts_students_and_not_fields() -> None:
    base = a_roster(a_student("s1"))
    changes = a_change_set(base, updates={"s1": {"email": "a@b.example", "grade": "04"}}, plan_id="p1")
    assert repr(changes) == "<ChangeSet p1: 0 additions, 1 updates, 0 deletions>"


def test_a_plan_and_a_change_set_are_equal_only_to_themselves() -> None:
    """Frames have no equality of their own; a plan is known by its id."""
    assert sample_plan() != sample_plan()
    changes = a_change_set(a_roster(a_student("s1")), deletions=["s1"])
    assert changes == changes  # noqa: PLR0124
    assert evolve(changes) != changes
