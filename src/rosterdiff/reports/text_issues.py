"""Issues on the terminal: those of one kind are one line with their number and the first of their cells.

Invariants: the gravest stand first; what is left out is counted; files and sheets are named where there are several.
"""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl
from rich.console import Console

from rosterdiff.issues import complete_issues
from rosterdiff.model import Severity
from rosterdiff.reports.cells import size_of
from rosterdiff.reports.issue_kinds import kinds_of_issues
from rosterdiff.reports.tables import STYLES, head, say
from rosterdiff.sentences import SEVERITIES, count_of

_SHOWN: Final = 15  # kinds; the frame itself has all of them
_AREAS: Final = 6  # cells or areas that are named for one kind of issue and sheet
_SHEETS: Final = 6


def print_issues(issues: pl.DataFrame, console: Console, *, limit: int = _SHOWN) -> None:
    """Print issues, the gravest first, those of one kind together.

    Args:
        issues: a frame of `schema.ISSUES`.
        console: where to print.
        limit: how many kinds are shown.

    """
    if issues.is_empty():
        say(console, "No issues.")
        return
    issues = complete_issues(issues)
    ordered = kinds_of_issues(issues)
    head(console, f"{count_of(int(issues['count'].sum()), 'issue')}: {issues_in_words(issues)}")
    for kind in ordered.head(limit).iter_rows(named=True):
        _print_kind(kind, console)
    if ordered.height > limit:
        say(console, f"… and {ordered.height - limit:,} more kinds of issues", "dim", indent=2)


def issues_in_words(issues: pl.DataFrame) -> str:
    """How many cells have an issue of each severity, in words.

    >>> from rosterdiff.issues import Code, Origin, issues_frame
    >>> nameless, empty = Origin("3B.csv").issue(Code.NAME_MISSING, "A2"), Origin("3B.csv").issue(Code.NO_ROWS)
    >>> issues_in_words(issues_frame([nameless, empty]))
    '2 to check'

    """
    counts = dict(issues.group_by("severity").agg(pl.col("count").sum()).iter_rows())
    return ", ".join(f"{counts[s.value]:,} {SEVERITIES[s].title.lower()}" for s in Severity if s.value in counts)


def _print_kind(kind: Mapping[str, Any], console: Console) -> None:
    severity = Severity(kind["severity"])
    times = f", {kind['count']:,} times" if len(kind["each"]) > 1 else ""  # one that is of many says so itself
    say(console, f"{SEVERITIES[severity].title} ({kind['code']}{times}): {kind['message']}", STYLES[severity], indent=2)
    found: dict[str, tuple[list[str], int]] = {}
    for sheet, cells, count in zip(kind["sheet"], kind["cells"], kind["each"], strict=True):
        areas, before = found.setdefault(sheet, ([], 0))
        areas += cells.split(", ") if cells else []
        found[sheet] = (areas, before + (count if cells else 0))
    places = [": ".join(filter(None, (sheet, _listed(areas, count)))) for sheet, (areas, count) in found.items()]
    if any(places):
        rest = f"; and {count_of(len(places) - _SHEETS, 'more sheet')}" if len(places) > _SHEETS else ""
        say(console, "; ".join(filter(None, places[:_SHEETS])) + rest, "dim", indent=4)


def _listed(areas: list[str], count: int) -> str:
    """The first of these areas, and how many cells are left out."""
    shown = areas[:_AREAS]
    rest = count - sum(size_of(area) for area in shown)
    return ", ".join(shown) + (f" and {rest:,} more" if rest > 0 and len(areas) > _AREAS else "")
