"""Tables and lines for the terminal: one palette, one kind of table, values that cannot move the cursor.

Invariants: values are shown as they are, never read as markup; what is left out of a list is counted; widths are those
of the screen, so that wide and right-to-left characters stand in line.
"""

from collections.abc import Iterable, Sequence
from typing import Final

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
    """Print rows below their headers; where `total` is more than the rows, how many are not shown."""
    lines = [[cell if isinstance(cell, Text) else Text(shown(cell)) for cell in row] for row in rows]
    made = [Column(column, overflow="fold") if isinstance(column, str) else column for column in columns]
    table = Table(
        *made,
        show_header=any(column.header for column in made),
        box=None,
        pad_edge=False,
        padding=(0, 2, 0, 0),
        header_style="dim",
    )
    for line in lines:
        table.add_row(*line)
    console.print(Padding(table, (0, 0, 0, 2), expand=False), highlight=False)
    if total is not None and total > len(lines):
        say(console, f"… and {total - len(lines):,} more", "dim", indent=2)


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
