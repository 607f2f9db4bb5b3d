"""Scored pairs → one-to-one: greedily by weight, with ties or without, or of the greatest total weight.

Invariants: no row and no student is taken twice; the same pairs give the same choice in any order of them.
"""

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

Marks = npt.NDArray[np.bool_]


def take_greedily(pairs: pl.DataFrame) -> pl.Series:
    """Which pairs are taken when the heaviest free one is taken again and again.

    >>> pairs = pl.DataFrame({"row": [0, 0, 1], "student_id": ["a", "b", "a"], "weight": [9.0, 8.0, 8.5]})
    >>> take_greedily(pairs).to_list()
    [True, False, False]
    """
    order, rows, students = _numbered(pairs)
    taken_rows, taken_students = set[int](), set[int]()
    taken = np.zeros(pairs.height, dtype=bool)
    for at in order.tolist():
        row, student = int(rows[at]), int(students[at])
        if row not in taken_rows and student not in taken_students:
            taken[at] = True
            taken_rows.add(row)
            taken_students.add(student)
    return pl.Series("assigned", taken)


def take_untied(pairs: pl.DataFrame) -> pl.Series:
    """As `take_greedily`, but no pair that another one of its row or of its student equals.

    >>> pairs = pl.DataFrame({"row": [0, 0, 1], "student_id": ["a", "b", "c"], "weight": [9.0, 9.0, 8.5]})
    >>> take_untied(pairs).to_list()
    [False, False, True]
    """
    alone = pairs.select(
        pl.all_horizontal(pl.len().over(side, "weight") == 1 for side in ("row", "student_id"))
    ).to_series()
    taken = np.zeros(pairs.height, dtype=bool)
    taken[alone.to_numpy()] = take_greedily(pairs.filter(alone)).to_numpy()
    return pl.Series("assigned", taken)


def take_optimally(pairs: pl.DataFrame) -> pl.Series:
    """Which pairs are taken when their total weight above the least one is the greatest.

    Args:
        pairs: `row`, `student_id`, `weight`, each pair once; a row may also be left alone, which is worth nothing.

    >>> pairs = pl.DataFrame({"row": [0, 0, 1], "student_id": ["a", "b", "a"], "weight": [9.0, 8.0, 8.5]})
    >>> take_optimally(pairs).to_list()
    [False, True, True]

    """
    if pairs.is_empty():
        return pl.Series("assigned", [], dtype=pl.Boolean)
    _, rows, students = _numbered(pairs)
    weight = pairs["weight"].to_numpy()
    worth = weight - weight.min() + 1.0
    count, width = int(rows.max()) + 1, int(students.max()) + 1
    alone = np.arange(count)
    least = np.full(count, 1e-9)
    ends = (np.concatenate([rows, alone]), np.concatenate([students, width + alone]))
    graph = coo_array((np.concatenate([worth, least]), ends), shape=(count, width + count)).tocsr()
    chosen = min_weight_full_bipartite_matching(graph, maximize=True)[1]
    return pl.Series("assigned", chosen[rows] == students)


def _numbered(pairs: pl.DataFrame) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The order by weight, ties by content, and rows and students as numbers from 0."""
    placed = pairs.with_row_index("at").sort("weight", "row", "student_id", descending=[True, False, False])
    ranks = pairs.select(
        pl.col("row").rank("dense").cast(pl.Int64) - 1, pl.col("student_id").rank("dense").cast(pl.Int64) - 1
    )
    return placed["at"].to_numpy().astype(np.int64), ranks["row"].to_numpy(), ranks["student_id"].to_numpy()
