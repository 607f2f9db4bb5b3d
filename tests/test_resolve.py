"""What persons decide: every problem told at once, nothing half taken, and only what was decided changes."""

from collections.abc import Iterable

import polars as pl
import pytest
from attrs import evolve

from rosterdiff.config import Mode, Policy
from rosterdiff.errors import InvalidDecisions, NotPermitted
from rosterdiff.frames import Context
from rosterdiff.model import Actor, Decision
from rosterdiff.pipeline import make_plan
from rosterdiff.planning import acknowledge_deletions, resolve
from rosterdiff.plans import Plan
from rosterdiff.testing.builders import a_roster
from tests.school_year import changes_of, groups, of_row, of_student, ordinary, plan_year, rosters, row, student

BORN, OTHER = "2018-03-03", "2017-11-20"
STAFF, ADMIN = Actor("staff", "Ada Example"), Actor("administrator", "Grace Example")
MARA = student("s1", "Marazan", "Tregenza", BORN)
JORY = student("s2", "Jory", "Orrell", OTHER)
OPEN_ROWS = [row("Marazann", "Tregenza", BORN), row("Joryy", "Orrell", OTHER)]


def same(number: int, student_id: str, place: str = "") -> Decision:
    return Decision(number, student_id, verdict="same", place=place)


def new(number: int, place: str = "") -> Decision:
    return Decision(number, verdict="new", place=place)


def ignore(number: int) -> Decision:
    return Decision(number, verdict="ignore")


def absent(student_id: str, verdict: str, place: str = "") -> Decision:
    return Decision(None, student_id, verdict=verdict, place=place)


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Two open rows, each with a held student."""
    return plan_year([MARA, JORY], OPEN_ROWS)


@pytest.fixture(scope="module")
def missing_class() -> Plan:
    """A class of two of which nobody was found."""
    return plan_year([student("s1", "Piran", "Vashti", BORN, grade="05", class_name="5B"),
                      student("s2", "Lowen", "Tangye", OTHER, grade="05", class_name="5B")])  # fmt: skip


def problems(plan: Plan, decisions: Iterable[Decision], *, partial: bool = False) -> tuple[str, ...]:
    with pytest.raises(InvalidDecisions) as caught:
        resolve(plan, decisions, partial=partial)
    return tuple(caught.value.problems)


# what decisions make of a plan


def test_same_keeps_the_account_and_its_name_and_writes_the_other_fields(plan: Plan) -> None:
    final = resolve(plan, [same(0, "s1"), new(1)])
    assert of_row(final, 0) == ("update", "decided_same", "s1")
    assert changes_of(final, "s1") == {"class_name": ("3A", "4A", "write"), "grade": ("03", "04", "write")}


def test_an_id_that_a_deleted_student_has_as_well_is_the_accounts() -> None:
    """The row resembles both; what is decided of the account takes the account's probability."""
    base, incoming = rosters([MARA], OPEN_ROWS[:1])
    found = make_plan(base, incoming, context=Context(deleted=a_roster(MARA)))
    assert found.candidates.filter(pl.col("student_id") == "s1")["pool"].to_list() == ["base", "deleted"]
    settled = resolve(found, [same(0, "s1")])
    of_account = found.candidates.filter(pl.col("student_id") == "s1", pl.col("pool") == "base")
    assert settled.entries.filter(pl.col("row") == 0)["probability"].item() == of_account["probability"].item()


def test_new_adds_the_row_and_the_candidate_becomes_absent(plan: Plan) -> None:
    final = resolve(plan, [new(0), same(1, "s2")])
    assert of_row(final, 0) == ("add", "decided_new", None)
    assert of_student(final, "s1") == ("delete", "not_listed", None)


def test_an_ignored_row_stays_in_the_plan_without_student(plan: Plan) -> None:
    final = resolve(plan, [ignore(0), same(1, "s2")])
    assert of_row(final, 0) == ("keep", "row_ignored", None)


