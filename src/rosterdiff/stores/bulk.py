"""Rows into and out of a database in bulk: columns of values, and never a statement for each row.

Invariants: values are bound or copied, never part of a statement's text; text that PostgreSQL copies is escaped, so
that no value ends its column or its line.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import chain
from types import NoneType
from typing import Any, Final, TypeAlias

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from rosterdiff.stores.spelling import AnyType, Raw, text_of

Selected: TypeAlias = "sa.Select[*tuple[Any, ...]]"
"""A select of any columns."""

CHUNK: Final = 50_000
"""Rows that are held as Python values at a time while a table is read."""

_FETCHED: Final = 500
"""Rows that are held as tuples at a time: more of them set off Python's garbage collector, which doubles the time."""

_BOUND: Final = 500
"""Values that one statement of SQLite's binds when rows are inserted."""

_TEXT: Final = sa.Text()
_ESCAPED: Final = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_NULL: Final = "\\N"


def read_chunks(connection: Connection, wanted: Selected) -> Iterator[tuple[Sequence[Raw], ...]]:
    """Read what a select gives, as columns of at most `CHUNK` values; nothing where it gives no row."""
    with connection.execute(wanted) as result, _as_sqlalchemy_tells(connection):
        cursor = result.cursor  # the driver's own: rows as plain tuples, of values as the driver gives them
        while cursor is not None and (columns := _next_chunk(cursor)):
            yield columns


def _next_chunk(cursor: Any) -> tuple[list[Raw], ...]:  # Any: the driver's own
    columns: tuple[list[Raw], ...] = ()
    for _ in range(CHUNK // _FETCHED):
        rows = cursor.fetchmany(_FETCHED)
        if not rows:
            break
        columns = columns or tuple([] for _ in rows[0])
        for column, values in zip(columns, zip(*rows, strict=True), strict=True):
            column.extend(values)
    return columns


def read_column(connection: Connection, wanted: Selected) -> list[Raw]:
    """Read the one column of a select."""
    return list(chain.from_iterable(column for (column,) in read_chunks(connection, wanted)))


def run(connection: Connection, statement: sa.Executable) -> int:
    """Run a statement that writes, and say how many rows it wrote."""
    result = connection.execute(statement, execution_options={"preserve_rowcount": True})
    rowcount: int = result.rowcount
    return rowcount


def text_series(name: str, values: Sequence[Raw], column_type: AnyType) -> pl.Series:
    """Write raw values as a roster's text (`spelling.text_of`), whole columns at once where they are of one kind.

    >>> text_series("room", ["3B", None], sa.Text()).to_list(), text_series("id", [7, None], sa.Integer()).to_list()
    (['3B', None], ['7', None])
    """
    try:
        return pl.Series(name, values, dtype=pl.String)
    except (TypeError, ValueError):  # not all of them are text
        kinds = set(map(type, values)) - {NoneType}
    if kinds == {date}:
        return pl.Series(name, values, dtype=pl.Date).cast(pl.String)
    if kinds == {int} and not isinstance(column_type, sa.Boolean):
        try:
            return pl.Series(name, values, dtype=pl.Int64).cast(pl.String)
        except (OverflowError, pl.exceptions.PolarsError):
            pass  # numbers beyond 64 bits, one by one
    return pl.Series(name, [text_of(value, column_type) for value in values], dtype=pl.String)


def write_columns(connection: Connection, table: sa.TableClause, columns: Mapping[str, Sequence[Raw]]) -> None:
    """Add rows to a table: copied on PostgreSQL by psycopg, by one prepared statement elsewhere.

    Args:
        connection: the transaction.
        table: one of ours.
        columns: column → its values, as long as the others.

    """
    if not columns or not len(next(iter(columns.values()))):
        return
    preparer = connection.dialect.identifier_preparer
    names = ", ".join(preparer.quote(name) for name in columns)
    place = preparer.format_table(table)
    match connection.dialect.name, connection.dialect.driver:
        case "postgresql", "psycopg":
            _copy(connection, f"COPY {place} ({names}) FROM STDIN", columns)
        case "sqlite", _:
            _insert(connection, f"INSERT INTO {place} ({names}) VALUES ", columns)  # noqa: S608
        case _:
            lines = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
            connection.execute(sa.insert(table), lines)


def _insert(connection: Connection, statement: str, columns: Mapping[str, Sequence[Raw]]) -> None:
    """Insert many rows a statement, which takes half the time of one a statement, and then those that are left."""
    driver: Any = connection.connection.driver_connection  # Any: sqlite3's, or what stands in for it
    width, values = len(columns), list(chain.from_iterable(zip(*columns.values(), strict=True)))
    at_once = max(1, _BOUND // width)
    first = 0
    with _as_sqlalchemy_tells(connection):
        for rows in (at_once, 1):
            step = rows * width
            last = first + (len(values) - first) // step * step
            marks = ", ".join([f"({', '.join('?' * width)})"] * rows)
            driver.executemany(f"{statement}{marks}", (values[at : at + step] for at in range(first, last, step)))
            first = last


def _copy(connection: Connection, statement: str, columns: Mapping[str, Sequence[Raw]]) -> None:
    driver: Any = connection.connection.driver_connection  # Any: psycopg's own, which is not imported here
    height = len(next(iter(columns.values())))
    with _as_sqlalchemy_tells(connection), driver.cursor() as cursor, cursor.copy(statement) as copy:
        for first in range(0, height, CHUNK):
            copy.write(_copy_text([values[first : first + CHUNK] for values in columns.values()]))


@contextmanager
def _as_sqlalchemy_tells(connection: Connection) -> Iterator[None]:
    """Raise what the driver itself raises as SQLAlchemy's errors, for those who tell them in words."""
    driver: Any = connection.dialect.loaded_dbapi
    try:
        yield
    except driver.Error as error:
        gone = connection.dialect.is_disconnect(error, connection.connection, None)
        raise sa.exc.DBAPIError.instance(
            None, None, error, driver.Error, dialect=connection.dialect, connection_invalidated=gone
        ) from error


def _copy_text(columns: Sequence[Sequence[Raw]]) -> bytes:
    """The lines of PostgreSQL's text format: tabs between values, a backslash before what would be taken as more."""
    frame = pl.DataFrame([text_series(str(place), values, _TEXT) for place, values in enumerate(columns)])
    escaped = pl.all().str.replace_many(list(_ESCAPED), list(_ESCAPED.values())).fill_null(_NULL)
    lines = pl.concat_str(escaped, separator="\t").str.join("\n")
    text: str = frame.select(lines).item()
    return f"{text}\n".encode()
