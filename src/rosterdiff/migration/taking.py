"""Steps into the journal: taken whole or not at all, told apart from what others did meanwhile, settled with the store.

Invariants: an event is appended to the very version that was decided on; a step on an overtaken view is taken only if
what came between cannot have changed what was meant; what is found in the store is written down before anything else.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import reduce

from rosterdiff.errors import JournalConflict, Overtaken, RosterError
from rosterdiff.migration.commands import Command, Restore, decide
from rosterdiff.migration.documents import decode_decisions, encode_decisions
from rosterdiff.migration.host import Host
from rosterdiff.migration.memory import RECORDS
from rosterdiff.migration.progress import Progress, evolve, fold
from rosterdiff.migration.settling import failed, settle
from rosterdiff.migration.states import BESIDE, Kind, State
from rosterdiff.migration.wording import what_happened
from rosterdiff.model import Actor, Decision
from rosterdiff.roles import Step
from rosterdiff.stores import Draft, Event, document_name

Asked = tuple[Command, tuple[bytes, ...]]
"""A command, and the documents that go with it."""

Build = Callable[[Progress], Asked]
"""Makes a command for the workflow as it is; again, where others came before."""


def take(host: Host, progress: Progress, build: Build | Command) -> Progress:
    """Take a step; where others wrote before it, take it on what they left, if it still means the same.

    Args:
        host: what the application gives.
        progress: the workflow as the actor saw it.
        build: the command, or what makes it and its documents.

    Raises:
        Overtaken: something happened meanwhile that could change what was meant.

    """
    while True:
        command, documents = build(progress) if callable(build) else (build, ())
        drafts = decide(progress, command)
        if not drafts:
            return progress
        try:
            return append(host, progress, drafts, documents)
        except JournalConflict:
            progress = _catch_up(host, progress, command.step)


def append(host: Host, progress: Progress, drafts: Iterable[Draft], documents: Iterable[bytes] = ()) -> Progress:
    """Write events that follow from a progress, and give what they make of it.

    Raises:
        JournalConflict: somebody else wrote before.

    """
    events = host.journal.append(progress.stream, list(drafts), expected_version=progress.version, put=documents)
    return reduce(evolve, events, progress)


def _catch_up(host: Host, progress: Progress, step: Step) -> Progress:
    events = host.journal.read(progress.stream, after=progress.version)
    disturbing = [event for event in events if Kind(event.kind) not in BESIDE[step]]
    if disturbing:
        raise Overtaken(step, [what_happened(event) for event in disturbing])
    return reduce(evolve, events, progress)


def read_settled(host: Host, stream: str) -> Progress:
    """Read where a workflow stands, and write down what a process did in the store and did not live to tell."""
    progress = fold(stream, host.journal.read(stream))
    try:
        if progress.restoring:
            return _settle_restore(host, progress)
        if progress.state not in {State.APPLYING, State.APPLIED}:
            return progress
        drafts = settle(progress, host.store.receipts())
        return append(host, progress, drafts) if drafts else progress
    except JournalConflict:  # another process has just told it
        return read_settled(host, stream)


def record(host: Host, draft: Draft, documents: tuple[bytes, ...] = ()) -> Event:
    """Write an event that belongs to no single workflow; the order among others does not matter."""
    while True:
        try:
            expected = host.journal.version(RECORDS)
            return host.journal.append(RECORDS, [draft], expected_version=expected, put=documents)[0]
        except JournalConflict:
            continue


def restore_accounts(host: Host, progress: Progress, decisions: tuple[Decision, ...], actor: Actor) -> Progress:
    """Restore the accounts that these decisions give to rows, and write down that they are back.

    Raises:
        StoreError: the store refuses; nothing was restored.

    """
    document = encode_decisions(decisions)
    command = Restore(actor, host.clock(), document_name(document), len(decisions))
    begun = take(host, progress, lambda _: (command, (document,)))
    try:
        host.store.restore([d.student_id for d in decisions if d.student_id], actor=actor)
    except RosterError as error:
        append(host, begun, [failed(begun, Kind.RESTORE_FAILED, actor, host.clock(), type(error).__name__)])
        raise
    draft = _restored(begun, actor, host.clock(), decisions)
    try:
        return append(host, begun, [draft])
    except JournalConflict:  # somebody went on meanwhile, and may have told it
        now = read_settled(host, progress.stream)
        if all(note.document != begun.restoring for note in now.decided):
            record(host, draft, (document,))
        return now


def _settle_restore(host: Host, progress: Progress) -> Progress:
    """Tell of accounts that are back; those that are not may be under way."""
    decisions = decode_decisions(host.journal.get_document(progress.stream, progress.restoring))
    if not {d.student_id for d in decisions} <= set(host.store.load().frame["student_id"]):
        return progress
    told = next(e for e in reversed(host.journal.read(progress.stream)) if e.kind == Kind.RESTORING)
    return append(host, progress, [_restored(progress, told.actor, told.at, decisions)])


def _restored(progress: Progress, actor: Actor, at: datetime, decisions: tuple[Decision, ...]) -> Draft:
    students = sorted(decision.student_id for decision in decisions if decision.student_id)
    told = {"number": progress.number, "plan_id": progress.plan_id, "document": progress.restoring}
    return Draft(Kind.RESTORED, actor, at, {**told, "count": len(students), "students": students})
