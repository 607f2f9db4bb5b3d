"""The store in memory keeps what every store promises."""

from rosterdiff.frames import Roster
from rosterdiff.stores import MemoryStore, Store
from rosterdiff.testing import StoreContract


class TestMemoryStore(StoreContract):
    def make_store(self, roster: Roster) -> Store:
        return MemoryStore(roster)


class TestMemoryStoreWithNumbers(StoreContract):
    """Ids that are numbers are followed by the next numbers."""

    id_pattern = "{:05}"

    def make_store(self, roster: Roster) -> Store:
        return MemoryStore(roster)
