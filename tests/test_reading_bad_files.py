"""Files that are damaged, encrypted or bombs are refused with their code, before a native reader sees them."""

import io
import struct
import zipfile

import pytest
from rosterdiff.reading.archives import check_archive
from rosterdiff.reading.compound import check_compound

from rosterdiff.errors import UnreadableFile
from rosterdiff.reading import read_roster

END, FREE, OF_FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def archive(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in members.items():
            zipped.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def compound(name: str, content: bytes, *, next_of_first: int | None = None) -> bytes:
    """A compound file of one stream: sector 0 the FAT, sector 1 the directory, then the stream."""
    content = content.ljust(4096, b"\x00")
    count = len(content) // 512
    fat = [OF_FAT, END, *range(3, 2 + count), END]
    if next_of_first is not None:
        fat[2] = next_of_first
    fat += [FREE] * (128 - len(fat))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        62,
        3,
        0xFFFE,
        9,
        6,
        0,
        1,
        1,
        0,
        4096,
        END,
        0,
        END,
        0,
        0,
    ) + struct.pack("<108I", *[FREE] * 108)
    entries = b""
    for entry, kind, first, size in (("Root Entry", 5, END, 0), (name, 2, 2, len(content))):
        text = (entry + "\0").encode("utf-16-le")
        entries += (text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)).ljust(116, b"\0")
        entries += struct.pack("<III", first, size, 0)
    return header + struct.pack("<128I", *fat) + entries.ljust(512, b"\0") + content


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def code_of(check: object, data: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        check(data, "x")  # type: ignore[operator]
    return caught.value.code


@pytest.mark.parametrize("name", ["EncryptedPackage", "EncryptionInfo"])
def test_an_encrypted_workbook_in_its_envelope_is_named(name: str) -> None:
    assert code_of(check_compound, compound(name, b"x")) == "encrypted"


def test_an_encrypted_xls_shows_by_its_records() -> None:
    records = record(0x809, b"\x00" * 16) + record(0x2F, b"\x01\x00") + record(0x85)
    assert code_of(check_compound, compound("Workbook", records)) == "encrypted"
    check_compound(compound("Workbook", record(0x809, b"\x00" * 16) + record(0x85) + record(0x2F)), "x")


def test_a_chain_that_comes_back_to_itself_is_refused() -> None:
    assert code_of(check_compound, compound("Workbook", b"x" * 9000, next_of_first=2)) == "damaged"
    assert code_of(check_compound, compound("Workbook", b"x" * 9000, next_of_first=90_000)) == "damaged"


@pytest.mark.parametrize("length", [8, 76, 300, 512, 600, 1100])
def test_a_truncated_xls_is_refused(length: int) -> None:
    assert (
        code_of(lambda data, _: read_roster(data), compound("Workbook", record(0x809, b"\x00" * 16))[:length])
        == "damaged"
    )


def test_a_bomb_is_refused_by_its_declared_sizes() -> None:
    bomb = archive(xl__workbook=b"x", **{"xl__workbook.xml": b"<x/>", "xl__sheet.xml": b"\0" * (32 << 20)})
    assert len(bomb) < 100_000
    assert code_of(check_archive, bomb) == "inflated"


def test_two_members_of_one_name_are_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as zipped:
        zipped.writestr("xl/workbook.xml", "a")
        zipped.writestr("XL\\workbook.xml", "b")
    assert code_of(check_archive, stream.getvalue()) == "damaged"


def test_an_archive_of_other_files_is_no_spreadsheet() -> None:
    assert code_of(check_archive, archive(**{"photo.jpg": b"x"})) == "not_a_spreadsheet"


def test_an_encrypted_ods_is_named() -> None:
    members = {"content.xml": b"x", "META-INF__manifest.xml": b"<manifest:encryption-data/>"}
    assert code_of(check_archive, archive(**members)) == "encrypted"


def test_a_workbook_without_its_parts_is_damaged() -> None:
    assert code_of(lambda data, _: read_roster(data), archive(**{"xl__workbook.xml": b"<workbook"})) == "damaged"


def sheet(*cells: str) -> bytes:
    return ("<worksheet><sheetData><row>" + "".join(cells) + "</row></sheetData></worksheet>").encode()


def test_two_cells_at_the_ends_of_a_sheet_are_refused() -> None:
    """The native reader would lay out seventeen thousand million cells between them, and abort."""
    far = archive(
        **{
            "xl__workbook.xml": b"x",
            "xl__s.xml": sheet("<c r='A1'><v>1</v></c>", '<c s="1" r="XFD1048576" t="n"><v>1</v></c>'),
        }
    )
    assert code_of(check_archive, far) == "inflated"


def test_empty_cells_at_the_end_of_a_sheet_do_not_count() -> None:
    """Formatting down to the last row is what people do."""
    formatted = archive(
        **{"xl__workbook.xml": b"x", "xl__s.xml": sheet('<c r="A1"><v>1</v></c>', '<c r="XFD1048576" s="1"/>')}
    )
    check_archive(formatted, "x")


def test_a_cell_is_found_across_the_pieces_in_which_a_sheet_is_unpacked() -> None:
    filler = b" " * ((8 << 20) - 40)
    far = archive(**{"xl__workbook.xml": b"x", "xl__s.xml": filler + sheet('<c r="XFD1048576"><v>1</v></c>')})
    assert code_of(check_archive, far) == "inflated"
