"""Columns of a template that were sorted apart are told, and honest work in a template never is. Names invented."""

import csv
import random
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from rosterdiff.checksums import CHECK_HEADER, CHECKED, read_tokens, write_tokens
from rosterdiff.config import Guards, Policy
from rosterdiff.frames import Roster
from rosterdiff.headers import TEMPLATE_HEADERS
from rosterdiff.pipeline import make_plan
from rosterdiff.reading import read_roster
from rosterdiff.reports import write_template

ID, GIVEN, FAMILY, BORN, GENDER, GRADE, CLASS, CHECK = range(8)
Lines = list[list[str]]
Work = Callable[[Lines], Lines]


def school(count: int = 60) -> Roster:
    """Students in the order of their names; classes and genders are scattered, several have one name."""
    chance = random.Random(7)
    given = ["Ada", "Ben", "Cleo", "Dov", "Ebba", "Finn", "Gala", "Hugo", "Ilva", "Jory"]
    family = ["Abend", "Brask", "Corvin", "Dalby", "Egerton", "Fisk", "Grane", "Holt", "Ingram", "Jessop", "Kvist"]
    names = sorted((chance.choice(family), chance.choice(given)) for _ in range(count))
    return Roster.from_frame(
        pl.DataFrame(
            {
                "student_id": [f"s{n:03}" for n in chance.sample(range(900), count)],
                "given_name": [first for _, first in names],
                "family_name": [last for last, _ in names],
                "birth_date": [f"{2015 + n % 4}-{n % 12 + 1:02}-{n % 27 + 1:02}" for n in range(count)],
                "gender": [chance.choice(["female", "male"]) for _ in range(count)],
                "grade": [f"0{chance.choice([1, 2, 3])}" for _ in range(count)],
                "class_name": [f"{chance.choice('123')}{chance.choice('AB')}" for _ in range(count)],
            }
        )
    )


