"""What can be known of a workbook before it is opened: is it whole, encrypted, or a bomb.

Invariants: sizes are those that the archive declares, and no more is unpacked at a time than a piece; a sheet whose
filled cells lie so far apart that a table of all cells between them would take gigabytes is refused, since the native
reader makes that table, and aborts the process where it finds no room.
"""

import io
import re
import zipfile
import zlib
from typing import Final

from rosterdiff.issues import Refusal, refuse

_MOST_UNPACKED: Final = 1 << 30  # 1 GiB of XML is some five million cells
_MOST_RATIO: Final = 250  # what sheets of repeated values reach in practice is below 100
_RATIO_FROM: Final = 16 << 20  # small members may shrink as they like
_MOST_MEMBERS: Final = 10_000
_MOST_CELLS: Final = 20_000_000
_PIECE: Final = 8 << 20
_OVERLAP: Final = 256
_FILLED: Final = re.compile(rb"""\sr=["']([A-Z]{1,3})(\d{1,7})["'](?:[^>]*[^>/])?>""")
"""The place of a cell that is not empty."""
_MANIFEST: Final = "META-INF/manifest.xml"
_WORKBOOKS: Final = ("xl/workbook.xml", "xl/workbook.bin", "content.xml", "_rels/.rels", "[content_types].xml")


def check_archive(data: bytes, filename: str) -> None:
    """Hold a zipped workbook to what an honest one is.

    Raises:
        UnreadableFile: it is damaged, encrypted, a bomb, or an archive of something else.

    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, OverflowError) as error:
        raise refuse(filename, Refusal.DAMAGED, found="its archive cannot be opened") from error
    with archive:
        members = archive.infolist()
        _check_members(members, filename)
        if any(member.flag_bits & 1 for member in members) or _is_encrypted_ods(archive):
            raise refuse(filename, Refusal.ENCRYPTED)
        if any(_extent(archive, member) > _MOST_CELLS for member in members if member.filename.endswith(".xml")):
            raise refuse(filename, Refusal.INFLATED)


def _check_members(members: list[zipfile.ZipInfo], filename: str) -> None:
    names = [member.filename.replace("\\", "/").casefold().lstrip("/") for member in members]
    if not members:
        raise refuse(filename, Refusal.DAMAGED, found="its archive is empty")
    if len(set(names)) < len(names):
        raise refuse(filename, Refusal.DAMAGED, found="its archive has two members of one name")
    if len(members) > _MOST_MEMBERS or sum(m.file_size for m in members) > _MOST_UNPACKED:
        raise refuse(filename, Refusal.INFLATED)
    if any(m.file_size > _RATIO_FROM and m.file_size > _MOST_RATIO * max(m.compress_size, 1) for m in members):
        raise refuse(filename, Refusal.INFLATED)
    if not set(names) & set(_WORKBOOKS):
        raise refuse(filename, Refusal.NOT_A_SPREADSHEET, found="an archive of other files")


def _extent(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    """The number of cells from the first of a sheet to the last that is filled, both ways; 0 for other members."""
    columns, rows, piece = set[bytes](), set[int](), b""
    try:
        with archive.open(member) as file:
            while more := file.read(_PIECE):
                piece = piece[-_OVERLAP:] + more
                found = _FILLED.findall(piece)
                columns.update({letters for letters, _ in found})
                rows.add(max((int(row) for row in {row for _, row in found}), default=0))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError, ValueError):
        return 0  # the native reader will say what it makes of it
    widest = max((_position(letters) for letters in columns), default=0)
    return widest * max(rows, default=0)


def _position(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place


def _is_encrypted_ods(archive: zipfile.ZipFile) -> bool:
    try:
        if archive.getinfo(_MANIFEST).file_size > _RATIO_FROM:
            return False
        return b"encryption-data" in archive.read(_MANIFEST)
    except (KeyError, zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError, ValueError):
        return False
