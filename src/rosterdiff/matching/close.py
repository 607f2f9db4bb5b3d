"""Every row beside every student, by what is cheap to see: which pairs are close enough to be compared in full.

Names are looked at once for each pair of distinct names, dates by their parts, a block of rows at a time. Invariants:
nothing is missed that agrees in as many fields as asked for; the memory is bounded by the block; the result is sorted.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from attrs import frozen
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cdist

from rosterdiff.matching.block import IDS
from rosterdiff.matching.compare_names import FAINT_FROM
from rosterdiff.matching.records import DATE_PARTS, evidence_columns
from rosterdiff.names import NICKNAME_PAIRS, sound
from rosterdiff.schema import PAIRS, empty

Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]

CELLS: Final = 4_000_000
"""So many pairs are looked at in one block."""

MOST_CLOSE: Final = 1_000_000
"""Where more pairs than this are close, as among thousands of one name, closeness tells nobody apart."""


@frozen(eq=False)
class Names:
    """One kind of name on both sides: codes of the values (the last code is no name), and which values are close."""

    rows: Codes
    students: Codes
    close: Flags
    same: Flags


def find_close_pairs(rows: pl.DataFrame, students: pl.DataFrame, *, least: int = 2) -> pl.DataFrame | None:
    """Find the pairs (`schema.PAIRS`) that agree in at least so many fields, or in one that says enough.

    None where they are more than `MOST_CLOSE`.

    Close given names, close family names, two parts of the birth date, and each declared column that is the same count
    as one field each. The whole birth date, an id, and names that change places say enough alone; so does the same name
    where the birth date or the other name is not known.

    Args:
        rows, students: records.
        least: 2 for lists of many who have a partner, 1 among those who are left over.

    """
    if rows.is_empty() or students.is_empty():
        return empty(PAIRS)
    given, family = (_names(rows, students, f"{name}") for name in ("given", "family"))
    block = max(1, CELLS // students.height)
    found: list[pl.DataFrame] = []
    for start in range(0, rows.height, block):
        found.append(_of_block(rows[start : start + block], students, (given, family), (start, least)))
        if sum(pairs.height for pairs in found) > MOST_CLOSE:
            return None
    pairs = pl.concat([*found, _swapped(rows, students), *(_sharing(rows, students, id_) for id_ in IDS)])
    return pairs.unique().sort("row", "student")


def _of_block(
    rows: pl.DataFrame, students: pl.DataFrame, names: tuple[Names, Names], where: tuple[int, int]
) -> pl.DataFrame:
    start, least = where
    part = slice(start, start + rows.height)
    agreeing = np.zeros((rows.height, students.height), dtype=np.int8)
    alone = np.zeros(agreeing.shape, dtype=np.bool_)
    unknown = np.zeros(agreeing.shape, dtype=np.bool_)
    for kind in names:
        at = kind.rows[part][:, None], kind.students[None, :]
        agreeing += kind.close[at]
        alone |= kind.same[at]
        unknown |= (at[0] == len(kind.close) - 1) | (at[1] == kind.close.shape[1] - 1)
    equal, undated = _equal_parts(rows, students)
    agreeing += equal >= 2
    for column in evidence_columns(rows, students):
        agreeing += _same_values(rows[column], students[column])
    enough = (agreeing >= least) | (equal == 3) | (alone & (undated | unknown))
    at_row, at_student = np.nonzero(enough)
    return pl.DataFrame({"row": rows["at"].gather(at_row), "student": students["at"].gather(at_student)}, schema=PAIRS)


def _names(rows: pl.DataFrame, students: pl.DataFrame, kind: str) -> Names:
    (row_names, row_codes), (student_names, student_codes) = (_coded(side[kind]) for side in (rows, students))
    close = np.zeros((len(row_names) + 1, len(student_names) + 1), dtype=np.bool_)
    close[:-1, :-1] = close_names(row_names, student_names)
    same = np.zeros_like(close)
    places = {name.replace(" ", ""): place for place, name in enumerate(student_names)}
    for place, name in enumerate(row_names):
        if (other := places.get(name.replace(" ", ""))) is not None:
            same[place, other] = True
    return Names(row_codes, student_codes, close, same)


def _coded(values: pl.Series) -> tuple[list[str], Codes]:
    """The distinct values, sorted, and the place of each value among them; no value has the place after the last."""
    texts = values.cast(pl.String)
    distinct = texts.drop_nulls().unique().sort()
    codes = texts.cast(pl.Enum(distinct)).to_physical().cast(pl.Int64).fill_null(len(distinct))
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


def _equal_parts(rows: pl.DataFrame, students: pl.DataFrame) -> tuple[npt.NDArray[np.int8], Flags]:
    """How many parts of two birth dates agree (3 with day and month exchanged, too), and where one is not known."""
    of_rows, of_students = (
        [side[part].fill_null(0).to_numpy().astype(np.int16) for part in DATE_PARTS] for side in (rows, students)
    )
    row, student = [part[:, None] for part in of_rows], [part[None, :] for part in of_students]
    equal = sum(((a == b) & (a != 0)).astype(np.int8) for a, b in zip(row, student, strict=True))
    exchanged = (row[0] == student[0]) & (row[0] != 0) & (row[1] == student[2]) & (row[2] == student[1])
    undated = ((row[0] == 0) & (row[1] == 0)) | ((student[0] == 0) & (student[1] == 0))
    return np.where(exchanged, np.int8(3), equal), undated


def _same_values(row: pl.Series, student: pl.Series) -> Flags:
    """Where two columns have the same value, if it is a rare one: what most of them share says nothing."""
    values, codes = _coded(pl.concat([row, student]))
    known = np.bincount(codes, minlength=len(values) + 1)
    rare = known <= max(10, len(codes) // 50)
    rare[len(values)] = False
    a, b = codes[: len(row)], codes[len(row) :]
    same: Flags = (a[:, None] == b[None, :]) & rare[a][:, None]
    return same


def _swapped(rows: pl.DataFrame, students: pl.DataFrame) -> pl.DataFrame:
    """Pairs of which the given name of each is the family name of the other."""
    names = ["given_key", "family_key"]
    given, family = (pl.col(name).cast(pl.String) for name in names)
    other = students.select(pl.col("at").alias("student"), given_key=family, family_key=given)
    joined = rows.select("at", given, family).join(other, on=names)
    return joined.select(pl.col("at").alias("row"), "student")


def _sharing(rows: pl.DataFrame, students: pl.DataFrame, id_: str) -> pl.DataFrame:
    """Pairs that share an id; those that several have are left out before (`records.without_shared_ids`)."""
    joined = rows.select("at", id_).join(students.select(pl.col("at").alias("student"), id_), on=id_)
    return joined.select(pl.col("at").alias("row"), "student")
