"""The SQL store on tables as hosts have them: formats, scopes, tombstones, two writers, errors in words."""

import json
import multiprocessing
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from rosterdiff.errors import ChangedSince, InvalidOption, InvalidRoster, StalePlan, StoreError, UnusableTable
from rosterdiff.model import Actor
from rosterdiff.pipeline import make_plan
from rosterdiff.stores import SqlStore
from rosterdiff.testing import a_change_set, a_roster, a_student

STAFF = Actor.parse("staff:Ada Example")
NOON = datetime(2026, 7, 1, 12, 30, tzinfo=UTC)

PUPILS = """
CREATE TABLE pupils (
    id INTEGER PRIMARY KEY, school_id INTEGER NOT NULL, first TEXT NOT NULL, last TEXT, born DATE, year_group TEXT,
    room TEXT, photo BLOB, score NUMERIC, pin TEXT, last_seen DATETIME, house TEXT DEFAULT 'red')
"""
ROWS = (
    (1, 7, "Ilva", "Torenbek", "2016-03-14", "Year 3", "3B", b"\x00\xff", 1.5, "1234", "2026-06-01 08:00", "blue"),
    (2, 7, "Maro", "Ashmore", "01/03/15", "Sunflowers", "3B", None, "odd", None, None, None),
    (3, 7, "Teodin", "Li", None, "Year 6", None, None, 2**40, None, None, "red"),
    (4, 8, "Far", "Away", "2016-03-14", "4", "4A", None, None, None, None, None),
)
COLUMNS = {"student_id": "id", "given_name": "first", "family_name": "last", "birth_date": "born"} | {
    "grade": "year_group",
    "class_name": "room",
}


@pytest.fixture
def engine() -> Iterator[sa.Engine]:
    """A host's database with two schools, and values that are not as the columns say."""
    made = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    with made.begin() as connection:
        connection.exec_driver_sql(PUPILS)
        for row in ROWS:
            connection.exec_driver_sql(f"INSERT INTO pupils VALUES ({', '.join('?' * len(row))})", row)
    yield made
    made.dispose()


@pytest.fixture
def store(engine: sa.Engine) -> SqlStore:
    return SqlStore(engine, "pupils", COLUMNS, {"school_id": 7}, now=lambda: NOON)


def dump(engine: sa.Engine, condition: str = "1") -> list[tuple[object, ...]]:
    """The host's rows with the types that SQLite stores."""
    names = PUPILS.split("(", 1)[1].split(",")
    columns = [name.split()[0] for name in names]
    types = ", ".join(f"typeof({column})" for column in columns)
    with engine.connect() as connection:
        text = f"SELECT *, {types} FROM pupils WHERE {condition} ORDER BY id"
        return [tuple(row) for row in connection.exec_driver_sql(text)]


# Reading


def test_the_hosts_columns_load_as_fields(store: SqlStore) -> None:
    """Grades are read in any words, dates in ISO; what cannot be read is null, and bytes and secrets stay away."""
    roster = store.load()
    assert roster.frame.select("student_id", "given_name", "birth_date", "grade").rows() == [
        ("1", "Ilva", date(2016, 3, 14), "03"),
        ("2", "Maro", None, None),
        ("3", "Teodin", None, "06"),
    ]
    assert roster.further == ("school_id", "score", "last_seen", "house")


def test_further_columns_can_be_chosen(engine: sa.Engine) -> None:
    assert SqlStore(engine, "pupils", COLUMNS, further=("house",)).load().further == ("house",)


def test_a_further_field_can_be_mapped(engine: sa.Engine) -> None:
    """A spreadsheet's House is the host's house."""
    mapped = SqlStore(engine, "pupils", COLUMNS | {"House": "house"}, {"school_id": 7}, further=())
    receipt = mapped.apply(a_change_set(mapped.load(), updates={"3": {"House": "green"}}), actor=STAFF)
    assert dump(engine, "id = 3")[0][11] == "green"
    assert receipt.updated == ("3",)


# Writing in the host's own formats


