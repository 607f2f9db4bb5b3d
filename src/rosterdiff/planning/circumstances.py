"""What the rest of the lists says of pairs that only a name and a grade hold: blanks, and who left beside whom.

A newcomer who has the name and the grade of a leaver is like him in every field that is compared. Two things around the
pair can still tell. *Blanks*: where a file gives the middle names of its students, a row that has none, and is to be a
student who has one, is more likely another child's. *Company*: brothers and sisters leave together, so that a student
whose likely siblings are all gone has probably gone too, and the row of his name is a newcomer's. Invariants: how
much either says is learnt from the lists at hand, and is nothing where they show no habit; it is never for a pair.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from rosterdiff.config import Policy
from rosterdiff.frames import Roster
from rosterdiff.levels import Comparison, DateLevel
from rosterdiff.model import Action
from rosterdiff.names import fold, map_distinct
from rosterdiff.pairs import level
from rosterdiff.planning.coverage import absent_students, leaving_classes
from rosterdiff.planning.positions import is_none_of

Numbers = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

FILLED: Final = ("middle_name", "name_suffix", "gender", "email", "username")
"""Fields of a person that do not come and go from one year to the next."""

AS_IN_ALL: Final = 10.0
"""For so many pairs of a file speaks what the pairs of all files show."""

AS_ANYONE: Final = 5.0
"""For so many students who left, or stayed, speaks how students fare whether they left or stayed."""

MOST_MATES: Final = 3
"""Of so many with one family name at most it is likely that they are of one family."""

DOUBTFUL: Final = 3.0
"""From so many bits against a pair (eight times as likely of another child's row) a person is asked."""

_GONE, _FOUND, _OPEN = "gone", "found", "open"


def is_doubtful(judged: pl.DataFrame, rosters: tuple[Roster, Roster], policy: Policy) -> pl.Series:
    """Say of each pair whether neither id nor birth date holds it, and the rest of the lists speaks against it.

    Args:
        judged: judged pairs, with `alone`.
        rosters: base and incoming.
        policy: which candidates keep a row open, and which grades leave.

    """
    dated = level(Comparison.BIRTH_DATE) == DateLevel.SAME.value
    asked = judged.select(pl.col("alone") & ~pl.col("id_same") & ~dated).to_series()
    pairs = judged.filter(asked).select("row", "student")
    if pairs.is_empty():
        return asked
    decided = judged.filter("alone").select("row", "student")
    against = weigh_blanks(pairs, decided, rosters) + weigh_company(pairs, _fates(judged, decided, rosters, policy))
    doubtful = np.zeros(judged.height, np.bool_)
    doubtful[asked.to_numpy()] = against <= -DOUBTFUL
    return pl.Series(doubtful)


def weigh_blanks(pairs: pl.DataFrame, decided: pl.DataFrame, rosters: tuple[Roster, Roster]) -> Numbers:
    """Weigh, in bits of 0 or less, that one side has what the other lacks.

    Args:
        pairs: `row`, `student` of the pairs that are weighed.
        decided: the same of those that show the habits of each file: how often it gives what the base has, and how
            often what the base lacks.
        rosters: base and incoming.

    """
    base, incoming = rosters
    total = np.zeros(pairs.height)
    for name in FILLED:
        if name in base.given and name in incoming.given:
            total += _blanks_of(name, pairs, decided, rosters)
    return total


def _blanks_of(name: str, pairs: pl.DataFrame, decided: pl.DataFrame, rosters: tuple[Roster, Roster]) -> Numbers:
    base, incoming = rosters
    rows = incoming.frame.select(pl.col("source_file").alias("file"), pl.col(name).is_not_null().alias("has"))
    rows = rows.with_columns(pl.col("has").mean().over("file").alias("share"))
    had = base.frame[name].is_not_null()

    def placed(some: pl.DataFrame) -> pl.DataFrame:
        return rows[some["row"]].with_columns(had[some["student"]].alias("had"))

    shown = placed(decided).filter(pl.col("share") > 0)
    kept = shown.group_by("had").agg(((pl.col("has").sum() + 1) / (pl.len() + 2)).alias("in_all"))
    of_file = shown.group_by("file", "had").agg(pl.col("has").sum().alias("given"), pl.len().alias("known"))
    asked = placed(pairs).join(kept, on="had", how="left", maintain_order="left")
    asked = asked.join(of_file, on=["file", "had"], how="left", nulls_equal=True, maintain_order="left")
    of_one = (pl.col("given") + AS_IN_ALL * pl.col("in_all")) / (pl.col("known") + AS_IN_ALL)
    of_two = pl.col("share")
    bits = pl.when("has").then((of_one / of_two).log(2)).otherwise(((1 - of_one) / (1 - of_two)).log(2))
    differs = (pl.col("share") > 0) & (pl.col("has") != pl.col("had"))
    return asked.select(pl.when(differs).then(_against(bits)).otherwise(0.0)).to_series().to_numpy()


def _fates(judged: pl.DataFrame, decided: pl.DataFrame, rosters: tuple[Roster, Roster], policy: Policy) -> pl.DataFrame:
    """What became of each student, as far as it is known: `student`, `family`, `school`, `fate`.

    Gone is who would be deleted, so that it takes a migration and a class that was covered, and no candidate of a row;
    of the leaving grade nobody counts, because it leaves without its brothers and sisters.
    """
    base, incoming = rosters
    undecided = is_none_of(len(incoming), decided["row"])[judged["row"]]
    may_be_listed = pl.col("resembles") & (pl.col("alone_probability") >= policy.review)
    likely = judged.filter(undecided, may_be_listed).select("student").unique()
    absent = absent_students(base, decided.select("student"), likely, policy, {})
    gone = absent.filter(pl.col("action") == Action.DELETE.value)["student"]
    leaving = leaving_classes(base.classes, policy)[base.classes.of_row]
    found = ~is_none_of(len(base), decided["student"])
    is_gone = ~is_none_of(len(base), gone) & ~leaving
    return base.frame.select(
        pl.col("row").alias("student"),
        map_distinct(base.frame["family_name"], fold).alias("family"),
        "school",
        pl.when(found).then(pl.lit(_FOUND)).when(is_gone).then(pl.lit(_GONE)).otherwise(pl.lit(_OPEN)).alias("fate"),
    )


def weigh_company(pairs: pl.DataFrame, fates: pl.DataFrame) -> Numbers:
    """Weigh, in bits of 0 or less, that others of the student's family name have left his school, or the other schools.

    Args:
        pairs: `row`, `student` of the pairs that are weighed.
        fates: `student`, `family`, `school`, `fate`, a line a student, in their order.

    """
    family, school = _numbered(fates["family"]), _numbered(fates["school"])
    here = pl.Series(family * (school.max(initial=0) + 1) + school).rank("dense").to_numpy() - 1
    known, gone = (fates["fate"] != _OPEN).to_numpy(), (fates["fate"] == _GONE).to_numpy()
    near, near_gone, all_, all_gone = (_others(of, who) for of in (here, family) for who in (known, gone))
    counted = fates.with_columns(
        pl.Series("near", near),
        pl.Series("near_gone", near_gone),
        pl.Series("far", all_ - near),
        pl.Series("far_gone", all_gone - near_gone),
    )
    against: Numbers = _company_bits(counted, "near") + _company_bits(counted, "far")
    found: Numbers = against[pairs["student"].to_numpy()]
    return found


def _numbered(texts: pl.Series) -> Integers:
    """Equal texts, and those that are lacking, as equal numbers from 0."""
    distinct = texts.drop_nulls().unique()
    return texts.cast(pl.Enum(distinct)).to_physical().cast(pl.Int64).fill_null(len(distinct)).to_numpy()


def _others(place: Integers, flags: Flags) -> Integers:
    """How many others at each student's place a flag holds of."""
    counts: Integers = np.bincount(place, weights=flags)[place].astype(np.int64) - flags
    return counts


def _company_bits(counted: pl.DataFrame, mates: str) -> Numbers:
    """How much likelier so many mates of so many are gone where the student stays than where he is gone, in bits."""
    few = pl.col(mates).is_between(1, MOST_MATES) & pl.col("family").is_not_null()
    cases = [mates, f"{mates}_gone"]
    known = counted.filter(few, pl.col("fate") != _OPEN)
    seen = known.group_by(cases).agg(*((pl.col("fate") == fate).sum().alias(fate) for fate in (_FOUND, _GONE)))
    of_all = [pl.col(fate).sum().over(mates) for fate in (_FOUND, _GONE)]
    usual = (pl.col(_FOUND) + pl.col(_GONE)) / (of_all[0] + of_all[1])
    stays, left = (
        (pl.col(fate) + AS_ANYONE * usual) / (whole + AS_ANYONE)
        for fate, whole in zip((_FOUND, _GONE), of_all, strict=True)
    )
    weighed = seen.select(*cases, _against((stays / left).log(2)).alias("bits"))
    found = counted.with_columns(few.alias("few")).join(weighed, on=cases, how="left", maintain_order="left")
    return found.select(pl.when("few").then(pl.col("bits")).fill_null(0.0)).to_series().to_numpy()


def _against(bits: pl.Expr) -> pl.Expr:
    """Bits to the thousandth, where they speak against."""
    return bits.round(3).clip(upper_bound=0.0)
