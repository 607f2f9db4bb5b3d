"""What is drawn: sizes, shares of every kind of child and of damage, and which columns the rosters have.

Invariants: shares of damage are of the rows of children who stay, shares of joiners of all joiners, habits of all
schools; every number is judgement, beside what it is a share of.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from attrs import field, frozen


class Newcomer(StrEnum):
    """Who a joiner is."""

    ORDINARY = "ordinary joiner"
    SIBLING = "younger sibling"
    LEAVERS_TWIN = "twin of a leaver"
    LATE_TWIN = "twin of a student who stays"
    LEAVERS_NAMESAKE = "namesake of a leaver"
    NAMESAKE_IN_STEP = "namesake of a leaver, in step"
    NAMESAKE = "namesake of a student who stays"
    LOOK_ALIKE = "look-alike of a leaver"
    RECYCLED = "has a leaver's number"
    OVERWRITTEN = "typed over a leaver's row"


class Damage(StrEnum):
    """What happened to the row of a child who stays."""

    TYPO_GIVEN = "typing error in the given name"
    TYPO_FAMILY = "typing error in the family name"
    NICKNAME = "nickname"
    VARIANT_GIVEN = "variant of the given name"
    VARIANT_FAMILY = "variant of the family name"
    ROMANISED = "romanised otherwise"
    RESPELT = "spelt by ear"
    MIDDLE_USED = "middle name for given name"
    MIDDLE_JOINED = "given and middle name in one"
    INITIAL = "initial for given name"
    GIVEN_PART = "part of the given name"
    SWAPPED = "given and family name swapped"
    SURNAME_PART = "part of the family name"
    SURNAME_ADDED = "second family name added"
    SURNAME_CHANGED = "family name changed"
    SUFFIX_JOINED = "suffix in the family name"
    PREFERRED = "preferred name"
    DATE_SWAPPED = "day and month swapped"
    DATE_DIGIT = "one digit of the date"
    DATE_TRANSPOSED = "two digits of the date transposed"
    DATE_MONTH = "another month"
    DATE_YEAR = "another year"
    DATE_DAY = "another day"
    DATE_JANUARY = "1 January"
    DATE_MISSING = "no date"
    NUMBER_DIGIT = "one digit of the number"
    NUMBER_MISSING = "no number"
    GENDER_WRONG = "wrong gender"
    GENDER_MISSING = "no gender"
    SPACING = "spaces or hyphens"
    REPEATED = "repeats the grade"
    SKIPPED = "skips a grade"
    MOVED = "moves school"
    NUMBER_ZEROS = "leading zeros lost"
    CASE = "upper case"
    PLAIN_LETTERS = "accents lost"
    DUPLICATE = "listed twice"


SLIGHT: Final = frozenset(
    {Damage.NUMBER_MISSING, Damage.GENDER_MISSING, Damage.SPACING, Damage.REPEATED, Damage.SKIPPED, Damage.MOVED,
     Damage.NUMBER_ZEROS, Damage.CASE, Damage.PLAIN_LETTERS}
)  # fmt: skip
"""What is named in reports only where nothing weightier befell the row."""

OF_COLUMN: Final[Mapping[str, frozenset[Damage]]] = {
    "birth_date": frozenset(kind for kind in Damage if kind.name.startswith("DATE_")),
    "student_number": frozenset(kind for kind in Damage if kind.name.startswith("NUMBER_")),
}
"""What befalls a column, and nothing where there is none of it."""

NAME_DAMAGE: Final[Mapping[Damage, float]] = {
    Damage.TYPO_GIVEN: 0.008,
    Damage.TYPO_FAMILY: 0.009,
    Damage.NICKNAME: 0.012,
    Damage.VARIANT_GIVEN: 0.004,
    Damage.VARIANT_FAMILY: 0.004,
    Damage.ROMANISED: 0.003,
    Damage.RESPELT: 0.003,
    Damage.MIDDLE_USED: 0.003,
    Damage.MIDDLE_JOINED: 0.003,
    Damage.INITIAL: 0.001,
    Damage.GIVEN_PART: 0.001,
    Damage.SWAPPED: 0.003,
    Damage.SURNAME_PART: 0.004,
    Damage.SURNAME_ADDED: 0.002,
    Damage.SURNAME_CHANGED: 0.005,
    Damage.SUFFIX_JOINED: 0.0003,
    Damage.PREFERRED: 0.01,
}
"""Rows with another name: in 6 of a hundred it really differs, a preferred one is known. A row has one of them."""

DATE_DAMAGE: Final[Mapping[Damage, float]] = {
    Damage.DATE_SWAPPED: 0.004,
    Damage.DATE_DIGIT: 0.005,
    Damage.DATE_TRANSPOSED: 0.001,
    Damage.DATE_MONTH: 0.002,
    Damage.DATE_YEAR: 0.003,
    Damage.DATE_DAY: 0.003,
    Damage.DATE_JANUARY: 0.002,
    Damage.DATE_MISSING: 0.03,
}
"""Birth dates differ in 2 rows of a hundred, and are missing in 3; a row has one of them."""

OTHER_DAMAGE: Final[Mapping[Damage, float]] = {
    Damage.NUMBER_DIGIT: 0.004,
    Damage.NUMBER_MISSING: 0.05,
    Damage.GENDER_WRONG: 0.003,
    Damage.GENDER_MISSING: 0.02,
    Damage.SPACING: 0.01,
}
"""Gender, number, and writing that makes no other name; each befalls rows whatever else does."""

NEWCOMERS: Final[Mapping[Newcomer, float]] = {
    Newcomer.SIBLING: 0.15,
    Newcomer.LEAVERS_TWIN: 0.02,
    Newcomer.LATE_TWIN: 0.02,
    Newcomer.LEAVERS_NAMESAKE: 0.02,
    Newcomer.NAMESAKE_IN_STEP: 0.002,
    Newcomer.NAMESAKE: 0.015,
    Newcomer.LOOK_ALIKE: 0.03,
    Newcomer.RECYCLED: 0.02,
    Newcomer.OVERWRITTEN: 0.01,
}
"""Joiners of the hard kinds; all others are ordinary."""


@frozen
class Habits:
    """Shares of the schools whose sheets are written like this.

    Attributes:
        shouting: names in upper case.
        plain: no accents.
        zeros_lost: numbers without leading zeros, as spreadsheets make them.
        no_middle: no middle names; in the others they are an initial in a tenth of the rows.
        no_gender: no gender.
        stale: this year's grades instead of the next one's.

    """

    shouting: float = 0.15
    plain: float = 0.3
    zeros_lost: float = 0.1
    no_middle: float = 0.25
    no_gender: float = 0.1
    stale: float = 0.04


@frozen
class RosterOptions:
    """What is drawn.

    Attributes:
        students: the size of the base; the incoming roster is about as large.
        leaving: the share of those below the highest grade who leave, most of them with their siblings.
        moving: the share of those who stay that moves to another school, in the same way.
        repeating, skipping: shares of those who stay.
        twins: the share of second children who are twins of the child before.
        namesakes: the share of the base that has a name of another student by intent; others come by chance.
        names, dates, others: shares of damage among those who stay.
        newcomers: shares of hard kinds among the joiners.
        habits: how schools write their sheets.
        duplicated: the share of rows that are there twice.
        unlisted: the share of the grades of schools that no sheet lists.
        one_file: all rows come from one file, not from one a school.

    """

    students: int = 6_000
    seed: int = 1
    leaving: float = 0.06
    moving: float = 0.025
    repeating: float = 0.01
    skipping: float = 0.002
    twins: float = 0.035
    namesakes: float = 0.003
    names: Mapping[Damage, float] = field(factory=lambda: dict(NAME_DAMAGE))
    dates: Mapping[Damage, float] = field(factory=lambda: dict(DATE_DAMAGE))
    others: Mapping[Damage, float] = field(factory=lambda: dict(OTHER_DAMAGE))
    newcomers: Mapping[Newcomer, float] = field(factory=lambda: dict(NEWCOMERS))
    habits: Habits = field(factory=Habits)
    duplicated: float = 0.0
    unlisted: float = 0.0
    one_file: bool = False


@frozen
class Variant:
    """Which columns the rosters have."""

    ids: bool
    dates: bool

    @property
    def name(self) -> str:
        """The variant in words."""
        return f"{'ids' if self.ids else 'no ids'}, {'birth dates' if self.dates else 'no birth dates'}"

    @property
    def dropped(self) -> tuple[str, ...]:
        """The columns that neither roster has."""
        return (*(() if self.ids else ("student_number",)), *(() if self.dates else ("birth_date",)))


VARIANTS: Final = tuple(Variant(ids=ids, dates=dates) for dates in (True, False) for ids in (True, False))
