"""Issues: every code has its words, and the page of codes is the same set."""

import re
import traceback
from pathlib import Path

import polars as pl
import pytest
from attrs import astuple, fields

from rosterdiff.config import ReadOptions
from rosterdiff.issues import (
    REFUSALS,
    RULES,
    Code,
    Origin,
    Refusal,
    issues_frame,
    name_column_ranges,
    name_ranges,
    refuse,
)
from rosterdiff.issues.codes import Rule
from rosterdiff.model import Severity
from rosterdiff.refusals import RefusalWords

PAGE = (Path(__file__).parent.parent / "docs" / "issues.md").read_text(encoding="utf-8")


def test_the_page_lists_every_code_with_its_severity_and_words() -> None:
    listed = set(
        re.findall(
            r"^\| `(\w+)` \| (error|warning|info) \| (.*?) \| (.*?) \|(?: `(\w+)` \|)?$", PAGE, flags=re.MULTILINE
        )
    )
    assert listed == {(c.value, r.severity.value, r.sentence, r.advice, r.option) for c, r in RULES.items()}


def test_the_page_lists_every_refusal_with_its_words() -> None:
    refusals = PAGE.split("## Refusals")[1]
    listed = set(re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|(?: `(\w+)` \|)?$", refusals, flags=re.MULTILINE))
    assert listed == {(code.value, r.problem, r.hint, r.option) for code, r in REFUSALS.items()}


@pytest.mark.parametrize("code", Code)
def test_what_is_no_mere_information_says_what_to_do(code: Code) -> None:
    rule = RULES[code]
    assert rule.sentence.endswith(".")
    assert rule.advice.endswith(".") or rule.severity is Severity.INFO


@pytest.mark.parametrize("words", [*RULES.values(), *REFUSALS.values()])
def test_a_message_speaks_to_a_school_and_its_option_is_one_that_there_is(words: Rule | RefusalWords) -> None:
    options = {attribute.name for attribute in fields(ReadOptions)}
    said = " ".join(astuple(words, filter=lambda attribute, _: attribute.name != "option"))
    assert not [name for name in options if f"`{name}`" in said]
    assert not re.search(r"\boptions?\b|rosterdiff", said)
    assert words.option in {"", *options}


def test_a_refusal_names_its_option_where_a_developer_looks() -> None:
    error = refuse("3B.xlsx", Refusal.TOO_MANY_ROWS, limit=7)
    assert "max_rows" not in str(error)
    assert "max_rows" in "".join(traceback.format_exception(error))


def test_an_outline_keeps_the_facts_that_are_given_and_no_brace() -> None:
    assert RULES[Code.NAME_DIGITS].outline(cells="7 cells").startswith("In 7 cells with … there are digits ")
    assert not [code for code, rule in RULES.items() if re.search("[{}]", rule.outline())]


@pytest.mark.parametrize("refusal", Refusal)
def test_every_refusal_names_the_file_and_says_what_to_do(refusal: Refusal) -> None:
    error = refuse("3B.xlsx", refusal, limit=7, found="an image")
    assert str(error).startswith("3B.xlsx: ")
    assert error.code == refusal.value
    assert error.hint.endswith(".")


def test_a_few_cells_of_one_fault_are_a_line_each() -> None:
    issues = issues_frame(Origin("a.csv").cell_issues(Code.GRADE_UNKNOWN, ["C2", "C4"]))
    assert issues.select("cell", "count", "cells").rows() == [("C2", 1, "C2"), ("C4", 1, "C4")]
    assert issues["message"][0].startswith("In this cell ")


def test_many_cells_of_one_fault_are_one_line_and_a_number_that_still_names_every_cell() -> None:
    cells = [f"C{row}" for row in range(2, 10_002)]
    (issue,) = Origin("a.csv").cell_issues(Code.GRADE_UNKNOWN, cells)
    assert (issue.cell, issue.count, issue.cells) == ("C2", 10_000, "C2:C10001")
    assert issue.message.startswith("In 10,000 cells ")


def test_a_fault_whose_words_count_nothing_says_how_often_it_is() -> None:
    (issue,) = Origin("a.csv").cell_issues(Code.HEADER_UNKNOWN, [f"{letter}1" for letter in "ABCDEFGHIJKLMNOPQRSTUVW"])
    assert issue.message.startswith("The same in 23 cells: ")


@pytest.mark.parametrize("rows", [[1], [3, 4], [1, 2, 3, 7, 9, 10], [5, 7, 9], list(range(2, 400))])
def test_the_two_ways_of_naming_ranges_say_the_same(rows: list[int]) -> None:
    assert name_column_ranges("AB", pl.Series(rows, dtype=pl.UInt32)) == name_ranges([f"AB{row}" for row in rows])


def test_a_group_of_no_cells_is_no_issue() -> None:
    assert Origin("a.csv").group(Code.GRADE_UNKNOWN, []) == []
    assert Origin("a.csv").column_group(Code.GRADE_UNKNOWN, "A", pl.Series([], dtype=pl.UInt32)) == []
