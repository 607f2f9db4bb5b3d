"""The columns of a table → what each of them is: a field, a name to be split, a further column, or nothing wanted.

Invariants: a field comes from one column; what the caller named wins, then next year's column, then the better header,
then the fuller column, then the first; every column that is left out or not understood is an issue; in our own template
only its own headers are fields.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import polars as pl
from attrs import evolve, frozen

from rosterdiff.config import ReadOptions
from rosterdiff.errors import InvalidOption
from rosterdiff.headers import (
    TEMPLATE_HEADERS,
    Composite,
    Meaning,
    guess_header,
    header_key,
    header_words,
    read_header,
)
from rosterdiff.issues import Code
from rosterdiff.known import KnownBy
from rosterdiff.model import Issue
from rosterdiff.reading.contents import bears_out, decide_meaning, has_full_names
from rosterdiff.reading.headless import FIELDS_BY_CONTENT
from rosterdiff.reading.locate import Table
from rosterdiff.schema import CANONICAL, ROSTER
from rosterdiff.sentences import field_label

_NAMES: Final = (Composite.FULL_NAME.value, Composite.LAST_FIRST.value)
_FIELDS: Final = frozenset({*CANONICAL, *_NAMES, Composite.SECOND_FAMILY.value})


@frozen
class Column:
    """One column of a table.

    Attributes:
        position: its place in the grid.
        header: as the file writes it.
        field: a canonical field, a composite name, or `None` for a further column.
        name: the roster's column, for further columns.
        rank: the better of two for one field is the lower.
        decided: the values settled an ambiguous header.
        next_year: the column is for next year.
        known_by: by what its header was known.

    """

    position: int
    header: str
    field: str | None
    name: str = ""
    rank: int = 0
    decided: bool = False
    next_year: bool = False
    known_by: KnownBy = KnownBy.UNKNOWN

    @property
    def explicit(self) -> bool:
        """Whether the caller named it."""
        return self.known_by is KnownBy.EXPLICIT


@frozen
class Columns:
    """What the columns of a table are, with the faults of its headers."""

    columns: tuple[Column, ...]
    issues: tuple[Issue, ...]

    @property
    def of_fields(self) -> Mapping[str, Column]:
        """Canonical field or composite name → its column."""
        return {column.field: column for column in self.columns if column.field is not None}

    @property
    def further(self) -> tuple[Column, ...]:
        """The columns that stay as they are, beside the fields."""
        return tuple(column for column in self.columns if column.field is None)


def understand_columns(table: Table, options: ReadOptions) -> Columns:
    """Say what every column of a table is.

    Raises:
        InvalidOption: `options.columns` names a field that does not exist.

    """
    stray = sorted(set(options.columns) - _FIELDS)
    if stray:
        raise InvalidOption(
            f"columns takes a student's fields ({', '.join(CANONICAL)}) or {' or '.join(_NAMES)}; "
            f"{', '.join(stray)} is none of them.",
            "Further columns need no entry: they stay under their own header.",
        )
    kept, dropped = _without_dropped(table, options)
    read, unsettled = _read_headers(table, kept, options)
    settled, lost = _settle(table, _settle_second(_settle_classes(_settle_names(table, read))))
    issues = [*_missing_headers(table, options), *dropped, *unsettled, *_remarks(table, settled), *lost]
    return Columns(_name_further(table, settled), tuple(issues))


def _values(table: Table, position: int) -> pl.Series:
    return table.body[str(position)]


def _explicit(table: Table, options: ReadOptions) -> dict[int, str]:
    """The columns that the caller named, by position: the exact header first, then the one that reads alike."""
    found = dict[int, str]()
    for field, header in options.columns.items():
        wanted = header.strip()
        exact = [position for position, text in enumerate(table.headers) if text == wanted]
        alike = [p for p, text in enumerate(table.headers) if text and header_key(text) == header_key(wanted)]
        for position in (exact or alike)[:1]:
            found[position] = field
    return found


def _missing_headers(table: Table, options: ReadOptions) -> list[Issue]:
    missing = sorted(set(options.columns) - set(_explicit(table, options).values()))
    return [table.grid.origin.issue(Code.HEADER_MISSING, field=field_label(field)) for field in missing]


def _without_dropped(table: Table, options: ReadOptions) -> tuple[list[int], list[Issue]]:
    """The columns that are kept; those on the drop list are reported, and blank ones just left out."""
    explicit = _explicit(table, options)
    kept, issues = list[int](), list[Issue]()
    phrases = [(header_key(word), f" {header_words(word)} ") for word in options.dropped_headers]
    for position, header in enumerate(table.headers):
        if position not in explicit and _is_dropped(header, phrases):
            issues.append(table.grid.origin.issue(Code.HEADER_DROPPED, table.header_cell(position)))
        elif header or _values(table, position).null_count() < table.body.height:
            kept.append(position)
    return kept, issues


def _is_dropped(header: str, phrases: Iterable[tuple[str, str]]) -> bool:
    """The whole header is on the list; or words of it are, and it is none of a student's fields."""
    key, words = header_key(header), f" {header_words(header)} "
    if any(key == dropped for dropped, _ in phrases):
        return True
    meaning = read_header(header)
    is_field = meaning is not None and Composite.OTHER not in meaning.choices
    return not is_field and any(phrase in words for _, phrase in phrases)


