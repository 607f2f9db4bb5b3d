"""The frames that travel between stages, with what holds of them: Roster and Context (`plans` has Plan).

Invariants: a roster's frame begins with the columns of `schema.ROSTER`, its other columns are text, and `row` counts
from 0. Nothing here is mutated; `repr` shows structure and counts, never a value.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import Any, Final

import polars as pl
from attrs import evolve, field, frozen
from attrs.validators import deep_iterable, instance_of, optional

from rosterdiff.config import NAME_FIELDS
from rosterdiff.errors import InvalidOption, InvalidRoster
from rosterdiff.grades import parse_grade
from rosterdiff.model import Decision, KnownName
from rosterdiff.previews import preview_roster
from rosterdiff.schema import CANONICAL, CLEARS, DOUBTS, GRADES, ISSUES, PLACES, ROSTER, check, empty
from rosterdiff.sorting import sorted_rows

_SEPARATOR: Final = "\x1f"
_NULL: Final = "\x00"
_ESCAPES: Final = {"\x1e": "\x1e1", _SEPARATOR: "\x1e2", _NULL: "\x1e0"}
"""What stands in a digested line for the characters that mean something there, so that no two records are one line."""

_CLASS: Final = ["school", "grade", "class_name"]

_ISO_DATE: Final = r"^(\d{4}-\d{1,2}-\d{1,2})(?:[T ].*)?$"
"""ISO 8601, with a time of day or without; a month or day of one digit is clear as well."""


@frozen(eq=False, repr=False, slots=False)
class Roster:
    """A table of students in canonical columns, with where each row came from.

    Attributes:
        frame: one row a student: the columns of `schema.ROSTER`, then the file's other columns as text.
        issues: faults found in the data (`schema.ISSUES`).
        places: where each field of each sheet stands (`schema.PLACES`), or in a host's table, without file; empty for
            rosters made from frames. A base from a table gets no value for a field that the table has no column for.
        clears: fields that rows ask to be emptied (`schema.CLEARS`).
        doubts: pairs of rows that compiling could not settle (`schema.DOUBTS`).

    """

    frame: pl.DataFrame
    issues: pl.DataFrame = field(factory=lambda: empty(ISSUES))
    places: pl.DataFrame = field(factory=lambda: empty(PLACES))
    clears: pl.DataFrame = field(factory=lambda: empty(CLEARS))
    doubts: pl.DataFrame = field(factory=lambda: empty(DOUBTS))

    def __attrs_post_init__(self) -> None:
        own, further = self.frame.schema, self.further
        assert pl.Schema({name: own[name] for name in list(own)[: len(ROSTER)]}) == ROSTER, "not roster columns"
        assert all(own[name] == pl.String for name in further), "further columns are text"
        assert self.frame["row"].equals(_numbers(len(self))), "rows are numbered from 0"
        check(self.issues, ISSUES)
        check(self.places, PLACES)
        check(self.clears, CLEARS)
        check(self.doubts, DOUBTS)

    @classmethod
    def from_frame(cls, frame: pl.DataFrame, *, source_file: str | None = None) -> "Roster":
        """Take a host's frame as a roster: columns of canonical names are typed, others stay as text.

        Dates may be dates, datetimes or ISO 8601 text; grades may be words of any school; ids may be numbers, also
        floats (7.0 is 7). Blank text and NaN are no value. A value that cannot be read becomes null and an issue.

        Args:
            frame: one row a student; the caller's frame is not changed.
            source_file: what to call the source in issues.

        Raises:
            InvalidRoster: no column has a canonical name, or a column holds lists or other nested values.

        >>> Roster.from_frame(pl.DataFrame({"student_id": [7], "given_name": ["Ada"], "grade": ["Year 3"]}))
        <Roster: 1 row; student_id, given_name, grade; 0 issues>

        """
        known = [name for name in frame.columns if name in CANONICAL]
        if not known:
            raise InvalidRoster(
                "The frame has no column of a canonical name.",
                f"Rename its columns: {', '.join(CANONICAL)}.",
            )
        nested = [name for name, dtype in frame.schema.items() if dtype.is_nested()]
        if nested:
            raise InvalidRoster(
                f"{len(nested)} columns hold nested values, which no roster has.", "Unnest or drop them."
            )
        text = frame.select(_as_text(name, dtype) for name, dtype in frame.schema.items() if name != "row")
        typed, issues = _typed(text, source_file)
        return cls(frame=number_rows(typed, source_file), issues=issues)

    @property
    def further(self) -> tuple[str, ...]:
        """The names of the columns that are not rosterdiff's own."""
        return tuple(self.frame.columns[len(ROSTER) :])

    @property
    def given(self) -> tuple[str, ...]:
        """The canonical columns that hold at least one value."""
        return tuple(name for name in CANONICAL if self.frame[name].null_count() < self.frame.height)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content: another order of rows or further columns, or another file name, is the same."""
        return ordered_digest(in_content_order(self)[0])

    @cached_property
    def classes(self) -> "Classes":
        """The classes that its rows are in, each once."""
        each = self.frame[_CLASS]
        table = each.unique().sort(_CLASS, nulls_last=True)
        numbered = table.hstack([_numbers(table.height).alias("class")])
        placed = each.join(numbered, on=_CLASS, how="left", nulls_equal=True, maintain_order="left")
        return Classes(table, placed["class"])

    def cell(self, row: int, field_name: str) -> str | None:
        """The spreadsheet cell of a field of a row, as `D17`, or `None` where there is none."""
        at = self.frame.row(row, named=True)
        column = self.places.filter(
            pl.col("source_file").eq_missing(at["source_file"]),
            pl.col("source_sheet").eq_missing(at["source_sheet"]),
            pl.col("field") == field_name,
        )["column"]
        return None if column.is_empty() or at["source_row"] is None else f"{column[0]}{at['source_row']}"

    def __len__(self) -> int:
        return self.frame.height

    def _repr_html_(self) -> str:
        return preview_roster(self.frame, (*self.given, *self.further), self.issues)

    def __repr__(self) -> str:
        columns = ", ".join((*self.given, *self.further)) or "no values"
        rows = "1 row" if len(self) == 1 else f"{len(self)} rows"
        issues = "1 issue" if self.issues.height == 1 else f"{self.issues.height} issues"
        return f"<Roster: {rows}; {columns}; {issues}>"


@frozen(eq=False, repr=False)
class Classes:
    """The classes of a roster: what is said of all of a class need not be said of each of its rows.

    Attributes:
        table: `school`, `grade`, `class_name`, each combination once, sorted; an absent one is null.
        of_row: for each row of the roster the line of its class in `table`.

    """

    table: pl.DataFrame
    of_row: pl.Series


def number_rows(frame: pl.DataFrame, source_file: str | None = None) -> pl.DataFrame:
    """Give a typed frame a roster's columns in order: canonical, provenance, further; `row` counted anew."""
    further = [name for name in frame.columns if name not in ROSTER]
    absent = [
        pl.lit(source_file if name == "source_file" else None, dtype=dtype).alias(name)
        for name, dtype in ROSTER.items()
        if name not in frame.columns and name != "row"
    ]
    return frame.with_columns(_numbers(frame.height).alias("row"), *absent).select(*ROSTER, *further)


