"""Engines and transactions: one writer at a time, errors without values.

Invariants: a writing transaction holds the write lock before it reads anything; an error that leaves here is one of
ours and tells no value that was bound.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.pool import NullPool, StaticPool

from rosterdiff.errors import InvalidOption, StoreError, UnusableTable

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
        if url.get_backend_name() != "sqlite":
            return sa.create_engine(url, hide_parameters=True)
        return sa.create_engine(url, hide_parameters=True, poolclass=StaticPool if path is None else NullPool)
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
    """Open a connection that only reads."""
    with _told(), engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that is alone in writing, and commit it unless something is raised.

    SQLite's lock is taken before the first read, so that what is checked is what is written on; other databases
    are asked to keep transactions apart as if they came one after another.
    """
    with _told(), engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            connection.execution_options(isolation_level="SERIALIZABLE")
        with connection.begin():
            if engine.dialect.name == "sqlite":
                _lock(connection)
            yield connection


def _lock(connection: Connection) -> None:
    driver = connection.connection.dbapi_connection
    if driver is not None and driver.in_transaction:
        connection.exec_driver_sql("ROLLBACK")  # one that the host's engine began for us; nothing is in it yet
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def _told() -> Iterator[None]:
    """Tell errors of the database in our words; SQLAlchemy's carry the values that were bound."""
    try:
        yield
    except sa.exc.IntegrityError as error:
        broken = _CONSTRAINT.search(str(error.orig))
        raise UnusableTable(
            f"The database refused the change ({broken[0] if broken else 'a constraint failed'}). Nothing was written.",
            "Map the columns that the table demands, or fix them with where={column: value}.",
        ) from None
    except sa.exc.OperationalError as error:
        if "locked" in str(error.orig):
            raise StoreError("Another program is writing to the database. Nothing was written.", "Try again.") from None
        raise _refusal(error) from None
    except sa.exc.SQLAlchemyError as error:
        raise _refusal(error) from None


def _refusal(error: sa.exc.SQLAlchemyError) -> StoreError:
    cause = type(getattr(error, "orig", None) or error).__name__
    return StoreError(
        f"The database could not do what was asked ({cause}). Nothing was written.",
        "Check that the database is there, may be written to, and has the columns described.",
    )
