"""Retention: what is old is purged, school by school, and what can no longer be undone is said.

Invariants: a workflow that may still write loses nothing; the events stay, with their counts; a document that a kept
event names stays too.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from attrs import field, frozen

from rosterdiff.errors import JournalConflict
from rosterdiff.migration.host import Host
from rosterdiff.migration.memory import RECORDS
from rosterdiff.migration.progress import fold
from rosterdiff.migration.states import Kept, Kind
from rosterdiff.migration.taking import record
from rosterdiff.model import Actor
from rosterdiff.roles import Step
from rosterdiff.sentences import count_of
from rosterdiff.stores import Draft, Event, Purged

_KEPT_BY: Final[Mapping[str, Kept]] = {
    Kind.UPLOADED: Kept.UPLOADS,
    Kind.PLANNED: Kept.PLANS,
    Kind.DECIDED: Kept.DECISIONS,
    Kind.RESTORING: Kept.DECISIONS,
    Kind.RESTORED: Kept.DECISIONS,
    Kind.REMEMBERED: Kept.NAMES,
}
"""Which kind of document an event names."""


@frozen
class PurgeReport:
    """What was purged.

    Attributes:
        counts: how many documents of each kind.
        receipts: names of the receipts that can no longer be undone.
        students: ids of the deleted students who can no longer be restored.

    """

    counts: Mapping[Kept, int]
    receipts: tuple[str, ...] = ()
    students: tuple[str, ...] = field(default=(), repr=False)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was purged, and what that means."""
        told = ", ".join(f"{self.counts[kind]:,} {kind}" for kind in Kept if kind in self.counts) or "nothing"
        losses = {
            f"{count_of(len(self.receipts), 'receipt')} can no longer be undone: {', '.join(self.receipts[:10])}.": (
                len(self.receipts)
            ),
            f"{count_of(len(self.students), 'deleted student')} can no longer be restored.": len(self.students),
            "What was decided in them is asked again where it is in doubt.": self.counts.get(Kept.DECISIONS, 0),
            "Plans that are gone can no longer be looked at or explained.": self.counts.get(Kept.PLANS, 0),
        }
        return (f"Purged from the journal: {told}.", *(sentence for sentence, count in losses.items() if count))


def purge(host: Host, before: datetime, *, actor: Actor, kinds: Iterable[Kept | str] = tuple(Kept)) -> PurgeReport:
    """Remove for good what is older than a moment; of one school, for a host is the host of one.

    The workflow that is under way loses nothing, and the audit trail stays whole.

    Args:
        host: whose journal and store.
        before: what came earlier goes.
        actor: staff.
        kinds: what goes: uploads, plans, decisions (which are then forgotten), further names, tombstones (with what
            the undo of receipts needs).

    Raises:
        NotPermitted: the actor is not staff.

    """
    actor.require(Step.PURGE)
    wanted = frozenset(map(Kept, kinds))
    counts: dict[Kept, int] = {}
    for stream in host.journal.streams():
        for kind, count in _purge_stream(host, stream, before, actor, wanted).items():
            counts[kind] = counts.get(kind, 0) + count
    if Kept.TOMBSTONES not in wanted:
        return PurgeReport(counts)

    def tell(gone: Purged) -> None:
        if gone.receipts or gone.students:
            told = {"before": before.isoformat(), "receipts": len(gone.receipts), "students": len(gone.students)}
            record(host, Draft(Kind.PURGED, actor, host.clock(), {**told, "lost": list(gone.receipts)}))

    gone = host.store.purge(before, actor=actor, witness=tell)
    return PurgeReport(counts, gone.receipts, gone.students)


def _purge_stream(
    host: Host, stream: str, before: datetime, actor: Actor, wanted: frozenset[Kept]
) -> Mapping[Kept, int]:
    while True:
        events = host.journal.read(stream)
        gone = _to_purge(stream, events, before, wanted) & set(host.journal.documents(stream))
        counts = {
            kind: len({e.facts["document"] for e in events if _KEPT_BY.get(e.kind) is kind and _names(e, gone)})
            for kind in Kept
        }
        found = {kind: count for kind, count in counts.items() if count}
        if not gone:
            return {}
        told = {"before": before.isoformat(), **{str(kind): count for kind, count in found.items()}}
        draft = Draft(Kind.PURGED, actor, host.clock(), told)
        try:
            host.journal.append(stream, [draft], expected_version=len(events), purge=sorted(gone))
        except JournalConflict:
            continue
        return found


def _names(event: Event, documents: set[str]) -> bool:
    return event.facts.get("document") in documents


def _to_purge(stream: str, events: Sequence[Event], before: datetime, wanted: frozenset[Kept]) -> set[str]:
    """The documents of old events of workflows that have ended, unless a kept event names them too."""
    progress = fold(stream, events)
    live = progress.number if progress.is_live else None
    named = [event for event in events if event.kind in _KEPT_BY and "document" in event.facts]
    goes = [
        _KEPT_BY[event.kind] in wanted
        and event.at < before
        and (stream == RECORDS or event.facts.get("number") != live)
        for event in named
    ]
    kept = {event.facts["document"] for event, is_going in zip(named, goes, strict=True) if not is_going}
    return {event.facts["document"] for event, is_going in zip(named, goes, strict=True) if is_going} - kept
