"""Entries on the terminal: who they are, where they stand, what changes; one list, or a list for each class.

Invariants: an entry is one line; a list that is cut says how much is missing; changes are told as before → after.
"""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl
from rich.console import Console
from rich.table import Column

from rosterdiff.model import Action, Reason
from rosterdiff.plans import Plan
from rosterdiff.reports.people import Key, changes_in_words, class_of, name_of
from rosterdiff.reports.questions import place_in_words
from rosterdiff.reports.tables import STYLES, fixed, head, print_table, say
from rosterdiff.schema import GRADES
from rosterdiff.sentences import ACTIONS, REASONS, count_of

_WHO: Final = ("family_name", "given_name", "middle_name", "school", "grade", "class_name")


def print_by_action(plan: Plan, entries: pl.DataFrame, console: Console, limit: int) -> None:
    """Print entries in a list for each action, the doubtful first.

    Args:
        plan: the plan they are of.
        entries: some of `plan.entries`.
        console: where to print.
        limit: how many lines of each list are shown.

    """
    _say_if_none(entries, console)
    for action in Action:
        print_entries(plan, ACTIONS[action].title, entries.filter(pl.col("action") == action.value), console, limit)


def print_by_class(plan: Plan, entries: pl.DataFrame, console: Console, limit: int) -> None:
    """Print entries in a list for each class, the lowest grade first, in each the doubtful first.

    Args:
        plan: the plan they are of.
        entries: some of `plan.entries`.
        console: where to print.
        limit: how many lines of each list are shown.

    """
    _say_if_none(entries, console)
    people = _people_of(plan, entries)
    for of_class in _in_order(people).partition_by("school", "grade", "class_name", maintain_order=True):
        named = class_of(of_class.row(0, named=True)) or "No class"
        school = of_class["school"][0]
        head(console, f"{named}{f', {school}' if school else ''}: {count_of(of_class.height, 'entry', 'entries')}")
        _print_people(
            plan, of_class.drop("grade", "class_name").head(limit), console, reasons=True, total=of_class.height
        )


def _say_if_none(entries: pl.DataFrame, console: Console) -> None:
    if entries.is_empty():
        say(
            console,
            "No entry of the plan is like this. The classes that there are: rosterdiff show, “Coverage by class”.",
        )


def print_entries(plan: Plan, title: str, entries: pl.DataFrame, console: Console, limit: int) -> None:
    """Print entries of one action under a title."""
    if entries.is_empty():
        return
    action = Action(entries["action"][0])
    people = _people_of(plan, entries.head(limit)) if action is Action.REVIEW else _in_order(_people_of(plan, entries))
    mixed = entries["reason"].n_unique() > 1
    head(console, f"{title} ({entries.height:,})", STYLES[action])
    _print_people(plan, people.head(limit), console, reasons=mixed, total=entries.height)


def _in_order(people: pl.DataFrame) -> pl.DataFrame:
    """By class, in each the doubtful first, then by name; what is in review keeps the order of its groups."""
    place = ("school", pl.col("grade").cast(pl.Enum(GRADES)), "class_name", pl.col("action").to_physical())
    in_review = pl.when(pl.col("action") == Action.REVIEW.value).then("entry")
    names = ("family_name", "given_name", "middle_name")
    return people.sort(*place, in_review, *names, nulls_last=True, maintain_order=True)


def _print_people(plan: Plan, people: pl.DataFrame, console: Console, *, reasons: bool, total: int) -> None:
    """A line for each entry; columns in which nothing stands are left out."""
    changes = changes_in_words(plan, people)
    lines = [_line(person, changes, reasons=reasons) for person in people.iter_rows(named=True)]
    columns: list[Column | str] = [fixed("Account"), "Student", "What", "Class", "Where", "Changes"]
    kept = [at for at in range(len(columns)) if any(line[at] for line in lines)]
    cells = [[line[at] for at in kept] for line in lines]
    print_table(console, [columns[at] for at in kept], cells, total=total)


def _line(person: Mapping[str, Any], changes: Mapping[Key, str], *, reasons: bool) -> tuple[str, ...]:
    place = (person["source_file"], person["source_sheet"], person["source_row"], person["row"])
    where = "" if person["row"] is None or person["student_id"] else place_in_words(*place)
    what = REASONS[Reason(person["reason"])].title if reasons else ""
    change = changes.get((person["row"], person["student_id"]), "")
    return person["student_id"] or "", name_of(person), what, class_of(person), where, change


def _people_of(plan: Plan, entries: pl.DataFrame) -> pl.DataFrame:
    """The entries with names, class and place: as the base knows the student, else as the row says."""
    rows = plan.incoming.frame.select("row", *_WHO, "source_file", "source_sheet", "source_row")
    known = plan.base.frame.select("student_id", *_WHO)
    both = entries.join(known, on="student_id", how="left", maintain_order="left").join(
        rows, on="row", how="left", suffix="_row", maintain_order="left"
    )
    has_account = pl.col("student_id").is_not_null()
    return both.with_columns(
        pl.when(has_account).then(pl.col(name)).otherwise(pl.col(f"{name}_row")).alias(name) for name in _WHO
    )
