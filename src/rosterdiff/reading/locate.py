"""A grid → the table in it: its header row, and below it the rows that are students.

Invariants: a header row is known by headers that the alias table knows, wherever it stands among the first rows; rows
are left out only if they are blank, the header once more, help, a total or a note, and all but blank ones are reported.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl
from attrs import field, frozen

from rosterdiff.config import NAME_FIELDS, ReadOptions
from rosterdiff.headers import TEMPLATE_HEADERS, Composite, Meaning, header_key, read_header
from rosterdiff.issues import Code
from rosterdiff.model import Issue
from rosterdiff.reading.grids import Grid

_SEARCHED_ROWS: Final = 100
_NAMES: Final = frozenset({*NAME_FIELDS, Composite.FULL_NAME, Composite.LAST_FIRST} - {"name_suffix"})
_PERSONS: Final = frozenset({"student_id", "student_number", "username", "email"})


@frozen(eq=False)
class Table:
    """A table of students in a grid.

    Attributes:
        grid: where it stands.
        headers: the header of every column of the grid, stripped; empty where there is none.
        body: the rows of students: the grid's text columns, and `index`, the row's place in the grid.
        issues: what was left out, and why.

    """

    grid: Grid
    headers: tuple[str, ...] = field(repr=False)
    body: pl.DataFrame = field(repr=False)
    header_index: int = 0
    issues: tuple[Issue, ...] = ()

    @property
    def is_template(self) -> bool:
        """Whether this is our own template, in which only its own headers are fields and every row is a student."""
        return TEMPLATE_HEADERS["student_id"] in self.headers

    @property
    def header_row(self) -> int | None:
        """The spreadsheet's number of the header row; none where there is no header."""
        return self.grid.top + self.header_index if any(self.headers) else None

    def rows_as_numbered(self) -> pl.Series:
        """The spreadsheet's number of each row of the body."""
        return (self.body["index"] + self.grid.top).cast(pl.UInt32).alias("source_row")

    def cells(self, position: int, places: Sequence[int]) -> list[str]:
        """The spreadsheet's names of the cells of a column in these rows of the body."""
        letters = self.grid.letters(position)
        numbers = self.rows_as_numbered().gather(list(places))
        return [f"{letters}{number}" for number in numbers.to_list()]

    def header_cell(self, position: int) -> str:
        """The spreadsheet's name of a column's header cell."""
        return self.grid.cell(position, self.header_index)


def find_table(grid: Grid, options: ReadOptions) -> Table | None:
    """Find the table of students of a grid, or `None` where it has none."""
    if grid.cells.is_empty():
        return None
    first = grid.cells.head(_SEARCHED_ROWS).rows()
    scores = [_score(row, options) for row in first]
    best = max(range(len(scores)), key=lambda index: scores[index])
    if not scores[best]:
        return None
    headers = tuple((cell or "").strip() for cell in first[best])
    table = Table(grid, headers, _numbered(grid.cells, best), best)
    return table if table.is_template else _without_others(table)


def _score(row: Sequence[str | None], options: ReadOptions) -> float:
    """How much a row looks like a header of students: 0 where it is none."""
    named = {header_key(header) for header in options.columns.values()}
    cells = [cell for cell in row if cell is not None]
    meanings = [read_header(cell.strip(), base=options.base) for cell in cells if len(cell) < 200]
    found = [meaning for meaning in meanings if meaning is not None]
    explicit = sum(header_key(cell) in named for cell in cells if len(cell) < 200)
    fields = {meaning.choices[0]: meaning for meaning in found}
    if not explicit and not _is_about_students(fields, len(cells)):
        return 0
    return explicit * 2 + sum(_weight(meaning) for meaning in fields.values()) + len(found) / 100


def _is_about_students(fields: Mapping[str, Meaning], cells: int) -> bool:
    """Names, or what a person is known by and something else; a lone word in a wide row is no header."""
    recognised = len(fields)
    if _NAMES & set(fields):
        ours = sum(Composite.OTHER not in meaning.choices for meaning in fields.values())
        return recognised * 4 >= cells or recognised >= 3 or ours >= 2
    return bool(_PERSONS & set(fields)) and recognised >= 2


def _weight(meaning: Meaning) -> float:
    if Composite.OTHER in meaning.choices:
        return 0.5
    return 2 if meaning.clear else 1


