"""The stages in their order: further names, left-over people, decisions, declared columns, learning from the lists."""

from collections.abc import Mapping

import polars as pl
import pytest

from matching_cases import Fields, a_row
from rosterdiff.frames import Roster
from rosterdiff.matching import Matches, MatchOptions, match_rosters
from rosterdiff.matching import match as module
from rosterdiff.matching.close import find_close_pairs
from rosterdiff.model import KnownName
from rosterdiff.schema import ASSIGNED, PAIRS
from rosterdiff.testing import a_roster, a_student

SYLLABLES = ("Bel", "Dor", "Fen", "Gal", "Hol", "Jas", "Kor", "Lum", "Nev", "Pol", "Ras", "Sol", "Tam", "Vik", "Wen")


def people(count: int, **fields: str | None) -> list[dict[str, object]]:
    """As many children, each of other names and another birth date."""
    return [
        {
            **a_student(f"s{i:03}"),
            "given_name": f"{SYLLABLES[i % 15]}o",
            "family_name": f"{SYLLABLES[i // 15]}{SYLLABLES[(7 * i) % 15].lower()}quist",
            "birth_date": f"20{10 + i % 7}-{1 + i % 12:02}-{1 + (5 * i) % 28:02}",
            **fields,
        }
        for i in range(count)
    ]


def rows_of(students: list[dict[str, object]], **changed: str | None) -> list[dict[str, object]]:
    return [{**student, "student_id": None, **changed} for student in students]


def matched(base: list[dict[str, object]], rows: list[dict[str, object]], **options: object) -> Matches:
    found = match_rosters(a_roster(*base), a_roster(*rows), MatchOptions(**options))  # type: ignore[arg-type]
    assert found.pairs.schema == ASSIGNED
    return found


def chosen(found: Matches) -> list[tuple[int, int]]:
    return found.pairs.filter("assigned").select("row", "student").rows()


SIZES: Mapping[str, dict[str, int]] = {
    "in full": {},
    "close": {"full_pairs": 0},
    "blocked": {"full_pairs": 0},
}


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Lists compared in full, looked at in full, and joined by keys: every rule holds for all."""
    if request.param == "blocked":
        monkeypatch.setattr("rosterdiff.matching.candidates.CLOSE_PAIRS", 0)
    return SIZES[request.param]


def test_everybody_is_found_whatever_the_size_of_the_lists(size: dict[str, int]) -> None:
    base = people(60)
    found = matched(base, rows_of(base)[::-1], **size)
    assert chosen(found) == [(row, 59 - row) for row in range(60)]
    assert (found.pairs.filter("assigned")["probability"] > 0.99).all()


def test_a_child_of_both_other_names_is_found_by_the_names_that_are_remembered(size: dict[str, int]) -> None:
    base = people(40, birth_date=None)
    rows = rows_of(base)
    rows[7] |= {"given_name": "Quilla", "family_name": "Zantor"}
    names = [KnownName("s007", "Quilla", "Zantor")]
    assert (7, 7) in chosen(matched(base, rows, names=names, **size))


LEFT_OVER: Fields = {"given_name": "Zo", "family_name": "Torenbekke", "birth_date": "2012-11-27"}


def test_among_those_who_are_left_over_all_pairs_are_looked_at(
    size: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A close family name alone makes nobody a candidate, but of the few whom nobody else is like it does."""
    base = [*people(40), a_student("s999", given_name="Wu")]
    rows = [*rows_of(base[:40]), {**a_row(), **LEFT_OVER}]
    assert (40, 40) in matched(base, rows, floor=0.0, **size).pairs.select("row", "student").rows()
    monkeypatch.setattr(module, "MOST_LEFT_OVER", 0)
    seen = matched(base, rows, floor=0.0, **size).pairs.select("row", "student").rows()
    assert ((40, 40) in seen) == (not size)


