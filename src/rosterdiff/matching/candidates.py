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

from rosterdiff.names import map_distinct, sound
from rosterdiff.schema import PAIRS, check

FULL_PAIRS: Final = 250_000
"""Up to this many pairs (500 × 500) everything is compared with everything."""

KEY_PAIRS: Final = 500
"""A key whose value would give more pairs than this is refined (22 × 22 of one name and initial)."""

SPARSE_SPAN: Final = 3
"""Rows and students whom no key tells apart are each paired with this many of the other side, in order of content."""

_REFINEMENTS: Final = ("birth_year", "birth_date", "given_key", "grade_before")
_FULL_NAME: Final = "n"
_SEPARATOR: Final = "\x1f"
_ROOM: Final = 1 << 32
_IDS: Final = ("student_id", "number_bare", "email", "username")


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
    if rows_left.height * students.height + rows.height * students_left.height <= full_pairs:
        parts = [_every_pair(rows_left, students), _every_pair(rows, students_left)]
        return Candidates(_together([exact, *parts]))
    row_keys = block_keys(rows.with_columns(grade_before=pl.col("grade_order") - pl.col("step")), None)
    student_keys = block_keys(students.with_columns(grade_before="grade_order"), forms)
    first = _join_keys(_only(row_keys, rows_left), student_keys)
    second = _join_keys(row_keys, _only(student_keys, students_left))
    return Candidates(
        _together([exact, first.pairs, second.pairs]), max(first.indistinguishable, second.indistinguishable)
    )


