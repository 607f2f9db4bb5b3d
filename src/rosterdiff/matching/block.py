"""Blocking: which rows and students share a key, for lists too large to look at every pair.

A key is a number made of the codes of its parts, so that equal parts give equal keys; two keys that are equal by chance
only make a pair that weighs nothing. Invariants: pairs are counted before they are made; a key shared by too many is
refined; those whom nothing refines, or to whom a refinement leaves none of their namesakes, are paired sparsely and
counted, never dropped in silence; every function works on any part of the keys alone.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from attrs import frozen

from rosterdiff.matching.parts import IDS, NAMED
from rosterdiff.matching.records import evidence_columns, has_values

KEY_PAIRS: Final = 500
"""A key whose value would give more pairs than this is refined (22 × 22 of one name and initial)."""

SPARSE_SPAN: Final = 3
"""Rows and students whom no key tells apart are each paired with this many of the other side, in order of content."""

_REFINEMENTS: Final = ("birth_year", "birth_date", "given_key", "grade_before")
_MULTIPLIERS: Final = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)
"""Odd numbers of 64 bits without pattern."""

KEYS: Final[tuple[tuple[str, ...], ...]] = (
    NAMED,
    ("family_key", "birth_date"),
    ("given_key", "birth_date"),
    ("birth_date", "initial"),
    ("birth_date", "family_initial"),
    ("low_part", "high_part", "birth_year"),
    ("first", "second", "low_part", "high_part"),
    ("family_key", "low_part", "high_part"),
    ("family_key", "birth_year"),
    ("given_key", "birth_year"),
    ("family_initial", "initial", "birth_year", "low_part"),
    ("family_sound", "initial"),
    ("given_sound", "family_initial"),
    ("family_start", "given_start"),
    ("part", "initial"),
    ("family_key",),
    ("given_key",),
    *((name,) for name in IDS),
)
"""What is looked for among those who have no partner yet; each key one of the parts of a record or several."""

_PROMISING: Final = (
    "given_key", "given_sound", "given_start", "family_key", "family_sound", "family_start", "birth_year", "low_part",
    "high_part", "birth_date", "first", "second",
)  # fmt: skip
"""The parts by which pairs are seen to be promising."""

ENOUGH: Final = 6
"""So much has to be the same in the parts of a pair to be compared (`keep_promising`)."""

BLOCK: Final = 1 << 18
"""So many pairs are looked at in one block."""

Parts = npt.NDArray[np.uint32]

RIVAL_KEYS: Final = (NAMED, ("family_key", "birth_date"), ("given_key", "birth_date"), *((name,) for name in IDS))
"""What is looked for among those who have one: namesakes, twins, and other holders of an id."""


@frozen(eq=False)
class Blocks:
    """Pairs that share a key (`row`, `student`), and the rows (`row`) that share it with too many others."""

    pairs: pl.DataFrame
    unclear: pl.DataFrame

    @property
    def indistinguishable(self) -> int:
        """How many rows share every key of a kind with too many others."""
        return self.unclear["row"].n_unique()


def find_blocks(rows: pl.DataFrame, students: pl.DataFrame, keys: Sequence[tuple[str, ...]]) -> Blocks:
    """Pair rows and students that share one of the keys, one kind of key after the other.

    Args:
        rows, students: parts (`parts.to_parts`).
        keys: parts that make a key together; every declared column is one besides.

    """
    further = [(name,) for name in evidence_columns(rows)]
    known = [kind for kind in (*keys, *further) if all(has_values(side, *kind) for side in (rows, students))]
    found = [_join_keys(*_shared_keys(rows, students, kind)) for kind in known or [NAMED]]
    unclear = pl.concat([blocks.unclear for blocks in found])
    return Blocks(pl.concat([blocks.pairs for blocks in found]), unclear)


def keep_promising(pairs: pl.DataFrame, rows: pl.DataFrame, students: pl.DataFrame, called: pl.Series) -> pl.DataFrame:
    """Leave out the pairs that share a key and little else, seen by their parts alone.

    A family name counts 4 where it is the same and 2 where it begins or sounds so, a given name 3 and 2; a birth date 4
    where two of its parts are the same, 2 where the year is or where it is not known, and −2 where no part is. Pairs of
    6 and more stay; so do those that share an id, a declared column, both names in either order, or whose student has
    further names.

    Args:
        pairs: `row`, `student`; numbered as the first lines of the parts are.
        rows, students: parts (`parts.to_parts`).
        called: the students who have further names.

    """
    names = [*_PROMISING, *IDS, *evidence_columns(rows)]
    tables = [side.select(pl.col(names).fill_null(0)).to_numpy(order="c") for side in (rows, students)]
    at = pairs["row"].to_numpy(), pairs["student"].to_numpy()
    kept = [
        _is_promising(*(table[side[start : start + BLOCK]] for table, side in zip(tables, at, strict=True)))
        for start in range(0, pairs.height, BLOCK)
    ]
    promising = pl.Series(np.concatenate(kept) if kept else [], dtype=pl.Boolean)
    return pairs.filter(promising | pairs["student"].is_in(called.implode()))


def _is_promising(row: Parts, student: Parts) -> npt.NDArray[np.bool_]:
    """Whether the parts of each pair (a line of `_PROMISING`, ids and declared columns) agree in enough."""
    same = (row == student) & (row != 0)
    places = {name: place for place, name in enumerate(_PROMISING)}

    def agrees(*names: str) -> npt.NDArray[np.int8]:
        found: npt.NDArray[np.int8] = same[:, [places[name] for name in names]].any(axis=1).astype(np.int8)
        return found

    year = agrees("birth_year")
    parts = year + agrees("low_part") + agrees("high_part")
    born = places["birth_date"]
    dated = (row[:, born] != 0) & (student[:, born] != 0)
    date = np.where(dated, np.where(parts >= 2, 4, 2 * year - 2 * (parts == 0)), 2)
    named = agrees("given_key") + 2 * agrees("given_key", "given_sound", "given_start")
    named += 2 * agrees("family_key") + 2 * agrees("family_key", "family_sound", "family_start")
    both: npt.NDArray[np.bool_] = same[:, places["first"]] & same[:, places["second"]]
    promising: npt.NDArray[np.bool_] = (named + date >= ENOUGH) | both | same[:, len(_PROMISING) :].any(axis=1)
    return promising


def _shared_keys(
    rows: pl.DataFrame, students: pl.DataFrame, names: tuple[str, ...]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What both sides have of one kind of key: `key`, `at`, whether it is a full name, and the refinements."""
    row_keys, student_keys = (
        side.select(
            _mixed(names).alias("key"), "at", pl.lit(names == NAMED).alias("is_name"), *_REFINEMENTS
        ).drop_nulls("key")
        for side in (rows, students)
    )
    shared = row_keys.join(student_keys, on="key", how="semi")
    return shared, student_keys.join(shared, on="key", how="semi")


