"""Tables as they stand in a sheet, with what each of their cells ought to be read as.

Invariants: the truth comes from the student, never from the cells; rows are numbered as a spreadsheet numbers them.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from typing import Any

from attrs import field, frozen

from benchmarks.reading.people import Person

Truth = Mapping[str, str | None]


@frozen
class Column:
    """A column: its header, what it writes for a student, and what that ought to be read as."""

    header: str
    spell: Callable[[Person], Any]
    truth: Callable[[Person], Truth]


def column(header: str, name: str, spell: Callable[[Person], Any] | None = None) -> Column:
    """A column of one canonical field, written as it ought to be read unless it is told otherwise."""
    return Column(header, spell or (lambda one: one.fields[name]), lambda one: {name: one.fields[name]})


def lost(header: str, name: str, spell: Callable[[Person], Any]) -> Column:
    """A column of a field that nobody can read from what is written: it ought to be empty, and said."""
    return Column(header, spell, lambda _: {name: None})


def further(header: str, spell: Callable[[Person], Any]) -> Column:
    """A column that is no canonical field."""
    return Column(header, spell, lambda _: {})


@frozen
class Page:
    """A sheet, or a text file.

    Attributes:
        columns: of its table.
        people: its rows.
        sheet: its name; `None` for a text file.
        headers: the rows of the header; the columns' own where none are given.
        above, below: rows before the header and after the last student.
        between: rows directly under the header that are no students.
        gaps: a blank row after so many students; 0 for none.
        breaks: place of a student, from 0 → rows before it that are no students.
        top, left: rows and columns that are left free.
        hidden: the sheet is hidden.
        hidden_rows: places of students, from 0, whose rows are hidden.
        merged: areas of merged cells: first row, first column, last row, last column, from 0 in the sheet.
        constant: what every row ought to have besides, such as a class from the sheet's name.
        unread: none of its rows ought to be read.

    """

    columns: Sequence[Column]
    people: Sequence[Person]
    sheet: str | None = "Sheet1"
    headers: Sequence[Sequence[Any]] | None = None
    above: Sequence[Sequence[Any]] = ()
    below: Sequence[Sequence[Any]] = ()
    between: Sequence[Sequence[Any]] = ()
    gaps: int = 0
    breaks: Mapping[int, Sequence[Sequence[Any]]] = field(factory=dict)
    top: int = 0
    left: int = 0
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    merged: Sequence[tuple[int, int, int, int]] = ()
    constant: Truth = field(factory=dict)
    unread: bool = False

    def cells(self) -> list[list[Any]]:
        """The sheet from its first row."""
        headers = [[one.header for one in self.columns]] if self.headers is None else self.headers
        lines = [*self.above, *headers, *self.between, *self._lines(), *self.below]
        return [*([] for _ in range(self.top)), *([None] * self.left + list(line) if line else [] for line in lines)]

    def _lines(self) -> list[list[Any]]:
        lines = list[list[Any]]()
        for place, one in enumerate(self.people):
            lines += map(list, self.breaks.get(place, ()))
            lines.append([column.spell(one) for column in self.columns])
            if self.gaps and (place + 1) % self.gaps == 0:
                lines.append([])
        return lines

    def numbers(self) -> list[int]:
        """The spreadsheet's number of every student's row."""
        headers = 1 if self.headers is None else len(self.headers)
        first = self.top + len(self.above) + headers + len(self.between) + 1
        blank = [place // self.gaps if self.gaps else 0 for place in range(len(self.people))]
        broken = accumulate(len(self.breaks.get(place, ())) for place in range(len(self.people)))
        return [first + place + sum(more) for place, more in enumerate(zip(blank, broken, strict=True))]

    def places(self) -> dict[str, str]:
        """The letters of the column where each field stands."""
        if not self.people:
            return {}
        fields = [(name, place) for place, one in enumerate(self.columns) for name in one.truth(self.people[0])]
        return {name: column_letters(self.left + place) for name, place in fields}

    def truths(self) -> list[tuple[str | None, int, dict[str, str | None]]]:
        """What ought to be read: the sheet, the row's number, and the fields, of every student."""
        if self.unread:
            return []
        return [
            (self.sheet, number, {**self.constant, **_merged(column.truth(one) for column in self.columns)})
            for number, one in zip(self.numbers(), self.people, strict=True)
        ]


def column_letters(place: int) -> str:
    """The letters of a column, counted from 0."""
    first, last = divmod(place, 26)
    return (column_letters(first - 1) if first else "") + chr(65 + last)


def _merged(truths: Any) -> dict[str, str | None]:
    return {name: value for truth in truths for name, value in truth.items()}


NAMED = (column("Given Name", "given_name"), column("Family Name", "family_name"))
BORN = column("Date of Birth", "birth_date")
PLAIN: Sequence[Column] = (
    column("Student Number", "student_number"),
    *NAMED,
    BORN,
    column("Gender", "gender"),
    column("Grade", "grade"),
    column("Class", "class_name"),
)
"""A list as a school system exports it."""

DATED: Sequence[Column] = (*PLAIN[:3], column("Date of Birth", "birth_date", lambda one: one.born), *PLAIN[4:])
"""The same with dates as dates, for workbooks."""
