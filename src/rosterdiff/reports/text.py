"""Plans, issues, rosters, explanations and receipts on the terminal; needs the extra `cli` (rich).

Invariants: the doubtful stands first; a list that is cut says how much is missing; no colour where the console has
none, and nothing that only colour says.
"""

from collections.abc import Sequence
from typing import Final

import polars as pl
from rich.console import Console
from rich.table import Column
from rich.text import Text

from rosterdiff.config import Mode
from rosterdiff.frames import Roster
from rosterdiff.model import Action, Reason, Receipt
from rosterdiff.plans import Plan
from rosterdiff.reports.people import class_of, name_of
from rosterdiff.reports.questions import Block, OpenRow, asked_in_words, review_blocks
from rosterdiff.reports.tables import STYLES, fixed, head, listed, number, print_table, say
from rosterdiff.reports.text_entries import print_entries
from rosterdiff.reports.text_evidence import print_explanation
from rosterdiff.reports.text_issues import print_issues
from rosterdiff.reports.text_roster import print_checked, print_roster
from rosterdiff.sentences import ACTIONS, GUARDS, REASONS, count_of, likelihood

__all__ = [
    "print_checked",
    "print_coverage",
    "print_explanation",
    "print_issues",
    "print_plan",
    "print_receipt",
    "print_roster",
]

_SHOWN: Final = 15  # lines of one list; the workbook and the plan itself have all of them
_CELLS: Final = 6  # cells that are named for one kind of issue and sheet
_TOLD_KEPT: Final = (Reason.DIFFERS_NOT_WRITTEN, Reason.PROTECTED, Reason.ROW_IGNORED)
"""Reasons to keep that a person may want to see one by one."""


def print_plan(plan: Plan, console: Console, *, limit: int = _SHOWN) -> None:
    """Print a plan: what it does, what holds it, how much of each class was found, and its entries, the doubtful first.

    Args:
        plan: the plan, resolved or not.
        console: where to print; a rich console.
        limit: how many lines of each list are shown.

    """
    blocks = review_blocks(plan)
    year = f" {plan.school_year}" if plan.school_year else ""
    head(console, f"Plan {plan.plan_id[:12]}, {plan.mode}{year}")
    students, rows = count_of(len(plan.base), "student"), count_of(len(plan.incoming), "row")
    say(console, f"{students} of the base, {rows} of {count_of(len(_files_of(plan.incoming)), 'file')}.")
    _print_counts(plan, console)
    _print_guards(plan, console)
    _print_deletions(plan, console)
    print_coverage(plan, console, limit=max(limit, 3 * _SHOWN))
    if plan.issues.height:
        print_issues(plan.issues, console, limit=limit)
    _print_review(blocks, console, limit)
    for action in (Action.DELETE, Action.ADD, Action.UPDATE):
        found = plan.entries.filter(pl.col("action") == action.value)
        print_entries(plan, ACTIONS[action].title, found, console, limit)
    for reason in _TOLD_KEPT:
        found = plan.entries.filter(pl.col("action") == Action.KEEP.value, pl.col("reason") == reason.value)
        print_entries(plan, REASONS[reason].title, found, console, limit)


def print_receipt(receipt: Receipt, console: Console) -> None:
    """Print what an apply did, and whether it was taken back.

    Args:
        receipt: what a store gives.
        console: where to print.

    """
    head(console, f"Receipt {receipt.receipt_id}")
    done = [
        f"{receipt.counts[a]:,} {word}" for a, word in (("add", "added"), ("update", "updated"), ("delete", "deleted"))
    ]
    lines = [
        ("Applied", f"{receipt.applied_at:%Y-%m-%d %H:%M %Z}".strip() + f" by {receipt.actor}"),
        ("Plan", receipt.plan_id[:12]),
        ("Students", ", ".join(done)),
    ]
    if receipt.student_ids:
        given = [f"row {row}: {student_id}" for row, student_id in sorted(receipt.student_ids.items())]
        lines.append(("New accounts", listed(given, _CELLS)))
    if receipt.undone_at is not None:
        by = f" by {receipt.undone_by}" if receipt.undone_by else ""
        lines.append(("Taken back", f"{receipt.undone_at:%Y-%m-%d %H:%M %Z}".strip() + by))
    print_table(console, [fixed(""), ""], lines)


# The parts of a plan


def _files_of(roster: Roster) -> list[str]:
    return sorted(roster.frame["source_file"].drop_nulls().unique())


