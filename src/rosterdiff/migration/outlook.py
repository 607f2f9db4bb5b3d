"""What a workflow waits for: the steps that are to be taken next, each with a sentence, in the order of the work.

Invariants: what is said to be missing is what a step would be refused for; nothing is said of what may be left out.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl
from attrs import frozen

from rosterdiff.migration.progress import Upload
from rosterdiff.migration.states import State
from rosterdiff.migration.workflow import Migration
from rosterdiff.model import Action
from rosterdiff.plans import IS_OPEN
from rosterdiff.reports.questions import asked_in_words
from rosterdiff.roles import PERMITTED, Role, Step
from rosterdiff.sentences import count_of


@frozen
class Awaited:
    """A step that is awaited, of whom, and why.

    Attributes:
        about: what it is about: the number to acknowledge, the guard to override.

    """

    step: Step
    sentence: str
    about: str = ""

    @property
    def roles(self) -> tuple[Role, ...]:
        """Who may take it."""
        return PERMITTED[self.step]


_OF_STATE: Final[Mapping[State, tuple[Awaited, ...]]] = {
    State.NONE: (Awaited(Step.OPEN, "Nothing has been opened yet."),),
    State.COMPLETE: (Awaited(Step.PLAN, "The uploads are complete; the plan is to be made."),),
    State.APPLYING: (
        Awaited(Step.APPLY, "An apply was begun and is not known to be done; apply again, and it is finished."),
    ),
    State.APPLIED: (),
    State.UNDONE: (Awaited(Step.REOPEN, "The apply was undone; reopen it to correct the uploads, or leave it."),),
    State.CANCELLED: (),
}


def awaited(migration: Migration) -> tuple[Awaited, ...]:
    """The steps that are to be taken next; none where the workflow has ended."""
    if migration.state is State.COLLECTING:
        return _of_uploads(migration.progress.standing_uploads)
    return _of_plan(migration) if migration.state is State.PLANNED else _OF_STATE[migration.state]


def _of_uploads(uploads: Sequence[Upload]) -> tuple[Awaited, ...]:
    students = count_of(sum(upload.rows for upload in uploads), "student")
    return (
        Awaited(Step.UPLOAD, f"{count_of(len(uploads), 'upload')} with {students} so far; more may come."),
        Awaited(Step.COMPLETE, "When every list is there, declare them complete."),
    )


def _of_plan(migration: Migration) -> tuple[Awaited, ...]:
    plan, progress = migration.decided_plan, migration.progress
    missing = []
    open_entries = plan.entries.filter(IS_OPEN)
    if progress.acknowledgement is None and (plan.counts[Action.DELETE.value] or _may_delete(migration)):
        certain = progress.plan.certain if progress.plan else 0
        held = f", and {progress.plan.held:,} held in review" if progress.plan and progress.plan.held else ""
        text = f"{count_of(certain, 'deletion')}{held}; a named person gives his word for them."
        missing.append(Awaited(Step.ACKNOWLEDGE, text, str(certain)))
    if open_entries.height:
        missing.append(Awaited(Step.DECIDE, f"{asked_in_words(plan)}; somebody has to answer."))
    for code in plan.held_by:
        sentence = plan.guards.filter(pl.col("code").cast(pl.String) == code)["sentence"][0]
        missing.append(Awaited(Step.OVERRIDE, sentence, code))
    return tuple(missing) or (Awaited(Step.APPLY, "Nothing is missing; the plan can be applied."),)


def _may_delete(migration: Migration) -> bool:
    """Whether review may find students absent whom nobody has acknowledged."""
    held = migration.plan.deletable.filter(~pl.col("certain"))["student_id"]
    still = migration.decided_plan.entries.filter(IS_OPEN)["student_id"].drop_nulls()
    return bool(held.is_in(still.implode()).any())
