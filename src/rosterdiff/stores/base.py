"""The Store protocol, and the logic that every store shares: preconditions, receipts, what undo may touch.

Invariants: everything here but the protocol is pure; a precondition is checked on the records that the transaction
sees; a message holds ids, never another value.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Final, Protocol, runtime_checkable

import polars as pl
from attrs import field, frozen

from rosterdiff.config import NAME_FIELDS
from rosterdiff.errors import ChangedSince, StalePlan, StoreError, UnknownReceipt, UnknownStudent
from rosterdiff.frames import Roster, digests, number_rows
from rosterdiff.model import Actor, Receipt
from rosterdiff.plans import ChangeSet
from rosterdiff.schema import CANONICAL, EXPECTED, GRADES, KNOWN, PROVENANCE

Witness = Callable[[Receipt], object]
"""Is shown a receipt within the transaction that writes it; what it raises takes everything back."""

Footprint = frozenset[tuple[str, str]]
"""Of every student that a receipt touched: the id, and a digest of what is left of the record and its state."""

UNWRITABLE: Final = frozenset({"student_id", *NAME_FIELDS, *PROVENANCE})
"""Fields that no update writes, whoever asks."""


def unwitnessed(_: object) -> None:
    """See nothing: the witness of what nobody else keeps a record of."""


@frozen
class Purged:
    """What a purge took away for good.

    Attributes:
        receipts: names of the receipts that can no longer be undone.
        students: ids of the deleted students who can no longer be restored.

    """

    receipts: tuple[str, ...]
    students: tuple[str, ...] = field(repr=False)


PurgeWitness = Callable[[Purged], object]
"""Is shown what a purge takes away within its transaction; what it raises takes everything back."""


@runtime_checkable
class Store(Protocol):
    """Where a host keeps its students; `rosterdiff.testing.StoreContract` tests an implementation.

    A store has a scope, such as one school, and sees and touches nothing outside it. What it writes, it writes in
    one transaction, whole or not at all. Nobody must subclass.
    """

    def load(self) -> Roster:
        """Load the active students of the scope, sorted by `student_id`; provenance is null."""
        ...

    def load_deleted(self) -> Roster:
        """Load the deleted students of the scope, sorted by `student_id`."""
        ...

    def apply(self, changes: ChangeSet, *, actor: Actor, witness: Witness = unwitnessed) -> Receipt:
        """Write a change set in one transaction; a plan applied before, and not undone, returns its first receipt.

        Args:
            changes: what to write.
            actor: who applies it; staff.
            witness: is shown the receipt before the transaction is committed, also that of an earlier apply; what it
                raises takes everything back. A journal in the same database that it appends to is part of the
                transaction; with any other, the receipt decides whether the plan was applied.

        Raises:
            StalePlan: a touched student moved, or students were added, since the plan was made.

        """
        ...

    def undo(self, receipt_id: str, *, actor: Actor, witness: Witness = unwitnessed) -> Receipt:
        """Bring back exactly what was before; a receipt undone before is returned as it is; `witness` as in `apply`.

        Raises:
            ChangedSince: a student of the receipt changed since.
            UnknownReceipt: the store has no such receipt.
            PurgedReceipt: what the undo needs was purged.

        """
        ...

    def restore(self, student_ids: Iterable[str], *, actor: Actor) -> tuple[str, ...]:
        """Bring deleted students back, with their ids and whole records; return the ids, sorted.

        Raises:
            UnknownStudent: some are not among the deleted; nothing is restored.

        """
        ...

    def receipts(self) -> tuple[Receipt, ...]:
        """Return the receipts of the scope, the first apply first."""
        ...

    def purge(self, before: datetime, *, actor: Actor, witness: PurgeWitness = unwitnessed) -> Purged:
        """Forget for good what the undo of receipts needs that were applied before a moment, and whom they deleted.

        The receipts stay, with their counts and ids. A student who was restored, or was deleted again by a later
        receipt, stays. `witness` is shown what goes before it is committed, and takes it back by raising.
        """
        ...


def utc_now() -> datetime:
    """Tell the time: the clock of stores that are given no other."""
    return datetime.now(UTC)


def in_base_order(frame: pl.DataFrame) -> pl.DataFrame:
    """Sort a store's students by id, without provenance, rows counted anew: the order in which they load."""
    bare = frame.drop(PROVENANCE, strict=False).sort("student_id")
    return number_rows(bare)