def _numbered(cells: pl.DataFrame, header: int) -> pl.DataFrame:
    """The rows below the header that are not blank, with their place in the grid."""
    filled = ~pl.all_horizontal(pl.exclude("index").is_null())
    return cells.with_row_index("index").slice(header + 1).filter(filled)


_TOTAL: Final = (
    r"(?i)^\s*(?:grand |sub-?)?totals?(?: (?:number )?(?:of )?(?:students|pupils|children|boys|girls|enrol\w*))?"
    r"\s*[:=]?\s*\d*\s*$"
)
"""What a row of sums begins with; such a row has only numbers beside it, so that a child named Total stays."""

_REMARK: Final = (
    r"(?i)^\s*(?:(?:number|no\.?|count|total) of (?:students|pupils|children|boys|girls)\b.*"
    r"|(?:notes?|nb|n\.b\.|legend|source|key)\s*:.*"
    r"|(?:printed|generated|exported|created|report run|report date|last updated)\b.*\d.*"
    r"|page \d+(?: of \d+)?|end of (?:report|list|file|class|data)\b.*|©.*)\s*$"
)
"""What a row of remarks begins with; each is longer than a surname such as Page or Key."""

_HELP: Final = re.compile(
    r"(?i)\b(?:required|optional|mandatory|e\.g\.|for example|example:|must be|should be|please|format|"
    r"dd/mm/yyyy|mm/dd/yyyy|yyyy-mm-dd|points possible|leave blank|enter the|if known|do not|text\b.*\bcharacters)"
)
_HELP_ROWS: Final = 3
"""Rows of help stand directly below the header."""


def _without_others(table: Table) -> Table:
    """The table without the rows that are no students."""
    body, issues = table.body, list[Issue]()
    for code, places in (
        (Code.HEADER_REPEATED, _repeated_headers(table)),
        (Code.INSTRUCTION_ROW, _help_rows(table)),
        (Code.ROW_SKIPPED, _totals_and_notes(table)),
    ):
        rows = body.filter(pl.col("index").is_in(places.implode()))
        body = body.filter(~pl.col("index").is_in(places.implode()))
        cells = [table.grid.cell(0, index) for index in rows["index"].to_list()]
        issues += table.grid.origin.cell_issues(code, cells)
    return Table(table.grid, table.headers, body, table.header_index, tuple(issues))


def _repeated_headers(table: Table) -> pl.Series:
    named = [(str(position), header) for position, header in enumerate(table.headers) if header]
    first, wanted = named[0]
    alike = table.body.filter(
        pl.col(first).str.contains(wanted, literal=True)
    )  # few rows; the others are compared then
    return alike.filter(pl.all_horizontal(pl.col(name).str.strip_chars() == header for name, header in named))["index"]


def _help_rows(table: Table) -> pl.Series:
    """Rows directly below the header, of which at least half the cells explain instead of naming a student."""
    first = table.body.head(_HELP_ROWS)
    helping = []
    for index, *cells in first.select("index", pl.exclude("index")).rows():
        filled = [cell for cell in cells if cell is not None]
        if sum(bool(_HELP.search(cell)) for cell in filled) * 2 < len(filled):
            break
        helping.append(index)
    return pl.Series(helping, dtype=pl.UInt32)


def _totals_and_notes(table: Table) -> pl.Series:
    """Totals and remarks by their words; below the last full row also lone sentences."""
    texts = [pl.col(str(position)) for position in range(len(table.headers))]
    filled = table.body.select("index", filled=pl.sum_horizontal(text.is_not_null().cast(pl.UInt16) for text in texts))
    last_full = filled.filter(pl.col("filled") > 1)["index"].max()
    sparse = table.body.filter(filled["filled"] < max(4, len(texts) // 2 + 1))
    candidates = sparse.select(
        "index",
        first=pl.coalesce(texts),
        worded=pl.sum_horizontal(text.str.contains(r"\p{L}") for text in texts),
        lone=pl.sum_horizontal(text.is_not_null() for text in texts) == 1,
    )
    below = pl.col("index") > (last_full if isinstance(last_full, int) else -1)
    note = pl.col("lone") & below & (pl.col("first").str.count_matches(r"\S+") >= 4) & (len(texts) > 2)
    total = pl.col("first").str.contains(_TOTAL) & (pl.col("worded") == 1)
    return candidates.filter(total | note | pl.col("first").str.contains(_REMARK))["index"]
