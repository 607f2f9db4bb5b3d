"""What persons said in every workflow of a school, as it is remembered: listed, revocable, given to the next plan.

Invariants: what was revoked is not used again, unless somebody says it again later; of two answers to one question the
later one counts; what was purged is not remembered.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

import polars as pl
from attrs import field, frozen

from rosterdiff.errors import UnknownDocument
from rosterdiff.frames import Roster, student_keys
from rosterdiff.migration.documents import decode_decisions, decode_name
from rosterdiff.migration.states import Kind
from rosterdiff.model import Actor, Decision, KnownName
from rosterdiff.stores import Event, Journal

RECORDS: Final = "records"
"""The stream of what belongs to no single workflow: further names, what was revoked, purges, single restores."""


@frozen
class Memo:
    """One thing that is remembered.

    Attributes:
        memo_id: by which it is revoked: a digest of what it says.
        decision, name: what it says; one of the two.
        student_key: of a name: the identity of the student's record for which it was given.
        stream, number: the workflow in which it was said.

    """

    memo_id: str
    actor: Actor
    at: datetime
    stream: str
    number: int
    decision: Decision | None = None
    name: KnownName | None = field(default=None, repr=False)
    student_key: str = ""

    @property
    def question(self) -> tuple[object, ...]:
        """What it answers: a later answer to the same question takes its place."""
        if self.decision is None:
            return (self.memo_id,)
        return self.stream, self.number, self.decision.plan_id, subject_of(self.decision)


def subject_of(decision: Decision) -> tuple[str, int | str | None]:
    """What a decision is about, within its plan: a row, or a student."""
    return ("row", decision.row) if decision.row is not None else ("student", decision.student_id)


def recollect(journal: Journal, events: Iterable[Event] | None = None) -> tuple[Memo, ...]:
    """All that is remembered, in the order in which it was said.

    Args:
        journal: of the school.
        events: those to look at; all by default.

    """
    memos: dict[tuple[object, ...], Memo] = {}
    for event in journal.read() if events is None else events:
        if event.kind == Kind.FORGOTTEN:
            memos = {key: memo for key, memo in memos.items() if memo.memo_id != event.facts["memory"]}
        for memo in _memos_of(journal, event):
            memos.pop(memo.question, None)
            memos[memo.question] = memo
    return tuple(memos.values())


def _memos_of(journal: Journal, event: Event) -> Iterator[Memo]:
    if event.kind not in {Kind.DECIDED, Kind.RESTORED, Kind.REMEMBERED} or "document" not in event.facts:
        return
    try:
        content = journal.get_document(event.stream, event.facts["document"])
    except UnknownDocument:
        return
    where = {"at": event.at, "stream": event.stream, "number": event.facts.get("number", 0)}
    if event.kind == Kind.REMEMBERED:
        name, key = decode_name(content)
        memo_id = _digest("name", key, name.given_name, name.family_name)
        yield Memo(memo_id, event.actor, **where, name=name, student_key=key)
        return
    for decision in decode_decisions(content):
        memo_id = _digest(decision.row_key, decision.student_key, decision.verdict.value)
        yield Memo(memo_id, decision.actor or event.actor, **where, decision=decision)


def _digest(*parts: str | None) -> str:
    return sha256(repr(parts).encode()).hexdigest()[:12]


def names_for(memos: Iterable[Memo], base: Roster) -> tuple[KnownName, ...]:
    """The further names that are remembered of students whose id and names are as they were."""
    named = [memo for memo in memos if memo.name is not None]
    if not named:
        return ()
    known = set(student_keys(base))
    return tuple(memo.name for memo in named if memo.name is not None and memo.student_key in known)


MEMORY: Final = pl.Schema(
    {
        "memory": pl.String(),
        "says": pl.String(),
        "student_id": pl.String(),
        "row": pl.UInt32(),
        "said_by": pl.String(),
        "said_at": pl.Datetime("us", "UTC"),
        "in": pl.String(),
    }
)
"""What is remembered, one line each: `says` is a verdict or `name`; `row` the row of the plan in which it was said."""


def list_memory(memos: Iterable[Memo]) -> pl.DataFrame:
    """What is remembered as a frame (`MEMORY`), without a cell value."""
    lines = [
        (
            memo.memo_id,
            memo.decision.verdict.value if memo.decision else "name",
            memo.decision.student_id if memo.decision else memo.name and memo.name.student_id,
            memo.decision.row if memo.decision else None,
            str(memo.actor),
            memo.at.astimezone(UTC),
            f"{memo.stream} {memo.number}" if memo.number else memo.stream,
        )
        for memo in memos
    ]
    return pl.DataFrame(lines, schema=MEMORY, orient="row")
