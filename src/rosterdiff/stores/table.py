"""The host's own table: which column holds which field, its rows as a roster, and the statements that write it.

Invariants: no statement reaches a row outside the scope; values are bound, never part of a statement's text; a column
that no field is mapped to is read, and written only in rows that we add.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import cached_property
from typing import Any, Final

import polars as pl
import sqlalchemy as sa
from attrs import field, frozen
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ColumnClause

from rosterdiff.config import DROPPED_HEADERS
from rosterdiff.errors import InvalidOption, UnusableTable
from rosterdiff.frames import Roster, require_base
from rosterdiff.known import CONFIDENCE, KnownBy
from rosterdiff.schema import CANONICAL, PLACES, PROVENANCE
from rosterdiff.stores.base import UNWRITABLE
from rosterdiff.stores.bulk import read_chunks, text_series
from rosterdiff.stores.spelling import AnyType, Raw, Spelling, holds_any_text, raw_of, read_text, text_of

Condition = sa.ColumnElement[bool]

_MARKS: Final = (sa.Boolean, sa.Integer, sa.DateTime, sa.Date, sa.String, sa.types.NullType)
"""What a column that marks deleted rows may hold."""

Where = sa.ColumnElement[bool] | Mapping[str, Any] | None
"""A store's scope; Any: a column's value is of any type."""


@frozen(eq=False, repr=False)
class TableOptions:
    """How a host describes its table; see `SqlStore`."""

    table: str
    columns: Mapping[str, str]
    where: Where
    soft_delete: str | None
    further: tuple[str, ...] | None


@frozen(eq=False, repr=False, slots=False)
class HostTable:
    """The host's table as rosterdiff uses it.

    Attributes:
        table: the table for statements; on SQLite without the types that would fail on foreign values.
        types: column → its declared type.
        fields: field of the roster → column, canonical fields first.
        scope: the condition that every row of ours meets.
        fixed: column → raw value of the columns that the scope fixes.
        soft_delete: the column that marks deleted rows, if the host has one.

    """

    table: sa.Table
    types: Mapping[str, AnyType]
    fields: Mapping[str, str]
    scope: sa.ColumnElement[bool]
    scope_name: str
    fixed: Mapping[str, Raw]
    soft_delete: str | None
    dialect: Dialect = field(repr=False)

    @classmethod
    def reflect(cls, connection: Connection, options: TableOptions) -> "HostTable":
        """Look at the host's table and hold it against its description.

        Raises:
            UnusableTable: the table or a named column is not there.
            InvalidOption: a field is mapped that is none, or two fields to one column.

        """
        table, types = _reflected(connection, options.table)
        named = [*options.columns.values(), *([options.soft_delete] if options.soft_delete else [])]
        _require_columns(table, [*named, *(options.where if isinstance(options.where, Mapping) else ())])
        _require_markable(options, types)
        fields = _mapped(connection, table, options)
        is_mapping = isinstance(options.where, Mapping)
        fixed = {
            name: raw_of(value, types[name], connection.dialect)
            for name, value in (options.where.items() if isinstance(options.where, Mapping) else ())
        }
        scope = _condition(table, fixed if is_mapping else options.where)
        return cls(
            table=table,
            types=types,
            fields={**fields, **_further(table, types, fields, options)},
            scope=scope,
            scope_name=_name_of(scope) if options.where is not None else "",
            fixed=fixed,
            soft_delete=options.soft_delete,
            dialect=connection.dialect,
        )

    @cached_property
    def key(self) -> sa.Column[Any]:
        """The column of the `student_id`."""
        return self.table.c[self.fields["student_id"]]

    @property
    def key_type(self) -> AnyType:
        """The declared type of the `student_id`."""
        return self.types[self.key.name]

    @cached_property
    def writable(self) -> Mapping[str, str]:
        """The fields that updates may write, with their columns; what the scope fixes is not among them."""
        return {
            name: column
            for name, column in self.fields.items()
            if name not in UNWRITABLE and column not in self.fixed and column != self.soft_delete
        }

    @property
    def places(self) -> pl.DataFrame:
        """Where each field stands that may be written (`schema.PLACES`); planning writes no field without a place."""
        known = (KnownBy.EXPLICIT.value, CONFIDENCE[KnownBy.EXPLICIT], None)
        lines = [(None, self.table.name, name, column, None, *known) for name, column in self.writable.items()]
        return pl.DataFrame(lines, schema=PLACES, orient="row")

    @property
    def is_whole(self) -> bool:
        """Whether the active students of the scope are all rows that the table has."""
        return not self.scope_name and not self.soft_delete

    @cached_property
    def is_active(self) -> sa.ColumnElement[bool]:
        """The condition that the rows of the scope's active students meet."""
        return sa.and_(self.scope, sa.not_(self._is_marked)) if self.soft_delete else self.scope

    @cached_property
    def is_deleted(self) -> sa.ColumnElement[bool]:
        """The condition that the rows of the scope meet which the host's own column marks as deleted."""
        return sa.and_(self.scope, self._is_marked)

    @cached_property
    def own_columns(self) -> tuple[str, ...]:
        """The columns of a row that a statement may write: all that the database does not compute."""
        return tuple(column.name for column in self.table.columns if column.computed is None)

    def read(
        self,
        connection: Connection,
        *conditions: Condition,
        source: sa.FromClause | None = None,
        fields: Collection[str] | None = None,
    ) -> pl.DataFrame:
        """Read rows as students: a roster's frame, in the order in which they come.

        Args:
            connection: the transaction.
            conditions: which rows.
            source: whatever has the columns of the host's table; the table itself by default.
            fields: which of the fields; by default all.

        """
        return self.read_keyed(connection, *conditions, source=source, fields=fields)[0]

    def read_keyed(
        self,
        connection: Connection,
        *conditions: Condition,
        source: sa.FromClause | None = None,
        fields: Collection[str] | None = None,
    ) -> tuple[pl.DataFrame, list[Raw]]:
        """Read rows as students, as `read` does, and their keys as the database has them, in the same order."""
        place = self.table if source is None else source
        names = [name for name in self.fields if fields is None or name in fields]
        wanted = sa.select(*(place.c[self.fields[name]] for name in names)).where(*conditions)
        parts = [self._text(dict.fromkeys(names, ()))]
        keys: list[Raw] = []
        for chunk in read_chunks(connection, wanted):
            columns = dict(zip(names, chunk, strict=True))
            keys.extend(columns["student_id"])
            parts.append(self._text(columns))
        return require_base(Roster.from_frame(pl.concat(parts))).frame, keys

    def typed(self, columns: Mapping[str, Sequence[Raw]]) -> pl.DataFrame:
        """Take raw values of some fields as a roster's columns; ids may be repeated."""
        return Roster.from_frame(self._text(columns)).frame

    def _text(self, columns: Mapping[str, Sequence[Raw]]) -> pl.DataFrame:
        return pl.DataFrame(
            [text_series(name, values, self.types[self.fields[name]]) for name, values in columns.items()]
        )

    def spelling(self, connection: Connection) -> Spelling:
        """Learn how the host writes its grades, from those of its active students."""
        column, count = self.fields.get("grade"), sa.func.count()
        if column is None:
            students = sa.select(count).select_from(self.table).where(self.is_active)
            return Spelling({None: connection.execute(students).scalar_one()})
        grade = self.table.c[column]
        counted = sa.select(grade, count).where(self.is_active).group_by(grade)
        return Spelling({text_of(word, self.types[column]): count for word, count in connection.execute(counted)})

    def raws(self, field_name: str, texts: pl.Series, spelling: Spelling) -> list[Raw]:
        """Turn a field's texts into raw values of its column, in the host's own format; each distinct one once."""
        if field_name != "grade" and holds_any_text(self.types[self.fields[field_name]], self.dialect):
            return texts.to_list()
        known = {text: self._raw(field_name, text, spelling) for text in texts.drop_nulls().unique().to_list()}
        return [None if text is None else known[text] for text in texts.to_list()]

    def _raw(self, field_name: str, text: str, spelling: Spelling) -> Raw:
        column = self.fields[field_name]
        kind = self.types[column]
        spelled = spelling.of(text, kind) if field_name == "grade" else text
        return raw_of(read_text(spelled, column, kind, self.dialect), kind, self.dialect)

    def mark(self, now: datetime) -> Raw:
        """The value that marks a row as deleted: yes in a column of truths or numbers, the moment in any other."""
        kind = self.types[self.soft_delete or ""]
        match kind:
            case sa.Boolean():
                value: object = True
            case sa.Integer():
                value = 1
            case sa.DateTime():
                value = now if kind.timezone else now.astimezone(UTC).replace(tzinfo=None)
            case sa.Date():
                value = now.date()
            case _:
                value = now.isoformat()
        return raw_of(value, kind, self.dialect)

    def unmark(self) -> Raw:
        """The value that marks a row as not deleted."""
        kind = self.types[self.soft_delete or ""]
        return raw_of(False, kind, self.dialect) if isinstance(kind, sa.Boolean | sa.Integer) else None  # noqa: FBT003

    @cached_property
    def _is_marked(self) -> sa.ColumnElement[bool]:
        column = self.table.c[self.soft_delete or ""]
        unmarked = self.unmark()
        plain = column.is_(None) if unmarked is None else sa.or_(column.is_(None), column == unmarked)
        return sa.not_(plain)