def require_sound(changes: ChangeSet) -> ChangeSet:
    """Hold a change set to what every store relies on.

    Raises:
        StoreError: it changes a name, lacks preconditions, or contradicts itself; every fault is named.

    """
    updates = changes.updates.select("student_id", "field")
    touched = pl.concat([updates["student_id"].unique(), pl.Series(changes.deletions, dtype=pl.String)])
    students_of_fields = updates.group_by("field").agg(pl.n_unique("student_id"))["student_id"]
    faults = {
        "it changes a name, an id or provenance": UNWRITABLE.isdisjoint(updates["field"].unique().to_list()),
        "it deletes a student whom it updates, or twice": touched.n_unique() == len(touched),
        "it touches students without a precondition": touched.is_in(changes.expected["student_id"].implode()).all(),
        "it adds students without saying who was known": changes.known_ids is not None or not changes.additions.height,
        "it writes one field of a student twice": students_of_fields.sum() == updates.height,
        "it writes a birth date or grade that is none": _are_typed(changes.updates),
    }
    found = [fault for fault, holds in faults.items() if not holds]
    if found:
        raise StoreError(
            f"The change set cannot be applied: {'; '.join(found)}.", "Let apply_plan build it from a plan."
        )
    return changes


def _are_typed(updates: pl.DataFrame) -> bool:
    return all(
        after is None or (after in GRADES if name == "grade" else _is_iso_date(after))
        for name, after in updates.filter(pl.col("field").is_in(["grade", "birth_date"]))
        .select("field", "after")
        .unique()
        .iter_rows()
    )


def _is_iso_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def require_fresh(changes: ChangeSet, current: pl.DataFrame, ids: Iterable[str] | None = None) -> None:
    """Check a change set's preconditions on the active students as the transaction sees them.

    Args:
        changes: what is to be written.
        current: the active students; those of `expected` and `known` are enough where `ids` has all.
        ids: the ids of all active students.

    Raises:
        StalePlan: names the touched students that moved or are gone, and those added to the scope since; or the plan is
            of another base.

    """
    known = changes.known_ids
    changed = sorted({*_moved(changes.expected, current), *_others(changes.known, current)})
    present = current["student_id"].to_list() if ids is None else ids
    added = [] if known is None else sorted(student for student in present if student not in known)
    if changed or added:
        raise StalePlan(changed, added)


def _others(known: pl.DataFrame, current: pl.DataFrame) -> list[str]:
    """Name those by whom the base is to be known again, if not one of them is there under his name."""
    there = current.join(known, on="student_id", how="semi").join(known, on=list(KNOWN), how="semi", nulls_equal=True)
    return known["student_id"].to_list() if there.is_empty() else []


def _moved(expected: pl.DataFrame, current: pl.DataFrame) -> list[str]:
    """Name the students whose record is not what was expected, or who are gone."""
    now = current.select(*EXPECTED, there=True)
    beside = expected.join(now, on="student_id", how="left", suffix="_now")
    same = (pl.col(name).eq_missing(pl.col(f"{name}_now")) for name in EXPECTED if name != "student_id")
    as_expected = pl.all_horizontal(pl.col("there").is_not_null(), *same)
    return beside.filter(~as_expected)["student_id"].to_list()


def name_receipt(plan_id: str, taken: Iterable[str]) -> str:
    """Name a receipt after its plan, and count the times that the plan was applied.

    >>> name_receipt("c0ffee", ["c0ffee-1"])
    'c0ffee-2'
    """
    stem = f"{plan_id[:12]}-"
    return f"{stem}{1 + sum(name.startswith(stem) for name in taken)}"


def make_receipt(receipt_id: str, changes: ChangeSet, actor: Actor, now: datetime, ids: Sequence[str]) -> Receipt:
    """Write the receipt of an apply; `ids` are those of the added rows, in the order of `changes.additions`."""
    return Receipt(
        receipt_id=receipt_id,
        plan_id=changes.plan_id,
        origin=changes.origin,
        actor=actor,
        applied_at=now,
        student_ids=dict(zip(changes.additions["row"].to_list(), ids, strict=True)),
        updated=changes.updates["student_id"].unique().sort().to_list(),
        deleted=sorted(changes.deletions),
    )


