"""The assignment is one to one and of the greatest total value, and knows what each of its pairs is worth."""

import time
from itertools import permutations

import numpy as np
import polars as pl
import pytest

from rosterdiff.matching import solve as module
from rosterdiff.matching.assign import assign

Values = dict[tuple[int, int], int]
SIZES = {"dense": {}, "sparse": {"DENSE_CELLS": 0, "WALK_NODES": 0, "WALK_ROWS": 1_500}}
"""Constants that send small cases the way of large ones."""


@pytest.fixture(params=SIZES, autouse=True)
def _size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every rule holds for small components and for large ones."""
    for name, value in SIZES[request.param].items():
        monkeypatch.setattr(module, name, value)


def assigned(values: Values) -> list[tuple[int, int, int]]:
    return assign(_pairs(values)).rows()


def _pairs(values: Values) -> pl.DataFrame:
    lines = [(row, student, value) for (row, student), value in values.items()]
    return pl.DataFrame(lines, schema={"row": pl.UInt32, "student": pl.UInt32, "value_mb": pl.Int32}, orient="row")


def test_no_pairs_give_no_assignment() -> None:
    found = assign(_pairs({}))
    assert found.is_empty()
    assert found.schema == {"row": pl.UInt32, "student": pl.UInt32, "margin_mb": pl.Int64}


def test_a_pair_without_rivals_is_worth_all_its_value() -> None:
    assert assigned({(3, 7): 9000}) == [(3, 7, 9000)]


@pytest.mark.parametrize("value", [0, -1, -9000])
def test_a_pair_that_is_worth_nothing_is_never_chosen(value: int) -> None:
    assert assigned({(0, 0): value, (1, 0): value, (1, 1): 5}) == [(1, 1, 5)]


def test_of_two_rivals_the_better_is_chosen_and_worth_the_difference() -> None:
    assert assigned({(0, 0): 9000, (1, 0): 4000}) == [(0, 0, 5000)]
    assert assigned({(0, 0): 4000, (0, 1): 9000}) == [(0, 1, 5000)]


def test_the_whole_counts_and_not_the_best_single_pair() -> None:
    """The best pair would leave the other row without partner."""
    assert assigned({(0, 0): 10_000, (0, 1): 9000, (1, 0): 9000}) == [(0, 1, 8000), (1, 0, 8000)]


def test_a_row_stays_alone_where_its_partner_is_worth_more_to_another() -> None:
    values = {(0, 0): 10_000, (0, 1): 2000, (1, 0): 7000, (2, 1): 9000}
    assert assigned(values) == [(0, 0, 3000), (2, 1, 9000)]


def test_a_chain_is_followed_to_its_end() -> None:
    """Forbidding one pair moves it and all after it along, each losing 100: they take the student of the next."""
    chain = {(i, i): 5000 for i in range(6)} | {(i, i + 1): 4900 for i in range(6)}
    assert assigned(chain) == [(i, i, 100 * (6 - i)) for i in range(6)]


def test_students_who_are_equal_to_a_row_have_no_margin() -> None:
    found = assigned({(0, 0): 5000, (0, 1): 5000})
    assert [(row, margin) for row, _, margin in found] == [(0, 0)]


def test_twins_who_could_be_exchanged_have_no_margin() -> None:
    found = assigned({(r, s): 5000 for r in range(2) for s in range(2)})
    assert sorted(s for _, s, _ in found) == [0, 1]
    assert [margin for _, _, margin in found] == [0, 0]


def test_rows_that_would_exchange_their_students_lose_what_both_are_worth_less() -> None:
    """The way round a circle counts every pair that is given up, those too that were never in doubt."""
    assert assigned({(0, 0): 1, (0, 1): 1, (1, 0): 1, (1, 1): 2}) == [(0, 0, 1), (1, 1, 1)]
    three = {(0, 0): 9000, (1, 1): 9500, (2, 2): 20_000, (0, 1): 8000, (1, 2): 9000, (2, 0): 18_000}
    assert assigned(three) == [(0, 0, 3500), (1, 1, 3500), (2, 2, 3500)]


def test_more_equal_rows_than_students_leave_some_alone_and_nobody_certain() -> None:
    found = assigned({(r, s): 5000 for r in range(4) for s in range(2)})
    assert len(found) == len({r for r, _, _ in found}) == 2
    assert {margin for _, _, margin in found} == {0}


def test_the_order_of_the_pairs_decides_nothing() -> None:
    values = {(0, 0): 5000, (0, 1): 5000, (1, 0): 5000, (1, 1): 5000, (2, 1): 700}
    expected = assigned(values)
    assert all(assigned(dict(order)) == expected for order in permutations(values.items()))


def test_components_do_not_touch_each_other_and_come_sorted_by_row() -> None:
    one = {(0, 5): 5000, (4, 5): 4000}
    other = {(1, 2): 6000, (3, 2): 6500, (3, 0): 100}
    assert assigned(one | other) == sorted(assigned(one) + assigned(other))


def test_values_of_many_bits_add_exactly() -> None:
    great = 2**31 - 1
    assert assigned({(0, 0): great, (1, 0): great - 1}) == [(0, 0, 1)]


def test_no_row_and_no_student_occurs_twice() -> None:
    found = assign(_random(60, 5))
    assert found["row"].is_unique().all()
    assert found["student"].is_unique().all()
    assert (found["margin_mb"] >= 0).all()


def _random(size: int, degree: int) -> pl.DataFrame:
    rng = np.random.default_rng(4)
    edges = size * degree
    return (
        pl.DataFrame(
            {
                "row": rng.integers(0, size, edges),
                "student": rng.integers(0, size, edges),
                "value_mb": rng.integers(-5000, 20_000, edges),
            }
        )
        .unique(["row", "student"], keep="first", maintain_order=True)
        .cast({"row": pl.UInt32, "student": pl.UInt32, "value_mb": pl.Int32})
    )


def test_large_components_are_solved_like_small_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """On random values, where no two assignments are worth the same."""
    pairs = _random(120, 4)
    found = assign(pairs)
    for name, value in {"DENSE_CELLS": 4_000_000, "WALK_NODES": 1000}.items():
        monkeypatch.setattr(module, name, value)
    assert found.equals(assign(pairs))


def test_a_student_whom_20_000_rows_claim_is_given_in_a_second() -> None:
    started = time.process_time()
    assert assigned({(row, 0): 5000 + row for row in range(20_000)}) == [(19_999, 0, 1)]
    assert time.process_time() - started < 2


def test_a_component_of_a_thousand_is_solved_in_seconds() -> None:
    """What common names without birth dates give: everyone hangs together with everyone."""
    started = time.perf_counter()
    assert assign(_random(1000, 5)).height > 850
    assert time.perf_counter() - started < 4
