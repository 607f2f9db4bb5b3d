"""`Migration`: the workflow of a school, kept in its journal, so that any process can go on where another ended.

Invariants: a step is taken whole or not at all, and leaves its event; whoever took it on a view that others have
overtaken is told by what; between the store and the journal the receipt decides. Each step gives the migration as it is
then; the one it was called on stays as it was.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

import polars as pl
from attrs import evolve as changed
from attrs import field, frozen

from rosterdiff.apply import make_change_set, require_acknowledged, require_released, require_resolved
from rosterdiff.config import Mode
from rosterdiff.errors import Overtaken, PlanError, RosterError, WorkflowError
from rosterdiff.frames import Roster
from rosterdiff.migration import commands
from rosterdiff.migration.answers import Subject, as_stated, find_restored, judge_answers, standing_answers, with_actor
from rosterdiff.migration.carry import Carried
from rosterdiff.migration.commands import Command, find_upload, require_step
from rosterdiff.migration.documents import encode_decisions
from rosterdiff.migration.host import Host, compile_standing, facts_of, load_planned, make, own_decisions, read_upload
from rosterdiff.migration.memory import Memo, recollect
from rosterdiff.migration.progress import Progress, Window, fold
from rosterdiff.migration.settling import applied, failed, undone
from rosterdiff.migration.states import Kind, State
from rosterdiff.migration.taking import Asked, Build, append, read_settled, restore_accounts, take
from rosterdiff.migration.translating import translate
from rosterdiff.model import Acknowledgement, Actor, Decision, GuardCode, Override, Receipt, Verdict
from rosterdiff.planning import encode_plan, resolve
from rosterdiff.plans import IS_OPEN, Plan
from rosterdiff.roles import Step
from rosterdiff.stores import document_name

MIGRATIONS: Final = "migration"
"""The stream of a school's migrations, one after another."""

BULK: Final = "bulk-"
"""How the streams of bulk uploads begin, each of which is a workflow of its own."""


