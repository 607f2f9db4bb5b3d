"""Issues on the terminal: those of one kind are one line with their number and the first of their cells.

Invariants: the gravest stand first; what is left out is counted; files and sheets are named where there are several.
"""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl
from rich.console import Console

from rosterdiff.issues import complete_issues
from rosterdiff.model import Severity
from rosterdiff.reports.issue_kinds import kinds_of_issues, places_in_words
from rosterdiff.reports.tables import STYLES, head, say
from rosterdiff.sentences import SEVERITIES, count_of

_SHOWN: Final = 15  # kinds; the frame itself has all of them
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
    places = places_in_words(kind)
    if places:
        rest = f"; and {count_of(len(places) - _SHEETS, 'more sheet')}" if len(places) > _SHEETS else ""
        say(console, "; ".join(places[:_SHEETS]) + rest, "dim", indent=4)
