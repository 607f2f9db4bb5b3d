"""The model: how often each level is seen among pairs of one person (m) and among pairs of two (u).

The weight of a level is log2(m / u), kept as an integer of 1/1000 bit, so that weights add the same in every order.
Invariants: `missing` weighs nothing; every level of every comparison has its numbers. Source of the form: I. P. Fellegi
and A. B. Sunter, "A theory for record linkage", JASA 64(328), 1969.
"""

import math
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from attrs import field, frozen

from rosterdiff.errors import InvalidOption
from rosterdiff.levels import LEVELS_OF, Comparison

MILLIBITS: Final = 1000

_SHIPPED: Final = """
given_name      same .90 .005       known_as .03 .001    swapped .003 .00003   nickname .015 .0008  typo .02 .0012
given_name      part .008 .0005     middle .003 .001     initial .003 .0003    sounds_alike .006 .002
given_name      similar .006 .008   different .006 .98
family_name     same .92 .001       known_as .01 .0005   swapped .003 .00003   nickname .001 .001   typo .022 .0008
family_name     part .012 .0003     middle .001 .001     initial .001 .0003    sounds_alike .004 .001
family_name     similar .004 .006   different .02 .99
middle_name     same .70 .03        known_as .01 .01     swapped .01 .01       nickname .01 .002    typo .02 .003
middle_name     part .03 .003       middle .01 .01       initial .19 .05       sounds_alike .01 .004
middle_name     similar .01 .02     different .03 .88
name_suffix     same .95 .20        different .05 .80
birth_date      same .955 .00025    day_month_swapped .006 .0003   one_digit .015 .008   one_part .012 .03
birth_date      different .012 .96
student_id      same .98 .0001      different .02 .9999
student_number  same .94 .0001      damaged .02 .0002    different .04 .9997
email           same .85 .0005      different .15 .9995
username        same .90 .0005      different .10 .9995
gender          same .985 .50       different .015 .50
grade           in_step .95 .13     behind .025 .13      ahead .01 .13         other .015 .61
class_name      same .25 .05        expected .35 .05     moved .40 .90
school          same .93 .50        expected .02 .02     moved .07 .50
"""
"""A first reading, set by judgement on school rosters: rates of typing errors, thirteen grades, classes of 25. The `u`
of same names, birth dates and schools is replaced by their frequency in the rosters at hand."""

_FREQUENCY_PRIOR: Final = {
    Comparison.GIVEN_NAME: 300.0,
    Comparison.FAMILY_NAME: 300.0,
    Comparison.BIRTH_DATE: 2000.0,
    Comparison.SCHOOL: 5.0,
}
"""For how many students the shipped frequency speaks beside the rosters at hand."""


@frozen
class Model:
    """m and u of every level of every comparison, and how much the shipped frequencies count.

    Attributes:
        chances: comparison → level → (m, u).
        frequency_prior: comparison → the number of students for which the shipped `u` of its `same` level counts.
        expected_share: the share of the smaller roster that is expected to have a partner in the other.

    """

    chances: Mapping[Comparison, Mapping[str, tuple[float, float]]] = field(repr=False)
    frequency_prior: Mapping[Comparison, float] = field(factory=lambda: dict(_FREQUENCY_PRIOR), repr=False)
    expected_share: float = 0.8

    @chances.validator
    def _complete(self, _: object, chances: Mapping[Comparison, Mapping[str, tuple[float, float]]]) -> None:
        for comparison, levels in LEVELS_OF.items():
            lacking = {str(level) for level in levels} - set(chances.get(comparison, {})) - {"missing"}
            if lacking:
                raise InvalidOption(f"The model has no numbers for {comparison}: {', '.join(sorted(lacking))}.")
            for level, pair in chances[comparison].items():
                if not all(0 < chance <= 1 for chance in pair):
                    raise InvalidOption(f"m and u lie above 0 and up to 1; those of {comparison}: {level} do not.")

    def weight(self, comparison: Comparison, level: StrEnum | str) -> int:
        """The weight of a level in 1/1000 bit.

        >>> shipped_model().weight(Comparison.GENDER, "same")
        978
        """
        if level == "missing":
            return 0
        m, u = self.chances[comparison][str(level)]
        return round(MILLIBITS * math.log2(m / u))

    def prior(self, rows: int, students: int) -> int:
        """The log2 odds, in 1/1000 bit, that a pair drawn from two rosters of these sizes is one person.

        With `expected_share` s, s · min(rows, students) of rows · students pairs are.
        """
        share = self.expected_share * min(rows, students) / max(rows * students, 1)
        return round(MILLIBITS * math.log2(max(share, 1e-12) / (1 - min(share, 0.999))))


def shipped_model() -> Model:
    """The model that rosterdiff uses untrained, the same on every machine."""
    chances: dict[Comparison, dict[str, tuple[float, float]]] = {}
    for line in _SHIPPED.strip().splitlines():
        comparison, *numbers = line.split()
        levels = chances.setdefault(Comparison(comparison), {})
        for level, m, u in zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True):
            levels[level] = (float(m), float(u))
    return Model(chances)
