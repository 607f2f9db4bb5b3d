"""What importing costs, beside `import polars`: every import in a fresh interpreter, the contestants taking turns."""

import subprocess
import sys
from collections.abc import Mapping
from statistics import median
from typing import Final

from benchmarks.tables import provenance, table

STATEMENTS: Final = {
    "import polars": "import polars",
    "import rosterdiff": "import rosterdiff",
    "… and make_plan": "import rosterdiff; rosterdiff.make_plan",
    "… and make_plan, read_roster": "import rosterdiff; rosterdiff.make_plan; rosterdiff.read_roster",
}
"""What is timed; the first is what the others are compared with."""

_TIMED: Final = "from time import perf_counter as now; started = now(); {}; print(now() - started)"


def time_imports(rounds: int) -> dict[str, list[float]]:
    """Seconds of each statement in each round; one round before them, to warm the file cache, is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in STATEMENTS}
    for turn in range(rounds + 1):
        for name, statement in STATEMENTS.items():
            taken = _once(statement)
            if turn:
                seconds[name].append(taken)
    return seconds


def _once(statement: str) -> float:
    run = subprocess.run([sys.executable, "-c", _TIMED.format(statement)], check=True, capture_output=True, text=True)
    return float(run.stdout)


def render_imports(seconds: Mapping[str, list[float]], rounds: int) -> str:
    """The section of the page: medians, and the median ratio to `import polars` of the same round."""
    first = seconds["import polars"]
    lines = [
        (f"`{name}`", f"{1000 * median(taken):.0f}", f"{median(t / f for t, f in zip(taken, first, strict=True)):.2f}")
        for name, taken in seconds.items()
    ]
    return "\n\n".join(
        [
            "## Imports",
            provenance(f"imports --rounds {rounds}", "polars", "rosterdiff"),
            table(["statement", "median, ms", "of `import polars`"], lines),
        ]
    )
