"""The workflow over a store and a journal: what each step does, by whom, and what another process finds."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from attrs import evolve

from rosterdiff.config import Policy
from rosterdiff.errors import (
    HeldPlan,
    IllegalStep,
    InvalidDecisions,
    InvalidOption,
    NotPermitted,
    OutsideWindow,
    Overtaken,
    StalePlan,
    StoreError,
    Unacknowledged,
    UnreadableFile,
    UnresolvedPlan,
)
from rosterdiff.migration import (
    Host,
    Kind,
    Migration,
    State,
    audit,
    awaited,
    forget,
    remember_name,
    remembered,
    restore,
)
from rosterdiff.model import Decision, Verdict
from rosterdiff.roles import Step
from rosterdiff.stores import MemoryStore, SqlJournal, SqlStore
from rosterdiff.testing.builders import a_roster
from tests.migrations import (
    ADA,
    BEN,
    CYRIL,
    FAY,
    Clock,
    a_host,
    a_sheet,
    acknowledged,
    edit,
    join,
    new,
    next_year,
    open_rows,
    opened,
    planned,
    same,
    with_seats,
)
from tests.school_year import advanced, ordinary, row, student

TYPO = {"a00": {"family_name": "Achterbreg"}}
TYPOS = {**TYPO, "a01": {"family_name": "Boscwen"}}


@pytest.fixture(params=["memory", "sqlite"])
def host(request: pytest.FixtureRequest, tmp_path: Any) -> Host:
    """The ordinary school in memory, and in a database with its journal."""
    clock = Clock()
    if request.param == "memory":
        return a_host(clock=clock)
    url = f"sqlite:///{tmp_path / 'school.db'}"
    store = SqlStore.create(url, a_roster(*ordinary()))
    return a_host(clock=clock, store=evolve(store, now=clock), journal=SqlJournal(url, school="Larkhill"))


def kinds(host: Host, stream: str = "migration") -> list[str]:
    return [event.kind for event in host.journal.read(stream)]


def test_the_whole_way_step_by_step_each_by_another_process(host: Host) -> None:
    """Nothing but the host is carried from step to step."""

    def here() -> Migration:
        return Migration.resume(host)

    opened(host)
    rows = next_year(row("Tamsin", "Wexcombe", "2017-05-05"), changed=TYPO)
    here().upload("4A.csv", a_sheet(rows[:10]), actor=BEN)
    here().upload("5A.csv", a_sheet(rows[10:]), actor=FAY)
    here().complete(actor=FAY)
    here().make_plan(actor=ADA)
    assert here().plan.counts == {"keep": 0, "update": 19, "add": 1, "delete": 10, "review": 2}
    here().acknowledge(10, actor=BEN)
    here().decide([same(open_rows(here())[0], "a00")], actor=CYRIL)
    before = host.store.load().frame
    done = here().apply(actor=ADA)
    assert done.state is State.APPLIED
    assert done.receipt.counts == {"add": 1, "update": 20, "delete": 10}
    assert done.progress.acknowledgement is not None
    assert done.progress.acknowledgement.actor == BEN
    assert here().receipt == done.receipt
    assert [each.step for each in awaited(here())] == []
    here().undo(actor=ADA)
    assert host.store.load().frame.equals(before)
    assert kinds(host) == [
        "opened", "uploaded", "uploaded", "completed", "planned", "acknowledged", "decided", "applying", "applied",
        "undone",
    ]  # fmt: skip


def test_each_upload_is_kept_with_its_content_its_digest_who_and_when(host: Host) -> None:
    content = a_sheet(next_year()[:3])
    migration = opened(host).upload("4A.csv", content, actor=BEN)
    (upload,) = migration.progress.uploads
    assert (upload.rows, upload.size, upload.actor) == (3, len(content), BEN)
    assert host.journal.get_document("migration", upload.document) == content
    assert upload.at == host.journal.read("migration")[-1].at
    assert migration.roster_of("4A.csv").frame["given_name"].to_list() == ["Abena", "Bertil", "Calista"]


def test_a_file_that_cannot_be_read_is_refused_and_nothing_is_kept_of_it(host: Host) -> None:
    migration = opened(host)
    with pytest.raises(UnreadableFile):
        migration.upload("4A.xlsx", b"no workbook", actor=BEN)
    assert kinds(host) == ["opened"]
    assert not host.journal.documents("migration")


def test_options_of_reading_stay_with_the_file(host: Host) -> None:
    rows = [{**line, "birth_date": "03/04/2018"} for line in next_year()[:3]]
    migration = opened(host).upload("4A.csv", a_sheet(rows), actor=BEN, reading={"date_order": "mdy"})
    assert Migration.resume(host).incoming().frame["birth_date"].to_list()[0].month == 3
    assert migration.progress.uploads[0].reading == {"date_order": "mdy"}


def test_a_second_migration_is_not_opened_beside_the_first(host: Host) -> None:
    migration = opened(host)
    with pytest.raises(IllegalStep, match="Migration 1 collects uploads"):
        opened(host)
    migration.cancel(actor=BEN)
    assert opened(host).progress.number == 2


def test_two_who_open_at_once_open_one_migration(host: Host) -> None:
    one, other = Migration.resume(host), Migration.resume(host)
    assert one.state is other.state is State.NONE
    opened(host)
    from rosterdiff.migration.commands import Open

    with pytest.raises(Overtaken, match="opened migration 1"):
        other._after(Open(BEN, host.clock(), one.progress.mode, None, None))


def test_a_step_on_a_view_that_was_overtaken_says_by_what(host: Host) -> None:
    seen = planned(host)
    seen.reopen(actor=FAY)
    with pytest.raises(Overtaken, match=r"administrator:Fay reopened it") as refused:
        seen.acknowledge(10, actor=BEN)
    assert refused.value.step == Step.ACKNOWLEDGE
    assert Migration.resume(host).progress.acknowledgement is None


def test_a_screen_hands_back_the_version_that_it_showed(host: Host) -> None:
    """Ten deletions were shown, and ten others stand there when the button is pressed."""
    seen = planned(host).version
    Migration.resume(host).make_plan(actor=ADA)
    with pytest.raises(Overtaken, match="made plan"):
        Migration.resume(host, seen=seen).acknowledge(10, actor=BEN)


def test_steps_that_do_not_disturb_each_other_are_all_taken(host: Host) -> None:
    """Two upload, and two decide different rows, each on a view from before the other."""
    seen = opened(host)
    rows = next_year(changed=TYPOS)
    seen.upload("4A.csv", a_sheet(rows[:10]), actor=BEN)
    both = seen.upload("5A.csv", a_sheet(rows[10:]), actor=FAY)
    assert len(both.progress.standing_uploads) == 2
    seen = both.complete(actor=BEN).make_plan(actor=ADA)
    first, second = open_rows(seen)
    seen.decide([same(first, "a00")], actor=ADA)
    seen.acknowledge(10, actor=BEN)
    last = seen.decide([same(second, "a01")], actor=CYRIL)
    assert last.decided_plan.counts["review"] == 0
    assert {memo.actor for memo in last.answers.values()} == {ADA, CYRIL}


def test_who_decides_otherwise_than_another_is_told_who_and_may_pass_it_over(host: Host) -> None:
    migration = planned(host, next_year(changed=TYPO))
    (number,) = open_rows(migration)
    one = migration.decide([same(number, "a00")], actor=ADA)
    with pytest.raises(InvalidDecisions, match=r"\(list\.csv, row 2\) was decided otherwise by staff:Ada .*same as"):
        one.decide([new(number)], actor=CYRIL)
    with pytest.raises(InvalidDecisions, match="decided otherwise by staff:Ada"):
        migration.decide([new(number)], actor=CYRIL)  # also on a view from before it
    over = one.decide([new(number)], actor=CYRIL, replace=True)
    assert over.decided_plan.counts["add"] == 1
    assert one.decide([same(number, "a00")], actor=CYRIL).version == one.version, "agreeing is nothing new"


def test_one_may_change_his_own_answer(host: Host) -> None:
    migration = planned(host, next_year(changed=TYPO))
    (number,) = open_rows(migration)
    changed = migration.decide([same(number, "a00")], actor=ADA).decide([new(number)], actor=ADA)
    assert changed.decided_plan.counts["add"] == 1
    assert [memo.decision.verdict for memo in changed.answers.values() if memo.decision] == [Verdict.NEW]


def test_two_answers_that_give_one_student_to_two_rows_name_who_gave_the_first(host: Host) -> None:
    migration = planned(host, next_year(changed=TYPOS))
    first, second = open_rows(migration)
    decided = migration.decide([same(first, "a00")], actor=ADA)
    with pytest.raises(InvalidDecisions, match=r"a00 is given to 2 rows \(decided by staff:Ada"):
        decided.decide([same(second, "a00")], actor=CYRIL)


def test_of_decisions_that_do_not_fit_none_is_taken(host: Host) -> None:
    migration = planned(host, next_year(changed=TYPOS))
    first, _ = open_rows(migration)
    with pytest.raises(InvalidDecisions, match="Row 999 is not open"):
        migration.decide([same(first, "a00"), new(999)], actor=ADA)
    assert kinds(host)[-1] == "planned"


def test_administrators_neither_decide_nor_override_nor_apply(host: Host) -> None:
    migration = acknowledged(planned(host, next_year(changed=TYPO)))
    steps: list[Callable[[], object]] = [
        lambda: migration.decide([new(open_rows(migration)[0])], actor=BEN),
        lambda: migration.override("too_few_found", actor=BEN, reason="They moved."),
        lambda: migration.apply(actor=BEN),
        lambda: migration.extend(migration.progress.window[1], actor=BEN) if migration.progress.window else None,
        lambda: restore(host, ["a00"], actor=BEN),
        lambda: forget(host, "x", actor=BEN),
        lambda: remember_name(host, "a00", given_name="Abbie", actor=BEN),
    ]
    for step in steps:
        with pytest.raises(NotPermitted):
            step()


def test_nothing_is_applied_while_something_is_awaited(host: Host) -> None:
    migration = planned(host, next_year(changed=TYPO))
    assert [each.step for each in awaited(migration)] == [Step.ACKNOWLEDGE, Step.DECIDE]
    with pytest.raises(UnresolvedPlan):
        migration.apply(actor=ADA)
    decided = migration.decide([new(open_rows(migration)[0])], actor=ADA)
    assert [each.step for each in awaited(decided)] == [Step.ACKNOWLEDGE]
    with pytest.raises(Unacknowledged, match="nobody has acknowledged"):
        decided.apply(actor=ADA)
    assert kinds(host)[-1] == "decided", "what is refused was not begun"
    assert [each.step for each in awaited(acknowledged(decided))] == [Step.APPLY]


def test_a_held_plan_is_passed_by_named_staff_for_a_reason(host: Host) -> None:
    migration = acknowledged(planned(host, advanced(ordinary())[:3]))
    for group in migration.plan.entries.filter(pl.col("reason") == "class_not_covered")["student_id"]:
        migration = migration.decide([Decision(student_id=group, verdict="leave")], actor=ADA)
    assert "too_few_found" in migration.plan.held_by
    with pytest.raises(HeldPlan):
        migration.apply(actor=ADA)
    for code in migration.decided_plan.held_by:
        migration = migration.override(code, actor=CYRIL, reason="The other lists come by bulk.")
    assert migration.apply(actor=ADA).state is State.APPLIED
    overridden = [event for event in host.journal.read("migration") if event.kind == Kind.OVERRIDDEN]
    assert {event.actor for event in overridden} == {CYRIL}
    assert all(event.facts["plan_id"] == migration.progress.plan_id for event in overridden)


def test_a_plan_that_ends_above_the_seats_is_held_and_says_how_many_over() -> None:
    host = with_seats(a_host(), 20)
    more = [row("Tamsin", "Wexcombe", "2017-05-05"), row("Yusra", "Damirel", "2017-06-06")]
    migration = acknowledged(planned(host, next_year(*more)))
    with pytest.raises(HeldPlan, match="22 students, 20 seats, 2 over"):
        migration.apply(actor=ADA)
    overridden = migration.override("too_many_seats", actor=ADA, reason="Two seats are ordered.")
    assert overridden.apply(actor=ADA).state is State.APPLIED


def test_protected_accounts_are_not_deleted() -> None:
    host = a_host(policy=Policy(protected=["a29"]))
    migration = acknowledged(planned(host)).apply(actor=ADA)
    assert "a29" in set(host.store.load().frame["student_id"])
    assert migration.receipt.counts["delete"] == 9


def test_a_bulk_upload_runs_beside_the_migration_and_deletes_nobody(host: Host) -> None:
    migration = planned(host)
    bulk = Migration.open_bulk(host, actor=FAY)
    assert (bulk.progress.name, bulk.progress.stream, bulk.progress.window) == ("bulk 1", "bulk-1", None)
    bulk = bulk.upload("new.csv", a_sheet([row("Tamsin", "Wexcombe", "2017-05-05")]), actor=FAY)
    done = bulk.complete(actor=FAY).make_plan(actor=ADA).apply(actor=ADA)
    assert done.receipt.counts == {"add": 1, "update": 0, "delete": 0}
    assert Migration.resume(host).version == migration.version
    assert Migration.open_bulk(host, actor=FAY).progress.stream == "bulk-2"
    with pytest.raises(StalePlan, match="added since"):
        acknowledged(planned_again(host)).apply(actor=ADA)


def planned_again(host: Host) -> Migration:
    """The migration with a list of which a student joins, its plan made before the bulk upload was applied."""
    migration = Migration.resume(host).reopen(actor=BEN)
    migration = migration.upload("late.csv", a_sheet([row("Yusra", "Damirel", "2017-06-06")]), actor=BEN)
    migration = migration.complete(actor=BEN).make_plan(actor=ADA)
    bulk = Migration.resume(host, "bulk-2").upload("b.csv", a_sheet([row("Oan", "Kestle", "2017-07-07")]), actor=FAY)
    bulk.complete(actor=FAY).make_plan(actor=ADA).apply(actor=ADA)
    return migration


def test_outside_of_its_window_staff_extends_it(host: Host) -> None:
    migration = acknowledged(planned(host))
    assert isinstance(host.clock, Clock)
    host.clock.at = host.clock.at.replace(year=2027, month=3)
    with pytest.raises(OutsideWindow, match=r"\(apply\) .* from 2026-11-01 to 2027-02-01; today is 2027-03-01"):
        migration.apply(actor=ADA)
    extended = migration.extend(host.clock.at.date(), actor=ADA)
    assert extended.apply(actor=ADA).state is State.APPLIED


def test_a_cancelled_migration_writes_nothing_and_its_decisions_stay_remembered(host: Host) -> None:
    before = host.store.load().frame
    migration = planned(host, next_year(changed=TYPO))
    migration.decide([same(open_rows(migration)[0], "a00")], actor=ADA).cancel(actor=BEN)
    assert host.store.load().frame.equals(before)
    again = planned(host, next_year(changed=TYPO))
    assert open_rows(again) == []
    assert [str(decision.actor) for decision in again.plan.decisions] == ["staff:Ada"]


# A store that fails, a process that ends


class Dying(Exception):
    """A process ends here."""


def dying(host: Host, when: str) -> Host:
    """The same host, whose process ends once, before or after the store has written."""
    store = host.store

    class Store:
        def __getattr__(self, name: str) -> Any:
            return getattr(store, name)

        def apply(self, *arguments: Any, **named: Any) -> Any:
            if when == "before":
                raise Dying
            named.pop("witness")  # the journal is elsewhere, and was not reached
            store.apply(*arguments, **named)
            raise Dying

    return evolve(host, store=Store())


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_between_store_and_journal_is_settled_by_the_receipt_exactly_once(host: Host, when: str) -> None:
    acknowledged(planned(host))
    with pytest.raises(Dying):
        Migration.resume(dying(host, when)).apply(actor=ADA)
    assert kinds(host)[-1] == "applying"
    resumed = Migration.resume(host)
    assert resumed.state is (State.APPLYING if when == "before" else State.APPLIED)
    if when == "before":
        for step in (resumed.reopen, resumed.cancel):
            with pytest.raises(IllegalStep, match="Apply again"):
                step(actor=ADA)
        resumed = resumed.apply(actor=CYRIL)
    assert resumed.state is State.APPLIED
    assert len(host.store.receipts()) == 1
    assert kinds(host).count("applied") == 1
    applied = host.journal.read("migration")[-1]
    assert (applied.actor, applied.at) == (host.store.receipts()[0].actor, host.store.receipts()[0].applied_at)
    assert Migration.resume(host).version == resumed.version, "settled is settled"


def test_an_apply_that_was_begun_and_whose_decision_was_revoked_goes_back_to_be_decided(host: Host) -> None:
    migration = acknowledged(planned(host, next_year(changed=TYPO)))
    migration.decide([same(open_rows(migration)[0], "a00")], actor=ADA)
    with pytest.raises(Dying):
        Migration.resume(dying(host, "before")).apply(actor=ADA)
    forget(host, remembered(host)["memory"][0], actor=CYRIL)
    with pytest.raises(UnresolvedPlan):
        Migration.resume(host).apply(actor=ADA)
    resumed = Migration.resume(host)
    assert resumed.state is State.PLANNED
    assert resumed.decide([same(0, "a00")], actor=CYRIL).apply(actor=ADA).state is State.APPLIED


def test_two_who_begin_a_bulk_upload_at_once_have_one_each() -> None:
    host = a_host()
    journal = host.journal

    class Late:
        """Somebody else begins a bulk upload between our look and our step."""

        def __getattr__(self, name: str) -> Any:
            return getattr(journal, name)

        def streams(self) -> tuple[str, ...]:
            found = journal.streams()
            if not found:
                Migration.open_bulk(host, actor=FAY)
            return found

    late = Migration.open_bulk(evolve(host, journal=Late()), actor=BEN)
    assert (late.progress.stream, late.progress.number) == ("bulk-2", 2)
    assert late.progress.name == "bulk 2"


def test_moments_are_told_in_utc_whatever_the_clock_of_the_school() -> None:
    sydney = ZoneInfo("Australia/Sydney")
    clock = Clock(datetime(2026, 11, 1, 8, tzinfo=sydney))  # it is October in Greenwich
    host = a_host(clock=clock)
    opened(host)
    assert audit(host.journal)["at"].to_list() == [clock.at.astimezone(UTC)]
    clock.at = datetime(2027, 2, 2, 8, tzinfo=sydney)
    with pytest.raises(OutsideWindow):
        Migration.resume(host).upload("4A.csv", a_sheet(next_year()), actor=BEN)


def test_an_apply_of_which_the_store_knows_nothing_was_none(host: Host) -> None:
    """The journal was written, and the database of the store did not keep what it had taken."""
    store = host.store

    class Forgetful:
        def __getattr__(self, name: str) -> Any:
            return getattr(store, name)

        def apply(self, changes: Any, *, actor: Any, witness: Any) -> Any:
            receipt = MemoryStore(store.load()).apply(changes, actor=actor)
            witness(receipt)
            raise StoreError("The database went away.", "Try again.")

    acknowledged(planned(host))
    with pytest.raises(StoreError, match="went away"):
        Migration.resume(evolve(host, store=Forgetful())).apply(actor=ADA)
    assert kinds(host)[-2:] == ["applied", "apply_lost"]
    assert Migration.resume(host).apply(actor=ADA).receipt.counts["delete"] == 10


def test_what_the_store_took_back_by_itself_is_undone_here_too(host: Host) -> None:
    done = acknowledged(planned(host)).apply(actor=ADA)
    host.store.undo(done.progress.receipt_id, actor=CYRIL)
    resumed = Migration.resume(host)
    assert resumed.state is State.UNDONE
    assert host.journal.read("migration")[-1].actor == CYRIL


def test_after_an_undo_it_is_reopened_and_applied_anew_with_new_words(host: Host) -> None:
    undone = acknowledged(planned(host)).apply(actor=ADA).undo(actor=ADA)
    again = undone.reopen(actor=BEN).complete(actor=BEN).make_plan(actor=ADA)
    assert again.progress.acknowledgement is None
    done = acknowledged(again).apply(actor=ADA)
    assert done.receipt.undone_at is None
    assert len(host.store.receipts()) == 2


def test_applying_at_once_writes_once_and_both_are_told(host: Host) -> None:
    one = acknowledged(planned(host))
    other = Migration.resume(host)
    done = one.apply(actor=ADA)
    with pytest.raises(Overtaken, match="applied it: receipt"):
        other.apply(actor=CYRIL)
    assert Migration.resume(host).receipt == done.receipt
    assert len(host.store.receipts()) == 1


# Drift


def test_a_stale_plan_names_who_moved_and_goes_back_to_planned() -> None:
    host = a_host()
    migration = acknowledged(planned(host))
    edit(host, "a03", class_name="3B")
    with pytest.raises(StalePlan, match="changed or gone: a03"):
        migration.apply(actor=ADA)
    assert kinds(host)[-2:] == ["applying", "apply_failed"]
    resumed = Migration.resume(host)
    assert resumed.state is State.PLANNED
    again = resumed.make_plan(actor=ADA)
    assert again.progress.acknowledgement is not None, "whom it is about did not change"
    assert again.apply(actor=ADA).state is State.APPLIED


# Accounts that come back


def deleted_host() -> Host:
    """The school after a year in which a leaver of 4A was deleted, whose family has come back."""
    host = a_host([student("z1", "Tamsin", "Wexcombe", "2017-05-05", grade="04", class_name="4A")])
    done = acknowledged(planned(host)).apply(actor=ADA)
    assert "z1" in done.receipt.deleted
    return host


def lists_after(host: Host) -> Iterable[dict[str, Any]]:
    """The lists of the year after, in which everybody moves up."""
    for line in host.store.load().frame.iter_rows(named=True):
        grade = int(line["grade"]) + 1
        yield {**line, "grade": f"{grade:02}", "class_name": f"{grade}A"}


def test_a_row_like_a_deleted_student_may_restore_the_account_whole_with_its_id() -> None:
    host = deleted_host()
    back = row("Tamsin", "Wexcombe", "2017-05-05", grade="06", class_name="6A")
    migration = Migration.open(host, actor=BEN).upload("list.csv", a_sheet([*lists_after(host), back]), actor=BEN)
    migration = migration.complete(actor=BEN).make_plan(actor=ADA)
    reasons = dict(migration.plan.entries.select("row", pl.col("reason").cast(pl.String)).drop_nulls().iter_rows())
    (number,) = [number for number, reason in reasons.items() if reason == "possible_restore"]
    with pytest.raises(InvalidDecisions, match="Account nobody is not among the deleted"):
        migration.decide([Decision(number, "nobody", verdict="restore")], actor=ADA)
    restored = migration.decide([Decision(number, "z1", verdict="restore")], actor=ADA)
    assert "z1" in set(host.store.load().frame["student_id"])
    assert restored.state is State.PLANNED
    entry = restored.plan.entries.filter(pl.col("student_id") == "z1").row(0, named=True)
    assert (entry["action"], entry["row"]) == ("update", number)
    assert [event for event in kinds(host) if event.startswith("restor")] == ["restoring", "restored"]
    assert restored.progress.decided[-1].actor == ADA


def test_a_restored_account_stays_whatever_becomes_of_the_plan_and_the_word_given_before_does_not_delete_it() -> None:
    """A restore is a step of its own: the undo of the apply brings back what was before it, which is the account."""
    host = deleted_host()
    back = row("Tamsin", "Wexcombe", "2017-05-05", grade="06", class_name="6A")
    migration = Migration.open(host, actor=BEN).upload("list.csv", a_sheet([*lists_after(host), back]), actor=BEN)
    migration = acknowledged(migration.complete(actor=BEN).make_plan(actor=ADA))
    (number,) = migration.plan.entries.filter(pl.col("reason") == "possible_restore")["row"]
    restored = migration.decide([Decision(number, "z1", verdict="restore")], actor=ADA)
    assert "z1" not in set(restored.plan.deletable["student_id"])
    before = host.store.load().frame
    assert "z1" in set(before["student_id"])
    applied = acknowledged(restored).apply(actor=ADA)
    assert applied.undo(actor=ADA).state is State.UNDONE
    assert host.store.load().frame.equals(before)


def test_a_restore_that_the_store_refuses_leaves_the_plan_as_it_was() -> None:
    host = deleted_host()
    back = row("Tamsin", "Wexcombe", "2017-05-05", grade="06", class_name="6A")
    migration = Migration.open(host, actor=BEN).upload("list.csv", a_sheet([*lists_after(host), back]), actor=BEN)
    migration = migration.complete(actor=BEN).make_plan(actor=ADA)
    join(host, student("z1", "Another", "Child", "2018-01-01"))  # the id is in use again
    (number,) = migration.plan.entries.filter(pl.col("reason") == "possible_restore")["row"]
    with pytest.raises(StoreError, match="belong to active students again"):
        migration.decide([Decision(number, "z1", verdict="restore")], actor=ADA)
    assert kinds(host)[-1] == "restore_failed"
    assert Migration.resume(host).state is State.PLANNED


def test_accounts_that_were_restored_before_a_crash_are_told_of_on_resume() -> None:
    host = deleted_host()
    store = host.store

    class Store:
        def __getattr__(self, name: str) -> Any:
            return getattr(store, name)

        def restore(self, *arguments: Any, **named: Any) -> Any:
            store.restore(*arguments, **named)
            raise Dying

    back = row("Tamsin", "Wexcombe", "2017-05-05", grade="06", class_name="6A")
    migration = Migration.open(host, actor=BEN).upload("list.csv", a_sheet([*lists_after(host), back]), actor=BEN)
    migration = migration.complete(actor=BEN).make_plan(actor=ADA)
    (number,) = migration.plan.entries.filter(pl.col("reason") == "possible_restore")["row"]
    with pytest.raises(Dying):
        Migration.resume(evolve(host, store=Store())).decide([Decision(number, "z1", verdict="restore")], actor=ADA)
    resumed = Migration.resume(host)
    assert (resumed.state, kinds(host)[-1]) == (State.COMPLETE, "restored")
    assert resumed.make_plan(actor=CYRIL).plan.counts["review"] == 0


def test_staff_restores_by_id_and_the_trail_tells_it() -> None:
    host = deleted_host()
    assert restore(host, ["z1"], actor=ADA) == ("z1",)
    told = audit(host.journal).row(-1, named=True)
    assert (told["event"], told["actor"], told["told"]) == ("restored", "Ada", "restored 1 account")


def test_a_workbook_of_an_earlier_plan_is_taken_where_the_records_did_not_change() -> None:
    host = a_host()
    first = planned(host, next_year(changed=TYPOS))
    one, two = open_rows(first)
    answers = [
        evolve(same(one, "a00"), plan_id=first.progress.plan_id, place="review.xlsx, cell B5"),
        evolve(same(two, "a01"), plan_id=first.progress.plan_id, place="review.xlsx, cell B9"),
    ]
    edit(host, "a05", class_name="3B")
    again = first.make_plan(actor=ADA)
    assert again.progress.plan_id != first.progress.plan_id
    assert again.decide(answers, actor=CYRIL).decided_plan.counts["review"] == 0
    edit(host, "a01", gender="male")
    moved = Migration.resume(host).make_plan(actor=ADA)
    with pytest.raises(InvalidDecisions, match=r"changed since this was asked.*\(review\.xlsx, cell B9\)") as refused:
        moved.decide(answers, actor=CYRIL)
    assert len(refused.value.problems) == 1
    assert moved.decide(answers[:1], actor=CYRIL).version == moved.version, "that was kept, and is not asked any more"


# Memory


def test_what_is_remembered_is_listed_and_revoked_and_asked_again(host: Host) -> None:
    migration = planned(host, next_year(changed=TYPO))
    migration = migration.decide([same(open_rows(migration)[0], "a00")], actor=ADA)
    (memo,) = remembered(host).iter_rows(named=True)
    assert (memo["says"], memo["student_id"], memo["said_by"]) == ("same", "a00", "staff:Ada")
    assert migration.make_plan(actor=ADA).plan.counts["review"] == 0
    forget(host, memo["memory"], actor=CYRIL)
    assert remembered(host).is_empty()
    assert open_rows(Migration.resume(host).make_plan(actor=ADA)) == [0]
    with pytest.raises(InvalidOption, match="Nothing of this id"):
        forget(host, memo["memory"], actor=CYRIL)


def test_a_revoked_answer_counts_again_when_it_is_given_again(host: Host) -> None:
    migration = planned(host, next_year(changed=TYPO))
    (number,) = open_rows(migration)
    migration.decide([same(number, "a00")], actor=ADA)
    forget(host, remembered(host)["memory"][0], actor=ADA)
    resumed = Migration.resume(host)
    assert open_rows(resumed) == [number], "the question is open again"
    assert open_rows(resumed.decide([same(number, "a00")], actor=ADA)) == []


def test_a_further_name_recognises_a_student_and_is_never_written(host: Host) -> None:
    rows = next_year(changed={"a00": {"given_name": "Billie"}})
    assert open_rows(planned(host, rows)) == [0]
    memory = remember_name(host, "a00", given_name="Billie", actor=ADA)
    assert remembered(host).select("memory", "says", "student_id").row(0) == (memory, "name", "a00")
    plan = Migration.resume(host).make_plan(actor=ADA).plan
    assert plan.counts["review"] == 0
    assert "given_name" not in set(plan.changes["field"])
    forget(host, memory, actor=ADA)
    assert open_rows(Migration.resume(host).make_plan(actor=ADA)) == [0]
    for wrong in ({"student_id": "nobody", "given_name": "Bo"}, {"student_id": "a00"}):
        with pytest.raises(InvalidOption):
            remember_name(host, actor=ADA, **wrong)


# The trail


def test_the_trail_says_who_when_what_and_no_value_of_a_cell(host: Host) -> None:
    migration = acknowledged(planned(host, next_year(changed=TYPO)))
    done = migration.decide([same(open_rows(migration)[0], "a00")], actor=ADA).apply(actor=ADA)
    trail = audit(host.journal)
    assert trail["position"].is_sorted()
    assert trail["actor"].to_list() == ["Ben"] * 3 + ["Ada", "Ben", "Ada", "Ada", "Ada"]
    assert trail.filter(pl.col("event") == "applied")["plan_id"].to_list() == [done.progress.plan_id]
    exported = trail.write_csv() + trail.write_ndjson()
    names = {str(value) for s in ordinary() for key, value in s.items() if key in {"given_name", "family_name"}}
    assert not [name for name in {*names, "Achterbreg"} if name in exported]
    assert audit(host.journal, after=int(trail["position"][-1])).is_empty()


def test_another_school_in_the_database_has_a_workflow_of_its_own(tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path / 'both.db'}"
    store = SqlStore.create(url, a_roster(*ordinary()))
    one, other = (a_host(store=store, journal=SqlJournal(url, school=name)) for name in ("Larkhill", "Quellside"))
    opened(one)
    assert Migration.resume(other).state is State.NONE
    assert opened(other).progress.number == 1


def test_reprs_and_errors_hold_no_name(host: Host) -> None:
    migration = planned(host, next_year(changed=TYPO))
    text = repr(migration) + repr(migration.answers) + repr(migration.progress)
    assert "Achter" not in text
