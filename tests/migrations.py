"""A school, its lists and its people for tests of the workflow: the ordinary school of `school_year`, in a store."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
from attrs import define, evolve

from rosterdiff.frames import Context
from rosterdiff.migration import Host, Migration
from rosterdiff.model import Actor, Decision
from rosterdiff.plans import IS_OPEN
from rosterdiff.stores import MemoryJournal, MemoryStore
from rosterdiff.testing.builders import a_roster
from tests.school_year import Record, advanced, ordinary

BEN, FAY = Actor.parse("administrator:Ben"), Actor.parse("administrator:Fay")
ADA, CYRIL = Actor.parse("staff:Ada"), Actor.parse("staff:Cyril")
OPENS, CLOSES = date(2026, 11, 1), date(2027, 2, 1)

_HEADERS = {
    "given_name": "First name", "family_name": "Surname", "birth_date": "Date of birth", "grade": "Grade",
    "class_name": "Class",
}  # fmt: skip


@define
class Clock:
    """A clock that a test turns, and that goes on a minute at each look."""

    at: datetime = datetime(2026, 12, 1, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at


def a_sheet(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The bytes of a class list, as a teacher sends it."""
    lines = [{header: str(row.get(name) or "") for name, header in _HEADERS.items()} for row in rows]
    return pl.DataFrame(lines, schema=dict.fromkeys(_HEADERS.values(), pl.String)).write_csv().encode()


def a_host(students: Sequence[Record] = (), *, clock: Clock | None = None, **given: Any) -> Host:
    """A host of the ordinary school and these students, in memory; `given` may have a store and a journal."""
    now = clock or Clock()
    given.setdefault("store", MemoryStore(a_roster(*ordinary(), *students), now=now))
    given.setdefault("journal", MemoryJournal())
    return Host(clock=now, **given)


def next_year(*more: Mapping[str, Any], changed: Mapping[str, Mapping[str, Any]] | None = None) -> list[Record]:
    """Next year's rows of the ordinary school, some of them with other values, and further ones."""
    rows = {str(student["student_id"]): row for student, row in zip(_stayers(), advanced(ordinary()), strict=True)}
    for student_id, values in (changed or {}).items():
        rows[student_id] = {**rows[student_id], **values}
    return [*rows.values(), *[dict(row) for row in more]]


def _stayers() -> list[Record]:
    return [student for student in ordinary() if student["grade"] != "06"]


def opened(host: Host) -> Migration:
    """An open migration."""
    return Migration.open(host, actor=BEN, window=(OPENS, CLOSES), school_year="2027")


def planned(host: Host, rows: Iterable[Mapping[str, Any]] | None = None) -> Migration:
    """A migration with its plan, of these rows in one list."""
    migration = opened(host).upload("list.csv", a_sheet(next_year() if rows is None else rows), actor=BEN)
    return migration.complete(actor=BEN).make_plan(actor=ADA)


def acknowledged(migration: Migration) -> Migration:
    """The same with its deletions acknowledged."""
    assert migration.progress.plan is not None
    return migration.acknowledge(migration.progress.plan.certain, actor=BEN)


def open_rows(migration: Migration) -> list[int]:
    """The rows that nobody has decided."""
    return migration.decided_plan.entries.filter(IS_OPEN)["row"].drop_nulls().to_list()


def same(row: int, student_id: str) -> Decision:
    """The row is this student."""
    return Decision(row, student_id, verdict="same")


def new(row: int) -> Decision:
    """The row is a new student."""
    return Decision(row, verdict="new")


def edit(host: Host, student_id: str, **values: Any) -> Host:
    """The same host after a teacher has changed a student by hand."""
    students = host.store.load().frame
    for name, value in values.items():
        literal = pl.lit(value, dtype=students.schema[name])
        students = students.with_columns(
            pl.when(pl.col("student_id") == student_id).then(literal).otherwise(pl.col(name)).alias(name)
        )
    return _with(host, students)


def join(host: Host, *students: Record) -> Host:
    """The same host after a teacher has added students by hand."""
    now = host.store.load().frame
    added = a_roster(*students).frame.select(now.columns)
    return _with(host, pl.concat([now, added]))


def _with(host: Host, students: pl.DataFrame) -> Host:
    """A store in memory whose active students are others; what it has deleted and written stays."""
    store = host.store
    assert isinstance(store, MemoryStore)
    from rosterdiff.stores.base import in_base_order

    store._state = evolve(store._state, active=in_base_order(students))
    return host


def with_seats(host: Host, seats: int) -> Host:
    """The same host with so many seats."""
    return evolve(host, context=Context(seats=seats))
