"""What `apply` and `load` of the SQL stores take, beside the floor: SQLite and PostgreSQL, each round a process."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Final

from benchmarks.tables import provenance, table

DATABASES: Final = {"sqlite": "SQLite", "postgresql": "PostgreSQL 18"}
SIZES: Final = (1_000, 100_000, 1_000_000)
ROUNDS: Final = {1_000: 5, 100_000: 3}
"""How often a size is measured; once where it is not named."""

_WHAT: Final = (
    "As many changes as students: eight in ten change grade and class, one in ten leaves, as many come. The floor is "
    "the same rows written by bulk statements in one transaction on an equal table with the same key, in one process, "
    "from values that lie ready: it checks nothing, keeps nothing for undo and writes no receipt. The floor with undo "
    "also copies each row as it was and as it becomes, by one statement each, and still checks nothing. What `apply` "
    "does beside it: it holds the change set to its rules, reads each touched student and holds his record to what "
    "the plan has of it, asks whether others were added or rows of other tables would go along, finds ids that nobody "
    "ever had, spells grades as the host does, keeps the rows, holds what is there afterwards to what was to be "
    "written, and writes a sealed receipt. Medians of rounds, of seconds and of ratios; PostgreSQL on the same "
    "machine, without waiting for the disk. Memory is what the client's process took beyond what it had."
)

AIM: Final = 2.5
"""How many times the floor `apply` may take at most."""

Found = Mapping[tuple[str, int], Sequence[Mapping[str, float]]]
"""Database and size → what each round found."""


def measure_stores(sizes: Sequence[int]) -> Found:
    """Measure each size on each database."""
    return {
        (kind, size): [_once(kind, size) for _ in range(ROUNDS.get(size, 1))] for size in sizes for kind in DATABASES
    }


def _once(kind: str, size: int) -> dict[str, float]:
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.stores_once", kind, str(size)]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(run.stdout)
    return found | {"busy": os.getloadavg()[0]}


def render_stores(found: Found, sizes: Sequence[int]) -> str:
    """The section of the page."""
    command = f"stores --sizes {' '.join(map(str, sizes))}"
    return "\n\n".join(
        [
            "## Stores",
            provenance(command, "polars", "rosterdiff", "sqlalchemy", "psycopg"),
            _WHAT,
            f"{_aim(found)} {_others(found)}".strip(),
            table(
                [
                    "changes",
                    "database",
                    "apply, s",
                    "floor, s",
                    "ratio",
                    "with undo, s",
                    "ratio",
                    "undo, s",
                    "memory, MB",
                ],
                [_apply_line(kind, rounds) for (kind, _), rounds in found.items()],
            ),
            "`load`, beside `polars.read_database` of the same table, which gives columns as they are:",
            table(
                ["students", "database", "load, s", "read_database, s", "ratio"],
                [_load_line(kind, size, rounds) for (kind, size), rounds in found.items()],
            ),
        ]
    )


def _aim(found: Found) -> str:
    """Whether the aim is met, and where not."""
    missed = [
        f"{size:,} on {DATABASES[kind]}"
        for (kind, size), rounds in found.items()
        if median(taken["apply"] / taken["floor"] for taken in rounds) > AIM
    ]
    return f"The aim, {AIM} times the floor, is {'missed at ' + ', '.join(missed) if missed else 'met'}."


def _others(found: Found) -> str:
    """How much else the machine had to do, where that was more than it can do at once."""
    busy = [taken["busy"] for rounds in found.values() for taken in rounds]
    cores = os.cpu_count() or 1
    if max(busy) <= cores:
        return ""
    return (
        f"{min(busy):.0f} to {max(busy):.0f} processes wanted the {cores} cores while this was measured: seconds say "
        "little, ratios somewhat more."
    )


def _apply_line(kind: str, rounds: Sequence[Mapping[str, float]]) -> list[str]:
    changes = f"{rounds[0]['counts']:,.0f}"
    floors = [(_middle(rounds, name), _ratio(rounds, "apply", name)) for name in ("floor", "floor_with_undo")]
    figures = [_middle(rounds, "apply"), *(text for floor in floors for text in floor)]
    memory = f"{median(taken['memory'] for taken in rounds):.0f}"
    return [changes, DATABASES[kind], *figures, _middle(rounds, "undo"), memory]


def _load_line(kind: str, size: int, rounds: Sequence[Mapping[str, float]]) -> list[str]:
    figures = [_middle(rounds, "load"), _middle(rounds, "read_database"), _ratio(rounds, "load", "read_database")]
    return [f"{size:,}", DATABASES[kind], *figures]


def _middle(rounds: Sequence[Mapping[str, float]], name: str) -> str:
    return f"{median(taken[name] for taken in rounds):.2f}"


def _ratio(rounds: Sequence[Mapping[str, float]], name: str, other: str) -> str:
    return f"{median(taken[name] / taken[other] for taken in rounds):.1f}"
