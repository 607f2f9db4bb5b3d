"""On small rosters the fast matcher equals the slow, obvious one."""

import datetime as dt

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching_cases import every_pair, sides_of
from rosterdiff.frames import Roster, in_content_order
from rosterdiff.levels import Comparison
from rosterdiff.matching import MatchOptions, match_rosters, shipped_model
from rosterdiff.matching.assign import assign
from rosterdiff.matching.compare_names import compare_names
from rosterdiff.matching.match import compare_rosters, compare_sides
from rosterdiff.matching.posterior import estimate_probabilities
from rosterdiff.matching.solve import MOST_MARGIN
from rosterdiff.matching.weigh import weigh_pairs
from rosterdiff.names import tokens
from rosterdiff.schema import COMPARED, LEVEL_COLUMNS, MILLIBIT_COLUMNS
from rosterdiff.testing import a_roster, school_years
from rosterdiff.testing.strategies import given_names
from tests import oracle

VALUES = st.dictionaries(
    st.tuples(st.integers(0, 7), st.integers(0, 7)), st.integers(-3000, 30_000), min_size=1, max_size=40
)
KINDS = {"Place": "exact", "Street": "fuzzy", "House": "categorical"}
MODEL = shipped_model()


# Levels and weights


@st.composite
def edited(draw: st.DrawFn, texts: st.SearchStrategy[str], letters: str = "aeknorst ") -> str:
    """A text with up to two slips of the hand: a letter more, less, other, doubled, or two exchanged."""
    text = draw(texts)
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, max(0, len(text) - 2)))
        one, two, rest = text[at : at + 1], text[at + 1 : at + 2], text[at + 2 :]
        letter = draw(st.sampled_from(letters))
        changed = (letter + two, one + letter + two, two, one + one + two, two + one)
        text = text[:at] + draw(st.sampled_from(changed)) + rest
    return text


@st.composite
def with_columns(draw: st.DrawFn, roster: Roster) -> Roster:
    """The roster with columns that a host declares, often empty."""
    values = {
        "Place": st.one_of(st.none(), edited(st.sampled_from(["QX4170", "QX4171", "417"]), "0147")),
        "Street": st.one_of(st.none(), edited(st.sampled_from(["4 Mill Lane", "17 Dunmere Road, Quorrel", "Mill 4"]))),
        "House": st.sampled_from([None, "Elm", "Ash"]),
    }
    drawn = {name: [draw(strategy) for _ in range(len(roster))] for name, strategy in values.items()}
    frame = roster.frame.with_columns(pl.Series(name, found, dtype=pl.String) for name, found in drawn.items())
    return Roster(frame=frame)


@st.composite
def years(draw: st.DrawFn) -> tuple[Roster, Roster]:
    """Two years of a school in the order of their content, with columns of its own."""
    base, incoming = (in_content_order(roster)[0] for roster in draw(school_years(max_size=8)))
    return draw(with_columns(base)), draw(with_columns(incoming))


@settings(max_examples=80)
@given(years(), st.sampled_from([0, 1]))
def test_every_level_and_weight_of_every_pair_equals_the_oracle(both: tuple[Roster, Roster], step: int) -> None:
    base, incoming = both
    sides = sides_of(base, incoming, evidence=KINDS, step=step)
    compared = compare_sides(every_pair(sides), sides)
    scored = weigh_pairs(compared.find_evident(sides, MODEL), MODEL)
    expected = oracle.pair_weights(base, incoming, step, MODEL, KINDS if len(base) and len(incoming) else {})
    assert scored.height == len(expected)
    for line in scored.iter_rows(named=True):
        found = {comparison: line[MILLIBIT_COLUMNS[comparison]] for comparison in Comparison}
        assert found == expected[line["row"], line["student"]]
        assert line["weight_mb"] == sum(found.values())


