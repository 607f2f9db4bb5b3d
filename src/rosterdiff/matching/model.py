"""The model: how often each level is seen among pairs of one person (m) and among pairs of two (u).

The weight of a level is log2(m / u), kept as an integer of 1/1000 bit, so that weights add the same in every order.
Invariants: `missing` weighs nothing; every level of every table has its numbers. Source of the form: I. P. Fellegi
and A. B. Sunter, "A theory for record linkage", JASA 64(328), 1969.
"""

import math
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from attrs import field, frozen

from rosterdiff.errors import InvalidOption
from rosterdiff.levels import LEVELS_OF, Comparison, ValueLevel
from rosterdiff.matching.shipped import FREQUENCY_PRIOR, SHIPPED
from rosterdiff.schema import COMPARED

MILLIBITS: Final = 1000


class Table(StrEnum):
    """The tables of a model beside those of the comparisons: what a field says once another agrees."""

    GRADE_DATED = "grade_dated"
    GENDER_NAMED = "gender_named"
    FURTHER_EXACT = "further_exact"
    FURTHER_FUZZY = "further_fuzzy"
    FURTHER_CATEGORICAL = "further_categorical"


TABLES: Final[Mapping[str, type[StrEnum]]] = {
    **{comparison: LEVELS_OF[comparison] for comparison in COMPARED},
    Table.GRADE_DATED: LEVELS_OF[Comparison.GRADE],
    Table.GENDER_NAMED: LEVELS_OF[Comparison.GENDER],
    Table.FURTHER_EXACT: ValueLevel,
    Table.FURTHER_FUZZY: ValueLevel,
    Table.FURTHER_CATEGORICAL: ValueLevel,
}
"""The levels of each table: of the grade where the years of birth agree, of the gender where the given name does."""


@frozen
class Model:
    """m and u of every level of every table, and how much the shipped frequencies count.

    Attributes:
        chances: table → level → (m, u).
        frequency_prior: table → the number of students for which the shipped `u` of its `same` level counts.
        expected_share: the share of the smaller roster that is expected to have a partner in the other.

    """

    chances: Mapping[str, Mapping[str, tuple[float, float]]] = field(repr=False)
    frequency_prior: Mapping[str, float] = field(factory=lambda: dict(FREQUENCY_PRIOR), repr=False)
    expected_share: float = 0.8

    @chances.validator
    def _complete(self, _: object, chances: Mapping[str, Mapping[str, tuple[float, float]]]) -> None:
        for table, levels in TABLES.items():
            lacking = {str(level) for level in levels} - set(chances.get(table, {})) - {"missing"}
            if lacking:
                raise InvalidOption(f"The model has no numbers for {table}: {', '.join(sorted(lacking))}.")
            for level, pair in chances[table].items():
                if not all(0 < chance <= 1 for chance in pair):
                    raise InvalidOption(f"m and u lie above 0 and up to 1; those of {table}: {level} do not.")

    def weight(self, table: str, level: StrEnum | str) -> int:
        """The weight of a level in 1/1000 bit.

        >>> shipped_model().weight(Comparison.GENDER, "same")
        971
        """
        if level == "missing":
            return 0
        m, u = self.chances[table][str(level)]
        return round(MILLIBITS * math.log2(m / u))


def shipped_model() -> Model:
    """The model that rosterdiff uses untrained, the same on every machine."""
    return Model(parse_table(SHIPPED))


def parse_table(text: str) -> dict[str, dict[str, tuple[float, float]]]:
    """Read tables as they are written down: a name, then level, m and u, as often as there are levels.

    >>> parse_table("gender same .9 .5 different .1 .5")
    {'gender': {'same': (0.9, 0.5), 'different': (0.1, 0.5)}}
    """
    chances: dict[str, dict[str, tuple[float, float]]] = {}
    for line in text.strip().splitlines():
        table, *numbers = line.split()
        levels = chances.setdefault(table, {})
        for level, m, u in zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True):
            levels[level] = (float(m), float(u))
    return chances
