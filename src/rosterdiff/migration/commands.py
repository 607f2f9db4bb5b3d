"""Commands → events: what a step means where the workflow stands, and whether it may be taken at all.

Invariants: pure: time, ids and what stands in documents are handed in. Role, state and window are checked in one place,
`require_step`, before anything else; a command that is refused gives no event.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Protocol

from attrs import field, frozen

from rosterdiff.config import Mode
from rosterdiff.errors import IllegalStep, InvalidOption, OutsideWindow, Unacknowledged, UploadRefused, WorkflowError
from rosterdiff.migration.progress import Progress, Upload, Window, Word
from rosterdiff.migration.states import TRANSITIONS, WINDOWED, Kind, State, possible_steps
from rosterdiff.migration.wording import STATES, advice_on
from rosterdiff.model import Actor, GuardCode
from rosterdiff.roles import Step
from rosterdiff.sentences import count_of
from rosterdiff.stores import Draft

Events = tuple[Draft, ...]


class Command(Protocol):
    """What may be asked of a workflow."""

    step: ClassVar[Step]

    @property
    def actor(self) -> Actor:
        """Who asks."""
        ...

    @property
    def at(self) -> datetime:
        """When, in the time zone of the school."""
        ...

    def events(self, progress: Progress) -> Events:
        """What comes of it, where it may be asked; nothing where it changes nothing."""
        ...


def decide(progress: Progress, command: Command) -> Events:
    """The events of a step; none where it changes nothing.

    Raises:
        NotPermitted, IllegalStep, OutsideWindow: see `require_step`.
        UploadRefused: another version of the file is there, or none is.
        WorkflowError: there is nothing to declare complete, nothing to extend, or uploads to reopen were purged.
        Unacknowledged: the number stated is not that of the plan.
        InvalidOption: the window or the reason makes no sense, or the guard does not hold the plan.

    """
    require_step(progress, command.step, command.actor, command.at.date())
    return command.events(progress)


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
        problem = f"{progress.name.capitalize()} {STATES[state]}, so this step ({step}) is not possible."
        possible = [str(each) for each in possible_steps(state)]
        raise IllegalStep(step, state, possible, problem, advice_on(step, state, progress.mode))
    window = progress.window if step is not Step.OPEN else None
    finishing = step is Step.APPLY and state is State.APPLYING
    if window is not None and step in WINDOWED and not finishing and not window[0] <= day <= window[1]:
        raise OutsideWindow(step, window, day)


@frozen
class _Asked:
    """Who asks, and when."""

    actor: Actor
    at: datetime

    def _draft(self, progress: Progress, kind: Kind, **facts: Any) -> Draft:  # Any: what JSON holds
        return Draft(kind, self.actor, self.at, {"number": progress.number, **facts})


@frozen
class Open(_Asked):
    """Begin."""

    step: ClassVar[Step] = Step.OPEN
    mode: Mode
    school_year: str | None
    window: Window | None

    def events(self, progress: Progress) -> Events:
        """The workflow is opened, if its window is."""
        window, day = self.window, self.at.date()
        if window is not None and window[0] > window[1]:
            raise InvalidOption("A window ends on or after the day on which it opens.")
        if window is not None and not window[0] <= day <= window[1]:
            raise OutsideWindow(self.step, window, day)
        of_stream = progress.stream.rpartition("-")[2]  # bulk uploads have a stream each, numbered
        facts = {
            "number": int(of_stream) if self.mode is Mode.BULK else progress.number + 1,
            "mode": self.mode.value,
            "school_year": self.school_year,
            "window": None if window is None else [day.isoformat() for day in window],
        }
        return (Draft(Kind.OPENED, self.actor, self.at, facts),)


@frozen
class Extend(_Asked):
    """Let the window end on another day."""

    step: ClassVar[Step] = Step.EXTEND
    until: date

    def events(self, progress: Progress) -> Events:
        """The window ends later, or sooner."""
        if progress.window is None:
            raise WorkflowError(
                f"{progress.name.capitalize()} has no window, and is open always.", "There is nothing to extend."
            )
        if self.until < progress.window[0]:
            raise InvalidOption("A window ends on or after the day on which it opens.")
        return (self._draft(progress, Kind.EXTENDED, until=self.until.isoformat()),)


@frozen
class PutUpload(_Asked):
    """Hand in a file, which `document` names; `replace` an earlier version of it."""

    step: ClassVar[Step] = Step.UPLOAD
    name: str
    document: str
    size: int
    rows: int
    errors: int
    reading: Mapping[str, Any]
    replace: bool

    def events(self, progress: Progress) -> Events:
        """The file is there; the same file once more is nothing new."""
        there = progress.upload_named(self.name)
        if there is not None and (there.document, there.reading) == (self.document, dict(self.reading)):
            return ()
        if there is not None and not self.replace:
            raise UploadRefused(
                self.name,
                f"{there.actor} uploaded another version of this file at {there.at:%Y-%m-%d %H:%M}.",
                "Replace it, or give this file another name if it is a list of other students.",
            )
        facts = {name: getattr(self, name) for name in ("name", "document", "size", "rows", "errors")}
        facts["reading"] = dict(self.reading)
        return (self._draft(progress, Kind.UPLOADED, **facts, replaces=there.document if there else None),)


@frozen
class Withdraw(_Asked):
    """Take a file back."""

    step: ClassVar[Step] = Step.WITHDRAW
    name: str

    def events(self, progress: Progress) -> Events:
        """The file counts no more."""
        there = find_upload(progress, self.name)
        return (self._draft(progress, Kind.WITHDRAWN, name=there.name, document=there.document),)


def find_upload(progress: Progress, name: str) -> Upload:
    """The upload of this name that counts.

    Raises:
        UploadRefused: there is none.

    """
    there = progress.upload_named(name)
    if there is None:
        names = ", ".join(upload.name for upload in progress.standing_uploads) or "none"
        raise UploadRefused(name, "there is no such upload.", f"The uploads are: {names}.")
    return there


@frozen
class Complete(_Asked):
    """Declare that all uploads are there."""

    step: ClassVar[Step] = Step.COMPLETE

    def events(self, progress: Progress) -> Events:
        """They are declared complete, if there is a student in any of them."""
        uploads = progress.standing_uploads
        rows = sum(upload.rows for upload in uploads)
        if not rows:
            raise WorkflowError(
                f"{progress.name.capitalize()} has {count_of(len(uploads), 'upload')}, with no student in any of them.",
                "Upload the lists first.",
            )
        return (self._draft(progress, Kind.COMPLETED, uploads=len(uploads), rows=rows),)


@frozen
class Reopen(_Asked):
    """Collect uploads again."""

    step: ClassVar[Step] = Step.REOPEN

    def events(self, progress: Progress) -> Events:
        """Uploads are collected again, unless some were purged: whom they listed would seem to have left."""
        if progress.purged:
            raise WorkflowError(
                f"{progress.name.capitalize()} cannot be reopened: {count_of(len(progress.purged), 'upload')} of it "
                f"{'was' if len(progress.purged) == 1 else 'were'} purged.",
                "Open another, and upload the lists anew.",
            )
        return (self._draft(progress, Kind.REOPENED),)


@frozen
class Cancel(_Asked):
    """End it without a change."""

    step: ClassVar[Step] = Step.CANCEL

    def events(self, progress: Progress) -> Events:
        """It has ended."""
        return (self._draft(progress, Kind.CANCELLED),)


@frozen
class PutPlan(_Asked):
    """Keep a plan.

    Attributes:
        facts: what the event tells of it.
        acknowledgement, overrides: words given on the plan before, which stay good for this one.

    """

    step: ClassVar[Step] = Step.PLAN
    facts: Mapping[str, Any]
    acknowledgement: Word | None = None
    overrides: tuple[Word, ...] = ()

    def events(self, progress: Progress) -> Events:
        """There is a plan, and the words that stay good are given on it, in the name of who gave them."""
        facts = self.facts
        drafts = [self._draft(progress, Kind.PLANNED, **facts)]
        if self.acknowledgement is not None:
            told = {name: facts[name] for name in ("plan_id", "held")}
            given = _given(self.acknowledgement)
            drafts.append(self._draft(progress, Kind.ACKNOWLEDGED, **told, count=facts["certain"], given=given))
        for word in self.overrides:
            told = {"plan_id": facts["plan_id"], "guard": word.about, "reason": word.reason}
            drafts.append(self._draft(progress, Kind.OVERRIDDEN, **told, given=_given(word)))
        return tuple(drafts)


def _given(word: Word) -> dict[str, str]:
    return {"by": str(word.actor), "at": word.at.isoformat()}


@frozen
class Acknowledge(_Asked):
    """Acknowledge the deletions, stating their number."""

    step: ClassVar[Step] = Step.ACKNOWLEDGE
    count: int

    def events(self, progress: Progress) -> Events:
        """The deletions are acknowledged, if the number is that of the plan."""
        plan = progress.plan
        assert plan is not None, "in this state there is a plan"
        if self.count != plan.certain:
            raise Unacknowledged(
                f"The plan is certain to delete {count_of(plan.certain, 'student')}, and {self.count:,} were"
                " acknowledged.",
                "Look at the deletions of the plan and state their number.",
                expected=plan.certain,
            )
        told = {"plan_id": plan.plan_id, "count": plan.certain, "held": plan.held}
        return (self._draft(progress, Kind.ACKNOWLEDGED, **told),)


@frozen
class Decide(_Asked):
    """Keep decisions, which `document` holds; `verdicts` counts them."""

    step: ClassVar[Step] = Step.DECIDE
    document: str
    verdicts: Mapping[str, int]

    def events(self, progress: Progress) -> Events:
        """They are taken; none is no step."""
        count = sum(self.verdicts.values())
        if not count:
            return ()
        told = {"plan_id": progress.plan_id, "document": self.document, "count": count}
        return (self._draft(progress, Kind.DECIDED, **told, verdicts=dict(self.verdicts)),)


@frozen
class PassGuard(_Asked):
    """Override a guard; `holding` are those that hold the plan as it is decided so far."""

    step: ClassVar[Step] = Step.OVERRIDE
    code: str
    reason: str = field(repr=False)
    holding: tuple[str, ...]

    def events(self, progress: Progress) -> Events:
        """The guard is overridden, if it holds the plan and there is a reason."""
        if self.code not in self.holding:
            holding = ", ".join(self.holding) or "none"
            raise InvalidOption(f"This guard does not hold the plan (holding: {holding}).", "Override only what holds.")
        if not self.reason.strip():
            raise InvalidOption("An override needs a reason.", "Say in a sentence why the plan is right.")
        told = {"plan_id": progress.plan_id, "guard": GuardCode(self.code).value, "reason": self.reason.strip()}
        return (self._draft(progress, Kind.OVERRIDDEN, **told),)


@frozen
class Restore(_Asked):
    """Be about to restore accounts; `document` holds which rows they are."""

    step: ClassVar[Step] = Step.RESTORE
    document: str
    count: int

    def events(self, progress: Progress) -> Events:
        """They are about to be restored."""
        told = {"plan_id": progress.plan_id, "document": self.document, "count": self.count}
        return (self._draft(progress, Kind.RESTORING, **told),)


@frozen
class Apply(_Asked):
    """Be about to apply the plan whose resolved id this is; or to finish what was begun."""

    step: ClassVar[Step] = Step.APPLY
    resolved: str

    def events(self, progress: Progress) -> Events:
        """It is about to be applied; once begun it need not be said again, unless it is another plan by now."""
        if progress.state is State.APPLYING and progress.resolved == self.resolved:
            return ()
        return (self._draft(progress, Kind.APPLYING, plan_id=progress.plan_id, resolved=self.resolved),)
