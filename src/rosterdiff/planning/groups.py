"""Groups: the rows and students that hang together in doubt, numbered in the order of the plan.

Invariants: two entries share a group exactly if a chain of candidates or doubts joins them; students of a class that
nobody continues share one; numbers follow the first row of the group, then the first student.
"""

import numpy as np
import polars as pl

from rosterdiff.model import Reason
from rosterdiff.planning.positions import NONE, Integers, to_column
from rosterdiff.plans import IS_OPEN


def number_groups(
    rows: pl.DataFrame, students: pl.DataFrame, links: pl.DataFrame, beside: pl.DataFrame, places: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give every open row and held student the number of its group.

    Args:
        rows: `row`, `action` and more, every row, sorted; students: `student`, `action`, `reason` and more.
        links: `row`, `student`: candidates of open rows.
        beside: `row`, `other_row`: rows that must be looked at together.
        places: `student`, `place`: the class (or grade) that each student is missing with, sorted by student.

    Returns:
        rows, and students sorted by student, each with `group` (UInt32, null outside review).

    """
    students = students.sort("student")
    is_open = rows.select(IS_OPEN).to_series().to_numpy()
    row_nodes = np.where(is_open, np.cumsum(is_open) - 1, NONE)
    held = students.filter(IS_OPEN)["student"].to_numpy()
    student_nodes = np.full(places.height, NONE)
    student_nodes[held] = is_open.sum() + np.arange(len(held))
    alike, first = _class_links(students, places)
    ends = np.concatenate(
        [
            (row_nodes[links["row"].to_numpy()], student_nodes[links["student"].to_numpy()]),
            (row_nodes[beside["row"].to_numpy()], row_nodes[beside["other_row"].to_numpy()]),
            (student_nodes[alike], student_nodes[first]),
        ],
        axis=1,
    )
    groups = _numbered(ends[:, (ends != NONE).all(axis=0)], is_open.sum() + len(held))
    return (
        rows.with_columns(_group(groups, row_nodes)),
        students.with_columns(_group(groups, student_nodes[students["student"].to_numpy()])),
    )


def _numbered(ends: Integers, count: int) -> Integers:
    """The group of each of `count` nodes, given the pairs of nodes that are linked; numbered by their first node."""
    if not ends.size:
        return np.arange(count)
    from scipy.sparse import csr_array  # loading scipy takes longer than most plans take
    from scipy.sparse.csgraph import connected_components

    joined = csr_array((np.ones(ends.shape[1], np.int8), tuple(ends)), shape=(count, count))
    _, first, label = np.unique(connected_components(joined, directed=False)[1], return_index=True, return_inverse=True)
    numbers: Integers = np.argsort(np.argsort(first))[label]
    return numbers


def _group(groups: Integers, nodes: Integers) -> pl.Series:
    """The group of each node as a column, null for what is no node."""
    return to_column(np.append(groups, NONE)[nodes], "group")


def _class_links(students: pl.DataFrame, places: pl.DataFrame) -> tuple[Integers, Integers]:
    """The students who are missing with a class, and beside each the first of it."""
    missing = students.filter(pl.col("reason") == Reason.CLASS_NOT_COVERED.value)["student"]
    placed = pl.DataFrame({"student": missing, "place": places["place"][missing]})
    first = placed.select(pl.col("student").first().over("place")).to_series()
    return missing.to_numpy(), first.to_numpy()
