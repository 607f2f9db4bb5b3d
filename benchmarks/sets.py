"""The labelled sets of the shared data as rosters: which columns of each are used, and what is aimed at on them.

Invariants: columns are renamed and typed, never repaired; a set's own ids become the `student_id` of the base and are
withheld from the incoming roster; the truth is read apart, for scoring. A set may stand here several times, with other
columns each time; its `key` is its own.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

import polars as pl
from attrs import field, frozen

from benchmarks.names import shared_folder
from rosterdiff import Mode, Roster
from rosterdiff.config import Evidence

Columns: TypeAlias = Mapping[str, pl.Expr]

EXACT, FUZZY, CATEGORICAL = "exact", "fuzzy", "categorical"
"""How a further column is evidence: equal or not; by likeness; equal or not, with common values counting less."""


@frozen
class Goal:
    """What is aimed at: the best F1 of one-to-one pairs, and the recall at a precision of .999."""

    f1: float
    r999: float


_PARTIAL: Final = "birth_date_text"


@frozen
class LabelledSet:
    """A set of two files and their true links.

    Attributes:
        name: its folder.
        variant: which of its columns, in a word.
        what: the columns used, in words.
        columns: column of the roster → how it is made of the file's.
        evidence: further columns of the roster → how they are evidence.
        mode: the workflow its plan is made for: a migration where the right file is the whole list of the next year.
        goal: what is aimed at, if anything.

    """

    name: str
    variant: str
    what: str
    columns: Columns = field(repr=False)
    evidence: Mapping[str, str] = field(factory=dict, repr=False)
    mode: Mode = Mode.MIGRATION
    goal: Goal | None = None

    @property
    def declared(self) -> dict[str, str]:
        """The columns that count as evidence, incomplete birth dates among them."""
        partial = {_PARTIAL: Evidence.PARTIAL_DATE.value} if _PARTIAL in self.columns else {}
        return {**partial, **self.evidence}

    @property
    def key(self) -> str:
        """The set and its columns, in two words."""
        return f"{self.name}/{self.variant}"

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


def choose_sets(words: Sequence[str] = ()) -> list[LabelledSet]:
    """The sets on this machine whose name or key is among the words; all where there are none."""
    chosen = [one for one in SETS if not words or one.name in words or one.key in words]
    return [one for one in chosen if one.is_here]


def load_set(labelled: LabelledSet) -> LoadedSet:
    """Read a set's files, once in a process."""
    return _load(labelled.key)


@cache
def _load(key: str) -> LoadedSet:
    labelled = next(one for one in SETS if one.key == key)
    left, right, truth = (_read(labelled.folder / f"{name}.csv") for name in ("left", "right", "truth"))
    base = left.select(pl.col("id").alias("student_id"), **labelled.columns)
    rows = right.with_row_index("row").select("row", right_id="id")
    links = truth.join(rows, on="right_id", how="inner").select("row", student_id="left_id").sort("row")
    return LoadedSet(Roster.from_frame(base), Roster.from_frame(right.select(**labelled.columns)), links)


def with_evidence(function: Callable[..., Any], evidence: Mapping[str, str]) -> dict[str, Any]:
    """The keyword that declares further columns to `link` or `Policy`; none where there is nothing to declare."""
    known = "evidence" in inspect.signature(function).parameters
    return {"evidence": dict(evidence)} if evidence and known else {}


def _read(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False)


def _named(first: str = "first_name", last: str = "last_name") -> dict[str, pl.Expr]:
    return {"given_name": pl.col(first), "family_name": pl.col(last)}


def _born(text: pl.Expr) -> dict[str, pl.Expr]:
    """A birth date in ISO 8601 text, whole or not: the date, the year, and the text where it is no whole date."""
    born = text.str.to_date("%Y-%m-%d", strict=False)
    return {
        "birth_date": born,
        "birth_year": text.str.extract(r"^(\d{4})(?:$|-)"),
        _PARTIAL: pl.when(born.is_null()).then(text),
    }


def _digits(column: str) -> pl.Expr:
    """YYYYMMDD as ISO 8601."""
    return pl.col(column).str.replace(r"^(\d{4})(\d{2})(\d{2})$", "${1}-${2}-${3}")


def _american(column: str) -> pl.Expr:
    """MM/DD/YYYY as ISO 8601; what has other parts stays as it is."""
    return pl.col(column).str.replace(r"^([^/]+)/([^/]+)/([^/]+)$", "${3}-${1}-${2}")


def _of_parts(year: str, month: str, day: str) -> pl.Expr:
    """Year, month and day as ISO 8601, as far as they are known: `1950-03`, `1950`, or `--03-02` without the year."""
    known = [pl.col(year), pl.col(month).str.zfill(2), pl.col(day).str.zfill(2)]
    whole = pl.concat_str(known, separator="-")
    without_year = pl.concat_str(pl.lit("-"), *known[1:], separator="-")
    return pl.coalesce(whole, pl.concat_str(known[:2], separator="-"), pl.col(year), without_year)


def _joined(*columns: str) -> pl.Expr:
    return pl.concat_str([pl.col(column) for column in columns], separator=" ", ignore_nulls=True)


def _further_given() -> pl.Expr:
    """The first of all given names where it is another than the one in use, else the nickname."""
    first = pl.col("given_names").str.extract(r"^(\S+)")
    return pl.when(first.ne_missing(pl.col("first_name"))).then(first).otherwise(pl.col("nickname"))


