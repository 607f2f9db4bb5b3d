"""How often each level is seen: among the true pairs of two rosters, and among pairs by chance.

Invariants: true pairs are compared as the truth has them, whether blocking finds them or not; pairs by chance are drawn
with one seed, each row as often as any other, and no true pair is among them; what is missing is not counted.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Final, TypeAlias

import numpy as np
import polars as pl
from attrs import field, frozen

from benchmarks.rosters.draw import draw_years
from benchmarks.rosters.options import RosterOptions
from benchmarks.sets import LabelledSet, LoadedSet, load_set
from rosterdiff import Policy
from rosterdiff.config import Evidence
from rosterdiff.matching.match import Compared, MatchOptions, Sides, compare_sides, prepare_sides
from rosterdiff.matching.model import TABLES
from rosterdiff.matching.weigh import TABLE_OF, narrower_tables
from rosterdiff.schema import COMPARED, LEVEL_COLUMNS, PAIRS

Counts: TypeAlias = Mapping[str, Mapping[str, int]]
"""Table → level → pairs."""

CHANCE_PAIRS: Final = 200_000
"""So many pairs by chance of each two rosters."""

_SEED: Final = 20_240_901
"""What the sets call a birth date of which not all is known."""


@frozen(eq=False)
class Observed:
    """What two rosters show.

    Attributes:
        name: the set, or the school years.
        generated: whether they are generated school years.
        true_pairs, chance_pairs: how many pairs were compared.
        same: how often each level is seen in one person; `other` in two.

    """

    name: str
    generated: bool
    true_pairs: int
    chance_pairs: int
    same: Counts = field(repr=False)
    other: Counts = field(repr=False)


def observe_set(labelled: LabelledSet) -> Observed:
    """Count the levels of a labelled set."""
    return observe(labelled.name, load_set(labelled), labelled.declared)


def observe_years(options: RosterOptions) -> Observed:
    """Count the levels of generated school years."""
    years = draw_years(options)
    loaded = LoadedSet(years.base, years.incoming, years.truth)
    return observe(f"school years, seed {options.seed}", loaded, {}, generated=True)


def observe(name: str, loaded: LoadedSet, evidence: Mapping[str, str], *, generated: bool = False) -> Observed:
    """Count the levels of two rosters with their truth."""
    options = MatchOptions(evidence=Policy(evidence=evidence).evidence)
    sides = prepare_sides(loaded.base, loaded.incoming, options)
    true = true_pairs(loaded)
    chance = chance_pairs(sides.sizes, CHANCE_PAIRS).join(true, on=PAIRS.names(), how="anti")
    same, other = (_count_pairs(pairs, sides) for pairs in (true, chance))
    return Observed(name, generated, true.height, chance.height, same, other)


def true_pairs(loaded: LoadedSet) -> pl.DataFrame:
    """The truth by position in the two rosters (`schema.PAIRS`)."""
    students = loaded.base.frame.select("student_id", student="row")
    truth = loaded.truth.with_columns(pl.col("row").cast(pl.UInt32))
    return truth.join(students, on="student_id", how="inner").select(PAIRS.names()).sort(PAIRS.names())


def chance_pairs(sizes: tuple[int, int], most: int) -> pl.DataFrame:
    """Distinct pairs (`schema.PAIRS`) spread evenly over the rows, each with a student by chance; the same every time.

    Args:
        sizes: how many rows and students there are.
        most: how many pairs are drawn; all there are, where these are no more.

    """
    rows, students = sizes
    if rows * students <= most:
        every = np.arange(rows * students)
        row, student = every // max(1, students), every % max(1, students)
    else:
        row, student = np.arange(most) % rows, np.random.default_rng(_SEED).integers(0, students, size=most)
    return pl.DataFrame({"row": row, "student": student}).cast(dict(PAIRS)).unique().sort(PAIRS.names())


def _count_pairs(pairs: pl.DataFrame, sides: Sides) -> Counts:
    return count_levels(compare_sides(pairs, sides), sides.columns)


def count_levels(compared: Compared, columns: Mapping[str, Evidence]) -> Counts:
    """How often each level of each table is seen: a grade beside like birth dates in a table of its own, and so on.

    Args:
        compared: the levels of pairs.
        columns: the declared columns, and how each is compared.

    """
    levels = compared.levels
    seen = {str(comparison): levels[LEVEL_COLUMNS[comparison]] for comparison in COMPARED}
    for broad, table, applies in narrower_tables(levels):
        narrow = pl.Series(applies, dtype=pl.Boolean)
        seen[table], seen[broad] = seen[broad].filter(narrow), seen[broad].filter(~narrow)
    counts = {str(table): Counter(_known(seen[table]) if table in seen else ()) for table in TABLES}
    for column, kind in columns.items():
        counts[TABLE_OF[kind]].update(_known(compared.further[column]))
    return counts


def _known(levels: pl.Series) -> Counter[str]:
    counts = levels.cast(pl.String).value_counts(name="pairs")
    return Counter({level: pairs for level, pairs in counts.iter_rows() if level != "missing"})
