"""Wrong decisions of a plan one by one: what kind of row, with whom, and how the pair differs.

Invariants: every wrong match, addition and deletion is one line; who the other is, and whether anybody could have told,
follows from values and truth alone; levels are the matcher's, and values leave this module nowhere.
"""

from typing import Final

import polars as pl

from benchmarks.rosters.draw import SchoolYears
from benchmarks.rosters.facts import keys
from benchmarks.rosters.options import SLIGHT, Damage
from benchmarks.scoring import matched_pairs
from rosterdiff import Plan

ON: Final = ["row", "student_id"]
_WRITING: Final = (Damage.CASE.value, Damage.PLAIN_LETTERS.value, Damage.NUMBER_ZEROS.value)
_NOTHING: Final = "nothing done"


def kind_of_row() -> pl.Expr:
    """A row's kind in words: what a newcomer is, or what befell a child's row; slight things if nothing else."""
    weighty = [kind.value for kind in Damage if kind not in SLIGHT]
    slight = [kind.value for kind in SLIGHT if kind.value not in _WRITING]
    named, other = (_joined(pl.col("kinds").list.filter(pl.element().is_in(words))) for words in (weighty, slight))
    return pl.coalesce("newcomer", named, other, pl.lit(_NOTHING)).alias("kind")


def _joined(words: pl.Expr) -> pl.Expr:
    return pl.when(words.list.len() > 0).then(words.list.join(", "))


def find_wrong(plan: Plan, years: SchoolYears, pairs: pl.DataFrame) -> pl.DataFrame:
    """Find every wrong decision.

    Args:
        plan: of the years' rosters.
        years: with the truth.
        pairs: all compared pairs, with their levels, as `link` gives them.

    Returns:
        `error` (match, addition, deletion), `kind` of the row, `other` (whom it was matched with), `levels` of the
        pair, `alike`: no field that both sides have tells the two apart.

    """
    wrong = _wrong_pairs(plan, years)
    labels = years.rows.select("row", "step", kind_of_row(), row_family="family")
    families = years.students.select("student_id", student_family="family")
    known = wrong.join(labels, on="row", how="left").join(families, on="student_id", how="left")
    told = _with_agreement(plan, known).join(_levels(pairs), on=ON, how="left")
    return told.select("error", "kind", _other(), pl.col("levels").fill_null("not compared"), _alike())


def _wrong_pairs(plan: Plan, years: SchoolYears) -> pl.DataFrame:
    """`error`, `row`, `student_id`: pairs that are not, and the true ones of rows added and students deleted."""
    truth = years.truth.select(pl.col("row").cast(pl.UInt32), "student_id")
    action = plan.entries.select(pl.col("action").cast(pl.String), "row", "student_id")
    added = action.filter(pl.col("action") == "add").select("row").join(truth, on="row")
    gone = action.filter(pl.col("action") == "delete").select("student_id").join(truth, on="student_id")
    found = {"match": matched_pairs(plan).join(truth, on=ON, how="anti"), "addition": added, "deletion": gone}
    return pl.concat([pairs.select(pl.lit(error).alias("error"), *ON) for error, pairs in found.items()])


def _levels(pairs: pl.DataFrame) -> pl.DataFrame:
    """The levels of each pair in words, without those of what is missing."""
    levels = [name for name in pairs.columns if name.endswith("_level")]
    said = [
        pl.when(pl.col(name).cast(pl.String) != "missing").then(
            pl.concat_str(pl.lit(name.removesuffix("_level")), pl.lit(" "), pl.col(name).cast(pl.String))
        )
        for name in levels
    ]
    return pairs.select(*ON, pl.concat_str(said, separator=", ", ignore_nulls=True).alias("levels"))


def _with_agreement(plan: Plan, wrong: pl.DataFrame) -> pl.DataFrame:
    """Add whether names, birth date and grade agree, and whether anything is `against` the pair."""
    also = ("gender", "student_number")
    rows, students = keys(plan.incoming.frame, "row", *also), keys(plan.base.frame, "student_id", *also)
    both = wrong.join(rows, on="row", how="left").join(students, on="student_id", how="left", suffix="_base")
    same = {name: pl.col(name) == pl.col(f"{name}_base") for name in rows.columns if name not in ON}
    initial = pl.col("middle").str.slice(0, 1) == pl.col("middle_base").str.slice(0, 1)
    against = [
        same["birth_date"],
        same["gender"],
        same["student_number"],
        same["name_suffix"],
        same["middle"] | initial,
    ]
    return both.select(
        *wrong.columns,
        (same["given"] & same["family"]).fill_null(value=False).alias("same_name"),
        same["birth_date"].fill_null(value=False).alias("same_date"),
        (pl.col("order") - pl.col("order_base") == pl.col("step")).fill_null(value=True).alias("in_step"),
        pl.any_horizontal(~agrees for agrees in against).fill_null(value=False).alias("against"),
    )


def _other() -> pl.Expr:
    """Who the other is: oneself for what was missed, else a twin, sibling, namesake or stranger."""
    of_family = (pl.col("row_family") == pl.col("student_family")).fill_null(value=False)
    return (
        pl.when(pl.col("error") != "match").then(pl.lit("oneself"))
        .when("same_name").then(pl.lit("a namesake"))
        .when(of_family & pl.col("same_date")).then(pl.lit("a twin"))
        .when(of_family).then(pl.lit("a sibling"))
        .otherwise(pl.lit("a stranger"))
    ).alias("other")  # fmt: skip


def _alike() -> pl.Expr:
    is_match = pl.col("error") == "match"
    return (is_match & pl.col("same_name") & pl.col("in_step") & ~pl.col("against")).alias("alike")
