"""A store on a SQL table of the host's own: read where it is, written in one transaction, undone exactly.

Invariants: everything is read, checked and written inside one transaction that no other writer shares; a failure
leaves the database as it was; an error of the database is told without the values that it was about.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import Any

import attrs
import polars as pl
from attrs import field, frozen

try:
    import sqlalchemy as sa
except ImportError as missing:
    raise ImportError('SqlStore needs SQLAlchemy, which is not installed: pip install "rosterdiff[sql]"') from missing
from sqlalchemy.engine import Connection, Engine

from rosterdiff.errors import InvalidRoster, UnusableTable
from rosterdiff.frames import Roster, require_base
from rosterdiff.model import Actor, Receipt, Step
from rosterdiff.plans import ChangeSet
from rosterdiff.schema import PROVENANCE
from rosterdiff.stores.base import (
    Purged,
    PurgeWitness,
    Witness,
    find_receipt,
    in_base_order,
    standing_receipt,
    unwitnessed,
    utc_now,
)
from rosterdiff.stores.bulk import write_columns
from rosterdiff.stores.engine import engine_of, lock_table, reading, writing
from rosterdiff.stores.kept import Kept
from rosterdiff.stores.ledger import Ledger
from rosterdiff.stores.session import Session, apply_changes
from rosterdiff.stores.table import HostTable, TableOptions, Where
from rosterdiff.stores.undoing import purge, read_deleted, restore_students, take_back


@frozen(eq=False, repr=False, slots=False)
class SqlStore:
    """Students in a SQL table that the host has already.

    Attributes:
        url_or_engine: a database URL, such as `sqlite:///school.db`, or a SQLAlchemy engine of the host's.
        table: the name of the table.
        columns: field → column, for columns that are not named as the canonical field. A field without a column is
            not kept by this host: it loads as null and is left out of what is written. Fields that are not canonical
            may be mapped too; other columns of the table are read under their own names.
        where: the scope: column → value, which added rows then get too, or a SQLAlchemy condition.
        soft_delete: the column that marks deleted rows: of truths or numbers (set to yes), or of moments or text
            (set to the moment; null in active rows). Without one, deleted rows move to a table of ours, whole.
        new_id: makes ids for added students where the database does not; see `stores.ids.fresh_ids`.
        further: which other columns to read; None reads all but binary ones and those on the drop list.
        now: the clock.

    >>> SqlStore("sqlite:///school.db", table="pupils", columns={"student_id": "id", "given_name": "first"})
    <SqlStore: table pupils>

    """

    url_or_engine: str | Engine
    table: str = "students"
    columns: Mapping[str, str] = field(factory=dict)
    where: Where = None
    soft_delete: str | None = None
    new_id: Callable[[], str] | None = field(default=None, kw_only=True)
    further: tuple[str, ...] | None = field(default=None, kw_only=True)
    now: Callable[[], datetime] = field(default=utc_now, kw_only=True)

    @classmethod
    def create(cls, url_or_engine: str | Engine, roster: Roster, table: str = "students") -> "SqlStore":
        """Make a new table of a base and return the store on it; the embedded default for SQLite files.

        Columns are named as the roster's: text, `birth_date` a date, `student_id` the primary key.

        Raises:
            UnusableTable: there is a table of that name already.
            InvalidRoster: ids are missing or repeated, or two columns differ by case alone.

        """
        students = in_base_order(require_base(roster).frame).drop(PROVENANCE)
        if len({name.casefold() for name in students.columns}) < students.width:
            raise InvalidRoster("Two columns differ by case alone, which a table cannot.", "Rename one of them.")
        engine = engine_of(url_or_engine, must_exist=False)
        with writing(engine) as connection:
            if sa.inspect(connection).has_table(table):
                raise UnusableTable(f"The database has a table {table} already.", "Name another, or use it as it is.")
            _make_table(connection, table, students)
        return cls(engine, table)

    def load(self) -> Roster:
        """Load the active students of the scope, sorted by id.

        Raises:
            UnusableTable: the table is not there, or not as described.
            InvalidRoster: students of the scope have no id, or repeat one.

        """
        with reading(self._engine) as connection:
            host = self._session(connection).host
            return Roster(frame=in_base_order(host.read(connection, host.is_active)), places=host.places)

    def load_deleted(self) -> Roster:
        """Load the deleted students of the scope, sorted by id."""
        with reading(self._engine) as connection:
            return Roster(frame=in_base_order(read_deleted(self._session(connection))))

    def receipts(self) -> tuple[Receipt, ...]:
        """Return the receipts of this table and scope, the first apply first."""
        with reading(self._engine) as connection:
            return self._session(connection).ledger.receipts(connection)

    def apply(self, changes: ChangeSet, *, actor: Actor, witness: Witness = unwitnessed) -> Receipt:
        """Write a change set, as `Store.apply` says.

        Raises:
            StalePlan: the base moved since the plan was made.
            UnusableTable: the table cannot take what the plan has for it.

        """
        actor.require(Step.APPLY)
        with self._transaction() as session:
            standing = standing_receipt(session.ledger.of_plan(session.connection, changes.plan_id), changes.plan_id)
            receipt = standing or apply_changes(session, changes, actor)
            witness(receipt)
            return receipt

    def undo(self, receipt_id: str, *, actor: Actor, witness: Witness = unwitnessed) -> Receipt:
        """Bring back what was before an apply, as `Store.undo` says.

        Raises:
            UnknownReceipt: this table and scope have no such receipt.
            ChangedSince: a student of the receipt changed since.

        """
        actor.require(Step.UNDO)
        with self._transaction() as session:
            receipt = find_receipt(session.ledger.named(session.connection, receipt_id), receipt_id)
            undone = receipt
            if receipt.undone_at is None:
                undone = attrs.evolve(receipt, undone_at=session.now, undone_by=actor)
                take_back(session, undone)
            witness(undone)
            return undone

    def restore(self, student_ids: Iterable[str], *, actor: Actor) -> tuple[str, ...]:
        """Bring deleted students back, as `Store.restore` says."""
        actor.require(Step.RESTORE)
        wanted = tuple(sorted(set(student_ids)))
        with self._transaction() as session:
            restore_students(session, wanted)
        return wanted

    def purge(self, before: datetime, *, actor: Actor, witness: PurgeWitness = unwitnessed) -> Purged:
        """Forget what undo and restore of earlier applies need, as `Store.purge` says."""
        actor.require(Step.PURGE)
        with self._transaction() as session:
            purged = purge(session, before)
            witness(purged)
            return purged

    def __repr__(self) -> str:
        return f"<SqlStore: table {self.table}>"

    @cached_property
    def _engine(self) -> Engine:
        return engine_of(self.url_or_engine, must_exist=True)

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        with writing(self._engine) as connection:
            session = self._session(connection)
            lock_table(connection, session.host.table)
            yield session

    def _session(self, connection: Connection) -> Session:
        options = TableOptions(self.table, self.columns, self.where, self.soft_delete, self.further)
        host = HostTable.reflect(connection, options)
        return Session(connection, host, Ledger(self.table, host.scope_name), Kept.of(host), self.now(), self.new_id)


def _make_table(connection: Connection, name: str, students: pl.DataFrame) -> None:
    kinds: dict[str, sa.types.TypeEngine[Any]] = {"birth_date": sa.Date(), "student_id": sa.String(255)}
    columns: list[sa.Column[Any]] = [
        sa.Column(column, kinds.get(column, sa.Text()), primary_key=column == "student_id")
        for column in students.columns
    ]
    table = sa.Table(name, sa.MetaData(), *columns)
    table.create(connection)
    if students.height:
        text = students.with_columns(pl.exclude("student_id").cast(pl.String))
        write_columns(connection, table, {name: text[name].to_list() for name in text.columns})
