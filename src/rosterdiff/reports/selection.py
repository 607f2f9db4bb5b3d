"""Which entries of a plan a person wants to see: by action, class, or student; of the names only parts need be given.

Invariants: an empty choice means all; several choices of one kind are joined by "or", kinds by "and".
"""

from collections.abc import Callable, Iterable
from typing import Final

import polars as pl
from attrs import field, frozen

from rosterdiff.model import Action
from rosterdiff.names import fold, map_distinct, tokens
from rosterdiff.plans import Plan

_NAMES: Final = ("family_name", "given_name", "preferred_given_name", "preferred_family_name")


def _actions(values: Iterable[str]) -> frozenset[Action]:
    return frozenset(map(Action, values))


@frozen
class Selection:
    """What is to be shown.

    Attributes:
        actions: entries of these actions.
        classes: entries whose student or row is in one of these classes, in any case.
        students: entries of these ids, or whose student or row has these words in its names, in any spelling.

    """

    actions: frozenset[Action] = field(default=frozenset(), converter=_actions)
    classes: tuple[str, ...] = field(default=(), converter=tuple, repr=False)
    students: tuple[str, ...] = field(default=(), converter=tuple, repr=False)

    def __bool__(self) -> bool:
        return bool(self.actions or self.classes or self.students)


def select_entries(plan: Plan, selection: Selection) -> pl.DataFrame:
    """The entries that a person wants to see (`schema.ENTRIES`), in the order of the plan."""
    entries = plan.entries
    if selection.actions:
        entries = entries.filter(pl.col("action").is_in([action.value for action in selection.actions]))
    if selection.classes:
        wanted = [fold(name) for name in selection.classes]
        entries = entries.filter(
            _of(plan, entries, lambda frame: map_distinct(frame["class_name"], fold).is_in(wanted))
        )
    if selection.students:
        ids = pl.col("student_id").is_in(list(selection.students)).fill_null(value=False)
        named = _of(plan, entries, lambda frame: _has_words(frame, selection.students))
        entries = entries.filter(ids | named)
    return entries


def _of(plan: Plan, entries: pl.DataFrame, holds: Callable[[pl.DataFrame], pl.Series]) -> pl.Series:
    """Of each entry whether something holds of its student or its row."""
    students = plan.base.frame.select("student_id", pl.Series("of_student", holds(plan.base.frame)))
    rows = plan.incoming.frame.select("row", pl.Series("of_row", holds(plan.incoming.frame)))
    both = entries.join(students, on="student_id", how="left", maintain_order="left").join(
        rows, on="row", how="left", maintain_order="left"
    )
    return (both["of_student"].fill_null(value=False)) | (both["of_row"].fill_null(value=False))


def _has_words(frame: pl.DataFrame, texts: Iterable[str]) -> pl.Series:
    """Of each record whether its names together have all words of one of the texts."""
    whole = pl.concat_str(
        [map_distinct(frame[name], tokens).alias(name) for name in _NAMES], separator=" ", ignore_nulls=True
    )
    found = [pl.all_horizontal(whole.str.contains(word, literal=True) for word in tokens(text).split() or ["\0"])
             for text in texts]  # fmt: skip
    return frame.select(pl.any_horizontal(found).fill_null(value=False)).to_series()
