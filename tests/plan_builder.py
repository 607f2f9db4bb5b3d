"""A small school's plan, built by hand: what people are shown, without a matcher. All names are invented.

The plan has a review of one row (a typing mistake), one of two rows and two students (twins), one of a row that looks
like a deleted student, one of a whole class that nobody listed, and every other action beside them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from rosterdiff.config import Mode, Policy
from rosterdiff.frames import Roster
from rosterdiff.issues import complete_issues
from rosterdiff.levels import LEVELS_OF, Comparison
from rosterdiff.plans import Plan
from rosterdiff.schema import (
    CANDIDATES,
    CHANGES,
    COVERAGE,
    DELETABLE,
    ENTRIES,
    GUARD_RESULTS,
    ISSUES,
    LEVEL_COLUMNS,
    STEPS,
    WEIGHT_COLUMNS,
    conform,
)

NO_LEVEL = dict.fromkeys(LEVELS_OF, "missing") | {Comparison.TOGETHER: "apart"}
WEIGHTS = {
    "same": 6.5,
    "in_step": 1.5,
    "typo": 3.25,
    "moved": -0.5,
    "different": -7.125,
    "part": 2.0,
    "missing": 0.0,
    "apart": 0.0,
}


def roster(columns: Sequence[str], *records: Sequence[str | None], **more: Sequence[str | None]) -> Roster:
    """A roster of these records; `more` are further columns."""
    data = dict(zip(columns, zip(*records, strict=True), strict=True)) | more
    return Roster.from_frame(pl.DataFrame(data, schema=dict.fromkeys(data, pl.String)))


def placed(made: Roster, places: Sequence[tuple[str, str | None, int]]) -> Roster:
    """The same roster, its rows standing at these places: file, sheet, row."""
    files, sheets, rows = zip(*places, strict=True)
    return Roster(
        made.frame.with_columns(
            source_file=pl.Series(files, dtype=pl.String),
            source_sheet=pl.Series(sheets, dtype=pl.String),
            source_row=pl.Series(rows, dtype=pl.UInt32),
        )
    )


def lines(schema: pl.Schema, *rows: Mapping[str, Any]) -> pl.DataFrame:
    """A frame of these rows, null where nothing is given."""
    if not rows:
        return pl.DataFrame(schema=schema)
    names = sorted({name for row in rows for name in row})
    return conform(pl.DataFrame([{name: row.get(name) for name in names} for row in rows]), schema)


def candidate(row: int, student_id: str, rank: int, probability: float, **known: Any) -> dict[str, Any]:
    """A candidate with the levels given by the names of the comparisons, and made-up weights that add up."""
    given = {Comparison(name): known.pop(name) for name in list(known) if name in set(Comparison)}
    levels = NO_LEVEL | given
    weights = {c: WEIGHTS.get(level, 1.0) for c, level in levels.items()}
    return {
        "row": row,
        "student_id": student_id,
        "rank": rank,
        "probability": probability,
        "pool": "base",
        "weight": sum(weights.values()),
        **{LEVEL_COLUMNS[c]: level for c, level in levels.items()},
        **{WEIGHT_COLUMNS[c]: weight for c, weight in weights.items()},
        **known,
    }


def entries_of(*found: Mapping[str, Any]) -> pl.DataFrame:
    """Entries, numbered in this order."""
    return lines(ENTRIES, *[{"entry": number, **entry} for number, entry in enumerate(found)])


def review(reason: str, group: int, *, rows: Sequence[int] = (), students: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The entries of one review group: its open rows, then its held students."""
    common = {"action": "review", "reason": reason, "group": group}
    return [{**common, "row": row} for row in rows] + [{**common, "student_id": student} for student in students]


BASE = (
    ("1001", "Tamsin", "Orrell", "2016-03-04", "03", "3A"),
    ("1002", "Lóa", "Vestmann", "2015-11-30", "03", "3A"),
    ("1003", "Jory", "Penhale", "2016-06-21", "03", "3A"),
    ("1004", "Jago", "Penhale", "2016-06-21", "03", "3A"),
    ("1005", "Sefton", "Arkley", "2014-01-09", "06", "6A"),
    ("1006", "Wren", "Calloway", "2017-02-02", "02", "2A"),
    ("1007", "Idris", "Maddern", "2017-05-12", "02", "2A"),
    ("1008", "עדי", "בן-נון", "2017-08-17", "02", "2A"),
    ("1009", "明月", "歐陽", "2016-09-01", "03", "3A"),
)
INCOMING = (
    (None, "Tamsyn", "Orrell", "2016-03-04", "04", "4A"),
    (None, "J.", "Penhale", "2016-06-21", "04", "4A"),
    (None, "Jory", "Penhale", "2016-06-12", "04", "4A"),
    (None, "=Bertil", "-Nyquist", "2016-10-10", "04", "4A"),
    (None, "Lóa", "Vestmann", "2015-11-30", "04", "4A"),
    (None, "Odile", "Marchetti", "2016-12-24", "04", "4A"),
    (None, "明月", "歐陽", "2016-09-01", "04", "4A"),
)
COLUMNS = ("student_id", "given_name", "family_name", "birth_date", "grade", "class_name")


