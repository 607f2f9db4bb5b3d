"""The slow, obvious matcher: every pair in plain Python, every assignment tried; what the fast one must equal.

Written from the words of the levels (`rosterdiff.levels`), one pair at a time, without blocking or sparse graphs.
"""

import math
from collections import Counter
from functools import cache
from typing import Any

from rapidfuzz.distance import OSA, JaroWinkler

from rosterdiff.frames import Roster
from rosterdiff.genders import gender_key
from rosterdiff.grades import ORDER, next_class
from rosterdiff.levels import Comparison
from rosterdiff.matching.model import Model, shipped_model
from rosterdiff.names import NICKNAME_PAIRS, fold, sound, tokens

Record = dict[str, Any]
NAME_ORDER = (
    "same", "known_as", "swapped", "nickname", "typo", "part", "middle", "initial", "sounds_alike", "similar",
    "missing", "different",
)  # fmt: skip


def pair_weights(base: Roster, incoming: Roster, step: int) -> dict[tuple[int, int], int]:
    """The weight of every pair, in 1/1000 bit; `step` is the grade step of all rows."""
    model = shipped_model()
    rows, students = _records(incoming, of_base=False), _records(base, of_base=True)
    frequencies = {
        Comparison.GIVEN_NAME: _frequencies(rows, students, "given_key"),
        Comparison.FAMILY_NAME: _frequencies(rows, students, "family_key"),
        Comparison.BIRTH_DATE: _frequencies(rows, students, "birth_date"),
        Comparison.SCHOOL: _frequencies(rows, students, "school"),
    }
    return {
        (r, s): sum(
            _weight(model, comparison, level, row, frequencies)
            for comparison, level in _levels(row, student, step).items()
        )
        for r, row in enumerate(rows)
        for s, student in enumerate(students)
    }


def best_total(values: dict[tuple[int, int], int], rows: int, students: int) -> int:
    """The greatest total value of any one-to-one assignment; nobody needs to have a partner."""

    @cache
    def best(row: int, free: frozenset[int]) -> int:
        if row == rows:
            return 0
        return max(
            best(row + 1, free),
            *(values.get((row, s), -1) + best(row + 1, free - {s}) for s in free if values.get((row, s), -1) > 0),
            0,
        )

    return best(0, frozenset(range(students)))


def _records(roster: Roster, *, of_base: bool) -> list[Record]:
    found = []
    for at in roster.frame.iter_rows(named=True):
        key = {name: tokens(at[name] or "") or None for name in ("given_name", "family_name", "middle_name")}
        preferred = [tokens(at[f"preferred_{name}"] or "") or None for name in ("given_name", "family_name")]
        found.append(
            {
                "given": key["given_name"],
                "family": key["family_name"],
                "middle": key["middle_name"],
                "given_key": (key["given_name"] or "").replace(" ", "") or None,
                "family_key": (key["family_name"] or "").replace(" ", "") or None,
                "also_given": preferred[0],
                "also_family": preferred[1],
                "suffix": fold(at["name_suffix"] or "") or None,
                "birth_date": at["birth_date"],
                "student_id": at["student_id"],
                "number": fold(at["student_number"] or "") or None,
                "email": (at["email"] or "").strip().casefold() or None,
                "username": (at["username"] or "").strip().casefold() or None,
                "gender": gender_key(at["gender"] or "") or None,
                "grade": at["grade"],
                "class": fold(at["class_name"] or "") or None,
                "school": fold(at["school"] or "") or None,
            }
        )
    return [record | _identifying(record, found, of_base=of_base) for record in found]


def _identifying(record: Record, found: list[Record], *, of_base: bool) -> Record:
    """The ids that only this student has, or only rows of this name."""
    kept: Record = {}
    for name in ("number", "email", "username"):
        others = [other for other in found if other[name] == record[name] and other is not record]
        names = [(other["given_key"], other["family_key"]) for other in (record, *others)]
        namesakes = len(set(names)) == 1
        kept[name] = record[name] if not others or (namesakes and not of_base) else None
    return kept


def _frequencies(rows: list[Record], students: list[Record], name: str) -> tuple[Counter[Any], int]:
    values = [record[name] for record in (*rows, *students) if record[name] is not None]
    return Counter(values), len(values)


def _weight(model: Model, comparison: Comparison, level: str, row: Record, frequencies: Any) -> int:
    if level != "same" or comparison not in frequencies:
        return model.weight(comparison, level)
    field = {"given_name": "given_key", "family_name": "family_key"}.get(comparison, str(comparison))
    counts, total = frequencies[comparison]
    m, u = model.chances[comparison]["same"]
    prior = model.frequency_prior[comparison]
    return round(1000 * math.log2(m / ((counts[row[field]] + prior * u) / (total + prior))))


