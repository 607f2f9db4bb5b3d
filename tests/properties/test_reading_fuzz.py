"""Files made wrong: nothing but a roster or a refusal comes out of them, within seconds and a gigabyte."""

import csv
import io
from pathlib import Path

import pytest
import xlsxwriter
from benchmarks.reading.fuzz import SEED_KINDS, Fuzzed, fuzz, gather_seeds
from hypothesis import given, settings
from hypothesis import strategies as st

from rosterdiff.errors import UnreadableFile
from rosterdiff.frames import Roster
from rosterdiff.reading import read_roster

LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
CELLS = st.sampled_from(
    ("Given Name", "Surname", "Name", "DOB", "Year", "Class", "ID", "Required", "Total", "3/4/2016", "31/02/2015",
     "43210", "Torenbek, Ilva (Ilo)", "<clear>", "1.2E+09", "Year 3", "", " ", "\xa0", '"', "\n", "=1+1", "#N/A", "王")
) | st.text(LETTERS, max_size=8)  # fmt: skip
GRIDS = st.lists(st.lists(CELLS, max_size=7), max_size=10)
NUMBERS = st.integers(-(10**16), 10**16) | st.floats(allow_nan=False, allow_infinity=False) | st.booleans()
"""What else than text a cell of a workbook can be."""


def read(data: bytes, filename: str) -> Roster | None:
    """The roster, or nothing where it was refused."""
    try:
        return read_roster(data, filename=filename)
    except UnreadableFile:
        return None


def hold_well(roster: Roster | None, lines: int) -> None:
    """A roster has at most the rows that the file has, each once, and issues at places that exist."""
    if roster is None:
        return
    assert len(roster) <= lines
    rows = roster.frame.select("source_sheet", "source_row")
    assert rows.n_unique() == rows.height
    assert roster.issues["message"].null_count() == 0
    assert roster.issues["cell"].drop_nulls().str.contains(r"^[A-Z]+\d+$").all()


@settings(max_examples=120)
@given(
    GRIDS,
    st.booleans(),
    st.sampled_from(",;\t|"),
    st.sampled_from(("utf-8", "utf-16", "cp1252", "shift-jis", "gb18030")),
)
def test_any_table_as_text(grid: list[list[str]], headed: bool, separator: str, encoding: str) -> None:
    stream = io.StringIO()
    rows = [["Given Name", "Surname", "DOB", "Year", "ID"], *grid] if headed else grid
    csv.writer(stream, delimiter=separator).writerows(rows)
    data = stream.getvalue().encode(encoding, "replace")
    hold_well(read(data, "a.csv"), stream.getvalue().count("\n") + 1)


@settings(max_examples=60)
@given(st.lists(st.lists(CELLS | NUMBERS, max_size=6), max_size=8), st.integers(0, 5), st.integers(0, 3), st.booleans())
def test_any_table_as_a_workbook(grid: list[list[object]], top: int, left: int, headed: bool) -> None:
    stream = io.BytesIO()
    rows = [["Given Name", "Surname", "DOB", "Year", "ID"], *grid] if headed else grid
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet()
        for row, line in enumerate(rows, top):
            for place, cell in enumerate(line, left):
                if isinstance(cell, str):
                    sheet.write_string(row, place, cell)
                else:
                    sheet.write(row, place, cell)
    hold_well(read(stream.getvalue(), "a.xlsx"), len(rows))


def hold_fuzzed(found: Fuzzed) -> None:
    """No failures; and the files were not all refused, which would prove nothing."""
    assert found.failures == (), found.failures[:10]
    assert found.came.get("roster", 0) * 20 > found.files
    assert found.files > 20


def test_files_made_wrong_for_some_seconds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ROSTERDIFF_SHARED", str(tmp_path))
    hold_fuzzed(fuzz(8.0, 1, gather_seeds(("text", "sheets"), with_corpus=False)))


@pytest.mark.soak
def test_files_made_wrong_for_ten_minutes() -> None:
    hold_fuzzed(fuzz(600.0, 2, gather_seeds(SEED_KINDS)))
