"""A store in memory: the reference that says, as simply as possible, what every store does.

Invariants: the whole state is one frozen value, replaced in one assignment, so that a failure leaves it as it was.
"""

import threading
from collections.abc import Callable, Iterable
from datetime import datetime

import attrs
import polars as pl
from attrs import frozen

from rosterdiff.errors import PurgedReceipt
from rosterdiff.frames import Roster, require_base
from rosterdiff.model import Actor, Receipt, Step
from rosterdiff.plans import ChangeSet
from rosterdiff.schema import UPDATES, empty
from rosterdiff.stores.base import (
    Footprint,
    Purged,
    PurgeWitness,
    Witness,
    find_receipt,
    footprint,
    in_base_order,
    make_receipt,
    name_receipt,
    require_fresh,
    require_restorable,
    require_sound,
    require_untouched,
    standing_receipt,
    to_purge,
    unwitnessed,
    utc_now,
)
from rosterdiff.stores.ids import fresh_ids


@frozen(eq=False, repr=False)
class _Applied:
    """A receipt, with what its undo needs: the values to write back (`schema.UPDATES`), and what the apply left."""

    receipt: Receipt
    back: pl.DataFrame
    left: Footprint
    purged: bool = False

    @property
    def written(self) -> frozenset[str]:
        """The fields that updates wrote."""
        return frozenset(self.back["field"])


@frozen(eq=False, repr=False)
class _State:
    active: pl.DataFrame
    deleted: pl.DataFrame
    applied: tuple[_Applied, ...] = ()

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        """The receipts, in their order."""
        return tuple(entry.receipt for entry in self.applied)

    @property
    def used_ids(self) -> set[str]:
        """Every id that a student has or had."""
        given = {student_id for receipt in self.receipts for student_id in receipt.student_ids.values()}
        gone = {student_id for receipt in self.receipts for student_id in receipt.deleted}
        return {*self.active["student_id"], *self.deleted["student_id"], *given, *gone}


class MemoryStore:
    """Students in memory, for tests, notebooks and trying things out; the columns are those of the roster.

    >>> store = MemoryStore(Roster.from_frame(pl.DataFrame({"student_id": ["2", "1"], "grade": ["01", "03"]})))
    >>> store.load().frame["student_id"].to_list()
    ['1', '2']
    """

    def __init__(
        self, roster: Roster, *, new_id: Callable[[], str] | None = None, now: Callable[[], datetime] = utc_now
    ) -> None:
        """Begin with a base.

        Args:
            roster: the students; each has a `student_id` of his own.
            new_id: makes ids for added students; see `stores.ids.fresh_ids` for what is done without.
            now: the clock.

        Raises:
            InvalidRoster: ids are missing or repeated.

        """
        students = in_base_order(require_base(roster).frame)
        self._state = _State(active=students, deleted=students.clear())
        self._new_id, self._now, self._lock = new_id, now, threading.Lock()

    def load(self) -> Roster:
        """Load the active students, sorted by id."""
        return Roster(frame=self._state.active)

    def load_deleted(self) -> Roster:
        """Load the deleted students, sorted by id."""
        return Roster(frame=self._state.deleted)

    def receipts(self) -> tuple[Receipt, ...]:
        """Return every receipt, the first apply first."""
        return self._state.receipts

    def apply(self, changes: ChangeSet, *, actor: Actor, witness: Witness = unwitnessed) -> Receipt:
        """Write a change set, as `Store.apply` says."""
        actor.require(Step.APPLY)
        with self._lock:
            state = self._state
            standing = standing_receipt(state.receipts, changes.plan_id)
            if standing is not None:
                witness(standing)
                return standing
            require_fresh(require_sound(changes), state.active)
            ids = fresh_ids(state.used_ids, changes.additions.height, self._new_id)
            name = name_receipt(changes.plan_id, (receipt.receipt_id for receipt in state.receipts))
            receipt = make_receipt(name, changes, actor, self._now(), ids)
            after = _apply(state, changes, receipt)
            witness(receipt)
            self._state = after
            return receipt

    def undo(self, receipt_id: str, *, actor: Actor, witness: Witness = unwitnessed) -> Receipt:
        """Bring back what was before an apply, as `Store.undo` says."""
        actor.require(Step.UNDO)
        with self._lock:
            state = self._state
            receipt = find_receipt(state.receipts, receipt_id)
            if receipt.undone_at is not None:
                witness(receipt)
                return receipt
            entry = state.applied[state.receipts.index(receipt)]
            if entry.purged:
                raise PurgedReceipt(receipt_id)
            require_untouched(entry.left, footprint(state.active, state.deleted, receipt, entry.written))
            undone = attrs.evolve(receipt, undone_at=self._now(), undone_by=actor)
            after = _undo(state, entry, undone)
            witness(undone)
            self._state = after
            return undone

    def restore(self, student_ids: Iterable[str], *, actor: Actor) -> tuple[str, ...]:
        """Bring deleted students back, as `Store.restore` says."""
        actor.require(Step.RESTORE)
        wanted = tuple(sorted(set(student_ids)))
        with self._lock:
            state = self._state
            require_restorable(wanted, set(state.deleted["student_id"]), set(state.active["student_id"]))
            chosen = pl.col("student_id").is_in(wanted)
            self._state = attrs.evolve(
                state,
                active=_joined(state.active, state.deleted.filter(chosen)),
                deleted=in_base_order(state.deleted.filter(~chosen)),
            )
        return wanted

    def purge(self, before: datetime, *, actor: Actor, witness: PurgeWitness = unwitnessed) -> Purged:
        """Forget what undo and restore of earlier applies need, as `Store.purge` says."""
        actor.require(Step.PURGE)
        with self._lock:
            state = self._state
            undoable = {entry.receipt.receipt_id for entry in state.applied if not entry.purged}
            purged = to_purge(state.receipts, undoable, state.deleted["student_id"].to_list(), before)
            witness(purged)
            self._state = attrs.evolve(
                state,
                deleted=in_base_order(state.deleted.filter(~pl.col("student_id").is_in(purged.students))),
                applied=tuple(
                    _forgotten(entry) if entry.receipt.receipt_id in purged.receipts else entry
                    for entry in state.applied
                ),
            )
        return purged

    def __repr__(self) -> str:
        return f"<MemoryStore: {self._state.active.height} students, {len(self._state.applied)} receipts>"


