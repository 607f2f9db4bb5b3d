"""Tables and lines for the terminal: one palette, one kind of table, values that cannot move the cursor.

Invariants: values are shown as they are, never read as markup; what is left out of a list is counted; widths are those
of the screen, so that wide and right-to-left characters stand in line; no window is so narrow that a column vanishes.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from rosterdiff.model import Action, Severity
from rosterdiff.reports.cells import shown

STYLES: Final = {
    Action.REVIEW: "yellow",
    Action.DELETE: "red",
    Action.ADD: "green",
    Action.UPDATE: "cyan",
    Action.KEEP: "dim",
    Severity.ERROR: "red",
    Severity.WARNING: "yellow",
    Severity.INFO: "dim",
}
"""The colour of each action and severity; nothing is said by colour alone."""

_INDENT: Final = 2
_GAP: Final = 2  # between columns
_LONG: Final = 24  # characters of a word that may be broken

Value = str | Text | None


def say(console: Console, text: str, style: str = "", *, indent: int = 0) -> None:
    """Print a paragraph, wrapped to the window."""
    console.print(Padding(Text(shown(text), style=style), (0, 0, 0, indent), expand=False), highlight=False)


def head(console: Console, text: str, style: str = "") -> None:
    """Print a heading after an empty line."""
    console.print()
    console.print(Text(shown(text), style=f"bold {style}".strip()), highlight=False)


def print_table(
    console: Console, columns: Sequence[Column | str], rows: Iterable[Sequence[Value]], *, total: int | None = None
) -> None:
    """Print rows below their headers; where `total` is more than the rows, how many are not shown.

    In a window in which words would be broken to fit the columns, each row is a few lines of its own instead.
    """
    lines = [[cell if isinstance(cell, Text) else Text(shown(cell)) for cell in row] for row in rows]
    made = [Column(column, overflow="fold") if isinstance(column, str) else column for column in columns]
    if _least_width(made, lines) <= console.width - _INDENT:
        _print_beside(console, made, lines)
    else:
        _print_stacked(console, made, lines)
    if total is not None and total > len(lines):
        say(console, f"… and {total - len(lines):,} more", "dim", indent=_INDENT)


def _least_width(columns: Sequence[Column], lines: Sequence[Sequence[Text]]) -> int:
    """The narrowest window in which no word of the table is broken, but for those that are too long anyway."""

    def least(column: Column, text: str) -> int:
        if column.no_wrap:
            return cell_len(text)
        return min(max(map(cell_len, text.split()), default=0), _LONG)

    widths = [
        max(least(column, text) for text in (str(column.header), *(line[at].plain for line in lines)))
        for at, column in enumerate(columns)
    ]
    return sum(widths) + _GAP * (len(widths) - 1)


def _print_beside(console: Console, columns: Sequence[Column], lines: Sequence[Sequence[Text]]) -> None:
    table = _bare_table(*columns, show_header=any(column.header for column in columns))
    for line in lines:
        table.add_row(*line)
    console.print(Padding(table, (0, 0, 0, _INDENT), expand=False), highlight=False)


def _print_stacked(console: Console, columns: Sequence[Column], lines: Sequence[Sequence[Text]]) -> None:
    """Each row as a list of what it says; numbers that stand beside one another share a line."""
    for line in lines:
        table = _bare_table(Column(no_wrap=True, style="dim"), Column(overflow="fold"))
        told = [(column, text) for column, text in zip(columns, line, strict=True) if text.plain not in {"", "·"}]
        for is_number, cells in groupby(told, lambda cell: cell[0].justify == "right"):
            if is_number:
                table.add_row(*_numbers_in_words(list(cells)))
            else:
                for column, text in cells:
                    table.add_row(str(column.header), text)
        console.print(Padding(table, (0, 0, 0, _INDENT), expand=False), highlight=False)
        if line is not lines[-1]:
            console.print()


def _numbers_in_words(cells: Sequence[tuple[Column, Text]]) -> tuple[str, Text]:
    (first, value), *others = cells
    return str(first.header), Text.assemble(value, *(f", {str(c.header).lower()} {text.plain}" for c, text in others))


def _bare_table(*columns: Column, show_header: bool = False) -> Table:
    return Table(
        *columns, show_header=show_header, box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="dim"
    )


def number(header: str) -> Column:
    """A column of numbers."""
    return Column(header, justify="right", no_wrap=True)


def fixed(header: str) -> Column:
    """A column whose values stay on one line."""
    return Column(header, no_wrap=True, overflow="fold")


def listed(texts: Sequence[str], most: int) -> str:
    """Texts in a row, and how many are left out.

    >>> listed(["D5", "D6", "D7"], 2), listed(["D5"], 2)
    ('D5, D6 and 1 more', 'D5')
    """
    return ", ".join(texts[:most]) + (f" and {len(texts) - most:,} more" if len(texts) > most else "")
