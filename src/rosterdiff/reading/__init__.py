"""Bytes → Roster and issues: whatever a school sends, or one clear refusal.

Invariants: a file is known by its content, not by its name; nothing is guessed in silence; every fault in the data is
an issue with its place, and the only error raised is `UnreadableFile`; no message holds a value of a cell. The name is
loaded when it is first used, so that the process that opens workbooks (`isolated`) starts without polars.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rosterdiff.reading.read import Upload, open_upload, read_roster

__all__ = ["Upload", "open_upload", "read_roster"]


def __getattr__(name: str) -> Any:  # Any: the type checker sees the imports above instead
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from rosterdiff.reading import read

    return getattr(read, name)
