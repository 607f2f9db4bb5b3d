"""One measured run of `make_plan` in a process of its own: `python -m benchmarks.speed_once FOLDER REPEATS`.

Invariants: prints one JSON object; the rosters come from files, so that drawing them costs this process nothing; the
peak is of the whole process, and the memory in use when the clock starts is beside it. Stages are timed by standing in
for them where they are called.
"""

import json
import resource
import sys
from collections import defaultdict
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Final

from attrs import asdict

from benchmarks.scoring import score_plan
from benchmarks.years import load_years
from rosterdiff import Plan, make_plan

STAGES: Final = (
    ("order", "rosterdiff.pipeline", "in_content_order"),
    ("fold", "rosterdiff.matching.match", "to_records"),
    ("grade steps", "rosterdiff.matching.match", "estimate_steps"),
    ("candidates", "rosterdiff.matching.match", "find_candidates"),
    ("compare", "rosterdiff.matching.match", "compare_pairs"),
    ("weigh", "rosterdiff.matching.match", "weigh_pairs"),
    ("assign", "rosterdiff.matching.match", "_assigned"),
    ("duplicates", "rosterdiff.pipeline", "find_duplicate_rows"),
    ("classify", "rosterdiff.pipeline", "classify"),
    ("assemble", "rosterdiff.pipeline", "assemble_plan"),
    ("renumber", "rosterdiff.pipeline", "renumber_rows"),
)
"""Stage, module that calls it, its name there."""


def measure(folder: Path, repeats: int) -> dict[str, Any]:
    """Time `make_plan` of saved rosters: one run to warm up where there are several, then `repeats` of them."""
    years = load_years(folder)
    spent: dict[str, float] = defaultdict(float)
    _time_stages(spent)
    start_mb = _memory_mb("VmRSS")
    if repeats > 1:
        make_plan(years.base, years.incoming)
        spent.clear()
    seconds, cpu_seconds, plan = [], [], None
    for _ in range(repeats):
        started, used = perf_counter(), process_time()
        plan = make_plan(years.base, years.incoming)
        seconds.append(perf_counter() - started)
        cpu_seconds.append(process_time() - used)
    assert isinstance(plan, Plan)
    total = sum(cpu_seconds)
    return {
        "students": len(years.base),
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "start_mb": start_mb,
        "peak_mb": _memory_mb("VmHWM"),
        "stages": {stage: spent[stage] / total for stage, _, _ in STAGES},
        "counts": plan.counts,
        "candidates": plan.candidates.height,
        "score": asdict(score_plan(plan, years.truth)),
    }


def _memory_mb(field: str) -> float:
    """Memory of this process by Linux's name: `VmRSS` now, `VmHWM` at its peak; elsewhere the peak for both.

    The peak of `resource` is the last resort, because on Linux it counts the memory of the parent process too.
    """
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    found = [int(line.split()[1]) / 1024 for line in lines if line.startswith(field)]
    return found[0] if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _time_stages(spent: dict[str, float]) -> None:
    for stage, module, name in STAGES:
        home = import_module(module)
        setattr(home, name, _timed(getattr(home, name), stage, spent))


def _timed(function: Callable[..., Any], stage: str, spent: dict[str, float]) -> Callable[..., Any]:
    def run(*args: Any, **options: Any) -> Any:
        used = process_time()
        try:
            return function(*args, **options)
        finally:
            spent[stage] += process_time() - used

    return run


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), int(sys.argv[2]))))
