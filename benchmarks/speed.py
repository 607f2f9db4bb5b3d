"""What `make_plan` costs beside Splink and beside the least that any tool must do, how it grows, and on hard rosters.

Invariants: every system and size has a process of its own; the rosters are drawn outside it; what is right stands
beside the seconds, so that a plan that is fast and wrong is noticed. Nothing is kept: times are compared within one
sitting.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from benchmarks.adversarial import HARD, make_hard
from benchmarks.years import YearOptions, Years, draw_years, save_years

REPEATS: Final = {1_000: 9, 10_000: 5, 100_000: 1}
"""Students → how often: up to 10,000 the median of several runs when warm, above that one run from cold."""

SIZES: Final = (1_000, 10_000, 100_000, 1_000_000)
HARD_SIZE: Final = 10_000
PATIENCE: Final = 1_800
"""Seconds after which a run is given up, and reported as that."""

_HOME: Final = Path(__file__).parent


def measure_speed(sizes: Sequence[int], systems: Sequence[str]) -> list[dict[str, Any]]:
    """Measure every size; see `speed_once` for what is found of each system.

    Returns:
        For each size what is found of ours, and under `floor` and `splink` of the others.

    """
    return [_measure(students, systems) for students in sizes]


def measure_hard(students: int) -> list[dict[str, Any]]:
    """Measure ours on hard rosters of this size, the ordinary ones first: `roster`, and what is found or None."""
    years = draw_years(YearOptions(students=students))
    rosters = {"ordinary": years, **{words: make_hard(years, change) for words, change in HARD.items()}}
    return [{"roster": words, "found": _in_folder(drawn)} for words, drawn in rosters.items()]


def _in_folder(years: Years) -> dict[str, Any] | None:
    with TemporaryDirectory() as folder:
        save_years(years, Path(folder))
        return _run("ours", Path(folder), 1)


def _measure(students: int, systems: Sequence[str]) -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        place = Path(folder)
        save_years(draw_years(YearOptions(students=students)), place)
        repeats = next((times for size, times in REPEATS.items() if students <= size), 1)
        ours = _run("ours", place, repeats) or {"students": students}
        splink = _run("splink", place, repeats) if "splink" in systems else None
        return {**ours, "floor": _run("floor", place, max(3, repeats)), "splink": splink}


def _run(system: str, folder: Path, repeats: int) -> dict[str, Any] | None:
    """What is found of a system; None where it takes longer than `PATIENCE`."""
    command = [sys.executable, "-m", "benchmarks.speed_once", system, str(folder), str(repeats)]
    try:
        run = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=_HOME.parent, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return None
    found: dict[str, Any] = json.loads(run.stdout)
    return found
