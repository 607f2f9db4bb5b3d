"""What the events of a workflow amount to: `evolve` takes one event more, `fold` all of them.

Invariants: pure, and the same for the same events; nothing here decides whether a step is allowed. What is known of a
document is its name and its counts, never its content.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import reduce
from typing import Any, Final

from attrs import evolve as changed
from attrs import field, frozen

from rosterdiff.config import Mode
from rosterdiff.migration.states import LIVE, Kept, Kind, State
from rosterdiff.model import Actor, GuardCode
from rosterdiff.stores import Draft, Event

Window = tuple[date, date]
"""First and last day of a migration."""


class Standing(StrEnum):
    """What became of an upload."""

    STANDS = "stands"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


@frozen
class Upload:
    """One file as it was handed in.

    Attributes:
        name: the file's name, by which a later version replaces it.
        document: SHA-256 of its bytes, by which the journal keeps it.
        size: in bytes.
        rows: how many students were read from it.
        errors: how many issues of severity error were found.
        reading: how it is read, where that is not as the host reads all files: fields of `ReadOptions`.

    """

    name: str
    document: str
    size: int
    rows: int
    errors: int
    reading: Mapping[str, Any]
    actor: Actor
    at: datetime
    standing: Standing = Standing.STANDS


@frozen
class Planned:
    """What is known of a plan without loading it.

    Attributes:
        plan_id: of the unresolved plan.
        document: SHA-256 of its file, by which the journal keeps it.
        incoming: digest of the compiled uploads.
        counts: the number of entries of each action.
        certain, held: how many students are certain to be deleted, and held in review.
        guards: the codes of the guards that held it.

    """

    plan_id: str
    document: str
    incoming: str
    counts: Mapping[str, int]
    certain: int
    held: int
    guards: tuple[str, ...]
    actor: Actor
    at: datetime


@frozen
class Word:
    """What a named person gave his word for, on one plan.

    Attributes:
        about: the number of deletions, or the code of a guard.
        reason: why; of overrides.
        carried: whether it was given on an earlier plan, and stays good by its content.

    """

    actor: Actor
    at: datetime
    about: str
    reason: str = field(default="", repr=False)
    carried: bool = False


@frozen
class Decided:
    """Decisions that one person gave together; `document` names them."""

    plan_id: str
    document: str
    count: int
    actor: Actor
    at: datetime


@frozen
class Progress:
    """Where a workflow stands.

    Attributes:
        stream: its stream in the journal.
        version: how many events of the stream it amounts to.
        number: the how-manieth of its stream it is; 0 before any was opened.
        state: where it stands.
        window: first and last day on which steps may be taken; None for always.
        uploads: every upload there was, in the order in which they came.
        purged: the names of uploads that count, and whose files were purged after the workflow had ended.
        completed_at: when the uploads were declared complete.
        plan: the latest plan; of use in the state `planned` and later.
        earlier: the plans before it.
        acknowledgement, overrides: the words given on the latest plan.
        decided: decisions on any plan of this migration, in the order in which they came.
        restoring: the document that names students who were about to be restored.
        resolved: id of the resolved plan that was about to be applied.
        receipt_id: of the apply.
        taken_back: receipts that were undone.

    """

    stream: str
    version: int = 0
    number: int = 0
    state: State = State.NONE
    mode: Mode = Mode.MIGRATION
    school_year: str | None = None
    window: Window | None = None
    uploads: tuple[Upload, ...] = ()
    purged: frozenset[str] = frozenset()
    completed_at: datetime | None = None
    plan: Planned | None = None
    earlier: tuple[Planned, ...] = ()
    acknowledgement: Word | None = None
    overrides: tuple[Word, ...] = ()
    decided: tuple[Decided, ...] = ()
    restoring: str = ""
    resolved: str = ""
    receipt_id: str = ""
    taken_back: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """What people call it: `migration 2`."""
        return f"{self.mode} {self.number}"

    @property
    def is_live(self) -> bool:
        """Whether it may still write."""
        return self.state in LIVE

    @property
    def plan_id(self) -> str:
        """The id of the latest plan, or nothing."""
        return self.plan.plan_id if self.plan else ""

    @property
    def standing_uploads(self) -> tuple[Upload, ...]:
        """The uploads that count, by name."""
        standing = [upload for upload in self.uploads if upload.standing is Standing.STANDS]
        return tuple(sorted(standing, key=lambda upload: upload.name))

    def upload_named(self, name: str) -> Upload | None:
        """The upload of this name that counts."""
        return next((upload for upload in self.standing_uploads if upload.name == name), None)


def fold(stream: str, events: Iterable[Event]) -> Progress:
    """What the events of a stream amount to."""
    return reduce(evolve, events, Progress(stream))


def evolve(progress: Progress, event: Draft) -> Progress:
    """What a workflow is after one event more."""
    after = _AFTER[Kind(event.kind)](progress, event)
    return changed(after, version=progress.version + 1)


def _opened(before: Progress, event: Draft) -> Progress:
    facts, window = event.facts, event.facts["window"]
    return Progress(
        stream=before.stream,
        taken_back=before.taken_back,
        number=event.facts["number"],
        state=State.COLLECTING,
        mode=Mode(facts["mode"]),
        school_year=facts["school_year"],
        window=None if window is None else (date.fromisoformat(window[0]), date.fromisoformat(window[1])),
    )


def _extended(before: Progress, event: Draft) -> Progress:
    assert before.window is not None
    return changed(before, window=(before.window[0], date.fromisoformat(event.facts["until"])))


def _uploaded(before: Progress, event: Draft) -> Progress:
    told = {name: event.facts[name] for name in ("name", "document", "size", "rows", "errors", "reading")}
    upload = Upload(**told, actor=event.actor, at=event.at)
    return changed(before, uploads=(*_without(before, upload.name, Standing.REPLACED), upload))


def _withdrawn(before: Progress, event: Draft) -> Progress:
    return changed(before, uploads=_without(before, event.facts["name"], Standing.WITHDRAWN))


def _without(before: Progress, name: str, became: Standing) -> tuple[Upload, ...]:
    return tuple(
        changed(upload, standing=became) if upload.name == name and upload.standing is Standing.STANDS else upload
        for upload in before.uploads
    )


def _completed(before: Progress, event: Draft) -> Progress:
    return changed(before, state=State.COMPLETE, completed_at=event.at)


def _planned(before: Progress, event: Draft) -> Progress:
    facts = event.facts
    plan = Planned(
        plan_id=facts["plan_id"],
        document=facts["document"],
        incoming=facts["incoming"],
        counts=facts["counts"],
        certain=facts["certain"],
        held=facts["held"],
        guards=tuple(facts["guards"]),
        actor=event.actor,
        at=event.at,
    )
    earlier = (*before.earlier, before.plan) if before.plan else before.earlier
    return changed(
        before, state=State.PLANNED, plan=plan, earlier=earlier, acknowledgement=None, overrides=(), restoring=""
    )


def _word(event: Draft, about: str) -> Word:
    """The word that an event tells of; one that is carried over names who gave it, and when."""
    given = event.facts.get("given")
    actor, at = (Actor.parse(given["by"]), datetime.fromisoformat(given["at"])) if given else (event.actor, event.at)
    return Word(actor, at, about, event.facts.get("reason", ""), carried=bool(given))


def _acknowledged(before: Progress, event: Draft) -> Progress:
    return changed(before, acknowledgement=_word(event, str(event.facts["count"])))


def _overridden(before: Progress, event: Draft) -> Progress:
    word = _word(event, str(GuardCode(event.facts["guard"])))
    return changed(before, overrides=(*before.overrides, word))


def _decided(before: Progress, event: Draft) -> Progress:
    facts = event.facts
    made = Decided(facts["plan_id"], facts["document"], facts["count"], event.actor, event.at)
    return changed(before, decided=(*before.decided, made))


def _restoring(before: Progress, event: Draft) -> Progress:
    return changed(before, restoring=event.facts["document"])


def _restored(before: Progress, event: Draft) -> Progress:
    facts = event.facts
    made = Decided(facts["plan_id"], facts["document"], facts["count"], event.actor, event.at)
    return changed(before, state=State.COMPLETE, restoring="", decided=(*before.decided, made))


def _applying(before: Progress, event: Draft) -> Progress:
    return changed(before, state=State.APPLYING, resolved=event.facts["resolved"])


def _applied(before: Progress, event: Draft) -> Progress:
    return changed(before, state=State.APPLIED, receipt_id=event.facts["receipt_id"])


def _undone(before: Progress, event: Draft) -> Progress:
    """The words that were given lapse with the apply that they were given for."""
    taken_back = before.taken_back | {event.facts["receipt_id"]}
    return changed(before, state=State.UNDONE, taken_back=taken_back, acknowledgement=None, overrides=())


def _purged(before: Progress, event: Draft) -> Progress:
    """Of a workflow that has ended the older uploads are gone, but for a file that was handed in again later."""
    if before.is_live or Kept.UPLOADS not in event.facts:
        return before
    moment = datetime.fromisoformat(event.facts["before"])
    kept = {upload.document for upload in before.uploads if upload.at >= moment}
    gone = {upload.name for upload in before.standing_uploads if upload.document not in kept}
    return changed(before, purged=before.purged | gone)


def _back_to_planned(before: Progress, _: Draft) -> Progress:
    return changed(before, state=State.PLANNED, resolved="", receipt_id="")


def _became(state: State) -> Callable[[Progress, Draft], Progress]:
    return lambda before, _: changed(before, state=state)


def _as_before(before: Progress, _: Draft) -> Progress:
    return before


_AFTER: Final[Mapping[Kind, Callable[[Progress, Any], Progress]]] = {  # Any: a Draft or the Event that it became
    Kind.OPENED: _opened,
    Kind.EXTENDED: _extended,
    Kind.UPLOADED: _uploaded,
    Kind.WITHDRAWN: _withdrawn,
    Kind.COMPLETED: _completed,
    Kind.REOPENED: _became(State.COLLECTING),
    Kind.CANCELLED: _became(State.CANCELLED),
    Kind.PLANNED: _planned,
    Kind.ACKNOWLEDGED: _acknowledged,
    Kind.DECIDED: _decided,
    Kind.OVERRIDDEN: _overridden,
    Kind.RESTORING: _restoring,
    Kind.RESTORED: _restored,
    Kind.RESTORE_FAILED: lambda before, _: changed(before, restoring=""),
    Kind.APPLYING: _applying,
    Kind.APPLIED: _applied,
    Kind.APPLY_FAILED: _back_to_planned,
    Kind.APPLY_LOST: _back_to_planned,
    Kind.UNDONE: _undone,
    Kind.REMEMBERED: _as_before,
    Kind.FORGOTTEN: _as_before,
    Kind.PURGED: _purged,
}
"""What each kind of event makes of the progress before it."""
