"""Before anything is compared: what it would take, and who cannot be told apart."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from benchmarks.years import YearOptions, draw_years, save_years
from hypothesis import given
from hypothesis import strategies as st

import rosterdiff as rd
from rosterdiff.matching import match
from rosterdiff.matching.match import MatchOptions, compare_rosters
from rosterdiff.matching.namesakes import MOST_ALIKE
from rosterdiff.schema import INDISTINGUISHABLE
from rosterdiff.testing import a_roster, a_student

NOBODY = a_roster(a_student("s1", given_name="Xu", family_name="Ek", birth_date="2011-01-01", student_number="1"))


def row(**fields: Any) -> dict[str, Any]:
    return a_student(None, **fields)


def alike(found: rd.Estimate, side: str = "incoming") -> list[tuple[Any, ...]]:
    return found.indistinguishable.filter(side=side).select("row", "group", "reason").rows()


def test_namesakes_of_one_birth_date_and_no_number_are_not_told_apart() -> None:
    found = rd.estimate(NOBODY, a_roster(row(), row(given_name="Maro"), row(given_name="ILVA")))
    assert alike(found) == [(0, 0, "same_birth_date"), (2, 0, "same_birth_date")]
    assert found.counts == {"rows": 2, "students": 0}


def test_students_are_named_by_their_ids_and_rows_by_their_number() -> None:
    base = a_roster(a_student("s1"), a_student("s2", given_name="Maro"), a_student("s3"))
    found = rd.estimate(base, a_roster(row()))
    assert found.indistinguishable.schema == INDISTINGUISHABLE
    assert found.indistinguishable.select("side", "row", "student_id").rows() == [("base", 0, "s1"), ("base", 2, "s3")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"birth_date": "2016-03-14"}, {"birth_date": "2016-03-15"}),
        ({"student_number": "17"}, {"student_number": "18"}),
        ({"middle_name": "Ann"}, {"middle_name": "Bea"}),
        ({"grade": "03"}, {"grade": "06"}),
        ({"family_name": "Torenbek"}, {"family_name": "Torenbeck"}),
    ],
)
def test_whatever_both_have_and_differs_tells_two_apart(first: dict[str, str], second: dict[str, str]) -> None:
    base = a_roster(a_student("s9", given_name="Xu", student_number="1", middle_name="Cai"))
    assert alike(rd.estimate(base, a_roster(row(**first), row(**second)))) == []


def test_what_one_list_alone_has_tells_nobody_apart() -> None:
    """Two rows with numbers, and a base that has none."""
    base = a_roster(a_student("s9", given_name="Xu"))
    found = rd.estimate(base, a_roster(row(student_number="17"), row(student_number="18")))
    assert len(alike(found)) == 2


def test_one_without_birth_date_is_not_told_from_any_of_his_name() -> None:
    rows = [row(birth_date="2016-01-01"), row(birth_date=None), row(birth_date="2017-01-01")]
    assert alike(rd.estimate(NOBODY, a_roster(*rows))) == [(n, 0, "no_birth_date") for n in range(3)]


def test_a_declared_column_tells_apart() -> None:
    base = a_roster(a_student("s9", given_name="Xu", bus="1"))
    rows = a_roster(row(bus="1"), row(bus="2"))
    assert len(alike(rd.estimate(base, rows))) == 2
    assert alike(rd.estimate(base, rows, evidence={"bus": "exact"})) == []


def test_very_many_of_one_name_are_one_group() -> None:
    rows = [row(birth_date=None) for _ in range(MOST_ALIKE * 3)]
    found = alike(rd.estimate(NOBODY, a_roster(*rows)))
    assert len(found) == MOST_ALIKE * 3
    assert {group for _, group, _ in found} == {0}


few = st.sampled_from([None, "2016-01-01", "2016-01-02"])
record = st.fixed_dictionaries(
    {
        "given_name": st.sampled_from(["Ilva", "Maro"]),
        "birth_date": few,
        "student_number": st.sampled_from([None, "1", "2"]),
    }
)


@given(st.lists(record, max_size=8))
def test_a_row_is_named_if_there_is_another_that_nothing_tells_from_it(records: list[dict[str, Any]]) -> None:
    def apart(some: dict[str, Any], other: dict[str, Any]) -> bool:
        return some["given_name"] != other["given_name"] or any(
            some[name] and other[name] and some[name] != other[name] for name in ("birth_date", "student_number")
        )

    numbers = [one["student_number"] for one in records]
    shared = {n for n in numbers if len({r["given_name"] for r in records if r["student_number"] == n}) > 1}
    known = [
        {**one, "student_number": None if one["student_number"] in shared else one["student_number"]} for one in records
    ]
    dated = any(one["birth_date"] for one in known)
    numbered = any(one["student_number"] for one in known)
    told = [
        {
            **o,
            "birth_date": o["birth_date"] if dated else None,
            "student_number": o["student_number"] if numbered else None,
        }
        for o in known
    ]
    expected = {
        place
        for place, one in enumerate(told)
        if any(not apart(one, other) for at, other in enumerate(told) if at != place)
    }
    found = rd.estimate(NOBODY, a_roster(*(row(**one) for one in records)))
    assert {place for place, _, _ in alike(found)} == expected


def test_its_repr_and_sentences_hold_counts_and_no_value() -> None:
    found = rd.estimate(NOBODY, a_roster(row(), row(), row(birth_date=None, given_name="Maro"), row(given_name="Maro")))
    told = " ".join([repr(found), *found.sentences])
    assert "2 rows in 1 groups have the same name and birth date" in told
    assert "2 rows in 1 groups have the same name, and no birth date" in told
    assert not any(word in told for word in ("Ilva", "Torenbek", "Maro", "2016"))


def test_small_lists_are_compared_in_full() -> None:
    found = rd.estimate(NOBODY, a_roster(row(), row()))
    assert (found.rows, found.students, found.pairs) == (2, 1, 2)


@pytest.mark.parametrize(("base", "rows"), [(0, 0), (0, 1), (1, 0)])
def test_empty_lists_take_nothing(base: int, rows: int) -> None:
    found = rd.estimate(a_roster(*[a_student("s1")][:base]), a_roster(*[row()][:rows]))
    assert (found.pairs, found.counts) == (0, {"rows": 0, "students": 0})


def test_nothing_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a pair was compared")

    monkeypatch.setattr(match, "compare_joined", refuse)
    assert rd.estimate(NOBODY, a_roster(*(row(birth_date=None) for _ in range(200)))).pairs > 0


@pytest.mark.parametrize("students", [600, 2_000])
@pytest.mark.parametrize("damaged", [0.05, 0.4])
def test_the_number_of_pairs_is_within_a_factor_of_two(students: int, damaged: float) -> None:
    years = draw_years(YearOptions(students=students, names_damaged=damaged, shared=0.8))
    compared = compare_rosters(years.base, years.incoming, MatchOptions()).evident.levels.height
    assert compared / 2 <= rd.estimate(years.base, years.incoming).pairs <= compared * 2


def test_another_order_of_the_rows_changes_no_number() -> None:
    years = draw_years(YearOptions(students=400))
    turned = [rd.Roster.from_frame(r.frame.drop("row").reverse()) for r in (years.base, years.incoming)]
    found, again = rd.estimate(years.base, years.incoming), rd.estimate(*turned)
    assert (found.exact, found.pairs, found.memory) == (again.exact, again.pairs, again.memory)


MEASURE = """
import sys
from pathlib import Path

