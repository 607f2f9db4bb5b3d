"""What can be known of a compound file (xls) before it is opened: is it whole, and is it encrypted.

Invariants: every chain of sectors is walked once and must end; nothing of a cell is decoded. A native reader that
follows a chain in a circle takes all memory, and nothing in this process could stop it.

Source: [MS-CFB] Compound File Binary File Format; [MS-XLS] 2.4.117 FilePass.
"""

import struct
from typing import Final, NamedTuple

from rosterdiff.reading.isolated.frames import Found, RefusedError

_LAST_SECTOR: Final = 0xFFFFFFFA  # above it are the marks: free, end of chain, FAT, DIFAT
_LITTLE_ENDIAN: Final = 0xFFFE
_HEADER: Final = struct.Struct("<24xHHHHH6xIIIIIIIIII")
_ENTRY_SIZE: Final = 128
_MOST_ENTRIES: Final = 10_000
_BEGINNING: Final = 1 << 16  # the mark of encryption stands among the first records
_STREAM, _ROOT = 2, 5
_MINI: Final = 64
_FILEPASS, _BOUND_SHEET, _END_OF_PART = 0x2F, 0x85, 0x0A


class _DamagedError(Exception):
    """The file's own directories do not fit together."""


def is_encrypted(data: bytes) -> bool:
    """Hold a compound file to what an honest workbook is, and say whether a password protects it.

    Raises:
        RefusedError: it is damaged.

    """
    try:
        return _is_encrypted(_open(data))
    except (_DamagedError, struct.error) as error:
        raise RefusedError("damaged", Found.PARTS) from error


def read_workbook_stream(data: bytes) -> bytes:
    """The records of an xls; none of a file that has other contents.

    Raises:
        RefusedError: it is damaged.

    """
    try:
        compound = _open(data)
        return compound.read("workbook", len(data)) if "workbook" in compound.streams else b""
    except (_DamagedError, struct.error) as error:
        raise RefusedError("damaged", Found.PARTS) from error


class _Compound(NamedTuple):
    """A compound file: its sectors, which of them follow which, and the streams by name."""

    data: bytes
    sector_size: int
    fat: tuple[int, ...]
    mini: tuple[int, ...]  # the same of the small sectors, within the stream of the root
    cutoff: int
    streams: dict[str, tuple[int, int, int]]  # name → kind, first sector, size

    def read(self, name: str, most: int) -> bytes:
        """The beginning of a stream; small ones stand within the stream of the root."""
        kind, first, size = self.streams[name]
        if size >= self.cutoff or kind == _ROOT:
            sectors = _walk(self.fat, first)[: most // self.sector_size + 1]
            return b"".join(_sector(self.data, self.sector_size, sector) for sector in sectors)[:most]
        root = next((name for name, (kind, _, _) in self.streams.items() if kind == _ROOT), None)
        if root is None:
            raise _DamagedError
        whole = self.read(root, len(self.data))
        return b"".join(whole[at * _MINI : (at + 1) * _MINI] for at in _walk(self.mini, first))[:most]


def _walk(table: tuple[int, ...], first: int) -> list[int]:
    sectors, seen = list[int](), set[int]()
    while first < _LAST_SECTOR:
        if first in seen or first >= len(table):
            raise _DamagedError
        seen.add(first)
        sectors.append(first)
        first = table[first]
    return sectors


def _sector(data: bytes, size: int, number: int) -> bytes:
    return data[(number + 1) * size : (number + 2) * size]


def _words(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _open(data: bytes) -> _Compound:
    fields = _HEADER.unpack_from(data)
    byte_order, sector_shift, mini_shift = fields[2], fields[3], fields[4]
    first_directory, mini_cutoff, first_mini = fields[7], fields[9], fields[10]
    first_difat = fields[12]
    if byte_order != _LITTLE_ENDIAN or sector_shift not in {9, 12} or mini_shift != 6:
        raise _DamagedError
    size = 1 << sector_shift
    fat = _read_fat(data, size, first_difat)
    directory = b"".join(_sector(data, size, sector) for sector in _walk(fat, first_directory))
    mini = _words(b"".join(_sector(data, size, sector) for sector in _walk(fat, first_mini)))
    streams = _streams(directory)
    _check_streams(streams, fat, mini, mini_cutoff)
    return _Compound(data, size, fat, mini, mini_cutoff, streams)


def _read_fat(data: bytes, size: int, first_difat: int) -> tuple[int, ...]:
    """Which sector follows which; the sectors of this table are listed in the header and in a chain of their own."""
    listed = list(_words(data[76:512]))
    seen = set[int]()
    while first_difat < _LAST_SECTOR:
        words = _words(_sector(data, size, first_difat))
        if first_difat in seen or not words:
            raise _DamagedError
        seen.add(first_difat)
        listed += words[:-1]
        first_difat = words[-1]
    sectors = [number for number in listed if number < _LAST_SECTOR]
    if len(set(sectors)) < len(sectors):
        raise _DamagedError
    return _words(b"".join(_sector(data, size, number) for number in sectors))


def _streams(directory: bytes) -> dict[str, tuple[int, int, int]]:
    """Name → kind (2 a stream, 5 the root), first sector, size."""
    if len(directory) // _ENTRY_SIZE > _MOST_ENTRIES:
        raise _DamagedError
    found = dict[str, tuple[int, int, int]]()
    for at in range(0, len(directory) - _ENTRY_SIZE + 1, _ENTRY_SIZE):
        entry = directory[at : at + _ENTRY_SIZE]
        length = min(int.from_bytes(entry[64:66], "little"), 64)
        name = entry[: max(length - 2, 0)].decode("utf-16-le", "replace").casefold()
        first, length_of_stream = struct.unpack_from("<II", entry, 116)
        if entry[66] in {_STREAM, _ROOT}:
            found.setdefault(name, (entry[66], first, length_of_stream))
    return found


def _check_streams(
    streams: dict[str, tuple[int, int, int]], fat: tuple[int, ...], mini: tuple[int, ...], cutoff: int
) -> None:
    """Walk every stream once: all chains end, and no two of them share so much that walking takes for ever."""
    left = len(fat) + len(mini)
    for kind, first, size in streams.values():
        if size:
            left -= len(_walk(mini if size < cutoff and kind != _ROOT else fat, first))
        if left < 0:
            raise _DamagedError


def _is_encrypted(compound: _Compound) -> bool:
    if "encryptedpackage" in compound.streams or "encryptioninfo" in compound.streams:
        return True
    books = [name for name in ("workbook", "book") if name in compound.streams]
    return any(_has_filepass(compound.read(name, _BEGINNING)) for name in books)


def _has_filepass(records: bytes) -> bool:
    at = 0
    while at + 4 <= len(records):
        kind, length = struct.unpack_from("<HH", records, at)
        if kind in {_FILEPASS, _BOUND_SHEET, _END_OF_PART}:
            return bool(kind == _FILEPASS)
        at += 4 + length
    return False
