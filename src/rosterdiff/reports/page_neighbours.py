"""Who stands around an open row in its list, and what became of them: context for whoever decides.

Invariants: neighbours are of the same file, sheet and class, in the order of the file; the row itself is among them,
marked by having no outcome.
"""

from typing import Final

import polars as pl

from rosterdiff.model import Action
from rosterdiff.plans import Plan
from rosterdiff.reports.cells import shown
from rosterdiff.reports.people import class_or_grade, full_name

REACH: Final = 3  # rows above and below

_LIST: Final = ["source_file", "source_sheet", "class_name"]


def neighbours_of(plan: Plan, rows: pl.Series) -> dict[int, list[list[str]]]:
    """The rows around each of these rows: `[name, outcome]`, in the order of the file.

    Args:
        plan: the plan.
        rows: rows of the incoming roster (UInt32).

    Returns:
        row → its neighbours and itself, whose outcome is empty; a row that stands alone has no neighbours.

    """
    lists = _in_lists(plan.incoming.frame)
    offsets = pl.DataFrame({"offset": range(-REACH, REACH + 1)}, schema={"offset": pl.Int64})
    around = (
        lists.filter(pl.col("row").is_in(rows.implode()))
        .select(pl.col("row").alias("of"), "list", pl.col("at").alias("of_at"))
        .join(offsets, how="cross")
        .with_columns(at=pl.col("of_at") + pl.col("offset"))
        .join(lists, on=["at", "list"], how="inner")
        .sort("of", "at")
    )
    outcomes = _outcomes(plan, around["row"].unique())
    found: dict[int, list[list[str]]] = {}
    for of, row, name in around.select("of", "row", "name").iter_rows():
        found.setdefault(of, []).append([shown(name), "" if row == of else outcomes[row]])
    return {row: people for row, people in found.items() if len(people) > 1}


def _in_lists(incoming: pl.DataFrame) -> pl.DataFrame:
    """Every row with its place `at` among all, the number of its list, and its name."""
    ordered = incoming.select("row", "source_row", *_LIST, name=full_name()).sort(*_LIST, "source_row", "row")
    return ordered.select(
        "row", "name", pl.struct(_LIST).rle_id().alias("list"), at=pl.int_range(pl.len(), dtype=pl.Int64)
    )


_OUTCOMES: Final = {Action.REVIEW: "in doubt as well", Action.ADD: "new student", Action.KEEP: "not used"}
"""What is said of a neighbour who was not matched."""


def _outcomes(plan: Plan, rows: pl.Series) -> dict[int, str]:
    before = plan.base.frame.select("student_id", was=class_or_grade())
    entries = plan.entries.filter(pl.col("row").is_in(rows.implode())).select("row", "action", "student_id")
    named = entries.join(before, on="student_id", how="left")
    return {
        row: f"was in {shown(was)}" if was else "matched" if student_id else _OUTCOMES[Action(action)]
        for row, action, student_id, was in named.iter_rows()
    }
