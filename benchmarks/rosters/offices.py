"""How each school's office writes its sheet, and which grades it leaves out.

Invariants: a habit changes no name after folding; what it changed is labelled; joiners and stayers are written alike.
"""

from typing import Final

import numpy as np
import polars as pl
from attrs import asdict

from benchmarks.rosters.cultures import Drawing
from benchmarks.rosters.damage import Damaged
from benchmarks.rosters.options import Damage, RosterOptions

NAMES: Final = ("given_name", "middle_name", "family_name")
_INITIALS: Final = 0.1
_PLAIN_LETTERS: Final = {
    "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "æ": "ae", "Æ": "Ae", "ß": "ss",
}  # fmt: skip
_LATIN: Final = r"^[\p{Latin}\p{M}'’‘ .-]*$"


def write_sheets(written: Damaged, options: RosterOptions, drawing: Drawing) -> Damaged:
    """The rows as each school's office writes them, without the grades that no sheet lists; `stale` is added."""
    rows = written.rows
    habits = _draw_habits(int(rows["school"].max()) + 1, options, drawing)  # type: ignore[arg-type]
    kept = rows.join(habits, on="school", how="left", maintain_order="left")
    steps = [
        ((Damage.NUMBER_ZEROS, "student_number"), _fewer_columns(rows.height, drawing)),
        ((Damage.PLAIN_LETTERS, *NAMES), [_without_accents(name) for name in NAMES]),
        ((Damage.CASE, *NAMES), [_shouted(name) for name in NAMES]),
    ]
    labels = written.labels
    for (kind, *columns), written_so in steps:
        before, kept = kept, kept.with_columns(written_so)
        labels = pl.concat([labels, _changed(before, kept, Damage(kind), *columns)])
    dropped = [name for name in habits.columns if name not in {"school", "stale"}]
    return Damaged(kept.drop(dropped).filter(_is_listed(rows, options, drawing)), labels)


def _fewer_columns(count: int, drawing: Drawing) -> list[pl.Expr]:
    """What the sheets do without: middle names or all but their initials, gender, leading zeros."""
    initial = pl.lit(pl.Series("initial", drawing.chance(_INITIALS, count)))
    middle = pl.when(initial).then(pl.col("middle_name").str.slice(0, 1)).otherwise("middle_name")
    bare = pl.col("student_number").str.strip_chars_start("0")
    return [
        pl.when(~pl.col("no_middle")).then(middle).alias("middle_name"),
        pl.when(~pl.col("no_gender")).then("gender").alias("gender"),
        pl.when("zeros_lost").then(bare).otherwise("student_number").alias("student_number"),
    ]


def _shouted(name: str) -> pl.Expr:
    return pl.when("shouting").then(pl.col(name).str.to_uppercase()).otherwise(name).alias(name)


def _draw_habits(schools: int, options: RosterOptions, drawing: Drawing) -> pl.DataFrame:
    shares = asdict(options.habits)
    drawn = {name: drawing.chance(share, schools) for name, share in shares.items()}
    if options.one_file:  # one file has one step
        drawn["stale"] = np.zeros(schools, dtype=bool)
    return pl.DataFrame({"school": np.arange(schools), **drawn})


def _without_accents(name: str) -> pl.Expr:
    """The name in plain letters where the office types no others; other scripts stay."""
    bare = pl.col(name).str.normalize("NFKD").str.replace_all(r"[\u0300-\u036f]", "")
    spelt = bare.str.replace_many(list(_PLAIN_LETTERS), list(_PLAIN_LETTERS.values()))
    return pl.when(pl.col("plain") & pl.col(name).str.contains(_LATIN)).then(spelt).otherwise(name).alias(name)


def _changed(before: pl.DataFrame, after: pl.DataFrame, kind: Damage, *columns: str) -> pl.DataFrame:
    """The labels of the rows in which one of the columns has changed."""
    differs = pl.any_horizontal(before[name].ne_missing(after[name]) for name in columns)
    return before.filter(differs).select("person", pl.lit(kind.value).alias("kind"))


def _is_listed(rows: pl.DataFrame, options: RosterOptions, drawing: Drawing) -> pl.Series:
    """Whether a sheet lists the row's grade of its school."""
    places = rows.select("school", "grade").unique().sort("school", "grade")
    listed = places.with_columns(pl.Series("listed", ~drawing.chance(options.unlisted, places.height)))
    return rows.join(listed, on=["school", "grade"], how="left", maintain_order="left")["listed"]
