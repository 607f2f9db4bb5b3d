"""One file read as a user would read it, and what came out of it as plain data.

Invariants: what is returned holds counts, codes, names of fields and digests of cells, never a cell's text, unless
the caller asks for the cells of a generated file; the grid is looked at where the reader keeps it, in one place.
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.reading.truths import Truth, compare_cells, true_rows
from rosterdiff.config import ReadOptions
from rosterdiff.errors import RosterError, UnreadableFile
from rosterdiff.frames import Roster
from rosterdiff.reading import read_roster
from rosterdiff.schema import CANONICAL


def look_at(path: Path, options: ReadOptions) -> dict[str, Any]:
    """What reading a file gives: a roster's shape, a refusal's code, or the name of an exception that came through."""
    return _read(path, options, _described)


def look_at_cells(path: Path, options: ReadOptions) -> dict[str, Any]:
    """The same, with every canonical value as text and the places of all issues: for generated files alone."""
    return _read(path, options, lambda roster: {**_described(roster), **_spelt_out(roster)})


def _read(path: Path, options: ReadOptions, describe: Callable[[Roster], dict[str, Any]]) -> dict[str, Any]:
    """Read a file once, and tell what `describe` says of the roster."""
    try:
        roster = read_roster(path, options=options)
    except UnreadableFile as refusal:
        return {"outcome": "refused", "code": refusal.code}
    except RosterError as error:
        return {"outcome": "exception", "exception": f"{type(error).__name__} for a file"}
    except BaseException as error:  # noqa: BLE001  (a panic of a native reader is no Exception)
        return {"outcome": "exception", "exception": type(error).__name__}
    return {"outcome": "rows", **describe(roster)}


def _described(roster: Roster) -> dict[str, Any]:
    return {
        "rows": len(roster),
        "fields": list(roster.given),
        "issues": dict(Counter(roster.issues["code"].to_list())),
    }


def _spelt_out(roster: Roster) -> dict[str, Any]:
    judged = [*CANONICAL, "source_sheet", "source_row"]
    return {
        "cells": roster.frame.select(pl.col(judged).cast(pl.String)).to_dict(as_series=False),
        "places": roster.places.select("source_sheet", "field", "column").rows(),
        "issue_cells": roster.issues.select("code", "source_sheet", "cell").rows(),
    }


def grids_of(path: Path, options: ReadOptions) -> list[tuple[str | None, pl.DataFrame, bool]]:
    """The sheets that the reader sees before it looks for a table: name, cells, whether hidden."""
    from rosterdiff.reading import read

    grids = read.open_upload(path, options=options).grids
    return [(grid.origin.sheet, grid.cells, grid.hidden) for grid in grids]


def look_at_grid(path: Path, options: ReadOptions) -> dict[str, Any]:
    """The shape of every visible sheet: rows that are not blank, height, width, as the reader sees them."""
    try:
        grids = grids_of(path, options)
    except UnreadableFile as refusal:
        return {"outcome": "refused", "code": refusal.code}
    except BaseException as error:  # noqa: BLE001
        return {"outcome": "exception", "exception": type(error).__name__}
    shapes = [(sheet, _filled_rows(cells), cells.height, cells.width) for sheet, cells, hidden in grids if not hidden]
    return {"outcome": "grid", "sheets": shapes}


def _filled_rows(cells: pl.DataFrame) -> int:
    if cells.is_empty():
        return 0
    return int(cells.select((~pl.all_horizontal(pl.all().is_null())).sum()).item())


def look_at_truth(path: Path, options: ReadOptions, truth: Truth) -> dict[str, Any]:
    """How many cells of the reader's grid are those that the file is known to hold."""
    seen = look_at_grid(path, options)
    if seen["outcome"] != "grid":
        return seen
    cells = [list(row) for row in grids_of(path, options)[0][1].rows()]
    return {"outcome": "truth", **compare_cells(cells, true_rows(path, truth))}
