"""The workflow under real processes: killed while they apply, and two that apply at the same moment."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rosterdiff.migration import Host, Kind, Migration, State
from rosterdiff.stores import SqlJournal, SqlStore
from rosterdiff.testing.builders import a_roster
from tests.migrations import ADA, a_host, acknowledged, next_year, open_rows, planned, same
from tests.school_year import ordinary, row

ROOT = Path(__file__).parent.parent
ROWS = next_year(
    *[row(given, "Wexcombe", f"2017-05-{day:02}") for day, given in enumerate(("Tamsin", "Oan", "Yusra"), 1)],
    changed={"a00": {"family_name": "Achterbreg"}},
)

APPLY = """
import sys
from pathlib import Path
from rosterdiff.migration import Host, Migration
from rosterdiff.errors import RosterError
from rosterdiff.model import Actor
from rosterdiff.stores import SqlJournal, SqlStore
url, table, name, gate = sys.argv[1:]
host = Host(SqlStore(url, table), SqlJournal(url, school=table))
migration = Migration.resume(host)
migration.decided_plan
print("ready", flush=True)
while not Path(gate).exists():
    pass
try:
    print(migration.apply(actor=Actor("staff", name)).state, flush=True)
except RosterError as refused:
    print(type(refused).__name__, flush=True)
"""


def ready_to_apply(url: str, table: str) -> Host:
    """A school in a database, whose migration is planned, acknowledged and decided."""
    host = a_host(store=SqlStore.create(url, a_roster(*ordinary()), table), journal=SqlJournal(url, school=table))
    migration = acknowledged(planned(host, ROWS))
    migration.decide([same(open_rows(migration)[0], "a00")], actor=ADA)
    return host


def start(url: str, table: str, name: str, gate: Path) -> "subprocess.Popen[str]":
    """A process that has loaded the migration, and applies it once the gate is there."""
    command = [sys.executable, "-c", APPLY, url, table, name, str(gate)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


def states(host: Host) -> tuple[int, int]:
    """How many students there are, and how many of them are new."""
    ids = set(host.store.load().frame["student_id"])
    return len(ids), len(ids - {str(student["student_id"]) for student in ordinary()})


def time_of_apply(url: str, folder: Path) -> float:
    """How long an apply takes that nobody kills, in seconds."""
    ready_to_apply(url, "students_timed")
    child = start(url, "students_timed", "Ada", folder / "timed")
    begun = time.monotonic()
    (folder / "timed").touch()
    assert child.stdout is not None
    assert child.stdout.readline() == "applied\n"
    child.communicate()
    return time.monotonic() - begun


def kill_while_applying(url: str, folder: Path, rounds: int) -> dict[str, int]:
    """Kill a process at a random moment of its apply, and finish what it left; gives how often it had been done."""
    found = {"before": 0, "after": 0}
    takes = time_of_apply(url, folder)
    for turn in range(rounds):
        host, gate = ready_to_apply(url, f"students_{turn}"), folder / f"gate_{turn}"
        child = start(url, f"students_{turn}", "Ada", gate)
        gate.touch()
        time.sleep(random.uniform(0, 1.2 * takes))
        os.kill(child.pid, signal.SIGKILL)
        child.communicate()
        whole = states(host)
        assert whole in {(30, 0), (23, 3)}, "wholly before, or wholly after"
        found["before" if whole == (30, 0) else "after"] += 1
        resumed = Migration.resume(host)
        assert (resumed.state is State.APPLIED) == (whole == (23, 3)), "the trail and the base agree"
        if resumed.state is not State.APPLIED:
            resumed = resumed.apply(actor=ADA)
        assert states(host) == (23, 3)
        check_told_once(host, resumed)
    return found


def apply_at_once(url: str, folder: Path, rounds: int) -> None:
    """Two processes apply the same migration at the same moment: one does, the other is told."""
    for turn in range(rounds):
        host, gate = ready_to_apply(url, f"students_{turn}"), folder / f"both_{turn}"
        children = [start(url, f"students_{turn}", name, gate) for name in ("Ada", "Cyril")]
        gate.touch()
        told = [child.communicate(timeout=60)[0].split() for child in children]
        assert ["applied"] in told, told
        assert all(each in (["applied"], ["Overtaken"], ["StoreError"]) for each in told), told
        assert states(host) == (23, 3)
        check_told_once(host, Migration.resume(host))


def check_told_once(host: Host, migration: Migration) -> None:
    kinds = [event.kind for event in host.journal.read("migration")]
    assert kinds.count(Kind.APPLIED) == 1
    assert [receipt.receipt_id for receipt in host.store.receipts()] == [migration.progress.receipt_id]
    assert migration.receipt.counts == {"add": 3, "update": 20, "delete": 10}


@pytest.mark.parametrize("check", [kill_while_applying, apply_at_once])
def test_a_few_rounds_on_sqlite(check: Callable[..., Any], tmp_path: Path) -> None:
    check(f"sqlite:///{tmp_path / 'school.db'}", tmp_path, 2)


@pytest.mark.soak
@pytest.mark.parametrize("check", [kill_while_applying, apply_at_once])
def test_many_rounds_on_sqlite(check: Callable[..., Any], tmp_path: Path) -> None:
    print(check(f"sqlite:///{tmp_path / 'school.db'}", tmp_path, 60))


@pytest.mark.soak
@pytest.mark.parametrize("check", [kill_while_applying, apply_at_once])
def test_many_rounds_on_postgresql(check: Callable[..., Any], tmp_path: Path, postgres_url: str) -> None:
    print(check(postgres_url, tmp_path, 60))
