"""HTML for notebooks: small tables of counts and structure, which hold values only where a caller asks for them.

Invariants: every text is escaped; no script, no style sheet and nothing from elsewhere; tables are plain enough for any
notebook's own styles.
"""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

Cell = str | int | float | None

_NUMBER: Final = "text-align:right;font-variant-numeric:tabular-nums"
_TEXT: Final = "text-align:left"


def html_table(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A table; numbers stand to the right.

    >>> html_table(["Action"], [["keep"]])[-62:]
    '<tr><td style="text-align:left">keep</td></tr></tbody></table>'
    """
    lines = [list(row) for row in rows]
    right = [any(isinstance(line[at], int | float) for line in lines) for at in range(len(headers))]
    styles = [_NUMBER if is_number else _TEXT for is_number in right]
    head = "".join(f'<th style="{style}">{escape(text)}</th>' for style, text in zip(styles, headers, strict=True))
    body = "".join(
        "<tr>"
        + "".join(f'<td style="{style}">{_spell(cell)}</td>' for style, cell in zip(styles, line, strict=True))
        + "</tr>"
        for line in lines
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def html_part(title: str, *parts: str) -> str:
    """Tables and paragraphs under a title."""
    return f"<div><p><strong>{escape(title)}</strong></p>{''.join(parts)}</div>"


def html_text(text: str) -> str:
    """A paragraph."""
    return f"<p>{escape(text)}</p>"


def _spell(cell: Cell) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, float):
        return f"{cell:+.1f}"
    return f"{cell:,}" if isinstance(cell, int) else escape(cell)
