"""Titles above students that name their class: "Class 3B" over a table, or between its rows.

Invariants: a title is a row of one or two cells; a class is taken only from words that say class, or from a lone cell
that can be nothing else; what was taken is said.
"""

import re
from collections.abc import Sequence
from typing import Final

import polars as pl

Row = Sequence[str | None]

_WORDS: Final = (
    r"class(?:room)?|form(?: class| group)?|home ?(?:group|room|class)|roll(?: class| group)|"
    r"reg(?:istration)? (?:group|class|form)|tutor ?group|klasse|classe|clase|klas|turma|grupo|groupe"
)
_NAMED: Final = re.compile(rf"(?i)^\s*(?:{_WORDS})\s*(?:name|code)?\s*[:#=–-]?\s*(?P<named>\S.*)?$")
_REST: Final = re.compile(
    r"(?i)\s*[,;(|–—/]|\s+-\s+|\s+(?:term|semester|teacher|tutor|year|room|school|trimestre|halbjahr|20\d\d)\b"
)
_LISTED: Final = re.compile(
    r"(?i)^\s*(?P<named>\d{1,2}\s?[a-z]{1,2}|[a-z]\d{1,2}|[a-z]{1,2}\d[a-z]?)\s+class(?: ?list)?\s*$"
)
_BARE: Final = re.compile(r"^\s*(?P<named>\d{1,2}\s?[A-Za-z]|[A-Z]\d{1,2})\s*$")
_NO_CLASS: Final = re.compile(
    r"(?i)^(?:lists?|names?|registers?|rolls?|teachers?|of|for|and|size|time ?tables?|data|details|code|"
    r"enrolments?|numbers?)\b"
)

SECTION: Final = rf"(?i)^\s*(?:{_WORDS})\s*[:#=–-]?\s*\S{{1,12}}(?: \S{{1,12}})?\s*$"
"""A lone cell between students that names the class of those below it."""


def class_of(row: Row) -> str | None:
    """The class that a title names, or `None`.

    >>> class_of(["Class 3B, Term 1"]), class_of(["Class:", None, "4A"]), class_of(["3B"]), class_of(["Class list"])
    ('3B', '4A', '3B', None)
    """
    cells = [cell.strip() for cell in row if cell and cell.strip()]
    for at, cell in enumerate(cells):
        found = _NAMED.match(cell) or _LISTED.match(cell)
        if found is None:
            continue
        named = found["named"] or (cells[at + 1] if at + 1 < len(cells) else "")
        short = _REST.split(named)[0].strip(" :#-")
        if short and len(short) <= 20 and len(short.split()) <= 2 and not _NO_CLASS.match(short):
            return short
    bare = _BARE.match(cells[0]) if len(cells) == 1 else None
    return bare["named"] if bare else None


def classes_below(titles: Sequence[tuple[int, str]], index: pl.Series) -> pl.Series:
    """The class of each row: that of the last title above it, null above the first."""
    named = pl.DataFrame(list(titles), schema={"index": index.dtype, "class_name": pl.String}, orient="row")
    return index.to_frame("index").join_asof(named.sort("index"), on="index")["class_name"]
