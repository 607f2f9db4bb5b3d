"""Two rosters → scored, assigned pairs: the stages of matching in their order.

Invariants: deterministic, whatever the order of the rosters' rows is made to be by the caller; nothing is decided here,
only weighed and assigned.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
from attrs import field, frozen

from rosterdiff.config import Evidence, Mode, Policy
from rosterdiff.frames import Roster, require_base
from rosterdiff.matching.assign import assign
from rosterdiff.matching.candidates import FULL_PAIRS, find_candidates
from rosterdiff.matching.close import find_close_pairs
from rosterdiff.matching.compare import compare_joined
from rosterdiff.matching.compare_further import compare_further, further_columns
from rosterdiff.matching.fit import refit
from rosterdiff.matching.model import MILLIBITS, Model, shipped_model
from rosterdiff.matching.parts import with_called
from rosterdiff.matching.posterior import Posterior, calibrate, estimate_probabilities
from rosterdiff.matching.records import further_forms, has_values, to_records, without_shared_ids
from rosterdiff.matching.sides import encode, put_beside
from rosterdiff.matching.steps import estimate_steps, find_next_schools
from rosterdiff.matching.weigh import Evident, find_evident, weigh_pairs, weigh_totals
from rosterdiff.model import KnownName
from rosterdiff.pairs import is_namesake, is_of_one_birth, shares_id
from rosterdiff.schema import ASSIGNED, PAIRS, check, empty

Integers: TypeAlias = npt.NDArray[np.int64]
Numbers: TypeAlias = npt.NDArray[np.float64]

MOST_LEFT_OVER: Final = 25_000_000
"""Of those without a likely partner all pairs are looked at, up to so many (5,000 × 5,000)."""

LIKELY: Final = (0.99, 0.5)
"""Who has a pair of a greater probability than the first has a likely partner; the second counts where many are left.

A student whose name was mistyped may be thought at 0.7 to be a newcomer: left out here, his own row would not find him.
"""

BESIDE: Final = 1 << 20
"""So many pairs have the fields of both records side by side at a time: these are forty times as wide as a pair."""

SHARPENINGS: Final = 2
"""How often the m of the levels are learnt anew from the pairs at hand."""


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
        evidence: declared further columns, and how each is compared.
        model: the weights.
        full_pairs: up to this many pairs, all are looked at.

    """

    mode: Mode = Mode.MIGRATION
    floor: float = 0.02
    names: Iterable[KnownName] = ()
    rejected: frozenset[tuple[int, str]] = frozenset()
    ignored: frozenset[int] = frozenset()
    fixed: pl.DataFrame = field(factory=lambda: empty(PAIRS))
    evidence: Mapping[str, Evidence] = field(factory=dict)
    model: Model = field(factory=shipped_model)
    full_pairs: int = FULL_PAIRS


def match_rosters(base: Roster, incoming: Roster, options: MatchOptions = MatchOptions()) -> Matches:
    """Find, compare, weigh and assign the pairs of two rosters."""
    found = compare_rosters(base, incoming, options)
    model = _sharpened(found, options.model)
    weights = weigh_totals(found.evident, model)
    posterior = estimate_weighed(found.evident.levels, weights, found.sides, options.model, found.posterior.matches)
    judgement = _judgement(found.evident.levels, weights, posterior, options)
    kept = _kept(found.evident.levels.hstack(judgement), options.floor)
    scored = weigh_pairs(found.evident.only(kept), model)  # of many pairs only a few are kept
    pairs = scored.hstack(judgement.select(pl.exclude("weight_mb").gather(kept))).select(*ASSIGNED)
    return Matches(check(pairs, ASSIGNED), found.sides.steps, found.indistinguishable)


@frozen(eq=False)
class Found:
    """The pairs of two rosters, compared.

    Attributes:
        sides: the rosters as records.
        evident: the pairs.
        posterior: what the model makes of them, before it is sharpened.
        indistinguishable: how many rows share every key with too many students to compare them all.

    """

    sides: "Sides"
    evident: Evident
    posterior: Posterior
    indistinguishable: int


def compare_rosters(base: Roster, incoming: Roster, options: MatchOptions) -> Found:
    """Find and compare the pairs of two rosters: those that share a key, and all of those who are left over."""
    sides = prepare_sides(base, incoming, options)
    candidates = find_candidates(sides.rows, sides.students, sides.forms, full_pairs=options.full_pairs)
    pairs = _with_decisions(candidates.pairs, options, base)
    compared = compare_sides(pairs, sides)
    evident = compared.find_evident(sides, options.model)
    posterior = estimate(evident, sides, options.model)
    left_over = _with_decisions(_of_the_open(compared, posterior, sides), options, base)
    more = left_over.join(pairs, on=PAIRS.names(), how="anti", maintain_order="left")
    if more.height:
        evident = compared.and_also(compare_sides(more, sides)).find_evident(sides, options.model)
        posterior = estimate(evident, sides, options.model)
    return Found(sides, evident, posterior, candidates.indistinguishable)


