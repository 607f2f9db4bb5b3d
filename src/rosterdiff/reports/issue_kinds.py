"""Issues of one kind together, as people are told them.

Invariants: every issue is in exactly one kind; no kind mixes severities or codes; the gravest and the most stand first.
"""

from typing import Final

import polars as pl

from rosterdiff.issues import complete_issues

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


def _places(issues: pl.DataFrame) -> pl.Expr:
    """The file and sheet of each issue, as far as there are several."""
    files, sheets = issues["source_file"].n_unique() > 1, issues["source_sheet"].drop_nulls().n_unique() > 1
    file = pl.col("source_file") if files else pl.lit(None, dtype=pl.String)
    sheet = pl.format("sheet {}", "source_sheet") if files or sheets else pl.lit(None, dtype=pl.String)
    return pl.concat_str(file, sheet, separator=", ", ignore_nulls=True)
