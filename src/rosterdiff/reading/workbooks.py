"""Workbooks (xlsx, xlsm, xlsb, xls, ods) → grids, through calamine.

Invariants: the native reader is called in one place, which turns its errors and panics into a refusal; limits are
checked before cells are taken over.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import polars as pl
import python_calamine

from rosterdiff.config import ReadOptions
from rosterdiff.issues import Code, Origin, Refusal, refuse
from rosterdiff.reading.grids import Grid, blank_to_null

_EXACT: Final = 10**15
"""Beyond 15 digits a spreadsheet's numbers are no longer exact: they are then written with their exponent."""


def read_workbook(data: bytes, filename: str, options: ReadOptions) -> list[Grid]:
    """Read the sheets of a workbook that hold any cell, in their order.

    Raises:
        UnreadableFile: the workbook is damaged or encrypted, exceeds a limit, or lacks a sheet that was named.

    """
    with _native(filename):
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = [s for s in book.sheets_metadata if s.typ == python_calamine.SheetTypeEnum.WorkSheet]
    if options.sheets is not None:
        named = {sheet.name for sheet in sheets}
        if not set(options.sheets) <= named:
            raise refuse(filename, Refusal.NO_SUCH_SHEET)
        sheets = [sheet for sheet in sheets if sheet.name in options.sheets]
    return [grid for sheet in sheets if (grid := _read_sheet(book, sheet, filename, options)) is not None]


def _read_sheet(book: Any, metadata: Any, filename: str, options: ReadOptions) -> Grid | None:  # native classes
    origin = Origin(filename, metadata.name)
    hidden = metadata.visible != python_calamine.SheetVisibleEnum.Visible
    if hidden and options.sheets is None:
        return Grid(origin, pl.DataFrame(), hidden=True, issues=(origin.issue(Code.SHEET_HIDDEN),))
    with _native(filename):
        sheet = book.get_sheet_by_name(metadata.name)
        height, width, start = sheet.height, sheet.width, sheet.start
    if start is None or not height or not width:
        return None
    if height > options.max_rows + _TITLE_ROWS:
        raise refuse(filename, Refusal.TOO_MANY_ROWS, limit=options.max_rows)
    if width > options.max_columns:
        raise refuse(filename, Refusal.TOO_MANY_COLUMNS, limit=options.max_columns)
    with _native(filename):
        rows = sheet.to_python(skip_empty_area=True)
    return Grid(origin, _text_columns(rows), top=start[0] + 1, left=start[1], hidden=hidden)


_TITLE_ROWS: Final = 100
"""Rows that may stand above a table of the greatest length."""


@contextmanager
def _native(filename: str) -> Iterator[None]:
    """Around each call of the native reader: whatever it raises becomes a refusal."""
    try:
        yield
    except python_calamine.PasswordError as error:
        raise refuse(filename, Refusal.ENCRYPTED) from error
    except (KeyboardInterrupt, SystemExit):
        raise
    except MemoryError as error:
        raise refuse(filename, Refusal.INFLATED) from error
    except Exception as error:  # noqa: BLE001  (what a native reader raises is not listed anywhere)
        found = "an old format" if "biff" in str(error).casefold() else "the workbook's parts do not fit together"
        raise refuse(filename, Refusal.DAMAGED, found=found) from None
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":
            raise
        raise refuse(filename, Refusal.DAMAGED, found="its cells cannot be decoded") from None


def _text_columns(rows: list[list[Any]]) -> pl.DataFrame:
    columns = {
        str(position): pl.Series([_spell(value) for value in values], dtype=pl.String)
        for position, values in enumerate(zip(*rows, strict=True))
    }
    return blank_to_null(pl.DataFrame(columns))


def _spell(value: Any) -> str:
    """A cell as text; the types are those that calamine gives."""
    return value if value.__class__ is str else _SPELLINGS.get(value.__class__, str)(value)


def _spell_number(number: float) -> str:
    return str(int(number)) if number.is_integer() and abs(number) < _EXACT else repr(number)


def _spell_moment(moment: datetime) -> str:
    return moment.date().isoformat() if moment.time() == time() else moment.isoformat(sep=" ")


_SPELLINGS: Final[dict[type, Callable[[Any], str]]] = {
    float: _spell_number,
    bool: lambda truth: "TRUE" if truth else "FALSE",
    datetime: _spell_moment,
    date: date.isoformat,
    time: time.isoformat,
    timedelta: str,
}
