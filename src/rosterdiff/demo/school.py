"""An invented school: the students whom its host has now, and next year's class lists with the truth of every line.

Invariants: the same seed gives the same school; each twist of `Twist` occurs; nobody here exists.
"""

from collections.abc import Callable
from enum import StrEnum
from random import Random
from typing import Final

from attrs import evolve, field, frozen

from rosterdiff.demo.names import NICKNAMES
from rosterdiff.demo.people import CLASSES, COHORT, GRADES, THIS_YEAR, Child, Student, make_children, make_students
from rosterdiff.demo.people import sibling as make_sibling

SEED: Final = 2027
_LEAVERS = 8  # who leave before the last grade
_NEWCOMERS = 9  # who join after the first


class Twist(StrEnum):
    """What makes a line of next year's lists hard to decide."""

    TYPO = "typo"
    NICKNAME = "nickname"
    PREFERRED = "preferred name"
    NAMESAKE = "two students of one name"
    TWIN = "newcomer twin"
    LOOKALIKE = "newcomer with a leaver's surname and birth date"
    RENAMED = "changed surname"
    HALF_SURNAME = "half of a double surname"
    SWAPPED = "names in the other order"
    DATE_SLIP = "slip in the birth date"
    WRONG_CLASS = "also in the list of another class"
    REPEATS = "repeats the year"
    BAD_DATE = "birth date that no calendar has"


@frozen
class Line:
    """A line of a class list for next year.

    Attributes:
        student_id: whose it is in truth; None for a newcomer.
        twist: what makes it hard, if anything does.

    """

    child: Child
    grade: str
    class_name: str
    student_number: str = ""
    preferred: str = field(default="", repr=False)
    student_id: str | None = None
    twist: Twist | None = None


@frozen
class School:
    """The students now, and next year's lists: class → lines, by surname."""

    students: tuple[Student, ...]
    lists: dict[str, tuple[Line, ...]] = field(repr=False)

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines, class after class."""
        return tuple(line for lines in self.lists.values() for line in lines)

    @property
    def staying(self) -> frozenset[str]:
        """The ids of the students who are in next year's lists."""
        return frozenset(line.student_id for line in self.lines if line.student_id)


def make_school(seed: int = SEED) -> School:
    """Make the school of a seed."""
    chance = Random(seed)
    students = make_students(chance)
    going = [student for student in students if student.grade != GRADES[-1]]
    leavers = chance.sample([student for student in going if not _is_namesake(student, students)], _LEAVERS)
    lines = [_line_of(chance, student) for student in going if student not in leavers]
    lines += _newcomers(chance, students)
    for twist in _TWISTS:
        lines = twist(chance, lines, leavers)
    lists = {name: tuple(sorted(_of_class(lines, name), key=_by_name)) for names in CLASSES.values() for name in names}
    return School(students, lists)


def next_grade(grade: str) -> str:
    """The grade after this one."""
    return GRADES[GRADES.index(grade) + 1]


def _of_class(lines: list[Line], class_name: str) -> list[Line]:
    return [line for line in lines if line.class_name == class_name]


def _by_name(line: Line) -> tuple[str, str]:
    return line.child.family, line.child.given


def _is_namesake(student: Student, students: tuple[Student, ...]) -> bool:
    name = (student.child.given, student.child.family)
    return sum((other.child.given, other.child.family) == name for other in students) > 1


def _line_of(chance: Random, student: Student) -> Line:
    """Most move up with their class; a third is mixed, and where there are fewer classes all are."""
    grade = next_grade(student.grade)
    classes = CLASSES[grade]
    parallel = grade[-1] + student.class_name[-1]
    stays_together = parallel in classes and chance.random() > 1 / 3
    return Line(
        child=student.child,
        grade=grade,
        class_name=parallel if stays_together else chance.choice(classes),
        student_number=student.student_number,
        preferred=student.preferred,
        student_id=student.student_id,
    )


def _newcomers(chance: Random, students: tuple[Student, ...]) -> list[Line]:
    """The children who start school, and a few who join later; they have no number yet."""
    known = [student.child for student in students]
    starting = make_children(chance, THIS_YEAR + 1, COHORT - 2, known)
    grades = ["KG"] * len(starting) + [chance.choice(GRADES[1:]) for _ in range(_NEWCOMERS)]
    for grade in grades[len(starting) :]:
        starting += make_children(chance, THIS_YEAR + 1 - GRADES.index(grade), 1, known + starting)
    return [Line(child, grade, chance.choice(CLASSES[grade])) for child, grade in zip(starting, grades, strict=True)]


# Twists: each takes the lines and gives them back with one more thing that happens in schools


def _alter(
    twist: Twist, class_name: str, suits: Callable[[Line], bool], alter: Callable[[Random, Child], Child]
) -> Callable[[Random, list[Line], list[Student]], list[Line]]:
    """A twist that writes one child, of this class if one suits, otherwise than the host knows it."""

    def apply(chance: Random, lines: list[Line], _: list[Student]) -> list[Line]:
        suitable = [line for line in lines if _is_plain(line) and suits(line)]
        chosen = chance.choice(_of_class(suitable, class_name) or suitable)
        written = evolve(chosen, child=alter(chance, chosen.child), twist=twist)
        return [written if line is chosen else line for line in lines]

    return apply


