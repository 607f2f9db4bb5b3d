"""What a SQL store does within one transaction: write a change set, take it back, restore students.

Invariants: what an apply wrote is read again before it is recorded, so that a receipt tells what is there; rows are
removed before others are written and added, which frees what must be unique.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa
from attrs import frozen
from sqlalchemy.engine import Connection

from rosterdiff.errors import PurgedReceipt, UnusableTable
from rosterdiff.model import Actor, Receipt
from rosterdiff.plans import ChangeSet
from rosterdiff.stores.base import (
    Footprint,
    Purged,
    footprint,
    fresh_ids,
    make_receipt,
    name_receipt,
    require_fresh,
    require_restorable,
    require_sound,
    require_untouched,
    to_purge,
)
from rosterdiff.stores.ledger import Ledger, UndoData
from rosterdiff.stores.spelling import Raw, raw_of, read_text
from rosterdiff.stores.table import HostTable, Row, Snapshot

Rows = Mapping[str, Mapping[str, Raw]]
"""student_id → column → raw value."""


@frozen(eq=False, repr=False)
class Session:
    """One transaction on a host's table, with its ledger and the moment at which it began."""

    connection: Connection
    host: HostTable
    ledger: Ledger
    now: datetime
    new_id: Callable[[], str] | None = None

    def active(self) -> Snapshot:
        """The students as this transaction sees them."""
        return self.host.read_active(self.connection)

    def deleted(self) -> Snapshot:
        """The deleted students as this transaction sees them."""
        if self.host.soft_delete:
            return self.host.read_marked(self.connection)
        return self.host.snapshot(list(self.ledger.tombstones(self.connection).values()))


def apply_changes(session: Session, changes: ChangeSet, actor: Actor) -> Receipt:
    """Check a change set against the table, write it and record it."""
    session.ledger.prepare(session.connection)
    active = session.active()
    require_fresh(require_sound(changes), active.frame)
    values = {**_updates(session, changes, active), **_marks(session, changes)}
    _remove(session, changes, active)
    session.host.update(session.connection, active.rows, values)
    ids = _add(session, changes, active)
    name = name_receipt(changes.plan_id, session.ledger.names(session.connection))
    receipt = make_receipt(name, changes, actor, session.now, ids)
    before = {student: {name: active.rows[student][name] for name in row} for student, row in values.items()}
    written = frozenset(changes.updates["field"])
    undo_data = UndoData(before=before, written=written, left=_left(session, receipt, written))
    acknowledged_by = changes.acknowledgement.actor if changes.acknowledgement else None
    session.ledger.record(session.connection, receipt, undo_data, acknowledged_by=acknowledged_by)
    return receipt


def take_back(session: Session, receipt: Receipt) -> None:
    """Undo an apply, if nobody touched its students since; `receipt` says by whom and when."""
    data = session.ledger.undo_data(session.connection, receipt.receipt_id)
    if data is None:
        raise PurgedReceipt(receipt.receipt_id)
    active, deleted = session.active(), session.deleted()
    require_untouched(data.left, footprint(active.frame, deleted.frame, receipt, data.written))
    session.host.delete(session.connection, [active.rows[student] for student in receipt.student_ids.values()])
    session.host.update(session.connection, {**active.rows, **deleted.rows}, data.before)
    if not session.host.soft_delete:
        _unearth(session, deleted, receipt.deleted)
    session.ledger.mark_undone(session.connection, receipt)


def restore_students(session: Session, wanted: tuple[str, ...]) -> None:
    """Bring deleted students back, all of them or none."""
    deleted, mark = session.deleted(), session.host.soft_delete
    require_restorable(wanted, deleted.rows.keys(), session.active().rows.keys())
    if mark:
        session.host.update(session.connection, deleted.rows, {s: {mark: session.host.unmark()} for s in wanted})
    else:
        _unearth(session, deleted, wanted)


def purge(session: Session, before: datetime) -> Purged:
    """Forget what undo and restore of the applies before a moment need."""
    ledger, connection = session.ledger, session.connection
    deleted = session.deleted()
    receipts = ledger.receipts(connection)
    undoable = ledger.undoable(connection)
    open_receipts = [receipt for receipt in receipts if receipt.receipt_id in undoable]
    purged = to_purge(receipts, open_receipts, deleted.rows.keys(), before)
    ledger.forget(connection, purged.receipts)
    if session.host.soft_delete:
        session.host.delete(connection, [deleted.rows[student] for student in purged.students])
    else:
        ledger.unearth(connection, purged.students)
    return purged


