"""Commands → events: what a step means where the workflow stands, and whether it may be taken at all.

Invariants: pure: time, ids and what stands in documents are handed in. Role, state and window are checked in one place,
`require_step`, before anything else; a command that is refused gives no event.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Final, TypeAlias, assert_never

from attrs import field, frozen

from rosterdiff.config import Mode
from rosterdiff.errors import IllegalStep, InvalidOption, OutsideWindow, Unacknowledged, UploadRefused, WorkflowError
from rosterdiff.migration.progress import Progress, Window, Word
from rosterdiff.migration.states import TRANSITIONS, WINDOWED, Kind, State, possible_steps
from rosterdiff.migration.wording import STATES, advice_on
from rosterdiff.model import Actor, GuardCode, Receipt
from rosterdiff.roles import Step
from rosterdiff.sentences import count_of
from rosterdiff.stores import Draft


@frozen
class _Command:
    """Who takes a step, and when."""

    step: ClassVar[Step]

    actor: Actor
    at: datetime


@frozen
class Open(_Command):
    """Begin."""

    step: ClassVar[Step] = Step.OPEN
    mode: Mode
    school_year: str | None
    window: Window | None


@frozen
class Extend(_Command):
    """Let the window end on another day."""

    step: ClassVar[Step] = Step.EXTEND
    until: date


@frozen
class PutUpload(_Command):
    """Hand in a file, which `document` names; `replace` an earlier version of it."""

    step: ClassVar[Step] = Step.UPLOAD
    name: str
    document: str
    size: int
    rows: int
    errors: int
    replace: bool


@frozen
class Withdraw(_Command):
    """Take a file back."""

    step: ClassVar[Step] = Step.WITHDRAW
    name: str


@frozen
class Complete(_Command):
    """Declare that all uploads are there."""

    step: ClassVar[Step] = Step.COMPLETE


@frozen
class Reopen(_Command):
    """Collect uploads again."""

    step: ClassVar[Step] = Step.REOPEN


@frozen
class Cancel(_Command):
    """End it without a change."""

    step: ClassVar[Step] = Step.CANCEL


@frozen
class PutPlan(_Command):
    """Keep a plan.

    Attributes:
        facts: what the event tells of it.
        acknowledgement, overrides: words given on the plan before, which stay good for this one.

    """

    step: ClassVar[Step] = Step.PLAN
    facts: Mapping[str, Any]
    acknowledgement: Word | None = None
    overrides: tuple[Word, ...] = ()


@frozen
class Acknowledge(_Command):
    """Acknowledge the deletions, stating their number."""

    step: ClassVar[Step] = Step.ACKNOWLEDGE
    count: int


@frozen
class Decide(_Command):
    """Keep decisions, which `document` holds; `verdicts` counts them."""

    step: ClassVar[Step] = Step.DECIDE
    document: str
    verdicts: Mapping[str, int]


@frozen
class PassGuard(_Command):
    """Override a guard; `holding` are those that hold the plan as it is decided so far."""

    step: ClassVar[Step] = Step.OVERRIDE
    code: str
    reason: str = field(repr=False)
    holding: tuple[str, ...]


@frozen
class Restore(_Command):
    """Be about to restore accounts; `document` holds which rows they are."""

    step: ClassVar[Step] = Step.RESTORE
    document: str
    count: int


@frozen
class Apply(_Command):
    """Be about to apply the plan whose resolved id this is."""

    step: ClassVar[Step] = Step.APPLY
    resolved: str


Command: TypeAlias = (
    Open
    | Extend
    | PutUpload
    | Withdraw
    | Complete
    | Reopen
    | Cancel
    | PutPlan
    | Acknowledge
    | Decide
    | PassGuard
    | Restore
    | Apply
)
"""What may be asked of a workflow. Taking an apply back is the store's to say; see `settle`."""


def require_step(progress: Progress, step: Step, actor: Actor, day: date) -> None:
    """Check that the role may take the step, that the state allows it, and that the window is open.

    Raises:
        NotPermitted: the role may not.
        IllegalStep: the state does not allow it.
        OutsideWindow: the day is outside the window.

    """
    actor.require(step)
    state = progress.state
    if step not in TRANSITIONS[state]:
        problem = f"The {progress.name} {STATES[state]}, so this step ({step}) is not possible."
        possible = [str(each) for each in possible_steps(state)]
        raise IllegalStep(step, state, possible, problem, advice_on(step, state, progress.mode))
    window = progress.window if step is not Step.OPEN else None
    finishing = step is Step.APPLY and state is State.APPLYING
    if window is not None and step in WINDOWED and not finishing and not window[0] <= day <= window[1]:
        raise OutsideWindow(step, window, day)


