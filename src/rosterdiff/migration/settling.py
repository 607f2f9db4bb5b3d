"""What the store says, as events: an apply that was done, taken back, failed, or never was.

Invariants: pure; the receipt decides. An apply that was begun and has a receipt was done; one that the journal tells of
and the store does not know was not; one that the store took back was taken back.
"""

from collections.abc import Iterable
from datetime import datetime

from rosterdiff.migration.progress import Progress
from rosterdiff.migration.states import Kind, State
from rosterdiff.model import Actor, Receipt
from rosterdiff.stores import Draft


def applied(progress: Progress, receipt: Receipt) -> Draft:
    """The event of an apply that the store has a receipt of."""
    told = _facts(progress, receipt_id=receipt.receipt_id, counts=receipt.counts)
    return Draft(Kind.APPLIED, receipt.actor, receipt.applied_at, told)


def undone(progress: Progress, receipt: Receipt) -> Draft:
    """The event of an apply that the store took back."""
    assert receipt.undone_at is not None, "the store took it back"
    told = _facts(progress, receipt_id=receipt.receipt_id)
    return Draft(Kind.UNDONE, receipt.undone_by or receipt.actor, receipt.undone_at, told)


def failed(progress: Progress, kind: Kind, actor: Actor, at: datetime, error: str) -> Draft:
    """The event of something that was about to be done and was not; `error` names the kind of hindrance."""
    return Draft(kind, actor, at, _facts(progress, error=error))


def settle(progress: Progress, receipts: Iterable[Receipt]) -> tuple[Draft, ...]:
    """The events that are missing because a process ended between the store and the journal."""
    if progress.state is State.APPLYING:
        new = [each for each in receipts if each.receipt_id not in progress.taken_back]
        done = [each for each in new if each.plan_id == progress.resolved]
        return _done(progress, done[-1]) if done else ()
    if progress.state is not State.APPLIED:
        return ()
    receipt = next((each for each in receipts if each.receipt_id == progress.receipt_id), None)
    if receipt is None:
        return (_lost(progress),)
    return (undone(progress, receipt),) if receipt.undone_at is not None else ()


def _done(progress: Progress, receipt: Receipt) -> tuple[Draft, ...]:
    taken_back = () if receipt.undone_at is None else (undone(progress, receipt),)
    return (applied(progress, receipt), *taken_back)


def _lost(progress: Progress) -> Draft:
    plan = progress.plan
    assert plan is not None, "what was applied was a plan"
    return Draft(Kind.APPLY_LOST, plan.actor, plan.at, _facts(progress, receipt_id=progress.receipt_id))


def _facts(progress: Progress, **facts: object) -> dict[str, object]:
    return {"number": progress.number, "plan_id": progress.plan_id, **facts}
