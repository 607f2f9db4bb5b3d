"""The SQL store on PostgreSQL beyond the contract: types of the host's, what it refuses in words, tables that grow."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from rosterdiff.errors import ChangedSince, DamagedRecord, StoreError, UnusableTable
from rosterdiff.model import Actor
from rosterdiff.stores import Draft, SqlJournal, SqlStore
from rosterdiff.testing import a_change_set, a_student
from rosterdiff.testing.journal_contract import NOON
from tests.storms import a_school, a_year

STAFF = Actor.parse("staff:Ada Example")
PUPILS = """
CREATE TYPE year_group AS ENUM ('Reception', 'Year 1', 'Year 2', 'Year 3', 'Year 4');
CREATE DOMAIN room AS text CHECK (VALUE <> 'attic');
CREATE TABLE pupils (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, school_id integer NOT NULL, first text NOT NULL, last text,
    born timestamptz, year year_group, room room, gender char(1), boarder boolean, score numeric(6, 2), weight float8,
    tags text[], photo bytea, facts json, span interval, initials text GENERATED ALWAYS AS (left(first, 1)) STORED,
    locker varchar(4));
INSERT INTO pupils OVERRIDING SYSTEM VALUE VALUES
    (7, 1, 'Ilva', 'Torenbek', '2016-03-14 00:00+00', 'Year 3', '3B', 'F', true, 12.50, 0.1, '{a,"b c"}', '\\x00ff',
     '{"a":  1}', '1 day', DEFAULT, '0012'),
    (8, 1, 'Maro', 'Ashmore', NULL, 'Year 1', '1A', NULL, false, NULL, 'NaN', NULL, NULL, NULL, NULL, DEFAULT, NULL),
    (9, 2, 'Far', 'Away', NULL, 'Year 1', '1A', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, DEFAULT, NULL);
"""
COLUMNS = {"student_id": "id", "given_name": "first", "family_name": "last", "birth_date": "born", "grade": "year"} | {
    "class_name": "room",
    "Boarder": "boarder",
    "Score": "score",
    "Locker": "locker",
}


@pytest.fixture
def engine(postgres_url: str) -> Iterator[sa.Engine]:
    made = sa.create_engine(postgres_url, poolclass=sa.NullPool)
    with made.begin() as connection:
        for statement in PUPILS.split(";\n"):
            if statement.strip():
                connection.exec_driver_sql(statement)
    yield made
    made.dispose()


@pytest.fixture
def store(engine: sa.Engine) -> SqlStore:
    return SqlStore(engine, "pupils", COLUMNS, {"school_id": 1}, further=())


def dump(engine: sa.Engine) -> list[tuple[object, ...]]:
    """Every row as PostgreSQL writes it."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql("SELECT id, pupils::text FROM pupils ORDER BY id")]


def test_values_are_written_in_the_types_of_the_host(engine: sa.Engine, store: SqlStore) -> None:
    """Words of an enum, moments, truths, numbers: from a roster's text, and read back as such."""
    updates = {"7": {"grade": "04", "Boarder": "no", "Score": "7.25"}, "8": {"birth_date": "2015-02-28", "grade": "KG"}}
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE pupils SET year = 'Reception' WHERE id = 9")
    whole = SqlStore(engine, "pupils", COLUMNS, further=())
    whole.apply(a_change_set(whole.load(), updates=updates | {"8": {"birth_date": "2015-02-28"}}), actor=STAFF)
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT year, boarder, score, born::date FROM pupils ORDER BY id").all()
    assert [str(value) for value in found[0]] == ["Year 4", "False", "7.25", "2016-03-14"]
    assert str(found[1][3]) == "2015-02-28"
    assert store.load().frame["grade"].to_list() == ["04", "01"]


