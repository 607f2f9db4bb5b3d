"""A model is learnt from rosters, from labels and from past decisions, and what is learnt is what is there."""

from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest
from benchmarks.years import YearOptions, draw_years
from hypothesis import given, settings
from hypothesis import strategies as st

import rosterdiff as rd
from rosterdiff.config import Evidence
from rosterdiff.errors import InvalidOption, InvalidRoster
from rosterdiff.matching.fitting import MOST_PAIRS, MOST_ROUNDS
from rosterdiff.matching.model import Model, shipped_model
from rosterdiff.testing import a_roster, a_student
from school_year import ordinary

SHIPPED = shipped_model()
_STARTS = ("Bra", "Cle", "Dro", "Fli", "Gra", "Kno", "Plu", "Ski", "Tre", "Vlo")
_ENDS = ("bert", "dwin", "fram", "gorn", "lisk", "mond", "nath", "quil", "rust", "vard")


def children(count: int) -> list[dict[str, Any]]:
    """Children of names that are all different, born on days that are nearly all different."""
    return [
        a_student(
            f"s{number:03}",
            given_name=_STARTS[number % 10] + _ENDS[number // 10 % 10],
            family_name=_ENDS[number % 7] + _STARTS[number // 7 % 10].lower() + _ENDS[number // 70 % 10],
            birth_date=f"2016-{number % 12 + 1:02}-{number * 5 % 28 + 1:02}",
        )
        for number in range(count)
    ]


def rows_of(base: Sequence[dict[str, Any]], damaged: int) -> list[dict[str, Any]]:
    """The same children a year on, the given names of the first of them with a letter too many at the end."""
    return [
        {
            **child,
            "student_id": None,
            "grade": "04",
            "given_name": child["given_name"] + ("k" if place < damaged else ""),
        }
        for place, child in enumerate(base)
    ]


def truth_of(base: Sequence[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame({"row": range(len(base)), "student_id": [child["student_id"] for child in base]})


def mistyped(model: Model) -> float:
    """The m of given names that differ by an error."""
    return sum(model.chances["given_name"][level][0] for level in ("slip", "typo", "typos", "similar"))


@pytest.mark.parametrize("labelled", [True, False], ids=["from labels", "from the rosters alone"])
@pytest.mark.parametrize("damaged", [0, 60, 150])
def test_fitting_recovers_how_many_names_are_damaged(damaged: int, labelled: bool) -> None:
    base = children(300)
    truth = truth_of(base) if labelled else None
    model = Model.fit(a_roster(*base), a_roster(*rows_of(base, damaged)), truth=truth)
    weight = SHIPPED.pairs / (300 + SHIPPED.pairs)
    expected = (1 - weight) * damaged / 300 + weight * mistyped(SHIPPED)
    assert mistyped(model) == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("shared", [0.5, 0.9])
def test_the_share_of_children_who_are_in_both_lists_is_learnt(shared: float) -> None:
    years = draw_years(YearOptions(students=500, shared=shared))
    assert Model.fit(years.base, years.incoming).expected_share == pytest.approx(shared, abs=0.02)


def test_nothing_but_m_share_and_weight_is_learnt() -> None:
    base = children(100)
    model = Model.fit(a_roster(*base), a_roster(*rows_of(base, 20)))
    us = [
        {(t, level): u for t, levels in m.chances.items() for level, (_, u) in levels.items()} for m in (model, SHIPPED)
    ]
    assert us[0] == us[1]
    assert model.frequency_prior == SHIPPED.frequency_prior
    assert model.chances["student_id"] == SHIPPED.chances["student_id"]
    assert SHIPPED.pairs < model.pairs <= MOST_PAIRS


def test_what_it_was_fitted_on_is_told_in_counts() -> None:
    base = children(50)
    truth = pl.DataFrame({"row": [0, 1, 2], "student_id": ["s000", "s001", None]})
    model = Model.fit(a_roster(*base), a_roster(*rows_of(base, 0)), truth=truth)
    assert model.fitted is not None
    assert (model.fitted.rows, model.fitted.students, model.fitted.labelled, model.fitted.ruled_out) == (50, 50, 2, 1)
    assert 45 <= model.fitted.pairs <= 50
    assert model.fitted.rounds < MOST_ROUNDS
    assert repr(model) == "<Model: fitted on 50 rows and 50 students, 2 pairs labelled>"
    assert repr(SHIPPED) == "<Model: not fitted>"


@settings(max_examples=10)
@given(st.randoms(use_true_random=False))
def test_another_order_of_the_rows_gives_the_same_model(random: Any) -> None:
    base = children(60)
    rows = rows_of(base, 15)
    known = Model.fit(a_roster(*base), a_roster(*rows), truth=truth_of(base[:20]))
    at_base, at_rows = random.sample(range(60), 60), random.sample(range(60), 60)
    truth = pl.DataFrame({"row": [at_rows.index(n) for n in range(20)], "student_id": [f"s{n:03}" for n in range(20)]})
    again = Model.fit(a_roster(*(base[n] for n in at_base)), a_roster(*(rows[n] for n in at_rows)), truth=truth)
    assert again == known


def test_labels_outweigh_what_the_rosters_seem_to_show() -> None:
    """Two lists of namesakes who are other children in truth: those who are labelled to be nobody are no pairs."""
    base = children(200)
    rows = rows_of(base, 0)
    nobody = pl.DataFrame({"row": range(200), "student_id": [None] * 200}, schema_overrides={"student_id": pl.String})
    model = Model.fit(a_roster(*base), a_roster(*rows), truth=nobody)
    assert model.fitted is not None
    assert model.fitted.pairs == 0
    assert model.chances == SHIPPED.chances


def test_a_true_pair_that_nothing_suggests_counts_all_the_same() -> None:
    base = children(150)
    rows = rows_of(base, 0)
    for row in rows[:75]:
        row |= {"given_name": "Xu", "family_name": "Ek", "birth_date": None}
    model = Model.fit(a_roster(*base), a_roster(*rows), truth=truth_of(base))
    assert model.chances["given_name"]["different"][0] + model.chances["given_name"]["faint"][0] > 0.25


def decided_plan(verdict: str) -> tuple[rd.Roster, rd.Roster, rd.Plan]:
    """A school in which one row is asked about, and the answer."""
    base = a_roster(*ordinary())
    rows = [{**child, "student_id": None, "grade": "05"} for child in ordinary()]
    rows[0] = {**rows[0], "given_name": f"{rows[0]['given_name']}x"}
    incoming = a_roster(*rows)
    plan = rd.make_plan(base, incoming)
    assert plan.counts["review"] == 2
    said = {"same": ("a00", "same"), "new": (None, "new")}[verdict]
    decision = rd.Decision(row=0, student_id=said[0], verdict=said[1], actor=rd.Actor("staff", "Ada"))
    return base, incoming, rd.resolve(plan, [decision], partial=True)


@pytest.mark.parametrize(("verdict", "labelled", "ruled_out"), [("same", 1, 0), ("new", 0, 2)])
def test_decisions_of_a_resolved_plan_are_labels(verdict: str, labelled: int, ruled_out: int) -> None:
    """What was chosen counts 1, and what was shown and not chosen 0."""
    base, incoming, final = decided_plan(verdict)
    fitted = Model.fit(base, incoming, decisions=final.decisions).fitted
    assert fitted is not None
    assert (fitted.labelled, fitted.ruled_out) == (labelled, ruled_out)


def test_decisions_about_rows_that_are_not_there_any_more_say_nothing() -> None:
    base, _, final = decided_plan("same")
    fitted = Model.fit(base, a_roster(*children(5)), decisions=final.decisions).fitted
    assert fitted is not None
    assert (fitted.labelled, fitted.ruled_out) == (0, 0)


def test_where_labels_and_decisions_speak_of_one_row_the_labels_count() -> None:
    base, incoming, final = decided_plan("same")
    truth = pl.DataFrame({"row": [0], "student_id": [None]}, schema={"row": pl.UInt32, "student_id": pl.String})
    fitted = Model.fit(base, incoming, truth=truth, decisions=final.decisions).fitted
    assert fitted is not None
    assert (fitted.labelled, fitted.ruled_out) == (0, 1)


def test_decisions_without_digests_are_refused() -> None:
    base, incoming, _ = decided_plan("same")
    raw = rd.Decision(row=0, student_id="a00", verdict="same")
    with pytest.raises(InvalidOption, match="resolved plan"):
        Model.fit(base, incoming, decisions=[raw])


@pytest.mark.parametrize(
    "truth",
    [
        {"row": [0]},
        {"row": [99], "student_id": ["s000"]},
        {"row": [-1], "student_id": ["s000"]},
        {"row": [0], "student_id": ["nobody"]},
        {"row": [0, 0], "student_id": ["s000", "s001"]},
        {"row": [0, 1], "student_id": ["s000", "s000"]},
    ],
)
def test_labels_that_cannot_be_are_refused_without_naming_anybody(truth: dict[str, list[Any]]) -> None:
    base = children(5)
    with pytest.raises(InvalidOption, match="truth") as refused:
        Model.fit(a_roster(*base), a_roster(*rows_of(base, 0)), truth=pl.DataFrame(truth))
    assert "nobody" not in str(refused.value)


def test_a_base_without_ids_is_refused() -> None:
    with pytest.raises(InvalidRoster):
        Model.fit(a_roster(a_student(None)), a_roster(a_student(None)))


@pytest.mark.parametrize(("base", "rows"), [(0, 0), (0, 3), (3, 0)])
def test_an_empty_list_teaches_nothing(base: int, rows: int) -> None:
    known = children(3)
    model = Model.fit(a_roster(*known[:base]), a_roster(*rows_of(known, 0)[:rows]))
    assert model.chances == SHIPPED.chances


def test_declared_columns_are_learnt_as_well() -> None:
    base = [{**child, "bus": f"{number}"} for number, child in enumerate(children(200))]
    rows = rows_of(base, 0)
    for number, row in enumerate(rows):
        row["bus"] = f"{number}" if number % 2 else f"{number + 1000}"
    model = Model.fit(a_roster(*base), a_roster(*rows), evidence={"bus": Evidence.EXACT})
    assert model.chances["further_exact"]["same"][0] == pytest.approx(0.6, abs=0.1)


# Using a model


def noisy_model() -> Model:
    base = children(300)
    return Model.fit(a_roster(*base), a_roster(*rows_of(base, 150)), truth=truth_of(base))


def test_a_fitted_model_weighs_the_pairs_of_other_lists() -> None:
    base = children(20)
    rosters = a_roster(*base), a_roster(*rows_of(base, 3))
    plain, fitted = (rd.link(*rosters, model=model).filter("assigned") for model in (None, noisy_model()))
    assert fitted["weight"][0] > plain["weight"][0]


def test_the_id_of_a_plan_depends_on_the_numbers_of_the_model_alone() -> None:
    base = children(20)
    rosters = a_roster(*base), a_roster(*rows_of(base, 3))
    ids = [
        rd.make_plan(*rosters, model=model).plan_id for model in (None, shipped_model(), noisy_model(), noisy_model())
    ]
    assert ids[0] == ids[1] != ids[2] == ids[3]
