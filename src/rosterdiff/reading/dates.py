"""A column of dates as text → dates, with the order of day and month inferred from the whole column.

Invariants: work is done on distinct values; nothing is guessed: a date that could be two days stays null unless another
date of the column, the file's other dates, or the caller settle the order; what is assumed (the century of a two-digit
year, the first day of a spreadsheet's count) is reported.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Final

import polars as pl
from attrs import frozen

from rosterdiff.config import DateOrder
from rosterdiff.reading.replace import replace_values
from rosterdiff.reading.writing import PLACEHOLDERS, Parts, Serial, read_date


class DateFault(StrEnum):
    """What can be wrong with a date."""

    UNREADABLE = "unreadable"
    AMBIGUOUS = "ambiguous"
    MIXED = "mixed"
    BORROWED = "borrowed"
    IMPLAUSIBLE = "implausible"
    PLACEHOLDER = "placeholder"
    UNUSUAL_AGE = "unusual_age"
    FIRST_OF_JANUARY = "first_of_january"
    YEAR_ASSUMED = "year_assumed"
    SERIAL = "serial"


@frozen
class Settings:
    """What is known of the dates beside the column.

    Attributes:
        order: the order of the parts where the writing does not show it; None infers it from the column.
        borrowed: the order of the file's other dates, for a column that shows none.
        as_of: the day of the list: no birth date is later, and ages are those of a school.

    """

    order: DateOrder | None = None
    borrowed: DateOrder | None = None
    as_of: date | None = None


_ZEROS: Final = (date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1), date(1904, 1, 1))
"""Day 0 and day 1 of the two counts of spreadsheets: an empty cell that was formatted as a date."""

_ZERO_TEXT: Final = r"^(?:1900-01-00|0?0[/.]0?1[/.]1900|0?1[/.]0?0[/.]1900|0(?:\.0+)?)$"
_AGES: Final = (2, 25)
_MANY_FIRSTS: Final = 5
_SHARE_OF_FIRSTS: Final = 0.03  # ten times what chance gives


def parse_dates(texts: pl.Series, settings: Settings = Settings()) -> tuple[pl.Series, dict[DateFault, pl.Series]]:
    """Read a column of dates.

    Args:
        texts: the stripped text of each row, null where there is none.
        settings: what is known beside it.

    Returns:
        The dates, and for every fault the rows (positions, ascending) that have it.

    >>> dates, faults = parse_dates(pl.Series(["3/4/2016", "13/4/2016"]))
    >>> dates.to_list(), faults
    ([datetime.date(2016, 4, 3), datetime.date(2016, 4, 13)], {})

    """
    distinct = texts.drop_nulls().unique().alias("text")
    read = pl.concat([_read_iso(distinct), _read_numeric(distinct), _read_others(distinct)])
    judged = _judge(_in_order(read, settings), settings)
    days = replace_values(texts, judged["text"], judged["day"])
    faults = {
        fault: texts.is_in(judged.filter(fault.value)["text"].implode()).fill_null(value=False).arg_true()
        for fault in DateFault
        if judged[fault.value].any()
    }
    return days, _without_usual_firsts(days, faults)


def infer_order(texts: pl.Series) -> DateOrder | None:
    """The order of day and month that a column of dates shows, or `None` where it shows none or both.

    >>> infer_order(pl.Series(["3/4/2016", "4/13/2016"])), infer_order(pl.Series(["3/4/2016"]))
    (<DateOrder.MDY: 'mdy'>, None)
    """
    found = _shown(_read_numeric(texts.drop_nulls().unique().alias("text")))
    return None if isinstance(found, DateFault) else found


_ISO: Final = r"^\d{4}-\d{2}-\d{2}(?:[ T]00:00(?::00(?:\.0+)?)?)?$"
_NUMERIC: Final = r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$"
_READ: Final = pl.Schema(
    {
        "text": pl.String(),
        "first": pl.Int32(),
        "second": pl.Int32(),
        "year": pl.Int32(),
        "order": pl.String(),  # where the writing shows it
        "day": pl.Date(),  # where the writing says it whole
        "short": pl.Boolean(),  # the year had two digits
        "serial": pl.Boolean(),
        "nothing": pl.Boolean(),  # a word for no date
    }
)
"""A date as written: two numbers and a year in an order to be found, or a day."""


def _read_iso(distinct: pl.Series) -> pl.DataFrame:
    iso = distinct.filter(distinct.str.contains(_ISO))
    return _read_frame(iso, day=pl.col("text").str.head(10).str.to_date("%Y-%m-%d", strict=False))


def _read_numeric(distinct: pl.Series) -> pl.DataFrame:
    """Two numbers and a year of four digits, as most lists write them: whole columns at once."""
    numeric = distinct.filter(distinct.str.contains(_NUMERIC))
    group = {name: pl.col("text").str.extract(_NUMERIC, at) for at, name in enumerate(("first", "second", "year"), 1)}
    return _read_frame(numeric, **group)


def _read_others(distinct: pl.Series) -> pl.DataFrame:
    """Every other writing, one distinct value at a time."""
    others = distinct.filter(~distinct.str.contains(_ISO) & ~distinct.str.contains(_NUMERIC))
    lines = [_line(text, read_date(text)) for text in others.to_list()]
    return pl.DataFrame(lines, schema=_READ, orient="row")


def _line(text: str, read: "Parts | Serial | None") -> tuple[object, ...]:
    match read:
        case Parts(first, second, year, order, short_year):
            return (text, first, second, year, order, None, short_year, False, False)
        case Serial(day):
            return (text, None, None, None, None, day, False, True, False)
        case None:
            nothing = text.casefold() in PLACEHOLDERS
            return (text, None, None, None, None, None, False, False, nothing)


def _read_frame(texts: pl.Series, **columns: pl.Expr) -> pl.DataFrame:
    flags = {name: pl.lit(value=False) for name in ("short", "serial")}
    flags["nothing"] = pl.col("text").is_in(sorted(PLACEHOLDERS))
    filled = {**{name: pl.lit(None) for name in _READ}, **flags, "text": pl.col("text"), **columns}
    return pl.DataFrame({"text": texts}).select(
        expression.cast(_READ[name], strict=False).alias(name) for name, expression in filled.items()
    )


def _shown(read: pl.DataFrame) -> DateOrder | DateFault:
    """The one order that every date of the column allows, as far as any of them shows it."""
    open_dates = read.filter(pl.col("order").is_null() & pl.col("first").is_not_null())
    day_first = bool((open_dates["first"] > 12).any())
    month_first = bool((open_dates["second"] > 12).any())
    if day_first and month_first:
        return DateFault.MIXED
    if day_first:
        return DateOrder.DMY
    return DateOrder.MDY if month_first else DateFault.AMBIGUOUS


def _in_order(read: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """The day of every date, with the faults that the order has."""
    shown = settings.order or _shown(read)
    borrowed = shown is DateFault.AMBIGUOUS and settings.borrowed is not None
    settled = settings.borrowed if borrowed else shown
    read = _year_first(read) if settled is DateOrder.YMD else read
    first, second = pl.col("first"), pl.col("second")
    either = pl.col("order").is_null() & (first != second) & first.is_between(1, 12) & second.is_between(1, 12)
    unsettled = isinstance(settled, DateFault)
    by_itself = pl.when(second > 12).then(pl.lit("mdy")).otherwise(pl.lit("dmy"))
    order = pl.coalesce("order", by_itself if unsettled else pl.lit(str(settled)))
    month = pl.when(order == "dmy").then(second).otherwise(first)
    day = pl.when(order == "dmy").then(first).otherwise(second)
    year = pl.when("short").then(_full_year(settings.as_of)).otherwise("year")
    said = pl.concat_str(year.cast(pl.String).str.zfill(4), month, day, separator="-")
    whole = said.str.to_date("%Y-%m-%d", strict=False)
    return read.with_columns(
        pl.coalesce("day", pl.when(~(either & unsettled).fill_null(value=False)).then(whole)).alias("day"),
        *(
            pl.lit(value=False).alias(fault.value) if not holds else either.fill_null(value=False).alias(fault.value)
            for fault, holds in (
                (DateFault.AMBIGUOUS, settled is DateFault.AMBIGUOUS),
                (DateFault.MIXED, settled is DateFault.MIXED),
                (DateFault.BORROWED, borrowed),
            )
        ),
    )


def _year_first(read: pl.DataFrame) -> pl.DataFrame:
    """Dates of two digits each whose year comes first, as the caller says; with a long year last they are none."""
    is_open = pl.col("order").is_null() & pl.col("first").is_not_null()
    return read.with_columns(
        first=pl.when(is_open & pl.col("short")).then("second").when(~is_open).then("first"),
        second=pl.when(is_open & pl.col("short")).then("year").otherwise("second"),
        year=pl.when(is_open & pl.col("short")).then("first").otherwise("year"),
        order=pl.when(is_open).then(pl.lit("mdy")).otherwise("order"),
    )


def _full_year(as_of: date | None) -> pl.Expr:
    """The century of a year of two digits: the latest that is not in the future; without a day, that of a child."""
    latest = as_of.year - 2000 if as_of is not None else 49
    return pl.when(pl.col("year") <= latest).then(pl.col("year") + 2000).otherwise(pl.col("year") + 1900)


def _judge(read: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Every date with its faults; day zero of a spreadsheet is none."""
    day, as_of = pl.col("day"), settings.as_of
    earliest, latest = (date(as_of.year - 120, 1, 1), as_of) if as_of else (date(1900, 1, 1), date(2100, 1, 1))
    zero = day.is_in(_ZEROS) | pl.col("text").str.contains(_ZERO_TEXT)
    implausible = (day < earliest) | (day > latest)
    unusual = (
        pl.lit(value=False) if as_of is None else ~implausible & ~day.is_between(*_birth_dates(as_of), closed="right")
    )
    undecided = pl.any_horizontal(DateFault.AMBIGUOUS.value, DateFault.MIXED.value)
    flags = {
        DateFault.PLACEHOLDER: zero,
        DateFault.IMPLAUSIBLE: implausible & ~zero.fill_null(value=False),
        DateFault.UNUSUAL_AGE: unusual & ~zero.fill_null(value=False),
        DateFault.FIRST_OF_JANUARY: (day.dt.month() == 1) & (day.dt.day() == 1) & ~zero,
        DateFault.YEAR_ASSUMED: pl.col("short") & day.is_not_null(),
        DateFault.SERIAL: pl.col("serial") & day.is_not_null() & ~zero,
        DateFault.UNREADABLE: day.is_null() & ~pl.col("nothing") & ~undecided & ~zero.fill_null(value=False),
    }
    flagged = read.with_columns(flag.fill_null(value=False).alias(fault.value) for fault, flag in flags.items())
    kept = pl.when(~pl.col(DateFault.PLACEHOLDER.value)).then("day").alias("day")
    return flagged.select("text", kept, *(fault.value for fault in DateFault))


def _birth_dates(as_of: date) -> tuple[date, date]:
    """The first and the last birth date of somebody whom a school may teach on that day."""
    youngest, oldest = _AGES
    return date(as_of.year - oldest - 1, as_of.month, min(as_of.day, 28)), date(
        as_of.year - youngest, as_of.month, min(as_of.day, 28)
    )


def _without_usual_firsts(days: pl.Series, faults: Mapping[DateFault, pl.Series]) -> dict[DateFault, pl.Series]:
    """A few birthdays on the first of January are chance; many are years of which no more was known."""
    many = max(_MANY_FIRSTS, _SHARE_OF_FIRSTS * (len(days) - days.null_count()))
    return {f: places for f, places in faults.items() if f is not DateFault.FIRST_OF_JANUARY or len(places) >= many}


def common_order(columns: Sequence[pl.Series]) -> DateOrder | None:
    """The one order that several columns of dates show, or `None` where none does or two differ."""
    orders = {order for texts in columns if (order := infer_order(texts)) is not None}
    return orders.pop() if len(orders) == 1 else None
