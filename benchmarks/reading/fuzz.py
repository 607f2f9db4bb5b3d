"""Reading files that were made wrong, for as long as is asked: nothing but a roster or a refusal may come out.

Invariants: the reader runs in a process of its own, which is started anew after a file that took it down or was too
slow; each failure is kept with its number, from which the file can be made again.
"""

import json
import os
import pickle
import selectors
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Any, Final

from attrs import frozen

from benchmarks.reading.corpus import entries
from benchmarks.reading.generated import all_cases
from benchmarks.reading.measure import LARGE_MB, LONGEST, SLOW_SECONDS
from benchmarks.reading.mutations import Seeds, mutate

SEED_KINDS: Final = ("text", "formats", "oneroster", "sheets", "values")
_SEED_BYTES: Final = 60_000


@frozen
class Failure:
    """A wrong file that did more than be refused."""

    seed: int
    number: int
    suffix: str
    what: str


@frozen
class Fuzzed:
    """What came of all files.

    Attributes:
        seconds: how long it went on.
        came: outcome → files.
        failures: files of which something else came out, or that were slow or large.
        slowest, largest: seconds and MB of the worst file that is no failure.

    """

    seconds: float
    came: Mapping[str, int]
    failures: tuple[Failure, ...]
    slowest: float
    largest: float

    @property
    def files(self) -> int:
        """How many files were read."""
        return sum(self.came.values())


def fuzz(seconds: float, seed: int, seeds: Seeds) -> Fuzzed:
    """Read wrong files, made of good ones, for so long."""
    began = monotonic()
    came, failures, slowest, largest = Counter[str](), list[Failure](), 0.0, 0.0
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "seeds"
        kept.write_bytes(pickle.dumps(list(seeds.files)))
        for number, found in _read_all(kept, seed, began + seconds):
            what = _wrong(found)
            came[what or found["came"]] += 1
            if what:
                failures.append(Failure(seed, number, mutate(seeds, seed, number)[0], what))
            else:
                slowest, largest = max(slowest, found["seconds"]), max(largest, found["peak_mb"])
    return Fuzzed(monotonic() - began, dict(came), tuple(failures), slowest, largest)


def gather_seeds(kinds: Sequence[str] = SEED_KINDS, *, with_corpus: bool = True) -> Seeds:
    """Good files of every format: generated ones, and those of the corpus that are small."""
    made = [case for case in all_cases(2, kinds) if case.pages]
    files = [("".join(Path(case.filename).suffixes), case.make()) for case in made]
    if with_corpus:
        files += [(entry.path.suffix, entry.path.read_bytes()) for entry in entries()]
    return Seeds([(suffix, data) for suffix, data in files if 0 < len(data) < _SEED_BYTES])


def write_failures(found: Fuzzed, seeds: Seeds, folder: Path) -> None:
    """Keep the files that failed."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in found.failures:
        suffix, data = mutate(seeds, one.seed, one.number)
        (folder / f"{one.seed}-{one.number}{suffix}").write_bytes(data)


def _wrong(found: Mapping[str, Any]) -> str:
    """What is wrong with an outcome; nothing, for a roster or a refusal within the limits."""
    came = str(found["came"])
    if came != "roster" and not came.startswith("refused"):
        return came
    if found["seconds"] > SLOW_SECONDS:
        return "too slow"
    return "too large" if found["peak_mb"] > LARGE_MB else ""


def _read_all(seeds: Path, seed: int, until: float) -> Iterator[tuple[int, dict[str, Any]]]:
    """What came of each file, in processes that follow each other."""
    first = 0
    while (left := until - monotonic()) > 0:
        for found in _listen(seeds, seed, first, left):
            yield found["number"], found
            first = found["number"] + 1


def _listen(seeds: Path, seed: int, first: int, seconds: float) -> Iterator[dict[str, Any]]:
    """One process, to its end: what it tells, and last the file that ended it, if one did."""
    command = [sys.executable, "-m", "benchmarks.reading.fuzz_once", str(seeds), str(seed), str(first), str(seconds)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
    ) as process:
        begun: int | None = None
        for line in _lines(process):
            found = json.loads(line)
            if "came" in found:
                begun = None
                yield found
            else:
                begun = found["number"]
        code = process.wait()
    if begun is not None:
        how = "too slow" if code == -signal.SIGKILL else f"died of {_named(code)}"
        yield {"number": begun, "came": how, "seconds": SLOW_SECONDS, "peak_mb": 0.0}


def _lines(process: "subprocess.Popen[str]") -> Iterator[str]:
    """Its lines; where none comes for too long it is ended with all that it started."""
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            if not selector.select(LONGEST):
                os.killpg(process.pid, signal.SIGKILL)
                yield from process.stdout  # what it told before it fell silent
                return
            line = process.stdout.readline()
            if not line:
                return
            yield line


def _named(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit {code}"
