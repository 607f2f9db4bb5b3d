"""The store on a SQL table keeps what every store promises, on tables as hosts have them."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
import sqlalchemy as sa

from rosterdiff.frames import Roster
from rosterdiff.stores import SqlStore, Store
from rosterdiff.testing import StoreContract

FOREIGN = 9_000
"""Ids of another school's students begin here."""


class TestNewTableInMemory(StoreContract):
    """A table that rosterdiff made of the base."""

    def make_store(self, roster: Roster) -> Store:
        return SqlStore.create("sqlite://", roster)


class TestNewTableInAFile(StoreContract):
    """The embedded default: a SQLite file, opened anew by its URL."""

    @pytest.fixture(autouse=True)
    def folder(self) -> Iterator[None]:
        with tempfile.TemporaryDirectory() as folder:
            self.path = Path(folder)
            self.stores = 0
            yield

    def make_store(self, roster: Roster) -> Store:
        self.stores += 1
        url = f"sqlite:///{self.path / f'{self.stores}.db'}"
        SqlStore.create(url, roster)
        return SqlStore(url)


class HostContract(StoreContract):
    """A host's own table: other names, a number as key, other schools in it, columns of its own."""

    fields = ("student_id", "given_name", "family_name", "birth_date", "grade", "class_name", "student_number")
    id_pattern = "{}"
    mapping: ClassVar[dict[str, str]] = {
        "student_id": "id",
        "given_name": "First Name",
        "family_name": "last%name",
        "birth_date": "born",
        "grade": "year_group",
        "class_name": "room",
        "student_number": "upn",
    }
    key = "INTEGER PRIMARY KEY"
    born = "DATE"
    mark = ""

    def make_engine(self) -> sa.Engine:
        engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
        with engine.begin() as connection:
            connection.exec_driver_sql(
                f'CREATE TABLE pupils (id {self.key}, school_id INTEGER NOT NULL DEFAULT 7, "First Name" TEXT, '
                f'"last%name" TEXT, born {self.born}, year_group TEXT, room TEXT, upn TEXT, "Bus" TEXT{self.mark})'
            )
        return engine

    def make_store(self, roster: Roster) -> Store:
        engine = self.make_engine()
        table = sa.Table("pupils", sa.MetaData(), autoload_with=engine)
        rows = [self.host_row(student) for student in roster.frame.to_dicts()]
        with engine.begin() as connection:
            if rows:
                connection.execute(sa.insert(table), rows)
            connection.execute(
                sa.insert(table), [{"id": FOREIGN + place, "school_id": 8, "First Name": "Far"} for place in range(3)]
            )
        return self.store_on(engine)

    def host_row(self, student: dict[str, object]) -> dict[str, object]:
        row = {column: student[name] for name, column in self.mapping.items()}
        return {**row, "id": int(str(student["student_id"])), "school_id": 7, "Bus": student.get("Bus")}

    def store_on(self, engine: sa.Engine) -> Store:
        return SqlStore(engine, "pupils", self.mapping, where={"school_id": 7}, further=("Bus",))


class TestHostTable(HostContract):
    """Deleted rows move to our tombstones; SQLite would give the number of a removed row again, and must not."""


class TestHostTableThatNumbersItself(HostContract):
    """The database gives the ids."""

    key = "INTEGER PRIMARY KEY AUTOINCREMENT"


class TestHostTableWithConditionAndTruth(HostContract):
    """The scope is a condition of the host's, whose default gives added rows their school; deleted rows are marked."""

    mark = ", gone BOOLEAN"

    def store_on(self, engine: sa.Engine) -> Store:
        theirs = sa.Table("pupils", sa.MetaData(), autoload_with=engine)
        return SqlStore(engine, "pupils", self.mapping, theirs.c.school_id == 7, soft_delete="gone", further=("Bus",))

    def host_row(self, student: dict[str, object]) -> dict[str, object]:
        return super().host_row(student) | {"gone": False}


class TestHostTableWithMoments(HostContract):
    """Deleted rows are marked by the moment; birth dates are moments too."""

    born = "DATETIME"
    mark = ", deleted_at DATETIME"

    def store_on(self, engine: sa.Engine) -> Store:
        return SqlStore(engine, "pupils", self.mapping, {"school_id": 7}, soft_delete="deleted_at", further=("Bus",))


class TestHostTableWithTextKeys(HostContract):
    """Keys are texts, one of them unlike the others, so that new ones are random."""

    key = "TEXT PRIMARY KEY"
    id_pattern = "Ä-{}"

    def host_row(self, student: dict[str, object]) -> dict[str, object]:
        row = {column: student[name] for name, column in self.mapping.items()}
        return {**row, "school_id": 7, "Bus": student.get("Bus")}