def _numbers(count: int) -> pl.Series:
    return pl.int_range(count, dtype=pl.UInt32, eager=True)


def require_base(roster: Roster) -> Roster:
    """Hold a roster to what a base must be: every student has an id, and no two have the same.

    Raises:
        InvalidRoster: ids are missing or repeated; the message counts them.

    """
    ids = roster.frame["student_id"].drop_nulls()
    missing, repeated = len(roster) - len(ids), len(ids) - ids.n_unique()
    if missing or repeated:
        raise InvalidRoster(
            f"In a base every student has a student_id of his own; {missing} have none and {repeated} repeat one.",
            "Name the id column, for example with ReadOptions(columns={'student_id': 'Account No'}).",
        )
    return roster


def in_content_order(roster: Roster, *last: str) -> tuple[Roster, pl.Series]:
    """The roster with its rows in the order of their content, and the former number of each row.

    Whatever is computed from it does not depend on the order in which the rows came. Rows that are equal in all
    content, provenance included, keep their order: no content tells them apart.

    Args:
        roster: any roster.
        last: columns that count after all the others, such as `student_id` of a base.

    """
    frame = roster.frame
    filled = [name for name in frame.columns if frame[name].null_count() < len(roster)]
    content = [name for name in (*CANONICAL, *sorted(roster.further)) if name not in last]
    by = [name for name in (*content, *last, "source_file", "source_sheet", "source_row", "row") if name in filled]
    former = sorted_rows(frame, by) if by else frame["row"]
    gathered = frame.with_columns(pl.col(filled).gather(former))  # a column without values is in order already
    ordered = evolve(
        roster,
        frame=gathered.with_columns(_numbers(len(roster)).alias("row")),
    )
    if roster.clears.is_empty() and roster.doubts.is_empty():
        return ordered, former
    numbers = former.arg_sort()  # of a permutation the inverse: former number → number
    clears = roster.clears.with_columns(numbers[roster.clears["row"]].alias("row"))
    pairs = roster.doubts.select(numbers[roster.doubts[name]].alias(name) for name in ("row", "other_row"))
    low, high = pl.min_horizontal(pl.all()).alias("row"), pl.max_horizontal(pl.all()).alias("other_row")
    doubts = pairs.select(low, high).with_columns(roster.doubts["doubt"])
    ordered = evolve(ordered, clears=clears.sort("row", "field"), doubts=doubts.sort("row", "other_row", "doubt"))
    return ordered, former


