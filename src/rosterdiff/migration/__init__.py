"""The workflow: uploads collected, declared complete, planned, acknowledged, decided, applied; kept in a journal."""

from rosterdiff.migration.host import Host
from rosterdiff.migration.outlook import Awaited, awaited
from rosterdiff.migration.retention import PurgeReport, purge
from rosterdiff.migration.school import forget, remember_name, remembered, restore
from rosterdiff.migration.states import Kept, Kind, State
from rosterdiff.migration.trail import audit
from rosterdiff.migration.workflow import BULK, MIGRATIONS, Migration

__all__ = [
    "BULK",
    "MIGRATIONS",
    "Awaited",
    "Host",
    "Kept",
    "Kind",
    "Migration",
    "PurgeReport",
    "State",
    "audit",
    "awaited",
    "forget",
    "purge",
    "remember_name",
    "remembered",
    "restore",
]
