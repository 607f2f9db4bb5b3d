"""A store as plain dictionaries: slow, obvious, and written apart from the stores, so that it can judge them.

Invariants: it shares no code with `rosterdiff.stores`; it holds a copy of every record and compares by value.
"""

from collections.abc import Collection, Iterable
from typing import Any, Final

import polars as pl
from attrs import define, field

from rosterdiff.frames import Roster
from rosterdiff.model import Receipt
from rosterdiff.plans import ChangeSet
from rosterdiff.schema import CANONICAL, PROVENANCE

Record = dict[str, Any]
"""A student's values by field, as the roster has them."""

_GONE: Final = "neither a student nor deleted"


def as_records(roster: Roster) -> dict[str, Record]:
    """A roster's students by id, without provenance."""
    return {student["student_id"]: student for student in roster.frame.drop(PROVENANCE).to_dicts()}


@define
class Done:
    """What the model remembers of one apply."""

    changes: ChangeSet
    receipt: Receipt
    before: dict[str, Record]
    left: dict[str, object]
    undone: bool = False


@define
class ModelStore:
    """What a store must hold after any history.

    Attributes:
        active: the students.
        deleted: the deleted students.
        kept: the fields that the store has columns for.
        history: every apply that wrote something.

    """

    active: dict[str, Record]
    kept: frozenset[str]
    deleted: dict[str, Record] = field(factory=dict)
    history: list[Done] = field(factory=list)

    @classmethod
    def of(cls, roster: Roster, fields: Collection[str]) -> "ModelStore":
        """Begin with what a store loaded; `fields` are those that it keeps."""
        return cls(active=as_records(roster), kept=frozenset(fields))

    def apply(self, changes: ChangeSet, receipt: Receipt) -> None:
        """Do what a change set says, with the ids of the store's receipt."""
        before = {student_id: dict(record) for student_id, record in self.active.items()}
        for student_id, name, _, after in changes.updates.iter_rows():
            if name in self.kept:
                self.active[student_id][name] = _typed(name, after)
        for student_id in changes.deletions:
            self.deleted[student_id] = self.active.pop(student_id)
        columns = (set(CANONICAL) | self.kept) - set(PROVENANCE)
        for row in changes.additions.to_dicts():
            student_id = receipt.student_ids[row["row"]]
            values = {name: row.get(name) if name in self.kept else None for name in columns}
            self.active[student_id] = {**values, "student_id": student_id}
        done = Done(changes, receipt, before, {})
        done.left = self._traces(done)
        self.history.append(done)

    def undo(self, receipt_id: str) -> list[str]:
        """Take an apply back, or return the students that forbid it."""
        done = next(done for done in self.history if done.receipt.receipt_id == receipt_id)
        if done.undone:
            return []
        now = self._traces(done)
        moved = sorted(student_id for student_id in now if now[student_id] != done.left[student_id])
        if moved:
            return moved
        for student_id in done.receipt.student_ids.values():
            del self.active[student_id]
        for student_id in done.receipt.deleted:
            self.active[student_id] = self.deleted.pop(student_id)
        for student_id, name, _, _ in done.changes.updates.iter_rows():
            if name in self.kept:
                self.active[student_id][name] = done.before[student_id][name]
        done.undone = True
        return []

    def restore(self, student_ids: Iterable[str]) -> None:
        """Bring deleted students back."""
        for student_id in student_ids:
            self.active[student_id] = self.deleted.pop(student_id)

    def moved_since(self, done: Done) -> tuple[list[str], list[str]]:
        """The students whom an apply touched and who are not as they were before it, and those added since."""
        touched = (*done.receipt.updated, *done.receipt.deleted)
        changed = {student_id for student_id in touched if not self._is_as_before(student_id, done)}
        if not done.receipt.student_ids:
            return sorted(changed), []
        others = set(done.before) if self.active.keys().isdisjoint(done.before) else set()  # no store changes names
        return sorted(changed | others), sorted(set(self.active) - set(done.before))

    def _is_as_before(self, student_id: str, done: Done) -> bool:
        now, then = self.active.get(student_id), done.before[student_id]
        return now is not None and all(now[name] == then[name] for name in CANONICAL)

    def _traces(self, done: Done) -> dict[str, object]:
        part = set(CANONICAL) | set(done.changes.updates["field"])
        whole = {student_id: self._trace(student_id, None) for student_id in done.receipt.student_ids.values()}
        others = (*done.receipt.updated, *done.receipt.deleted)
        return whole | {student_id: self._trace(student_id, part) for student_id in others}

    def _trace(self, student_id: str, fields: Collection[str] | None) -> object:
        for state, students in (("active", self.active), ("deleted", self.deleted)):
            if student_id in students:
                record = students[student_id]
                return state, {name: record[name] for name in record if fields is None or name in fields}
        return _GONE


def _typed(name: str, text: str | None) -> object:
    dtype = CANONICAL.get(name, pl.String())
    return pl.Series([text], dtype=pl.String).str.to_date().item() if dtype == pl.Date and text else text
