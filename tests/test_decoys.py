"""How often plans are wrong about newcomers is told by rows that are nobody."""

from typing import Any

import polars as pl
import pytest
from benchmarks.years import YearOptions, Years, draw_years
from hypothesis import given
from hypothesis import strategies as st

import rosterdiff as rd
from rosterdiff import decoys
from rosterdiff.decoys import exact_interval
from rosterdiff.errors import InvalidOption
from rosterdiff.testing import a_roster, a_student
from school_year import ordinary

YEARS = draw_years(YearOptions(students=300))


def spied(monkeypatch: pytest.MonkeyPatch, years: Years = YEARS, **options: Any) -> tuple[rd.ErrorEstimate, rd.Roster]:
    """The estimate, and the incoming roster that was planned."""
    seen: list[rd.Roster] = []

    def plan(base: rd.Roster, incoming: rd.Roster, **rest: Any) -> rd.Plan:
        seen.append(incoming)
        return rd.make_plan(base, incoming, **rest)

    monkeypatch.setattr(decoys, "make_plan", plan)
    return rd.estimate_errors(years.base, years.incoming, **options), seen[0]


def test_so_many_newcomers_as_asked_for_and_some_twins_are_put_after_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    found, planned = spied(monkeypatch, decoys=0.2)
    made = dict(found.counts.select("kind", "decoys").iter_rows())
    assert made["newcomer"] == 60
    assert 10 <= made["twin"] <= 12
    assert len(planned) == 300 + sum(made.values())
    assert found.matched + found.unmatched == 300


def test_what_became_of_every_decoy_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    found, _ = spied(monkeypatch, decoys=0.2)
    assert found.counts.select((pl.col("matched") + pl.col("review") + pl.col("add") == pl.col("decoys")).all()).item()


def test_decoys_are_made_of_values_of_the_rosters_and_are_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    _, planned = spied(monkeypatch, decoys=0.3)
    made, real = planned.frame[300:], pl.concat([r.frame for r in (YEARS.base, YEARS.incoming)], how="diagonal")
    for name in ("given_name", "family_name", "birth_date", "grade", "class_name", "school"):
        assert set(made[name].drop_nulls()) <= set(real[name].drop_nulls()), name
    person = ["given_name", "family_name", "birth_date"]
    assert made.join(real, on=person, how="semi").is_empty()
    for name in ("student_id", "username", "email"):
        assert made[name].null_count() == made.height
    assert not set(made["student_number"].drop_nulls()) & set(real["student_number"].drop_nulls())


def test_newcomers_are_of_the_age_of_their_grade(monkeypatch: pytest.MonkeyPatch) -> None:
    _, planned = spied(monkeypatch, decoys=0.3)
    newcomers, rows = planned.frame[300:390], planned.frame[:300]
    ages = rows.select("grade", "birth_date").unique()
    assert newcomers.join(ages, on=["grade", "birth_date"], how="anti", nulls_equal=True).is_empty()


def test_a_twin_shares_family_name_and_birth_date_with_a_student(monkeypatch: pytest.MonkeyPatch) -> None:
    _, planned = spied(monkeypatch, decoys=0.3)
    twins = planned.frame[390:]
    assert twins.height
    assert twins.join(YEARS.base.frame, on=["family_name", "birth_date"], how="anti", nulls_equal=True).is_empty()


def test_the_same_seed_gives_the_same_and_the_order_of_rows_does_not_count() -> None:
    turned = [rd.Roster.from_frame(r.frame.drop("row").reverse()) for r in (YEARS.base, YEARS.incoming)]
    first, again = rd.estimate_errors(YEARS.base, YEARS.incoming, seed=7), rd.estimate_errors(*turned, seed=7)
    assert first.counts.equals(again.counts)
    assert (first.matched, first.unmatched) == (again.matched, again.unmatched)