_NO_LENGTH: Final = 2**32 - 1
_NO_DAY: Final = -(2**31)
"""What a missing value is digested with; no text is so long, and no date so early."""


def ordered_digest(roster: Roster) -> str:
    """SHA-256 of the content of a roster whose rows are in the order of their content; provenance does not count.

    Columns are digested whole: dates as days, the others as the lengths of their values and their text, so that no two
    contents are one.
    """
    content = roster.frame.select(*CANONICAL, *sorted(roster.further))
    filled = [name for name in content.columns if content[name].null_count() < len(roster)]
    cleared = digests(content[roster.clears["row"]]) if len(roster.clears) else []
    clears = sorted(zip(roster.clears["field"], cleared, strict=True))
    digest = hashlib.sha256(repr((content.columns, filled, len(roster), clears)).encode())
    days = content[filled].select(pl.col(pl.Date).cast(pl.Int32).fill_null(_NO_DAY))
    for column in days.iter_columns():
        digest.update(column.to_numpy().astype("<i4").tobytes())
    text = content[filled].select(pl.exclude(pl.Date).cast(pl.String))
    lengths = text.select(pl.all().str.len_bytes().fill_null(_NO_LENGTH))
    joined = text.select(pl.all().str.join("").cast(pl.Binary)).rows()
    for length, values in zip(lengths.iter_columns(), *joined, strict=True):
        digest.update(length.to_numpy().astype("<u4").tobytes())
        digest.update(values)
    return digest.hexdigest()


def digests(frame: pl.DataFrame) -> list[str]:
    """A digest of each row's content in the order of the columns; the same on every platform and version."""
    lines = frame.select(_line(frame).cast(pl.Binary)).to_series().to_list()
    return [hashlib.blake2b(line, digest_size=16).hexdigest() for line in lines]


def student_digests(frame: pl.DataFrame, fields: Sequence[str] = tuple(CANONICAL)) -> pl.DataFrame:
    """The digest of each student's record, by which two are compared: `student_id` and `digest`.

    Args:
        frame: a roster's frame.
        fields: the columns that count; the canonical ones by default, so that a host's other columns may move.

    """
    return pl.DataFrame(
        {
            "student_id": frame["student_id"],
            "digest": pl.Series(digests(frame.select(fields)), dtype=pl.String),
        }
    )


def row_keys(roster: Roster) -> list[str]:
    """A key for each row, by which a decision about it is kept: `identity.content`.

    The first part is a digest of what identifies the row (names, birth date, numbers), which stays from year to year;
    the second of all its canonical fields, which tells two rows about one child apart.
    """
    content = digests(roster.frame.select(*CANONICAL))
    return [f"{known}.{whole}" for known, whole in zip(row_identities(roster), content, strict=True)]


def row_identities(roster: Roster) -> list[str]:
    """The first part of the key of each row: a digest of its names, birth date and numbers."""
    return digests(roster.frame.select(*NAME_FIELDS, "birth_date", "student_id", "student_number"))


def student_keys(roster: Roster) -> list[str]:
    """A key for what identifies each student: id and names, which no plan alters; decisions are kept by this."""
    return digests(roster.frame.select("student_id", *NAME_FIELDS))


