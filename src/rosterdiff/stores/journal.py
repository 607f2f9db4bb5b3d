"""The Journal protocol: what happened in a workflow, in order, and the documents it was about; and one in memory.

Invariants: an event once written is never changed or removed; an append is whole or not at all, and is refused when
its stream has moved on; a document is known by the SHA-256 of its bytes and belongs to one stream; no fact of an event
is a cell value.
"""

import hashlib
import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol, runtime_checkable

import attrs
from attrs import Attribute, field, frozen
from attrs.validators import and_, instance_of, max_len, min_len

from rosterdiff.errors import InvalidOption, JournalConflict, UnknownDocument
from rosterdiff.model import Actor

Facts = Mapping[str, Any]
"""What an event tells beside who and when; Any: whatever JSON holds."""

_NAME: Final = and_(instance_of(str), min_len(1), max_len(200))


def _plain(facts: Facts) -> Facts:
    """Facts as JSON gives them back, so that what is read is what was written, and nobody holds the original."""
    try:
        plain: Facts = json.loads(json.dumps(dict(facts), allow_nan=False))
    except (TypeError, ValueError):
        raise InvalidOption(
            "The facts of an event are what JSON holds: text, numbers, truths, null, lists and mappings by text.",
            "Write dates in ISO 8601, and ids as text.",
        ) from None
    return plain


def _has_zone(_: object, __: "Attribute[datetime]", at: datetime) -> None:
    if at.tzinfo is None:
        raise InvalidOption("The moment of an event has no time zone.", "Pass datetime.now(UTC), for example.")


@frozen
class Draft:
    """An event as it is handed to a journal.

    Attributes:
        kind: what happened, as a stable word.
        actor: who did it.
        at: when, with a time zone; journals keep it as it is.
        facts: what else is to be told: ids, counts, names of documents; never a cell value.

    """

    kind: str = field(validator=_NAME)
    actor: Actor
    at: datetime = field(validator=and_(instance_of(datetime), _has_zone))
    facts: Facts = field(factory=dict, converter=_plain, repr=False)


@frozen
class Event(Draft):
    """An event as a journal keeps it.

    Attributes:
        stream: the workflow that it belongs to.
        version: its place in the stream, from 1 and without gaps.
        position: its place among all events of the journal; a later event has a greater one.

    """

    stream: str = field(kw_only=True)
    version: int = field(kw_only=True)
    position: int = field(kw_only=True)


@runtime_checkable
class Journal(Protocol):
    """Where a workflow keeps what happened; `rosterdiff.testing.JournalContract` tests an implementation.

    A journal belongs to one school and sees nothing of another. A stream is one workflow, such as the migration of
    a year; its version is the number of its events, 0 while there are none. Two processes that both read a version
    and both append cannot both succeed. Nobody must subclass.
    """

    def append(
        self,
        stream: str,
        drafts: Sequence[Draft],
        *,
        expected_version: int,
        put: Iterable[bytes] = (),
        purge: Iterable[str] = (),
    ) -> tuple[Event, ...]:
        """Write events and documents in one transaction, and return the events as they are kept.

        Within the transaction of a store that shares the database (see `Store.apply`, `witness`) it is part of that
        transaction: both are kept, or neither.

        Args:
            stream: the workflow; a new one begins with its first event.
            drafts: what happened, in order; at least one, so that no document comes or goes untold.
            expected_version: the version that the caller has read.
            put: documents to keep; one that the stream has already is kept once.
            purge: names of documents to remove for good; one that is not there is passed over.

        Raises:
            JournalConflict: the stream is at another version; nothing was written.
            InvalidOption: there are no drafts.

        """
        ...

    def read(self, stream: str | None = None, *, after: int = 0) -> tuple[Event, ...]:
        """Read the events of a stream after a version, or those of all streams after a position, in order.

        Raises:
            DamagedRecord: an event is not as it was written.

        """
        ...

    def version(self, stream: str) -> int:
        """Tell the version of a stream; 0 where there is none."""
        ...

    def streams(self) -> tuple[str, ...]:
        """Name the streams, the oldest first."""
        ...

    def documents(self, stream: str) -> Mapping[str, int]:
        """Tell the documents of a stream: name → size in bytes."""
        ...

    def get_document(self, stream: str, name: str) -> bytes:
        """Read a document of a stream.

        Raises:
            UnknownDocument: the stream never had it, or it was purged.
            DamagedRecord: the bytes are not those that were put.

        """
        ...


