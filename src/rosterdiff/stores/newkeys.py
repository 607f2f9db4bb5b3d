"""Keys for new rows: the database's own where it gives them and never gives one again, else ours.

Invariants: a key that any row of the table has, in the scope or out of it, or ever had from us, is not given again.
"""

import uuid
from collections.abc import Callable
from typing import Final

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from rosterdiff.errors import StoreError, UnusableTable
from rosterdiff.stores.bulk import read_column, text_series
from rosterdiff.stores.ids import fresh_ids, highest_number
from rosterdiff.stores.ledger import Ledger
from rosterdiff.stores.spelling import Raw, holds_any_text, raw_of, read_text, text_of
from rosterdiff.stores.table import HostTable

_ROUNDS: Final = 10


def new_keys(
    connection: Connection,
    host: HostTable,
    ledger: Ledger,
    active: pl.Series,
    count: int,
    new_id: Callable[[], str] | None,
) -> list[Raw]:
    """Give keys for new rows, as the database has keys; before any row is removed, so that none is given again.

    Args:
        connection: the transaction.
        host: the table.
        ledger: the receipts, which know of ids given before.
        active: the ids of the active students.
        count: how many are needed.
        new_id: the host's generator, if it has one.

    Raises:
        StoreError: the database, or the host's generator, keeps giving keys that were used.
        UnusableTable: the column of the keys takes none that we give.

    """
    if not count:
        return []
    used = _used(connection, host, ledger, active)
    drawn = _drawn(connection, host, used, count)
    if drawn is not None:
        return drawn
    if isinstance(host.key_type, sa.Integer):
        used = _numbers(used)
    if isinstance(host.key_type, sa.Uuid):
        new_id = new_id or (lambda: str(uuid.uuid4()))
    texts = fresh_ids(used.to_list(), count, new_id)
    if holds_any_text(host.key_type, host.dialect):
        return texts
    return [raw_of(_key_of(text, host), host.key_type, host.dialect) for text in texts]


def _key_of(text: str, host: HostTable) -> object:
    """An id as a value of the key's type; that it is none is no fault of an upload's."""
    try:
        return read_text(text, host.key.name, host.key_type, host.dialect)
    except UnusableTable:
        raise UnusableTable(
            f"The column {host.key.name} cannot hold the id of an added student, and the database gives none itself.",
            "Give the store a new_id that makes ids like those you have.",
        ) from None


def _used(connection: Connection, host: HostTable, ledger: Ledger, active: pl.Series) -> pl.Series:
    given = pl.Series("student_id", list(ledger.used_ids(connection)), dtype=pl.String)
    if host.is_whole:
        return pl.concat([active, given])
    keys = text_series("student_id", read_column(connection, sa.select(host.key)), host.key_type)
    return pl.concat([keys.drop_nulls().str.strip_chars(), given])


def _numbers(used: pl.Series) -> pl.Series:
    return used.filter(used.str.contains("^[0-9]+$"))


def _drawn(connection: Connection, host: HostTable, used: pl.Series, count: int) -> list[Raw] | None:
    """Keys that the database itself gives; None where it gives none, or might give one again."""
    if host.dialect.name == "sqlite":
        return _counted_on(connection, host, used, count)
    source = _generator(connection, host)
    if source is None:
        return None
    found: dict[Raw, None] = {}
    taken = set(used.to_list())
    for _ in range(_ROUNDS):
        turns = sa.func.generate_series(1, count - len(found)).table_valued("turn")
        drawn = connection.execute(sa.select(source).select_from(turns)).scalars()
        found |= dict.fromkeys(key for key in drawn if text_of(key, host.key_type) not in taken)
        if len(found) == count:
            return list(found)
    raise StoreError(
        f"The database keeps giving keys for {host.table.name} that were used before. Nothing was written.",
        "Set its sequence to a number beyond all that were used.",
    )


def _generator(connection: Connection, host: HostTable) -> sa.ColumnElement[Raw] | None:
    """The expression by which PostgreSQL gives a key to a new row."""
    if host.dialect.name != "postgresql":
        return None
    if host.key.identity is not None:
        table = connection.dialect.identifier_preparer.format_table(host.table)
        return sa.func.nextval(sa.cast(sa.func.pg_get_serial_sequence(table, host.key.name), sa.Text()))
    default = host.key.server_default
    return sa.literal_column(str(default.arg)) if isinstance(default, sa.DefaultClause) else None


def _counted_on(connection: Connection, host: HostTable, used: pl.Series, count: int) -> list[Raw] | None:
    """The next numbers of a SQLite table that never gives one again: one that says AUTOINCREMENT."""
    text = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?"
    made = connection.exec_driver_sql(text, (host.table.name,)).scalar()
    if not isinstance(host.key_type, sa.Integer) or "AUTOINCREMENT" not in str(made).upper():
        return None
    given = connection.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = ?", (host.table.name,)).scalar()
    first = 1 + max(highest_number(_numbers(used)), given or 0)
    return list(range(first, first + count))
