"""What `make_plan` costs: time, peak memory, the share of each stage, and how all of it grows.

Invariants: every size has a process of its own; the rosters are drawn outside it; the counts of the plan stand beside
the seconds, so that a plan that is fast and wrong is noticed.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

from benchmarks.names import load_names
from benchmarks.speed_once import STAGES
from benchmarks.tables import provenance, table
from benchmarks.years import YearOptions, draw_years, save_years

REPEATS: Final = {1_000: 9, 10_000: 5, 100_000: 1}
"""Students → how often: up to 10,000 the median of several runs when warm, above that one run from cold."""


def measure_speed(sizes: Sequence[int]) -> list[dict[str, Any]]:
    """Measure every size; see `speed_once.measure` for what is found."""
    return [_measure(students) for students in sizes]


def _measure(students: int) -> dict[str, Any]:
    repeats = next((times for size, times in REPEATS.items() if students <= size), 1)
    with TemporaryDirectory() as folder:
        save_years(draw_years(YearOptions(students=students)), Path(folder))
        run = subprocess.run(
            [sys.executable, "-m", "benchmarks.speed_once", folder, str(repeats)],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[1],
        )
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def render_speed(measured: Sequence[dict[str, Any]]) -> str:
    """The section of the page: cost against size, stages, and what the plans were."""
    sizes = " ".join(str(found["students"]) for found in measured)
    return "\n\n".join(
        [
            "## Speed",
            provenance(f"speed --sizes {sizes}", "polars", "rapidfuzz", "rosterdiff"),
            f"Two school years of invented students ({load_names().source}). {_INTRODUCTION}",
            table(_COST_HEADER, [_cost(found) for found in measured]),
            "Where the processor's time goes, in per cent:",
            table(("base × incoming", *(stage for stage, _, _ in STAGES)), [_stages(found) for found in measured]),
            "What the plans were, in entries; rows in review are beside the students held with them:",
            table(_COUNT_HEADER, [_counts(found) for found in measured]),
        ]
    )


_INTRODUCTION: Final = (
    "88 % of the base is in the incoming roster, 6 % of its names and 2 % of its birth dates are mistyped, no ids. "
    "Seconds are the median of warm runs up to 10,000 students and one cold run above, on a clock and of the processor "
    "(all threads), because the machine is shared; memory is of the whole process, before `make_plan` and at its peak."
)
_COST_HEADER: Final = (
    "base × incoming",
    "runs",
    "seconds",
    "of the processor",
    "µs a row",
    "memory before, MB",
    "peak, MB",
)
_COUNT_HEADER: Final = (
    "base × incoming", "keep", "update", "add", "delete", "review", "rows in review", "wrong matches", "wrong adds",
    "wrong deletes",
)  # fmt: skip


def _name(found: dict[str, Any]) -> str:
    return f"{found['students']:,} × {found['score']['rows']:,}"


def _cost(found: dict[str, Any]) -> list[str]:
    seconds = median(found["seconds"])
    each = 1e6 * seconds / found["students"]
    memory = [f"{found[name]:,.0f}" for name in ("start_mb", "peak_mb")]
    used = median(found["cpu_seconds"])
    return [_name(found), str(len(found["seconds"])), f"{seconds:.3g}", f"{used:.3g}", f"{each:.0f}", *memory]


def _stages(found: dict[str, Any]) -> list[str]:
    return [_name(found), *(f"{100 * share:.1f}" for share in found["stages"].values())]


def _counts(found: dict[str, Any]) -> list[str]:
    score = found["score"]
    wrong = [score[name] for name in ("reviewed", "wrong_matches", "wrong_additions", "wrong_deletions")]
    return [_name(found), *(f"{count:,}" for count in (*found["counts"].values(), *wrong))]
