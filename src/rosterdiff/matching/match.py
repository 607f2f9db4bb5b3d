"""Two rosters → scored, assigned pairs: the stages of matching in their order.

Invariants: deterministic, whatever the order of the rosters' rows is made to be by the caller; nothing is decided here,
only weighed and assigned.
"""

from collections.abc import Iterable
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
from attrs import field, frozen

from rosterdiff.config import Mode
from rosterdiff.frames import Roster, require_base
from rosterdiff.matching.assign import assign
from rosterdiff.matching.candidates import FULL_PAIRS, find_candidates
from rosterdiff.matching.compare import compare_pairs
from rosterdiff.matching.model import MILLIBITS, Model, shipped_model
from rosterdiff.matching.records import further_forms, to_records, without_shared_ids
from rosterdiff.matching.steps import estimate_steps
from rosterdiff.matching.weigh import weigh_pairs
from rosterdiff.model import KnownName
from rosterdiff.pairs import is_namesake, shares_id
from rosterdiff.schema import ASSIGNED, PAIRS, check, empty

Numbers: TypeAlias = npt.NDArray[np.float64]

PROBABILITY_DIGITS: Final = 6
"""Probabilities are rounded: no decision hangs on the seventh digit, and every machine gives the same."""


@frozen(eq=False)
class Matches:
    """What matching found.

    Attributes:
        pairs: `schema.ASSIGNED`: every pair that may be the same person, down to the floor asked for.
        steps: `schema.STEPS`: the grade step of each upload.
        indistinguishable: how many rows share every key with too many students to compare them all.

    """

    pairs: pl.DataFrame
    steps: pl.DataFrame
    indistinguishable: int


@frozen(eq=False)
class MatchOptions:
    """How to match.

    Attributes:
        mode: decides which grade step is assumed where the rosters do not show one.
        floor: pairs of a lower probability than this are left out.
        names: further names of students.
        rejected: pairs (`row`, `student_id`) that a person has said are not the same; they are left out.
        ignored: rows that a person has said to ignore; they claim nobody.
        fixed: pairs (`schema.PAIRS`) that a person has said are the same; their rows have no other, and no other row is
            assigned to their students, though it may resemble them.
        model: the weights.
        full_pairs: up to this many pairs, all are compared.

    """

    mode: Mode = Mode.MIGRATION
    floor: float = 0.02
    names: Iterable[KnownName] = ()
    rejected: frozenset[tuple[int, str]] = frozenset()
    ignored: frozenset[int] = frozenset()
    fixed: pl.DataFrame = field(factory=lambda: empty(PAIRS))
    model: Model = field(factory=shipped_model)
    full_pairs: int = FULL_PAIRS


def match_rosters(base: Roster, incoming: Roster, options: MatchOptions = MatchOptions()) -> Matches:
    """Find, compare, weigh and assign the pairs of two rosters."""
    rows, students = to_records(incoming), to_records(base)
    rows, students = without_shared_ids(rows, students)
    rows = _without_void_ids(rows, students, options.rejected)
    forms = further_forms(base, options.names)
    steps = estimate_steps(rows, students, options.mode)
    rows = rows.join(
        steps.select("source_file", "step"), on="source_file", how="left", nulls_equal=True, maintain_order="left"
    )
    candidates = find_candidates(rows, students, forms, full_pairs=options.full_pairs)
    pairs = _with_decisions(candidates.pairs, options, base)
    levels = compare_pairs(pairs, rows, students, forms)
    scored = weigh_pairs(levels, rows, students, options.model)
    prior = options.model.prior(rows.height, students.height)
    return Matches(_assigned(scored, prior, options), steps, candidates.indistinguishable)


def _without_void_ids(rows: pl.DataFrame, students: pl.DataFrame, rejected: frozenset[tuple[int, str]]) -> pl.DataFrame:
    """Leave out ids that name no student of the base (deleted, or another school's), or one a person has ruled out."""
    ruled_out = pl.DataFrame(sorted(rejected), schema={"at": pl.UInt32, "student_id": pl.String}, orient="row")
    known = rows.select("at", "student_id").join(students.select("student_id"), on="student_id", how="semi")
    holding = known.join(ruled_out, on=["at", "student_id"], how="anti")
    return rows.drop("student_id").join(holding, on="at", how="left", maintain_order="left")


