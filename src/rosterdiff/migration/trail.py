"""The audit trail: every event of a school's journal as a frame, for people and for export.

Invariants: who, when, what, on which plan; counts and ids, never a cell value; nothing is left out and nothing is
altered. Moments are given in UTC.
"""

import json
from datetime import UTC
from typing import Final

import polars as pl

from rosterdiff.migration.states import Kind
from rosterdiff.migration.wording import happened
from rosterdiff.roles import Role
from rosterdiff.schema import enum_of
from rosterdiff.stores import Journal

AUDIT: Final = pl.Schema(
    {
        "position": pl.UInt64(),
        "at": pl.Datetime("us", "UTC"),
        "role": enum_of(Role),
        "actor": pl.String(),
        "event": enum_of(Kind),
        "stream": pl.String(),
        "version": pl.UInt32(),
        "plan_id": pl.String(),
        "told": pl.String(),  # in words
        "facts": pl.String(),  # as JSON
    }
)
"""One event a line, in the order in which they happened; `write_csv` and `write_ndjson` of the frame export it."""


def audit(journal: Journal, *, after: int = 0) -> pl.DataFrame:
    """The events of a journal (`AUDIT`).

    Args:
        journal: of the school.
        after: leave out events up to this position, as a host does that collects them.

    """
    lines = [
        (
            event.position,
            event.at.astimezone(UTC),
            event.actor.role.value,
            event.actor.name,
            event.kind,
            event.stream,
            event.version,
            event.facts.get("plan_id"),
            happened(event),
            json.dumps(event.facts, ensure_ascii=False, sort_keys=True),
        )
        for event in journal.read(after=after)
    ]
    return pl.DataFrame(lines, schema=AUDIT, orient="row")
