"""What the tests of a store are made of: stores, bases, change sets, and everything that a store holds.

Invariants: nothing here is a test; nothing here uses more than the `Store` protocol.
"""

from collections.abc import Collection, Mapping

import polars as pl

from rosterdiff.frames import Roster
from rosterdiff.plans import ChangeSet
from rosterdiff.schema import CANONICAL
from rosterdiff.stores import Store
from rosterdiff.testing.builders import Value, a_change_set, a_roster, a_student


class StoreMaker:
    """Makes the stores that are tested, and the schools in them; a subclass says what its table can keep.

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
