"""What stores survive: killed processes, a server that stops, lines that break, full disks, two who click at once.

A few rounds run with the other tests, and all of them in `make soak`. Every round really does it, and afterwards the
base is wholly before or wholly after, what was left undone can be done again, and receipts and journal agree.
"""

import itertools
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from rosterdiff.errors import StalePlan, StoreError
from rosterdiff.model import Receipt
from rosterdiff.stores import SqlJournal, SqlStore
from rosterdiff.testing import a_change_set, a_student
from tests.storms import STAFF, STREAM, Storm, a_school, a_year, apply_and_tell, storm, undo_and_tell

FEW, MANY = 2, 200
A_BATCH = 25
"""Rounds on one database: every round leaves its receipts there, and to read all of them takes ever longer."""

ROUNDS = [pytest.param(FEW, 2_000, id="few"), pytest.param(MANY, 20_000, id="many", marks=pytest.mark.soak)]


NewUrl = Callable[[], AbstractContextManager[str]]


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> NewUrl:
    """Gives a new database of each kind whenever it is asked."""
    if request.param == "postgresql":
        made: NewUrl = pytest.importorskip("tests.postgres", exc_type=ImportError).database
        return made
    numbers = itertools.count(1)
    return lambda: nullcontext(f"sqlite:///{tmp_path / f'school{next(numbers)}.db'}")


@pytest.fixture
def url(new_url: NewUrl) -> Iterator[str]:
    """A database of each kind."""
    with new_url() as found:
        yield found


class Witnessed:
    """A store and a journal on one database, with the base before and after the plan `a`."""

    def __init__(self, url: str, size: int) -> None:
        self.url, self.size = url, size
        self.store, self.journal = SqlStore.create(url, a_school(size)), SqlJournal(url)
        self.before = self.store.load().frame
        receipt = self.apply()
        self.after = self.contents()
        self.undo(receipt)
        assert self.store.load().frame.equals(self.before)

    def apply(self) -> Receipt:
        return apply_and_tell(self.store, self.journal, a_year(self.size, "a"))

    def undo(self, receipt: Receipt) -> None:
        undo_and_tell(self.store, self.journal, receipt.receipt_id)

    def contents(self) -> pl.DataFrame:
        """The students without the ids of those added, which differ from apply to apply."""
        known = pl.col("student_id").is_in(self.before["student_id"].to_list())
        named = self.store.load().frame.drop("row").with_columns(pl.when(known).then("student_id").alias("student_id"))
        return named.sort("student_id", "family_name", nulls_last=True)

    def standing(self) -> list[Receipt]:
        return [receipt for receipt in self.store.receipts() if receipt.undone_at is None]

    def require_whole(self) -> bool:
        """The base is wholly before or wholly after, and receipts, deleted and journal say the same; say which."""
        standing = self.standing()
        assert len(standing) <= 1
        if standing:
            assert self.contents().equals(self.after)
        else:
            assert self.store.load().frame.equals(self.before)
        deleted = standing[0].deleted if standing else ()
        assert self.store.load_deleted().frame["student_id"].to_list() == sorted(deleted)
        events = self.journal.read(STREAM)
        told, undone = (
            [event.facts["receipt"] for event in events if event.kind == kind] for kind in ("applied", "undone")
        )
        assert told == [receipt.receipt_id for receipt in self.store.receipts()]
        assert undone == [receipt.receipt_id for receipt in self.store.receipts() if receipt.undone_at]
        return bool(standing)

    def finish(self) -> None:
        """What a crash left undone is done by applying again, and what it left done is not done twice."""
        was_done, first = self.require_whole(), self.standing()
        receipt = first[0] if was_done else self.apply()
        assert self.store.apply(a_year(self.size, "a"), actor=receipt.actor) == receipt
        assert self.require_whole()
        self.undo(receipt)
        assert not self.require_whole()


def wait_for_peace(url: str) -> None:
    """Wait until the server has noticed that a killed client is gone; SQLite has no server."""
    if not url.startswith("postgresql"):
        return
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    engine = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    for _ in range(600):
        with engine.connect() as connection:
            if not connection.exec_driver_sql(others).scalar_one():
                break
        time.sleep(0.05)
    engine.dispose()


