"""Closed sets hold what texts say, and two columns of one set are equal where their numbers are."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from rosterdiff.matching.codes import as_one_set, closed_set, code_distinct
from rosterdiff.names import fold, map_distinct

TEXTS = st.lists(st.none() | st.sampled_from(["", " ", "Ilva", "ILVA", "Ro-Quin", "ro quin", "--"]))


@given(TEXTS)
def test_the_results_are_those_of_each_text_and_empty_ones_are_null(texts: list[str | None]) -> None:
    column = pl.Series("given", texts, dtype=pl.String)
    coded = code_distinct(column, fold)
    assert (coded.name, coded.to_list()) == ("given", map_distinct(column, fold).to_list())
    assert "" not in closed_set(coded)


@given(TEXTS)
def test_a_closed_set_is_coded_as_its_texts_are(texts: list[str | None]) -> None:
    column = pl.Series(texts, dtype=pl.String)
    closed = as_one_set([column])[0]
    assert code_distinct(closed, fold).to_list() == code_distinct(column, fold).to_list()


@given(TEXTS, TEXTS)
def test_columns_become_one_set_and_keep_their_texts(some: list[str | None], others: list[str | None]) -> None:
    columns = [
        pl.Series("some", some, dtype=pl.String),
        code_distinct(pl.Series("others", others, dtype=pl.String), str),
    ]
    before = [column.to_list() for column in columns]
    together = as_one_set(columns)
    assert [column.to_list() for column in together] == before
    assert [column.name for column in together] == ["some", "others"]
    assert together[0].dtype == together[1].dtype
