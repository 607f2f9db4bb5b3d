"""Apply a plan to a store and take it back.

Invariants: nothing is decided here and nothing is matched; what the plan says is written, or nothing is. A plan that
awaits a person, that a guard holds, or whose deletions nobody acknowledged never reaches the store.
"""

import polars as pl

from rosterdiff.errors import HeldPlan, Unacknowledged, UnresolvedPlan
from rosterdiff.model import Acknowledgement, Action, Actor, Effect, Receipt, Step
from rosterdiff.plans import ChangeSet, Plan, known_again
from rosterdiff.schema import EXPECTED, KNOWN, UPDATES, check, empty
from rosterdiff.stores import Store, Witness, unwitnessed


def apply_plan(
    plan: Plan,
    store: Store,
    *,
    actor: Actor,
    acknowledgement: Acknowledgement | None = None,
    witness: Witness = unwitnessed,
) -> Receipt:
    """Write a resolved plan to a store, in one transaction.

    Args:
        plan: a plan without open review entries.
        store: where the base of the plan came from.
        actor: who applies it; staff.
        acknowledgement: covers the deletions, given on the unresolved plan; needed only where the plan deletes.
        witness: is shown the receipt before the transaction is committed, and takes it back by raising; see `Store`.

    Returns:
        The receipt, with the new id of every added row. Applying the same plan again returns the same receipt.

    Raises:
        NotPermitted: the actor is not staff.
        UnresolvedPlan: review entries are open.
        HeldPlan: a guard holds the plan.
        Unacknowledged: a deletion is not covered.
        StalePlan: the base moved since the plan was made.

    """
    actor.require(Step.APPLY)
    require_resolved(plan)
    require_released(plan)
    require_acknowledged(plan, acknowledgement)
    return store.apply(make_change_set(plan, acknowledgement), actor=actor, witness=witness)


def undo(receipt: Receipt | str, store: Store, *, actor: Actor, witness: Witness = unwitnessed) -> Receipt:
    """Take an apply back: the base is as it was before, in the same transaction or not at all.

    Args:
        receipt: the receipt of the apply, or its `receipt_id`.
        store: the store that wrote it.
        actor: who takes it back; staff.
        witness: as in `apply_plan`.

    Raises:
        NotPermitted: the actor is not staff.
        UnknownReceipt: the store did not write it.
        ChangedSince: a student of the receipt changed since; nothing is undone.

    """
    actor.require(Step.UNDO)
    receipt_id = receipt if isinstance(receipt, str) else receipt.receipt_id
    return store.undo(receipt_id, actor=actor, witness=witness)


def require_resolved(plan: Plan) -> None:
    """Raise `UnresolvedPlan` while review entries are open."""
    open_entries = plan.counts[Action.REVIEW.value]
    if open_entries:
        raise UnresolvedPlan(open_entries)


def require_released(plan: Plan) -> None:
    """Raise `HeldPlan` while a guard holds the plan."""
    codes = plan.held_by
    if codes:
        sentences = plan.guards.filter(pl.col("held") & pl.col("code").cast(pl.String).is_in(codes))["sentence"]
        raise HeldPlan(codes, sentences.to_list())


def require_acknowledged(plan: Plan, acknowledgement: Acknowledgement | None) -> None:
    """Raise `Unacknowledged` unless an acknowledgement of this plan's origin covers every deletion."""
    deletions = _deletions(plan)
    if not deletions:
        return
    certain = int(plan.deletable["certain"].sum())
    noun = "student" if len(deletions) == 1 else "students"
    if acknowledgement is None:
        raise Unacknowledged(
            f"The plan deletes {len(deletions)} {noun}, and nobody has acknowledged it.",
            f"Acknowledge the deletions, stating their number ({certain}), and apply again.",
            student_ids=deletions,
            expected=certain,
        )
    if acknowledgement.origin != plan.origin:
        raise Unacknowledged(
            f"The plan deletes {len(deletions)} {noun}; the acknowledgement was given for another plan.",
            f"Acknowledge the deletions of this plan, stating their number ({certain}).",
            student_ids=deletions,
            expected=certain,
        )
    uncovered = tuple(student for student in deletions if not acknowledgement.covers(student))
    if uncovered:
        raise Unacknowledged(
            f"The plan deletes {len(deletions)} {noun}; the acknowledgement does not cover {len(uncovered)} of them.",
            "Make the plan again, and acknowledge its deletions as they are then listed.",
            student_ids=uncovered,
            expected=certain,
        )


def make_change_set(plan: Plan, acknowledgement: Acknowledgement | None = None) -> ChangeSet:
    """Turn a resolved plan into what a store writes, with the preconditions that hold of its base."""
    additions = _additions(plan)
    updates = _updates(plan)
    deletions = _deletions(plan)
    touched = [*updates["student_id"].unique(), *deletions]
    return ChangeSet(
        plan_id=plan.plan_id,
        origin=plan.origin,
        additions=additions,
        updates=updates,
        deletions=deletions,
        expected=plan.base.frame.filter(pl.col("student_id").is_in(touched)).select(*EXPECTED),
        known_ids=frozenset(plan.base.frame["student_id"]) if additions.height else None,
        acknowledgement=acknowledgement,
        known=known_again(plan.base.frame) if additions.height else empty(KNOWN),
    )


def _additions(plan: Plan) -> pl.DataFrame:
    """The rows to add, in the order of the roster; a `student_id` that a template carried is not taken over."""
    added = plan.entries.filter(pl.col("action") == Action.ADD.value).select("row")
    rows = plan.incoming.frame.join(added, on="row", how="semi", maintain_order="left")
    return rows.with_columns(pl.lit(None, dtype=pl.String).alias("student_id"))


def _updates(plan: Plan) -> pl.DataFrame:
    """The values to write; a reported difference, or one of a candidate that was not chosen, is not."""
    pairs = plan.entries.filter(pl.col("action").is_in([Action.KEEP.value, Action.UPDATE.value]))
    written = plan.changes.filter(pl.col("effect") == Effect.WRITE.value)
    chosen = written.join(pairs.select("row", "student_id"), on=["row", "student_id"], how="semi")
    return check(chosen.select(list(UPDATES)).sort("student_id", "field"), UPDATES)


def _deletions(plan: Plan) -> tuple[str, ...]:
    return tuple(plan.entries.filter(pl.col("action") == Action.DELETE.value)["student_id"].sort())
