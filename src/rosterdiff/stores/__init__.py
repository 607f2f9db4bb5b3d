"""Where hosts keep their students: the `Store` protocol, one in memory, one on a SQL table.

`SqlStore` needs SQLAlchemy, which is loaded when it is first asked for.
"""

from typing import TYPE_CHECKING, Any

from rosterdiff.stores.base import Store
from rosterdiff.stores.memory import MemoryStore

if TYPE_CHECKING:
    from rosterdiff.stores.sql import SqlStore

__all__ = ["MemoryStore", "SqlStore", "Store"]


def __getattr__(name: str) -> Any:  # Any: a module's attribute is of any type
    if name != "SqlStore":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from rosterdiff.stores.sql import SqlStore

    return SqlStore
