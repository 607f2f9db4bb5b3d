"""Errors that rosterdiff raises for a caller's mistake or a refused step.

    RosterError
    ├── InvalidOption          an option's value makes no sense
    ├── InvalidRoster          a frame that is no roster, or a base that contradicts itself
    ├── UnreadableFile         an upload that cannot be read at all
    ├── NotPermitted           the actor's role may not take this step
    ├── InvalidDecisions       decisions contradict each other or the plan (all problems at once)
    ├── UnusableModel          a model file that is not whole, or of other levels
    ├── WorkflowError
    │   ├── IllegalStep        the step is not possible in this state
    │   ├── OutsideWindow      the migration's window is closed
    │   ├── Overtaken          somebody else took a step meanwhile
    │   └── UploadRefused      an upload that is there already, or is not there
    ├── PlanError
    │   ├── DamagedPlan        a plan file that is not whole
    │   ├── NewerPlan          a plan file written by a later version
    │   ├── UnresolvedPlan     review entries are still open
    │   ├── HeldPlan           a guard holds the plan
    │   ├── Unacknowledged     deletions that no acknowledgement covers
    │   └── StalePlan          the base moved since the plan was made
    └── StoreError
        ├── UnknownReceipt     no such receipt in this store
        ├── UnknownStudent     no such deleted student to restore
        ├── UnusableTable      the host's table is not there, or not as described
        ├── ChangedSince       rows changed after the apply that is to be undone
        ├── PurgedReceipt      what an undo needs was purged
        ├── JournalConflict    another process moved the workflow on
        ├── UnknownDocument    a document that the journal has not, or not any more
        └── DamagedRecord      what is kept in the database is not what was written

Faults in the data are never raised: they are issues. A message holds no cell value; the host's own keys
(`student_id`) are named where a person must act on them.
"""

from collections.abc import Sequence
from datetime import date


class RosterError(Exception):
    """Base of all errors of rosterdiff: what is wrong, and what to do about it.

    Attributes:
        problem: one or two sentences: what was expected and what was found.
        hint: one sentence that says what to do; may be empty.

    """

    def __init__(self, problem: str, hint: str = "") -> None:
        super().__init__(f"{problem} {hint}".strip())
        self.problem = problem
        self.hint = hint


class InvalidOption(RosterError, ValueError):
    """An option was given a value that makes no sense."""


class InvalidRoster(RosterError, ValueError):
    """A frame cannot serve as a roster; the faults concern its columns and keys, not single cells."""


class UnreadableFile(RosterError):
    """An upload cannot be read at all.

    Attributes:
        filename: the name under which the upload came.
        code: a stable word for the cause, such as `not_a_spreadsheet` or `encrypted`.

    """

    def __init__(self, filename: str, code: str, problem: str, hint: str = "") -> None:
        super().__init__(f"{filename}: {problem}", hint)
        self.filename = filename
        self.code = code


class NotPermitted(RosterError):
    """The actor's role may not take this step.

    Attributes:
        step: the step that was refused.
        role: the role of the actor.

    """

    def __init__(self, step: str, role: str, permitted: Sequence[str]) -> None:
        super().__init__(
            f"This step ({step}) is not open to the role {role}.",
            f"Ask someone who acts as {' or '.join(permitted)}.",
        )
        self.step = step
        self.role = role


class InvalidDecisions(RosterError):
    """Decisions that contradict each other or the plan; nothing of them was taken.

    Attributes:
        problems: every problem found, one sentence each, with its cell where it came from a workbook.

    """

    def __init__(self, problems: Sequence[str]) -> None:
        count = len(problems)
        noun = "problem" if count == 1 else "problems"
        listed = "\n".join(f"  - {problem}" for problem in problems[:20])
        more = f"\n  … and {count - 20} more" if count > 20 else ""
        super().__init__(
            f"{count} {noun} in the decisions; none of them was taken. "
            f"Correct them and send all the decisions again.\n{listed}{more}"
        )
        self.problems = tuple(problems)


