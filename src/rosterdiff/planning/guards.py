"""The guards: rules over the plan as data that stop what looks like an accident.

Invariants: evaluated before anything is written; a guard that holds, holds everything; each states its number, its
limit and a sentence; where a class or school is too small for shares to mean anything, none speaks.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
from attrs import frozen

from rosterdiff.config import Mode, Policy
from rosterdiff.frames import Context, Roster
from rosterdiff.grades import grade_orders
from rosterdiff.issues import Code
from rosterdiff.model import Action, GuardCode, Reason
from rosterdiff.planning.coverage import count_by_class, leaving_classes
from rosterdiff.plans import IS_OPEN
from rosterdiff.schema import GUARD_RESULTS, enum_of
from rosterdiff.sentences import GUARDS, count_of


@frozen(eq=False)
class Weighed:
    """What the guards look at; the entries as `order_entries` gives them, with `student`."""

    entries: pl.DataFrame
    changes: pl.DataFrame
    base: Roster
    incoming: Roster
    policy: Policy
    context: Context

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """The number of entries of each action that occurs."""
        return dict(self.entries["action"].cast(pl.String).value_counts().iter_rows())


Finding: TypeAlias = tuple[bool, float, float]
"""Whether the guard holds, its number, and its limit."""


def check_guards(weighed: Weighed) -> pl.DataFrame:
    """Evaluate every guard (`schema.GUARD_RESULTS`), in the order of `GuardCode`."""
    measured = {
        GuardCode.TOO_FEW_FOUND: _found(weighed),
        GuardCode.TOO_MANY_DELETIONS: _deletions(weighed),
        GuardCode.NOT_ADVANCED: _advanced(weighed),
        GuardCode.COLUMNS_SHIFTED: _shifted(weighed),
        GuardCode.TOO_MANY_ADDITIONS: _additions(weighed),
        GuardCode.TOO_MANY_UPDATES: _updates(weighed),
        GuardCode.TOO_MANY_REVIEWS: _reviews(weighed),
        GuardCode.TOO_MANY_SEATS: _seats(weighed),
        GuardCode.WINDOW_CLOSED: _window(weighed),
    }
    lines = [
        (code.value, held, float(value), float(limit), _sentence(code, value, limit))
        for code, (held, value, limit) in measured.items()
    ]
    return pl.DataFrame(lines, schema=GUARD_RESULTS, orient="row").cast({"code": enum_of(GuardCode)})


def _sentence(code: GuardCode, value: float, limit: float) -> str:
    """The guard in words, with its number and its limit."""
    wording = GUARDS[code]
    match code:
        case GuardCode.TOO_MANY_SEATS:
            numbers = f"{value:,.0f} students, {limit:,.0f} seats"
            numbers += f", {value - limit:,.0f} over" if value > limit else ""
        case GuardCode.COLUMNS_SHIFTED:
            numbers = f"{count_of(int(value), 'row')}, limit {limit:,.0f}"
        case GuardCode.WINDOW_CLOSED:
            numbers = f"{value:,.0f} days outside"
        case _:
            numbers = f"found {value:.0%}, limit {limit:.0%}"
    return f"{wording.sentence.removesuffix('.')} ({numbers}). {wording.advice}".strip()


def _count(weighed: Weighed, action: Action) -> int:
    return weighed.counts.get(action.value, 0)


def _open_rows(weighed: Weighed) -> int:
    return weighed.entries.filter(IS_OPEN & pl.col("row").is_not_null()).height


def _share(part: int, whole: int, minimum: int) -> float:
    """A share, or 0 where the whole is too small for one to mean anything."""
    return part / whole if whole >= max(minimum, 1) else 0.0


def _is_migration(weighed: Weighed) -> bool:
    return weighed.policy.mode is Mode.MIGRATION


def _found(weighed: Weighed) -> Finding:
    """The share of the base that has a row, or is in review as somebody's candidate."""
    limits, students = weighed.policy.guards, weighed.entries.filter(pl.col("student_id").is_not_null())
    in_doubt = IS_OPEN & (pl.col("reason") != Reason.CLASS_NOT_COVERED.value)
    found = students.filter(pl.col("row").is_not_null() | in_doubt).height
    share = _share(found, students.height, limits.minimum)
    speaks = _is_migration(weighed) and students.height >= max(limits.minimum, 1)
    return speaks and share < limits.found, share, limits.found