def school_plan(mode: Mode = Mode.MIGRATION) -> Plan:
    """A sound plan with four review groups, and every other action beside them."""
    gone = ("delete", "not_listed") if mode is Mode.MIGRATION else ("keep", "not_in_upload")
    absent = (
        review("class_not_covered", 3, students=["1006", "1007", "1008"])
        if mode is Mode.MIGRATION
        else [{"action": "keep", "reason": "not_in_upload", "student_id": s} for s in ("1006", "1007", "1008")]
    )
    entries = entries_of(
        *review("name_differs", 0, rows=[0], students=["1001"]),
        *review("ambiguous", 1, rows=[1, 2], students=["1003", "1004"]),
        *review("possible_restore", 2, rows=[5]),
        *absent,
        {"action": gone[0], "reason": gone[1], "student_id": "1005"},
        {"action": "add", "reason": "no_similar_student", "row": 3},
        {"action": "update", "reason": "fields_changed", "student_id": "1002", "row": 4, "probability": 1.0},
        {"action": "keep", "reason": "differs_not_written", "student_id": "1009", "row": 6, "probability": 1.0},
    )
    incoming = roster(COLUMNS, *INCOMING)
    places = [("4A.xlsx", "Term 1", 5 + number) for number in range(5)] + [("late.csv", None, 2), ("late.csv", None, 3)]
    return Plan(
        plan_id="5c" * 32,
        origin="5c" * 32,
        policy=Policy(mode=mode),
        base=roster(COLUMNS, *BASE, Bus=["7", None, "12", "12", None, "=1+1", None, None, None]),
        incoming=placed(incoming, places),
        entries=entries,
        changes=_changes(),
        candidates=_candidates(),
        issues=_issues(),
        coverage=_coverage(),
        guards=_guards(),
        steps=lines(STEPS, {"source_file": "4A.xlsx", "step": 1, "advanced": 3, "same": 0, "other": 0}),
        deletable=lines(
            DELETABLE,
            {"student_id": "1005", "certain": True},
            *[{"student_id": s, "certain": False} for s in ("1001", "1003", "1004", "1006", "1007", "1008")],
        )
        if mode is Mode.MIGRATION
        else lines(DELETABLE),
        school_year="2027",
    )


def _candidates() -> pl.DataFrame:
    alike = {"family_name": "same", "grade": "in_step", "class_name": "expected"}
    twin = {**alike, "birth_date": "same", "given_name": "initial"}
    return lines(
        CANDIDATES,
        candidate(0, "1001", 1, 0.97, birth_date="same", given_name="typo", **alike),
        candidate(0, "1009", 2, 0.03, given_name="different", family_name="different", grade="in_step", taken_by=6),
        candidate(1, "1003", 2, 0.35, **twin),
        candidate(1, "1004", 1, 0.6, **twin),
        candidate(2, "1003", 1, 0.92, birth_date="day_month_swapped", given_name="same", **alike),
        candidate(2, "1004", 2, 0.05, birth_date="day_month_swapped", given_name="different", **alike),
        candidate(4, "1002", 1, 0.9999, birth_date="same", given_name="same", taken_by=4, **alike),
        candidate(5, "877", 1, 0.8, pool="deleted", given_name="same", family_name="same", birth_date="same"),
    )


def _changes() -> pl.DataFrame:
    found = (
        (0, "1001", "class_name", "3A", "4A", "write"),
        (0, "1001", "grade", "03", "04", "write"),
        (2, "1003", "birth_date", "2016-06-21", "2016-06-12", "report"),
        (4, "1002", "class_name", "3A", "4A", "write"),
        (4, "1002", "grade", "03", "04", "write"),
        (6, "1009", "birth_date", "2016-09-01", None, "report"),
    )
    return pl.DataFrame(found, schema=CHANGES, orient="row")


def _issues() -> pl.DataFrame:
    dates = [
        {
            "severity": "warning",
            "code": "date_ambiguous",
            "source_file": "4A.xlsx",
            "source_sheet": "Term 1",
            "cell": f"D{number}",
            "message": "The order of day and month is not certain here.",
        }
        for number in range(5, 12)
    ]
    error = {"severity": "error", "code": "header_unknown", "source_file": "late.csv", "message": "No header found."}
    return complete_issues(lines(ISSUES, *dates, error))


def _coverage() -> pl.DataFrame:
    return lines(
        COVERAGE,
        {"grade": "02", "class_name": "2A", "base": 3, "found": 0, "moved": 0, "in_review": 3, "not_listed": 0},
        {"grade": "03", "class_name": "3A", "base": 5, "found": 2, "moved": 0, "in_review": 3, "not_listed": 0},
        {"grade": "06", "class_name": "6A", "base": 1, "found": 0, "moved": 0, "in_review": 0, "not_listed": 1},
        {"grade": "04", "class_name": "4A", "base": 0, "found": 0, "in_review": 0, "not_listed": 0, "new": 1},
    )


def _guards() -> pl.DataFrame:
    return lines(
        GUARD_RESULTS,
        {"code": "too_few_found", "held": True, "value": 0.22, "limit": 0.5, "sentence": "2 of 9 students were found."},
        {"code": "too_many_deletions", "held": False, "value": 0.0, "limit": 0.1, "sentence": "No deletions beyond."},
    )
