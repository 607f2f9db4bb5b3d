"""Why a row has its entry, field by field, read from the plan alone.

Invariants: nothing is weighed again: levels and weights are those of `plan.candidates`; the running total of the last
field is the candidate's weight; values of students who are not in the base are unknown here and stay empty.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from rosterdiff.errors import InvalidOption
from rosterdiff.evidence import CandidateEvidence, Explanation, FieldEvidence
from rosterdiff.frames import Roster
from rosterdiff.levels import Comparison
from rosterdiff.model import Action, Pool, Reason
from rosterdiff.plans import Plan
from rosterdiff.schema import COMPARED, LEVEL_COLUMNS, WEIGHT_COLUMNS
from rosterdiff.sentences import REASONS, level_sentence

Record = Mapping[str, Any]


def explain(plan: Plan, row: int) -> Explanation:
    """Explain the entry of one row: its reason in words, and what each field says of each candidate.

    Args:
        plan: a plan, resolved or not.
        row: the 0-based row of the incoming roster, as in `plan.entries`.

    Returns:
        The explanation, with the candidates in their rank; without candidates for a row that resembles nobody.

    Raises:
        InvalidOption: the plan has no such row.

    """
    action, reason = _entry_of(plan, row)
    candidates = plan.candidates.filter(pl.col("row") == row).sort("rank", "student_id")
    students = _students_of(plan.base, candidates["student_id"])
    values = _values(plan.incoming.frame.row(row, named=True))
    return Explanation(
        row=row,
        action=action,
        reason=reason,
        sentence=str(REASONS[reason]),
        candidates=tuple(
            _candidate(line, values, students.get(line["student_id"], {}) if line["pool"] == Pool.BASE.value else {})
            for line in candidates.iter_rows(named=True)
        ),
    )


def _entry_of(plan: Plan, row: int) -> tuple[Action, Reason]:
    entry = plan.entries.filter(pl.col("row") == row) if 0 <= row < len(plan.incoming) else plan.entries.clear()
    if entry.is_empty():
        raise InvalidOption(
            f"The plan has no row {row}.",
            f"Its rows are 0 to {len(plan.incoming) - 1}, as in plan.entries."
            if len(plan.incoming)
            else "It was made from uploads without rows.",
        )
    return Action(entry["action"][0]), Reason(entry["reason"][0])


def _students_of(base: Roster, student_ids: pl.Series) -> dict[str, Record]:
    students = base.frame.filter(pl.col("student_id").is_in(student_ids.to_list()))
    return {student["student_id"]: _values(student) for student in students.iter_rows(named=True)}


def _values(record: Record) -> dict[str, str | None]:
    return {name: None if record[name] is None else str(record[name]) for name in COMPARED}


def _candidate(line: Record, row: Record, student: Record) -> CandidateEvidence:
    return CandidateEvidence(
        student_id=line["student_id"],
        pool=Pool(line["pool"]),
        rank=line["rank"],
        probability=line["probability"],
        weight=line["weight"],
        taken_by=line["taken_by"],
        fields=_fields(line, row, student),
    )


def _fields(line: Record, row: Record, student: Record) -> tuple[FieldEvidence, ...]:
    """The evidence of every comparison that was made, with the running total in their order."""
    found: list[FieldEvidence] = []
    millibits = 0  # weights are whole 1/1000 bits, so that their sum has no rounding of its own
    for comparison in Comparison:
        level, weight = line[LEVEL_COLUMNS[comparison]], line[WEIGHT_COLUMNS[comparison]]
        if level is None:
            continue
        millibits += round((weight or 0.0) * 1000)
        found.append(
            FieldEvidence(
                comparison=comparison,
                level=level,
                sentence=level_sentence(comparison, level),
                weight=weight or 0.0,
                total=millibits / 1000,
                row_value=row.get(comparison),
                student_value=student.get(comparison),
            )
        )
    return tuple(found)