def _after_first_word(column: str) -> pl.Expr:
    return pl.col(column).str.extract(r"^\S+\s+(.+)$")


def _between_names(full: str, first: str, last: str) -> pl.Expr:
    """What stands in a full name between the first and the last name; null where they are not its ends."""
    inner = pl.col(full).str.strip_prefix(pl.col(first)).str.strip_suffix(pl.col(last)).str.strip_chars()
    ends = pl.col(full).str.starts_with(pl.col(first)) & pl.col(full).str.ends_with(pl.col(last))
    return pl.when(ends & (inner != "")).then(inner)


def _same(*columns: str) -> dict[str, pl.Expr]:
    return {column: pl.col(column) for column in columns}


_FEBRL: Final = {**_named(), **_born(_digits("date_of_birth"))}
_FEBRL_ALL: Final = {
    **_FEBRL, **_same("street_number", "address_1", "address_2", "suburb", "postcode", "state"),
    "student_number": pl.col("soc_sec_id"),
}  # fmt: skip
_FEBRL_EVIDENCE: Final = {
    "street_number": EXACT, "address_1": FUZZY, "address_2": FUZZY, "suburb": FUZZY, "postcode": EXACT,
    "state": CATEGORICAL,
}  # fmt: skip
_CENSUS: Final = {
    **_named(), "middle_name": pl.col("middle_initial"), **_born(_american("dob")), "gender": pl.col("gender"),
}  # fmt: skip
_CHADWICK: Final = {
    **_named(), "middle_name": _after_first_word("given_names"), "name_suffix": pl.col("suffix"),
    "preferred_given_name": _further_given(), **_born(pl.col("dob")),
}  # fmt: skip
_BORN_IN_PARTS: Final = _born(_of_parts("birth_year", "birth_month", "birth_day"))
_ONS: Final = {**_named(), **_BORN_IN_PARTS, "gender": pl.col("gender")}
_HISTORICAL: Final = {
    **_named(), "middle_name": _between_names("full_name", "first_name", "last_name"), **_born(pl.col("dob")),
    "gender": pl.col("gender"),
}  # fmt: skip
_STREET: Final = {"street": pl.col("street_name")}

SETS: Final = (
    LabelledSet("febrl4", "dates", "names, birth date", _FEBRL, goal=Goal(0.995, 0.975)),
    LabelledSet(
        "febrl4_partial", "postcode", "names, birth date, postcode", {**_FEBRL, **_same("postcode")},
        {"postcode": EXACT}, goal=Goal(0.998, 0.993),
    ),
    LabelledSet(
        "chadwick_dev", "all", "all name columns, birth date", {**_CHADWICK, **_same("mothers_name")},
        {"mothers_name": FUZZY}, goal=Goal(0.991, 0.978),
    ),
    LabelledSet(
        "ons_census_cis", "address", "names, birth date, gender, postcode, address",
        {**_ONS, **_same("postcode", "address")}, {"postcode": EXACT, "address": FUZZY}, goal=Goal(0.9992, 0.999),
    ),
    LabelledSet(
        "pp_census_2020_2030", "street", "names, middle initial, birth date, gender, street",
        {**_CENSUS, **_STREET}, {"street": FUZZY}, goal=Goal(0.972, 0.80),
    ),
    LabelledSet(
        "pp_children_noisy", "street", "names, middle initial, birth date, gender, street",
        {**_CENSUS, **_STREET}, {"street": FUZZY}, goal=Goal(0.962, 0.70),
    ),
    LabelledSet(
        "splink_historical", "all", "names, birth date and place, postcode, gender, occupation",
        {**_HISTORICAL, **_same("birth_place", "postcode", "occupation")},
        {"birth_place": FUZZY, "postcode": FUZZY, "occupation": CATEGORICAL}, goal=Goal(0.935, 0.81),
    ),
    LabelledSet("febrl4", "all", "all columns", _FEBRL_ALL, _FEBRL_EVIDENCE, goal=Goal(1.0, 1.0)),
    LabelledSet("febrl4_partial", "dates", "names, birth date", _FEBRL),
    LabelledSet("febrl3", "dates", "names, birth date", _FEBRL),
    LabelledSet("chadwick_dev", "names", "names, middle names, suffix, further given name, birth date", _CHADWICK),
    LabelledSet("ons_census_cis", "dates", "names, birth date, gender", _ONS),
    LabelledSet("pp_children_noisy", "dates", "names, middle initial, birth date, gender", _CENSUS),
    LabelledSet("splink_historical", "dates", "names, middle names, birth date, gender", _HISTORICAL),
    LabelledSet(
        "rldata10000", "dates", "names, middle name, birth date",
        {"given_name": pl.col("first_name"), "middle_name": pl.col("first_name_2"),
         "family_name": _joined("last_name", "last_name_2"), **_BORN_IN_PARTS},
        mode=Mode.BULK,
    ),
    LabelledSet(
        "sgp_school_years", "schools", "names, gender, grade, school",
        {**_named(), "gender": pl.col("gender"), "grade": pl.col("year_level"), "school": pl.col("school")},
    ),
)  # fmt: skip
"""Those with a goal first, in the order of the goals' table; then fewer columns, and sets without a goal."""
