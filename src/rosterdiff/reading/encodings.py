"""The encoding of a text: which letters its bytes stand for.

Invariants: a mark at the beginning is believed, then strict UTF-8; every other encoding must decode the whole text, and
of those the one is taken whose words read most like names (`letters.measure`); what was taken is said, and where
another reads nearly as well, both are named in a warning. A wrong letter is a wrong child, so nothing is mended here.
"""

import codecs
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Final

import polars as pl
from attrs import frozen

from rosterdiff.headers import read_header
from rosterdiff.reading.letters import measure


@frozen
class Encoding:
    """An encoding that is tried.

    Attributes:
        name: as Python calls it.
        label: as people call it.
        prior: how often school files are written so (log).
        common: the first bytes of the common characters of an encoding of East Asia.

    """

    name: str
    label: str
    prior: float
    common: tuple[int, int] | None = None

    def is_common(self, letter: str) -> bool:
        """Whether a character is of the encoding's common level."""
        low, high = self.common or (0, 0)
        written = letter.encode(self.name, "ignore")
        return len(written) == 2 and low <= written[0] <= high


@frozen
class Choice:
    """The encoding that was taken.

    Attributes:
        name: as Python calls it.
        label: as people call it.
        said: whether it had to be found out, which is to be said.
        rival: the label of an encoding that reads nearly as well, and differently.

    """

    name: str
    label: str
    said: bool = True
    rival: str | None = None


MIXED: Final = "utf-8+cp1252"
"""Lines in UTF-8 and others in Windows-1252, as files are that were put together from two."""

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
    (b"\x84\x31\x95\x33", "gb18030", "GB18030"),
)
_WIDE: Final = (
    ("utf-16-le", "UTF-16 (little-endian)"),
    ("utf-16-be", "UTF-16 (big-endian)"),
    ("utf-32-le", "UTF-32 (little-endian)"),
    ("utf-32-be", "UTF-32 (big-endian)"),
)
_LEGACY: Final = (
    Encoding("cp1252", "Windows-1252 (Western European)", -0.4),
    Encoding("mac_roman", "Mac OS Roman (Western European)", -3.0),
    Encoding("cp850", "DOS code page 850 (Western European)", -4.0),
    Encoding("cp437", "DOS code page 437 (United States)", -4.5),
    Encoding("iso8859_15", "ISO 8859-15 (Western European)", -5.0),
    Encoding("cp1250", "Windows-1250 (Central European)", -2.5),
    Encoding("iso8859_2", "ISO 8859-2 (Central European)", -4.0),
    Encoding("cp852", "DOS code page 852 (Central European)", -5.0),
    Encoding("mac_latin2", "Mac OS Central European", -6.0),
    Encoding("cp1251", "Windows-1251 (Cyrillic)", -2.5),
    Encoding("koi8_r", "KOI8-R (Cyrillic)", -6.0),
    Encoding("cp866", "DOS code page 866 (Cyrillic)", -5.5),
    Encoding("mac_cyrillic", "Mac OS Cyrillic", -6.0),
    Encoding("iso8859_5", "ISO 8859-5 (Cyrillic)", -7.0),
    Encoding("cp1253", "Windows-1253 (Greek)", -3.0),
    Encoding("iso8859_7", "ISO 8859-7 (Greek)", -4.0),
    Encoding("cp1254", "Windows-1254 (Turkish)", -2.5),
    Encoding("cp857", "DOS code page 857 (Turkish)", -6.0),
    Encoding("cp1257", "Windows-1257 (Baltic)", -3.5),
    Encoding("cp1255", "Windows-1255 (Hebrew)", -3.0),
    Encoding("cp1256", "Windows-1256 (Arabic)", -3.0),
    Encoding("cp874", "Windows-874 (Thai)", -3.0),
    Encoding("cp932", "Shift-JIS (Japanese)", -2.5, (0x88, 0x97)),
    Encoding("euc_jp", "EUC-JP (Japanese)", -5.0, (0xB0, 0xCF)),
    Encoding("gb18030", "GB18030 (Chinese, simplified)", -2.5, (0xB0, 0xD7)),
    Encoding("cp950", "Big5 (Chinese, traditional)", -3.0, (0xA4, 0xC6)),
    Encoding("cp949", "EUC-KR (Korean)", -3.0, (0xB0, 0xC8)),
    Encoding(MIXED, "UTF-8 mixed with Windows-1252", -3.0),
)
_SURE: Final = 5.0
"""So much likelier (nats) than the next is certain enough to be information, not a warning."""

_HEADER: Final = 4.0
"""What a header that is known, in letters beyond ASCII, adds."""

_CHUNK: Final = re.compile(rb"[^\x00-\x2f\x3a-\x3f]*[\x80-\xff][^\x00-\x2f\x3a-\x3f]*")
"""A word with a byte beyond ASCII; digits stay within, which GB18030 uses in its letters of four bytes."""
_MOST_CHUNKS: Final = 200
_LONGEST: Final = 120
_CELL: Final = re.compile(r"[,;\t|\r\n\"]+")
_HEAD: Final = 4000


