"""Students and rows as people call them: their names, their class, and what changes for them.

Invariants: a name is `Family, Given Middle` as far as it is known; a change is `before → after`, in brackets where it
is only reported.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from rosterdiff.plans import Plan
from rosterdiff.sentences import field_label

Key = tuple[int | None, str | None]
"""The row and the student of an entry."""


def full_name() -> pl.Expr:
    """The names of many, over the columns of a roster; empty where there are none."""
    given = pl.concat_str("given_name", "middle_name", separator=" ", ignore_nulls=True).replace("", None)
    return pl.concat_str("family_name", given, separator=", ", ignore_nulls=True)


def class_or_grade() -> pl.Expr:
    """The class of many, else the grade."""
    return pl.coalesce("class_name", pl.format("grade {}", pl.col("grade").cast(pl.String)))


def name_of(values: Mapping[str, Any]) -> str:
    """The name of one.

    >>> name_of({"family_name": "Torenbek", "given_name": "Ilva", "middle_name": None})
    'Torenbek, Ilva'
    """
    given = " ".join(part for part in (values.get("given_name"), values.get("middle_name")) if part)
    return ", ".join(part for part in (values.get("family_name"), given) if part)


def class_of(values: Mapping[str, Any]) -> str:
    """Grade and class of one, as far as they are known."""
    return " ".join(part for part in (values.get("grade"), values.get("class_name")) if part)


def changes_in_words(plan: Plan, entries: pl.DataFrame) -> dict[Key, str]:
    """What changes for each of these entries: `Class 3A → 4A`.

    Args:
        plan: the plan they are of.
        entries: `row` and `student_id`; those for whom nothing changes are not in the result.

    """
    found: dict[Key, list[str]] = {}
    keys = entries.select("row", "student_id")
    for line in plan.changes.join(keys, on=["row", "student_id"], how="semi").iter_rows(named=True):
        change = f"{field_label(line['field'])} {line['before'] or '–'} → {line['after'] or '–'}"
        told = change if line["effect"] == "write" else f"({change}, not written)"
        found.setdefault((line["row"], line["student_id"]), []).append(told)
    return {key: ", ".join(changes) for key, changes in found.items()}