def find_exact(rows: pl.DataFrame, students: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """Pairs that alone have their full name on both sides, with equal birth dates and no id that disagrees."""
    name = ["given_key", "family_key"]
    called = forms.join(students.select("at", *name), on="at").select(
        pl.coalesce(pl.col("given").str.replace_all(" ", ""), "given_key").alias("given_key"),
        pl.coalesce(pl.col("family").str.replace_all(" ", ""), "family_key").alias("family_key"),
    )
    alone = [
        side.filter(pl.all_horizontal(pl.col(*name).is_not_null()) & (pl.len().over(name) == 1))
        for side in (rows, students)
    ]
    pairs = (
        alone[0]
        .join(alone[1], on=[*name, "birth_date"], suffix="_student", nulls_equal=False)
        .join(called, on=name, how="anti")
        .filter(_agrees("middle"), _agrees("suffix"), *(_agrees(key) for key in _IDS))
    )
    for key in _IDS:
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


def block_keys(records: pl.DataFrame, forms: pl.DataFrame | None) -> pl.DataFrame:
    """The keys under which a record may be found: long form, `key`, `at`, and the refinements.

    Keys: phonetic family name with given initial and the other way round; birth date; full name sorted, also with day
    and month; each part of a family name with the given initial; family name with birth year; day and month swapped;
    initials with birth year; every id.
    """
    base = records.with_columns(_parts())
    if forms is not None and not forms.is_empty():
        base = pl.concat([base, _called(base, forms)], how="vertical")
    keys = pl.concat(
        base.select(expression.alias("key"), "at", *_REFINEMENTS).drop_nulls("key") for expression in _key_expressions()
    )
    by_part = (
        base.with_columns(pl.col("family").str.split(" ").alias("part"))
        .filter(pl.col("part").list.len() > 1)
        .explode("part")
        .select(_key("p", pl.col("part"), pl.col("initial")).alias("key"), "at", *_REFINEMENTS)
        .drop_nulls("key")
    )
    return pl.concat([keys, by_part]).unique(["key", "at"], keep="first", maintain_order=True)


def _parts() -> list[pl.Expr]:
    born = pl.col("birth_date")
    return [
        pl.col("given_key").str.slice(0, 1).alias("initial"),
        born.dt.year().cast(pl.String).alias("birth_year"),
        pl.min_horizontal(born.dt.month(), born.dt.day()).cast(pl.String).alias("low_part"),
        pl.max_horizontal(born.dt.month(), born.dt.day()).cast(pl.String).alias("high_part"),
    ]


def _called(base: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """The records again under their further names."""
    named = forms.rename({"given": "given_also", "family": "family_also"}).join(base, on="at", how="inner")
    called = named.with_columns(
        pl.coalesce("given_also", "given").alias("given"),
        pl.coalesce("family_also", "family").alias("family"),
        pl.coalesce(pl.col("given_also").str.replace_all(" ", ""), "given_key").alias("given_key"),
        pl.coalesce(pl.col("family_also").str.replace_all(" ", ""), "family_key").alias("family_key"),
    )
    return called.with_columns(
        pl.col("given_key").str.slice(0, 1).alias("initial"),
        map_distinct(called["given_key"], sound).alias("given_sound"),
        map_distinct(called["family_key"], sound).alias("family_sound"),
    )[base.columns]


def _key(kind: str, *parts: pl.Expr) -> pl.Expr:
    """A key of one kind; null as soon as one of its parts is."""
    return pl.concat_str([pl.lit(kind), *(part.cast(pl.String) for part in parts)], separator=_SEPARATOR)


def _key_expressions() -> list[pl.Expr]:
    col = pl.col
    family_initial = col("family_key").str.slice(0, 1)
    first, second = pl.min_horizontal("given_key", "family_key"), pl.max_horizontal("given_key", "family_key")
    return [
        _key("f", col("family_sound"), col("initial")),
        _key("g", col("given_sound"), family_initial),
        _key("b", col("birth_date")),
        _key(_FULL_NAME, first, second),
        _key("t", first, second, col("low_part"), col("high_part")),
        _key("p", col("family_key"), col("initial")),
        _key("y", col("family_key"), col("birth_year")),
        _key("d", col("low_part"), col("high_part"), col("birth_year")),
        _key("i", family_initial, col("initial"), col("birth_year"), col("low_part")),
        *(_key(name, col(name)) for name in _IDS),
    ]


def _only(keys: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    return keys.join(records.select("at"), on="at", how="semi")


def _join_keys(row_keys: pl.DataFrame, student_keys: pl.DataFrame) -> Candidates:
    """Pairs that share a key, refining the keys that would give too many."""
    pairs, unclear = [], []
    for refinement in _REFINEMENTS:
        small, row_keys, student_keys = _join_small(row_keys, student_keys)
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
    sparse = pl.concat([*unclear, _sparse_pairs(row_keys, student_keys)])
    named = pl.concat([*pairs, small, sparse]).select(row="at", student="at_student")
    return Candidates(named, sparse["at"].n_unique())


def _join_small(row_keys: pl.DataFrame, student_keys: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The pairs of the keys that give few (`at`, `at_student`), and what both sides have of the keys that do not."""
    counts = row_keys.group_by("key").len("rows").join(student_keys.group_by("key").len("students"), on="key")
    large = counts.filter(pl.col("rows").cast(pl.UInt64) * pl.col("students") > KEY_PAIRS).select("key")
    small = row_keys.join(large, on="key", how="anti").join(student_keys, on="key", suffix="_student")
    rest = [side.join(large, on="key", how="semi") for side in (row_keys, student_keys)]
    return small.select("at", "at_student"), rest[0], rest[1]


def _refined(keys: pl.DataFrame, refinement: str) -> pl.DataFrame:
    finer = pl.col(refinement).cast(pl.String).fill_null("")
    return keys.with_columns(coarse="key", key=pl.concat_str([pl.col("key"), finer], separator=_SEPARATOR))


def _lone(keys: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """Records, under their key of before, to whom a refinement leaves none of their namesakes."""
    named = keys.filter(pl.col("key").str.starts_with(f"{_FULL_NAME}{_SEPARATOR}"))
    return named.join(others, on="key", how="anti").with_columns(key="coarse")


def _sparse_pairs(row_keys: pl.DataFrame, student_keys: pl.DataFrame) -> pl.DataFrame:
    """Pair each record of an inseparable key with a few neighbours: enough to see that it is ambiguous."""
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


def _every_pair(rows: pl.DataFrame, students: pl.DataFrame) -> pl.DataFrame:
    left, right = rows.select(pl.col("at").alias("row")), students.select(pl.col("at").alias("student"))
    return check(left.join(right, how="cross").sort("row", "student"), PAIRS)


def _together(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """All pairs once, sorted; a pair as one number is found and sorted in half the time."""
    whole = pl.concat(parts).select(pl.col("row").cast(pl.UInt64) * _ROOM + pl.col("student")).to_series()
    both = whole.unique().sort().to_frame("both")
    row, student = pl.col("both") // _ROOM, pl.col("both") % _ROOM
    return check(both.select(row.cast(pl.UInt32).alias("row"), student.cast(pl.UInt32).alias("student")), PAIRS)
