"""The judge of reading: what counts as right, as said and as silent, and that the same seed gives the same files."""

import gzip
import io
import zipfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from attrs import evolve
from benchmarks.reading import corpus
from benchmarks.reading.cases import Case
from benchmarks.reading.cases_oneroster import oneroster_cases
from benchmarks.reading.corpus import compare_corpus, entries, judge_corpus
from benchmarks.reading.corpus_tables import render_corpus
from benchmarks.reading.generated import all_cases, judge_cases
from benchmarks.reading.generated_tables import render_generated
from benchmarks.reading.measure import Job, Seen, measure
from benchmarks.reading.mutations import Seeds, mutate
from benchmarks.reading.outcomes import Outcome
from benchmarks.reading.pages import PLAIN, Page, column_letters
from benchmarks.reading.people import WORLD, Crowd, draw_people
from benchmarks.reading.speed import Sizes, measure_reading
from benchmarks.reading.speed_tables import render_speed
from benchmarks.reading.truths import compare_cells
from benchmarks.reading.verdicts import Verdict, judge
from benchmarks.reading.writers import Formula, text, workbook, workbook_by_openpyxl

from rosterdiff.grades import parse_grade
from rosterdiff.schema import CANONICAL

PEOPLE = draw_people(Crowd(7, 3))
PAGE = Page(PLAIN, PEOPLE, sheet=None)
CASE = Case("plain", "text", "p.csv", partial(text, PAGE), [PAGE])


def seen_of(rows: Sequence[Mapping[str, str | None]], issues: Sequence[tuple[str, str | None]] = ()) -> Seen:
    """What a reader gave: its rows from the second line on, and issues with their cells."""
    cells: dict[str, list[str | None]] = {name: [row.get(name) for row in rows] for name in CANONICAL}
    cells |= {"source_sheet": [None] * len(rows), "source_row": [str(number) for number in range(2, len(rows) + 2)]}
    found: dict[str, Any] = {
        "outcome": "rows",
        "rows": len(rows),
        "cells": cells,
        "issues": {code: 1 for code, _ in issues},
        "issue_cells": [(code, None, cell) for code, cell in issues],
        "places": [(None, "given_name", "B")],
    }
    return Seen(found, 0.1, 80.0)


def right_rows() -> list[dict[str, str | None]]:
    return [{name: value for name, value in truth.items() if name in CANONICAL} for _, _, truth in PAGE.truths()]


def test_a_file_whose_cells_are_all_as_they_ought_to_be_is_exactly_right() -> None:
    assert judge(CASE, seen_of(right_rows())).verdict is Verdict.EXACT


def test_another_value_without_an_issue_is_wrong_in_silence() -> None:
    rows = right_rows()
    rows[1]["given_name"] = "Another"
    judged = judge(CASE, seen_of(rows))
    assert (judged.verdict, judged.counts.wrong_silent, judged.fields) == (Verdict.SILENT, 1, ("given_name",))


@pytest.mark.parametrize("cell", ["B3", "B1", "G3"], ids=["cell", "column", "row"])
def test_an_issue_at_the_cell_its_column_or_its_row_says_it(cell: str) -> None:
    rows = right_rows()
    rows[1]["given_name"] = None
    judged = judge(CASE, seen_of(rows, [("name_missing", cell)]))
    assert (judged.verdict, judged.counts.lost_said, judged.counts.silent) == (Verdict.SAID, 1, 0)


def test_an_issue_elsewhere_says_nothing_of_a_cell() -> None:
    rows = right_rows()
    rows[1]["given_name"] = None
    assert judge(CASE, seen_of(rows, [("grade_unknown", "F2"), ("sheet_hidden", None)])).counts.lost_silent == 1


def test_a_row_that_is_missing_loses_all_its_cells_and_one_too_many_is_wrong() -> None:
    less, more = judge(CASE, seen_of(right_rows()[:2])), judge(CASE, seen_of([*right_rows(), {"given_name": "x"}]))
    assert (less.counts.rows_missing, less.counts.lost_silent) == (1, len(PLAIN))
    assert (more.counts.rows_extra, more.counts.wrong_silent) == (1, 1)


