"""Ids, user names and e-mail addresses as text, and what a spreadsheet did to them.

Invariants: leading zeros stay; digits that are lost are not invented; an address that is none is left out; our own
template and a host's own export are taken as they are.
"""

from typing import Final

import polars as pl
from attrs import evolve

from rosterdiff.issues import Code
from rosterdiff.model import Issue
from rosterdiff.reading.cells import Cells
from rosterdiff.reading.checksum import is_as_written

_POWERS: Final = r"^\d(?:[.,]\d+)?[eE]\+\d{1,3}$"
_DECIMAL: Final = r"^(\d+)[.,]0+$"
_QUOTED: Final = r'^(?:="([^"]*)"|\'([0-9A-Za-z._-]+))$'
_ADDRESS: Final = (
    r"^[^\s@,;:<>()\[\]\"\\]+@[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]*[\p{L}\p{N}\p{M}])?"
    r"(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]*[\p{L}\p{N}\p{M}])?)+$"
)
_USUAL_WIDTH: Final = 0.8  # share of the ids that have it
_SHORTEST: Final = 4  # digits; shorter numbers are counted, not padded
_FEWEST: Final = 10


def read_id(cells: Cells) -> tuple[Cells, list[Issue]]:
    """Ids stay text; what a spreadsheet made of them is undone where it can be, and reported."""
    powers = cells.matching(_POWERS)
    if cells.table.is_template:
        powers = _not_as_written(cells, powers)
        return cells.without(powers), cells.issues(Code.ID_DAMAGED, cells.places(powers))
    decimal = cells.matching(_DECIMAL)
    issues = cells.issues(Code.ID_DAMAGED, cells.places(powers))
    issues += cells.grouped(Code.ID_DECIMAL, cells.places(decimal))
    whole = _undo(cells.without(powers), decimal, _DECIMAL, "$1")
    whole = _undo(whole, whole.matching(_QUOTED), _QUOTED, "$1$2")
    return whole, issues + _lost_zeros(whole)


def _not_as_written(cells: Cells, values: pl.Series) -> pl.Series:
    """These values without those that the template was written with."""
    if values.is_empty():
        return values
    written = cells.text.filter(is_as_written(cells.table, cells.name, cells.text)).unique()
    return values.filter(~values.is_in(written.implode()))


def _undo(cells: Cells, values: pl.Series, pattern: str, kept: str) -> Cells:
    if values.is_empty():
        return cells
    text = cells.text.str.replace(pattern, kept)
    return evolve(cells, text=text, distinct=cells.distinct.str.replace(pattern, kept).unique())


def _lost_zeros(cells: Cells) -> list[Issue]:
    """Numbers that are shorter than nearly all others, unless they merely count the students."""
    text = cells.text.drop_nulls()
    widths = text.str.len_bytes()
    if len(text) < _FEWEST or widths.min() == widths.max():
        return []
    counted = widths.value_counts(sort=True)
    usual, times = int(counted[0, 0]), int(counted[0, 1])
    if usual < _SHORTEST or times < _USUAL_WIDTH * len(text):
        return []
    number = cells.text.str.to_integer(strict=False)
    if number.null_count() > cells.text.null_count() + len(text) // 20 or _is_count(number):
        return []
    shorter = ((cells.text.str.len_bytes() < usual) & number.is_not_null()).fill_null(value=False)
    return cells.issues(Code.ID_ZEROS_LOST, shorter.arg_true())


def _is_count(number: pl.Series) -> bool:
    """Numbers given one after the other: their range is little wider than their number."""
    lowest, highest = number.min(), number.max()
    if not isinstance(lowest, int) or not isinstance(highest, int):
        return False
    return highest - lowest < 3 * (len(number) - number.null_count())


def read_email(cells: Cells) -> tuple[Cells, list[Issue]]:
    """An e-mail address stays as it is written; what is none, or several, is left out."""
    if cells.table.is_template or cells.options.base:
        return cells, []
    looked = cells.distinct
    malformed = looked.filter(~looked.str.contains(_ADDRESS) | looked.str.contains("..", literal=True))
    return cells.without(malformed), cells.issues(Code.EMAIL_MALFORMED, cells.places(malformed))


def read_username(cells: Cells) -> tuple[Cells, list[Issue]]:
    """A user name stays as it is written; one with spaces in it is said."""
    return cells, cells.issues(Code.USERNAME_ODD, cells.places(cells.matching(r"\S\s+\S")))
