"""Issues made: of one cell, of each of a few, or of many as one line that still names them all.

Invariants: every code has its rule; an issue knows how many cells it is about (`count`) and names all of them
(`cells`).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import polars as pl
from attrs import asdict, frozen

from rosterdiff.issues.codes import FILE_RULES, Code, Rule
from rosterdiff.issues.tables import TABLE_RULES
from rosterdiff.issues.values import VALUE_RULES
from rosterdiff.model import Issue
from rosterdiff.schema import ISSUES, conform
from rosterdiff.sentences import count_of

RULES: Final[Mapping[Code, Rule]] = {code: {**FILE_RULES, **TABLE_RULES, **VALUE_RULES}[code] for code in Code}
"""Every code with its severity and its words."""

MOST_LISTED: Final = 20
"""So many cells of one fault are listed one by one; more of them are one line with their number."""

MOST_CELLS: Final = 1000
"""So many pairs of rows that contradict each other are listed one by one."""


@frozen
class Origin:
    """The file and sheet that an issue is about."""

    file: str | None = None
    sheet: str | None = None

    def issue(self, code: Code, cell: str | None = None, **facts: object) -> Issue:
        """One issue of this file and sheet."""
        rule = RULES[code]
        return Issue(rule.severity, code.value, rule.message(**{**_ONE, **facts}), self.file, self.sheet, cell)

    def cell_issues(self, code: Code, cells: Sequence[str], **facts: object) -> list[Issue]:
        """One issue a cell, or one for all of them where they are many."""
        if len(cells) <= MOST_LISTED:
            return [self.issue(code, cell, **facts) for cell in cells]
        return self.group(code, cells, **facts)

    def column_issues(self, code: Code, letters: str, rows: pl.Series, **facts: object) -> list[Issue]:
        """`cell_issues` for cells of one column: `rows` as the spreadsheet numbers them, ascending."""
        if len(rows) <= MOST_LISTED:
            return self.cell_issues(code, [f"{letters}{row}" for row in rows.to_list()], **facts)
        return self.column_group(code, letters, rows, **facts)

    def group(self, code: Code, cells: Sequence[str], **facts: object) -> list[Issue]:
        """One issue for all of these cells; none where there are none."""
        return self._grouped(code, len(cells), cells[0], name_ranges(cells), facts) if cells else []

    def column_group(self, code: Code, letters: str, rows: pl.Series, **facts: object) -> list[Issue]:
        """`group` for cells of one column: `rows` as the spreadsheet numbers them, ascending."""
        if rows.is_empty():
            return []
        return self._grouped(code, len(rows), f"{letters}{rows[0]}", name_column_ranges(letters, rows), facts)

    def _grouped(self, code: Code, count: int, cell: str, cells: str, facts: Mapping[str, object]) -> list[Issue]:
        rule = RULES[code]
        many = {"cells": count_of(count, "cell"), "rows": count_of(count, "row")}
        message = rule.message(**{**(_ONE if count == 1 else many), **facts})
        if count > 1 and not any(fact in rule.sentence for fact in ("{cells}", "{rows}")):
            message = f"The same in {many['cells']}: {message}"
        return [Issue(rule.severity, code.value, message, self.file, self.sheet, cell, count, cells)]


_ONE: Final = {"cells": "this cell", "rows": "this row"}
_CELL: Final = re.compile(r"([A-Z]*)(\d+)")


def name_ranges(cells: Sequence[str]) -> str:
    """Cells as a spreadsheet writes them together, in the order given; neighbours of one column are a range.

    >>> name_ranges(["D17", "D18", "D19", "D25", "E2"])
    'D17:D19, D25, E2'
    """
    runs: list[tuple[str, int, int]] = []
    for cell in cells:
        matched = _CELL.fullmatch(cell)
        assert matched is not None, "a cell is letters and a number"
        letters, row = matched[1], int(matched[2])
        if runs and runs[-1][0] == letters and runs[-1][2] == row - 1:
            runs[-1] = (letters, runs[-1][1], row)
        else:
            runs.append((letters, row, row))
    return ", ".join(f"{c}{first}" if first == last else f"{c}{first}:{c}{last}" for c, first, last in runs)


def name_column_ranges(letters: str, rows: pl.Series) -> str:
    """`name_ranges` for many cells of one column, whose rows ascend.

    >>> name_column_ranges("D", pl.Series([17, 18, 19, 25]))
    'D17:D19, D25'
    """
    row = pl.col("row")
    runs = pl.DataFrame({"row": rows.cast(pl.Int64)}).group_by(run=row - pl.int_range(pl.len()), maintain_order=True)
    ends = runs.agg(first=row.first(), last=row.last())
    one = pl.format(f"{letters}{{}}", "first")
    named = pl.when(pl.col("first") == pl.col("last")).then(one)
    return str(ends.select(named.otherwise(pl.format(f"{{}}:{letters}{{}}", one, "last")).str.join(", ")).item())


def issues_frame(issues: Iterable[Issue]) -> pl.DataFrame:
    """Issues as a frame (`schema.ISSUES`), in the order given.

    >>> issues_frame([Origin("3B.xlsx").issue(Code.NO_ROWS)]).select("severity", "code").row(0)
    ('warning', 'no_rows')
    """
    lines = [{**asdict(issue), "severity": issue.severity.value} for issue in issues]
    return complete_issues(pl.DataFrame(lines, schema=ISSUES))


def complete_issues(issues: pl.DataFrame) -> pl.DataFrame:
    """Bring a frame of issues to `schema.ISSUES`: an issue that does not say of how many cells is of its own."""
    return conform(issues, ISSUES).with_columns(pl.col("count").fill_null(1), pl.col("cells").fill_null(pl.col("cell")))
