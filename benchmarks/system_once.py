"""One system on one set in a process of its own: `python -m benchmarks.system_once SYSTEM CONFIGURATION FROM TO`.

Invariants: reads the rosters of the folder FROM, which has no truth; writes `pairs.arrow` and, last of all,
`cost.json` into TO. The clock runs from the rosters in memory to one-to-one pairs: imports and files are not counted,
standardising the columns is. The peak is of the whole process up to there.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

import polars as pl

from benchmarks.memory import memory_mb
from benchmarks.sets import with_evidence
from rosterdiff.frames import Roster


def main(system: str, configuration: str, source: Path, place: Path) -> None:
    """Link, and write what was found and what it cost."""
    base, incoming = (Roster(pl.read_ipc(source / f"{name}.arrow")) for name in ("base", "incoming"))
    link = _linker(system, configuration, source)
    start_mb, started, used = memory_mb("VmRSS"), perf_counter(), process_time()
    pairs = link(base, incoming)
    cost = {
        "seconds": perf_counter() - started,
        "cpu_seconds": process_time() - used,
        "start_mb": start_mb,
        "peak_mb": memory_mb("VmHWM"),
    }
    _with_other_ways(system, pairs).write_ipc(place / "pairs.arrow")
    (place / "cost.json").write_text(json.dumps(cost), encoding="utf-8")


def _linker(system: str, configuration: str, source: Path) -> Callable[[Roster, Roster], pl.DataFrame]:
    """The system as a function of two rosters, imported before the clock runs."""
    if system == "ours":
        from rosterdiff import link

        evidence = with_evidence(link, json.loads((source / "evidence.json").read_text(encoding="utf-8")))
        return lambda base, incoming: link(base, incoming, floor=0.0, **evidence)
    from benchmarks.peers.frames import to_plain

    if system == "splink":
        from benchmarks.peers import splink_link as peer
    else:
        from benchmarks.peers import recordlinkage_link as peer
    return lambda base, incoming: peer.link(*to_plain(base, incoming), configuration)


def _with_other_ways(system: str, pairs: pl.DataFrame) -> pl.DataFrame:
    """Beside a peer's own one-to-one three others, of which the best is reported."""
    if system == "ours":
        return pairs
    from benchmarks.peers.one_to_one import take_greedily, take_optimally, take_untied

    likely = pairs
    if system == "recordlinkage":  # whose weight ranks pairs of one probability
        likely = pairs.with_columns((pl.col("probability") * 1000 + pl.col("weight")).alias("weight"))
    ways = {"greedily": take_greedily, "untied": take_untied, "optimally": take_optimally}
    return pairs.with_columns(take(likely).alias(way) for way, take in ways.items())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