def _read_headers(table: Table, kept: Sequence[int], options: ReadOptions) -> tuple[list[Column], list[Issue]]:
    explicit, columns, issues = _explicit(table, options), list[Column](), list[Issue]()
    template = {header: field for field, header in TEMPLATE_HEADERS.items()} if table.is_template else None
    for position in kept:
        header = table.headers[position]
        if position in explicit:
            columns.append(Column(position, header, explicit[position], rank=-100, known_by=KnownBy.EXPLICIT))
        elif template is not None:
            known_by = KnownBy.TEMPLATE if header in template else KnownBy.UNKNOWN
            columns.append(Column(position, header, template.get(header), known_by=known_by))
        elif table.header_index is None and header in FIELDS_BY_CONTENT:
            columns.append(Column(position, header, FIELDS_BY_CONTENT[header], known_by=KnownBy.CONTENT))
        else:
            column, problem = _read_one(table, position, options)
            columns.append(column)
            issues += problem
    return columns, issues


def _read_one(table: Table, position: int, options: ReadOptions) -> tuple[Column, list[Issue]]:
    header, origin, cell = table.headers[position], table.grid.origin, table.header_cell(position)
    meaning = read_header(header, base=options.base) if header else None
    if not header and origin.sheet is None and not any(table.headers[position:]):
        places = _values(table, position).is_not_null().arg_true()
        return Column(position, header, None), origin.cell_issues(
            Code.ROWS_TOO_LONG, table.cells(position, places.to_list())
        )
    guessed = guess_header(header) if meaning is None and header else None
    if guessed is not None and bears_out(guessed.choices[0], _values(table, position)):
        meaning = guessed
    if meaning is None:
        return Column(position, header, None), [origin.issue(Code.HEADER_UNKNOWN, cell)]
    choice = decide_meaning(meaning, _values(table, position))
    if choice is None:
        issue = origin.issue(Code.HEADER_AMBIGUOUS, cell, choices=_spoken(meaning))
        return Column(position, header, None), [issue]
    field = None if choice == Composite.OTHER else choice
    known_by = _basis(meaning, choice, _values(table, position)) if field is not None else KnownBy.UNKNOWN
    said = known_by is KnownBy.DECIDED and choice != meaning.usual
    return Column(position, header, field, "", meaning.rank, said, meaning.next_year, known_by), []


def _basis(meaning: Meaning, choice: str, values: pl.Series) -> KnownBy:
    """By what a column was known for what it was taken for."""
    if meaning.clear or choice == meaning.usual == meaning.choices[0]:
        return meaning.known_by
    filled = values.null_count() < len(values)
    return KnownBy.DECIDED if filled and bears_out(choice, values) else KnownBy.ASSUMED


def _spoken(meaning: Meaning) -> str:
    return " or ".join("something else" if c == Composite.OTHER else label(c) for c in meaning.choices)


def label(field: str) -> str:
    """What a field or a composite name is called in a message."""
    if field == Composite.SECOND_FAMILY:
        return "the second family name"
    return "the full name" if field in _NAMES else field_label(field)


def _settle_names(table: Table, columns: Sequence[Column]) -> list[Column]:
    """Let a column of full names fill what the columns of given and family names do not."""
    columns = _settle_open_names(table, columns)
    fields = {column.field for column in columns}
    given, family = "given_name" in fields, "family_name" in fields
    settled = []
    for column in columns:
        field: str | None = column.field
        if field in _NAMES and not column.explicit and (given or family):
            field = _part_of_name(table, column, columns) if given != family else None
        settled.append(evolve(column, field=field))
    return settled


def _settle_second(columns: Sequence[Column]) -> list[Column]:
    """A second family name stands beside a first; where the caller named the family name, that is the whole of it."""
    first = next((column for column in columns if column.field == "family_name"), None)
    joined = first is not None and not first.explicit
    return [
        evolve(c, field=None, known_by=KnownBy.UNKNOWN)
        if c.field == Composite.SECOND_FAMILY and not c.explicit and not joined
        else c
        for c in columns
    ]


def _settle_open_names(table: Table, columns: Sequence[Column]) -> list[Column]:
    """A column "Name" taken for the given name, where no column is the family name."""
    if any(column.field == "family_name" for column in columns):
        return list(columns)
    return [
        evolve(column, field=_whole_or_family(table, column, columns))
        if column.field == "given_name" and column.known_by in _OPEN
        else column
        for column in columns
    ]