from benchmarks.memory import memory_mb
from benchmarks.years import load_years
from rosterdiff import estimate, make_plan

for folder in sys.argv[1:]:
    years = load_years(Path(folder))
    Path("/proc/self/clear_refs").write_text("5")
    before = memory_mb("VmRSS")
    make_plan(years.base, years.incoming)
    grown = (memory_mb("VmHWM") - before) * 1.048576
print(estimate(years.base, years.incoming).memory / 1e6, grown)
"""


@pytest.mark.soak
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="the peak is measured as Linux counts it")
@pytest.mark.parametrize(("students", "shared"), [(5_000, 0.6), (100_000, 0.88)])
def test_the_memory_is_within_a_factor_of_two_of_its_peak(students: int, shared: float, tmp_path: Path) -> None:
    """Each size in a process of its own, which has made a small plan before, so that libraries are loaded."""
    folders = {"small": YearOptions(students=30), "large": YearOptions(students, shared=shared, names_damaged=0.3)}
    for name, options in folders.items():
        (tmp_path / name).mkdir()
        save_years(draw_years(options), tmp_path / name)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, *(str(tmp_path / name) for name in folders)],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent,
    )  # fmt: skip
    told, measured = map(float, done.stdout.split())
    assert measured / 2 <= told <= measured * 2


def test_what_is_known_of_a_birth_date_tells_apart() -> None:
    base = a_roster(a_student("s9", given_name="Xu", birth_date=None, born="2015"))
    rows = a_roster(row(birth_date=None, born="2016-03"), row(birth_date=None, born="2016-04"))
    assert len(alike(rd.estimate(base, rows))) == 2
    assert alike(rd.estimate(base, rows, evidence={"born": "partial_date"})) == [
        (0, 0, "no_birth_date"), (1, 0, "no_birth_date"),
    ]  # fmt: skip
    base = a_roster(a_student("s9", given_name="Xu", birth_date=None, born="2015-05"))
    assert alike(rd.estimate(base, rows, evidence={"born": "partial_date"})) == []
