"""What a transaction is about to write, laid beside the host's table: one statement then writes all of it.

Invariants: a staging table is temporary, and nobody else sees it; its columns have the types of the host's, without
their constraints; it holds raw values and the host's own keys.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl
import sqlalchemy as sa
from attrs import frozen
from sqlalchemy.engine import Connection

from rosterdiff.plans import ChangeSet
from rosterdiff.stores.bulk import write_columns
from rosterdiff.stores.spelling import Raw, Spelling
from rosterdiff.stores.table import HostTable

TOUCHED: Final = "rosterdiff_touched"
ADDED: Final = "rosterdiff_added"
NAMED: Final = "rosterdiff_named"

_JOINED: Final = frozenset({"student", "key", "leaves"})
"""Columns of staging tables by which rows are found: PostgreSQL plans well if it knows these."""

_SAMPLE: Final = 10
"""PostgreSQL looks at 300 rows for each: enough to see that ids do not repeat, in a tenth of its usual time."""

_TEMPORARY: Final[Mapping[str, str]] = {"sqlite": "temp", "postgresql": "pg_temp"}
"""The schema of temporary tables, so that a table of the host's of the same name is not meant."""


@frozen(eq=False, repr=False)
class Keys:
    """The active students of a scope: their ids and, in the same order, their keys as the database has them."""

    ids: pl.Series
    raws: Sequence[Raw]

    @classmethod
    def read(cls, connection: Connection, host: HostTable) -> "Keys":
        """Read them.

        Raises:
            InvalidRoster: ids are missing or repeated.

        """
        students, raws = host.read_keyed(connection, host.is_active, fields=("student_id",))
        return cls(students["student_id"], raws)

    def of(self, student_ids: pl.Series) -> tuple[pl.Series, list[Raw]]:
        """Those of these students who are there, with their keys."""
        known = pl.DataFrame({"student_id": self.ids}).with_row_index("at")
        found = student_ids.to_frame("student_id").join(known, on="student_id", how="inner", maintain_order="left")
        return found["student_id"], [self.raws[at] for at in found["at"].to_list()]


@frozen(eq=False, repr=False)
class Touched:
    """The students that a change set updates or deletes, staged.

    Attributes:
        table: `student`, `key`, `leaves` (0 or 1), and for each column that is written a value and whether it is meant.
        written: the host's columns that updates write → the columns of `table` for value and whether it is meant; None
            instead of the latter where every student who stays gets a value.

    """

    table: sa.TableClause
    written: Mapping[str, tuple[str, str | None]]


@frozen(eq=False, repr=False)
class Added:
    """The rows that a change set adds, staged.

    Attributes:
        table: `student`, `key`, `shape`, and a value for each column that is written.
        written: the host's columns → the columns of `table`.
        shapes: for each number in `shape` the host's columns that such rows have; the others get the host's defaults.

    """

    table: sa.TableClause
    written: Mapping[str, str]
    shapes: Sequence[tuple[str, ...]]


def stage_touched(
    connection: Connection, host: HostTable, changes: ChangeSet, keys: Keys, spelling: Spelling
) -> Touched:
    """Stage the students that a change set touches; they are all there."""
    staying = changes.updates["student_id"].unique(maintain_order=True)
    leaving = pl.Series("student_id", changes.deletions, dtype=pl.String)
    students, raws = keys.of(pl.concat([staying, leaving]))
    columns: dict[str, Sequence[Raw]] = {
        "student": students.to_list(),
        "key": raws,
        "leaves": [0] * len(staying) + [1] * len(leaving),
    }
    written: dict[str, tuple[str, str | None]] = {}
    for place, name in enumerate(sorted(host.writable.keys() & changes.updates["field"].unique())):
        lines = changes.updates.filter(pl.col("field") == name).select("student_id", "after", meant=pl.lit(1))
        given = students.to_frame("student_id").join(lines, on="student_id", how="left", maintain_order="left")
        columns[f"v{place}"] = host.raws(name, given["after"], spelling)
        meant_for_all = lines.height == len(staying)
        if not meant_for_all:
            columns[f"m{place}"] = given["meant"].fill_null(0).to_list()
        written[host.writable[name]] = (f"v{place}", None if meant_for_all else f"m{place}")
    typed = {value: column for column, (value, _) in written.items()}
    return Touched(_stage(connection, host, TOUCHED, columns, typed), written)


