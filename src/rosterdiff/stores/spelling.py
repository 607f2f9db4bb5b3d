"""Between a roster's text and the values of a host's columns: types, dates, the host's own words for grades.

Invariants: a value that a database gave is kept exactly as the driver gave it (raw) and goes back the same; a value
that a column cannot hold is refused, never bent; no message holds a value.
"""

import json
import sys
import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

from rosterdiff.errors import UnusableTable
from rosterdiff.grades import parse_grade, spell_like
from rosterdiff.schema import GRADES

Raw = Any
"""A value as the database's driver gives and takes it; its type is the driver's affair."""

AnyType = TypeEngine[Any]
"""The type of a column, whatever values it has."""

_TRUTH: Final[Mapping[str, bool]] = {
    "true": True,
    "yes": True,
    "y": True,
    "1": True,
    "false": False,
    "no": False,
    "n": False,
    "0": False,
}

_ANY: Final = sys.maxsize

_READERS: Final[tuple[tuple[type[AnyType], str, Callable[[str], object]], ...]] = (
    (sa.Boolean, "yes or no", lambda text: _TRUTH[text.casefold()]),
    (sa.Integer, "whole numbers", int),
    (sa.Numeric, "numbers", Decimal),
    (sa.DateTime, "points in time", datetime.fromisoformat),
    (sa.Date, "dates", date.fromisoformat),
    (sa.Time, "times of day", time.fromisoformat),
    (sa.Uuid, "UUIDs", uuid.UUID),
)
"""What columns hold that do not hold text, and how text is read for them; the first that fits."""


def holds_any_text(column_type: AnyType, dialect: Dialect) -> bool:
    """Say whether a column takes every text as it is: SQLite knows no lengths."""
    if isinstance(column_type, sa.Enum):
        return False
    return isinstance(column_type, sa.String) and (dialect.name == "sqlite" or not column_type.length)


def text_of(value: Raw, column_type: AnyType) -> str | None:
    """Write a raw value as a roster's text; bytes are no text.

    >>> text_of(1, sa.Boolean()), text_of(7, sa.Integer()), text_of(None, sa.String())
    ('true', '7', None)
    """
    if value is None or isinstance(value, bytes | memoryview):
        return None
    if isinstance(value, bool) or (isinstance(column_type, sa.Boolean) and value in (0, 1)):
        return "true" if value else "false"
    if isinstance(value, date | time):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


def raw_of(value: object, column_type: AnyType, dialect: Dialect) -> Raw:
    """Turn a Python value into what the driver takes for a column of this type.

    SQLite has no types for dates and truths, so its columns are read and written without SQLAlchemy's own
    conversions, which would fail on what other programs wrote; here they are made once, for new values.
    """
    if value is None or dialect.name != "sqlite":
        return value
    process = column_type.dialect_impl(dialect).bind_processor(dialect)
    return process(value) if process else value


def read_text(text: str, column: str, column_type: AnyType, dialect: Dialect) -> object:
    """Read a roster's text as the Python value of a column's type.

    Raises:
        UnusableTable: the column holds something else, or nothing so long; its name is given, the value is not.

    """
    if isinstance(column_type, sa.Enum) and text not in column_type.enums:
        raise UnusableTable(
            f"The column {column} holds one of {len(column_type.enums)} words of the host's own, and the plan has a "
            "value for it that is none of them.",
            "Map the field to a column of text, or correct the value in the upload.",
        )
    if isinstance(column_type, sa.String) and dialect.name != "sqlite" and len(text) > (column_type.length or _ANY):
        raise UnusableTable(
            f"The column {column} holds {column_type.length} characters, and the plan has a longer value for it.",
            "Make the column longer, or shorten the value in the upload.",
        )
    for kind, noun, read in _READERS:
        if isinstance(column_type, kind):
            try:
                return read(text)
            except (ValueError, KeyError, ArithmeticError):
                raise UnusableTable(
                    f"The column {column} holds {noun}, and the plan has a value for it that is none.",
                    "Map the field to a column of text, or correct the value in the upload.",
                ) from None
    return text


class Spelling:
    """The host's own words for grades, learnt from its table.

    Attributes:
        students: of how many they were learnt.

    >>> spelling = Spelling({"Year 3": 2, "Yr 3": 1, "Sunflowers": 1, None: 7})
    >>> spelling.of("04", sa.String()), Spelling({}).of("KG", sa.Integer()), Spelling({"3": 1}).of("04", sa.Integer())
    ('Year 4', '0', '4')

    """

    def __init__(self, counted: Mapping[str | None, int]) -> None:
        """Learn from the words that the host uses now, with their counts; of two for one grade the commoner counts."""
        self.students = sum(counted.values())
        words = sorted((count, word) for word, count in counted.items() if word is not None)
        known = [(grade_of(word), word) for _, word in words]
        self._examples = {code: word for code, word in known if code is not None}

    def of(self, code: str, column_type: AnyType) -> str:
        """Spell a grade code as the host does; in columns of numbers KG is 0 and PK is -1."""
        spelled = spell_like(code, self._examples)
        if isinstance(column_type, sa.Integer):
            return {"KG": "0", "PK": "-1"}.get(spelled, spelled)
        return spelled


def grade_of(word: str) -> str | None:
    """Read a host's grade word, as `Roster.from_frame` does."""
    return word if word in GRADES else parse_grade(word)