def _with_decisions(pairs: pl.DataFrame, options: MatchOptions, base: Roster) -> pl.DataFrame:
    """Leave out the pairs that persons have ruled out, and put in those that they have made."""
    named = pl.DataFrame(sorted(options.rejected), schema={"row": pl.UInt32, "student_id": pl.String}, orient="row")
    known = named.join(base.frame.select("student_id", student="row"), on="student_id", how="inner")
    rest = pairs.join(known, on=["row", "student"], how="anti").join(options.fixed, on="row", how="anti")
    rest = rest.filter(~pl.col("row").is_in(sorted(options.ignored)))
    return pl.concat([rest, options.fixed]).sort("row", "student")


def _assigned(scored: pl.DataFrame, prior: int, options: MatchOptions) -> pl.DataFrame:
    """Assign, give every pair its probability, and leave out what is below the floor."""
    valued = scored.with_columns((pl.col("weight_mb") + prior).alias("value_mb"))
    of_others = valued.join(options.fixed, on="student", how="semi").join(options.fixed, on=PAIRS.names(), how="anti")
    free = valued.join(of_others, on=PAIRS.names(), how="anti")
    chosen = assign(free.select("row", "student", "value_mb"))
    likely = valued.with_columns(
        pl.Series("probability", _probabilities(valued), dtype=pl.Float64), _alone_probability(valued)
    )
    return check(
        likely.join(chosen, on=["row", "student"], how="left", maintain_order="left")
        .with_columns(pl.col("margin_mb").is_not_null().alias("assigned"))
        .filter((pl.col("alone_probability") >= options.floor) | shares_id() | is_namesake())
        .sort("row", "weight_mb", "student", descending=[False, True, False])
        .select(*ASSIGNED),
        ASSIGNED,
    )


def _alone_probability(valued: pl.DataFrame) -> pl.Series:
    """The probability of each pair as if it had no rival."""
    odds = _odds(valued)
    return pl.Series("alone_probability", np.round(odds / (1.0 + odds), PROBABILITY_DIGITS), dtype=pl.Float64)


def _odds(valued: pl.DataFrame) -> Numbers:
    bits: Numbers = np.clip(valued["value_mb"].to_numpy().astype(np.float64) / MILLIBITS, -60.0, 60.0)
    odds: Numbers = np.exp2(bits)
    return odds


def _probabilities(valued: pl.DataFrame) -> Numbers:
    """P(pair | its rivals): its odds against no partner and against every rival of its row and of its student.

    The sums run in the order of the pairs, so that they are the same on any number of threads.
    """
    odds = _odds(valued)
    row, student = valued["row"].to_numpy(), valued["student"].to_numpy()
    of_row, of_student = (np.bincount(side, weights=odds)[side] if len(side) else odds for side in (row, student))
    rivalled = odds / (1.0 + of_row + of_student - odds)
    return np.round(rivalled, PROBABILITY_DIGITS).astype(np.float64)


def link(base: Roster, incoming: Roster, *, floor: float = 0.5) -> pl.DataFrame:
    """Score the pairs of two rosters, for notebooks and tuning.

    Args:
        base, incoming: any two rosters; the base needs ids.
        floor: pairs of a lower probability are left out.

    Returns:
        `row`, `student_id`, `probability`, `weight` (bits), `assigned`, and the level of every comparison; sorted by
        row, then by weight, the best first.

    Raises:
        InvalidRoster: students of the base without id, or with the same.

    """
    pairs = match_rosters(require_base(base), incoming, MatchOptions(floor=floor)).pairs.filter(
        pl.col("probability") >= floor
    )
    ids = base.frame.select(pl.col("row").alias("student"), "student_id")
    named = pairs.join(ids, on="student", how="left", maintain_order="left")
    levels = [name for name in pairs.columns if name.endswith("_level")]
    return named.select(
        "row", "student_id", "probability", (pl.col("weight_mb") / MILLIBITS).alias("weight"), "assigned", *levels
    )