def decide(progress: Progress, command: Command) -> tuple[Draft, ...]:
    """The events of a step; none where it changes nothing.

    Raises:
        NotPermitted, IllegalStep, OutsideWindow: see `require_step`.
        UploadRefused: another version of the file is there, or none is.
        WorkflowError: there is nothing to declare complete, or nothing to extend.
        Unacknowledged: the number stated is not that of the plan.
        InvalidOption: the window or the reason makes no sense, or the guard does not hold the plan.

    """
    require_step(progress, command.step, command.actor, command.at.date())
    match command:
        case Open():
            return _open(progress, command)
        case Extend():
            return _extend(progress, command)
        case PutUpload():
            return _upload(progress, command)
        case Withdraw():
            return _withdraw(progress, command)
        case Complete():
            return _complete(progress, command)
        case Reopen():
            return (_draft(progress, command, Kind.REOPENED),)
        case Cancel():
            return (_draft(progress, command, Kind.CANCELLED),)
        case PutPlan():
            return _plan(progress, command)
        case Acknowledge():
            return _acknowledge(progress, command)
        case Decide():
            return _decide(progress, command)
        case PassGuard():
            return _override(progress, command)
        case Restore(count=count, document=document):
            told = {"plan_id": progress.plan_id, "document": document, "count": count}
            return (_draft(progress, command, Kind.RESTORING, told),)
        case Apply():
            return _apply(progress, command)
        case _:
            assert_never(command)


def _draft(progress: Progress, command: _Command, kind: Kind, facts: Mapping[str, Any] | None = None) -> Draft:
    return Draft(kind, command.actor, command.at, {"number": progress.number, **(facts or {})})


def _open(progress: Progress, command: Open) -> tuple[Draft, ...]:
    window, day = command.window, command.at.date()
    if window is not None and window[0] > window[1]:
        raise InvalidOption("A window ends on or after the day on which it opens.")
    if window is not None and not window[0] <= day <= window[1]:
        raise OutsideWindow(Step.OPEN, window, day)
    facts = {
        "number": progress.number + 1,
        "mode": command.mode.value,
        "school_year": command.school_year,
        "window": None if window is None else [day.isoformat() for day in window],
    }
    return (_draft(progress, command, Kind.OPENED, facts),)


def _extend(progress: Progress, command: Extend) -> tuple[Draft, ...]:
    if progress.window is None:
        raise WorkflowError(f"The {progress.name} has no window; it is open always.", "There is nothing to extend.")
    if command.until < progress.window[0]:
        raise InvalidOption("A window ends on or after the day on which it opens.")
    return (_draft(progress, command, Kind.EXTENDED, {"until": command.until.isoformat()}),)


def _upload(progress: Progress, command: PutUpload) -> tuple[Draft, ...]:
    there = progress.upload_named(command.name)
    if there is not None and there.document == command.document:
        return ()
    if there is not None and not command.replace:
        raise UploadRefused(
            command.name,
            f"{there.actor} uploaded another version of this file at {there.at:%Y-%m-%d %H:%M}.",
            "Replace it, or give this file another name if it is a list of other students.",
        )
    facts = {
        "name": command.name,
        "document": command.document,
        "size": command.size,
        "rows": command.rows,
        "errors": command.errors,
        "replaces": there.document if there else None,
    }
    return (_draft(progress, command, Kind.UPLOADED, facts),)


def _withdraw(progress: Progress, command: Withdraw) -> tuple[Draft, ...]:
    there = progress.upload_named(command.name)
    if there is None:
        names = ", ".join(upload.name for upload in progress.standing_uploads) or "none"
        raise UploadRefused(command.name, "there is no such upload.", f"The uploads are: {names}.")
    return (_draft(progress, command, Kind.WITHDRAWN, {"name": there.name, "document": there.document}),)


def _complete(progress: Progress, command: Complete) -> tuple[Draft, ...]:
    uploads = progress.standing_uploads
    rows = sum(upload.rows for upload in uploads)
    if not rows:
        raise WorkflowError(
            f"The {progress.name} has {count_of(len(uploads), 'upload')}, with no student in any of them.",
            "Upload the lists first.",
        )
    return (_draft(progress, command, Kind.COMPLETED, {"uploads": len(uploads), "rows": rows}),)


def _plan(progress: Progress, command: PutPlan) -> tuple[Draft, ...]:
    facts = command.facts
    drafts = [_draft(progress, command, Kind.PLANNED, facts)]
    word = command.acknowledgement
    if word is not None:
        told = {"plan_id": facts["plan_id"], "count": facts["certain"], "held": facts["held"], "given": _given(word)}
        drafts.append(_draft(progress, command, Kind.ACKNOWLEDGED, told))
    for word in command.overrides:
        told = {"plan_id": facts["plan_id"], "guard": word.about, "reason": word.reason, "given": _given(word)}
        drafts.append(_draft(progress, command, Kind.OVERRIDDEN, told))
    return tuple(drafts)


