"""Records of one roster whom nothing that both rosters have tells apart: namesakes without a birth date or number.

Invariants: only what both rosters give can tell two records apart; records that follow each other in the order of
content are compared, up to a distance, so that no list of all pairs is made; groups are numbered by content.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl

from rosterdiff.matching.records import has_values

MOST_ALIKE: Final = 50
"""A record is held against so many that follow it under its name; more of one name are linked through these."""

_NAMES: Final = ["given_key", "family_key"]
_TELLING: Final = (
    "middle", "suffix", "birth_date", "birth_year", "birth_month", "birth_day", "student_id", "number_bare", "email",
    "username", "grade_order",
)  # fmt: skip
"""What tells two namesakes apart where both have it and it differs; the grade too, which is expected to be in step."""


def find_namesakes(rows: pl.DataFrame, students: pl.DataFrame, declared: Sequence[str]) -> pl.DataFrame:
    """Find the groups of each side that cannot be told apart.

    Args:
        rows, students: records.
        declared: the declared columns of both.

    Returns:
        `side`, `at`, `group`, `reason`, a line a record; `reason` is `same_birth_date` where those of the group have
        one birth date, else `no_birth_date`.

    """
    sides = (rows, students)
    telling = [name for name in (*_TELLING, *declared) if all(has_values(side, name) for side in sides)]
    found, first = [], 0
    for name, side in (("base", students), ("incoming", rows)):
        groups = _grouped(side, telling).with_columns(pl.lit(name).alias("side"), pl.col("group") + first)
        first += groups["group"].n_unique()
        found.append(groups.select("side", "at", "group", "reason"))
    return pl.concat(found)


def _grouped(records: pl.DataFrame, telling: Sequence[str]) -> pl.DataFrame:
    """The records that are linked with another: `at`, `group` from 0, `reason`."""
    known = records.drop_nulls(_NAMES)
    named = known.filter(pl.len().over(_NAMES) > 1).sort(*_NAMES, *telling, "at", nulls_last=True)
    links = _links(named, telling)
    if links.is_empty():
        return pl.DataFrame(schema={"at": pl.UInt32, "group": pl.UInt32, "reason": pl.String})
    placed = pl.DataFrame({"at": named["at"], "part": _components(links, named.height), "born": named["birth_date"]})
    dated = pl.col("born").is_not_null().all().over("part") & (pl.col("born").n_unique().over("part") == 1)
    told = "birth_date" in telling
    return placed.filter(pl.len().over("part") > 1).select(
        "at",
        (pl.col("part").rank("dense") - 1).cast(pl.UInt32).alias("group"),
        pl.when(dated & told).then(pl.lit("same_birth_date")).otherwise(pl.lit("no_birth_date")).alias("reason"),
    )


def _links(named: pl.DataFrame, telling: Sequence[str]) -> pl.DataFrame:
    """Pairs of places (`some`, `other`) of records that nothing tells apart."""
    longest = int(named.select(pl.len().over(_NAMES).max()).item() or 0)
    places = pl.int_range(pl.len(), dtype=pl.Int64)
    found = []
    for shift in range(1, min(MOST_ALIKE, longest - 1) + 1):
        alike = pl.all_horizontal(pl.col(name) == pl.col(name).shift(shift) for name in _NAMES)
        apart = [(pl.col(name) != pl.col(name).shift(shift)).fill_null(value=False) for name in telling]
        holds = alike.fill_null(value=False) & ~pl.any_horizontal(pl.lit(value=False), *apart)
        found.append(named.select(places.alias("other"), (places - shift).alias("some"), holds.alias("holds")))
    nothing = pl.DataFrame(schema={"other": pl.Int64, "some": pl.Int64, "holds": pl.Boolean})
    return pl.concat([nothing, *found]).filter("holds").select("some", "other")


def _components(links: pl.DataFrame, size: int) -> pl.Series:
    """For each place the connected part that it is in, numbered in order of the places."""
    from scipy.sparse import csr_array  # loading scipy takes longer than most estimates take
    from scipy.sparse.csgraph import connected_components

    some, other = (links[name].to_numpy() for name in ("some", "other"))
    graph = csr_array((np.ones(links.height, np.int8), (some, other)), shape=(size, size))
    return pl.Series(connected_components(graph, directed=False)[1])