class UnusableModel(RosterError):
    """A model file is not whole, is no model file, or was written for other levels; nothing of it was taken."""


class WorkflowError(RosterError):
    """A step of the workflow cannot be taken; nothing was written."""


class IllegalStep(WorkflowError):
    """The step is not possible in the state that the workflow is in.

    Attributes:
        step, state, possible: the step that was refused, the state, and the steps that are possible in it.

    """

    def __init__(self, step: str, state: str, possible: Sequence[str], problem: str, hint: str) -> None:
        steps = f"Possible now: {', '.join(possible)}." if possible else "Nothing more is possible."
        super().__init__(f"{problem} {steps}", hint)
        self.step = step
        self.state = state
        self.possible = tuple(possible)


class OutsideWindow(WorkflowError):
    """The step is taken in a migration's window alone, and this day is outside.

    Attributes:
        step, window, day: what was refused, the first and last day on which it is possible, and the day of the attempt.

    """

    def __init__(self, step: str, window: tuple[date, date], day: date) -> None:
        super().__init__(
            f"This step ({step}) is possible from {window[0]} to {window[1]}; today is {day}.",
            "Wait until the window opens." if day < window[0] else "Ask the staff to extend the window.",
        )
        self.step = step
        self.window = window
        self.day = day


class Overtaken(WorkflowError):
    """Somebody else took a step since the workflow was looked at, so that this one may not be what was meant.

    Attributes:
        step, meanwhile: the step that was refused, and what happened, one sentence each.

    """

    def __init__(self, step: str, meanwhile: Sequence[str]) -> None:
        super().__init__(
            f"This step ({step}) was not taken, because of what happened meanwhile: {'; '.join(meanwhile)}.",
            "Look at the migration as it is now, and take the step again if it is still wanted.",
        )
        self.step = step
        self.meanwhile = tuple(meanwhile)


class UploadRefused(WorkflowError):
    """An upload of this name (`filename`) is there already with other content, or none is there."""

    def __init__(self, filename: str, problem: str, hint: str) -> None:
        super().__init__(f"{filename}: {problem}", hint)
        self.filename = filename


class PlanError(RosterError):
    """A plan cannot be used in this way."""


class DamagedPlan(PlanError):
    """A plan file is not whole, or is no plan file."""


class NewerPlan(PlanError):
    """A plan file was written by a later version of rosterdiff.

    Attributes:
        found: the format number of the file.
        supported: the latest format number that this version reads.

    """

    def __init__(self, found: int, supported: int) -> None:
        super().__init__(
            f"The plan has format {found}; this version of rosterdiff reads formats up to {supported}.",
            "Install the version that wrote it, or make the plan again.",
        )
        self.found = found
        self.supported = supported


class UnresolvedPlan(PlanError):
    """Review entries are still open.

    Attributes:
        open_entries: how many.

    """

    def __init__(self, open_entries: int) -> None:
        noun = "entry awaits" if open_entries == 1 else "entries await"
        super().__init__(
            f"{open_entries} review {noun} a decision.",
            "Decide them (write_review, read_decisions, resolve) and apply the resolved plan.",
        )
        self.open_entries = open_entries


class HeldPlan(PlanError):
    """A guard holds the plan.

    Attributes:
        codes: the codes of the guards that hold it.

    """

    def __init__(self, codes: Sequence[str], sentences: Sequence[str]) -> None:
        super().__init__(
            "The plan is held, and nothing was written. " + " ".join(sentences),
            "Look at the uploads; if the plan is right, a named person of the staff overrides each guard.",
        )
        self.codes = tuple(codes)


class Unacknowledged(PlanError):
    """The plan deletes students whom no acknowledgement covers.

    Attributes:
        student_ids: the students that are not covered.
        expected: the number of certain deletions that an acknowledgement must state.

    """

    def __init__(self, problem: str, hint: str, *, student_ids: Sequence[str] = (), expected: int = 0) -> None:
        super().__init__(problem, hint)
        self.student_ids = tuple(student_ids)
        self.expected = expected


