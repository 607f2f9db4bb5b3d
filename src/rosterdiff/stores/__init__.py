"""Where hosts keep their students, and what happened: the `Store` and `Journal` protocols, in memory and on SQL.

`SqlStore` and `SqlJournal` need SQLAlchemy, which is loaded when one of them is first asked for.
"""

from typing import TYPE_CHECKING, Any

from rosterdiff.stores.base import Purged, PurgeWitness, Store, Witness, unwitnessed
from rosterdiff.stores.journal import Draft, Event, Journal, MemoryJournal, document_name
from rosterdiff.stores.memory import MemoryStore

if TYPE_CHECKING:
    from rosterdiff.stores.sql import SqlStore
    from rosterdiff.stores.sql_journal import SqlJournal

__all__ = [
    "Draft",
    "Event",
    "Journal",
    "MemoryJournal",
    "MemoryStore",
    "PurgeWitness",
    "Purged",
    "SqlJournal",
    "SqlStore",
    "Store",
    "Witness",
    "document_name",
    "unwitnessed",
]


def __getattr__(name: str) -> Any:  # Any: a module's attribute is of any type
    if name == "SqlStore":
        from rosterdiff.stores.sql import SqlStore

        return SqlStore
    if name == "SqlJournal":
        from rosterdiff.stores.sql_journal import SqlJournal

        return SqlJournal
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
