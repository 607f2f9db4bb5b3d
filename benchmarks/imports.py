"""What importing costs, beside `import polars`: every import in a fresh interpreter, the contestants taking turns."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Final

from attrs import frozen

from benchmarks.tables import provenance, table

STATEMENTS: Final = {
    "import polars": "import polars",
    "import rosterdiff": "import rosterdiff",
    "… and make_plan": "import rosterdiff; rosterdiff.make_plan",
    "… and make_plan, read_roster": "import rosterdiff; rosterdiff.make_plan; rosterdiff.read_roster",
}
"""What is timed; the first is what the others are compared with."""

_TIMED: Final = """
from time import perf_counter, process_time
started, used = perf_counter(), process_time()
{}
print(perf_counter() - started, process_time() - used)
"""


@frozen
class Taken:
    """Seconds of one import: on a clock, and of the processor, which other work on the machine disturbs less."""

    clock: float
    processor: float


def time_imports(rounds: int) -> dict[str, list[Taken]]:
    """What each statement takes in each round; one round before them, to warm the file cache, is not counted."""
    taken: dict[str, list[Taken]] = {name: [] for name in STATEMENTS}
    for turn in range(rounds + 1):
        for name, statement in STATEMENTS.items():
            once = _once(statement)
            if turn:
                taken[name].append(once)
    return taken


def _once(statement: str) -> Taken:
    run = subprocess.run([sys.executable, "-c", _TIMED.format(statement)], check=True, capture_output=True, text=True)
    clock, processor = run.stdout.split()
    return Taken(float(clock), float(processor))


def render_imports(taken: Mapping[str, list[Taken]], rounds: int) -> str:
    """The section of the page: medians, and the median ratio to `import polars` of the same round."""
    return "\n\n".join(
        [
            "## Imports",
            provenance(f"imports --rounds {rounds}", "polars", "rosterdiff"),
            "Median of fresh interpreters, and the median ratio to `import polars` of the same round.",
            table(
                ("statement", "clock, ms", "ratio", "processor, ms", "ratio"),
                [_line(name, runs, taken["import polars"]) for name, runs in taken.items()],
            ),
        ]
    )


def _line(name: str, runs: Sequence[Taken], first: Sequence[Taken]) -> list[str]:
    line = [f"`{name}`"]
    for kind in ("clock", "processor"):
        seconds, beside = ([getattr(run, kind) for run in side] for side in (runs, first))
        ratio = median(mine / theirs for mine, theirs in zip(seconds, beside, strict=True))
        line += [f"{1000 * median(seconds):.0f}", f"{ratio:.2f}"]
    return line
