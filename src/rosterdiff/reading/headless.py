"""A table without a header row, understood by what its columns hold.

Invariants: nothing is taken for a table unless its names can be found; which of two columns of names is the family name
is decided by evidence (short forms of given names, sorting, capitals), and said to be assumed where that is thin; the
columns as they were understood are always said.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

import polars as pl
from attrs import evolve, frozen

from rosterdiff.config import ReadOptions
from rosterdiff.genders import gender_key
from rosterdiff.grades import parse_grade
from rosterdiff.headers import TEMPLATE_HEADERS, Composite, read_header
from rosterdiff.issues import Code
from rosterdiff.names import ENGLISH_GIVEN, fold
from rosterdiff.reading.contents import most
from rosterdiff.reading.grids import Grid
from rosterdiff.reading.tables import Table

_SAMPLE: Final = 300
_FEWEST_ROWS: Final = 2
_NAME_COLUMNS: Final = 2

_DATE: Final = re.compile(
    r"\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}(?:[ T]\d.*)?|(?:19|20)\d{6}|\d{1,2}[- ][A-Za-z]{3,9}\.?[- ,]+\d{2,4}"
)
_CLASS: Final = re.compile(
    r"\d{1,2}\s?[A-Za-z]{1,3}\d?|[A-Za-z]{1,3}\d{1,2}|(?:KG|PK|EY|[KPRFN])[A-Z]|(?i:class|form)\s+\S{1,10}"
)
_CODE: Final = re.compile(r"[A-Za-z]{0,4}[-/]?\d{3,}[-/A-Za-z0-9]*")
_LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._-]{2,}")
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
    settled, sure = _settle(body, contents, named)
    if settled is None or (not named and _has_unknown_header(body, settled)):
        return None
    headers = tuple(_header(grid, body, at, settled, named) for at in range(grid.cells.width))
    return _said(Table(grid, headers, body, None), settled, named, sure=sure)


def _header(grid: Grid, body: pl.DataFrame, at: int, settled: Sequence[Content], named: Mapping[int, str]) -> str:
    """What a column is called: as the options call it, as it was understood, by its letters, or nothing if blank."""
    if at in named:
        return grid.letters(at)
    known = next((_HEADERS[content.field] for content in settled if content.position == at), None)
    return known or ("" if body[str(at)].null_count() == body.height else f"Column {grid.letters(at)}")


def _has_unknown_header(body: pl.DataFrame, settled: Sequence[Content]) -> bool:
    """Whether the table seems to be another kind of table under a header of its own.

    Its first row then is unlike those below it or has words of headers, or most of its columns are nothing known.
    """
    first = [(int(at), cell.strip()) for at, cell in zip(body.columns[1:], body.row(0)[1:], strict=True) if cell]
    filled = sum(body[name].null_count() * 2 <= body.height for name in body.columns[1:])
    words = sum(len(cell) < _LONGEST_WORD and read_header(cell) is not None for _, cell in first)
    fields = {content.position: content for content in settled}
    unlike = any(at in fields and not _alike(cell, fields[at]) for at, cell in first)
    return unlike or words * 4 >= max(len(first), 1) or len(settled) * 3 < filled


_LONGEST_WORD: Final = 60


def _alike(cell: str, content: Content) -> bool:
    """Whether a cell is one that a column may hold; names can look like anything."""
    pattern = _PATTERNS.get(content.field)
    return pattern is None or pattern.fullmatch(cell) is not None


_HEADERS: Final = {
    **TEMPLATE_HEADERS,
    Composite.FULL_NAME.value: "Full Name",
    Composite.LAST_FIRST.value: "Last Name, First Name",
}
"""Field → the header that a column without one is given, which reads as that field."""

FIELDS_BY_CONTENT: Final = {header: field for field, header in _HEADERS.items()}
"""The header that a column without one was given → the field that its values are taken for."""


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
    varied = (len(distinct) * 2 > len(values) or len(distinct) > 20) and _NO_NAMES.isdisjoint(distinct)
    return varied and most(
        values, lambda v: _WORD.fullmatch(v) and _LETTER.search(v) and not _WORDS_THAT_JOIN.search(v), 0.95
    )


_NO_NAMES: Final = frozenset({"TRUE", "FALSE", "#N/A", "#REF!", "#VALUE!", "Value", "Description", "Comment", "Type"})
"""What stands in columns of other tables, or above them."""


def _are_full_names(values: Sequence[str], distinct: Sequence[str]) -> bool:
    return _are_names(values, distinct) and most(values, lambda v: _FULL.fullmatch(v) and _is_capitalised(v), 0.8)


def _is_capitalised(value: str) -> bool:
    """The first word and the last begin as names do: with a capital, or in a script without."""
    words = value.split()
    return not any(word[0].islower() for word in (words[0], words[-1]))


def _are_logins(values: Sequence[str], distinct: Sequence[str]) -> bool:
    coded = most(values, lambda v: any(c.isdigit() or c in "._" for c in v), 0.5)
    return coded and len(distinct) == len(values) and most(values, _LOGIN.fullmatch, 0.9)


_PATTERNS: Final = {
    "birth_date": _DATE,
    "email": re.compile(r".*@.*"),
    "student_number": re.compile(r".*\d.*"),
    "class_name": _CLASS,
}
_NAME: Final = "name"
_TESTS: Final[Mapping[str, Test]] = {
    "email": lambda values, _: most(values, lambda value: "@" in value, 0.8),
    "birth_date": _matches(_DATE),
    "gender": _are_genders,
    "grade": _are_grades,
    "class_name": _are_classes,
    "student_number": _are_codes,
    "username": _are_logins,
    Composite.LAST_FIRST.value: _matches(_LAST_FIRST),
    Composite.FULL_NAME.value: _are_full_names,
    _NAME: _are_names,
}
"""What a column can hold, in the order in which it is tried: values as they come, and each once."""


def _settle(
    body: pl.DataFrame, contents: Sequence[Content], named: Mapping[int, str]
) -> tuple[list[Content] | None, bool]:
    """The columns as fields, each field once; and whether the names are sure. `None` where there are no names."""
    contents = _with_login(contents)
    singles = [content for content in contents if content.field == _NAME]
    whole = [c for c in contents if c.field in {Composite.LAST_FIRST, Composite.FULL_NAME}]
    others = [c for c in contents if c not in singles and c not in whole]
    kept = [c for at, c in enumerate(others) if c.field not in {o.field for o in others[:at]} | set(named.values())]
    if {"given_name", "family_name"} & set(named.values()):
        return kept, True
    parts = [c for c in (*singles, *whole) if c.field != Composite.LAST_FIRST]  # several given names, double surnames
    if len(parts) == _NAME_COLUMNS and len(parts) == len(singles) + len(whole):
        pair, sure = _order(body, sorted(parts, key=lambda content: content.position), kept)
        alone = min(len(part.values) for part in parts) >= _ALONE
        return ([*pair, *kept], sure) if kept or sure or alone else (None, False)
    if len(whole) == 1 and not singles and (kept or len(whole[0].values) >= _ALONE):
        return [whole[0], *kept], True
    return None, False


def _with_login(contents: Sequence[Content]) -> list[Content]:
    """The columns; of three of words the one that is wholly in small letters is the user name."""
    singles = [content for content in contents if content.field == _NAME]
    small = [content for content in singles if all(map(_LOGIN.fullmatch, content.values))]
    is_login = len(small) == 1 and len(singles) == _NAME_COLUMNS + 1
    return [evolve(content, field="username") if is_login and content in small else content for content in contents]


_ALONE: Final = 4
"""So many names stand for themselves, without a column of anything else beside them."""

_GIVEN_KNOWN, _GIVEN_OTHER = 1.9, -0.4
"""Weights of a given name that is in the table of short forms, and of one that is not: as 35 and 5 in a hundred."""
_SORTED, _CAPITALS = 3.0, 4.0
_SURE: Final = 3.0


def _order(body: pl.DataFrame, parts: Sequence[Content], others: Sequence[Content]) -> tuple[list[Content], bool]:
    """Two columns of names as given and family name; and whether the evidence is good."""
    first, second = parts
    words = [{fold(value.split()[0]) for value in part.values[:100] if value.split()} for part in (first, second)]
    balance = (_given_weight(words[0]) - _given_weight(words[1])) * min(map(len, words))
    balance += _SORTED * (_is_sorted(second.values) - _is_sorted(first.values))
    balance += _CAPITALS * (_is_capital(second.values) - _is_capital(first.values))
    for login in (other for other in others if other.field in {"email", "username"}):
        rows = body.select(str(c.position) for c in (first, second, login)).drop_nulls().head(_LOGINS).rows()
        balance += max(-_LOGINS_AT_MOST, min(_LOGINS_AT_MOST, sum(_login_weight(*row) for row in rows)))
    given, family = (first, second) if balance >= 0 else (second, first)
    return [evolve(given, field="given_name"), evolve(family, field="family_name")], abs(balance) >= _SURE


_LOGINS: Final = 50
_LOGINS_AT_MOST: Final = 6.0


def _login_weight(first: str, second: str, login: str) -> float:
    """What a login says of the first name being the given one: of two names the given one comes first.

    Of one name alone in a user name it is the family name, as in jsmith and smithj.
    """
    local = fold(login.partition("@")[0])
    at = [local.find(fold(name)[:_PREFIX]) if len(fold(name)) >= _PREFIX else -1 for name in (first, second)]
    if min(at) >= 0:
        return 1.0 if at[0] < at[1] else -1.0 if at[1] < at[0] else 0.0
    if max(at) < 0 or "@" in login:
        return 0.0
    return -0.7 if at[0] >= 0 else 0.7


_PREFIX: Final = 4


def _given_weight(words: Collection[str]) -> float:
    """How much words read like given names, each on average."""
    return sum(_GIVEN_KNOWN if word in ENGLISH_GIVEN else _GIVEN_OTHER for word in words) / max(len(words), 1)


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
