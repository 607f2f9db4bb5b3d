"""Values → pseudonyms, for a problem report that others may see: structure stays, what children are called goes.

Invariants: equal values of a column have equal pseudonyms in every frame, so that what agreed still agrees; numbers are
given by first appearance and say nothing else; grades stay, because steps need them; columns that are no fields go.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Final

import polars as pl
from attrs import evolve, field, frozen

from rosterdiff.config import Policy
from rosterdiff.frames import Roster
from rosterdiff.issues import RULES
from rosterdiff.model import Actor, Decision, Override
from rosterdiff.schema import CANONICAL
from rosterdiff.sentences import GUARDS

_KEPT: Final = frozenset({"grade", "source_row", "row"})
_DATES_FROM: Final = date(1900, 1, 1)
_FILES: Final = {"source_file": "file", "source_sheet": "sheet", "header": "header"}
"""Names of files, sheets and headers are values as well: a teacher's name is often one of them."""


@frozen(eq=False, repr=False)
class Pseudonyms:
    """Of every column, which pseudonym stands for which value.

    Attributes:
        table: `column`, `value`, `pseudonym` (text; days as ISO 8601).

    """

    table: pl.DataFrame = field(repr=False)

    def put(self, values: pl.Series, column: str) -> pl.Series:
        """The values of a column under their pseudonyms, in the type that they have; nulls stay."""
        if column in _KEPT:
            return values
        of_column = self.table.filter(pl.col("column") == column)
        text = values.cast(pl.String)
        found = (
            text.replace_strict(of_column["value"], of_column["pseudonym"], default=None, return_dtype=pl.String)
            if of_column.height
            else pl.Series(values.name, [None] * len(values), dtype=pl.String)
        )
        return found.str.to_date("%Y-%m-%d") if values.dtype == pl.Date else found

    def in_frame(self, frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
        """The frame with the values of some of its columns under their pseudonyms."""
        return frame.with_columns(self.put(frame[name], name).alias(name) for name in columns)

    def ids(self, student_ids: Iterable[str]) -> tuple[str, ...]:
        """Student ids under their pseudonyms, in their order."""
        return tuple(self.put(pl.Series(list(student_ids), dtype=pl.String), "student_id"))


def pseudonyms_for(values: Iterable[tuple[str, pl.Series]]) -> Pseudonyms:
    """Give every value of every column a pseudonym.

    Args:
        values: the columns in which values stand, by what they hold; a column may come several times.

    >>> names = pseudonyms_for([("given_name", pl.Series(["Ilva", "Maro", "Ilva"]))])
    >>> names.put(pl.Series(["Maro", None, "Ilva"]), "given_name").to_list()
    ['given_name 2', None, 'given_name 1']

    """
    parts = [
        pl.DataFrame({"value": series.cast(pl.String)}).with_columns(column=pl.lit(column)) for column, series in values
    ]
    distinct = pl.concat(parts).drop_nulls().unique(maintain_order=True)
    number = pl.int_range(1, pl.len() + 1).over("column")
    kinds = {name: _FILES.get(name, name) for name in distinct["column"].unique()}
    word = pl.format("{} {}", pl.col("column").replace(kinds), number)
    day = (pl.lit(_DATES_FROM) + pl.duration(days=number)).cast(pl.String)
    is_date = pl.col("column") == "birth_date"
    return Pseudonyms(distinct.with_columns(pl.when(is_date).then(day).otherwise(word).alias("pseudonym")))


def columns_of(roster: Roster, kept: Collection[str]) -> list[tuple[str, pl.Series]]:
    """The columns of a roster that hold values, those beyond the fields only where they are kept."""
    fields = [name for name in (*CANONICAL, *kept) if name in roster.frame.columns and name not in _KEPT]
    framed = [(name, roster.frame[name]) for name in [*fields, "source_file", "source_sheet"]]
    placed = [(name, roster.places[name]) for name in _FILES]
    told = [(name, roster.issues[name]) for name in ("source_file", "source_sheet")]
    return framed + placed + told


def redact_roster(roster: Roster, hidden: Pseudonyms, kept: Collection[str]) -> Roster:
    """The roster under pseudonyms, without the further columns that are not kept."""
    frame = roster.frame.drop([name for name in roster.further if name not in kept])
    fields = [name for name in frame.columns if name not in _KEPT]
    of_kept = pl.col("field").is_in([*CANONICAL, *kept])
    return Roster(
        frame=hidden.in_frame(frame, *fields),
        issues=redact_issues(roster.issues, hidden),
        places=hidden.in_frame(roster.places.filter(of_kept), *_FILES),
        clears=roster.clears.filter(of_kept),
        doubts=roster.doubts,
    )


def redact_issues(issues: pl.DataFrame, hidden: Pseudonyms) -> pl.DataFrame:
    """Issues with their codes and cells, in the words of the code alone: of the facts only how many cells they name."""
    many, few = (
        pl.col("code").replace_strict(
            {code.value: rule.outline(**counts) for code, rule in RULES.items()},
            default=None,
            return_dtype=pl.String,
        )
        for counts in ({"cells": "{} cells", "rows": "{} rows"}, {"cells": "this cell"})
    )
    number = pl.col("count").fill_null(1)
    message = pl.when(number > 1).then(many.str.replace("{}", number.cast(pl.String), literal=True)).otherwise(few)
    return hidden.in_frame(issues, "source_file", "source_sheet").with_columns(message.alias("message"))


def redact_guards(guards: pl.DataFrame) -> pl.DataFrame:
    """Guards with their numbers and the title of their code: their own sentence may name a class."""
    words = {code.value: f"{wording.title}." for code, wording in GUARDS.items()}
    return guards.with_columns(pl.col("code").cast(pl.String).replace_strict(words).alias("sentence"))


def redact_changes(changes: pl.DataFrame, hidden: Pseudonyms) -> pl.DataFrame:
    """Changes under pseudonyms, each value by the field that it is of."""
    parts = [
        of_field.with_columns(_put_text(of_field[side], name, hidden).alias(side) for side in ("before", "after"))
        for (name,), of_field in changes.with_row_index("at").group_by("field", maintain_order=True)
    ]
    whole = pl.concat(parts).sort("at").drop("at") if parts else changes
    return hidden.in_frame(whole, "student_id")


def _put_text(values: pl.Series, column: object, hidden: Pseudonyms) -> pl.Series:
    return hidden.put(values, str(column)).cast(pl.String)


def values_of_changes(changes: pl.DataFrame) -> list[tuple[str, pl.Series]]:
    """The values that stand in changes, by the field that they are of."""
    return [
        (str(name), of_field[side])
        for (name,), of_field in changes.group_by("field", maintain_order=True)
        for side in ("before", "after")
    ]


def redact_policy(policy: Policy, hidden: Pseudonyms) -> Policy:
    """The policy, its protected students under pseudonyms."""
    return evolve(policy, protected=frozenset(hidden.ids(sorted(policy.protected))))


def redact_decision(decision: Decision, student_ids: Mapping[str, str], plan_id: str) -> Decision:
    """The verdict and what it is about; who said it, why, and the digests of the contents go."""
    actor = redact_actor(decision.actor) if decision.actor else None
    known = student_ids.get(decision.student_id) if decision.student_id else None
    return Decision(decision.row, known, verdict=decision.verdict, actor=actor, plan_id=plan_id)


def redact_override(override: Override) -> Override:
    """The guard that was passed, and by which role."""
    return Override(redact_id(override.plan_id), override.code, redact_actor(override.actor), "redacted")


def redact_actor(actor: Actor) -> Actor:
    """The role alone."""
    return Actor(actor.role, "redacted")


def redact_id(plan_id: str) -> str:
    """Another id, so that a redacted plan is never taken for its original, nor its original's word for it.

    >>> redact_id("5c" * 32)[:12]
    'adf90f6a33fa'
    """
    return hashlib.sha256(f"redacted {plan_id}".encode()).hexdigest()