def choose_encoding(data: bytes) -> Choice:
    """Say how a text file is encoded.

    >>> choose_encoding("Zoë;Müller".encode("cp1252")).label
    'Windows-1252 (Western European)'
    >>> choose_encoding("Zoë;Müller".encode()).said
    False
    """
    for bom, name, label in _BOMS:
        if data.startswith(bom):
            return Choice(name, label, said=False)
    if (wide := _wide(data)) is not None:
        return wide
    if data.isascii():
        japanese = b"\x1b" in data and b"\x1b$" in data and _strict(data, "iso2022_jp") is not None
        return Choice("iso2022_jp", "ISO-2022-JP (Japanese)") if japanese else Choice("utf-8", "UTF-8", said=False)
    return Choice("utf-8", "UTF-8", said=False) if is_utf8(data) else _choose_legacy(data)


def decode(data: bytes, name: str) -> str | None:
    """The text, or `None` where the bytes are not so encoded; without the mark at its beginning."""
    text = _mixed(data) if name == MIXED else _strict(data, name)
    return None if text is None else text.removeprefix("\ufeff")


def is_utf8(data: bytes) -> bool:
    """Whether all of a text is UTF-8; where the quick test says no, found out with patience.

    A letter that breaks off at the end, as where a file was cut, is forgiven if there are whole ones before it.
    """
    with suppress(pl.exceptions.ComputeError):
        for piece in _whole_letters(data):
            pl.Series([piece]).cast(pl.String)
        return True
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(data)
    try:
        for start in range(0, len(data), _PIECE):
            decoder.decode(view[start : start + _PIECE])
    except UnicodeDecodeError:
        return False
    left = len(decoder.getstate()[0])
    return not left or not bytes(view[: len(data) - left]).isascii()


def _whole_letters(data: bytes) -> Iterator[bytes]:
    """A text in pieces that stay in the processor's cache, none of which ends within a letter of UTF-8."""
    start = 0
    while start < len(data):
        end = start + _PIECE
        while start + _PIECE - _LETTER < end < len(data) and 0x80 <= data[end] < 0xC0:
            end -= 1
        yield data[start:end]
        start = end


_PIECE: Final = 1 << 20
_LETTER: Final = 4
"""So many bytes has a letter of UTF-8 at most."""


def breaks_off(data: bytes) -> bool:
    """Whether the last letter of a UTF-8 text is not whole."""
    for left, byte in enumerate(reversed(data[-3:]), 1):
        if byte >= 0xC0:
            return left < (2 if byte < 0xE0 else 3 if byte < 0xF0 else 4)
        if byte < 0x80:
            return False
    return False


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None


def _mixed(data: bytes) -> str | None:
    """Line by line; `None` where no line beyond ASCII is UTF-8."""
    lines = data.split(b"\n")
    read = [(line, _strict(line, "utf-8")) for line in lines]
    if not any(text is not None and not text.isascii() for _, text in read):
        return None
    return "\n".join(line.decode("cp1252", "replace") if text is None else text for line, text in read)


def _wide(data: bytes) -> Choice | None:
    """UTF-16 and UTF-32 without a mark: every line end and separator has NUL bytes, on one side only."""
    sample = data[:_HEAD] if len(data) <= _HEAD else data[: _HEAD // 4 * 4]
    if b"\0" not in sample:
        return None
    readings = []
    for name, label in _WIDE:
        text = _strict(sample[: len(sample) // 4 * 4 if "32" in name else len(sample) // 2 * 2], name)
        if text and _is_text(text):
            readings.append((measure(text) / len(text), name, label))
    return Choice(*max(readings)[1:]) if readings else None


_NO_TEXT: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f\ue000-\uf8ff\ufff0-\uffff\U000f0000-\U0010ffff]")
_BREAK: Final = re.compile(r"[\n\r,;\t| ]")


def _is_text(text: str) -> bool:
    return not _NO_TEXT.search(text) and bool(_BREAK.search(text))


def _choose_legacy(data: bytes) -> Choice:
    chunks = list(dict.fromkeys(_chunks(data)))[:_MOST_CHUNKS]
    scored = sorted(_scores(chunks, data), key=lambda item: -item[0])
    whole = [item for item in scored if decode(data, item[1].name) is not None] if scored else []
    if not whole:
        return Choice("cp1252", "Windows-1252 (Western European)")
    score, best, text = whole[0]
    rivals = [other.label for near, other, reading in whole[1:] if near > score - _SURE and reading != text]
    return Choice(best.name, best.label, rival=rivals[0] if rivals else None)


def _chunks(data: bytes) -> Iterator[bytes]:
    found = (match.group() for match in _CHUNK.finditer(data))
    return (chunk for chunk in islice(found, _MOST_CHUNKS * 20) if len(chunk) <= _LONGEST)


def _scores(chunks: Sequence[bytes], data: bytes) -> Iterator[tuple[float, Encoding, str]]:
    """Every encoding that decodes the words, with how much they read like names."""
    sample = b"\n".join(chunks)
    for encoding in _LEGACY:
        text = decode(sample, encoding.name)
        if text is not None:
            common = encoding.is_common if encoding.common else None
            yield encoding.prior + measure(text, common) + _headers(data, encoding), encoding, text


def _headers(data: bytes, encoding: Encoding) -> float:
    """What the headers that are known add: they stand in the first lines."""
    head = data[:_HEAD].rsplit(b"\n", 1)[0]
    text = decode(head, encoding.name) or ""
    cells = {cell.strip() for cell in _CELL.split(text)[:200]}
    return _HEADER * sum(not cell.isascii() and len(cell) < 60 and read_header(cell) is not None for cell in cells)
