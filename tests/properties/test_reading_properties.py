"""Reading: what was written is read back, and nothing but a roster or a refusal comes out of any bytes."""

import contextlib
import csv
import io
import random
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rosterdiff.errors import UnreadableFile
from rosterdiff.frames import Roster
from rosterdiff.reading import read_roster
from rosterdiff.reports import write_template
from rosterdiff.schema import CANONICAL
from rosterdiff.testing import strategies
from rosterdiff.uploads import compile_uploads

WORDS = st.sampled_from(
    ("Given Name", "Surname", "Name", "Student", "Year", "Class", "DOB", "ID", "3/4/2016", "Torenbek, Ilva", "<clear>",
     "1.0", "Year 3", "", " ", "2016-03-14", "Password", "Total: 3", '"', "'", "=1+1", "\n", "ø", "王", "7")
) | st.text(max_size=6)  # fmt: skip
"""Cells of the kinds that decide something, and any others."""


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(base=strategies.rosters(min_size=1))
def test_a_template_sent_back_unedited_is_the_base(suffix: str, base: Roster) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"template.{suffix}"
        write_template(base, path)
        back = read_roster(path)
    columns = [*CANONICAL, *base.further]
    assert back.further == base.further
    assert back.frame.select(columns).equals(base.frame.select(columns))


@settings(max_examples=150)
@given(st.lists(st.lists(WORDS, max_size=6), max_size=8), st.sampled_from(",;\t|"))
def test_any_grid_of_text_is_a_roster_or_a_refusal(grid: list[list[str]], separator: str) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator)
    writer.writerow(["Given Name", "Surname", "Year", "Name", "ID", "DOB"][: max(map(len, grid), default=0)])
    writer.writerows(grid)
    data = stream.getvalue().encode("utf-8", "replace")
    try:
        roster = read_roster(data, filename="a.csv")
    except UnreadableFile:
        return
    assert len(roster) <= len(grid) * 3 + 3
    assert len(compile_uploads([roster])) == len(roster)
    numbers = roster.frame["source_row"]
    assert numbers.is_sorted()
    assert numbers.n_unique() == len(roster)


@settings(max_examples=150)
@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-16", "replace")))
def test_any_bytes_are_a_roster_or_a_refusal(data: bytes) -> None:
    with contextlib.suppress(UnreadableFile):
        assert isinstance(read_roster(data), Roster)


@settings(max_examples=30)
@given(strategies.rosters(min_size=1), st.randoms(use_true_random=False))
def test_the_order_of_uploads_and_of_their_rows_changes_no_content(base: Roster, dice: random.Random) -> None:
    frame = base.frame.select(list(CANONICAL))
    halves = [Roster.from_frame(frame, source_file="a.csv"), Roster.from_frame(frame.head(2), source_file="b.csv")]
    order = list(range(frame.height))
    dice.shuffle(order)
    shuffled = [Roster.from_frame(frame[order], source_file="a.csv"), halves[1]]
    content = [
        compile_uploads(rosters).frame.select(list(CANONICAL)).sort(pl.all().cast(pl.String))
        for rosters in (halves, halves[::-1], shuffled)
    ]
    assert content[1].equals(content[0])
    assert content[2].equals(content[0])
