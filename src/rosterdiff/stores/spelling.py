"""Between a roster's text and the values of a host's columns: types, dates, the host's own words for grades.

Invariants: a value that a database gave is kept exactly as the driver gave it (raw) and goes back the same; a value
that a column cannot hold is refused, never bent; no message holds a value.
"""

import base64
import json
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
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

_TAGGED: Final[Mapping[str, tuple[type, Callable[[Any], str], Callable[[str], Any]]]] = {
    "datetime": (datetime, datetime.isoformat, datetime.fromisoformat),  # before date, whose subclass it is
    "date": (date, date.isoformat, date.fromisoformat),
    "time": (time, time.isoformat, time.fromisoformat),
    "decimal": (Decimal, str, Decimal),
    "uuid": (uuid.UUID, str, uuid.UUID),
    "bytes": (bytes, lambda value: base64.b64encode(value).decode(), base64.b64decode),
    "json": (list | dict, json.dumps, json.loads),  # type: ignore[dict-item]  # isinstance takes unions too
}
"""How values that JSON does not know are written in it: a tag, the Python type, to text, from text."""


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


def read_text(text: str, column: str, column_type: AnyType) -> object:
    """Read a roster's text as the Python value of a column's type.

    Raises:
        UnusableTable: the column holds something else; its name is given, the value is not.

    """
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

    >>> spelling = Spelling(["Year 3", "Year 3", "Yr 3", "Sunflowers"])
    >>> spelling.of("04", sa.String()), Spelling([]).of("KG", sa.Integer()), Spelling(["3"]).of("04", sa.Integer())
    ('Year 4', '0', '4')
    """

    def __init__(self, words: Iterable[str | None]) -> None:
        """Learn from the words that the host uses now; of two words for one grade the commoner counts."""
        counted = Counter(word for word in words if word is not None)
        known = [(grade_of(word), word) for word, _ in sorted(counted.items(), key=lambda item: (item[1], item[0]))]
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


def pack(values: Mapping[str, Raw]) -> dict[str, object]:
    """Write a row's raw values so that JSON keeps them exactly."""
    return {name: _tagged(value) for name, value in values.items()}


def unpack(values: Mapping[str, object]) -> dict[str, Raw]:
    r"""Read what `pack` wrote.

    >>> unpack(json.loads(json.dumps(pack({"born": date(2016, 3, 14), "photo": b"\x00", "room": "3B"}))))
    {'born': datetime.date(2016, 3, 14), 'photo': b'\x00', 'room': '3B'}
    """
    return {name: _untagged(value) for name, value in values.items()}


def _tagged(value: Raw) -> object:
    for tag, (kind, write, _) in _TAGGED.items():
        if isinstance(value, kind):
            return {tag: write(value)}
    return value


def _untagged(value: object) -> Raw:
    if not isinstance(value, dict):
        return value
    ((tag, text),) = value.items()
    return _TAGGED[tag][2](text)