def _print_counts(plan: Plan, console: Console) -> None:
    notes = {Action.REVIEW: asked_in_words(plan)}
    rows = [
        (Text(ACTIONS[action].title, STYLES[action]), f"{plan.counts[action]:,}", notes.get(action, ""))
        for action in Action
    ]
    console.print()
    print_table(console, [fixed(""), number("entries"), ""], rows)


def _print_guards(plan: Plan, console: Console) -> None:
    found = {line["code"]: line["sentence"] for line in plan.guards.filter("held").iter_rows(named=True)}
    if plan.held_by:
        head(console, "HELD: nothing of this plan is applied", "red")
    for code in plan.held_by:
        wording = next(wording for guard, wording in GUARDS.items() if guard.value == code)
        say(console, f"{wording.title} ({code}): {found[code]} {wording.advice}", indent=2)
    passed = sorted(set(found) - set(plan.held_by))
    if passed:
        say(console, f"Overridden: {', '.join(passed)}.", indent=2)


def _print_deletions(plan: Plan, console: Console) -> None:
    """The number that an acknowledgement states, and those who may come to it."""
    certain = int(plan.deletable["certain"].sum())
    held = plan.deletable.height - certain
    if plan.mode is not Mode.MIGRATION or not plan.deletable.height:
        return
    verb = "is" if certain == 1 else "are"
    more = f", and {held:,} held in review may be" if held else ""
    head(console, f"{count_of(certain, 'student')} {verb} deleted{more}", STYLES[Action.DELETE])
    say(console, f"To apply them, a named person acknowledges the number {certain:,}.", indent=2)


def _print_review(blocks: Sequence[Block], console: Console, limit: int) -> None:
    """The open rows by their reason, the likeliest student beside each, and the classes that nobody listed."""
    for reason in Reason:
        rows = [row for block in blocks for row in block.rows if row.reason is reason]
        if rows:
            head(console, f"To review: {REASONS[reason].title} ({len(rows):,})", STYLES[Action.REVIEW])
            columns: list[Column | str] = [
                number("Row"),
                "In the upload",
                "Class",
                "Where",
                "May be",
                fixed("How likely"),
            ]
            print_table(console, columns, [_row_line(row) for row in rows[:limit]], total=len(rows))
    classes = [block for block in blocks if block.of_class]
    if classes:
        title = REASONS[Reason.CLASS_NOT_COVERED].title
        head(console, f"To review: {title} ({len(classes):,})", STYLES[Action.REVIEW])
        lines = [(_classes_of(block), f"{len(block.of_class):,}") for block in classes[:limit]]
        print_table(console, ["Class", number("Students")], lines, total=len(classes))


def _row_line(row: OpenRow) -> tuple[str, ...]:
    best = row.candidates[0] if row.candidates else None
    others = f" and {len(row.candidates) - 1} more" if len(row.candidates) > 1 else ""
    name = f"{best.student_id} {name_of(best.values)}".strip() + others if best else ""
    likely = likelihood(best.probability) if best else ""
    return str(row.row), name_of(row.values), class_of(row.values), row.place, name, likely


def _classes_of(block: Block) -> str:
    return listed(list(dict.fromkeys(class_of(student.values) for student in block.of_class)), 4)


def print_coverage(plan: Plan, console: Console, *, limit: int = 1_000) -> None:
    """Print what became of the students of every class, and of all.

    Args:
        plan: the plan, resolved or not.
        console: where to print.
        limit: how many classes are shown.

    """
    coverage = plan.coverage
    if coverage.is_empty():
        return
    head(console, "Coverage by class")
    labels = {"school": "School", "grade": "Grade", "class_name": "Class"}
    places = [name for name in labels if coverage[name].null_count() < coverage.height]
    counts = {
        "base": "Students",
        "found": "Found",
        "moved": "Moved",
        "in_review": "Review",
        "not_listed": "Gone",
        "new": "New",
    }
    rows = [[_count(value) for value in row] for row in coverage.select(*places, *counts).head(limit).iter_rows()]
    columns: list[Column | str] = [labels[name] for name in places]
    columns += [number(header) for header in counts.values()]
    if places:
        of_all = plan.coverage_by().select(*counts).row(0)
        rows.append(["All", *[""] * (len(places) - 1), *(_count(value) for value in of_all)])
    print_table(console, columns, rows, total=coverage.height + len(rows) - min(limit, coverage.height))


def _count(value: str | int | None) -> str:
    """A name as it is; a number, and a dot for none, so that the others catch the eye."""
    return value if isinstance(value, str) else f"{value:,}" if value else "·"
