"""Groups: the rows and students that hang together in doubt, numbered in the order of the plan.

Invariants: two entries share a group exactly if a chain of candidates or doubts joins them; students of a class that
nobody continues share one; numbers follow the first row of the group, then the first student.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from rosterdiff.model import Reason
from rosterdiff.plans import IS_OPEN


def number_groups(
    rows: pl.DataFrame, students: pl.DataFrame, links: pl.DataFrame, beside: pl.DataFrame, places: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give every open row and held student the number of its group.

    Args:
        rows: `row`, `action` and more, sorted by row; students: `student`, `action`, `reason` and more.
        links: `row`, `student`: candidates of open rows.
        beside: `row`, `other_row`: rows that must be looked at together.
        places: `student`, `place`: the class (or grade) that a student is missing with.

    Returns:
        rows and students, each with `group` (UInt32, null outside review).

    """
    nodes = _nodes(rows, students)
    ends = pl.concat(
        [
            _ends(links, nodes, ("row", "student")),
            _ends(beside.rename({"other_row": "other"}), nodes, ("row", "other")),
            _ends(_class_links(students, places), nodes, ("student", "other_student")),
        ]
    )
    _, first, label = np.unique(_labels(ends, nodes.height), return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    groups = nodes.with_columns(pl.Series("group", rank[label].astype(np.uint32), dtype=pl.UInt32))
    of_rows = groups.filter(kind="row").select(pl.col("key").alias("row"), "group")
    of_students = groups.filter(kind="student").select(pl.col("key").alias("student"), "group")
    return (
        rows.join(of_rows, on="row", how="left", maintain_order="left"),
        students.join(of_students, on="student", how="left").sort("student"),
    )


def _labels(ends: pl.DataFrame, count: int) -> npt.NDArray[np.int32]:
    """The component of each of `count` nodes, given the pairs of nodes that are linked."""
    if ends.is_empty():
        return np.arange(count, dtype=np.int32)
    from scipy.sparse import csr_array  # loading scipy takes longer than most plans take
    from scipy.sparse.csgraph import connected_components

    joined = (np.ones(ends.height, np.int8), (ends["a"].to_numpy(), ends["b"].to_numpy()))
    return connected_components(csr_array(joined, shape=(count, count)), directed=False)[1]


def _nodes(rows: pl.DataFrame, students: pl.DataFrame) -> pl.DataFrame:
    """The open rows, then the held students, numbered: `kind`, `key`, `node`."""
    open_rows = rows.filter(IS_OPEN).select(pl.lit("row").alias("kind"), pl.col("row").alias("key")).sort("key")
    held = students.filter(IS_OPEN).select(pl.lit("student").alias("kind"), pl.col("student").alias("key")).sort("key")
    return pl.concat([open_rows, held]).with_row_index("node")


def _ends(links: pl.DataFrame, nodes: pl.DataFrame, sides: tuple[str, str]) -> pl.DataFrame:
    """Links as pairs of nodes: `a`, `b`; those with an end that is not open are left out."""
    numbered = links.select(pl.col(sides[0]).alias("first"), pl.col(sides[1]).alias("second"))
    for column, side, name in (("first", sides[0], "a"), ("second", sides[1], "b")):
        kind = "student" if "student" in side else "row"
        known = nodes.filter(kind=kind).select(pl.col("key").alias(column), pl.col("node").alias(name))
        numbered = numbered.join(known, on=column, how="inner")
    return numbered.select("a", "b").sort("a", "b")


def _class_links(students: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Every student missing with a class, linked to the first of it: `student`, `other_student`."""
    missing = students.filter(pl.col("reason") == Reason.CLASS_NOT_COVERED.value).select("student")
    placed = missing.join(places, on="student", how="inner")
    return placed.select("student", pl.col("student").min().over("place").alias("other_student"))
