"""A column of dates as text → dates, with the order of day and month inferred from the whole column.

Invariants: work is done on distinct values; nothing is guessed: a date that could be two days stays null unless another
date of the column, or the caller, settles the order; only a year of two digits is assumed, and that is reported.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

import polars as pl
from attrs import frozen

from rosterdiff.config import DateOrder


class DateFault(StrEnum):
    """What can be wrong with a date."""

    UNREADABLE = "unreadable"
    AMBIGUOUS = "ambiguous"
    MIXED = "mixed"
    IMPLAUSIBLE = "implausible"
    YEAR_ASSUMED = "year_assumed"


@frozen
class Parts:
    """A date as written: its numbers, and their order where the writing shows it."""

    first: int
    second: int
    third: int
    order: DateOrder | None = None
    short_year: bool = False

    def in_order(self, order: DateOrder, as_of: date | None) -> date | None:
        """The day that this is in an order of the parts, or `None` where there is no such day."""
        numbers = (self.first, self.second, self.third)
        day, month, year = (numbers[order.value.index(part)] for part in "dmy")
        if self.short_year:
            year = _full_year(year, as_of)
        try:
            return date(year, month, day)
        except ValueError:
            return None


_EPOCH: Final = date(1899, 12, 30)
_SERIALS: Final = range(7_000, 80_000)  # 1919 to 2119; a plain year is below, a day written in one number above
_PLACEHOLDERS: Final = frozenset(
    (
        "-", "--", "---", ".", "?", "n/a", "na", "none", "nil", "null", "unknown", "unk", "tbc", "tba", "not known",
        "not given", "00/00/0000",
    )
)  # fmt: skip
_NUMERIC: Final = re.compile(r"(\d{1,4})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{2,4})\.?")
_CLOCK: Final = re.compile(
    r"[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?\s*(?:Z|UTC|[+-]\d\d:?\d\d)?$", re.I
)
_COMPACT: Final = re.compile(r"(\d{2})(\d{2})(\d{2})(\d{2})(?:\.0)?")
_WORDY: Final = re.compile(r"\d+|[^\W\d_]+")
_MONTHS: Final = {
    word: number
    for number, words in enumerate(
        (
            "jan janv january janvier januar enero ene", "feb febr february fevrier fev februar febrero",
            "mar mars march mrz marz maerz marzo", "apr april avr avril abr abril", "may mai mayo",
            "jun june juin juni junio", "jul july juil juillet juli julio", "aug august aout agosto ago",
            "sep sept september septembre septiembre setiembre", "oct october octobre okt oktober octubre",
            "nov november novembre noviembre", "dec december decembre dez dezember dic diciembre",
        ),
        1,
    )
    for word in words.split()
}  # fmt: skip


def parse_dates(
    texts: pl.Series, order: DateOrder | None, as_of: date | None
) -> tuple[pl.Series, dict[DateFault, pl.Series]]:
    """Read a column of dates.

    Args:
        texts: the stripped text of each row, null where there is none.
        order: the order of the parts where the writing does not show it; None infers it from the column.
        as_of: the day of the list: no birth date is later.

    Returns:
        The dates, and for every fault the rows (positions, ascending) that have it.

    >>> dates, faults = parse_dates(pl.Series(["3/4/2016", "13/4/2016"]), None, None)
    >>> dates.to_list(), faults
    ([datetime.date(2016, 4, 3), datetime.date(2016, 4, 13)], {})

    """
    distinct = sorted(texts.drop_nulls().unique().to_list())
    parsed = {text: _read(text) for text in distinct}
    unsettled = [parts for parts in parsed.values() if isinstance(parts, Parts) and parts.order is None]
    settled = order or _infer_order(unsettled)
    judged = {text: _judge(text, parsed[text], settled, as_of) for text in distinct}
    read = {text: day for text, (day, _) in judged.items()}
    dates = _spread(texts, read, pl.Date())
    faults = _spread(texts, {text: fault and fault.value for text, (_, fault) in judged.items()}, pl.String())
    found = {fault: (faults == fault.value).fill_null(value=False).arg_true() for fault in DateFault}
    return dates, {fault: places for fault, places in found.items() if not places.is_empty()}


def _spread(texts: pl.Series, read: Mapping[str, object], dtype: pl.DataType) -> pl.Series:
    if not read:
        return pl.Series(texts.name, [None] * len(texts), dtype=dtype)
    return texts.replace_strict(
        list(read), pl.Series(list(read.values()), dtype=dtype), default=None, return_dtype=dtype
    )


def _infer_order(dates: Sequence[Parts]) -> DateOrder | DateFault:
    """The one order that every date of the column allows, as far as any of them shows it."""
    day_first = any(parts.first > 12 for parts in dates)
    month_first = any(parts.second > 12 for parts in dates)
    if day_first and month_first:
        return DateFault.MIXED
    if day_first:
        return DateOrder.DMY
    return DateOrder.MDY if month_first else DateFault.AMBIGUOUS


def _judge(
    text: str, read: "Parts | date | None", settled: DateOrder | DateFault, as_of: date | None
) -> tuple[date | None, DateFault | None]:
    if read is None:
        return None, None if text.casefold() in _PLACEHOLDERS else DateFault.UNREADABLE
    if isinstance(read, date):
        return _plausible(read, as_of, assumed=False)
    order = read.order or settled
    if isinstance(order, DateFault):
        if read.first != read.second and max(read.first, read.second) <= 12:
            return None, order
        order = DateOrder.MDY if read.second > 12 else DateOrder.DMY
    day = read.in_order(order, as_of)
    return _plausible(day, as_of, assumed=read.short_year) if day is not None else (None, DateFault.UNREADABLE)


def _plausible(day: date, as_of: date | None, *, assumed: bool) -> tuple[date | None, DateFault | None]:
    earliest, latest = (as_of.year - 120, as_of) if as_of else (1900, date(2100, 1, 1))
    if day.year < earliest or day > latest:
        return day, DateFault.IMPLAUSIBLE
    return day, DateFault.YEAR_ASSUMED if assumed else None


def _full_year(year: int, as_of: date | None) -> int:
    """The century of a year of two digits: the latest that is not in the future; without a day, that of a child."""
    if as_of is not None:
        return year + 2000 if year + 2000 <= as_of.year else year + 1900
    return year + 2000 if year < 50 else year + 1900


def _read(text: str) -> "Parts | date | None":
    bare = _CLOCK.sub("", text.strip()).strip()
    if bare.casefold() in _PLACEHOLDERS:
        return None
    if (numeric := _NUMERIC.fullmatch(bare)) is not None:
        return _read_numeric(*numeric.groups())
    if (compact := _COMPACT.fullmatch(bare)) is not None:
        return _read_compact(*(int(pair) for pair in compact.groups()))
    try:
        serial = int(float(bare)) if re.fullmatch(r"\d{4,5}(?:\.\d+)?", bare) else 0
    except ValueError:
        serial = 0
    return _EPOCH + timedelta(days=serial) if serial in _SERIALS else _read_worded(bare)


def _read_numeric(first: str, second: str, third: str) -> Parts | None:
    if len(first) == 4:
        return Parts(int(first), int(second), int(third), DateOrder.YMD) if len(third) <= 2 else None
    if len(first) == 3 or len(third) == 3:
        return None
    return Parts(int(first), int(second), int(third), short_year=len(third) == 2)


def _read_compact(*pairs: int) -> Parts:
    """Eight digits: year first if that gives a date of a person, else the year is last."""
    one, two, three, four = pairs
    if one in {19, 20} and 1 <= three <= 12 and 1 <= four <= 31:
        return Parts(one * 100 + two, three, four, DateOrder.YMD)
    return Parts(one, two, three * 100 + four)


def _read_worded(text: str) -> Parts | None:
    """A date with its month in words: "4 Mar 2016", "March 4th, 2016", "Fri 4-Mar-16", "2016 March 4"."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(c))
    words = _WORDY.findall(plain)
    months = [_MONTHS[word] for word in words if word in _MONTHS]
    numbers = [word for word in words if word.isascii() and word.isdigit()]
    if len(months) != 1 or len(numbers) != 2 or len(words) > 7:
        return None
    year_first = len(numbers[0]) == 4
    day, year = (numbers[1], numbers[0]) if year_first else (numbers[0], numbers[1])
    if len(day) > 2 or len(year) not in {2, 4}:
        return None
    return Parts(int(day), months[0], int(year), DateOrder.DMY, short_year=len(year) == 2)
