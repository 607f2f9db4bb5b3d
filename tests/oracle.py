"""The slow, obvious matcher: every pair in plain Python, every assignment tried; what the fast one must equal.

Written from the words of the levels (`rosterdiff.levels`, `docs/matching.md`), one pair at a time: no frames of pairs,
no blocking, no matrices, no graphs. Tables that can be stated anew (the keyboard, look-alike letters) are stated anew;
numbers that tuning changes are those of the model and its modules.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import combinations
from typing import Any

from rapidfuzz.distance import OSA, JaroWinkler

from rosterdiff.config import Evidence
from rosterdiff.frames import Roster
from rosterdiff.genders import gender_key
from rosterdiff.grades import ORDER, next_class
from rosterdiff.levels import Comparison
from rosterdiff.matching.model import Model
from rosterdiff.matching.together import SHIPPED_STUDENTS, SMOOTHING, TWIN_OF_A_LEAVER, TWINS
from rosterdiff.matching.weigh import COMMON
from rosterdiff.names import NICKNAME_PAIRS, fold, sound, tokens

Record = dict[str, Any]
Pair = tuple[int, int]
Checks = Sequence[tuple[str, Callable[[], bool]]]

NAME_ORDER = (
    "same", "known_as", "swapped", "nickname", "transposed", "slip", "typo", "typos", "part", "middle", "initial",
    "sounds_alike", "crossed", "similar", "faint", "missing", "different",
)  # fmt: skip
IDS = ("student_id", "number_bare", "email", "username")
FIELDS = ("given_key", "family_key", "birth_date")
"""Fields that twins, namesakes and households share, beside the declared columns."""

KEYBOARD = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
MISREAD = {"mn", "li", "l1", "ij", "o0", "uv", "ce", "hn", "bh", "ft", "gq", "un", "ao", "s5", "gy", "kh", "tl"}
SAME_AGE = {
    "same", "day_month_swapped", "transposed", "one_digit", "one_part", "partial", "year_only", "placeholder",
    "year_same",
}  # fmt: skip
WEIGHED_BY_BOTH = {
    "known_as", "nickname", "transposed", "slip", "typo", "typos", "part", "sounds_alike", "similar",
}  # fmt: skip
UNLIKE = {"similar", "faint", "different"}
"""Levels of given names that are those of twins, and not one child's."""

TABLE_OF_KIND = {"exact": "further_exact", "fuzzy": "further_fuzzy", "categorical": "further_categorical"}


def first(checks: Checks, otherwise: str) -> str:
    """The first level that holds."""
    return next((level for level, holds in checks if holds()), otherwise)


# Records


def records_of(roster: Roster, evidence: Mapping[str, str] = {}, *, of_base: bool) -> list[Record]:
    """The keys of every student or row, with ids that identify nobody left out."""
    found = []
    for at in roster.frame.iter_rows(named=True):
        given, family, middle, also_given, also_family = (
            tokens(at[name] or "") or None
            for name in ("given_name", "family_name", "middle_name", "preferred_given_name", "preferred_family_name")
        )
        number = fold(at["student_number"] or "") or None
        record = {
            "given": given,
            "family": family,
            "middle": middle,
            "also": (also_given, also_family),
            "given_key": given.replace(" ", "") if given else None,
            "family_key": family.replace(" ", "") if family else None,
            "suffix": fold(at["name_suffix"] or "") or None,
            "birth_date": at["birth_date"],
            "student_id": at["student_id"],
            "number": number,
            "number_bare": (number or "").lstrip("0") or None,
            "email": (at["email"] or "").strip().casefold() or None,
            "username": (at["username"] or "").strip().casefold() or None,
            "gender": gender_key(at["gender"] or "") or None,
            "grade": at["grade"],
            "class": fold(at["class_name"] or "") or None,
            "school": fold(at["school"] or "") or None,
        }
        for name, kind in evidence.items():
            value = at.get(name) or ""
            record[f"evidence:{name}"] = (tokens(value) if kind == "fuzzy" else fold(value)) or None
        found.append(record)
    return [record | _identifying(record, found, of_base=of_base) for record in found]