def _updates(session: Session, changes: ChangeSet, active: Snapshot) -> Rows:
    """The values to write; a field that the host has no column for is not kept."""
    spelling = session.host.spelling(active)
    values: dict[str, dict[str, Raw]] = {}
    for student_id, name, after in changes.updates.select("student_id", "field", "after").iter_rows():
        column = session.host.writable.get(name)
        if column is not None:
            values.setdefault(student_id, {})[column] = session.host.raw(name, after, spelling)
    return values


def _marks(session: Session, changes: ChangeSet) -> Rows:
    mark = session.host.soft_delete
    return {student: {mark: session.host.mark(session.now)} for student in changes.deletions} if mark else {}


def _remove(session: Session, changes: ChangeSet, active: Snapshot) -> None:
    """Move deleted rows to the tombstones, where the host has no column that marks them."""
    if not session.host.soft_delete:
        leaving = {student: active.rows[student] for student in changes.deletions}
        session.ledger.bury(session.connection, leaving, session.now)
        session.host.delete(session.connection, leaving.values())


def _unearth(session: Session, deleted: Snapshot, student_ids: Iterable[str]) -> None:
    back = sorted(student_ids)
    session.host.insert(session.connection, [deleted.rows[student] for student in back])
    session.ledger.unearth(session.connection, back)


def _left(session: Session, receipt: Receipt, written: frozenset[str]) -> Footprint:
    """Read again what was written, and refuse what has left the scope: no undo would find it."""
    active, deleted = session.active(), session.deleted()
    lost = {*receipt.student_ids.values(), *receipt.updated} - active.rows.keys() | (
        set(receipt.deleted) - deleted.rows.keys()
    )
    if lost:
        raise UnusableTable(
            f"{len(lost)} of the students written would not be found again in the store's scope. Nothing was written.",
            "Give where as {column: value}: added rows then get the value, and no update changes it.",
        )
    return footprint(active.frame, deleted.frame, receipt, written)


def _add(session: Session, changes: ChangeSet, active: Snapshot) -> list[str]:
    """Add rows and return their ids in the order of the rows."""
    if not changes.additions.height:
        return []
    rows = _additions(session, changes, active)
    if session.host.gives_keys(session.connection):
        keys = session.host.insert_numbered(session.connection, rows)
        return [str(key) for key in keys]
    ids = _new_ids(session, len(rows))
    key, kind = session.host.key.name, session.host.key_type
    keyed = [
        {**row, key: raw_of(read_text(new, key, kind), kind, session.host.dialect)}
        for row, new in zip(rows, ids, strict=True)
    ]
    session.host.insert(session.connection, keyed)
    return ids


def _additions(session: Session, changes: ChangeSet, active: Snapshot) -> list[Row]:
    """The added rows as the host's: what is empty is left to the host's defaults, what the scope fixes is fixed."""
    host, spelling = session.host, session.host.spelling(active)
    kept = [name for name in host.fields if name in changes.additions.columns and name != "student_id"]
    columns = {host.fields[name]: name for name in kept if host.fields[name] not in host.fixed}
    unmarked = {host.soft_delete: host.unmark()} if host.soft_delete else {}
    rows: list[Row] = []
    for line in changes.additions.iter_rows(named=True):
        values = {column: line[name] for column, name in columns.items() if line[name] is not None}
        raw = {column: host.raw(columns[column], str(value), spelling) for column, value in values.items()}
        rows.append({**raw, **host.fixed, **unmarked})
    return rows


def _new_ids(session: Session, count: int) -> list[str]:
    """New ids, unlike any that the table has, in the scope or out of it, or ever had from us."""
    keys = session.host.all_keys(session.connection)
    used = {str(key) for key in keys} | session.ledger.used_ids(session.connection)
    if isinstance(session.host.key_type, sa.Integer):
        used = {known for known in used if known.isdigit()}
    return fresh_ids(used, count, session.new_id)
