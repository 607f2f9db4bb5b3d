"""Remembered decisions: they hold for the content that was judged, win over the model, and are asked again else."""

from typing import Any

import pytest
from attrs import evolve

from rosterdiff.errors import InvalidOption
from rosterdiff.frames import Context
from rosterdiff.model import Decision
from rosterdiff.pipeline import make_plan
from rosterdiff.planning import recall, resolve
from rosterdiff.plans import Plan
from tests.school_year import Record, candidates_of, of_row, of_student, plan_year, rosters, row, student

JOHN = [student("s1", "John", "Bytewell", "2018-03-03")]
JON = row("Jon", "Bytewell", "2018-03-03")


def said(plan: Plan, *decisions: Decision) -> Context:
    """The context of a next plan: these decisions, remembered."""
    return Context(decisions=resolve(plan, decisions).decisions)


def same(number: int, student_id: str) -> Decision:
    return Decision(number, student_id, verdict="same")


def new(number: int) -> Decision:
    return Decision(number, verdict="new")


def ignore(number: int) -> Decision:
    return Decision(number, verdict="ignore")


def older(known: Record, **fields: Any) -> Record:
    """The student one year later."""
    return {**known, "grade": "04", "class_name": "4A", **fields}


NEXT_YEAR = {"grade": "05", "class_name": "5A"}


def test_same_is_remembered_and_keeps_the_account_with_its_name() -> None:
    context = said(plan_year(JOHN, [JON]), same(0, "s1"))
    plan = plan_year(JOHN, [JON], context=context)
    assert of_row(plan, 0) == ("update", "decided_same", "s1")
    assert plan.decisions[0].verdict == "same"


def test_same_holds_next_year_where_a_birth_date_identifies_the_row() -> None:
    context = said(plan_year(JOHN, [JON]), same(0, "s1"))
    plan = plan_year([older(JOHN[0])], [{**JON, **NEXT_YEAR}], context=context)
    assert of_row(plan, 0) == ("update", "decided_same", "s1")


def test_same_is_asked_again_when_the_row_is_written_otherwise() -> None:
    context = said(plan_year(JOHN, [JON]), same(0, "s1"))
    plan = plan_year(JOHN, [row("Jonn", "Bytewell", "2018-03-03")], context=context)
    assert of_row(plan, 0)[:2] == ("review", "name_differs")


def test_same_is_asked_again_when_the_student_was_renamed() -> None:
    context = said(plan_year(JOHN, [JON]), same(0, "s1"))
    plan = plan_year([{**JOHN[0], "given_name": "Johan"}], [JON], context=context)
    assert of_row(plan, 0)[0] == "review"


def test_new_is_remembered_and_the_candidates_shown_then_are_not_offered_again() -> None:
    context = said(plan_year(JOHN, [JON]), new(0))
    plan = plan_year(JOHN, [JON], context=context)
    assert of_row(plan, 0)[0] == "add"
    assert of_student(plan, "s1") == ("delete", "not_listed", None)
    assert candidates_of(plan, 0) == []


def test_new_does_not_cover_a_candidate_who_was_not_there_when_it_was_said() -> None:
    context = said(plan_year(JOHN, [JON]), new(0))
    plan = plan_year([*JOHN, student("s2", "Jonn", "Bytewell", "2018-03-03")], [JON], context=context)
    assert of_row(plan, 0)[0] == "review"
    assert candidates_of(plan, 0) == ["s2"]


def test_a_row_known_by_name_alone_is_no_carrier_of_last_years_decision() -> None:
    """Of two namesakes without birth dates one leaves: last year's word says nothing of which."""
    first = [student("s1", "Ada", "Byte")]
    context = said(plan_year(first, [row("Ada", "Byte"), row("Ada", "Byte")]), same(0, "s1"), new(1))
    both = [older(first[0]), older(student("s50", "Ada", "Byte"))]
    plan = plan_year(both, [row("Ada", "Byte", **NEXT_YEAR)], context=context)
    assert of_row(plan, 0)[:2] == ("review", "ambiguous")
    assert of_student(plan, "s1")[0] == of_student(plan, "s50")[0] == "review"


