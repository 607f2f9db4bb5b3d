"""The process that opens one file: limits first, then bytes in, frames out.

Invariants: the limits of the system hold before a byte of the file is read; the request and the file come through
standard input (a password never stands in an argument or the environment), frames go to standard output, and nothing
else is written anywhere.
"""

import gc
import json
import sys
from collections.abc import Generator
from typing import Final

from rosterdiff.reading.isolated.frames import Frame, Kind, Limits, RefusedError, Request, write_frame
from rosterdiff.reading.isolated.opening import open_file

_FILES: Final = 64
"""Open files: the pipes, and modules that are imported late."""


def main() -> None:
    """Read the request and the file, limit this process, answer."""
    said = json.loads(sys.stdin.buffer.readline())
    request = Request(
        Limits(*said["limits"]),
        None if said["sheets"] is None else tuple(said["sheets"]),
        said["password"],
        nested=said["nested"],
        guarded=limit_process(Limits(*said["limits"])),
    )
    gc.disable()  # cells are no cycles; looking for some among millions takes longer than reading them
    out = sys.stdout.buffer
    for frame in answer(sys.stdin.buffer.read(said["size"]), request):
        write_frame(out, frame)
    out.flush()


def answer(data: bytes, request: Request) -> Generator[Frame]:
    """The frames of a file; what goes wrong is the last of them."""
    try:
        yield from open_file(data, request)
    except RefusedError as refused:
        facts = {"cause": refused.cause, "found": refused.found, "limit": refused.limit}
        yield Frame(Kind.REFUSED, facts)
    except MemoryError:
        yield Frame(Kind.REFUSED, {"cause": "too_much_memory", "found": None, "limit": None})
    else:
        yield Frame(Kind.END, {})


def limit_process(limits: Limits) -> bool:
    """Let the system stop this process where it takes too much; whether it guards the memory.

    Windows has no such limits, and macOS does not keep the one of memory.
    """
    try:
        import resource
    except ImportError:
        return False
    seconds = max(1, round(limits.max_seconds))
    wanted = {
        "RLIMIT_AS": limits.max_memory,
        "RLIMIT_CPU": seconds,
        "RLIMIT_FSIZE": limits.max_unpacked,  # decrypting an xls takes a file without a name
        "RLIMIT_CORE": 0,
        "RLIMIT_NOFILE": _FILES,
    }
    held = {name for name, value in wanted.items() if _limit(resource, name, value)}
    return "RLIMIT_AS" in held and sys.platform.startswith(("linux", "freebsd"))


def _limit(resource: object, name: str, value: int) -> bool:
    """Set one limit, never above what this process was given."""
    kind = getattr(resource, name, None)
    if kind is None:
        return False
    _, most = resource.getrlimit(kind)  # type: ignore[attr-defined]  # the module is not on every system
    value = value if most < 0 else min(value, most)
    last = value + 1 if name == "RLIMIT_CPU" and most < 0 else value  # at the first of the two there is a signal
    try:
        resource.setrlimit(kind, (value, last))  # type: ignore[attr-defined]
    except (ValueError, OSError):
        return False
    return True
