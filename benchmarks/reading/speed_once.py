"""One reader, one file, in a process of its own: `python -m benchmarks.reading.speed_once READER FILE REPEATS`.

Invariants: prints one JSON object; what the process holds before it reads is beside its peak; time and memory of
processes that a reader starts count as its own.
"""

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from benchmarks.memory import memory_mb, processor_seconds


def _ours() -> Callable[[Path], Any]:
    from rosterdiff.config import ReadOptions
    from rosterdiff.reading import read_roster

    options = ReadOptions(max_bytes=1_000_000_000)  # a million rows are more than any school sends
    return lambda path: read_roster(path, options=options)


def _calamine() -> Callable[[Path], Any]:
    import python_calamine

    return lambda path: python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


def _polars() -> Callable[[Path], Any]:
    import polars as pl

    return pl.read_csv


READERS: Final = {"ours": _ours, "calamine": _calamine, "polars": _polars}


def time_reader(reader: str, path: Path, repeats: int) -> dict[str, Any]:
    """Read a file so often, and say what each time took."""
    read, start_mb = READERS[reader](), memory_mb("VmRSS")
    seconds, cpu_seconds, rows = list[float](), list[float](), 0
    for _ in range(repeats):
        started, used = perf_counter(), processor_seconds()
        result = read(path)
        seconds.append(perf_counter() - started)
        cpu_seconds.append(processor_seconds() - used)
        rows = len(result)
        del result
    inner = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    peak = memory_mb("VmHWM") + inner
    return {"seconds": seconds, "cpu_seconds": cpu_seconds, "rows": rows, "start_mb": start_mb, "peak_mb": peak}


if __name__ == "__main__":
    print(json.dumps(time_reader(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))))
