"""The settled entries of a plan for the page: by class, capped, and saying so; coverage and issues beside them.

Invariants: every class has its whole number, whoever of it is named; what is cut is counted; values are text for
reading.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import polars as pl

from rosterdiff.model import Action, Reason
from rosterdiff.plans import Plan
from rosterdiff.reports.cells import shown
from rosterdiff.reports.issue_kinds import kinds_of_issues, places_in_words
from rosterdiff.reports.people import changes_in_words, full_name
from rosterdiff.reports.questions import places_of
from rosterdiff.sentences import ACTIONS, REASONS, SEVERITIES

MOST_NAMED: Final = {Action.DELETE: 5_000, Action.ADD: 1_000, Action.UPDATE: 1_000}
"""Names in one list; deletions more than others, because somebody gives his word for them."""

MOST_CLASSES: Final = 1_000
MOST_ISSUES: Final = 100  # kinds
_PLACES: Final = 6  # sheets that are named for one kind of issue

Listed = dict[str, Any]
"""What JSON can hold."""

_BY_CLASS: Final = ["school", "grade", "class_name"]


def entry_list(plan: Plan, action: Action) -> Listed:
    """The entries of one action by class: their number, and those who are named.

    Args:
        plan: the plan.
        action: `delete`, `add` or `update`.

    Returns:
        `total`, `named` and `groups`: each `label`, `total` and `people`, who are `[account, name, detail]`.

    """
    people = _people(plan, action)
    named = people.head(MOST_NAMED[action])
    return {"title": ACTIONS[action].title, **_by_class(people, named, _details(plan, action, named))}


def held_list(plan: Plan) -> Listed:
    """The students who wait for the review and may become deletions, as `entry_list` gives them."""
    students = plan.base.frame.select("student_id", *_BY_CLASS, "birth_date", name=full_name())
    held = plan.deletable.filter(~pl.col("certain")).join(students, on="student_id", how="inner")
    people = held.sort(*_BY_CLASS, "name", "student_id", nulls_last=True)
    named = people.head(MOST_NAMED[Action.DELETE])
    return _by_class(people, named, _born(named))


def _by_class(people: pl.DataFrame, named: pl.DataFrame, details: Iterable[str]) -> Listed:
    """People by class: all are counted, some are named."""
    groups = people.group_by(_BY_CLASS, maintain_order=True).len()
    found: dict[tuple[Any, ...], list[list[str]]] = {}
    for line, detail in zip(named.iter_rows(named=True), details, strict=True):
        key = tuple(line[part] for part in _BY_CLASS)
        found.setdefault(key, []).append([shown(line["student_id"]), shown(line["name"]), detail])
    several = groups["school"].n_unique() > 1
    return {
        "total": people.height,
        "named": named.height,
        "classes": groups.height,
        "groups": [
            {"label": _label(key, with_school=several), "total": total, "people": found.get(tuple(key), [])}
            for *key, total in groups.head(MOST_CLASSES).iter_rows()
        ],
    }


def coverage_table(plan: Plan) -> Listed:
    """How many of each class were found: headers, and a line for each class."""
    places = {"school": "School", "grade": "Grade", "class_name": "Class"}
    counts = {
        "base": "Students",
        "found": "Found",
        "moved": "Moved",
        "in_review": "In review",
        "not_listed": "Not listed",
        "new": "New",
    }
    known = [name for name in places if plan.coverage[name].null_count() < plan.coverage.height]
    lines = plan.coverage.select(*(pl.col(name).cast(pl.String) for name in known), *counts).head(MOST_CLASSES)
    return {
        "places": [places[name] for name in known],
        "counts": list(counts.values()),
        "total": plan.coverage.height,
        "rows": [[shown(value) if isinstance(value, str) else value for value in line] for line in lines.iter_rows()],
    }


def issue_list(plan: Plan) -> Listed:
    """The issues of the uploads, the gravest first, those of one kind together."""
    kinds = kinds_of_issues(plan.issues)
    return {
        "total": int(kinds["count"].sum()),
        "kinds": kinds.height,
        "named": [
            {
                "severity": kind["severity"],
                "title": SEVERITIES[kind["severity"]].title,
                "code": kind["code"],
                "message": kind["message"],
                "times": kind["count"] if len(kind["each"]) > 1 else 1,  # one that is of many cells says so itself
                **_places(kind),
            }
            for kind in kinds.head(MOST_ISSUES).iter_rows(named=True)
        ],
    }


def _places(kind: Mapping[str, Any]) -> Listed:
    places = places_in_words(kind)
    return {"places": [shown(place) for place in places[:_PLACES]], "more": max(0, len(places) - _PLACES)}


def _label(key: Iterable[str | None], *, with_school: bool) -> str:
    school, grade, class_name = key
    parts = [class_name, grade and f"grade {grade}", school if with_school else None]
    return shown(" · ".join(part for part in parts if part)) or "no class"


def _people(plan: Plan, action: Action) -> pl.DataFrame:
    """The entries of one action with the account, name and class of each, sorted by class and name."""
    entries = plan.entries.filter(pl.col("action") == action.value).select(
        "student_id", "row", pl.col("reason").cast(pl.String)
    )
    of_rows = action is Action.ADD
    roster = plan.incoming.frame if of_rows else plan.base.frame
    known = roster.select(
        "row" if of_rows else "student_id",
        "school",
        pl.col("grade"),
        "class_name",
        "birth_date",
        name=full_name(),
    )
    joined = entries.join(known, on="row" if of_rows else "student_id", how="inner")
    return joined.sort(*_BY_CLASS, "name", "student_id", "row", nulls_last=True)


def _details(plan: Plan, action: Action, named: pl.DataFrame) -> list[str]:
    """What is said beside each name: where a new row stands, what changes, why a student goes."""
    if action is Action.ADD:
        places = places_of(plan, named["row"])
        return [shown(places[row]) for row in named["row"]]
    if action is Action.UPDATE:
        changes = changes_in_words(plan, named)
        return [shown(changes.get(key, "")) for key in named.select("row", "student_id").iter_rows()]
    why = ["" if reason == Reason.NOT_LISTED else REASONS[Reason(reason)].title for reason in named["reason"]]
    return [", ".join(part for part in parts if part) for parts in zip(_born(named), why, strict=True)]


def _born(named: pl.DataFrame) -> list[str]:
    return [f"born {date}" if date else "" for date in named["birth_date"].cast(pl.String)]
