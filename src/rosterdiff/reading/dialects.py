"""How a text file is cut into cells: its separator, its quotation mark, and what else its writer did.

Invariants: everything is decided by the first lines, and by what cuts them most evenly; nothing is assumed of the
suffix; blanks separate only where nothing else does and every line agrees.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Final

from attrs import evolve, frozen

from rosterdiff.headers import read_header


@frozen
class Dialect:
    """How the lines of a file are cut.

    Attributes:
        separator: one character.
        quote: the quotation mark.
        escaped: a backslash stands before a quotation mark within quotes.
        spaced: a blank follows each separator, and is none of the value.
        aligned: columns are held apart by two blanks or more, which count as one separator.
        wrapped: every line stands in quotation marks as a whole.
        width: how many cells most lines have.

    """

    separator: str = ","
    quote: str = '"'
    escaped: bool = False
    spaced: bool = False
    aligned: bool = False
    wrapped: bool = False
    width: int = 1

    @property
    def is_plain(self) -> bool:
        """Whether the native reader cuts such files as the patient one does."""
        return self == Dialect(self.separator, width=self.width)

    def reader(self, lines: Iterator[str]) -> Iterator[list[str]]:
        """The standard library's reader of such lines."""
        return csv.reader(lines, delimiter=self.separator, quotechar=self.quote, skipinitialspace=self.spaced)


SEPARATORS: Final = (",", "\t", ";", "|")
_RARE: Final = ("^", "~", "¦", "\x1f")
"""Taken only where the headers are known then, or every line agrees."""

_SAMPLE: Final = 100
_HEAD: Final = 40_000
_SAID: Final = re.compile(r'^"?sep=(.)"?[ \t]*(?:\r\n|\r|\n)', re.IGNORECASE)


def said_separator(text: str) -> tuple[str, int] | None:
    r"""The separator that a first line `sep=;` names, as spreadsheets write it, and the length of that line.

    >>> said_separator("sep=;\nName;Class\n")
    (';', 6)
    """
    found = _SAID.match(text)
    return (found[1], found.end()) if found else None


def sniff_dialect(head: str, said: str | None = None) -> Dialect:
    r"""Say how the lines of a text are cut, by its beginning.

    >>> sniff_dialect("Class 3B, Term 1\n\nSurname;Given;Born\nTorenbek;Ilva;1,5\n").separator
    ';'
    >>> sniff_dialect("'Torenbek, Ilva','3B'\n'Quendel, Maro','4A'\n").quote
    "'"
    """
    head = head if len(head) <= _HEAD else head[:_HEAD].rpartition("\n")[0] or head[:_HEAD]
    best = _best(head, (said,) if said else (*SEPARATORS, *_RARE))
    return best if best.width > 1 or said else _wrapped(head) or _aligned(head) or best


def _best(head: str, separators: Sequence[str]) -> Dialect:
    first, *others = separators
    occurring = [first, *(separator for separator in others if separator in head)]
    return max((_rated(head, separator) for separator in occurring), key=lambda rated: rated[0])[1]


Rating = tuple[int, int, int, int, int]


def _rated(head: str, separator: str) -> tuple[Rating, Dialect]:
    """How well a separator cuts: known headers (two are enough), lines of the commonest width, not prose, cells."""
    dialect = _with_marks(head, Dialect(separator))
    records = sample(head, dialect)
    widths = Counter(len(record) for record in records if len(record) > 1)
    if not widths:
        return (0, 0, 0, 0, 0), evolve(dialect, width=1)
    width, lines = max(widths.items(), key=lambda item: (item[1], item[0]))
    hits = max((_known(record) for record in records[:30]), default=0)
    filled = sum(any(cell.strip() for cell in record) for record in records)
    if separator in _RARE and (lines < filled or lines < 2) and hits < 2:
        return (0, 0, 0, 0, 0), evolve(dialect, width=1)
    prose = separator == "," and dialect.spaced and len(widths) > 1
    return (min(hits, 2), lines, hits, not prose, width), evolve(dialect, width=width)


def _known(record: Sequence[str]) -> int:
    return sum(len(cell) < 60 and read_header(cell.strip()) is not None for cell in record[:200])


def _with_marks(head: str, dialect: Dialect) -> Dialect:
    """The quotation mark, the escape and the blank that go with a separator."""
    edge, end = re.escape(dialect.separator), r"(?=\s*(?:" + re.escape(dialect.separator) + r"|[\r\n]|$))"
    start = rf"(?:^|{edge})[ ]?"
    double = len(re.findall(start + '"', head, flags=re.MULTILINE))
    singles = re.findall(start + "'", head, flags=re.MULTILINE)
    closed = re.findall(start + r"'[^\r\n]*?'" + end, head, flags=re.MULTILINE)
    single = len(closed) >= 2 and len(closed) * 10 >= len(singles) * 9 and len(singles) > double
    quoted = '"' in head if not single else True
    escaped = quoted and not single and '\\"' in head and re.search(r'[^\\,;\t|\n]""', head) is None
    blanks, bare = len(re.findall(edge + "[ ]", head)), len(re.findall(edge + "[^ \r\n]", head))
    spaced = dialect.separator != " " and blanks > 0 and bare * 50 < blanks
    return evolve(dialect, quote="'" if single else '"', escaped=escaped, spaced=spaced)


def sample(head: str, dialect: Dialect) -> list[list[str]]:
    """The first records of a text."""
    records: list[list[str]] = []
    head = unescape(head) if dialect.escaped else head
    with suppress(csv.Error):  # a cell that does not end: what was cut before it counts
        records.extend(islice(dialect.reader(io.StringIO(head, newline="")), _SAMPLE))
    return records


def _wrapped(head: str) -> Dialect | None:
    """Every line a single quoted cell, in which the separators stand."""
    records = [record for record in sample(head, Dialect("\x00")) if record]
    lines = [line for line in head.splitlines()[:_SAMPLE] if line.strip()]
    if len(records) < 2 or sum(line.lstrip().startswith('"') for line in lines) * 10 < len(lines) * 9:
        return None
    within = "\n".join(record[0] for record in records if len(record) == 1)
    inner = _best(within, SEPARATORS)
    certain = inner.width > 2 or (inner.width == 2 and max(map(_known, sample(within, inner)[:30])) == 2)
    return evolve(inner, wrapped=True) if certain else None


_GAP: Final = re.compile(r"(?<=\S)[ ]{2,}(?=\S)")


_ESCAPED: Final = re.compile(r'(?<!\\)\\"')


def unescape(text: str) -> str:
    r"""Marks with a backslash before them, doubled instead; any other backslash is a letter.

    >>> unescape(r'"5\" rule","C:\dir"')
    '"5"" rule","C:\\dir"'
    """
    return _ESCAPED.sub('""', text)


def align(text: str) -> str:
    r"""Columns that two blanks or more hold apart, held apart by a tab.

    >>> align("Ilva   Torenbek  3B")
    'Ilva\tTorenbek\t3B'
    """
    return _GAP.sub("\t", text)


def _aligned(head: str) -> Dialect | None:
    """Two blanks or more in every line, as many in each, below headers that are known."""
    lines = [line.strip() for line in head.splitlines()[:_SAMPLE] if line.strip()]
    widths = Counter(len(_GAP.split(line)) for line in lines)
    if "\t" in head or not widths:
        return None
    width, count = widths.most_common(1)[0]
    known = max((_known(_GAP.split(line)) for line in lines[:30]), default=0)
    certain = width > 1 and count >= 3 and count * 20 >= len(lines) * 19 and known >= 2
    return Dialect("\t", aligned=True, width=width) if certain else None