def _mixed(names: tuple[str, ...]) -> pl.Expr:
    """The parts as one number of 64 bits; null as soon as one of them is."""
    key = pl.lit(0, dtype=pl.UInt64)
    for name, multiplier in zip(names, _MULTIPLIERS, strict=False):
        key = (key ^ pl.col(name).cast(pl.UInt64)) * pl.lit(multiplier, dtype=pl.UInt64)
    return key


def _join_keys(row_keys: pl.DataFrame, student_keys: pl.DataFrame) -> Blocks:
    """Pairs that share a key, refining the keys that would give too many."""
    pairs: list[pl.DataFrame] = []
    unclear: list[pl.DataFrame] = []
    for refinement in _REFINEMENTS:
        small, row_keys, student_keys = _join_small(row_keys, student_keys)
        if row_keys.is_empty():
            return _blocks([*pairs, small], unclear)
        finer_rows, finer_students = (_refined(side, refinement) for side in (row_keys, student_keys))
        lone_rows, lone_students = _lone(finer_rows, finer_students), _lone(finer_students, finer_rows)
        undated = pl.col("birth_date").is_null()
        unclear.append(_sparse_pairs(lone_rows.filter(undated), student_keys))
        pairs += [
            small,
            _sparse_pairs(lone_rows.filter(~undated), student_keys),
            _sparse_pairs(row_keys, lone_students),
        ]
        row_keys, student_keys = finer_rows, finer_students
    small, row_keys, student_keys = _join_small(row_keys, student_keys)
    unclear.append(_sparse_pairs(*(side.filter("is_name") for side in (row_keys, student_keys))))
    return _blocks([*pairs, small], unclear)