@pytest.mark.parametrize(("rounds", "size"), ROUNDS)
def test_a_process_killed_at_any_moment_leaves_all_or_nothing(new_url: NewUrl, rounds: int, size: int) -> None:
    """`kill -9` while it applies and undoes without end: nothing is lost, nothing doubled, the journal agrees."""
    chance, done = random.Random(2027), 0
    for first in range(0, rounds, A_BATCH):
        with new_url() as url:
            done += kill_often(url, size, min(A_BATCH, rounds - first), chance)
    assert rounds == FEW or 0 < done < rounds, "moments on both sides were hit"


def kill_often(url: str, size: int, rounds: int, chance: random.Random) -> int:
    """Kill such a process so many times on one database; count how often its apply was done."""
    host, done = Witnessed(url, size), 0
    began = time.perf_counter()
    host.undo(host.apply())
    turn = time.perf_counter() - began
    for _ in range(rounds):
        child = Storm(url, size)
        child.say("churn a")
        time.sleep(chance.uniform(0, 2 * turn))
        child.kill()
        wait_for_peace(url)
        done += host.require_whole()
        host.finish()
    return done


# Two at once


@pytest.mark.parametrize(("rounds", "size"), [(FEW, 500), pytest.param(MANY, 2_000, marks=pytest.mark.soak)])
@pytest.mark.parametrize("plans", ["aa", "ab"])
def test_of_two_processes_at_the_same_moment_one_wins(url: str, plans: str, rounds: int, size: int) -> None:
    """The same plan gives both the same receipt; of two plans one is applied, and the other is told it is stale."""
    host = Witnessed(url, size)
    with storm(url, size) as one, storm(url, size) as other:
        for _ in range(rounds):
            one.say(f"apply {plans[0]}")
            other.say(f"apply {plans[1]}")
            told = [one.hear(), other.hear()]
            (receipt,) = host.standing()
            won = f"applied {receipt.receipt_id}"
            assert won in told
            if plans == "aa":
                assert told == [won, won]
            else:
                told.remove(won)
                assert told[0].startswith("StalePlan The base moved since the plan was made")
            host.undo(receipt)
            assert host.store.load().frame.equals(host.before)


def test_two_plans_that_touch_other_students_and_add_nobody_are_both_applied(url: str) -> None:
    """A change to a student that a plan does not touch does not disturb it, at the same moment neither."""
    store = SqlStore.create(url, a_school(20))
    base = store.load()
    sets = [a_change_set(base, updates={str(number): {"class_name": "9Z"}}, plan_id=f"p{number}") for number in (1, 2)]
    told = at_once(*(lambda changes=changes: SqlStore(url).apply(changes, actor=STAFF) for changes in sets))
    assert [receipt.updated for receipt in told] == [("1",), ("2",)]
    assert store.load().frame["class_name"].to_list().count("9Z") == 2


