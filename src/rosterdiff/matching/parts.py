"""Records → the parts that blocking keys are made of, as numbers that mean the same on both sides.

Invariants: a null part means that nothing is known, and none is 0; what follows from a name (its sound, its beginning)
is found once for each distinct name; the first lines are those of the records, in their order, and further lines give
what a record may be found under besides: a further name, a further part of a family name.
"""

from collections.abc import Mapping
from typing import Final

import polars as pl

from rosterdiff.matching.codes import closed_set
from rosterdiff.matching.records import DATE_PARTS, evidence_columns
from rosterdiff.matching.sides import encode
from rosterdiff.names import sound

IDS: Final = ("student_id", "number_bare", "email", "username")

NAMED: Final = ("first", "second")
"""Both names, in whatever order."""

_NAMES: Final = ("given", "family", "given_key", "family_key")


def to_parts(rows: pl.DataFrame, students: pl.DataFrame, forms: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The parts of the records of both sides, each a `pl.UInt32`.

    Args:
        rows, students: encoded records (`sides.encode`); the rows have `step` besides.
        forms: further names of students.

    Returns:
        `at`, `given_key`, `family_key`, `given_sound`, `family_sound`, `initial`, `family_initial`, `given_start`,
        `family_start`, `first`, `second`, `part`, the ids, `birth_year`, `birth_date`, `low_part`, `high_part`,
        `grade_before`, and the declared columns.

    """
    called = with_called(students, forms)
    if called is not students:
        rows, called = encode(rows.with_columns(pl.col(_NAMES).cast(pl.String)), called)
    of_name = _of_names(closed_set(rows["given_key"]))
    of_family = _parts_of_names(closed_set(rows["family"]))
    declared = evidence_columns(rows, called)
    before = pl.col("grade_order").cast(pl.Int32)
    return (
        _parts(rows, before - pl.col("step"), of_name, of_family, declared),
        _parts(called, before, of_name, of_family, declared),
    )


def with_called(students: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """The records, and again under their further names, if any; names are texts then."""
    if forms.is_empty():
        return students
    texts = students.with_columns(pl.col(_NAMES).cast(pl.String))
    named = forms.rename({"given": "given_also", "family": "family_also"}).join(texts, on="at", how="inner")
    called = named.with_columns(
        pl.coalesce("given_also", "given").alias("given"),
        pl.coalesce("family_also", "family").alias("family"),
    ).with_columns(
        pl.col(name).str.replace_all(" ", "", literal=True).alias(f"{name}_key") for name in ("given", "family")
    )
    return pl.concat([texts, called.select(texts.columns)])


def _of_names(names: pl.Series) -> pl.DataFrame:
    """What follows from each name, a line a name."""
    texts = {
        "sound": pl.Series([sound(name) for name in names.to_list()], dtype=pl.String),
        "initial": names.str.slice(0, 1),
        "given_start": names.str.slice(0, 2),
        "family_start": names.str.slice(0, 3),
    }
    return pl.DataFrame({part: _numbered(values) for part, values in texts.items()})


def _parts_of_names(names: pl.Series) -> pl.DataFrame:
    """The parts of each name between its spaces: `name` (its place), `part`, `place` among the parts of the name."""
    words = pl.DataFrame({"name": pl.int_range(len(names), dtype=pl.UInt32, eager=True), "part": names.str.split(" ")})
    each = words.explode("part")
    return each.select("name", _numbered(each["part"]), pl.int_range(pl.len()).over("name").alias("place"))


def _numbered(texts: pl.Series) -> pl.Series:
    """Equal texts as equal numbers, from 1."""
    return texts.cast(pl.Enum(texts.unique())).to_physical().cast(pl.UInt32) + 1


def _parts(
    records: pl.DataFrame, grade_before: pl.Expr, of_name: pl.DataFrame, of_family: pl.DataFrame, declared: list[str]
) -> pl.DataFrame:
    given, family, whole = (
        records[name].to_physical().cast(pl.UInt32) for name in ("given_key", "family_key", "family")
    )
    first_parts = of_family.filter(pl.col("place") == 0)["part"]
    parts: Mapping[str, pl.Series] = {
        "given_key": given + 1,
        "family_key": family + 1,
        "given_sound": of_name["sound"].gather(given),
        "family_sound": of_name["sound"].gather(family),
        "initial": of_name["initial"].gather(given),
        "family_initial": of_name["initial"].gather(family),
        "given_start": of_name["given_start"].gather(given),
        "family_start": of_name["family_start"].gather(family),
        "part": first_parts.gather(whole),
    }
    found = records.select(
        "at",
        *_dates(),
        grade_before.cast(pl.UInt32, wrap_numerical=True).alias("grade_before"),
        pl.col(*IDS, *declared).to_physical().cast(pl.UInt32) + 1,
    )
    both = pl.col("given_key").is_not_null() & pl.col("family_key").is_not_null()
    lines = found.with_columns(**parts).with_columns(
        pl.min_horizontal("given_key", "family_key").alias("first"),
        pl.when(both).then(pl.max_horizontal("given_key", "family_key")).alias("second"),
    )
    further = of_family.filter(pl.col("place") > 0).select("name", "part")
    of_many = lines.select("at", "initial", whole.alias("name")).join(further, on="name").drop("name")
    return pl.concat([lines, of_many], how="diagonal")


def _dates() -> list[pl.Expr]:
    year, month, day = (pl.col(part).cast(pl.UInt32) for part in DATE_PARTS)
    known = month.is_not_null() & day.is_not_null()
    return [
        year,
        (year * 10000 + month * 100 + day).alias("birth_date"),
        pl.when(known).then(pl.min_horizontal(month, day)).alias("low_part"),
        pl.when(known).then(pl.max_horizontal(month, day)).alias("high_part"),
    ]
