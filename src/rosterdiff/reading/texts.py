"""Text files (comma, tab, semicolon, pipe) → one grid.

Invariants: encodings are tried in the order BOM, strict UTF-8, Windows-1252, and the last is reported; the separator
is that which cuts the first lines most evenly; a row is a record, so that quoted line breaks do not count, and blank
lines are rows.
"""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from rosterdiff.config import ReadOptions
from rosterdiff.issues import Code, Origin, Refusal, refuse
from rosterdiff.model import Issue
from rosterdiff.reading.grids import Grid, blank_to_null
from rosterdiff.sentences import count_of

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SEPARATORS: Final = (",", "\t", ";", "|")
_SAMPLE_LINES: Final = 60
_HEAD: Final = 100_000
_LOST: Final = "\ufffd".encode()


def read_text(data: bytes, filename: str, options: ReadOptions) -> Grid:
    """Read a text file as a grid; a file that cannot be cut is a grid of one column.

    Raises:
        UnreadableFile: the bytes are no text, not of the encoding named, or exceed a limit.

    """
    origin = Origin(filename)
    text, issues = _to_utf8(data, origin, options.encoding)
    if b"\n" not in text:
        text = text.replace(b"\r", b"\n")
    separator = sniff_separator(text[:_HEAD].decode(errors="ignore"))
    cells, faults = _cut(text, separator, origin, options)
    if cells.height > options.max_rows + 1:
        raise refuse(filename, Refusal.TOO_MANY_ROWS, limit=options.max_rows)
    if cells.width > options.max_columns:
        raise refuse(filename, Refusal.TOO_MANY_COLUMNS, limit=options.max_columns)
    return Grid(origin, blank_to_null(cells), issues=(*issues, *faults, *_lost_characters(text, origin)))


def _to_utf8(data: bytes, origin: Origin, encoding: str | None) -> tuple[bytes, list[Issue]]:
    """The file's bytes in UTF-8 without a byte-order mark; those that are so already are not copied."""
    filename = origin.file or ""
    if encoding is not None:
        try:
            return data.decode(encoding).removeprefix("\ufeff").encode(), []
        except (UnicodeDecodeError, LookupError) as error:
            raise refuse(filename, Refusal.WRONG_ENCODING, found=encoding) from error
    for bom, named in _BOMS:
        if data.startswith(bom):
            return _decode_as(data[len(bom) :], named, filename).encode(), []
    if (wide := _wide(data)) is not None:
        issue = origin.issue(Code.ENCODING_ASSUMED, encoding=wide.upper())
        return _decode_as(data, wide, filename).encode(), [issue]
    _require_text(data, filename)
    try:
        data.decode()
    except UnicodeDecodeError:
        issue = origin.issue(Code.ENCODING_ASSUMED, encoding="Windows-1252")
        return data.decode("cp1252", "replace").encode(), [issue]
    return data, []


def _decode_as(data: bytes, encoding: str, filename: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise refuse(filename, Refusal.DAMAGED, found="its text breaks off or is mixed with other data") from None


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark shows by a NUL in every other byte of Latin text."""
    sample = data[:2000]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    most = len(sample) // 2 * 0.4
    if odd > most and even < odd / 10:
        return "utf-16-le"
    return "utf-16-be" if even > most and odd < even / 10 else None


def _require_text(data: bytes, filename: str) -> None:
    """Bytes below the space that no text has, more than one in a hundred: something else than text."""
    sample = data[:4096]
    strange = sum(sample.count(byte) for byte in range(32) if byte not in b"\t\n\v\f\r\x1a\x1b")
    if strange * 100 > len(sample):
        raise refuse(filename, Refusal.NOT_A_SPREADSHEET, found="a file of another kind")


def sniff_separator(text: str) -> str:
    r"""The separator that cuts the first lines into the most, and most even, parts.

    >>> sniff_separator("Class 3B, Term 1\n\nSurname;Given;Born\nTorenbek;Ilva;1,5\n")
    ';'
    """
    scores = {separator: _evenness(text, separator) for separator in _SEPARATORS}
    return max(_SEPARATORS, key=lambda separator: scores[separator])


def _evenness(head: str, separator: str) -> tuple[int, int]:
    """How many of the first records have the commonest number of cells above one, times that number."""
    try:
        records = [record for record, _ in zip(_records(head, separator), range(_SAMPLE_LINES), strict=False)]
    except csv.Error:
        return (0, 0)
    widths = Counter(len(record) for record in records if len(record) > 1)
    if not widths:
        return (0, 0)
    width, lines = max(widths.items(), key=lambda item: (item[1], item[0]))
    return (lines, width)


def _records(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def _cut(text: bytes, separator: str, origin: Origin, options: ReadOptions) -> tuple[pl.DataFrame, list[Issue]]:
    """The fast way for files of even rows; the patient one for all others."""
    first = _safe(text[:_HEAD].decode(errors="ignore"), separator)[:200]
    width = max(map(len, first), default=1) or 1
    if width > options.max_columns:  # before they are cut: a million columns take half a minute
        raise refuse(origin.file or "", Refusal.TOO_MANY_COLUMNS, limit=options.max_columns)
    header = separator.join(f'"{position}"' for position in range(width)) + "\n"
    try:
        cells = pl.read_csv(
            header.encode() + text,
            separator=separator,
            schema={str(position): pl.String for position in range(width)},
        )
    except pl.exceptions.PolarsError:
        return _cut_patiently(text.decode(errors="replace"), separator, origin)
    return cells, []


def _safe(text: str, separator: str) -> Sequence[list[str]]:
    try:
        return list(_records(text, separator))
    except csv.Error:
        return [[]]


def _cut_patiently(text: str, separator: str, origin: Origin) -> tuple[pl.DataFrame, list[Issue]]:
    try:
        records = list(_records(text, separator))
    except csv.Error as error:
        raise refuse(origin.file or "", Refusal.DAMAGED, found="a cell of its text does not end") from error
    while records and not any(records[-1]):
        records.pop()
    width = max(map(len, records), default=1) or 1
    columns = {
        str(position): pl.Series([r[position] if position < len(r) else None for r in records], dtype=pl.String)
        for position in range(width)
    }
    issues = [origin.issue(Code.QUOTES_DAMAGED)] if _is_swallowed(records) else []
    return pl.DataFrame(columns), issues


def _is_swallowed(records: Sequence[Sequence[str]]) -> bool:
    """A cell of many lines is what an unpaired quotation mark leaves."""
    return any(cell.count("\n") > 3 for record in records for cell in record)


def _lost_characters(text: bytes, origin: Origin) -> list[Issue]:
    lost = sum(_LOST in line for line in text.splitlines()) if _LOST in text else 0
    return [origin.issue(Code.CHARACTERS_LOST, rows=count_of(lost, "row"))] if lost else []
