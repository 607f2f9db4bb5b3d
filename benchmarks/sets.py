"""The labelled sets of the shared data as rosters: which of their columns rosterdiff can use now.

Invariants: columns are renamed and typed, never repaired; a set's own ids become the `student_id` of the base and are
withheld from the incoming roster; the truth is read apart.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeAlias

import polars as pl
from attrs import field, frozen

from benchmarks.names import shared_folder
from rosterdiff import Mode, Roster

Columns: TypeAlias = Mapping[str, pl.Expr]


@frozen
class LabelledSet:
    """A set of two files and their true links.

    Attributes:
        name: its folder.
        what: the columns used, in words.
        columns: canonical column → how it is made of the file's.
        mode: the workflow its plan is made for: a migration where the right file is the whole list of the next year.

    """

    name: str
    what: str
    columns: Columns = field(repr=False)
    mode: Mode = Mode.MIGRATION

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return shared_folder() / "data" / self.name

    @property
    def is_here(self) -> bool:
        """Whether its files are on this machine."""
        return (self.folder / "truth.csv").exists()


@frozen(eq=False)
class LoadedSet:
    """A set as two rosters, and `truth`: `row` of the incoming roster, `student_id` of the same person."""

    base: Roster
    incoming: Roster
    truth: pl.DataFrame = field(repr=False)


def load_set(labelled: LabelledSet) -> LoadedSet:
    """Read a set's files."""
    left, right, truth = (_read(labelled.folder / f"{name}.csv") for name in ("left", "right", "truth"))
    base = left.select(pl.col("id").alias("student_id"), **labelled.columns)
    rows = right.with_row_index("row").select("row", right_id="id")
    links = truth.join(rows, on="right_id", how="inner").select("row", student_id="left_id").sort("row")
    return LoadedSet(Roster.from_frame(base), Roster.from_frame(right.select(**labelled.columns)), links)


def _read(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False)


def _date(column: str, form: str) -> pl.Expr:
    return pl.col(column).str.to_date(form, strict=False)


def _date_of_parts(year: str, month: str, day: str) -> pl.Expr:
    parts = [pl.col(year), pl.col(month).str.zfill(2), pl.col(day).str.zfill(2)]
    return pl.concat_str(parts, separator="-").str.to_date("%Y-%m-%d", strict=False)


def _joined(*columns: str) -> pl.Expr:
    return pl.concat_str([pl.col(column) for column in columns], separator=" ", ignore_nulls=True)


def _after_first_word(column: str) -> pl.Expr:
    return pl.col(column).str.extract(r"^\S+\s+(.+)$")


def _between_names(full: str, first: str, last: str) -> pl.Expr:
    """What stands in a full name between the first and the last name; null where they are not its ends."""
    inner = pl.col(full).str.strip_prefix(pl.col(first)).str.strip_suffix(pl.col(last)).str.strip_chars()
    ends = pl.col(full).str.starts_with(pl.col(first)) & pl.col(full).str.ends_with(pl.col(last))
    return pl.when(ends & (inner != "")).then(inner)


def _named(first: str = "first_name", last: str = "last_name") -> dict[str, pl.Expr]:
    return {"given_name": pl.col(first), "family_name": pl.col(last)}


SETS: Final = (
    LabelledSet(
        "pp_children_noisy",
        "names, middle initial, birth date, gender",
        {**_named(), "middle_name": pl.col("middle_initial"), "birth_date": _date("dob", "%m/%d/%Y"),
         "gender": pl.col("gender")},
    ),
    LabelledSet(
        "febrl4_partial", "names, birth date", {**_named(), "birth_date": _date("date_of_birth", "%Y%m%d")}
    ),
    LabelledSet(
        "chadwick_dev",
        "names, middle names, suffix, further given name, birth date",
        {**_named(), "middle_name": _after_first_word("given_names"), "name_suffix": pl.col("suffix"),
         "preferred_given_name": pl.col("given_names").str.extract(r"^(\S+)"),
         "birth_date": _date("dob", "%Y-%m-%d")},
    ),
    LabelledSet(
        "ons_census_cis",
        "names, birth date, gender",
        {**_named(), "birth_date": _date_of_parts("birth_year", "birth_month", "birth_day"),
         "gender": pl.col("gender")},
    ),
    LabelledSet(
        "splink_historical",
        "names, middle names, birth date, gender",
        {**_named(), "middle_name": _between_names("full_name", "first_name", "last_name"),
         "birth_date": _date("dob", "%Y-%m-%d"), "gender": pl.col("gender")},
    ),
    LabelledSet(
        "rldata10000",
        "names, middle name, birth date",
        {"given_name": pl.col("first_name"), "middle_name": pl.col("first_name_2"),
         "family_name": _joined("last_name", "last_name_2"),
         "birth_date": _date_of_parts("birth_year", "birth_month", "birth_day")},
        mode=Mode.BULK,
    ),
    LabelledSet(
        "sgp_school_years",
        "names, gender, grade, school",
        {**_named(), "gender": pl.col("gender"), "grade": pl.col("year_level"), "school": pl.col("school")},
    ),
)  # fmt: skip
"""The sets of which most is known first: children, then others, then school years without birth dates."""
