"""Figures as Markdown: tables, and sections of a page that are written anew one at a time.

Invariants: a section stands between two comments that carry its name; the rest of the page is left as it is.
"""

import os
import platform
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path


def table(header: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    """A Markdown table, numbers to the right.

    >>> print(table(["set", "rows"], [["a", "12"]]))
    | set | rows |
    | --- | ---: |
    | a | 12 |
    """
    body = [[str(cell) for cell in line] for line in lines]
    rule = ["---", *["---:"] * (len(header) - 1)]
    return "\n".join(f"| {' | '.join(line)} |" for line in (list(header), rule, *body))


def share_of(part: int, whole: int) -> str:
    """A count, its whole and its share in per cent.

    >>> share_of(3, 1200)
    '3 of 1,200 (0.25 %)'
    """
    return f"{part:,} of {whole:,}" + (f" ({100 * part / whole:.2f} %)" if whole else "")


def provenance(command: str, *packages: str) -> str:
    """Where figures come from: the command, the versions, the machine."""
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return f"`python -m benchmarks {command}`; Python {sys.version.split()[0]}, {versions}; {machine()}."


def machine() -> str:
    """The machine in a few words."""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} shared cores"


def replace_section(page: Path, name: str, text: str) -> None:
    """Write a section of a page anew, or at its end where the page has none of this name yet."""
    start, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    section = f"{start}\n{text.strip()}\n{end}"
    before = page.read_text(encoding="utf-8") if page.exists() else "# Figures\n"
    if start in before:
        head, rest = before.split(start, 1)
        after = head + section + rest.split(end, 1)[1]
    else:
        after = f"{before.rstrip()}\n\n{section}\n"
    page.write_text(after, encoding="utf-8")