def _given(word: Word) -> dict[str, str]:
    return {"by": str(word.actor), "at": word.at.isoformat()}


def _acknowledge(progress: Progress, command: Acknowledge) -> tuple[Draft, ...]:
    plan = progress.plan
    assert plan is not None, "in this state there is a plan"
    if command.count != plan.certain:
        raise Unacknowledged(
            f"The plan is certain to delete {count_of(plan.certain, 'student')}, and {command.count:,} were"
            " acknowledged.",
            "Look at the deletions of the plan and state their number.",
            expected=plan.certain,
        )
    told = {"plan_id": plan.plan_id, "count": plan.certain, "held": plan.held}
    return (_draft(progress, command, Kind.ACKNOWLEDGED, told),)


def _decide(progress: Progress, command: Decide) -> tuple[Draft, ...]:
    count = sum(command.verdicts.values())
    if not count:
        return ()
    told = {
        "plan_id": progress.plan_id,
        "document": command.document,
        "count": count,
        "verdicts": dict(command.verdicts),
    }
    return (_draft(progress, command, Kind.DECIDED, told),)


def _override(progress: Progress, command: PassGuard) -> tuple[Draft, ...]:
    if command.code not in command.holding:
        holding = ", ".join(command.holding) or "none"
        raise InvalidOption(f"This guard does not hold the plan (holding: {holding}).", "Override only what holds.")
    if not command.reason.strip():
        raise InvalidOption("An override needs a reason.", "Say in a sentence why the plan is right.")
    told = {
        "plan_id": progress.plan_id,
        "guard": GuardCode(command.code).value,
        "reason": command.reason.strip(),
    }
    return (_draft(progress, command, Kind.OVERRIDDEN, told),)


def _apply(progress: Progress, command: Apply) -> tuple[Draft, ...]:
    if progress.state is State.APPLYING:
        return ()
    told = {"plan_id": progress.plan_id, "resolved": command.resolved}
    return (_draft(progress, command, Kind.APPLYING, told),)


# What the store says


def applied(progress: Progress, receipt: Receipt) -> Draft:
    """The event of an apply that the store has a receipt of."""
    told = {
        "number": progress.number,
        "plan_id": progress.plan_id,
        "receipt_id": receipt.receipt_id,
        "counts": receipt.counts,
    }
    return Draft(Kind.APPLIED, receipt.actor, receipt.applied_at, told)


def undone(progress: Progress, receipt: Receipt) -> Draft:
    """The event of an apply that the store took back."""
    assert receipt.undone_at is not None
    told = {"number": progress.number, "plan_id": progress.plan_id, "receipt_id": receipt.receipt_id}
    return Draft(Kind.UNDONE, receipt.undone_by or receipt.actor, receipt.undone_at, told)


def failed(progress: Progress, kind: Kind, word: tuple[Actor, datetime], error: str) -> Draft:
    """The event of something that was about to be done and was not; `error` names the kind of it."""
    told = {"number": progress.number, "plan_id": progress.plan_id, "error": error}
    return Draft(kind, *word, told)


def settle(progress: Progress, receipts: Iterable[Receipt]) -> tuple[Draft, ...]:
    """The events that are missing because a process ended between the store and the journal; the receipt decides.

    An apply that was begun and has a receipt was done; one that the journal tells of and the store does not know was
    not; one that was taken back in the store was taken back.
    """
    known = list(receipts)
    if progress.state is State.APPLYING:
        ours = [each for each in known if each.plan_id == progress.resolved]
        done = [each for each in ours if each.receipt_id not in progress.taken_back]
        return _done(progress, done[-1]) if done else ()
    if progress.state is not State.APPLIED:
        return ()
    receipt = next((each for each in known if each.receipt_id == progress.receipt_id), None)
    if receipt is None:
        return (_lost(progress),)
    return (undone(progress, receipt),) if receipt.undone_at is not None else ()


def _done(progress: Progress, receipt: Receipt) -> tuple[Draft, ...]:
    taken_back = () if receipt.undone_at is None else (undone(progress, receipt),)
    return (applied(progress, receipt), *taken_back)


def _lost(progress: Progress) -> Draft:
    plan = progress.plan
    assert plan is not None
    told = {"number": progress.number, "plan_id": plan.plan_id, "receipt_id": progress.receipt_id}
    return Draft(Kind.APPLY_LOST, plan.actor, plan.at, told)


