"""Files that nobody sent: every case of a seed written, read in a process of its own, and judged cell by cell.

Invariants: the same seed gives the same files; kinds that need LibreOffice are left out where it is not installed.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks.reading.cases import Case
from benchmarks.reading.cases_formats import format_cases
from benchmarks.reading.cases_headers import header_cases
from benchmarks.reading.cases_hostile import hostile_cases
from benchmarks.reading.cases_oneroster import oneroster_cases
from benchmarks.reading.cases_tables import sheet_cases, table_cases
from benchmarks.reading.cases_text import text_cases
from benchmarks.reading.cases_values import value_cases
from benchmarks.reading.measure import Job, measure
from benchmarks.reading.verdicts import Judged, judge

KINDS: Final[Mapping[str, Callable[[int], Iterator[Case]]]] = {
    "text": text_cases,
    "formats": format_cases,
    "oneroster": oneroster_cases,
    "tables": table_cases,
    "sheets": sheet_cases,
    "headers": header_cases,
    "values": value_cases,
    "hostile": hostile_cases,
}
"""Kinds of generated files, in the order of the tables."""


def all_cases(seed: int, kinds: Sequence[str] | None = None) -> list[Case]:
    """The cases of one seed."""
    return [case for kind, make in KINDS.items() if kinds is None or kind in kinds for case in make(seed)]


def judge_cases(cases: Iterable[Case]) -> list[Judged]:
    """Write every case to a file, read it, and judge what came out."""
    cases = list(cases)
    with tempfile.TemporaryDirectory() as folder:
        jobs = [_job(Path(folder) / str(number), case) for number, case in enumerate(cases)]
        return [judge(case, seen) for case, seen in zip(cases, measure(jobs), strict=True)]


def _job(folder: Path, case: Case) -> Job:
    folder.mkdir()
    path = folder / case.filename
    path.write_bytes(case.make())
    return Job(str(path), "cells", case.options)
