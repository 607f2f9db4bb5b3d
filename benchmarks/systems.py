"""Ours and its peers on labelled sets: each system in a process of its own, on the same files, without the truth.

Invariants: what a peer found is kept in a folder and found there again as long as rosters, versions and the code of the
peers are the same; ours is run anew each time. A system that is not installed is left out, and said so.
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any, Final

import polars as pl
from attrs import field, frozen

from benchmarks.sets import LabelledSet, load_set

OURS, SPLINK, RECORDLINKAGE = "ours", "splink", "recordlinkage"
CONFIGURATIONS: Final = {OURS: ("shipped",), SPLINK: ("library", "fine"), RECORDLINKAGE: ("few", "many")}
"""System → its configurations, each of which is run."""

_PACKAGES: Final = {
    OURS: ("rapidfuzz",), SPLINK: ("splink", "duckdb"), RECORDLINKAGE: ("recordlinkage", "pandas"),
}  # fmt: skip
CACHE: Final = Path(gettempdir()) / "rosterdiff-peers"
_HOME: Final = Path(__file__).parent


@frozen(eq=False)
class Run:
    """What one configuration of one system found on one set, and what that cost.

    Attributes:
        pairs: `row`, `student_id`, `probability`, `weight`, `assigned`; of peers also `greedily`, `untied` and
            `optimally`, other ways to one-to-one. Of ours every level too.
        cost: `seconds` on a clock and `cpu_seconds`, without reading and importing; `start_mb` and `peak_mb` of the
            process.

    """

    system: str
    configuration: str
    pairs: pl.DataFrame = field(repr=False)
    cost: dict[str, float]


def installed(systems: Sequence[str] = ()) -> list[str]:
    """The systems asked for (or all) that are installed."""
    return [system for system in CONFIGURATIONS if (not systems or system in systems) and versions_of(system)]


def run_system(system: str, labelled: LabelledSet, cache: Path = CACHE) -> list[Run]:
    """Every configuration of a system on one set."""
    return [_run(system, configuration, labelled, cache) for configuration in CONFIGURATIONS[system]]


def _run(system: str, configuration: str, labelled: LabelledSet, cache: Path) -> Run:
    with TemporaryDirectory() as scratch:
        _save(labelled, Path(scratch))
        kept = cache / f"{labelled.key.replace('/', '-')}-{system}-{configuration}-{_key(system, Path(scratch))}"
        place = Path(scratch) if system == OURS else kept
        if not (place / "cost.json").exists():
            _spawn(system, configuration, Path(scratch), place)
        cost: dict[str, float] = json.loads((place / "cost.json").read_text(encoding="utf-8"))
        return Run(system, configuration, pl.read_ipc(place / "pairs.arrow"), cost)


def _spawn(system: str, configuration: str, rosters: Path, place: Path) -> None:
    place.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "benchmarks.system_once", system, configuration, str(rosters), str(place)]
    subprocess.run(command, check=True, cwd=_HOME.parent)


def _save(labelled: LabelledSet, folder: Path) -> None:
    """Write what a system may know: both rosters, and what is declared of their further columns."""
    loaded = load_set(labelled)
    loaded.base.frame.write_ipc(folder / "base.arrow")
    loaded.incoming.frame.write_ipc(folder / "incoming.arrow")
    (folder / "evidence.json").write_text(json.dumps(labelled.declared), encoding="utf-8")


def _key(system: str, folder: Path) -> str:
    """A digest of the rosters, the versions and the peers' code."""
    digest = hashlib.blake2b(repr(versions_of(system)).encode(), digest_size=8)
    code = [*sorted((_HOME / "peers").glob("*.py")), _HOME / "system_once.py"]
    for path in (*sorted(folder.glob("*.arrow")), *code):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def versions_of(system: str) -> dict[str, Any]:
    """The versions of a system's packages; empty where one is not installed."""
    try:
        return {package: version(package) for package in _PACKAGES[system]}
    except PackageNotFoundError:
        return {}


def packages_of(systems: Sequence[str]) -> list[str]:
    """The packages whose versions a reader of the figures must know."""
    return [package for system in systems for package in _PACKAGES[system]]
