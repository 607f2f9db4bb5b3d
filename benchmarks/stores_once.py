"""One measurement of a SQL store in a process of its own: `python -m benchmarks.stores_once DATABASE CHANGES`.

Prints JSON: seconds of `apply`, its two floors, `load` and `polars.read_database`, and the memory that `apply` took.
A floor is the same rows written by one bulk statement each for updates, deletions and additions, in one transaction,
on an equal table with the same key, of values that lie ready. The second also copies each row as it was and as it
becomes, which is what undo needs, by one statement each.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import polars as pl
import sqlalchemy as sa
from attrs import frozen

from benchmarks.memory import memory_mb
from rosterdiff.frames import Roster
from rosterdiff.model import Actor
from rosterdiff.plans import ChangeSet
from rosterdiff.schema import EXPECTED, UPDATES, conform
from rosterdiff.stores import SqlStore

T = TypeVar("T")
STAFF = Actor.parse("staff:Benchmark")
COLUMNS = ("student_id", "given_name", "family_name", "birth_date", "grade", "class_name", "gender")


def a_base(size: int) -> Roster:
    """Students in classes of twenty-six, one grade a school of 500."""
    number = pl.int_range(size, eager=True)
    grade = "0" + (1 + number % 7).cast(pl.String)
    columns = {
        "student_id": (number + 1).cast(pl.String),
        "given_name": "Given" + (number % 977).cast(pl.String),
        "family_name": "Family" + (number % 4999).cast(pl.String),
        "birth_date": (14_610 + number % 2000).cast(pl.Int32).cast(pl.Date),
        "grade": grade,
        "class_name": grade + (number % 26).cast(pl.String),
        "gender": (number % 2).replace_strict({0: "F", 1: "M"}, return_dtype=pl.String),
    }
    return Roster.from_frame(pl.DataFrame(columns))


def changes_of(base: pl.DataFrame, size: int) -> ChangeSet:
    """A school year: eight in ten get a grade and a class, one in ten leaves, as many come."""
    stayers, leavers = base.head(size * 8 // 10), base.tail(size // 10)
    updates = [
        conform(stayers.select("student_id", field=pl.lit(name), after=pl.lit(value)), UPDATES)
        for name, value in (("grade", "08"), ("class_name", "8A"))
    ]
    return ChangeSet(
        plan_id="p" * 64,
        origin="p" * 64,
        additions=base.head(size // 10).with_columns(pl.lit(None, dtype=pl.String).alias("student_id")),
        updates=pl.concat(updates).sort("student_id", "field"),
        deletions=tuple(leavers["student_id"].sort()),
        expected=pl.concat([stayers, leavers]).select(*EXPECTED),
        known_ids=frozenset(base["student_id"]),
    )


@frozen
class Lines:
    """What a floor writes, as values that lie ready."""

    updates: list[tuple[str, ...]]  # grade, class, id
    deletions: list[tuple[str, ...]]  # id
    additions: list[tuple[str, ...]]  # as COLUMNS

    @classmethod
    def of(cls, base: pl.DataFrame, size: int) -> "Lines":
        """The same rows as `changes_of`."""
        ids = base["student_id"].to_list()
        rows = base.head(size // 10).select(COLUMNS[1:]).cast(pl.String).rows()
        return cls(
            [("08", "8A", known) for known in ids[: size * 8 // 10]],
            [(known,) for known in ids[-(size // 10) :]],
            [(str(size + place), *row) for place, row in enumerate(rows, 1)],
        )


def floor_of(engine: sa.Engine, lines: Lines, table: str, *, keeping: bool = False) -> float:
    """Write the same rows by bulk statements to an equal table; only the writing is timed."""
    is_postgresql = engine.dialect.name == "postgresql"
    with engine.connect() as connection, connection.begin():
        if not is_postgresql:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        began = perf_counter()
        if is_postgresql:
            _stage_values(connection, lines)
        elif keeping:
            _stage_ids(connection, lines)
        if keeping:
            connection.exec_driver_sql(f"CREATE TABLE kept_rows AS {_touched(table)}")
        (_write_joined if is_postgresql else _write_prepared)(connection, table, lines)
        if keeping:
            added = f"SELECT * FROM {table} WHERE CAST(student_id AS integer) >= {lines.additions[0][0]}"
            connection.exec_driver_sql(f"INSERT INTO kept_rows {_touched(table)} UNION ALL {added}")
        connection.commit()
        return perf_counter() - began


def _touched(table: str) -> str:
    return f"SELECT {table}.* FROM {table} JOIN wanted ON wanted.id = {table}.student_id"


def _stage_ids(connection: sa.Connection, lines: Lines) -> None:
    connection.exec_driver_sql("CREATE TEMP TABLE wanted (id text)")
    touched = [line[-1:] for line in (*lines.updates, *lines.deletions)]
    connection.exec_driver_sql("INSERT INTO wanted VALUES (?)", touched)


def _write_prepared(connection: sa.Connection, table: str, lines: Lines) -> None:
    marks = ", ".join("?" * len(COLUMNS))
    for statement, values in (
        (f"UPDATE {table} SET grade = ?, class_name = ? WHERE student_id = ?", lines.updates),
        (f"DELETE FROM {table} WHERE student_id = ?", lines.deletions),
        (f"INSERT INTO {table} ({', '.join(COLUMNS)}) VALUES ({marks})", lines.additions),
    ):
        connection.exec_driver_sql(statement, values)


def _stage_values(connection: sa.Connection, lines: Lines) -> None:
    connection.exec_driver_sql("CREATE TEMP TABLE wanted (grade text, class_name text, id text) ON COMMIT DROP")
    _copy(connection, "COPY wanted FROM STDIN", [*lines.updates, *((None, None, *line) for line in lines.deletions)])
    connection.exec_driver_sql("ANALYZE wanted")


def _write_joined(connection: sa.Connection, table: str, lines: Lines) -> None:
    connection.exec_driver_sql(
        f"UPDATE {table} SET grade = w.grade, class_name = w.class_name FROM wanted w "
        f"WHERE {table}.student_id = w.id AND w.grade IS NOT NULL"
    )
    connection.exec_driver_sql(
        f"DELETE FROM {table} USING wanted w WHERE {table}.student_id = w.id AND w.grade IS NULL"
    )
    _copy(connection, f"COPY {table} ({', '.join(COLUMNS)}) FROM STDIN", lines.additions)


def _copy(connection: sa.Connection, statement: str, rows: Iterable[tuple[str | None, ...]]) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def measure(url: str, size: int) -> dict[str, float]:
    """Everything for one size on one empty database."""
    store = SqlStore.create(url, a_base(size))
    for table in ("floor", "floor_with_undo"):
        SqlStore.create(url, a_base(size), table)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    loading, loaded = _timed(store.load)
    with engine.connect() as connection:
        reading, _ = _timed(lambda: pl.read_database("SELECT * FROM students", connection))
    base = loaded.frame.sort(pl.col("student_id").cast(pl.Int64))
    changes = changes_of(base, size)
    lines = Lines.of(base, size)
    floor = floor_of(engine, lines, "floor")
    with_undo = floor_of(engine, lines, "floor_with_undo", keeping=True)
    del lines
    before = memory_mb("VmRSS")
    applying, receipt = _timed(lambda: store.apply(changes, actor=STAFF))
    peak = memory_mb("VmHWM")
    undoing, _ = _timed(lambda: store.undo(receipt.receipt_id, actor=STAFF))
    assert store.load().frame.equals(loaded.frame), "what was undone is as it was"
    return {
        "apply": applying, "floor": floor, "floor_with_undo": with_undo, "undo": undoing,
        "load": loading, "read_database": reading,
        "memory": max(0.0, peak - before), "counts": sum(receipt.counts.values()),
    }  # fmt: skip


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    began = perf_counter()
    found = work()
    return perf_counter() - began, found


@contextmanager
def _database(kind: str) -> Iterator[str]:
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder) / 'school.db'}"
        return
    from tests.postgres import database

    with database() as url:
        yield url


if __name__ == "__main__":
    with _database(sys.argv[1]) as found:
        print(json.dumps(measure(found, int(sys.argv[2]))))