def _blocks(pairs: list[pl.DataFrame], unclear: list[pl.DataFrame]) -> Blocks:
    sparse = pl.concat(unclear) if unclear else pairs[0].clear()
    named = pl.concat([*pairs, sparse]).select(row="at", student="at_student")
    return Blocks(named, sparse.select(row="at"))


def _join_small(row_keys: pl.DataFrame, student_keys: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The pairs of the keys that give few (`at`, `at_student`), and what both sides have of the keys that do not."""
    counts = row_keys.group_by("key").len("rows").join(student_keys.group_by("key").len("students"), on="key")
    large = counts.filter(pl.col("rows").cast(pl.UInt64) * pl.col("students") > KEY_PAIRS).select("key")
    if large.is_empty():
        joined = row_keys.join(student_keys, on="key", suffix="_student").select("at", "at_student")
        return joined, row_keys.clear(), student_keys.clear()
    small = row_keys.join(large, on="key", how="anti").join(student_keys, on="key", suffix="_student")
    rest = [side.join(large, on="key", how="semi") for side in (row_keys, student_keys)]
    return small.select("at", "at_student"), rest[0], rest[1]


def _refined(keys: pl.DataFrame, refinement: str) -> pl.DataFrame:
    finer = pl.col(refinement).fill_null(0).cast(pl.UInt64) + 1
    return keys.with_columns(coarse="key", key=(pl.col("key") ^ finer) * pl.lit(_MULTIPLIERS[0], dtype=pl.UInt64))


def _lone(keys: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """Records, under their key of before, to whom a refinement leaves none of their namesakes."""
    return keys.filter("is_name").join(others, on="key", how="anti").with_columns(key="coarse")


def _sparse_pairs(row_keys: pl.DataFrame, student_keys: pl.DataFrame) -> pl.DataFrame:
    """Pair each record of an inseparable key with a few neighbours: enough to see that it is ambiguous."""
    if row_keys.is_empty() or student_keys.is_empty():
        return pl.DataFrame(schema={"at": pl.UInt32, "at_student": pl.UInt32})
    rows, students = (
        side.join(other, on="key", how="semi")
        .sort("key", "at")
        .select("key", "at", pl.int_range(pl.len()).over("key").alias("place"))
        for side, other in ((row_keys, student_keys), (student_keys, row_keys))
    )
    back = _neighbours(students, rows).select(at="at_other", at_other="at")
    return pl.concat([_neighbours(rows, students), back]).rename({"at_other": "at_student"})


def _neighbours(some: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """Each of some records with `SPARSE_SPAN` of the others of its key: `at`, `at_other`."""
    many = others.group_by("key").len("many")
    shifts = pl.DataFrame({"shift": range(SPARSE_SPAN)}, schema={"shift": pl.Int64})
    place = (pl.col("place") + pl.col("shift")) % pl.col("many")
    near = some.join(many, on="key").join(shifts, how="cross").with_columns(place=place)
    return near.join(others, on=["key", "place"], suffix="_other").select("at", "at_other")
