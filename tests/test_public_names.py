"""The public names: these and no more, each from one home, and importing them costs next to nothing."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import rosterdiff

PUBLIC = {
    # what a host calls, in the order of its work
    "read_roster", "compile_uploads", "write_template", "write_marked_up", "MarkedUp", "Roster", "ReadOptions",
    "DateOrder",
    "make_plan", "Policy", "Mode", "Classes", "Guards", "Context", "KnownName", "link",
    "Model", "estimate", "Estimate", "estimate_errors", "ErrorEstimate",
    "Plan", "Entry", "Change", "Action", "Reason", "Issue", "Severity", "GuardCode",
    "explain", "Explanation", "CandidateEvidence", "FieldEvidence",
    "save_plan", "load_plan", "plan_to_json",
    "write_discrepancies", "write_review", "write_page", "read_decisions", "resolve", "Decision", "Verdict",
    "acknowledge_deletions", "Acknowledgement", "override", "Override", "Actor", "Role",
    "apply_plan", "undo", "Receipt",
    "Migration", "Host",
    # what may be raised
    "RosterError", "InvalidOption", "InvalidRoster", "UnreadableFile", "NotPermitted", "InvalidDecisions",
    "UnusableModel", "PlanError", "DamagedPlan", "NewerPlan", "UnresolvedPlan", "HeldPlan", "Unacknowledged",
    "StalePlan", "StoreError", "UnknownReceipt", "UnknownStudent", "UnusableTable", "ChangedSince",
    "WorkflowError", "IllegalStep", "OutsideWindow", "Overtaken", "UploadRefused",
    "__version__",
}  # fmt: skip


def test_the_public_names_are_these_and_no_more() -> None:
    assert set(rosterdiff.__all__) == PUBLIC
    assert dir(rosterdiff) == sorted(PUBLIC)


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_every_public_name_can_be_had_and_has_a_docstring(name: str) -> None:
    value = getattr(rosterdiff, name)
    assert name == "__version__" or value.__doc__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute"):
        _ = rosterdiff.anything_else


def test_what_type_checkers_see_is_what_is_loaded() -> None:
    tree = ast.parse(Path(str(rosterdiff.__file__)).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {
        alias.name: str(node.module).removeprefix("rosterdiff.")
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == rosterdiff._MODULE_OF


def test_importing_loads_no_library_before_it_is_needed() -> None:
    heavy = {"polars", "scipy", "openpyxl", "sqlalchemy", "rich", "click", "python_calamine"}
    code = f"import sys, rosterdiff; print(sorted({heavy} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
