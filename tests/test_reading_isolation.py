"""The process that opens files may die, hang, swell or lie: the host gets one refusal, and nothing of it stays."""

import contextlib
import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosterdiff.config import ReadOptions
from rosterdiff.errors import InvalidOption, UnreadableFile
from rosterdiff.reading import isolation, read_roster
from rosterdiff.reading.isolated.frames import BrokenFrameError, Frame, Kind, read_frames, write_frame
from rosterdiff.reading.workbooks import read_sheets
from workbook_bytes import archive, xlsx

SEND = (
    "import sys; sys.path.extend({paths!r}); from rosterdiff.reading.isolated.frames import *\n"
    "out = sys.stdout.buffer\n"
    "def refuse(cause, found=None):\n"
    "    write_frame(out, Frame(Kind.REFUSED, {'cause': cause, 'found': found, 'limit': None}))\n"
    "def cells(rows):\n"
    "    write_frame(out, Frame(Kind.CELLS, {'rows': rows, 'separators': [], 'restored': []}))\n"
)
"""The beginning of what a process says that a hostile file has taken over."""


@pytest.fixture(autouse=True)
def _nothing_stays() -> Iterator[None]:
    before = children()
    yield
    assert children() <= before, "a process was left behind"


def children() -> set[int]:
    """Processes that this one has started and that are not gone."""
    path = f"/proc/self/task/{threading.get_native_id()}/children"
    try:
        with open(path) as file:  # noqa: PTH123
            return {int(number) for number in file.read().split()}
    except OSError:
        return set()


def code_of(data: bytes, options: ReadOptions = ReadOptions()) -> str:  # noqa: B008
    with pytest.raises(UnreadableFile) as caught:
        read_roster(data, filename="x", options=options)
    return caught.value.code