def _is_plain(line: Line) -> bool:
    return line.student_id is not None and line.twist is None


def _mistype(chance: Random, child: Child) -> Child:
    """Two neighbouring letters inside the surname change places."""
    name = child.family
    places = [place for place in range(1, len(name) - 2) if name[place] != name[place + 1] and name.isalpha()]
    place = chance.choice(places)
    return evolve(child, surname=name[:place] + name[place + 1] + name[place] + name[place + 2 :])


def _shorten(_: Random, child: Child) -> Child:
    return evolve(child, given=NICKNAMES[child.given])


def _rename(chance: Random, child: Child) -> Child:
    return evolve(child, surname=chance.choice([name for name in child.tradition.surnames if name != child.surname]))


def _slip(_: Random, child: Child) -> Child:
    """One digit of the day."""
    day = child.birth_date.day
    return evolve(child, birth_date=child.birth_date.replace(day=day - 10 if day > 10 else day + 10))


def _double(line: Line) -> bool:
    return " " in line.child.family and line.child.family.split()[0].istitle() and len(line.child.family.split()) == 2


def _swappable(line: Line) -> bool:
    return line.child.tradition.surnames[0] in {"Nguyen", "Zhang"}


def _join_twin(chance: Random, lines: list[Line], _: list[Student]) -> list[Line]:
    """A twin of a child of 4B, who went to another school until now."""
    one = chance.choice([line for line in _of_class(lines, "4B") if _is_plain(line)])
    taken = {(line.child.given, line.child.family) for line in lines}
    twin = make_sibling(chance, one.child, one.child.birth_date, taken)
    return [*lines, Line(twin, one.grade, one.class_name, twist=Twist.TWIN)]


def _join_lookalike(chance: Random, lines: list[Line], leavers: list[Student]) -> list[Line]:
    """A newcomer of a leaver's surname and birth date, and another given name."""
    leaver = chance.choice(leavers)
    child = make_sibling(chance, leaver.child, leaver.child.birth_date, {(leaver.child.given, leaver.child.family)})
    grade = next_grade(leaver.grade)
    return [*lines, Line(child, grade, CLASSES[grade][0], twist=Twist.LOOKALIKE)]


def _list_twice(chance: Random, lines: list[Line], _: list[Student]) -> list[Line]:
    """A child of 5A whom the teacher of 5B has, too."""
    one = chance.choice([line for line in _of_class(lines, "5A") if _is_plain(line)])
    return [*lines, evolve(one, class_name="5B", twist=Twist.WRONG_CLASS)]


def _repeat(chance: Random, lines: list[Line], _: list[Student]) -> list[Line]:
    """A child that was to come to 2A and stays in grade 1."""
    one = chance.choice([line for line in _of_class(lines, "2A") if _is_plain(line)])
    stayed = evolve(one, grade="01", class_name="1A", twist=Twist.REPEATS)
    return [stayed if line is one else line for line in lines]


def _misdate(chance: Random, lines: list[Line], _: list[Student]) -> list[Line]:
    """A new child of PB with the 31st of February."""
    one = chance.choice(_of_class(lines, "PB"))
    return [evolve(line, twist=Twist.BAD_DATE) if line is one else line for line in lines]


def _part_namesakes(_: Random, lines: list[Line], __: list[Student]) -> list[Line]:
    """The two of one name: one comes to 3A, whose list has neither birth dates nor numbers, the other to 3B."""
    names = [(line.child.given, line.child.family) for line in lines]
    both = [line for line in lines if names.count((line.child.given, line.child.family)) > 1 and line.student_id]
    parted = [
        evolve(line, class_name=name, twist=Twist.NAMESAKE) for line, name in zip(both, ("3A", "3B"), strict=True)
    ]
    return [line for line in lines if line not in both] + parted


_TWISTS: Final = (
    _part_namesakes,
    _alter(Twist.TYPO, "2B", lambda line: line.child.family.isalpha() and len(line.child.family) > 6, _mistype),
    _alter(Twist.NICKNAME, "5B", lambda line: line.child.given in NICKNAMES and not line.preferred, _shorten),
    _alter(Twist.PREFERRED, "2C", lambda line: line.preferred != "", _shorten),
    _alter(Twist.RENAMED, "6A", lambda line: "|" not in line.child.surname, _rename),
    _alter(Twist.HALF_SURNAME, "4A", _double, lambda _, child: evolve(child, surname=child.surname.split()[0])),
    _alter(
        Twist.SWAPPED,
        "1C",
        _swappable,
        lambda _, child: evolve(child, given=child.family, surname=child.given),
    ),
    _alter(Twist.DATE_SLIP, "6B", lambda line: 1 < line.child.birth_date.day < 28, _slip),
    _join_twin,
    _join_lookalike,
    _list_twice,
    _repeat,
    _misdate,
)
