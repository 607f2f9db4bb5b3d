"""An explanation on the terminal: each field's two values, what was found, and its weight as a step of a waterfall.

Invariants: steps stand on one scale for each candidate; a step for and a step against differ in more than colour.
"""

from typing import Final

from rich.console import Console
from rich.table import Column
from rich.text import Text

from rosterdiff.evidence import CandidateEvidence, Explanation, FieldEvidence
from rosterdiff.levels import Comparison, TogetherLevel
from rosterdiff.model import Action, Pool
from rosterdiff.reports.questions import percent
from rosterdiff.reports.tables import STYLES, fixed, head, number, print_table, say
from rosterdiff.sentences import ACTIONS, POOLS, REASONS, comparison_label, level_phrase, likelihood

_BAR: Final = 12  # characters
_FOR, _AGAINST, _AXIS = "█", "░", "│"
_FOR_ASCII, _AGAINST_ASCII, _AXIS_ASCII = "+", "-", "|"
_SILENT: Final = frozenset({"missing", TogetherLevel.APART.value})
"""Levels that have no line of their own where they weigh nothing."""


def print_explanation(explanation: Explanation, console: Console) -> None:
    """Print why a row has its entry, field by field.

    Args:
        explanation: what `explain` gives.
        console: where to print; a rich console.

    """
    title = f"Row {explanation.row}: {ACTIONS[explanation.action].title}. {REASONS[explanation.reason].title}"
    head(console, title, STYLES[explanation.action])
    say(console, explanation.sentence)
    if not explanation.candidates and explanation.action is not Action.ADD:
        say(console, "It has no candidates.")
    for candidate in explanation.candidates:
        _print_candidate(candidate, console)


def _print_candidate(candidate: CandidateEvidence, console: Console) -> None:
    taken = f", already matched with row {candidate.taken_by}" if candidate.taken_by is not None else ""
    certainty = f"{likelihood(candidate.probability)}, {percent(candidate.probability)}"
    head(console, f"{candidate.rank}. {POOLS[candidate.pool].capitalize()} {candidate.student_id}: {certainty}{taken}")
    if candidate.pool is not Pool.BASE:
        say(console, "The values of this student are not part of the plan.", "dim", indent=2)
    told = [evidence for evidence in candidate.fields if evidence.level not in _SILENT or evidence.weight]
    silent = [
        comparison_label(evidence.comparison)
        for evidence in candidate.fields
        if evidence.level == "missing" and evidence not in told and evidence.comparison is not Comparison.FURTHER
    ]
    columns: list[Column | str] = [
        fixed("Field"),
        "In the upload",
        "Student",
        "What was found",
        number("Bits"),
        fixed("Sum"),
    ]
    print_table(console, columns, _lines(told, candidate.weight, console))
    if silent:
        say(console, f"Not compared, because a value is missing: {', '.join(silent)}.", "dim", indent=2)


def _lines(told: list[FieldEvidence], weight: float, console: Console) -> list[list[str | Text]]:
    low = min(0.0, *(evidence.total for evidence in told), 0.0)
    high = max(0.0, *(evidence.total for evidence in told), 0.0)
    ascii_only = console.options.ascii_only
    lines: list[list[str | Text]] = [
        [
            comparison_label(evidence.comparison),
            evidence.row_value or "",
            evidence.student_value or "",
            level_phrase(evidence.comparison, evidence.level),
            f"{evidence.weight:+.1f}",
            _step(evidence, low, high, ascii_only=ascii_only),
        ]
        for evidence in told
    ]
    return [*lines, [Text("All together", "bold"), "", "", "", Text(f"{weight:+.1f}", "bold"), ""]]


def _step(evidence: FieldEvidence, low: float, high: float, *, ascii_only: bool) -> Text:
    """The stretch of the scale from the sum before this field to the sum after it."""
    scale = (_BAR - 1) / ((high - low) or 1.0)
    before, after, zero = (round((at - low) * scale) for at in (evidence.total - evidence.weight, evidence.total, 0.0))
    start, stop = sorted((before, after))
    positive = evidence.weight >= 0
    block = (_FOR_ASCII if positive else _AGAINST_ASCII) if ascii_only else (_FOR if positive else _AGAINST)
    axis = _AXIS_ASCII if ascii_only else _AXIS
    drawn = "".join(
        block if start <= at <= stop and evidence.weight else axis if at == zero else " " for at in range(_BAR)
    )
    return Text(drawn.rstrip(), style="green" if positive else "red")
