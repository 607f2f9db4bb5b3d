"""Our own accuracy as Markdown: pairs beside their goals, plans, what is asked, and what went wrong."""

from collections.abc import Sequence
from typing import Final

from benchmarks.accuracy import Judged
from benchmarks.scoring import PairFigures
from benchmarks.sets import LabelledSet
from benchmarks.tables import share_of, table

KINDS_SHOWN: Final = 8
"""So many kinds of errors are shown for each set; the rest are counted together."""


def render_plans(judged: Sequence[Judged]) -> str:
    """Plans first, then what went wrong in them."""
    return "\n\n".join(
        [
            "### Plans",
            _ON_PLANS,
            table(_PLAN_HEADER, [_plan_line(one) for one in judged]),
            _ON_REVIEW,
            table(_REVIEW_HEADER, [_review_line(one) for one in judged]),
            "### What went wrong",
            _ON_WRONG,
            table(_KIND_HEADER, [line for one in judged for line in _kind_lines(one, one.wrong)]),
            _ON_MISSED,
            table(_KIND_HEADER, [line for one in judged for line in _kind_lines(one, one.missed)]),
        ]
    )


def render_pairs(judged: Sequence[tuple[LabelledSet, PairFigures]]) -> str:
    """Pairs beside the goals, and at two thresholds."""
    return "\n\n".join(
        [
            "### Pairs",
            _ON_PAIRS,
            table(_GOAL_HEADER, [_goal_line(*one) for one in judged]),
            table(_PAIR_HEADER, [_pair_line(*one) for one in judged]),
        ]
    )


_ON_PLANS: Final = (
    "The default policy. What a plan decides by itself is wrong when it matches two persons, adds a row whose student "
    "is in the base, or deletes a student who is in the incoming roster."
)
_PLAN_HEADER: Final = (
    "set · columns", "mode", "wrong matches", "wrong deletes", "wrong adds", "rows to review",
    "true links decided alone",
)  # fmt: skip
_ON_REVIEW: Final = (
    "Of the rows in review whose student is in the base: how often that student is among the candidates, and the first "
    "of them. Groups are the questions that a person faces, students without a row included. Guards hold a plan whole "
    "until a person overrides them."
)
_REVIEW_HEADER: Final = (
    "set", "rows with a true student", "among the candidates", "ranked first", "groups", "held by"
)  # fmt: skip
_ON_WRONG: Final = (
    "Wrong automatic matches, whose names are all the same: the reason given, what is known beside the names, and who "
    "the row really is."
)
_ON_MISSED: Final = (
    "True links of which the row was added or the student deleted: how the two differ, and whether they were compared."
)
_KIND_HEADER: Final = ("set", "kind", "count")
_ON_PAIRS: Final = (
    "The one-to-one assignment of `link`, ranked by probability and weight. R999 is the recall at a precision of at "
    "least .999."
)
_GOAL_HEADER: Final = ("set · columns", "best F1", "goal", "R999", "goal", "met")
_PAIR_HEADER: Final = (
    "set · columns", "true links", "best F1", "precision", "recall", "F1 at p ≥ .5", "precision", "recall"
)  # fmt: skip


def _plan_line(one: Judged) -> list[str]:
    plan = one.plan
    return [
        title_of(one.labelled),
        one.labelled.mode.value,
        share_of(plan.wrong_matches, plan.matched),
        share_of(plan.wrong_deletions, plan.deleted),
        share_of(plan.wrong_additions, plan.added),
        share_of(plan.reviewed, plan.rows),
        share_of(plan.decided, plan.links),
    ]


def _review_line(one: Judged) -> list[str]:
    plan = one.plan
    found, first = (share_of(count, plan.reviewed_known) for count in (plan.found, plan.first))
    return [one.labelled.key, f"{plan.reviewed_known:,}", found, first, f"{plan.groups:,}", _held(one)]


def _held(one: Judged) -> str:
    return ", ".join(f"`{code}`" for code in one.held_by) or "nothing"


def _kind_lines(one: Judged, kinds: Sequence[tuple[str, int]]) -> list[list[str]]:
    """The most frequent kinds, and the others together."""
    shown, others = kinds[:KINDS_SHOWN], kinds[KINDS_SHOWN:]
    rest = [("other kinds", sum(count for _, count in others))] if others else []
    return [[one.labelled.key, kind, f"{count:,}"] for kind, count in (*shown, *rest) or (("none", 0),)]


def _pair_line(one: LabelledSet, pairs: PairFigures) -> list[str]:
    ends = (pairs.best, pairs.even)
    figures = [figure for score in ends for figure in (score.f1, score.precision, score.recall)]
    return [title_of(one), f"{pairs.best.links:,}", *(f"{figure:.4f}" for figure in figures)]


def _goal_line(one: LabelledSet, pairs: PairFigures) -> list[str]:
    goal = one.goal
    found = (pairs.best.f1, pairs.strict.recall)
    if goal is None:
        return [title_of(one), f"{found[0]:.4f}", "", f"{found[1]:.4f}", "", ""]
    met = found[0] >= goal.f1 and found[1] >= goal.r999
    return [title_of(one), f"{found[0]:.4f}", f"{goal.f1}", f"{found[1]:.4f}", f"{goal.r999}", "yes" if met else "no"]


def title_of(one: LabelledSet) -> str:
    """The set and its columns, in words."""
    return f"{one.name} · {one.what}"
