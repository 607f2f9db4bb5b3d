"""What comes out of a file: frames, each a message of plain values with blobs of bytes, and how they cross a pipe.

Invariants: nothing that is sent can name code to be run (JSON and bytes, no pickle); lengths are checked before
anything is read, and whoever reads stops at the limit given; a frame that does not fit its description is a
`BrokenFrameError`.
"""

import json
import struct
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any, BinaryIO, Final, NamedTuple

_LENGTHS: Final = struct.Struct("<II")
_LENGTH: Final = struct.Struct("<Q")
_MOST_MESSAGE: Final = 64 << 20


class Kind(StrEnum):
    """What a frame tells.

    A `sheet` is followed by its `cells`, some rows of it at a time, one blob a column; a `member` is a file unpacked
    from an archive; `refused` and `end` are the last.
    """

    SHEET = "sheet"
    CELLS = "cells"
    MEMBER = "member"
    REFUSED = "refused"
    END = "end"


class Frame(NamedTuple):
    """A message of plain values (numbers, text, lists of them) and its blobs."""

    kind: Kind
    message: dict[str, Any]  # whatever JSON holds; whoever reads it checks
    blobs: Sequence[bytes] = ()


class Limits(NamedTuple):
    """What a file may take; `ReadOptions` has the reasons."""

    max_bytes: int
    max_unpacked: int
    max_ratio: int
    max_sheets: int
    max_rows: int
    max_columns: int
    max_cell_length: int
    max_memory: int
    max_seconds: float


class Request(NamedTuple):
    """How a file is to be opened.

    Attributes:
        limits: what it may take.
        sheets: the sheets that are wanted; None for every visible one.
        password: what an encrypted workbook is opened with.
        nested: the file came out of an archive, and may not be one.
        guarded: the system stops this process at the limit of memory.

    """

    limits: Limits
    sheets: tuple[str, ...] | None = None
    password: str | None = None
    nested: bool = False
    guarded: bool = False


class Found(StrEnum):
    """What was found instead of a readable file: the closed set of what a refusal may add to its sentence."""

    NO_ARCHIVE = "its archive cannot be opened"
    EMPTY_ARCHIVE = "its archive is empty"
    TWO_OF_ONE_NAME = "its archive has two members of one name"
    BROKEN_ARCHIVE = "a part of its archive cannot be unpacked"
    PARTS = "its parts do not fit together"
    CELLS = "its cells cannot be decoded"
    BROKE_READER = "the program that reads such files broke off over it"
    OTHER_FILES = "an archive of other files"
    NESTED = "an archive within an archive"
    TEXT_DOCUMENT = "a text document"
    PRESENTATION = "a presentation"
    NUMBERS = "a document of Apple Numbers"
    WEB_PAGE = "a web page without a table"
    XML = "an XML document"


class RefusedError(Exception):
    """A file that is not read on.

    Attributes:
        cause: a code of `rosterdiff.issues.Refusal`, as text.
        found: what was found.
        limit: the limit that was exceeded.

    """

    def __init__(self, cause: str, found: Found | None = None, limit: float | None = None) -> None:
        super().__init__(cause)
        self.cause = cause
        self.found = found
        self.limit = limit


class BrokenFrameError(Exception):
    """What came through the pipe is no frame, breaks off, or is larger than allowed."""


def write_frame(stream: BinaryIO, frame: Frame) -> None:
    """Send a frame."""
    message = json.dumps([frame.kind, frame.message]).encode()
    stream.write(_LENGTHS.pack(len(message), len(frame.blobs)))
    stream.write(message)
    for blob in frame.blobs:
        stream.write(_LENGTH.pack(len(blob)))
        stream.write(blob)


def read_frames(stream: BinaryIO, most: int) -> Iterator[Frame]:
    """Receive frames up to the end of the stream, `most` bytes in all.

    Raises:
        BrokenFrameError: the bytes are no frames, or more than allowed.

    """
    left = most
    while head := stream.read(_LENGTHS.size):
        if len(head) < _LENGTHS.size:
            raise BrokenFrameError
        length, blobs = _LENGTHS.unpack(head)
        left -= length + blobs * _LENGTH.size
        if length > _MOST_MESSAGE or left < 0:
            raise BrokenFrameError
        kind, message = _decode(_exactly(stream, length))
        received = []
        for _ in range(blobs):
            (size,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
            left -= size
            if left < 0:
                raise BrokenFrameError
            received.append(_exactly(stream, size))
        yield Frame(kind, message, received)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise BrokenFrameError
    return data


def _decode(data: bytes) -> tuple[Kind, dict[str, Any]]:
    try:
        kind, message = json.loads(data)
        if not isinstance(message, dict):
            raise BrokenFrameError
        return Kind(kind), message
    except (ValueError, TypeError, RecursionError) as error:
        raise BrokenFrameError from error
