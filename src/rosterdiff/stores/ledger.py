"""The receipts that rosterdiff keeps beside a host's table, in the transaction of the apply that they tell of.

Invariants: a receipt belongs to one table and one scope, and no other store sees it; its seal covers all of it, and a
receipt that is not as it was written is refused; a receipt is never removed.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from attrs import frozen
from sqlalchemy.engine import Connection

from rosterdiff.errors import DamagedRecord
from rosterdiff.model import Actor, Receipt
from rosterdiff.plans import ChangeSet
from rosterdiff.stores.engine import make_tables
from rosterdiff.stores.kept import Kept
from rosterdiff.stores.seals import seal

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
    sa.Column("restored", sa.Text, nullable=False),  # of the deleted, those who were restored since
    sa.Column("written", sa.Text),  # the fields that were written; null once what undo needs was purged
    sa.Column("undone_at", sa.Text),
    sa.Column("undone_by", sa.Text),
    sa.Column("seal", sa.String(64), nullable=False),
    sqlite_autoincrement=True,
)

_SEALED: Final = tuple(column.name for column in RECEIPTS.columns if column.name not in {"seq", "seal"})


@frozen(eq=False)
class Ledger:
    """The receipts of one host table and scope."""

    host_table: str
    scope: str

    def prepare(self, connection: Connection) -> None:
        """Create our table where it is not there yet."""
        make_tables(connection, METADATA)

    def receipts(self, connection: Connection) -> tuple[Receipt, ...]:
        """Read the receipts of this table and scope, the first apply first.

        Raises:
            DamagedRecord: one is not as it was written.

        """
        return tuple(_receipt(line) for line in self._lines(connection, self._own))

    def of_plan(self, connection: Connection, plan_id: str) -> tuple[Receipt, ...]:
        """Read the receipts of a plan."""
        return tuple(_receipt(line) for line in self._lines(connection, self._own & (RECEIPTS.c.plan_id == plan_id)))

    def named(self, connection: Connection, receipt_id: str) -> tuple[Receipt, ...]:
        """Read the receipt of a name, if there is one."""
        condition = self._own & (RECEIPTS.c.receipt_id == receipt_id)
        return tuple(_receipt(line) for line in self._lines(connection, condition))

    def names(self, connection: Connection) -> list[str]:
        """Read the names of all receipts, whatever their table and scope: names are unique among all."""
        return list(connection.execute(sa.select(RECEIPTS.c.receipt_id)).scalars())

    def used_ids(self, connection: Connection) -> set[str]:
        """Read every id that was given or deleted by us, in any scope of the table; they are not given again."""
        wanted = sa.select(RECEIPTS.c.student_ids, RECEIPTS.c.deleted).where(RECEIPTS.c.host_table == self.host_table)
        receipts = connection.execute(wanted).all()
        given = {student_id for text, _ in receipts for _, student_id in json.loads(text)}
        return given | {student_id for _, text in receipts for student_id in json.loads(text)}

    def record(self, connection: Connection, receipt: Receipt, *, written: Sequence[str], changes: ChangeSet) -> None:
        """Write a receipt."""
        acknowledged = changes.acknowledgement
        line = {
            "receipt_id": receipt.receipt_id,
            "host_table": self.host_table,
            "scope": self.scope,
            "plan_id": receipt.plan_id,
            "origin": receipt.origin,
            "actor": str(receipt.actor),
            "acknowledged_by": None if acknowledged is None else str(acknowledged.actor),
            "applied_at": receipt.applied_at.isoformat(),
            "student_ids": _json(list(receipt.student_ids.items())),
            "updated": _json(receipt.updated),
            "deleted": _json(receipt.deleted),
            "restored": _json([]),
            "written": _json(written),
            "undone_at": None,
            "undone_by": None,
        }
        connection.execute(sa.insert(RECEIPTS), [{**line, "seal": _seal(line)}])

    def written(self, connection: Connection, receipt_id: str) -> tuple[str, ...] | None:
        """The fields that an apply wrote; None if what its undo needs was purged."""
        (line,) = self._lines(connection, RECEIPTS.c.receipt_id == receipt_id)
        return None if line["written"] is None else tuple(json.loads(line["written"]))

    def undoable(self, connection: Connection) -> set[str]:
        """Name the receipts of which what undo needs was not purged."""
        return {line["receipt_id"] for line in self._lines(connection, self._own) if line["written"] is not None}

    def restored(self, connection: Connection) -> set[tuple[str, str]]:
        """Name the receipts with the students whom they deleted and who were restored since."""
        lines = self._lines(connection, self._own)
        return {(line["receipt_id"], student) for line in lines for student in json.loads(line["restored"])}

    def forget(self, connection: Connection, receipt_ids: Iterable[str]) -> None:
        """Note of receipts that what their undo needs was purged."""
        gone = set(receipt_ids)
        for line in self._lines(connection, self._own):
            if line["receipt_id"] in gone:
                _rewrite(connection, line, written=None)

    def note_restored(self, connection: Connection, student_ids: Iterable[str]) -> None:
        """Note of the receipts that deleted these students that they were restored."""
        back = set(student_ids)
        for line in self._lines(connection, self._own):
            if found := back.intersection(json.loads(line["deleted"])):
                _rewrite(connection, line, restored=_json(sorted(found.union(json.loads(line["restored"])))))

    def mark_undone(self, connection: Connection, receipt: Receipt) -> None:
        """Write when and by whom a receipt was undone."""
        assert receipt.undone_at is not None
        (line,) = self._lines(connection, RECEIPTS.c.receipt_id == receipt.receipt_id)
        _rewrite(connection, line, undone_at=receipt.undone_at.isoformat(), undone_by=str(receipt.undone_by))

    def tombstones(self, kept: Kept) -> sa.Subquery:
        """The rows of the scope's deleted students, where the host has no column that marks them."""
        return kept.tombstones(sa.select(RECEIPTS.c.receipt_id, RECEIPTS.c.seq).where(self._own))

    @property
    def _own(self) -> sa.ColumnElement[bool]:
        return sa.and_(RECEIPTS.c.host_table == self.host_table, RECEIPTS.c.scope == self.scope)

    def _lines(self, connection: Connection, condition: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
        """Read receipts as they are kept (Any: columns are of several types), each held to its seal."""
        if not sa.inspect(connection).has_table(RECEIPTS.name):
            return []
        found = connection.execute(sa.select(RECEIPTS).where(condition).order_by(RECEIPTS.c.seq)).mappings()
        lines = [dict(line) for line in found]
        for line in lines:
            if line["seal"] != _seal(line):
                raise DamagedRecord(f"receipt {line['receipt_id']}")
        return lines


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _seal(line: dict[str, Any]) -> str:
    return seal("receipt", *(line[name] for name in _SEALED))


def _rewrite(connection: Connection, line: dict[str, Any], **values: str | None) -> None:
    sealed = {**values, "seal": _seal({**line, **values})}
    connection.execute(sa.update(RECEIPTS).where(RECEIPTS.c.seq == line["seq"]).values(sealed))


def _receipt(line: dict[str, Any]) -> Receipt:
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
