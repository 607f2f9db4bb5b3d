"""Steps, roles, states and windows: the tables that say what is possible when, cell by cell, without a store."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from attrs import evolve

from rosterdiff.config import Mode
from rosterdiff.errors import (
    IllegalStep,
    InvalidOption,
    NotPermitted,
    OutsideWindow,
    Unacknowledged,
    UploadRefused,
    WorkflowError,
)
from rosterdiff.migration.commands import (
    Acknowledge,
    Apply,
    Cancel,
    Command,
    Complete,
    Decide,
    Extend,
    Open,
    PassGuard,
    PutPlan,
    PutUpload,
    Reopen,
    Restore,
    Withdraw,
    decide,
    require_step,
)
from rosterdiff.migration.progress import Planned, Progress, Upload
from rosterdiff.migration.progress import evolve as after
from rosterdiff.migration.states import BESIDE, LIVE, TRANSITIONS, WINDOWED, Kind, State, possible_steps
from rosterdiff.migration.wording import STATES, happened
from rosterdiff.model import Actor
from rosterdiff.roles import PERMITTED, Role, Step
from rosterdiff.stores import Draft
from tests.migrations import ADA, BEN, CLOSES, OPENS

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
PLAN = Planned("p1", "d1", "i1", {"delete": 3}, certain=3, held=2, guards=(), actor=ADA, at=AT)
LIST = Upload("4A.csv", "abc", 10, 20, 0, {}, BEN, AT)
FACTS = {
    "plan_id": "p2", "document": "d2", "incoming": "i2", "counts": {"keep": 1}, "certain": 0, "held": 0, "guards": [],
    "kept": 0, "asked_again": 0,
}  # fmt: skip

COMMANDS: dict[Step, Command] = {
    Step.OPEN: Open(ADA, AT, Mode.MIGRATION, "2027", (OPENS, CLOSES)),
    Step.EXTEND: Extend(ADA, AT, date(2027, 3, 1)),
    Step.UPLOAD: PutUpload(ADA, AT, "5A.csv", "def", 10, 20, 0, {}, replace=False),
    Step.WITHDRAW: Withdraw(ADA, AT, "4A.csv"),
    Step.COMPLETE: Complete(ADA, AT),
    Step.REOPEN: Reopen(ADA, AT),
    Step.CANCEL: Cancel(ADA, AT),
    Step.PLAN: PutPlan(ADA, AT, FACTS),
    Step.ACKNOWLEDGE: Acknowledge(ADA, AT, 3),
    Step.DECIDE: Decide(ADA, AT, "d3", {"same": 2}),
    Step.OVERRIDE: PassGuard(ADA, AT, "too_few_found", "They moved.", ("too_few_found",)),
    Step.RESTORE: Restore(ADA, AT, "d4", 1),
    Step.APPLY: Apply(ADA, AT, "r1"),
}
"""A sound command of every step that is decided here; undoing is the store's to say."""


def at_state(state: State, **more: Any) -> Progress:
    """A migration in this state, with all that it may have there."""
    return Progress("migration", number=1, state=state, window=(OPENS, CLOSES), uploads=(LIST,), plan=PLAN, **more)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("role", Role)
def test_a_step_is_taken_only_by_its_roles_in_its_states(state: State, step: Step, role: Role) -> None:
    actor = Actor(role, "Bo")
    if role not in PERMITTED[step]:
        with pytest.raises(NotPermitted):
            require_step(at_state(state), step, actor, AT.date())
    elif step not in TRANSITIONS[state]:
        with pytest.raises(IllegalStep) as refused:
            require_step(at_state(state), step, actor, AT.date())
        assert refused.value.possible == tuple(map(str, possible_steps(state)))
        assert STATES[state] in str(refused.value)
        assert refused.value.hint
    else:
        require_step(at_state(state), step, actor, AT.date())


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", COMMANDS)
def test_an_allowed_step_leads_to_the_state_of_the_table(state: State, step: Step) -> None:
    if step not in TRANSITIONS[state]:
        return
    progress = at_state(state)
    drafts = decide(progress, COMMANDS[step])
    for draft in drafts:
        progress = after(progress, draft)
    if step is Step.RESTORE:  # the store says when it is done
        progress = after(progress, Draft(Kind.RESTORED, ADA, AT, {"plan_id": "p1", "document": "d4", "count": 1}))
    assert progress.state is TRANSITIONS[state][step]
    assert progress.version == len(drafts) + (step is Step.RESTORE)


@pytest.mark.parametrize("step", COMMANDS)
@pytest.mark.parametrize("day", [date(2026, 10, 31), date(2027, 2, 2)])
def test_outside_of_the_window_steps_are_refused_by_name_and_ends_are_not(step: Step, day: date) -> None:
    state = next(state for state in TRANSITIONS if step in TRANSITIONS[state])
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    command = evolve(COMMANDS[step], at=moment)
    if step in WINDOWED:
        with pytest.raises(OutsideWindow, match=rf"\({step}\).*2026-11-01 to 2027-02-01") as refused:
            decide(at_state(state), command)
        assert (refused.value.day, refused.value.window) == (day, (OPENS, CLOSES))
    else:
        assert decide(at_state(state), command)


@pytest.mark.parametrize("day", [OPENS, CLOSES])
def test_both_days_of_a_window_are_in_it(day: date) -> None:
    require_step(at_state(State.COLLECTING), Step.UPLOAD, BEN, day)


def test_what_was_begun_is_finished_after_the_window_too() -> None:
    require_step(at_state(State.APPLYING), Step.APPLY, ADA, date(2027, 6, 1))


