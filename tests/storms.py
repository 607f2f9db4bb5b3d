"""A process that applies plans on a store when it is told to: what soak tests kill, starve and race.

Run as `python -m tests.storms URL SIZE`; reads commands from its input, one a line, and answers each with one line:

    apply NAME    apply the plan of that name, telling the journal; answers the receipt's name, or the error
    churn NAME    apply and undo for ever
    starve BYTES  let no file grow beyond so many bytes
"""

import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import polars as pl

from rosterdiff.errors import RosterError
from rosterdiff.frames import Roster
from rosterdiff.model import Actor, Receipt
from rosterdiff.plans import ChangeSet
from rosterdiff.schema import EXPECTED, UPDATES, conform
from rosterdiff.stores import Draft, SqlJournal, SqlStore

STAFF = Actor.parse("staff:Ada Example")
STREAM = "2027"
ROOT = Path(__file__).parent.parent


@cache
def a_school(size: int) -> Roster:
    """A base of so many students."""
    number = pl.int_range(size, eager=True)
    grade = (1 + number % 6).cast(pl.String)
    columns = {
        "student_id": (number + 1).cast(pl.String),
        "given_name": "Ilva" + (number % 97).cast(pl.String),
        "family_name": "Torenbek" + number.cast(pl.String),
        "grade": "0" + grade,
        "class_name": grade + "B",
    }
    return Roster.from_frame(pl.DataFrame(columns))


@cache
def a_year(size: int, plan_id: str) -> ChangeSet:
    """Changes of that base: of ten students eight change class, one leaves, one comes; each plan has other classes."""
    base = a_school(size).frame
    stayers, leavers = base.head(size * 8 // 10), base.tail(size // 10)
    updates = stayers.select("student_id", before="class_name").with_columns(
        pl.lit("class_name").alias("field"), pl.lit(f"4{plan_id}").alias("after"), pl.lit(None).alias("row")
    )
    return ChangeSet(
        plan_id=plan_id,
        origin=plan_id,
        additions=base.head(size // 10).with_columns(pl.lit(None, dtype=pl.String).alias("student_id")),
        updates=conform(updates.sort("student_id"), UPDATES),
        deletions=tuple(leavers["student_id"].sort()),
        expected=pl.concat([stayers, leavers]).select(*EXPECTED),
        known_ids=frozenset(base["student_id"]),
    )


def tell(journal: SqlJournal, kind: str, receipt: Receipt) -> None:
    """Write into the journal what a store is about to commit."""
    draft = Draft(kind, STAFF, datetime.now(UTC), {"receipt": receipt.receipt_id, **receipt.counts})
    journal.append(STREAM, [draft], expected_version=journal.version(STREAM))


def apply_and_tell(store: SqlStore, journal: SqlJournal, changes: ChangeSet) -> Receipt:
    """Apply a plan, with its event in the same transaction."""
    return store.apply(changes, actor=STAFF, witness=lambda receipt: tell(journal, "applied", receipt))


def undo_and_tell(store: SqlStore, journal: SqlJournal, receipt_id: str) -> Receipt:
    """Undo a receipt, with its event in the same transaction."""
    return store.undo(receipt_id, actor=STAFF, witness=lambda receipt: tell(journal, "undone", receipt))


class Storm:
    """The parent's end of such a process."""

    def __init__(self, url: str, size: int) -> None:
        command = [sys.executable, "-m", "tests.storms", url, str(size)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, cwd=ROOT
        )
        told = self.hear()
        if told != "ready":
            self.kill()
            raise AssertionError(f"the process did not start: {told!r}, {self.process.returncode}")

    def say(self, command: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{command}\n")

    def hear(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def kill(self) -> None:
        """End it as a power cut would: no clean-up, no goodbye."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            stream.close()


@contextmanager
def storm(url: str, size: int) -> Iterator[Storm]:
    """Such a process, killed at the end."""
    made = Storm(url, size)
    try:
        yield made
    finally:
        made.kill()


def main() -> None:
    """Do what is asked until the input ends."""
    url, size = sys.argv[1], int(sys.argv[2])
    store, journal = SqlStore(url), SqlJournal(url)
    a_year(size, "a")
    print("ready", flush=True)
    for line in sys.stdin:
        command, argument = line.split()
        try:
            match command:
                case "apply":
                    print("applied", apply_and_tell(store, journal, a_year(size, argument)).receipt_id, flush=True)
                case "churn":
                    while True:
                        receipt = apply_and_tell(store, journal, a_year(size, argument))
                        undo_and_tell(store, journal, receipt.receipt_id)
                case "starve":
                    resource.setrlimit(resource.RLIMIT_FSIZE, (int(argument), resource.RLIM_INFINITY))
                    print("starved", flush=True)
        except RosterError as error:
            print(type(error).__name__, error, flush=True)


if __name__ == "__main__":
    main()
