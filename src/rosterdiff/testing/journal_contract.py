"""What every journal promises, as tests: subclass `JournalContract`, make your journal, and run pytest.

Invariants: the tests use nothing but the `Journal` protocol; whole histories are compared with a model of plain lists.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rosterdiff.errors import InvalidOption, JournalConflict, UnknownDocument
from rosterdiff.model import Actor, Role
from rosterdiff.stores import Draft, Journal, document_name
from rosterdiff.testing.histories import HOSTILE

STAFF: Final = Actor(Role.STAFF, "Ada Example")
NOON: Final = datetime(2026, 7, 1, 12, 30, 0, 125, tzinfo=timezone(timedelta(hours=10)))

_QUICK: Final = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.differing_executors,
        HealthCheck.too_slow,
    ],
)


def a_draft(kind: str = "opened", **facts: object) -> Draft:
    """An event to append: by staff, at noon."""
    return Draft(kind, STAFF, NOON, facts)


class JournalContract:
    """The tests of a journal; a subclass makes it."""

    def make_journal(self) -> Journal:
        """Make a new, empty journal; every call makes another that shares nothing with the first."""
        raise NotImplementedError("A subclass of JournalContract makes its journal here.")

    def test_it_is_a_journal(self) -> None:
        """An adapter has the methods of the protocol."""
        assert isinstance(self.make_journal(), Journal)

    def test_an_empty_journal_is_a_journal(self) -> None:
        """Nothing happened yet, and everything may be asked."""
        journal = self.make_journal()
        assert (journal.read(), journal.read("2027"), journal.version("2027"), journal.streams()) == ((), (), 0, ())
        assert dict(journal.documents("2027")) == {}

    def test_events_are_read_as_they_were_written(self) -> None:
        """Who, when to the microsecond and its zone, what, and every kind of fact."""
        journal = self.make_journal()
        facts = {"count": 88, "ids": ["s1", "Ä"], "on": True, "none": None, "share": 0.5, "deep": {"a": [1, {}]}}
        drafts = [a_draft("opened", **facts), Draft("closed", Actor.parse("administrator:Ben"), NOON.astimezone(UTC))]
        written = journal.append("2027", drafts, expected_version=0)
        assert journal.read("2027") == written == journal.read()
        assert [(event.stream, event.version) for event in written] == [("2027", 1), ("2027", 2)]
        for event, draft in zip(written, drafts, strict=True):
            assert (event.kind, event.actor, event.at, dict(event.facts)) == (
                draft.kind,
                draft.actor,
                draft.at,
                dict(draft.facts),
            )
            assert event.at.utcoffset() == draft.at.utcoffset()

    def test_what_happens_to_the_facts_after_an_append_changes_nothing(self) -> None:
        """A journal keeps what it was given, not what gave it."""
        journal, ids = self.make_journal(), ["s1"]
        journal.append("2027", [a_draft(ids=ids)], expected_version=0)
        ids.append("s2")
        assert journal.read("2027")[0].facts["ids"] == ["s1"]

    def test_hostile_texts_are_data(self) -> None:
        """In names of streams, kinds, actors and facts."""
        journal = self.make_journal()
        for text in HOSTILE:
            draft = Draft(text, Actor(Role.STAFF, text), NOON, {text: text})
            journal.append(text, [draft], expected_version=0, put=[text.encode()])
        assert journal.streams() == HOSTILE
        for text in HOSTILE:
            (event,) = journal.read(text)
            assert (event.kind, event.actor.name, dict(event.facts)) == (text, text, {text: text})

    def test_streams_are_strangers_and_positions_grow(self) -> None:
        """Each stream counts for itself; all events together have one order."""
        journal = self.make_journal()
        for turn in range(6):
            stream = "even" if turn % 2 == 0 else "odd"
            journal.append(stream, [a_draft(turn=turn)], expected_version=turn // 2)
        assert journal.streams() == ("even", "odd")
        assert [event.facts["turn"] for event in journal.read("odd")] == [1, 3, 5]
        assert [event.facts["turn"] for event in journal.read()] == [0, 1, 2, 3, 4, 5]
        positions = [event.position for event in journal.read()]
        assert positions == sorted(set(positions))

    def test_reading_goes_on_after_a_version_or_position(self) -> None:
        """What was read need not be read again."""
        journal = self.make_journal()
        journal.append("a", [a_draft(turn=turn) for turn in range(3)], expected_version=0)
        journal.append("b", [a_draft(turn=3)], expected_version=0)
        whole = journal.read()
        assert [event.facts["turn"] for event in journal.read("a", after=1)] == [1, 2]
        assert journal.read("a", after=3) == ()
        for place, event in enumerate(whole):
            assert journal.read(after=event.position) == whole[place + 1 :]

    # two at a time

    @pytest.mark.parametrize("version", [-1, 0, 2])
    def test_an_append_to_another_version_is_refused(self, version: int) -> None:
        """Both versions are named, and nothing is written: no event, and no document comes or goes."""
        journal = self.make_journal()
        journal.append("2027", [a_draft()], expected_version=0, put=[b"sheet"])
        before = journal.read()
        with pytest.raises(JournalConflict) as refused:
            journal.append(
                "2027", [a_draft("x")], expected_version=version, put=[b"other"], purge=[document_name(b"sheet")]
            )
        assert (refused.value.stream, refused.value.expected, refused.value.found) == ("2027", version, 1)
        assert journal.read() == before
        assert set(journal.documents("2027")) == {document_name(b"sheet")}

    def test_of_many_who_read_one_version_one_appends(self) -> None:
        """However many at the same moment: one moves the workflow, the others are told."""
        journal = self.make_journal()
        told = in_threads(8, lambda number: journal.append("2027", [a_draft(number=number)], expected_version=0))
        winners = [said for said in told if isinstance(said, tuple)]
        assert len(winners) == 1
        assert [type(said) for said in told if not isinstance(said, tuple)] == [JournalConflict] * 7
        assert journal.read("2027") == winners[0]

    # documents

    def test_documents_are_kept_by_content_and_once(self) -> None:
        """Any bytes, none too; the same again is the same."""
        journal, contents = self.make_journal(), [b"", b"\x00\xff" * 70_000, "若晴".encode()]
        journal.append("2027", [a_draft()], expected_version=0, put=[*contents, b""])
        journal.append("2027", [a_draft()], expected_version=1, put=contents)
        assert dict(journal.documents("2027")) == {document_name(content): len(content) for content in contents}
        for content in contents:
            assert journal.get_document("2027", document_name(content)) == content

    def test_a_document_belongs_to_its_stream(self) -> None:
        """A purge of one workflow takes nothing from another that had the same file."""
        journal, name = self.make_journal(), document_name(b"sheet")
        journal.append("a", [a_draft()], expected_version=0, put=[b"sheet"])
        with pytest.raises(UnknownDocument):
            journal.get_document("b", name)
        journal.append("b", [a_draft()], expected_version=0, put=[b"sheet"])
        journal.append("a", [a_draft("purged", documents=1)], expected_version=1, purge=[name, "0" * 64])
        assert dict(journal.documents("a")) == {}
        assert journal.get_document("b", name) == b"sheet"
        with pytest.raises(UnknownDocument) as refused:
            journal.get_document("a", name)
        assert refused.value.name == name
        assert [event.kind for event in journal.read("a")] == ["opened", "purged"]

    def test_no_document_comes_or_goes_untold(self) -> None:
        """An append without an event is refused."""
        journal = self.make_journal()
        with pytest.raises(InvalidOption):
            journal.append("2027", [], expected_version=0, put=[b"sheet"])
        assert dict(journal.documents("2027")) == {}

    def test_nothing_said_of_a_journal_holds_a_fact(self) -> None:
        """Reprs show who by role, what and where."""
        journal = self.make_journal()
        (event,) = journal.append("2027", [a_draft(comment="QX9")], expected_version=0)
        for said in (repr(journal), repr(event)):
            assert "QX9" not in said
            assert "Ada" not in said

    # whole histories

    @_QUICK
    @given(st.data())
    def test_any_history_is_that_of_plain_lists(self, data: st.DataObject) -> None:
        """Any appends, with versions right and wrong, leave what a list and a dictionary hold."""
        journal, events, documents = self.make_journal(), dict[str, list[str]](), dict[tuple[str, str], bytes]()
        for turn in range(data.draw(st.integers(1, 8), label="steps")):
            stream = data.draw(st.sampled_from("abc"), label="stream")
            version = len(events.get(stream, [])) + data.draw(st.sampled_from([0, 0, 0, 1, -1]), label="error")
            put = data.draw(st.lists(st.binary(max_size=3), max_size=2), label="put")
            purge = data.draw(st.lists(st.sampled_from([name for _, name in documents] or ["x"]), max_size=2))
            try:
                journal.append(stream, [a_draft(f"turn {turn}")], expected_version=version, put=put, purge=purge)
            except JournalConflict:
                assert version != len(events.get(stream, []))
            else:
                events.setdefault(stream, []).append(f"turn {turn}")
                documents = {
                    place: held for place, held in documents.items() if place not in {(stream, p) for p in purge}
                }
                documents |= {(stream, document_name(content)): content for content in put}
            assert {name: [event.kind for event in journal.read(name)] for name in journal.streams()} == events
            kept = {(name, each) for name in "abc" for each in journal.documents(name)}
            assert kept == set(documents)


def in_threads(count: int, work: Callable[[int], object]) -> list[object]:
    """Do a work in many threads at the same moment; what each gave or raised, in order."""
    told: list[object] = [None] * count
    start = threading.Barrier(count)

    def one(number: int) -> None:
        start.wait()
        try:
            told[number] = work(number)
        except Exception as raised:  # noqa: BLE001  (what was raised is what is asked for)
            told[number] = raised

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told
