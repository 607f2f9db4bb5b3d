"""Text files: the fast way and the patient one cut alike, and what is written is read back."""

import csv
import io

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from rosterdiff.config import ReadOptions
from rosterdiff.errors import UnreadableFile
from rosterdiff.reading.dialects import Dialect, sniff_dialect
from rosterdiff.reading.encodings import choose_encoding, decode
from rosterdiff.reading.grids import blank_to_null
from rosterdiff.reading.records import cut_patiently
from rosterdiff.reading.texts import Text, cut_quickly, read_text

PIECES = st.sampled_from(
    ['"', '""', ",", ";", "\n", "\r\n", "\r", " ", "a", "Ilva", "'", "\\", "ø", "1", "a,b\n", '"a",', "\t"]
)


def filled(cells: pl.DataFrame) -> list[list[str | None]]:
    """The rows without the blank ones at the end, and without the blank cells at theirs."""
    rows = [list(row) for row in blank_to_null(cells).rows()]
    for row in rows:
        while row and row[-1] is None:
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return rows


@settings(max_examples=600)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_what_is_cut_the_fast_way_is_cut_as_the_patient_one_does(text: str) -> None:
    dialect = sniff_dialect(text)
    quick = cut_quickly(Text(text.encode()), text, dialect)
    if quick is not None:
        patient, remarks = cut_patiently(text, dialect, 1000, 1000)
        assert filled(quick) == filled(patient)
        assert not [*remarks.unpaired, *remarks.otherwise, *remarks.short]


DAMAGED = st.sampled_from(['"', '""', ",", "\n", "\n", "\r\n", "a", "Ilva", "b,c,d\n", '"e', 'f"', "g,h,i\r\n"])


@settings(max_examples=600)
@given(st.lists(DAMAGED, max_size=40).map("".join))
def test_no_letter_is_lost_wherever_marks_do_not_pair(text: str) -> None:
    cells, _ = cut_patiently("x,y,z\n" + text, Dialect(width=3), 1000, 1000)
    kept = "".join(cell for row in cells.rows() for cell in row if cell)
    assert sorted(filter(str.isalpha, kept)) == sorted(filter(str.isalpha, "xyz" + text))


CELLS = st.text(alphabet='ab,;"\n ø1', max_size=6)


@settings(max_examples=200)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6), st.sampled_from(",;\t|"))
def test_what_is_written_by_the_rules_is_read_back(grid: list[list[str]], separator: str) -> None:
    """With a header that settles how lines are cut."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator).writerows([["Given Name", "Family Name", "Class"], *grid])
    try:
        read = read_text(stream.getvalue().encode(), "a.csv", ReadOptions())
    except UnreadableFile:
        raise AssertionError("a written file is readable") from None
    rows = [[cell if cell.strip() else None for cell in row] for row in grid]
    expected = pl.DataFrame(rows, schema={str(at): pl.String for at in range(3)}, orient="row")
    assert filled(read.cells)[1:] == filled(expected)


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_any_bytes_have_an_encoding_that_decodes_them_or_none(data: bytes) -> None:
    choice = choose_encoding(data)
    text = decode(data, choice.name)
    assert text is None or isinstance(text, str)
