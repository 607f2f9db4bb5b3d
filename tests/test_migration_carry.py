"""What stays good when a plan is made again: decisions, acknowledgement, overrides, each by its content."""

from attrs import evolve

from rosterdiff.config import Guards, Policy
from rosterdiff.migration import Host, Migration
from rosterdiff.migration.carry import Fate
from rosterdiff.model import Decision
from tests.migrations import (
    ADA,
    BEN,
    CYRIL,
    a_host,
    a_sheet,
    acknowledged,
    edit,
    join,
    new,
    next_year,
    open_rows,
    planned,
    same,
)
from tests.school_year import row, student

TYPOS = {"a00": {"family_name": "Achterbreg"}, "a01": {"family_name": "Boscwen"}, "a02": {"family_name": "Curnwo"}}


def decided(host: Host) -> Migration:
    """A migration of which three typing mistakes were decided: two the same, one another child."""
    migration = acknowledged(planned(host, next_year(changed=TYPOS)))
    first, second, third = open_rows(migration)
    migration = migration.decide([same(first, "a00"), same(second, "a01")], actor=ADA)
    return migration.decide([new(third)], actor=CYRIL)


def fates(migration: Migration) -> dict[str, str]:
    """What became of the decisions: student or verdict → fate."""
    told = migration.carried.decisions.iter_rows(named=True)
    return {line["student_id"] or line["verdict"]: line["fate"] for line in told}


def test_every_decision_whose_records_did_not_change_is_kept_with_who_decided_it() -> None:
    again = decided(a_host()).make_plan(actor=BEN)
    assert fates(again) == {"a00": "kept", "a01": "kept", "new": "kept"}
    assert again.plan.counts["review"] == 0
    assert {str(d.actor) for d in again.plan.decisions} == {"staff:Ada", "staff:Cyril"}
    assert (again.carried.count(Fate.KEPT), again.carried.count(Fate.ASKED_AGAIN)) == (3, 0)


def test_a_decision_about_a_student_who_changed_is_asked_again_and_listed_and_no_other() -> None:
    host = a_host()
    migration = decided(host)
    edit(host, "a01", class_name="3B")
    again = migration.make_plan(actor=ADA)
    assert fates(again) == {"a00": "kept", "a01": "asked_again", "new": "kept"}
    assert open_rows(again) == again.carried.decisions.filter(fate="asked_again")["row"].to_list()
    assert again.plan.incoming.frame["family_name"][open_rows(again)[0]] == "Boscwen"


def test_a_new_student_is_asked_about_again_when_one_who_was_ruled_out_changed() -> None:
    host = a_host()
    migration = decided(host)
    edit(host, "a02", family_name="Curnwo")
    again = migration.make_plan(actor=ADA)
    assert fates(again)["new"] == "moot"
    assert again.plan.entries.filter(student_id="a02")["row"].to_list() == [2], "he is found under his name now"


def test_a_decision_of_which_nothing_is_asked_any_more_is_told_as_moot() -> None:
    host = a_host()
    migration = decided(host)
    edit(host, "a01", family_name="Boscwen")
    again = migration.make_plan(actor=ADA)
    assert fates(again) == {"a00": "kept", "a01": "moot", "new": "kept"}
    assert again.plan.counts["review"] == 0


def test_decisions_outlive_reopening_where_their_rows_are_as_they_were() -> None:
    """A corrected row is asked about anew only where it is still in doubt."""
    migration = decided(a_host()).reopen(actor=BEN)
    corrected = next_year(changed={**TYPOS, "a00": {"family_name": "Achterbrg"}})
    migration = migration.upload("list.csv", a_sheet(corrected), actor=BEN, replace=True)
    again = migration.complete(actor=BEN).make_plan(actor=ADA)
    assert fates(again)["a01"] == "kept"
    assert [again.plan.incoming.frame["family_name"][number] for number in open_rows(again)] == ["Achterbrg"]


def test_a_changed_answer_is_the_one_that_is_kept() -> None:
    migration = decided(a_host()).make_plan(actor=ADA)
    host = migration.host
    edit(host, "a01", gender="male")
    migration = migration.make_plan(actor=ADA)
    migration = migration.decide([new(open_rows(migration)[0])], actor=CYRIL)
    again = migration.make_plan(actor=ADA)
    assert again.plan.counts["review"] == 0
    assert sorted(str(d.verdict) for d in again.plan.decisions) == ["new", "new", "same"]
    assert again.carried.decisions.height == 3, "each question once"


def test_what_is_decided_of_the_absent_holds_for_the_same_lists_alone() -> None:
    host = a_host()
    rows = [line for line in next_year() if line["class_name"] != "5A"]
    migration = planned(host, rows)
    absent = migration.plan.entries.filter(reason="class_not_covered")["student_id"].to_list()
    assert len(absent) == 10
    migration = migration.decide([Decision(student_id=each, verdict="leave") for each in absent], actor=ADA)
    edit(host, absent[0], class_name="4B")
    again = migration.make_plan(actor=ADA)
    assert again.carried.count(Fate.KEPT) == 9
    reopened = again.reopen(actor=BEN).upload("late.csv", a_sheet([row("Oan", "Kestle", "2017-07-07")]), actor=BEN)
    anew = reopened.complete(actor=BEN).make_plan(actor=ADA)
    assert anew.carried.count(Fate.KEPT) == 0
    assert anew.plan.counts["review"] == 10


