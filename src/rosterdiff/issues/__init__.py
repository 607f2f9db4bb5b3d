"""The faults that reading and compiling report, and why a file is refused: codes, severities, words.

Invariants: a code never changes its meaning; every code has its rule and stands in `docs/issues.md`; no message or
place holds a value of a cell.
"""

from rosterdiff.issues.codes import PROBLEMS_SHEET, Code, Rule
from rosterdiff.issues.origins import (
    MOST_CELLS,
    MOST_LISTED,
    RULES,
    Origin,
    complete_issues,
    issues_frame,
    name_column_ranges,
    name_ranges,
)
from rosterdiff.issues.places import cells_of
from rosterdiff.refusals import REFUSALS, Refusal, refuse

__all__ = [
    "MOST_CELLS",
    "MOST_LISTED",
    "PROBLEMS_SHEET",
    "REFUSALS",
    "RULES",
    "Code",
    "Origin",
    "Refusal",
    "Rule",
    "cells_of",
    "complete_issues",
    "issues_frame",
    "name_column_ranges",
    "name_ranges",
    "refuse",
]
