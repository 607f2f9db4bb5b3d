"""Engines and transactions: one writer at a time, errors without values.

Invariants: a writing transaction holds the write lock before it reads anything; an error that leaves here is one of
ours and tells no value that was bound.
"""

import hashlib
import re
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.pool import NullPool, StaticPool

from rosterdiff.errors import InvalidOption, StoreError, UnusableTable

LOCK_TIMEOUT_S: Final = 30
"""How long to wait for others that write to the table, as SQLAlchemy's SQLite driver waits 5 seconds."""

_CONSTRAINT: Final = re.compile(r"(?:UNIQUE|NOT NULL|FOREIGN KEY|CHECK) constraint failed(?:: [\w., ]+)?")


def engine_of(url_or_engine: str | Engine, *, must_exist: bool) -> Engine:
    """Make an engine of a URL; a host's engine is taken as it is.

    Args:
        url_or_engine: a database URL or an engine.
        must_exist: a SQLite file that is not there is refused rather than made.

    Raises:
        InvalidOption: the URL cannot be read, or its driver is not installed.
        UnusableTable: the SQLite file is not there.

    """
    if isinstance(url_or_engine, Engine):
        return url_or_engine
    try:
        url = make_url(url_or_engine)
        path = _sqlite_file(url)
        if must_exist and path is not None and not path.exists():
            raise UnusableTable(f"There is no database file {path}.", "Check the path of the store's URL.")
        in_memory = url.get_backend_name() == "sqlite" and path is None
        return sa.create_engine(url, hide_parameters=True, poolclass=StaticPool if in_memory else NullPool)
    except sa.exc.ArgumentError:
        raise InvalidOption(
            "The store's URL is none that SQLAlchemy reads.", "Write it as sqlite:///school.db, for example."
        ) from None
    except ModuleNotFoundError as missing:
        raise InvalidOption(
            f"The store's database needs the Python module {missing.name}, which is not installed.",
            f"Install it, for example with pip install {missing.name}.",
        ) from None


def _sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite URL; None for databases in memory, URIs and other systems."""
    name = url.database or ""
    if url.get_backend_name() != "sqlite" or name in {"", ":memory:"} or name.startswith("file:"):
        return None
    return Path(name)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a connection that only reads; within a writing transaction on the same database, it is that one."""
    joined = _OPEN.get().get(_place(engine))
    with _told():
        if joined is not None:
            yield joined
            return
        with engine.connect() as connection:
            yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction and commit it unless something is raised; within one on the same database, be part of it.

    SQLite's lock is taken before the first read, so that what is checked is what is written on. PostgreSQL's is
    taken on the table by `lock_table`, and each statement sees what was committed before it. Other databases are
    asked to keep transactions apart as if they came one after another.
    """
    joined = _OPEN.get().get(_place(engine))
    with _told():
        if joined is not None:
            with _part_of(joined):
                yield joined
            return
        with engine.connect() as connection:
            _isolate(connection)
            with connection.begin():
                if connection.dialect.name == "sqlite":
                    _lock(connection)
                with _opened(engine, connection):
                    yield connection


@contextmanager
def _part_of(connection: Connection) -> Iterator[None]:
    """A part of a transaction that is kept or taken back by itself; the first error is the one that is told.

    After a full disk SQLite has taken back the whole transaction, and knows the savepoint no more.
    """
    part = connection.begin_nested()
    try:
        yield
    except BaseException:
        with suppress(sa.exc.SQLAlchemyError):
            part.rollback()
        raise
    part.commit()


_OPEN: Final[ContextVar[Mapping[Hashable, Connection]]] = ContextVar("open writing transactions", default={})  # noqa: B039
"""Database → the writing transaction that this thread or task has open on it; the mapping is never changed."""


@contextmanager
def _opened(engine: Engine, connection: Connection) -> Iterator[None]:
    token = _OPEN.set({**_OPEN.get(), _place(engine): connection})
    try:
        yield
    finally:
        _OPEN.reset(token)


def _place(engine: Engine) -> Hashable:
    """Which database an engine leads to: two engines of one URL are one; a database in memory is its engine's own."""
    url = engine.url
    path = _sqlite_file(url)
    if path is not None:
        return path.resolve()
    return engine if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=False)


