"""Steps of a store's history, drawn at random and taken by a store and by its model alike.

Invariants: a step asserts what the store says; what the store then holds is compared by the caller.
"""

from collections.abc import Collection
from typing import Final

import pytest
from hypothesis import strategies as st

from rosterdiff.errors import ChangedSince, StalePlan
from rosterdiff.frames import Roster
from rosterdiff.model import Actor, Role
from rosterdiff.plans import ChangeSet
from rosterdiff.schema import CANONICAL
from rosterdiff.stores import Store
from rosterdiff.testing.builders import a_change_set
from rosterdiff.testing.model import Done, ModelStore
from rosterdiff.testing.strategies import students

STAFF: Final = Actor(Role.STAFF, "Ada Example")

HOSTILE: Final = ("Robert'); DROP TABLE students;--", '"quoted" and \\slashed\\', "%s ? :name {x}", "7\u20097", "🚌")
"""Texts that a store must take as data."""


def one_step(data: st.DataObject, store: Store, model: ModelStore) -> None:
    """Take one step that makes sense now: apply, undo, apply again, restore."""
    steps = ["apply", *(["undo", "redo"] if model.history else []), *(["restore"] if model.deleted else [])]
    match data.draw(st.sampled_from(steps), label="step"):
        case "apply":
            changes = draw_changes(data, store.load(), model, plan_id=f"plan {len(model.history)}")
            model.apply(changes, store.apply(changes, actor=STAFF))
        case "undo":
            _undo(data.draw(st.sampled_from(model.history)).receipt.receipt_id, store, model)
        case "redo":
            _redo(data.draw(st.sampled_from(model.history)), store, model)
        case _:
            wanted = data.draw(st.lists(st.sampled_from(sorted(model.deleted)), min_size=1, unique=True))
            assert store.restore(wanted, actor=STAFF) == tuple(sorted(wanted))
            model.restore(wanted)


def draw_changes(data: st.DataObject, base: Roster, model: ModelStore, *, plan_id: str) -> ChangeSet:
    """Draw a change set on a base: any students changed, deleted, added."""
    ids = base.frame["student_id"].to_list()
    chosen = data.draw(st.lists(st.sampled_from(ids), unique=True) if ids else st.just([]), label="touched")
    cut = data.draw(st.integers(0, len(chosen)), label="deleted")
    return a_change_set(
        base,
        additions=data.draw(st.lists(students(), max_size=2), label="additions"),
        updates={student_id: data.draw(_values(model.kept), label="values") for student_id in chosen[cut:]},
        deletions=chosen[:cut],
        plan_id=plan_id,
    )


def _values(kept: Collection[str]) -> st.SearchStrategy[dict[str, str | None]]:
    texts = st.sampled_from([None, "1A", "007", *HOSTILE])
    possible: dict[str, st.SearchStrategy[str | None]] = {
        "class_name": texts,
        "student_number": texts,
        "grade": st.sampled_from([None, "KG", "04", "11"]),
        "birth_date": st.sampled_from([None, "2014-02-28", "2016-12-31"]),
        **dict.fromkeys(sorted(set(kept) - set(CANONICAL)), texts),
    }
    return st.fixed_dictionaries({}, optional=possible).filter(bool)


def _undo(receipt_id: str, store: Store, model: ModelStore) -> None:
    moved = model.undo(receipt_id)
    if moved:
        with pytest.raises(ChangedSince) as refused:
            store.undo(receipt_id, actor=STAFF)
        assert refused.value.student_ids == tuple(moved)
    else:
        store.undo(receipt_id, actor=STAFF)


def _redo(done: Done, store: Store, model: ModelStore) -> None:
    """Apply a plan again: its standing receipt; after its undo it is written again, unless the base has moved."""
    standing = [known.receipt for known in model.history if known.changes is done.changes and not known.undone]
    changed, added = model.moved_since(done)
    if standing:
        assert store.apply(done.changes, actor=STAFF) == standing[0]
    elif changed or added:
        with pytest.raises(StalePlan) as refused:
            store.apply(done.changes, actor=STAFF)
        assert (refused.value.changed, refused.value.added) == (tuple(changed), tuple(added))
    else:
        model.apply(done.changes, store.apply(done.changes, actor=STAFF))
