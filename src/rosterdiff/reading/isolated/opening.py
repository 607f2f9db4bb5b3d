"""The bytes of a file → frames: which kind of container it is, and what stands in it.

Invariants: a container is checked before it is opened; an archive within an archive is refused; a workbook is decrypted
at most once.
"""

import io
import zlib
from collections.abc import Iterator
from typing import Final

from rosterdiff.reading.isolated.archives import is_workbook, open_archive, read_members
from rosterdiff.reading.isolated.books import read_book, read_layout
from rosterdiff.reading.isolated.compound import is_encrypted
from rosterdiff.reading.isolated.frames import Found, Frame, Kind, Limits, RefusedError, Request
from rosterdiff.reading.isolated.markup import beginning_of, is_xml
from rosterdiff.reading.isolated.passwords import decrypt, decrypt_ods, is_encrypted_ods
from rosterdiff.reading.isolated.repairs import repair
from rosterdiff.reading.isolated.web_pages import read_page
from rosterdiff.reading.isolated.xml_books import read_xml_book

_GZIP: Final = b"\x1f\x8b"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0"
_PIECE: Final = 1 << 20
_RATIO_FROM: Final = 16 << 20
"""Small members may shrink as they like."""


def open_file(data: bytes, request: Request) -> Iterator[Frame]:
    """Everything that a container holds.

    Raises:
        RefusedError: it is damaged, hostile, protected, or holds something else.

    """
    if data.startswith(_GZIP):
        yield Frame(Kind.MEMBER, {"name": ""}, [gunzip(data, request.limits)])
    elif data.startswith(_COMPOUND):
        yield from _open_compound(data, request)
    elif data.startswith(b"PK"):
        yield from _open_archive(data, request)
    elif is_xml(beginning_of(data)):
        yield from read_xml_book(data, request)
    else:
        yield from read_layout(read_page(data, request.limits), request)


def _open_compound(data: bytes, request: Request, *, decrypted: bool = False) -> Iterator[Frame]:
    if not is_encrypted(data):
        yield from read_book(data, None, request)
    elif decrypted:
        raise RefusedError("encrypted")
    else:
        plain = decrypt(data, request.password)
        if plain.startswith(_COMPOUND):
            yield from _open_compound(plain, request, decrypted=True)
        else:
            yield from _open_archive(plain, request)


def _open_archive(data: bytes, request: Request) -> Iterator[Frame]:
    with open_archive(data, request) as archive:
        if not is_workbook(archive):
            yield from read_members(archive, request)
            return
        changed = decrypt_ods(archive, request) if is_encrypted_ods(archive) else repair(archive)
    plain = data if changed is None else changed
    with open_archive(plain, request) as whole:
        yield from read_book(plain, whole, request)


def gunzip(data: bytes, limits: Limits) -> bytes:
    """Unpack a gzip file of any number of parts, in pieces, up to the limits.

    Raises:
        RefusedError: it is damaged, or unpacks to too much.

    """
    out, rest = io.BytesIO(), data
    try:
        while rest.startswith(_GZIP):
            unpacker = zlib.decompressobj(wbits=31)
            while not unpacker.eof:
                piece = unpacker.decompress(rest, _PIECE)
                rest = unpacker.unconsumed_tail
                out.write(piece)
                _check_size(out.tell(), len(data), limits)
                if not piece and not rest and not unpacker.eof:
                    raise RefusedError("damaged", Found.BROKEN_ARCHIVE)
            rest = unpacker.unused_data.lstrip(b"\0")
    except zlib.error as error:
        raise RefusedError("damaged", Found.BROKEN_ARCHIVE) from error
    return out.getvalue()


def _check_size(unpacked: int, packed: int, limits: Limits) -> None:
    if unpacked > limits.max_bytes:
        raise RefusedError("too_large", limit=limits.max_bytes)
    if unpacked > limits.max_unpacked or (unpacked > _RATIO_FROM and unpacked > limits.max_ratio * packed):
        raise RefusedError("inflated")
