"""What rosterdiff keeps beside a host's table: receipts with what undo needs, and tombstones of deleted rows.

Invariants: both are written in the transaction of the apply they tell of; an entry belongs to one table and one scope,
and no other store sees it; records are JSON whose values go back exactly as they came.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from attrs import frozen
from sqlalchemy.engine import Connection

from rosterdiff.model import Actor, Receipt
from rosterdiff.stores.base import Footprint
from rosterdiff.stores.engine import make_tables
from rosterdiff.stores.spelling import Raw, pack, unpack

METADATA: Final = sa.MetaData()

RECEIPTS: Final = sa.Table(
    "rosterdiff_receipts",
    METADATA,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("receipt_id", sa.String(40), nullable=False, unique=True),
    sa.Column("host_table", sa.Text, nullable=False),
    sa.Column("scope", sa.Text, nullable=False),
    sa.Column("plan_id", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("acknowledged_by", sa.Text),
    sa.Column("applied_at", sa.Text, nullable=False),  # ISO 8601, as the other moments here
    sa.Column("student_ids", sa.Text, nullable=False),
    sa.Column("updated", sa.Text, nullable=False),
    sa.Column("deleted", sa.Text, nullable=False),
    sa.Column("undo", sa.Text, nullable=False),
    sa.Column("undone_at", sa.Text),
    sa.Column("undone_by", sa.Text),
)

TOMBSTONES: Final = sa.Table(
    "rosterdiff_tombstones",
    METADATA,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("host_table", sa.Text, nullable=False),
    sa.Column("scope", sa.Text, nullable=False),
    sa.Column("student_id", sa.Text, nullable=False),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("deleted_at", sa.Text, nullable=False),
)


@frozen(eq=False, repr=False)
class UndoData:
    """What the undo of one apply needs.

    Attributes:
        before: student_id → column → raw value, for the rows that the apply changed and left in the table.
        written: the roster's fields that it wrote.
        left: what it left behind.

    """

    before: Mapping[str, Mapping[str, Raw]]
    written: frozenset[str]
    left: Footprint

    def to_json(self) -> str:
        """Write it as JSON."""
        before = {student_id: pack(values) for student_id, values in self.before.items()}
        content = {"before": before, "written": sorted(self.written), "left": sorted(self.left)}
        return json.dumps(content, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "UndoData":
        """Read what `to_json` wrote."""
        content = json.loads(text)
        return cls(
            before={student_id: unpack(values) for student_id, values in content["before"].items()},
            written=frozenset(content["written"]),
            left=frozenset((student_id, digest) for student_id, digest in content["left"]),
        )


@frozen(eq=False)
class Ledger:
    """The receipts and tombstones of one host table and scope."""

    host_table: str
    scope: str

    def prepare(self, connection: Connection) -> None:
        """Create our tables where they are not there yet."""
        make_tables(connection, METADATA)

    def receipts(self, connection: Connection) -> tuple[Receipt, ...]:
        """Read the receipts of this table and scope, the first apply first."""
        if not _exists(connection, RECEIPTS):
            return ()
        lines = connection.execute(sa.select(RECEIPTS).where(self._own(RECEIPTS)).order_by(RECEIPTS.c.seq))
        return tuple(_receipt(line) for line in lines.mappings())

    def names(self, connection: Connection) -> list[str]:
        """Read the names of all receipts, whatever their table and scope: names are unique among all."""
        return list(connection.execute(sa.select(RECEIPTS.c.receipt_id)).scalars())

    def used_ids(self, connection: Connection) -> set[str]:
        """Read every id that was given or deleted by us, in any scope of the table; they are not given again."""
        own = (RECEIPTS.c.host_table == self.host_table, TOMBSTONES.c.host_table == self.host_table)
        receipts = connection.execute(sa.select(RECEIPTS.c.student_ids, RECEIPTS.c.deleted).where(own[0])).all()
        given = {student_id for text, _ in receipts for _, student_id in json.loads(text)}
        deleted = {student_id for _, text in receipts for student_id in json.loads(text)}
        return given | deleted | set(connection.execute(sa.select(TOMBSTONES.c.student_id).where(own[1])).scalars())

    def record(
        self, connection: Connection, receipt: Receipt, undo_data: UndoData, *, acknowledged_by: Actor | None
    ) -> None:
        """Write a receipt with what its undo needs."""
        line = {
            "host_table": self.host_table,
            "scope": self.scope,
            "receipt_id": receipt.receipt_id,
            "plan_id": receipt.plan_id,
            "origin": receipt.origin,
            "actor": str(receipt.actor),
            "acknowledged_by": None if acknowledged_by is None else str(acknowledged_by),
            "applied_at": receipt.applied_at.isoformat(),
            "student_ids": json.dumps(list(receipt.student_ids.items()), ensure_ascii=False),
            "updated": json.dumps(receipt.updated, ensure_ascii=False),
            "deleted": json.dumps(receipt.deleted, ensure_ascii=False),
            "undo": undo_data.to_json(),
        }
        connection.execute(sa.insert(RECEIPTS), [line])

    def undo_data(self, connection: Connection, receipt_id: str) -> UndoData | None:
        """Read what the undo of a receipt needs; None if it was purged."""
        found = connection.execute(sa.select(RECEIPTS.c.undo).where(RECEIPTS.c.receipt_id == receipt_id))
        text = found.scalar_one()
        return UndoData.from_json(text) if text else None

    def undoable(self, connection: Connection) -> set[str]:
        """Name the receipts whose undo data was not purged."""
        if not _exists(connection, RECEIPTS):
            return set()
        found = sa.select(RECEIPTS.c.receipt_id).where(self._own(RECEIPTS), RECEIPTS.c.undo != "")
        return set(connection.execute(found).scalars())

    def forget(self, connection: Connection, receipt_ids: Iterable[str]) -> None:
        """Remove what the undo of receipts needs."""
        if lines := [{"name": name} for name in receipt_ids]:
            forgotten = sa.update(RECEIPTS).where(RECEIPTS.c.receipt_id == sa.bindparam("name")).values(undo="")
            connection.execute(forgotten, lines)

    def mark_undone(self, connection: Connection, receipt: Receipt) -> None:
        """Write when and by whom a receipt was undone."""
        assert receipt.undone_at is not None
        connection.execute(
            sa.update(RECEIPTS).where(RECEIPTS.c.receipt_id == receipt.receipt_id),
            {"undone_at": receipt.undone_at.isoformat(), "undone_by": str(receipt.undone_by)},
        )

    def bury(self, connection: Connection, rows: Mapping[str, Mapping[str, Raw]], now: datetime) -> None:
        """Keep whole rows of the host's table, by student_id, before they are removed from it."""
        lines = [
            {
                "host_table": self.host_table,
                "scope": self.scope,
                "student_id": student_id,
                "record": json.dumps(pack(row), ensure_ascii=False),
                "deleted_at": now.isoformat(),
            }
            for student_id, row in rows.items()
        ]
        if lines:
            connection.execute(sa.insert(TOMBSTONES), lines)

    def tombstones(self, connection: Connection) -> dict[str, dict[str, Raw]]:
        """Read the rows of deleted students by student_id; of two with one id, the one deleted last."""
        if not _exists(connection, TOMBSTONES):
            return {}
        lines = connection.execute(sa.select(TOMBSTONES).where(self._own(TOMBSTONES)).order_by(TOMBSTONES.c.seq))
        return {line["student_id"]: unpack(json.loads(line["record"])) for line in lines.mappings()}

    def unearth(self, connection: Connection, student_ids: Iterable[str]) -> None:
        """Remove the last tombstone of each of these students: they are back in the host's table."""
        columns = sa.select(TOMBSTONES.c.student_id, TOMBSTONES.c.seq).where(self._own(TOMBSTONES))
        latest = {line.student_id: line.seq for line in connection.execute(columns.order_by(TOMBSTONES.c.seq))}
        lines: Sequence[dict[str, Any]] = [{"gone": latest[student_id]} for student_id in student_ids]
        if lines:
            connection.execute(sa.delete(TOMBSTONES).where(TOMBSTONES.c.seq == sa.bindparam("gone")), lines)

    def _own(self, table: sa.Table) -> sa.ColumnElement[bool]:
        return sa.and_(table.c.host_table == self.host_table, table.c.scope == self.scope)


def _exists(connection: Connection, table: sa.Table) -> bool:
    return sa.inspect(connection).has_table(table.name)


def _receipt(line: sa.RowMapping) -> Receipt:
    return Receipt(
        receipt_id=line["receipt_id"],
        plan_id=line["plan_id"],
        origin=line["origin"],
        actor=Actor.parse(line["actor"]),
        applied_at=datetime.fromisoformat(line["applied_at"]),
        student_ids=dict(json.loads(line["student_ids"])),
        updated=json.loads(line["updated"]),
        deleted=json.loads(line["deleted"]),
        undone_at=None if line["undone_at"] is None else datetime.fromisoformat(line["undone_at"]),
        undone_by=None if line["undone_by"] is None else Actor.parse(line["undone_by"]),
    )