# The acknowledgement


def test_an_acknowledgement_stays_good_where_whom_it_is_about_did_not_change() -> None:
    host = a_host()
    migration = decided(host)
    edit(host, "a05", class_name="3B")  # stays at the school
    again = migration.make_plan(actor=ADA)
    word = again.progress.acknowledgement
    assert word is not None
    assert (word.actor, word.carried) == (BEN, True)
    assert again.carried.lapsed == ()
    done = again.apply(actor=ADA)
    assert done.receipt.counts["delete"] == 11, "ten leavers, and who was decided to be another child"


def test_it_lapses_where_one_of_them_changed() -> None:
    host = a_host()
    migration = decided(host)
    edit(host, "a25", class_name="6B")
    again = migration.make_plan(actor=ADA)
    assert again.progress.acknowledgement is None
    assert again.carried.lapsed == (
        "The acknowledgement by administrator:Ben was given before some of whom it is about changed.",
    )


def test_it_lapses_where_somebody_is_deleted_whom_it_does_not_cover() -> None:
    host = a_host()
    migration = decided(host)
    join(host, student("a99", "Yusra", "Damirel", "2015-06-06", grade="06", class_name="6A"))
    again = migration.make_plan(actor=ADA)
    assert again.progress.acknowledgement is None
    assert "does not cover all" in again.carried.lapsed[0]


def test_it_lapses_where_one_who_was_held_is_deleted_without_a_decision() -> None:
    """The row that might have been hers is now another's for certain."""
    host = a_host()
    migration = acknowledged(planned(host, next_year(changed={"a00": {"family_name": "Achterbreg"}})))
    assert migration.progress.plan is not None
    assert migration.progress.plan.held == 1
    twin = {**student("a98", "Abena", "Achterbreg", "2018-01-01")}
    join(host, twin)
    again = migration.make_plan(actor=ADA)
    assert "a00" in set(again.plan.deletable.filter("certain")["student_id"])
    assert again.progress.acknowledgement is None
    assert again.carried.lapsed[0].endswith("was given while some who are now deleted were held.")


def test_it_lapses_with_other_lists() -> None:
    migration = decided(a_host()).reopen(actor=BEN)
    migration = migration.upload("late.csv", a_sheet([row("Oan", "Kestle", "2017-07-07")]), actor=BEN)
    again = migration.complete(actor=BEN).make_plan(actor=ADA)
    assert again.progress.acknowledgement is None
    assert again.carried.lapsed == ("The acknowledgement by administrator:Ben was given for other lists.",)


def test_reopened_and_declared_complete_as_it_was_it_stays_good() -> None:
    migration = decided(a_host()).reopen(actor=BEN).complete(actor=BEN).make_plan(actor=ADA)
    assert migration.progress.acknowledgement is not None


# Overrides


def held(host: Host) -> Migration:
    """A migration whose deletions are passed by Cyril."""
    migration = acknowledged(planned(evolve(host, policy=Policy(guards=Guards(additions=0.0))), _with_newcomer()))
    assert migration.plan.held_by == ("too_many_additions",)
    return migration.override("too_many_additions", actor=CYRIL, reason="One child joins.")


def _with_newcomer() -> list[dict[str, object]]:
    return next_year(row("Oan", "Kestle", "2017-07-07"))


def test_an_override_stays_good_for_the_same_lists_deletions_and_numbers() -> None:
    migration = held(a_host())
    edit(migration.host, "a05", class_name="3B")
    again = migration.make_plan(actor=ADA)
    (word,) = again.progress.overrides
    assert (word.actor, word.reason, word.carried) == (CYRIL, "One child joins.", True)
    assert again.plan.held_by == ()
    assert again.apply(actor=ADA).receipt.counts["add"] == 1


def test_it_lapses_with_other_numbers() -> None:
    migration = held(a_host()).reopen(actor=BEN)
    more = [row("Oan", "Kestle", "2017-07-07"), row("Yusra", "Damirel", "2017-06-06")]
    migration = migration.upload("list.csv", a_sheet(next_year(*more)), actor=BEN, replace=True)
    again = migration.complete(actor=BEN).make_plan(actor=ADA)
    assert again.progress.overrides == ()
    assert again.plan.held_by == ("too_many_additions",)
    assert "The override of too_many_additions by staff:Cyril was given for other lists." in again.carried.lapsed


def test_it_lapses_where_others_are_deleted() -> None:
    migration = held(a_host())
    join(migration.host, student("a99", "Sanna", "Orrel", "2015-06-06", grade="06", class_name="6A"))
    again = migration.make_plan(actor=ADA)
    assert again.progress.overrides == ()
    assert "The override of too_many_additions by staff:Cyril was given for other numbers." in again.carried.lapsed
