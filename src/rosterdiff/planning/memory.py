"""Remembered decisions: what was said of two records holds until the content of one of them changes.

Invariants: a decision is found by content alone (`row_key`, `student_key`), never by a row's number; one that fits
several rows alike is not used, and is asked again; a decision about absence holds only for the same incoming roster.
"""

from collections import Counter
from collections.abc import Mapping

import polars as pl
from attrs import evolve, field, frozen

from rosterdiff.frames import Context, Roster, row_keys, student_keys
from rosterdiff.model import Decision, Verdict
from rosterdiff.schema import PAIRS, empty


@frozen(eq=False)
class Remembered:
    """Decisions that apply to two rosters.

    Attributes:
        same: pairs that a person has said are one (`schema.PAIRS`).
        rejected: pairs (`row`, `student_id`) that a person has said are not.
        ignored: rows to be ignored.
        absent: students whose absence was decided: id → `delete` or `leave`.
        decisions: the decisions that were used.

    """

    same: pl.DataFrame = field(factory=lambda: empty(PAIRS))
    rejected: frozenset[tuple[int, str]] = frozenset()
    ignored: frozenset[int] = frozenset()
    absent: Mapping[str, Verdict] = field(factory=dict)
    decisions: tuple[Decision, ...] = ()


def recall(base: Roster, incoming: Roster, context: Context) -> Remembered:
    """Find the remembered decisions that still hold for these rosters; the latest of several wins."""
    if not context.decisions:
        return Remembered()
    rows = _unique(row_keys(incoming))
    students = dict(zip(student_keys(base), base.frame.select("row", "student_id").rows(), strict=True))
    latest = _latest(context.decisions)
    about_rows = [(rows[d.row_key], d) for d in latest if d.row_key in rows]
    chosen = [(row, students[d.student_key][0]) for row, d in about_rows if d.student_key in students]
    rejected = {(row, students[key][1]) for row, d in about_rows for key in d.rejected if key in students}
    absent = {
        d.student_id: d.verdict
        for d in latest
        if d.student_id is not None and d.verdict in {Verdict.DELETE, Verdict.LEAVE} and d.scope == incoming.digest
    }
    same = pl.DataFrame(_one_to_one(chosen), schema=PAIRS, orient="row").sort("row")
    return Remembered(
        same=same,
        rejected=frozenset(rejected),
        ignored=frozenset(row for row, d in about_rows if d.verdict is Verdict.IGNORE),
        absent=absent,
        decisions=tuple(
            evolve(d, row=None, plan_id="", place="") for d in latest if d.row_key in rows or d.student_id in absent
        ),
    )


def _unique(keys: list[str]) -> dict[str, int]:
    """The keys that only one row has, with its number: equal rows cannot be told apart by a decision."""
    counts = Counter(keys)
    return {key: row for row, key in enumerate(keys) if counts[key] == 1}


def _latest(decisions: tuple[Decision, ...]) -> list[Decision]:
    """For each record the last decision that was taken of it."""
    return list({(d.row_key or d.student_id): d for d in decisions if d.verdict is not Verdict.OPEN}.values())


def _one_to_one(chosen: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pairs of which no student was remembered for two rows; those that were are asked again."""
    counts = Counter(student for _, student in chosen)
    return [pair for pair in chosen if counts[pair[1]] == 1]
