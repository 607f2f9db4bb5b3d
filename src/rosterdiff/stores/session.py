"""What a SQL store does within one transaction to write a change set.

Invariants: the transaction is alone in writing to the table; the preconditions hold of the rows that are written on;
rows are removed before others are written and added, which frees what must be unique; what an apply left is kept as
the database has it after its own triggers, so that a receipt tells what is there.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import polars as pl
import sqlalchemy as sa
from attrs import frozen
from sqlalchemy.engine import Connection

from rosterdiff.errors import UnusableTable
from rosterdiff.model import Actor, Receipt
from rosterdiff.plans import ChangeSet
from rosterdiff.schema import CANONICAL
from rosterdiff.stores.base import make_receipt, name_receipt, require_fresh, require_sound
from rosterdiff.stores.bulk import Selected, run, text_series
from rosterdiff.stores.dependants import require_alone
from rosterdiff.stores.kept import Kept, Phase, compared
from rosterdiff.stores.ledger import Ledger
from rosterdiff.stores.newkeys import new_keys
from rosterdiff.stores.spelling import Raw, Spelling
from rosterdiff.stores.staging import Added, Keys, Touched, stage_added, stage_named, stage_touched
from rosterdiff.stores.table import HostTable


@frozen(eq=False, repr=False)
class Session:
    """One transaction on a host's table, with what is kept beside it and the moment at which it began."""

    connection: Connection
    host: HostTable
    ledger: Ledger
    kept: Kept
    now: datetime
    new_id: Callable[[], str] | None = None

    def run(self, statement: sa.Executable) -> int:
        """Run a statement that writes, and say how many rows it wrote."""
        return run(self.connection, statement)


def apply_changes(session: Session, changes: ChangeSet, actor: Actor) -> Receipt:
    """Check a change set against the table, write it and record it."""
    connection, host = session.connection, session.host
    require_sound(changes)
    session.ledger.prepare(connection)
    session.kept.prepare(connection)
    spelling = host.spelling(connection)
    keys, records = _read_active(session, changes, spelling.students)
    require_fresh(changes, records, ids=keys.ids.to_list())
    touched = stage_touched(connection, host, changes, keys, spelling)
    name = name_receipt(changes.plan_id, session.ledger.names(connection))
    new = new_keys(connection, host, session.ledger, keys.ids, changes.additions.height, session.new_id)
    ids = text_series("student_id", new, host.key_type).to_list()
    _keep_before(session, name, touched)
    if changes.deletions:
        _remove(session, touched)
    _update(session, touched)
    added = _add(session, changes, spelling, dict(zip(ids, new, strict=True)))
    receipt = make_receipt(name, changes, actor, session.now, ids)
    _keep_after(session, receipt, touched, added)
    session.ledger.record(connection, receipt, written=_fields(host, touched), changes=changes)
    return receipt


def _read_active(session: Session, changes: ChangeSet, count: int) -> tuple[Keys, pl.DataFrame]:
    """Read the keys of the active students, and the records of those touched: all, where those are most of them."""
    host, connection = session.host, session.connection
    if 2 * changes.expected.height > count:
        records, raws = host.read_keyed(connection, host.is_active, fields=CANONICAL)
        return Keys(records["student_id"], raws), records
    keys = Keys.read(connection, host)
    students, raws = keys.of(pl.concat([changes.expected["student_id"], changes.known["student_id"]]).unique())
    staged = stage_named(connection, host, students.to_list(), raws)
    return keys, host.read(connection, host.key == staged.c.key, host.is_active, fields=CANONICAL)


def _fields(host: HostTable, touched: Touched) -> list[str]:
    return sorted(name for name, column in host.writable.items() if column in touched.written)


def _keep_before(session: Session, name: str, touched: Touched) -> None:
    """Keep what undo writes back, and the rows that leave: whole, unless the host marks them itself."""
    host, staged, kept = session.host, touched.table, session.kept
    leaves = staged.c.leaves == 1
    if host.soft_delete:
        kept.keep(session.connection, name, Phase.BEFORE, staged, [*touched.written, host.soft_delete])
        return
    kept.keep(session.connection, name, Phase.BEFORE, staged, touched.written, sa.not_(leaves))
    kept.keep(session.connection, name, Phase.TOMBSTONE, staged, host.table.columns.keys(), leaves)
    columns = compared(host, _fields(host, touched)).values()
    kept.keep(session.connection, name, Phase.DELETED, staged, columns, leaves)


def _remove(session: Session, touched: Touched) -> None:
    host, staged = session.host, touched.table
    keys = sa.select(staged.c.key).where(staged.c.leaves == 1)
    leaving = sa.and_(host.scope, host.key.in_(keys))
    mark = host.soft_delete
    if mark is None:
        require_alone(session.connection, host, keys)
        session.run(sa.delete(host.table).where(leaving))
    else:
        session.run(sa.update(host.table).where(leaving).values({mark: host.mark(session.now)}))


