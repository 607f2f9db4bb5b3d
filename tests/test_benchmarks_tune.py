"""The shipped numbers are counted among true pairs and pairs by chance, pooled evenly, and written where they stood."""

import math
import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from benchmarks import sets
from benchmarks.__main__ import main
from benchmarks.sets import SETS, LoadedSet
from benchmarks.tune import widest
from benchmarks.tune_counts import Observed, chance_pairs, observe, true_pairs
from benchmarks.tune_file import FIRST_WORDS, SHIPPED_FILE, WIDTH, render_numbers, rewrite
from benchmarks.tune_pool import KEPT, LEAST_OTHER, LEAST_SAME, fitted_tables, pool_model

from rosterdiff import Roster
from rosterdiff.matching.model import TABLES, parse_table, shipped_model

MODEL = shipped_model()
NONE: dict[str, dict[str, int]] = {str(table): {} for table in TABLES}


def roster(*students: dict[str, str | None]) -> Roster:
    return Roster.from_frame(pl.DataFrame(list(students)))


def loaded(truth: dict[int, str]) -> LoadedSet:
    base = roster(
        {
            "student_id": "s1",
            "given_name": "Imola",
            "family_name": "Varkest",
            "birth_date": "2015-03-01",
            "grade": "04",
        },
        {"student_id": "s2", "given_name": "Teodar", "family_name": "Quillon", "birth_date": None, "grade": "04"},
        {"student_id": "s3", "given_name": "Sunniva", "family_name": None, "birth_date": "2016-01-30", "grade": "03"},
    )
    incoming = roster(
        {"given_name": "Imola", "family_name": "Varkest", "birth_date": "2015-03-01", "grade": "05"},
        {"given_name": "Bezarra", "family_name": "Klumond", "birth_date": "2011-09-19", "grade": "05"},
        {"given_name": "Sunniva", "family_name": "Abrecht", "birth_date": "2016-01-30", "grade": "04"},
    )
    return LoadedSet(base, incoming, pl.DataFrame({"row": list(truth), "student_id": list(truth.values())}))


def observed(
    same: dict[str, int], other: dict[str, int], *, generated: bool = False, table: str = "gender"
) -> Observed:
    counts = [{**NONE, table: seen} for seen in (same, other)]
    return Observed("a set", generated, sum(same.values()), sum(other.values()), *counts)


# Counting


def test_true_pairs_are_counted_though_they_have_nothing_in_common() -> None:
    """No key of blocking finds a child whose names are both other ones."""
    found = observe("a set", loaded({0: "s1", 1: "s2"}), {})
    assert found.true_pairs == 2
    assert found.same["given_name"] == {"same": 1, "different": 1}


def test_what_is_missing_is_not_counted() -> None:
    found = observe("a set", loaded({0: "s1", 1: "s2", 2: "s3"}), {})
    assert found.same["birth_date"] == {"same": 2}
    assert found.same["family_name"] == {"same": 1, "different": 1}
    assert not found.same["email"]


def test_a_grade_beside_like_birth_dates_is_counted_apart() -> None:
    found = observe("a set", loaded({0: "s1", 1: "s2", 2: "s3"}), {})
    assert (found.same["grade_dated"], found.same["grade"]) == ({"in_step": 2}, {"in_step": 1})


def test_no_true_pair_is_among_those_by_chance() -> None:
    found = observe("a set", loaded({0: "s1", 2: "s3"}), {})
    assert found.other["birth_date"].keys() <= {"different"}
    assert sum(found.other["given_name"].values()) == found.chance_pairs == 7


def test_pairs_by_chance_are_distinct_spread_over_all_rows_and_the_same_each_time() -> None:
    pairs = chance_pairs((300, 1_000), 6_000)
    assert pairs.is_unique().all()
    assert pairs.equals(chance_pairs((300, 1_000), 6_000))
    a_row = pairs["row"].value_counts()["count"]
    assert (len(a_row), a_row.max()) == (300, 20)
    assert pairs["student"].n_unique() > 900


def test_of_short_rosters_all_pairs_are_looked_at() -> None:
    assert chance_pairs((2, 3), 6).rows() == [(row, student) for row in range(2) for student in range(3)]


def test_rosters_without_anybody_have_no_pairs() -> None:
    assert chance_pairs((0, 5), 100).is_empty()


def test_a_true_link_of_a_student_who_is_not_in_the_base_is_none() -> None:
    assert true_pairs(loaded({0: "s1", 1: "elsewhere"})).rows() == [(0, 0)]


