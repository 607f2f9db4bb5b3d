"""What the letter to a school says, as data: a line for each thing to put right, by file and teacher.

Invariants: a line has its place in the school's own file; nothing of another school's students is told; what needs
nothing is not told; lines of one file stand together, by teacher, matter and place.
"""

from typing import Final

import polars as pl
from attrs import field, frozen

from rosterdiff.headers import header_key
from rosterdiff.issues import cells_of
from rosterdiff.letters import ASKS, LOST_ZEROS, Matter
from rosterdiff.model import Action, Effect, Pool, Reason, Severity
from rosterdiff.plans import Plan
from rosterdiff.reports.issue_kinds import name_areas
from rosterdiff.reports.people import class_or_grade, full_name
from rosterdiff.schema import conform, empty, enum_of
from rosterdiff.sentences import field_label

LETTER_LINES: Final = pl.Schema(
    {
        "matter": enum_of(Matter),
        "source_file": pl.String(),
        "source_sheet": pl.String(),
        "teacher": pl.String(),
        "cell": pl.String(),  # "B7", or "row 7" where the column is not known
        "class_name": pl.String(),  # of the account, else of the list
        "who": pl.String(),  # the student; or the class
        "found": pl.String(),  # what the list has
        "known": pl.String(),  # what the account has
        "message": pl.String(),
        "count": pl.UInt32(),  # how many cells, rows or students the line is about
    }
)
"""The lines of a letter."""

_TEACHERS: Final = frozenset(
    ("teacher", "teachername", "classteacher", "classteachername", "homeroomteacher", "tutor", "formtutor")
)
"""Headers of a column that says whose list it is (`header_key`)."""

_LIKELY: Final = 0.5
"""From here on a differing name is taken for the same child's; below, the school is asked who is meant."""

_NAMED: Final = (Reason.NAME_DIFFERS.value, Reason.NAME_DIFFERS_ID_AGREES.value)


@frozen(eq=False)
class Letter:
    """What a school is told.

    Attributes:
        lines: `LETTER_LINES`; those of files first, then classes and accounts.
        students: the accounts of the school.
        rows: the rows of its lists.
        files: the names of its files.
        year: the school year, where the plan has one.

    """

    lines: pl.DataFrame = field(repr=False)
    students: int
    rows: int
    files: tuple[str, ...] = field(repr=False)
    year: str | None = None

    def of(self, *matters: Matter) -> pl.DataFrame:
        """The lines of some matters."""
        return self.lines.filter(pl.col("matter").is_in([matter.value for matter in matters]))


def write_letter(plan: Plan) -> Letter:
    """Gather what a school has to put right before its plan is applied.

    Args:
        plan: a plan, resolved or not.

    """
    rows = _placed_rows(plan)
    differences = _differences(plan, rows)
    about_files = pl.concat(
        [
            _names(plan, rows),
            _faults(plan, rows),
            _lost_zeros(differences),
            _questions(plan, rows),
            _details(differences),
        ]
    )
    line = pl.col("cell").str.extract(r"(\d+)").cast(pl.UInt32)
    ordered = about_files.sort("source_file", "teacher", "source_sheet", "matter", line, maintain_order=True)
    return Letter(
        lines=pl.concat([ordered, _classes(plan), _gone(plan)]),
        students=len(plan.base),
        rows=len(plan.incoming),
        files=tuple(sorted(plan.incoming.frame["source_file"].drop_nulls().unique())),
        year=plan.school_year,
    )


def _placed_rows(plan: Plan) -> pl.DataFrame:
    """Every row with its place in the school's words, its teacher, its class, and its name as the list has it."""
    frame = plan.incoming.frame
    rows = frame.select(
        "row",
        "source_file",
        "source_sheet",
        "source_row",
        "class_name",
        _teacher_of(frame).alias("teacher"),
        who=_name(),
    )
    return _with_cells(rows.with_columns(field=pl.lit("family_name")), plan).drop("field")