def test_a_late_upload_is_told_to_reopen() -> None:
    for state in (State.COMPLETE, State.PLANNED):
        with pytest.raises(IllegalStep, match="reopen the migration, upload, and declare the uploads complete again"):
            decide(at_state(state), COMMANDS[Step.UPLOAD])


def test_a_second_version_of_a_file_is_refused_with_who_has_the_first_unless_it_replaces_it() -> None:
    progress = at_state(State.COLLECTING)
    second = PutUpload(ADA, AT, "4A.csv", "other", 10, 21, 0, {}, replace=False)
    with pytest.raises(UploadRefused, match="administrator:Ben uploaded another version"):
        decide(progress, second)
    (draft,) = decide(progress, evolve(second, replace=True))
    replaced = after(progress, draft)
    assert [upload.document for upload in replaced.standing_uploads] == ["other"]
    assert [str(upload.standing) for upload in replaced.uploads] == ["replaced", "stands"]
    assert happened(draft) == "replaced 4A.csv (21 rows)"


def test_the_same_file_once_more_is_no_event_and_read_otherwise_it_is() -> None:
    progress = at_state(State.COLLECTING)
    again = PutUpload(ADA, AT, "4A.csv", "abc", 10, 20, 0, {}, replace=False)
    assert decide(progress, again) == ()
    assert decide(progress, evolve(again, reading={"date_order": "mdy"}, replace=True))


def test_a_withdrawn_upload_counts_no_more_and_one_that_is_not_there_is_named() -> None:
    progress = at_state(State.COLLECTING)
    (draft,) = decide(progress, Withdraw(BEN, AT, "4A.csv"))
    assert after(progress, draft).standing_uploads == ()
    with pytest.raises(UploadRefused, match=r"The uploads are: 4A\.csv"):
        decide(progress, Withdraw(BEN, AT, "4B.csv"))


def test_nothing_is_declared_complete_where_no_student_is_listed() -> None:
    for uploads in ((), (evolve(LIST, rows=0),)):
        with pytest.raises(WorkflowError, match="no student"):
            decide(evolve(at_state(State.COLLECTING), uploads=uploads), COMMANDS[Step.COMPLETE])


def test_an_acknowledgement_states_the_number_of_the_plan() -> None:
    with pytest.raises(Unacknowledged, match="certain to delete 3 students, and 5") as refused:
        decide(at_state(State.PLANNED), Acknowledge(BEN, AT, 5))
    assert refused.value.expected == 3


def test_only_a_guard_that_holds_is_overridden_and_for_a_reason() -> None:
    held = COMMANDS[Step.OVERRIDE]
    assert isinstance(held, PassGuard)
    for wrong in (evolve(held, holding=()), evolve(held, reason="  ")):
        with pytest.raises(InvalidOption):
            decide(at_state(State.PLANNED), wrong)


def test_a_window_runs_forward_and_is_open_on_the_day_on_which_it_is_opened() -> None:
    opening = COMMANDS[Step.OPEN]
    assert isinstance(opening, Open)
    with pytest.raises(InvalidOption, match="ends on or after"):
        decide(at_state(State.NONE), evolve(opening, window=(CLOSES, OPENS)))
    with pytest.raises(OutsideWindow):
        decide(at_state(State.NONE), evolve(opening, window=(date(2027, 1, 1), CLOSES)))
    with pytest.raises(InvalidOption, match="ends on or after"):
        decide(at_state(State.PLANNED), Extend(ADA, AT, date(2026, 10, 1)))
    with pytest.raises(WorkflowError, match="no window"):
        decide(evolve(at_state(State.PLANNED), window=None), Extend(ADA, AT, CLOSES))


def test_decisions_that_say_nothing_new_are_no_event() -> None:
    assert decide(at_state(State.PLANNED), Decide(ADA, AT, "d3", {})) == ()


def test_a_new_plan_takes_the_words_with_it_that_stay_good_and_no_other() -> None:
    progress = at_state(State.PLANNED)
    for command in (COMMANDS[Step.ACKNOWLEDGE], COMMANDS[Step.OVERRIDE]):
        for draft in decide(progress, command):
            progress = after(progress, draft)
    assert progress.acknowledgement is not None
    bare = progress
    for draft in decide(progress, PutPlan(ADA, AT, FACTS)):
        bare = after(bare, draft)
    assert (bare.acknowledgement, bare.overrides) == (None, ())
    with_words = progress
    for draft in decide(progress, PutPlan(ADA, AT, FACTS, progress.acknowledgement, progress.overrides)):
        with_words = after(with_words, draft)
    assert with_words.acknowledgement is not None
    assert (with_words.acknowledgement.actor, with_words.acknowledgement.carried) == (ADA, True)
    assert [(word.about, word.reason, word.carried) for word in with_words.overrides] == [
        ("too_few_found", "They moved.", True)
    ]


def test_every_event_has_its_words_and_every_state_its_line() -> None:
    facts = {
        **FACTS, "mode": "bulk", "number": 1, "until": "2027-01-01", "replaces": None, "name": "4A.csv", "rows": 1,
        "uploads": 2, "count": 3, "held": 1, "verdicts": {"same": 3}, "guard": "too_few_found", "receipt_id": "r-1",
        "error": "StalePlan", "memory": "abc", "before": "2026-01-01", "given": {"by": "staff:Ada"},
    }  # fmt: skip
    for kind in Kind:
        assert happened(Draft(kind, ADA, AT, facts))
    assert set(STATES) == set(TRANSITIONS) == set(State)
    assert set(BESIDE) == set(PERMITTED) == set(Step)
    assert all(state in TRANSITIONS for state in LIVE)
