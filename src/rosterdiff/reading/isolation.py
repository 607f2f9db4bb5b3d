"""Files opened in a process of their own, which dies, hangs or swells without this one.

Invariants: the process is given its limits, the request and the bytes, and nothing else (no environment, no arguments
of this one); it is gone when reading ends, however it ends; what it sends is checked as if the file had written it.

On Windows no limits of the system are set, and on macOS not that of memory: there, and without isolation, sheets that
would be laid out too large are looked for beforehand, and the limit of time is kept from here.
"""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Generator
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import Any, Final

import rosterdiff
from rosterdiff.config import ReadOptions
from rosterdiff.errors import InvalidOption
from rosterdiff.issues import Refusal, refuse
from rosterdiff.reading.isolated.frames import (
    BrokenFrameError,
    Found,
    Frame,
    Kind,
    Limits,
    Request,
    read_frames,
)

_START: Final = "import sys; sys.path.extend({paths!r}); from rosterdiff.reading.isolated.worker import main; main()"
_ENVIRONMENT: Final = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""What an interpreter may need to start."""
_SPELL: Final = 250
"""Milliseconds."""
_PATIENCE: Final = 1.0 if sys.platform == "win32" else 4.0
"""A process may wait for its turn: where the system counts its work, it has so many times that by the clock."""


def open_frames(data: bytes, filename: str, options: ReadOptions, *, nested: bool = False) -> Generator[Frame]:
    """Open a container: its sheets with their cells, or the lists in it.

    Raises:
        UnreadableFile: it is damaged, hostile, protected, takes too much, or holds something else.
        InvalidOption: this host has no interpreter by which a process of its own could be started.

    """
    limits = limits_of(options)
    request = Request(limits, options.sheets, options.password, nested=nested)
    frames = _in_another_process(data, filename, request) if options.isolate else _in_this_process(data, request)
    with contextlib.closing(frames):
        for frame in frames:
            match frame.kind:
                case Kind.END:
                    return
                case Kind.REFUSED:
                    raise _refusal(frame, filename, limits)
                case _:
                    yield frame
    raise refuse(filename, Refusal.DAMAGED, found=Found.BROKE_READER)


def limits_of(options: ReadOptions) -> Limits:
    """The limits of the options, as the other process takes them."""
    return Limits(
        options.max_bytes,
        options.max_unpacked,
        options.max_ratio,
        options.max_sheets,
        options.max_rows,
        options.max_columns,
        options.max_cell_length,
        options.max_memory,
        options.max_seconds,
    )


def _in_this_process(data: bytes, request: Request) -> Generator[Frame]:
    from rosterdiff.reading.isolated.worker import answer

    return answer(data, request)


def _refusal(frame: Frame, filename: str, limits: Limits) -> Exception:
    """The refusal that the other process names, if it is one; its words come from here."""
    said = frame.message
    try:
        cause, found = Refusal(said["cause"]), None if said["found"] is None else Found(said["found"])
        limit = None if said["limit"] is None else int(said["limit"])
    except (KeyError, ValueError, TypeError):
        return refuse(filename, Refusal.DAMAGED, found=Found.BROKE_READER)
    if cause is Refusal.TOO_MUCH_MEMORY:
        limit = limits.max_memory
    return refuse(filename, cause, found=found, limit=limit)


def _in_another_process(data: bytes, filename: str, request: Request) -> Generator[Frame]:
    process = _start()
    late = threading.Event()
    timer = threading.Timer(request.limits.max_seconds * _PATIENCE + 1, _stop_late, (process, late))
    writer = threading.Thread(target=_send, args=(process, data, request), daemon=True)
    timer.daemon = True
    assert process.stdout is not None
    try:
        timer.start()
        writer.start()
        with contextlib.suppress(BrokenFrameError):
            yield from read_frames(BufferedReader(_Waiting(process.stdout.fileno())), request.limits.max_memory)
        code = None
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = process.wait(timeout=1)  # it has closed its output, and is about to end; how it ended says why
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        writer.join()
        process.stdout.close()
    raise _death(code, filename, request.limits, late=late.is_set())


class _Waiting(RawIOBase):
    """The end of a pipe, waited for in short spells: between them an interrupt comes through, whoever took it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._poll = select.poll() if hasattr(select, "poll") else None
        if self._poll is not None:
            self._poll.register(descriptor, select.POLLIN)

    def readable(self) -> bool:
        """It is, as `BufferedReader` asks."""
        return True

    def readinto(self, buffer: Any) -> int:  # a writable buffer, which has no type before Python 3.12
        """Read what there is into a buffer, once there is something."""
        while self._poll is not None and not self._poll.poll(_SPELL):
            pass
        data = os.read(self._descriptor, len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _start() -> "subprocess.Popen[bytes]":
    paths = [str(Path(rosterdiff.__file__).parents[1]), *(path for path in sys.path if Path(path).is_absolute())]
    return subprocess.Popen(  # noqa: S603  (our own interpreter and words)
        [interpreter(), "-I", "-S", "-c", _START.format(paths=list(dict.fromkeys(paths)))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
        start_new_session=True,
    )


def interpreter() -> str:
    """The Python that a process of its own is started with.

    Raises:
        InvalidOption: this host is no Python that can be started again (a frozen program, or one that embeds Python).

    """
    from multiprocessing import spawn

    path = os.fsdecode(spawn.get_executable() or "")
    named = path != sys.executable or "python" in Path(path).name.casefold() or "pypy" in Path(path).name.casefold()
    if not path or not named or getattr(sys, "frozen", False):
        raise InvalidOption(
            "Workbooks are opened in a process of their own, and this program has no Python that could be started.",
            "Name one with `multiprocessing.set_executable`, or trust the files and set `ReadOptions(isolate=False)`.",
        )
    return path


def _send(process: "subprocess.Popen[bytes]", data: bytes, request: Request) -> None:
    """Write the request and the file; the process may be gone before it has read them."""
    said = {
        "limits": list(request.limits),
        "sheets": None if request.sheets is None else list(request.sheets),
        "password": request.password,
        "nested": request.nested,
        "size": len(data),
    }
    assert process.stdin is not None
    with contextlib.suppress(OSError, ValueError):
        process.stdin.write(json.dumps(said).encode() + b"\n")
        process.stdin.write(data)
    with contextlib.suppress(OSError):
        process.stdin.close()


def _stop_late(process: "subprocess.Popen[bytes]", late: threading.Event) -> None:
    late.set()
    process.kill()


def _death(code: int | None, filename: str, limits: Limits, *, late: bool) -> Exception:
    """Why a process ended without an answer.

    The native reader gives up by an abort where it finds no memory; the system ends what works too long.
    """
    signals = {name: getattr(signal, name, None) for name in ("SIGABRT", "SIGXCPU", "SIGKILL")}
    died_by = next((name for name, number in signals.items() if number is not None and code == -number), None)
    if late or died_by == "SIGXCPU":
        return refuse(filename, Refusal.TOO_SLOW, limit=round(limits.max_seconds))
    if died_by is not None:
        return refuse(filename, Refusal.TOO_MUCH_MEMORY, limit=limits.max_memory)
    return refuse(filename, Refusal.DAMAGED, found=Found.BROKE_READER)
