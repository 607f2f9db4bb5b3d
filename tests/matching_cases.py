"""Small lists on their way through matching, stage by stage: what tests of the stages share."""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from rosterdiff.frames import Roster
from rosterdiff.levels import Comparison
from rosterdiff.matching.match import Compared, MatchOptions, Sides, compare_sides, prepare_sides
from rosterdiff.matching.model import Model, shipped_model
from rosterdiff.matching.weigh import Evident, weigh_pairs
from rosterdiff.model import KnownName
from rosterdiff.schema import MILLIBIT_COLUMNS, PAIRS
from rosterdiff.testing import a_roster, a_student

Fields = Mapping[str, str | int | date | None]

FULL = {"given_name": "Ilva", "family_name": "Torenbek"}


def a_row(**fields: str | int | date | None) -> dict[str, str | int | date | None]:
    """A row of an upload: the student of `a_student` without id, and what the test says of it."""
    return a_student(None, **fields)


def sides_of(
    base: Roster, incoming: Roster, *names: KnownName, evidence: Mapping[str, str] | None = None, step: int = 1
) -> Sides:
    """Both lists as records, all rows of one grade step."""
    from rosterdiff.config import Policy

    declared = Policy(evidence=evidence or {}).evidence
    sides = prepare_sides(base, incoming, MatchOptions(names=names, evidence=declared))
    rows = sides.rows.with_columns(step=pl.lit(step, dtype=pl.Int8))
    return Sides(rows, sides.students, sides.forms, sides.steps, sides.columns)


def every_pair(sides: Sides) -> pl.DataFrame:
    """All pairs of both lists, in order."""
    rows, students = sides.rows.select(row="at"), sides.students.select(student="at")
    return rows.join(students, how="cross").sort("row", "student").cast(PAIRS)


def compared(
    base: Sequence[Fields], incoming: Sequence[Fields], *, evidence: Mapping[str, str] | None = None
) -> tuple[Compared, Sides]:
    """All pairs of these records, compared."""
    sides = sides_of(a_roster(*base), a_roster(*incoming), evidence=evidence)
    return compare_sides(every_pair(sides), sides), sides


def evident_of(
    base: Sequence[Fields],
    incoming: Sequence[Fields],
    *,
    evidence: Mapping[str, str] | None = None,
    model: Model | None = None,
) -> Evident:
    """All pairs of these records, with what frequencies say."""
    found, sides = compared(base, incoming, evidence=evidence)
    return found.find_evident(sides, model or shipped_model())


def weighed(
    base: Sequence[Fields],
    incoming: Sequence[Fields],
    *,
    evidence: Mapping[str, str] | None = None,
    model: Model | None = None,
) -> pl.DataFrame:
    """All pairs of these records, weighed (`schema.SCORED`)."""
    return weigh_pairs(evident_of(base, incoming, evidence=evidence, model=model), model or shipped_model())


def weight_of(scored: pl.DataFrame, row: int, student: int, comparison: Comparison) -> int:
    """What one comparison of one pair weighs, in 1/1000 bit."""
    pair = scored.filter(pl.col("row") == row, pl.col("student") == student)
    return int(pair[MILLIBIT_COLUMNS[comparison]].item())
