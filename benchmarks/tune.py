"""The shipped model fitted anew to labelled sets and generated school years, and judged beside the one that is shipped.

Invariants: a set stands once among those learnt from, with the most columns of its variants that have a goal; a set is
also judged by a model that has learnt from no file of its own; nothing is drawn without a seed.
"""

from collections.abc import Sequence
from typing import Final

from attrs import evolve, field, frozen

from benchmarks.rosters.options import RosterOptions
from benchmarks.scoring import PairFigures, figures_of
from benchmarks.sets import LabelledSet, choose_sets, load_set
from benchmarks.tune_counts import Observed, observe_set, observe_years
from benchmarks.tune_pool import pool_model
from rosterdiff import link
from rosterdiff.matching.model import Model, shipped_model

LEAST: Final = 0.00005
"""Figures are said to four places: what is worse by less than half of the last is not worse."""


@frozen(eq=False)
class Trial:
    """One labelled set judged by three models.

    Attributes:
        shipped: by the model that is shipped.
        pooled: by the one that has learnt from all sets.
        without: by one that has learnt from all others.

    """

    labelled: LabelledSet
    shipped: PairFigures
    pooled: PairFigures
    without: PairFigures

    @property
    def is_worse(self) -> bool:
        """Whether the pooled model does worse than the shipped one, in either figure."""
        before, after = (_figures(figures) for figures in (self.shipped, self.pooled))
        return any(new < old - LEAST for old, new in zip(before, after, strict=True))


@frozen(eq=False)
class Tuned:
    """What was learnt, from what, and how well it does.

    Attributes:
        present: the shipped model.
        pooled: the one learnt from everything observed.
        years: what school years were drawn; `seeds` of them.

    """

    present: Model
    pooled: Model
    observed: Sequence[Observed] = field(repr=False)
    trials: Sequence[Trial]
    years: RosterOptions
    seeds: Sequence[int]


def tune(years: RosterOptions, seeds: Sequence[int]) -> Tuned:
    """Learn from the sets with a goal that are on this machine and from school years of these seeds, and judge.

    Args:
        years: what school years are drawn; their seed is replaced.
        seeds: one for each two school years.

    """
    goals = [one for one in choose_sets() if one.goal is not None]
    observed = [observe_set(one) for one in widest(goals)]
    observed += [observe_years(evolve(years, seed=seed)) for seed in seeds]
    present = shipped_model()
    pooled = pool_model(present, observed)
    trials = [_try(one, present, pooled, observed) for one in goals]
    return Tuned(present, pooled, observed, trials, years, seeds)


def widest(labelled: Sequence[LabelledSet]) -> list[LabelledSet]:
    """Each set once, in the variant of the most columns."""
    by_width = sorted(labelled, key=lambda one: len(one.columns))
    return sorted({one.name: one for one in by_width}.values(), key=lambda one: one.name)


def _try(labelled: LabelledSet, present: Model, pooled: Model, observed: Sequence[Observed]) -> Trial:
    without = pool_model(present, [one for one in observed if one.name != labelled.name])
    shipped, of_all, of_others = (judge(labelled, model) for model in (present, pooled, without))
    return Trial(labelled, shipped, of_all, of_others)


def judge(labelled: LabelledSet, model: Model) -> PairFigures:
    """The figures of a set's pairs by a model."""
    loaded = load_set(labelled)
    pairs = link(loaded.base, loaded.incoming, floor=0.0, evidence=labelled.declared, model=model)
    return figures_of(pairs, loaded.truth)


def _figures(figures: PairFigures) -> tuple[float, float]:
    return figures.best.f1, figures.strict.recall
