"""Issues of one kind together, as people are told them.

Invariants: every issue is in exactly one kind; no kind mixes severities or codes; the gravest and the most stand first.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from rosterdiff.issues import complete_issues
from rosterdiff.reports.cells import size_of

_AREAS: Final = 6  # cells or areas that are named for one kind of issue and sheet
_MESSAGES: Final = 3  # different messages of one code that are told each by itself


def kinds_of_issues(issues: pl.DataFrame) -> pl.DataFrame:
    """Issues that say the same, together; where one code says too many different things, one of them for all.

    Args:
        issues: a frame of `schema.ISSUES`.

    Returns:
        `severity`, `code`, `message`; lists of every place: `sheet` (the file and sheet as far as there are several,
        in words), `cells` and `each` (how many cells); and `count`, their sum.

    """
    issues = complete_issues(issues)
    code = ["severity", "code"]
    alike = (
        pl.when(pl.col("message").n_unique().over(code) > _MESSAGES)
        .then(pl.format("{} (for example)", pl.col("message").first().over(code)))
        .otherwise("message")
    )
    placed = issues.select(*code, "count", "cells", alike.alias("message"), _places(issues).alias("sheet"))
    kinds = placed.group_by(*code, "message", maintain_order=True)
    told = kinds.agg("sheet", "cells", each="count", count=pl.col("count").sum())
    return told.sort("severity", "count", descending=[False, True], maintain_order=True)


def places_in_words(kind: Mapping[str, Any]) -> list[str]:
    """Where issues of a kind are, sheet by sheet: the first of the cells, and how many others there are.

    >>> places_in_words({"sheet": ["3B.csv", "3B.csv", "4A.csv"], "cells": ["D3", "D5:D7", None], "each": [1, 3, 1]})
    ['3B.csv: D3, D5:D7', '4A.csv']
    """
    found: dict[str, tuple[list[str], int]] = {}
    for sheet, cells, count in zip(kind["sheet"], kind["cells"], kind["each"], strict=True):
        areas, before = found.setdefault(sheet or "", ([], 0))
        areas += cells.split(", ") if cells else []
        found[sheet or ""] = (areas, before + (count if cells else 0))
    told = [": ".join(filter(None, (sheet, name_areas(areas, count)))) for sheet, (areas, count) in found.items()]
    return [place for place in told if place]


def name_areas(areas: Sequence[str], count: int) -> str:
    """The first of these areas, and how many cells of so many are left out.

    >>> name_areas(["D3", "D5:D7"], 4), name_areas([f"D{row}" for row in range(3, 11)], 8)
    ('D3, D5:D7', 'D3, D4, D5, D6, D7, D8 and 2 more')
    """
    named = areas[:_AREAS]
    rest = count - sum(size_of(area) if ":" in area else 1 for area in named)
    return ", ".join(named) + (f" and {rest:,} more" if rest > 0 and len(areas) > _AREAS else "")


def _places(issues: pl.DataFrame) -> pl.Expr:
    """The file and sheet of each issue, as far as there are several."""
    files, sheets = issues["source_file"].n_unique() > 1, issues["source_sheet"].drop_nulls().n_unique() > 1
    file = pl.col("source_file") if files else pl.lit(None, dtype=pl.String)
    sheet = pl.format("sheet {}", "source_sheet") if files or sheets else pl.lit(None, dtype=pl.String)
    return pl.concat_str(file, sheet, separator=", ", ignore_nulls=True)
