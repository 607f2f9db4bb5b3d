"""The workflow on the terminal: where it stands, what was kept, who did what, what comes next.

Invariants: what is awaited is named with the command that does it; nothing is said by colour alone.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl
from rich.console import Console
from rich.table import Column

from rosterdiff.frames import Roster
from rosterdiff.migration.carry import Carried, Fate
from rosterdiff.migration.outlook import Awaited, awaited
from rosterdiff.migration.progress import Progress, Standing
from rosterdiff.migration.states import State
from rosterdiff.migration.wording import STATES
from rosterdiff.migration.workflow import Migration
from rosterdiff.model import Action
from rosterdiff.reports.tables import fixed, head, number, print_table, say
from rosterdiff.roles import Step
from rosterdiff.sentences import count_of

_COMMANDS: Final[Mapping[Step, str]] = {
    Step.OPEN: "open",
    Step.UPLOAD: "upload FILE…",
    Step.COMPLETE: "complete",
    Step.PLAN: "plan",
    Step.ACKNOWLEDGE: "acknowledge",
    Step.DECIDE: "review X.xlsx, decide X.xlsx",
    Step.OVERRIDE: "override",
    Step.APPLY: "apply",
    Step.REOPEN: "reopen",
}

_FATES: Final[Mapping[Fate, str]] = {
    Fate.ASKED_AGAIN: "asked again",
    Fate.KEPT: "kept",
    Fate.MOOT: "of no question any more",
}


def print_status(migration: Migration, console: Console) -> None:
    """Print where a workflow stands, its uploads, what was said, and what is awaited."""
    progress = migration.progress
    if migration.state is State.NONE:
        say(console, "No migration has been opened for this school.")
        return
    head(console, f"{_title(progress)} {STATES[progress.state]}")
    if progress.window:
        say(console, f"Open from {progress.window[0]} to {progress.window[1]}.", indent=2)
    _print_uploads(progress, console)
    if progress.plan:
        _print_words(migration, console)
    print_step(migration, (), console)


def _title(progress: Progress) -> str:
    year = f" ({progress.school_year})" if progress.school_year else ""
    return f"{progress.name.capitalize()}{year}"


def _print_uploads(progress: Progress, console: Console) -> None:
    if not progress.uploads:
        return
    standing = progress.standing_uploads
    students = sum(upload.rows for upload in standing)
    head(console, f"{count_of(len(standing), 'upload')}, {count_of(students, 'student')}")
    columns: list[Column | str] = [
        "File",
        number("Students"),
        number("Errors"),
        "Handed in by",
        "At",
        "",
        fixed("SHA-256"),
    ]
    lines = [
        (
            upload.name,
            f"{upload.rows:,}",
            f"{upload.errors:,}" if upload.errors else "·",
            str(upload.actor),
            f"{upload.at:%Y-%m-%d %H:%M}",
            "" if upload.standing is Standing.STANDS else upload.standing.value,
            upload.document[:12],
        )
        for upload in progress.uploads
    ]
    print_table(console, columns, lines)


def _print_words(migration: Migration, console: Console) -> None:
    """The plan, and who said what about it."""
    progress, plan = migration.progress, migration.progress.plan
    assert plan is not None, "there is a plan"
    head(console, f"Plan {plan.plan_id[:12]}, made by {plan.actor}, {plan.at:%Y-%m-%d %H:%M}")
    say(console, ", ".join(f"{plan.counts[action]:,} {action}" for action in reversed(Action)), indent=2)
    words = [("Acknowledged", progress.acknowledgement)] if progress.acknowledgement else []
    words += [(f"Overrode {word.about}", word) for word in progress.overrides]
    lines = [
        (title, word.about if word.about.isdigit() else word.reason, str(word.actor), f"{word.at:%Y-%m-%d %H:%M}",
         "kept from the plan before" if word.carried else "")
        for title, word in words if word
    ]  # fmt: skip
    lines += [
        ("Decided", count_of(note.count, "entry", "entries"), str(note.actor), f"{note.at:%Y-%m-%d %H:%M}",
         "" if note.plan_id == plan.plan_id else "on an earlier plan")
        for note in progress.decided
    ]  # fmt: skip
    width = max((at for line in lines for at, cell in enumerate(line) if cell), default=0) + 1
    columns: list[Column | str] = [fixed(""), "", fixed(""), fixed(""), ""]
    print_table(console, columns[:width], [line[:width] for line in lines])


def print_step(migration: Migration, lines: Iterable[str], console: Console) -> None:
    """Print what was done, and what is awaited next, of whom."""
    for line in lines:
        say(console, line)
    wanted = awaited(migration)
    if not wanted:
        return
    head(console, "Next: rosterdiff migration …")
    print_table(console, [fixed(""), "", ""], [_awaited_line(each) for each in wanted])


def _awaited_line(each: Awaited) -> tuple[str, str, str]:
    roles = " or ".join(each.roles)
    return f"{_COMMANDS[each.step]} {each.about}".strip(), each.sentence, f"({roles})"


def print_carried(carried: Carried, console: Console) -> None:
    """Print what became of the decisions given before; those that are asked again one by one."""
    told = carried.decisions
    counts = ", ".join(f"{carried.count(fate):,} {_FATES[fate]}" for fate in Fate if carried.count(fate))
    if counts or carried.acknowledgement or carried.overrides or carried.lapsed:
        head(console, f"{count_of(told.height, 'decision')} from before: {counts or 'none'}")
    again = told.filter(pl.col("fate") == Fate.ASKED_AGAIN.value)
    columns: list[Column | str] = [number("Row"), "Was", "Student", "Decided by", "Why again"]
    lines = [
        ("" if row is None else str(row), verdict, student_id or "", by or "", why)
        for _, verdict, row, student_id, by, why in again.iter_rows()
    ]
    if lines:
        print_table(console, columns, lines)
    for word in (carried.acknowledgement, *carried.overrides):
        if word is not None:
            what = f"acknowledgement of {word.about}" if word.about.isdigit() else f"override of {word.about}"
            say(console, f"The {what} by {word.actor} stays good.", indent=2)
    for sentence in carried.lapsed:
        say(console, f"{sentence} It is to be given again.", indent=2)


def print_trail(events: pl.DataFrame, console: Console) -> None:
    """Print an audit trail."""
    lines = [
        (str(line["position"]), f"{line['at']:%Y-%m-%d %H:%M}", f"{line['role']}:{line['actor']}", line["told"],
         line["stream"])
        for line in events.iter_rows(named=True)
    ]  # fmt: skip
    print_table(console, [number("No."), fixed("When (UTC)"), "Who", "What", "Where"], lines)


def print_memory(memory: pl.DataFrame, base: Roster, console: Console) -> None:
    """Print what is remembered, with the names of the students that it is about."""
    if memory.is_empty():
        say(console, "Nothing is remembered.")
        return
    names = base.frame.select("student_id", "given_name", "family_name")
    named = memory.join(names, on="student_id", how="left", maintain_order="left")
    lines = [
        (
            line["memory"],
            line["says"],
            " ".join(part for part in (line["student_id"], line["given_name"], line["family_name"]) if part),
            "" if line["row"] is None else str(line["row"]),
            line["said_by"],
            f"{line['said_at']:%Y-%m-%d}",
            line["in"],
        )
        for line in named.iter_rows(named=True)
    ]
    columns: list[Column | str] = [fixed("Memory"), "Says", "Student", number("Row"), "Said by", "On", "In"]
    print_table(console, columns, lines)
