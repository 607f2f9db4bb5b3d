"""What a file is, by its first bytes; the suffix of its name proves nothing.

Invariants: nothing is unpacked or parsed here.
"""

import re
from enum import StrEnum
from typing import Final

from rosterdiff.issues import Refusal, refuse
from rosterdiff.reading.isolated.markup import beginning_of, is_markup


class Format(StrEnum):
    """The kinds of file that are read."""

    ZIPPED = "zipped"  # xlsx, xlsm, xlsb, ods; or an archive of lists
    COMPOUND = "compound"  # xls, or an encrypted workbook in its envelope
    GZIPPED = "gzipped"
    MARKUP = "markup"  # a web page or XML, as many systems export one under the name of an xls
    TEXT = "text"


_FOREIGN: Final = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"II*\x00": "an image",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"BZh": "a bzip2 archive",
    b"SQLite format 3": "a database",
    b"{\\rtf": "a text document",
    b"PAR1": "a Parquet file",
    b"ID;P": "a SYLK file",
}
_SOMETHING: Final = re.compile(rb"[^\x00 \t\r\n]")
_EARLY_WORKBOOKS: Final = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00")
"""The first records of workbooks of Excel 2 to 5 that stand in the file without an envelope."""


def sniff_format(data: bytes, filename: str) -> Format:
    """Say what a file is.

    Raises:
        UnreadableFile: the file is empty, or something that is no spreadsheet.

    """
    if _SOMETHING.search(data) is None:
        raise refuse(filename, Refusal.EMPTY)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK00PK")):
        return Format.ZIPPED
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return Format.COMPOUND
    if data.startswith(b"\x1f\x8b"):
        return Format.GZIPPED
    if data.startswith(_EARLY_WORKBOOKS):
        raise refuse(filename, Refusal.TOO_OLD)
    beginning = beginning_of(data)
    if is_markup(beginning):
        return Format.MARKUP
    for magic, found in _FOREIGN.items():
        if beginning.lower().startswith(magic.lower()):
            raise refuse(filename, Refusal.NOT_A_SPREADSHEET, found=found)
    return Format.TEXT