def _identifying(record: Record, found: list[Record], *, of_base: bool) -> Record:
    """The ids that only this student has, or only rows of this name."""
    kept: Record = {}
    for name, keys in (("number", ("number", "number_bare")), ("email", ("email",)), ("username", ("username",))):
        others = [other for other in found if other[name] == record[name] and other is not record]
        names = [(other["given_key"], other["family_key"]) for other in (record, *others)]
        stays = not others or (len(set(names)) == 1 and not of_base)
        kept |= {key: record[key] if stays else None for key in keys}
    return kept


# Levels


def levels_of(row: Record, student: Record, step: int) -> dict[Comparison, str]:
    """The level of every field of one pair."""
    given, family = _both_names(row, student)
    return {
        Comparison.GIVEN_NAME: given,
        Comparison.FAMILY_NAME: family,
        Comparison.MIDDLE_NAME: name_level(row["middle"], student["middle"]),
        Comparison.NAME_SUFFIX: _plain(row["suffix"], student["suffix"]),
        Comparison.BIRTH_DATE: date_level(_parts(row["birth_date"]), _parts(student["birth_date"])),
        Comparison.STUDENT_ID: _plain(row["student_id"], student["student_id"]),
        Comparison.STUDENT_NUMBER: _number(row, student),
        Comparison.EMAIL: _plain(row["email"], student["email"]),
        Comparison.USERNAME: _plain(row["username"], student["username"]),
        Comparison.GENDER: _plain(row["gender"], student["gender"]),
        Comparison.GRADE: _grade(row["grade"], student["grade"], step),
        Comparison.CLASS_NAME: _class(row["class"], student["class"], step),
        Comparison.SCHOOL: _school(row["school"], student["school"]),
    }


def _both_names(row: Record, student: Record) -> tuple[str, str]:
    """Given and family name: each by itself, then by the other's other names, then by further names."""
    given, family = name_level(row["given"], student["given"]), name_level(row["family"], student["family"])
    crosses = [
        bool(row[one]) and row[one] == student[other]
        for one, other in (("given_key", "family_key"), ("family_key", "given_key"))
    ]
    apart = all(NAME_ORDER.index(level) > NAME_ORDER.index("crossed") for level in (given, family))
    is_middle = any(a and a == b for a, b in ((row["given"], student["middle"]), (row["middle"], student["given"])))
    if (all(crosses) and given != "same") or (apart and _nearly_swapped(row, student)):
        given = family = "swapped"
    else:
        if is_middle and NAME_ORDER.index(given) > NAME_ORDER.index("middle"):
            given = "middle"
        elif any(crosses) and apart:
            given = "crossed"
        if any(crosses) and apart:
            family = "crossed"
    also_given, also_family = student["also"]
    given, family = _also(given, row["given"], also_given), _also(family, row["family"], also_family)
    called_given, called_family = row["also"]
    return _called(given, called_given, student["given"]), _called(family, called_family, student["family"])


def _called(level: str, called: str | None, legal: str | None) -> str:
    """The name by which the row says that its child is called, where it is the student's."""
    if called is None or legal is None or called.replace(" ", "") != legal.replace(" ", ""):
        return level
    return min(level, "known_as", key=NAME_ORDER.index)


def _nearly_swapped(row: Record, student: Record) -> bool:
    """Each name begins like the other side's other name, and is it but for a slip of the hand, or in short."""
    across = [(row["given"], student["family"]), (row["family"], student["given"])]
    return all(
        a
        and b
        and a[0] == b[0]
        and name_level(a, b) in {"same", "nickname", "transposed", "slip", "typo", "typos", "part"}
        for a, b in across
    )


def _also(level: str, name: str | None, also: str | None) -> str:
    if name is None or also is None:
        return level
    found = name_level(name, also)
    return min(level, "known_as" if found == "same" else found, key=NAME_ORDER.index)


