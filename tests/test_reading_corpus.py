"""Files that others wrote: each gives a roster or a refusal, and student lists give the rows that they have."""

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from rosterdiff.errors import UnreadableFile
from rosterdiff.frames import Roster
from rosterdiff.reading import read_roster

CORPUS = Path(os.environ.get("ROSTERDIFF_SHARED", Path(__file__).parent.parent.parent / "shared")) / "corpus"
FOLDERS = ("rosters", "messy_tabular", "messy_extra")

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of files is not here (ROSTERDIFF_SHARED)")


def manifest(folder: str) -> list[dict[str, str]]:
    path = CORPUS / folder / "manifest.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if (CORPUS / folder / row["file"]).exists()]


def rows_of(path: Path) -> int | str:
    """The number of rows read, or the code of the refusal."""
    try:
        roster = read_roster(path)
    except UnreadableFile as error:
        return error.code
    assert isinstance(roster, Roster)
    return len(roster)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_file_is_a_roster_or_a_refusal(folder: str) -> None:
    for entry in manifest(folder):
        assert rows_of(CORPUS / folder / entry["file"]) is not None, entry["file"]


NO_STUDENTS = "orgs|Section|manifest|StudentEnrollment|SchoolData|school_import|section-activities"
"""Files of the folder of rosters that list schools, sections or settings."""


def test_student_lists_with_a_header_give_the_rows_that_they_have() -> None:
    """All but one (a list of employees) gave the stated number when this was written."""
    stated, right = 0, 0
    for entry in manifest("rosters"):
        number = re.search(r"readable: (?:sheet \w+, |~)?(\d+)|header only: (\d+)|, (\d+) data rows", entry["expected"])
        if number is None or "no header" in entry["expected"] or re.search(NO_STUDENTS, entry["file"]):
            continue
        expected = int(next(found for found in number.groups() if found))
        if "header row 4, 0 data rows" in entry["expected"]:
            expected = 0
        stated += 1
        right += rows_of(CORPUS / "rosters" / entry["file"]) == expected
    assert stated > 30
    assert right >= stated - 1, f"{right} of {stated}"


EXCELS_OWN = {"poi__protect.xlsx"}
"""Encrypted with the password that Excel never asks for: with the extra it opens, and is no list of students."""

READ_ALL = """
import json, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2_000_000_000, 2_000_000_000))
from rosterdiff.errors import UnreadableFile
from rosterdiff.reading import read_roster
for name in sys.argv[1:]:
    try:
        answer = len(read_roster(name))
    except UnreadableFile as error:
        answer = error.code
    print(json.dumps([name, answer]), flush=True)
"""
"""Reads files in a process of its own with 2 GB of memory: a native reader may abort, and must not take us with it."""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits of memory are those of POSIX")
def test_hostile_files_neither_crash_nor_exhaust_and_encrypted_ones_are_named() -> None:
    files = [CORPUS / "malicious" / entry["file"] for entry in manifest("malicious")]
    done = subprocess.run(
        [sys.executable, "-c", READ_ALL, *map(str, files)], capture_output=True, text=True, timeout=120, check=False
    )
    answers = dict(json.loads(line) for line in done.stdout.splitlines())
    assert len(answers) == len(files), f"stopped after {len(answers)}: {done.stderr[-500:]}"
    assert done.returncode == 0
    encrypted = [entry["file"] for entry in manifest("malicious") if "refused: encrypted" in entry["expected"]]
    wrong = {name for name in encrypted if answers[str(CORPUS / "malicious" / name)] != "encrypted"}
    assert wrong <= EXCELS_OWN