def test_undo_and_restore_bring_every_type_back(engine: sa.Engine, store: SqlStore) -> None:
    """Arrays, bytes, JSON with its blanks, intervals, NaN: rows come back as they were, with their keys."""
    before = dump(engine)
    changes = a_change_set(
        store.load(), updates={"8": {"Score": "1.5"}}, deletions=["7"], additions=[a_student(grade="04")]
    )
    receipt = store.apply(changes, actor=STAFF)
    assert receipt.student_ids[0] == "1", "the database's own number"
    store.undo(receipt.receipt_id, actor=STAFF)
    assert dump(engine) == before
    store.apply(a_change_set(store.load(), deletions=["7", "8"]), actor=STAFF)
    store.restore(["8", "7"], actor=STAFF)
    assert dump(engine) == before


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("grade", "11", "column year holds one of 5 words"),
        ("Boarder", "sometimes", "column boarder holds yes or no"),
        ("Score", "many", "column score holds numbers"),
        ("Locker", "12345", "column locker holds 4 characters"),
    ],
)
def test_a_value_that_a_column_cannot_hold_is_refused_in_words(
    engine: sa.Engine, store: SqlStore, field: str, value: str, words: str
) -> None:
    before = dump(engine)
    with pytest.raises(UnusableTable, match=words) as refused:
        store.apply(a_change_set(store.load(), updates={"7": {field: value}}), actor=STAFF)
    assert value not in str(refused.value)
    assert dump(engine) == before


def test_a_constraint_of_the_database_is_named_without_the_value(engine: sa.Engine, store: SqlStore) -> None:
    """A domain's check, and a unique index."""
    before = dump(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE UNIQUE INDEX one_name ON pupils (last)")
    with pytest.raises(UnusableTable, match="one_name failed: pupils") as refused:
        store.apply(a_change_set(store.load(), additions=[a_student(grade="04")]), actor=STAFF)
    assert "Torenbek" not in str(refused.value)
    with pytest.raises(StoreError) as refused_too:
        store.apply(a_change_set(store.load(), updates={"7": {"class_name": "attic"}}), actor=STAFF)
    assert "attic" not in str(refused_too.value)
    assert dump(engine) == before


def test_no_row_of_another_table_goes_with_a_student(engine: sa.Engine, store: SqlStore) -> None:
    """Neither with one that is deleted, nor with one whose adding is undone; also across schemas and by two columns."""
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE UNIQUE INDEX both_of ON pupils (id, school_id)")
        connection.exec_driver_sql("CREATE SCHEMA desk")
        connection.exec_driver_sql(
            'CREATE TABLE desk."Works: all" (title text, pupil bigint, school integer,'
            " FOREIGN KEY (pupil, school) REFERENCES pupils (id, school_id) ON DELETE CASCADE)"
        )
        connection.exec_driver_sql("""INSERT INTO desk."Works: all" VALUES ('Fox', 8, 1)""")
    before = dump(engine)
    with pytest.raises(UnusableTable, match="1 of the students to be removed has rows in Works: all"):
        store.apply(a_change_set(store.load(), deletions=["7", "8"]), actor=STAFF)
    assert dump(engine) == before
    receipt = store.apply(a_change_set(store.load(), additions=[a_student(grade="04")], deletions=["7"]), actor=STAFF)
    new = receipt.student_ids[0]
    with engine.begin() as connection:
        connection.exec_driver_sql(f"""INSERT INTO desk."Works: all" VALUES ('Owl', {new}, 1)""")
    with pytest.raises(ChangedSince) as refused:
        store.undo(receipt.receipt_id, actor=STAFF)
    assert refused.value.student_ids == (new,)
    with engine.begin() as connection:
        connection.exec_driver_sql("""DELETE FROM desk."Works: all" WHERE title = 'Owl'""")
    store.undo(receipt.receipt_id, actor=STAFF)
    assert dump(engine) == before


def test_no_row_comes_to_a_student_between_the_look_and_the_deletion(engine: sa.Engine, store: SqlStore) -> None:
    """A child who hands in work at that moment waits, and is told; the work does not go with a deletion unseen."""
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE works (pupil bigint REFERENCES pupils ON DELETE CASCADE)")
    told: list[str] = []

    def hand_in(_: object, __: object, statement: str, *___: object) -> None:
        if statement.startswith("DELETE FROM pupils"):
            with pytest.raises(sa.exc.OperationalError, match="lock timeout"), other.begin() as connection:
                connection.exec_driver_sql("INSERT INTO works VALUES (8)")
            told.append(statement)

    impatient = {"options": "-c lock_timeout=100ms"}
    other = sa.create_engine(engine.url, poolclass=sa.NullPool, connect_args=impatient)
    sa.event.listen(engine, "before_cursor_execute", hand_in)
    store.apply(a_change_set(store.load(), deletions=["8"]), actor=STAFF)
    assert len(told) == 1


def test_a_table_without_grades_is_written_as_any_other(engine: sa.Engine) -> None:
    columns = {name: column for name, column in COLUMNS.items() if name != "grade"}
    store = SqlStore(engine, "pupils", columns, {"school_id": 1}, further=())
    store.apply(a_change_set(store.load(), additions=[a_student()], updates={"7": {"class_name": "4A"}}), actor=STAFF)
    assert store.load().frame["class_name"].to_list() == ["3B", "4A", "1A"]


def test_a_column_that_the_host_adds_later_is_kept_from_then_on(engine: sa.Engine, store: SqlStore) -> None:
    """Students deleted before get the host's default; those deleted after keep their value."""
    store.apply(a_change_set(store.load(), deletions=["7"]), actor=STAFF)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE pupils ADD COLUMN house text NOT NULL DEFAULT 'red'")
        connection.exec_driver_sql("UPDATE pupils SET house = 'blue'")
    assert store.load_deleted().frame["student_id"].to_list() == ["7"]
    store.apply(a_change_set(store.load(), deletions=["8"]), actor=STAFF)
    store.restore(["7", "8"], actor=STAFF)
    with engine.connect() as connection:
        houses = connection.exec_driver_sql("SELECT house FROM pupils ORDER BY id").scalars().all()
    assert houses == ["red", "blue", "blue"]


def test_a_trigger_of_the_host_is_part_of_what_was_left(engine: sa.Engine, store: SqlStore) -> None:
    """What the table has after the host's own trigger is what undo holds the table against."""
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN NEW.locker := upper(NEW.locker); RETURN NEW; END $$"
        )
        connection.exec_driver_sql("CREATE TRIGGER shout BEFORE UPDATE ON pupils FOR EACH ROW EXECUTE FUNCTION shout()")
    before = dump(engine)
    receipt = store.apply(a_change_set(store.load(), updates={"7": {"Locker": "ab"}}), actor=STAFF)
    assert store.load().frame["Locker"].to_list() == ["AB", None]
    store.undo(receipt.receipt_id, actor=STAFF)
    assert dump(engine) == before


