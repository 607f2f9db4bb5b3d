"""Rows of other tables that the database itself would remove or change together with a student's row.

Invariants: what no restore would bring back is not removed: foreign keys that cascade, or set null or a default, are
looked for where rows are really deleted; a key that restricts needs no help, since the database then refuses.
"""

from itertools import groupby
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from rosterdiff.errors import UnusableTable
from rosterdiff.stores.bulk import Selected, read_column
from rosterdiff.stores.spelling import Raw
from rosterdiff.stores.table import HostTable

Reference = tuple[str | None, str, list[tuple[str, str]]]
"""Schema and name of a table, and its columns, each with the column of the host's table that it refers to."""

_ASKED: Final = {
    "postgresql": """
        SELECT space.nspname, class.relname, fk.oid, own.attname, known.attname
        FROM pg_constraint fk CROSS JOIN LATERAL unnest(fk.conkey, fk.confkey) AS pair(own, known)
        JOIN pg_class class ON class.oid = fk.conrelid JOIN pg_namespace space ON space.oid = class.relnamespace
        JOIN pg_attribute own ON own.attrelid = fk.conrelid AND own.attnum = pair.own
        JOIN pg_attribute known ON known.attrelid = fk.confrelid AND known.attnum = pair.known
        WHERE fk.contype = 'f' AND fk.confdeltype IN ('c', 'n', 'd') AND fk.confrelid = CAST(:quoted AS regclass)
        ORDER BY space.nspname, class.relname, fk.oid""",
    "sqlite": """
        SELECT NULL, other.name, fk.id, fk."from",
            coalesce(fk."to", (SELECT name FROM pragma_table_info(:name) WHERE pk = fk.seq + 1))
        FROM sqlite_master other JOIN pragma_foreign_key_list(other.name) fk
        WHERE (SELECT foreign_keys FROM pragma_foreign_keys) AND other.type = 'table'
            AND lower(fk."table") = lower(:name) AND fk.on_delete IN ('CASCADE', 'SET NULL', 'SET DEFAULT')
        ORDER BY other.name, fk.id""",
}


def owners(connection: Connection, host: HostTable, keys: Selected) -> dict[str, list[Raw]]:
    """Find the students whose removal would remove or change rows of other tables, or other students' rows.

    Args:
        connection: the transaction.
        host: the table.
        keys: selects the keys of the students to be removed.

    Returns:
        The names of those tables, with the keys of the students who have such rows there.

    """
    found: dict[str, list[Raw]] = {}
    references = _references(connection, host)
    if references:  # nobody else's row may come to these students from here on; SQLite has one writer
        connection.execute(sa.select(host.key).where(host.key.in_(keys)).with_for_update())
    for schema, name, pairs in references:
        columns = {own for own, _ in pairs}
        theirs = sa.table(name, *map(sa.column, {*columns, host.key.name}), schema=schema).alias("theirs")
        same = [theirs.c[own] == host.table.c[known] for own, known in pairs]
        if name == host.table.name:
            same.append(theirs.c[host.key.name].not_in(keys))
        rows = sa.exists(sa.select(sa.literal(1)).select_from(theirs).where(*same))
        if students := read_column(connection, sa.select(host.key).where(host.key.in_(keys), rows)):
            found[name] = students
    return found


def require_alone(connection: Connection, host: HostTable, keys: Selected) -> None:
    """Refuse to remove students with whom the database would remove or change other rows.

    Raises:
        UnusableTable: some have such rows; their number and the tables are named.

    """
    found = owners(connection, host, keys)
    if found:
        count = len({key for students in found.values() for key in students})
        verb = "has" if count == 1 else "have"
        raise UnusableTable(
            f"{count} of the students to be removed {verb} rows in {', '.join(found)}, which the database would remove "
            "or change with them, and no restore would bring back. Nothing was written.",
            "Name a column that marks deleted rows, with soft_delete, so that they stay.",
        )


def _references(connection: Connection, host: HostTable) -> list[Reference]:
    """The foreign keys of other tables, and of its own, to the host's table that a deletion would set off."""
    asked = _ASKED.get(connection.dialect.name)
    if asked is None:
        return []
    quoted = connection.dialect.identifier_preparer.format_table(host.table)
    wanted = {"postgresql": {"quoted": quoted}, "sqlite": {"name": host.table.name}}[connection.dialect.name]
    lines = connection.execute(sa.text(asked), wanted).all()
    each = groupby(lines, key=lambda line: (line[0], line[1], line[2]))
    return [(schema, name, [(line[3], line[4]) for line in group]) for (schema, name, _), group in each]