def test_nothing_but_the_decided_changes(plan: Plan) -> None:
    final = resolve(plan, [same(0, "s1"), same(1, "s2")])
    settled = plan.entries.filter(pl.col("action") != "review").drop("entry")
    assert settled.join(final.entries, on=settled.columns, how="anti", nulls_equal=True).is_empty()
    assert final.counts["review"] == 0
    assert final.origin == plan.origin == plan.plan_id != final.plan_id
    assert final.deletable.equals(plan.deletable)


def test_the_order_of_the_decisions_changes_nothing(plan: Plan) -> None:
    decisions = [same(0, "s1"), new(1)]
    one, other = resolve(plan, decisions), resolve(plan, decisions[::-1])
    assert one.plan_id == other.plan_id
    assert one.entries.equals(other.entries)
    assert one.decisions == other.decisions


def test_other_decisions_make_another_plan(plan: Plan) -> None:
    ids = {resolve(plan, [same(0, "s1"), said]).plan_id for said in (new(1), ignore(1), same(1, "s2"))}
    assert len(ids) == 3


def test_a_student_who_was_no_candidate_may_be_chosen(plan: Plan) -> None:
    """Also one who was to be deleted; his deletion falls away."""
    final = resolve(plan, [same(0, "a20"), new(1)])
    assert of_row(final, 0)[2] == "a20"
    assert of_student(final, "s1")[0] == "delete"


def test_a_plan_without_questions_needs_no_answers() -> None:
    final = resolve(plan_year(), [])
    assert final.counts == plan_year().counts


def test_held_students_are_deleted_only_where_the_class_was_covered() -> None:
    alone = student("s1", "Marazan", "Tregenza", BORN, grade="05", class_name="5B")
    plan = plan_year([alone], [row("Marazann", "Tregenza", BORN, grade="06", class_name="6B")])
    told = problems(plan, [new(0)])
    assert len(told) == 1
    assert "s1" in told[0]
    assert "delete or to leave" in told[0]
    assert of_student(resolve(plan, [new(0), absent("s1", "delete")]), "s1")[:2] == ("delete", "decided_delete")
    assert of_student(resolve(plan, [new(0), absent("s1", "leave")]), "s1")[:2] == ("keep", "decided_leave")


def test_one_found_by_review_shows_that_his_class_was_covered() -> None:
    known = [student("s1", "Marazan", "Tregenza", BORN, grade="05", class_name="5B"),
             student("s2", "Jory", "Orrell", OTHER, grade="05", class_name="5B")]  # fmt: skip
    rows = [row("Marazann", "Tregenza", BORN, grade="06", class_name="6B"),
            row("Joryy", "Orrell", OTHER, grade="06", class_name="6B")]  # fmt: skip
    final = resolve(plan_year(known, rows), [same(0, "s1"), new(1)])
    assert of_student(final, "s2") == ("delete", "not_listed", None)


def test_a_missing_class_is_decided_student_by_student(missing_class: Plan) -> None:
    final = resolve(missing_class, [absent("s1", "leave"), absent("s2", "delete")])
    assert of_student(final, "s1") == ("keep", "decided_leave", None)
    assert of_student(final, "s2") == ("delete", "decided_delete", None)


def test_a_protected_student_is_not_deleted_by_a_decision() -> None:
    plan = plan_year([MARA], OPEN_ROWS[:1], policy=Policy(protected={"s1"}))
    final = resolve(plan, [new(0), absent("s1", "delete")])
    assert of_student(final, "s1") == ("keep", "protected", None)


def test_review_of_a_bulk_upload_deletes_nobody() -> None:
    plan = plan_year([MARA], OPEN_ROWS[:1], policy=Policy(mode=Mode.BULK))
    assert of_student(resolve(plan, [new(0)]), "s1") == ("keep", "not_in_upload", None)


def test_decisions_carry_what_was_judged(plan: Plan) -> None:
    final = resolve(plan, [same(0, "s1"), new(1)])
    chosen, refused = final.decisions
    assert chosen.row_key
    assert chosen.student_key
    assert chosen.rejected == ()
    assert len(refused.rejected) == 1
    assert {d.plan_id for d in final.decisions} == {plan.origin}


