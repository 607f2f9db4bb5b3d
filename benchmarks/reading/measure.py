"""Files read each in a process of its own, measured from outside: `python -m benchmarks.reading.measure < JOBS`.

Invariants: the process of a file is forked from one that has imported the library and done nothing with it, so that no
file pays for imports or for another file; one that takes far too long is ended with all that it started. Time is the
lesser of the clock's and the processor's, so that a busy machine makes no file slow; memory is the most that the
process held and the most that any process of its held, together.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from time import monotonic, perf_counter, sleep
from typing import Any, Final

from attrs import asdict, field, frozen

from benchmarks.memory import memory_mb, processor_seconds
from benchmarks.reading import look
from benchmarks.reading.truths import Truth
from rosterdiff.config import ReadOptions

SLOW_SECONDS: Final = 10.0
LARGE_MB: Final = 1000.0
LONGEST: Final = 120.0
"""A file that takes longer by the clock is given up, whatever else the machine does."""

_LONGEST_WORK: Final = 20
"""So many seconds of the processor are enough for any file: it was too slow long before."""

_CEILING: Final = 6_000_000_000
"""Addresses that one process may have: a file that runs away ends itself before it ends the machine."""

_WAIT: Final = 0.004
_LOOKS: Final = {"plain": look.look_at, "cells": look.look_at_cells, "grid": look.look_at_grid}


@frozen
class Job:
    """A file to be read.

    Attributes:
        path: where it is.
        look: what is wanted of it: `plain`, `cells`, `grid` or `truth`.
        options: fields of `ReadOptions` that are not the default.
        truth: where the right cells are, for `truth`: fields of `truths.Truth`.

    """

    path: str
    look: str = "plain"
    options: Mapping[str, Any] = field(factory=dict)
    truth: Mapping[str, str] = field(factory=dict)


@frozen
class Seen:
    """What reading a file gave, and what it cost."""

    found: Mapping[str, Any]
    seconds: float
    peak_mb: float

    @property
    def is_slow(self) -> bool:
        """Whether it took longer than a person waits."""
        return self.seconds > SLOW_SECONDS

    @property
    def is_large(self) -> bool:
        """Whether it took more memory than a host gives."""
        return self.peak_mb > LARGE_MB


def measure(jobs: Sequence[Job]) -> list[Seen]:
    """Read every file in a process of its own, one after the other."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.reading.measure"],
        input=json.dumps([asdict(job) for job in jobs]),
        text=True,
        stdout=subprocess.PIPE,
        check=True,
    )
    return [Seen(**json.loads(line)) for line in done.stdout.splitlines()]


def _each(jobs: Iterable[Job]) -> Iterator[Seen]:
    for job in jobs:
        reader, writer = os.pipe()
        started = monotonic()
        child = os.fork()
        if child == 0:
            os.close(reader)
            _read_and_leave(job, writer)
        os.close(writer)
        yield _await(child, reader, started)


def _read_and_leave(job: Job, writer: int) -> None:
    """Read one file in this process, write what came out, and end without cleaning up."""
    status = 1
    try:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_AS, (_CEILING, _CEILING))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (_LONGEST_WORK, _LONGEST_WORK))
        started, used = perf_counter(), processor_seconds()
        found = _look(job)
        seconds = min(perf_counter() - started, processor_seconds() - used)
        inner = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        seen = Seen(found, seconds, memory_mb("VmHWM") + inner)
        with os.fdopen(writer, "w") as stream:
            json.dump(asdict(seen), stream)
        status = 0
    except Exception:  # noqa: BLE001  (ours: what a reader raises is caught where it is called)
        traceback.print_exc()
    finally:
        os._exit(status)


def _look(job: Job) -> dict[str, Any]:
    path, options = Path(job.path), ReadOptions(**job.options)
    if job.look == "truth":
        return look.look_at_truth(path, options, Truth(**job.truth))
    return _LOOKS[job.look](path, options)


def _await(child: int, reader: int, started: float) -> Seen:
    """What the child wrote; where it died or was ended, how."""
    parts, late = list[bytes](), False
    os.set_blocking(reader, False)
    while True:
        _drain(reader, parts)
        done, status, used = os.wait4(child, os.WNOHANG)
        if done:
            break
        if not late and monotonic() - started > LONGEST:
            os.killpg(child, signal.SIGKILL)
            late = True
        sleep(_WAIT)
    _drain(reader, parts)
    os.close(reader)
    seconds, peak = min(monotonic() - started, used.ru_utime + used.ru_stime), used.ru_maxrss / 1024
    try:
        return Seen(**json.loads(b"".join(parts)))
    except ValueError:
        late |= os.WIFSIGNALED(status) and used.ru_utime + used.ru_stime > _LONGEST_WORK - 1
        how = "ended for its time" if late else f"died of {_signal(status)}"
        return Seen({"outcome": "exception", "exception": how}, seconds, peak)


def _drain(reader: int, parts: list[bytes]) -> None:
    try:
        while piece := os.read(reader, 1 << 20):
            parts.append(piece)
    except BlockingIOError:
        pass


def _signal(status: int) -> str:
    return signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else f"exit {os.WEXITSTATUS(status)}"


def main() -> None:
    """Read the jobs of the standard input."""
    for seen in _each(Job(**job) for job in json.load(sys.stdin)):
        print(json.dumps(asdict(seen)), flush=True)


if __name__ == "__main__":
    main()
