"""Memory of this process, as the operating system counts it."""

import resource
from pathlib import Path


def memory_mb(field: str) -> float:
    """Memory of this process by Linux's name: `VmRSS` now, `VmHWM` at its peak; elsewhere the peak for both.

    The peak of `resource` is the last resort, because on Linux it counts the memory of the parent process too.
    """
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    found = [int(line.split()[1]) / 1024 for line in lines if line.startswith(field)]
    return found[0] if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
