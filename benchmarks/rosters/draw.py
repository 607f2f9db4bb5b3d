"""Two school years of a school or of many, and the truth of who is who and what was done to every row.

Invariants: the same options give the same rosters, byte for byte; the truth is kept apart from both; the incoming
roster has no `student_id`; the base is shuffled, so that no order tells anything.
"""

from typing import Final

import numpy as np
import polars as pl
from attrs import evolve, field, frozen

from benchmarks.names import NameTables
from benchmarks.rosters.cultures import Drawing, load_cultures
from benchmarks.rosters.damage import Damaged, damage_rows
from benchmarks.rosters.families import DISTRICT_SIZE, GRADES, HIGHEST, draw_numbers, draw_people
from benchmarks.rosters.joiners import Known, draw_joiners
from benchmarks.rosters.next_year import advance, put_into_classes, who_stays
from benchmarks.rosters.offices import write_sheets
from benchmarks.rosters.options import OF_COLUMN, Damage, RosterOptions, Variant
from benchmarks.rosters.variants import nicknames, one_of
from rosterdiff import Roster

_PREFERRED: Final = 0.03
_JUNIORS: Final = 0.002
_THIRDS: Final = 0.0005
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FIRST_JOINER: Final = 10_000_000_000
"""Numbers of persons who join begin here."""


@frozen(eq=False)
class SchoolYears:
    """Two rosters and what is true of them.

    Attributes:
        truth: `row`, `student_id` of the same child; two rows of one child where `duplicated` was asked for.
        rows: `row`, `student_id` (null for newcomers), `family`, `newcomer` (the kind, null for who was there), `model`
            (the student whom a newcomer resembles), `step` of the sheet and `kinds`, what was done to the row.
        students: `student_id`, `family`, `stays` (is in the incoming roster), `leaves` (is not at school any more;
            neither for those whom no sheet lists).

    """

    base: Roster
    incoming: Roster
    truth: pl.DataFrame = field(repr=False)
    rows: pl.DataFrame = field(repr=False)
    students: pl.DataFrame = field(repr=False)

    def as_variant(self, variant: Variant) -> "SchoolYears":
        """The same rosters without the columns that the variant lacks, and what befell these."""
        base, incoming = (_without(roster, variant.dropped) for roster in (self.base, self.incoming))
        gone = [kind.value for column in variant.dropped for kind in OF_COLUMN[column]]
        kinds = pl.col("kinds").list.filter(~pl.element().is_in(gone))
        return evolve(self, base=base, incoming=incoming, rows=self.rows.with_columns(kinds))


def _without(roster: Roster, columns: tuple[str, ...]) -> Roster:
    schema = roster.frame.schema
    return Roster(roster.frame.with_columns(pl.lit(None, dtype=schema[name]).alias(name) for name in columns))


def draw_years(options: RosterOptions, tables: NameTables | None = None) -> SchoolYears:
    """Draw two school years.

    Args:
        options: what is drawn.
        tables: names of the first culture; recorded ones, where they are shared, by default.

    >>> years = draw_years(RosterOptions(students=200))
    >>> len(years.base)
    200

    """
    districts = max(1, round(options.students / DISTRICT_SIZE))
    drawing = Drawing(np.random.default_rng(options.seed), load_cultures(tables), districts)
    people = _draw_base(options, drawing)
    students = people.filter(pl.col("grade") >= 0)
    stays = who_stays(students, options, drawing)
    stayers, leavers = students.filter(stays), students.filter(~stays)
    advanced = advance(stayers, options, drawing)
    known = Known(leavers.filter(pl.col("grade") < HIGHEST), stayers, people.filter(pl.col("grade") < 0))
    joiners = draw_joiners(options.students - stayers.height, known, options, drawing)
    damaged = damage_rows(advanced.rows, options, drawing)
    rows = pl.concat([damaged.rows, _enrol(joiners, people, drawing)], how="diagonal")
    sheets = write_sheets(Damaged(rows, pl.concat([advanced.labels, damaged.labels])), options, drawing)
    return _assemble(students.with_columns(stays), sheets, options, drawing.draw)


def _draw_base(options: RosterOptions, drawing: Drawing) -> pl.DataFrame:
    """Everyone who is at school or begins next year, with `person`, number, further names and class."""
    drawn = draw_people(options.students, options.twins, drawing)
    numbered = drawn.with_columns(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("person"), draw_numbers(drawn.height, drawing)
    )
    return put_into_classes(_with_further_names(_with_namesakes(numbered, options, drawing), drawing), drawing)