@settings(max_examples=60)
@given(years(), st.sampled_from([0, 1]))
def test_names_are_the_same_where_the_words_of_the_promise_say_so(both: tuple[Roster, Roster], step: int) -> None:
    sides = sides_of(*both, step=step)
    levels = compare_sides(every_pair(sides), sides).levels
    rows, students = oracle.records_of(both[1], of_base=False), oracle.records_of(both[0], of_base=True)
    known = {student["student_id"] for student in students}
    for line in levels.iter_rows(named=True):
        row, student = rows[line["row"]], students[line["student"]]
        named = row | {"student_id": row["student_id"] if row["student_id"] in known else None}
        expected = oracle.levels_of(named, student, step)
        assert {c: line[LEVEL_COLUMNS[c]] for c in COMPARED} == expected
        assert line["names_same"] == oracle.names_same(row, student, expected)


LETTERS = st.text("aeiklmnorstuv", min_size=1, max_size=9)
NAMES = st.one_of(LETTERS, given_names(), st.tuples(LETTERS, LETTERS).map(" ".join)).map(tokens).filter(bool)


@settings(max_examples=400)
@given(st.lists(st.tuples(NAMES, edited(NAMES).map(tokens).filter(bool)), min_size=1, max_size=20))
def test_names_and_their_slips_agree_as_the_oracle_has_it_from_either_side(pairs: list[tuple[str, str]]) -> None:
    close = [(name, edit) for name, _ in pairs for _, edit in pairs]
    both = list(dict.fromkeys([*close, *((b, a) for a, b in close)]))
    found = compare_names(pl.DataFrame(both, schema={"a": pl.String, "b": pl.String}, orient="row"))
    assert found["level"].to_list() == [oracle.name_level(a, b) for a, b in both]


@settings(max_examples=200)
@given(st.dates(dt.date(2014, 1, 1), dt.date(2018, 12, 31)), st.dates(dt.date(2004, 1, 1), dt.date(2018, 12, 31)))
def test_dates_agree_from_either_side_alike(one: dt.date, other: dt.date) -> None:
    parts = [(each.year, each.month, each.day) for each in (one, other)]
    assert oracle.date_level(*parts) == oracle.date_level(*parts[::-1])
    sides = sides_of(a_roster({"student_id": "s1", "birth_date": one}), a_roster({"birth_date": other}))
    levels = compare_sides(every_pair(sides), sides).levels
    assert levels["birth_date_level"].item() == oracle.date_level(*parts)


# Assignment and probability


@settings(max_examples=60)
@given(school_years(max_size=8))
def test_the_assignment_is_the_best_whole_and_one_to_one(years: tuple[Roster, Roster]) -> None:
    """Of weights that are learnt from the lists, with the number of matches that is estimated with them."""
    base, incoming = (in_content_order(roster)[0] for roster in years)
    pairs = match_rosters(base, incoming, MatchOptions(floor=0.0)).pairs
    if not len(base) or not len(incoming):
        assert pairs.is_empty()
        return
    assert pairs.height == len(base) * len(incoming)
    prior = _prior_of(pairs, base, incoming)
    values = {(r, s): weight + prior for r, s, weight in pairs.select("row", "student", "weight_mb").iter_rows()}
    chosen = pairs.filter("assigned").select("row", "student").rows()
    assert len({r for r, _ in chosen}) == len({s for _, s in chosen}) == len(chosen)
    assert sum(values[pair] for pair in chosen) == oracle.best_total(values, len(incoming), len(base))


def _prior_of(pairs: pl.DataFrame, base: Roster, incoming: Roster) -> int:
    """The prior that these weights give, from as many matches as the model that was not sharpened estimates."""
    known = compare_rosters(base, incoming, MatchOptions(floor=0.0)).posterior.matches
    row, student, weights = (pairs[name].to_numpy().astype(np.int64) for name in ("row", "student", "weight_mb"))
    sizes = len(incoming), len(base)
    return estimate_probabilities((row, student), weights, sizes, MODEL.expected_share, known).prior