def sent_back(tmp_path: Path, work: Work, base: Roster | None = None) -> Roster:
    """The template of a base after somebody's work on its lines, as a csv file, read again."""
    write_template(school() if base is None else base, tmp_path / "template.csv")
    with (tmp_path / "template.csv").open(encoding="utf-8-sig", newline="") as stream:
        header, *lines = csv.reader(stream)
    with (tmp_path / "back.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *work(lines)])
    return read_roster(tmp_path / "back.csv")


def told(roster: Roster) -> pl.DataFrame:
    return roster.issues.filter(pl.col("code") == "template_rows_shifted")


def sorted_alone(*columns: int, start: int = 0, end: int | None = None, reverse: bool = False) -> Work:
    """Sorts the cells of these columns together, and leaves the others where they are."""

    def work(lines: Lines) -> Lines:
        part = lines[start:end]
        moved = sorted(([line[c] for c in columns] for line in part), reverse=reverse)
        for line, values in zip(part, moved, strict=True):
            for column, value in zip(columns, values, strict=True):
                line[column] = value
        return lines

    return work


def cell_deleted_and_shifted_up(lines: Lines) -> Lines:
    born = [line[BORN] for line in lines]
    for line, value in zip(lines, [*born[:10], *born[11:], ""], strict=True):
        line[BORN] = value
    return lines


APART: dict[str, Work] = {
    "given names": sorted_alone(GIVEN),
    "given names downwards": sorted_alone(GIVEN, reverse=True),
    "both names": sorted_alone(GIVEN, FAMILY),
    "birth dates": sorted_alone(BORN),
    "ids": sorted_alone(ID),
    "all but the ids": sorted_alone(GIVEN, FAMILY, BORN, GENDER, GRADE, CLASS),
    "all but the ids, and the check column with them": sorted_alone(GIVEN, FAMILY, BORN, GENDER, GRADE, CLASS, CHECK),
    "genders": sorted_alone(GENDER),
    "grades": sorted_alone(GRADE),
    "classes": sorted_alone(CLASS),
    "classes downwards": sorted_alone(CLASS, reverse=True),
    "a part of the birth dates": sorted_alone(BORN, start=20, end=32),
    "a cell was deleted, those below moved up": cell_deleted_and_shifted_up,
}


@pytest.mark.parametrize("work", APART.values(), ids=APART.keys())
def test_columns_sorted_apart_are_told_and_hold_the_plan(tmp_path: Path, work: Work) -> None:
    base = school()
    incoming = sent_back(tmp_path, work)
    issue = told(incoming)
    assert issue.height == 1
    assert issue["severity"].item() == "error"
    plan = make_plan(base, incoming, policy=Policy(mode="bulk"))
    assert "columns_shifted" in plan.held_by
    guard = plan.guards.filter(pl.col("code") == "columns_shifted")
    assert guard["value"].item() == issue["count"].item() > 0


def one_grade_up(lines: Lines) -> Lines:
    for line in lines:
        line[GRADE] = f"0{int(line[GRADE]) + 1}"
        line[CLASS] = f"{int(line[CLASS][0]) + 1}{line[CLASS][1]}"
    return lines


def classes_mixed(lines: Lines) -> Lines:
    classes = [line[CLASS] for line in lines]
    random.Random(3).shuffle(classes)
    return [[*line[:CLASS], other, *line[CLASS + 1 :]] for line, other in zip(lines, classes, strict=True)]


def classes_mixed_then_lines_sorted_by_class(lines: Lines) -> Lines:
    return sorted(classes_mixed(lines), key=lambda line: line[CLASS])


def names_corrected(lines: Lines) -> Lines:
    """Ten given names are corrected, most of them into names that others have."""
    for line, name in zip(
        lines[::6], ["Ada", "Ben", "Cleo", "Dov", "Ebba", "Finn", "Zita", "Yves", "Xan", "Wim"], strict=True
    ):
        line[GIVEN] = name
    return lines


def two_changed_places(lines: Lines) -> Lines:
    lines[3][GIVEN], lines[9][GIVEN] = lines[9][GIVEN], lines[3][GIVEN]
    return lines


def genders_corrected(lines: Lines) -> Lines:
    for line in lines[::7]:
        line[GENDER] = "male" if line[GENDER] == "female" else "female"
    return lines


def lines_copied_and_overwritten(lines: Lines) -> Lines:
    """New students are made by copying lines, token and all, and typing over everything but the hidden column."""
    new = [["", f"New{n}", f"Child{n}", "2019-01-0" + str(n + 1), *line[GENDER:]] for n, line in enumerate(lines[:6])]
    return [*lines, *new]


def check_column_sorted_alone(lines: Lines) -> Lines:
    return sorted_alone(CHECK)(lines)


HONEST: dict[str, Work] = {
    "nothing": lambda lines: lines,
    "lines sorted by birth date": lambda lines: sorted(lines, key=lambda line: line[BORN]),
    "lines sorted by class": lambda lines: sorted(lines, key=lambda line: line[CLASS]),
    "lines shuffled": lambda lines: random.Random(1).sample(lines, len(lines)),
    "lines deleted": lambda lines: lines[::2],
    "lines twice": lambda lines: [*lines, *(list(line) for line in lines[:9])],
    "lines copied and overwritten": lines_copied_and_overwritten,
    "lines emptied but for the hidden column": lambda lines: [
        [""] * CHECK + line[CHECK:] if n % 5 == 0 else line for n, line in enumerate(lines)
    ],
    "one grade up": one_grade_up,
    "one grade up, lines deleted": lambda lines: one_grade_up(lines[5:]),
    "classes mixed": classes_mixed,
    "classes mixed, lines then sorted by class": classes_mixed_then_lines_sorted_by_class,
    "one class filled down": lambda lines: [[*line[:CLASS], "4A", *line[CLASS + 1 :]] for line in lines],
    "birth dates emptied": lambda lines: [[*line[:BORN], "", *line[BORN + 1 :]] for line in lines],
    "names corrected": names_corrected,
    "two names changed places": two_changed_places,
    "genders corrected": genders_corrected,
    "the check column alone": check_column_sorted_alone,
    "the check column emptied": lambda lines: [[*line[:CHECK], ""] for line in lines],
}


@pytest.mark.parametrize("work", HONEST.values(), ids=HONEST.keys())
def test_honest_work_in_a_template_is_not_told(tmp_path: Path, work: Work) -> None:
    incoming = sent_back(tmp_path, work)
    assert told(incoming).is_empty()
    plan = make_plan(school(), incoming, policy=Policy(mode="bulk"))
    assert "columns_shifted" not in plan.held_by


def test_the_issue_names_the_column_and_the_rows(tmp_path: Path) -> None:
    base = school(4)
    swapped = [3, 0, 1, 2]
    issue = told(sent_back(tmp_path, lambda lines: [
        [*line[:BORN], lines[other][BORN], *line[BORN + 1 :]] for line, other in zip(lines, swapped, strict=True)
    ], base))  # fmt: skip
    assert issue["cells"].item() == "D2:D5"
    assert issue["count"].item() == 4
    assert "Birth date" in issue["message"].item()


def test_lines_that_only_the_hidden_column_fills_are_no_students(tmp_path: Path) -> None:
    emptied = HONEST["lines emptied but for the hidden column"]
    assert len(sent_back(tmp_path, emptied)) == 48


def test_an_id_that_the_template_never_had_is_told_with_its_cell(tmp_path: Path) -> None:
    def damaged(lines: Lines) -> Lines:
        lines[4][ID] = "s9999"
        return [*lines, ["s1000", "Nova", "Child", "2019-01-01", "", "01", "1A", ""]]

    issues = sent_back(tmp_path, damaged).issues.filter(pl.col("code") == "template_id_unknown")
    assert issues["cells"].to_list() == ["A6"], "a line without token is new, whatever its id"


def test_lines_of_another_template_are_not_judged(tmp_path: Path) -> None:
    """Whoever collects lines of two templates in one sheet has done no wrong."""
    other = Roster.from_frame(school(30).frame.with_columns(given_name=pl.lit("Otto")))
    write_template(other, tmp_path / "other.csv")
    with (tmp_path / "other.csv").open(encoding="utf-8-sig", newline="") as stream:
        pasted = list(csv.reader(stream))[1:]
    assert told(sent_back(tmp_path, lambda lines: lines + pasted)).is_empty()


def test_a_limit_may_be_raised(tmp_path: Path) -> None:
    incoming = sent_back(tmp_path, sorted_alone(BORN))
    policy = Policy(mode="bulk", guards=Guards(shifted=100))
    assert "columns_shifted" not in make_plan(school(), incoming, policy=policy).held_by


def test_a_column_of_that_header_in_a_file_that_is_no_template_stays_a_column() -> None:
    text = f"Given Name,Family Name,{CHECK_HEADER}\nAda,Brask,x\n".replace(CHECK_HEADER, f'"{CHECK_HEADER}"')
    assert read_roster(text.encode(), filename="list.csv").further == (CHECK_HEADER,)


def test_tokens_hold_no_value_and_read_back() -> None:
    frame = school(5).frame
    tokens = write_tokens(frame, "abcdef")
    assert not [t for t in tokens for name in frame["family_name"] if name.casefold() in t]
    parts = read_tokens(tokens)
    assert parts["line"].to_list() == [0, 1, 2, 3, 4]
    assert parts["salt"].unique().to_list() == ["abcdef"]
    assert parts["middle_name"].null_count() == 5
    assert parts["given_name"].null_count() == 0
    assert read_tokens(pl.Series(["nonsense", None, "rd1-abcdef-1-"])).null_count().row(0) == (3,) * (len(CHECKED) + 3)


def test_every_column_of_the_template_is_checked() -> None:
    assert set(CHECKED) == set(TEMPLATE_HEADERS) - {"student_id"}