def standing_receipt(receipts: Iterable[Receipt], plan_id: str) -> Receipt | None:
    """Find the receipt of a plan that is applied and not undone."""
    return next((known for known in receipts if known.plan_id == plan_id and known.undone_at is None), None)


def find_receipt(receipts: Iterable[Receipt], receipt_id: str) -> Receipt:
    """Find a receipt by its name.

    Raises:
        UnknownReceipt: there is none.

    """
    for known in receipts:
        if known.receipt_id == receipt_id:
            return known
    raise UnknownReceipt(
        "This store has no receipt of that name in its scope; a receipt is undone where it was written.",
        "store.receipts() lists those it has.",
    )


def footprint(active: pl.DataFrame, deleted: pl.DataFrame, receipt: Receipt, written: Collection[str]) -> Footprint:
    """Digest what a receipt left behind, so that undo knows whether anyone touched it since.

    Added students count with their whole record, since undo removes it; the others with the canonical fields and
    those written, so that a host's other columns may move. Whether a student is active or deleted counts for all.

    Args:
        active: the active students of the scope.
        deleted: its deleted students, in the same columns.
        receipt: the receipt of the apply.
        written: the fields that it wrote.

    """
    states = ((active, "active"), (deleted, "deleted"))
    known = pl.concat([frame.with_columns(pl.lit(state).alias("state")) for frame, state in states])
    whole = [name for name in known.columns if name not in PROVENANCE]
    part = [name for name in whole if name in CANONICAL or name in written or name == "state"]
    return _trace(known, receipt.student_ids.values(), whole) | _trace(
        known, (*receipt.updated, *receipt.deleted), part
    )


def _trace(known: pl.DataFrame, student_ids: Iterable[str], fields: Sequence[str]) -> Footprint:
    students = known.filter(pl.col("student_id").is_in(list(student_ids)))
    return frozenset(zip(students["student_id"], digests(students.select(fields)), strict=True))


def require_untouched(left: Footprint, found: Footprint) -> None:
    """Check that what a receipt left behind is what is found now.

    Raises:
        ChangedSince: names the students that changed, went or came back since.

    """
    moved = sorted({student_id for student_id, _ in left ^ found})
    if moved:
        raise ChangedSince(moved)


def require_restorable(wanted: Collection[str], deleted: Collection[str], active: Collection[str]) -> None:
    """Check that all these students are deleted, and none is a student again.

    Raises:
        UnknownStudent: some are not among the deleted.
        StoreError: some ids are in use again.

    """
    unknown = sorted(set(wanted) - set(deleted))
    if unknown:
        raise UnknownStudent(unknown)
    again = len(set(wanted) & set(active))
    if again:
        raise StoreError(
            f"{again} of these ids belong to active students again, and an id has one student. Nothing was restored.",
            "Give the active ones other ids, or leave the deleted ones deleted.",
        )


def to_purge(
    receipts: Sequence[Receipt],
    undoable: Collection[str],
    deleted: Collection[str],
    before: datetime,
    restored: Collection[tuple[str, str]] = (),
) -> Purged:
    """Say what a purge takes away.

    Args:
        receipts: all of the scope, the first apply first.
        undoable: names of those of them whose undo data is still there.
        deleted: ids of the deleted students.
        before: receipts applied earlier are purged.
        restored: receipts with students whom they deleted and who were restored since.

    """
    standing = [receipt for receipt in receipts if receipt.undone_at is None]
    deleted_by = {
        student_id: receipt
        for receipt in standing
        for student_id in receipt.deleted
        if (receipt.receipt_id, student_id) not in restored
    }
    old = [receipt.receipt_id for receipt in receipts if receipt.applied_at < before]
    return Purged(
        receipts=tuple(name for name in old if name in undoable),
        students=tuple(
            sorted(
                student_id
                for student_id in deleted
                if student_id in deleted_by and deleted_by[student_id].applied_at < before
            )
        ),
    )