def test_grades_and_dates_are_written_as_the_host_writes_them(engine: sa.Engine, store: SqlStore) -> None:
    """`Year 4`, not `04`; a date column gets a date."""
    updates = {"1": {"grade": "04"}, "3": {"birth_date": "2015-02-28"}}
    store.apply(a_change_set(store.load(), updates=updates), actor=STAFF)
    assert (dump(engine, "id = 1")[0][5], dump(engine, "id = 3")[0][4]) == ("Year 4", "2015-02-28")


def test_a_grade_that_cannot_be_read_survives_other_updates(engine: sa.Engine, store: SqlStore) -> None:
    """Only the columns of an update are written, so nothing else is lost."""
    before = dump(engine, "id = 2")[0]
    store.apply(a_change_set(store.load(), updates={"2": {"class_name": "4A"}}), actor=STAFF)
    after = dump(engine, "id = 2")[0]
    assert after[6] == "4A"
    assert [value for place, value in enumerate(after) if place != 6] == [
        value for place, value in enumerate(before) if place != 6
    ]


def test_added_rows_get_the_scope_and_the_hosts_defaults(engine: sa.Engine, store: SqlStore) -> None:
    """What a row has is written, further columns too; what it lacks is the host's default."""
    added = [a_student(given_name="Zé", score="2.5", shoes="38"), a_student(house="green", school_id="8", grade="KG")]
    receipt = store.apply(a_change_set(store.load(), additions=added), actor=STAFF)
    assert dict(receipt.student_ids) == {0: "5", 1: "6"}
    first, second = dump(engine, "id > 4")
    assert first[:9] == (5, 7, "Zé", "Torenbek", "2016-03-14", "Year 3", "3B", None, 2.5)
    assert (first[11], second[1], second[5], second[11]) == ("red", 7, "KG", "green")


def test_numbered_grades_stay_numbers(engine: sa.Engine) -> None:
    """Where grades are numbers the year before grade 1 is 0, and the one before -1; both are read back so."""
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE kids (id INTEGER PRIMARY KEY, given_name TEXT, grade INTEGER)")
        connection.exec_driver_sql("INSERT INTO kids VALUES (1, 'Ilva', 3)")
    store = SqlStore(engine, "kids", {"student_id": "id"})
    codes = ["KG", "PK", "04", "11"]
    receipt = store.apply(a_change_set(store.load(), additions=[a_student(grade=c) for c in codes]), actor=STAFF)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT grade FROM kids").scalars().all() == [3, 0, -1, 4, 11]
    loaded = dict(store.load().frame.select("student_id", "grade").iter_rows())
    assert [loaded[receipt.student_ids[row]] for row in range(4)] == codes


def test_a_value_that_a_column_cannot_hold_refuses_the_whole(engine: sa.Engine) -> None:
    """The column is named, the value is not, and nothing is written."""
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE kids (id INTEGER PRIMARY KEY, given_name TEXT, grade INTEGER)")
        connection.exec_driver_sql("INSERT INTO kids VALUES (1, 'Ilva', 3)")
    store = SqlStore(engine, "kids", {"student_id": "id"})
    changes = a_change_set(store.load(), updates={"1": {"grade": "Other"}})
    with pytest.raises(UnusableTable, match="column grade holds whole numbers") as refused:
        store.apply(changes, actor=STAFF)
    assert "Other" not in str(refused.value)
    assert store.load().frame["grade"].to_list() == ["03"]
    assert store.receipts() == ()


# Undo and tombstones, to the byte


@pytest.mark.parametrize("soft_delete", [None, "last_seen", "house", "pin"])
def test_undo_and_restore_bring_rows_back_with_types(engine: sa.Engine, soft_delete: str | None) -> None:
    """Bytes, numbers in text columns and texts in number columns come back as they were stored."""
    if soft_delete:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE pupils SET {soft_delete} = NULL")
    store = SqlStore(engine, "pupils", COLUMNS, {"school_id": 7}, soft_delete)
    before = dump(engine)
    changes = a_change_set(
        store.load(),
        additions=[a_student()],
        updates={"2": {"grade": "01", "birth_date": "2015-03-01"}},
        deletions=["1", "3"],
    )
    receipt = store.apply(changes, actor=STAFF)
    assert store.load_deleted().frame["student_id"].to_list() == ["1", "3"]
    assert len(dump(engine)) == (5 if soft_delete else 3)
    store.undo(receipt.receipt_id, actor=STAFF)
    assert dump(engine) == before
    store.apply(a_change_set(store.load(), deletions=["1", "3"]), actor=STAFF)
    store.restore(["1", "3"], actor=STAFF)
    assert dump(engine) == before


