"""Every row beside every student, by what is cheap to see: which pairs are close enough to be compared in full.

Names are looked at once for each pair of distinct names, dates by their parts, a block of rows at a time. Invariants:
nothing is missed that agrees in as many fields as asked for; the memory is bounded by the block; the result is sorted.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from attrs import evolve, frozen
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cdist

from rosterdiff.matching.compare_names import FAINT_FROM
from rosterdiff.matching.parts import IDS
from rosterdiff.matching.records import DATE_PARTS, evidence_columns
from rosterdiff.names import NICKNAME_PAIRS, sound
from rosterdiff.schema import PAIRS, empty

Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.signedinteger]

CELLS: Final = 1_000_000
"""So many pairs are looked at in one block."""

MOST_CLOSE: Final = 1_000_000
"""Where more pairs than this are close, as among thousands of one name, closeness tells nobody apart."""


@frozen(eq=False)
class Names:
    """One kind of name on both sides: codes of the values (the last code is no name), and which values are close.

    Attributes:
        rows, students: the code of each record's name.
        close: by the codes of both sides.
        same: by the code of a row's name, that of the same name among the students; -1 for none.

    """

    rows: Codes
    students: Codes
    close: Flags
    same: Codes


@frozen(eq=False)
class Side:
    """The records of one side as numbers; what is not known equals nothing on the other side.

    Attributes:
        parts: year, month and day of the birth date.
        whole, exchanged: the birth date as one number, and with day and month exchanged.
        lacking: the records without a birth date or one of the names.

    """

    parts: tuple[Codes, ...]
    whole: Codes
    exchanged: Codes
    lacking: Flags


@frozen(eq=False)
class Looked:
    """Both sides as they are set beside each other, block by block."""

    rows: Side
    students: Side
    names: tuple[Names, ...]
    further: tuple[tuple[Codes, Codes], ...]

    def of_rows(self, part: slice) -> "Looked":
        """With these rows alone."""
        side = self.rows
        rows = Side(
            tuple(codes[part] for codes in side.parts), side.whole[part], side.exchanged[part], side.lacking[part]
        )
        names = tuple(evolve(kind, rows=kind.rows[part]) for kind in self.names)
        return Looked(rows, self.students, names, tuple((row[part], student) for row, student in self.further))


def find_close_pairs(rows: pl.DataFrame, students: pl.DataFrame, *, least: int = 2) -> pl.DataFrame | None:
    """Find the pairs (`schema.PAIRS`) that agree in at least so many fields, or in one that says enough.

    None where they are more than `MOST_CLOSE`.

    Close given names, close family names, two parts of the birth date, and each declared column that is the same count
    as one field each. The whole birth date, an id, and names that change places (one the same, the other beginning
    alike) say enough alone; so does the same name where the birth date or the other name is not known.

    Args:
        rows, students: records.
        least: 2 for lists of many who have a partner, 1 among those who are left over.

    """
    if rows.is_empty() or students.is_empty():
        return empty(PAIRS)
    looked = Looked(
        _side(rows, none=-1),
        _side(students, none=-2),
        tuple(_names(rows[name], students[name]) for name in ("given", "family")),
        tuple(_rare_values(rows[column], students[column]) for column in evidence_columns(rows, students)),
    )
    block = max(1, CELLS // students.height)
    found: list[pl.DataFrame] = []
    for start in range(0, rows.height, block):
        at_row, at_student = _of_block(looked.of_rows(slice(start, start + block)), least)
        at = {"row": rows["at"].gather(at_row + start), "student": students["at"].gather(at_student)}
        found.append(pl.DataFrame(at, schema=PAIRS))
        if sum(pairs.height for pairs in found) > MOST_CLOSE:
            return None
    pairs = pl.concat([*found, _swapped(rows, students), *(_sharing(rows, students, id_) for id_ in IDS)])
    return pairs.unique().sort("row", "student")


def _of_block(block: Looked, least: int) -> tuple[Codes, Codes]:
    """The places of the rows and of the students that are close."""
    rows, students = block.rows, block.students
    equal = _how_many(_beside(*part) for part in zip(rows.parts, students.parts, strict=True))
    enough = (equal == 3) | _beside(rows.exchanged, students.whole)
    close = (np.take(kind.close[kind.rows], kind.students, axis=1) for kind in block.names)
    agreeing = _how_many(((equal >= 2) | enough, *close, *(_beside(*codes) for codes in block.further)))
    enough |= agreeing >= least
    if rows.lacking.any() or students.lacking.any():
        same = _how_many(_beside(kind.same[kind.rows], kind.students) for kind in block.names) > 0
        enough |= same & (rows.lacking[:, None] | students.lacking[None, :])
    return np.divmod(np.flatnonzero(enough), len(students.whole))


def _beside(rows: Codes, students: Codes) -> Flags:
    """Where a row's number is a student's."""
    same: Flags = rows[:, None] == students[None, :]
    return same


def _how_many(flags: Iterable[Flags]) -> npt.NDArray[np.int8]:
    first, *others = flags
    counted = first.astype(np.int8)
    for more in others:
        counted += more
    return counted


def _side(records: pl.DataFrame, *, none: int) -> Side:
    year, month, day = (records[part].fill_null(0).to_numpy().astype(np.int32) for part in DATE_PARTS)
    known = year != 0
    whole, exchanged = (
        np.where(known, (year * _PARTS + a) * _PARTS + b, none).astype(np.int32)
        for a, b in ((month, day), (day, month))
    )
    parts = tuple(np.where(part == 0, none, part).astype(np.int16) for part in (year, month, day))
    unnamed = (records["given"].is_null() | records["family"].is_null()).to_numpy()
    return Side(parts, whole, exchanged, unnamed | ((year == 0) & (month == 0)))


_PARTS: Final = 32
"""A month and a day are less."""


def _names(rows: pl.Series, students: pl.Series) -> Names:
    (row_names, row_codes), (student_names, student_codes) = _coded(rows), _coded(students)
    close = np.zeros((len(row_names) + 1, len(student_names) + 1), dtype=np.bool_)
    close[:-1, :-1] = close_names(row_names, student_names)
    places = {name.replace(" ", ""): place for place, name in enumerate(student_names)}
    same = [places.get(name.replace(" ", ""), -1) for name in row_names]
    return Names(row_codes, student_codes, close, np.array([*same, -1], dtype=np.int32))


def _coded(values: pl.Series) -> tuple[list[str], Codes]:
    """The distinct values, sorted, and the place of each value among them; no value has the place after the last."""
    texts = values.cast(pl.String)
    distinct = texts.drop_nulls().unique().sort()
    codes = texts.cast(pl.Enum(distinct)).to_physical().cast(pl.Int32).fill_null(len(distinct))
    return distinct.to_list(), codes.to_numpy()


def close_names(some: list[str], others: list[str]) -> Flags:
    """Which of two lists of folded names are close: by letters or sound, a shared part, a nickname, an initial."""
    if not some or not others:
        return np.zeros((len(some), len(others)), dtype=np.bool_)
    keys = [[name.replace(" ", "") for name in side] for side in (some, others)]
    closeness = cdist(*keys, scorer=JaroWinkler.similarity, score_cutoff=FAINT_FROM, dtype=np.float32, workers=-1)
    close: Flags = closeness > 0
    for links in (_by_sound(keys), _by_part(some, others), _by_nickname(keys), _by_initial(keys)):
        if links:
            at, to = zip(*links, strict=True)
            close[list(at), list(to)] = True
    return close


def _joined_by(keys: tuple[dict[str, list[int]], dict[str, list[int]]]) -> list[tuple[int, int]]:
    return [(a, b) for key in keys[0].keys() & keys[1].keys() for a in keys[0][key] for b in keys[1][key]]


def _placed(words: list[list[str]]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, parts in enumerate(words):
        for part in parts:
            places.setdefault(part, []).append(place)
    return places


def _by_sound(keys: list[list[str]]) -> list[tuple[int, int]]:
    some, others = (_placed([[sound(name)] for name in side]) for side in keys)
    return _joined_by((some, others))


def _by_part(some: list[str], others: list[str]) -> list[tuple[int, int]]:
    """Names of several parts with names that share one of three letters or more."""
    if not any(" " in name for side in (some, others) for name in side):
        return []
    several = [[name.split() if " " in name else [] for name in side] for side in (some, others)]
    every = [[name.split() for name in side] for side in (some, others)]
    long = [[[part for part in parts if len(part) > 2] for parts in side] for side in (*several, *every)]
    return _joined_by((_placed(long[0]), _placed(long[3]))) + _joined_by((_placed(long[2]), _placed(long[1])))


def _by_nickname(keys: list[list[str]]) -> list[tuple[int, int]]:
    some, others = ({name: place for place, name in enumerate(side)} for side in keys)
    return [(some[a], others[b]) for a, b in NICKNAME_PAIRS if a in some and b in others]


def _by_initial(keys: list[list[str]]) -> list[tuple[int, int]]:
    if not any(len(name) == 1 for side in keys for name in side):
        return []
    some, others = (_placed([[name[:1]] for name in side]) for side in keys)
    links = [(place, to) for place, name in enumerate(keys[0]) if len(name) == 1 for to in others.get(name, [])]
    return links + [(at, place) for place, name in enumerate(keys[1]) if len(name) == 1 for at in some.get(name, [])]


def _rare_values(row: pl.Series, student: pl.Series) -> tuple[Codes, Codes]:
    """The values of a column on both sides, if they are rare ones: what most of them share says nothing."""
    values, codes = _coded(pl.concat([row, student]))
    known = np.bincount(codes, minlength=len(values) + 1)
    rare = known <= max(10, len(codes) // 50)
    rare[len(values)] = False
    a, b = codes[: len(row)], codes[len(row) :]
    return np.where(rare[a], a, -1), np.where(rare[b], b, -2)


def _swapped(rows: pl.DataFrame, students: pl.DataFrame) -> pl.DataFrame:
    """Pairs whose names have changed places: one of the two is the same, and the other begins alike."""
    given, family = (pl.col(name).cast(pl.String) for name in ("given_key", "family_key"))
    sides = [
        side.select("at", one=given, other=family, one_first=given.str.slice(0, 1), other_first=family.str.slice(0, 1))
        for side in (rows, students)
    ]
    joined = [
        sides[0].join(
            sides[1], left_on=[same, f"{beside}_first"], right_on=[beside, f"{same}_first"], suffix="_student"
        )
        for same, beside in (("one", "other"), ("other", "one"))
    ]
    return pl.concat(
        [pairs.select(pl.col("at").alias("row"), pl.col("at_student").alias("student")) for pairs in joined]
    )


def _sharing(rows: pl.DataFrame, students: pl.DataFrame, id_: str) -> pl.DataFrame:
    """Pairs that share an id; those that several have are left out before (`records.without_shared_ids`)."""
    joined = rows.select("at", id_).join(students.select(pl.col("at").alias("student"), id_), on=id_)
    return joined.select(pl.col("at").alias("row"), "student")
