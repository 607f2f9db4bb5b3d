"""Files that are damaged, encrypted, bombs or something else are refused with their code, within seconds."""

import gzip
import io
import os
import time
import zipfile

import pytest
from openpyxl import Workbook

from rosterdiff.config import ReadOptions
from rosterdiff.errors import UnreadableFile
from rosterdiff.reading import read_roster
from workbook_bytes import MAIN, RELATED, STUDENTS, archive, compound, parts, record, xlsx

CSV = b"Given Name,Surname\nIlva,Torenbek\n"
HERE = ReadOptions(isolate=False)
LINUX = pytest.mark.skipif(os.uname().sysname != "Linux", reason="the system keeps no limit of memory")


def answer(data: bytes, options: ReadOptions | None = None) -> str | int:
    """The number of rows, or the code of the refusal; in either way of opening the same, unless options say which."""
    answers = {_answer(data, options) for options in ([options] if options else [ReadOptions(), HERE])}
    assert len(answers) == 1, answers
    return answers.pop()


def _answer(data: bytes, options: ReadOptions) -> str | int:
    begun = time.monotonic()
    try:
        return len(read_roster(data, filename="x", options=options))
    except UnreadableFile as error:
        return error.code
    finally:
        assert time.monotonic() - begun < 30


def far_cell(reference: str) -> bytes:
    return xlsx(f'{STUDENTS}<row r="{reference.lstrip("ABCDEFX")}"><c r="{reference}"><v>1</v></c></row>')


@pytest.mark.parametrize("name", ["EncryptedPackage", "EncryptionInfo"])
def test_an_encrypted_workbook_in_its_envelope_is_named(name: str) -> None:
    assert answer(compound(name, b"x")) == "encrypted"


def test_an_encrypted_xls_shows_by_its_records() -> None:
    assert answer(compound("Workbook", record(0x809, b"\x00" * 16) + record(0x2F, b"\x01\x00") + record(0x85))) == (
        "encrypted"
    )
    after_the_sheets = record(0x809, b"\x00" * 16) + record(0x85) + record(0x2F)
    assert answer(compound("Workbook", after_the_sheets)) != "encrypted"


def test_a_chain_that_comes_back_to_itself_is_refused() -> None:
    assert answer(compound("Workbook", b"x" * 9000, next_of_first=2)) == "damaged"
    assert answer(compound("Workbook", b"x" * 9000, next_of_first=90_000)) == "damaged"


@pytest.mark.parametrize("length", [8, 76, 300, 512, 600, 1100])
def test_a_truncated_xls_is_refused(length: int) -> None:
    assert answer(compound("Workbook", record(0x809, b"\x00" * 16))[:length]) == "damaged"


@pytest.mark.parametrize("part", [0.01, 0.1, 0.5, 0.9, 0.99])
def test_a_truncated_xlsx_is_refused(part: float) -> None:
    whole = xlsx()
    assert answer(whole[: int(len(whole) * part)]) == "damaged"


def test_a_bomb_is_refused_by_its_declared_sizes() -> None:
    bomb = archive({"xl/workbook.xml": "<x/>", "xl/worksheets/sheet1.xml": b"\0" * (32 << 20)})
    assert len(bomb) < 100_000
    assert answer(bomb) == "inflated"


def test_how_far_an_archive_may_grow_is_an_option() -> None:
    filler = archive({"a.csv": CSV + (b" " * 63 + b"\n") * (20 << 14)})
    assert answer(filler, ReadOptions()) == "inflated"
    assert answer(filler, ReadOptions(max_ratio=10_000)) == 1
    assert answer(filler, ReadOptions(max_ratio=10_000, max_unpacked=1 << 20)) == "inflated"


def test_two_members_of_one_name_are_refused() -> None:
    assert answer(archive({"xl/workbook.xml": "a", "XL\\workbook.xml": "b"})) == "damaged"


def test_an_archive_of_other_files_is_no_spreadsheet() -> None:
    assert answer(archive({"photo.jpg": b"x", "more.jpg": b"x"})) == "not_a_spreadsheet"
    assert answer(archive({"photo.jpg": b"\xff\xd8\xff\xe0"})) == "not_a_spreadsheet"
    assert answer(archive({"[Content_Types].xml": "", "word/document.xml": ""})) == "not_a_spreadsheet"


