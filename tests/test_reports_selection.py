"""A person finds the entries of an action, a class or a student; what is found is shown as the plan has it."""

from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console

from plan_builder import school_plan
from rosterdiff.reports.selection import Selection, select_entries
from rosterdiff.reports.text_entries import print_by_action, print_by_class


def found(**wanted: object) -> list[tuple[str | None, int | None]]:
    entries = select_entries(school_plan(), Selection(**wanted))  # type: ignore[arg-type]
    return [(student, row) for student, row in entries.select("student_id", "row").rows()]


def printed(by: str, width: int = 100, limit: int = 200, **wanted: object) -> str:
    stream, plan = StringIO(), school_plan()
    entries = select_entries(plan, Selection(**wanted))  # type: ignore[arg-type]
    show = print_by_class if by == "class" else print_by_action
    show(plan, entries, Console(file=stream, width=width, color_system=None), limit)
    return stream.getvalue()


def test_nothing_chosen_is_everything() -> None:
    assert select_entries(school_plan(), Selection()).equals(school_plan().entries)


def test_entries_of_an_action() -> None:
    assert found(actions=["add", "delete"]) == [("1005", None), (None, 3)]


def test_a_class_counts_for_student_and_row_in_any_case() -> None:
    assert found(classes=["6a"]) == [("1005", None)]
    assert (None, 3) in found(classes=["4A"])
    assert ("1002", 4) in found(classes=["4A"])
    assert ("1002", 4) in found(classes=["3a"])


@pytest.mark.parametrize("text", ["1002", "vestmann", "LOA VESTMANN", "Vestmann, Lóa"])
def test_a_student_is_found_by_id_or_by_words_of_the_name_in_any_spelling(text: str) -> None:
    assert found(students=[text]) == [("1002", 4)]


def test_choices_of_one_kind_widen_and_kinds_narrow() -> None:
    assert found(students=["Penhale"], actions=["review"]) == [(None, 1), (None, 2), ("1003", None), ("1004", None)]
    assert found(students=["Penhale", "1002"], actions=["update"]) == [("1002", 4)]


@pytest.mark.parametrize("text", ["nobody", "---", ""])
def test_what_nobody_is_called_finds_nobody(text: str) -> None:
    assert found(students=[text]) == []


def test_by_class_every_entry_stands_once_under_its_class_with_what_becomes_of_it() -> None:
    text = printed("class")
    assert [line.split(":")[0] for line in text.splitlines() if line and not line.startswith(" ")] == [
        "02 2A",
        "03 3A",
        "04 4A",
        "06 6A",
    ]
    assert "02 2A: 3 entries" in text
    assert sum(text.count(title) for title in ("No longer listed", "New student", "Fields changed")) == 3


def test_changes_are_before_and_after() -> None:
    assert "Class 3A → 4A" in printed("action", students=["1002"])


def test_a_list_that_is_cut_says_how_much_is_missing() -> None:
    assert "… and 2 more" in printed("class", limit=1, classes=["2A"])


def test_no_entries_are_said() -> None:
    assert printed("action", students=["nobody"]).startswith(
        "No entry of the plan is like this. The classes that there are"
    )


@pytest.mark.parametrize("width", [40, 80, 160])
def test_no_line_is_wider_than_the_window(width: int) -> None:
    assert max(cell_len(line) for line in printed("class", width).splitlines()) <= width
