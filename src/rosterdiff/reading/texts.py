"""Text files (comma, tab, semicolon, pipe, and what else people separate with) → one grid.

Invariants: the native reader cuts only files that it cuts as the patient one does (every line's marks pair up, no line
is longer than the widest of the first); a row is a record, so that line breaks within quotes do not count, and blank
lines are rows; nothing is mended without an issue.
"""

import codecs
from typing import Final

import numpy as np
import polars as pl
from attrs import evolve, field, frozen

from rosterdiff.config import ReadOptions
from rosterdiff.issues import Code, Origin, Refusal, refuse
from rosterdiff.model import Issue
from rosterdiff.reading.dialects import Dialect, align, said_separator, sample, sniff_dialect, unescape
from rosterdiff.reading.encodings import Choice, breaks_off, choose_encoding, decode
from rosterdiff.reading.grids import Grid, blank_to_null, column_letters
from rosterdiff.reading.isolated.layouts import TITLE_ROWS
from rosterdiff.reading.records import LineTooLong, Remarks, cut_patiently, plain_line
from rosterdiff.sentences import count_of

_HEAD: Final = 100_000
_END_OF_FILE: Final = b"\x1a"
"""With which DOS ended texts."""


_PIECE: Final = 1 << 18
"""So many bytes stay in the processor's cache while they are looked through for several things."""
_RARE: Final = b'\0\t\v\f\r"\xc2\xe1\xe2\xe3\xef'


@frozen(eq=False)
class Text:
    """A text in UTF-8, and which of the bytes that matter it may have, looked for in one go."""

    data: bytes = field(repr=False)
    rare: frozenset[int] = field()

    @rare.default
    def _occurring(self) -> frozenset[int]:
        left = [bytes([byte]) for byte in _RARE]
        for at in range(0, len(self.data), _PIECE):
            left = [byte for byte in left if self.data.find(byte, at, at + _PIECE) < 0]
        return frozenset(_RARE) - frozenset(b"".join(left))

    def has(self, byte: bytes) -> bool:
        """Whether one of the bytes that matter may occur; where not, it does not."""
        return byte[0] in self.rare


def read_text(data: bytes, filename: str, options: ReadOptions) -> Grid:
    """Read a text file as a grid; a file that cannot be cut is a grid of one column.

    Raises:
        UnreadableFile: the bytes are no text, not of the encoding named, or exceed a limit.

    """
    origin = Origin(filename)
    text, issues = _to_utf8(data, origin, options.encoding)
    if text.has(b"\r") and b"\n" not in text.data:
        text = Text(text.data.replace(b"\r", b"\n"))
    head = text.data[:_HEAD].decode(errors="ignore")
    said = said_separator(head)
    if said is not None:
        text, head = evolve(text, data=text.data[len(head[: said[1]].encode()) :]), head[said[1] :]
    dialect, most = sniff_dialect(head, said[0] if said else None), options.max_rows + TITLE_ROWS
    if max(map(len, sample(head, dialect)), default=0) > options.max_columns:
        raise refuse(filename, Refusal.TOO_MANY_COLUMNS, limit=options.max_columns)
    if dialect.is_plain and _row_count(text.data) > most and _has_plain_rows(text, dialect):
        raise refuse(filename, Refusal.TOO_MANY_ROWS, limit=options.max_rows)
    quick = cut_quickly(text, head, dialect)
    cells, remarks = _cut(text.data, dialect, options, filename) if quick is None else (quick, Remarks())
    if cells.height > most:
        raise refuse(filename, Refusal.TOO_MANY_ROWS, limit=options.max_rows)
    if cells.width > options.max_columns:
        raise refuse(filename, Refusal.TOO_MANY_COLUMNS, limit=options.max_columns)
    issues += [*_remarks(remarks, origin), *_spoilt(cells, text, origin)]
    suspect = cells if quick is None else _with_blanks(cells, text, dialect)
    cells = cells.with_columns(blank_to_null(suspect)) if suspect.width else cells
    return Grid(origin, cells, issues=tuple(issues))


_BLANKS: Final = (b"\t", b"\v", b"\f")
_WIDE_BLANKS: Final = (b"\xc2\x85", b"\xc2\xa0", b"\xe1\x9a", b"\xe2\x80", b"\xe2\x81", b"\xe3\x80")
"""With what white space beyond ASCII begins in UTF-8; few other letters do."""


