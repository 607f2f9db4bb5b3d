"""The plan's rows, numbered again as the caller's roster numbers them.

Invariants: nothing but the numbers of rows changes; lines keep their order, which follows the content, so that the
same rows in another order give the same plan line by line.
"""

import polars as pl
from attrs import evolve

from rosterdiff.frames import Roster
from rosterdiff.plans import Plan


def renumber_rows(plan: Plan, former: pl.Series, base: Roster, incoming: Roster) -> Plan:
    """Give the rows of a plan their former numbers.

    Args:
        plan: made from rosters in the order of their content.
        former: for each row of the plan its number in `incoming`.
        base, incoming: the rosters as the caller has them.

    """
    candidates = _renumbered(_renumbered(plan.candidates, "row", former), "taken_by", former)
    return evolve(
        plan,
        base=base,
        incoming=incoming,
        entries=_renumbered(plan.entries, "row", former),
        changes=_renumbered(plan.changes, "row", former),
        candidates=candidates,
    )


def _renumbered(frame: pl.DataFrame, column: str, former: pl.Series) -> pl.DataFrame:
    numbers = pl.DataFrame({column: pl.int_range(former.len(), dtype=pl.UInt32, eager=True), "former": former})
    joined = frame.join(numbers, on=column, how="left", maintain_order="left", nulls_equal=False)
    return joined.with_columns(pl.col("former").alias(column)).drop("former")
