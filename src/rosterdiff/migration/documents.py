"""Decisions and further names as documents of the journal: what may not stand in its events, which are never purged.

Invariants: what is written is read back as the validated objects; another document is refused, not half read.
"""

from collections.abc import Iterable
from typing import Final

from rosterdiff.errors import DamagedRecord
from rosterdiff.model import Decision, KnownName
from rosterdiff.planning import records

_FORMAT: Final = 1
_UNUSABLE: Final = (AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What content that no version of ours wrote may raise; a `RosterError` of an option is a ValueError."""


def encode_decisions(decisions: Iterable[Decision]) -> bytes:
    """Write decisions as a document.

    >>> decode_decisions(encode_decisions([Decision(3, verdict="new")])) == (Decision(3, verdict="new"),)
    True
    """
    return records.encode({"format": _FORMAT, "decisions": [records.decision_to_dict(each) for each in decisions]})


def decode_decisions(content: bytes) -> tuple[Decision, ...]:
    """Read what `encode_decisions` wrote.

    Raises:
        DamagedRecord: it is no such document.

    """
    try:
        document = records.decode(content)
        if document["format"] != _FORMAT:
            raise ValueError("another format")
        return tuple(records.decision_from_dict(each) for each in document["decisions"])
    except _UNUSABLE:
        raise DamagedRecord("document of decisions") from None


def encode_name(name: KnownName, student_key: str) -> bytes:
    """Write a further name of a student, whose record's identity is `student_key`."""
    told = {"student_id": name.student_id, "given_name": name.given_name, "family_name": name.family_name}
    return records.encode({"format": _FORMAT, "name": told, "student_key": student_key})


def decode_name(content: bytes) -> tuple[KnownName, str]:
    """Read what `encode_name` wrote: the name, and the key of the student's record.

    Raises:
        DamagedRecord: it is no such document.

    """
    try:
        document = records.decode(content)
        return KnownName(**document["name"]), str(document["student_key"])
    except _UNUSABLE:
        raise DamagedRecord("document of a name") from None
