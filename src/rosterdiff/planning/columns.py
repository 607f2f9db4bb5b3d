"""Frames as text that lasts: one JSON array a column, readable without polars and without rosterdiff.

Invariants: closed sets are written as their words and dates as ISO 8601, so that a set may grow without breaking
older files; floats come back to the last bit; decoding takes exactly what the schema allows.
"""

import json
import math
from typing import Any, Final

import polars as pl

_NOT_FINITE: Final = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def encode_frame(frame: pl.DataFrame) -> bytes:
    r"""Write a frame as one JSON object, column → values, one line a column.

    >>> encode_frame(pl.DataFrame({"row": [0, 1], "grade": ["03", None]}))
    b'{\n"row": [0,1],\n"grade": ["03",null]\n}\n'
    """
    lines = [f"{json.dumps(name, ensure_ascii=False)}: {_dump(_plain(frame[name]))}" for name in frame.columns]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def decode_frame(content: bytes, schema: pl.Schema, *, further: bool = False) -> pl.DataFrame:
    """Read what `encode_frame` wrote, held to a schema.

    Args:
        content: UTF-8 text.
        schema: the columns, in order.
        further: text columns may follow after those of the schema.

    Raises:
        ValueError, TypeError, OverflowError, RecursionError, polars.exceptions.PolarsError: the content is not
            what the schema allows.

    """
    read = json.loads(content, object_pairs_hook=_unique, parse_constant=_no_constant)
    names = list(read) if isinstance(read, dict) else []
    if names[: len(schema)] != list(schema) or (len(names) > len(schema) and not further):
        raise ValueError("other columns than the schema's")
    if any(not isinstance(values, list) for values in read.values()):
        raise TypeError("a column is an array")
    dtypes = {name: schema.get(name, pl.String()) for name in names}
    return pl.DataFrame([_series(name, read[name], dtype) for name, dtype in dtypes.items()])


def _dump(values: list[Any]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _plain(column: pl.Series) -> list[Any]:
    if column.dtype == pl.Date or isinstance(column.dtype, pl.Enum):
        return column.cast(pl.String).to_list()
    if column.dtype.is_float() and not column.is_finite().fill_null(value=True).all():
        return [_finite_or_word(value) for value in column.to_list()]
    return column.to_list()


def _finite_or_word(value: float | None) -> float | str | None:
    if value is None or math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _series(name: str, values: list[Any], dtype: pl.DataType) -> pl.Series:
    if dtype.is_float():
        values = [_NOT_FINITE[value] if isinstance(value, str) else value for value in values]
    wanted = {str} if dtype == pl.Date or isinstance(dtype, pl.Enum | pl.String) else {dtype.to_python()}
    if not set(map(type, values)) <= wanted | {type(None)} | ({int} if dtype.is_float() else set()):
        raise TypeError("a value of another type than the column's")
    if dtype == pl.Date:
        return pl.Series(name, values, dtype=pl.String).str.to_date("%Y-%m-%d", strict=True)
    if isinstance(dtype, pl.Enum):
        return pl.Series(name, values, dtype=pl.String).cast(dtype, strict=True)
    return pl.Series(name, values, dtype=dtype, strict=True)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is no JSON")