# Pooling


def test_a_set_counts_the_same_however_long_it_is() -> None:
    chance = {"same": 100_000, "different": 100_000}
    short, long = (
        observed({"same": 900, "different": 100}, chance),
        observed({"same": 70_000, "different": 30_000}, chance),
    )
    m = pool_model(MODEL, [short, long]).chances["gender"]["same"][0]
    assert m == pytest.approx(0.8, abs=0.005)


def test_the_sets_together_count_as_much_as_the_school_years_together() -> None:
    chance = {"same": 100_000, "different": 100_000}
    sets_of = [observed({"same": 6_000, "different": 4_000}, chance) for _ in range(3)]
    years = observed({"same": 10_000, "different": 0}, chance, generated=True)
    assert pool_model(MODEL, [*sets_of, years]).chances["gender"]["same"][0] == pytest.approx(0.8, abs=0.005)


def test_few_pairs_hardly_move_the_numbers() -> None:
    before = MODEL.chances["gender"]["same"][0]
    after = pool_model(MODEL, [observed({"same": 20, "different": 20}, {"same": 9, "different": 9})]).chances["gender"]
    assert 0.5 < after["same"][0] < before
    assert after["same"][1] == pytest.approx(0.5, abs=0.01)


def test_a_level_hardly_ever_seen_in_one_person_keeps_both_numbers_and_one_hardly_ever_seen_in_two_its_u() -> None:
    same = {"same": 9_000, "typo": 600, "slip": LEAST_SAME - 1, "different": 400}
    other = {"same": 900, "typo": LEAST_OTHER - 1, "slip": 700, "different": 198_000}
    before = MODEL.chances["given_name"]
    after = pool_model(MODEL, [observed(same, other, table="given_name")]).chances["given_name"]
    assert after["slip"] == before["slip"]
    assert after["typo"][0] != before["typo"][0]
    assert after["typo"][1] == before["typo"][1]
    assert after["known_as"] == before["known_as"]


def test_the_chances_of_the_levels_that_can_be_add_up_to_one() -> None:
    same = {"same": 9_000, "typo": 600, "swapped": 50, "different": 400}
    other = {"same": 900, "typo": 60, "different": 198_000}
    before = MODEL.chances["middle_name"]
    pooled = pool_model(MODEL, [observed(same, other, table="middle_name")]).chances["middle_name"]
    can_be = {level for level, (m, u) in before.items() if m != u or level == "swapped"}
    assert math.fsum(pooled[level][0] for level in can_be) == pytest.approx(1, abs=0.01)
    assert math.fsum(pooled[level][1] for level in can_be - {"swapped"}) == pytest.approx(1, abs=0.01)


def test_where_the_commonest_level_was_hardly_seen_all_numbers_stay() -> None:
    """Else what is left for the others would be nothing."""
    same, other = {"same": 90, "different": LEAST_SAME - 1}, {"same": 70, "different": 199_000}
    after = pool_model(MODEL, [observed(same, other, table="given_name")]).chances["given_name"]
    assert {level: pair[1] for level, pair in after.items()} == {
        level: pair[1] for level, pair in MODEL.chances["given_name"].items()
    }


def test_a_level_that_is_weighed_by_frequency_alone_stays_so() -> None:
    same, other = {"same": 900, "swapped": 100}, {"same": 900, "swapped": 100, "different": 100_000}
    for table, m_too in (("given_name", False), ("family_name", True)):
        m, u = pool_model(MODEL, [observed(same, other, table=table)]).chances[table]["swapped"]
        assert u == 1
        assert (m == 1) is m_too


def test_ids_and_tables_of_which_no_set_speaks_keep_their_numbers() -> None:
    """What generated school years say of their own classes is judgement already."""
    chance = {"same": 10, "different": 199_990}
    shown = [observed({"same": 900, "different": 100}, chance, table=str(table)) for table in KEPT]
    shown.append(observed({"same": 900, "moved": 100}, {"same": 10, "moved": 90}, generated=True, table="class_name"))
    assert fitted_tables(shown) == []
    assert pool_model(MODEL, shown).digest == MODEL.digest


# The file


def test_numbers_read_back_as_they_were_written_in_lines_that_fit() -> None:
    text = render_numbers(MODEL.chances)
    assert parse_table(text) == MODEL.chances
    assert max(map(len, text.splitlines())) <= WIDTH
    assert not re.search(r"\de", text)


