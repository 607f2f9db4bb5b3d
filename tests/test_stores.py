"""What stores share: preconditions, ids, receipts; and the store in memory where it goes beyond the contract."""

import threading

import polars as pl
import pytest

from rosterdiff.errors import ChangedSince, InvalidRoster, StalePlan, StoreError
from rosterdiff.model import Actor
from rosterdiff.plans import ChangeSet
from rosterdiff.schema import UPDATES
from rosterdiff.stores import MemoryStore
from rosterdiff.stores.base import footprint, name_receipt, require_fresh, require_sound, require_untouched
from rosterdiff.stores.ids import fresh_ids
from rosterdiff.testing import a_change_set, a_roster, a_student

STAFF = Actor.parse("staff:Ada Example")
BASE = a_roster(a_student("s1", Bus="7"), a_student("s2"), a_student("s3", given_name="Maro"))


def with_updates(*updates: tuple[str, str, str | None, str | None]) -> ChangeSet:
    """A change set of these lines, with preconditions for all of the base."""
    every = a_change_set(BASE, deletions=["s1", "s2", "s3"])
    frame = pl.DataFrame(updates, schema=UPDATES, orient="row")
    return ChangeSet("p", "p", every.additions, frame, (), every.expected, None)


# New ids


@pytest.mark.parametrize(
    ("used", "made"),
    [
        ((), ["1", "2"]),
        (("9", "10"), ["11", "12"]),
        (("0099", "0007"), ["0100", "0101"]),
        (("9", "09"), ["10", "11"]),
        (("99999999999999999999",), ["100000000000000000000", "100000000000000000001"]),
    ],
)
def test_numbers_are_followed_by_the_next_numbers(used: tuple[str, ...], made: list[str]) -> None:
    """As wide as the widest, where some begin with a zero."""
    assert fresh_ids(used, 2) == made


def test_other_ids_are_followed_by_random_ones() -> None:
    """One id that is no number is enough; digits of other scripts are no numbers of ours."""
    for used in (("1", "s2"), ("٣",), ("-1",)):
        made = fresh_ids(used, 2)
        assert len(set(made)) == 2
        assert all(len(new) == 32 for new in made)


def test_a_generator_of_the_hosts_is_asked_again_when_its_id_was_used() -> None:
    turns = iter(["s1", "s4", "s4", "s5"])
    assert fresh_ids({"s1"}, 2, lambda: next(turns)) == ["s4", "s5"]


def test_a_generator_that_repeats_itself_is_refused() -> None:
    with pytest.raises(StoreError, match="used before"):
        fresh_ids({"s1"}, 1, lambda: "s1")


def test_receipts_are_named_after_their_plan() -> None:
    """A plan that is applied again after its undo has a receipt of another name."""
    first = name_receipt("abcdef0123456789", [])
    assert first == "abcdef012345-1"
    assert name_receipt("abcdef0123456789", [first, "zzz-1"]) == "abcdef012345-2"


# What a change set must be


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (("s1", "given_name", "Ilva", "Zé"), "changes a name"),
        (("s1", "name_suffix", None, "Jr"), "changes a name"),
        (("s1", "student_id", "s1", "s9"), "changes a name, an id"),
        (("s1", "source_file", None, "x.csv"), "provenance"),
        (("s9", "class_name", None, "3B"), "without a precondition"),
        (("s1", "grade", "03", "Year 4"), "birth date or grade"),
        (("s1", "birth_date", None, "2016-02-30"), "birth date or grade"),
        (("s1", "birth_date", None, "20160203"), "birth date or grade"),
    ],
)
def test_an_unsound_change_set_is_refused_without_its_values(line: tuple[str, ...], fault: str) -> None:
    with pytest.raises(StoreError, match=fault) as refused:
        require_sound(with_updates(line))
    assert str(line[3]) not in str(refused.value)


def test_every_fault_is_told_at_once() -> None:
    """A field that is written twice, and a name, in one refusal."""
    lines = [("s1", "class_name", "3B", "4A"), ("s1", "class_name", "3B", "4B"), ("s2", "given_name", None, "x")]
    with pytest.raises(StoreError, match=r"name.*twice"):
        require_sound(with_updates(*lines))


def test_a_student_is_not_both_changed_and_deleted() -> None:
    both = a_change_set(BASE, updates={"s1": {"grade": "04"}}, deletions=["s1"])
    with pytest.raises(StoreError, match="deletes a student whom it updates"):
        require_sound(both)


# Preconditions and footprints


def test_a_precondition_covers_the_canonical_fields_and_no_others() -> None:
    """The host may move its own columns; any canonical field, and being there, counts."""
    changes = a_change_set(BASE, deletions=["s1", "s2"])
    bus = a_roster(a_student("s1", Bus="8"), a_student("s2"))
    require_fresh(changes, bus.frame)
    for name, value in (("email", "a@example.org"), ("given_name", "Zé"), ("birth_date", None)):
        with pytest.raises(StalePlan) as refused:
            require_fresh(changes, a_roster(a_student("s1"), a_student("s2", **{name: value})).frame)
        assert refused.value.changed == ("s2",)
    with pytest.raises(StalePlan) as refused:
        require_fresh(changes, a_roster(a_student("s2")).frame)
    assert refused.value.changed == ("s1",)


def test_undo_counts_the_whole_record_of_an_added_student() -> None:
    """Of a changed one, the canonical fields and those written count; the host's other columns may move."""
    store = MemoryStore(BASE)
    changes = a_change_set(store.load(), additions=[a_student(Bus="1")], updates={"s2": {"class_name": "4A"}})
    receipt = store.apply(changes, actor=STAFF)
    (new,) = receipt.student_ids.values()
    now, none = store.load().frame, store.load_deleted().frame
    left = footprint(now, none, receipt, {"class_name"})

    def moved(student_id: str) -> pl.DataFrame:
        bus = pl.when(pl.col("student_id") == student_id).then(pl.lit("9")).otherwise("Bus").alias("Bus")
        return now.with_columns(bus)

    require_untouched(left, footprint(moved("s2"), none, receipt, {"class_name"}))
    with pytest.raises(ChangedSince) as refused:
        require_untouched(left, footprint(moved(new), none, receipt, {"class_name"}))
    assert refused.value.student_ids == (new,)


# The store in memory


def test_a_base_without_ids_is_refused() -> None:
    with pytest.raises(InvalidRoster):
        MemoryStore(a_roster(a_student()))
    with pytest.raises(InvalidRoster):
        MemoryStore(a_roster(a_student("s1"), a_student("s1")))


def test_a_column_that_the_store_has_not_is_not_kept() -> None:
    """A host's table does not grow by an upload's columns."""
    store = MemoryStore(BASE)
    changes = a_change_set(
        store.load(), additions=[a_student(Shoes="38")], updates={"s1": {"Shoes": "40", "Bus": None}}
    )
    before = store.load().frame
    receipt = store.apply(changes, actor=STAFF)
    assert store.load().further == ("Bus",)
    assert store.load().frame["Bus"].null_count() == 4
    store.undo(receipt.receipt_id, actor=STAFF)
    assert store.load().frame.equals(before)


def test_one_plan_in_many_threads_is_applied_once() -> None:
    store = MemoryStore(BASE)
    changes = a_change_set(store.load(), additions=[a_student()])
    threads = [threading.Thread(target=store.apply, args=(changes,), kwargs={"actor": STAFF}) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.receipts()) == 1
    assert len(store.load()) == 4
