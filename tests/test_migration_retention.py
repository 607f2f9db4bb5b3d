"""Retention: what is old goes for good, what is under way stays, and what can no longer be undone is said."""

from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from rosterdiff.errors import NotPermitted, PurgedReceipt, StoreError, UnknownDocument, UnknownStudent, WorkflowError
from rosterdiff.migration import Host, Kept, Migration, audit, purge, remember_name, remembered, restore
from rosterdiff.stores import SqlJournal, SqlStore
from rosterdiff.testing.builders import a_roster
from tests.migrations import ADA, BEN, Clock, a_host, a_sheet, acknowledged, next_year, open_rows, opened, planned, same
from tests.school_year import ordinary

TYPO = {"a00": {"family_name": "Achterbreg"}}


@pytest.fixture(params=["memory", "sqlite"])
def host(request: pytest.FixtureRequest, tmp_path: Any) -> Host:
    """A school whose migration of 2027 is applied."""
    clock = Clock()
    made = a_host(clock=clock)
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'school.db'}"
        store = evolve(SqlStore.create(url, a_roster(*ordinary())), now=clock)
        made = a_host(clock=clock, store=store, journal=SqlJournal(url))
    migration = acknowledged(planned(made, next_year(changed=TYPO)))
    migration.decide([same(open_rows(migration)[0], "a00")], actor=ADA).apply(actor=ADA)
    return made


def later(host: Host, days: int = 400) -> Host:
    """The same host, that many days after."""
    assert isinstance(host.clock, Clock)
    host.clock.at += timedelta(days=days)
    return host


def test_old_uploads_plans_decisions_and_tombstones_go_and_the_trail_keeps_its_counts(host: Host) -> None:
    before = audit(host.journal)
    report = purge(later(host), host.clock(), actor=ADA)
    assert dict(report.counts) == {Kept.UPLOADS: 1, Kept.PLANS: 1, Kept.DECISIONS: 1}
    assert len(report.students) == 10
    assert len(report.receipts) == 1
    assert not host.journal.documents("migration")
    trail = audit(host.journal)
    assert trail.head(before.height).equals(before)
    assert trail["told"].to_list()[-2:] == [
        f"purged what is older than {host.clock.at.date()} (1 uploads, 1 plans, 1 decisions)",  # type: ignore[attr-defined]
        f"purged what is older than {host.clock.at.date()} (1 receipts, 10 students)",  # type: ignore[attr-defined]
    ]


def test_what_can_no_longer_be_undone_is_said_and_is_so(host: Host) -> None:
    report = purge(later(host), host.clock(), actor=ADA)
    text = " ".join(report.sentences)
    assert f"1 receipt can no longer be undone: {report.receipts[0]}." in text
    assert "10 deleted students can no longer be restored." in text
    migration = Migration.resume(host)
    with pytest.raises(PurgedReceipt):
        migration.undo(actor=ADA)
    with pytest.raises(UnknownStudent):
        restore(host, [report.students[0]], actor=ADA)
    with pytest.raises(UnknownDocument):
        _ = migration.plan
    assert remembered(host).is_empty()
    assert migration.receipt.counts == {"add": 0, "update": 20, "delete": 10}


def test_what_is_younger_stays(host: Host) -> None:
    report = purge(host, host.clock() - timedelta(days=1), actor=ADA)
    assert report.sentences == ("Purged from the journal: nothing.",)
    assert Migration.resume(host).undo(actor=ADA).state == "undone"


def test_only_the_kinds_that_are_named_go(host: Host) -> None:
    report = purge(later(host), host.clock(), actor=ADA, kinds=["uploads"])
    assert dict(report.counts) == {Kept.UPLOADS: 1}
    assert remembered(host).height == 1
    assert Migration.resume(host).plan.counts["delete"] == 10
    assert Migration.resume(host).undo(actor=ADA).state == "undone"


def test_a_migration_under_way_loses_nothing_also_of_what_an_old_one_had_too(host: Host) -> None:
    """The new migration has the same file as the old one, which is kept once."""
    migration = opened(later(host, 20)).upload("list.csv", a_sheet(next_year(changed=TYPO)), actor=BEN)
    report = purge(host, host.clock(), actor=ADA, kinds=[Kept.UPLOADS, Kept.PLANS])
    assert dict(report.counts) == {Kept.PLANS: 1}
    assert len(Migration.resume(host).incoming()) == 20
    assert Migration.resume(host).complete(actor=BEN).version == migration.version + 2


def test_an_undone_migration_whose_uploads_were_purged_is_not_reopened(host: Host) -> None:
    """Whom those lists named would seem to have left; also one who looked before the purge is told."""
    seen = Migration.resume(host).undo(actor=ADA)
    purge(later(host, 20), host.clock(), actor=ADA, kinds=["uploads"])
    for migration in (seen, Migration.resume(host)):
        with pytest.raises(WorkflowError, match="cannot be reopened: 1 upload of it was purged") as refused:
            migration.reopen(actor=BEN)
        assert refused.value.hint == "Open another, and upload the lists anew."
    assert opened(host).progress.purged == frozenset()


def test_an_undone_migration_whose_uploads_are_younger_is_reopened(host: Host) -> None:
    seen = Migration.resume(host).undo(actor=ADA)
    purge(host, host.clock() - timedelta(days=1), actor=ADA, kinds=["uploads", "plans"])
    assert len(seen.reopen(actor=BEN).incoming()) == 20


def test_names_are_purged_too(host: Host) -> None:
    remember_name(host, "a01", given_name="Bertie", actor=ADA)
    assert dict(purge(later(host), host.clock(), actor=ADA, kinds=["names"]).counts) == {Kept.NAMES: 1}
    assert "name" not in remembered(host)["says"].to_list()


def test_purging_twice_purges_once(host: Host) -> None:
    purge(later(host), host.clock(), actor=ADA)
    events = audit(host.journal).height
    assert purge(host, host.clock(), actor=ADA).sentences == ("Purged from the journal: nothing.",)
    assert audit(host.journal).height == events


def test_a_purge_that_cannot_be_told_takes_no_student_away(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody could say any more who can no longer be restored."""
    deleted, receipts = host.store.load_deleted().frame, host.store.receipts()

    def gone(*_: object, **__: object) -> None:
        raise StoreError("The connection broke off.", "Try again.")

    monkeypatch.setattr(type(host.journal), "append", gone)
    with pytest.raises(StoreError):
        purge(later(host), host.clock(), actor=ADA, kinds=["tombstones"])
    monkeypatch.undo()
    assert host.store.load_deleted().frame.equals(deleted)
    report = purge(host, host.clock(), actor=ADA, kinds=["tombstones"])
    assert (report.receipts, len(report.students)) == ((receipts[0].receipt_id,), 10)


def test_only_staff_purges(host: Host) -> None:
    with pytest.raises(NotPermitted):
        purge(host, host.clock(), actor=BEN)
