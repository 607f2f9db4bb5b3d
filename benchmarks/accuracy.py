"""How often plans and pairs are right on the labelled sets, by the shipped configuration.

Invariants: nothing is tuned or fitted here; every set is judged by the same configuration, and gets its columns
declared as evidence; the truth is read for scoring.
"""

from collections.abc import Sequence

import polars as pl
from attrs import frozen

from benchmarks.scoring import PairFigures, PlanScore, figures_of, score_plan
from benchmarks.sets import LabelledSet, load_set, with_evidence
from rosterdiff import Plan, Policy, link, make_plan


@frozen(eq=False)
class Judged:
    """What was found on one set.

    Attributes:
        pairs: the figures of `link`'s pairs.
        plan: the plan's figures; `held_by` the guards that hold it.
        wrong: kinds of wrong automatic matches, with counts; `missed` kinds of true links that were decided wrongly,
            because the row was added or the student deleted.

    """

    labelled: LabelledSet
    pairs: PairFigures
    plan: PlanScore
    held_by: tuple[str, ...]
    wrong: tuple[tuple[str, int], ...]
    missed: tuple[tuple[str, int], ...]


def link_set(labelled: LabelledSet) -> pl.DataFrame:
    """Every pair of a set that our matcher compares."""
    loaded = load_set(labelled)
    return link(loaded.base, loaded.incoming, floor=0.0, **with_evidence(link, labelled.declared))


def plan_set(labelled: LabelledSet) -> Plan:
    """The plan of a set under the default policy."""
    loaded = load_set(labelled)
    policy = Policy(mode=labelled.mode, **with_evidence(Policy, labelled.declared))
    return make_plan(loaded.base, loaded.incoming, policy=policy)


def judge_pairs(chosen: Sequence[LabelledSet]) -> list[tuple[LabelledSet, PairFigures]]:
    """Judge the pairs of sets alone: the quick round while tuning."""
    return [(one, figures_of(link_set(one), load_set(one).truth)) for one in chosen]


def judge_set(labelled: LabelledSet, pairs: pl.DataFrame) -> Judged:
    """Plan a set, and judge the plan beside the pairs of `link`."""
    from benchmarks.kinds import kinds_of_missed, kinds_of_wrong  # reads the matcher's own stages

    truth, plan = load_set(labelled).truth, plan_set(labelled)
    return Judged(
        labelled=labelled,
        pairs=figures_of(pairs, truth),
        plan=score_plan(plan, truth),
        held_by=plan.held_by,
        wrong=kinds_of_wrong(plan, truth),
        missed=kinds_of_missed(plan, pairs, truth),
    )
