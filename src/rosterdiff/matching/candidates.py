"""Candidate pairs: which rows are compared with which students.

Exact pass first: a row and a student who alone have their full name, and the same birth date, are a pair that only
the still unmatched are compared against. Small remainders are compared in full; larger ones share at least one key
of several. Invariants: pairs are counted before they are made; a key shared by too many is refined; those whom nothing
refines, or to whom a refinement leaves none of their namesakes, are paired sparsely and reported, never dropped in
silence; the result is sorted and has no duplicates.
"""

from typing import Final

import polars as pl
from attrs import frozen

from rosterdiff.matching.block import KEYS, RIVAL_KEYS, find_blocks, keep_promising
from rosterdiff.matching.close import find_close_pairs
from rosterdiff.matching.parts import IDS, to_parts, with_called
from rosterdiff.matching.records import has_values
from rosterdiff.schema import PAIRS, check

FULL_PAIRS: Final = 10_000
"""Up to this many pairs (100 × 100) everything is compared with everything."""

CLOSE_PAIRS: Final = 50_000_000
"""Up to this many pairs (7,000 × 7,000) every row is looked at beside every student, the close are compared."""

_ROOM: Final = 1 << 32


@frozen(eq=False)
class Candidates:
    """Candidate pairs (`schema.PAIRS`), and how many rows share all their keys with too many others."""

    pairs: pl.DataFrame
    indistinguishable: int = 0


def find_candidates(
    rows: pl.DataFrame, students: pl.DataFrame, forms: pl.DataFrame, *, full_pairs: int = FULL_PAIRS
) -> Candidates:
    """Find the pairs worth comparing.

    Args:
        rows, students: records of the incoming roster and of the base (`records.to_records`); the rows have `step`
            besides, the grade step of their upload.
        forms: further names of students (`records.FORMS`).
        full_pairs: up to this many pairs, all are compared.

    """
    if rows.height * students.height <= full_pairs:
        return Candidates(_every_pair(rows, students))
    exact = find_exact(rows, students, forms)
    rows_left = rows.join(exact, left_on="at", right_on="row", how="anti")
    students_left = students.join(exact, left_on="at", right_on="student", how="anti")
    if rows_left.height * students.height + rows.height * students_left.height <= CLOSE_PAIRS:
        of_rows = find_close_pairs(rows_left, with_called(students, forms))
        of_students = find_close_pairs(rows, with_called(students_left, forms))
        if of_rows is not None and of_students is not None:
            return Candidates(_together([exact, of_rows, of_students]))
    row_parts, student_parts = to_parts(rows, students, forms)
    open_rows, open_students = _only(row_parts, rows_left), _only(student_parts, students_left)
    found = [
        find_blocks(open_rows, open_students, KEYS),
        find_blocks(open_rows, student_parts, RIVAL_KEYS),
        find_blocks(row_parts, open_students, RIVAL_KEYS),
    ]
    blocked = _together([blocks.pairs for blocks in found])
    promising = keep_promising(blocked, row_parts, student_parts, forms["at"])
    return Candidates(_together([exact, promising]), max(blocks.indistinguishable for blocks in found))


def find_exact(rows: pl.DataFrame, students: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """Pairs that alone have their full name and birth date on both sides, and no id that disagrees.

    Namesakes with other birth dates are other people. One without a birth date may be the same, so that there is no
    such pair beside him, nor beside a student who is called so too.
    """
    name = ["given_key", "family_key"]
    legal = students.select("at", pl.col(name).cast(pl.String))
    called = (
        forms.join(legal, on="at")
        .select(
            pl.coalesce(pl.col("given").str.replace_all(" ", ""), "given_key").alias("given_key"),
            pl.coalesce(pl.col("family").str.replace_all(" ", ""), "family_key").alias("family_key"),
        )
        .cast({key: students[key].dtype for key in name}, strict=False)
        .drop_nulls()
    )
    undated = [side.filter(pl.col("birth_date").is_null()).select(name).drop_nulls() for side in (rows, students)]
    needed = ["at", *name, "birth_date", "middle", "suffix", *IDS]
    alone = [
        side.select(needed)
        .filter(pl.all_horizontal(pl.col(*name, "birth_date").is_not_null()))
        .filter(pl.len().over(*name, "birth_date") == 1)
        for side in (rows, students)
    ]
    pairs = (
        alone[0]
        .join(alone[1], on=[*name, "birth_date"], suffix="_student", nulls_equal=False)
        .join(pl.concat([called, *undated]), on=name, how="anti")
        .filter(_agrees("middle"), _agrees("suffix"), *(_agrees(key) for key in IDS))
    )
    for key in (key for key in IDS if any(has_values(side, key) for side in (rows, students))):
        pairs = _uncrossed(pairs, rows, students, key)
    return check(pairs.select(pl.col("at").alias("row"), pl.col("at_student").alias("student")).sort("row"), PAIRS)


def _agrees(key: str) -> pl.Expr:
    return (pl.col(key) == pl.col(f"{key}_student")).fill_null(True)  # noqa: FBT003 - polars' own parameter


def _uncrossed(pairs: pl.DataFrame, rows: pl.DataFrame, students: pl.DataFrame, key: str) -> pl.DataFrame:
    """Leave out the pairs of which another student holds the row's id, or another row claims the student's.

    The holders are counted and not joined, because a whole school may give one e-mail address.
    """
    holders, claims = (side.group_by(key).len().drop_nulls() for side in (students, rows))
    own = (pl.col(key) == pl.col(f"{key}_student")).fill_null(value=False).cast(pl.UInt32)
    return (
        pairs.join(holders.rename({"len": "holders"}), on=key, how="left", nulls_equal=False)
        .join(claims.rename({"len": "claims"}), left_on=f"{key}_student", right_on=key, how="left", nulls_equal=False)
        .filter(pl.col("holders").fill_null(0) <= own, pl.col("claims").fill_null(0) <= own)
        .drop("holders", "claims")
    )


def _only(keys: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    return keys.join(records.select("at"), on="at", how="semi")


def _every_pair(rows: pl.DataFrame, students: pl.DataFrame) -> pl.DataFrame:
    left, right = rows.select(pl.col("at").alias("row")), students.select(pl.col("at").alias("student"))
    return check(left.join(right, how="cross").sort("row", "student"), PAIRS)


def _together(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """All pairs once, sorted; a pair as one number is found and sorted in half the time."""
    whole = pl.concat(parts).select(pl.col("row").cast(pl.UInt64) * _ROOM + pl.col("student")).to_series()
    both = whole.unique().sort().to_frame("both")
    row, student = pl.col("both") // _ROOM, pl.col("both") % _ROOM
    return check(both.select(row.cast(pl.UInt32).alias("row"), student.cast(pl.UInt32).alias("student")), PAIRS)