@settings(max_examples=60)
@given(school_years(max_size=5))
def test_probabilities_are_near_those_of_all_assignments(years: tuple[Roster, Roster]) -> None:
    """Exact up to loops: a pair whose probability and margin are as a policy asks is certain."""
    base, incoming = (in_content_order(roster)[0] for roster in years)
    pairs = match_rosters(base, incoming, MatchOptions(floor=0.0)).pairs
    if pairs.height > 16 or pairs.is_empty():
        return
    prior = _prior_of(pairs, base, incoming)
    truth = oracle.exact_probabilities(
        {(r, s): weight + prior for r, s, weight in pairs.select("row", "student", "weight_mb").iter_rows()}
    )
    certain = pairs.filter(pl.col("probability") >= 0.99, pl.col("margin_mb") >= 6000)
    for r, s in certain.select("row", "student").iter_rows():
        assert truth[r, s] >= 0.97


@settings(max_examples=150)
@given(VALUES)
def test_margin_is_the_loss_when_the_pair_is_forbidden(values: dict[tuple[int, int], int]) -> None:
    assigned = assign(_frame(values))
    total = oracle.best_total(values, 8, 8)
    assert sum(values[r, s] for r, s, _ in assigned.iter_rows()) == total
    for row, student, margin in assigned.iter_rows():
        without = {pair: value for pair, value in values.items() if pair != (row, student)}
        assert margin == total - oracle.best_total(without, 8, 8)


@settings(max_examples=60)
@given(VALUES, st.integers(1, 4))
def test_large_components_are_solved_like_small_ones(values: dict[tuple[int, int], int], scale: int) -> None:
    """Up to 30 bits; what is worth more is worth at least these."""
    great = {pair: value * scale for pair, value in values.items()}
    small = assign(_frame(great))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rosterdiff.matching.solve.DENSE_CELLS", 0)
        patch.setattr("rosterdiff.matching.solve.WALK_NODES", 0)
        large = assign(_frame(great))
    totals = [sum(great[r, s] for r, s, _ in result.iter_rows()) for result in (small, large)]
    assert totals[0] == totals[1]
    if small["margin_mb"].min() != 0:
        margins = [result["margin_mb"].clip(0, MOST_MARGIN).to_list() for result in (small, large)]
        assert (small["row"].to_list(), small["student"].to_list(), margins[0]) == (
            large["row"].to_list(),
            large["student"].to_list(),
            margins[1],
        )


@settings(max_examples=60)
@given(VALUES)
def test_a_margin_that_is_too_dear_to_find_is_told_too_small_and_never_too_great(
    values: dict[tuple[int, int], int],
) -> None:
    """Tangles too large to be walked are cut, and what was cut off bounds the margin from below."""
    exact = dict(assign(_frame(values)).select("row", "margin_mb").iter_rows())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rosterdiff.matching.solve.WALK_NODES", 0)
        patch.setattr("rosterdiff.matching.solve.WALK_ROWS", 1)
        bounded = dict(assign(_frame(values)).select("row", "margin_mb").iter_rows())
    assert sum(bounded.values()) >= 0
    for row in set(exact) & set(bounded):
        assert 0 <= bounded[row] <= exact[row]


@settings(max_examples=40)
@given(school_years(max_size=8))
def test_closeness_and_keys_lose_no_certain_pair(years: tuple[Roster, Roster]) -> None:
    """Pairs that the full comparison is sure of are found without it, and no row of theirs is sure of somebody else.

    Fewer rivals can leave a pair less sure: where nearly all are namesakes, a rival's own other choices are not found.
    """
    base, incoming = (in_content_order(roster)[0] for roster in years)
    full = match_rosters(base, incoming).pairs.filter("assigned", pl.col("names_same"), pl.col("margin_mb") > 10_000)
    for most in (50_000_000, 0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("rosterdiff.matching.candidates.CLOSE_PAIRS", most)
            found = match_rosters(base, incoming, MatchOptions(full_pairs=0)).pairs
        sure = full.select("row", "student")
        assert sure.join(found, on=["row", "student"], how="anti").is_empty()
        elsewhere = found.filter("assigned", pl.col("margin_mb") > 10_000).join(sure, on="row", how="semi")
        assert elsewhere.join(sure, on=["row", "student"], how="anti").is_empty()


def _frame(values: dict[tuple[int, int], int]) -> pl.DataFrame:
    return pl.DataFrame(
        [(r, s, value) for (r, s), value in values.items()],
        schema={"row": pl.UInt32, "student": pl.UInt32, "value_mb": pl.Int32},
        orient="row",
    )
