"""Hypothesis strategies: rosters with twins, namesakes, swaps and gaps in any script, and pairs of school years.

Invariants: ids are unique; all names are invented, from parts in several scripts; every roster passes the library's
own checks. Shrinking leads towards few students with short Latin names.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from hypothesis import strategies as st

from rosterdiff.frames import Roster
from rosterdiff.grades import ORDER
from rosterdiff.testing.builders import Value, a_roster

Record = dict[str, Value]

_GIVEN: Final = (
    "Ilva", "Maro", "Teodin", "Anneli", "Jo", "Mirabeth", "Bettina", "Zé", "Ünsal", "Żanelka", "D'Aro", "Ana-Lis",
    "Mc Kell", "O’Reya", "Ngọcan", "Мирела", "Тодин", "Θαλίνη", "نوريد", "ליאורן", "若晴", "はるみち", "가온새",
    "अनिकेश", "J.",
)  # fmt: skip
_FAMILY: Final = (
    "Torenbek", "Ashmore", "Li", "Vandel", "van der Quell", "O'Brannick", "Quell-Ashmore", "Ñandez", "Straßner",
    "Łobarek", "St. Orvin", "Торенко", "Βαλτίδης", "بن سريد", "כרמיאלי", "林谷", "たけもり", "윤가람", "शर्मिल",
    "Li Vandel",
)  # fmt: skip
_GRADES: Final = ("KG", "01", "02", "03", "06")
_GENDERS: Final = ("female", "male", "other")
_SCHOOLS: Final = ("Quellside", "Orvin Hill")

FIELDS: Final = (
    "student_number", "middle_name", "name_suffix", "preferred_given_name", "preferred_family_name", "birth_date",
    "gender", "grade", "class_name", "school", "username", "email",
)  # fmt: skip
"""Fields that any student may lack."""


def given_names() -> st.SearchStrategy[str]:
    """Given names in any script, with the marks that real ones have."""
    return st.sampled_from(_GIVEN)


def family_names() -> st.SearchStrategy[str]:
    """Family names in any script: short, double, with particles and apostrophes."""
    return st.sampled_from(_FAMILY)


def birth_dates() -> st.SearchStrategy[date]:
    """Birth dates of school children; a small range, so that equal ones occur."""
    return st.one_of(
        st.sampled_from([date(2016, 3, 14), date(2016, 4, 13), date(2015, 11, 2)]),
        st.dates(date(2006, 1, 1), date(2021, 12, 31)),
    )


def student_numbers() -> st.SearchStrategy[str]:
    """Numbers as schools give them, with leading zeros."""
    return st.integers(0, 40).map(lambda number: f"{number:05}")


@st.composite
def students(draw: st.DrawFn) -> Record:
    """A student's record without id; any field but the names may be missing, and seldom these too."""
    grade = draw(st.sampled_from(_GRADES))
    number = draw(student_numbers())
    values: Record = {
        "given_name": draw(given_names()),
        "family_name": draw(family_names()),
        "birth_date": draw(birth_dates()),
        "grade": grade,
        "class_name": f"{grade.lstrip('0')}{draw(st.sampled_from('AB'))}",
        "school": _SCHOOLS[0],
        "student_number": number,
    }
    rare = draw(st.integers(0, 7))
    if rare & 1:
        values |= {"middle_name": draw(given_names()), "gender": draw(st.sampled_from(_GENDERS))}
    if rare & 2:
        values |= {"preferred_given_name": draw(given_names()), "email": f"n{number}@example.org"}
    if rare & 4:
        values |= {"name_suffix": draw(st.sampled_from(["Jr", "III"])), "school": draw(st.sampled_from(_SCHOOLS))}
    return values | dict.fromkeys(draw(_gaps()), None)


def _gaps() -> st.SearchStrategy[list[str]]:
    """Fields to leave empty: mostly none, sometimes several, seldom a name."""
    some = st.lists(st.sampled_from(FIELDS), max_size=3, unique=True)
    names = st.lists(st.sampled_from(["given_name", "family_name"]), min_size=1, max_size=2, unique=True)
    return st.integers(0, 15).flatmap(lambda pick: names if pick == 15 else some if pick > 8 else st.just([]))


def _twin(student: Record, other: Record) -> Record:
    return student | {
        name: other[name] for name in ("given_name", "student_number", "username", "email") if name in other
    }


def _namesake(student: Record, other: Record) -> Record:
    return other | {name: student[name] for name in ("given_name", "family_name")}


def _swapped(student: Record, other: Record) -> Record:
    return other | {"given_name": student["family_name"], "family_name": student["given_name"]}


def _same(student: Record, other: Record) -> Record:
    return dict(student) | {"class_name": other["class_name"]}


_RELATIVES: Final[tuple[Callable[[Record, Record], Record], ...]] = (_twin, _namesake, _swapped, _same)


@st.composite
def records(draw: st.DrawFn, min_size: int = 0, max_size: int = 8) -> list[Record]:
    """Records of a school in which twins, namesakes, swapped names and equal children are common."""
    found = draw(st.lists(students(), min_size=min_size, max_size=max_size))
    for place in range(1, len(found)):
        kind = draw(st.integers(0, 2 * len(_RELATIVES)))
        if kind > len(_RELATIVES):
            relative = _RELATIVES[kind - len(_RELATIVES) - 1]
            found[place] = relative(found[draw(st.integers(0, place - 1))], found[place])
    return found


