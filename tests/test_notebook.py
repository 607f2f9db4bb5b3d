"""In a notebook a roster, a plan and an explanation show counts and structure, and values only on request."""

import re

import pytest

from plan_builder import school_plan
from rosterdiff.notebook import html_table
from rosterdiff.planning import explain

NAMES = ("Orrell", "Tamsyn", "2016-03-04", "Penhale", "歐陽", "1001")


@pytest.mark.parametrize(
    "shown", [school_plan(), school_plan().base, school_plan().incoming, explain(school_plan(), 0)]
)
def test_no_value_is_shown_unasked(shown: object) -> None:
    html = shown._repr_html_()  # type: ignore[attr-defined]
    assert "<table>" in html
    assert not [name for name in NAMES if name in html]


def test_an_explanation_shows_both_values_when_asked() -> None:
    html = explain(school_plan(), 0).to_html(values=True)
    assert "Tamsyn" in html
    assert "Tamsin" in html


def test_a_plan_shows_its_entries_by_action_and_reason_and_what_holds_it() -> None:
    html = school_plan()._repr_html_()
    assert '<td style="text-align:left">name_differs</td>' in html
    assert "Held by: too_few_found." in html
    assert "9 students, 7 rows, 8 issues." in html


def test_a_roster_shows_how_many_values_a_column_has() -> None:
    text = re.sub(r"<[^>]+>", " ", school_plan().base._repr_html_())
    assert re.search(r"birth_date\s+9\s+8", text)


def test_values_are_escaped_and_numbers_stand_to_the_right() -> None:
    html = html_table(["Name", "Count"], [["<b>", 1200], [None, 3]])
    assert "&lt;b&gt;" in html
    assert ">1,200<" in html
    assert html.count("text-align:right") == 3
