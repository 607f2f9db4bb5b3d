"""The states of the workflow, the steps that lead from one to another, and what is written down of each.

Invariants: `TRANSITIONS` is the whole of what is possible when; a step that it does not name in a state is refused.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from rosterdiff.roles import Step


class State(StrEnum):
    """Where a migration, or a bulk upload, stands."""

    NONE = "none"  # not opened
    COLLECTING = "collecting"
    COMPLETE = "complete"
    PLANNED = "planned"
    APPLYING = "applying"  # begun and not yet known to be done
    APPLIED = "applied"
    UNDONE = "undone"
    CANCELLED = "cancelled"


class Kind(StrEnum):
    """What happened: the events of the journal."""

    OPENED = "opened"
    EXTENDED = "extended"
    UPLOADED = "uploaded"
    WITHDRAWN = "withdrawn"
    COMPLETED = "completed"
    REOPENED = "reopened"
    CANCELLED = "cancelled"
    PLANNED = "planned"
    ACKNOWLEDGED = "acknowledged"
    DECIDED = "decided"
    OVERRIDDEN = "overridden"
    RESTORING = "restoring"  # about to be
    RESTORED = "restored"
    RESTORE_FAILED = "restore_failed"
    APPLYING = "applying"  # about to be
    APPLIED = "applied"
    APPLY_FAILED = "apply_failed"
    APPLY_LOST = "apply_lost"  # the store knows nothing of it
    UNDONE = "undone"
    REMEMBERED = "remembered"
    FORGOTTEN = "forgotten"
    PURGED = "purged"


class Kept(StrEnum):
    """What is kept beside the students, and can be purged."""

    UPLOADS = "uploads"
    PLANS = "plans"
    DECISIONS = "decisions"
    NAMES = "names"
    TOMBSTONES = "tombstones"


TRANSITIONS: Final[Mapping[State, Mapping[Step, State]]] = {
    State.NONE: {Step.OPEN: State.COLLECTING},
    State.COLLECTING: {
        Step.UPLOAD: State.COLLECTING,
        Step.WITHDRAW: State.COLLECTING,
        Step.COMPLETE: State.COMPLETE,
        Step.EXTEND: State.COLLECTING,
        Step.CANCEL: State.CANCELLED,
    },
    State.COMPLETE: {
        Step.PLAN: State.PLANNED,
        Step.REOPEN: State.COLLECTING,
        Step.EXTEND: State.COMPLETE,
        Step.CANCEL: State.CANCELLED,
    },
    State.PLANNED: {
        Step.PLAN: State.PLANNED,
        Step.ACKNOWLEDGE: State.PLANNED,
        Step.DECIDE: State.PLANNED,
        Step.OVERRIDE: State.PLANNED,
        Step.RESTORE: State.COMPLETE,
        Step.APPLY: State.APPLYING,
        Step.REOPEN: State.COLLECTING,
        Step.EXTEND: State.PLANNED,
        Step.CANCEL: State.CANCELLED,
    },
    State.APPLYING: {Step.APPLY: State.APPLYING},
    State.APPLIED: {Step.UNDO: State.UNDONE, Step.OPEN: State.COLLECTING},
    State.UNDONE: {Step.REOPEN: State.COLLECTING, Step.OPEN: State.COLLECTING},
    State.CANCELLED: {Step.OPEN: State.COLLECTING},
}
"""State → the steps that are possible in it → the state that they lead to."""

LIVE: Final = frozenset({State.COLLECTING, State.COMPLETE, State.PLANNED, State.APPLYING})
"""States from which a migration may still write."""

WINDOWED: Final = frozenset(
    {
        Step.OPEN, Step.UPLOAD, Step.WITHDRAW, Step.COMPLETE, Step.REOPEN, Step.PLAN, Step.ACKNOWLEDGE, Step.DECIDE,
        Step.OVERRIDE, Step.RESTORE, Step.APPLY,
    }
)  # fmt: skip
"""Steps that a migration takes within its window alone; what ends it or takes it back is never too late."""

_ALWAYS: Final = {Kind.EXTENDED, Kind.PURGED}
_WORDS: Final = {Kind.DECIDED, Kind.ACKNOWLEDGED, Kind.OVERRIDDEN}
_OTHERS: Final[Mapping[Step, set[Kind]]] = {
    Step.UPLOAD: {Kind.UPLOADED, Kind.WITHDRAWN},
    Step.WITHDRAW: {Kind.UPLOADED, Kind.WITHDRAWN},
    Step.DECIDE: _WORDS,
    Step.OVERRIDE: _WORDS,
    Step.ACKNOWLEDGE: {Kind.DECIDED, Kind.OVERRIDDEN},
}

BESIDE: Final[Mapping[Step, frozenset[Kind]]] = {
    step: frozenset(_ALWAYS | _OTHERS.get(step, set())) if step is not Step.EXTEND else frozenset({Kind.PURGED})
    for step in Step
}
"""What may have happened since an actor looked, without his step being another one than he meant."""


def possible_steps(state: State) -> tuple[Step, ...]:
    """The steps that are possible in a state, in the order of the work.

    >>> [str(step) for step in possible_steps(State.COMPLETE)]
    ['extend', 'reopen', 'cancel', 'plan']
    """
    return tuple(step for step in Step if step in TRANSITIONS[state])
