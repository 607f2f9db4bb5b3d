"""What named persons give their word for: deletions acknowledged, guards overridden.

Invariants: an acknowledgement states the number of certain deletions, holds every id that it covers, and belongs to
the unresolved plan; an override belongs to one plan and one guard.
"""

import polars as pl
from attrs import evolve

from rosterdiff.errors import InvalidOption, Unacknowledged
from rosterdiff.model import Acknowledgement, Actor, GuardCode, Override, Step
from rosterdiff.plans import Plan


def acknowledge_deletions(plan: Plan, *, count: int, actor: Actor) -> Acknowledgement:
    """Acknowledge that the students who are not listed are deleted.

    Args:
        plan: the unresolved plan, or one resolved from it.
        count: the number of certain deletions, as the actor was shown it.
        actor: who acknowledges.

    Returns:
        The acknowledgement, which covers the certain deletions and the students held in review.

    Raises:
        NotPermitted: the role may not acknowledge.
        Unacknowledged: the number stated is not the number of certain deletions.

    """
    actor.require(Step.ACKNOWLEDGE)
    certain = plan.deletable.filter("certain")["student_id"].to_list()
    held = plan.deletable.filter(~pl.col("certain"))["student_id"].to_list()
    if count != len(certain):
        raise Unacknowledged(
            f"The plan is certain to delete {len(certain)} students, and {count} were acknowledged.",
            "Look at the deletions of the plan and state their number.",
            expected=len(certain),
        )
    return Acknowledgement(plan.origin, actor, frozenset(certain), frozenset(held))


def override(plan: Plan, code: GuardCode | str, *, actor: Actor, reason: str) -> Plan:
    """Let a plan pass a guard that holds it.

    Args:
        plan: the plan that is held.
        code: the guard.
        actor: who takes it upon himself; staff only.
        reason: why; kept in the audit trail.

    Returns:
        The plan with the override, which is good for this plan and what review makes of it, and for no other.

    Raises:
        NotPermitted: the role may not override.
        InvalidOption: the guard does not hold this plan, or no reason is given.

    """
    actor.require(Step.OVERRIDE)
    if code not in plan.held_by:
        holding = ", ".join(plan.held_by) or "none"
        raise InvalidOption(f"This guard does not hold the plan (holding: {holding}).", "Override only what holds.")
    if not reason.strip():
        raise InvalidOption("An override needs a reason.", "Say in a sentence why the plan is right.")
    return evolve(plan, overrides=(*plan.overrides, Override(plan.origin, GuardCode(code), actor, reason.strip())))
