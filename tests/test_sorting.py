"""Many rows are in the order that few are in: that of their values, nulls last."""

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosterdiff import sorting
from rosterdiff.schema import CANONICAL
from rosterdiff.sorting import sorted_rows

KINDS = {
    "name": (pl.String(), [None, "", "a", "aa", "B", "b", "é", "z", "\x00"]),
    "id": (pl.String(), [f"s{number}" for number in range(50)]),
    "born": (pl.Date(), [None, dt.date(1999, 3, 4), dt.date(2015, 1, 1), dt.date(2015, 1, 2)]),
    "grade": (CANONICAL["grade"], [None, "KG", "01", "12", "Other"]),
    "source_row": (pl.UInt32(), [None, 0, 5, 2**32 - 1]),
}


@st.composite
def frames(draw: st.DrawFn) -> pl.DataFrame:
    """A frame of some kinds of columns, and numbers that tell its rows apart."""
    count = draw(st.integers(0, 30))
    kinds = draw(st.lists(st.sampled_from(sorted(KINDS)), max_size=5))
    columns = {
        f"{kind} {place}": pl.Series(
            draw(st.lists(st.sampled_from(KINDS[kind][1]), min_size=count, max_size=count)), dtype=KINDS[kind][0]
        )
        for place, kind in enumerate(kinds)
    }
    return pl.DataFrame({**columns, "row": draw(st.permutations(range(count)))}, schema_overrides={"row": pl.UInt32})


@given(frames())
def test_rows_are_sorted_by_their_values_however_many_there_are(frame: pl.DataFrame) -> None:
    expected = frame.sort(*frame.columns, nulls_last=True)
    with pytest.MonkeyPatch.context() as patch:
        for few in (1_000, -1):
            patch.setattr(sorting, "FEW", few)
            assert frame[sorted_rows(frame, frame.columns)].equals(expected)


def test_more_columns_than_fit_into_one_number_are_sorted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorting, "FEW", -1)
    columns = {f"c{place}": [f"{(number * 7 + place) % 5}" for number in range(500)] for place in range(30)}
    frame = pl.DataFrame({**columns, "row": range(500)})
    assert frame[sorted_rows(frame, frame.columns)].equals(frame.sort(*frame.columns))