def name_level(a: str | None, b: str | None) -> str:
    """How two folded names agree, each by itself."""
    if a is None or b is None:
        return "missing"
    x, y = a.replace(" ", ""), b.replace(" ", "")
    shorter, edits, closeness = min(len(x), len(y)), OSA.distance(x, y), JaroWinkler.similarity(x, y)
    parts = set(a.split()), set(b.split())
    shared = max((len(part) for part in parts[0] & parts[1]), default=0)
    checks: Checks = (
        ("same", lambda: x == y),
        ("nickname", lambda: (x, y) in NICKNAME_PAIRS),
        ("transposed", lambda: shorter >= 3 and _is_transposed(x, y)),
        ("slip", lambda: shorter >= 3 and edits == 1 and (_is_doubled(x, y) or _is_misread(x, y))),
        ("typo", lambda: shorter >= 4 and edits == 1),
        ("part", lambda: (parts[0] <= parts[1] or parts[1] <= parts[0]) and shorter > 1),
        ("typos", lambda: shorter >= 6 and edits <= 2 and closeness >= 0.8),
        ("initial", lambda: shorter == 1 and x[0] == y[0]),
        ("sounds_alike", lambda: sound(x) == sound(y) and (len(sound(x)) >= 3 or closeness >= 0.75)),
        ("similar", lambda: closeness >= 0.88 or shared >= 3),
        ("faint", lambda: closeness >= 0.78 or (shorter >= 4 and edits <= 2) or (shorter >= 3 and _begins(x, y))),
    )
    return first(checks, "different")


def _is_transposed(x: str, y: str) -> bool:
    """Two neighbouring letters have changed places, and nothing else."""
    return any(x[:i] + x[i + 1] + x[i] + x[i + 2 :] == y for i in range(len(x) - 1)) and x != y


def _is_doubled(x: str, y: str) -> bool:
    """One has a letter twice in a row that the other has once."""
    longer, shorter = sorted((x, y), key=len, reverse=True)
    return (
        any(longer[i] == longer[i - 1] and longer[:i] + longer[i + 1 :] == shorter for i in range(1, len(longer)))
        and len(longer) == len(shorter) + 1
    )


def _is_misread(x: str, y: str) -> bool:
    """One letter of at least four is a neighbour on the keyboard, or a look-alike."""
    unequal = [(p, q) for p, q in zip(x, y, strict=False) if p != q]
    if len(x) != len(y) or len(x) < 4 or len(unequal) != 1:
        return False
    p, q = unequal[0]
    return p + q in MISREAD or q + p in MISREAD or _are_neighbours(p, q)


def _are_neighbours(p: str, q: str) -> bool:
    """Letters whose keys touch: a row lies a quarter, the lowest three quarters of a key to the right."""
    shift = {1: 0.0, 2: 0.25, 3: 0.75}
    places = {key: (row, shift[row] + at) for row in shift for at, key in enumerate(KEYBOARD[row])}
    if p not in places or q not in places:
        return False
    (row_p, at_p), (row_q, at_q) = places[p], places[q]
    return abs(row_p - row_q) <= 1 and abs(at_p - at_q) <= 1


def _begins(x: str, y: str) -> bool:
    return x.startswith(y) or y.startswith(x)


def _plain(a: Any, b: Any) -> str:
    return "missing" if a is None or b is None else "same" if a == b else "different"


def _number(row: Record, student: Record) -> str:
    a, b = row["number"], student["number"]
    if a is None or b is None or a == b:
        return _plain(a, b)
    if row["number_bare"] and row["number_bare"] == student["number_bare"]:
        return "damaged"
    padded = [each.zfill(max(len(a), len(b))) for each in (a, b)]
    near = any(min(map(len, both)) >= 5 and OSA.distance(*both) == 1 for both in ((a, b), padded))
    return "one_digit" if near else "different"


def _parts(born: Any) -> tuple[int | None, int | None, int | None]:
    return (None, None, None) if born is None else (born.year, born.month, born.day)


def date_level(a: Sequence[int | None], b: Sequence[int | None]) -> str:
    """How two dates agree, each as year, month and day, of which any may be unknown."""
    both = [(x, y) for x, y in zip(a, b, strict=True) if x is not None and y is not None]
    equal = [x == y for x, y in both]
    if not both:
        return "missing"
    if len(both) < 3:
        if not all(equal):
            return "partial_different"
        return "year_only" if len(both) == 1 and a[0] is not None and a[0] == b[0] else "partial"
    x, y = (f"{each[0]:04}{each[1]:02}{each[2]:02}" for each in (a, b))
    digits = sum(p != q for p, q in zip(x, y, strict=True))
    year = a[0] == b[0]
    checks: Checks = (
        ("same", lambda: x == y),
        ("day_month_swapped", lambda: year and (a[1], a[2]) == (b[2], b[1])),
        ("transposed", lambda: _is_transposed(x, y)),
        ("one_digit", lambda: digits == 1),
        ("year_off", lambda: sum(equal) == 2 and not year),
        ("one_part", lambda: sum(equal) == 2),
        ("placeholder", lambda: year and ((1, 1) in (tuple(a[1:]), tuple(b[1:])))),
        ("two_digits", lambda: digits == 2),
        ("year_same", lambda: year),
    )
    return first(checks, "different")


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


