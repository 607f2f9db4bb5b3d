"""What every store promises of the records beside the students: witnesses see them, and purges forget them.

Invariants: those of `testing.contract`, of which this is a part.
"""

from datetime import timedelta

import pytest

from rosterdiff.errors import PurgedReceipt, UnknownStudent
from rosterdiff.model import Receipt
from rosterdiff.stores import Purged
from rosterdiff.testing.builders import a_change_set, a_student
from rosterdiff.testing.histories import STAFF
from rosterdiff.testing.model import as_records
from rosterdiff.testing.store_maker import StoreMaker


class RecordsContract(StoreMaker):
    """The tests of witnesses and purges."""

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

    def test_a_witness_of_a_purge_sees_it_and_takes_it_back_by_raising(self) -> None:
        """What is told of a purge and the purge are one."""
        store, ids = self.a_school()
        receipt = store.apply(self.mixed(store, ids), actor=STAFF)
        late, before = receipt.applied_at + timedelta(days=1), self.state(store)
        seen: list[Purged] = []

        def refusing(purged: Purged) -> None:
            seen.append(purged)
            raise LookupError("the journal is closed")

        with pytest.raises(LookupError, match="the journal is closed"):
            store.purge(late, actor=STAFF, witness=refusing)
        self.assert_same(store, before)
        assert store.purge(late, actor=STAFF, witness=seen.append) == seen[0] == seen[1]
        assert seen[0].students == (ids[3],)

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