def test_an_encrypted_ods_is_named() -> None:
    assert (
        answer(archive({"content.xml": b"x", "META-INF/manifest.xml": b"<manifest:encryption-data/>"})) == "encrypted"
    )
    package = {"encrypted-package": b"x", "META-INF/manifest.xml": b"<manifest:encryption-data/>"}
    assert answer(archive(package)) == "encrypted"


def test_a_workbook_without_its_parts_is_damaged() -> None:
    assert answer(archive({"xl/workbook.xml": b"<workbook"})) == "damaged"


@LINUX
@pytest.mark.parametrize("cell", ["XFD1048576", "AD1048576"])
def test_two_cells_far_apart_neither_take_the_memory_nor_this_process(cell: str) -> None:
    """The native reader would lay out all cells between them, and abort: that happens in the other process."""
    assert answer(far_cell(cell), ReadOptions()) == "too_much_memory"


def test_two_cells_far_apart_are_refused_beforehand_where_no_limit_of_memory_holds() -> None:
    assert answer(far_cell("XFD1048576"), HERE) == "inflated"


def test_a_sheet_that_claims_two_to_the_forty_cells_is_refused() -> None:
    rows = f'{STUDENTS}<row r="{1 << 40}"><c r="A{1 << 40}"><v>1</v></c></row>'
    assert answer(xlsx(rows)) == "damaged"


def test_a_dimension_that_lies_is_not_believed() -> None:
    for claimed in ("A1", "A1:XFD1048576", "ZZ9:A1"):
        written = parts()
        sheet = "xl/worksheets/sheet1.xml"
        written[sheet] = written[sheet].replace("<sheetData>", f'<dimension ref="{claimed}"/><sheetData>')
        assert answer(archive(written)) == 1


def test_one_stray_cell_far_below_a_list_is_read_in_seconds() -> None:
    assert answer(far_cell("C1048576"), ReadOptions()) == 2


def test_empty_cells_at_the_end_of_a_sheet_do_not_count() -> None:
    """Formatting down to the last row is what people do."""
    assert answer(xlsx(f'{STUDENTS}<row r="1048576"><c r="XFD1048576" s="0"/></row>')) == 1


def test_a_million_columns_are_refused() -> None:
    assert answer(xlsx(f'<row r="1">{"<c><v>1</v></c>" * 1_000_000}</row>')) in {"too_many_columns", "damaged"}
    assert answer(b",".join([b"a"] * 1_000_000) + b"\n" + b",".join([b"b"] * 1_000_000)) == "too_many_columns"


def test_a_cell_of_half_a_gigabyte_is_refused() -> None:
    """Declared, it grows too much; what does not look so is too long a cell."""
    repeated = archive({"xl/workbook.xml": "", "xl/worksheets/sheet1.xml": b"A" * 500_000_000})
    assert answer(repeated) == "inflated"
    noise = os.urandom(3_000_000).hex()
    assert answer(xlsx(STUDENTS.replace("Ilva", noise))) == "cell_too_long"
    assert answer(b"Given Name,Surname\n" + noise.encode() + b",Torenbek\n") == "cell_too_long"
    assert answer(xlsx(STUDENTS.replace("Ilva", "A" * 300)), ReadOptions(max_cell_length=200)) == "cell_too_long"