_OPEN: Final = frozenset({KnownBy.DECIDED, KnownBy.ASSUMED})
"""Columns whose header could mean something else."""


def _whole_or_family(table: Table, column: Column, columns: Sequence[Column]) -> str:
    """What a column "Name" is where none is the family name: that name beside a given one, as German lists have it."""
    if any(c.field == "given_name" and c.known_by not in _OPEN for c in columns):
        return "family_name"
    return Composite.FULL_NAME.value if has_full_names(_values(table, column.position)) else "given_name"


def _settle_classes(columns: Sequence[Column]) -> list[Column]:
    """A column "Class" of bare grades is the grade only where no other column is, and another may be the class."""
    graded = [column for column in columns if column.field == "grade"]
    read_as_grade = [c for c in graded if header_key(c.header).endswith(_CLASSES) and not c.explicit]
    if not read_as_grade or len(graded) == len(read_as_grade):
        return list(columns)
    return [evolve(c, field="class_name", decided=False) if c in read_as_grade else c for c in columns]


_CLASSES: Final = ("class", "form", "klasse", "classe", "clase")


def _part_of_name(table: Table, column: Column, columns: Sequence[Column]) -> str | None:
    """What a column "Name" beside one of the two name columns is: the other of them, unless it repeats it."""
    other = next(c for c in columns if c.field in {"given_name", "family_name"})
    rows = table.body.select(str(column.position), str(other.position)).drop_nulls().head(200).rows()
    repeats = bool(rows) and sum(part.strip().casefold() in whole.casefold() for whole, part in rows) * 2 >= len(rows)
    if repeats:
        return column.field
    return "given_name" if other.field == "family_name" else "family_name"


def _settle(table: Table, columns: Sequence[Column]) -> tuple[list[Column], list[Issue]]:
    """Give each field to its best column; the others stay beside it, and say so."""
    filled = {c.position: _values(table, c.position).null_count() < table.body.height for c in columns}
    best = dict[str, Column]()
    for column in columns:
        if column.field is not None:
            rival = best.get(column.field)
            if rival is None or _order(column, filled) < _order(rival, filled):
                best[column.field] = column
    for composite in _NAMES:
        if composite in best and {"given_name", "family_name"} & set(best):
            best = {f: c for f, c in best.items() if f not in {"given_name", "family_name"} or c.explicit}
    settled, issues = list[Column](), list[Issue]()
    for column in columns:
        taken = column.field is not None and best.get(column.field) == column
        settled.append(column if taken or column.field is None else evolve(column, field=None))
        if column.field is not None and not taken and filled[column.position]:
            issues.append(_second(table, column, best.get(column.field)))
    return settled, issues


def _order(column: Column, filled: Mapping[int, bool]) -> tuple[bool, bool, bool, int, int]:
    return (
        not column.explicit, not filled[column.position], not column.next_year, column.rank, column.position
    )  # fmt: skip


def _second(table: Table, column: Column, taken: Column | None) -> Issue:
    origin, cell, field = table.grid.origin, table.header_cell(column.position), label(column.field or "")
    if taken is not None and header_key(taken.header) == header_key(column.header):
        return origin.issue(Code.HEADER_DUPLICATE, cell, field=field)
    letters = table.grid.letters(taken.position) if taken is not None else "of the full name"
    return origin.issue(Code.HEADER_SECOND, cell, field=field, column=letters)


def _remarks(table: Table, columns: Sequence[Column]) -> list[Issue]:
    """What was decided for the reader, and should be known."""
    issues = []
    for column in columns:
        if column.field is not None and (code := _remark(column)) is not None:
            issues.append(table.grid.origin.issue(code, table.header_cell(column.position), field=label(column.field)))
    return issues


def _remark(column: Column) -> Code | None:
    if column.known_by is KnownBy.GUESSED:
        return Code.HEADER_GUESSED
    if column.next_year:
        return Code.HEADER_NEXT_YEAR
    if column.known_by is KnownBy.ASSUMED:
        return Code.HEADER_ASSUMED
    return Code.HEADER_DECIDED if column.decided else None


def _name_further(table: Table, columns: Sequence[Column]) -> tuple[Column, ...]:
    """Give further columns their own header as name, unlike each other and unlike a roster's own columns."""
    taken, named = set(ROSTER), list[Column]()
    for column in columns:
        if column.field is not None:
            named.append(column)
            continue
        wanted = column.header or f"Column {table.grid.letters(column.position)}"
        name, count = wanted, 1
        while name in taken:
            count += 1
            name = f"{wanted} ({count})"
        taken.add(name)
        named.append(evolve(column, name=name, known_by=KnownBy.UNKNOWN))
    return tuple(named)
