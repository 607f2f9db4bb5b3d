"""The children of an invented school: families of many traditions, siblings, twins, and two who share a name.

Invariants: the same chance gives the same children; no two share given and family name but the two namesakes; nobody
here exists.
"""

import unicodedata
from datetime import date, timedelta
from enum import StrEnum
from random import Random
from typing import Final

from attrs import evolve, field, frozen

from rosterdiff.demo.names import NICKNAMES, TRADITIONS, Tradition

SCHOOL_NAME: Final = "Wattlebrook Primary School"
THIS_YEAR: Final = 2026
CLASSES: Final = {
    "KG": ("PA", "PB", "PC"),
    "01": ("1A", "1B", "1C"),
    "02": ("2A", "2B", "2C"),
    "03": ("3A", "3B", "3C"),
    "04": ("4A", "4B"),
    "05": ("5A", "5B"),
    "06": ("6A", "6B"),
}
"""The classes of each grade, this year and next."""

GRADES: Final = tuple(CLASSES)
COHORT: Final = 60
NAMESAKES_GRADE: Final = "02"
_HOUSES: Final = ("Banksia", "Grevillea", "Hakea", "Waratah")
_TWINS, _SIBLINGS = 0.03, 0.3  # shares of the children who join a family that is here already


class Gender(StrEnum):
    """As the school writes it."""

    GIRL = "F"
    BOY = "M"


@frozen
class Child:
    """A child as its family names it; `surname` may have the forms of sons and daughters, with a bar between."""

    given: str = field(repr=False)
    surname: str = field(repr=False)
    gender: Gender
    birth_date: date = field(repr=False)
    middle: str = field(default="", repr=False)
    tradition: Tradition = field(default=TRADITIONS[0], repr=False)

    @property
    def family(self) -> str:
        """The family name in the child's own form."""
        son, _, daughter = self.surname.partition("|")
        return daughter if daughter and self.gender is Gender.GIRL else son


@frozen
class Student:
    """A child with its account at the host."""

    student_id: str
    student_number: str
    username: str = field(repr=False)
    child: Child
    grade: str
    class_name: str
    house: str
    preferred: str = field(repr=False)


def make_students(chance: Random) -> tuple[Student, ...]:
    """The students of this year: 60 in each of seven grades, in 18 classes."""
    cohorts: dict[str, list[Child]] = {}
    for grade in reversed(GRADES):
        older = [child for children in cohorts.values() for child in children]
        cohorts[grade] = make_children(chance, THIS_YEAR - GRADES.index(grade), COHORT, older)
    _name_alike(cohorts[NAMESAKES_GRADE])
    seats = [(grade, *seat) for grade in GRADES for seat in deal(chance, cohorts[grade], CLASSES[grade])]
    ids = chance.sample(range(20_100, 29_900), len(seats))
    numbers = chance.sample(range(1_200, 9_800), len(seats))
    return tuple(
        Student(
            student_id=str(ids[place]),
            student_number=f"{numbers[place]:06}",
            username=f"{_plain(child.given)[:3]}{_plain(child.family)[:4]}{place + 1:03}",
            child=child,
            grade=grade,
            class_name=class_name,
            house=chance.choice(_HOUSES),
            preferred=_preferred(chance, child),
        )
        for place, (grade, class_name, child) in enumerate(seats)
    )


def deal(chance: Random, children: list[Child], classes: tuple[str, ...]) -> list[tuple[str, Child]]:
    """Deal children out to classes in turn, after shuffling; class after class."""
    shuffled = chance.sample(children, len(children))
    return [
        (class_name, child) for place, class_name in enumerate(classes) for child in shuffled[place :: len(classes)]
    ]


def make_children(chance: Random, starts_school: int, count: int, known: list[Child]) -> list[Child]:
    """Children who start school in one year; some are siblings of known ones, some twins."""
    taken = {(child.given, child.family) for child in known}
    made: list[Child] = []
    while len(made) < count:
        roll = chance.random()
        if roll < _TWINS and made:
            child = sibling(chance, made[-1], made[-1].birth_date, taken)
        elif roll < _SIBLINGS and known:
            child = sibling(chance, chance.choice(known), _birth_date(chance, starts_school), taken)
        else:
            child = _first_of_family(chance, _birth_date(chance, starts_school), taken)
        made.append(child)
        taken.add((child.given, child.family))
    return made


def sibling(chance: Random, of: Child, birth_date: date, taken: set[tuple[str, str]]) -> Child:
    """Another child of the same family, whose full name nobody has."""
    gender = chance.choice(list(Gender))
    given_names = of.tradition.girls if gender is Gender.GIRL else of.tradition.boys
    stem = Child("", of.surname, gender, birth_date, tradition=of.tradition)
    free = [name for name in given_names if (name, stem.family) not in taken]
    if not free:
        return _first_of_family(chance, birth_date, taken)
    given = chance.choice(free)
    spare = [name for name in given_names if name != given]
    middle = chance.choice(spare) if of.tradition.spare_middle and chance.random() < 0.5 else ""
    return evolve(stem, given=given, middle=middle)


def _first_of_family(chance: Random, birth_date: date, taken: set[tuple[str, str]]) -> Child:
    tradition = chance.choices(TRADITIONS, [each.share for each in TRADITIONS])[0]
    parent = Child("", chance.choice(tradition.surnames), Gender.GIRL, birth_date, tradition=tradition)
    return sibling(chance, parent, birth_date, taken)


def _birth_date(chance: Random, starts_school: int) -> date:
    """A child starts school in January if it turns five by the end of April."""
    return date(starts_school - 6, 5, 1) + timedelta(days=chance.randrange(365))


def _name_alike(children: list[Child]) -> None:
    """Give the first two children of a cohort one name; their birth dates stay their own."""
    children[1] = evolve(children[0], birth_date=children[1].birth_date, middle="")
    children[0] = evolve(children[0], middle="")


def _preferred(chance: Random, child: Child) -> str:
    return NICKNAMES.get(child.given, "") if chance.random() < 0.5 else ""


def _plain(name: str) -> str:
    """Letters a to z only, as usernames are made."""
    letters = unicodedata.normalize("NFKD", name.replace("ı", "i").replace("ł", "l").replace("ø", "o"))
    return "".join(letter for letter in letters.casefold() if letter.isascii() and letter.isalpha())