def _forgotten(entry: _Applied) -> _Applied:
    return attrs.evolve(entry, back=empty(UPDATES), left=frozenset(), purged=True)


def _apply(state: _State, changes: ChangeSet, receipt: Receipt) -> _State:
    leaving = pl.col("student_id").is_in(receipt.deleted)
    stayers = _with_updates(state.active.filter(~leaving), changes.updates)
    active = _joined(stayers, _additions(changes, receipt, state.active))
    deleted = _joined(state.deleted, state.active.filter(leaving))
    back = _values_now(state.active, changes.updates)
    left = footprint(active, deleted, receipt, frozenset(back["field"]))
    return _State(active, deleted, (*state.applied, _Applied(receipt, back, left)))


def _undo(state: _State, entry: _Applied, undone: Receipt) -> _State:
    added = pl.col("student_id").is_in(list(undone.student_ids.values()))
    gone = pl.col("student_id").is_in(undone.deleted)
    kept = _with_updates(state.active.filter(~added), entry.back)
    return _State(
        active=_joined(kept, state.deleted.filter(gone)),
        deleted=in_base_order(state.deleted.filter(~gone)),
        applied=tuple(attrs.evolve(known, receipt=undone) if known is entry else known for known in state.applied),
    )


def _values_now(frame: pl.DataFrame, updates: pl.DataFrame) -> pl.DataFrame:
    """The values that updates replace, as updates that write them back."""
    now = [
        lines.drop("after").join(
            frame.select("student_id", pl.col(name).cast(pl.String).alias("after")), on="student_id"
        )
        for (name,), lines in updates.group_by("field", maintain_order=True)
        if name in frame.columns
    ]
    return pl.concat([empty(UPDATES), *(lines.select(list(UPDATES)) for lines in now)])


def _joined(frame: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    return in_base_order(pl.concat([frame, others]))


def _additions(changes: ChangeSet, receipt: Receipt, like: pl.DataFrame) -> pl.DataFrame:
    """The added rows in the columns of the store, with their ids; what it has no column for is not kept."""
    ids = pl.Series("student_id", list(receipt.student_ids.values()), dtype=pl.String)
    added = changes.additions.with_columns(ids)
    return added.select(
        (pl.col(name) if name in added.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in like.schema.items()
    )


def _with_updates(frame: pl.DataFrame, updates: pl.DataFrame) -> pl.DataFrame:
    """Write values to their students; a field that the store has no column for is not kept."""
    for name in sorted(set(updates["field"]) & set(frame.columns)):
        lines = updates.filter(pl.col("field") == name)
        dtype = frame.schema[name]
        after = lines["after"].str.to_date("%Y-%m-%d") if dtype == pl.Date else lines["after"].cast(dtype)
        value = pl.col("student_id").replace_strict(
            lines["student_id"], after, default=pl.col(name), return_dtype=dtype
        )
        frame = frame.with_columns(value.alias(name))
    return frame
