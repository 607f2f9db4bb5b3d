"""On small rosters the fast matcher equals the slow, obvious one."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rosterdiff.frames import Roster, in_content_order
from rosterdiff.matching import MatchOptions, match_rosters, shipped_model
from rosterdiff.matching.assign import assign
from rosterdiff.matching.compare_names import compare_names
from rosterdiff.testing import school_years
from tests import oracle

VALUES = st.dictionaries(
    st.tuples(st.integers(0, 7), st.integers(0, 7)), st.integers(-3000, 30_000), min_size=1, max_size=40
)


@settings(max_examples=60, deadline=None)
@given(school_years(max_size=8))
def test_weights_and_assignment_equal_the_oracle(years: tuple[Roster, Roster]) -> None:
    base, incoming = (in_content_order(roster)[0] for roster in years)
    matches = match_rosters(base, incoming, MatchOptions(floor=0.0))
    if not len(base) or not len(incoming):
        assert matches.pairs.is_empty()
        return
    expected = oracle.pair_weights(base, incoming, step=matches.steps["step"][0])
    found = {(r, s): weight for r, s, weight in matches.pairs.select("row", "student", "weight_mb").iter_rows()}
    assert found == expected
    prior = shipped_model().prior(len(incoming), len(base))
    values = {pair: weight + prior for pair, weight in expected.items()}
    chosen = matches.pairs.filter("assigned").select("row", "student").rows()
    assert len({r for r, _ in chosen}) == len({s for _, s in chosen}) == len(chosen)
    assert sum(values[pair] for pair in chosen) == oracle.best_total(values, len(incoming), len(base))


@settings(max_examples=150, deadline=None)
@given(VALUES)
def test_margin_is_the_loss_when_the_pair_is_forbidden(values: dict[tuple[int, int], int]) -> None:
    assigned = assign(_frame(values))
    total = oracle.best_total(values, 8, 8)
    assert sum(values[r, s] for r, s, _ in assigned.iter_rows()) == total
    for row, student, margin in assigned.iter_rows():
        without = {pair: value for pair, value in values.items() if pair != (row, student)}
        assert margin == total - oracle.best_total(without, 8, 8)


@settings(max_examples=40, deadline=None)
@given(VALUES)
def test_large_components_are_solved_like_small_ones(values: dict[tuple[int, int], int]) -> None:
    small = assign(_frame(values))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rosterdiff.matching.solve.DENSE_CELLS", 0)
        patch.setattr("rosterdiff.matching.solve.WALK_NODES", 0)
        large = assign(_frame(values))
    totals = [sum(values[r, s] for r, s, _ in result.iter_rows()) for result in (small, large)]
    assert totals[0] == totals[1]
    if small["margin_mb"].min() != 0:
        assert small.equals(large)


@settings(max_examples=40, deadline=None)
@given(school_years(max_size=8))
def test_the_exact_pass_and_blocking_lose_no_certain_pair(years: tuple[Roster, Roster]) -> None:
    """Pairs that the full comparison is sure of are found without it."""
    base, incoming = (in_content_order(roster)[0] for roster in years)
    full = match_rosters(base, incoming).pairs.filter("assigned", pl.col("names_same"), pl.col("margin_mb") > 10_000)
    blocked = match_rosters(base, incoming, MatchOptions(full_pairs=0)).pairs.filter("assigned")
    assert full.select("row", "student").join(blocked, on=["row", "student"], how="anti").is_empty()


NAMES = [
    "anna", "ana", "ana maria", "maria", "maria ana", "j", "jo", "john", "katherine", "catherine", "kate", "katie",
    "hamilton", "hamliton", "hamiltons",
]  # fmt: skip


@given(st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_name_levels_do_not_depend_on_the_side(a: str, b: str) -> None:
    pairs = pl.DataFrame({"a": [a, b], "b": [b, a]}).unique(maintain_order=True)
    assert compare_names(pairs)["level"].n_unique() == 1


def _frame(values: dict[tuple[int, int], int]) -> pl.DataFrame:
    return pl.DataFrame(
        [(r, s, value) for (r, s), value in values.items()],
        schema={"row": pl.UInt32, "student": pl.UInt32, "value_mb": pl.Int32},
        orient="row",
    )