def test_a_journal_in_the_witness_is_part_of_the_transaction(engine: sa.Engine, store: SqlStore) -> None:
    """On the same database, by whatever engine: an apply that fails after the append takes the event back."""
    journal = SqlJournal(engine.url.render_as_string(hide_password=False), school="Larkhill")
    told = Draft("applied", STAFF, NOON)

    def failing(_: object) -> None:
        journal.append("2027", [told], expected_version=0)
        assert journal.version("2027") == 1
        raise LookupError

    changes = a_change_set(store.load(), updates={"7": {"Score": "1"}})
    with pytest.raises(LookupError):
        store.apply(changes, actor=STAFF, witness=failing)
    assert (journal.version("2027"), store.receipts()) == (0, ())
    store.apply(changes, actor=STAFF, witness=lambda _: journal.append("2027", [told], expected_version=0))
    assert (journal.version("2027"), len(store.receipts())) == (1, 1)


def test_a_document_that_was_altered_is_refused(engine: sa.Engine) -> None:
    journal = SqlJournal(engine, school="Larkhill")
    journal.append("2027", [Draft("uploaded", STAFF, NOON)], expected_version=0, put=[b"First,Last"])
    (name,) = journal.documents("2027")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE rosterdiff_documents SET content = '\\x00'")
    with pytest.raises(DamagedRecord):
        journal.get_document("2027", name)


def test_an_apply_asks_as_little_whatever_it_changes(postgres_url: str) -> None:
    """Of twenty students and of a thousand as many statements: none for each row, and none for keys and indexes."""
    engine = sa.create_engine(postgres_url, poolclass=sa.NullPool)
    asked: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *facts: asked.append(facts[2]))
    counts = []
    for size in (10, 20, 1_000):  # the first makes the tables of the receipts
        SqlStore.create(engine, a_school(size), f"pupils_{size}")
        asked.clear()
        SqlStore(engine, f"pupils_{size}").apply(a_year(size, "a"), actor=STAFF)
        counts.append(len(asked))
    engine.dispose()
    assert counts[1] == counts[2] < counts[0] < 40