@frozen(eq=False)
class Sides:
    """Two rosters as records, ready to be compared: `rows` with their `step`, `students` with their further names."""

    rows: pl.DataFrame
    students: pl.DataFrame
    forms: pl.DataFrame
    steps: pl.DataFrame
    columns: Mapping[str, Evidence]

    @property
    def sizes(self) -> tuple[int, int]:
        """How many rows and students there are."""
        return self.rows.height, self.students.height


def prepare_sides(base: Roster, incoming: Roster, options: MatchOptions) -> Sides:
    """Fold both rosters, leave out ids that identify nobody, and find the grade step of each upload."""
    rows, students = encode(to_records(incoming, options.evidence), to_records(base, options.evidence))
    rows, students = without_shared_ids(rows, students)
    rows = _without_void_ids(rows, students, options.rejected)
    steps = estimate_steps(rows, students, options.mode)
    of_files = steps.select("source_file", "step")
    step = rows.select("source_file").join(
        of_files, on="source_file", how="left", nulls_equal=True, maintain_order="left"
    )["step"]
    rows = rows.with_columns(step)
    students = students.with_columns(school_next=find_next_schools(rows, students))
    columns = further_columns(rows, students, options.evidence)
    return Sides(rows, students, further_forms(base, options.names), steps, columns)


@frozen(eq=False)
class Compared:
    """Compared pairs: `levels` (`schema.LEVELS`), and the level of each declared column, a line a pair."""

    levels: pl.DataFrame
    further: pl.DataFrame

    def and_also(self, other: "Compared") -> "Compared":
        """The pairs of both, sorted."""
        if other.levels.is_empty():
            return self
        both = pl.concat([pl.concat([c.levels, c.further], how="horizontal") for c in (self, other)])
        ordered = both.sort("row", "student")
        return Compared(ordered.select(self.levels.columns), ordered.select(self.further.columns))

    def find_evident(self, sides: Sides, model: Model) -> Evident:
        """The pairs with what frequencies say."""
        return find_evident(self.levels, self.further, (sides.rows, sides.students), sides.columns, model)


def compare_sides(pairs: pl.DataFrame, sides: Sides) -> Compared:
    """Compare pairs (`schema.PAIRS`) in every field and declared column, `BESIDE` at a time."""
    parts = [pairs] if pairs.is_empty() else pairs.iter_slices(BESIDE)
    compared = [_compare_part(part, sides) for part in parts]
    levels, further = (
        pl.concat(of_all, rechunk=True) for of_all in zip(*((c.levels, c.further) for c in compared), strict=True)
    )
    return Compared(levels, further)


def _compare_part(pairs: pl.DataFrame, sides: Sides) -> Compared:
    joined = put_beside(pairs, sides.rows, sides.students)
    return Compared(compare_joined(joined, sides.forms), compare_further(joined, sides.columns))


def _of_the_open(compared: Compared, posterior: Posterior, sides: Sides) -> pl.DataFrame:
    """All pairs of those who have no likely partner yet, where they are few enough to look at them all.

    Where too many are close, as among thousands of one name, none are added to those that were found before.
    """
    for least in LIKELY:
        likely = compared.levels.filter(pl.Series(posterior.given_rivals > least))
        rows = sides.rows.join(likely, left_on="at", right_on="row", how="anti")
        students = sides.students.join(likely, left_on="at", right_on="student", how="anti")
        if rows.height * students.height > MOST_LEFT_OVER:
            continue
        close = find_close_pairs(rows, with_called(students, sides.forms), least=1)
        if close is not None:
            return close
    return empty(PAIRS)


def _sharpened(found: Found, model: Model) -> Model:
    """The model with what the pairs at hand show of how often fields agree in one person."""
    sharpened, posterior = model, found.posterior
    for again in range(SHARPENINGS):
        if again:
            posterior = estimate(found.evident, found.sides, sharpened, posterior.matches)
        sharpened = refit(model, found.evident, posterior.given_rivals)
    return sharpened


def estimate(evident: Evident, sides: Sides, model: Model, known: float | None = None) -> Posterior:
    """The probabilities of pairs by a model; `known` is how many match, where that has been estimated before."""
    return estimate_weighed(evident.levels, weigh_totals(evident, model), sides, model, known)


def estimate_weighed(
    pairs: pl.DataFrame, weights: Integers, sides: Sides, model: Model, known: float | None = None
) -> Posterior:
    """The probabilities of pairs (`row`, `student`) that weigh so much, in 1/1000 bit."""
    row, student = (pairs[name].to_numpy().astype(np.int64) for name in ("row", "student"))
    return estimate_probabilities((row, student), weights, sides.sizes, model.expected_share, known)


