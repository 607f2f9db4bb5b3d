"""The corpus of files that others wrote, and what is right for each of them.

Invariants: what is right comes from the manifest where that is gold, from `judgements.csv` where it is a heuristic or
silent; a file that is no list of people is right when it is refused as one, and its cells are compared all the same;
a file that is slow or large is wrong whatever it gives.
"""

import csv
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from attrs import asdict, frozen

from benchmarks.reading.measure import Job, Seen, measure
from benchmarks.reading.outcomes import Outcome
from benchmarks.reading.truths import Truth

FOLDERS: Final = ("rosters", "messy_tabular", "messy_extra", "malicious")
_NOT_CSV: Final = frozenset({"php__issue.2276.slk", "sjs__ErrorTypes.slk", "ckit__test_header_newline.csv"})
"""Files whose manifest names a separator that is none: SYLK, and a quoted tab in the header of a file of commas."""

_JUDGEMENTS: Final = Path(__file__).with_name("judgements.csv")
_SHARED: Final = Path(__file__).parents[3] / "shared"


@frozen
class Entry:
    """A file of the corpus.

    Attributes:
        folder, file: where it is.
        accept: what is right: `rows:N`, a code of refusal, `refused` (any code), `any`, or the code of an issue.
        fields: canonical fields that must hold a value where rows are given.
        reason: why, where it is a judgement; empty where the manifest says it.
        manifest: the line of the manifest.

    """

    folder: str
    file: str
    accept: tuple[str, ...]
    fields: tuple[str, ...]
    reason: str
    manifest: Mapping[str, str]

    @property
    def path(self) -> Path:
        """The file."""
        return corpus() / self.folder / self.file

    @property
    def truth(self) -> Truth | None:
        """Where the right cells are, if they are known: a clean version, or a text file's encoding and separator."""
        name, encoding, delimiter = (self.manifest[key] for key in ("truth_clean", "encoding", "delimiter"))
        if name:
            return Truth(clean=str(corpus() / "truth" / Path(name).name))
        encoding = encoding.removesuffix(" (no BOM)")
        known = encoding and delimiter and self.file not in _NOT_CSV
        return Truth("", encoding, delimiter.replace("TAB", "\t")) if known else None

    @property
    def hazards(self) -> tuple[str, ...]:
        """What is odd about it, as measured."""
        return tuple(self.manifest["hazards"].split()) or ("none",)


@frozen
class Judged:
    """A file with what came of it."""

    entry: Entry
    outcome: Outcome
    got: str
    seen: Seen


def corpus() -> Path:
    """The folder of the corpus; it need not be there."""
    return Path(os.environ.get("ROSTERDIFF_SHARED", _SHARED)) / "corpus"


def entries() -> list[Entry]:
    """Every file of the corpus that is on this machine."""
    judged = {line["file"]: line for line in _lines(_JUDGEMENTS)}
    found = [(folder, line) for folder in FOLDERS for line in _lines(corpus() / folder / "manifest.csv")]
    return [
        _entry(folder, line, judged.get(line["file"], {}))
        for folder, line in found
        if (corpus() / folder / line["file"]).exists()
    ]


def _lines(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _entry(folder: str, line: Mapping[str, str], judged: Mapping[str, str]) -> Entry:
    accept = tuple(judged.get("accept", "").split()) or _of_manifest(line["expected"])
    fields = tuple(judged.get("fields", "").split())
    return Entry(folder, line["file"], accept, fields, judged.get("reason", ""), line)


def _of_manifest(expected: str) -> tuple[str, ...]:
    """What the manifest asks of a file that has no judgement: those that are readable are no lists of people."""
    if "encrypted" in expected:
        return ("encrypted",)
    if expected.startswith("must be refused"):
        return ("refused",)
    return ("no_table",) if expected.startswith("readable") else ("any",)


def judge_corpus(chosen: Sequence[Entry]) -> list[Judged]:
    """Read every file, and say whether what came out is right."""
    seen = measure([Job(str(entry.path)) for entry in chosen])
    return [_judge(entry, one) for entry, one in zip(chosen, seen, strict=True)]


def _judge(entry: Entry, seen: Seen) -> Judged:
    found = seen.found
    got = {"rows": f"rows:{found.get('rows')}", "refused": found.get("code", "")}.get(
        found["outcome"], f"exception {found.get('exception', '')}"
    )
    return Judged(entry, _outcome(entry, seen, got), _told(entry, found, got), seen)


def _outcome(entry: Entry, seen: Seen, got: str) -> Outcome:
    if found_late(seen):
        return Outcome.SLOW
    if seen.is_large:
        return Outcome.LARGE
    if seen.found["outcome"] == "exception":
        return Outcome.EXCEPTION
    right = bool({got, "any", *_words(seen)} & set(entry.accept))
    if seen.found["outcome"] == "refused":
        return Outcome.REFUSED if right else Outcome.WRONG_REFUSAL
    return Outcome.ROWS if right and not _missing(entry, seen.found) else Outcome.ROWS_DIFFER


def found_late(seen: Seen) -> bool:
    """Whether it took too long, or was ended because it did."""
    return seen.is_slow or seen.found.get("exception") == "ended for its time"


def _words(seen: Seen) -> set[str]:
    """What else `accept` may name: that it was refused at all, or an issue that flags it."""
    return {"refused"} if seen.found["outcome"] == "refused" else set(seen.found.get("issues", {}))


def _missing(entry: Entry, found: Mapping[str, object]) -> list[str]:
    """Fields that the file has and the roster lacks."""
    given = found.get("fields", [])
    assert isinstance(given, list)
    wanted = entry.fields if found.get("rows") else ()
    return [field for field in wanted if not set(field.split("|")) & set(given)]


def _told(entry: Entry, found: Mapping[str, object], got: str) -> str:
    missing = _missing(entry, found) if found["outcome"] == "rows" else []
    return f"{got}, without {', '.join(missing)}" if missing else got


@frozen
class Compared:
    """The cells of a text file beside the right ones.

    Attributes:
        entry: the file.
        clean: the right cells are those of a clean version that a person made.
        cells, differ: how many cells there are, and how many were read otherwise; one of one, where it was refused.
        extra: rows that the clean version leaves out: titles and notes.

    """

    entry: Entry
    clean: bool
    cells: int
    differ: int
    extra: int


_COUNTS: Final = {"cells": 1, "differ": 1, "extra": 0}


def compare_corpus(chosen: Sequence[Entry]) -> list[Compared]:
    """Compare the cells of every text file whose right cells are known."""
    known = [(entry, entry.truth) for entry in chosen if entry.truth is not None and entry.folder != "malicious"]
    seen = measure([Job(str(entry.path), "truth", truth=asdict(truth)) for entry, truth in known])
    return [
        Compared(entry, bool(truth.clean), *(one.found.get(key, missing) for key, missing in _COUNTS.items()))
        for (entry, truth), one in zip(known, seen, strict=True)
    ]
