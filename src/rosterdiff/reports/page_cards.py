"""The review groups of a plan as cards of the page: plain data, ready to be written as JSON.

Invariants: the questions, their keys and their words are those of the workbook; a card holds no markup; a plan of any
size gives a bounded number of cards, and how many are left out is counted.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl
from attrs import frozen

from rosterdiff.levels import LEVELS_OF, Comparison
from rosterdiff.model import Pool
from rosterdiff.plans import IS_OPEN, Plan
from rosterdiff.reports.cells import shown
from rosterdiff.reports.page_neighbours import neighbours_of
from rosterdiff.reports.questions import (
    Block,
    Candidate,
    HeldStudent,
    OpenRow,
    Values,
    percent,
    review_blocks,
    shown_fields,
)
from rosterdiff.reports.review_form import (
    candidate_bar,
    candidate_name,
    class_key,
    class_title,
    row_key,
    row_verdicts,
    row_where,
    student_key,
    student_note,
)
from rosterdiff.schema import LEVEL_COLUMNS, WEIGHT_COLUMNS
from rosterdiff.sentences import comparison_label, field_label, level_sentence, likelihood

Card = dict[str, Any]
"""What JSON can hold."""

Evidence = Mapping[tuple[int, str, str], tuple[list[int], list[int]]]
"""Row, student and pool → the steps of its weight, three numbers each: comparison, level (the place of each among its
kind), weight in 1/1000 bit; and the comparisons for which a value is missing."""

MOST_PEOPLE: Final = 20_000
"""Rows and students on all cards together; a page of more would be slow to open."""


@frozen
class _Facts:
    fields: tuple[str, ...]
    evidence: Evidence
    neighbours: Mapping[int, list[list[str]]]
    files: Mapping[int, str]


def review_cards(plan: Plan, most: int) -> tuple[list[list[str]], list[Card], int]:
    """The fields that cards show, the cards, and how many groups are left out.

    Args:
        plan: a plan, resolved or not.
        most: the most cards that are made.

    Returns:
        `[name, label]` of every field shown; a card for each group, in the order of the groups; the number of groups
        for which there is no card.

    """
    groups, left_out = _chosen_groups(plan, most)
    blocks = review_blocks(plan, groups)
    fields = shown_fields(blocks)
    rows = pl.Series([row.row for block in blocks for row in block.rows], dtype=pl.UInt32)
    facts = _Facts(fields, _evidence_of(plan, rows), neighbours_of(plan, rows), _files_of(plan, rows))
    return [[name, field_label(name)] for name in fields], [_card(block, facts) for block in blocks], left_out


def comparison_words() -> list[dict[str, Any]]:
    """Every comparison with its label, its levels and their sentences, in the order in which cards number them."""
    return [
        {
            "label": comparison_label(comparison),
            "levels": [str(level) for level in LEVELS_OF[comparison]],
            "sentences": [level_sentence(comparison, level) for level in LEVELS_OF[comparison]],
        }
        for comparison in Comparison
    ]


def _chosen_groups(plan: Plan, most: int) -> tuple[pl.Series, int]:
    """The first groups, as many as a page can hold, and the number of the others."""
    sizes = plan.entries.filter(IS_OPEN).group_by("group").len().sort("group")
    people = sizes["len"].cum_sum() - sizes["len"]  # of the groups before
    chosen = sizes.filter(people < MOST_PEOPLE).head(most)["group"]
    return chosen, sizes.height - chosen.len()


def _evidence_of(plan: Plan, rows: pl.Series) -> Evidence:
    found = plan.candidates.filter(pl.col("row").is_in(rows.implode())).select(
        "row",
        "student_id",
        pl.col("pool").cast(pl.String),
        levels=pl.concat_list(pl.col(LEVEL_COLUMNS[c]).to_physical().cast(pl.Int16) for c in Comparison),
        weights=pl.concat_list(
            (pl.col(WEIGHT_COLUMNS[c]).fill_null(0.0) * 1000).round().cast(pl.Int32) for c in Comparison
        ),
    )
    return {(row, student_id, pool): _steps(levels, weights) for row, student_id, pool, levels, weights in found.rows()}


def _place_of(name: str) -> list[int | None]:
    """Where the level of this name stands among the levels of each comparison; None where there is none."""
    places = [{str(level): at for at, level in enumerate(LEVELS_OF[comparison])} for comparison in Comparison]
    return [levels.get(name) for levels in places]


_MISSING: Final = _place_of("missing")
_APART: Final = _place_of("apart")


def _steps(levels: list[int | None], weights: list[int]) -> tuple[list[int], list[int]]:
    """What has something to say, and what is missing; a field that says nothing is in neither."""
    steps: list[int] = []
    missing: list[int] = []
    for at, (level, weight) in enumerate(zip(levels, weights, strict=True)):
        if level is None:
            continue
        if weight or level not in (_MISSING[at], _APART[at]):
            steps += (at, level, weight)
        elif level == _MISSING[at]:
            missing.append(at)
    return steps, missing


def _files_of(plan: Plan, rows: pl.Series) -> dict[int, str]:
    frame = plan.incoming.frame.filter(pl.col("row").is_in(rows.implode())).select("row", "source_file")
    return {row: shown(name) for row, name in frame.iter_rows()}


def _card(block: Block, facts: _Facts) -> Card:
    of_class = {student.number for student in block.of_class}
    return {
        "group": block.group,
        "reason": block.reason.value,
        "students": _students(block, facts.fields),
        "rows": [_row(row, block, facts) for row in block.rows],
        "held": [_held(student, block, in_class=student.number in of_class) for student in block.students],
        **({"of_class": {"key": class_key(block), "title": class_title(block)}} if of_class else {}),
    }


def _students(block: Block, fields: Sequence[str]) -> list[Card]:
    """The numbered students of a block, in the order of their numbers."""
    named: dict[int, tuple[str, Values]] = {
        candidate.number: (candidate.student_id, candidate.values)
        for row in block.rows
        for candidate in row.candidates
        if candidate.number is not None
    } | {student.number: (student.student_id, student.values) for student in block.students}
    return [{"id": student_id, "values": _texts(values, fields)} for _, (student_id, values) in sorted(named.items())]


def _texts(values: Values, fields: Sequence[str]) -> list[str]:
    return [shown(values.get(name)) for name in fields]


def _row(row: OpenRow, block: Block, facts: _Facts) -> Card:
    return {
        "key": row_key(row),
        "row": row.row,
        "reason": row.reason.value,
        "where": shown(row_where(row, block)),
        "file": facts.files[row.row],
        "values": _texts(row.values, facts.fields),
        "verdicts": [verdict.value for verdict in row_verdicts(row)],
        "candidates": [_candidate(candidate, row.row, facts) for candidate in row.candidates],
        "neighbours": facts.neighbours.get(row.row, []),
    }


def _candidate(candidate: Candidate, row: int, facts: _Facts) -> Card:
    """One candidate; what is usual is left out, because most of a page is candidates."""
    steps, missing = facts.evidence[row, candidate.student_id, candidate.pool.value]
    bar = shown(candidate_bar(candidate))
    return {
        **({"number": candidate.number} if candidate.pool is Pool.BASE else {"id": candidate.student_id}),
        **({} if candidate.pool is Pool.BASE else {"name": candidate_name(candidate)}),
        "likely": likelihood(candidate.probability),
        "percent": percent(candidate.probability),
        **({"bar": bar} if bar else {}),
        **({} if candidate.free else {"free": False}),
        **({"restorable": True} if candidate.pool is Pool.DELETED else {}),
        "differing": [at for at, name in enumerate(facts.fields) if name in candidate.differing],
        "steps": steps,
        **({"missing": missing} if missing else {}),
    }


def _held(student: HeldStudent, block: Block, *, in_class: bool) -> Card:
    return {
        "key": student_key(student, block),
        "number": student.number,
        **({"in_class": True} if in_class else {}),
        "note": student_note(student, in_class=in_class),
    }
