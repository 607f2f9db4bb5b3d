"""Issues: every code has its words, and the page of codes is the same set."""

import re
from pathlib import Path

import pytest

from rosterdiff.issues import MOST_CELLS, REFUSALS, RULES, Code, Origin, Refusal, issues_frame, refuse
from rosterdiff.model import Severity

PAGE = (Path(__file__).parent.parent / "docs" / "issues.md").read_text(encoding="utf-8")


def test_the_page_lists_every_code_with_its_severity_and_words() -> None:
    listed = set(re.findall(r"^\| `(\w+)` \| (error|warning|info) \| (.*?) \| (.*?) \|$", PAGE, flags=re.MULTILINE))
    assert listed == {(c.value, r.severity.value, r.sentence, r.advice) for c, r in RULES.items()}


def test_the_page_lists_every_refusal_with_its_words() -> None:
    refusals = PAGE.split("## Refusals")[1]
    listed = set(re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|$", refusals, flags=re.MULTILINE))
    assert listed == {(code.value, problem, hint) for code, (problem, hint) in REFUSALS.items()}


@pytest.mark.parametrize("code", Code)
def test_what_is_no_mere_information_says_what_to_do(code: Code) -> None:
    rule = RULES[code]
    assert rule.sentence.endswith(".")
    assert rule.advice.endswith(".") or rule.severity is Severity.INFO


@pytest.mark.parametrize("refusal", Refusal)
def test_every_refusal_names_the_file_and_says_what_to_do(refusal: Refusal) -> None:
    error = refuse("3B.xlsx", refusal, limit=7, found="an image")
    assert str(error).startswith("3B.xlsx: ")
    assert error.code == refusal.value
    assert error.hint.endswith(".")


def test_beyond_a_thousand_cells_of_one_kind_there_is_a_number() -> None:
    issues = issues_frame(Origin("a.csv").cell_issues(Code.GRADE_UNKNOWN, [f"C{n}" for n in range(MOST_CELLS + 5)]))
    assert issues.height == MOST_CELLS + 1
    assert issues["cell"][-1] == f"C{MOST_CELLS}"
    assert "5 more cells" in issues["message"][-1]