def _isolate(connection: Connection) -> None:
    match connection.dialect.name:
        case "sqlite":
            return
        case "postgresql":
            connection.execution_options(isolation_level="READ COMMITTED")
        case _:
            connection.execution_options(isolation_level="SERIALIZABLE")


def _lock(connection: Connection) -> None:
    driver = connection.connection.dbapi_connection
    if driver is not None and driver.in_transaction:
        connection.exec_driver_sql("ROLLBACK")  # one that the host's engine began for us; nothing is in it yet
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def lock_table(connection: Connection, table: sa.Table) -> None:
    """Keep all others from writing to a table until the transaction ends; they may read it.

    SQLite is locked already. PostgreSQL's row locks, and its serialisable transactions among others that are not,
    would let a host add a student between our check and our commit: see docs/decisions.
    """
    if connection.dialect.name == "postgresql":
        name = connection.dialect.identifier_preparer.format_table(table)
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_S}s'")
        connection.exec_driver_sql(f"LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE")


def lock_name(connection: Connection, name: str) -> None:
    """Let transactions that lock the same name come one after another."""
    if connection.dialect.name == "postgresql":
        number = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def make_tables(connection: Connection, metadata: sa.MetaData) -> None:
    """Make our tables where they are not there yet; two processes may ask for it at once."""
    inspector = sa.inspect(connection)
    if not all(inspector.has_table(table.name) for table in metadata.tables.values()):
        lock_name(connection, "rosterdiff tables")
        metadata.create_all(connection)


@contextmanager
def _told() -> Iterator[None]:
    """Tell errors of the database in our words; SQLAlchemy's carry the values that were bound."""
    try:
        yield
    except sa.exc.IntegrityError as error:
        raise UnusableTable(
            f"The database refused the change ({_constraint(error)}). Nothing was written.",
            "Map the columns that the table demands, or fix them with where={column: value}; where other tables hold "
            "the rows of students, mark deleted ones with soft_delete.",
        ) from None
    except sa.exc.SQLAlchemyError as error:
        raise _refusal(error) from None


def _constraint(error: sa.exc.IntegrityError) -> str:
    """Which constraint failed, without the values that broke it."""
    told = getattr(error.orig, "diag", None)
    if told is None:
        broken = _CONSTRAINT.search(str(error.orig))
        return broken[0] if broken else "a constraint failed"
    place = ".".join(filter(None, (told.table_name, told.column_name)))
    return f"{told.constraint_name or type(error.orig).__name__} failed: {place}"


_BUSY: Final = frozenset({"55P03", "40P01", "40001"})
"""What PostgreSQL says of a lock that came too late, of a deadlock, of transactions that cannot be kept apart."""

_FULL: Final = ("53", "SQLITE_FULL", "SQLITE_IOERR")
_BROKEN: Final = ("08", "57P")


def _refusal(error: sa.exc.SQLAlchemyError) -> StoreError:
    """Tell by the code of PostgreSQL (SQLSTATE) or SQLite what went wrong."""
    cause = getattr(error, "orig", None) or error
    state = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None) or type(cause).__name__
    if state in _BUSY or state.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StoreError("Another program is writing to the database. Nothing was written.", "Try again.")
    if state.startswith(_FULL):
        return StoreError(
            "The database has no room to write: its disk is full, or a limit is reached. Nothing was written.",
            "Make room, and do it again.",
        )
    if state.startswith(_BROKEN) or (isinstance(error, sa.exc.DBAPIError) and error.connection_invalidated):
        return StoreError(
            "The connection to the database broke off. Nothing was written, unless it broke in the very last moment.",
            "Do it again when the database is back: what was written is known by its receipt, and not written twice.",
        )
    return StoreError(
        f"The database could not do what was asked ({state}). Nothing was written.",
        "Check that the database is there, may be written to, and has the columns described.",
    )
