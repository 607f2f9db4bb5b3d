"""A grid → the tables of students in it: their headers, and below each the rows that are students.

Invariants: a header row is known by headers that the alias table knows, wherever it stands; headers further down begin
another table, or repeat the first; a table without a header is known by its content alone, and that is said; rows are
left out only as `leavings` does, and all but blank ones are reported.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import polars as pl
from attrs import evolve

from rosterdiff.config import ReadOptions
from rosterdiff.headers import TEMPLATE_HEADERS, read_header
from rosterdiff.issues import Code
from rosterdiff.reading.grids import Grid
from rosterdiff.reading.headings import NAMES, Heading, Row, find_misspelt, rate, read_heading
from rosterdiff.reading.headless import find_headless
from rosterdiff.reading.leavings import without_hidden, without_others
from rosterdiff.reading.tables import Table
from rosterdiff.reading.titles import class_of
from rosterdiff.sentences import count_of

__all__ = ["Table", "find_tables", "prefer_headed"]

_SEARCHED_ROWS: Final = 100
_SEARCHED_LATER: Final = 500
"""So many rows below a blank row or a lone cell are looked at for further headers."""
_TITLE_ROWS: Final = 15


def find_tables(grid: Grid, options: ReadOptions) -> list[Table]:
    """Find the tables of students of a grid, from top to bottom and left to right; none where it has none."""
    if grid.cells.is_empty():
        return []
    rows = grid.cells.head(_SEARCHED_ROWS).rows()
    found = [read_heading(grid, rows, at, options) for at, row in enumerate(rows) if rate(row, options)]
    if not found and (misspelt := find_misspelt(rows)) is not None:
        found = [misspelt]
    if not found:
        table = find_headless(grid, options)
        return [without_others(table, (), options)] if table else []
    main = max(found, key=lambda heading: heading.score)
    if TEMPLATE_HEADERS["student_id"] in main.texts:
        return [without_hidden(Table(grid, main.texts, _below(grid, main, grid.cells.height), main.last), options)]
    filled = _filled(grid.cells)
    others = [heading for heading in (*found, *_later(grid, filled, options)) if _is_another(heading, main)]
    return _tables(grid, filled, main, _apart([main, *others]), options)


def prefer_headed(found: Sequence[Sequence[Table]]) -> list[list[Table]]:
    """The tables of each sheet: where any has a header, those without one are notes and legends, and are left out."""
    if any(table.header_index is not None for tables in found for table in tables):
        return [[table for table in tables if table.header_index is not None] for tables in found]
    return [list(tables) for tables in found]


def _filled(cells: pl.DataFrame) -> pl.Series:
    """How many cells each row of the grid fills."""
    if not sum(cells.null_count().row(0)):
        return pl.repeat(cells.width, cells.height, dtype=pl.UInt16, eager=True)
    return cells.select(pl.sum_horizontal(pl.all().is_not_null().cast(pl.UInt16))).to_series()


def _below(grid: Grid, heading: Heading, end: int) -> pl.DataFrame:
    """The rows from a heading to another that are not blank, with their place in the grid."""
    body = grid.cells.with_row_index("index").slice(heading.last + 1, end - heading.last - 1)
    if any(body[name].null_count() == 0 for name in body.columns[1:]):
        return body
    return body.filter(~pl.all_horizontal(pl.exclude("index").is_null()))


def _later(grid: Grid, filled: pl.Series, options: ReadOptions) -> Iterator[Heading]:
    """Headings beyond the first rows: below a blank row or a lone cell."""
    after = (filled.shift(1) < 2) & (filled > 1)
    places = after.arg_true()
    for at in places.filter(places >= _SEARCHED_ROWS).head(_SEARCHED_LATER).to_list():
        rows = grid.cells.slice(at - 1, 3).rows()
        if rate(rows[1], options):
            heading = read_heading(evolve(grid, merged=()), rows, 1, options)
            yield evolve(heading, first=heading.first + at - 1, last=heading.last + at - 1)


def _is_another(heading: Heading, main: Heading) -> bool:
    """Whether a heading is one in its own right, neither part of the main one nor its repetition on another page."""
    apart = heading.last < main.first or heading.first > main.last
    return apart and heading.keys != main.keys and heading.is_strong()


def _apart(headings: Sequence[Heading]) -> list[Heading]:
    """The headings in the order of the grid; of those that share a row, the best."""
    kept = list[Heading]()
    for heading in sorted(headings, key=lambda heading: (-heading.score, heading.first)):
        if all(heading.last < other.first or heading.first > other.last for other in kept):
            kept.append(heading)
    return sorted(kept, key=lambda heading: heading.first)


def _tables(
    grid: Grid, filled: pl.Series, main: Heading, ordered: Sequence[Heading], options: ReadOptions
) -> list[Table]:
    """The table of every heading, to the titles of the next; headings without a student between are one."""
    kept, doubled = _with_students(ordered, main, filled)
    starts = [_start(heading, filled) for heading in kept]
    ends = [*starts[1:], grid.cells.height]
    lowest = [0, *(heading.last + 1 for heading in kept[:-1])]
    tables = []
    for heading, start, end, above in zip(kept, starts, ends, lowest, strict=True):
        titles = _titles_above(grid, heading, max(above, min(start, heading.first - _TITLE_ROWS)))
        body = _below(grid, heading, end)
        body = body.filter(~pl.col("index").is_in(_rows(doubled))) if doubled else body
        table = Table(grid, heading.texts, body, heading.last, titles=titles)
        heads = grid.cells.slice(heading.first, heading.last - heading.first + 1).rows()
        tables += [without_others(part, heads, options) for part in _side_by_side(table)]
    return _with_remarks(grid, tables, kept[0], doubled, filled)


def _rows(headings: Sequence[Heading]) -> list[int]:
    return [row for heading in headings for row in range(heading.first, heading.last + 1)]


def _with_students(ordered: Sequence[Heading], main: Heading, filled: pl.Series) -> tuple[list[Heading], list[Heading]]:
    """The headings that have students below them, and those that only say again what stands beside them."""
    doubled = list[Heading]()
    for upper, lower in pairwise(ordered):
        between = filled.slice(upper.last + 1, lower.first - upper.last - 1)
        if not (between > 1).any() and main in (upper, lower):
            doubled.append(lower if upper is main else upper)
    return [heading for heading in ordered if heading not in doubled], doubled


def _start(heading: Heading, filled: pl.Series) -> int:
    """Where the titles above a heading begin: lone cells, up to the last blank row or title above the students."""
    start = heading.first
    floor = max(heading.first - _TITLE_ROWS, 0)
    for row in range(heading.first - 1, floor - 1, -1):
        if filled[row] > 1:
            break
        if filled[row] == 0:
            start = row
    return start


def _titles_above(grid: Grid, heading: Heading, start: int) -> tuple[tuple[int, str], ...]:
    """The class that the nearest title above a heading names."""
    for row in reversed(grid.cells.slice(max(start, 0), heading.first - max(start, 0)).rows()):
        found = class_of(row)
        if found is not None:
            return ((heading.last, found),)
    return ()


def _side_by_side(table: Table) -> list[Table]:
    """The tables that stand beside each other below one row of headers: their headers are the same."""
    blocks = _blocks(table.headers)
    if len(blocks) < 2:
        return [table]
    return [_only(table, block) for block in blocks]


def _blocks(headers: Sequence[str]) -> list[range]:
    """The columns of each table, where a row of headers says the same several times; else none."""
    apart = _runs(headers)
    words = [tuple(headers[at] for at in run) for run in apart]
    repeated = [run for run, said in zip(apart, words, strict=True) if said == words[0]]
    if len(repeated) > 1 and len(repeated) == len(apart) and _has_names(words[0]):
        return repeated
    if len(apart) == 1:
        only, whole = list(apart[0]), words[0]
        for width in range(2, len(whole) // 2 + 1):
            if len(whole) % width == 0 and whole == whole[:width] * (len(whole) // width) and _has_names(whole[:width]):
                return [range(only[at], only[at] + width) for at in range(0, len(whole), width)]
    return []


def _runs(headers: Sequence[str]) -> list[range]:
    """The columns between those without a header."""
    edges = [-1, *(at for at, header in enumerate(headers) if not header), len(headers)]
    return [range(left + 1, right) for left, right in pairwise(edges) if right - left > 1]


def _has_names(headers: Sequence[str]) -> bool:
    meanings = [meaning for header in headers if (meaning := read_header(header)) is not None]
    return len(headers) > 1 and any(set(meaning.choices) & NAMES for meaning in meanings)


def _only(table: Table, columns: range) -> Table:
    """The table with these columns alone."""
    others = [str(at) for at in range(len(table.headers)) if at not in columns]
    body = table.body.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in others)
    body = body.filter(~pl.all_horizontal(pl.col(str(at)).is_null() for at in columns))
    headers = tuple(header if at in columns else "" for at, header in enumerate(table.headers))
    titles = tuple((row, title) for row, title in table.titles if _title_of(table, columns) in {None, title})
    own = _title_of(table, columns)
    return evolve(table, headers=headers, body=body, titles=((table.top, own),) if own else titles)


def _title_of(table: Table, columns: range) -> str | None:
    """The class that a title directly above these columns names."""
    start = max(table.top - _TITLE_ROWS, 0)
    for row in reversed(table.grid.cells.slice(start, table.top - start).rows()):
        found = class_of([row[at] for at in columns])
        if found is not None:
            return found
    return None


def _with_remarks(
    grid: Grid, tables: list[Table], first: Heading, doubled: Sequence[Heading], filled: pl.Series
) -> list[Table]:
    """What was found beside the tables, said with the first of them."""
    issues = grid.origin.cell_issues(Code.HEADER_REPEATED, [grid.cell(0, row) for row in _rows(doubled)])
    if len(tables) > 1:
        issues.append(grid.origin.issue(Code.TABLES_SEVERAL, tables=count_of(len(tables), "table")))
    above = _lost_above(grid, first, _rows(doubled), filled)
    issues += grid.origin.group(Code.ROWS_ABOVE, [grid.cell(0, row) for row in above])
    return [evolve(tables[0], issues=(*issues, *tables[0].issues)), *tables[1:]]


def _lost_above(grid: Grid, heading: Heading, known: Sequence[int], filled: pl.Series) -> list[int]:
    """Rows above the first header that are as full as students are, and no titles."""
    needed = max(3, sum(bool(text) for text in heading.texts) * 3 // 4)
    full = (filled.head(heading.first) >= needed).arg_true().to_list()
    rows: dict[int, Row] = {at: grid.cells.row(at) for at in full if at not in known}
    return [at for at, row in rows.items() if not any(cell and read_header(cell.strip()) for cell in row)]
