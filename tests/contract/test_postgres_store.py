"""The store on PostgreSQL keeps what every store promises, on tables with the types that hosts have there."""

import itertools
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from rosterdiff.frames import Roster
from rosterdiff.stores import Journal, SqlJournal, SqlStore, Store
from rosterdiff.testing import JournalContract, StoreContract

SCHOOL = "6b8f2f30-3f0c-4f5e-9d3c-0d8c6f3a7b11"
OTHER = "6b8f2f30-3f0c-4f5e-9d3c-0d8c6f3a7b12"
_NUMBERS = itertools.count(1)


@pytest.fixture(autouse=True)
def database(request: pytest.FixtureRequest, postgres_url: str) -> Iterator[None]:
    """Each test has a database, and each of its stores a schema."""
    engine = sa.create_engine(postgres_url, poolclass=sa.NullPool)
    request.instance.engine = engine
    request.instance.url = postgres_url
    yield
    engine.dispose()


class OnPostgres:
    engine: sa.Engine
    url: str

    def schema(self) -> sa.Engine:
        """An engine whose tables are in a new schema."""
        name = f"host_{next(_NUMBERS)}"
        with self.engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {name}")
        options = {"options": f"-csearch_path={name}"}
        return sa.create_engine(self.url, poolclass=sa.NullPool, connect_args=options)


class TestNewTable(OnPostgres, StoreContract):
    """A table that rosterdiff made of the base."""

    def make_store(self, roster: Roster) -> Store:
        return SqlStore.create(self.schema(), roster)


class HostContract(OnPostgres, StoreContract):
    """A host's own table: typed columns, another school in it, columns of its own."""

    fields = ("student_id", "given_name", "family_name", "birth_date", "grade", "class_name", "student_number")
    id_pattern = "{}"
    key = "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
    mark = ""
    soft_delete: str | None = None

    def make_store(self, roster: Roster) -> Store:
        engine = self.schema()
        with engine.begin() as connection:
            connection.exec_driver_sql(
                f'CREATE TABLE pupils (id {self.key}, school_id uuid NOT NULL, "First Name" varchar(200), '
                '"last%%name" text, born date, year_group text, room text, upn text, "Bus" text, '
                "boarder boolean NOT NULL DEFAULT false, photo bytea, facts json, house text NOT NULL DEFAULT 'red', "
                'initials text GENERATED ALWAYS AS (left("First Name", 1)) STORED, '
                f"created timestamptz NOT NULL DEFAULT now(){self.mark})"
            )
            for student in [*roster.frame.to_dicts(), *self.strangers()]:
                row = {column: student.get(name) for name, column in MAPPING.items()} | {
                    "id": self.key_of(str(student["student_id"])),
                    "Bus": student.get("Bus"),
                    "school_id": student.get("school_id", SCHOOL),
                    "photo": b"\x00\xff",
                    "facts": '{"a":  1}',
                }
                names = ", ".join(f'"{name}"'.replace("%", "%%") for name in row)
                marks = ", ".join(["%s"] * len(row))
                connection.exec_driver_sql(
                    f"INSERT INTO pupils ({names}) OVERRIDING SYSTEM VALUE VALUES ({marks})", tuple(row.values())
                )
        where = {"school_id": SCHOOL}
        return SqlStore(engine, "pupils", MAPPING, where, soft_delete=self.soft_delete, further=("Bus",))

    def key_of(self, student_id: str) -> object:
        return int(student_id)

    def strangers(self) -> list[dict[str, object]]:
        return [{"student_id": str(number), "given_name": "Far", "school_id": OTHER} for number in (9_000, 9_001)]


MAPPING = {
    "student_id": "id",
    "given_name": "First Name",
    "family_name": "last%name",
    "birth_date": "born",
    "grade": "year_group",
    "class_name": "room",
    "student_number": "upn",
}


class TestHostTableWithIdentity(HostContract):
    """The database numbers its rows; deleted rows move to what rosterdiff keeps."""


class TestHostTableWithSerialAndMoments(HostContract):
    """Deleted rows are marked by the moment."""

    key = "serial PRIMARY KEY"
    mark = ", deleted_at timestamptz"
    soft_delete = "deleted_at"


class TestHostTableWithTruths(HostContract):
    """Keys that nobody gives; deleted rows are marked by a truth that is never null."""

    key = "integer PRIMARY KEY"
    mark = ", gone boolean NOT NULL DEFAULT false"
    soft_delete = "gone"


class TestHostTableWithUuids(HostContract):
    """Keys are UUIDs by the database's default."""

    key = "uuid PRIMARY KEY DEFAULT gen_random_uuid()"
    id_pattern = "00000000-0000-4000-8000-{:012}"

    def key_of(self, student_id: str) -> object:
        return student_id

    def strangers(self) -> list[dict[str, object]]:
        return [{"student_id": self.student_id(9_000), "given_name": "Far", "school_id": OTHER}]


class TestPostgresJournal(OnPostgres, JournalContract):
    """Each journal is a school's own, in one database."""

    def make_journal(self) -> Journal:
        return SqlJournal(self.engine, school=f"School {next(_NUMBERS)}")