def test_a_fault_that_ought_to_be_said_and_is_not_is_no_success() -> None:
    case = evolve(CASE, said=["name_padded"])
    assert judge(case, seen_of(right_rows())).verdict is Verdict.UNSAID
    assert judge(case, seen_of(right_rows(), [("name_padded", "B2")])).verdict is Verdict.EXACT


def test_a_refusal_is_right_only_with_one_of_the_codes() -> None:
    refused = Seen({"outcome": "refused", "code": "damaged"}, 0.1, 80.0)
    assert judge(CASE, refused).verdict is Verdict.WRONG_REFUSAL
    assert judge(evolve(CASE, pages=(), refusals=["damaged"]), refused).verdict is Verdict.REFUSED
    assert judge(evolve(CASE, pages=(), refusals=["damaged"]), seen_of(right_rows())).verdict is Verdict.READ


def test_slow_and_large_files_are_wrong_whatever_they_give() -> None:
    good = seen_of(right_rows())
    assert judge(CASE, evolve(good, seconds=10.5)).verdict is Verdict.SLOW
    assert judge(CASE, evolve(good, peak_mb=1001.0)).verdict is Verdict.LARGE


def test_the_reader_is_measured_on_a_file_as_a_user_would_read_it() -> None:
    (judged,) = judge_cases([CASE])
    assert (judged.verdict, judged.counts.cells) == (Verdict.EXACT, len(PLAIN) * len(PEOPLE))
    assert 0 < judged.seen.seconds < 10
    assert 10 < judged.seen.peak_mb < 1000


def test_a_file_that_cannot_be_opened_is_a_refusal(tmp_path: Path) -> None:
    (seen,) = measure([Job(str(tmp_path / "nothing.csv"))])
    assert dict(seen.found) == {"outcome": "refused", "code": "not_found"}


