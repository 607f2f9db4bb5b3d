"""Probabilities are those of all one-to-one assignments, and the number of matches is estimated along with them."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oracle
from rosterdiff.matching.posterior import LEFT_OVER, PROBABILITY_DIGITS, ROUNDS, SHIPPED_WEIGHT, estimate_probabilities

Values = dict[tuple[int, int], int]
SHARE = 0.8


def estimated(weights: Values, rows: int, students: int) -> tuple[int, dict[tuple[int, int], float]]:
    """The prior, and the probability of each pair."""
    pairs = np.array(list(weights), dtype=np.int64).reshape(-1, 2)
    found = estimate_probabilities(
        (pairs[:, 0], pairs[:, 1]), np.array(list(weights.values()), dtype=np.int64), (rows, students), SHARE
    )
    return found.prior, dict(zip(weights, found.given_rivals.tolist(), strict=True))


def exact(weights: Values, prior: int) -> dict[tuple[int, int], float]:
    return oracle.exact_probabilities({pair: weight + prior for pair, weight in weights.items()})


# Rivals


def test_a_pair_without_rivals_has_the_probability_of_its_own_odds() -> None:
    prior, found = estimated({(0, 0): 9000}, 4, 4)
    odds = 2.0 ** ((9000 + prior) / 1000)
    assert found[0, 0] == pytest.approx(odds / (1 + odds), abs=1e-6)


def test_two_equal_rivals_share_what_one_would_have() -> None:
    _, found = estimated({(0, 0): 30_000, (0, 1): 30_000}, 4, 4)
    assert found[0, 0] == found[0, 1] == pytest.approx(0.5, abs=1e-3)


def test_a_rival_whose_student_is_somebody_elses_hardly_counts() -> None:
    """Row 0 resembles both students, but one of them is row 1's for certain."""
    alone = estimated({(0, 0): 12_000, (0, 1): 12_000}, 10, 10)[1][0, 0]
    beside = estimated({(0, 0): 12_000, (0, 1): 12_000, (1, 1): 40_000}, 10, 10)[1][0, 0]
    assert alone < 0.5
    assert beside > 0.9


def test_probabilities_of_a_row_and_of_a_student_add_up_to_one_at_most() -> None:
    weights = {(r, s): 15_000 + 1000 * (r * s % 3) for r in range(4) for s in range(4)}
    _, found = estimated(weights, 4, 4)
    for side, at in itertools.product((0, 1), range(4)):
        assert sum(p for pair, p in found.items() if pair[side] == at) <= 1 + 1e-3


WEIGHTS = st.one_of(st.integers(-4000, 24_000), st.integers(30_000, 60_000))
TREES = st.lists(st.tuples(st.integers(0, 30), WEIGHTS), min_size=1, max_size=9)


def tree_of(branches: list[tuple[int, int]]) -> Values:
    """A tree of rows and students: each branch joins a new one to one that is there already."""
    nodes: list[tuple[str, int]] = [("row", 0)]
    weights: Values = {}
    for to, weight in branches:
        side, at = nodes[to % len(nodes)]
        other = ("student" if side == "row" else "row", sum(kind != side for kind, _ in nodes))
        nodes.append(other)
        weights[(at, other[1]) if side == "row" else (other[1], at)] = weight
    return weights


@settings(max_examples=150)
@given(TREES)
def test_where_pairs_form_a_tree_they_are_exact(branches: list[tuple[int, int]]) -> None:
    """However far the weights are apart: a message that settled too early once gave a hopeless claim 0.9999."""
    weights = tree_of(branches)
    prior, found = estimated(weights, 12, 12)
    assert found == pytest.approx(exact(weights, prior), abs=1e-5)


def test_who_is_beaten_by_a_pair_that_is_beaten_itself_is_not_beaten() -> None:
    """The row's best student is somebody else's for certain, so that it may well be the other one."""
    weights = {(0, 0): 40_000, (1, 0): 75_000, (0, 1): 6000}
    prior, found = estimated(weights, 12, 12)
    assert found == pytest.approx(exact(weights, prior), abs=1e-5)
    assert found[0, 1] > 0.5


def test_who_claims_a_student_with_less_is_not_likely_beside_who_claims_him_with_his_id() -> None:
    _, found = estimated({(0, 0): 62_000, (1, 0): 34_000}, 400, 400)
    assert found[0, 0] > 0.999999
    assert found[1, 0] < 0.00001