def replaced(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Another program in the place of the one that opens files."""
    escaped = program.replace("{", "{{").replace("}", "}}").replace("{{paths!r}}", "{paths!r}")
    monkeypatch.setattr(isolation, "_START", escaped)


def test_a_workbook_reads_alike_with_and_without_isolation() -> None:
    apart, here = (read_roster(xlsx(), options=ReadOptions(isolate=isolate)) for isolate in (True, False))
    assert apart.frame.equals(here.frame)
    assert apart.issues.equals(here.issues)


def test_the_process_starts_without_polars() -> None:
    """Which would take it a quarter of a second and a hundred megabytes."""
    program = "import rosterdiff.reading.isolated.worker, sys; print(sorted(sys.modules))"
    modules = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "python_calamine" in modules
    assert not {"polars", "attrs", "numpy", "openpyxl", "msoffcrypto", "ssl"} & set(modules.replace("'", " ").split())


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("import os; os.abort()", "too_much_memory"),  # how Rust gives up where it finds no memory
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "too_much_memory"),  # how Linux ends the largest
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "damaged"),
        ("import os; os._exit(3)", "damaged"),
        ("raise SystemExit", "damaged"),
        ("print('no frame')", "damaged"),
        ("import sys\nwhile True: sys.stdout.write('x' * 100_000)", "damaged"),
        (SEND + "cells(1)", "damaged"),
        (SEND + "refuse('a word of the file')", "damaged"),
        (SEND + "refuse('damaged', 'a word of the file')", "damaged"),
        (SEND + "write_frame(out, Frame(Kind.SHEET, {'name': 'x', 'width': 1 << 60})); cells(1 << 60)", "damaged"),
    ],
)  # fmt: skip
def test_a_process_that_dies_or_lies_is_one_refusal(monkeypatch: pytest.MonkeyPatch, program: str, code: str) -> None:
    replaced(monkeypatch, program)
    begun = time.monotonic()
    assert code_of(xlsx()) == code
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("program", ["while True: pass", "import time; time.sleep(60)"])
def test_a_process_that_hangs_is_ended_in_time(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    replaced(monkeypatch, program)
    begun = time.monotonic()
    assert code_of(xlsx(), ReadOptions(max_seconds=0.5)) == "too_slow"
    assert time.monotonic() - begun < 10


def test_a_process_that_works_too_long_is_ended_by_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    replaced(
        monkeypatch,
        "import sys; sys.path.extend({paths!r}); from rosterdiff.reading.isolated import worker, frames; "
        "worker.limit_process(frames.Limits(10**9, 10**9, 250, 10, 10, 10, 10, 10**9, 1.0))\nwhile True: pass",
    )
    monkeypatch.setattr(isolation, "_PATIENCE", 60.0)
    assert code_of(xlsx(), ReadOptions(max_seconds=1)) == "too_slow"


def test_a_process_of_its_own_gets_no_environment_of_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://host")
    replaced(
        monkeypatch,
        SEND + "import os; write_frame(out, Frame(Kind.MEMBER, {'name': ''}, [','.join(os.environ).encode()])); "
        "write_frame(out, Frame(Kind.END, {}))",
    )
    frame = next(isolation.open_frames(xlsx(), "x", ReadOptions()))
    assert b"DATABASE_URL" not in frame.blobs[0]


def test_the_words_of_a_refusal_never_come_from_the_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    replaced(monkeypatch, SEND + "refuse('damaged', 'Ilva Torenbek')")
    with pytest.raises(UnreadableFile) as caught:
        read_roster(xlsx())
    assert "Ilva" not in str(caught.value)


def test_reading_works_in_threads() -> None:
    found = list[int]()
    threads = [threading.Thread(target=lambda: found.append(len(read_roster(xlsx())))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1, 1, 1, 1]


DAEMON = """
import multiprocessing, sys
from rosterdiff.reading import read_roster

def read(queue, data):
    queue.put(len(read_roster(data)))

if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    queue = context.Queue()
    data = open(sys.argv[2], "rb").read()
    daemon = context.Process(target=read, args=(queue, data), daemon=True)
    daemon.start()
    print(queue.get(timeout=60))
    daemon.join()
"""


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_reading_works_in_daemons(tmp_path: Path, method: str) -> None:
    """Daemons of multiprocessing may have no children of that kind."""
    (tmp_path / "daemon.py").write_text(DAEMON, encoding="utf-8")
    (tmp_path / "3B.xlsx").write_bytes(xlsx())
    done = subprocess.run(
        [sys.executable, tmp_path / "daemon.py", method, tmp_path / "3B.xlsx"], capture_output=True, check=False
    )
    assert done.stdout == b"1\n", done.stderr


@pytest.mark.parametrize("first", ["pass", "import signal; signal.signal(signal.SIGCHLD, signal.SIG_IGN)"])
def test_reading_works_in_a_program_given_as_text_whatever_it_does_about_children(first: str) -> None:
    read = "import sys; from rosterdiff.reading import read_roster; print(len(read_roster(sys.stdin.buffer.read())))"
    command = [sys.executable, "-W", "error", "-c", f"{first}\n{read}"]
    done = subprocess.run(command, input=xlsx(), capture_output=True, check=False)
    assert done.stdout == b"1\n", done.stderr


@pytest.mark.parametrize("change", [{"frozen": True}, {"executable": ""}, {"executable": "/usr/bin/uwsgi"}])
def test_a_host_without_an_interpreter_is_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    for name, value in change.items():
        monkeypatch.setattr(sys, name, value, raising=False)
        if name == "executable":
            monkeypatch.setattr("multiprocessing.spawn._python_exe", os.fsencode(value))
    with pytest.raises(InvalidOption, match="set_executable"):
        read_roster(xlsx())
    assert len(read_roster(xlsx(), options=ReadOptions(isolate=False))) == 1
    assert len(read_roster(b"Given Name,Surname\nIlva,Torenbek\n")) == 1


def test_a_host_that_stops_reading_leaves_no_process() -> None:
    frames = isolation.open_frames(xlsx(), "x", ReadOptions())
    next(frames)
    frames.close()


def test_an_interrupt_ends_the_process_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    replaced(monkeypatch, "import time; time.sleep(60)")
    begun = time.monotonic()
    command = ["/bin/sh", "-c", f"sleep 1; kill -INT {os.getpid()}"]
    former = signal.signal(signal.SIGINT, signal.default_int_handler)  # a suite in the background has it ignored
    try:
        with subprocess.Popen(command), pytest.raises(KeyboardInterrupt):
            read_roster(xlsx(), options=ReadOptions(max_seconds=50))
    finally:
        signal.signal(signal.SIGINT, former)
    assert time.monotonic() - begun < 40


def test_frames_come_back_as_they_were_sent() -> None:
    frames = [Frame(Kind.SHEET, {"name": "3B", "hidden": False}, []), Frame(Kind.CELLS, {"rows": 2}, [b"a\x1eb", b""])]
    stream = io.BytesIO()
    for frame in frames:
        write_frame(stream, frame)
    assert list(read_frames(io.BytesIO(stream.getvalue()), 1000)) == frames
    with pytest.raises(BrokenFrameError):
        list(read_frames(io.BytesIO(stream.getvalue()), len(stream.getvalue()) - 40))


@given(st.binary(max_size=300))
def test_bytes_that_are_no_frames_are_refused(data: bytes) -> None:
    try:
        frames = list(read_frames(io.BytesIO(data), 10_000))
    except BrokenFrameError:
        return
    assert all(isinstance(frame, Frame) for frame in frames)


PLAIN = st.sampled_from([None, True, -1, 0, 1, 1 << 70, 0.5, "", "a", [], [[0, 0]], [[0, 0, 0, 0]], [0], {}, [[[]]]])
NAMES = (
    "name", "hidden", "width", "top", "left", "rows", "separators", "restored", "errors", "formulas", "merged",
    "hidden_rows", "hidden_columns",
)  # fmt: skip
MESSAGES = st.lists(PLAIN, min_size=len(NAMES), max_size=len(NAMES)).map(
    lambda values: dict(zip(NAMES, values, strict=True))
)
KINDS = st.sampled_from([Kind.SHEET, Kind.CELLS])
BLOBS = st.lists(st.sampled_from([b"", b"a", b"\xff", b"aaa"]), max_size=2)


@given(st.lists(st.builds(Frame, KINDS, MESSAGES, BLOBS), max_size=3))
def test_frames_of_any_content_give_grids_or_a_refusal(frames: list[Frame]) -> None:
    with contextlib.suppress(UnreadableFile):
        read_sheets(frames, "x")


def test_sheets_with_every_separator_in_their_cells_are_read() -> None:
    """An xls may hold any character; the separator is one that the column has not."""
    from rosterdiff.reading.isolated.books import _join

    limits = isolation.limits_of(ReadOptions())
    for texts in (["a", "b"], ["\x1e", "b"], ["\x1e\x1f\x1d\x1c\n\x00", "\x1f\x1e", "\x1e\x1e\x1f"], ["\x1f"], [""]):
        blob, separator = _join(texts, limits)
        assert blob.decode().split(separator) == texts


def test_an_archive_of_one_list_is_opened_in_the_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    replaced(monkeypatch, "import os; os.abort()")
    assert code_of(archive({"3B.csv": b"Given Name,Surname\nIlva,Torenbek\n"})) == "too_much_memory"