def test_the_same_seed_gives_the_same_files_and_another_one_others() -> None:
    first, again, other = (
        [case.make() for case in all_cases(seed, ["text"]) if not case.filename.endswith((".gz", ".zip"))]
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_students_are_unlike_each_other_and_their_grades_are_known() -> None:
    people = draw_people(Crowd(3, 200, WORLD))
    assert len({one.number for one in people}) == 200
    assert {parse_grade(one.grade) for one in people} == {one.grade for one in people}


def test_rows_of_a_page_stand_where_it_says() -> None:
    page = Page(PLAIN, PEOPLE, above=[["Title"], []], gaps=2, top=3, left=2)
    book = openpyxl.load_workbook(io.BytesIO(workbook([page])))
    letters = page.places()["given_name"]
    found = [book.active[f"{letters}{number}"].value for number in page.numbers()]
    assert found == [one.given for one in PEOPLE]
    assert [column_letters(place) for place in (0, 25, 26, 702)] == ["A", "Z", "AA", "AAA"]


def test_openpyxl_saves_formulas_without_values_and_xlsxwriter_with_them() -> None:
    page = Page([evolve(PLAIN[1], spell=lambda _: Formula("=1+1", "two"))], PEOPLE[:1])
    values = [
        openpyxl.load_workbook(io.BytesIO(write([page])), data_only=True).active["A2"].value
        for write in (workbook, workbook_by_openpyxl)
    ]
    assert values == ["two", None]


def test_an_archive_of_oneroster_has_everyone_and_the_files_that_its_manifest_names() -> None:
    whole = next(iter(oneroster_cases(1)))
    with zipfile.ZipFile(io.BytesIO(whole.make())) as archive:
        users = archive.read("users.csv").decode().splitlines()
        assert {"manifest.csv", "orgs.csv", "classes.csv", "enrollments.csv"} < set(archive.namelist())
    assert len(users) == 1 + len(whole.pages[0].people) + 2


def test_cells_are_compared_row_by_row_whatever_stands_above_them() -> None:
    wanted = [["a", "b"], ["1", "2"], ["3", ""]]
    assert compare_cells([["title"], *wanted], wanted) == {"cells": 5, "differ": 0, "extra": 1}
    assert compare_cells([["a", "b"], [" 1 ", "9"], ["3", None]], wanted) == {"cells": 5, "differ": 1, "extra": 0}
    assert compare_cells([["a", "b"]], wanted)["differ"] == 3


MANIFEST = (
    "file,ext,hazards,expected,encoding,delimiter,truth_clean\n"
    'people.csv,csv,bom_utf8,readable: 2 rows,utf-8,",",\n'
    'goods.csv,csv,,readable: ~2 data rows,ascii,",",truth/goods.csv.clean.csv\n'
    "locked.xlsx,xlsx,encrypted,must be refused: encrypted,,,\n"
)


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A corpus of three files, one of which is read rightly, one refused rightly, and one refused wrongly."""
    folder = tmp_path / "corpus" / "rosters"
    folder.mkdir(parents=True)
    (folder / "manifest.csv").write_text(MANIFEST, encoding="utf-8")
    (folder / "people.csv").write_text("Given Name,Surname\nIlva,Torenbek\nMaro,Quendel\n", encoding="utf-8")
    (folder / "goods.csv").write_text("Chairs,Price\n3,4\n5,6\n", encoding="utf-8")
    (folder / "locked.xlsx").write_bytes(b"PK\3\4 and nothing more")
    truth = tmp_path / "corpus" / "truth"
    truth.mkdir()
    (truth / "goods.csv.clean.csv").write_text("Chairs,Price\n3,4\n5,7\n", encoding="utf-8")
    (tmp_path / "judgements.csv").write_text(
        "file,accept,fields,reason\npeople.csv,rows:2,given_name family_name,two people\n", encoding="utf-8"
    )
    monkeypatch.setenv("ROSTERDIFF_SHARED", str(tmp_path))
    monkeypatch.setattr(corpus, "_JUDGEMENTS", tmp_path / "judgements.csv")
    return tmp_path


def test_the_corpus_is_judged_by_its_manifest_and_by_the_judgements(shared: Path) -> None:
    judged = judge_corpus(entries())
    assert [one.outcome for one in judged] == [Outcome.ROWS, Outcome.REFUSED, Outcome.WRONG_REFUSAL]
    compared = compare_corpus(entries())
    assert [(one.clean, one.cells, one.differ) for one in compared] == [(False, 6, 0), (True, 6, 1)]
    page = render_corpus(judged, compared)
    assert "2 of 3" in page
    assert "`locked.xlsx` | wrong refusal | damaged | encrypted" in page
    assert "Torenbek" not in page


def test_a_list_of_people_without_a_field_that_it_has_is_not_right(shared: Path) -> None:
    (folder := shared / "corpus" / "rosters").joinpath("people.csv").write_text("Surname\nA\nB\n", encoding="utf-8")
    assert folder.exists()
    judged = judge_corpus(entries())[0]
    assert judged.outcome in {Outcome.ROWS_DIFFER, Outcome.WRONG_REFUSAL}


def test_generated_files_are_told_by_part_and_by_kind() -> None:
    rows = right_rows()
    rows[0]["family_name"] = "Another"
    page = render_generated([judge(CASE, seen_of(right_rows())), judge(CASE, seen_of(rows))], seeds=1)
    assert "| plain | 1 of 2 | differs in silence | rows:3 | 1 | 0 | family_name |" in page


def test_a_number_makes_the_same_wrong_file_again() -> None:
    seeds = Seeds([(".csv", text(PAGE)), (".xlsx", workbook([Page(PLAIN, PEOPLE)])), (".gz", gzip.compress(b"x"))])
    first = [mutate(seeds, 1, number) for number in range(60) if mutate(seeds, 1, number)[0] != ".xlsx"]
    again = [mutate(seeds, 1, number) for number in range(60) if mutate(seeds, 1, number)[0] != ".xlsx"]
    assert first == again
    assert len({data for _, data in first}) > 30


@pytest.mark.soak
def test_readers_take_turns_on_the_same_files() -> None:
    measured = measure_reading(Sizes(workbook=300, text=2_000, rounds=2))
    assert [one.rows for one in measured] == [300, 2_000, 30, 30]
    assert all(one.ratio > 0 and one.ours.peak_mb > 10 for one in measured)
    assert "| long.xlsx | 300 | calamine |" in render_speed(measured, 2)