def test_rows_out_of_scope_are_never_touched(engine: sa.Engine, store: SqlStore) -> None:
    """Another school's rows are the same to the byte, and its store sees none of our receipts or deleted."""
    before = dump(engine, "school_id = 8")
    changes = a_change_set(store.load(), additions=[a_student()], updates={"1": {"grade": "04"}}, deletions=["2", "3"])
    receipt = store.apply(changes, actor=STAFF)
    other = SqlStore(engine, "pupils", COLUMNS, {"school_id": 8})
    assert (len(other.load()), len(other.load_deleted()), other.receipts()) == (1, 0, ())
    with pytest.raises(StoreError):
        other.undo(receipt.receipt_id, actor=STAFF)
    with pytest.raises(StoreError):
        other.restore(["2"], actor=STAFF)
    foreign = a_change_set(a_roster(*other.load().frame.drop("row", "source_row").to_dicts()), deletions=["4"])
    with pytest.raises(StalePlan):
        store.apply(foreign, actor=STAFF)
    store.undo(receipt.receipt_id, actor=STAFF)
    assert dump(engine, "school_id = 8") == before


def test_the_scope_holds_where_two_schools_number_their_students_alike(engine: sa.Engine) -> None:
    """The key is only unique within a school: the other school's student of the same id stays as he was."""
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE kids (school TEXT, no TEXT, given_name TEXT, class_name TEXT)")
        connection.exec_driver_sql("INSERT INTO kids VALUES ('x', '1', 'A', '3B'), ('x', '2', 'B', '3B')")
        connection.exec_driver_sql("INSERT INTO kids VALUES ('y', '1', 'C', '3B'), ('y', '2', 'D', '3B')")
    store, other = (SqlStore(engine, "kids", {"student_id": "no"}, {"school": school}) for school in "xy")
    before, mine = other.load().frame, store.load().frame
    changes = a_change_set(store.load(), updates={"1": {"class_name": "4A"}}, deletions=["2"])
    receipt = store.apply(changes, actor=STAFF)
    assert other.load().frame.equals(before)
    store.undo(receipt.receipt_id, actor=STAFF)
    assert (other.load().frame.equals(before), store.load().frame.equals(mine)) == (True, True)


def test_the_host_may_move_its_own_columns_between_apply_and_undo(engine: sa.Engine, store: SqlStore) -> None:
    """A login does not forbid the undo of a class; a change of the class by hand does."""
    receipt = store.apply(a_change_set(store.load(), updates={"1": {"class_name": "4A"}}), actor=STAFF)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE pupils SET last_seen = '2026-07-02 09:00' WHERE id = 1")
    store.undo(receipt.receipt_id, actor=STAFF)
    assert (dump(engine, "id = 1")[0][6], dump(engine, "id = 1")[0][10]) == ("3B", "2026-07-02 09:00")
    again = store.apply(a_change_set(store.load(), updates={"1": {"class_name": "4A"}}), actor=STAFF)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE pupils SET room = '5C' WHERE id = 1")
    with pytest.raises(ChangedSince):
        store.undo(again.receipt_id, actor=STAFF)


def test_a_change_by_the_host_since_the_plan_makes_it_stale(engine: sa.Engine, store: SqlStore) -> None:
    changes = a_change_set(store.load(), updates={"1": {"class_name": "4A"}})
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE pupils SET last = 'Vandel' WHERE id = 1")
    before = dump(engine)
    with pytest.raises(StalePlan):
        store.apply(changes, actor=STAFF)
    assert dump(engine) == before


def test_receipts_last_in_the_database(engine: sa.Engine, store: SqlStore) -> None:
    """Another process reads the same receipt, moment and actor included."""
    receipt = store.apply(a_change_set(store.load(), additions=[a_student()], deletions=["1"]), actor=STAFF)
    again = SqlStore(engine, "pupils", COLUMNS, {"school_id": 7})
    assert again.receipts() == (receipt,)
    assert again.receipts()[0].applied_at == NOON
    assert again.undo(receipt.receipt_id, actor=STAFF).undone_by == STAFF


