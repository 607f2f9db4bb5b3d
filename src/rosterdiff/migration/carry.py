"""What stays good when a plan is made again: decisions, the acknowledgement, overrides; each by its content.

Invariants: pure; what stays good is what was judged and has not changed since, and nothing else; every decision that
was given is accounted for, as kept, asked again or of no question any more.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import polars as pl
from attrs import field, frozen

from rosterdiff.errors import InvalidDecisions
from rosterdiff.frames import Roster, number_rows, row_keys, student_digests
from rosterdiff.migration.progress import Word
from rosterdiff.model import Action, Decision, Verdict
from rosterdiff.planning import find_unchanged, resolve
from rosterdiff.plans import IS_OPEN, Plan
from rosterdiff.schema import conform, enum_of


class Fate(StrEnum):
    """What became of a decision in the plan that was made again."""

    KEPT = "kept"
    ASKED_AGAIN = "asked_again"
    MOOT = "moot"  # nothing is asked any more


CARRIED: Final = pl.Schema(
    {
        "fate": enum_of(Fate),
        "verdict": enum_of(Verdict),
        "row": pl.UInt32(),  # of the new plan, where it has the row
        "student_id": pl.String(),
        "decided_by": pl.String(),
        "why": pl.String(),
    }
)
"""The decisions given before, one line each, those that are asked again first."""

_WHY: Final = {
    Fate.KEPT: "The records are as they were.",
    Fate.ASKED_AGAIN: "A record that was judged has changed since.",
    Fate.MOOT: "Nothing is asked about it any more.",
}


@frozen(eq=False)
class Carried:
    """What was carried over to a plan.

    Attributes:
        decisions: what became of each decision (`CARRIED`).
        acknowledgement, overrides: the words that stay good.
        lapsed: a sentence for each word that does not.

    """

    decisions: pl.DataFrame = field(factory=lambda: pl.DataFrame(schema=CARRIED))
    acknowledgement: Word | None = None
    overrides: tuple[Word, ...] = ()
    lapsed: tuple[str, ...] = ()

    def count(self, fate: Fate) -> int:
        """How many decisions had this fate."""
        return self.decisions.filter(pl.col("fate") == fate.value).height


def latest_answers(decisions: Sequence[Decision]) -> list[Decision]:
    """Of the answers to one row or about one student those of the latest plan; rows of one content keep one each."""
    last = {_asked(decision): decision.plan_id for decision in decisions}
    return [decision for decision in decisions if decision.plan_id == last[_asked(decision)]]


def _asked(decision: Decision) -> tuple[str, str | None]:
    return (decision.row_key, None) if decision.row_key else ("", decision.student_id)


def keep_unchanged(
    decisions: Sequence[Decision], base: Roster, incoming: Roster
) -> tuple[tuple[Decision, ...], tuple[Decision, ...]]:
    """Part decisions into those whose records are as they were, and the others."""
    told = list(zip(decisions, find_unchanged(decisions, base, incoming), strict=True))
    return tuple(d for d, is_same in told if is_same), tuple(d for d, is_same in told if not is_same)


def tell_fates(plan: Plan, kept: Sequence[Decision], changed: Sequence[Decision]) -> pl.DataFrame:
    """Say of every decision given before what became of it (`CARRIED`)."""
    if not kept and not changed:
        return pl.DataFrame(schema=CARRIED)
    used = {(d.row_key, d.student_key, d.verdict) for d in plan.decisions}
    numbers = _numbers_of_rows(plan)
    open_entries = plan.entries.filter(IS_OPEN)
    open_rows, held = set(open_entries["row"].drop_nulls()), set(open_entries["student_id"].drop_nulls())
    lines = []
    for decision in (*changed, *kept):
        row = numbers.get(_identity_of(decision.row_key)) if decision.row_key else None
        is_asked = row in open_rows if decision.row_key else decision.student_id in held
        is_used = (decision.row_key, decision.student_key, decision.verdict) in used
        fate = Fate.ASKED_AGAIN if is_asked else Fate.KEPT if is_used else Fate.MOOT
        by = str(decision.actor) if decision.actor else None
        lines.append((fate.value, decision.verdict.value, row, decision.student_id, by, _WHY[fate]))
    told = pl.DataFrame(lines, schema=list(CARRIED), orient="row")
    order = pl.col("fate").replace_strict({Fate.ASKED_AGAIN: 0, Fate.KEPT: 1, Fate.MOOT: 2}, return_dtype=pl.Int8)
    return conform(told.sort(order, "row", "student_id", nulls_last=True, maintain_order=True), CARRIED)


def _numbers_of_rows(plan: Plan) -> dict[str, int]:
    """Identity → number of the rows of a plan; of several rows of one identity an open one."""
    open_rows = plan.entries.filter(IS_OPEN)["row"].drop_nulls().sort()
    others = plan.incoming.frame.filter(~pl.col("row").is_in(open_rows.implode()))["row"]
    rows = pl.concat([others, open_rows])
    keys = row_keys(Roster(number_rows(plan.incoming.frame[rows])))
    return {_identity_of(key): row for key, row in zip(keys, rows, strict=True)}


def _identity_of(key: str) -> str:
    return key.partition(".")[0]


def carry_words(
    words: tuple[Word | None, Sequence[Word]], before: Plan, after: Plan, kept: Sequence[Decision]
) -> tuple[Word | None, tuple[Word, ...], tuple[str, ...]]:
    """Which words given on a plan are good for the next.

    Args:
        words: the acknowledgement and the overrides.
        before, after: the plans.
        kept: the decisions whose records did not change.

    Returns:
        The acknowledgement and the overrides that stay good, and a sentence for each word that does not.

    """
    word, overrides = words
    if before.incoming.digest != after.incoming.digest:
        named = [*([_acknowledged_by(word)] if word else []), *map(_overridden_by, overrides)]
        return None, (), tuple(f"{name} was given for other lists." for name in named)
    why = _against(before, after, kept) if word else ""
    good = _good_overrides(overrides, before, after)
    lapsed = [f"{_overridden_by(each)} was given for other numbers." for each in overrides if each not in good]
    return (None if why else word), good, tuple([f"{_acknowledged_by(word)} {why}"] * bool(why and word) + lapsed)


def _acknowledged_by(word: Word | None) -> str:
    return f"The acknowledgement by {word.actor}" if word else ""


def _overridden_by(word: Word) -> str:
    return f"The override of {word.about} by {word.actor}"


def _against(before: Plan, after: Plan, kept: Sequence[Decision]) -> str:
    """What speaks against an acknowledgement, of the same lists; nothing where it stays good.

    Every student whom the new plan is certain to delete was certain before or became so by the decisions kept, all whom
    it holds were covered, and the records of all of them are as they were.
    """
    deletable = after.deletable
    certain = set(deletable.filter("certain")["student_id"])
    if not set(deletable["student_id"]) <= set(before.deletable["student_id"]):
        return "does not cover all of whom the new plan would delete or holds."
    if not _same_records(before, after, deletable["student_id"]):
        return "was given before some of whom it is about changed."
    return "" if certain <= _deleted_by(before, kept) else "was given while some who are now deleted were held."


def _deleted_by(plan: Plan, kept: Sequence[Decision]) -> set[str]:
    """Whom a plan deletes once these decisions are taken."""
    ours = [decision for decision in kept if decision.plan_id == plan.origin]
    try:
        settled = resolve(plan, ours, partial=True)
    except InvalidDecisions:  # a part of what was decided together may not stand alone
        settled = plan
    return set(settled.entries.filter(pl.col("action") == Action.DELETE.value)["student_id"])


def _same_records(before: Plan, after: Plan, student_ids: pl.Series) -> bool:
    chosen = pl.col("student_id").is_in(student_ids.implode())
    then, now = (student_digests(plan.base.frame.filter(chosen)).sort("student_id") for plan in (before, after))
    return then.equals(now)


def _good_overrides(words: Sequence[Word], before: Plan, after: Plan) -> tuple[Word, ...]:
    """The overrides that are good for the new plan too: the same deletions and numbers, and the guard holds."""
    if not words or not before.deletable.equals(after.deletable):
        return ()
    then, now = (
        {code: (value, limit) for code, held, value, limit, _ in plan.guards.iter_rows() if held}
        for plan in (before, after)
    )
    return tuple(word for word in words if word.about in now and then.get(word.about) == now[word.about])
