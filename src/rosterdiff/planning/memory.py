"""Remembered decisions: what was said of two records holds until the content of one of them changes.

Invariants: a decision is found by content alone (`row_key`, `student_key`), never by a row's number; a row whose other
fields changed carries a decision on only where more than its names identifies it, and one that its names alone identify
takes up a decision only in the same lists, or about students whose records are as they were; a decision about absence
holds only for the same incoming roster and the same student. What could be meant in two ways is asked again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl
from attrs import evolve, field, frozen

from rosterdiff.frames import Context, Roster, digests, row_identities, student_keys
from rosterdiff.model import Decision, Verdict
from rosterdiff.schema import CANONICAL, PAIRS, empty

_IDENTITY: Final = ("birth_date", "student_id", "student_number")
"""One of these must stand beside the names, or a row is not known again when its other fields change."""


@frozen(eq=False)
class Remembered:
    """Decisions that apply to two rosters.

    Attributes:
        same: pairs that a person has said are one (`schema.PAIRS`).
        rejected: pairs (`row`, `student_id`) that a person has said are not.
        ignored: rows to be ignored.
        absent: students whose absence was decided: id → `delete` or `leave`.
        decisions: the decisions that were used.

    """

    same: pl.DataFrame = field(factory=lambda: empty(PAIRS))
    rejected: frozenset[tuple[int, str]] = frozenset()
    ignored: frozenset[int] = frozenset()
    absent: Mapping[str, Verdict] = field(factory=dict)
    decisions: tuple[Decision, ...] = ()


def recall(base: Roster, incoming: Roster, context: Context) -> Remembered:
    """Find the remembered decisions that still hold for these rosters; the latest of several wins."""
    if not context.decisions:
        return Remembered()
    identified = incoming.frame.select(pl.any_horizontal(pl.col(*_IDENTITY).is_not_null())).to_series()
    said = [d for d in context.decisions if d.row_key]
    keys = _known_keys(incoming, row_identities(incoming), (d.row_key for d in said))
    of_rows = _find_rows(keys, identified, said)
    judged_students = (key for d in context.decisions for key in (d.student_key, *d.rejected))
    students = _by_key(base, _known_keys(base, student_keys(base), judged_students))
    exact = {row: not identified[row] and d.scope != incoming.digest for row, d in of_rows.items()}
    judged = {
        row: [students.get(key if exact[row] else _identity_of(key)) for key in (d.student_key, *d.rejected)]
        for row, d in of_rows.items()
    }
    chosen = [(row, found[0][0]) for row, found in judged.items() if found[0] is not None]
    rejected = {(row, other[1]) for row, found in judged.items() for other in found[1:] if other is not None}
    of_students = _find_students(context.decisions, incoming.digest, students)
    found = (*of_rows.values(), *of_students.values())
    return Remembered(
        same=pl.DataFrame(_one_to_one(chosen), schema=PAIRS, orient="row").sort("row"),
        rejected=frozenset(rejected),
        ignored=frozenset(row for row, d in of_rows.items() if d.verdict is Verdict.IGNORE),
        absent={student_id: d.verdict for student_id, d in of_students.items()},
        decisions=tuple(evolve(d, row=None, plan_id="", place="", scope=incoming.digest) for d in found),
    )


def record_keys(base: Roster) -> list[str]:
    """A key for each student as a decision judges him: `identity.content`, of id and names, and of the whole record."""
    whole = digests(base.frame.select(*CANONICAL))
    return [f"{known}.{content}" for known, content in zip(student_keys(base), whole, strict=True)]


def find_unchanged(decisions: Iterable[Decision], base: Roster, incoming: Roster) -> list[bool]:
    """Whether all that each decision judged is as it was: the row's whole content, and every student's whole record.

    Stricter than `recall`, which a change of class or grade does not disturb: while a plan is made again for the same
    lists, whatever moved under a decision is asked again. A decision about absence holds for the same lists alone.
    """
    said = list(decisions)
    rows = set(_known_keys(incoming, row_identities(incoming), (d.row_key for d in said if d.row_key)).values())
    judged = [{d.student_key, *d.rejected} - {""} for d in said]
    students = set(_known_keys(base, student_keys(base), (key for keys in judged for key in keys)).values())
    return [
        keys <= students and (decision.row_key in rows if decision.row_key else decision.scope == incoming.digest)
        for decision, keys in zip(said, judged, strict=True)
    ]


def _known_keys(roster: Roster, identities: list[str], keys: Iterable[str]) -> dict[int, str]:
    """The whole keys of the rows or students who are known by one of these keys or by its identity; of all others none.

    What does not have the identity cannot have the content, so that only these few are digested whole.
    """
    known = {_identity_of(key) for key in keys}
    at = pl.Series(identities, dtype=pl.String).is_in(sorted(known)).arg_true()
    contents = digests(roster.frame.select(*CANONICAL)[at])
    return {place: f"{identities[place]}.{content}" for place, content in zip(at.to_list(), contents, strict=True)}


def _by_key(base: Roster, keys: Mapping[int, str]) -> dict[str, tuple[int, str]]:
    """Position and id of each of these students, by his whole key and by its identity."""
    ids = base.frame["student_id"]
    keyed = {key: (place, ids[place]) for place, key in keys.items()}
    return keyed | {_identity_of(key): place for key, place in keyed.items()}


def _identity_of(key: str) -> str:
    return key.partition(".")[0]


def _find_rows(keys: Mapping[int, str], identified: pl.Series, decisions: list[Decision]) -> dict[int, Decision]:
    """The decision that holds for each row: of equal content first, else of the same identity.

    Rows of wholly equal content are interchangeable, and take the decisions of that content in turn. A row is ignored
    only for its whole content: next year's row of the same child is another. Names alone are no identity: next year
    they may be a namesake's.
    """
    found: dict[int, Decision] = {}
    by_content = _grouped(keys)
    by_identity = _grouped({row: _identity_of(key) for row, key in keys.items()})
    said: dict[str, list[Decision]] = {}
    for decision in decisions:
        said.setdefault(decision.row_key, []).append(decision)
    for key in said.keys() & by_content.keys():
        found |= dict(zip(by_content[key], _taken(said[key], len(by_content[key])), strict=False))
    for decision in decisions:
        rows = by_identity.get(_identity_of(decision.row_key), [])
        is_other = decision.row_key not in by_content and decision.verdict is not Verdict.IGNORE
        if len(rows) == 1 and identified[rows[0]] and is_other:
            found[rows[0]] = decision
    return dict(sorted(found.items()))


def _taken(decisions: list[Decision], count: int) -> list[Decision]:
    """The decisions that `count` rows of one content take: the latest.

    If more rows were decided together than there are now, those that were ignored are the ones that went; if others
    went too and it matters which, none is taken.
    """
    together = [d for d in decisions if d.plan_id == decisions[-1].plan_id]
    if len(together) <= count:
        return decisions[-count:]
    used = [d for d in together if d.verdict is not Verdict.IGNORE]
    if len(used) <= count:
        return [*used, *(d for d in together if d.verdict is Verdict.IGNORE)][:count]
    return used[:count] if len({(d.verdict, d.student_key) for d in used}) == 1 else []


def _grouped(keys: Mapping[int, str]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for row, key in keys.items():
        rows.setdefault(key, []).append(row)
    return rows


def _find_students(
    decisions: tuple[Decision, ...], scope: str, students: Mapping[str, tuple[int, str]]
) -> dict[str, Decision]:
    """The decisions about students as they are now, who are not listed in this very incoming roster."""
    absence = {Verdict.DELETE, Verdict.LEAVE}
    return {
        d.student_id: d
        for d in decisions
        if d.student_id and d.verdict in absence and d.scope == scope and _identity_of(d.student_key) in students
    }


def _one_to_one(chosen: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pairs of which no student was remembered for two rows; those that were are asked again."""
    counts = Counter(student for _, student in chosen)
    return [pair for pair in chosen if counts[pair[1]] == 1]
