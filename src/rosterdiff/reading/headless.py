"""A table without a header row, understood by what its columns hold.

Invariants: nothing is taken for a table unless its names can be found; which of two columns of names is the family name
is decided by evidence (short forms of given names, sorting, capitals), and said to be assumed where that is thin; the
columns as they were understood are always said.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import polars as pl
from attrs import evolve, frozen

from rosterdiff.config import ReadOptions
from rosterdiff.genders import gender_key
from rosterdiff.grades import parse_grade
from rosterdiff.headers import TEMPLATE_HEADERS, Composite
from rosterdiff.issues import Code
from rosterdiff.names import NICKNAME_PAIRS, fold
from rosterdiff.reading.contents import most
from rosterdiff.reading.grids import Grid
from rosterdiff.reading.tables import Table

_SAMPLE: Final = 300
_FEWEST_ROWS: Final = 2
_NAME_COLUMNS: Final = 2

_DATE: Final = re.compile(
    r"\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}(?:[ T]\d.*)?|(?:19|20)\d{6}|\d{1,2}[- ][A-Za-z]{3,9}\.?[- ,]+\d{2,4}"
)
_CLASS: Final = re.compile(r"\d{1,2}\s?[A-Za-z]{1,3}\d?|[A-Za-z]{1,3}\d{1,2}|(?i:class|form)\s+\S{1,10}")
_CODE: Final = re.compile(r"[A-Za-z]{0,4}[-/]?\d{3,}[-/A-Za-z0-9]*")
_LAST_FIRST: Final = re.compile(r"[^,\d@]{2,},\s*[^,\d@]+(?:,[^,\d@]+)?")
_FULL: Final = re.compile(r"[^,\d@:;!?]+(?:\s+[^,\d@:;!?]+){1,4}")
_WORD: Final = re.compile(r"[^\d@,:;!?/]{1,40}")
_LETTER: Final = re.compile(r"[^\W\d_]")
_WORDS_THAT_JOIN: Final = re.compile(r"(?i)\b(?:the|is|are|and|of|for|about|with|this|that|was|to|in|a)\b")


@frozen
class Content:
    """A column by what it holds: its position, the field, and the values by which that was seen."""

    position: int
    field: str
    values: tuple[str, ...]


def find_headless(grid: Grid, options: ReadOptions) -> Table | None:
    """The table of a grid that has no header row, or `None` where no names can be found in it."""
    body = _body(grid.cells)
    if body.height < _FEWEST_ROWS:
        return None
    named = _named_by_letters(grid, options)
    contents = [content for at in range(grid.cells.width) if (content := _content(body, at)) is not None]
    contents = [content for content in contents if content.position not in named]
    settled, sure = _settle(contents, named)
    if settled is None:
        return None
    headers = [""] * grid.cells.width
    for content in settled:
        headers[content.position] = _HEADERS[content.field]
    for at in named:
        headers[at] = grid.letters(at)
    return _said(Table(grid, tuple(headers), body, None), settled, named, sure=sure)


_HEADERS: Final = {
    **TEMPLATE_HEADERS,
    Composite.FULL_NAME.value: "Full Name",
    Composite.LAST_FIRST.value: "Last Name, First Name",
}
"""Field → the header that a column without one is given, which reads as that field."""


def _body(cells: pl.DataFrame) -> pl.DataFrame:
    """The rows that are not blank, from the first on that is as full as the most are."""
    numbered = cells.with_row_index("index").filter(~pl.all_horizontal(pl.all().is_null()))
    filled = numbered.select(pl.sum_horizontal(pl.exclude("index").is_not_null().cast(pl.UInt16))).to_series()
    full = filled >= max(int(filled.head(_SAMPLE).median() or 1) - 1, 1)  # type: ignore[arg-type]
    first = full.arg_true()
    return numbered.slice(int(first[0])) if len(first) else numbered


def _named_by_letters(grid: Grid, options: ReadOptions) -> Mapping[int, str]:
    """The columns that the options name by their letters, as a table without headers can only be."""
    letters = {grid.letters(at): at for at in range(grid.cells.width)}
    return {letters[text.strip()]: name for name, text in options.columns.items() if text.strip() in letters}


def _content(body: pl.DataFrame, at: int) -> Content | None:
    column = body[str(at)].head(_SAMPLE * 10).drop_nulls().head(_SAMPLE).str.strip_chars()
    values = column.to_list()
    if len(values) * 2 < min(body.height, _SAMPLE):
        return None
    distinct = sorted(set(values))
    found = next((name for name, holds in _TESTS.items() if holds(values, distinct)), None)
    return Content(at, found, tuple(values)) if found else None


Test = Callable[[Sequence[str], Sequence[str]], bool]


def _matches(pattern: re.Pattern[str], share: float = 0.9) -> Test:
    return lambda values, _: most(values, pattern.fullmatch, share)


def _are_genders(_: Sequence[str], distinct: Sequence[str]) -> bool:
    return 1 < len(distinct) <= 6 and most(distinct, lambda word: gender_key(word) in {"f", "m", "x"}, 0.7)


def _are_grades(values: Sequence[str], distinct: Sequence[str]) -> bool:
    """Words or small numbers of grades, each for many students."""
    return len(distinct) * 2 <= max(len(values), 2) and most(distinct, parse_grade, 0.9)


def _are_classes(values: Sequence[str], distinct: Sequence[str]) -> bool:
    return len(distinct) * 3 <= max(len(values) * 2, 3) and most(distinct, _CLASS.fullmatch, 0.9)


def _are_codes(values: Sequence[str], distinct: Sequence[str]) -> bool:
    return len(distinct) == len(values) and most(values, _CODE.fullmatch, 0.9)


def _are_names(values: Sequence[str], distinct: Sequence[str]) -> bool:
    """Words with a letter, most of them different, none of them prose."""
    varied = len(distinct) * 2 > len(values) or len(distinct) > 20
    return varied and most(
        values, lambda v: _WORD.fullmatch(v) and _LETTER.search(v) and not _WORDS_THAT_JOIN.search(v), 0.95
    )


def _are_full_names(values: Sequence[str], distinct: Sequence[str]) -> bool:
    return _are_names(values, distinct) and most(values, _FULL.fullmatch, 0.8)


_NAME: Final = "name"
_TESTS: Final[Mapping[str, Test]] = {
    "email": lambda values, _: most(values, lambda value: "@" in value, 0.8),
    "birth_date": _matches(_DATE),
    "gender": _are_genders,
    "grade": _are_grades,
    "class_name": _are_classes,
    "student_number": _are_codes,
    Composite.LAST_FIRST.value: _matches(_LAST_FIRST),
    Composite.FULL_NAME.value: _are_full_names,
    _NAME: _are_names,
}
"""What a column can hold, in the order in which it is tried: values as they come, and each once."""


def _settle(contents: Sequence[Content], named: Mapping[int, str]) -> tuple[list[Content] | None, bool]:
    """The columns as fields, each field once; and whether the names are sure. `None` where there are no names."""
    singles = [content for content in contents if content.field == _NAME]
    whole = [c for c in contents if c.field in {Composite.LAST_FIRST, Composite.FULL_NAME}]
    others = [c for c in contents if c not in singles and c not in whole]
    kept = [c for at, c in enumerate(others) if c.field not in {o.field for o in others[:at]} | set(named.values())]
    if {"given_name", "family_name"} & set(named.values()):
        return kept, True
    if len(singles) >= _NAME_COLUMNS:
        pair, sure = _order(singles[0], singles[1])
        enough = kept or sure or len(singles[0].values) >= _ALONE
        return ([*pair, *kept], sure) if len(singles) == _NAME_COLUMNS and enough else (None, False)
    if not singles and len(whole) == _NAME_COLUMNS and not any(c.field == Composite.LAST_FIRST for c in whole):
        pair, sure = _order(whole[0], whole[1])  # several given names, or double surnames
        return [*pair, *kept], sure
    if len(whole) == 1 and (kept or len(whole[0].values) >= _ALONE):
        return [whole[0], *kept], True
    mixed = [*singles, *whole]
    if len(mixed) == _NAME_COLUMNS and len(whole) == 1:
        pair, sure = _order(*sorted(mixed, key=lambda content: content.position))
        return [*pair, *kept], sure
    return None, False


_ALONE: Final = 4
"""So many names stand for themselves, without a column of anything else beside them."""

_KNOWN_GIVEN: Final = frozenset(name for pair in NICKNAME_PAIRS for name in pair)
_GIVEN_KNOWN, _GIVEN_OTHER = 1.9, -0.4
"""Weights of a given name that is in the table of short forms, and of one that is not: as 35 and 5 in a hundred."""
_SORTED, _CAPITALS = 3.0, 4.0
_SURE: Final = 3.0


def _order(first: Content, second: Content) -> tuple[list[Content], bool]:
    """Two columns of names as given and family name; and whether the evidence is good."""
    balance = _given_weight(first.values) - _given_weight(second.values)
    balance += _SORTED * (_is_sorted(second.values) - _is_sorted(first.values))
    balance += _CAPITALS * (_is_capital(second.values) - _is_capital(first.values))
    given, family = (first, second) if balance >= 0 else (second, first)
    return [evolve(given, field="given_name"), evolve(family, field="family_name")], abs(balance) >= _SURE


def _given_weight(values: Sequence[str]) -> float:
    words = {fold(value.split()[0]) for value in values[:100] if value.split()}
    return sum(_GIVEN_KNOWN if word in _KNOWN_GIVEN else _GIVEN_OTHER for word in words)


def _is_sorted(values: Sequence[str]) -> bool:
    folded = [value.casefold() for value in values]
    return len(set(folded)) >= 6 and folded == sorted(folded)


def _is_capital(values: Sequence[str]) -> bool:
    return most(values, str.isupper, 0.9)


def _said(table: Table, settled: Sequence[Content], named: Mapping[int, str], *, sure: bool) -> Table:
    """The table with what was assumed of it."""
    fields = {content.position: content.field for content in settled} | dict(named)
    words = [f"{table.grid.letters(at)} as {fields[at].replace('_', ' ')}" for at in sorted(fields)]
    origin, cell = table.grid.origin, table.header_cell(min(fields, default=0))
    issues = [origin.issue(Code.NO_HEADER, cell, columns=", ".join(words))]
    if not sure:
        issues.append(origin.issue(Code.NAME_ORDER_ASSUMED, cell))
    return evolve(table, issues=tuple(issues))
