"""Column names, dtypes, and one schema for every frame that crosses a stage border.

Invariants: every closed set is the polars `Enum` of its `StrEnum`; weights and margins are integers of 1/1000 bit
inside the stages (columns ending in `_mb`) and bits as floats in the plan; `check` holds a frame to its schema.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

import polars as pl

from rosterdiff.config import NAME_FIELDS
from rosterdiff.known import KnownBy
from rosterdiff.levels import LEVELS_OF, Comparison
from rosterdiff.model import (
    Action,
    Doubt,
    Effect,
    GuardCode,
    Pool,
    Reason,
    Severity,
    Verdict,
)

GRADES: Final = (
    "IT", "PR", "PK", "TK", "KG", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13",
    "PS", "UG", "Other",
)  # fmt: skip
"""Grade codes of CEDS "Entry Grade Level" as OneRoster 1.2 uses them, youngest first."""


def enum_of(values: type[StrEnum] | Iterable[str]) -> pl.Enum:
    """The polars dtype of a closed set."""
    return pl.Enum([str(value) for value in values])


def by_place(places: Iterable[int], values: type[StrEnum]) -> pl.Series:
    """The members of a closed set by their places in it.

    >>> by_place([1, 0], Pool).to_list()
    ['deleted', 'base']
    """
    members = pl.Series([str(value) for value in values], dtype=enum_of(values))
    return members.gather(pl.Series(places, dtype=pl.UInt32))


CANONICAL: Final = pl.Schema(
    {
        "student_id": pl.String(),
        "student_number": pl.String(),
        "username": pl.String(),
        "email": pl.String(),
        "given_name": pl.String(),
        "middle_name": pl.String(),
        "family_name": pl.String(),
        "name_suffix": pl.String(),
        "preferred_given_name": pl.String(),
        "preferred_family_name": pl.String(),
        "birth_date": pl.Date(),
        "gender": pl.String(),
        "grade": enum_of(GRADES),
        "class_name": pl.String(),
        "school": pl.String(),
    }
)
"""What is known of a student, in OneRoster 1.2 terms; an empty value is null."""

PROVENANCE: Final = pl.Schema(
    {
        "row": pl.UInt32(),  # 0-based in the roster
        "source_file": pl.String(),
        "source_sheet": pl.String(),
        "source_row": pl.UInt32(),  # as the spreadsheet numbers it
    }
)

ROSTER: Final = pl.Schema({**CANONICAL, **PROVENANCE})
"""A roster's own columns; a roster may have more, all text, after these."""

PLACES: Final = pl.Schema(
    {
        "source_file": pl.String(),
        "source_sheet": pl.String(),
        "field": pl.String(),  # canonical or further column of the roster
        "header": pl.String(),  # as the spreadsheet writes it
        "column": pl.String(),  # its letters: "C"
        "known_by": enum_of(KnownBy),
        "confidence": pl.Float64(),  # 0 to 1, as `model.CONFIDENCE`
        "header_row": pl.UInt32(),  # as the spreadsheet numbers it; null where there is no header
    }
)
"""Where each field of each sheet stands: with `source_row` it gives the cell."""

CLEARS: Final = pl.Schema({"row": pl.UInt32(), "field": pl.String()})
"""Fields that a row asks to be emptied with the word `<clear>`."""

ISSUES: Final = pl.Schema(
    {
        "severity": enum_of(Severity),
        "code": pl.String(),
        "source_file": pl.String(),
        "source_sheet": pl.String(),
        "cell": pl.String(),  # the first that has the fault
        "message": pl.String(),
        "count": pl.UInt32(),  # how many cells have it
        "cells": pl.String(),  # all of them: "D17:D40, D52"
    }
)
"""Faults of the data; many cells with one fault are one line. Null cells: the fault is the file's or the sheet's."""

PAIRS: Final = pl.Schema({"row": pl.UInt32(), "student": pl.UInt32()})
"""Candidate pairs by position in the two rosters, before anything is known of them."""

LEVEL_COLUMNS: Final = {comparison: f"{comparison}_level" for comparison in Comparison}
WEIGHT_COLUMNS: Final = {comparison: f"{comparison}_weight" for comparison in Comparison}
MILLIBIT_COLUMNS: Final = {comparison: f"{comparison}_mb" for comparison in Comparison}

COMPARED: Final = tuple(c for c in Comparison if c not in (Comparison.FURTHER, Comparison.TOGETHER))
"""The comparisons of a field; the two others follow from them and from the columns that a host declares."""

LEVELS: Final = pl.Schema(
    {**PAIRS, **{LEVEL_COLUMNS[c]: enum_of(LEVELS_OF[c]) for c in COMPARED}, "names_same": pl.Boolean()}
)
"""Pairs with the level of every field; `names_same`: given and family name each equal one of the student's."""

SCORED: Final = pl.Schema(
    {
        **PAIRS,
        **{LEVEL_COLUMNS[c]: enum_of(LEVELS_OF[c]) for c in Comparison},
        "names_same": pl.Boolean(),
        **{MILLIBIT_COLUMNS[c]: pl.Int32() for c in Comparison},
        "weight_mb": pl.Int32(),
    }
)
"""Pairs with levels and integer weights; `weight_mb` is the sum of the others."""

