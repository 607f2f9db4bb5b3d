"""Pairs → changes: the fields in which a row differs from its student, and what becomes of each.

Invariants: a name is never among the changes; an empty cell changes nothing; `<clear>` empties only fields that the
policy lets be updated; an identity field is filled where it is empty and only reported where it differs.
"""

from collections.abc import Callable
from typing import Final

import polars as pl

from rosterdiff.config import IDENTITY_FIELDS, NAME_FIELDS, Policy
from rosterdiff.frames import Roster
from rosterdiff.genders import gender_key
from rosterdiff.grades import ORDER
from rosterdiff.model import Effect
from rosterdiff.names import fold, map_distinct
from rosterdiff.schema import CHANGES, check, empty, enum_of

_KEYS: Final[dict[str, Callable[[str], str]]] = {
    "gender": gender_key,
    "email": str.casefold,
    "username": str.casefold,
    "class_name": fold,
    "school": fold,
}
"""Fields whose values are the same where these keys are: a class does not change from `3B` to `3b`."""


def find_changes(pairs: pl.DataFrame, base: Roster, incoming: Roster, policy: Policy) -> pl.DataFrame:
    """Find what each pair would change.

    Args:
        pairs: `row`, `student` (positions); each pair once.
        base, incoming: the rosters.
        policy: which fields may be written.

    Returns:
        `schema.CHANGES`, sorted by row, student_id and field.

    """
    fields = [name for name in _comparable(base, incoming, policy) if name not in NAME_FIELDS]
    parts = [_changes_of(name, pairs, base, incoming, policy) for name in fields]
    parts.append(_clears(pairs, base, incoming, policy))
    return check(pl.concat(parts).sort("row", "student_id", "field"), CHANGES)


def _comparable(base: Roster, incoming: Roster, policy: Policy) -> list[str]:
    """The fields that may be written or reported, of which both rosters and the host's table have a column."""
    written = policy.update_fields | set(IDENTITY_FIELDS)
    kept = set(base.places.filter(pl.col("source_file").is_null())["field"])
    in_both = [name for name in sorted(written) if name in base.frame.columns and name in incoming.frame.columns]
    return [name for name in in_both if name in kept or not kept]


def _changes_of(name: str, pairs: pl.DataFrame, base: Roster, incoming: Roster, policy: Policy) -> pl.DataFrame:
    values = pairs.select("row", "student").join(
        _values(incoming, name).rename({"value": "after", "key": "after_key"}), on="row", how="inner"
    )
    known = _values(base, name).rename({"row": "student", "value": "before", "key": "before_key"})
    values = values.drop_nulls("after").join(known, on="student", how="inner")
    ids = base.frame.select(pl.col("row").alias("student"), "student_id")
    differing = values.filter(pl.col("after_key").ne_missing(pl.col("before_key"))).join(ids, on="student")
    return differing.select(
        "row",
        "student_id",
        pl.lit(name).alias("field"),
        "before",
        "after",
        _effect(name, policy).cast(enum_of(Effect)).alias("effect"),
    ).select(*CHANGES)


def _values(roster: Roster, name: str) -> pl.DataFrame:
    text = roster.frame[name].cast(pl.String)
    key = map_distinct(text, _KEYS[name]).fill_null(text) if name in _KEYS else text
    return pl.DataFrame({"row": roster.frame["row"], "value": text, "key": key})


def _effect(name: str, policy: Policy) -> pl.Expr:
    write, report = pl.lit(Effect.WRITE.value), pl.lit(Effect.REPORT.value)
    if name == "grade" and name in policy.update_fields:
        before, after = (
            pl.col(side).replace_strict(ORDER, default=None, return_dtype=pl.Int8) for side in ("before", "after")
        )
        return pl.when((after < before).fill_null(value=False)).then(report).otherwise(write)
    if name in policy.update_fields or name in policy.overwrite_fields:
        return write
    return pl.when(pl.col("before").is_null()).then(write).otherwise(report)


def _clears(pairs: pl.DataFrame, base: Roster, incoming: Roster, policy: Policy) -> pl.DataFrame:
    allowed = sorted(policy.update_fields - set(IDENTITY_FIELDS) - set(NAME_FIELDS))
    asked = incoming.clears.filter(pl.col("field").is_in(allowed) & pl.col("field").is_in(base.frame.columns))
    if asked.is_empty():
        return empty(CHANGES)
    before = pl.concat(
        base.frame.select(
            pl.col("row").alias("student"),
            "student_id",
            pl.lit(name).alias("field"),
            pl.col(name).cast(pl.String).alias("before"),
        )
        for name in asked["field"].unique().sort()
    ).drop_nulls("before")
    found = pairs.select("row", "student").join(asked, on="row", how="inner").join(before, on=["student", "field"])
    effect = pl.lit(Effect.WRITE.value).cast(enum_of(Effect)).alias("effect")
    return found.select("row", "student_id", "field", "before", pl.lit(None, dtype=pl.String).alias("after"), effect)