def _without_void_ids(rows: pl.DataFrame, students: pl.DataFrame, rejected: frozenset[tuple[int, str]]) -> pl.DataFrame:
    """Leave out ids that name no student of the base (deleted, or another school's), or one a person has ruled out."""
    if not has_values(rows, "student_id"):
        return rows
    named = pl.DataFrame(sorted(rejected), schema={"at": pl.UInt32, "student_id": pl.String}, orient="row")
    ruled_out = named.cast({"student_id": rows.schema["student_id"]}, strict=False)
    known = rows.select("at", "student_id").join(students.select("student_id"), on="student_id", how="semi")
    holding = known.join(ruled_out, on=["at", "student_id"], how="anti")
    return rows.drop("student_id").join(holding, on="at", how="left", maintain_order="left")


def _with_decisions(pairs: pl.DataFrame, options: MatchOptions, base: Roster) -> pl.DataFrame:
    """Leave out the pairs that persons have ruled out, and put in those that they have made; sorted, each pair once."""
    if not options.rejected and not options.ignored and options.fixed.is_empty():
        return pairs
    named = pl.DataFrame(sorted(options.rejected), schema={"row": pl.UInt32, "student_id": pl.String}, orient="row")
    known = named.join(base.frame.select("student_id", student="row"), on="student_id", how="inner")
    rest = pairs.join(known, on=["row", "student"], how="anti").join(options.fixed, on="row", how="anti")
    rest = rest.filter(~pl.col("row").is_in(sorted(options.ignored)))
    return pl.concat([rest, options.fixed]).unique().sort("row", "student")


def _judgement(pairs: pl.DataFrame, weights: Integers, posterior: Posterior, options: MatchOptions) -> pl.DataFrame:
    """What is made of each pair: `weight_mb`, `probability`, `alone_probability`, `assigned`, `margin_mb`."""
    valued = pairs.select("row", "student", pl.Series("value_mb", weights + posterior.prior))
    of_others = valued.join(options.fixed, on="student", how="semi").join(options.fixed, on=PAIRS.names(), how="anti")
    free = valued if of_others.is_empty() else valued.join(of_others, on=PAIRS.names(), how="anti")
    chosen = assign(free)
    margin = valued.join(chosen, on=PAIRS.names(), how="left", maintain_order="left")["margin_mb"]
    assigned = margin.is_not_null().alias("assigned")
    is_taken = (valued["student"].is_in(chosen["student"].implode()) & ~assigned).to_numpy()
    return pl.DataFrame(
        [
            pl.Series("weight_mb", weights, dtype=pl.Int32),
            pl.Series("probability", calibrate(posterior.given_rivals), dtype=pl.Float64),
            pl.Series("alone_probability", np.where(is_taken, posterior.taken, posterior.alone), dtype=pl.Float64),
            assigned,
            margin,
        ]
    )


def _kept(judged: pl.DataFrame, floor: float) -> pl.Series:
    """The places of the pairs that are not below the floor, by row, and for each row the best first."""
    kept = (pl.col("alone_probability") >= floor) | shares_id() | is_namesake() | is_of_one_birth()
    return (
        judged.lazy()
        .select("row", "weight_mb", "student", at=pl.int_range(pl.len(), dtype=pl.UInt32), kept=kept)
        .filter("kept")
        .sort("row", "weight_mb", "student", descending=[False, True, False])
        .select("at")
        .collect()
        .to_series()
    )


def link(
    base: Roster,
    incoming: Roster,
    *,
    floor: float = 0.5,
    evidence: Mapping[str, str] = MappingProxyType({}),
    model: Model | None = None,
) -> pl.DataFrame:
    """Score the pairs of two rosters, for notebooks and tuning.

    Args:
        base, incoming: any two rosters; the base needs ids.
        floor: pairs of a lower probability are left out.
        evidence: further column → how it is compared (`Evidence`), as `Policy.evidence`.
        model: the weights; the shipped ones by default.

    Returns:
        `row`, `student_id`, `probability`, `weight` (bits), `assigned`, and the level of every comparison; sorted by
        row, then by weight, the best first.

    Raises:
        InvalidRoster: students of the base without id, or with the same.

    """
    declared = Policy(evidence=evidence).evidence
    options = MatchOptions(floor=floor, evidence=declared, model=model or shipped_model())
    pairs = match_rosters(require_base(base), incoming, options).pairs.filter(pl.col("probability") >= floor)
    ids = base.frame.select(pl.col("row").alias("student"), "student_id")
    named = pairs.join(ids, on="student", how="left", maintain_order="left")
    levels = [name for name in pairs.columns if name.endswith("_level")]
    return named.select(
        "row", "student_id", "probability", (pl.col("weight_mb") / MILLIBITS).alias("weight"), "assigned", *levels
    )
