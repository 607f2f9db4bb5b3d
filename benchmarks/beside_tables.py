"""The section of the page about accuracy: ours beside its peers, set by set, then our plans.

Invariants: a system that was not run has an empty cell; the goals stand first.
"""

from collections.abc import Callable, Sequence
from typing import Final

from benchmarks.accuracy_tables import render_pairs, render_plans, title_of
from benchmarks.beside import Compared, Standing
from benchmarks.systems import packages_of
from benchmarks.tables import provenance, table

NAMES: Final = {"ours": "rosterdiff", "splink": "Splink", "recordlinkage": "recordlinkage"}


def render_accuracy(compared: Sequence[Compared], systems: Sequence[str]) -> str:
    """The section of the page."""
    judged = [one.judged for one in compared if one.judged is not None]
    return "\n\n".join(
        [
            "## Accuracy",
            provenance("accuracy", "rosterdiff", "polars", *packages_of(systems)),
            _INTRODUCTION,
            *([_ON_PEERS] if len(systems) > 1 else []),
            *_beside(compared, systems),
            render_pairs([(one.labelled, one.pairs) for one in judged]),
            *([render_plans(judged)] if judged else []),
        ]
    )


def _beside(compared: Sequence[Compared], systems: Sequence[str]) -> list[str]:
    names = [NAMES[system] for system in systems]
    return [
        "### Beside peers",
        "Best F1 of one-to-one pairs:",
        table((*_AIMED, *names), [[*_aim(one, "f1"), *_cells(one, systems, _f1)] for one in compared]),
        "R999, the recall at a precision of at least .999:",
        table((*_AIMED, *names), [[*_aim(one, "r999"), *_cells(one, systems, _r999)] for one in compared]),
        _ON_BRIER,
        table((_AIMED[0], "pairs", *names), [[*_weighed(one), *_cells(one, systems, _brier)] for one in compared]),
        _ON_LOAD,
        table((_AIMED[0], *names), [[title_of(one.labelled), *_cells(one, systems, _load)] for one in compared]),
        _ON_COST,
        table((_AIMED[0], *names), [[title_of(one.labelled), *_cells(one, systems, _cost)] for one in compared]),
    ]


_AIMED: Final = ("set · columns", "goal")
_INTRODUCTION: Final = (
    "The shipped model, nothing tuned to these sets by their labels, which are read for scoring. Most are not school "
    "rosters: adults, decades, heavy noise. All systems get the same columns."
)
_ON_PEERS: Final = (
    "Each system has a process of its own. Splink is run with its library comparisons and with finer levels, trained "
    "by EM without labels; recordlinkage with few blocks and with many, likenesses and its ECM classifier. Of a peer "
    "the best of its configurations and of four ways to one-to-one is shown (its own, greedy, without ties, optimal), "
    "for each figure by itself, as only somebody with the labels could choose them; ours is one configuration."
)
_ON_BRIER: Final = (
    "Brier score, the mean squared error of the probabilities, in thousandths: over the pairs that any of the systems "
    "gives at least .01, and all true links; a pair that a system did not look at counts as 0. A peer's probabilities "
    "know no rivals: theirs is the better score of the probabilities as they are, and of 0 for pairs that one-to-one "
    "leaves out."
)
_ON_LOAD: Final = (
    "Rows that a person looks at, if pairs are decided alone with at most one in a thousand wrong, and in brackets the "
    "true links that nobody would look at, because the right student has a probability below .02:"
)
_ON_COST: Final = (
    "Seconds of the processor (all threads), from two rosters in memory to one-to-one pairs, training and "
    "standardising included, and peak memory of the process in MB; of the configuration of the best F1:"
)


def _aim(one: Compared, figure: str) -> list[str]:
    goal = one.labelled.goal
    return [title_of(one.labelled), f"{getattr(goal, figure)}" if goal else ""]


def _weighed(one: Compared) -> list[str]:
    return [title_of(one.labelled), f"{one.weighed:,}"]


def _cells(one: Compared, systems: Sequence[str], figure: Callable[[Standing], str]) -> list[str]:
    found = {each.system: figure(each) for each in one.standings}
    return [found.get(system, "") for system in systems]


def _f1(each: Standing) -> str:
    return f"{each.best.f1:.4f}"


def _r999(each: Standing) -> str:
    return f"{each.strict.recall:.4f}"


def _brier(each: Standing) -> str:
    return f"{1000 * each.brier:.2f}"


def _load(each: Standing) -> str:
    return f"{100 * each.load['review']:.1f} % ({100 * each.load['lost']:.2f} %)"


def _cost(each: Standing) -> str:
    return f"{each.cost['cpu_seconds']:.1f} s · {each.cost['peak_mb']:,.0f} MB"