def value_level(a: str | None, b: str | None, kind: str) -> str:
    """How two values of one declared column agree."""
    if a is None or b is None or a == b:
        return _plain(a, b)
    if kind == "categorical":
        return "different"
    edits, closeness, shorter = OSA.distance(a, b), JaroWinkler.similarity(a, b), min(len(a), len(b))
    words = [_words(a), _words(b)]
    share = len(set(words[0]) & set(words[1])) / max(1, min(map(len, words)))
    fuzzy = kind == "fuzzy"
    checks: Checks = (
        ("typo", lambda: (edits == 1 and shorter >= 4) or (edits == 2 and shorter >= 8)),
        ("similar", lambda: fuzzy and (closeness >= 0.88 or share >= 0.5)),
        ("part", lambda: fuzzy and (closeness >= 0.78 or share > 0)),
    )
    return first(checks, "different")


def _words(value: str) -> list[str]:
    """Runs of digits, and runs of three letters or more."""
    runs: list[str] = []
    before = ""
    for character in value:
        kind = "digit" if character.isdecimal() else "letter" if character.isalpha() else ""
        if kind and kind == before:
            runs[-1] += character
        elif kind:
            runs.append(character)
        before = kind
    return [run for run in runs if run[0].isdecimal() or len(run) >= 3]


def names_same(row: Record, student: Record, levels: Mapping[Comparison, str]) -> bool:
    """Given and family name each equal one of the student's; middle name and suffix are not against it."""
    equal = {"same", "known_as"}
    lacking = [row[name] is None and student[name] is None for name in ("given", "family")]
    names = [
        levels[Comparison.GIVEN_NAME] in equal or lacking[0],
        levels[Comparison.FAMILY_NAME] in equal or lacking[1],
    ]
    middle = levels[Comparison.MIDDLE_NAME] in {"same", "initial", "part", "missing"}
    return all(names) and not all(lacking) and middle and levels[Comparison.NAME_SUFFIX] != "different"


# Weights