def _with_cells(lines: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """The lines with the cell of their row and `field`; "row 7" where the column is not known."""
    number = pl.coalesce("source_row", pl.col("row") + 1).cast(pl.String)
    return lines.with_columns(
        pl.coalesce(cells_of(lines, plan.incoming.places), pl.format("row {}", number)).alias("cell")
    )


def _teacher_of(frame: pl.DataFrame) -> pl.Expr:
    named = [name for name in frame.columns if header_key(name) in _TEACHERS]
    return pl.coalesce(named) if named else pl.lit(None, dtype=pl.String)


def _name() -> pl.Expr:
    """The full name, null where there is none."""
    return full_name().replace("", None)


def _accounts(plan: Plan) -> pl.DataFrame:
    return plan.base.frame.select("student_id", "class_name", known=_name())


def _names(plan: Plan, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows whose child is most likely a student of another name, and those that a person has judged so."""
    best = plan.candidates.filter(
        (pl.col("rank") == 1) & (pl.col("pool") == Pool.BASE.value) & (pl.col("probability") >= _LIKELY)
    ).select("row", "student_id")
    waiting = _open_rows(plan, *_NAMED).join(best, on="row", maintain_order="left").select("row", "student_id")
    judged = plan.entries.filter(pl.col("reason") == Reason.DECIDED_SAME.value).select("row", "student_id")
    pairs = pl.concat([waiting, judged.drop_nulls()])
    named = rows.drop("class_name").join(pairs, on="row", maintain_order="left").join(
        _accounts(plan), on="student_id", maintain_order="left"
    )  # fmt: skip
    differing = named.rename({"who": "found"}).filter(pl.col("found").ne_missing(pl.col("known")))
    return _lines(differing, Matter.NAME)


def _open_rows(plan: Plan, *reasons: str) -> pl.DataFrame:
    review = plan.entries.filter((pl.col("action") == Action.REVIEW.value) & pl.col("row").is_not_null())
    return review.filter(pl.col("reason").is_in(reasons)).select("row", "reason").sort("row")


def _faults(plan: Plan, rows: pl.DataFrame) -> pl.DataFrame:
    """Issues that the school has to look at, those of one kind, sheet and teacher together."""
    grave = plan.issues.filter(pl.col("severity") != Severity.INFO.value).with_columns(
        pl.col("cell").str.extract(r"(\d+)$").cast(pl.UInt32).alias("source_row")
    )
    teachers = rows.select("source_file", "source_sheet", "source_row", "teacher").drop_nulls("teacher").unique(
        ["source_file", "source_sheet", "source_row"], keep="any"
    )  # fmt: skip
    taught = grave.join(
        teachers, on=["source_file", "source_sheet", "source_row"], how="left", nulls_equal=True, maintain_order="left"
    )
    together = taught.group_by("source_file", "source_sheet", "teacher", "message", maintain_order=True).agg(
        pl.col("cells").drop_nulls().unique(maintain_order=True), pl.col("count").sum()
    )
    several = (
        pl.when(pl.col("cells").list.len() > 1)
        .then(pl.col("message").str.replace("this cell", "these cells").str.replace("this row", "these rows"))
        .otherwise("message")
    )
    told = together.with_columns(_named(together["cells"], together["count"]), several.alias("message"))
    return _lines(told, Matter.CORRECT)


def _named(cells: pl.Series, counts: pl.Series) -> pl.Series:
    """The first cells of each group, and how many more there are; null for none."""
    names = [
        name_areas(", ".join(group).split(", "), count) or None for group, count in zip(cells, counts, strict=True)
    ]
    return pl.Series("cell", names, dtype=pl.String)


def _questions(plan: Plan, rows: pl.DataFrame) -> pl.DataFrame:
    """Open rows of which the school knows who is meant; differing names that are told as such are left out."""
    likely = plan.candidates.filter((pl.col("rank") == 1) & (pl.col("pool") != Pool.ELSEWHERE.value))
    asked = _open_rows(plan, *(reason.value for reason in ASKS)).with_columns(
        pl.col("reason").cast(pl.String).replace_strict({r.value: text for r, text in ASKS.items()}).alias("message"),
        (pl.col("reason").is_in(_NAMED)).alias("is_name"),
    )
    best = likely.select("row", "student_id", "probability")
    of_base = asked.join(best, on="row", how="left", maintain_order="left").filter(
        ~(pl.col("is_name") & (pl.col("probability") >= _LIKELY).fill_null(value=False))
    )
    placed = of_base.join(_accounts(plan).drop("class_name"), on="student_id", how="left", maintain_order="left")
    return _lines(placed.join(rows, on="row", how="left", maintain_order="left"), Matter.QUESTION)


def _differences(plan: Plan, rows: pl.DataFrame) -> pl.DataFrame:
    """Differences of settled rows that no upload writes, each at its cell: `field`, `found`, `known` and more."""
    settled = plan.entries.filter(pl.col("row").is_not_null() & pl.col("student_id").is_not_null())
    reported = plan.changes.filter(pl.col("effect") == Effect.REPORT.value).join(
        settled.select("row", "student_id"), on=["row", "student_id"], how="semi", maintain_order="left"
    )
    told = reported.select("row", "field", pl.col("after").alias("found"), pl.col("before").alias("known"))
    return _with_cells(told.join(rows, on="row", how="left", maintain_order="left"), plan).with_columns(
        lost_zeros=(pl.col("field") == "student_number")
        & (pl.col("found").str.strip_chars_start("0") == pl.col("known").str.strip_chars_start("0")).fill_null(
            value=False
        )
    )


def _details(differences: pl.DataFrame) -> pl.DataFrame:
    told = differences.filter(~pl.col("lost_zeros"))
    labels = {name: field_label(name) for name in told["field"].unique()}
    return _lines(told.with_columns(pl.col("field").replace(labels).alias("message")), Matter.DETAIL)


def _lost_zeros(differences: pl.DataFrame) -> pl.DataFrame:
    """Numbers that a spreadsheet has cut, one line a sheet: the school formats its column once."""
    cut = differences.filter("lost_zeros").sort("source_row", maintain_order=True)
    together = cut.group_by("source_file", "source_sheet", "teacher", maintain_order=True).agg(
        pl.col("cell").alias("cells"), pl.len().alias("count")
    )
    told = together.with_columns(_named(together["cells"], together["count"]), pl.lit(LOST_ZEROS).alias("message"))
    return _lines(told, Matter.CORRECT)


def _classes(plan: Plan) -> pl.DataFrame:
    """Classes of which nobody is listed, a line each."""
    held = plan.entries.filter(
        (pl.col("reason") == Reason.CLASS_NOT_COVERED.value) & pl.col("student_id").is_not_null()
    ).select("student_id")
    students = plan.base.frame.join(held, on="student_id", how="semi")
    counted = students.group_by("school", "grade", "class_name").len("count").sort("school", "grade", "class_name")
    name = pl.concat_str("school", class_or_grade(), separator=", ", ignore_nulls=True)
    return _lines(counted.with_columns(name.alias("who")), Matter.CLASS)


def _gone(plan: Plan) -> pl.DataFrame:
    """Students whose account will be deleted, by class and name."""
    deleted = plan.entries.filter(pl.col("action") == Action.DELETE.value).select("student_id")
    students = plan.base.frame.join(deleted, on="student_id", how="semi")
    ordered = students.sort("school", "grade", "class_name", "family_name", "given_name", "student_id")
    return _lines(ordered.select("class_name", who=_name()), Matter.GONE)


def _lines(frame: pl.DataFrame, matter: Matter) -> pl.DataFrame:
    if frame.is_empty():
        return empty(LETTER_LINES)
    one = [] if "count" in frame.columns else [pl.lit(1).alias("count")]
    return conform(frame.with_columns(pl.lit(matter.value).alias("matter"), *one), LETTER_LINES)
