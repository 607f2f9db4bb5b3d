"""An explanation as data: why a row has its entry, field by field.

Invariants: the weights of a candidate's fields add up to its weight; values are kept out of `repr`, and out of a
notebook unless they are asked for.
"""

import attrs
from attrs import frozen

from rosterdiff.levels import Comparison
from rosterdiff.model import Action, Pool, Reason
from rosterdiff.notebook import html_part, html_table, html_text


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

    def to_html(self, *, values: bool = False) -> str:
        """Write the explanation as HTML tables, a candidate each.

        Args:
            values: also show the two values of every field: they are a child's.

        """
        parts = [
            html_text(self.sentence),
            *(_candidate_html(candidate, values=values) for candidate in self.candidates),
        ]
        return html_part(f"Row {self.row}: {self.action}, {self.reason}", *parts)

    def _repr_html_(self) -> str:
        return self.to_html()


def _candidate_html(candidate: CandidateEvidence, *, values: bool) -> str:
    said = [field for field in candidate.fields if field.level != "missing" or field.weight]
    headers = ["Field", *(["In the upload", "Student"] if values else []), "What was found", "Bits", "Sum"]
    rows = [
        [
            field.comparison.value,
            *([field.row_value, field.student_value] if values else []),
            field.sentence,
            field.weight,
            field.total,
        ]
        for field in said
    ]
    title = (
        f"Candidate {candidate.rank} ({candidate.pool}): {candidate.weight:+.1f} bits, p = {candidate.probability:.4f}"
    )
    return html_part(title, html_table(headers, rows))