def test_a_marked_row_tells_the_moment(engine: sa.Engine) -> None:
    store = SqlStore(engine, "pupils", COLUMNS, {"school_id": 8}, "last_seen", now=lambda: NOON)
    store.apply(a_change_set(store.load(), deletions=["4"]), actor=STAFF)
    assert dump(engine, "id = 4")[0][10] == "2026-07-01 12:30:00.000000"


# All of it or nothing


@pytest.mark.parametrize("event", ["INSERT ON pupils", "UPDATE ON pupils", "INSERT ON rosterdiff_receipts"])
def test_a_failure_at_any_write_leaves_the_database_as_it_was(engine: sa.Engine, store: SqlStore, event: str) -> None:
    """The database refuses one statement; none of the others stands, ours neither."""
    store.apply(a_change_set(store.load(), updates={"1": {"class_name": "1A"}}), actor=STAFF)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE TRIGGER stop BEFORE {event} BEGIN SELECT RAISE(ABORT, 'Torenbek'); END")
    before, receipts = dump(engine), store.receipts()
    changes = a_change_set(store.load(), additions=[a_student()], updates={"1": {"grade": "04"}}, deletions=["2"])
    with pytest.raises(StoreError, match="Nothing was written") as refused:
        store.apply(changes, actor=STAFF)
    assert "Torenbek" not in str(refused.value)
    assert (dump(engine), store.receipts(), len(store.load_deleted())) == (before, receipts, 0)


def test_a_constraint_is_named_and_its_value_is_not(engine: sa.Engine, store: SqlStore) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE UNIQUE INDEX one ON pupils (last)")
    changes = a_change_set(store.load(), additions=[a_student()])
    with pytest.raises(UnusableTable, match=r"UNIQUE constraint failed: pupils\.last") as refused:
        store.apply(changes, actor=STAFF)
    assert "Torenbek" not in str(refused.value)


def test_added_rows_without_a_value_that_the_table_demands_are_refused_in_a_sentence(
    engine: sa.Engine, store: SqlStore
) -> None:
    """The column is named and the rows are counted; also where no field is mapped to the column."""
    before = dump(engine)
    added = [a_student(), a_student(given_name=None), a_student(given_name=None)]
    with pytest.raises(UnusableTable, match=r"demands a value in first \(2 of the added rows have none\)"):
        store.apply(a_change_set(store.load(), additions=added), actor=STAFF)
    unscoped = SqlStore(engine, "pupils", COLUMNS, further=())
    with pytest.raises(UnusableTable, match=r"demands a value in school_id, and has no default"):
        unscoped.apply(a_change_set(unscoped.load(), additions=[a_student()]), actor=STAFF)
    assert dump(engine) == before


def test_students_who_would_leave_the_scope_are_refused(engine: sa.Engine) -> None:
    """A condition cannot say what added rows get; a mapping can."""
    store = SqlStore(engine, "pupils", COLUMNS | {"school": "house"}, sa.column("house") == "red")
    before = dump(engine)
    for changes in (
        a_change_set(store.load(), updates={"3": {"school": "green"}}),
        a_change_set(store.load(), additions=[a_student(school="green", school_id="7")]),
    ):
        with pytest.raises(UnusableTable, match="scope"):
            store.apply(changes, actor=STAFF)
    assert dump(engine) == before


def with_works(engine: sa.Engine, action: str, pupil: int | None) -> None:
    """A table whose rows belong to students, in a database that holds to it."""
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")
    with engine.begin() as connection:
        owner = f"pupil INTEGER REFERENCES pupils (id) ON DELETE {action}"
        connection.exec_driver_sql(f"CREATE TABLE works (title TEXT, {owner})")
        connection.exec_driver_sql("INSERT INTO works VALUES ('Fox', ?)", (pupil,))


def works(engine: sa.Engine) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql("SELECT title, pupil FROM works")]


