"""Generated school years are what they say and the same each time; plans are judged by hand-countable rules."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from benchmarks.names import invented_names
from benchmarks.rosters import tails
from benchmarks.rosters.calibration import bin_between, brier_score, count_bins
from benchmarks.rosters.command import parser, rosters
from benchmarks.rosters.cultures import Drawing, draw_cultures, load_cultures, parse_words
from benchmarks.rosters.draw import SchoolYears, draw_years
from benchmarks.rosters.facts import Need, describe_rows, keys
from benchmarks.rosters.intervals import exact_interval, wilson_interval
from benchmarks.rosters.judge import Judgement, judge_plan, review_bound
from benchmarks.rosters.options import (
    DATE_DAMAGE,
    NAME_DAMAGE,
    NEWCOMERS,
    VARIANTS,
    Damage,
    Newcomer,
    RosterOptions,
    Variant,
)
from benchmarks.rosters.run import RunOptions, judge_rosters, judge_seed
from benchmarks.rosters.spelling import mistype, mistype_date, other_digit, respell

from rosterdiff import Roster, link, make_plan
from rosterdiff.names import fold

SIZE = 5_000
OPTIONS = RosterOptions(students=SIZE, seed=3)
SMALL = RosterOptions(students=200, seed=5)


@pytest.fixture(autouse=True, scope="module")
def _nothing_shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Names are invented, on every machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROSTERDIFF_SHARED", str(tmp_path_factory.mktemp("shared")))
        yield


@pytest.fixture(scope="module")
def years(_nothing_shared: None) -> SchoolYears:
    return draw_years(OPTIONS)


@pytest.fixture(scope="module")
def described(years: SchoolYears) -> pl.DataFrame:
    return describe_rows(years)


@pytest.fixture(scope="module")
def pairs(years: SchoolYears) -> pl.DataFrame:
    """Every incoming row of a known child beside the child (`…_base`), both folded."""
    rows = keys(years.incoming.frame, "row", "gender", "student_number")
    students = keys(years.base.frame, "student_id", "gender", "student_number", "preferred_given_name")
    known = years.rows.filter(pl.col("student_id").is_not_null()).drop("family")
    return known.join(rows, on="row").join(students, on="student_id", suffix="_base")


@pytest.fixture(scope="module")
def models(years: SchoolYears) -> pl.DataFrame:
    """Every newcomer beside the student whom he resembles (`…_base`), both folded."""
    rows = keys(years.incoming.frame, "row", "student_number")
    students = keys(years.base.frame.with_columns(model="student_id"), "model", "student_number")
    stays = years.students.select(model="student_id", model_stays="stays")
    newcomers = years.rows.filter(pl.col("newcomer").is_not_null()).drop("family")
    return newcomers.join(rows, on="row").join(students, on="model", suffix="_base").join(stays, on="model")


def _same(name: str) -> pl.Expr:
    return (pl.col(name) == pl.col(f"{name}_base")).fill_null(value=False)


def test_the_same_seed_draws_the_same_years_and_another_seed_others() -> None:
    first, again, other = (draw_years(options) for options in (SMALL, SMALL, RosterOptions(students=200, seed=6)))
    for name in ("truth", "rows", "students"):
        assert getattr(first, name).equals(getattr(again, name))
    assert first.base.frame.equals(again.base.frame)
    assert first.incoming.frame.equals(again.incoming.frame)
    assert not first.base.frame.equals(other.base.frame)


@pytest.mark.parametrize("students", [200, 900, 2_500])
def test_rosters_have_the_size_asked_for_and_the_truth_is_one_to_one(students: int) -> None:
    years = draw_years(RosterOptions(students=students, seed=2))
    assert len(years.base) == len(years.incoming) == students
    assert years.base.frame["student_id"].n_unique() == students
    assert years.incoming.frame["student_id"].null_count() == students
    assert years.truth.select(pl.col("row", "student_id").n_unique()).row(0) == (years.truth.height,) * 2
    assert 0.75 < years.truth.height / students < 0.95


def test_the_truth_is_kept_apart_from_the_order_of_the_rosters(years: SchoolYears) -> None:
    ids = years.truth["student_id"].str.strip_prefix("s").cast(pl.Int64).to_numpy()
    assert abs(np.corrcoef(years.truth["row"].to_numpy(), ids)[0, 1]) < 0.06


def test_siblings_share_family_names_and_twins_birth_dates(years: SchoolYears) -> None:
    known = years.base.frame.join(years.students, on="student_id").with_columns(
        pl.col("family_name").str.slice(0, 4).alias("stem")
    )
    siblings = known.filter(pl.col("family").is_duplicated())
    twins = known.filter(pl.struct("family", "birth_date").is_duplicated())
    assert 0.4 < siblings.height / SIZE < 0.8
    assert 0.02 < twins.height / SIZE < 0.06
    of_families = siblings.group_by("family").agg(pl.col("stem").n_unique().alias("stems"), pl.col("given_name"))
    assert (of_families["stems"] == 1).mean() > 0.85
    assert of_families.select(pl.col("given_name").list.n_unique() == pl.col("given_name").list.len()).to_series().all()
    assert twins.group_by("family").agg(pl.col("gender").n_unique())["gender"].value_counts().height == 2


def test_most_go_up_one_grade_and_the_highest_leaves(years: SchoolYears, pairs: pl.DataFrame) -> None:
    steps = pairs.select(pl.col("order") - pl.col("order_base") - pl.col("step") + 1).to_series()
    assert (steps == 1).mean() > 0.98
    repeating = pairs.filter(pl.col("kinds").list.contains(Damage.REPEATED.value))
    assert 0.005 < repeating.height / pairs.height < 0.016
    assert "12" not in set(years.base.frame.join(years.truth, on="student_id")["grade"].cast(pl.String))


def test_damage_befalls_the_shares_asked_for(pairs: pl.DataFrame) -> None:
    befell = Counter(kind for kinds in pairs["kinds"] for kind in kinds)
    anywhere = [Damage.TYPO_GIVEN, Damage.TYPO_FAMILY, Damage.SWAPPED, Damage.SURNAME_CHANGED, Damage.SURNAME_ADDED,
                Damage.RESPELT, Damage.NUMBER_MISSING, Damage.GENDER_WRONG, *DATE_DAMAGE]  # fmt: skip
    shares = {**OPTIONS.names, **OPTIONS.dates, **OPTIONS.others}
    assert {kind: befell[kind.value] for kind in anywhere} == {
        kind: round(shares[kind] * pairs.height) for kind in anywhere
    }
    one_name = sum((pl.col("kinds").list.contains(kind.value) for kind in NAME_DAMAGE), start=pl.lit(0))
    assert pairs.select(one_name.max()).item() == 1


def test_without_damage_every_name_and_date_is_the_same() -> None:
    none = RosterOptions(students=400, names={}, dates={}, others={})
    years = draw_years(none)
    assert not describe_rows(years)["need"].is_in([Need.NAME_DIFFERS.value]).any()


_SAID = {
    Damage.SWAPPED: (pl.col("given") == pl.col("family_base")) & (pl.col("family") == pl.col("given_base")),
    Damage.MIDDLE_USED: (pl.col("given") == pl.col("middle_base")) & pl.col("middle").is_null(),
    Damage.MIDDLE_JOINED: pl.col("given") == pl.concat_str("given_base", "middle_base"),
    Damage.INITIAL: pl.col("given") == pl.col("given_base").str.slice(0, 1),
    Damage.GIVEN_PART: pl.col("given_base").str.starts_with(pl.col("given")) & ~_same("given"),
    Damage.SURNAME_PART: pl.col("family_base").str.contains(pl.col("family"), literal=True) & ~_same("family"),
    Damage.SURNAME_ADDED: pl.col("family").str.starts_with(pl.col("family_base")) & ~_same("family"),
    Damage.SURNAME_CHANGED: ~_same("family") & _same("given"),
    Damage.TYPO_GIVEN: ~_same("given") & _same("family"),
    Damage.TYPO_FAMILY: ~_same("family") & _same("given"),
    Damage.NICKNAME: ~_same("given") & _same("family"),
    Damage.ROMANISED: ~_same("given") | ~_same("family"),
    Damage.RESPELT: ~_same("given") & _same("family"),
    Damage.PREFERRED: pl.col("given") == pl.col("preferred_given_name"),
    Damage.DATE_SWAPPED: (pl.col("birth_date").dt.day() == pl.col("birth_date_base").dt.month())
    & (pl.col("birth_date").dt.month() == pl.col("birth_date_base").dt.day()),
    Damage.DATE_YEAR: pl.col("birth_date").dt.year() != pl.col("birth_date_base").dt.year(),
    Damage.DATE_MONTH: pl.col("birth_date").dt.month() != pl.col("birth_date_base").dt.month(),
    Damage.DATE_JANUARY: (pl.col("birth_date").dt.ordinal_day() == 1) & ~_same("birth_date"),
    Damage.DATE_DIGIT: ~_same("birth_date") & pl.col("birth_date").is_not_null(),
    Damage.DATE_TRANSPOSED: ~_same("birth_date") & pl.col("birth_date").is_not_null(),
    Damage.DATE_DAY: (pl.col("birth_date") - pl.col("birth_date_base")).dt.total_days().abs() <= 3,
    Damage.DATE_MISSING: pl.col("birth_date").is_null(),
    Damage.NUMBER_MISSING: pl.col("student_number").is_null(),
    Damage.GENDER_MISSING: pl.col("gender").is_null(),
    Damage.SPACING: _same("family"),
    Damage.MOVED: pl.lit(value=True),
}


@pytest.mark.parametrize("kind", _SAID, ids=lambda kind: kind.name)
def test_each_damage_is_what_it_says(pairs: pl.DataFrame, kind: Damage) -> None:
    befallen = pairs.filter(pl.col("kinds").list.contains(kind.value))
    if kind is Damage.SPACING:  # it befalls damaged names as well
        named = [damage.value for damage in NAME_DAMAGE]
        befallen = befallen.filter(pl.col("kinds").list.set_intersection(named).list.len() == 0)
    assert befallen.height > 0
    assert befallen.filter(~_SAID[kind]).is_empty()


_RESEMBLES = {
    Newcomer.LEAVERS_TWIN: _same("family") & _same("birth_date") & ~_same("given") & ~pl.col("model_stays"),
    Newcomer.LATE_TWIN: _same("family") & _same("birth_date") & ~_same("given") & pl.col("model_stays"),
    Newcomer.LEAVERS_NAMESAKE: _same("family") & _same("given") & ~_same("birth_date") & ~pl.col("model_stays"),
    Newcomer.NAMESAKE_IN_STEP: _same("family") & _same("given") & ~_same("birth_date") & ~pl.col("model_stays")
    & (pl.col("order") - pl.col("order_base") == pl.col("step")),
    Newcomer.NAMESAKE: _same("family") & _same("given") & ~_same("birth_date") & pl.col("model_stays"),
    Newcomer.LOOK_ALIKE: (_same("family") != _same("given")) & ~_same("birth_date") & ~pl.col("model_stays")
    & (pl.col("order") - pl.col("order_base") == pl.col("step")),
    Newcomer.RECYCLED: _same("bare") & ~_same("family") & ~pl.col("model_stays"),
    Newcomer.OVERWRITTEN: _same("bare") & ~_same("family") & ~pl.col("model_stays"),
}  # fmt: skip


@pytest.mark.parametrize("kind", _RESEMBLES, ids=lambda kind: kind.name)
def test_each_hard_joiner_is_what_it_says(years: SchoolYears, models: pl.DataFrame, kind: Newcomer) -> None:
    bare = [pl.col(f"student_number{end}").str.strip_chars_start("0").alias(f"bare{end}") for end in ("", "_base")]
    of_kind = models.with_columns(bare).filter(pl.col("newcomer") == kind.value)
    joiners = len(years.incoming) - years.truth.height
    assert of_kind.height == round(NEWCOMERS[kind] * joiners) > 0
    assert of_kind.filter(~_RESEMBLES[kind]).is_empty()


def test_younger_siblings_begin_and_have_a_sibling_in_the_base(years: SchoolYears) -> None:
    siblings = years.rows.filter(pl.col("newcomer") == Newcomer.SIBLING.value)
    assert siblings.height > 0
    assert siblings["family"].is_in(years.students["family"].implode()).all()
    assert set(siblings.join(years.incoming.frame, on="row")["grade"].cast(pl.String)) == {"KG"}


def test_ordinary_joiners_are_of_no_family_of_the_base(years: SchoolYears) -> None:
    ordinary = years.rows.filter(pl.col("newcomer") == Newcomer.ORDINARY.value)
    assert not ordinary["family"].is_in(years.students["family"].implode()).any()


def test_names_differ_where_a_name_was_damaged_and_nowhere_else(described: pl.DataFrame) -> None:
    really = [kind.value for kind in NAME_DAMAGE if kind is not Damage.PREFERRED]
    damaged = described.filter(pl.col("kinds").list.set_intersection(really).list.len() > 0)
    differs = described.filter(pl.col("need") == Need.NAME_DIFFERS.value)
    assert differs.join(damaged, on="row", how="anti").is_empty()
    assert damaged.join(differs, on="row", how="anti").height <= 0.01 * damaged.height
    assert 0.04 < differs.height / described.height < 0.07


def test_hard_joiners_need_a_person_as_their_kind_says(described: pl.DataFrame) -> None:
    needs = dict(described.filter(pl.col("newcomer").is_not_null()).group_by("newcomer").agg("need").iter_rows())
    for kind in (Newcomer.LEAVERS_TWIN, Newcomer.LATE_TWIN):
        assert set(needs[kind.value]) == {Need.FAMILY_AND_DATE.value}
    for kind in (Newcomer.LEAVERS_NAMESAKE, Newcomer.NAMESAKE_IN_STEP, Newcomer.NAMESAKE):
        assert set(needs[kind.value]) <= {Need.LOOK_ALIKE.value, Need.FAMILY_AND_DATE.value}


def test_offices_write_names_that_are_the_same_after_folding(years: SchoolYears, pairs: pl.DataFrame) -> None:
    named = [kind.value for kind in NAME_DAMAGE]
    written = pairs.filter(
        pl.col("kinds").list.contains(Damage.CASE.value) | pl.col("kinds").list.contains(Damage.PLAIN_LETTERS.value)
    )
    untouched = written.filter(pl.col("kinds").list.set_intersection(named).list.len() == 0)
    assert untouched.height > 100
    assert untouched.filter(~_same("given") | ~_same("family")).is_empty()
    habits = years.incoming.frame.group_by("school").agg(
        (pl.col("family_name") == pl.col("family_name").str.to_uppercase()).mean()
    )["family_name"]
    assert all(share < 0.2 or share == 1 for share in habits)


def test_a_grade_that_no_sheet_lists_has_no_rows_and_leaves_the_truth() -> None:
    years = draw_years(RosterOptions(students=2_600, unlisted=0.3))
    missing = years.students.filter(~pl.col("stays") & ~pl.col("leaves"))
    assert missing.height > 100
    assert len(years.incoming) < 2_500
    assert len(years.incoming) - years.truth.height > 0


def test_rows_listed_twice_are_two_rows_of_one_child() -> None:
    years = draw_years(RosterOptions(students=400, duplicated=0.05))
    twice = years.rows.filter(pl.col("kinds").list.contains(Damage.DUPLICATE.value))
    assert twice.height == 2 * round(0.05 * 400)
    known = twice.filter(pl.col("student_id").is_not_null())
    assert known["student_id"].n_unique() * 2 == known.height
    assert set(describe_rows(years).join(known, on="row", how="semi")["need"]) <= {Need.DUPLICATE, Need.NAME_DIFFERS}


def test_a_variant_lacks_its_columns_and_what_befell_them(years: SchoolYears) -> None:
    seen = years.as_variant(Variant(ids=False, dates=False))
    for roster in (seen.base, seen.incoming):
        assert not {"student_number", "birth_date"} & set(roster.given)
    kinds = {kind for of_row in seen.rows["kinds"] for kind in of_row}
    assert not {Damage.DATE_MISSING.value, Damage.NUMBER_MISSING.value} & kinds
    assert years.as_variant(VARIANTS[0]).base.digest == years.base.digest


def test_a_file_a_school_or_one_file(years: SchoolYears) -> None:
    files = years.incoming.frame.group_by("source_file").agg(pl.col("school").n_unique())
    assert files.height > 1
    assert files["school"].to_list() == [1] * files.height
    assert draw_years(RosterOptions(students=200, one_file=True)).incoming.frame["source_file"].n_unique() == 1


def test_names_of_all_cultures_are_drawn_and_no_culture_outgrows_its_share() -> None:
    cultures = load_cultures(invented_names())
    drawing = Drawing(np.random.default_rng(1), cultures, 40)
    drawn = draw_cultures(drawing, drawing.draw.integers(0, 40, 40_000))
    shares = np.bincount(drawn, minlength=len(cultures)) / len(drawn)
    expected = np.array([culture.share for culture in cultures])
    assert expected.sum() == pytest.approx(1)
    assert len(cultures) >= 20
    assert np.all(shares > 0)
    assert np.all(shares < 3 * expected + 0.01)


def test_without_faker_the_well_known_names_stand_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tails, "_provider", lambda _: None)
    assert tails.rarer_names("german", "family") == ()
    assert len(draw_years(SMALL).base) == 200


def test_words_have_the_shares_they_state_and_rarer_names_a_part() -> None:
    names = parse_words("Aa=60 Bb Cc", ["Dd", "Aa", "Ee"])
    assert names.words.to_list() == ["Aa", "Bb", "Cc", "Dd", "Ee"]
    shares = np.diff(names.upto, prepend=0)
    assert shares[0] == pytest.approx(0.6 * 0.65)
    assert shares[3:] == pytest.approx([0.175, 0.175])
    assert shares[1] > shares[2]


@pytest.mark.parametrize("name", ["Ana", "Bo", "Aa", "Llewelyn", "O'Neill", "王", "De la Cruz"])
def test_what_is_spelt_otherwise_is_another_name(name: str) -> None:
    draw = np.random.default_rng(2)
    for _ in range(100):
        for made in (mistype(name, draw), respell(name, draw)):
            assert made is None or fold(made) not in {"", fold(name)}


@pytest.mark.parametrize("kind", [kind for kind in DATE_DAMAGE if kind is not Damage.DATE_MISSING])
def test_a_mistyped_date_is_another_date(kind: Damage) -> None:
    draw = np.random.default_rng(2)
    for born in (date(2015, 5, 5), date(2016, 2, 29), date(2014, 12, 31), date(2014, 1, 1), date(2013, 3, 11)):
        for _ in range(50):
            assert mistype_date(born, kind, draw) != born


def test_a_number_with_another_digit_is_as_long() -> None:
    draw = np.random.default_rng(2)
    made = [other_digit("0012345", draw) for _ in range(100)]
    assert all(len(number) == 7 and number != "0012345" for number in made)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(0, 100, 0.0, 0.0362), (5, 100, 0.0164, 0.1128), (100, 100, 0.9638, 1.0), (1, 10, 0.0025, 0.4450)],
)
def test_exact_intervals_are_those_of_clopper_and_pearson(part: int, whole: int, low: float, high: float) -> None:
    assert exact_interval(part, whole) == pytest.approx((low, high), abs=5e-5)


def test_wilsons_interval_and_nothing_known() -> None:
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert exact_interval(0, 0) == wilson_interval(0, 0) == (0.0, 1.0)


def test_bins_are_counted_as_by_hand() -> None:
    pairs = pl.DataFrame(
        {"row": [0, 1, 2, 3], "student_id": ["a", "b", "c", "d"], "probability": [1.0, 0.6, 0.6, 0.01]},
        schema_overrides={"row": pl.UInt32},
    )
    counted = count_bins(pairs, pl.DataFrame({"row": [0, 1], "student_id": ["a", "b"]}))
    sure, even = bin_between(counted, 0.99, 1.0), bin_between(counted, 0.5, 0.9)
    assert (sure.pairs, sure.right) == (1, 1.0)
    assert (even.pairs, even.right, even.said) == (2, 0.5, 0.6)
    assert brier_score(counted) == pytest.approx((0.4**2 + 0.6**2) / 3)
    assert brier_score(Counter()) == 0.0


def _by_hand() -> SchoolYears:
    """A namesake of a leaver, both without birth date, whom nobody could tell; a child renamed; a twin who comes."""
    columns = ("student_id", "given_name", "family_name", "birth_date", "grade")
    base = [("s1", "Imola", "Varkest", None, "03"), ("s2", "Teodar", "Quillon", "2014-07-12", "03"),
            ("s3", "Sunniva", "Abrecht", "2016-01-30", "03")]  # fmt: skip
    rows = [("Imola", "Varkest", None, "04"), ("Teodor", "Quillon", "2014-07-12", "04"),
            ("Sunniva", "Abrecht", "2016-01-30", "04"), ("Runa", "Abrecht", "2016-01-30", "04")]  # fmt: skip
    truth = pl.DataFrame({"row": [1, 2], "student_id": ["s2", "s3"]}, schema_overrides={"row": pl.UInt32})
    of_rows = pl.DataFrame(
        {"row": [0, 1, 2, 3], "student_id": [None, "s2", "s3", None], "family": [-1, 2, 3, 3],
         "newcomer": ["namesake of a leaver", None, None, "twin of a student who stays"],
         "model": ["s1", None, None, "s3"],
         "step": [1] * 4, "kinds": [[], ["typing error in the given name"], [], []]},
        schema_overrides={"row": pl.UInt32, "kinds": pl.List(pl.String)},
    )  # fmt: skip
    students = pl.DataFrame({"student_id": ["s1", "s2", "s3"], "family": [1, 2, 3], "stays": [False, True, True],
                             "leaves": [True, False, False]})  # fmt: skip
    return SchoolYears(
        Roster.from_frame(pl.DataFrame(base, schema=columns, orient="row")),
        Roster.from_frame(pl.DataFrame(rows, schema=columns[1:], orient="row")),
        truth, of_rows, students,
    )  # fmt: skip


def test_a_plan_is_judged_as_by_hand() -> None:
    years = _by_hand()
    described = describe_rows(years)
    assert described["need"].to_list() == [Need.LOOK_ALIKE, Need.NAME_DIFFERS, Need.NONE, Need.FAMILY_AND_DATE]
    plan = make_plan(years.base, years.incoming)
    one = judge_plan(plan, years, described, link(years.base, years.incoming, floor=0.0))
    assert one.wrong == Counter({("match", "namesake of a leaver", "a namesake"): 1})
    assert (one.sums["wrong_matches"], one.sums["alike"], one.sums["links"]) == (1, 1, 2)
    assert one.sums["wrong_additions"] == one.sums["wrong_deletions"] == 0
    assert sum(one.reviews.values()) == one.sums["reviewed"]
    assert one.reviews[Need.NAME_DIFFERS.value, "typing error in the given name", "name_differs"] == 1
    assert review_bound(one, Variant(ids=True, dates=True), accepts_similar=False) == pytest.approx(0.645)
    assert review_bound(one, Variant(ids=True, dates=False), accepts_similar=True) == 0.05


def test_judgements_of_seeds_add_up() -> None:
    chosen = VARIANTS[:1]
    run = RunOptions(SMALL, seeds=2, first=8, jobs=1, variants=chosen)
    together = judge_rosters(run)
    parts = [judge_seed((RosterOptions(students=200, seed=seed), chosen)) for seed in (8, 9)]
    for case, judged in together.items():
        added = parts[0][case] + parts[1][case]
        timeless = {name: count for name, count in judged.sums.items() if name != "milliseconds"}
        assert timeless.items() <= added.sums.items()
        assert judged.wrong == added.wrong
        assert judged.bins == added.bins
    assert Judgement() + Judgement() is not None


def test_the_command_prints_a_section_and_saves_counts(tmp_path: Path) -> None:
    options = parser().parse_args(
        ["--seeds", "1", "--size", "200", "--jobs", "1", "--variants", VARIANTS[0].name, "--errors"]
    )
    options.save = tmp_path
    text = rosters(options)
    assert text.startswith("## School years")
    assert "ids, birth dates" in text
    assert (tmp_path / "rosters.json").exists()