def stage_added(
    connection: Connection,
    host: HostTable,
    values: Mapping[str, Sequence[Raw]],
    ids: Sequence[str],
    keys: Sequence[Raw],
) -> Added:
    """Stage rows to add.

    Args:
        connection: the transaction.
        host: the table.
        values: the host's columns that the rows have values for, without the key.
        ids: the new ids of the rows.
        keys: the same as the host's keys.

    """
    with_default = [name for name in values if host.table.c[name].server_default is not None]
    shape, shapes = _shapes(with_default, values, len(ids))
    written = {column: f"v{place}" for place, column in enumerate(values)}
    columns: dict[str, Sequence[Raw]] = {"student": ids, "key": keys, "shape": shape}
    columns |= {written[column]: values[column] for column in values}
    table = _stage(connection, host, ADDED, columns, {value: column for column, value in written.items()})
    always = tuple(name for name in values if name not in with_default)
    return Added(table, written, [(*always, *given) for given in shapes])


def stage_named(
    connection: Connection, host: HostTable, names: Sequence[str], keys: Sequence[Raw] | None = None
) -> sa.TableClause:
    """Stage names, of students with or without their keys or of receipts, as `student` and `key`."""
    columns: dict[str, Sequence[Raw]] = {"student": names}
    return _stage(connection, host, NAMED, columns if keys is None else {**columns, "key": keys}, {})


def _shapes(
    names: Sequence[str], values: Mapping[str, Sequence[Raw]], height: int
) -> tuple[Sequence[int], list[tuple[str, ...]]]:
    """Number the rows by which of some columns they have a value for."""
    if not names:
        return [0] * height, [()]
    given = list(zip(*([value is not None for value in values[name]] for name in names), strict=True))
    kinds = sorted(set(given))
    number = {kind: place for place, kind in enumerate(kinds)}
    shapes = [tuple(name for name, has in zip(names, kind, strict=True) if has) for kind in kinds]
    return [number[kind] for kind in given], shapes


def _stage(
    connection: Connection,
    host: HostTable,
    name: str,
    columns: Mapping[str, Sequence[Raw]],
    typed: Mapping[str, str],
) -> sa.TableClause:
    """Make a temporary table and fill it; columns are text for students, the host's types, or small numbers."""
    schema = _TEMPORARY.get(connection.dialect.name)
    table = sa.table(name, *(sa.column(column) for column in columns), schema=schema)
    place = connection.dialect.identifier_preparer.format_table(table)
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {place}")
    empty = sa.select(*(_typed(host, column, typed).label(column) for column in columns)).where(sa.false())
    text = empty.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
    lasting = "ON COMMIT DROP" if connection.dialect.name == "postgresql" else ""
    connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {name} {lasting} AS {text}")
    write_columns(connection, table, columns)
    if connection.dialect.name == "postgresql":
        joined = ", ".join(column for column in columns if column in _JOINED)
        connection.exec_driver_sql(f"SET LOCAL default_statistics_target = {_SAMPLE}")
        connection.exec_driver_sql(f"ANALYZE {place} ({joined})")
    return table


def _typed(host: HostTable, column: str, typed: Mapping[str, str]) -> sa.ColumnElement[object]:
    if column == "key":
        return host.key
    if column in typed:
        return host.table.c[typed[column]]
    return sa.cast(sa.null(), sa.Text() if column == "student" else sa.Integer())
