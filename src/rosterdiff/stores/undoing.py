"""What a SQL store does within one transaction to take an apply back, restore students, and forget.

Invariants: nothing is undone unless every student of the receipt is as the apply left him; rows go back within the
database, from what it kept of them; a receipt whose kept rows are not all there is refused.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain

import polars as pl
import sqlalchemy as sa

from rosterdiff.errors import ChangedSince, DamagedRecord, PurgedReceipt
from rosterdiff.model import Receipt
from rosterdiff.stores.base import Purged, require_restorable, to_purge
from rosterdiff.stores.bulk import Selected, read_column
from rosterdiff.stores.dependants import owners
from rosterdiff.stores.kept import PHASE, RECEIPT, STUDENT, Phase, compared
from rosterdiff.stores.session import Session, insert_rows
from rosterdiff.stores.staging import Keys, stage_named


def take_back(session: Session, receipt: Receipt) -> None:
    """Undo an apply, if nobody touched its students since; `receipt` says by whom and when."""
    written = session.ledger.written(session.connection, receipt.receipt_id)
    if written is None:
        raise PurgedReceipt(receipt.receipt_id)
    session.kept.prepare(session.connection)
    session.kept.analyse(session.connection)
    _require_whole(session, receipt)
    _require_untouched(session, receipt, written)
    _remove_added(session, receipt)
    _write_back(session, receipt, written)
    if not session.host.soft_delete:
        _unearth(session, receipt.deleted)
    session.run(sa.delete(session.kept.table).where(session.kept.rows(receipt.receipt_id, *_OF_APPLY)))
    session.ledger.mark_undone(session.connection, receipt)


_OF_APPLY = (Phase.BEFORE, Phase.UPDATED, Phase.ADDED, Phase.DELETED)


def restore_students(session: Session, wanted: tuple[str, ...]) -> None:
    """Bring deleted students back, all of them or none."""
    host, connection = session.host, session.connection
    deleted = deleted_ids(session)
    require_restorable(wanted, set(deleted), set(Keys.read(connection, host).ids))
    mark = host.soft_delete
    if mark:
        staged = stage_named(connection, host, wanted, [deleted[student] for student in wanted])
        marked = sa.and_(host.is_deleted, host.key.in_(sa.select(staged.c.key)))
        session.run(sa.update(host.table).where(marked).values({mark: host.unmark()}))
    else:
        session.kept.prepare(connection)
        _unearth(session, wanted)
    session.ledger.note_restored(connection, wanted)


def purge(session: Session, before: datetime) -> Purged:
    """Forget what undo and restore of the applies before a moment need."""
    ledger, connection, kept = session.ledger, session.connection, session.kept
    deleted = deleted_ids(session)
    purged = to_purge(
        ledger.receipts(connection), ledger.undoable(connection), deleted, before, ledger.restored(connection)
    )
    ledger.forget(connection, purged.receipts)
    if purged.receipts and kept.is_there(connection):
        staged = stage_named(connection, session.host, purged.receipts)
        phases = kept.table.c[PHASE] != Phase.TOMBSTONE.value
        session.run(sa.delete(kept.table).where(kept.table.c[RECEIPT].in_(sa.select(staged.c.student)), phases))
    if purged.students:
        _forget_students(session, purged.students, [deleted[student] for student in purged.students])
    return purged


def read_deleted(session: Session) -> pl.DataFrame:
    """The records of the deleted students of the scope."""
    host, connection = session.host, session.connection
    if host.soft_delete:
        return host.read(connection, host.is_deleted)
    if not session.kept.is_there(connection):
        return host.read(connection, sa.false())
    session.kept.prepare(connection)
    return host.read(connection, source=session.ledger.tombstones(session.kept))


def deleted_ids(session: Session) -> dict[str, object]:
    """The ids of the deleted students of the scope, with their keys as the database has them."""
    host, connection = session.host, session.connection
    if host.soft_delete:
        keys = read_column(connection, sa.select(host.key).where(host.is_deleted))
    elif session.kept.is_there(connection):
        keys = read_column(connection, sa.select(session.ledger.tombstones(session.kept).c[host.key.name]))
    else:
        keys = []
    texts = host.typed({"student_id": keys}).get_column("student_id") if keys else pl.Series(dtype=pl.String)
    return dict(zip(texts.to_list(), keys, strict=True))


def _forget_students(session: Session, students: Sequence[str], keys: Sequence[object]) -> None:
    host = session.host
    staged = stage_named(session.connection, host, students, keys)
    if host.soft_delete:
        session.run(sa.delete(host.table).where(host.is_deleted, host.key.in_(sa.select(staged.c.key))))
    else:
        _drop_tombstones(session, staged)


def _require_whole(session: Session, receipt: Receipt) -> None:
    """Refuse a receipt of whose kept rows some are missing: its undo would bring back only a part."""
    kept = session.kept.table
    counted = sa.select(kept.c[PHASE], sa.func.count()).where(kept.c[RECEIPT] == receipt.receipt_id)
    lines = session.connection.execute(counted.group_by(kept.c[PHASE]))
    found = {line[0]: line[1] for line in lines}
    updated, added, deleted = len(receipt.updated), len(receipt.student_ids), len(receipt.deleted)
    before = updated + (deleted if session.host.soft_delete else 0)
    wanted = {Phase.BEFORE: before, Phase.UPDATED: updated, Phase.ADDED: added, Phase.DELETED: deleted}
    if any(found.get(phase.value, 0) != count for phase, count in wanted.items()):
        raise DamagedRecord(f"undo data of receipt {receipt.receipt_id}")


def _require_untouched(session: Session, receipt: Receipt, written: Sequence[str]) -> None:
    """Name the students who changed, went or came back since, or were added and own rows of other tables by now."""
    host, kept, name = session.host, session.kept, receipt.receipt_id
    active = sa.select(host.table).where(host.is_active).subquery("now")
    deleted = (
        sa.select(host.table).where(host.is_deleted).subquery("gone")
        if host.soft_delete
        else session.ledger.tombstones(kept)
    )
    part = compared(host, written)
    moved = [
        *kept.moved(session.connection, kept.rows(name, Phase.UPDATED), active, part),
        *kept.moved(session.connection, kept.rows(name, Phase.ADDED), active, host.fields),
        *kept.moved(session.connection, kept.rows(name, Phase.DELETED), deleted, part),
    ]
    if receipt.student_ids:
        given = owners(session.connection, host, _added(session, receipt)).values()
        moved.extend(host.typed({"student_id": list(chain.from_iterable(given))})["student_id"])
    if moved:
        raise ChangedSince(sorted(set(moved)))


def _added(session: Session, receipt: Receipt) -> Selected:
    """The keys of the students whom an apply added."""
    kept = session.kept
    return sa.select(kept.table.c[session.host.key.name]).where(kept.rows(receipt.receipt_id, Phase.ADDED))


def _remove_added(session: Session, receipt: Receipt) -> None:
    host = session.host
    session.run(sa.delete(host.table).where(host.scope, host.key.in_(_added(session, receipt))))


def _write_back(session: Session, receipt: Receipt, written: Sequence[str]) -> None:
    host, kept = session.host, session.kept
    columns = [host.fields[name] for name in written if name in host.fields]
    values = {column: kept.table.c[column] for column in [*columns, *([host.soft_delete] if host.soft_delete else [])]}
    if values:
        rows = (kept.table.c[host.key.name] == host.key, kept.rows(receipt.receipt_id, Phase.BEFORE), host.scope)
        session.run(sa.update(host.table).where(*rows).values(values))


def _unearth(session: Session, student_ids: Sequence[str]) -> None:
    """Bring tombstones back into the host's table."""
    if not student_ids:
        return
    host = session.host
    staged = stage_named(session.connection, host, student_ids)
    dead = session.ledger.tombstones(session.kept)
    rows = sa.select(*(_or_default(host.table.c[name], dead.c[name]) for name in host.own_columns))
    back = insert_rows(session, host.own_columns, rows.where(dead.c[STUDENT].in_(sa.select(staged.c.student))))
    if back != len(student_ids):
        raise DamagedRecord(f"{len(student_ids) - back} of the tombstones")
    _drop_tombstones(session, staged)


def _or_default(column: sa.Column[object], value: sa.ColumnElement[object]) -> sa.ColumnElement[object]:
    """A kept value; a column that the host got later, and where it demands a value, has the host's default."""
    default = column.server_default
    if column.nullable or not isinstance(default, sa.DefaultClause):
        return value
    return sa.func.coalesce(value, sa.literal_column(str(default.arg)))


def _drop_tombstones(session: Session, staged: sa.TableClause) -> None:
    """Remove the last tombstone of each staged student."""
    kept, dead = session.kept.table, session.ledger.tombstones(session.kept)
    latest = sa.select(dead.c[RECEIPT], dead.c[STUDENT]).where(dead.c[STUDENT].in_(sa.select(staged.c.student)))
    named = sa.tuple_(kept.c[RECEIPT], kept.c[STUDENT]).in_(latest)
    session.run(sa.delete(kept).where(kept.c[PHASE] == Phase.TOMBSTONE.value, named))
