"""What is done for a school beside its workflows: what is remembered is listed and revoked, accounts are restored.

Invariants: every step leaves its event; a name that is remembered helps to recognise a student and is never written.
"""

from collections.abc import Iterable

import polars as pl

from rosterdiff.errors import InvalidOption
from rosterdiff.frames import student_keys
from rosterdiff.migration.documents import encode_name
from rosterdiff.migration.host import Host
from rosterdiff.migration.memory import list_memory, recollect
from rosterdiff.migration.states import Kind
from rosterdiff.migration.taking import record
from rosterdiff.model import Actor, KnownName
from rosterdiff.roles import Step
from rosterdiff.stores import Draft, document_name


def remembered(host: Host) -> pl.DataFrame:
    """What is remembered of the school's students, for the next plan (`memory.MEMORY`)."""
    return list_memory(recollect(host.journal))


def remember_name(
    host: Host, student_id: str, *, given_name: str | None = None, family_name: str | None = None, actor: Actor
) -> str:
    """Remember a further name of a student, as long as the student's id and names are as they are now.

    Args:
        host: of the school.
        student_id: an active student.
        given_name, family_name: the name, or the part of it that is another.
        actor: staff.

    Returns:
        The id by which it is revoked.

    Raises:
        NotPermitted: the actor is not staff.
        InvalidOption: no name is given, or there is no such student.

    """
    actor.require(Step.REMEMBER)
    if not (given_name or family_name):
        raise InvalidOption("A further name has a given name or a family name.", "Give one of them.")
    base = host.store.load()
    keys = dict(zip(base.frame["student_id"], student_keys(base), strict=True))
    if student_id not in keys:
        raise InvalidOption("There is no active student of this id.", "Look the id up in the host.")
    document = encode_name(KnownName(student_id, given_name, family_name), keys[student_id])
    told = {"document": document_name(document), "students": [student_id]}
    event = record(host, Draft(Kind.REMEMBERED, actor, host.clock(), told), (document,))
    return recollect(host.journal, [event])[0].memo_id


def forget(host: Host, memo_id: str, *, actor: Actor) -> None:
    """Revoke what is remembered: no plan that is made from now on knows it.

    Args:
        host: of the school.
        memo_id: as `remembered` lists it.
        actor: staff.

    Raises:
        NotPermitted: the actor is not staff.
        InvalidOption: nothing of that id is remembered.

    """
    actor.require(Step.FORGET)
    if memo_id not in {memo.memo_id for memo in recollect(host.journal)}:
        raise InvalidOption("Nothing of this id is remembered.", "The list of what is remembered has the ids.")
    record(host, Draft(Kind.FORGOTTEN, actor, host.clock(), {"memory": memo_id}))


def restore(host: Host, student_ids: Iterable[str], *, actor: Actor) -> tuple[str, ...]:
    """Bring deleted students back, with their ids and whole records.

    Raises:
        NotPermitted: the actor is not staff.
        UnknownStudent: some are not among the deleted; nothing is restored.

    """
    actor.require(Step.RESTORE)
    restored = host.store.restore(student_ids, actor=actor)
    record(host, Draft(Kind.RESTORED, actor, host.clock(), {"count": len(restored), "students": list(restored)}))
    return restored
