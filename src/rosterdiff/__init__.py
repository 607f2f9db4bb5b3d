"""`plan` and `apply` for lists of people: from a school's spreadsheets to a plan to review, apply and undo.

Public names, nothing else. Each is loaded from its home when it is first used, so that `import rosterdiff` costs next
to nothing; `rosterdiff.stores` and `rosterdiff.testing` are imported by their own names.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from rosterdiff._version import __version__

if TYPE_CHECKING:
    from rosterdiff.apply import apply_plan, undo
    from rosterdiff.config import Classes, DateOrder, Guards, Mode, Policy, ReadOptions
    from rosterdiff.decoys import ErrorEstimate, estimate_errors
    from rosterdiff.errors import (
        ChangedSince,
        DamagedPlan,
        HeldPlan,
        IllegalStep,
        InvalidDecisions,
        InvalidOption,
        InvalidRoster,
        NewerPlan,
        NotPermitted,
        OutsideWindow,
        Overtaken,
        PlanError,
        RosterError,
        StalePlan,
        StoreError,
        Unacknowledged,
        UnknownReceipt,
        UnknownStudent,
        UnreadableFile,
        UnresolvedPlan,
        UnusableModel,
        UnusableTable,
        UploadRefused,
        WorkflowError,
    )
    from rosterdiff.evidence import CandidateEvidence, Explanation, FieldEvidence
    from rosterdiff.frames import Context, Roster
    from rosterdiff.marking import MarkedUp, write_marked_up
    from rosterdiff.matching import Estimate, Model, estimate, link
    from rosterdiff.migration import Host, Migration
    from rosterdiff.model import (
        Acknowledgement,
        Action,
        Actor,
        Change,
        Decision,
        Entry,
        GuardCode,
        Issue,
        KnownName,
        Override,
        Reason,
        Receipt,
        Role,
        Severity,
        Verdict,
    )
    from rosterdiff.pipeline import make_plan
    from rosterdiff.planning import (
        acknowledge_deletions,
        explain,
        load_plan,
        override,
        plan_to_json,
        resolve,
        save_plan,
    )
    from rosterdiff.plans import Plan
    from rosterdiff.reading import read_roster
    from rosterdiff.reports import read_decisions, write_discrepancies, write_page, write_review, write_template
    from rosterdiff.uploads import compile_uploads

_HOMES = {
    "apply": ("apply_plan", "undo"),
    "config": ("Classes", "DateOrder", "Guards", "Mode", "Policy", "ReadOptions"),
    "decoys": ("ErrorEstimate", "estimate_errors"),
    "errors": (
        "ChangedSince", "DamagedPlan", "HeldPlan", "IllegalStep", "InvalidDecisions", "InvalidOption", "InvalidRoster",
        "NewerPlan", "NotPermitted", "OutsideWindow", "Overtaken", "PlanError", "RosterError", "StalePlan",
        "StoreError", "Unacknowledged", "UnknownReceipt", "UnknownStudent", "UnreadableFile", "UnresolvedPlan",
        "UnusableModel", "UnusableTable", "UploadRefused", "WorkflowError",
    ),
    "evidence": ("CandidateEvidence", "Explanation", "FieldEvidence"),
    "frames": ("Context", "Roster"),
    "marking": ("MarkedUp", "write_marked_up"),
    "matching": ("Estimate", "Model", "estimate", "link"),
    "migration": ("Host", "Migration"),
    "model": (
        "Acknowledgement", "Action", "Actor", "Change", "Decision", "Entry", "GuardCode", "Issue", "KnownName",
        "Override", "Reason", "Receipt", "Role", "Severity", "Verdict",
    ),
    "pipeline": ("make_plan",),
    "planning": (
        "acknowledge_deletions", "explain", "load_plan", "override", "plan_to_json", "resolve", "save_plan",
    ),
    "plans": ("Plan",),
    "reading": ("read_roster",),
    "reports": ("read_decisions", "write_discrepancies", "write_page", "write_review", "write_template"),
    "uploads": ("compile_uploads",),
}  # fmt: skip
"""Module → the public names that live in it."""

_MODULE_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Acknowledgement",
    "Action",
    "Actor",
    "CandidateEvidence",
    "Change",
    "ChangedSince",
    "Classes",
    "Context",
    "DamagedPlan",
    "DateOrder",
    "Decision",
    "Entry",
    "ErrorEstimate",
    "Estimate",
    "Explanation",
    "FieldEvidence",
    "GuardCode",
    "Guards",
    "HeldPlan",
    "Host",
    "IllegalStep",
    "InvalidDecisions",
    "InvalidOption",
    "InvalidRoster",
    "Issue",
    "KnownName",
    "MarkedUp",
    "Migration",
    "Mode",
    "Model",
    "NewerPlan",
    "NotPermitted",
    "OutsideWindow",
    "Override",
    "Overtaken",
    "Plan",
    "PlanError",
    "Policy",
    "ReadOptions",
    "Reason",
    "Receipt",
    "Role",
    "Roster",
    "RosterError",
    "Severity",
    "StalePlan",
    "StoreError",
    "Unacknowledged",
    "UnknownReceipt",
    "UnknownStudent",
    "UnreadableFile",
    "UnresolvedPlan",
    "UnusableModel",
    "UnusableTable",
    "UploadRefused",
    "Verdict",
    "WorkflowError",
    "__version__",
    "acknowledge_deletions",
    "apply_plan",
    "compile_uploads",
    "estimate",
    "estimate_errors",
    "explain",
    "link",
    "load_plan",
    "make_plan",
    "override",
    "plan_to_json",
    "read_decisions",
    "read_roster",
    "resolve",
    "save_plan",
    "undo",
    "write_discrepancies",
    "write_marked_up",
    "write_page",
    "write_review",
    "write_template",
]


def __getattr__(name: str) -> Any:  # Any: the type checker sees the imports above instead
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'rosterdiff' has no attribute {name!r}")
    value = getattr(import_module(f"rosterdiff.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
