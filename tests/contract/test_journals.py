"""Journals keep what every journal promises: in memory, in a SQLite file and in memory."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from rosterdiff.stores import Journal, MemoryJournal, SqlJournal
from rosterdiff.testing import JournalContract


class TestMemoryJournal(JournalContract):
    def make_journal(self) -> Journal:
        return MemoryJournal()


class TestSqliteJournalInAFile(JournalContract):
    """Each journal is a school's own, in one file."""

    @pytest.fixture(autouse=True)
    def folder(self) -> Iterator[None]:
        with tempfile.TemporaryDirectory() as folder:
            self.path = Path(folder) / "school.db"
            self.schools = 0
            yield

    def make_journal(self) -> Journal:
        self.schools += 1
        return SqlJournal(f"sqlite:///{self.path}", school=f"School {self.schools}")
