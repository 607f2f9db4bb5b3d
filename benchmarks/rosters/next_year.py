"""From one school year to the next: who leaves, who moves, and into which grade and class everyone goes.

Invariants: most siblings leave and move together; the highest grade leaves; classes of a grade of a school are evenly
filled.
"""

from typing import Final

import numpy as np
import polars as pl

from benchmarks.rosters.cultures import Drawing, Flags
from benchmarks.rosters.damage import Damaged
from benchmarks.rosters.families import FIRST_SECONDARY, HIGHEST
from benchmarks.rosters.options import Damage, RosterOptions

CLASS_SIZE: Final = 24
_TOGETHER: Final = 0.7
"""The share of those who leave or move that does so with all siblings."""

_LOST_AT_PRIMARY: Final = 0.15
"""The share of the last primary grade that goes to a secondary school elsewhere."""

_CLASSES_KEPT: Final = 0.5


def put_into_classes(children: pl.DataFrame, drawing: Drawing) -> pl.DataFrame:
    """Add `letter`: the number of the class in its grade of its school."""
    place = (pl.col("chance").rank("ordinal").over("school", "grade") - 1).cast(pl.Int64)
    classes = (pl.len().over("school", "grade").cast(pl.Int64) + CLASS_SIZE - 1) // CLASS_SIZE
    shuffled = children.with_columns(pl.Series("chance", drawing.draw.random(children.height)))
    return shuffled.with_columns((place % classes).alias("letter")).drop("chance")


def who_stays(students: pl.DataFrame, options: RosterOptions, drawing: Drawing) -> pl.Series:
    """Who is there next year."""
    leaves = _families_and_few(students, options.leaving, drawing)
    ends = (students["grade"] == FIRST_SECONDARY - 1).to_numpy() & (drawing.districts > 1)
    lost = ends & drawing.chance(_LOST_AT_PRIMARY, students.height)
    highest = (students["grade"] == HIGHEST).to_numpy()
    return pl.Series("stays", ~(leaves | lost | highest))


def _families_and_few(students: pl.DataFrame, share: float, drawing: Drawing) -> Flags:
    """A share of the students, most of them by whole families."""
    family = students["family"].to_numpy()
    together = drawing.chance(share * _TOGETHER, int(family.max()) + 1)[family]
    return np.asarray(together | drawing.chance(share * (1 - _TOGETHER), students.height), dtype=np.bool_)


def advance(stayers: pl.DataFrame, options: RosterOptions, drawing: Drawing) -> Damaged:
    """The next grade, school and class of those who stay; who repeats, skips or moves is labelled."""
    chance = drawing.draw.random(stayers.height)
    repeats, skips = chance < options.repeating, chance > 1 - options.skipping
    grade = np.minimum(stayers["grade"].to_numpy() + np.where(repeats, 0, np.where(skips, 2, 1)), HIGHEST)
    moves = _families_and_few(stayers, options.moving, drawing) & (drawing.districts > 1)
    placed = stayers.with_columns(pl.Series("grade", grade)).with_columns(_next_school(grade, moves, drawing))
    anew = put_into_classes(placed, drawing)["letter"]
    stays_on = (placed["school"] == stayers["school"]).to_numpy() & drawing.chance(_CLASSES_KEPT, stayers.height)
    rows = placed.with_columns(placed["letter"].zip_with(pl.Series(stays_on), anew), known="person")
    happened = ((repeats, Damage.REPEATED), (skips, Damage.SKIPPED), (moves, Damage.MOVED))
    labels = [rows.filter(pl.Series(who)).select("person", pl.lit(kind.value).alias("kind")) for who, kind in happened]
    return Damaged(rows, pl.concat(labels))


def _next_school(grade: np.ndarray, moves: Flags, drawing: Drawing) -> pl.Expr:
    """The secondary school of the district after the last primary grade, or any school for those who move."""
    if drawing.districts == 1:
        return pl.col("school")
    secondary = pl.Series(grade >= FIRST_SECONDARY)
    of_district = pl.when(secondary).then(pl.col("school") // 4 * 4 + 3).otherwise("school")
    place = np.where(grade >= FIRST_SECONDARY, 3, drawing.draw.integers(0, 3, len(grade)))
    elsewhere = pl.Series(4 * drawing.draw.integers(0, drawing.districts, len(grade)) + place)
    return pl.when(pl.Series(moves)).then(elsewhere).otherwise(of_district).alias("school")
