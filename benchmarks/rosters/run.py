"""Draw school years of several seeds, plan every variant of them with every policy, and judge the plans.

Invariants: each seed is a task of its own; figures of seeds are added, so that the number of processes changes none.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import reduce
from multiprocessing import get_context
from operator import add
from time import perf_counter
from typing import Final, TypeAlias

import polars as pl
from attrs import evolve, field, frozen

from benchmarks.rosters.draw import SchoolYears, draw_years
from benchmarks.rosters.facts import describe_rows
from benchmarks.rosters.judge import Judgement, judge_plan
from benchmarks.rosters.options import VARIANTS, RosterOptions, Variant
from rosterdiff import Policy, link, make_plan

Case: TypeAlias = tuple[str, Variant]
"""The name of a policy, and a variant."""

DEFAULT: Final = "default"
SIMILAR: Final = "accept_similar"


@frozen
class RunOptions:
    """What is judged.

    Attributes:
        rosters: what is drawn; its seed is replaced.
        seeds: how many, from `first` on.
        jobs: processes.
        variants: those that are judged.

    """

    rosters: RosterOptions = field(factory=RosterOptions)
    seeds: int = 4
    first: int = 1
    jobs: int = 2
    variants: Sequence[Variant] = VARIANTS


def policies() -> Mapping[str, Policy]:
    """The default policy, and the one that accepts similar names."""
    return {DEFAULT: Policy(), SIMILAR: Policy(accept_similar=True)}


def judge_rosters(options: RunOptions) -> dict[Case, Judgement]:
    """Judge all seeds, and add them up for every policy and variant."""
    drawn = [evolve(options.rosters, seed=options.first + number) for number in range(options.seeds)]
    tasks = [(one, options.variants) for one in drawn]
    jobs = min(options.jobs, len(tasks))
    if jobs <= 1:
        judged = [judge_seed(task) for task in tasks]
    else:  # polars has threads, which do not survive a fork
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            judged = list(pool.map(judge_seed, tasks))
    return {case: reduce(add, (one[case] for one in judged)) for case in judged[0]}


def judge_seed(task: tuple[RosterOptions, Sequence[Variant]]) -> dict[Case, Judgement]:
    """Draw the years of one seed, and judge the plans of all policies and variants."""
    options, variants = task
    years = draw_years(options)
    described = describe_rows(years)
    return {
        (policy, variant): judgement
        for variant in variants
        for policy, judgement in _judge_variant(years.as_variant(variant), described).items()
    }


def _judge_variant(years: SchoolYears, described: pl.DataFrame) -> dict[str, Judgement]:
    pairs = link(years.base, years.incoming, floor=0.0)
    judged: dict[str, Judgement] = {}
    for name, policy in policies().items():
        started = perf_counter()
        plan = make_plan(years.base, years.incoming, policy=policy)
        spent = round(1000 * (perf_counter() - started))
        judged[name] = judge_plan(plan, years, described, pairs)
        judged[name].sums.update(milliseconds=spent, plans=1)
    return judged