def _with_blanks(cells: pl.DataFrame, text: Text, dialect: Dialect) -> pl.DataFrame:
    """The columns in which a cell may hold nothing but white space.

    Such a cell begins with it, and to look for that is a tenth of the work of taking it off.
    """
    odd = any(text.has(blank) for blank in _BLANKS if blank != dialect.separator.encode())
    if odd or any(text.has(pair) and _has_pair(text.data, *pair) for pair in _WIDE_BLANKS):
        return cells
    begin = pl.all().str.starts_with(" ")
    hits = cells.select((begin | (pl.all() == "") if text.has(b'"') else begin).any()).row(0)
    return cells.select(name for name, hit in zip(cells.columns, hits, strict=True) if hit)


def _has_pair(text: bytes, first: int, second: int) -> bool:
    """Whether two bytes stand beside each other: six times as quick as `in`, which looks byte by byte."""
    codes = np.frombuffer(text, np.uint8)
    pieces = (codes[at : at + _PIECE + 1] for at in range(0, len(codes), _PIECE))
    return any(bool(((piece[:-1] == first) & (piece[1:] == second)).any()) for piece in pieces)


def _to_utf8(data: bytes, origin: Origin, encoding: str | None) -> tuple[Text, list[Issue]]:
    """The file's bytes in UTF-8 without a byte-order mark; those that are so already are not copied."""
    choice = choose_encoding(data) if encoding is None else Choice(encoding, encoding, said=False)
    if encoding is None and not choice.name.startswith("utf-"):
        _require_text(data, origin.file or "")
    text = Text(_decode(data, choice, origin, named=encoding is not None))
    issues = _assumed(choice, origin)
    if text.has(b"\0"):
        _require_text(text.data, origin.file or "")
        issues.append(origin.issue(Code.NULS_REMOVED))
        text = evolve(text, data=text.data.replace(b"\0", b""))
    return evolve(text, data=text.data.removesuffix(_END_OF_FILE)), issues


def _decode(data: bytes, choice: Choice, origin: Origin, *, named: bool) -> bytes:
    if choice.name == "utf-8" and not named:
        marked = data.startswith(codecs.BOM_UTF8)  # a mark is believed, and what follows may be damaged all the same
        bare = data[3:] if marked else data
        return bare.decode(errors="replace").encode() if marked or breaks_off(bare) else bare
    text = decode(data, choice.name)
    if text is not None:
        return text.encode("utf-8", "replace")
    if named:
        raise refuse(origin.file or "", Refusal.WRONG_ENCODING, found=choice.name)
    if choice.name.startswith("utf-"):
        raise refuse(origin.file or "", Refusal.DAMAGED, found="its text breaks off or is mixed with other data")
    return data.decode(choice.name, "replace").encode()


def _assumed(choice: Choice, origin: Origin) -> list[Issue]:
    if choice.rival is not None:
        return [origin.issue(Code.ENCODING_DOUBTFUL, encoding=choice.label, other=choice.rival)]
    return [origin.issue(Code.ENCODING_ASSUMED, encoding=choice.label)] if choice.said else []


def _require_text(data: bytes, filename: str) -> None:
    """Bytes below the space that no text has, more than one in fifty: something else than text."""
    sample = data[:4096]
    strange = sum(sample.count(byte) for byte in range(32) if byte not in b"\t\n\v\f\r\x1a\x1b\x1f")
    if strange * 50 > len(sample) and strange > 1:
        raise refuse(filename, Refusal.NOT_A_SPREADSHEET, found="a file of another kind")


def _cut(text: bytes, dialect: Dialect, options: ReadOptions, filename: str) -> tuple[pl.DataFrame, Remarks]:
    """The patient way, after what makes the text one that it can cut."""
    patient = text.decode(errors="replace")
    if dialect.aligned:
        patient = align(patient)
    if dialect.escaped:
        patient = unescape(patient)
    rows = options.max_rows + TITLE_ROWS
    try:
        if dialect.wrapped:
            outer, _ = cut_patiently(patient, Dialect("\x00"), rows, 1)
            patient = "\n".join(outer["0"].fill_null("").to_list())
        return cut_patiently(patient, dialect, rows, options.max_columns)
    except LineTooLong:
        raise refuse(filename, Refusal.DAMAGED, found="a line of its text is longer than any list's") from None


