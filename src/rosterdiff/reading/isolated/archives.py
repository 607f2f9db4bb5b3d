"""What can be known of an archive before it is opened, and the lists in one that is no workbook.

Invariants: sizes are those that the archive declares, and no more is unpacked than they say; two members of one name,
which two readers would read differently, are refused.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from rosterdiff.reading.isolated.frames import Found, Frame, Kind, Limits, RefusedError, Request

_RATIO_FROM: Final = 16 << 20  # small members may shrink as they like
_MOST_MEMBERS: Final = 10_000
_MOST_CELLS: Final = 20_000_000
_PIECE: Final = 8 << 20
_OVERLAP: Final = 256
_FILLED: Final = re.compile(rb"""\sr=["']([A-Z]{1,3})(\d{1,7})["'](?:[^>]*[^>/])?>""")
"""The place of a cell that is not empty."""
_WORKBOOKS: Final = (
    "xl/workbook.xml", "xl/workbook.bin", "content.xml", "encrypted-package", "_rels/.rels", "[content_types].xml",
)  # fmt: skip
_OTHERS: Final[Mapping[str, Found]] = {
    "word/document.xml": Found.TEXT_DOCUMENT,
    "ppt/presentation.xml": Found.PRESENTATION,
    "index/document.iwa": Found.NUMBERS,
}
"""A member by which other documents are known."""
_LISTS: Final = (".csv", ".tsv", ".tab", ".txt", ".xls", ".xlsx", ".xlsm", ".xlsb", ".ods", ".gz", ".zip")
_LITTER: Final = re.compile(r"(?i)(?:^|/)(?:__MACOSX/.*|\.[^/]*|thumbs\.db|desktop\.ini|readme[^/]*)$|/$")
"""Members that systems and exporters leave beside a list; folders."""
_ONEROSTER: Final = ("users.csv", "manifest.csv", "enrollments.csv", "classes.csv", "orgs.csv")
_ONEROSTER_FURTHER: Final = ("roles.csv", "demographics.csv", "academicsessions.csv")
UNPACKING_ERRORS: Final = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError, ValueError, RuntimeError, KeyError,
    OverflowError,
)  # fmt: skip
"""What the standard library raises over archives that are not whole, or packed in ways it does not know."""


def open_archive(data: bytes, request: Request) -> zipfile.ZipFile:
    """Open an archive that is what an honest one is.

    Raises:
        RefusedError: it is damaged, encrypted, or a bomb.

    """
    if data.count(b"PK\x01\x02") > _MOST_MEMBERS:
        raise RefusedError("inflated")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except UNPACKING_ERRORS as error:
        raise RefusedError("damaged", Found.NO_ARCHIVE) from error
    members = archive.infolist()
    _check_members(members, request.limits)
    if any(member.flag_bits & 1 for member in members):
        raise RefusedError("encrypted")
    if not request.guarded and any(_extent(archive, m) > _MOST_CELLS for m in members if m.filename.endswith(".xml")):
        raise RefusedError("inflated")
    return archive


def plain_name(name: str) -> str:
    """A member's path with strokes that lean forward and small letters, by which members are found."""
    return name.replace("\\", "/").casefold().lstrip("/")


def _check_members(members: Sequence[zipfile.ZipInfo], limits: Limits) -> None:
    if not members:
        raise RefusedError("damaged", Found.EMPTY_ARCHIVE)
    if len({plain_name(member.filename) for member in members}) < len(members):
        raise RefusedError("damaged", Found.TWO_OF_ONE_NAME)
    if len(members) > _MOST_MEMBERS or sum(m.file_size for m in members) > limits.max_unpacked:
        raise RefusedError("inflated")
    if any(m.file_size > _RATIO_FROM and m.file_size > limits.max_ratio * max(m.compress_size, 1) for m in members):
        raise RefusedError("inflated")


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Whether this is a workbook's archive, and not one of files.

    Raises:
        RefusedError: it is another document.

    """
    names = {plain_name(member.filename) for member in archive.infolist()}
    for name, found in _OTHERS.items():
        if name in names:
            raise RefusedError("not_a_spreadsheet", found)
    return bool(names & set(_WORKBOOKS))


def read_members(archive: zipfile.ZipFile, request: Request) -> Iterator[Frame]:
    """The one list of an archive, or the lists of a OneRoster export under their names.

    Raises:
        RefusedError: it holds no list, several, or a further archive.

    """
    if request.nested:
        raise RefusedError("not_a_spreadsheet", Found.NESTED)
    members = [member for member in archive.infolist() if not _LITTER.search(member.filename.replace("\\", "/"))]
    lists = [member for member in members if plain_name(member.filename).endswith(_LISTS)]
    if not lists and len(members) != 1:
        raise RefusedError("not_a_spreadsheet", Found.OTHER_FILES)
    if export := _oneroster_members(lists):
        for name, member in export.items():
            yield _member(archive, member, name, request.limits)
    elif len(lists or members) > 1:
        raise RefusedError("several_files", limit=len(lists))
    else:
        yield _member(archive, (lists or members)[0], "", request.limits)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, limits: Limits) -> Frame:
    """A list in an archive, no larger than one that is sent by itself."""
    if member.file_size > limits.max_bytes:
        raise RefusedError("too_large", limit=limits.max_bytes)
    return Frame(Kind.MEMBER, {"name": name}, [read_member(archive, member)])


def _oneroster_members(lists: Sequence[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """The files of a OneRoster export by their names, all of one folder; none where this is no export."""
    found = dict[str, zipfile.ZipInfo]()
    users = [plain_name(member.filename) for member in lists if plain_name(member.filename).endswith("users.csv")]
    folder = min(users, key=len, default="").removesuffix("users.csv")
    for member in lists:
        name = plain_name(member.filename).removeprefix(folder)
        if name in _ONEROSTER or name in _ONEROSTER_FURTHER:
            found[name] = member
    return found if len(found) > 1 and len(set(_ONEROSTER) & set(found)) > 1 else {}


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Unpack one member.

    Raises:
        RefusedError: it cannot be unpacked.

    """
    try:
        return archive.read(member)
    except UNPACKING_ERRORS as error:
        raise RefusedError("damaged", Found.BROKEN_ARCHIVE) from error


def _extent(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    """The number of cells from the first of a sheet to the last that is filled, both ways; 0 for other members.

    The native reader lays a table of them all out, and ends the process where it finds no room; this is asked only
    where no limit of the system holds it.
    """
    columns, rows, piece = set[bytes](), set[int](), b""
    try:
        with archive.open(member) as file:
            while more := file.read(_PIECE):
                piece = piece[-_OVERLAP:] + more
                found = _FILLED.findall(piece)
                columns.update({letters for letters, _ in found})
                rows.add(max((int(row) for row in {row for _, row in found}), default=0))
    except UNPACKING_ERRORS:
        return 0  # the native reader will say what it makes of it
    widest = max((column_number(letters) for letters in columns), default=0)
    return widest * max(rows, default=0)


def column_number(letters: bytes) -> int:
    """The number of a column from 1, of its letters.

    >>> [column_number(letters) for letters in (b"A", b"Z", b"AA", b"XFD")]
    [1, 26, 27, 16384]
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
