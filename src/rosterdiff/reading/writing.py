"""One date as a person or a spreadsheet writes it → its numbers, and their order where the writing shows it.

Invariants: no order is guessed here; a text that is no date is `None`; months are those of English, Spanish, French and
German.
"""

import re
import unicodedata
from datetime import date, timedelta
from typing import Final

from attrs import frozen

from rosterdiff.config import DateOrder


@frozen
class Parts:
    """A date as written: two numbers and the year; `order` (`dmy` or `mdy`) where the writing shows it."""

    first: int
    second: int
    year: int
    order: DateOrder | None = None
    short_year: bool = False


@frozen
class Serial:
    """A date as a spreadsheet's count of days, from 1900."""

    day: date


_EPOCH: Final = date(1899, 12, 30)
_SERIALS: Final = range(7_000, 80_000)  # 1919 to 2119; a plain year is below, a day written in one number above
PLACEHOLDERS: Final = frozenset(
    (
        "-", "--", "---", "–", "—", ".", "?", "n/a", "na", "n.a.", "none", "nil", "null", "nan", "unknown", "unk",
        "tbc", "tba", "tbd", "not known", "not given", "not provided", "00/00/0000", "0000-00-00", "00-00-0000",
        "00.00.0000", "inconnu", "inconnue", "desconocido", "desconocida", "unbekannt",
    )
)  # fmt: skip
"""Words for no date, in lower case."""

_NUMERIC: Final = re.compile(r"(\d{1,4})\s*[-/. |,]\s*(\d{1,2})\s*[-/. |,]\s*(\d{2,4})\.?")
_EASTERN: Final = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]?")
_CLOCK: Final = re.compile(
    r"[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?\s*(?:Z|UTC|[+-]\d\d:?\d\d)?$", re.IGNORECASE
)
_COMPACT: Final = re.compile(r"(\d{2})(\d{2})(\d{2})(\d{2})(?:\.0)?")
_COUNT: Final = re.compile(r"(\d{4,5})(?:[.,]\d+)?")
_WORDY: Final = re.compile(r"\d+|[^\W\d_]+")
_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—−⁄∕·", "-") | dict.fromkeys("\u200e\u200f\u202a\u202c\u2066\u2069"))
_MONTHS: Final = {
    word: number
    for number, words in enumerate(
        (
            "jan janv january janvier januar enero ene janner", "feb febr february fevrier fevr fev februar febrero",
            "mar mars march mrz marz maerz marzo", "apr april avr avril abr abril", "may mai mayo",
            "jun june juin juni junio", "jul july juil juillet juli julio", "aug august aout agosto ago",
            "sep sept september septembre septiembre setiembre set", "oct october octobre okt oktober octubre",
            "nov november novembre noviembre", "dec december decembre dez dezember dic diciembre",
        ),
        1,
    )
    for word in words.split()
}  # fmt: skip


def read_date(text: str) -> Parts | Serial | None:
    """Read one date.

    >>> read_date("14. März 2016"), read_date("42443"), read_date("soon")
    (Parts(first=14, second=3, year=2016, order=<DateOrder.DMY: 'dmy'>, short_year=False), \
Serial(day=datetime.date(2016, 3, 14)), None)
    """
    bare = _CLOCK.sub("", unicodedata.normalize("NFKC", text).translate(_DASHES).strip()).strip()
    if bare.casefold() in PLACEHOLDERS:
        return None
    if (numeric := _NUMERIC.fullmatch(bare)) is not None:
        return _read_numeric(*numeric.groups())
    if (eastern := _EASTERN.fullmatch(bare)) is not None:
        return _year_first(*eastern.groups())
    if (compact := _COMPACT.fullmatch(bare)) is not None:
        return _read_compact(*(int(pair) for pair in compact.groups()))
    if (count := _COUNT.fullmatch(bare)) is not None:
        days = int(count[1])
        return Serial(_EPOCH + timedelta(days=days)) if days in _SERIALS else None
    return _read_worded(bare)


def _year_first(year: str, month: str, day: str) -> Parts:
    return Parts(int(month), int(day), int(year), DateOrder.MDY)


def _read_numeric(first: str, second: str, third: str) -> Parts | None:
    if len(first) == 4:
        return _year_first(first, second, third) if len(third) <= 2 else None
    if len(first) == 3 or len(third) == 3:
        return None
    return Parts(int(first), int(second), int(third), short_year=len(third) == 2)


def _read_compact(*pairs: int) -> Parts:
    """Eight digits: year first if that gives a date of a person, else the year is last."""
    one, two, three, four = pairs
    if one in {19, 20} and 1 <= three <= 12 and 1 <= four <= 31:
        return Parts(three, four, one * 100 + two, DateOrder.MDY)
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
