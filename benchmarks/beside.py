"""Ours beside its peers on labelled sets: for each system the best that any of its configurations reached.

Invariants: every system is judged by the same rules; a peer gets the best of its configurations and of four ways to
one-to-one, for each figure by itself, which flatters it; ours is one configuration and one way.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl
from attrs import asdict, frozen

from benchmarks.accuracy import Judged, judge_set
from benchmarks.risk import brier_scores, calibration_of, load_of, risk_curve
from benchmarks.scoring import PairFigures, PairScore, figures_of
from benchmarks.sets import LabelledSet, load_set
from benchmarks.systems import OURS, Run, run_system

WAYS: Final = ("assigned", "greedily", "untied", "optimally")


@frozen(eq=False)
class Attempt:
    """One configuration and one way to one-to-one of a system, judged."""

    run: Run
    pairs: pl.DataFrame
    figures: PairFigures


@frozen(eq=False)
class Standing:
    """What a system reached on one set.

    Attributes:
        best, strict: the best F1, and the recall at a precision of .999, each of the attempt that has most of it.
        configuration: that of the best F1, whose cost and probabilities stand for the system.
        brier: the mean squared error of its probabilities over the pairs of all systems.
        load, curve, calibration: see `risk`.

    """

    system: str
    best: PairScore
    strict: PairScore
    configuration: str
    cost: dict[str, float]
    brier: float
    load: dict[str, float]
    curve: list[dict[str, float]]
    calibration: list[dict[str, float]]


@frozen(eq=False)
class Compared:
    """A set with the standing of each system.

    Attributes:
        weighed: how many pairs the Brier score is of.
        judged: ours in full, where ours was run.

    """

    labelled: LabelledSet
    standings: tuple[Standing, ...]
    weighed: int
    judged: Judged | None


def compare_sets(chosen: Sequence[LabelledSet], systems: Sequence[str], cache: Path) -> list[Compared]:
    """Run and judge every system on every set."""
    return [compare_set(labelled, systems, cache) for labelled in chosen]


def compare_set(labelled: LabelledSet, systems: Sequence[str], cache: Path) -> Compared:
    """Run and judge every system on one set."""
    loaded = load_set(labelled)
    attempts = {system: _attempts(run_system(system, labelled, cache), loaded.truth) for system in systems}
    first = {system: max(tried, key=lambda one: one.figures.best.f1) for system, tried in attempts.items()}
    briers, weighed = _briers({system: one.pairs for system, one in first.items()}, loaded.truth)
    standings = [
        Standing(
            system=system,
            best=one.figures.best,
            strict=max((each.figures.strict for each in attempts[system]), key=lambda score: score.recall),
            configuration=one.run.configuration,
            cost=one.run.cost,
            brier=briers[system],
            load=load_of(one.pairs, loaded.truth, len(loaded.incoming)),
            curve=risk_curve(one.pairs, loaded.truth, len(loaded.incoming)),
            calibration=calibration_of(one.pairs, loaded.truth),
        )
        for system, one in first.items()
    ]
    judged = judge_set(labelled, first[OURS].pairs) if OURS in first else None
    return Compared(labelled, tuple(standings), weighed, judged)


def _briers(systems: Mapping[str, pl.DataFrame], truth: pl.DataFrame) -> tuple[dict[str, float], int]:
    """The Brier score of each system; a peer's also if pairs that its one-to-one leaves out count as improbable."""
    chosen = {(system, "chosen"): _chosen(pairs) for system, pairs in systems.items() if system != OURS}
    found, weighed = brier_scores({**{(system, "all"): pairs for system, pairs in systems.items()}, **chosen}, truth)
    return {system: min(score for (who, _), score in found.items() if who == system) for system in systems}, weighed


def _chosen(pairs: pl.DataFrame) -> pl.DataFrame:
    return pairs.with_columns(pl.when("assigned").then("probability").otherwise(0.0).alias("probability"))


def _attempts(runs: Sequence[Run], truth: pl.DataFrame) -> list[Attempt]:
    ways = [(run, way) for run in runs for way in WAYS if way in run.pairs.columns]
    taken = [(run, run.pairs.with_columns(pl.col(way).alias("assigned"))) for run, way in ways]
    return [Attempt(run, pairs, figures_of(pairs, truth)) for run, pairs in taken]


def as_document(compared: Sequence[Compared]) -> list[dict[str, Any]]:
    """What was found as JSON has it: counts, shares and seconds."""
    return [_as_data(one) for one in compared]


def _as_data(one: Compared) -> dict[str, Any]:
    goal = one.labelled.goal
    return {
        "key": one.labelled.key,
        "title": f"{one.labelled.name} · {one.labelled.what}",
        "goal": asdict(goal) if goal else None,
        "systems": [
            {**asdict(each, recurse=True), "f1": each.best.f1, "r999": each.strict.recall} for each in one.standings
        ],
        "pairs_weighed": one.weighed,
        "plan": asdict(one.judged.plan) if one.judged else None,
    }
