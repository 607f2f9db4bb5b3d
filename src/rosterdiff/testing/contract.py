"""What every store promises, as tests: subclass `StoreContract`, make your store of a roster, and run pytest.

Invariants: the tests use nothing but the `Store` protocol; every promise of the protocol has a test whose name or
docstring says it; whole histories are compared with a model of plain dictionaries.
"""

from datetime import timedelta
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rosterdiff.errors import (
    ChangedSince,
    NotPermitted,
    StalePlan,
    StoreError,
    UnknownReceipt,
    UnknownStudent,
)
from rosterdiff.model import Actor, Role
from rosterdiff.schema import PROVENANCE
from rosterdiff.stores import Store
from rosterdiff.testing.builders import a_change_set, a_roster, a_student
from rosterdiff.testing.histories import HOSTILE, STAFF, one_step
from rosterdiff.testing.model import ModelStore, as_records
from rosterdiff.testing.records_contract import RecordsContract
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


class StoreContract(RecordsContract):
    """The tests of a store; a subclass makes the store and says what its table can keep (see `StoreMaker`)."""

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

    def test_a_plan_of_another_base_is_refused(self) -> None:
        """Also one that only adds, where another school numbers its students alike; some students may be gone."""
        store, ids = self.a_school()
        names = ("Oan", "Yusra", "Tamsin", "Zed")
        others = self.base(*(a_student(given_name=name, family_name="Oakes") for name in names))
        before = self.state(store)
        with pytest.raises(StalePlan) as refused:
            store.apply(a_change_set(others, additions=[a_student()]), actor=STAFF)
        assert (refused.value.changed, refused.value.added) == (tuple(ids), ())
        self.assert_same(store, before)
        adding = a_change_set(store.load(), additions=[a_student(given_name="Ünsal")])
        store.apply(a_change_set(store.load(), deletions=ids[1:]), actor=STAFF)
        assert len(store.apply(adding, actor=STAFF).student_ids) == 1

    def test_a_plan_of_a_school_is_refused_where_there_is_nobody(self) -> None:
        """A school that has no students yet is another than the one whose plan only adds some."""
        others = self.base(a_student(), a_student(given_name="Maro"))
        store = self.make_store(a_roster())
        with pytest.raises(StalePlan):
            store.apply(a_change_set(others, additions=[a_student(given_name="Ünsal")]), actor=STAFF)
        assert len(store.load()) == 0

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