def _reflected(connection: Connection, name: str) -> tuple[sa.Table, dict[str, AnyType]]:
    """The table with its columns alone: asking for keys, indexes and comments takes nine queries more on PostgreSQL."""
    try:
        columns = sa.inspect(connection).get_columns(name)
    except sa.exc.NoSuchTableError:
        raise UnusableTable(
            f"The database has no table {name}.", "Name the table of your students, or make one with SqlStore.create."
        ) from None
    table = sa.Table(name, sa.MetaData(), *map(_described, columns))
    types = {column.name: column.type for column in table.columns}
    if connection.dialect.name == "sqlite":
        for column in table.columns:
            column.type = column.type if isinstance(column.type, sa.Integer) else sa.types.NULLTYPE
    return table, types


def _described(column: ReflectedColumn) -> sa.Column[Any]:
    """A column as the database describes it, with where its values come from if nobody gives one."""
    default, computed, identity = column.get("default"), column.get("computed"), column.get("identity")
    sources: list[sa.schema.SchemaItem | sa.FetchedValue] = []
    if default is not None:
        sources.append(sa.DefaultClause(sa.text(default)))
    if computed is not None:
        sources.append(sa.Computed(**computed))
    if identity is not None:
        sources.append(sa.Identity(**identity))
    return sa.Column(column["name"], column["type"], *sources, nullable=column["nullable"])