@frozen(eq=False, slots=False)
class Migration:
    """A workflow as it was when it was looked at: a migration, or a bulk upload beside it.

    Attributes:
        host: the store, the journal and the rules.
        progress: where it stands.
        carried: after a plan was made: what was kept of the decisions and words given before.

    """

    host: Host
    progress: Progress
    carried: Carried = field(factory=Carried, repr=False)

    @classmethod
    def open(
        cls, host: Host, *, actor: Actor, window: Window | None = None, school_year: str | None = None
    ) -> "Migration":
        """Open the migration of a school.

        Args:
            host: what the application gives.
            actor: who opens it.
            window: first and last day on which it may be worked on and applied; None for always.
            school_year: a name for the audit trail.

        Raises:
            IllegalStep: another one is open.
            OutsideWindow: today is outside the window.

        """
        command = commands.Open(actor, host.clock(), Mode.MIGRATION, school_year, window)
        return cls.resume(host)._after(command)

    @classmethod
    def open_bulk(cls, host: Host, *, actor: Actor, school_year: str | None = None) -> "Migration":
        """Begin a bulk upload: adds and changes only, whenever it is wanted, also beside a migration."""
        command = commands.Open(actor, host.clock(), Mode.BULK, school_year, None)
        while True:
            count = sum(stream.startswith(BULK) for stream in host.journal.streams())
            try:
                return cls(host, Progress(f"{BULK}{count + 1}"))._after(command)
            except Overtaken:  # somebody else took this number
                continue

    @classmethod
    def resume(cls, host: Host, stream: str = MIGRATIONS, *, seen: int | None = None) -> "Migration":
        """Go on with the migration of a school, or with a bulk upload, as the journal has it.

        What another process left between the store and the journal is settled first; the receipt decides.

        Args:
            host: what the application gives.
            stream: `migration`, or that of a bulk upload.
            seen: the `version` that the actor was shown, if it is not the latest; his steps are refused where
                something happened since that could change what he meant.

        """
        progress = read_settled(host, stream)
        if seen is None:
            return cls(host, progress)
        return cls(host, fold(stream, [event for event in host.journal.read(stream) if event.version <= seen]))

    @property
    def state(self) -> State:
        """Where it stands."""
        return self.progress.state

    @property
    def version(self) -> int:
        """How many events it amounts to: what a screen shows, and hands back as `seen`."""
        return self.progress.version

    def upload(
        self,
        name: str,
        content: bytes,
        *,
        actor: Actor,
        replace: bool = False,
        reading: Mapping[str, Any] = MappingProxyType({}),
    ) -> "Migration":
        """Hand in a file; the same content under the same name changes nothing.

        Args:
            name: the file's name, without folders.
            content: its bytes.
            actor: who hands it in.
            replace: it takes the place of the earlier version of this name.
            reading: fields of `ReadOptions` that are otherwise for this file, as JSON holds them:
                `{"columns": {"class_name": "Rm"}}`; they are kept with it.

        Raises:
            UnreadableFile: it cannot be read at all; nothing is kept of it.
            UploadRefused: another version is there.
            IllegalStep: the uploads were declared complete.

        """
        at = self.host.clock()
        require_step(self.progress, Step.UPLOAD, actor, at.date())
        roster = read_upload(self.host, name, content, at, reading)
        errors = roster.issues.filter(pl.col("severity") == "error").height
        command = commands.PutUpload(
            actor, at, name, document_name(content), len(content), len(roster), errors, reading, replace
        )
        return self._after(lambda _: (command, (content,)))

    def withdraw(self, name: str, *, actor: Actor) -> "Migration":
        """Take an upload back; the journal keeps it until it is purged."""
        command = commands.Withdraw(actor, self.host.clock(), name)
        return self._after(command)

    def complete(self, *, actor: Actor) -> "Migration":
        """Declare that all uploads are there."""
        command = commands.Complete(actor, self.host.clock())
        return self._after(command)

    def reopen(self, *, actor: Actor) -> "Migration":
        """Collect uploads again; the plan is made anew then, and decisions are kept where nothing changed."""
        command = commands.Reopen(actor, self.host.clock())
        return self._after(command)

    def cancel(self, *, actor: Actor) -> "Migration":
        """End it without a change; what was decided stays remembered."""
        command = commands.Cancel(actor, self.host.clock())
        return self._after(command)

    def extend(self, until: date, *, actor: Actor) -> "Migration":
        """Let the window end on another day."""
        command = commands.Extend(actor, self.host.clock(), until)
        return self._after(command)

    def roster_of(self, name: str) -> Roster:
        """One upload as it was read: what is wrong with it is in its issues.

        Raises:
            UploadRefused: there is no such upload.
            UnknownDocument: it was purged.

        """
        there = find_upload(self.progress, name)
        content = self.host.journal.get_document(self.progress.stream, there.document)
        return read_upload(self.host, there.name, content, there.at, there.reading)

    def preview(self) -> Plan:
        """The plan as it would be of the uploads so far; nothing is kept of it."""
        return make(self.host, self.progress, self.host.clock()).plan

    def incoming(self) -> Roster:
        """The uploads that count, compiled: what is wrong with them is in its issues."""
        return compile_standing(self.host, self.progress)

    def make_plan(self, *, actor: Actor) -> "Migration":
        """Make the plan from the uploads and the base as it is now, for the first time or again.

        `carried` of the result says which decisions were kept and which are asked again; acknowledgement and overrides
        that stay good are given again in the name of who gave them.
        """
        at = self.host.clock()
        require_step(self.progress, Step.PLAN, actor, at.date())
        made = make(self.host, self.progress, at)
        content, carried = encode_plan(made.plan), made.carried
        facts = facts_of(made, document_name(content))
        command = commands.PutPlan(actor, at, facts, carried.acknowledgement, carried.overrides)
        return changed(self._after(lambda _: (command, (content,))), carried=carried)

    @cached_property
    def plan(self) -> Plan:
        """The plan as it was made, with the guards that were overridden.

        Raises:
            WorkflowError: no plan was made.
            UnknownDocument: it was purged.

        """
        if self.progress.plan is None:
            raise WorkflowError(
                f"{self.progress.name.capitalize()} has no plan.", "Declare the uploads complete, and plan."
            )
        plan = load_planned(self.host, self.progress)
        words = [Override(plan.origin, GuardCode(w.about), w.actor, w.reason) for w in self.progress.overrides]
        return changed(plan, overrides=tuple(words))

    @cached_property
    def decided_plan(self) -> Plan:
        """The plan with the decisions that were given so far; what nobody decided stays open."""
        return resolve(self.plan, as_stated(list(self.answers.values())), partial=True)

    @property
    def review_plan(self) -> Plan:
        """The plan for a review workbook: with what is still open, under the id by which answers are taken."""
        return changed(self.decided_plan, plan_id=self.plan.plan_id)

    @cached_property
    def answers(self) -> dict[Subject, Memo]:
        """The decisions that stand on the plan, by the row or student that they are about: who said what, and when."""
        return standing_answers(own_decisions(recollect(self.host.journal), self.progress), self.progress.plan_id)

    def acknowledge(self, count: int, *, actor: Actor) -> "Migration":
        """Acknowledge the deletions: those that are certain, whose number is stated, and those held in review.

        Raises:
            Unacknowledged: the number is not that of the plan.

        """
        return self._after(commands.Acknowledge(actor, self.host.clock(), count))

    def override(self, code: GuardCode | str, *, actor: Actor, reason: str) -> "Migration":
        """Let the plan pass a guard that holds it, as it is decided so far.

        Raises:
            InvalidOption: the guard does not hold the plan, or no reason is given.

        """
        require_step(self.progress, Step.OVERRIDE, actor, self.host.clock().date())

        def build(progress: Progress) -> Asked:
            holding = self._at(progress).decided_plan.held_by
            return commands.PassGuard(actor, self.host.clock(), str(code), reason, holding), ()

        return self._after(build)

    def decide(self, decisions: Iterable[Decision], *, actor: Actor, replace: bool = False) -> "Migration":
        """Take decisions about the plan, of one entry or of a whole workbook; all of them or none.

        An account to be restored comes back at once, with its id and whole record, and the plan is made again.

        Args:
            decisions: what is said; `open` ones say nothing.
            actor: who says it, where a decision names nobody.
            replace: pass over what other persons said otherwise.

        Raises:
            InvalidDecisions: they contradict each other, the plan, or what another person said, who is named.

        """
        require_step(self.progress, Step.DECIDE, actor, self.host.clock().date())
        stated = translate(self.host, self.progress, self.plan, with_actor(decisions, actor))
        restores = [decision for decision in stated if decision.verdict is Verdict.RESTORE]
        others = [decision for decision in stated if decision.verdict is not Verdict.RESTORE]

        def build(progress: Progress) -> Asked:
            now = self._at(progress)
            new = judge_answers(now.plan, others, now.answers, replace=replace)
            document = encode_decisions(new)
            counts = {v.value: sum(d.verdict is v for d in new) for v in Verdict}
            told = {verdict: count for verdict, count in counts.items() if count}
            return commands.Decide(actor, self.host.clock(), document_name(document), told), (document,)

        found = self._restorable(restores)
        decided = self._after(build)
        return decided._restore(found, actor) if found else decided

    def _restorable(self, restores: list[Decision]) -> tuple[Decision, ...]:
        if not restores:
            return ()
        open_rows = set(self.decided_plan.entries.filter(IS_OPEN)["row"].drop_nulls())
        return find_restored(self.plan, restores, open_rows, self.host.store.load_deleted())

    def _restore(self, found: tuple[Decision, ...], actor: Actor) -> "Migration":
        restored = self._at(restore_accounts(self.host, self.progress, found, actor))
        return restored.make_plan(actor=actor)

    def apply(self, *, actor: Actor) -> "Migration":
        """Apply the plan, all of it or nothing; one that was begun before is finished, exactly once.

        Raises:
            UnresolvedPlan, HeldPlan, Unacknowledged: something is missing.
            StalePlan: the base moved; plan again, and what did not change is kept.

        """
        require_step(self.progress, Step.APPLY, actor, self.host.clock().date())
        try:
            final, acknowledgement = self.decided_plan, self.acknowledgement
            require_resolved(final)
            require_released(final)
            require_acknowledged(final, acknowledgement)
        except PlanError as error:  # of one that was begun something may have been revoked since
            return self._after_failure(error, actor)
        begun = self._after(commands.Apply(actor, self.host.clock(), final.plan_id)).progress
        changes = make_change_set(final, acknowledgement)

        def witness(receipt: Receipt) -> None:
            append(self.host, begun, [applied(begun, receipt)])

        try:
            self.host.store.apply(changes, actor=actor, witness=witness)
        except RosterError as error:
            return self._after_failure(error, actor)
        return self._fresh()

    def undo(self, *, actor: Actor) -> "Migration":
        """Take the apply back: the base is as it was before, or nothing changes.

        Raises:
            ChangedSince: students of the receipt changed since, who are named.

        """
        require_step(self.progress, Step.UNDO, actor, self.host.clock().date())

        def witness(receipt: Receipt) -> None:
            append(self.host, self.progress, [undone(self.progress, receipt)])

        self.host.store.undo(self.progress.receipt_id, actor=actor, witness=witness)
        return self._fresh()

    @property
    def receipt(self) -> Receipt:
        """The receipt of the apply.

        Raises:
            WorkflowError: nothing was applied.

        """
        found = [each for each in self.host.store.receipts() if each.receipt_id == self.progress.receipt_id]
        if not found:
            raise WorkflowError(f"{self.progress.name.capitalize()} is not applied.", "Apply it first.")
        return found[0]

    @property
    def acknowledgement(self) -> Acknowledgement | None:
        """What was acknowledged on the plan, by whom, if it was."""
        word, deletable = self.progress.acknowledgement, self.plan.deletable
        if word is None:
            return None
        certain, held = deletable.filter("certain"), deletable.filter(~pl.col("certain"))
        return Acknowledgement(self.plan.origin, word.actor, certain["student_id"], held["student_id"])

    def _after_failure(self, error: RosterError, actor: Actor) -> "Migration":
        """What an apply that failed leaves: done after all, or as if it had not been begun."""
        now = self._fresh()
        if now.state is State.APPLIED:
            return now
        if now.state is State.APPLYING:
            draft = failed(now.progress, Kind.APPLY_FAILED, actor, self.host.clock(), type(error).__name__)
            append(self.host, now.progress, [draft])
        raise error

    def _after(self, step: Build | Command) -> "Migration":
        return self._at(take(self.host, self.progress, step))

    def _at(self, progress: Progress) -> "Migration":
        return self if progress is self.progress else Migration(self.host, progress)

    def _fresh(self) -> "Migration":
        return Migration.resume(self.host, self.progress.stream)