@LINUX
def test_a_long_text_shared_by_many_cells_is_refused() -> None:
    """Five million letters once in the file, and three thousand times in memory."""
    cells = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(3, 3000))
    written = parts(STUDENTS + cells)
    written["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}"><si><t>{"A" * 5_000_000}</t></si></sst>'
    written["xl/_rels/workbook.xml.rels"] = written["xl/_rels/workbook.xml.rels"].replace(
        "</Relationships>",
        f'<Relationship Id="rId3" Type="{RELATED}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    )
    assert answer(archive(written), ReadOptions()) == "too_much_memory"


def test_entities_are_not_expanded() -> None:
    entities = '<!ENTITY l0 "lol">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = xlsx(STUDENTS.replace("Ilva", "&l9;"), before=f"<!DOCTYPE x [{entities}]>")
    assert answer(bomb) == "damaged"
    circle = xlsx(STUDENTS.replace("Ilva", "&a;"), before='<!DOCTYPE x [<!ENTITY a "&b;"><!ENTITY b "&a;">]>')
    assert answer(circle) == "damaged"


def test_an_archive_of_too_many_members_is_refused() -> None:
    assert answer(archive({f"a{number}": b"" for number in range(11_000)}, zipfile.ZIP_STORED)) == "inflated"


def test_nuls_alone_are_an_empty_file() -> None:
    assert answer(b"\0" * 1_000_000) == "empty"


def test_a_list_in_gzip_or_alone_in_an_archive_is_read() -> None:
    litter = {"__MACOSX/._3B.csv": b"x", ".DS_Store": b"x", "folder/Thumbs.db": b"x"}
    assert answer(gzip.compress(CSV)) == 1
    assert answer(gzip.compress(CSV[:10]) + gzip.compress(CSV[10:])) == 1
    assert answer(gzip.compress(xlsx())) == 1
    assert answer(archive({"folder/3B.csv": CSV, **litter})) == 1
    assert answer(archive({"folder/3B.xlsx": xlsx(), "readme.txt": b"hello"})) == 1


def test_an_archive_of_several_lists_is_refused_by_name() -> None:
    with pytest.raises(UnreadableFile, match="holds 2") as caught:
        read_roster(archive({"3A.csv": CSV, "3B.csv": CSV}), filename="classes.zip")
    assert caught.value.code == "several_files"
    assert "Unpack it" in caught.value.hint


def test_an_archive_within_an_archive_is_refused() -> None:
    inner = archive({"3B.csv": CSV})
    for nested in (archive({"a.zip": inner}), gzip.compress(gzip.compress(CSV)), archive({"a.gz": gzip.compress(CSV)})):
        assert answer(nested) == "not_a_spreadsheet"
    assert answer(gzip.compress(inner)) == "not_a_spreadsheet"


def test_a_damaged_gzip_is_refused() -> None:
    packed = gzip.compress(os.urandom(5000))
    assert answer(packed[:-2000]) == "damaged"
    assert answer(packed[:500] + b"\xff" * 100 + packed[600:]) == "damaged"
    assert answer(gzip.compress(b"\0" * 40_000_000)) == "inflated"


def test_a_list_in_an_archive_may_be_as_large_as_one_by_itself() -> None:
    for packed in (gzip.compress(CSV), archive({"a.csv": CSV}, zipfile.ZIP_STORED)):
        assert answer(packed, ReadOptions(max_bytes=max(len(packed), len(CSV)))) == 1
    long = CSV + b"Maro,Quendel\n" * 500
    for packed in (gzip.compress(long), archive({"a.csv": long})):
        assert answer(packed, ReadOptions(max_bytes=len(packed))) == "too_large"


def test_a_workbook_of_more_sheets_than_any_school_has_classes_is_refused_unless_they_are_named() -> None:
    book, stream = Workbook(), io.BytesIO()
    for name in ("3B", "3C"):
        sheet = book.create_sheet(name)
        sheet.append(["Given Name", "Surname"])
        sheet.append(["Ilva", "Torenbek"])
    book.remove(book.worksheets[0])
    book.save(stream)
    assert answer(stream.getvalue(), ReadOptions(max_sheets=1)) == "too_many_sheets"
    assert answer(stream.getvalue(), ReadOptions(max_sheets=1, sheets=("3C",))) == 1
    assert answer(stream.getvalue(), ReadOptions(max_sheets=2)) == 2


@pytest.mark.parametrize("text", ["\n", '"x"\n', ",\n"])
def test_a_text_of_too_many_lines_is_refused_before_it_is_cut(text: str) -> None:
    assert answer(CSV + text.encode() * 200, ReadOptions(max_rows=50)) == "too_many_rows"


def test_the_length_of_a_cell_is_counted_in_characters() -> None:
    long = CSV.replace(b"Torenbek", ("é" * 60).encode())
    assert answer(long, ReadOptions(max_cell_length=60)) == 1
    assert answer(long, ReadOptions(max_cell_length=59)) == "cell_too_long"