def _line(frame: pl.DataFrame) -> pl.Expr:
    values = [
        pl.col(name).cast(pl.String).str.replace_many(list(_ESCAPES), list(_ESCAPES.values())).fill_null(_NULL)
        for name in frame.columns
    ]
    return pl.concat_str(values, separator=_SEPARATOR).alias("line")


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if dtype == pl.Datetime:
        column = column.dt.date()
    if dtype.is_float():
        whole = column.cast(pl.Int64, strict=False)  # ids with gaps come as floats from other libraries
        column = pl.when(whole == column).then(whole.cast(pl.String)).otherwise(column.fill_nan(None).cast(pl.String))
    text = column.cast(pl.String).str.strip_chars()
    return pl.when(text != "").then(text).alias(name)


def _typed(text: pl.DataFrame, source_file: str | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    typed = text
    if "birth_date" in text.columns:
        typed = typed.with_columns(_dates(text["birth_date"]))
    if "grade" in text.columns:
        words = text["grade"].drop_nulls().unique().to_list()
        codes = {word: word if word in GRADES else parse_grade(word) for word in words}
        typed = typed.with_columns(
            pl.col("grade").replace_strict(codes, default=None, return_dtype=pl.String).cast(CANONICAL["grade"])
        )
    if "source_row" in text.columns:
        typed = typed.with_columns(pl.col("source_row").cast(pl.UInt32, strict=False))
    said = "{} of the frame's values of {} could not be read and count as empty."
    issues = [
        ("warning", f"{name}_unreadable", source_file, None, None, said.format(lost, name), lost, None)
        for name in ("birth_date", "grade")
        if name in text.columns and (lost := typed[name].null_count() - text[name].null_count())
    ]
    return typed, pl.DataFrame(issues, schema=ISSUES, orient="row")


def _dates(text: pl.Series) -> pl.Series:
    """ISO 8601 texts as dates, each distinct one read once; what is none becomes null."""
    values = text.drop_nulls().unique()
    dates = values.str.extract(_ISO_DATE).str.to_date("%Y-%m-%d", strict=False)
    return dates[text.cast(pl.Enum(values)).to_physical()].alias(text.name)


def _decisions(values: Iterable[Decision]) -> tuple[Decision, ...]:
    return tuple(values)


def _names(values: Iterable[KnownName]) -> tuple[KnownName, ...]:
    return tuple(values)


def _judged(_: object, __: object, decision: Decision) -> None:
    """A remembered decision carries the digests of what was judged; without them it would be passed over in silence."""
    if not decision.row_key and not decision.scope:
        raise InvalidOption(
            "A remembered decision carries digests of what was judged, and some of these do not.",
            "Pass the decisions of a resolved plan: Context(decisions=final.decisions).",
        )


@frozen(eq=False)
class Context:
    """What the host knows beside the two rosters.

    Attributes:
        as_of: the day for which the plan is made; only guards and messages use it.
        school_year: a name for the audit trail, such as `2027`.
        deleted: students deleted earlier, whom a row may resemble (`possible_restore`).
        elsewhere: students of the host's other schools, whom a row may resemble (`possible_transfer`).
        decisions: decisions taken earlier, remembered by the content that was judged.
        names: further names of students, used to recognise them, never written.
        seats: the most active students that the subscription allows.
        window: first and last day on which a migration may be applied.

    """

    as_of: date | None = field(default=None, validator=optional(instance_of(date)))
    school_year: str | None = None
    deleted: Roster | None = field(default=None, validator=optional(instance_of(Roster)), repr=False)
    elsewhere: Roster | None = field(default=None, validator=optional(instance_of(Roster)), repr=False)
    decisions: tuple[Decision, ...] = field(
        default=(), converter=_decisions, validator=deep_iterable([instance_of(Decision), _judged]), repr=False
    )
    names: tuple[KnownName, ...] = field(
        default=(), converter=_names, validator=deep_iterable(instance_of(KnownName)), repr=False
    )
    seats: int | None = field(default=None, validator=optional(instance_of(int)))
    window: tuple[date, date] | None = field(default=None)

    @window.validator
    def _in_order(self, _: Any, value: tuple[date, date] | None) -> None:
        if value is not None and value[0] > value[1]:
            raise InvalidOption("A window ends on or after the day on which it opens.")