# what is wrong with decisions


def test_every_open_row_and_every_student_of_a_missing_class_needs_an_answer(plan: Plan, missing_class: Plan) -> None:
    assert problems(plan, []) == ("Row 0 is left open.", "Row 1 is left open.")
    assert problems(missing_class, [absent("s1", "leave")]) == ("Student s2 is left open.",)


def test_an_open_answer_is_none_and_its_place_is_told(plan: Plan) -> None:
    undecided = Decision(0, verdict="open", place="review.xlsx, sheet Review, cell B7")
    assert problems(plan, [undecided, new(1)]) == ("Row 0 is left open (review.xlsx, sheet Review, cell B7).",)


def test_an_unknown_student_is_told_without_naming_a_value(plan: Plan) -> None:
    (told,) = problems(plan, [same(0, "Marazan", "cell B7"), new(1)])
    assert told.startswith("No student of the base has the id")
    assert "cell B7" in told
    assert "Marazan" not in told


def test_a_deleted_student_is_not_chosen_but_restored_first() -> None:
    deleted = a_roster(student("x9", "Lowen", "Tangye", BORN))
    plan = plan_year([], [row("Lowen", "Tangye", BORN)], context=Context(deleted=deleted))
    assert "restored first" in problems(plan, [same(0, "x9")])[0]


def test_a_student_given_to_two_rows_is_told_at_both(plan: Plan) -> None:
    told = problems(plan, [same(0, "s1", "B7"), same(1, "s1", "B8")])
    assert told == ("Student s1 is given to 2 rows (B7).", "Student s1 is given to 2 rows (B8).")


def test_a_student_who_has_a_row_already_is_not_given_away(plan: Plan) -> None:
    assert problems(plan, [same(0, "a00", "B7"), new(1)]) == ("Student a00 is matched with another row already (B7).",)


def test_two_answers_to_one_question_contradict(plan: Plan, missing_class: Plan) -> None:
    assert problems(plan, [same(0, "s1", "B7"), new(0, "B9"), new(1)]) == (
        "Two decisions about one row contradict each other (B7) (B9).",
    )
    both = [absent("s1", "leave", "C2"), absent("s1", "delete", "C5"), absent("s2", "leave")]
    assert problems(missing_class, both) == ("Two decisions about one student contradict each other (C2) (C5).",)


def test_the_same_answer_twice_is_one(plan: Plan) -> None:
    assert resolve(plan, [same(0, "s1"), same(0, "s1"), new(1)]).counts["review"] == 0


def test_a_student_is_not_given_to_a_row_and_deleted(plan: Plan) -> None:
    told = problems(plan, [same(0, "s1", "B7"), absent("s1", "delete", "C2"), new(1)])
    assert told == ("Student s1 is given to a row and deleted (B7) (C2).",)


def test_rows_and_students_that_are_not_open_are_not_decided(plan: Plan) -> None:
    told = problems(plan, [new(0), new(1), new(2, "B9"), absent("a00", "leave", "C2"), absent("a20", "delete")])
    assert told == (
        "Row 2 is not open in this plan (B9).",
        "Student a00 is not held in review (C2).",
        "Student a20 is not held in review.",
    )


def test_an_answer_about_another_plan_is_refused(plan: Plan) -> None:
    other = evolve(same(0, "s1", "B7"), plan_id="0" * 64)
    assert problems(plan, [other, new(1)]) == ("This decision is about another plan (B7).",)
    assert resolve(plan, [evolve(same(0, "s1"), plan_id=plan.plan_id), new(1)]).counts["review"] == 0


def test_a_bulk_plan_takes_no_deletion() -> None:
    plan = plan_year([MARA], OPEN_ROWS[:1], policy=Policy(mode=Mode.BULK))
    told = problems(plan, [new(0), absent("s1", "delete", "C2")])
    assert told == ("A bulk plan deletes nobody, and this decision would (C2).",)


