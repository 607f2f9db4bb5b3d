"""What the application gives the workflow, and how a plan is made from what the journal keeps.

Invariants: everything that a later process needs is in the journal and the store; what is given here are the rules of
the host, which are the same in every process.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import evolve, field, frozen
from attrs.validators import instance_of

from rosterdiff.config import Policy, ReadOptions
from rosterdiff.frames import Context, Roster
from rosterdiff.matching import Model
from rosterdiff.migration.carry import Carried, Fate, carry_words, keep_unchanged, latest_answers, tell_fates
from rosterdiff.migration.memory import Memo, names_for, recollect
from rosterdiff.migration.progress import Progress
from rosterdiff.pipeline import make_plan
from rosterdiff.planning import decode_plan
from rosterdiff.plans import Plan
from rosterdiff.reading import read_roster
from rosterdiff.stores import Journal, Store
from rosterdiff.stores.base import utc_now
from rosterdiff.uploads import compile_uploads


@frozen(eq=False)
class Host:
    """What the application gives the workflow of one school.

    Attributes:
        store: where the students are.
        journal: where the workflow is kept; best in the same database, so that both are written in one transaction.
        policy: what a plan may do; its mode is that of the workflow.
        options: how uploads are read.
        context: what the host knows besides: seats, other schools' students, further names. Day, school year, window,
            deleted students and remembered decisions are filled in.
        model: how much each agreement weighs; the shipped one by default.
        clock: tells the time, in the time zone of the school: its day is the day that a window is measured by.

    """

    store: Store
    journal: Journal
    policy: Policy = field(factory=Policy, validator=instance_of(Policy))
    options: ReadOptions = field(factory=ReadOptions, validator=instance_of(ReadOptions))
    context: Context = field(factory=Context, validator=instance_of(Context), repr=False)
    model: Model | None = None
    clock: Callable[[], datetime] = field(default=utc_now, repr=False)


@frozen(eq=False)
class Made:
    """A plan as it was made, and what was carried over to it."""

    plan: Plan
    carried: Carried


def read_upload(host: Host, name: str, content: bytes, at: datetime, reading: Mapping[str, Any]) -> Roster:
    """Read one upload as of the day on which it came.

    Args:
        host: whose options hold.
        name, content: the file.
        at: when it came.
        reading: fields of `ReadOptions` that are otherwise for this file, as the journal keeps them.

    Raises:
        UnreadableFile: it cannot be read at all.

    """
    options = evolve(host.options, as_of=host.options.as_of or at.date(), **reading)
    return read_roster(content, filename=name, options=options)


def compile_standing(host: Host, progress: Progress) -> Roster:
    """Read and compile the uploads that count."""
    rosters = []
    for upload in progress.standing_uploads:
        content = host.journal.get_document(progress.stream, upload.document)
        rosters.append(read_upload(host, upload.name, content, upload.at, upload.reading))
    return compile_uploads(rosters, policy=host.policy)


def make(host: Host, progress: Progress, at: datetime) -> Made:
    """Make the plan of the uploads that count, from the base as it is now.

    What was decided on an earlier plan of this workflow is kept where the records did not change; what was decided in
    others is remembered as `planning.recall` says.
    """
    base, incoming = host.store.load(), compile_standing(host, progress)
    memos = recollect(host.journal)
    own = own_decisions(memos, progress)
    others = [m.decision for m in memos if m.decision is not None and not _is_own(m, progress)]
    given = latest_answers([m.decision for m in own if m.decision is not None])
    kept, changed = keep_unchanged(given, base, incoming)
    context = evolve(
        host.context,
        as_of=at.date(),
        school_year=progress.school_year,
        deleted=host.store.load_deleted(),
        decisions=(*host.context.decisions, *others, *kept),
        names=(*host.context.names, *names_for(memos, base)),
        window=progress.window,
    )
    plan = make_plan(base, incoming, policy=evolve(host.policy, mode=progress.mode), context=context, model=host.model)
    fates = tell_fates(plan, kept, changed)
    if progress.plan is None or not (progress.acknowledgement or progress.overrides):
        return Made(plan, Carried(fates))
    words = progress.acknowledgement, progress.overrides
    return Made(plan, Carried(fates, *carry_words(words, load_planned(host, progress), plan, kept)))


def facts_of(made: Made, document: str) -> dict[str, object]:
    """What the event of a plan tells; `document` is its name in the journal."""
    plan, carried = made.plan, made.carried
    certain = int(plan.deletable["certain"].sum())
    return {
        "plan_id": plan.plan_id,
        "document": document,
        "incoming": plan.incoming.digest,
        "counts": dict(plan.counts),
        "certain": certain,
        "held": plan.deletable.height - certain,
        "guards": list(plan.held_by),
        "kept": carried.count(Fate.KEPT),
        "asked_again": carried.count(Fate.ASKED_AGAIN),
    }


def load_planned(host: Host, progress: Progress) -> Plan:
    """Load the latest plan from the journal."""
    assert progress.plan is not None, "there is a plan"
    return decode_plan(host.journal.get_document(progress.stream, progress.plan.document))


def own_decisions(memos: Sequence[Memo], progress: Progress) -> list[Memo]:
    """The decisions that were given in this workflow, on any of its plans."""
    return [memo for memo in memos if memo.decision is not None and _is_own(memo, progress)]


def _is_own(memo: Memo, progress: Progress) -> bool:
    return (memo.stream, memo.number) == (progress.stream, progress.number)
