"""Who may take which step: the one table of it, and the roles and steps that it is about.

Invariants: every step has its line; what is checked, printed in the docs and tested cell by cell is this table.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What an actor acts as: the school's administrator, or the staff that runs the host."""

    ADMINISTRATOR = "administrator"
    STAFF = "staff"


class Step(StrEnum):
    """The steps that need a permitted role, in the order of the work."""

    OPEN = "open"
    EXTEND = "extend"
    UPLOAD = "upload"
    WITHDRAW = "withdraw"
    COMPLETE = "complete"
    REOPEN = "reopen"
    CANCEL = "cancel"
    PLAN = "plan"
    ACKNOWLEDGE = "acknowledge"
    DECIDE = "decide"
    OVERRIDE = "override"
    RESTORE = "restore"
    APPLY = "apply"
    UNDO = "undo"
    REMEMBER = "remember"
    FORGET = "forget"
    PURGE = "purge"


_BOTH: Final = (Role.ADMINISTRATOR, Role.STAFF)
_STAFF: Final = (Role.STAFF,)

PERMITTED: Final[Mapping[Step, tuple[Role, ...]]] = {
    Step.OPEN: _BOTH,
    Step.EXTEND: _STAFF,
    Step.UPLOAD: _BOTH,
    Step.WITHDRAW: _BOTH,
    Step.COMPLETE: _BOTH,
    Step.REOPEN: _BOTH,
    Step.CANCEL: _BOTH,
    Step.PLAN: _BOTH,
    Step.ACKNOWLEDGE: _BOTH,
    Step.DECIDE: _STAFF,
    Step.OVERRIDE: _STAFF,
    Step.RESTORE: _STAFF,
    Step.APPLY: _STAFF,
    Step.UNDO: _STAFF,
    Step.REMEMBER: _STAFF,
    Step.FORGET: _STAFF,
    Step.PURGE: _STAFF,
}
"""Who may take which step. Staff may do what the school does, for a school that asks them to; it is kept as theirs."""
