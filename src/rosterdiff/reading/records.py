"""The lines of a text → records, patiently: quotation marks that do not pair, lines that were cut in another way.

Invariants: a line is never dropped; a mark that closes nothing is a letter of its cell; what had to be decided is
counted by the record it stands in.
"""

import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, zip_longest
from typing import Final

import polars as pl
from attrs import field, frozen

from rosterdiff.reading.dialects import SEPARATORS, Dialect

_BATCH: Final = 20_000


@frozen
class Remarks:
    """The records, by their number from 0, in which something had to be decided.

    Attributes:
        unpaired: quotation marks do not pair up; they were kept as letters.
        otherwise: the line was cut in another way than the others (whole in quotes, or by another separator).
        short: the record has fewer cells than the others, though not one or none.

    """

    unpaired: list[int] = field(factory=list)
    otherwise: list[int] = field(factory=list)
    short: list[int] = field(factory=list)


class LineTooLong(Exception):
    """A line is longer than a row of any list, and cutting it could take all memory."""


_LONGEST_LINE: Final = 4 << 20
_TRIED: Final = 1000
"""After so many records, a file in most of which marks do not pair is one without quotes."""


def cut_patiently(text: str, dialect: Dialect, rows: int, columns: int) -> tuple[pl.DataFrame, Remarks]:
    """Cut a text into rows of text columns `0`, `1`, …, at most so many of them, and one more of each.

    Raises:
        LineTooLong: a line has more than four million characters.

    """
    remarks = Remarks()
    cut = _noted(_mended(text, dialect, remarks), dialect, remarks)
    records = (record[: columns + 1] for record in islice(cut, rows + 1))
    batches = []
    while batch := list(islice(records, _BATCH)):
        turned = zip_longest(*batch)
        batches.append(
            pl.DataFrame({str(at): pl.Series(cells, dtype=pl.String) for at, cells in enumerate(turned)})
            if any(batch)
            else pl.DataFrame({"0": pl.Series([None] * len(batch), dtype=pl.String)})
        )
    whole = pl.concat(batches, how="diagonal") if batches else pl.DataFrame({"0": pl.Series([], dtype=pl.String)})
    return whole, remarks


def _noted(records: Iterable[list[str]], dialect: Dialect, remarks: Remarks) -> Iterator[list[str]]:
    """The records with those told that are shorter than the others, from the first full one on."""
    begun = False
    for number, record in enumerate(records):
        begun = begun or len(record) == dialect.width
        if begun and 1 < len(record) < dialect.width:
            remarks.short.append(number)
        yield record


def _mended(text: str, dialect: Dialect, remarks: Remarks) -> Iterator[list[str]]:
    """Every record; where its marks do not pair it is cut line by line."""
    number = 0
    source = _Lines(text)
    taken = source.taken
    reader = dialect.reader(source)
    while True:
        taken.clear()
        try:
            record = next(reader, None)
        except csv.Error:  # a cell beyond the reader's limit: a mark that nothing closes
            record = []
            swallowed = True
        else:
            if record is None:
                return
            swallowed = len(taken) > 1 and _is_swallowed(taken, dialect)
        if swallowed:
            source.again.extendleft(reversed(taken[1:]))
            record, taken[1:] = cut_line(taken[0], dialect), []
            remarks.unpaired.append(number)
        elif len(taken) > 1 and not _is_well_formed(taken, dialect):
            remarks.unpaired.append(number)
        yield _decided(record, taken, dialect, remarks, number)
        number += 1
        if number >= _TRIED and len(remarks.unpaired) * 2 > number:
            yield from _by_lines(source, dialect, remarks, number)
            return


def _by_lines(source: Iterable[str], dialect: Dialect, remarks: Remarks, number: int) -> Iterator[list[str]]:
    """Every line by itself, where marks mean nothing."""
    for at, line in enumerate(source, number):
        if dialect.quote in line:
            remarks.unpaired.append(at)
        yield cut_line(line, dialect) if line.strip("\r\n") else []


class _Lines:
    """The lines of a text, those first that are to be read once more; each is noted as it is taken.

    It goes on after its end where lines were given back, as those are that a mark swallowed which nothing closes.
    """

    def __init__(self, text: str) -> None:
        self.again, self.taken = deque[str](), list[str]()
        self._text = io.StringIO(text, newline="")

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.again.popleft() if self.again else next(self._text)
        if len(line) > _LONGEST_LINE:
            raise LineTooLong
        self.taken.append(line)
        return line


