"""Wrong files read one after the other: `python -m benchmarks.reading.fuzz_once SEEDS SEED FIRST SECONDS`.

Invariants: before each file its number is told, and after it what came out, so that whoever listens knows which file
took the process down.
"""

import json
import pickle
import resource
import sys
from pathlib import Path
from time import monotonic, perf_counter
from typing import Any, Final

from benchmarks.memory import memory_mb, processor_seconds
from benchmarks.reading.mutations import Seeds, mutate
from rosterdiff.errors import UnreadableFile
from rosterdiff.frames import Roster
from rosterdiff.reading import read_roster

_CEILING: Final = 6_000_000_000
_PEAK: Final = Path("/proc/self/clear_refs")


def read_one(seeds: Seeds, seed: int, number: int) -> dict[str, Any]:
    """Read one wrong file, and say what came out and what it took."""
    suffix, data = mutate(seeds, seed, number)
    _forget_peak()
    started, used = perf_counter(), processor_seconds()
    try:
        roster = read_roster(data, filename=f"fuzzed{suffix}")
        came = "roster" if isinstance(roster, Roster) else type(roster).__name__
    except UnreadableFile as refusal:
        came = f"refused {refusal.code}"
    except BaseException as error:  # noqa: BLE001  (a panic of a native reader is no Exception)
        came = f"exception {type(error).__name__}"
    seconds = min(perf_counter() - started, processor_seconds() - used)  # as in `measure`
    return {"number": number, "came": came, "seconds": seconds, "peak_mb": memory_mb("VmHWM")}


def _forget_peak() -> None:
    """Let the peak of memory begin anew, where the system can do that."""
    try:
        _PEAK.write_text("5", encoding="ascii")
    except OSError:
        return


def main() -> None:
    """Read until the time is over."""
    seeds = Seeds(pickle.loads(Path(sys.argv[1]).read_bytes()))  # ours, written by `fuzz`
    seed, number, until = int(sys.argv[2]), int(sys.argv[3]), monotonic() + float(sys.argv[4])
    resource.setrlimit(resource.RLIMIT_AS, (_CEILING, _CEILING))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while monotonic() < until:
        print(json.dumps({"number": number}), flush=True)
        print(json.dumps(read_one(seeds, seed, number)), flush=True)
        number += 1


if __name__ == "__main__":
    main()