class StalePlan(PlanError):
    """The base moved since the plan was made, so the plan may be wrong; nothing was written.

    Attributes:
        changed: students that the plan touches and whose record moved or is gone.
        added: students that came into the scope since; any of them might be one that the plan adds.

    """

    def __init__(self, changed: Sequence[str], added: Sequence[str]) -> None:
        parts = []
        if changed:
            parts.append(f"changed or gone: {_listed(changed)}")
        if added:
            parts.append(f"added since: {_listed(added)}")
        super().__init__(
            f"The base moved since the plan was made ({'; '.join(parts)}). Nothing was written.",
            "Make the plan again from the base as it is now.",
        )
        self.changed = tuple(changed)
        self.added = tuple(added)


class StoreError(RosterError):
    """A store cannot do what was asked."""


class UnknownReceipt(StoreError):
    """The store has no such receipt."""


class UnknownStudent(StoreError):
    """The store has no such deleted student.

    Attributes:
        student_ids: the students that are not among the deleted.

    """

    def __init__(self, student_ids: Sequence[str]) -> None:
        super().__init__(
            f"Not among the deleted students of this store: {_listed(student_ids)}. Nothing was restored.",
            "Check the ids against the receipt of the apply that deleted them.",
        )
        self.student_ids = tuple(student_ids)


class UnusableTable(StoreError):
    """The host's table is not there, or not as it was described."""


class ChangedSince(StoreError):
    """Rows changed after the apply that is to be undone; nothing was undone.

    Attributes:
        student_ids: the students whose records changed since.

    """

    def __init__(self, student_ids: Sequence[str]) -> None:
        super().__init__(
            f"Changed since the plan was applied: {_listed(student_ids)}. Nothing was undone.",
            "Put these students right by hand, or restore the deleted ones by their ids.",
        )
        self.student_ids = tuple(student_ids)


class PurgedReceipt(StoreError):
    """What the undo of a receipt needs was purged; the receipt stays, with its counts and ids.

    Attributes:
        receipt_id: the store's name for the receipt.

    """

    def __init__(self, receipt_id: str) -> None:
        super().__init__(
            f"What the undo of {receipt_id} needs was purged, so it can no longer be undone. Nothing was undone.",
            "Put the students right by hand, or with another plan.",
        )
        self.receipt_id = receipt_id


class JournalConflict(StoreError):
    """A workflow moved on since it was read; nothing was written.

    Attributes:
        stream: the workflow.
        expected: the version that the caller had read.
        found: the version that it is at.

    """

    def __init__(self, stream: str, *, expected: int, found: int) -> None:
        super().__init__(
            f"{stream} was expected at version {expected} and is at {found}: somebody else took a step. "
            "Nothing was written.",
            "Look at it as it is now, and take the step again if it is still wanted.",
        )
        self.stream = stream
        self.expected = expected
        self.found = found


class UnknownDocument(StoreError):
    """A journal has no such document: it never had it, or it was purged.

    Attributes:
        name: the SHA-256 by which it was asked for.

    """

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The journal has no document {name[:12]}; it was purged, or belongs to another workflow.",
            "The journal's events say when documents were purged.",
        )
        self.name = name


class DamagedRecord(StoreError):
    """What a store or journal keeps beside the students is not what it wrote.

    Attributes:
        record: which record, such as `receipt c0ffee-1`.

    """

    def __init__(self, record: str) -> None:
        super().__init__(
            f"The {record} in the database is not what rosterdiff wrote: it was damaged or altered.",
            "Bring the database back from a backup, or look at what was changed by hand.",
        )
        self.record = record


def _listed(student_ids: Sequence[str], most: int = 10) -> str:
    shown = ", ".join(student_ids[:most])
    return shown if len(student_ids) <= most else f"{shown} and {len(student_ids) - most} more"