def _with_namesakes(people: pl.DataFrame, options: RosterOptions, drawing: Drawing) -> pl.DataFrame:
    """Give some the names of another: half of them of the next oldest of the grade and school, half of anyone."""
    only = people.select((pl.col("family").is_unique() & (pl.col("grade") >= 0)).arg_true()).to_series()
    count = min(round(options.namesakes * people.height), len(only) // 4)
    near = (
        people[only]
        .select(only.alias("at"), "school", "grade", "gender", "birth_date")
        .sort("school", "grade", "gender", "birth_date", "at")["at"]
    )
    pairs = 2 * drawing.draw.choice(len(near) // 2, size=count, replace=False)
    targets = near.gather(pairs)
    models = pl.concat([near.gather(pairs[: count // 2] + 1), near.gather(np.roll(pairs, 1)[count // 2 :] + 1)])
    names = people[models].select("given_name", "family_name", "gender", "culture")
    return people.with_columns(people[name].scatter(targets, names[name]) for name in names.columns)


def _with_further_names(people: pl.DataFrame, drawing: Drawing) -> pl.DataFrame:
    """Add `preferred_given_name` and `name_suffix`, for a few."""
    known = people["given_name"].str.to_lowercase().is_in(list(nicknames())).to_numpy()
    at = np.flatnonzero(known & drawing.chance(_PREFERRED, people.height))
    made = [one_of(nicknames(), name, drawing.draw) for name in people["given_name"].gather(at)]
    none = pl.repeat(None, people.height, dtype=pl.String, eager=True)
    chance = pl.Series(drawing.draw.random(people.height))
    suffix = pl.when(chance < _JUNIORS).then(pl.lit("Jr")).when(chance < _JUNIORS + _THIRDS).then(pl.lit("III"))
    return people.with_columns(
        none.scatter(at, pl.Series(made, dtype=pl.String)).alias("preferred_given_name"),
        pl.when(pl.col("gender") == "M").then(suffix).alias("name_suffix"),
    )


def _enrol(joiners: pl.DataFrame, people: pl.DataFrame, drawing: Drawing) -> pl.DataFrame:
    """Joiners as the other rows are; numbers of their own lie above all that there are."""
    width = int(people["student_number"].str.len_chars().max())  # type: ignore[arg-type]
    highest = int(people["student_number"].cast(pl.Int64).max())  # type: ignore[arg-type]
    own = (pl.int_range(pl.len()) * 3 + highest + 1).cast(pl.String).str.zfill(width)
    enrolled = joiners.with_columns(
        pl.coalesce("number", own).alias("student_number"),
        pl.int_range(_FIRST_JOINER, _FIRST_JOINER + pl.len(), dtype=pl.Int64).alias("person"),
    )
    return put_into_classes(enrolled.drop("number"), drawing)


def _assemble(
    students: pl.DataFrame, sheets: Damaged, options: RosterOptions, draw: np.random.Generator
) -> SchoolYears:
    """Shuffle both sides, give ids, and write the truth down."""
    base = students[draw.permutation(students.height)].with_columns(
        pl.concat_str(pl.lit("s"), pl.int_range(pl.len()).cast(pl.String).str.zfill(7)).alias("student_id")
    )
    written = _listed_twice(sheets, options, draw)
    rows = written.rows[draw.permutation(written.rows.height)].with_row_index("row")
    of_rows = _describe(rows, base, written.labels)
    truth = of_rows.filter(pl.col("student_id").is_not_null()).select("row", "student_id")
    stays = pl.col("student_id").is_in(truth["student_id"].implode())
    of_students = base.select("student_id", "family", stays.alias("stays"), (~pl.col("stays")).alias("leaves"))
    return SchoolYears(_base_roster(base), _incoming_roster(rows, options), truth, of_rows, of_students)


def _listed_twice(sheets: Damaged, options: RosterOptions, draw: np.random.Generator) -> Damaged:
    """Some of the rows a second time."""
    count = round(options.duplicated * sheets.rows.height)
    again = sheets.rows[np.sort(draw.choice(sheets.rows.height, size=count, replace=False))]
    labels = again.select("person", pl.lit(Damage.DUPLICATE.value).alias("kind"))
    return Damaged(pl.concat([sheets.rows, again]), pl.concat([sheets.labels, labels]))


def _describe(rows: pl.DataFrame, base: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    ids = base.select(known="person", student_id="student_id")
    models = base.select(model="person", model_id="student_id")
    order = pl.Enum([kind.value for kind in Damage])
    kinds = labels.unique().with_columns(pl.col("kind").cast(order)).sort("person", "kind")
    of_persons = kinds.group_by("person", maintain_order=True).agg(pl.col("kind").cast(pl.String).alias("kinds"))
    return (
        rows.join(ids, on="known", how="left", maintain_order="left")
        .join(models, on="model", how="left", maintain_order="left")
        .join(of_persons, on="person", how="left", maintain_order="left")
        .select(
            "row", "student_id", "family", "newcomer", pl.col("model_id").alias("model"),
            pl.when("stale").then(0).otherwise(1).alias("step"), pl.col("kinds").fill_null([]),
        )
    )  # fmt: skip


_COLUMNS: Final = ("student_number", "given_name", "middle_name", "family_name", "name_suffix", "birth_date", "gender")


def _base_roster(base: pl.DataFrame) -> Roster:
    return Roster.from_frame(base.select("student_id", *_COLUMNS, "preferred_given_name", *_place(0)))


def _incoming_roster(rows: pl.DataFrame, options: RosterOptions) -> Roster:
    """The rows as sheets; stale ones carry the grade before."""
    grade = (pl.col("grade") - pl.col("stale")).clip(lower_bound=0).alias("grade")
    named = pl.lit("all.xlsx") if options.one_file else pl.concat_str(pl.lit("school-"), "school", pl.lit(".xlsx"))
    return Roster.from_frame(rows.with_columns(grade).select(*_COLUMNS, *_place(1), named.alias("source_file")))


def _place(year: int) -> list[pl.Expr]:
    """Grade, class and school in words; some schools call their classes by a letter, some by a number, some by room."""
    grade = pl.col("grade").replace_strict(dict(enumerate(GRADES)), return_dtype=pl.String)
    bare = grade.str.strip_prefix("0")
    letter = pl.col("letter").replace_strict(dict(enumerate(_LETTERS)), default="Z", return_dtype=pl.String)
    room = pl.col("grade") * 7 + pl.col("letter") * 3 + 5 * year + 1
    style = pl.col("school") * 7 % 10
    class_name = (
        pl.when(style < 6).then(pl.concat_str(bare, letter))
        .when(style < 8).then(pl.concat_str(bare, pl.lit("-"), pl.col("letter") + 1))
        .otherwise(pl.concat_str(pl.lit("Room "), room))
    )  # fmt: skip
    school = pl.concat_str(pl.lit("School "), pl.col("school") + 1)
    return [grade.alias("grade"), class_name.alias("class_name"), school.alias("school")]