def _is_well_formed(lines: Sequence[str], dialect: Dialect) -> bool:
    return _well_formed(dialect).fullmatch("".join(lines)) is not None


def _is_swallowed(lines: Sequence[str], dialect: Dialect) -> bool:
    """Whether a cell of several lines is what an unpaired mark leaves, and not a value with line breaks."""
    if _is_well_formed(lines, dialect):
        return False
    if lines[-1].count(dialect.quote) % 2 == 0:
        return True
    return any(len(cut_line(line, dialect)) >= max(dialect.width, _FEWEST_CELLS) for line in lines[1:])


_FEWEST_CELLS: Final = 2


def _decided(record: list[str], lines: Sequence[str], dialect: Dialect, remarks: Remarks, number: int) -> list[str]:
    """A record of one line whose marks are odd, or which is cut unlike the others, cut as it was meant."""
    if len(lines) != 1 or (dialect.quote not in lines[0] and len(record) == dialect.width):
        return record
    line = lines[0]
    if dialect.quote in line and not _well_formed(dialect).fullmatch(line):
        literal = cut_line(line, dialect)
        record = record if len(record) == dialect.width != len(literal) else literal
        if number not in remarks.unpaired[-1:]:
            remarks.unpaired.append(number)
    if len(record) != dialect.width and dialect.width > 2:
        otherwise = _otherwise(record, line, dialect)
        if otherwise is not None:
            remarks.otherwise.append(number)
            return otherwise
    return record


def _otherwise(record: Sequence[str], line: str, dialect: Dialect) -> list[str] | None:
    """A line that is quoted as a whole, or cut by another separator into as many cells as the others."""
    if len(record) == 1 and dialect.separator in record[0]:
        inner = cut_line(record[0], dialect)
        if len(inner) == dialect.width:
            return inner
    for separator in (*SEPARATORS, " "):
        if separator == dialect.separator or line.count(separator) < dialect.width - 1:
            continue
        cells = cut_line(line, Dialect(separator, dialect.quote))
        if len(cells) == dialect.width:
            return cells
    return None


def cut_line(line: str, dialect: Dialect) -> list[str]:
    r"""The cells of one line; a mark that opens or closes nothing is a letter.

    >>> cut_line('5" rule,"Torenbek, Ilva","3B\n', Dialect())
    ['5" rule', 'Torenbek, Ilva', '"3B']
    """
    cells, quote = [], dialect.quote
    for found in _cell(dialect.separator, quote, spaced=dialect.spaced).finditer(line.rstrip("\r\n")):
        strict, lenient, bare = found.groups()
        cells.append(strict.replace(quote * 2, quote) if strict is not None else bare if lenient is None else lenient)
    return cells


@lru_cache(maxsize=32)
def _cell(separator: str, quote: str, *, spaced: bool) -> re.Pattern[str]:
    edge, mark, blank = re.escape(separator), re.escape(quote), "[ ]?" if spaced else ""
    strict = rf"{mark}((?:[^{mark}]|{mark}{mark})*){mark}(?={edge}|$)"
    lenient = rf"{mark}((?:(?!{edge}{mark}).)*?){mark}(?={edge}|$)"  # marks within, and no cell begun
    return re.compile(rf"(?:^|(?<={edge})){blank}(?:{strict}|{lenient}|([^{edge}]*))(?:{edge}|$)", re.DOTALL)


def _well_formed(dialect: Dialect) -> re.Pattern[str]:
    """A line of which every mark opens, closes or doubles; within a bare cell it is a letter, as in 5" rule."""
    edge, mark, blank = re.escape(dialect.separator), re.escape(dialect.quote), "[ ]*" if dialect.spaced else ""
    return _whole_line(edge, rf"{blank}(?:(?:[^{mark}{edge}\r\n][^{edge}\r\n]*)?|{_QUOTED.replace('Q', mark)})")


_QUOTED: Final = "Q(?:[^Q]|QQ)*Q"


@lru_cache(maxsize=32)
def _whole_line(edge: str, cell: str) -> re.Pattern[str]:
    return re.compile(f"(?:{cell})(?:{edge}(?:{cell}))*[\r\n]*")


def plain_line(separator: str) -> str:
    """The pattern of a line that every reader cuts alike: marks only around whole cells, and doubled within."""
    edge = re.escape(separator)
    cell = rf'(?:[^"{edge}]*|"(?:[^"]|"")*")'
    return rf"^{cell}(?:{edge}{cell})*\r?$"
