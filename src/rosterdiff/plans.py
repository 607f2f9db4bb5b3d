"""The plan as data, and the change set that a store writes.

Invariants: a plan has every base student and every incoming row in exactly one entry, each action with a reason of
its own, and changes no name; a plan that breaks this cannot be built. `repr` shows counts, never a value.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Final

import polars as pl
from attrs import field, frozen

from rosterdiff.config import NAME_FIELDS, Mode, Policy
from rosterdiff.frames import Roster
from rosterdiff.model import (
    REASONS_OF,
    Acknowledgement,
    Action,
    Change,
    Decision,
    Effect,
    Entry,
    Override,
    Reason,
)
from rosterdiff.previews import preview_plan
from rosterdiff.redaction import (
    columns_of,
    pseudonyms_for,
    redact_changes,
    redact_decision,
    redact_guards,
    redact_id,
    redact_issues,
    redact_override,
    redact_policy,
    redact_roster,
    values_of_changes,
)
from rosterdiff.schema import (
    CANDIDATES,
    CANONICAL,
    CHANGES,
    COVERAGE,
    DELETABLE,
    ENTRIES,
    GUARD_RESULTS,
    ISSUES,
    KNOWN,
    STEPS,
    conform,
    empty,
)

IS_OPEN: Final = pl.col("action") == Action.REVIEW.value
"""Of entries: whether they await a person."""


@frozen(eq=False, repr=False, slots=False)
class Plan:
    """What would be done with every student and every row, and why; see `schema` for its frames' columns.

    Attributes:
        plan_id: a digest of everything that decides the plan.
        origin: the id of the unresolved plan that this one came from; its own id when it is that one.
        base, incoming: the rosters, so that the plan explains and applies itself.
        entries, changes, candidates, issues, coverage, guards, steps: frames.
        deletable: whom an acknowledgement covers; unchanged through review.
        decisions: every decision that shaped the plan, with the contents judged.
        overrides: guards that named persons passed.

    """

    plan_id: str
    origin: str
    policy: Policy
    base: Roster
    incoming: Roster
    entries: pl.DataFrame
    changes: pl.DataFrame
    candidates: pl.DataFrame
    issues: pl.DataFrame
    coverage: pl.DataFrame
    guards: pl.DataFrame
    steps: pl.DataFrame
    deletable: pl.DataFrame
    decisions: tuple[Decision, ...] = ()
    overrides: tuple[Override, ...] = ()
    as_of: date | None = None
    school_year: str | None = None

    def __attrs_post_init__(self) -> None:
        problems = plan_problems(self)
        assert not problems, "; ".join(problems)

    @property
    def mode(self) -> Mode:
        """The workflow the plan was made for."""
        return self.policy.mode

    @cached_property
    def counts(self) -> dict[str, int]:
        """The number of entries of each action, every action named."""
        found = dict(self.entries["action"].cast(pl.String).value_counts().iter_rows())
        return {action.value: found.get(action.value, 0) for action in reversed(Action)}

    @property
    def held_by(self) -> tuple[str, ...]:
        """The codes of the guards that hold the plan and that nobody has overridden."""
        passed = {o.code.value for o in self.overrides if o.plan_id in {self.plan_id, self.origin}}
        codes = self.guards.filter("held")["code"].cast(pl.String).to_list()
        return tuple(code for code in codes if code not in passed)

    def coverage_by(self, *places: str) -> pl.DataFrame:
        """The coverage summed up: by `school`, by `grade` or by both; without any, of the whole (`schema.COVERAGE`).

        >>> from rosterdiff.testing import a_roster, a_student
        >>> from rosterdiff.pipeline import make_plan
        >>> base = a_roster(a_student("s1", class_name="3A"), a_student("s2", class_name="3B", given_name="Maro"))
        >>> make_plan(base, base).coverage_by("grade").select("grade", "base", "found").rows()
        [('03', 2, 2)]

        """
        counts = [name for name, dtype in COVERAGE.items() if dtype.is_integer()]
        summed = self.coverage.select(*places, *counts)
        summed = summed.group_by(places).agg(pl.sum(*counts)) if places else summed.sum()
        return conform(summed, COVERAGE).sort(*(places or counts[:1]), nulls_last=True)

    def iter_entries(self) -> Iterator[Entry]:
        """Iterate the entries as objects, with their changes (not those of candidates in review)."""
        by_student: dict[str, list[Change]] = {}
        settled = self.entries.filter(pl.col("action").is_in([Action.KEEP.value, Action.UPDATE.value]))
        changes = self.changes.join(settled, on=["row", "student_id"], how="semi")
        for change in changes.iter_rows():
            _, student_id, name, before, after, effect = change
            by_student.setdefault(student_id, []).append(Change(name, before, after, Effect(effect)))
        for line in self.entries.iter_rows(named=True):
            yield Entry(
                **{
                    **line,
                    "action": Action(line["action"]),
                    "reason": Reason(line["reason"]),
                    "changes": tuple(by_student.get(line["student_id"], ())),
                }
            )

    def redacted(self) -> "Plan":
        """Give the plan without the values of children, to be shared with who helps to solve a problem.

        Structure, levels, weights, grades and cells stay; names, dates, ids, classes, schools, files, sheets, headers,
        persons and comments are pseudonyms, the same for equal values. Columns that the policy does not name are gone.
        It has another id, and a store that has students refuses it as stale.
        """
        kept = tuple(sorted({*self.policy.update_fields, *self.policy.evidence} - set(CANONICAL)))
        ids = [*(self.candidates["student_id"], self.deletable["student_id"]), pl.Series(sorted(self.policy.protected))]
        hidden = pseudonyms_for(
            [
                *columns_of(self.base, kept),
                *columns_of(self.incoming, kept),
                *(("student_id", series) for series in ids),
                *((name, self.issues[name]) for name in ("source_file", "source_sheet")),
                *values_of_changes(self.changes),
            ]
        )
        of_id = dict(zip(self.base.frame["student_id"], hidden.ids(self.base.frame["student_id"]), strict=True))
        plan_id = redact_id(self.plan_id)
        return Plan(
            plan_id=plan_id,
            origin=redact_id(self.origin),
            policy=redact_policy(self.policy, hidden),
            base=redact_roster(self.base, hidden, kept),
            incoming=redact_roster(self.incoming, hidden, kept),
            entries=hidden.in_frame(self.entries, "student_id"),
            changes=redact_changes(self.changes, hidden),
            candidates=hidden.in_frame(self.candidates, "student_id"),
            issues=redact_issues(self.issues, hidden),
            coverage=hidden.in_frame(self.coverage, "school", "class_name"),
            guards=redact_guards(self.guards),
            steps=hidden.in_frame(self.steps, "source_file"),
            deletable=hidden.in_frame(self.deletable, "student_id").sort("student_id"),
            decisions=tuple(redact_decision(decision, of_id, plan_id) for decision in self.decisions),
            overrides=tuple(map(redact_override, self.overrides)),
            as_of=self.as_of,
        )

    def _repr_html_(self) -> str:
        sizes = f"{len(self.base):,} students, {len(self.incoming):,} rows, {self.issues.height:,} issues."
        return preview_plan(f"Plan {self.plan_id[:12]} ({self.mode})", sizes, self.entries, self.held_by)

    def __repr__(self) -> str:
        counts = ", ".join(f"{count} {action}" for action, count in self.counts.items())
        return f"<Plan {self.plan_id[:12]} ({self.mode}): {counts}>"


def plan_problems(plan: Plan) -> list[str]:
    """Everything in which a plan breaks what a plan promises; empty for a sound one."""
    entries = plan.entries
    frames: Mapping[str, tuple[pl.DataFrame, pl.Schema]] = {
        "entries": (entries, ENTRIES),
        "changes": (plan.changes, CHANGES),
        "candidates": (plan.candidates, CANDIDATES),
        "issues": (plan.issues, ISSUES),
        "coverage": (plan.coverage, COVERAGE),
        "guards": (plan.guards, GUARD_RESULTS),
        "steps": (plan.steps, STEPS),
        "deletable": (plan.deletable, DELETABLE),
    }
    problems = [
        f"the frame {name} has other columns" for name, (frame, schema) in frames.items() if frame.schema != schema
    ]
    if problems:
        return problems
    broken = entries.select(rule.any().alias(problem) for problem, rule in _BROKEN_BY.items()).row(0, named=True)
    reasons = set(entries.select(pl.col("action", "reason").cast(pl.String)).unique().rows())
    found = {
        "students are not each in exactly one entry": not _same(entries["student_id"], plan.base.frame["student_id"]),
        "rows are not each in exactly one entry": not _same(entries["row"], plan.incoming.frame["row"]),
        "entries are not numbered from 0": not entries["entry"].equals(
            pl.int_range(entries.height, dtype=pl.UInt32, eager=True)
        ),
        "an action has a reason that is not its own": not reasons <= _ALLOWED,
        **broken,
        "a name would be changed": bool(set(plan.changes["field"].unique()) & set(NAME_FIELDS)),
        "a bulk plan deletes": plan.mode is Mode.BULK and (Action.DELETE.value in {action for action, _ in reasons}),
    }
    return [problem for problem, holds in found.items() if holds]


_ALLOWED: Final = frozenset((str(action), str(reason)) for action, reasons in REASONS_OF.items() for reason in reasons)

_HAS_BOTH: Final = pl.col("student_id").is_not_null() & pl.col("row").is_not_null()

_BROKEN_BY: Final[Mapping[str, pl.Expr]] = {
    "a review entry has both a student and a row, or no group": IS_OPEN & (_HAS_BOTH | pl.col("group").is_null()),
    "a settled entry has a group": ~IS_OPEN & pl.col("group").is_not_null(),
    "an update has no student or no row": (pl.col("action") == Action.UPDATE.value) & ~_HAS_BOTH,
    "an add has a student, or a delete a row": (
        ((pl.col("action") == Action.ADD.value) & pl.col("student_id").is_not_null())
        | ((pl.col("action") == Action.DELETE.value) & pl.col("row").is_not_null())
    ),
}
"""What no entry may be."""


def _same(named: pl.Series, known: pl.Series) -> bool:
    """Whether all that is known is named once; entries that name nobody do not count."""
    return named.drop_nulls().sort().equals(known.sort())


_SAMPLE: Final = 50


def known_again(base: pl.DataFrame) -> pl.DataFrame:
    """Some students of a base, evenly out of all, with their names (`schema.KNOWN`).

    A plan that only adds touches nobody; where two schools number their students alike, it is by these that a store
    tells that the plan is not for its base.
    """
    return base.select(*KNOWN).gather_every(1 + base.height // _SAMPLE)


@frozen(eq=False, repr=False)
class ChangeSet:
    """What a store is to write in one transaction, and what must hold when it does.

    Attributes:
        additions: rows to add, in a roster's columns; `student_id` is null and the store gives it.
        updates: field values to write (`schema.UPDATES`).
        deletions: ids of the students to remove, recoverably.
        expected: the record of every student touched, as the plan knows it (`schema.EXPECTED`).
        known_ids: the students of the scope when the plan was made, if the plan adds any; else None.
        known: some of them with their names (`schema.KNOWN`), by which the base is known again.

    """

    plan_id: str
    origin: str
    additions: pl.DataFrame
    updates: pl.DataFrame
    deletions: tuple[str, ...]
    expected: pl.DataFrame
    known_ids: frozenset[str] | None
    acknowledgement: Acknowledgement | None = None
    known: pl.DataFrame = field(factory=lambda: empty(KNOWN))

    def __repr__(self) -> str:
        return (
            f"<ChangeSet {self.plan_id[:12]}: {self.additions.height} additions, "
            f"{self.updates['student_id'].n_unique()} updates, {len(self.deletions)} deletions>"
        )