def _require_columns(table: sa.Table, names: Iterable[str]) -> None:
    absent = sorted({name for name in names if name not in table.columns})
    if absent:
        raise UnusableTable(
            f"The table {table.name} has no column {', '.join(absent)}.",
            f"Its columns are {', '.join(column.name for column in table.columns)}.",
        )


def _require_markable(options: TableOptions, types: Mapping[str, AnyType]) -> None:
    if options.soft_delete and not isinstance(types[options.soft_delete], _MARKS):
        raise UnusableTable(
            f"The column {options.soft_delete} cannot mark deleted rows: it holds neither truths, numbers, moments "
            "nor text.",
            "Name another column, or leave soft_delete out; deleted rows then move to a table of rosterdiff's.",
        )


def _mapped(connection: Connection, table: sa.Table, options: TableOptions) -> dict[str, str]:
    """The fields that have a column: those that the host named, and canonical ones of the same name."""
    for name in options.columns:
        close = [] if name in CANONICAL else get_close_matches(name.casefold(), CANONICAL, n=1, cutoff=0.85)
        if name in PROVENANCE or close:
            raise InvalidOption(
                f"columns maps {name}, which is no field that a store keeps.",
                f"Do you mean {close[0]}?" if close else "Leave it out.",
            )
    taken = set(options.columns.values())
    if len(taken) < len(options.columns):
        raise InvalidOption("columns maps two fields to one column, which can hold one.", "Map each to its own.")
    own = {name: name for name in CANONICAL if name in table.columns and name not in taken | set(options.columns)}
    found = {**own, **options.columns}
    if "student_id" not in found:
        own_keys = sa.inspect(connection).get_pk_constraint(table.name)["constrained_columns"]
        keys = ", ".join(own_keys) or "the account's key"
        raise UnusableTable(
            f"The table {table.name} has no column for student_id, by which students are known.",
            f"Say which it is, for example SqlStore(…, columns={{'student_id': '{keys}'}}).",
        )
    return {name: found[name] for name in (*CANONICAL, *options.columns) if name in found}


def _further(
    table: sa.Table, types: Mapping[str, AnyType], fields: Mapping[str, str], options: TableOptions
) -> dict[str, str]:
    """The host's other columns, under their own names: those it asked for, or all that no list keeps out."""
    taken = {*fields, *fields.values(), *CANONICAL, *PROVENANCE, options.soft_delete}
    if options.further is not None:
        _require_columns(table, options.further)
        return {name: name for name in options.further if name not in taken}
    return {
        column.name: column.name
        for column in table.columns
        if column.name not in taken
        and not isinstance(types[column.name], sa.LargeBinary)
        and not _is_private(column.name)
    }


_DROPPED: Final = frozenset(word.replace(" ", "") for word in DROPPED_HEADERS)


def _is_private(column: str) -> bool:
    folded = "".join(letter for letter in column.casefold() if letter.isalnum())
    return folded in _DROPPED or "password" in folded


def _condition(table: sa.Table, where: Where) -> sa.ColumnElement[bool]:
    """The scope as a condition on our own view of the table; columns of the host's view are found by name."""
    if where is None:
        return sa.true()
    if isinstance(where, Mapping):
        return sa.and_(sa.true(), *(table.c[name] == where[name] for name in sorted(where)))
    adapted: sa.ColumnElement[bool] = visitors.replacement_traverse(where, {}, _column_of(table))
    return adapted


def _column_of(table: sa.Table) -> Callable[..., sa.Column[Any] | None]:
    def ours(element: object, **_: object) -> sa.Column[Any] | None:
        if not isinstance(element, ColumnClause) or element.is_literal or element.name not in table.c:
            return None
        owner = element.table
        return table.c[element.name] if owner is None or getattr(owner, "name", None) == table.name else None

    return ours


def _name_of(scope: sa.ColumnElement[bool]) -> str:
    """Name a scope by its condition and values, so that its receipts are found again."""
    compiled = scope.compile()
    return json.dumps([str(compiled), {name: str(value) for name, value in sorted(compiled.params.items())}])
