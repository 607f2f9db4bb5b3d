"""Plans of any size for the page, built as frames: many review groups, and many entries that need nobody.

Invariants: the plans are sound (`plan_problems` looks at each); nobody is in them by chance, so that the same sizes
give the same plan.
"""

from typing import Final

import polars as pl
from attrs import frozen

from rosterdiff.config import Policy
from rosterdiff.frames import Roster
from rosterdiff.levels import LEVELS_OF, Comparison
from rosterdiff.plans import Plan
from rosterdiff.schema import (
    CANDIDATES,
    CHANGES,
    COVERAGE,
    DELETABLE,
    ENTRIES,
    GUARD_RESULTS,
    ISSUES,
    LEVEL_COLUMNS,
    STEPS,
    WEIGHT_COLUMNS,
    conform,
    empty,
)

_GIVEN: Final = ("Abena", "Bertil", "Calista", "Dov", "Eseld", "Faisal", "Gwenllian", "Hiro", "Ingrid", "Jowan")
_FAMILY: Final = ("Achterberg", "Boscawen", "Curnow", "Dragović", "Ekström", "Farquharson", "Gillespie", "Hakimi")
_SHOWN: Final = 3  # candidates of an open row
_OF_CLASS: Final = 25


@frozen
class Sizes:
    """How many entries of each kind a plan has; every review group is one row and the student it resembles."""

    groups: int
    updates: int = 0
    additions: int = 0
    deletions: int = 0

    @property
    def entries(self) -> int:
        """All of them; a group is two entries."""
        return 2 * self.groups + self.updates + self.additions + self.deletions


def wide_plan(sizes: Sizes) -> Plan:
    """A sound plan of these sizes."""
    students = sizes.groups + sizes.updates + sizes.deletions
    rows = sizes.groups + sizes.updates + sizes.additions
    base = Roster.from_frame(_people(students, 3).with_columns(student_id=pl.format("s{}", pl.int_range(students))))
    incoming = Roster.from_frame(_mistyped(_people(rows, 4), sizes.groups), source_file="lists.xlsx")
    gone = base.frame["student_id"][sizes.groups + sizes.updates :]
    return Plan(
        plan_id="7e" * 32,
        origin="7e" * 32,
        policy=Policy(),
        base=base,
        incoming=incoming,
        entries=_entries(sizes, base.frame["student_id"]),
        changes=_changes(sizes, base.frame["student_id"]),
        candidates=_candidates(sizes, base.frame["student_id"]),
        issues=empty(ISSUES),
        coverage=_coverage(base),
        guards=empty(GUARD_RESULTS),
        steps=empty(STEPS),
        deletable=conform(pl.DataFrame({"student_id": gone}).with_columns(certain=True), DELETABLE),
    )


def _people(count: int, grade: int) -> pl.DataFrame:
    """Children with names, birth dates and classes, in order."""
    number = pl.int_range(count, dtype=pl.Int64)
    return pl.select(
        given_name=_one_of(_GIVEN, number),
        family_name=pl.format("{} {}", _one_of(_FAMILY, number // len(_GIVEN)), number // 80),
        birth_date=pl.date(2015, 1 + number % 12, 1 + number % 28).cast(pl.String),
        grade=pl.lit(f"0{grade}"),
        class_name=pl.format("{}-{}", pl.lit(grade), number // _OF_CLASS),
    )


def _one_of(names: tuple[str, ...], number: pl.Expr) -> pl.Expr:
    return (number % len(names)).replace_strict(dict(enumerate(names)), return_dtype=pl.String)


def _mistyped(people: pl.DataFrame, count: int) -> pl.DataFrame:
    """The first of these people with a letter too many."""
    mistake = pl.when(pl.int_range(pl.len()) < count).then(pl.lit("e")).otherwise(pl.lit(""))
    return people.with_columns(given_name=pl.col("given_name") + mistake)


def _entries(sizes: Sizes, ids: pl.Series) -> pl.DataFrame:
    groups, updates, additions = sizes.groups, sizes.updates, sizes.additions
    group = pl.int_range(groups, dtype=pl.UInt32, eager=True)
    rows = pl.int_range(groups + updates + additions, dtype=pl.UInt32, eager=True)
    parts = (
        ("review", "name_differs", {"group": group, "row": rows[:groups]}),
        ("review", "name_differs", {"group": group, "student_id": ids[:groups]}),
        ("delete", "not_listed", {"student_id": ids[groups + updates :]}),
        ("add", "no_similar_student", {"row": rows[groups + updates :]}),
        (
            "update",
            "fields_changed",
            {"row": rows[groups : groups + updates], "student_id": ids[groups : groups + updates]},
        ),
    )
    named = [
        conform(pl.DataFrame(columns).with_columns(action=pl.lit(action), reason=pl.lit(reason)), ENTRIES)
        for action, reason, columns in parts
    ]
    return pl.concat(named).with_columns(entry=pl.int_range(pl.len(), dtype=pl.UInt32))


def _changes(sizes: Sizes, ids: pl.Series) -> pl.DataFrame:
    """Grade and class of every student who is updated."""
    row = pl.int_range(sizes.groups, sizes.groups + sizes.updates, dtype=pl.UInt32, eager=True)
    pairs = pl.DataFrame({"row": row, "student_id": ids[sizes.groups : sizes.groups + sizes.updates]})
    told = [
        pairs.with_columns(field=pl.lit(field), before=pl.lit(before), after=pl.lit(after), effect=pl.lit("write"))
        for field, before, after in (("class_name", "3", "4"), ("grade", "03", "04"))
    ]
    return conform(pl.concat(told).sort("row", "field"), CHANGES)


def _candidates(sizes: Sizes, ids: pl.Series) -> pl.DataFrame:
    """For each open row the student it resembles, and two who stand near him."""
    count = sizes.groups
    levels = {
        LEVEL_COLUMNS[c]: pl.lit(next(iter(LEVELS_OF[c])).value)
        for c in (Comparison.FAMILY_NAME, Comparison.BIRTH_DATE)
    }
    weights = {WEIGHT_COLUMNS[c]: pl.lit(6.5) for c in (Comparison.FAMILY_NAME, Comparison.BIRTH_DATE)}
    ranks = [
        pl.select(
            row=pl.int_range(count, dtype=pl.UInt32),
            student_id=ids.gather([(number + rank) % count for number in range(count)]),
            pool=pl.lit("base"),
            rank=pl.lit(rank + 1),
            probability=pl.lit(0.9 / 10**rank),
            weight=pl.lit(16.25 - 7 * rank),
            **levels,
            **weights,
            given_name_level=pl.lit("typo" if rank == 0 else "different"),
            given_name_weight=pl.lit(3.25 - 7 * rank),
        )
        for rank in range(min(_SHOWN, count))
    ]
    return conform(pl.concat(ranks).sort("row", "rank"), CANDIDATES) if ranks else empty(CANDIDATES)


def _coverage(base: Roster) -> pl.DataFrame:
    counted = base.frame.group_by("grade", "class_name", maintain_order=True).agg(base=pl.len())
    return conform(counted.with_columns(found=pl.col("base")), COVERAGE)
