"""A journal in the host's database: SQLite or PostgreSQL, in two tables of ours, scoped by school.

Invariants: each event's seal covers the seal before it, so that an event altered, removed or put between is seen; an
append made within a store's transaction on the same database is part of it; no statement reaches another school's
events.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Final

import sqlalchemy as sa
from attrs import field, frozen
from attrs.validators import and_, instance_of, matches_re, max_len
from sqlalchemy.engine import Connection, Engine

from rosterdiff.errors import DamagedRecord, UnknownDocument
from rosterdiff.model import Actor
from rosterdiff.stores.engine import engine_of, lock_name, make_tables, reading, writing
from rosterdiff.stores.journal import Draft, Event, document_name, require_drafts, require_version
from rosterdiff.stores.seals import seal

PREFIX: Final = "rosterdiff_"


@frozen(eq=False, repr=False)
class _Tables:
    events: sa.Table
    documents: sa.Table

    @classmethod
    def named(cls, prefix: str) -> "_Tables":
        """The tables whose names begin so."""
        metadata = sa.MetaData()
        events = sa.Table(
            f"{prefix}events",
            metadata,
            sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
            sa.Column("school", sa.String(200), nullable=False),
            sa.Column("stream", sa.String(200), nullable=False),
            sa.Column("version", sa.Integer, nullable=False),
            sa.Column("kind", sa.String(200), nullable=False),
            sa.Column("actor", sa.Text, nullable=False),
            sa.Column("at", sa.Text, nullable=False),  # ISO 8601, with the zone as it was given
            sa.Column("facts", sa.Text, nullable=False),
            sa.Column("seal", sa.String(64), nullable=False),
            sa.UniqueConstraint("school", "stream", "version"),
            sqlite_autoincrement=True,
        )
        documents = sa.Table(
            f"{prefix}documents",
            metadata,
            sa.Column("school", sa.String(200), primary_key=True),
            sa.Column("stream", sa.String(200), primary_key=True),
            sa.Column("name", sa.String(64), primary_key=True),
            sa.Column("size", sa.BigInteger, nullable=False),
            sa.Column("content", sa.LargeBinary, nullable=False),
        )
        return cls(events, documents)


@frozen(eq=False, repr=False, slots=False)
class SqlJournal:
    """The journal of one school in a SQL database.

    Attributes:
        url_or_engine: a database URL or a SQLAlchemy engine; that of the store, so that both share transactions.
        school: whose journal it is; another school's events are never seen.
        prefix: how the names of the two tables begin; they are made by the first append.

    >>> SqlJournal("sqlite:///school.db", school="Larkhill")
    <SqlJournal: school Larkhill>

    """

    url_or_engine: str | Engine
    school: str = field(default="", kw_only=True, validator=and_(instance_of(str), max_len(200)))
    prefix: str = field(default=PREFIX, kw_only=True, validator=matches_re(r"[A-Za-z_][A-Za-z0-9_]{0,40}"))

    def append(
        self,
        stream: str,
        drafts: Sequence[Draft],
        *,
        expected_version: int,
        put: Iterable[bytes] = (),
        purge: Iterable[str] = (),
    ) -> tuple[Event, ...]:
        """Write events and documents, as `Journal.append` says.

        Raises:
            JournalConflict: the stream is at another version; nothing was written.
            StoreError: the database is not there, is full, or another program writes to it.

        """
        require_drafts(drafts)
        with writing(self._engine) as connection:
            make_tables(connection, self._tables.events.metadata)
            lock_name(connection, f"{self.prefix}journal of {self.school}")
            last = self._last(connection, stream)
            require_version(stream, expected=expected_version, found=last[0])
            self._purge(connection, stream, purge)
            self._put(connection, stream, put)
            self._write(connection, stream, drafts, last)
            return self._read(connection, {stream: last}, stream)

    def read(self, stream: str | None = None, *, after: int = 0) -> tuple[Event, ...]:
        """Read events, as `Journal.read` says.

        Raises:
            DamagedRecord: an event is not as it was written, or one is missing.

        """
        with reading(self._engine) as connection:
            if stream is None:
                return tuple(event for event in self._read(connection, {}, None) if event.position > after)
            return self._read(connection, {stream: self._last(connection, stream, at=after)}, stream)

    def version(self, stream: str) -> int:
        """Tell the version of a stream."""
        with reading(self._engine) as connection:
            return self._last(connection, stream)[0]

    def streams(self) -> tuple[str, ...]:
        """Name the streams, the oldest first."""
        events = self._tables.events
        firsts = sa.select(events.c.stream).where(self._own(events), events.c.version == 1)
        with reading(self._engine) as connection:
            if not sa.inspect(connection).has_table(events.name):
                return ()
            return tuple(connection.execute(firsts.order_by(events.c.position)).scalars())

    def documents(self, stream: str) -> Mapping[str, int]:
        """Tell the documents of a stream: name → size in bytes."""
        documents = self._tables.documents
        wanted = sa.select(documents.c.name, documents.c.size).where(self._of(stream, documents))
        with reading(self._engine) as connection:
            if not sa.inspect(connection).has_table(documents.name):
                return {}
            return {line.name: line.size for line in connection.execute(wanted.order_by(documents.c.name))}

    def get_document(self, stream: str, name: str) -> bytes:
        """Read a document of a stream, as `Journal.get_document` says."""
        documents = self._tables.documents
        wanted = sa.select(documents.c.content).where(self._of(stream, documents), documents.c.name == name)
        with reading(self._engine) as connection:
            there = sa.inspect(connection).has_table(documents.name)
            content = connection.execute(wanted).scalar() if there else None
        if content is None:
            raise UnknownDocument(name)
        if document_name(bytes(content)) != name:
            raise DamagedRecord(f"document {name[:12]}")
        return bytes(content)

    def __repr__(self) -> str:
        return f"<SqlJournal: school {self.school}>"

    @cached_property
    def _engine(self) -> Engine:
        return engine_of(self.url_or_engine, must_exist=False)

    @cached_property
    def _tables(self) -> _Tables:
        return _Tables.named(self.prefix)

    def _own(self, table: sa.Table) -> sa.ColumnElement[bool]:
        return table.c.school == self.school

    def _of(self, stream: str, table: sa.Table | None = None) -> sa.ColumnElement[bool]:
        table = self._tables.events if table is None else table
        return sa.and_(self._own(table), table.c.stream == stream)

    def _last(self, connection: Connection, stream: str, at: int | None = None) -> tuple[int, str]:
        """The version of a stream, and the seal of the event there; or of the event at an earlier version."""
        events = self._tables.events
        if not sa.inspect(connection).has_table(events.name):
            return 0, ""
        wanted = sa.select(events.c.version, events.c.seal).where(self._of(stream))
        wanted = wanted if at is None else wanted.where(events.c.version == at)
        line = connection.execute(wanted.order_by(events.c.version.desc()).limit(1)).first()
        return (0, "") if line is None else (line.version, line.seal)

    def _read(self, connection: Connection, known: dict[str, tuple[int, str]], stream: str | None) -> tuple[Event, ...]:
        """Read events that follow those known of their streams (version and seal), and hold them to their seals."""
        events = self._tables.events
        if not sa.inspect(connection).has_table(events.name):
            return ()
        wanted = sa.select(events).where(self._own(events) if stream is None else self._of(stream))
        if stream is not None:
            wanted = wanted.where(events.c.version > known[stream][0])
        return tuple(
            _checked(line, known) for line in connection.execute(wanted.order_by(events.c.position)).mappings()
        )

    def _put(self, connection: Connection, stream: str, contents: Iterable[bytes]) -> None:
        documents = self._tables.documents
        lines = {document_name(content): bytes(content) for content in contents}
        there = sa.select(documents.c.name).where(self._of(stream, documents), documents.c.name.in_(list(lines)))
        for name in sorted(lines.keys() - set(connection.execute(there).scalars())):
            place = {"school": self.school, "stream": stream, "name": name}
            content = lines[name]
            connection.execute(sa.insert(documents), place | {"size": len(content), "content": content})

    def _purge(self, connection: Connection, stream: str, names: Iterable[str]) -> None:
        documents = self._tables.documents
        gone = self._of(stream, documents), documents.c.name == sa.bindparam("gone")
        if lines := [{"gone": name} for name in names]:
            connection.execute(sa.delete(documents).where(*gone), lines)

    def _write(self, connection: Connection, stream: str, drafts: Sequence[Draft], last: tuple[int, str]) -> None:
        version, before = last
        lines = []
        for turn, draft in enumerate(drafts, 1):
            told = {"stream": stream, "version": version + turn, "kind": draft.kind, "actor": str(draft.actor)}
            facts = json.dumps(draft.facts, ensure_ascii=False, sort_keys=True)
            line = {"school": self.school, **told, "at": draft.at.isoformat(), "facts": facts}
            before = seal(before, *line.values())
            lines.append({**line, "seal": before})
        connection.execute(sa.insert(self._tables.events), lines)


_SEALED: Final = ("school", "stream", "version", "kind", "actor", "at", "facts")


def _checked(line: sa.RowMapping, known: dict[str, tuple[int, str]]) -> Event:
    """Take a line as an event, if it follows the one before it in its stream, and note that it did."""
    stream = line["stream"]
    version, before = known.get(stream, (0, ""))
    if line["version"] != version + 1 or line["seal"] != seal(before, *(line[name] for name in _SEALED)):
        raise DamagedRecord(f"journal, event {version + 1} of {stream},")
    known[stream] = (line["version"], line["seal"])
    return Event(
        line["kind"],
        Actor.parse(line["actor"]),
        datetime.fromisoformat(line["at"]),
        json.loads(line["facts"]),
        stream=stream,
        version=line["version"],
        position=line["position"],
    )