class Weigher:
    """Two lists of records with a model: what each comparison of a pair weighs, in 1/1000 bit."""

    def __init__(self, sides: tuple[list[Record], list[Record]], evidence: Mapping[str, str], model: Model) -> None:
        self.sides, self.model = sides, model
        self.columns = {f"evidence:{name}": kind for name, kind in evidence.items() if kind != Evidence.PARTIAL_DATE}

    def weights(self, row: Record, student: Record, levels: Mapping[Comparison, str]) -> dict[Comparison, int]:
        """The weight of every comparison."""
        found = {comparison: self.model.weight(comparison, level) for comparison, level in levels.items()}
        for comparison, name in ((Comparison.GIVEN_NAME, "given_key"), (Comparison.FAMILY_NAME, "family_key")):
            found[comparison] = self._name(comparison, name, levels[comparison], row, student)
        for comparison, name in ((Comparison.BIRTH_DATE, "birth_date"), (Comparison.SCHOOL, "school")):
            if levels[comparison] == "same":
                found[comparison] = self._same(comparison, name, row[name])
        if levels[Comparison.BIRTH_DATE] in SAME_AGE:
            found[Comparison.GRADE] = self.model.weight("grade_dated", levels[Comparison.GRADE])
        if levels[Comparison.GIVEN_NAME] == "same":
            found[Comparison.GENDER] = self.model.weight("gender_named", levels[Comparison.GENDER])
        found[Comparison.FURTHER] = sum(
            self._value(column, kind, value_level(row[column], student[column], kind), row[column])
            for column, kind in self.columns.items()
        )
        shared = self.shared(row, student, levels)
        found[Comparison.TOGETHER] = self.together(shared)
        if {"family_key", "birth_date"} <= set(shared) and levels[Comparison.GIVEN_NAME] in UNLIKE:
            found[Comparison.TOGETHER] += TWIN_OF_A_LEAVER
        return found

    def shared(self, row: Record, student: Record, levels: Mapping[Comparison, str]) -> tuple[str, ...]:
        """The fields that twins, namesakes or a household may share and that are equal here."""
        comparisons = (Comparison.GIVEN_NAME, Comparison.FAMILY_NAME, Comparison.BIRTH_DATE)
        own = [name for name, comparison in zip(FIELDS, comparisons, strict=True) if levels[comparison] == "same"]
        return (*own, *(name for name in self.columns if row[name] is not None and row[name] == student[name]))

    def together(self, names: tuple[str, ...]) -> int:
        """−log2 of how much more often two people of one list share all of these than chance would have it."""
        if len(names) < 2:
            return 0
        seen, expected = SMOOTHING, SMOOTHING
        for side in self.sides:
            pairs = list(combinations([r for r in side if all(r[name] is not None for name in names)], 2))
            expected += math.prod(_share_agreeing(side, name) for name in names) * len(pairs)
            seen += sum(all(a[name] == b[name] for name in names) for a, b in pairs)
        if set(names) == {"family_key", "birth_date"}:
            seen += TWINS * SHIPPED_STUDENTS
        return -max(0, round(1000 * math.log2(seen / expected)))

    def _rarity(self, table: str, name: str, value: Any) -> int:
        """−log2 of how frequent a value is in both lists, the shipped frequency counting like some more students."""
        if value is None:
            return 0
        values = Counter(record[name] for side in self.sides for record in side if record[name] is not None)
        u, prior = self.model.chances[table]["same"][1], self.model.frequency_prior[table]
        return round(-1000 * math.log2((values[value] + prior * u) / (values.total() + prior)))

    def _same(self, table: str, name: str, value: Any) -> int:
        return round(1000 * math.log2(self.model.chances[table]["same"][0])) + self._rarity(table, name, value)

    def _value(self, column: str, kind: str, level: str, value: Any) -> int:
        table = TABLE_OF_KIND[kind]
        if level in {"same", "missing"}:
            return self._same(table, column, value) if level == "same" else 0
        u, prior = self.model.chances[table][level][1], self.model.frequency_prior[table]
        seen, pairs = self._chance(column, kind, level)
        return self.model.weight(table, level) + round(1000 * math.log2(u * (pairs + prior) / (seen + prior * u)))

    def _chance(self, column: str, kind: str, level: str) -> tuple[int, int]:
        """How many of all pairs of both lists show a level, and of how many."""
        some, others = ([record[column] for record in side if record[column] is not None] for side in self.sides)
        levels = [value_level(a, b, kind) for a in some for b in others]
        return levels.count(level), len(levels)

    def _name(self, table: Comparison, name: str, level: str, row: Record, student: Record) -> int:
        """The same name by how rare it is, a close one by half of how much rarer the two are than common ones."""
        if level == "same":
            return self._same(table, name, row[name])
        weight = self.model.weight(table, level)
        rarities = self._rarity(table, name, row[name]), self._rarity(table, name, student[name])
        if level == "swapped":
            return weight + rarities[1]
        return weight + sum(rarities) // 4 - COMMON // 2 if level in WEIGHED_BY_BOTH else weight


def _share_agreeing(side: list[Record], name: str) -> float:
    """Of the pairs of one list in which a field is known, the share in which it agrees."""
    pairs = list(combinations([record[name] for record in side if record[name] is not None], 2))
    return sum(a == b for a, b in pairs) / len(pairs) if pairs else 0.0


def pair_weights(
    base: Roster,
    incoming: Roster,
    step: int,
    model: Model,
    evidence: Mapping[str, str] = {},
) -> dict[Pair, dict[Comparison, int]]:
    """What every comparison of every pair weighs; `step` is the grade step of all rows."""
    rows = records_of(incoming, evidence, of_base=False)
    students = records_of(base, evidence, of_base=True)
    known = {student["student_id"] for student in students}
    rows = [row | {"student_id": row["student_id"] if row["student_id"] in known else None} for row in rows]
    weigher = Weigher((rows, students), evidence, model)
    return {
        (r, s): weigher.weights(row, student, levels_of(row, student, step))
        for r, row in enumerate(rows)
        for s, student in enumerate(students)
    }


# Assignment and probability


def best_total(values: Mapping[Pair, int], rows: int, students: int) -> int:
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


def assignments(pairs: Sequence[Pair]) -> Iterable[tuple[Pair, ...]]:
    """Every one-to-one choice among the pairs, the empty one included."""
    if not pairs:
        yield ()
        return
    (row, student), *rest = pairs
    yield from assignments(rest)
    free = [(r, s) for r, s in rest if r != row and s != student]
    yield from (((row, student), *others) for others in assignments(free))


