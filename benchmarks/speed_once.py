"""One measured system in a process of its own: `python -m benchmarks.speed_once ours|splink|floor FOLDER REPEATS`.

Invariants: prints one JSON object; the rosters come from files, so that drawing them costs this process nothing; the
peak is of the whole process, and the memory in use when the clock starts is beside it. The truth is read last.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Final

import polars as pl
from attrs import asdict, frozen

from benchmarks.memory import memory_mb
from benchmarks.stages import Stopwatch
from benchmarks.years import Years, load_years
from rosterdiff import make_plan

SPLINK_MODEL: Final = "tight"
PAIRS_A_ROW: Final = 2
"""The floor compares so many pairs of names for every student: about as many as share a date or a name."""


@frozen(eq=False)
class Timed:
    """What the last run gave, and what all of them cost."""

    result: Any
    cost: dict[str, Any]


def measure_ours(folder: Path, repeats: int) -> dict[str, Any]:
    """Time `make_plan`, and judge the plan."""
    from benchmarks.scoring import score_likely, score_plan

    started = perf_counter()
    years, watch = load_years(folder), Stopwatch()
    read = perf_counter() - started
    watch.stand_in()
    timed = _timed(lambda: make_plan(years.base, years.incoming), repeats, watch.spent.clear)
    plan = timed.result
    return {
        "students": len(years.base),
        "read_seconds": read,
        **timed.cost,
        "stages": watch.shares(sum(timed.cost["cpu_seconds"])),
        "counts": plan.counts,
        "candidates": plan.candidates.height,
        "score": asdict(score_plan(plan, years.truth)),
        "f1": score_likely(plan, years.truth).f1,
    }


def measure_splink(folder: Path, repeats: int) -> dict[str, Any]:
    """Time Splink from the rosters to one-to-one pairs, training apart from predicting."""
    from benchmarks.peers import splink_link
    from benchmarks.peers.frames import to_plain
    from benchmarks.peers.splink_models import MODELS
    from benchmarks.scoring import figures_of

    years, trained = load_years(folder), list[float]()

    def link() -> pl.DataFrame:
        started = perf_counter()
        base, incoming = to_plain(years.base, years.incoming)
        linker = splink_link.open_linker(base, incoming, MODELS[SPLINK_MODEL])
        splink_link.train(linker, base)
        trained.append(perf_counter() - started)
        return splink_link.score(linker)

    timed = _timed(link, repeats, trained.clear)
    found = figures_of(timed.result, years.truth)
    return {**timed.cost, "train_seconds": trained, "f1": found.even.f1, "best_f1": found.best.f1}


def measure_floor(folder: Path, repeats: int) -> dict[str, Any]:
    """Time the least that any such tool does: read both files, join on names and date, compare `PAIRS_A_ROW` names."""
    return _timed(lambda: _least(load_years(folder)), repeats, lambda: None).cost


def _least(years: Years) -> float:
    from rapidfuzz.distance import JaroWinkler
    from rapidfuzz.process import cpdist

    base, incoming = years.base.frame, years.incoming.frame
    equal = base.join(incoming, on=["given_name", "family_name", "birth_date"], how="inner")
    name = pl.concat_str("given_name", "family_name", separator=" ", ignore_nulls=True).alias("name")
    mine, theirs = (frame.select(name).to_series() for frame in (base, incoming))
    shifted = [theirs.gather((pl.int_range(len(mine), eager=True) * 7_919 + turn) % len(theirs)) for turn in (1, 2)]
    likeness = [cpdist(mine.to_list(), other.to_list(), scorer=JaroWinkler.normalized_similarity) for other in shifted]
    assert len(shifted) == PAIRS_A_ROW
    return equal.height + sum(float(one.sum()) for one in likeness)


def _timed(run: Callable[[], Any], repeats: int, forget: Callable[[], None]) -> Timed:
    """Run once to warm up where there are several runs, forget that, then `repeats` times."""
    start_mb = memory_mb("VmRSS")
    if repeats > 1:
        run()
        forget()
    seconds, cpu_seconds, result = [], [], None
    for _ in range(repeats):
        started, used = perf_counter(), process_time()
        result = run()
        seconds.append(perf_counter() - started)
        cpu_seconds.append(process_time() - used)
    cost = {"seconds": seconds, "cpu_seconds": cpu_seconds, "start_mb": start_mb, "peak_mb": memory_mb("VmHWM")}
    return Timed(result, cost)


MEASURES: Final = {"ours": measure_ours, "splink": measure_splink, "floor": measure_floor}

if __name__ == "__main__":
    print(json.dumps(MEASURES[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))))
