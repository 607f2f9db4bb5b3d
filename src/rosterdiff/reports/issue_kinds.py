"""Issues of one kind together, as people are told them.

Invariants: every issue is in exactly one kind; no kind mixes severities or codes.
"""

from typing import Final

import polars as pl

_MESSAGES: Final = 3  # different messages of one code that are told each by itself


def kinds_of_issues(issues: pl.DataFrame) -> pl.DataFrame:
    """Issues that say the same, together; where one code says too many different things, one of them for all.

    Args:
        issues: a frame of `schema.ISSUES`.

    Returns:
        `severity`, `code`, `message`, the lists `sheet` and `cell` of every place, and `count`.

    """
    code = ["severity", "code"]
    alike = (
        pl.when(pl.col("message").n_unique().over(code) > _MESSAGES)
        .then(pl.format("{} (for example)", pl.col("message").first().over(code)))
        .otherwise("message")
    )
    sheet = pl.concat_str("source_file", pl.format("sheet {}", "source_sheet"), separator=", ", ignore_nulls=True)
    placed = issues.select(*code, "cell", alike.alias("message"), sheet.alias("sheet"))
    return placed.group_by(*code, "message", maintain_order=True).agg("sheet", "cell", pl.len().alias("count"))
