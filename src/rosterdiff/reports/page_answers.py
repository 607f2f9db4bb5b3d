"""The file in which the review page saves decisions, read back: each with its place, all problems at once.

Invariants: the file is bound to one plan by its id; every decision of it is well formed or told by its number; no
message repeats what a value says. A name in the file is what somebody typed, and no proof of who that was.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from rosterdiff.errors import InvalidDecisions, InvalidOption, UnreadableFile
from rosterdiff.model import Actor, Decision, Role, Verdict

MARKER: Final = "rosterdiff decisions"
FORMAT: Final = 1

_MOST_BYTES: Final = 50_000_000
_MOST_ROW: Final = 2**32
_MOST_NAME: Final = 200  # characters, as of every actor
_RESEND: Final = "Send the file that “Save decisions” of the review page gave."
_TEXTS: Final = ("student_id", "comment", "by")


def is_page_file(source: Path) -> bool:
    """Say whether a file is JSON, as the page saves it, rather than a workbook."""
    if not source.is_file():
        return False
    with source.open("rb") as stream:
        start = stream.read(64)
    return start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def read_page_decisions(source: Path) -> tuple[Decision, ...]:
    """The decisions of a file that the review page saved.

    Returns:
        A decision for every question that the page asked; `open` where nothing was decided. Each has the plan's id,
        its place in the file, and as its actor the staff member of the name that was typed.

    Raises:
        UnreadableFile: the file is no such file, or of another version.
        InvalidDecisions: decisions are not well formed; every problem is named by its number.

    """
    record = _load(source)
    plan_id, stated = record.get("plan_id"), record.get("decisions")
    if not isinstance(plan_id, str) or not plan_id or not isinstance(stated, list):
        raise _foreign(source.name)
    problems: list[str] = []
    decisions = tuple(_decisions(stated, plan_id, source.name, problems))
    if problems:
        raise InvalidDecisions(problems)
    return decisions


def _load(source: Path) -> Mapping[str, Any]:
    if source.stat().st_size > _MOST_BYTES:
        raise UnreadableFile(source.name, "too_large", "the file is larger than any file of decisions.", _RESEND)
    try:
        record = json.loads(source.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise _foreign(source.name) from None
    if not isinstance(record, dict) or record.get("format") != MARKER:
        raise _foreign(source.name)
    if record.get("version") != FORMAT:
        raise UnreadableFile(source.name, "other_version", "another version of rosterdiff wrote this file.", _RESEND)
    return record


def _foreign(filename: str) -> UnreadableFile:
    problem = "expected decisions that the review page saved (.json), found another file."
    return UnreadableFile(filename, "not_a_review", problem, _RESEND)


def _decisions(stated: list[Any], plan_id: str, filename: str, problems: list[str]) -> Iterator[Decision]:
    for number, each in enumerate(stated, start=1):
        place = f"{filename}, decision {number}"
        if not _well_formed(each):
            problems.append(f"{place}: expected a row or a student with a verdict, found something else.")
            continue
        try:
            yield _decision(each, plan_id, place)
        except InvalidOption as refusal:
            problems.append(f"{place}: {refusal.problem}")


def _well_formed(each: Any) -> bool:
    """Whether a decision has the fields that it may have, each of its type; about a row or a student."""
    if not isinstance(each, dict) or not each.keys() <= {"row", "verdict", *_TEXTS}:
        return False
    row, verdict = each.get("row"), each.get("verdict")
    row_fits = row is None or (type(row) is int and 0 <= row < _MOST_ROW)
    texts_fit = all(isinstance(each.get(name, ""), str) for name in _TEXTS)
    if not (row_fits and texts_fit and len(each.get("by", "")) <= _MOST_NAME):
        return False
    return (row is not None or bool(each.get("student_id"))) and isinstance(verdict, str) and verdict in set(Verdict)


def _decision(each: Mapping[str, Any], plan_id: str, place: str) -> Decision:
    name = each.get("by", "").strip()
    return Decision(
        row=each.get("row"),
        student_id=each.get("student_id"),
        verdict=each["verdict"],
        actor=Actor(Role.STAFF, name) if name else None,
        comment=each.get("comment", ""),
        plan_id=plan_id,
        place=place,
    )
