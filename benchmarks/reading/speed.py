"""What reading costs beside the raw reader of the same file, in one run.

Invariants: the readers take turns, each time in a new process, so that a busy machine is busy for both; what is told
is the median of the rounds and the median of the rounds' ratios.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np
import polars as pl
import xlsxwriter
from attrs import frozen

from benchmarks.reading.people import LATIN, Crowd, draw_people

SMALL: Final = 30
_SMALL_REPEATS: Final = 20


@frozen
class Sizes:
    """How many rows the long files have, and how often each is read."""

    workbook: int = 100_000
    text: int = 1_000_000
    rounds: int = 5


@frozen
class Cost:
    """What reading one file took, round by round."""

    seconds: Sequence[float]
    cpu_seconds: Sequence[float]
    start_mb: float
    peak_mb: float


@frozen
class Beside:
    """A file, and what both readers took for it."""

    name: str
    rows: int
    raw_reader: str
    ours: Cost
    raw: Cost
    limit: float | None = None

    @property
    def ratio(self) -> float:
        """The median over the rounds of ours over the raw reader's, by the clock."""
        return median(a / b for a, b in zip(self.ours.seconds, self.raw.seconds, strict=True))

    @property
    def cpu_ratio(self) -> float:
        """The same by the processor."""
        return median(a / b for a, b in zip(self.ours.cpu_seconds, self.raw.cpu_seconds, strict=True))


def measure_reading(sizes: Sizes) -> list[Beside]:
    """Write the files, and read them in turns."""
    with tempfile.TemporaryDirectory() as folder:
        book, text = Path(folder) / "long.xlsx", Path(folder) / "long.csv"
        short_book, short_text = Path(folder) / "short.xlsx", Path(folder) / "short.csv"
        for path, rows in ((book, sizes.workbook), (short_book, SMALL)):
            write_workbook(path, _students(rows))
        for path, rows in ((text, sizes.text), (short_text, SMALL)):
            _students(rows).write_csv(path)
        return [
            _beside(book, "calamine", sizes.rounds, limit=2.0),
            _beside(text, "polars", sizes.rounds, limit=2.5),
            _beside(short_book, "calamine", sizes.rounds),
            _beside(short_text, "polars", sizes.rounds),
        ]


def _students(rows: int) -> pl.DataFrame:
    """Twelve columns of students: invented names, and numbers of their own."""
    dice, people = np.random.default_rng(1), draw_people(Crowd(1, 400, LATIN))
    drawn = dice.integers(0, len(people), (4, rows))
    given, middle, family = ([getattr(people[n], part) for n in drawn[k]] for k, part in enumerate(_PARTS))
    return pl.DataFrame(
        {
            "Student Number": [f"{n:08d}" for n in range(rows)],
            "Given Name": given,
            "Middle Name": middle,
            "Family Name": family,
            "Date of Birth": [people[n].born for n in drawn[3]],
            "Gender": [people[n].gender for n in drawn[3]],
            "Grade": [people[n].grade for n in drawn[0]],
            "Class": [people[n].class_name for n in drawn[0]],
            "School": ["Ollerthwick Primary"] * rows,
            "Email": [f"s{n}@school.example" for n in range(rows)],
            "House": [("Heron", "Swift", "Teal", "Wren")[n % 4] for n in range(rows)],
            "Bus": [n % 17 for n in range(rows)],
        }
    )


_PARTS: Final = ("given", "middle", "family")


def write_workbook(path: Path, students: pl.DataFrame) -> None:
    """A workbook row by row, with dates as dates."""
    with xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet("Students")
        sheet.write_row(0, 0, students.columns)
        for number, row in enumerate(students.iter_rows(), 1):
            sheet.write_row(number, 0, row)


def _beside(path: Path, raw_reader: str, rounds: int, limit: float | None = None) -> Beside:
    repeats = _SMALL_REPEATS if path.stem == "short" else 1
    taken: dict[str, list[dict[str, Any]]] = {"ours": [], raw_reader: []}
    for _ in range(rounds):
        for reader, found in taken.items():
            found.append(_once(reader, path, repeats))
    rows = taken["ours"][0]["rows"]
    return Beside(path.name, rows, raw_reader, _cost(taken["ours"]), _cost(taken[raw_reader]), limit)


def _once(reader: str, path: Path, repeats: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.reading.speed_once", reader, str(path), str(repeats)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def _cost(rounds: Sequence[dict[str, Any]]) -> Cost:
    seconds, cpu_seconds = ([median(one[key]) for one in rounds] for key in ("seconds", "cpu_seconds"))
    return Cost(seconds, cpu_seconds, median(one["start_mb"] for one in rounds), max(one["peak_mb"] for one in rounds))