@pytest.mark.parametrize("action", ["CASCADE", "SET NULL", "SET DEFAULT"])
def test_no_row_of_another_table_goes_with_a_deleted_student(engine: sa.Engine, store: SqlStore, action: str) -> None:
    """No restore would bring it back; who has none is deleted, and who is only marked keeps them."""
    with_works(engine, action, 2)
    before = dump(engine)
    with pytest.raises(UnusableTable, match="1 of the students to be removed has rows in works") as refused:
        store.apply(a_change_set(store.load(), deletions=["1", "2"]), actor=STAFF)
    assert "soft_delete" in str(refused.value)
    assert (dump(engine), works(engine)) == (before, [("Fox", 2)])
    store.apply(a_change_set(store.load(), deletions=["1"]), actor=STAFF)
    marking = SqlStore(engine, "pupils", COLUMNS, {"school_id": 7}, "last_seen", now=lambda: NOON)
    marking.apply(a_change_set(marking.load(), deletions=["2"]), actor=STAFF)
    assert works(engine) == [("Fox", 2)]


def test_an_undo_takes_no_row_of_another_table_along(engine: sa.Engine, store: SqlStore) -> None:
    """A student who was added and has been given work since has changed since."""
    with_works(engine, "CASCADE", None)
    receipt = store.apply(a_change_set(store.load(), additions=[a_student(), a_student()]), actor=STAFF)
    new = receipt.student_ids[1]
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO works VALUES ('Owl', ?)", (int(new),))
    with pytest.raises(ChangedSince) as refused:
        store.undo(receipt.receipt_id, actor=STAFF)
    assert refused.value.student_ids == (new,)
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM works WHERE title = 'Owl'")
    store.undo(receipt.receipt_id, actor=STAFF)
    assert works(engine) == [("Fox", None)]


def test_a_row_that_another_table_holds_is_told_with_what_to_do(engine: sa.Engine, store: SqlStore) -> None:
    with_works(engine, "RESTRICT", 2)
    with pytest.raises(UnusableTable, match="FOREIGN KEY") as refused:
        store.apply(a_change_set(store.load(), deletions=["2"]), actor=STAFF)
    assert "soft_delete" in str(refused.value)


def test_an_id_that_the_key_cannot_hold_asks_for_a_generator(engine: sa.Engine) -> None:
    """No upload is at fault: the ids are no numbers, so new ones are random, and the key takes none of these."""
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE cards (id UUID PRIMARY KEY, given_name TEXT)")
        connection.exec_driver_sql("INSERT INTO cards VALUES ('c-1', 'Ilva')")
    store = SqlStore(engine, "cards", {"student_id": "id"})
    changes = a_change_set(store.load(), additions=[a_student()])
    with pytest.raises(UnusableTable, match="cannot hold the id") as refused:
        store.apply(changes, actor=STAFF)
    assert "new_id" in str(refused.value)


def test_a_table_without_grades_is_written_as_any_other(engine: sa.Engine) -> None:
    columns = {name: column for name, column in COLUMNS.items() if name != "grade"}
    store = SqlStore(engine, "pupils", columns, {"school_id": 7})
    changes = a_change_set(store.load(), additions=[a_student()], updates={"1": {"class_name": "4A"}})
    store.apply(changes, actor=STAFF)
    assert store.load().frame["class_name"].to_list() == ["4A", "3B", None, "3B"]


def test_no_update_writes_what_the_scope_fixes(engine: sa.Engine) -> None:
    store = SqlStore(engine, "pupils", COLUMNS | {"school": "school_id"}, {"school_id": 7})
    store.apply(a_change_set(store.load(), updates={"1": {"school": "8", "class_name": "4A"}}), actor=STAFF)
    assert dump(engine, "id = 1")[0][1:7:5] == (7, "4A")


# New ids


def test_sqlite_gives_the_number_of_a_removed_row_again_and_the_store_does_not(
    engine: sa.Engine, store: SqlStore
) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM pupils WHERE id = 4")
    store.apply(a_change_set(store.load(), deletions=["3"]), actor=STAFF)
    receipt = store.apply(a_change_set(store.load(), additions=[a_student()]), actor=STAFF)
    assert dict(receipt.student_ids) == {0: "4"}


