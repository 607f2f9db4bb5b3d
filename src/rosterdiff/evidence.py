"""An explanation as data: why a row has its entry, field by field.

Invariants: the weights of a candidate's fields add up to its weight; values are kept out of `repr`.
"""

import attrs
from attrs import frozen

from rosterdiff.levels import Comparison
from rosterdiff.model import Action, Pool, Reason


@frozen
class FieldEvidence:
    """What one field says for or against a candidate.

    Attributes:
        weight: bits for (positive) or against (negative).
        total: the running sum of the weights, in the order of the comparisons.
        row_value, student_value: the two values; kept out of `repr`.

    """

    comparison: Comparison
    level: str
    sentence: str
    weight: float
    total: float
    row_value: str | None = attrs.field(default=None, repr=False)
    student_value: str | None = attrs.field(default=None, repr=False)


@frozen
class CandidateEvidence:
    """One candidate of a row, with the evidence field by field."""

    student_id: str
    pool: Pool
    rank: int
    probability: float
    weight: float
    taken_by: int | None
    fields: tuple[FieldEvidence, ...]


@frozen
class Explanation:
    """Why a row has its entry: the action, the reason in words, and every candidate's evidence."""

    row: int
    action: Action
    reason: Reason
    sentence: str
    candidates: tuple[CandidateEvidence, ...]
