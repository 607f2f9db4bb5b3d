"""Rows that repeat the whole record of a student: kept, since nothing would be written whichever of them is which.

Invariants: as many rows as students have the record, and it says more than a common name; nobody who has their names
stays open beside them, because he might be the one who has the record now, unless a person has said that he is in no
row; no row of a doubt is kept while the other is open.
"""

from typing import Final

import polars as pl

from rosterdiff.frames import Roster
from rosterdiff.levels import Comparison, GradeLevel
from rosterdiff.pairs import level
from rosterdiff.planning.memory import Remembered
from rosterdiff.planning.positions import is_none_of
from rosterdiff.schema import CANONICAL, PAIRS, empty

_RECORD: Final = [name for name in CANONICAL if name != "student_id"]


def find_identical(
    judged: pl.DataFrame,
    rosters: tuple[Roster, Roster],
    remembered: Remembered,
    certain: pl.DataFrame,
    accept: float,
) -> pl.DataFrame:
    """Find the pairs of rows and students of one record, in the order of the rosters (`schema.PAIRS`).

    Args:
        judged: the judged pairs.
        rosters: base and incoming.
        remembered: a student whom a person has ruled out for one of the rows is none of them.
        certain: pairs that are settled already (`schema.PAIRS`).
        accept: where no grade is known, nor an id or a birth date agrees, the names must be rare enough for this
            probability; in a grade out of step they never are.

    """
    of_one_record = _of_one_record(rosters, remembered, certain)
    if of_one_record.is_empty():
        return of_one_record
    no_grade = level(Comparison.GRADE) == GradeLevel.MISSING.value
    evident = judged.filter(pl.col("agrees") | (no_grade & (pl.col("alone_probability") >= accept)))
    found = of_one_record.join(evident, on=["row", "student"], how="semi")
    of_other = judged.filter("id_same").select("row", "student").join(found, on=["row", "student"], how="anti")
    ignored = pl.DataFrame({"row": sorted(remembered.ignored)}, schema={"row": pl.UInt32})
    base = rosters[0].frame
    absent = base.select(student="row").filter(base["student_id"].is_in(sorted(remembered.absent)))
    of_one_name = judged.filter("names_same", ~pl.col("date_against")).select("row", "student")
    namesakes = of_one_name.join(absent, on="student", how="anti")
    beside = _both_ways(rosters[1].doubts)
    return _undisturbed(found.join(of_other, on="row", how="anti"), certain, ignored, (namesakes, beside))


def _of_one_record(rosters: tuple[Roster, Roster], remembered: Remembered, certain: pl.DataFrame) -> pl.DataFrame:
    """Free rows and students that have every canonical field but the id in common, equally many of both."""
    said = {*rosters[0].given, *rosters[1].given}
    fields = [name for name in _RECORD if name in said] or _RECORD
    students, rows = (roster.frame.select("row", "student_id", *fields) for roster in rosters)
    ignored = pl.Series(sorted(remembered.ignored), dtype=pl.UInt32)
    free_rows = rows.filter(is_none_of(rows.height, certain["row"], ignored))
    free_students = students.filter(is_none_of(students.height, certain["student"]))
    shared = free_rows.join(free_students, on=fields, how="semi", nulls_equal=True)
    if shared.is_empty():
        return empty(PAIRS)
    records = shared.select(fields).unique().with_row_index("record")
    ruled_out = pl.DataFrame(
        sorted(remembered.rejected), schema={"row": pl.UInt32, "student_id": pl.String}, orient="row"
    ).join(_recorded(rows, records, fields), on="row", how="inner")
    free = (
        _recorded(free_rows, records, fields),
        _recorded(free_students, records, fields).join(ruled_out, on=["student_id", "record"], how="anti"),
    )
    placed = [
        side.sort("row").with_columns(
            pl.int_range(pl.len()).over("record").alias("place"), pl.len().over("record").alias("count")
        )
        for side in free
    ]
    both = placed[0].join(placed[1], on=["record", "place", "count"], how="inner", suffix="_student")
    return both.select("row", pl.col("row_student").alias("student"))


def _recorded(side: pl.DataFrame, records: pl.DataFrame, fields: list[str]) -> pl.DataFrame:
    """The rows or students that have one of these records: `row`, `student_id`, `record`."""
    return side.join(records, on=fields, how="inner", nulls_equal=True).select("row", "student_id", "record")


def _both_ways(doubts: pl.DataFrame) -> pl.DataFrame:
    """Every row of a doubt with the other: `row`, `other_row`."""
    swapped = doubts.select(pl.col("other_row").alias("row"), pl.col("row").alias("other_row"))
    return pl.concat([doubts.select("row", "other_row"), swapped])


def _undisturbed(
    found: pl.DataFrame, certain: pl.DataFrame, ignored: pl.DataFrame, links: tuple[pl.DataFrame, pl.DataFrame]
) -> pl.DataFrame:
    """Leave out pairs beside which a namesake or the other row of a doubt stays open, until none is left."""
    namesakes, beside = links
    while True:
        settled = pl.concat([certain.select(*PAIRS), found])
        placed = pl.concat([settled.select("row"), ignored])
        open_rows = namesakes.join(placed, on="row", how="anti").select("student")
        open_students = namesakes.join(settled, on="student", how="anti").select("row")
        open_beside = beside.join(placed, left_on="other_row", right_on="row", how="anti").select("row")
        rest = found.join(open_rows, on="student", how="anti").join(
            pl.concat([open_students, open_beside]), on="row", how="anti"
        )
        if rest.height == found.height:
            return found
        found = rest
