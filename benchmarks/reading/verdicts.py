"""What reading a generated file gave, cell by cell beside the truth.

Invariants: an issue excuses a cell if it stands at the cell, at its column or at its row; one of the whole file only
if it is about the encoding; a value where none ought to be is as wrong as another value.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from attrs import evolve, field, frozen

from benchmarks.reading.cases import Case
from benchmarks.reading.measure import Seen
from rosterdiff.schema import CANONICAL

_ABOUT_LETTERS: Final = ("encoding_assumed", "characters_lost")


class Verdict(StrEnum):
    """What came of a generated file."""

    EXACT = "exactly right"
    REFUSED = "refused rightly"
    SAID = "differs, and said"
    SILENT = "differs in silence"
    UNSAID = "right, and a fault not said"
    WRONG_REFUSAL = "wrong refusal"
    READ = "read, and ought to be refused"
    EXCEPTION = "exception"
    SLOW = "too slow"
    LARGE = "too large"


RIGHT: Final = frozenset({Verdict.EXACT, Verdict.REFUSED})


@frozen
class Counts:
    """Cells of canonical fields: how many there are, and how many are wrong or lost, in silence or with an issue."""

    cells: int = 0
    wrong_silent: int = 0
    wrong_said: int = 0
    lost_silent: int = 0
    lost_said: int = 0
    rows_missing: int = 0
    rows_extra: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        mine, theirs = (_numbers(one) for one in (self, other))
        return Counts(*(a + b for a, b in zip(mine, theirs, strict=True)))

    @property
    def silent(self) -> int:
        """Cells that are not what they ought to be, and nothing says so."""
        return self.wrong_silent + self.lost_silent

    @property
    def said(self) -> int:
        """Cells that are not what they ought to be, and an issue says so."""
        return self.wrong_said + self.lost_said


def _numbers(counts: Counts) -> tuple[int, ...]:
    return (
        counts.cells,
        counts.wrong_silent,
        counts.wrong_said,
        counts.lost_silent,
        counts.lost_said,
        counts.rows_missing,
        counts.rows_extra,
    )


@frozen
class Judged:
    """A generated file with what came of it."""

    case: Case
    verdict: Verdict
    counts: Counts
    unsaid: tuple[str, ...]
    got: str
    seen: Seen
    fields: tuple[str, ...] = field(default=())


def judge(case: Case, seen: Seen) -> Judged:
    """Say what came of a file."""
    found = seen.found
    got = {"rows": f"rows:{found.get('rows')}", "refused": str(found.get("code"))}.get(
        found["outcome"], str(found.get("exception"))
    )
    nothing = Judged(case, Verdict.EXCEPTION, Counts(), (), got, seen)
    if seen.is_slow or found.get("exception") == "ended for its time":
        return evolve(nothing, verdict=Verdict.SLOW)
    if seen.is_large:
        return evolve(nothing, verdict=Verdict.LARGE)
    match found["outcome"]:
        case "refused":
            right = found["code"] in case.refusals or ("any" in case.refusals)
            return evolve(nothing, verdict=Verdict.REFUSED if right else Verdict.WRONG_REFUSAL)
        case "rows":
            return _judge_rows(nothing) if case.pages else evolve(nothing, verdict=_of_unwanted(case, found))
    return nothing


def _of_unwanted(case: Case, found: Mapping[str, Any]) -> Verdict:
    """Rows from a file that may be refused: right where they may be given, or where an issue tells what is wrong."""
    allowed = {"rows", *found["issues"]} & set(case.refusals)
    return Verdict.EXACT if allowed else Verdict.READ


def _judge_rows(judged: Judged) -> Judged:
    counts, fields = _compare(judged.case, judged.seen.found)
    unsaid = tuple(wish for wish in judged.case.said if not _is_said(wish, judged.seen.found))
    if counts.silent:
        verdict = Verdict.SILENT
    elif counts.said or counts.rows_extra:
        verdict = Verdict.SAID
    else:
        verdict = Verdict.UNSAID if unsaid else Verdict.EXACT
    return evolve(judged, verdict=verdict, counts=counts, unsaid=unsaid, fields=fields)


def _is_said(wish: str, found: Mapping[str, Any]) -> bool:
    issues = found["issue_cells"]
    if wish == "any":
        return bool(issues)
    if wish == "row":
        return any(cell for _, _, cell in issues)
    if wish.startswith("field:"):
        columns = {(sheet, letters) for sheet, name, letters in found["places"] if name == wish[6:]}
        return any((sheet, _column(cell)) in columns for _, sheet, cell in issues if cell)
    return any(code in wish.split("|") for code, _, _ in issues)


def _column(cell: str) -> str:
    return re.sub(r"\d.*", "", cell)


def _row(cell: str) -> int:
    return int(re.sub(r"^\D+", "", cell) or 0)


def _compare(case: Case, found: Mapping[str, Any]) -> tuple[Counts, tuple[str, ...]]:
    """The counts, and the fields that were wrong or lost."""
    judged = [name for name in CANONICAL if name not in case.free]
    rows, said = _rows_of(case, found), _Said.of(case, found)
    counts, fields = Counts(), set[str]()
    for sheet, number, truth in _truths(case):
        told = rows.pop((sheet, number), None)
        for name in judged:
            excused = said.at(sheet, number, name)
            one = _count(told[name] if told else None, truth.get(name), said=excused)
            counts += one
            if one.silent or one.said:
                fields.add(name)
        counts += Counts(rows_missing=told is None)
    for (sheet, number), told in rows.items():
        filled = [name for name in judged if told[name] is not None]
        told_of = sum(said.at(sheet, number, name) for name in filled)
        counts += Counts(wrong_said=told_of, wrong_silent=len(filled) - told_of, rows_extra=1)
    return counts, tuple(sorted(fields))


def _truths(case: Case) -> list[tuple[str | None, Any, Mapping[str, str | None]]]:
    """Where each student ought to be, and what ought to be read."""
    truths = [truth for page in case.pages for truth in page.truths()]
    return [(None, truth[case.key], truth) if case.key else (sheet, number, truth) for sheet, number, truth in truths]


def _rows_of(case: Case, found: Mapping[str, Any]) -> dict[tuple[str | None, Any], dict[str, str | None]]:
    """The rows that were read, by where they stand."""
    cells = found["cells"]
    names = [name for name in (*CANONICAL, "source_sheet", "source_row") if name in cells]
    rows = [dict(zip(names, values, strict=True)) for values in zip(*(cells[name] for name in names), strict=True)]
    if case.key:
        return {(None, row[case.key]): row for row in rows}
    return {(row["source_sheet"], int(row["source_row"] or 0)): row for row in rows}


def _count(found: str | None, true: str | None, *, said: bool) -> Counts:
    one = Counts(cells=int(true is not None))
    if found == true:
        return one
    if found is None:
        return evolve(one, **{"lost_said" if said else "lost_silent": 1})
    return evolve(one, **{"wrong_said" if said else "wrong_silent": 1})


@frozen
class _Said:
    """Where issues stand."""

    columns: frozenset[tuple[str | None, str]]
    rows: frozenset[tuple[str | None, int]]
    letters: Mapping[tuple[str | None, str], frozenset[str]]
    whole: bool

    @classmethod
    def of(cls, case: Case, found: Mapping[str, Any]) -> "_Said":
        """Of what was found; a field's column is the one that it was read from, and the one where it stands."""
        letters = defaultdict[tuple[str | None, str], set[str]](set)
        for sheet, name, column in found["places"]:
            letters[sheet, name].add(column)
        for page in case.pages:
            for name, column in page.places().items():
                letters[page.sheet, name].add(column)
        issues: Sequence[tuple[str, str | None, str | None]] = found["issue_cells"]
        cells = [(sheet, cell) for _, sheet, cell in issues if cell]
        return cls(
            frozenset((sheet, _column(cell)) for sheet, cell in cells),
            frozenset((sheet, _row(cell)) for sheet, cell in cells),
            {place: frozenset(columns) for place, columns in letters.items()},
            any(code in _ABOUT_LETTERS for code, _, _ in issues),
        )

    def at(self, sheet: str | None, row: Any, name: str) -> bool:
        """Whether an issue excuses this cell."""
        letters = self.letters.get((sheet, name), frozenset())
        return self.whole or (sheet, row) in self.rows or any((sheet, one) in self.columns for one in letters)


def count_by_part(judged: Iterable[Judged]) -> dict[str, list[Judged]]:
    """The files of each part of reading."""
    parts = defaultdict[str, list[Judged]](list)
    for one in judged:
        parts[one.case.part].append(one)
    return dict(parts)
