"""The workflow under arbitrary steps by several people, on stale views too, with crashes and a base that moves.

After every step, whatever was tried and whoever tried it: the base is as it was unless the step is one that writes;
what was written is what was planned, acknowledged and decided; names are as they were; the journal only grows, tells
the truth, and holds no value of a cell.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import polars as pl
import pytest
import sqlalchemy as sa
from attrs import evolve as changed
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, precondition, rule

from rosterdiff.config import NAME_FIELDS
from rosterdiff.errors import RosterError
from rosterdiff.frames import Context
from rosterdiff.migration import Host, Kind, Migration, State, audit, awaited, forget, purge, remembered
from rosterdiff.migration.progress import evolve, fold
from rosterdiff.migration.states import TRANSITIONS
from rosterdiff.model import Action, Actor, Decision, Reason, Verdict
from rosterdiff.planning import decode_plan
from rosterdiff.plans import IS_OPEN
from rosterdiff.roles import PERMITTED, Role, Step
from rosterdiff.stores import Event, MemoryJournal, MemoryStore, SqlJournal, SqlStore
from rosterdiff.stores.base import in_base_order
from rosterdiff.testing.builders import Value, a_roster
from tests.migrations import Clock, a_sheet

BEN, FAY = Actor(Role.ADMINISTRATOR, "Ben"), Actor(Role.ADMINISTRATOR, "Fay")
ADA, CYRIL = Actor(Role.STAFF, "Ada"), Actor(Role.STAFF, "Cyril")
PEOPLE = (BEN, FAY, ADA, CYRIL)
START = datetime(2026, 12, 1, 9, tzinfo=UTC)
WINDOW = (date(2026, 11, 1), date(2027, 1, 31))

GIVEN = ("Ilvara", "Marovan", "Teodine", "Annelike", "Quirine", "Zephan")
FAMILY = ("Torenbek", "Ashmoor", "Vandelow", "Quellby")
CHILDREN: tuple[dict[str, Value], ...] = tuple(
    {"given_name": given, "family_name": FAMILY[n % 4], "birth_date": date(2016, 1 + n, 3 + 2 * n), "grade": "03",
     "class_name": "3A"}
    for n, given in enumerate(GIVEN)
)  # fmt: skip
"""Who may be at the school, or come to it: the first four are there from the beginning."""

WORDS = {word for child in CHILDREN for word in (child["given_name"], child["family_name"])} | {"Torenbke"}
HOSTILE = "Robert'); DROP TABLE students;--"

lines = st.tuples(st.integers(0, len(CHILDREN) - 1), st.sampled_from(["as_is", "typo", "no_date", "this_year"]))
sheets = st.lists(lines, max_size=6, unique_by=lambda line: line[0])
some_lines = st.lists(lines, min_size=1, max_size=6, unique_by=lambda line: line[0])
people = st.sampled_from(PEOPLE)
rarely = st.integers(0, 3).map(lambda pick: pick == 3)
crashes = st.sampled_from(["", "", "before", "unwitnessed", "after"])
forgettable = st.sampled_from([None, None, Step.ACKNOWLEDGE, Step.OVERRIDE, Step.DECIDE])
staff = st.sampled_from([ADA, CYRIL, ADA, CYRIL, BEN])
"""Mostly who may."""

files = st.sampled_from(["4A.csv", "4B.csv"])


def line_of(number: int, look: str) -> dict[str, Value]:
    """How a teacher writes a child."""
    child = dict(CHILDREN[number])
    if look != "this_year":
        child |= {"grade": "04", "class_name": "4A"}
    if look == "typo":
        name = str(child["family_name"])
        child["family_name"] = f"{name[:-2]}{name[-1]}{name[-2]}"
    return child | ({"birth_date": None} if look == "no_date" else {})


class Dying(Exception):
    """The process ends here."""


class _Frail:
    """A store whose process ends once, before it writes or after."""

    def __init__(self, store: Any, when: str) -> None:
        self._store, self._when = store, when

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def apply(self, changes: Any, *, actor: Actor, witness: Any) -> Any:
        if self._when == "before":
            raise Dying
        if self._when == "unwitnessed":
            self._store.apply(changes, actor=actor)
        else:
            self._store.apply(changes, actor=actor, witness=witness)
        raise Dying


class Workflow(RuleBasedStateMachine):
    """The machine on a store in memory; others override where the students are."""

    views = Bundle("views")
    clock: Clock

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock(START)
        self.base = a_roster(*({"student_id": f"s{n}", **child} for n, child in enumerate(CHILDREN[:4])))
        self.host = changed(self.make_host(), context=Context(seats=5))
        self.before = self.students()
        self.told: tuple[Event, ...] = ()
        self.may_write = False
        self.refusals: list[str] = []
        self.state = State.NONE

    def make_host(self) -> Host:
        return Host(MemoryStore(self.base, now=self.clock), MemoryJournal(), clock=self.clock)

    def host_writes(self, student_id: str, name: str, value: str) -> None:
        """A teacher changes a student by hand."""
        store = self.host.store
        assert isinstance(store, MemoryStore)
        value_of = pl.when(pl.col("student_id") == student_id).then(pl.lit(value)).otherwise(pl.col(name)).alias(name)
        active = store.load().frame.with_columns(value_of)
        store._state = changed(store._state, active=active)

    def host_adds(self, record: dict[str, Value]) -> None:
        """A teacher adds a student by hand."""
        store = self.host.store
        assert isinstance(store, MemoryStore)
        now = store.load().frame
        active = in_base_order(pl.concat([now, a_roster(record).frame.select(now.columns)]))
        store._state = changed(store._state, active=active)

    def students(self) -> pl.DataFrame:
        return self.host.store.load().frame

    @contextmanager
    def trying(self, *, writes: bool = False) -> Iterator[None]:
        """A step that may be refused in our words, and in no others."""
        self.may_write = writes
        try:
            yield
        except RosterError as refused:
            note(f"refused: {type(refused).__name__}")
            self.refusals.append(str(refused))
        except Dying:
            note("a process ended")

    def now(self) -> Migration:
        return Migration.resume(self.host)

    # People

    @initialize(target=views, sheet=some_lines)
    def begin(self, sheet: list[tuple[int, str]]) -> Migration:
        opened = Migration.open(self.host, actor=BEN, window=WINDOW)
        return opened.upload("4A.csv", a_sheet([line_of(*line) for line in sheet]), actor=BEN)

    @rule(target=views)
    def look(self) -> Migration:
        return self.now()

    @precondition(lambda self: self.state in {State.APPLIED, State.UNDONE, State.CANCELLED})
    @rule(target=views, actor=people, sheet=some_lines)
    def open_another(self, actor: Actor, sheet: list[tuple[int, str]]) -> Any:
        with self.trying():
            opened = Migration.open(self.host, actor=actor, window=WINDOW)
            return opened.upload("4A.csv", a_sheet([line_of(*line) for line in sheet]), actor=actor)
        return multiple()

    @rule(view=views, actor=people, name=files, sheet=sheets, replace=st.booleans())
    def upload(self, view: Migration, actor: Actor, name: str, sheet: list[tuple[int, str]], replace: bool) -> None:
        with self.trying():
            view.upload(name, a_sheet([line_of(*line) for line in sheet]), actor=actor, replace=replace)

    @rule(view=views, actor=people, name=files)
    def withdraw(self, view: Migration, actor: Actor, name: str) -> None:
        with self.trying():
            view.withdraw(name, actor=actor)

    @rule(view=views, actor=people, data=st.data())
    def try_what_is_not_possible_now(self, view: Migration, actor: Actor, data: st.DataObject) -> None:
        steps: dict[str, Callable[[], object]] = {
            "acknowledge": lambda: view.acknowledge(1, actor=actor),
            "override": lambda: view.override("too_many_seats", actor=actor, reason="It is right."),
            "decide": lambda: view.decide([Decision(0, verdict="new")], actor=actor),
            "apply": lambda: view.apply(actor=actor),
            "undo": lambda: view.undo(actor=actor),
            "open": lambda: Migration.open(self.host, actor=actor, window=WINDOW),
        }
        possible = {str(step) for step in TRANSITIONS[self.state]}
        with self.trying():
            steps[data.draw(st.sampled_from([name for name in steps if name not in possible]))]()

    @rule(view=views, actor=people, step=st.sampled_from(["complete", "make_plan", "make_plan", "reopen"]))
    def take_step(self, view: Migration, actor: Actor, step: str) -> None:
        with self.trying():
            getattr(view, step)(actor=actor)

    @rule(view=views, actor=people, really=st.integers(0, 7))
    def cancel(self, view: Migration, actor: Actor, really: int) -> None:
        with self.trying():
            if really == 7:
                view.cancel(actor=actor)

    @precondition(lambda self: self.state in {State.PLANNED})
    @rule(view=views, stale=rarely, actor=people, count=st.integers(0, 4))
    def acknowledge(self, view: Migration, stale: bool, actor: Actor, count: int) -> None:
        view = view if stale else self.now()
        with self.trying():
            view.acknowledge(count, actor=actor)

    @precondition(lambda self: self.state in {State.PLANNED})
    @rule(view=views, stale=rarely, actor=staff, reason=st.sampled_from(["Seats are ordered.", " "]))
    def override(self, view: Migration, stale: bool, actor: Actor, reason: str) -> None:
        view = view if stale else self.now()
        with self.trying():
            view.override("too_many_seats", actor=actor, reason=reason)

    @precondition(lambda self: self.state in {State.PLANNED})
    @rule(view=views, stale=rarely, actor=staff, data=st.data(), replace=st.booleans())
    def decide(self, view: Migration, stale: bool, actor: Actor, data: st.DataObject, replace: bool) -> None:
        view = view if stale else self.now()
        with self.trying(writes=True):
            decision = self.some_decision(view, data)
            self.may_write = decision.verdict is Verdict.RESTORE
            view.decide([decision], actor=actor, replace=replace)

    def some_decision(self, view: Migration, data: st.DataObject) -> Decision:
        """A decision about something that the plan asks, or does not."""
        entries = view.plan.entries.filter(IS_OPEN)
        rows = [*entries["row"].drop_nulls(), 0]
        known = [*view.plan.candidates["student_id"], *view.plan.base.frame["student_id"], "nobody"]
        row, student = data.draw(st.sampled_from(rows)), data.draw(st.sampled_from(known))
        verdict = data.draw(st.sampled_from([verdict for verdict in Verdict if verdict is not Verdict.OPEN]))
        about: dict[Verdict, tuple[int | None, str | None]] = {
            Verdict.SAME: (row, student), Verdict.RESTORE: (row, student), Verdict.NEW: (row, None),
            Verdict.IGNORE: (row, None), Verdict.DELETE: (None, student), Verdict.LEAVE: (None, student),
        }  # fmt: skip
        return Decision(*about[verdict], verdict=verdict)

    @precondition(lambda self: self.state in {State.PLANNED, State.APPLYING})
    @rule(view=views, stale=rarely, actor=staff, crash=crashes)
    def apply(self, view: Migration, stale: bool, actor: Actor, crash: str) -> None:
        self.apply_view(view if stale else self.now(), actor, crash)

    def apply_view(self, view: Migration, actor: Actor, crash: str) -> None:
        host = changed(self.host, store=_Frail(self.host.store, crash)) if crash else self.host
        receipts = self.host.store.receipts()
        was = self.students()
        with self.trying(writes=True):
            Migration(host, view.progress).apply(actor=actor)
        new = [receipt for receipt in self.host.store.receipts() if receipt not in receipts]
        assert len(new) <= 1
        for receipt in new:
            self.check_written(was, receipt, self.now())

    def check_written(self, was: pl.DataFrame, receipt: Any, migration: Migration) -> None:
        """What was written is what was planned, acknowledged and decided, and nothing else."""
        now, plan = self.students(), migration.decided_plan
        assert (migration.state, migration.progress.receipt_id) == (State.APPLIED, receipt.receipt_id)
        assert plan.plan_id == receipt.plan_id
        assert plan.counts["review"] == 0
        assert not plan.held_by
        assert set(receipt.deleted) <= self.acknowledged_by_a_person(migration)
        assert set(receipt.deleted) <= set(self.host.store.load_deleted().frame["student_id"])
        added = set(receipt.student_ids.values())
        assert added.isdisjoint(was["student_id"])
        assert set(now["student_id"]) == (set(was["student_id"]) - set(receipt.deleted)) | added
        names = ["student_id", *NAME_FIELDS]
        stayed = was.filter(~pl.col("student_id").is_in(receipt.deleted)).select(names)
        assert stayed.equals(now.filter(~pl.col("student_id").is_in(added)).select(names)), "names are never altered"
        given = dict(zip(plan.incoming.frame["row"], plan.incoming.frame["family_name"], strict=True))
        written = dict(now.select("student_id", "family_name").iter_rows())
        assert all(written[student] == given[row] for row, student in receipt.student_ids.items())

    def acknowledged_by_a_person(self, migration: Migration) -> set[str]:
        """Whom the plan showed on which the word was given, which may be carried over since."""
        word = migration.progress.acknowledgement
        if word is None:
            return set()
        events = self.host.journal.read("migration")
        given = [e for e in events if e.kind == Kind.ACKNOWLEDGED and (e.actor, e.at) == (word.actor, word.at)]
        plan_id = given[0].facts["plan_id"]
        (name, *_) = [e.facts["document"] for e in events if e.kind == Kind.PLANNED and e.facts["plan_id"] == plan_id]
        return set(decode_plan(self.host.journal.get_document("migration", name)).deletable["student_id"])

    @precondition(lambda self: self.state in {State.APPLIED})
    @rule(view=views, stale=rarely, actor=staff)
    def undo(self, view: Migration, stale: bool, actor: Actor) -> None:
        view = view if stale else self.now()
        was = self.students()
        with self.trying(writes=True):
            view.undo(actor=actor)
            assert self.now().state is State.UNDONE
            note(f"undone: {was.height} students before, {self.students().height} after")

    @rule(steps=st.integers(1, 7), actors=st.lists(staff, min_size=7, max_size=7), without=forgettable, crash=crashes)
    def go_on(self, steps: int, actors: list[Actor], without: Step | None, crash: str) -> None:
        """The next steps as they should be, one of them left out or not, so that the end is often reached."""
        for actor in actors[:steps]:
            self.do_what_is_awaited(actor, without, crash)
            self.the_base_is_as_it_was_unless_the_step_writes()

    def do_what_is_awaited(self, actor: Actor, without: Step | None, crash: str) -> None:
        migration = self.now()
        wanted = {each.step: each.about for each in awaited(migration) if each.step is not without}
        if migration.state is State.PLANNED and not wanted:
            wanted = {Step.APPLY: ""}
        rows = sum(upload.rows for upload in migration.progress.standing_uploads)
        step = next((each for each in reversed(wanted) if each is not Step.COMPLETE or rows), None)
        if step is Step.APPLY:
            self.apply_view(migration, actor, crash)
        elif step is not None:
            with self.trying(writes=step is Step.DECIDE):
                self.take(migration, step, wanted[step], actor)

    def take(self, migration: Migration, step: Step, about: str, actor: Actor) -> None:
        match step:
            case Step.COMPLETE | Step.PLAN | Step.REOPEN:
                getattr(migration, "make_plan" if step is Step.PLAN else step.value)(actor=actor)
            case Step.ACKNOWLEDGE:
                migration.acknowledge(int(about), actor=actor)
            case Step.OVERRIDE:
                migration.override(about, actor=actor, reason="It is right.")
            case Step.DECIDE:
                migration.decide(self.answers(migration), actor=actor)
            case _:
                migration.upload("4A.csv", a_sheet([line_of(0, "as_is")]), actor=actor, replace=True)

    def answers(self, migration: Migration) -> list[Decision]:
        """An answer to every open question: the best student who is free, else a new one; who is absent leaves."""
        plan, decisions, taken = migration.decided_plan, [], set()
        for row in plan.entries.filter(IS_OPEN)["row"].drop_nulls():
            best = plan.candidates.filter(pl.col("row") == row, pl.col("taken_by").is_null()).sort("rank")
            free = [s for s, pool in best.select("student_id", pl.col("pool").cast(pl.String)).iter_rows()
                    if pool == "base" and s not in taken]  # fmt: skip
            gone = best.filter(pl.col("pool") == "deleted")["student_id"].to_list()
            back = [student for student in gone if student not in taken and self.clock.at.minute % 2]
            taken |= set(back[:1] or free[:1])
            if back:
                decisions.append(Decision(row, back[0], verdict="restore"))
            else:
                decisions.append(Decision(row, free[0], verdict="same") if free else Decision(row, verdict="new"))
        absent = plan.entries.filter(pl.col("reason") == Reason.CLASS_NOT_COVERED.value)["student_id"].drop_nulls()
        return decisions + [Decision(student_id=s, verdict="leave") for s in absent if s not in taken]

    # What else happens

    @rule(days=st.integers(0, 20))
    def wait(self, days: int) -> None:
        self.clock.at += timedelta(days=days)

    @rule(actor=staff, days=st.integers(0, 60))
    def extend(self, actor: Actor, days: int) -> None:
        with self.trying():
            self.now().extend(self.clock.at.date() + timedelta(days=days), actor=actor)

    @rule(really=rarely, number=st.integers(0, 3), value=st.sampled_from(["3A", "3B", HOSTILE]))
    def a_teacher_moves_a_student(self, really: bool, number: int, value: str) -> None:
        if really:
            self.may_write = True
            self.host_writes(f"s{number}", "class_name", value)

    @precondition(lambda self: self.students().height < 9)
    @rule(number=st.integers(4, len(CHILDREN) - 1))
    def a_teacher_adds_a_student(self, number: int) -> None:
        self.may_write = True
        ids = set(self.students()["student_id"]) | set(self.host.store.load_deleted().frame["student_id"])
        if f"s{number}" not in ids:
            self.host_adds({"student_id": f"s{number}", **CHILDREN[number]})

    @rule(actor=staff)
    def forget_something(self, actor: Actor) -> None:
        memory = remembered(self.host)
        if memory.height:
            with self.trying():
                forget(self.host, memory["memory"][0], actor=actor)

    @rule(actor=staff, days=st.integers(0, 90))
    def purge(self, actor: Actor, days: int) -> None:
        live = self.now().progress
        with self.trying():
            purge(self.host, self.clock.at - timedelta(days=days), actor=actor)
        if live.is_live:
            kept = self.host.journal.documents("migration")
            assert all(upload.document in kept for upload in live.standing_uploads)
            assert live.plan is None or live.plan.document in kept

    # What holds

    @invariant()
    def the_base_is_as_it_was_unless_the_step_writes(self) -> None:
        now = self.students()
        assert self.may_write or now.equals(self.before)
        self.before, self.may_write = now, False

    @invariant()
    def the_journal_only_grows(self) -> None:
        events = self.host.journal.read()
        assert events[: len(self.told)] == self.told
        self.told = events

    @invariant()
    def every_step_was_possible_and_permitted(self) -> None:
        progress = fold("migration", [])
        for event in self.host.journal.read("migration"):
            step = _STEPS.get(Kind(event.kind))
            if step is not None and not event.facts.get("given"):
                assert step in TRANSITIONS[progress.state], (event.kind, progress.state)
                assert event.actor.role in PERMITTED[step]
            progress = evolve(progress, event)

    @invariant()
    def store_and_journal_agree(self) -> None:
        migration = self.now()
        self.state = migration.state
        standing = [receipt for receipt in self.host.store.receipts() if receipt.undone_at is None]
        kinds = [event.kind for event in self.host.journal.read("migration")]
        lost = kinds.count(Kind.APPLY_LOST)
        assert kinds.count(Kind.APPLIED) - kinds.count(Kind.UNDONE) - lost == len(standing), "exactly once"
        if migration.state is State.APPLIED:
            assert migration.receipt in standing

    @invariant()
    def trail_and_refusals_hold_no_value_of_a_cell(self) -> None:
        exported = audit(self.host.journal).write_ndjson()
        assert not any(word in text for word in WORDS for text in (exported, *self.refusals))


_STEPS = {
    Kind.OPENED: Step.OPEN, Kind.EXTENDED: Step.EXTEND, Kind.UPLOADED: Step.UPLOAD, Kind.WITHDRAWN: Step.WITHDRAW,
    Kind.COMPLETED: Step.COMPLETE, Kind.REOPENED: Step.REOPEN, Kind.CANCELLED: Step.CANCEL, Kind.PLANNED: Step.PLAN,
    Kind.ACKNOWLEDGED: Step.ACKNOWLEDGE, Kind.DECIDED: Step.DECIDE, Kind.OVERRIDDEN: Step.OVERRIDE,
    Kind.RESTORING: Step.RESTORE, Kind.APPLYING: Step.APPLY, Kind.UNDONE: Step.UNDO,
}  # fmt: skip


class SqlWorkflow(Workflow):
    """The machine on a database, with the journal in it."""

    def make_url(self) -> str:
        self.folder = tempfile.TemporaryDirectory()
        return f"sqlite:///{Path(self.folder.name) / 'school.db'}"

    def make_host(self) -> Host:
        self.engine = sa.create_engine(self.make_url(), poolclass=sa.NullPool)
        store = changed(SqlStore.create(self.engine, self.base), now=self.clock)
        return Host(store, SqlJournal(self.engine), clock=self.clock)

    def host_writes(self, student_id: str, name: str, value: str) -> None:
        text = sa.text(f"UPDATE students SET {name} = :value WHERE student_id = :student_id")
        with self.engine.begin() as connection:
            connection.execute(text, {"value": value, "student_id": student_id})

    def host_adds(self, record: dict[str, Value]) -> None:
        names = ", ".join(record)
        values = ", ".join(f":{name}" for name in record)
        with self.engine.begin() as connection:
            connection.execute(sa.text(f"INSERT INTO students ({names}) VALUES ({values})"), record)

    def teardown(self) -> None:
        self.engine.dispose()
        self.folder.cleanup()


FEW = settings(max_examples=8, stateful_step_count=25, suppress_health_check=list(HealthCheck))
MANY = settings(FEW, max_examples=300, stateful_step_count=50)

TestWorkflow = Workflow.TestCase
TestWorkflow.settings = FEW
TestSqlWorkflow = SqlWorkflow.TestCase
TestSqlWorkflow.settings = settings(FEW, max_examples=4)


@pytest.mark.soak
class TestWorkflowLong(Workflow.TestCase):  # type: ignore[name-defined,misc]
    settings = MANY


@pytest.mark.soak
class TestSqlWorkflowLong(SqlWorkflow.TestCase):  # type: ignore[name-defined,misc]
    settings = settings(MANY, max_examples=100)


@pytest.mark.soak
def test_workflow_on_postgresql(postgres_url: str) -> None:
    """Every example has a school of its own in one database: its table and its journal."""

    class PostgresWorkflow(SqlWorkflow):
        count: ClassVar[int] = 0

        def make_host(self) -> Host:
            type(self).count += 1
            self.engine = sa.create_engine(postgres_url, poolclass=sa.NullPool)
            self.table = f"students_{self.count}"
            store = changed(SqlStore.create(self.engine, self.base, self.table), now=self.clock)
            return Host(store, SqlJournal(self.engine, school=self.table), clock=self.clock)

        def host_writes(self, student_id: str, name: str, value: str) -> None:
            text = sa.text(f"UPDATE {self.table} SET {name} = :value WHERE student_id = :student_id")
            with self.engine.begin() as connection:
                connection.execute(text, {"value": value, "student_id": student_id})

        def host_adds(self, record: dict[str, Value]) -> None:
            values = ", ".join(f":{name}" for name in record)
            text = sa.text(f"INSERT INTO {self.table} ({', '.join(record)}) VALUES ({values})")
            with self.engine.begin() as connection:
                connection.execute(text, record)

        def teardown(self) -> None:
            self.engine.dispose()

    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(PostgresWorkflow, settings=settings(MANY, max_examples=60))


def test_the_actions_of_a_plan_are_those_that_the_machine_checks() -> None:
    """A new action would need a check of its own above."""
    assert set(Action) == {"review", "delete", "add", "update", "keep"}