def _update(session: Session, touched: Touched) -> None:
    """Write all values in one statement: a column of a row that no change is meant for keeps its value."""
    host, staged = session.host, touched.table
    if touched.written:
        values = {
            column: staged.c[value]
            if meant is None
            else sa.case((staged.c[meant] == 1, staged.c[value]), else_=host.table.c[column])
            for column, (value, meant) in touched.written.items()
        }
        rows = (host.key == staged.c.key, staged.c.leaves == 0, host.scope)
        session.run(sa.update(host.table).where(*rows).values(values))


def _add(session: Session, changes: ChangeSet, spelling: Spelling, keys: Mapping[str, Raw]) -> Added | None:
    """Add rows with the ids and keys given to them, in their order; return them as staged."""
    if not changes.additions.height:
        return None
    host, connection = session.host, session.connection
    values = _values(host, changes.additions, spelling)
    constant = {**host.fixed, **({host.soft_delete: host.unmark()} if host.soft_delete else {})}
    _require_insertable(host, values, constant)
    added = stage_added(connection, host, values, list(keys), list(keys.values()))
    literals = [sa.literal(value, host.table.c[name].type) for name, value in constant.items()]
    for number, shape in enumerate(added.shapes):
        columns = [added.table.c[added.written[name]] for name in shape]
        rows = sa.select(added.table.c.key, *columns, *literals).where(added.table.c.shape == number)
        insert_rows(session, [host.key.name, *shape, *constant], rows)
    return added


def insert_rows(session: Session, columns: Sequence[str], rows: Selected) -> int:
    """Add rows to the host's table with the keys that they have, also where the database would give others."""
    host = session.host
    statement = sa.insert(host.table).from_select(list(columns), rows, include_defaults=False)
    if not any(column.identity is not None and column.identity.always for column in host.table.columns):
        return session.run(statement)
    preparer = host.dialect.identifier_preparer
    place, names = preparer.format_table(host.table), ", ".join(preparer.quote(name) for name in columns)
    select = rows.compile(dialect=host.dialect, compile_kwargs={"literal_binds": True})
    text = f"INSERT INTO {place} ({names}) OVERRIDING SYSTEM VALUE {select}"
    return session.connection.exec_driver_sql(text).rowcount


def _values(host: HostTable, additions: pl.DataFrame, spelling: Spelling) -> dict[str, Sequence[Raw]]:
    """The values of the added rows by column; what the scope fixes, and what marks deleted rows, is not theirs."""
    own = {host.key.name, *host.fixed, host.soft_delete}
    return {
        column: host.raws(name, additions[name].cast(pl.String), spelling)
        for name, column in host.fields.items()
        if name in additions.columns and column not in own and additions[name].null_count() < additions.height
    }


def _require_insertable(host: HostTable, values: Mapping[str, Sequence[Raw]], constant: Mapping[str, Raw]) -> None:
    """Refuse rows without a value that the table demands, before the database does it in its words."""
    demanded = {column.name for column in host.table.columns if _is_demanded(column)} - {host.key.name, *constant}
    absent = sorted(demanded - values.keys())
    empty = {name: sum(value is None for value in values[name]) for name in sorted(demanded & values.keys())}
    if absent or any(empty.values()):
        rows = [f"{name} ({count} of the added rows have none)" for name, count in empty.items() if count]
        raise UnusableTable(
            f"The table {host.table.name} demands a value in {', '.join([*absent, *rows])}, and has no default for it. "
            "Nothing was written.",
            "Map the column to a field that every row has, fix it with where={column: value}, or give it a default.",
        )


def _is_demanded(column: sa.Column[object]) -> bool:
    given = (column.server_default, column.computed, column.identity)
    return not column.nullable and all(source is None for source in given)


def _keep_after(session: Session, receipt: Receipt, touched: Touched, added: Added | None) -> None:
    """Keep what is there now, and refuse what has left the scope: no undo would find it."""
    host, kept, connection = session.host, session.kept, session.connection
    columns = tuple(compared(host, _fields(host, touched)).values())
    staged, name = touched.table, receipt.receipt_id
    found = kept.keep(connection, name, Phase.UPDATED, staged, columns, staged.c.leaves == 0, host.is_active)
    if host.soft_delete:
        leaves = staged.c.leaves == 1
        found += kept.keep(connection, name, Phase.DELETED, staged, columns, leaves, host.is_deleted)
    else:
        found += len(receipt.deleted)
    if added is not None:
        found += kept.keep(connection, name, Phase.ADDED, added.table, host.fields.values(), host.is_active)
    lost = sum(receipt.counts.values()) - found
    if lost:
        raise UnusableTable(
            f"{lost} of the students written would not be found again in the store's scope. Nothing was written.",
            "Give where as {column: value}: added rows then get the value, and no update changes it.",
        )
