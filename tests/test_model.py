"""The nouns are frozen, an invalid one cannot be built, and none of them tells a value in its repr."""

import datetime as dt
from enum import StrEnum
from typing import Any

import attrs
import pytest

from rosterdiff import model
from rosterdiff.errors import InvalidOption, NotPermitted
from rosterdiff.model import (
    PERMITTED,
    REASONS_OF,
    ROW_VERDICTS,
    Acknowledgement,
    Action,
    Actor,
    Change,
    Decision,
    Entry,
    GuardCode,
    Issue,
    KnownName,
    Override,
    Reason,
    Receipt,
    Role,
    Severity,
    Step,
    Verdict,
)
from rosterdiff.schema import enum_of

STAFF = Actor(Role.STAFF, "Ada Example")
SECRET = "Quillverran"


def test_every_reason_belongs_to_an_action_and_every_action_has_reasons() -> None:
    assert set(REASONS_OF) == set(Action)
    assert frozenset().union(*REASONS_OF.values()) == frozenset(Reason)
    assert all(REASONS_OF.values())


def test_only_a_persons_same_is_a_reason_of_two_actions() -> None:
    shared = {r for r in Reason if sum(r in reasons for reasons in REASONS_OF.values()) > 1}
    assert shared == {Reason.DECIDED_SAME}


def test_the_doubtful_are_shown_first_and_the_order_is_that_of_the_frames() -> None:
    assert list(Action) == ["review", "delete", "add", "update", "keep"]
    assert enum_of(Action).categories.to_list() == list(Action)


def test_every_step_names_who_may_take_it_and_only_staff_may_write() -> None:
    assert set(PERMITTED) == set(Step)
    may = {step for step, roles in PERMITTED.items() if Role.ADMINISTRATOR in roles}
    assert may == {
        Step.OPEN, Step.UPLOAD, Step.WITHDRAW, Step.COMPLETE, Step.REOPEN, Step.CANCEL, Step.PLAN, Step.ACKNOWLEDGE
    }  # fmt: skip
    assert all(Role.STAFF in roles for roles in PERMITTED.values())


# Actors


def test_an_actor_is_read_as_it_is_written() -> None:
    actor = Actor.parse("administrator: Bo: of the office ")
    assert (actor.role, actor.name) == (Role.ADMINISTRATOR, "Bo: of the office")
    assert Actor.parse(str(actor)) == actor


@pytest.mark.parametrize("text", ["", "staff", "staff:", "staff:  ", "king:Bo", ":Bo", "Staff:Bo"])
def test_an_actor_without_a_known_role_and_a_name_is_refused(text: str) -> None:
    with pytest.raises(InvalidOption, match="ROLE:NAME"):
        Actor.parse(text)


@pytest.mark.parametrize(
    ("role", "name"), [("staff", ""), ("staff", "  "), ("staff", "x" * 201), ("staff", 7), ("king", "Bo")]
)
def test_nobody_is_no_actor(role: str, name: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        Actor(role, name)  # type: ignore[arg-type]


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("role", Role)
def test_a_step_is_open_to_the_roles_of_the_table_alone(step: Step, role: Role) -> None:
    actor = Actor(role, "Bo")
    if role in PERMITTED[step]:
        actor.require(step)
    else:
        with pytest.raises(NotPermitted, match=step):
            actor.require(step)


# Decisions

GOOD = {
    Verdict.SAME: {"row": 3, "student_id": "s1"},
    Verdict.NEW: {"row": 3},
    Verdict.IGNORE: {"row": 0},
    Verdict.DELETE: {"student_id": "s1"},
    Verdict.LEAVE: {"student_id": "s1"},
    Verdict.RESTORE: {"row": 3, "student_id": "s1"},
    Verdict.OPEN: {},
}


@pytest.mark.parametrize(("verdict", "fields"), GOOD.items())
def test_a_verdict_names_what_it_is_about(verdict: Verdict, fields: dict[str, Any]) -> None:
    assert Decision(**fields, verdict=verdict.value).verdict is verdict


@pytest.mark.parametrize(
    ("verdict", "fields"),
    [(verdict, fields) for verdict in Verdict for of, fields in GOOD.items()
     if verdict is not Verdict.OPEN and fields.keys() != GOOD[verdict].keys()],
)  # fmt: skip
def test_a_verdict_about_something_else_is_refused(verdict: Verdict, fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidOption, match=verdict):
        Decision(**fields, verdict=verdict)


def test_a_remembered_row_needs_no_number() -> None:
    assert Decision(verdict="new", row_key="key").row is None
    with pytest.raises(InvalidOption):
        Decision(student_id="s1", verdict="delete", row_key="key")


def test_every_verdict_but_open_is_about_a_row_or_a_student() -> None:
    assert {verdict for verdict, fields in GOOD.items() if "row" in fields} == ROW_VERDICTS


def test_an_unknown_verdict_is_refused() -> None:
    with pytest.raises(ValueError, match="perhaps"):
        Decision(0, verdict="perhaps")


# The others


def test_a_guard_is_passed_only_with_a_reason() -> None:
    assert Override("p1", "too_many_updates", STAFF, "seen by me").code is GuardCode.TOO_MANY_UPDATES
    for reason in ("", "  "):
        with pytest.raises(ValueError, match="reason"):
            Override("p1", GuardCode.TOO_MANY_UPDATES, STAFF, reason)
    with pytest.raises(ValueError, match="luck"):
        Override("p1", "luck", STAFF, "seen")


def test_an_acknowledgement_covers_the_certain_and_the_held_alone() -> None:
    given = Acknowledgement("p1", STAFF, certain=["s1"], held=("s2",))
    assert [given.covers(student) for student in ("s1", "s2", "s3")] == [True, True, False]


def test_a_receipt_counts_what_was_done() -> None:
    now = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
    receipt = Receipt("r1", "p2", "p1", STAFF, now, {3: "n1", 4: "n2"}, updated=["s1"], deleted=[])
    assert receipt.counts == {"add": 2, "update": 1, "delete": 0}
    assert (receipt.updated, receipt.deleted, receipt.undone_at) == (("s1",), (), None)


def test_reprs_tell_no_names_and_no_values() -> None:
    told = [
        Actor(Role.STAFF, SECRET),
        KnownName("s1", SECRET, SECRET),
        Change("email", SECRET, SECRET),
        Decision(0, verdict="new", comment=SECRET),
        Override("p1", GuardCode.TOO_MANY_UPDATES, STAFF, SECRET),
        Entry(0, Action.ADD, Reason.DECIDED_NEW, None, None, 0, 0.9, 1.0, 1.0, (Change("email", None, SECRET),)),
    ]
    assert SECRET not in " ".join(map(repr, told))


def test_an_issue_has_a_known_severity() -> None:
    assert Issue("error", "code", "message").severity is Severity.ERROR
    with pytest.raises(ValueError, match="fatal"):
        Issue("fatal", "code", "message")


CLASSES = [found for found in vars(model).values() if isinstance(found, type) and attrs.has(found)]


@pytest.mark.parametrize("found", CLASSES, ids=lambda found: found.__name__)
def test_every_noun_is_frozen(found: type) -> None:
    assert found.__setattr__ is not object.__setattr__
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        found.__new__(found).anything = 1


def test_closed_sets_are_their_words() -> None:
    sets = [found for found in vars(model).values() if isinstance(found, type) and issubclass(found, StrEnum)]
    assert len(sets) >= 10
    assert all(member.value == member.name.lower() for found in sets for member in found)
