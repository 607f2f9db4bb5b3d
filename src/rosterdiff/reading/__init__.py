"""Bytes → Roster and issues: whatever a school sends, or one clear refusal.

Invariants: a file is known by its content, not by its name; nothing is guessed in silence; every fault in the data is
an issue with its place, and the only error raised is `UnreadableFile`; no message holds a value of a cell.
"""

from rosterdiff.reading.read import Upload, open_upload, read_roster

__all__ = ["Upload", "open_upload", "read_roster"]
