"""The plan as one JSON document for a host's own screens, with the schema that describes it.

Invariants: the document has exactly what `plan.schema.json` allows; it is the same for the same plan; every value of a
student or a row stands once, in its entry. It is made for reading: unlike logs, it carries values.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any, Final

import polars as pl

from rosterdiff.frames import Roster
from rosterdiff.levels import Comparison
from rosterdiff.model import Action
from rosterdiff.plans import Plan
from rosterdiff.schema import LEVEL_COLUMNS, PROVENANCE, WEIGHT_COLUMNS

FORMAT_VERSION: Final = 3
"""Raised whenever a document would no longer fit the schema of the number before."""

_Pair = tuple[int | None, str | None]


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """Give the whole plan as data that `json.dumps` takes; `docs/plan-format.md` describes it.

    Weights and margins are in bits; an unbounded one is null.
    """
    return {
        "format": "rosterdiff plan document",
        "format_version": FORMAT_VERSION,
        "plan_id": plan.plan_id,
        "origin": plan.origin,
        "mode": plan.mode.value,
        "as_of": plan.as_of.isoformat() if plan.as_of else None,
        "school_year": plan.school_year,
        "counts": dict(plan.counts),
        "held_by": list(plan.held_by),
        "guards": _records(plan.guards),
        "overrides": [
            {"plan_id": o.plan_id, "code": o.code.value, "actor": str(o.actor), "reason": o.reason}
            for o in plan.overrides
        ],
        "deletable": _deletable(plan),
        "grade_steps": _records(plan.steps),
        "coverage": _records(plan.coverage),
        "issues": _records(plan.issues),
        "entries": list(_entries(plan)),
    }


def plan_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of what `plan_to_json` gives.

    >>> plan_schema()["$schema"]
    'https://json-schema.org/draft/2020-12/schema'
    """
    text = resources.files("rosterdiff.planning").joinpath("plan.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def _entries(plan: Plan) -> Iterator[dict[str, Any]]:
    changes = _changes(plan)
    candidates = _candidates(plan, changes)
    rows, students = _row_values(plan.incoming), _student_values(plan.base)
    sources = _sources(plan.incoming)
    for entry in _records(plan.entries):
        row, student_id = entry["row"], entry["student_id"]
        in_review = entry["action"] == Action.REVIEW.value
        yield {
            **entry,
            "source": None if row is None else sources[row],
            "row_values": None if row is None else rows[row],
            "student_values": None if student_id is None else students[student_id],
            "changes": [] if in_review else changes.get((row, student_id), []),
            "candidates": candidates.get(row, []),
        }


def _changes(plan: Plan) -> Mapping[_Pair, list[dict[str, Any]]]:
    by_pair: dict[_Pair, list[dict[str, Any]]] = defaultdict(list)
    for change in _records(plan.changes):
        by_pair[change.pop("row"), change.pop("student_id")].append(change)
    return by_pair


def _candidates(plan: Plan, changes: Mapping[_Pair, list[dict[str, Any]]]) -> Mapping[int | None, list[dict[str, Any]]]:
    """The candidates of every row, best first; changes are those that would follow if the candidate were chosen."""
    settled = set(plan.entries.filter(pl.col("action") != Action.REVIEW.value).select("row", "student_id").rows())
    by_row: dict[int | None, list[dict[str, Any]]] = defaultdict(list)
    for line in _records(plan.candidates.sort("row", "rank")):
        pair = (line["row"], line["student_id"])
        by_row[line["row"]].append(
            {
                **{name: line[name] for name in ("student_id", "pool", "rank", "probability", "weight", "taken_by")},
                "evidence": _evidence(line),
                "changes": [] if pair in settled else changes.get(pair, []),
            }
        )
    return by_row


def _evidence(line: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"comparison": c.value, "level": line[LEVEL_COLUMNS[c]], "weight": line[WEIGHT_COLUMNS[c]]}
        for c in Comparison
        if line[LEVEL_COLUMNS[c]] is not None
    ]


def _row_values(roster: Roster) -> list[dict[str, str]]:
    values = roster.frame.drop(PROVENANCE).with_columns(pl.all().cast(pl.String))
    return [{name: value for name, value in line.items() if value is not None} for line in values.iter_rows(named=True)]


def _student_values(roster: Roster) -> dict[str, dict[str, str]]:
    return dict(zip(roster.frame["student_id"].to_list(), _row_values(roster), strict=True))


def _sources(roster: Roster) -> list[dict[str, Any]]:
    names = {"source_file": "file", "source_sheet": "sheet", "source_row": "row"}
    return roster.frame.select(*names).rename(names).to_dicts()


def _deletable(plan: Plan) -> dict[str, int]:
    certain = int(plan.deletable["certain"].sum())
    return {"certain": certain, "held": plan.deletable.height - certain}


def _records(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Every line as plain JSON values; a float that is not finite is null."""
    floats = pl.selectors.float()
    finite = frame.with_columns(pl.when(floats.is_finite()).then(floats)) if frame.width else frame
    return finite.to_dicts()
