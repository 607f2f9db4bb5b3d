"""The workflow in words: states, steps that are refused, events. Readers are the school and the staff of the host.

Invariants: every member of `State` and `Kind` has its words here and nowhere else; none of them tells a cell value.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from rosterdiff.config import Mode
from rosterdiff.migration.states import Kind, State
from rosterdiff.model import Action, Verdict
from rosterdiff.roles import Step
from rosterdiff.sentences import count_of
from rosterdiff.stores import Draft

STATES: Final[Mapping[State, str]] = {
    State.NONE: "has not been opened",
    State.COLLECTING: "collects uploads",
    State.COMPLETE: "has all its uploads, and awaits its plan",
    State.PLANNED: "is planned, and awaits what people have to say",
    State.APPLYING: "is being applied",
    State.APPLIED: "is applied",
    State.UNDONE: "was applied and undone",
    State.CANCELLED: "was cancelled",
}
"""What is said of a migration in each state; the subject stands before it."""

_FROM: Final[Mapping[State, str]] = {
    State.NONE: "Open it first.",
    State.COLLECTING: "Declare the uploads complete, then plan.",
    State.COMPLETE: "Make the plan, or reopen the migration.",
    State.PLANNED: "Take one of the steps that are possible, or reopen the migration.",
    State.APPLYING: "Apply again: what was begun is finished, exactly once.",
    State.APPLIED: "Undo it if it was wrong; students who join during the year come by a bulk upload.",
    State.UNDONE: "Reopen it to correct its uploads, or open a new one.",
    State.CANCELLED: "Open a new one.",
}
"""What to do about a step that is refused, by the state."""

_LATE: Final = (
    "To add an upload, reopen the migration, upload, and declare the uploads complete again; decisions are kept where"
    " the records did not change."
)


def advice_on(step: Step, state: State, mode: Mode) -> str:
    """What to do where a step is not possible."""
    if step in {Step.UPLOAD, Step.WITHDRAW} and state in {State.COMPLETE, State.PLANNED}:
        return _LATE
    if step is Step.OPEN and mode is Mode.MIGRATION:
        return "Go on with the one that is open, or cancel it."
    return _FROM[state]


def _told(facts: Mapping[str, Any], names: Iterable[str]) -> str:
    """The counts that are not zero, in this order, whatever the order in which a journal keeps them."""
    return ", ".join(f"{facts[name]:,} {name}" for name in map(str, names) if facts.get(name)) or "nothing"


def _planned(facts: Mapping[str, Any]) -> str:
    counts = _told(facts["counts"], Action)
    kept = facts.get("kept", 0)
    return f"made plan {facts['plan_id'][:12]} ({counts}{f'; {kept:,} decisions kept' if kept else ''})"


def _purged(facts: Mapping[str, Any]) -> str:
    counts = _told(facts, ("uploads", "plans", "decisions", "names", "receipts", "students"))
    return f"purged what is older than {facts['before'][:10]} ({counts})"


def _acknowledged(facts: Mapping[str, Any]) -> str:
    held = f" and {facts['held']:,} held in review" if facts["held"] else ""
    carried = f", as {facts['given']['by']} had" if facts.get("given") else ""
    return f"acknowledged {count_of(facts['count'], 'deletion')}{held}{carried}"


def _overridden(facts: Mapping[str, Any]) -> str:
    carried = f", as {facts['given']['by']} had" if facts.get("given") else ""
    return f"overrode the guard {facts['guard']}{carried}"


def _decided(facts: Mapping[str, Any]) -> str:
    return f"decided {count_of(facts['count'], 'entry', 'entries')} ({_told(facts['verdicts'], Verdict)})"


def _applied(facts: Mapping[str, Any]) -> str:
    counts = _told(facts["counts"], Action)
    return f"applied it: receipt {facts['receipt_id']} ({counts})"


_EVENTS: Final[Mapping[Kind, Any]] = {  # Any: text, or a function of the facts that gives it
    Kind.OPENED: lambda facts: f"opened {facts['mode']} {facts['number']}",
    Kind.EXTENDED: lambda facts: f"extended the window to {facts['until']}",
    Kind.UPLOADED: lambda facts: (
        f"{'replaced' if facts['replaces'] else 'uploaded'} {facts['name']} ({count_of(facts['rows'], 'row')})"
    ),
    Kind.WITHDRAWN: lambda facts: f"withdrew {facts['name']}",
    Kind.COMPLETED: lambda facts: f"declared {count_of(facts['uploads'], 'upload')} complete",
    Kind.REOPENED: "reopened it",
    Kind.CANCELLED: "cancelled it",
    Kind.PLANNED: _planned,
    Kind.ACKNOWLEDGED: _acknowledged,
    Kind.DECIDED: _decided,
    Kind.OVERRIDDEN: _overridden,
    Kind.RESTORING: lambda facts: f"began to restore {count_of(facts['count'], 'account')}",
    Kind.RESTORED: lambda facts: f"restored {count_of(facts['count'], 'account')}",
    Kind.RESTORE_FAILED: "could not restore",
    Kind.APPLYING: "began to apply it",
    Kind.APPLIED: _applied,
    Kind.APPLY_FAILED: lambda facts: f"could not apply it ({facts['error']})",
    Kind.APPLY_LOST: "was said to have applied it, which the store knows nothing of",
    Kind.UNDONE: lambda facts: f"undid receipt {facts['receipt_id']}",
    Kind.REMEMBERED: "gave a student a further name",
    Kind.FORGOTTEN: lambda facts: f"revoked what was remembered as {facts['memory']}",
    Kind.PURGED: _purged,
}


def happened(event: Draft) -> str:
    """What an event tells, after the name of who did it."""
    told = _EVENTS[Kind(event.kind)]
    return told if isinstance(told, str) else str(told(event.facts))


def what_happened(event: Draft) -> str:
    """One event in words: who, what, when."""
    return f"{event.actor} {happened(event)}, {event.at:%Y-%m-%d %H:%M}"
