"""The module of the shipped numbers, written anew: its table and where this comes from.

Invariants: all else in the module stays as it is; what is written reads back as the same numbers; lines have at most
120 characters; a second writing replaces the first.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import wrap
from typing import Final

import numpy as np

from rosterdiff.matching import shipped

SHIPPED_FILE: Final = Path(shipped.__file__)

WIDTH: Final = 120
MOST_CELLS: Final = 5
"""So many levels stand in a line at most."""

FIRST_WORDS: Final = "Fitted by `python -m benchmarks tune`"
_BLOCK: Final = re.compile(
    rf'(?:^# {re.escape(FIRST_WORDS)}.*\n(?:^#.*\n)*)?^SHIPPED: Final = """\n.*?^"""\n', re.M | re.S
)


def rewrite(module: str, chances: Mapping[str, Mapping[str, tuple[float, float]]], provenance: str) -> str:
    """The text of the module with other numbers, and a comment above them that says where they come from.

    Args:
        module: its text so far.
        chances: table → level → (m, u).
        provenance: in words, beginning with `FIRST_WORDS`.

    """
    assert provenance.startswith(FIRST_WORDS)
    assert len(_BLOCK.findall(module)) == 1, "the module of the shipped numbers has another form"
    comment = "\n".join(wrap(provenance, WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False))
    block = f'{comment}\nSHIPPED: Final = """\n{render_numbers(chances)}\n"""\n'
    return _BLOCK.sub(lambda _: block, module)


def render_numbers(chances: Mapping[str, Mapping[str, tuple[float, float]]]) -> str:
    """All tables as they are written down: what `model.parse_table` reads."""
    margin = max(len(table) for table in chances if len(table) < 15) + 2
    return "\n".join(line for table, levels in chances.items() for line in _lines(table, levels, margin))


def _lines(table: str, levels: Mapping[str, tuple[float, float]], margin: int) -> list[str]:
    """The lines of a table, its levels below each other in as many columns as there is room for."""
    cells = [f"{level} {digits(m)} {digits(u)}" for level, (m, u) in levels.items()]
    rows = [_aligned(table.ljust(margin), cells, count) for count in range(MOST_CELLS, 0, -1)]
    return next(lines for lines in rows if max(map(len, lines)) <= WIDTH)


def _aligned(head: str, cells: Sequence[str], count: int) -> list[str]:
    lines = [cells[at : at + count] for at in range(0, len(cells), count)]
    widths = [max(len(line[at]) for line in lines if at < len(line)) for at in range(len(lines[0]))]
    padded = [[cell.ljust(width) for cell, width in zip(line, widths, strict=False)] for line in lines]
    return [
        f"{head.rstrip()}{' ' * max(2, len(head) - len(head.rstrip()))}{'  '.join(line)}".rstrip() for line in padded
    ]


def digits(number: float) -> str:
    """A number as it is written down, without exponent or leading zero.

    >>> [digits(number) for number in (0.85, 0.00008, 1.0)]
    ['.85', '.00008', '1']
    """
    text = str(np.format_float_positional(number, trim="-"))
    return text.removeprefix("0") if number < 1 else text
