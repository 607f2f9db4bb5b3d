"""Rows that repeat the whole record of a student: kept, since nothing would be written whichever of them is which.

Invariants: as many rows as students have the record, and it says more than a common name; nobody who has their names
stays open beside them, because he might be the one who has the record now; no row of a doubt is kept while the other
is open.
"""

import polars as pl

from rosterdiff.frames import Roster, digests
from rosterdiff.planning.memory import Remembered
from rosterdiff.schema import CANONICAL, PAIRS


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
        accept: without an id, a birth date or a grade that agrees, the names must be rare enough for this probability.

    """
    evident = judged.filter(pl.col("agrees") | (pl.col("alone_probability") >= accept))
    found = _of_one_record(rosters, remembered, certain).join(evident, on=["row", "student"], how="semi")
    of_other = judged.filter("id_same").select("row", "student").join(found, on=["row", "student"], how="anti")
    ignored = pl.DataFrame({"row": sorted(remembered.ignored)}, schema={"row": pl.UInt32})
    namesakes = judged.filter("names_same", ~pl.col("date_against")).select("row", "student")
    beside = _both_ways(rosters[1].doubts)
    return _undisturbed(found.join(of_other, on="row", how="anti"), certain, ignored, (namesakes, beside))


def _of_one_record(rosters: tuple[Roster, Roster], remembered: Remembered, certain: pl.DataFrame) -> pl.DataFrame:
    """Rows and students that have every canonical field but the id in common, equally many of both."""
    fields = [name for name in CANONICAL if name != "student_id"]
    students, rows = (
        roster.frame.select(
            "row", "student_id", pl.Series("digest", digests(roster.frame.select(fields)), dtype=pl.String)
        )
        for roster in rosters
    )
    ruled_out = pl.DataFrame(
        sorted(remembered.rejected), schema={"row": pl.UInt32, "student_id": pl.String}, orient="row"
    )
    not_of = ruled_out.join(rows.select("row", "digest"), on="row")
    free_rows = rows.filter(~pl.col("row").is_in(sorted(remembered.ignored))).join(certain, on="row", how="anti")
    taken = certain.select(pl.col("student").alias("row"))
    free_students = students.join(not_of, on=["student_id", "digest"], how="anti").join(taken, on="row", how="anti")
    placed = [
        side.sort("row").with_columns(
            pl.int_range(pl.len()).over("digest").alias("place"), pl.len().over("digest").alias("count")
        )
        for side in (free_rows, free_students)
    ]
    both = placed[0].join(placed[1], on=["digest", "place", "count"], how="inner", suffix="_student")
    return both.select("row", pl.col("row_student").alias("student"))


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
