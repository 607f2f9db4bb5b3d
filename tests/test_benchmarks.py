"""The benchmark suite draws what it says, the same each time, and scores plans and pairs by hand-countable rules."""

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from benchmarks.kinds import kinds_of_missed, kinds_of_wrong
from benchmarks.names import NameTables, invented_names
from benchmarks.scoring import PairScore, best_of, score_pairs, score_plan, strict_of
from benchmarks.tables import replace_section
from benchmarks.years import YearOptions, draw_years, load_years, mistype, mistype_date, save_years

from rosterdiff import Roster, link, make_plan


@pytest.fixture(scope="module")
def names() -> NameTables:
    return invented_names()


def test_the_same_seed_draws_the_same_years_and_another_seed_others(names: NameTables) -> None:
    options = YearOptions(students=150, seed=4)
    first, again, other = (draw_years(o, names) for o in (options, options, YearOptions(students=150, seed=5)))
    assert first.base.frame.equals(again.base.frame)
    assert first.incoming.frame.equals(again.incoming.frame)
    assert first.truth.equals(again.truth)
    assert not first.base.frame.equals(other.base.frame)


def test_years_hold_the_shares_asked_for(names: NameTables) -> None:
    years = draw_years(YearOptions(students=500, shared=0.8, names_damaged=0.1, dates_damaged=0.05), names)
    pairs = years.truth.join(years.incoming.frame, on="row").join(
        years.base.frame, on="student_id", suffix="_before", how="inner"
    )
    renamed = pl.any_horizontal(pl.col(n) != pl.col(f"{n}_before") for n in ("given_name", "family_name"))
    assert pairs.height == 400
    assert pairs.filter(renamed).height == 40
    assert pairs.filter(pl.col("birth_date") != pl.col("birth_date_before")).height == 20
    assert years.incoming.frame["student_id"].null_count() == 500


def test_leavers_are_the_highest_grade_before_anyone_else(names: NameTables) -> None:
    years = draw_years(YearOptions(students=400, shared=0.5), names)
    stayed = years.base.frame.join(years.truth, on="student_id", how="semi")
    assert "12" not in stayed["grade"].cast(pl.String).to_list()


def test_saved_years_are_read_back_equal(names: NameTables, tmp_path: Path) -> None:
    years = draw_years(YearOptions(students=60), names)
    save_years(years, tmp_path)
    loaded = load_years(tmp_path)
    assert loaded.base.digest == years.base.digest
    assert loaded.incoming.digest == years.incoming.digest
    assert loaded.truth.equals(years.truth)


@pytest.mark.parametrize("name", ["Ana", "Bo", "Aa", "Llewelyn"])
def test_a_mistyped_name_is_another_name_and_a_mistyped_date_another_date(name: str) -> None:
    draw = np.random.default_rng(2)
    for _ in range(200):
        assert mistype(name, draw).casefold() != name.casefold()
        for born in (date(2015, 5, 5), date(2016, 2, 29), date(2014, 12, 31)):
            assert mistype_date(born, draw) != born


def _roster(*students: tuple[str | None, str, str, str | None]) -> Roster:
    columns = {"student_id": pl.String, "given_name": pl.String, "family_name": pl.String, "birth_date": pl.String}
    return Roster.from_frame(pl.DataFrame(list(students), schema=columns, orient="row"))


def test_a_plan_is_scored_as_counted_by_hand() -> None:
    """One right match, one newcomer with a leaver's whole record matched to him, one child added beside herself."""
    base = _roster(
        ("s1", "Imola", "Varkest", "2015-03-01"),
        ("s2", "Teodar", "Quillon", "2014-07-12"),
        ("s3", "Sunniva", "Abrecht", "2016-01-30"),
        ("s4", "Wendelin", "Ostrova", "2013-11-05"),
    )
    incoming = _roster(
        (None, "Imola", "Varkest", "2015-03-01"),
        (None, "Teodar", "Quillon", "2014-07-12"),
        (None, "Bezarra", "Klumond", "2011-09-19"),
        (None, "Wendlin", "Ostrova", "2013-11-05"),
    )
    truth = pl.DataFrame({"row": [0, 2, 3], "student_id": ["s1", "s3", "s4"]})
    plan = make_plan(base, incoming)
    score = score_plan(plan, truth)
    assert (score.rows, score.students, score.links) == (4, 4, 3)
    assert (score.matched, score.wrong_matches, score.decided) == (2, 1, 1)
    assert (score.added, score.wrong_additions) == (1, 1)
    assert (score.reviewed, score.reviewed_known, score.found, score.first) == (1, 1, 1, 1)
    assert (score.deleted, score.wrong_deletions) == (1, 1)
    assert score.wrong == 3
    wrong = kinds_of_wrong(plan, truth)
    assert wrong == (("unchanged, birth date same, really a newcomer", 1),)
    missed = kinds_of_missed(plan, link(base, incoming, floor=0.0), truth)
    assert missed == (("given different, family different, birth date different, compared", 1),)


def test_pairs_are_scored_at_every_threshold_and_ties_fall_together() -> None:
    pairs = pl.DataFrame(
        {
            "row": [0, 1, 2, 3, 4],
            "student_id": ["a", "b", "x", "d", "e"],
            "probability": [0.9, 0.9, 0.9, 0.6, 0.99],
            "weight": [9.0, 8.0, 8.0, 3.0, 20.0],
            "assigned": [True, True, True, True, False],
        },
        schema_overrides={"row": pl.UInt32},
    )
    truth = pl.DataFrame({"row": [0, 1, 2, 3, 4], "student_id": ["a", "b", "c", "d", "e"]})
    scores = score_pairs(pairs, truth)
    assert scores == (PairScore(0, 0, 5), PairScore(1, 1, 5), PairScore(3, 2, 5), PairScore(4, 3, 5))
    assert best_of(scores).f1 == pytest.approx(6 / 9)
    assert strict_of(scores).recall == pytest.approx(0.2)


def test_a_section_of_a_page_is_replaced_and_the_rest_is_left(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    replace_section(page, "one", "first")
    replace_section(page, "two", "second")
    page.write_text(page.read_text(encoding="utf-8") + "\nBy hand.\n", encoding="utf-8")
    replace_section(page, "one", "anew")
    text = page.read_text(encoding="utf-8")
    assert "anew" in text
    assert "first" not in text
    assert text.index("anew") < text.index("second") < text.index("By hand.")