def exact_probabilities(values: Mapping[Pair, int]) -> dict[Pair, float]:
    """How likely each pair is among all one-to-one assignments, each as likely as the product of its pairs' odds."""
    total, of_pair = 0.0, dict.fromkeys(values, 0.0)
    for chosen in assignments(list(values)):
        likelihood = 2.0 ** (sum(values[pair] for pair in chosen) / 1000)
        total += likelihood
        for pair in chosen:
            of_pair[pair] += likelihood
    return {pair: likelihood / total for pair, likelihood in of_pair.items()}


def prior(matches: float, rows: int, students: int) -> int:
    """The log2 odds of a pair where so many of the two lists are thought to have a partner."""
    smaller = min(rows, students)
    held = min(max(matches, 0.5), smaller - max(0.5, 0.003 * smaller))
    return round(1000 * math.log2(max(held, 1e-3) / ((rows - held) * (students - held))))


def learnt_m(model: Model, counted: Mapping[str, Iterable[tuple[str, float]]]) -> dict[str, dict[str, float]]:
    """The m of every level of every table: its share among pairs that count by their probability.

    Args:
        model: whose own m counts like `model.pairs` pairs more.
        counted: table → the level of each pair, and how much the pair counts.

    """
    found: dict[str, dict[str, float]] = {}
    for table, lines in counted.items():
        own = {level: m for level, (m, _) in model.chances[table].items()}
        seen = dict.fromkeys(own, 0.0)
        for level, chance in lines:
            if level != "missing":
                seen[level] += chance
        told_elsewhere = [level for level, m in own.items() if m == 1]  # swapped, which the given name tells
        total = sum(count for level, count in seen.items() if level not in told_elsewhere) + model.pairs
        found[table] = {
            level: m if level in told_elsewhere else (seen[level] + model.pairs * m) / total for level, m in own.items()
        }
    return found


# Close pairs


def are_close_names(a: str, b: str) -> bool:
    """Close by letters or by sound, by a shared part, a nickname or an initial."""
    x, y = a.replace(" ", ""), b.replace(" ", "")
    parts = [part for part in set(a.split()) & set(b.split()) if len(part) > 2]
    return (
        JaroWinkler.similarity(x, y) >= 0.78
        or sound(x) == sound(y)
        or bool(parts and (" " in a or " " in b))
        or (x, y) in NICKNAME_PAIRS
        or (1 in (len(x), len(y)) and x[0] == y[0])
    )


def close_pairs(rows: list[Record], students: list[Record], columns: Sequence[str], least: int) -> set[Pair]:
    """Pairs that agree in so many fields, or in one that says enough."""
    return {
        (r, s)
        for r, row in enumerate(rows)
        for s, student in enumerate(students)
        if _is_enough(row, student, [c for c in columns if _is_rare(row[c], c, rows, students)], least)
    }


def _is_rare(value: Any, column: str, rows: list[Record], students: list[Record]) -> bool:
    values = [record[column] for record in (*rows, *students)]
    return value is not None and values.count(value) <= max(10, len(values) // 50)


def _is_enough(row: Record, student: Record, rare: Sequence[str], least: int) -> bool:
    names = [(row[name], student[name]) for name in ("given", "family")]
    known = [(a, b) for a, b in names if a is not None and b is not None]
    a, b = _parts(row["birth_date"]), _parts(student["birth_date"])
    equal = sum(x is not None and x == y for x, y in zip(a, b, strict=True))
    exchanged = a[0] is not None and a[0] == b[0] and (a[1], a[2]) == (b[2], b[1])
    agreeing = sum(are_close_names(x, y) for x, y in known) + (equal >= 2 or exchanged)
    agreeing += sum(row[column] == student[column] for column in rare)
    same_name = any(x.replace(" ", "") == y.replace(" ", "") for x, y in known)
    little_known = len(known) < 2 or a[0] is None or b[0] is None
    across = [(row[x], student[y]) for x, y in (("given_key", "family_key"), ("family_key", "given_key"))]
    swapped = all(x and y and x[0] == y[0] for x, y in across) and any(x == y for x, y in across)
    by_id = any(row[name] is not None and row[name] == student[name] for name in IDS)
    return agreeing >= least or equal == 3 or exchanged or (same_name and little_known) or swapped or by_id
