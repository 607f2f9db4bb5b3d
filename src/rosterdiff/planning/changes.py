"""Pairs → changes: the fields in which a row differs from its student, and what becomes of each.

Invariants: a name is never among the changes; an empty cell changes nothing; `<clear>` empties only fields that the
policy lets be updated; an identity field is filled where it is empty and only reported where it differs.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
import polars as pl

from rosterdiff.config import IDENTITY_FIELDS, NAME_FIELDS, Policy
from rosterdiff.frames import Roster
from rosterdiff.genders import gender_key
from rosterdiff.grades import grade_orders
from rosterdiff.model import Effect
from rosterdiff.names import fold, map_distinct
from rosterdiff.schema import CHANGES, check, empty

_KEYS: Final[dict[str, Callable[[str], str]]] = {
    "gender": gender_key,
    "email": str.casefold,
    "username": str.casefold,
    "class_name": fold,
    "school": fold,
}
"""Fields whose values are the same where these keys are: a class does not change from `3B` to `3b`."""

_FOUND: Final = pl.Schema({"at": pl.UInt32(), **{n: CHANGES[n] for n in ("field", "before", "after", "effect")}})
"""Changes by the place of their pair among the pairs."""


def find_changes(pairs: pl.DataFrame, base: Roster, incoming: Roster, policy: Policy) -> pl.DataFrame:
    """Find what each pair would change.

    Args:
        pairs: `row`, `student` (positions); each pair once.
        base, incoming: the rosters.
        policy: which fields may be written.

    Returns:
        `schema.CHANGES`, in the order of the pairs, and for each pair by field.

    """
    fields = _comparable(base, incoming, policy)
    found = pl.concat([empty(_FOUND), *(_changes_of(name, pairs, base, incoming, policy) for name in fields)])
    by_pair = found[np.argsort(found["at"].to_numpy(), kind="stable")]
    named = pairs.select("row", base.frame["student_id"][pairs["student"]])
    return check(named[by_pair["at"]].hstack(by_pair.drop("at")), CHANGES)


def _comparable(base: Roster, incoming: Roster, policy: Policy) -> list[str]:
    """The fields that may be written or reported, sorted.

    Both rosters and the host's table have a column of each, and some row says something of it.
    """
    written = (policy.update_fields | set(IDENTITY_FIELDS)) - set(NAME_FIELDS)
    kept = set(base.places.filter(pl.col("source_file").is_null())["field"])
    said = {name for name in incoming.frame.columns if incoming.frame[name].null_count() < len(incoming)}
    in_both = written & set(base.frame.columns) & (said | set(incoming.clears["field"]))
    return sorted(name for name in in_both if name in kept or not kept)


def _changes_of(name: str, pairs: pl.DataFrame, base: Roster, incoming: Roster, policy: Policy) -> pl.DataFrame:
    """What the pairs would change in one field (`_FOUND`)."""
    before, after = base.frame[name][pairs["student"]], incoming.frame[name][pairs["row"]]
    values = pl.DataFrame({"before": before, "after": after})
    says = pl.col("after").is_not_null() | _is_cleared(name, pairs, incoming, policy)
    at = values.select((says & pl.col("after").ne_missing(pl.col("before"))).arg_true().alias("at"))
    differing = at.hstack(values[at["at"]])
    if name in _KEYS and len(differing):
        same = _keys(differing["after"], name).eq_missing(_keys(differing["before"], name))
        differing = differing.filter(~same)
    return differing.select(
        "at",
        pl.lit(name).alias("field"),
        pl.col("before", "after").cast(pl.String),
        _effect(name, policy).cast(_FOUND["effect"]).alias("effect"),
    )


def _is_cleared(name: str, pairs: pl.DataFrame, incoming: Roster, policy: Policy) -> pl.Expr:
    """Of each pair, whether its row asks for the field to be emptied, and may."""
    if incoming.clears.is_empty() or name not in policy.update_fields or name in IDENTITY_FIELDS:
        return pl.lit(value=False)
    return pl.lit(pairs["row"].is_in(incoming.clears.filter(pl.col("field") == name)["row"].implode()))


def _keys(values: pl.Series, name: str) -> pl.Series:
    return map_distinct(values, _KEYS[name]).fill_null(values)


def _effect(name: str, policy: Policy) -> pl.Expr:
    write, report = pl.lit(Effect.WRITE.value), pl.lit(Effect.REPORT.value)
    if name == "grade" and name in policy.update_fields:
        before, after = (pl.col(side).map_batches(grade_orders, return_dtype=pl.Int8) for side in ("before", "after"))
        return pl.when((after < before).fill_null(value=False)).then(report).otherwise(write)
    if name in policy.update_fields or name in policy.overwrite_fields:
        return write
    return pl.when(pl.col("before").is_null()).then(write).otherwise(report)
