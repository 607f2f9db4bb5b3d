"""What is true of every incoming row: whether its name differs, and whom a newcomer resembles.

Invariants: decided from the rosters and the truth alone, never from what a matcher found; names are the same as
promise 2 of the project says it; every row is in exactly one of the classes of `Need`.
"""

from enum import StrEnum
from typing import Final

import numpy as np
import polars as pl
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from benchmarks.rosters.cultures import Flags
from benchmarks.rosters.draw import SchoolYears
from benchmarks.rosters.families import GRADES
from benchmarks.rosters.variants import nicknames
from rosterdiff.names import fold, map_distinct

SLIPS: Final = ((4, 1), (8, 2))
"""From this length of the shorter name on, names so many edits apart look alike."""

_MOST_PAIRS: Final = 50_000_000
_SHORT: Final = {"given_name": "given", "middle_name": "middle", "family_name": "family"}


class Need(StrEnum):
    """Why a person may have to look at a row."""

    NAME_DIFFERS = "name differs"
    FAMILY_AND_DATE = "newcomer with another student's family name and birth date"
    LOOK_ALIKE = "other look-alike newcomer"
    DUPLICATE = "listed twice"
    NONE = "no need"


def describe_rows(years: SchoolYears) -> pl.DataFrame:
    """Say of every row whether a person needs to look at it.

    Args:
        years: with all columns, before a variant drops some.

    Returns:
        `rows` of the years with `need`: the first of `Need` that holds.

    """
    rows = keys(years.incoming.frame, "row").join(years.rows.select("row", "step"), on="row")
    students = keys(years.base.frame, "student_id", "preferred_given_name", "preferred_family_name")
    known = years.truth.with_columns(pl.col("row").cast(pl.UInt32))
    newcomers = rows.join(known, on="row", how="anti")
    twice = years.rows.filter(pl.col("student_id").is_not_null() & pl.col("student_id").is_duplicated())["row"]
    found = {
        Need.NAME_DIFFERS: names_differ(rows, students, known),
        Need.FAMILY_AND_DATE: _family_and_date(newcomers, rows, students),
        Need.LOOK_ALIKE: _look_alikes(newcomers, students),
        Need.DUPLICATE: twice,
    }
    need = pl.lit(Need.NONE.value)
    for name, which in reversed(found.items()):
        need = pl.when(pl.col("row").is_in(which.implode())).then(pl.lit(name.value)).otherwise(need)
    return years.rows.with_columns(need.alias("need"))


def keys(frame: pl.DataFrame, key: str, *also: str) -> pl.DataFrame:
    """A roster by what is compared here: `given`, `middle`, `family` … folded, `birth_date`, `order` of the grade."""
    names = ("given_name", "middle_name", "family_name", "name_suffix", *also)
    order = {code: number for number, code in enumerate(GRADES)}
    return frame.select(
        key,
        *(map_distinct(frame[name], fold).alias(_SHORT.get(name, name)) for name in names),
        "birth_date",
        pl.col("grade").cast(pl.String).replace_strict(order, default=None, return_dtype=pl.Int64).alias("order"),
    )


def names_differ(rows: pl.DataFrame, students: pl.DataFrame, known: pl.DataFrame) -> pl.Series:
    """The rows whose folded names are not a name of their student: given, family, middle or suffix."""
    pairs = known.join(rows, on="row").join(students, on="student_id", suffix="_base")
    col = pl.col
    given = (col("given") == col("given_base")) | (col("given") == col("preferred_given_name"))
    family = (col("family") == col("family_base")) | (col("family") == col("preferred_family_name"))
    lengths = (col("middle").str.len_chars(), col("middle_base").str.len_chars())
    initial = (pl.min_horizontal(*lengths) == 1) & (col("middle").str.slice(0, 1) == col("middle_base").str.slice(0, 1))
    against = (col("middle") != col("middle_base")) & ~initial
    suffix = col("name_suffix") != col("name_suffix_base")
    same = given.fill_null(value=False) & family.fill_null(value=False)
    return pairs.filter(~same | against.fill_null(value=False) | suffix.fill_null(value=False))["row"]


def _family_and_date(newcomers: pl.DataFrame, rows: pl.DataFrame, students: pl.DataFrame) -> pl.Series:
    """Newcomers who have family name and birth date of a student of the base or of another row."""
    on = ["family", "birth_date"]
    in_base = newcomers.join(students, on=on, how="semi")["row"]
    others = newcomers.join(rows.select("row", *on), on=on).filter(pl.col("row") != pl.col("row_right"))["row"]
    return pl.concat([in_base, others]).unique()


def _look_alikes(newcomers: pl.DataFrame, students: pl.DataFrame) -> pl.Series:
    """Newcomers with the full name of a student, or with one name of his and the other similar, and in step."""
    named = newcomers.join(students, on=["given", "family"], how="semi")["row"]
    placed = newcomers.with_columns(pl.col("order") - pl.col("step"))
    alike = [_similar(placed, students, same="family", other="given"),
             _similar(placed, students, same="given", other="family")]  # fmt: skip
    return pl.concat([named, *alike]).unique()


def _similar(newcomers: pl.DataFrame, students: pl.DataFrame, *, same: str, other: str) -> pl.Series:
    """Newcomers of whom one name is a student's, and the other is like his."""
    left = newcomers.select(same, "order", other).drop_nulls().unique()
    right = students.select(same, "order", pl.col(other).alias("b")).drop_nulls().unique()
    pairs = left.join(right, on=[same, "order"]).select(same, "order", other, "b")
    assert pairs.height < _MOST_PAIRS, "facts are for rosters of a size that is judged"
    distinct = pairs.select(other, "b").unique()
    alike = distinct.filter(pl.Series(_alike(distinct[other], distinct["b"])))
    found = pairs.join(alike, on=[other, "b"], how="semi")
    return newcomers.join(found, on=[same, "order", other], how="semi")["row"]


def _alike(a: pl.Series, b: pl.Series) -> Flags:
    """A slip of the hand apart, a nickname or an initial, or one the beginning of the other."""
    left, right = a.to_list(), b.to_list()
    shorter = np.minimum(a.str.len_chars().to_numpy(), b.str.len_chars().to_numpy())
    edits = cpdist(left, right, scorer=OSA.distance, score_cutoff=2, dtype=np.uint8)
    slip = np.any([(shorter >= length) & (edits <= most) for length, most in SLIPS], axis=0)
    table = {fold(name): {fold(other) for other in others} for name, others in nicknames().items()}
    known = [y in table.get(x, ()) or x in table.get(y, ()) for x, y in zip(left, right, strict=True)]
    begins = [x.startswith(y) or y.startswith(x) for x, y in zip(left, right, strict=True)]
    return np.asarray(slip | np.array(known, dtype=bool) | np.array(begins, dtype=bool))
