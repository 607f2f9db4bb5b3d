"""A redacted plan shows how a plan came about, and nobody in it."""

import json

import polars as pl
import pytest
from attrs import evolve

from plan_builder import school_plan
from plan_samples import sample_plan
from rosterdiff.config import Policy
from rosterdiff.issues import Code, Origin, issues_frame
from rosterdiff.model import Actor, Decision, GuardCode, Override, Verdict
from rosterdiff.planning import explain, load_plan, plan_to_json, save_plan
from rosterdiff.plans import Plan
from rosterdiff.redaction import columns_of, pseudonyms_for, redact_issues

STAFF = Actor("staff", "Orla Quist")
PLANS = [school_plan(), sample_plan(text="a private note")]


def values_of(plan: Plan) -> set[str]:
    """Every value of a student or row that says who somebody is, as text."""
    found: set[str] = set()
    for roster in (plan.base, plan.incoming):
        for name in roster.frame.columns:
            if name not in {"row", "source_row", "grade"}:
                found |= set(roster.frame[name].cast(pl.String).drop_nulls())
        found |= set(roster.places["header"].drop_nulls())
    return found


@pytest.mark.parametrize("plan", PLANS)
def test_no_value_is_left(plan: Plan) -> None:
    text = json.dumps(plan_to_json(plan.redacted()), ensure_ascii=False)
    assert values_of(plan)
    assert not {value for value in values_of(plan) if f'"{value}"' in text or (len(value) > 4 and value in text)}


@pytest.mark.parametrize("plan", PLANS)
def test_structure_levels_and_weights_stay(plan: Plan) -> None:
    redacted = plan.redacted()
    shown = ["row", "student_id", "pool", "taken_by"]
    assert redacted.candidates.drop(shown).equals(plan.candidates.drop(shown))
    assert redacted.entries.drop("student_id").equals(plan.entries.drop("student_id"))
    assert redacted.counts == plan.counts
    for name in ("base", "incoming"):
        nulls, before = (getattr(each, name).frame.null_count() for each in (redacted, plan))
        assert nulls.equals(before.select(nulls.columns))


def test_equal_values_stay_equal_across_rosters_and_changes() -> None:
    plan = school_plan()
    redacted = plan.redacted()
    student = plan.base.frame["student_id"].to_list().index("1002")
    row = plan.incoming.frame["row"][4]
    assert redacted.base.frame["family_name"][student] == redacted.incoming.frame["family_name"][row]
    line = plan.changes.with_row_index("at").filter(student_id="1002", field="class_name")["at"][0]
    assert redacted.changes["before"][line] == redacted.base.frame["class_name"][student]
    assert redacted.changes["after"][line] == redacted.incoming.frame["class_name"][row]


def test_a_redacted_plan_is_saved_loaded_and_explained(tmp_path: object) -> None:
    redacted = school_plan().redacted()
    save_plan(redacted, f"{tmp_path}/shared.rdiff")
    loaded = load_plan(f"{tmp_path}/shared.rdiff")
    assert loaded.counts == redacted.counts
    told, before = explain(loaded, 0), explain(school_plan(), 0)
    assert [c.weight for c in told.candidates] == [c.weight for c in before.candidates]


def test_a_redacted_plan_is_not_taken_for_its_original() -> None:
    plan = school_plan()
    assert plan.redacted().plan_id != plan.plan_id
    assert plan.redacted().plan_id == plan.redacted().plan_id


def test_persons_comments_and_digests_go_and_what_was_decided_stays() -> None:
    plan = sample_plan(
        decisions=(
            Decision(3, "S003", verdict=Verdict.SAME, actor=STAFF, comment="I know her mother", row_key="aa" * 16),
        ),
        overrides=(Override("x", GuardCode.TOO_FEW_FOUND, STAFF, "a list is late"),),
    )
    redacted = plan.redacted()
    (decision,) = redacted.decisions
    assert (decision.verdict, decision.row, decision.comment, decision.row_key) == (Verdict.SAME, 3, "", "")
    assert decision.student_id == redacted.entries.filter(pl.col("entry") == 1)["student_id"][0]
    told = repr((redacted.decisions, redacted.overrides[0].actor, redacted.overrides[0].reason))
    assert not {"Orla", "mother", "late"} & set(told.split())


def test_columns_that_the_policy_names_stay_and_the_others_go() -> None:
    plan = sample_plan(text="a private note")
    assert not plan.redacted().base.further
    named = evolve(plan, policy=Policy(update_fields=frozenset({"Bus, stop"}))).redacted()
    assert named.base.further == ("Bus, stop",)
    assert set(named.base.frame["Bus, stop"]) == {"Bus, stop 1"}


def test_protected_students_stay_protected_under_their_pseudonyms() -> None:
    plan = evolve(sample_plan(), policy=Policy(protected=frozenset({"S002"})))
    redacted = plan.redacted()
    at = plan.base.frame["student_id"].to_list().index("S002")
    assert redacted.policy.protected == {redacted.base.frame["student_id"][at]}


def test_days_have_days_as_pseudonyms() -> None:
    hidden = pseudonyms_for([("birth_date", pl.Series(["2016-03-04"]).str.to_date())])
    assert hidden.put(pl.Series(["2016-03-04"]).str.to_date(), "birth_date").dtype == pl.Date


def test_the_issues_of_a_redacted_roster_read_well_and_say_no_more_than_how_many() -> None:
    origin = Origin("Ms Orrell.csv")
    said = [
        origin.issue(Code.GRADE_UNKNOWN, "C2"),
        *origin.group(Code.NAME_DIGITS, ["B2", "B3", "B4"], field="Nickname of Orrell"),
        origin.issue(Code.ROWS_HIDDEN, rows="7 rows"),
    ]
    roster = evolve(school_plan().incoming, issues=issues_frame(said))
    messages = redact_issues(roster.issues, pseudonyms_for(columns_of(roster, [])))["message"].to_list()
    assert [message.split(" there ")[0] for message in messages[:2]] == ["In this cell", "In 3 cells with …"]
    assert messages[2].startswith("The sheet hides … of the list")
    assert not any(sign in message for message in messages for sign in ("{", "}", "Orrell"))
