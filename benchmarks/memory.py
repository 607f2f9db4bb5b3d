"""Memory and processor time of this process, as the operating system counts them."""

import resource
from pathlib import Path
from time import process_time


def processor_seconds() -> float:
    """Seconds of the processor that this process, and those that it started and saw end, have used."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + ended.ru_utime + ended.ru_stime


def memory_mb(field: str) -> float:
    """Memory of this process by Linux's name: `VmRSS` now, `VmHWM` at its peak; elsewhere the peak for both.

    The peak of `resource` is the last resort, because on Linux it counts the memory of the parent process too.
    """
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    found = [int(line.split()[1]) / 1024 for line in lines if line.startswith(field)]
    return found[0] if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
