"""What every store promises, as tests: subclass `StoreContract`, make your store of a roster, and run pytest.

Invariants: the tests use nothing but the `Store` protocol; every promise of the protocol has a test whose name or
docstring says it; whole histories are compared with a model of plain dictionaries.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Final

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rosterdiff.errors import (
    ChangedSince,
    NotPermitted,
    PurgedReceipt,
    StalePlan,
    StoreError,
    UnknownReceipt,
    UnknownStudent,
)
from rosterdiff.frames import Roster
from rosterdiff.model import Actor, Receipt, Role
from rosterdiff.plans import ChangeSet
from rosterdiff.schema import CANONICAL, PROVENANCE
from rosterdiff.stores import Store
from rosterdiff.testing.builders import Value, a_change_set, a_roster, a_student
from rosterdiff.testing.histories import HOSTILE, STAFF, one_step
from rosterdiff.testing.model import ModelStore, as_records
from rosterdiff.testing.strategies import students

ADMINISTRATOR: Final = Actor(Role.ADMINISTRATOR, "Ben Example")

_QUICK: Final = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.differing_executors,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)


class StoreContract:
    """The tests of a store; a subclass makes the store and says what its table can keep.

    Attributes:
        fields: the canonical fields that the store keeps; all unless the host's table has fewer.
        further: further columns that the host's table has.
        id_pattern: how an id is made of a number: `{}` where ids are numbers.

    """

    fields: Collection[str] = tuple(CANONICAL)
    further: Collection[str] = ("Bus",)
    id_pattern: str = "s{}"

    def make_store(self, roster: Roster) -> Store:
        """Make a new store that holds this base and nothing else; every call makes another."""
        raise NotImplementedError("A subclass of StoreContract makes its store here.")

    # what the tests are made of

    def student_id(self, number: int) -> str:
        """The id of a number, as this store has ids."""
        return self.id_pattern.format(number)

    def base(self, *people: Mapping[str, Value]) -> Roster:
        """A base of these records with ids of this store, and with only what it keeps."""
        kept = {*self.fields, *self.further}
        records = [
            {name: value for name, value in person.items() if name in kept} | {"student_id": self.student_id(number)}
            for number, person in enumerate(people, 101)
        ]
        absent = dict.fromkeys(self.further)
        return a_roster(*({**absent, **record} for record in records))

    def a_school(self) -> tuple[Store, list[str]]:
        """A store of four students, two of them twins, and their ids."""
        twins = [a_student(given_name=name, birth_date="2015-11-02", Bus="7") for name in ("Maro", "Mara")]
        roster = self.base(a_student(), *twins, a_student(given_name="Teodin", family_name="Li", grade="06"))
        return self.make_store(roster), list(roster.frame["student_id"])

    def state(self, store: Store) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Everything that a store holds of students."""
        return store.load().frame, store.load_deleted().frame

    def assert_same(self, store: Store, before: tuple[pl.DataFrame, pl.DataFrame]) -> None:
        """The store holds what it held, to the byte and in the same order."""
        for now, then in zip(self.state(store), before, strict=True):
            assert now.equals(then)
            assert now.schema == then.schema

    def mixed(self, store: Store, ids: list[str]) -> ChangeSet:
        """A change set that adds one student, changes one and deletes one."""
        return a_change_set(
            store.load(),
            additions=[a_student(given_name="Ünsal")],
            updates={ids[1]: {"grade": "04", "class_name": "4A"}},
            deletions=[ids[3]],
        )

    # loading

    def test_it_is_a_store(self) -> None:
        """An adapter has the methods of the protocol."""
        assert isinstance(self.a_school()[0], Store)

    def test_it_loads_the_base_sorted_by_id_and_without_provenance(self) -> None:
        """What was put in comes out; where a row once came from is no part of a base."""
        roster = self.base(*[a_student(given_name=name) for name in ("Zé", "Мирела", "若晴", "نوريد", "O’Reya")])
        reversed_roster = a_roster(*reversed(roster.frame.drop(PROVENANCE).to_dicts()), source_file="base.csv")
        loaded = self.make_store(reversed_roster).load()
        assert as_records(loaded) == as_records(roster)
        assert loaded.frame["student_id"].to_list() == sorted(roster.frame["student_id"])
        assert loaded.frame["source_file"].null_count() == len(roster)

    def test_an_empty_base_is_a_base(self) -> None:
        """A new school has no students; its first upload adds them all."""
        store = self.make_store(self.base())
        receipt = store.apply(a_change_set(store.load(), additions=[a_student(), a_student()]), actor=STAFF)
        assert sorted(receipt.student_ids.values()) == store.load().frame["student_id"].to_list()

    # applying

    def test_apply_adds_changes_and_deletes_and_the_receipt_tells(self) -> None:
        """The receipt maps rows to new ids and names whom it changed and deleted."""
        store, ids = self.a_school()
        receipt = store.apply(self.mixed(store, ids), actor=STAFF)
        now = as_records(store.load())
        (new,) = receipt.student_ids.values()
        assert set(now) == {*ids[:3], new}
        assert now[new]["given_name"] == "Ünsal"
        assert (now[ids[1]]["grade"], now[ids[1]]["class_name"]) == ("04", "4A")
        assert now[ids[1]]["given_name"] == "Maro"
        assert (receipt.updated, receipt.deleted, set(receipt.student_ids)) == ((ids[1],), (ids[3],), {0})
        assert (receipt.actor.role, receipt.undone_at) == (Role.STAFF, None)
        assert store.receipts() == (receipt,)

    def test_deleted_students_are_kept_whole(self) -> None:
        """A deletion moves a student to the deleted; nothing of the record is lost."""
        store, ids = self.a_school()
        before = as_records(store.load())
        store.apply(a_change_set(store.load(), deletions=ids[:2]), actor=STAFF)
        assert as_records(store.load_deleted()) == {student_id: before[student_id] for student_id in ids[:2]}

    def test_the_same_plan_again_has_no_effect(self) -> None:
        """Applying twice returns the first receipt."""
        store, ids = self.a_school()
        changes = self.mixed(store, ids)
        first = store.apply(changes, actor=STAFF)
        before = self.state(store)
        assert store.apply(changes, actor=STAFF) == first
        self.assert_same(store, before)
        assert store.receipts() == (first,)

    def test_hostile_texts_are_data(self) -> None:
        """What is a command to a database is a class name to a store."""
        store, ids = self.a_school()
        added = [a_student(given_name=text, class_name=text) for text in HOSTILE]
        changes = a_change_set(store.load(), additions=added, updates={ids[0]: {"class_name": HOSTILE[0]}})
        receipt = store.apply(changes, actor=STAFF)
        now = as_records(store.load())
        assert [now[receipt.student_ids[row]]["class_name"] for row in range(len(HOSTILE))] == list(HOSTILE)
        assert now[ids[0]]["class_name"] == HOSTILE[0]

    def test_new_ids_were_never_used_before(self) -> None:
        """Not by a student, a deleted one, or one whose adding was undone."""
        store, ids = self.a_school()
        used = set(ids)
        store.apply(a_change_set(store.load(), deletions=[max(ids)], plan_id="leaver"), actor=STAFF)
        for turn in range(4):
            changes = a_change_set(store.load(), additions=[a_student(), a_student()], plan_id=f"turn {turn}")
            receipt = store.apply(changes, actor=STAFF)
            new = set(receipt.student_ids.values())
            assert len(new) == 2
            assert not new & used
            used |= new
            if turn % 2:
                store.undo(receipt.receipt_id, actor=STAFF)
            else:
                store.apply(a_change_set(store.load(), deletions=new, plan_id=f"leavers {turn}"), actor=STAFF)

    def test_an_id_that_the_same_plan_frees_is_not_given_again(self) -> None:
        """Whoever leaves and whoever comes in one plan are two."""
        store, ids = self.a_school()
        changes = a_change_set(store.load(), additions=[a_student(), a_student()], deletions=ids[1:])
        receipt = store.apply(changes, actor=STAFF)
        assert not set(receipt.student_ids.values()) & set(ids)

    def test_adding_a_namesake_of_a_deleted_student_restores_nothing(self) -> None:
        """A newcomer gets an account of his own, whoever left before."""
        store, ids = self.a_school()
        store.apply(a_change_set(store.load(), deletions=[ids[0]]), actor=STAFF)
        store.apply(a_change_set(store.load(), additions=[a_student()]), actor=STAFF)
        assert ids[0] in as_records(store.load_deleted())
        assert ids[0] not in as_records(store.load())

    # preconditions

    @pytest.mark.parametrize("deleted", [False, True])
    def test_a_student_that_moved_makes_the_plan_stale(self, deleted: bool) -> None:  # noqa: FBT001
        """A touched student was changed or deleted since the plan: nothing is written, and the student is named."""
        store, ids = self.a_school()
        stale = self.mixed(store, ids)
        moved = {ids[1]: {"class_name": "3C"}}
        between = (
            a_change_set(store.load(), deletions=[ids[1]]) if deleted else a_change_set(store.load(), updates=moved)
        )
        store.apply(between, actor=STAFF)
        before, receipts = self.state(store), store.receipts()
        with pytest.raises(StalePlan) as refused:
            store.apply(stale, actor=STAFF)
        assert refused.value.changed == (ids[1],)
        self.assert_same(store, before)
        assert store.receipts() == receipts

    def test_a_student_added_since_makes_a_plan_with_additions_stale(self) -> None:
        """The newcomer of another plan might be one whom this plan adds; a plan without additions stands."""
        store, ids = self.a_school()
        adding, changing = self.mixed(store, ids), a_change_set(store.load(), updates={ids[0]: {"class_name": "1A"}})
        (new,) = store.apply(a_change_set(store.load(), additions=[a_student()]), actor=STAFF).student_ids.values()
        with pytest.raises(StalePlan) as refused:
            store.apply(adding, actor=STAFF)
        assert (refused.value.changed, refused.value.added) == ((), (new,))
        assert store.apply(changing, actor=STAFF).updated == (ids[0],)

    def test_a_student_that_the_plan_does_not_touch_may_move(self) -> None:
        """Preconditions are of the students that are written."""
        store, ids = self.a_school()
        changes = a_change_set(store.load(), updates={ids[0]: {"class_name": "1A"}})
        store.apply(a_change_set(store.load(), updates={ids[1]: {"class_name": "3C"}}), actor=STAFF)
        store.apply(changes, actor=STAFF)
        assert [as_records(store.load())[student]["class_name"] for student in ids[:2]] == ["1A", "3C"]

    def test_no_change_set_changes_a_name(self) -> None:
        """Whoever made it: names are not written, and nor are ids."""
        store, ids = self.a_school()
        before = self.state(store)
        for name in ("family_name", "preferred_given_name", "student_id"):
            with pytest.raises(StoreError):
                store.apply(a_change_set(store.load(), updates={ids[0]: {name: "Vandel"}}), actor=STAFF)
        self.assert_same(store, before)

    # undoing

    def test_undo_brings_back_exactly_what_was(self) -> None:
        """Added students go, changed fields and deleted students are as before, to the byte."""
        store, ids = self.a_school()
        before = self.state(store)
        receipt = store.apply(self.mixed(store, ids), actor=STAFF)
        undone = store.undo(receipt.receipt_id, actor=STAFF)
        self.assert_same(store, before)
        assert undone.undone_at is not None
        assert undone.undone_by is not None
        assert store.receipts() == (undone,)

    def test_undo_twice_has_no_effect(self) -> None:
        """The second undo returns the receipt of the first."""
        store, ids = self.a_school()
        receipt = store.apply(self.mixed(store, ids), actor=STAFF)
        undone = store.undo(receipt.receipt_id, actor=STAFF)
        before = self.state(store)
        assert store.undo(receipt.receipt_id, actor=STAFF) == undone
        self.assert_same(store, before)

    def test_after_undo_the_plan_can_be_applied_again(self) -> None:
        """It gets a receipt of its own, and its undo works too."""
        store, ids = self.a_school()
        before, changes = self.state(store), self.mixed(store, ids)
        first = store.apply(changes, actor=STAFF)
        store.undo(first.receipt_id, actor=STAFF)
        second = store.apply(changes, actor=STAFF)
        assert second.receipt_id != first.receipt_id
        assert [receipt.undone_at is None for receipt in store.receipts()] == [False, True]
        store.undo(second.receipt_id, actor=STAFF)
        self.assert_same(store, before)

    def test_undo_is_refused_where_a_student_changed_since(self) -> None:
        """The student is named, and nothing is undone, for the others neither."""
        store, ids = self.a_school()
        receipt = store.apply(self.mixed(store, ids), actor=STAFF)
        store.apply(a_change_set(store.load(), updates={ids[1]: {"class_name": "5C"}}), actor=STAFF)
        before = self.state(store)
        with pytest.raises(ChangedSince) as refused:
            store.undo(receipt.receipt_id, actor=STAFF)
        assert refused.value.student_ids == (ids[1],)
        self.assert_same(store, before)

    def test_undo_is_refused_where_a_student_went_or_came_back_since(self) -> None:
        """An added student who was deleted since, and a deleted one who was restored, are changes too."""
        store, ids = self.a_school()
        receipt = store.apply(self.mixed(store, ids), actor=STAFF)
        (new,) = receipt.student_ids.values()
        store.apply(a_change_set(store.load(), deletions=[new]), actor=STAFF)
        store.restore([ids[3]], actor=STAFF)
        with pytest.raises(ChangedSince) as refused:
            store.undo(receipt.receipt_id, actor=STAFF)
        assert refused.value.student_ids == tuple(sorted([new, ids[3]]))

    def test_an_unknown_receipt_is_refused(self) -> None:
        """A receipt is undone where it was written."""
        with pytest.raises(UnknownReceipt):
            self.a_school()[0].undo("nowhere-1", actor=STAFF)

    # restoring

    def test_restore_brings_the_whole_record_back(self) -> None:
        """With its id, and no longer among the deleted."""
        store, ids = self.a_school()
        before = self.state(store)
        store.apply(a_change_set(store.load(), deletions=ids[:2]), actor=STAFF)
        assert store.restore([ids[1], ids[0], ids[1]], actor=STAFF) == tuple(sorted(ids[:2]))
        self.assert_same(store, before)

    def test_restore_names_those_who_are_not_deleted_and_restores_nobody(self) -> None:
        """All of them or none."""
        store, ids = self.a_school()
        store.apply(a_change_set(store.load(), deletions=[ids[0]]), actor=STAFF)
        before = self.state(store)
        with pytest.raises(UnknownStudent) as refused:
            store.restore([ids[0], ids[1], "nobody"], actor=STAFF)
        assert refused.value.student_ids == tuple(sorted([ids[1], "nobody"]))
        self.assert_same(store, before)

    # witnesses

    def test_a_witness_sees_what_is_about_to_be_committed(self) -> None:
        """The receipt of an apply, the same of a second one, and that of an undo."""
        store, ids = self.a_school()
        seen: list[Receipt] = []
        changes = self.mixed(store, ids)
        receipt = store.apply(changes, actor=STAFF, witness=seen.append)
        store.apply(changes, actor=STAFF, witness=seen.append)
        undone = store.undo(receipt.receipt_id, actor=STAFF, witness=seen.append)
        store.undo(receipt.receipt_id, actor=STAFF, witness=seen.append)
        assert seen == [receipt, receipt, undone, undone]

    def test_a_witness_that_raises_takes_everything_back(self) -> None:
        """Its error is the caller's; the store is as it was, and goes on working."""
        store, ids = self.a_school()

        def refusing(_: Receipt) -> None:
            raise LookupError("the journal is closed")

        before = self.state(store)
        with pytest.raises(LookupError, match="the journal is closed"):
            store.apply(self.mixed(store, ids), actor=STAFF, witness=refusing)
        self.assert_same(store, before)
        assert store.receipts() == ()
        receipt = store.apply(self.mixed(store, ids), actor=STAFF)
        applied = self.state(store)
        with pytest.raises(LookupError, match="the journal is closed"):
            store.undo(receipt.receipt_id, actor=STAFF, witness=refusing)
        self.assert_same(store, applied)
        assert store.receipts() == (receipt,)

    # purging

    def test_a_purge_takes_what_undo_and_restore_need_and_leaves_the_receipts(self) -> None:
        """What can no longer be done is said; active students stay as they are."""
        store, ids = self.a_school()
        receipt = store.apply(self.mixed(store, ids), actor=STAFF)
        active = store.load().frame
        purged = store.purge(receipt.applied_at + timedelta(microseconds=1), actor=STAFF)
        assert (purged.receipts, purged.students) == ((receipt.receipt_id,), (ids[3],))
        assert store.receipts() == (receipt,)
        assert len(store.load_deleted()) == 0
        assert store.load().frame.equals(active)
        with pytest.raises(PurgedReceipt) as refused:
            store.undo(receipt.receipt_id, actor=STAFF)
        assert refused.value.receipt_id == receipt.receipt_id
        with pytest.raises(UnknownStudent):
            store.restore([ids[3]], actor=STAFF)
        again = store.purge(receipt.applied_at + timedelta(days=1), actor=STAFF)
        assert (again.receipts, again.students) == ((), ())

    def test_a_purge_leaves_what_is_younger(self) -> None:
        """A receipt applied at the moment itself is not before it."""
        store, ids = self.a_school()
        before = self.state(store)
        receipt = store.apply(self.mixed(store, ids), actor=STAFF)
        purged = store.purge(receipt.applied_at, actor=STAFF)
        assert (purged.receipts, purged.students) == ((), ())
        store.undo(receipt.receipt_id, actor=STAFF)
        self.assert_same(store, before)

    def test_a_student_deleted_again_later_is_not_purged_with_the_first_deletion(self) -> None:
        """The last deletion counts; one who was restored is a student like any other."""
        store, ids = self.a_school()
        first = store.apply(a_change_set(store.load(), deletions=ids[:2], plan_id="first"), actor=STAFF)
        store.restore(ids[:2], actor=STAFF)
        second = store.apply(a_change_set(store.load(), deletions=[ids[0]], plan_id="second"), actor=STAFF)
        purged = store.purge(second.applied_at, actor=STAFF)
        assert (purged.receipts, purged.students) == ((first.receipt_id,), ())
        assert store.restore([ids[0]], actor=STAFF) == (ids[0],)
        assert set(ids) == set(as_records(store.load()))

    def test_ids_of_purged_students_are_not_given_again(self) -> None:
        """A purge forgets the record, and not that there was one."""
        store, ids = self.a_school()
        receipt = store.apply(a_change_set(store.load(), deletions=[max(ids)]), actor=STAFF)
        store.purge(receipt.applied_at + timedelta(days=1), actor=STAFF)
        receipt = store.apply(a_change_set(store.load(), additions=[a_student()]), actor=STAFF)
        assert not set(receipt.student_ids.values()) & set(ids)

    # who may, and what is said

    def test_only_staff_applies_undoes_and_restores(self) -> None:
        """The school's administrator is refused, and nothing is written."""
        store, ids = self.a_school()
        receipt = store.apply(self.mixed(store, ids), actor=STAFF)
        before = self.state(store)
        with pytest.raises(NotPermitted):
            store.apply(a_change_set(store.load(), deletions=[ids[0]]), actor=ADMINISTRATOR)
        with pytest.raises(NotPermitted):
            store.undo(receipt.receipt_id, actor=ADMINISTRATOR)
        with pytest.raises(NotPermitted):
            store.restore([ids[3]], actor=ADMINISTRATOR)
        with pytest.raises(NotPermitted):
            store.purge(receipt.applied_at + timedelta(days=1), actor=ADMINISTRATOR)
        self.assert_same(store, before)

    def test_nothing_said_of_a_store_holds_a_value(self) -> None:
        """Neither reprs nor refusals show a cell of a child's record."""
        store, ids = self.a_school()
        stale = self.mixed(store, ids)
        receipt = store.apply(a_change_set(store.load(), updates={ids[1]: {"class_name": "QX9"}}), actor=STAFF)
        with pytest.raises(StalePlan) as refused:
            store.apply(stale, actor=STAFF)
        for said in (repr(store), repr(receipt), str(refused.value)):
            assert not any(value in said for value in ("QX9", "Torenbek", "Maro", "2015-11-02"))

    # whole histories

    @_QUICK
    @given(st.data())
    def test_any_history_is_that_of_a_model_of_dictionaries(self, data: st.DataObject) -> None:
        """Any applies, undos and restores of any students leave what plain dictionaries hold."""
        people = data.draw(st.lists(students(), min_size=1, max_size=5), label="people")
        store = self.make_store(self.base(*people))
        model = ModelStore.of(store.load(), {*self.fields, *self.further} - {"student_id"})
        for _ in range(data.draw(st.integers(1, 5), label="steps")):
            one_step(data, store, model)
            assert as_records(store.load()) == model.active
            assert as_records(store.load_deleted()) == model.deleted