def at_once(*works: Callable[[], Receipt]) -> list[Receipt]:
    told: list[Receipt | None] = [None] * len(works)

    def do(place: int) -> None:
        told[place] = works[place]()

    threads = [threading.Thread(target=do, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [receipt for receipt in told if receipt is not None]


# A host that goes on writing


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[sa.Engine]:
    """The host's own connections to a PostgreSQL database."""
    engine = sa.create_engine(postgres_url, poolclass=sa.NullPool)
    yield engine
    engine.dispose()


INSERT = "INSERT INTO students (student_id, given_name) VALUES ('900', 'Ilva')"


def test_a_student_whom_a_teacher_is_adding_makes_a_plan_with_additions_stale(postgres: sa.Engine) -> None:
    """The apply waits for the teacher's transaction, sees its student, and is refused."""
    url = postgres.url.render_as_string(hide_password=False)
    store = SqlStore.create(url, a_school(20))
    changes = a_change_set(store.load(), additions=[a_student()])
    refused: list[StalePlan] = []

    def applying() -> None:
        with pytest.raises(StalePlan) as stale:
            store.apply(changes, actor=STAFF)
        refused.append(stale.value)

    with postgres.begin() as teacher:
        teacher.exec_driver_sql(INSERT)
        thread = threading.Thread(target=applying)
        thread.start()
        time.sleep(0.3)
        assert not refused
    thread.join()
    assert refused[0].added == ("900",)


def test_a_change_to_another_student_in_an_open_transaction_does_not_disturb(postgres: sa.Engine) -> None:
    """The apply waits for it, and goes through."""
    url = postgres.url.render_as_string(hide_password=False)
    store = SqlStore.create(url, a_school(20))
    changes = a_change_set(store.load(), updates={"1": {"class_name": "9Z"}}, additions=[a_student()])
    with postgres.begin() as teacher:
        teacher.exec_driver_sql("UPDATE students SET class_name = '7Q' WHERE student_id = '2'")
        thread = threading.Thread(target=store.apply, args=(changes,), kwargs={"actor": STAFF})
        thread.start()
        time.sleep(0.3)
    thread.join()
    now = dict(store.load().frame.select("student_id", "class_name").iter_rows())
    assert (now["1"], now["2"], len(now)) == ("9Z", "7Q", 21)


def test_nobody_adds_a_student_between_the_check_and_the_commit(postgres: sa.Engine) -> None:
    """While an apply is open others may read the table, and wait with what they would write."""
    url = postgres.url.render_as_string(hide_password=False)
    store = SqlStore.create(url, a_school(20))
    seen: list[object] = []

    def meddling(_: Receipt) -> None:
        with postgres.begin() as teacher:
            seen.append(teacher.exec_driver_sql("SELECT count(*) FROM students").scalar_one())
            teacher.exec_driver_sql("SET LOCAL lock_timeout = '200ms'")
            with pytest.raises(sa.exc.OperationalError):
                teacher.exec_driver_sql(INSERT)
            teacher.rollback()

    changes = a_change_set(store.load(), additions=[a_student()])
    store.apply(changes, actor=STAFF, witness=meddling)
    assert (seen, len(store.load())) == ([20], 21)


# A server that stops, a line that breaks


@pytest.mark.parametrize("manner", ["immediate", "fast"])
def test_a_server_that_stops_within_a_transaction_loses_nothing(postgres_url: str, manner: str) -> None:
    """The apply fails with a clear error; the server started again, the base is as before, and it is applied."""
    from tests.postgres import start, stop

    host = Witnessed(postgres_url, 500)

    def stopping(_: Receipt) -> None:
        stop(manner)

    try:
        with pytest.raises(StoreError, match="connection to the database broke off") as broken:
            host.store.apply(a_year(500, "a"), actor=STAFF, witness=stopping)
    finally:
        start()
    assert "Torenbek" not in str(broken.value)
    assert not host.require_whole()
    host.finish()


@pytest.mark.soak
def test_a_server_that_stops_at_any_moment_leaves_all_or_nothing(postgres_url: str) -> None:
    """Thirty times, at random moments of applying and undoing."""
    from tests.postgres import start, stop

    host, chance = Witnessed(postgres_url, 5_000), random.Random(7)
    for _ in range(30):
        with storm(postgres_url, 5_000) as child:
            child.say("churn a")
            time.sleep(chance.uniform(0.1, 3))
            stop("immediate")
            start()
        wait_for_peace(postgres_url)
        host.finish()


def test_a_connection_that_is_dropped_loses_nothing(postgres: sa.Engine) -> None:
    """An administrator ends all connections within an apply."""
    host = Witnessed(postgres.url.render_as_string(hide_password=False), 500)

    def dropping(_: Receipt) -> None:
        with postgres.begin() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    with pytest.raises(StoreError, match="connection to the database broke off"):
        host.store.apply(a_year(500, "a"), actor=STAFF, witness=dropping)
    assert not host.require_whole()
    host.finish()


# A disk that is full


@pytest.mark.parametrize("rounds", [3, pytest.param(40, marks=pytest.mark.soak)])
def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path, rounds: int) -> None:
    """No file may grow beyond a limit, which SQLite meets somewhere within the apply: in the journal or the table."""
    path = tmp_path / "school.db"
    url, size = f"sqlite:///{path}", 2_000
    host = Witnessed(url, size)
    small, refused = path.stat().st_size, 0
    for limit in range(0, small, max(1, small // rounds)):
        with storm(url, size) as child:
            child.say(f"starve {limit}")
            assert child.hear() == "starved"
            child.say("apply a")
            told = child.hear()
        with sqlite3.connect(path) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
        if not told.startswith("applied"):
            assert told.startswith("StoreError The database has no room to write"), told
            refused += 1
        assert host.require_whole() == told.startswith("applied")
        host.finish()
    assert refused


# Records that are not as they were written


def _flipped(text: str, place: int) -> str:
    return text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :]


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.soak)])
def test_a_receipt_damaged_anywhere_is_refused(tmp_path: Path, step: int) -> None:
    """Whatever byte of whatever column: it is not listed, not undone, and does not count as applied."""
    path = tmp_path / "school.db"
    host = Witnessed(f"sqlite:///{path}", 20)
    receipt = host.apply()
    refuse_damaged(path, "rosterdiff_receipts", f"receipt_id = '{receipt.receipt_id}'", step, host.store.receipts)


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.soak)])
def test_an_event_damaged_anywhere_is_refused(tmp_path: Path, step: int) -> None:
    path = tmp_path / "school.db"
    host = Witnessed(f"sqlite:///{path}", 20)
    host.apply()
    refuse_damaged(path, "rosterdiff_events", "version = 2", step, host.journal.read)