def test_ids_of_other_scopes_count_as_used(engine: sa.Engine) -> None:
    """Text keys too: another school's student and another school's deleted student keep theirs."""
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE kids (student_id TEXT PRIMARY KEY, given_name TEXT, school TEXT)")
        connection.exec_driver_sql("INSERT INTO kids VALUES ('007', 'A', 'x'), ('011', 'B', 'y'), ('012', 'C', 'y')")
    store, other = (SqlStore(engine, "kids", where={"school": school}) for school in "xy")
    other.apply(a_change_set(other.load(), deletions=["012"]), actor=STAFF)
    receipt = store.apply(a_change_set(store.load(), additions=[a_student()]), actor=STAFF)
    assert dict(receipt.student_ids) == {0: "013"}


def test_the_hosts_own_generator_makes_ids(engine: sa.Engine) -> None:
    store = SqlStore.create(engine, a_roster(a_student("s1")), "kids")
    turns = iter(["s1", "s2"])
    own = SqlStore(engine, "kids", new_id=lambda: next(turns))
    receipt = own.apply(a_change_set(own.load(), additions=[a_student()]), actor=STAFF)
    assert dict(receipt.student_ids) == {0: "s2"}
    assert len(store.load()) == 2


# Descriptions that do not fit


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"table": "nothing"}, "no table nothing"),
        ({"table": "pupils"}, "no column for student_id.*'student_id': 'id'"),
        ({"table": "pupils", "columns": COLUMNS | {"email": "mail"}}, "no column mail"),
        ({"table": "pupils", "columns": COLUMNS, "where": {"school": 7}}, "no column school"),
        ({"table": "pupils", "columns": COLUMNS, "soft_delete": "gone"}, "no column gone"),
        ({"table": "pupils", "columns": COLUMNS, "soft_delete": "photo"}, "cannot mark deleted rows"),
        ({"table": "pupils", "columns": COLUMNS, "further": ("Bus",)}, "no column Bus"),
    ],
)
def test_a_table_that_is_not_as_described_is_refused(engine: sa.Engine, options: dict[str, object], words: str) -> None:
    with pytest.raises(UnusableTable, match=words):
        SqlStore(engine, **options).load()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"famly_name": "last"}, "Do you mean family_name"),
        ({"source_row": "last"}, "no field that a store keeps"),
        ({"given_name": "last", "family_name": "last"}, "two fields to one column"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(engine: sa.Engine, columns: dict[str, str], words: str) -> None:
    with pytest.raises(InvalidOption, match=words):
        SqlStore(engine, "pupils", {"student_id": "id"} | columns).load()


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    """A mistyped path must not become an empty school."""
    with pytest.raises(UnusableTable, match="no database file"):
        SqlStore(f"sqlite:///{tmp_path / 'typo.db'}").load()
    assert list(tmp_path.iterdir()) == []


def test_a_url_that_cannot_be_read_is_refused_without_telling_it() -> None:
    with pytest.raises(InvalidOption, match="URL") as refused:
        SqlStore("secret-password").load()
    assert "secret" not in str(refused.value)


def test_a_base_that_repeats_an_id_is_refused(engine: sa.Engine) -> None:
    """By the first name, which is no key here."""
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE pupils SET first = 'Ilva'")
    with pytest.raises(InvalidRoster):
        SqlStore(engine, "pupils", {"student_id": "first"}).load()


def test_create_refuses_a_table_that_is_there_and_columns_that_differ_by_case(engine: sa.Engine) -> None:
    with pytest.raises(UnusableTable, match="has a table pupils already"):
        SqlStore.create(engine, a_roster(a_student("s1")), "pupils")
    with pytest.raises(InvalidRoster, match="case"):
        SqlStore.create(engine, a_roster(a_student("s1", Bus="7", bus="8")), "kids")


# Two writers


def _apply_all(url: str, number: int) -> None:
    store = SqlStore(url)
    for turn in range(5):
        while True:
            try:
                changes = a_change_set(store.load(), additions=[a_student()], plan_id=f"{number} {turn}")
                store.apply(changes, actor=STAFF)
                break
            except StalePlan:
                continue


def test_two_processes_write_one_after_the_other(tmp_path: Path) -> None:
    """Every plan is made again until it fits; none is lost, none is doubled, no id is given twice."""
    url = f"sqlite:///{tmp_path / 'school.db'}"
    store = SqlStore.create(url, a_roster(a_student("1")))
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_apply_all, args=(url, number)) for number in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    receipts = store.receipts()
    given = [student_id for receipt in receipts for student_id in receipt.student_ids.values()]
    assert len(receipts) == 10
    assert sorted(given) == sorted(set(given))
    assert sorted(store.load().frame["student_id"]) == sorted(["1", *given])