def test_where_too_many_are_left_over_those_of_a_fair_chance_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wider bar is tried first; its list being too long, the narrower one still finds the few."""
    seen: list[int] = []

    def too_long_at_first(rows: pl.DataFrame, students: pl.DataFrame, *, least: int = 2) -> pl.DataFrame | None:
        if least == 1:
            seen.append(rows.height)
        return None if least == 1 and len(seen) == 1 else find_close_pairs(rows, students, least=least)

    monkeypatch.setattr(module, "find_close_pairs", too_long_at_first)
    base = [*people(40), a_student("s999", given_name="Wu")]
    rows = [*rows_of(base[:40]), {**a_row(), **LEFT_OVER}]
    assert (40, 40) in matched(base, rows, floor=0.0, full_pairs=0).pairs.select("row", "student").rows()
    assert len(seen) == 2
    assert seen[0] >= seen[1]


# What persons have said


def test_a_pair_that_a_person_has_ruled_out_is_left_out(size: dict[str, int]) -> None:
    base = people(20)
    found = matched(base, rows_of(base), rejected=frozenset({(3, "s003")}), floor=0.0, **size)
    assert (3, 3) not in found.pairs.select("row", "student").rows()
    assert len(chosen(found)) >= 19


def test_a_row_that_a_person_has_ignored_claims_nobody(size: dict[str, int]) -> None:
    base = people(20)
    found = matched(base, rows_of(base), ignored=frozenset({3}), floor=0.0, **size)
    assert 3 not in found.pairs["row"].to_list()


def test_a_pair_that_a_person_has_made_is_assigned_and_its_student_to_nobody_else(size: dict[str, int]) -> None:
    base = people(20)
    fixed = pl.DataFrame([(3, 4)], schema=PAIRS, orient="row")
    found = matched(base, rows_of(base), fixed=fixed, floor=0.0, **size)
    assert found.pairs.filter(pl.col("row") == 3).select("student").rows() == [(4,)]
    assert 4 not in {student for row, student in chosen(found) if row != 3}


# Columns of one's own


def test_a_declared_column_tells_namesakes_apart(size: dict[str, int]) -> None:
    alike = {"given_name": "Ro", "family_name": "Kell", "birth_date": None}
    base = [*people(30), a_student("n0", **alike, Place="Quorrel"), a_student("n1", **alike, Place="Dunmere")]
    rows = [*rows_of(base[:30]), a_row(**alike, Place="Dunmere"), a_row(**alike, Place="Quorrel")]
    found = matched(base, rows, **size)
    assert found.pairs.filter("assigned", pl.col("row") >= 30)["margin_mb"].max() == 0
    found = matched(base, rows, evidence={"Place": "exact"}, **size)
    assert chosen(found)[-2:] == [(30, 31), (31, 30)]
    assert found.pairs.filter("assigned", pl.col("row") >= 30)["margin_mb"].min() > 3000


# What the lists show


def test_lists_full_of_mistyped_names_teach_that_a_mistyped_name_says_little_against_a_child() -> None:
    base = people(80)
    clean, noisy = rows_of(base), rows_of(base)
    for row in noisy[:40]:
        row["given_name"] = f"{row['given_name']}k"
    clean[0] = noisy[0]
    weights = [
        found.pairs.filter(pl.col("row") == 0, "assigned")["given_name_mb"].item()
        for found in (matched(base, clean), matched(base, noisy))
    ]
    assert weights[1] > weights[0] + 1000


def test_a_newcomer_beside_a_complete_list_is_not_taken_for_a_child_who_is_there() -> None:
    """Where all others have a partner a free student is likely anybody's; one who has his own row is not."""
    base = people(60)
    given = str(base[0]["given_name"])
    stranger = {
        "given_name": given,
        "family_name": "Quarrington",
        "birth_date": None,
        "grade": None,
        "class_name": None,
    }
    rows = [*rows_of(base), a_row(**stranger)]
    found = matched(base, rows, floor=0.0).pairs.filter(pl.col("row") == 60)
    assert found["alone_probability"].max() < 0.5


@pytest.mark.parametrize(("students", "rows"), [(0, 0), (0, 3), (3, 0)])
def test_empty_lists_have_no_pairs(students: int, rows: int, size: dict[str, int]) -> None:
    found = matched(people(students), rows_of(people(rows)), **size)
    assert (found.pairs.height, found.indistinguishable) == (0, 0)


def test_one_row_and_one_student_match() -> None:
    assert chosen(matched(people(1), rows_of(people(1)))) == [(0, 0)]


def test_neither_roster_is_changed() -> None:
    base, incoming = a_roster(*people(5)), a_roster(*rows_of(people(5)))
    before = base.frame.clone(), incoming.frame.clone()
    match_rosters(base, incoming)
    assert isinstance(base, Roster)
    assert (base.frame.equals(before[0]), incoming.frame.equals(before[1])) == (True, True)


def test_pairs_compared_a_few_at_a_time_get_what_they_get_together(
    size: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    students = people(40)
    rows = rows_of(students[:30], family_name="Belquist")
    at_once = matched(students, rows, **size).pairs
    monkeypatch.setattr(module, "BESIDE", 7)
    assert at_once.height > 7
    assert matched(students, rows, **size).pairs.equals(at_once)
