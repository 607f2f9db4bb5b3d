"""Bytes → Roster and issues: whatever a school sends, or one clear refusal.

Invariants: a file is known by its content, not by its name; nothing is guessed in silence; every fault in the data is
an issue with its place, and the only error raised is `UnreadableFile`; no message holds a value of a cell. The name is
loaded when it is first used, so that the process that opens workbooks (`isolated`) starts without polars.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rosterdiff.reading.read import read_roster

__all__ = ["read_roster"]


def __getattr__(name: str) -> Any:  # Any: the type checker sees the import above instead
    if name != "read_roster":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from rosterdiff.reading.read import read_roster

    return read_roster