ASSIGNED: Final = pl.Schema(
    {
        **SCORED,
        "assigned": pl.Boolean(),
        "probability": pl.Float64(),  # of this pair, given its rivals
        "alone_probability": pl.Float64(),  # as if it had none
        "margin_mb": pl.Int64(),  # of assigned pairs: loss in total weight if the pair were forbidden
    }
)
"""Scored pairs after the one-to-one assignment; sorted by row, then probability descending, then student."""

ROW_PAIRS: Final = pl.Schema({"row": pl.UInt32(), "other_row": pl.UInt32()})
"""Two rows of one roster that look like one child; `row` < `other_row`."""

DOUBTS: Final = pl.Schema({**ROW_PAIRS, "doubt": enum_of(Doubt)})
"""Two rows of an incoming roster that compiling could not settle; `row` < `other_row`."""

INDISTINGUISHABLE: Final = pl.Schema(
    {
        "side": pl.Enum(["base", "incoming"]),
        "row": pl.UInt32(),  # in its roster
        "student_id": pl.String(),  # of students of the base
        "group": pl.UInt32(),
        "reason": pl.Enum(["same_birth_date", "no_birth_date"]),
    }
)
"""Records whom nothing in both rosters tells apart from the others of their group."""

STEPS: Final = pl.Schema(
    {
        "source_file": pl.String(),
        "step": pl.Int8(),  # 0: the sheet carries the same grades as the base, 1: the next ones
        "advanced": pl.UInt32(),
        "same": pl.UInt32(),
        "other": pl.UInt32(),
    }
)
"""The grade step of each upload, with the students that showed it."""

ENTRIES: Final = pl.Schema(
    {
        "entry": pl.UInt32(),
        "action": enum_of(Action),
        "reason": enum_of(Reason),
        "group": pl.UInt32(),
        "student_id": pl.String(),
        "row": pl.UInt32(),
        "probability": pl.Float64(),
        "weight": pl.Float64(),  # bits
        "margin": pl.Float64(),  # bits
    }
)

CHANGES: Final = pl.Schema(
    {
        "row": pl.UInt32(),
        "student_id": pl.String(),
        "field": pl.String(),
        "before": pl.String(),
        "after": pl.String(),
        "effect": enum_of(Effect),
    }
)

CANDIDATES: Final = pl.Schema(
    {
        "row": pl.UInt32(),
        "student_id": pl.String(),
        "pool": enum_of(Pool),
        "rank": pl.UInt32(),  # 1 is the best
        "probability": pl.Float64(),
        "weight": pl.Float64(),  # bits
        "taken_by": pl.UInt32(),  # the row that an automatic entry gave this student to
        **{
            name: dtype
            for c in Comparison
            for name, dtype in (
                (LEVEL_COLUMNS[c], enum_of(LEVELS_OF[c])),
                (WEIGHT_COLUMNS[c], pl.Float64()),
            )
        },
    }
)

COVERAGE: Final = pl.Schema(
    {
        "school": pl.String(),
        "grade": enum_of(GRADES),
        "class_name": pl.String(),
        "base": pl.UInt32(),  # students of the base
        "found": pl.UInt32(),  # matched with a row
        "moved": pl.UInt32(),  # of these, in another class than expected of them
        "in_review": pl.UInt32(),
        "not_listed": pl.UInt32(),
        "new": pl.UInt32(),  # rows added to this class
    }
)

GUARD_RESULTS: Final = pl.Schema(
    {
        "code": enum_of(GuardCode),
        "held": pl.Boolean(),
        "value": pl.Float64(),
        "limit": pl.Float64(),
        "sentence": pl.String(),
    }
)

DELETABLE: Final = pl.Schema({"student_id": pl.String(), "certain": pl.Boolean()})
"""Whom an acknowledgement of this plan covers: certain deletions, and students held in review."""

DECISIONS: Final = pl.Schema(
    {
        "row": pl.UInt32(),
        "student_id": pl.String(),
        "verdict": enum_of(Verdict),
        "actor": pl.String(),
        "comment": pl.String(),
        "plan_id": pl.String(),
        "row_key": pl.String(),
        "student_key": pl.String(),
        "rejected": pl.List(pl.String()),
        "scope": pl.String(),
        "place": pl.String(),
    }
)

UPDATES: Final = pl.Schema(
    {"student_id": pl.String(), "field": pl.String(), "before": pl.String(), "after": pl.String()}
)
"""Field values to write, as text: dates ISO 8601, grades CEDS codes; null empties the field."""

KNOWN: Final = pl.Schema({name: CANONICAL[name] for name in ("student_id", *NAME_FIELDS)})
"""Students by whose names a base is known again."""

EXPECTED: Final = CANONICAL
"""Preconditions: the record of every student that a change set touches; a host's other columns may move."""


def check(frame: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """Hold a frame to its schema and return it; a deviation is a bug of ours.

    >>> check(pl.DataFrame(schema=PAIRS), PAIRS).shape
    (0, 2)
    """
    found = frame.schema
    assert found == schema, f"columns or types deviate: {sorted(set(schema.items()) ^ set(found.items()), key=str)}"
    return frame


def empty(schema: pl.Schema) -> pl.DataFrame:
    """A frame of this schema without rows."""
    return pl.DataFrame(schema=schema)


def conform(frame: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """Bring a frame to a schema: missing columns as nulls, the schema's order and types, nothing else."""
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in schema.items()
    )
