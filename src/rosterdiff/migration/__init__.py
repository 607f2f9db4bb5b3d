"""The workflow: uploads collected, declared complete, planned, acknowledged, decided, applied; kept in a journal."""

from rosterdiff.migration.host import Host
from rosterdiff.migration.states import Kind, State
from rosterdiff.migration.workflow import BULK, MIGRATIONS, Migration

__all__ = ["BULK", "MIGRATIONS", "Host", "Kind", "Migration", "State"]