def cut_quickly(text: Text, head: str, dialect: Dialect) -> pl.DataFrame | None:
    """Cut a text by the native reader, or `None` where it would cut otherwise than the patient one."""
    if not dialect.is_plain or len(dialect.separator.encode()) > 1 or not _has_plain_ends(text):
        return None
    if not _has_plain_rows(text, dialect):
        return None
    width = max((len(record) for record in sample(head, dialect)), default=1) or 1
    try:
        cells = pl.read_csv(
            text.data,
            has_header=False,
            separator=dialect.separator,
            quote_char='"' if text.has(b'"') else None,
            schema={str(position): pl.String for position in range(width)},
        )
    except pl.exceptions.PolarsError:
        return None
    return cells if _is_even(cells, text, dialect) else None


def _has_plain_ends(text: Text) -> bool:
    """No carriage return stands alone: only then are line ends the same to both readers."""
    return not text.has(b"\r") or text.data.count(b"\r") == text.data.count(b"\r\n")


def _lines(text: bytes) -> pl.Series:
    """The lines of a text, uncut; a blank one is null."""
    return pl.read_csv(text, has_header=False, separator="\x00", quote_char=None, schema={"line": pl.String})["line"]


def _has_plain_rows(text: Text, dialect: Dialect) -> bool:
    """Whether every line is a row, in which marks only stand around whole cells."""
    return not text.has(b'"') or _is_plainly_quoted(text.data, dialect.separator)


def _is_plainly_quoted(text: bytes, separator: str) -> bool:
    lines = _lines(text)
    quoted = lines.filter(lines.str.contains('"', literal=True))
    return bool(quoted.str.contains(plain_line(separator)).all())


def _is_even(cells: pl.DataFrame, text: Text, dialect: Dialect) -> bool:
    """Whether no row was filled up: short rows are told, and only the patient reader counts their cells.

    A row that was filled up has nothing in its last column, so that most files are settled by that alone.
    """
    last = cells.to_series(cells.width - 1).is_null()
    if cells.width == 1 or not last.any():
        return True
    single = not text.has(b'"') or _row_count(text.data) == cells.height
    emptied = _lines(text.data).filter(last) if single else None
    if emptied is None:
        return False
    bare = emptied.drop_nulls().str.replace_all(r'"(?:[^"]|"")*"', "")
    separators = bare.str.count_matches(dialect.separator, literal=True)
    return bool((separators >= cells.width - 1).all()) and dialect.width == cells.width


def _row_count(text: bytes) -> int:
    codes = np.frombuffer(text, np.uint8)
    ends = sum(int(np.count_nonzero(codes[at : at + _PIECE] == _LINE_END)) for at in range(0, len(codes), _PIECE))
    return ends + (not text.endswith(b"\n"))


_LINE_END: Final = ord("\n")


def _remarks(remarks: Remarks, origin: Origin) -> list[Issue]:
    """What the patient reader had to decide, once a kind, at the first row."""
    issues = []
    for code, rows in (
        (Code.QUOTES_DAMAGED, remarks.unpaired),
        (Code.ROWS_CUT_OTHERWISE, remarks.otherwise),
        (Code.ROWS_TOO_SHORT, remarks.short),
    ):
        issues += origin.column_group(code, "A", pl.Series(rows, dtype=pl.UInt32) + 1)
    return issues


_LOST: Final = "\ufffd"


def _spoilt(cells: pl.DataFrame, text: Text, origin: Origin) -> list[Issue]:
    """Letters that were lost before the file was sent, at the first of their cells."""
    if not text.has(_LOST.encode()) or _LOST.encode() not in text.data:
        return []
    where = cells.select(pl.all().str.contains(_LOST, literal=True).fill_null(value=False))
    rows = where.select(pl.any_horizontal(pl.all()).arg_true()).to_series()
    if rows.is_empty():
        return []
    position = next(at for at, hit in enumerate(where.row(rows[0])) if hit)
    cell = f"{column_letters(position)}{rows[0] + 1}"
    return [origin.issue(Code.CHARACTERS_LOST, cell, rows=count_of(len(rows), "row"))]