def test_writing_replaces_the_table_and_its_provenance_and_nothing_else() -> None:
    module = SHIPPED_FILE.read_text(encoding="utf-8")
    pooled = pool_model(MODEL, [observed({"same": 900, "different": 100}, {"same": 100, "different": 100})])
    once = rewrite(module, MODEL.chances, f"{FIRST_WORDS} on one set.")
    twice = rewrite(once, pooled.chances, f"{FIRST_WORDS} on {'very ' * 40}many sets.")
    found: dict[str, object] = {}
    exec(compile(twice, "shipped", "exec"), found)
    assert parse_table(str(found["SHIPPED"])) == pooled.chances
    assert found["FREQUENCY_PRIOR"] == dict(MODEL.frequency_prior)
    assert twice.count(FIRST_WORDS) == 1
    assert "one set" not in twice
    kept = module.split("SHIPPED: Final")[1].split('"""\n', 2)[2]
    assert twice.endswith(kept)
    assert twice.startswith(module.split("# ")[0].split("SHIPPED: Final")[0])


def test_a_module_of_another_form_is_not_written_over() -> None:
    with pytest.raises(AssertionError, match="another form"):
        rewrite("NUMBERS = 1\n", MODEL.chances, FIRST_WORDS)


# The command


def test_a_set_is_learnt_from_once_in_the_variant_of_the_most_columns() -> None:
    chosen = {one.name: one.variant for one in widest([one for one in SETS if one.goal is not None])}
    assert chosen["febrl4"] == "all"
    assert len(chosen) == len(widest(SETS)) - 3


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of shared data that the test fills."""
    monkeypatch.setenv("ROSTERDIFF_SHARED", str(tmp_path))
    sets._load.cache_clear()
    yield tmp_path
    sets._load.cache_clear()


def write_set(folder: Path, left: pl.DataFrame, right: pl.DataFrame, truth: pl.DataFrame) -> None:
    folder.mkdir(parents=True)
    for name, frame in (("left", left), ("right", right), ("truth", truth)):
        frame.write_csv(folder / f"{name}.csv")


def an_invented_set(folder: Path) -> None:
    """Thirty people of whom one in ten has another given name on the right."""
    ends = ("ano", "ettu", "ika", "osk", "urr", "yle")
    names = [first + last for first in ("Bel", "Dor", "Kim", "Rus", "Tav") for last in ends]
    renamed = [f"Quill{'abc'[at % 3]}" if at % 10 == 0 else name for at, name in enumerate(names)]
    each = {"street_number": "4", "address_1": "elm row", "suburb": "quorrel", "postcode": "2620", "state": "vic"}
    people = pl.DataFrame({"last_name": [name[::-1].title() for name in names], "address_2": [None] * 30}).with_columns(
        pl.Series("date_of_birth", [f"2014{at % 12 + 1:02}{at % 28 + 1:02}" for at in range(30)]),
        pl.Series("soc_sec_id", [str(1000 + 7 * at) for at in range(30)]),
        **{name: pl.lit(value) for name, value in each.items()},
    )
    ids = [[f"{side}{at}" for at in range(30)] for side in "LR"]
    left, right = (
        people.with_columns(pl.Series("id", of_side), pl.Series("first_name", given))
        for of_side, given in zip(ids, (names, renamed), strict=True)
    )
    write_set(folder, left, right, pl.DataFrame({"left_id": ids[0], "right_id": ids[1]}))


def test_tuning_learns_judges_with_and_without_the_set_and_writes_a_candidate(shared: Path) -> None:
    an_invented_set(shared / "data" / "febrl4")
    page, candidate = shared / "page.md", shared / "candidate.py"
    before = SHIPPED_FILE.read_text(encoding="utf-8")
    main(["tune", "--seeds", "1", "--size", "200", "--write", str(candidate), "--into", str(page)])
    section = page.read_text(encoding="utf-8")
    assert "<!-- tune: begin -->" in section
    assert "| febrl4 | 30 | 870 |" in section
    judged = [line for line in section.splitlines() if line.startswith("| febrl4 · ")]
    assert [line.count("|") for line in judged] == [10, 10]
    assert f"# {FIRST_WORDS}" in candidate.read_text(encoding="utf-8")
    assert SHIPPED_FILE.read_text(encoding="utf-8") == before


def test_without_labelled_sets_tuning_says_so(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["tune"])
    assert "No labelled set is on this machine" in capsys.readouterr().out