def test_a_row_of_last_years_content_is_another_childs_where_only_names_identify_it() -> None:
    """The elder of two namesakes was decided; a year later the younger one's row says just what his said."""
    elder, younger = student("s1", "Ada", "Byte"), student("s2", "Ada", "Byte", grade="02", class_name="2A")
    rows = [row("Ada", "Byte", gender="F"), row("Ada", "Byte", gender="F", grade="03", class_name="3A")]
    context = said(plan_year([elder, younger], [*rows, row("Ada", "Byte")]), same(0, "s1"), same(1, "s2"), new(2))
    later = [older(elder), {**younger, "grade": "03", "class_name": "3A"}]
    plan = plan_year(later, [row("Ada", "Byte", gender="F")], context=context)
    assert of_row(plan, 0)[1] != "decided_same"
    assert of_row(plan, 0)[2] != "s1"


def test_a_row_known_by_name_alone_is_remembered_when_another_list_is_added() -> None:
    context = said(plan_year([student("s1", "Ada", "Byte")], [row("Ada", "Byte")] * 2), same(0, "s1"), new(1))
    rows = [*[row("Ada", "Byte")] * 2, row("Lowen", "Tangye")]
    plan = plan_year([student("s1", "Ada", "Byte")], rows, context=context)
    assert sorted(of_row(plan, number)[0] for number in (0, 1)) == ["add", "update"]


def test_an_ignored_row_is_ignored_again_only_with_its_whole_content() -> None:
    context = said(plan_year(JOHN, [JON]), ignore(0))
    assert of_row(plan_year(JOHN, [JON], context=context), 0) == ("keep", "row_ignored", None)
    next_year = plan_year([older(JOHN[0])], [{**JON, **NEXT_YEAR}], context=context)
    assert of_row(next_year, 0)[:2] == ("review", "name_differs")


def test_equal_rows_take_the_decisions_of_their_content_in_turn() -> None:
    twice = [JON, JON]
    context = said(plan_year(JOHN, twice), same(0, "s1"), ignore(1))
    plan = plan_year(JOHN, twice, context=context)
    assert sorted(of_row(plan, number)[1] for number in (0, 1)) == ["decided_same", "row_ignored"]


def test_when_the_ignored_repetition_is_taken_out_the_row_that_stays_is_the_student() -> None:
    """The list is corrected after review: the student must not be taken for absent."""
    context = said(plan_year(JOHN, [JON, JON]), same(0, "s1"), ignore(1))
    plan = plan_year(JOHN, [JON], context=context)
    assert of_row(plan, 0) == ("update", "decided_same", "s1")


def test_equal_rows_decided_differently_are_asked_again_when_one_is_gone() -> None:
    context = said(plan_year(JOHN, [JON, JON]), same(0, "s1"), new(1))
    plan = plan_year(JOHN, [JON], context=context)
    assert of_row(plan, 0)[0] == "review"
    assert of_student(plan, "s1")[0] == "review"


def test_of_two_decisions_about_one_row_the_later_wins() -> None:
    first = plan_year(JOHN, [JON])
    decisions = (*resolve(first, [new(0)]).decisions, *resolve(first, [same(0, "s1")]).decisions)
    later = tuple(evolve(d, plan_id=f"plan {number}") for number, d in enumerate(decisions))
    assert of_row(plan_year(JOHN, [JON], context=Context(decisions=later)), 0)[1] == "decided_same"
    turned = Context(decisions=later[::-1])
    assert of_row(plan_year(JOHN, [JON], context=turned), 0)[0] == "add"