def _levels(row: Record, student: Record, step: int) -> dict[Comparison, str]:
    given, family = _names(row, student)
    return {
        Comparison.GIVEN_NAME: given,
        Comparison.FAMILY_NAME: family,
        Comparison.MIDDLE_NAME: _name(row["middle"], student["middle"]),
        Comparison.NAME_SUFFIX: _plain(row["suffix"], student["suffix"]),
        Comparison.BIRTH_DATE: _date(row["birth_date"], student["birth_date"]),
        Comparison.STUDENT_ID: _plain(row["student_id"], student["student_id"]),
        Comparison.STUDENT_NUMBER: _number(row["number"], student["number"]),
        Comparison.EMAIL: _plain(row["email"], student["email"]),
        Comparison.USERNAME: _plain(row["username"], student["username"]),
        Comparison.GENDER: _plain(row["gender"], student["gender"]),
        Comparison.GRADE: _grade(row["grade"], student["grade"], step),
        Comparison.CLASS_NAME: _class(row["class"], student["class"], step),
        Comparison.SCHOOL: _school(row["school"], student["school"]),
    }


def _names(row: Record, student: Record) -> tuple[str, str]:
    given, family = _name(row["given"], student["given"]), _name(row["family"], student["family"])
    crossed = row["given_key"] and row["given_key"] == student["family_key"]
    if crossed and row["family_key"] and row["family_key"] == student["given_key"] and given != "same":
        given = family = "swapped"
    one_is_middle = row["given"] and row["given"] == student["middle"]
    other_is_middle = row["middle"] and row["middle"] == student["given"]
    if (one_is_middle or other_is_middle) and NAME_ORDER.index(given) > NAME_ORDER.index("middle"):
        given = "middle"
    return _also(given, row["given"], student["also_given"]), _also(family, row["family"], student["also_family"])


def _also(level: str, name: str | None, also: str | None) -> str:
    if name is None or also is None:
        return level
    found = _name(name, also)
    return min(level, "known_as" if found == "same" else found, key=NAME_ORDER.index)


def _name(a: str | None, b: str | None) -> str:
    if a is None or b is None:
        return "missing"
    x, y = a.replace(" ", ""), b.replace(" ", "")
    shorter, edits, closeness = min(len(x), len(y)), OSA.distance(x, y), JaroWinkler.similarity(x, y)
    parts = set(a.split()), set(b.split())
    heard = sound(x) == sound(y)
    checks = {
        "same": x == y,
        "nickname": (x, y) in NICKNAME_PAIRS,
        "typo": closeness >= 0.8 and ((shorter >= 4 and edits <= 1) or (shorter >= 8 and edits <= 2)),
        "part": (parts[0] <= parts[1] or parts[1] <= parts[0]) and shorter > 1,
        "initial": shorter == 1 and x[0] == y[0],
        "sounds_alike": heard and (len(sound(x)) >= 3 or closeness >= 0.75),
        "similar": closeness >= 0.88,
    }
    return next((level for level, holds in checks.items() if holds), "different")


def _plain(a: Any, b: Any) -> str:
    return "missing" if a is None or b is None else "same" if a == b else "different"


def _number(a: str | None, b: str | None) -> str:
    if a is not None and b is not None and a != b and a.lstrip("0") and a.lstrip("0") == b.lstrip("0"):
        return "damaged"
    return _plain(a, b)


def _date(a: Any, b: Any) -> str:
    if a is None or b is None or a == b:
        return _plain(a, b)
    if (a.year, a.month, a.day) == (b.year, b.day, b.month):
        return "day_month_swapped"
    parts = [(x, y) for x, y in ((a.year, b.year), (a.month, b.month), (a.day, b.day)) if x != y]
    if len(parts) > 1:
        return "different"
    x, y = f"{parts[0][0]:04}", f"{parts[0][1]:04}"
    unequal = [i for i in range(4) if x[i] != y[i]]
    exchanged = len(unequal) == 2 and unequal[1] == unequal[0] + 1 and sorted(x) == sorted(y)
    return "one_digit" if len(unequal) == 1 or exchanged else "one_part"


def _grade(after: str | None, before: str | None, step: int) -> str:
    if after is None or before is None:
        return "missing"
    if after not in ORDER or before not in ORDER:
        return "in_step" if after == before else "other"
    return {0: "in_step", -1: "behind", 1: "ahead"}.get(ORDER[after] - ORDER[before] - step, "other")


def _class(after: str | None, before: str | None, step: int) -> str:
    if after is None or before is None or after == before:
        return _plain(after, before)
    return "expected" if step == 1 and after == next_class(before) else "moved"


def _school(after: str | None, before: str | None) -> str:
    return "moved" if _plain(after, before) == "different" else _plain(after, before)