def refuse_damaged(path: Path, table: str, condition: str, step: int, read: Callable[[], object]) -> None:
    """Damage a row byte by byte, have each refused, and put it back."""
    connection = sqlite3.connect(path, isolation_level=None)
    cursor = connection.execute(f"SELECT * FROM {table} WHERE {condition}")
    names = [column[0] for column in cursor.description]
    row = dict(zip(names, cursor.fetchone(), strict=True))
    texts = {name: value for name, value in row.items() if isinstance(value, str) and value}
    assert len(texts) > 5
    for name, text in texts.items():
        for place in range(0, len(text), step):
            connection.execute(f"UPDATE {table} SET {name} = ? WHERE {condition}", (_flipped(text, place),))
            changed = connection.execute(f"SELECT count(*) FROM {table} WHERE {condition}").fetchone()[0]
            if name == "school" or not changed:
                where = f"{name} = '{_flipped(text, place)}'".replace("''", "'")
            else:
                where = condition
            if name not in SCOPED:
                with pytest.raises(StoreError):
                    read()
            connection.execute(f"UPDATE {table} SET {name} = ? WHERE {where}", (text,))
    read()
    connection.close()


SCOPED = {"host_table", "scope", "school"}
"""Columns that say whose a record is: with another value it is another's, and not seen at all."""


@pytest.mark.parametrize("phase", ["before", "updated", "added", "deleted", "tombstone"])
def test_undo_data_of_which_rows_are_missing_is_refused(tmp_path: Path, phase: str) -> None:
    """Half an undo would be worse than none."""
    path = tmp_path / "school.db"
    host = Witnessed(f"sqlite:///{path}", 20)
    receipt = host.apply()
    connection = sqlite3.connect(path, isolation_level=None)
    condition = f"rosterdiff_phase = '{phase}' AND rosterdiff_receipt = '{receipt.receipt_id}'"
    lost = f"(SELECT min(rowid) FROM rosterdiff_kept_students WHERE {condition})"
    gone = connection.execute(f"DELETE FROM rosterdiff_kept_students WHERE rowid = {lost}")
    assert gone.rowcount == 1
    connection.close()
    before = host.store.load().frame
    with pytest.raises(StoreError):
        host.undo(receipt)
    assert host.store.load().frame.equals(before)


# Names that are data

NAMES = ('pu"pils; DROP TABLE x --', "na'me", "100%", "%(x)s %s", ":colon", "a ? b", "select", "weiß 若")


def test_metacharacters_in_names_of_tables_and_columns_are_names(url: str) -> None:
    """Quotes, percent signs, colons and question marks, through apply, undo, restore and purge."""
    table, *columns = NAMES
    fields = ("student_id", "given_name", "family_name", "grade", "class_name", "school", "Bus")
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    made = sa.Table(
        table, sa.MetaData(), *(sa.Column(name, sa.Text, primary_key=name == columns[0]) for name in columns)
    )
    made.create(engine)
    with engine.begin() as connection:
        rows = [[str(number), "Ilva", f"Torenbek{number}", "03", "3B", "x'y", "7"] for number in range(1, 4)]
        connection.execute(sa.insert(made), [dict(zip(columns, row, strict=True)) for row in rows])
    mapping = dict(zip(fields, columns, strict=True))
    store = SqlStore(engine, table, mapping, {columns[5]: "x'y"})
    before = store.load().frame
    changes = a_change_set(
        store.load(), updates={"1": {"class_name": "'; --"}}, deletions=["2"], additions=[a_student(Bus="%s")]
    )
    receipt = store.apply(changes, actor=STAFF)
    store.undo(receipt.receipt_id, actor=STAFF)
    assert store.load().frame.equals(before)
    store.apply(changes, actor=STAFF)
    store.restore(["2"], actor=STAFF)
    assert len(store.load()) == 4
    engine.dispose()
