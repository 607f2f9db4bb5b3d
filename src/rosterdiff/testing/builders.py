"""Small rosters and change sets for tests: say what matters, leave the rest to defaults.

Invariants: every name is invented; what is built is what the library itself would build, through its own checks.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

import polars as pl

from rosterdiff.frames import Roster, number_rows
from rosterdiff.plans import ChangeSet, known_again
from rosterdiff.schema import CANONICAL, EXPECTED, KNOWN, ROSTER, UPDATES, empty

Value = str | int | date | None
"""A field's value in a test: text, a number, a date, or nothing."""

DEFAULTS: Final[Mapping[str, Value]] = MappingProxyType(
    {
        "given_name": "Ilva",
        "family_name": "Torenbek",
        "birth_date": date(2016, 3, 14),
        "grade": "03",
        "class_name": "3B",
    }
)
"""What a student is in a test that does not say otherwise."""


def a_student(student_id: str | None = None, **fields: Value) -> dict[str, Value]:
    """A student's record: the defaults, and what the test says of it.

    >>> a_student("s1", given_name="Maro")["given_name"], a_student()["family_name"]
    ('Maro', 'Torenbek')
    """
    return {"student_id": student_id, **DEFAULTS, **fields}


def a_roster(*students: Mapping[str, Value], source_file: str | None = None) -> Roster:
    """A roster of these records; keys that are no canonical field become further columns.

    Args:
        students: one mapping a student, of field → value; a missing field is null.
        source_file: where the rows are said to come from; they are then numbered as below a header.

    >>> a_roster(a_student("s1"), a_student("s2", given_name="Maro", Bus="7"))
    <Roster: 2 rows; student_id, given_name, family_name, birth_date, grade, class_name, Bus; 0 issues>

    """
    further = sorted({name for student in students for name in student} - set(CANONICAL))
    columns = {
        name: [None if (value := student.get(name)) is None else str(value) for student in students]
        for name in (*CANONICAL, *further)
    }
    roster = Roster.from_frame(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String())))
    if source_file is None:
        return roster
    placed = roster.frame.with_columns(
        pl.lit(source_file).alias("source_file"), (pl.col("row") + 2).cast(ROSTER["source_row"]).alias("source_row")
    )
    return Roster(frame=placed, issues=roster.issues)


def a_change_set(
    base: Roster,
    *,
    additions: Iterable[Mapping[str, Value]] = (),
    updates: Mapping[str, Mapping[str, str | None]] = MappingProxyType({}),
    deletions: Iterable[str] = (),
    plan_id: str | None = None,
) -> ChangeSet:
    """A change set made from a base as `apply_plan` makes it from a plan: with preconditions for all it touches.

    Args:
        base: the students as they are now, for example `store.load()`.
        additions: records to add; their `student_id` is not used.
        updates: student_id → field → new value, as text.
        deletions: ids of students to delete.
        plan_id: by default a digest of the changes, so that the same changes are the same plan.

    >>> a_change_set(a_roster(a_student("s1")), deletions=["s1"], plan_id="p1")
    <ChangeSet p1: 0 additions, 0 updates, 1 deletions>

    """
    added = a_roster(*additions).frame.with_columns(pl.lit(None, dtype=pl.String).alias("student_id"))
    before = {
        (student["student_id"], name): None if value is None else str(value)
        for student in base.frame.iter_rows(named=True)
        for name, value in student.items()
    }
    lines = [
        (student_id, name, before.get((student_id, name)), after)
        for student_id, fields in updates.items()
        for name, after in fields.items()
    ]
    removed = tuple(sorted(deletions))
    touched = {*updates, *removed}
    content = repr((base.digest, added.rows(), lines, removed))
    identity = plan_id or hashlib.sha256(content.encode()).hexdigest()
    return ChangeSet(
        plan_id=identity,
        origin=identity,
        additions=number_rows(added),
        updates=pl.DataFrame(lines, schema=UPDATES, orient="row"),
        deletions=removed,
        expected=base.frame.filter(pl.col("student_id").is_in(touched)).select(*EXPECTED),
        known_ids=frozenset(base.frame["student_id"]) if added.height else None,
        known=known_again(base.frame) if added.height else empty(KNOWN),
    )