def test_the_seed_decides_what_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = [spied(monkeypatch, seed=seed)[1].frame[300:]["given_name"].to_list() for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_the_rosters_stay_as_they_were() -> None:
    before = YEARS.base.digest, YEARS.incoming.frame.clone()
    rd.estimate_errors(YEARS.base, YEARS.incoming)
    assert (YEARS.base.digest, YEARS.incoming.frame.equals(before[1])) == (before[0], True)


def few_names() -> tuple[rd.Roster, rd.Roster]:
    """400 children of 20 given and 20 family names, without birth dates, of whom half leave."""
    names = [(child["given_name"], child["family_name"]) for child in ordinary()[:20]]
    students = [
        a_student(f"s{n:03}", given_name=names[n % 20][0], family_name=names[n // 20][1], birth_date=None)
        for n in range(400)
    ]
    rows = [{**child, "student_id": None, "grade": "04"} for n, child in enumerate(students) if (n + n // 20) % 2]
    return a_roster(*students), a_roster(*rows)


def test_lists_in_which_newcomers_are_taken_for_namesakes_are_seen_to_be_such() -> None:
    """Names alone, and few of them: a newcomer who is called as a leaver was cannot be known to be another."""
    trusting = rd.Policy(accept=0.5, margin=0)
    found = rd.estimate_errors(*few_names(), policy=trusting, decoys=0.5)
    clean = rd.estimate_errors(YEARS.base, YEARS.incoming, decoys=0.5)
    assert found.share > 0.02 > clean.share
    low, high = found.interval
    assert low < found.share < high


def test_the_estimate_for_the_real_rows_grows_with_the_share() -> None:
    def of(matched: int) -> rd.ErrorEstimate:
        counts = pl.DataFrame(
            {"kind": ["newcomer", "twin"], "decoys": [100, 1], "matched": [matched, 0], "review": [0, 0], "add": [0, 0]}
        )
        return rd.ErrorEstimate(counts, 800, 90)

    none, some, all_ = of(0), of(10), of(100)
    assert none.wrong_matches[:2] == (0.0, 0.0)
    assert some.wrong_matches[0] == pytest.approx(10.0)
    assert some.wrong_matches[1] < 10 < some.wrong_matches[2]
    assert all_.wrong_matches[0] == 800


def test_its_repr_and_sentences_hold_counts_and_no_value() -> None:
    found = rd.estimate_errors(YEARS.base, YEARS.incoming)
    told = " ".join([repr(found), *found.sentences])
    assert "15 invented newcomers" in told
    values = {
        str(v) for name in ("given_name", "family_name", "birth_date") for v in YEARS.base.frame[name].drop_nulls()
    }
    assert not any(f"{value} " in told for value in values)


@pytest.mark.parametrize("share", [0.0, -0.1, 1.1, float("nan")])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(InvalidOption, match="decoys"):
        rd.estimate_errors(YEARS.base, YEARS.incoming, decoys=share)


@pytest.mark.parametrize("rows", [0, 2])
def test_lists_too_small_to_invent_from_are_refused(rows: int) -> None:
    base = a_roster(a_student("s1"))
    with pytest.raises(InvalidOption, match="three rows"):
        rd.estimate_errors(base, a_roster(*(a_student(None) for _ in range(rows))))


def test_an_empty_base_matches_nobody() -> None:
    found = rd.estimate_errors(a_roster(), YEARS.incoming)
    assert (found.matched, found.share) == (0, 0.0)


def test_policy_and_model_are_those_of_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    policy, model = rd.Policy(mode="bulk"), rd.Model.fit(YEARS.base, YEARS.incoming)
    given: dict[str, Any] = {}

    def plan(base: rd.Roster, incoming: rd.Roster, **rest: Any) -> rd.Plan:
        given.update(rest)
        return rd.make_plan(base, incoming, **rest)

    monkeypatch.setattr(decoys, "make_plan", plan)
    rd.estimate_errors(YEARS.base, YEARS.incoming, policy=policy, model=model)
    assert given == {"policy": policy, "model": model}


def tail(least: int, of: int, share: float) -> float:
    """The chance of so many or more of so many, added up term by term."""
    from math import comb

    return sum(comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(least, of + 1))


@given(st.integers(1, 40).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_interval_is_exact(counts: tuple[int, int]) -> None:
    """At its lower end so many or more have a chance of 2.5 %, at its upper end so many or fewer."""
    found, of = counts
    low, high = exact_interval(found, of)
    assert low <= found / of <= high
    assert found == 0 or tail(found, of, low) == pytest.approx(0.025, abs=1e-6)
    assert found == of or 1 - tail(found + 1, of, high) == pytest.approx(0.025, abs=1e-6)