def test_the_lock_is_held_from_the_first_read(tmp_path: Path) -> None:
    """What was checked is what is written on: nobody writes between; also where the host's engine begins itself."""
    path = tmp_path / "school.db"
    store = SqlStore.create(f"sqlite:///{path}", a_roster(a_student("1")))
    eager = sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool)
    sa.event.listen(eager, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    other = sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool, connect_args={"timeout": 0.05})
    refusals = []

    def meddling() -> datetime:
        with pytest.raises(sa.exc.OperationalError), other.begin() as connection:
            connection.exec_driver_sql("UPDATE students SET class_name = '9Z'")
        refusals.append(1)
        return NOON

    for number, engine in enumerate((f"sqlite:///{path}", eager)):
        changes = a_change_set(store.load(), updates={"1": {"class_name": f"4{number}"}})
        SqlStore(engine, now=meddling).apply(changes, actor=STAFF)
        assert store.load().frame["class_name"].to_list() == [f"4{number}"]
    assert refusals == [1, 1]


def test_a_locked_database_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "school.db"
    store = SqlStore.create(f"sqlite:///{path}", a_roster(a_student("1")))
    impatient = sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool, connect_args={"timeout": 0.05})
    changes = a_change_set(store.load(), updates={"1": {"class_name": "4A"}})
    with impatient.connect() as holder:
        holder.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="Another program is writing"):
            SqlStore(impatient).apply(changes, actor=STAFF)


# Lean


def test_sqlalchemy_is_loaded_only_when_asked_for() -> None:
    """Importing the stores does not load it, and without it the error says what to install."""
    code = """
import sys, json
import rosterdiff.stores
lean = "sqlalchemy" not in sys.modules
sys.modules["sqlalchemy"] = None
try:
    rosterdiff.stores.SqlStore
except ImportError as missing:
    print(json.dumps([lean, str(missing)]))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    lean, message = json.loads(run.stdout)
    assert lean
    assert 'pip install "rosterdiff[sql]"' in message


def test_an_apply_on_sqlite_loads_no_other_database(tmp_path: Path) -> None:
    """SQLAlchemy loads its PostgreSQL drivers where an option for them is named, which takes longer than the apply."""
    code = """
import sys
from rosterdiff.model import Actor
from rosterdiff.stores import SqlStore
from rosterdiff.testing import a_change_set, a_roster, a_student
store = SqlStore.create(sys.argv[1], a_roster(a_student("s1")))
receipt = store.apply(a_change_set(store.load(), additions=[a_student()]), actor=Actor.parse("staff:Ada Example"))
store.undo(receipt.receipt_id, actor=receipt.actor)
print(any(name.startswith("sqlalchemy.dialects.postgresql") for name in sys.modules))
"""
    url = f"sqlite:///{tmp_path / 'school.db'}"
    run = subprocess.run([sys.executable, "-c", code, url], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


def test_a_field_that_the_table_has_no_column_for_is_never_planned(tmp_path: Path) -> None:
    """Otherwise it would be written nowhere, and planned again at every upload."""
    url = f"sqlite:///{tmp_path / 'narrow.db'}"
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE students (student_id TEXT PRIMARY KEY, given_name TEXT, "
                                   "family_name TEXT, birth_date DATE, grade TEXT)"))  # fmt: skip
        connection.execute(sa.text("INSERT INTO students VALUES ('s1', 'Ilva', 'Torenbek', '2016-03-14', '03')"))
    engine.dispose()
    row = a_student(given_name="Ilva", family_name="Torenbek", birth_date=date(2016, 3, 14), grade="04", gender="F")
    plan = make_plan(SqlStore(url).load(), a_roster(row | {"student_id": None}))
    assert set(plan.changes["field"]) == {"grade"}