def document_name(content: bytes) -> str:
    """Name a document by its content: SHA-256, 64 hexadecimal digits.

    >>> document_name(b"")[:12]
    'e3b0c44298fc'
    """
    return hashlib.sha256(content).hexdigest()


def require_version(stream: str, *, expected: int, found: int) -> None:
    """Raise `JournalConflict` unless a stream is at the version that a caller has read."""
    if expected != found:
        raise JournalConflict(stream, expected=expected, found=found)


def require_drafts(drafts: Sequence[Draft]) -> None:
    """Raise `InvalidOption` where an append tells nothing."""
    if not drafts:
        raise InvalidOption(
            "An append tells at least one event, and this one tells none.",
            "Say what happened; documents do not come or go untold.",
        )


def keep(draft: Draft, *, stream: str, version: int, position: int) -> Event:
    """Give a draft its place in a journal."""
    return Event(draft.kind, draft.actor, draft.at, draft.facts, stream=stream, version=version, position=position)


@frozen(eq=False, repr=False)
class _Kept:
    events: tuple[Event, ...] = ()
    documents: Mapping[tuple[str, str], bytes] = field(factory=dict)


class MemoryJournal:
    """A journal in memory: the reference, for tests and for trying things out.

    >>> from datetime import UTC
    >>> opened = Draft("opened", Actor.parse("staff:Ada"), datetime(2026, 7, 1, tzinfo=UTC))
    >>> journal = MemoryJournal()
    >>> [(event.stream, event.version) for event in journal.append("2027", [opened], expected_version=0)]
    [('2027', 1)]
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self._kept, self._lock = _Kept(), threading.Lock()

    def append(
        self,
        stream: str,
        drafts: Sequence[Draft],
        *,
        expected_version: int,
        put: Iterable[bytes] = (),
        purge: Iterable[str] = (),
    ) -> tuple[Event, ...]:
        """Write events and documents, as `Journal.append` says."""
        require_drafts(drafts)
        with self._lock:
            kept = self._kept
            version, position = self.version(stream), len(kept.events)
            require_version(stream, expected=expected_version, found=version)
            new = tuple(
                keep(draft, stream=stream, version=version + turn, position=position + turn)
                for turn, draft in enumerate(drafts, 1)
            )
            gone = {(stream, name) for name in purge}
            documents = {place: content for place, content in kept.documents.items() if place not in gone}
            documents |= {(stream, document_name(content)): bytes(content) for content in put}
            self._kept = attrs.evolve(kept, events=(*kept.events, *new), documents=documents)
            return new

    def read(self, stream: str | None = None, *, after: int = 0) -> tuple[Event, ...]:
        """Read events, as `Journal.read` says."""
        events = self._kept.events
        if stream is None:
            return tuple(event for event in events if event.position > after)
        return tuple(event for event in events if event.stream == stream and event.version > after)

    def version(self, stream: str) -> int:
        """Tell the version of a stream."""
        return sum(event.stream == stream for event in self._kept.events)

    def streams(self) -> tuple[str, ...]:
        """Name the streams, the oldest first."""
        return tuple(dict.fromkeys(event.stream for event in self._kept.events))

    def documents(self, stream: str) -> Mapping[str, int]:
        """Tell the documents of a stream: name → size in bytes."""
        return {name: len(content) for (owner, name), content in self._kept.documents.items() if owner == stream}

    def get_document(self, stream: str, name: str) -> bytes:
        """Read a document of a stream."""
        content = self._kept.documents.get((stream, name))
        if content is None:
            raise UnknownDocument(name)
        return content

    def __repr__(self) -> str:
        return f"<MemoryJournal: {len(self._kept.events)} events, {len(self._kept.documents)} documents>"
