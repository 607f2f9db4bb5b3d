"""What a notebook shows of a roster and of a plan: counts and structure, never a value."""

from collections.abc import Sequence

import polars as pl

from rosterdiff.notebook import html_part, html_table, html_text


def preview_roster(frame: pl.DataFrame, columns: Sequence[str], issues: pl.DataFrame) -> str:
    """How many values the columns of a roster have, and how many issues of each kind, as HTML."""
    counts = frame.select(pl.col(columns).count()).row(0) if columns else ()
    distinct = frame.select(pl.col(columns).drop_nulls().n_unique()).row(0) if columns else ()
    parts = [html_table(["Column", "Filled", "Different"], zip(columns, counts, distinct, strict=True))]
    if issues.height:
        kinds = issues.group_by("severity", "code", maintain_order=True).len().sort("severity", maintain_order=True)
        parts.append(html_table(["Severity", "Issue", "Count"], kinds.rows()))
    return html_part(f"Roster of {frame.height:,} rows", *parts)


def preview_plan(title: str, sizes: str, entries: pl.DataFrame, held_by: Sequence[str]) -> str:
    """How many entries a plan has of each action and reason, and what holds it, as HTML."""
    kinds = entries.group_by("action", "reason").len().sort("action", "reason")
    held = [html_text(f"Held by: {', '.join(held_by)}.")] if held_by else []
    return html_part(title, html_text(sizes), html_table(["Action", "Reason", "Entries"], kinds.rows()), *held)