@settings(max_examples=100)
@given(st.dictionaries(st.tuples(st.integers(0, 2), st.integers(0, 2)), st.integers(-2000, 20_000), min_size=1))
def test_on_small_loops_they_are_near(weights: Values) -> None:
    """Pairs that go round in circles are the price of not trying all assignments: a few hundredths at most matter."""
    prior, found = estimated(weights, 6, 6)
    truth = exact(weights, prior)
    assert found == pytest.approx(truth, abs=0.2)
    for pair, probability in found.items():
        if probability >= 0.99:
            assert truth[pair] >= 0.97


def test_what_is_certain_on_a_loop_of_twins_is_certain() -> None:
    """Twins resemble each other's account, too; each has his own given name."""
    weights = {(0, 0): 30_000, (1, 1): 30_000, (0, 1): 12_000, (1, 0): 12_000}
    prior, found = estimated(weights, 2, 2)
    assert found == pytest.approx(exact(weights, prior), abs=1e-3)
    assert found[0, 0] > 0.999


# The number of matches


@pytest.mark.parametrize(("rows", "students"), [(100, 100), (50, 200), (200, 50), (2, 3)])
def test_the_prior_is_that_of_as_many_matches_as_are_seen(rows: int, students: int) -> None:
    count = min(rows, students) // 2
    weights = {(at, at): 40_000 for at in range(count)}
    prior, found = estimated(weights, rows, students)
    smaller = min(rows, students)
    matches = (sum(found.values()) + SHIPPED_WEIGHT * SHARE * smaller) / (1 + SHIPPED_WEIGHT)
    assert prior == pytest.approx(oracle.prior(matches, rows, students), abs=2)


def test_the_more_of_two_lists_are_matched_the_likelier_is_another_pair() -> None:
    few = {(at, at): 40_000 for at in range(10)} | {(99, 99): 9000}
    many = {(at, at): 40_000 for at in range(97)} | {(99, 99): 9000}
    assert estimated(many, 100, 100)[1][99, 99] > estimated(few, 100, 100)[1][99, 99] + 0.05


def test_lists_of_which_nobody_resembles_anybody_have_a_low_prior() -> None:
    nobody = {(at, at): -20_000 for at in range(100)}
    everybody = {(at, at): 40_000 for at in range(100)}
    assert estimated(nobody, 100, 100)[0] < estimated(everybody, 100, 100)[0] - 3000


def test_no_list_is_taken_to_be_complete() -> None:
    everybody = {(at, at): 60_000 for at in range(1000)}
    assert estimated(everybody, 1000, 1000)[0] <= oracle.prior(1000 * (1 - LEFT_OVER), 1000, 1000)


@pytest.mark.parametrize(("rows", "students"), [(1, 1), (1, 9), (9, 1), (1, 100_000)])
def test_the_prior_is_finite_for_the_smallest_lists(rows: int, students: int) -> None:
    for weight in (-60_000, 0, 60_000):
        prior, found = estimated({(0, 0): weight}, rows, students)
        assert abs(prior) < 60_000
        assert 0 <= found[0, 0] <= 1


def test_no_pairs_have_no_probabilities() -> None:
    assert estimated({}, 3, 4)[1] == {}
    assert estimated({}, 3, 4)[0] == oracle.prior(_after_rounds(3), 3, 4)


def _after_rounds(smaller: int) -> float:
    matches = SHARE * smaller
    for _ in range(ROUNDS):
        matches = SHIPPED_WEIGHT * SHARE * smaller / (1 + SHIPPED_WEIGHT)
    return matches


# The same everywhere


def test_probabilities_are_rounded_and_do_not_depend_on_the_order_of_the_pairs() -> None:
    weights = {(r, s): 9000 + 1700 * ((3 * r + 5 * s) % 7) for r in range(5) for s in range(5)}
    _, found = estimated(weights, 8, 8)
    _, backwards = estimated(dict(reversed(weights.items())), 8, 8)
    assert found == pytest.approx(backwards, abs=2e-6)
    assert all(p == round(p, PROBABILITY_DIGITS) for p in found.values())


def test_weights_beyond_all_bounds_are_certain_and_no_number_overflows() -> None:
    _, found = estimated({(0, 0): 2_000_000, (1, 1): -2_000_000, (1, 0): 40_000}, 5, 5)
    assert (found[0, 0], found[1, 1]) == (1.0, 0.0)
    assert found[1, 0] < 0.01