def _deletions(weighed: Weighed) -> Finding:
    """The larger excess of two shares: deletions among those not expected to leave, and within one class."""
    limits, classes = weighed.policy.guards, weighed.base.classes
    deleted = weighed.entries.filter(pl.col("action") == Action.DELETE.value)["student"]
    staying = classes.table.with_columns(
        count_by_class(classes, deleted).alias("gone"),
        count_by_class(classes).alias("students"),
    ).filter(~leaving_classes(classes, weighed.policy))
    share = _share(int(staying["gone"].sum()), int(staying["students"].sum()), limits.minimum)
    by_class = staying.group_by("school", "class_name").agg(pl.col("gone", "students").sum())
    several = by_class.filter(pl.col("gone") >= 5)
    in_class = max((several["gone"] / several["students"]).to_list(), default=0.0)
    if in_class > limits.class_deletions and share <= limits.deletions:
        return True, in_class, limits.class_deletions
    return share > limits.deletions, share, limits.deletions


def _advanced(weighed: Weighed) -> Finding:
    """The share of the matched students one grade up, in a migration that would write something."""
    limits = weighed.policy.guards
    matched = weighed.entries.filter(pl.col("student").is_not_null() & pl.col("row").is_not_null())
    before, after = (
        _grade_orders(side, matched[at]) for side, at in ((weighed.base, "student"), (weighed.incoming, "row"))
    )
    known = ~(np.isnan(before) | np.isnan(after))
    graded = int(known.sum())
    share = _share(int((after == before + 1).sum()), graded, limits.minimum)
    writes = any(_count(weighed, action) for action in (Action.ADD, Action.UPDATE, Action.DELETE))
    speaks = _is_migration(weighed) and writes and graded >= max(limits.minimum, 1)
    return speaks and share < limits.advanced, share, limits.advanced


def _grade_orders(roster: Roster, positions: pl.Series) -> npt.NDArray[np.float64]:
    """The place of the grade of each of these students or rows; NaN where it has none."""
    of_class = grade_orders(roster.classes.table["grade"])
    return of_class[roster.classes.of_row[positions]].cast(pl.Float64).to_numpy()


def _shifted(weighed: Weighed) -> Finding:
    """The rows of templates whose check column no longer fits, as reading found them; in any mode."""
    limit = weighed.policy.guards.shifted
    rows = weighed.incoming.issues.filter(pl.col("code") == Code.TEMPLATE_ROWS_SHIFTED.value)["count"].sum()
    return int(rows) > limit, int(rows), limit


def _additions(weighed: Weighed) -> Finding:
    limits = weighed.policy.guards
    share = _share(_count(weighed, Action.ADD), len(weighed.incoming), limits.minimum)
    return len(weighed.base) > 0 and share > limits.additions, share, limits.additions


def _updates(weighed: Weighed) -> Finding:
    limits = weighed.policy.guards
    share = _share(_count(weighed, Action.UPDATE), len(weighed.base), limits.minimum)
    return share > limits.updates, share, limits.updates


def _reviews(weighed: Weighed) -> Finding:
    """The share of the rows that a person must look at."""
    limits = weighed.policy.guards
    share = _share(_open_rows(weighed), len(weighed.incoming), limits.minimum)
    return share > limits.reviews, share, limits.reviews


def _seats(weighed: Weighed) -> Finding:
    """The active students after the plan, at most: open rows may all be new."""
    seats, open_rows = weighed.context.seats, _open_rows(weighed)
    active = len(weighed.base) + _count(weighed, Action.ADD) + open_rows - _count(weighed, Action.DELETE)
    return seats is not None and active > seats, active, active if seats is None else seats


def _window(weighed: Weighed) -> Finding:
    """Days outside the window; without a day or a window nothing is held."""
    day, window = weighed.context.as_of, weighed.context.window
    if day is None or window is None or not _is_migration(weighed):
        return False, 0.0, 0.0
    outside = max((window[0] - day).days, (day - window[1]).days, 0)
    return outside > 0, outside, 0.0
