"""Plans against the truth: wrong decisions by kind, the load of review and what is needed of it.

Invariants: counts alone, of kinds and levels, never a value of a person; every count is beside its whole; what is
counted of one plan can be added to that of another.
"""

from collections import Counter
from typing import Final

import polars as pl
from attrs import asdict, field, fields, frozen

from benchmarks.rosters.calibration import count_bins
from benchmarks.rosters.draw import SchoolYears
from benchmarks.rosters.facts import Need
from benchmarks.rosters.options import Variant
from benchmarks.rosters.wrong import find_wrong, kind_of_row
from benchmarks.scoring import score_plan
from rosterdiff import Plan

BESIDE: Final = "beside one that has"
"""What rows without need are called that are in one question with a row that has one."""

Words = tuple[str, ...]


@frozen(eq=False)
class Judgement:
    """What was counted on one plan, or on several together.

    Attributes:
        sums: name → count, of `scoring.PlanScore` and further: `alike` (wrong matches that nobody could tell), `held`
            (students), `unlisted_deleted` (deleted though no sheet lists their class) and all `needs` of the rows.
        wrong: error, kind of the row, with whom → count.
        levels: error, levels of the pair → count.
        reviews: need, kind, reason → rows in review.
        passed: need, kind → rows that need a person and got none.
        bins: as `calibration.count_bins` counts.

    """

    sums: Counter[str] = field(factory=Counter)
    wrong: Counter[Words] = field(factory=Counter)
    levels: Counter[Words] = field(factory=Counter)
    reviews: Counter[Words] = field(factory=Counter)
    passed: Counter[Words] = field(factory=Counter)
    bins: Counter[tuple[int, str]] = field(factory=Counter)

    def __add__(self, other: "Judgement") -> "Judgement":
        names = [attribute.name for attribute in fields(Judgement)]
        return Judgement(*(getattr(self, name) + getattr(other, name) for name in names))

    def share(self, part: str, whole: str = "rows") -> float:
        """One sum as a share of another."""
        return self.sums[part] / self.sums[whole] if self.sums[whole] else 0.0


def judge_plan(plan: Plan, years: SchoolYears, described: pl.DataFrame, pairs: pl.DataFrame) -> Judgement:
    """Judge a plan before anybody has decided anything.

    Args:
        plan: of the years' rosters.
        years: with the truth.
        described: `facts.describe_rows` of the years.
        pairs: all pairs of the rosters, as `link` gives them.

    """
    wrong = find_wrong(plan, years, pairs)
    labels = years.rows.select("row", kind_of_row()).join(described.select("row", "need"), on="row")
    opened = _open_rows(plan).join(labels, on="row")
    passed = labels.filter(pl.col("need") != Need.NONE.value).join(opened, on="row", how="anti")
    return Judgement(
        sums=_sums(plan, years, described) + Counter(alike=wrong.filter("alike").height),
        wrong=_counted(wrong, "error", "kind", "other"),
        levels=_counted(wrong, "error", "levels"),
        reviews=_counted(_with_beside(opened), "need", "kind", "reason"),
        passed=_counted(passed, "need", "kind"),
        bins=count_bins(pairs, years.truth),
    )


def _sums(plan: Plan, years: SchoolYears, described: pl.DataFrame) -> Counter[str]:
    known = plan.entries.with_columns(pl.col("action").cast(pl.String))
    held = known.filter(pl.col("action") == "review", pl.col("row").is_null())
    unlisted = years.students.filter(~pl.col("stays") & ~pl.col("leaves"))
    deleted = known.filter(pl.col("action") == "delete").join(unlisted, on="student_id", how="semi")
    needs = dict(described["need"].value_counts().iter_rows())
    return Counter({**asdict(score_plan(plan, years.truth)), **needs, "decided": _decided(plan, years),
                    "held": held.height, "unlisted": unlisted.height, "unlisted_deleted": deleted.height})  # fmt: skip


def _decided(plan: Plan, years: SchoolYears) -> int:
    """True links that the plan made by itself."""
    matched = plan.entries.filter(pl.col("row").is_not_null(), pl.col("student_id").is_not_null())
    return matched.join(years.truth.with_columns(pl.col("row").cast(pl.UInt32)), on=["row", "student_id"]).height


def _open_rows(plan: Plan) -> pl.DataFrame:
    is_open = (pl.col("action").cast(pl.String) == "review") & pl.col("row").is_not_null()
    return plan.entries.filter(is_open).select("row", "group", pl.col("reason").cast(pl.String))


def _with_beside(opened: pl.DataFrame) -> pl.DataFrame:
    """Tell rows without need apart that are in one group with a row that has one."""
    has_none = pl.col("need") == Need.NONE.value
    with_need = opened.filter(~has_none)["group"].unique()
    beside = has_none & pl.col("group").is_in(with_need.implode())
    return opened.with_columns(pl.when(beside).then(pl.lit(BESIDE)).otherwise("need").alias("need"))


def _counted(frame: pl.DataFrame, *columns: str) -> Counter[Words]:
    counts = frame.group_by(columns).len()
    return Counter({tuple(str(value) for value in line[:-1]): line[-1] for line in counts.iter_rows()})


def review_bound(one: Judgement, variant: Variant, *, accepts_similar: bool) -> float:
    """The share of the rows that a person should see at most.

    By default: of rows whose name really differs, of newcomers with another student's family name and birth date, of
    half the other look-alikes, and 2 points (8 without birth dates). Where similar names are accepted: 2 or 5 points.
    """
    if accepts_similar:
        return 0.02 if variant.dates else 0.05
    free = 0.02 if variant.dates else 0.08
    return one.share(Need.NAME_DIFFERS) + one.share(Need.FAMILY_AND_DATE) + one.share(Need.LOOK_ALIKE) / 2 + free