def test_a_student_remembered_for_two_rows_is_asked_again() -> None:
    context = said(plan_year(JOHN, [JON]), same(0, "s1"))
    plan = plan_year(JOHN, [JON, JON], context=context)
    outcomes = [of_row(plan, number) for number in (0, 1)]
    assert sum(action == "update" for action, _, _ in outcomes) <= 1
    assert [action for action, _, _ in outcomes].count("add") == 0


def test_a_second_row_of_a_student_who_was_decided_is_reviewed_and_not_added() -> None:
    """Memory gives the student to one row; the one that bears his name is asked about, never a second account."""
    context = said(plan_year(JOHN, [JON]), same(0, "s1"))
    plan = plan_year(JOHN, [JON, row("John", "Bytewell", "2018-03-03")], context=context)
    assert of_row(plan, 0) == ("update", "decided_same", "s1")
    assert of_row(plan, 1)[0] == "review"
    assert candidates_of(plan, 1) == ["s1"]


@pytest.mark.parametrize(("verdict", "outcome"), [("delete", ("delete", "decided_delete", None)),
                                                  ("leave", ("keep", "decided_leave", None))])  # fmt: skip
def test_absence_is_remembered_for_the_same_lists_only(verdict: str, outcome: tuple[str, str, None]) -> None:
    lone = [student("s1", "Piran", "Vashti", "2016-01-01", grade="05", class_name="5B")]
    context = said(plan_year(lone), Decision(None, "s1", verdict=verdict))
    assert of_student(plan_year(lone, context=context), "s1") == outcome
    more = plan_year(lone, [row("Lowen", "Tangye", "2018-05-05")], context=context)
    assert of_student(more, "s1")[:2] == ("review", "class_not_covered")


def test_absence_is_asked_again_when_the_id_is_another_student_now() -> None:
    lone = [student("s1", "Piran", "Vashti", "2016-01-01", grade="05", class_name="5B")]
    context = said(plan_year(lone), Decision(None, "s1", verdict="delete"))
    other = [student("s1", "Lowen", "Tangye", "2016-07-09", grade="05", class_name="5B")]
    assert of_student(plan_year(other, context=context), "s1")[:2] == ("review", "class_not_covered")


def test_a_remembered_deletion_does_not_touch_a_student_who_is_found() -> None:
    lone = [student("s1", "Piran", "Vashti", "2016-01-01", grade="05", class_name="5B")]
    decided = said(plan_year(lone), Decision(None, "s1", verdict="delete")).decisions
    base, incoming = rosters(lone, [row("Piran", "Vashti", "2016-01-01", grade="06", class_name="6B")])
    plan = make_plan(base, incoming, context=Context(decisions=decided))
    assert of_student(plan, "s1")[0] == "update"


def test_a_decision_without_digests_is_refused_instead_of_passed_over() -> None:
    with pytest.raises(InvalidOption, match="digests"):
        Context(decisions=[same(0, "s1")])


def test_decisions_about_other_rosters_are_not_used() -> None:
    context = said(plan_year(JOHN, [JON]), same(0, "s1"))
    remembered = recall(*rosters(), context)
    assert remembered.decisions == ()
    assert remembered.same.is_empty()


def test_a_row_is_a_students_record_where_a_person_has_said_that_his_namesake_is_in_no_row() -> None:
    """Who is absent has nobody's record: planning once more asks nothing that was answered."""
    known = [
        student("s1", "John", "Bytewell", "2018-03-03"),
        student("s2", "John", "Bytewell", "2018-03-03") | {"middle_name": "Quin"},
    ]
    listed = [{**known[0], "student_id": None}]
    plan = plan_year(known, listed)
    assert plan.counts["review"] == 3
    said = resolve(plan, [Decision(None, "s2", verdict="leave")], partial=True).decisions
    again = plan_year(known, listed, context=Context(decisions=said))
    assert of_row(again, 0)[:2] == ("keep", "unchanged")
    assert of_student(again, "s2")[:2] == ("keep", "decided_leave")