@st.composite
def ids(draw: st.DrawFn, count: int) -> list[str]:
    """Unique student ids of one kind: numbers, numbers with leading zeros, or words; not in order."""
    pattern = draw(st.sampled_from(["{}", "{:05}", "s{}", "学-{}"]))
    numbers = st.lists(st.integers(1, 400), min_size=count, max_size=count, unique=True)
    return [pattern.format(number) for number in draw(numbers)]


@st.composite
def rosters(draw: st.DrawFn, min_size: int = 0, max_size: int = 8, further: bool = True) -> Roster:  # noqa: FBT001, FBT002
    """Bases: every student has an id of his own; sometimes with columns that are not rosterdiff's."""
    people = draw(records(min_size, max_size))
    for person, student_id in zip(people, draw(ids(len(people))), strict=True):
        person["student_id"] = student_id
    if further and draw(st.booleans()):
        for person in people:
            person["Bus"] = draw(st.sampled_from([None, "7", "12b", "Robert'); DROP TABLE students;--"]))
    return a_roster(*people)


def _typo(student: Record, draw: st.DrawFn) -> Record:
    name = str(student["family_name"] or "x")
    place = draw(st.integers(0, len(name) - 1))
    letter = draw(st.sampled_from("eo"))
    return student | {"family_name": (name[:place] + letter + name[place + 1 :]).strip() or "e"}


def _shortened(student: Record, draw: st.DrawFn) -> Record:
    name = str(student["given_name"] or "x")
    return student | {"given_name": name[: draw(st.integers(1, len(name)))].strip() or name}


def _recased(student: Record, draw: st.DrawFn) -> Record:
    change = draw(st.sampled_from([str.upper, str.lower]))
    return student | {name: change(str(student[name])) for name in ("given_name", "family_name") if student[name]}


def _misdated(student: Record, draw: st.DrawFn) -> Record:
    return student | {"birth_date": draw(birth_dates())}


def _emptied(student: Record, draw: st.DrawFn) -> Record:
    return student | dict.fromkeys(draw(_gaps()), None)


def _moved(student: Record, draw: st.DrawFn) -> Record:
    return student | {"class_name": draw(st.sampled_from(["1A", "3B", "6A"]))}


def _renumbered(student: Record, draw: st.DrawFn) -> Record:
    return student | {"student_number": draw(student_numbers())}


def _name_swapped(student: Record, _: st.DrawFn) -> Record:
    return student | {"given_name": student["family_name"], "family_name": student["given_name"]}


def _unchanged(student: Record, _: st.DrawFn) -> Record:
    return student


_FATES: Final[tuple[Callable[[Record, st.DrawFn], Record], ...]] = (
    _unchanged, _unchanged, _unchanged, _moved, _recased, _emptied, _typo, _shortened, _misdated, _renumbered,
    _name_swapped,
)  # fmt: skip
"""What may become of a student's row between two years; being left out and being listed twice come beside."""


def _advanced(student: Record) -> Record:
    after: Mapping[object, str] = dict(zip(list(ORDER)[:-1], list(ORDER)[1:], strict=True))
    return student | {"grade": after.get(student.get("grade"), student.get("grade"))}


@st.composite
def school_years(draw: st.DrawFn, max_size: int = 8, min_size: int = 0) -> tuple[Roster, Roster]:
    """A base and an incoming roster of the next year: stayers, leavers, newcomers, errors, rows in any order.

    Newcomers may have the name of a leaver or be a twin; ids of our template are kept, sometimes, and sometimes
    overwritten by another student's.
    """
    base = draw(rosters(min_size, max_size))
    drawn = draw(records(0, max(1, max_size // 3)))
    step, with_ids = draw(st.booleans()), draw(st.booleans())
    rows: list[Record] = []
    for student in base.frame.drop("row", "source_file", "source_sheet", "source_row").iter_rows(named=True):
        fate = draw(st.integers(0, len(_FATES) + 1))
        copies = 0 if fate == len(_FATES) else 2 if fate > len(_FATES) else 1
        changed = _FATES[fate % len(_FATES)](student, draw) if copies == 1 else student
        rows += [_advanced(changed) if step else changed] * copies
    for place, newcomer in enumerate(drawn):
        relative = draw(st.integers(0, len(_RELATIVES) + 2))
        known = len(base) and relative < len(_RELATIVES)
        model = dict.fromkeys(newcomer) | (base.frame.row(place % len(base), named=True) if known else {})
        rows.append(_RELATIVES[relative](model, newcomer) if known else newcomer)
    shuffled = draw(st.permutations(rows[:max_size]))
    kept = [row | {"student_id": row.get("student_id") if with_ids else None} for row in shuffled]
    clean = [{name: value for name, value in row.items() if name not in _PROVENANCE} for row in kept]
    return base, a_roster(*clean, source_file="next year.csv")


_PROVENANCE: Final = ("row", "source_file", "source_sheet", "source_row")
