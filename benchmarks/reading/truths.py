"""The cells of a grid beside those of its clean version.

Invariants: space around a cell does not count, nor do blank rows, nor blank cells at the end of a row: the reader keeps
no such thing by contract; all else does, letter by letter.
"""

import csv
import json
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path

from attrs import frozen


@frozen
class Truth:
    """Where the right cells of a file are: in a clean version, or in the file itself by its known writing.

    Attributes:
        clean: the path of a clean version, a CSV file or a JSON list of objects whose keys are the header.
        encoding, delimiter: how the file itself is written, where there is no clean version.

    """

    clean: str = ""
    encoding: str = ""
    delimiter: str = ""


def true_rows(path: Path, truth: Truth) -> list[list[str]]:
    """The rows that a file holds."""
    if truth.clean.endswith(".json"):
        records = json.loads(Path(truth.clean).read_text(encoding="utf-8"))
        return [list(records[0]), *([str(value) for value in record.values()] for record in records)]
    if truth.clean:
        with Path(truth.clean).open(encoding="utf-8", newline="") as stream:
            return list(csv.reader(stream))
    with path.open(encoding=truth.encoding, newline="") as stream:
        return list(csv.reader(stream, delimiter=truth.delimiter))


def compare_cells(found: Sequence[Sequence[str | None]], wanted: Sequence[Sequence[str | None]]) -> dict[str, int]:
    """How many cells there are, and how many of them were read otherwise or not at all.

    Rows are aligned, because a clean version leaves out titles and notes that a grid still has: `extra` counts them.
    """
    mine, true = _bare(found), _bare(wanted)
    differ, extra = 0, 0
    for same, a, b, c, d in SequenceMatcher(None, mine, true, autojunk=False).get_opcodes():
        if same != "equal":
            paired = list(zip_longest(mine[a:b], true[c:d]))
            differ += sum(_unlike(one, other) for one, other in paired if other is not None)
            extra += sum(other is None for _, other in paired)
    return {"cells": sum(map(len, true)), "differ": differ, "extra": extra}


def _unlike(mine: Sequence[str] | None, true: Sequence[str]) -> int:
    pairs = list(zip_longest(mine or (), true, fillvalue=""))
    return sum(a != b for a, b in pairs)


def _bare(rows: Sequence[Sequence[str | None]]) -> list[tuple[str, ...]]:
    stripped = [[(cell or "").strip().replace("\r\n", "\n") for cell in row] for row in rows]
    for row in stripped:
        while row and not row[-1]:
            row.pop()
    return [tuple(row) for row in stripped if row]
