"""What undo and restore need, kept beside the host's table by the database itself: rows before, rows after, tombstones.

Invariants: values go from table to table within the database and never through text, so that they come back exactly;
a kept row belongs to one receipt; a column that the host adds to its table is kept from then on.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from attrs import frozen
from sqlalchemy.engine import Connection

from rosterdiff.frames import digests
from rosterdiff.schema import CANONICAL
from rosterdiff.stores.bulk import Selected, run
from rosterdiff.stores.engine import lock_name
from rosterdiff.stores.table import HostTable

RECEIPT: Final = "rosterdiff_receipt"
PHASE: Final = "rosterdiff_phase"
STUDENT: Final = "rosterdiff_student"
_LONGEST_NAME: Final = 63  # PostgreSQL's


class Phase(StrEnum):
    """What a kept row tells."""

    BEFORE = "before"  # the written columns of a student, before the apply
    UPDATED = "updated"  # what an apply left of a student whom it updated
    ADDED = "added"  # … of one whom it added
    DELETED = "deleted"  # … of one whom it deleted
    TOMBSTONE = "tombstone"  # a deleted row, whole, where the host has no column that marks it


@frozen(eq=False, repr=False)
class Kept:
    """The kept rows of one host table; whose they are is a matter of their receipt."""

    table: sa.Table
    host: HostTable

    @classmethod
    def of(cls, host: HostTable) -> "Kept":
        """Name the kept rows of a host's table; the table need not be there yet."""
        name = f"rosterdiff_kept_{host.table.name}"
        if len(name) > _LONGEST_NAME:
            name = f"rosterdiff_kept_{hashlib.sha256(host.table.name.encode()).hexdigest()[:32]}"
        own = [sa.Column(column, sa.Text()) for column in (RECEIPT, PHASE, STUDENT)]
        theirs = [sa.Column(column.name, column.type) for column in host.table.columns]
        return cls(sa.Table(name, sa.MetaData(), *own, *theirs), host)

    def is_there(self, connection: Connection) -> bool:
        """Say whether anything was ever kept."""
        return sa.inspect(connection).has_table(self.table.name)

    def prepare(self, connection: Connection) -> None:
        """Make the table, or give it the columns that the host's has got since."""
        there = self._columns(connection)
        if not there:
            lock_name(connection, "rosterdiff tables")
            there = self._columns(connection)
        if not there:
            own = [sa.cast(sa.null(), sa.Text()).label(column) for column in (RECEIPT, PHASE, STUDENT)]
            self._make(connection, "CREATE TABLE {} AS {}", sa.select(*own, *self.host.table.columns))
            self._index(connection).create(connection)
            return
        for column in (column for column in self.host.table.columns if column.name not in there):
            quoted = connection.dialect.identifier_preparer.quote(column.name)
            kind = self.host.types[column.name].compile(dialect=connection.dialect)
            place = connection.dialect.identifier_preparer.format_table(self.table)
            connection.exec_driver_sql(f"ALTER TABLE {place} ADD COLUMN {quoted} {kind}")

    def _columns(self, connection: Connection) -> set[str]:
        """The columns that are there; none before anything was kept."""
        try:
            return {column["name"] for column in sa.inspect(connection).get_columns(self.table.name)}
        except sa.exc.NoSuchTableError:
            return set()

    def _index(self, connection: Connection) -> sa.Index:
        """What finds the rows of a receipt: they lie together, and PostgreSQL need note only where (BRIN), not each."""
        name = f"{self.table.name[: _LONGEST_NAME - 3]}_ix"
        if connection.dialect.name == "postgresql":  # elsewhere SQLAlchemy would load its drivers for the option's sake
            return sa.Index(name, self.table.c[RECEIPT], postgresql_using="brin")
        return sa.Index(name, self.table.c[RECEIPT])

    def _make(self, connection: Connection, statement: str, wanted: Selected) -> None:
        text = wanted.where(sa.false()).compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
        place = connection.dialect.identifier_preparer.format_table(self.table)
        connection.exec_driver_sql(statement.format(place, text))

    def keep(
        self,
        connection: Connection,
        receipt_id: str,
        phase: Phase,
        staged: sa.FromClause,
        columns: Iterable[str],
        *conditions: sa.ColumnElement[bool],
    ) -> int:
        """Keep columns of the rows in the scope that are staged, as they are now; return how many there were."""
        host = self.host
        wanted_names = {host.key.name, *columns}
        names = [column.name for column in host.table.columns if column.name in wanted_names]
        wanted = sa.select(
            sa.literal(receipt_id, sa.Text()),
            sa.literal(phase.value, sa.Text()),
            staged.c.student,
            *(host.table.c[name] for name in names),
        ).where(host.key == staged.c.key, host.scope, *conditions)
        statement = sa.insert(self.table).from_select([RECEIPT, PHASE, STUDENT, *names], wanted)
        return run(connection, statement)

    def analyse(self, connection: Connection) -> None:
        """Let PostgreSQL count what is kept: it knows nothing of rows just written, and would join them one by one."""
        if connection.dialect.name == "postgresql":
            place = connection.dialect.identifier_preparer.format_table(self.table)
            connection.exec_driver_sql(f"ANALYZE {place}")

    def rows(self, receipt_id: str, *phases: Phase) -> sa.ColumnElement[bool]:
        """The condition that kept rows of a receipt and phases meet."""
        return sa.and_(self.table.c[RECEIPT] == receipt_id, self.table.c[PHASE].in_([phase.value for phase in phases]))

    def tombstones(self, receipts: Selected) -> sa.Subquery:
        """The deleted rows of a scope; of two with one id, the one deleted last.

        Args:
            receipts: `receipt_id` and `seq` of the scope's receipts.

        """
        own = receipts.subquery()
        latest = sa.func.row_number().over(partition_by=self.table.c[STUDENT], order_by=own.c.seq.desc())
        ranked = (
            sa.select(self.table, latest.label("rosterdiff_rank"))
            .join(own, own.c.receipt_id == self.table.c[RECEIPT])
            .where(self.table.c[PHASE] == Phase.TOMBSTONE.value)
            .subquery()
        )
        return sa.select(ranked).where(ranked.c.rosterdiff_rank == 1).subquery("tombstones")

    def moved(
        self, connection: Connection, kept: sa.ColumnElement[bool], now: sa.FromClause, fields: Mapping[str, str]
    ) -> list[str]:
        """Name the students of whom what is there is not what was left, by the content of their fields.

        Args:
            connection: the transaction.
            kept: which kept rows tell what was left.
            now: the rows as they are, with the host's columns.
            fields: field → column of what counts.

        """
        left = self.table
        differs = [self._differs(left.c[column], now.c[column]) for column in fields.values()]
        key = self.host.key.name
        joined = left.outerjoin(now, left.c[key] == now.c[key])
        there = now.c[key].is_not(None)
        wanted = [left.c[STUDENT], there, *(side.c[column] for side in (left, now) for column in fields.values())]
        lines = connection.execute(
            sa.select(*wanted).select_from(joined).where(kept, sa.or_(sa.not_(there), *differs))
        ).all()
        gone = [student for student, is_there, *_ in lines if not is_there]
        altered = [line for line in lines if line[1]]
        then, after = (
            self._contents([line[2 + first : 2 + first + len(fields)] for line in altered], fields)
            for first in (0, len(fields))
        )
        return gone + [line[0] for line, was, is_ in zip(altered, then, after, strict=True) if was != is_]

    def _differs(self, left: sa.ColumnElement[Any], now: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
        """Whether two values differ to the byte; PostgreSQL compares not all types, but the text of all."""
        if self.host.dialect.name != "postgresql":
            return left.is_distinct_from(now)
        return sa.cast(left, sa.Text()).is_distinct_from(sa.cast(now, sa.Text()))

    def _contents(self, lines: Sequence[Sequence[Any]], fields: Mapping[str, str]) -> list[str]:
        if not lines:
            return []
        columns = dict(zip(fields, zip(*lines, strict=True), strict=True))
        return digests(self.host.typed(columns).select(list(fields)))


def compared(host: HostTable, written: Iterable[str]) -> dict[str, str]:
    """The fields, with their columns, that tell whether a student is as an apply left him: canonical and written."""
    named = set(written)
    return {name: column for name, column in host.fields.items() if name in CANONICAL or name in named}
