"""`apply`, `undo` and `restore`: what writes to a store."""

from typing import Any

import click

from rosterdiff.cli import shared
from rosterdiff.cli.outcome import Exit
from rosterdiff.cli.screen import output, working
from rosterdiff.cli.sources import open_store
from rosterdiff.errors import HeldPlan, PlanError, Unacknowledged, UnknownReceipt, UnresolvedPlan
from rosterdiff.model import Acknowledgement, Actor, GuardCode, Receipt
from rosterdiff.plans import Plan
from rosterdiff.stores import Store


@click.command(short_help="Write a resolved plan to its store.")
@click.argument("path", metavar="FINAL.rdiff")
@shared.store
@shared.actor(required=True)
@click.option(
    "--acknowledge-deletions",
    "count",
    type=click.IntRange(min=0),
    metavar="N",
    help="Acknowledge the deletions of students who are not listed, stating their number.",
)
@click.option(
    "--override",
    "codes",
    multiple=True,
    type=click.Choice([code.value for code in GuardCode]),
    metavar="CODE",
    help="Pass a guard that holds the plan; needs --reason. May be repeated.",
)
@click.option("--reason", default="", metavar="TEXT", help="Why the guard may be passed; kept in the audit trail.")
def apply(path: str, url: str, table: str, actor: Actor, **given: Any) -> Exit:
    """Write a resolved plan to its store, in one transaction: all of it, or nothing."""
    from rosterdiff.apply import apply_plan
    from rosterdiff.planning import load_plan
    from rosterdiff.reports.text import print_receipt

    if given["codes"] and not given["reason"].strip():
        raise click.UsageError("--override needs --reason TEXT: why may the guard be passed?")
    plan = _overridden(load_plan(path), given["codes"], actor, given["reason"])
    store = open_store(url, table)
    acknowledgement = _acknowledged(plan, given["count"], actor)
    with working("Applying the plan"):
        try:
            receipt = apply_plan(plan, store, actor=actor, acknowledgement=acknowledgement)
        except (UnresolvedPlan, HeldPlan, Unacknowledged) as error:
            raise PlanError(error.problem, _advice(error, path)) from None
    print_receipt(receipt, output())
    click.echo(f"To take it back: rosterdiff undo {receipt.receipt_id} --store {url} --actor {actor.role}:NAME")
    return Exit.DONE


def _overridden(plan: Plan, codes: tuple[str, ...], actor: Actor, reason: str) -> Plan:
    from rosterdiff.planning import override

    for code in codes:
        plan = override(plan, GuardCode(code), actor=actor, reason=reason)
    return plan


def _acknowledged(plan: Plan, count: int | None, actor: Actor) -> Acknowledgement | None:
    from rosterdiff.planning import acknowledge_deletions

    return None if count is None else acknowledge_deletions(plan, count=count, actor=actor)


def _advice(error: UnresolvedPlan | HeldPlan | Unacknowledged, path: str) -> str:
    """What answers a refusal on the command line."""
    match error:
        case UnresolvedPlan():
            return f"Answer them in the review workbook, then: rosterdiff decide {path} REVIEW.xlsx -o FINAL.rdiff"
        case HeldPlan():
            options = " ".join(f"--override {code}" for code in error.codes)
            return f"Look at the uploads; if the plan is right, apply it with {options} --reason TEXT"
        case Unacknowledged():
            return (
                "If they have left the school, state how many were certain before review:"
                f" --acknowledge-deletions {error.expected}"
            )


def _told(receipt: Receipt) -> str:
    counts = ", ".join(f"{count} {_DONE[action]}" for action, count in receipt.counts.items())
    return f"Receipt {receipt.receipt_id}: {counts}."


_DONE = {"add": "added", "update": "updated", "delete": "deleted"}


@click.command(short_help="Take an apply back.")
@click.argument("receipt_id", metavar="RECEIPT", required=False)
@shared.store
@shared.actor(required=True)
def undo(receipt_id: str | None, url: str, table: str, actor: Actor) -> Exit:
    """Take an apply back: every student is as before. Without RECEIPT, say which receipts there are."""
    from rosterdiff.apply import undo as take_back
    from rosterdiff.reports.text import print_receipt

    store = open_store(url, table)
    if receipt_id is None:
        raise UnknownReceipt("Which apply is to be undone?", _receipts_of(store))
    with working("Undoing"):
        try:
            receipt = take_back(receipt_id, store, actor=actor)
        except UnknownReceipt as error:
            raise UnknownReceipt(error.problem, _receipts_of(store)) from None
    print_receipt(receipt, output())
    click.echo("Undone: every student is as before.")
    return Exit.DONE


def _receipts_of(store: Store) -> str:
    standing = [receipt for receipt in store.receipts() if receipt.undone_at is None]
    if not standing:
        return "This store has none that could be undone."
    listed = "; ".join(f"{_told(receipt)[:-1]}, {receipt.applied_at:%Y-%m-%d %H:%M}" for receipt in standing[-5:])
    return f"The latest are: {listed}."


@click.command(short_help="Bring deleted students back.")
@click.argument("student_ids", metavar="STUDENT_ID...", nargs=-1, required=True)
@shared.store
@shared.actor(required=True)
def restore(student_ids: tuple[str, ...], url: str, table: str, actor: Actor) -> Exit:
    """Bring deleted students back, with their ids and all that was known of them. Staff only."""
    restored = open_store(url, table).restore(student_ids, actor=actor)
    click.echo(f"Restored {len(restored)}: {', '.join(restored)}.")
    return Exit.DONE