def test_who_may_not_decide_is_refused(plan: Plan) -> None:
    with pytest.raises(NotPermitted):
        resolve(plan, [evolve(same(0, "s1"), actor=ADMIN), new(1)])
    assert resolve(plan, [evolve(same(0, "s1"), actor=STAFF), new(1)]).counts["review"] == 0


def test_all_problems_are_told_at_once_and_nothing_is_taken(plan: Plan) -> None:
    before = plan.entries.clone()
    wrong = [same(0, "nobody", "B1"), new(0, "B2"), new(99, "B3"), absent("a00", "delete", "B4")]
    told = problems(plan, wrong)
    assert len(told) == 5
    assert [place for place in ("B1", "B2", "B3", "B4") if place in " ".join(told)] == ["B1", "B2", "B3", "B4"]
    assert "Row 1 is left open." in told
    assert plan.entries.equals(before)
    assert plan.decisions == ()


# some decisions now, others later


def test_partial_leaves_the_others_open(plan: Plan) -> None:
    half = resolve(plan, [same(0, "s1")], partial=True)
    assert of_row(half, 0)[1] == "decided_same"
    assert of_row(half, 1)[:2] == ("review", "name_differs")
    assert groups(half)[1] == groups(half)["s2"]
    assert half.origin == plan.plan_id


def test_in_steps_or_at_once_comes_to_the_same(plan: Plan) -> None:
    at_once = resolve(plan, [same(0, "s1"), new(1)])
    in_steps = resolve(resolve(plan, [same(0, "s1")], partial=True), [new(1)])
    assert in_steps.entries.equals(at_once.entries)
    assert in_steps.changes.equals(at_once.changes)
    assert in_steps.plan_id == at_once.plan_id


def test_a_candidate_of_a_row_that_stays_open_is_held_whatever_is_decided_beside() -> None:
    twins = [student("s1", "Jory", "Orrell", BORN), student("s2", "Tomas", "Orrell", BORN)]
    plan = plan_year(twins, [row("Joryy", "Orrell", BORN), row("Tomass", "Orrell", BORN)])
    half = resolve(plan, [new(0)], partial=True)
    assert of_student(half, "s1")[0] == of_student(half, "s2")[0] == "review"


def test_a_candidate_of_a_row_that_stays_open_is_not_deleted_by_decision_either(plan: Plan) -> None:
    told = problems(plan, [absent("s1", "delete", "C2"), new(1)], partial=True)
    assert told == ("Student s1 is deleted while a row that may be his is still open (C2).",)


def test_what_is_decided_is_not_open_again(plan: Plan) -> None:
    half = resolve(plan, [same(0, "s1")], partial=True)
    assert problems(half, [new(0), same(1, "s1")]) == (
        "Row 0 is not open in this plan.",
        "Student s1 is matched with another row already.",
    )


def test_every_student_and_row_stays_in_one_entry(plan: Plan) -> None:
    final = resolve(plan, [new(0), ignore(1)])
    assert sorted(final.entries["student_id"].drop_nulls()) == sorted(plan.base.frame["student_id"])
    assert sorted(final.entries["row"].drop_nulls()) == plan.incoming.frame["row"].to_list()


def test_decided_deletions_are_covered_by_the_word_given_before_review(plan: Plan) -> None:
    ack = acknowledge_deletions(plan, count=10, actor=ADMIN)
    final = resolve(plan, [new(0), ignore(1)])
    gone = final.entries.filter(pl.col("action") == "delete")["student_id"]
    assert len(gone) == 12
    assert all(ack.covers(student_id) for student_id in gone)


def test_planning_again_with_the_decisions_comes_to_the_same() -> None:
    base, incoming = rosters([MARA, JORY], OPEN_ROWS)
    final = resolve(make_plan(base, incoming), [same(0, "s1"), new(1)])
    again = make_plan(base, incoming, context=Context(decisions=final.decisions))
    assert again.counts == final.counts
    assert len(again.base) == len(ordinary()) + 2
