"""Where a table can stand: below titles, beside nothing, above notes, in several sheets, without a header.

Invariants: every case exists as a workbook and, where text can hold it, as a text file.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final

from attrs import evolve

from benchmarks.reading.cases import Case
from benchmarks.reading.pages import BORN, DATED, NAMED, Column, Page, column
from benchmarks.reading.people import LATIN, WORLD, Crowd, Person, draw_people
from benchmarks.reading.writers import text, workbook, workbook_by_openpyxl

_WORKBOOKS: Final = {"xlsxwriter": workbook, "openpyxl": workbook_by_openpyxl}


def table_cases(seed: int) -> Iterator[Case]:
    """Tables of one seed, in a single sheet."""
    people = draw_people(Crowd(seed, 24, LATIN))
    for name, (page, said) in _single(people).items():
        for writer, write in _WORKBOOKS.items():
            yield Case(f"{name}, by {writer}", "table", "p.xlsx", partial(write, [page]), [page], said)
        if not page.merged and not page.hidden_rows:
            flat = evolve(page, sheet=None)
            yield Case(f"{name}, as text", "table", "p.csv", partial(text, flat), [flat], said)


def _single(people: Sequence[Person]) -> dict[str, tuple[Page, list[str]]]:
    plain = Page(DATED, people)
    titled = evolve(plain, above=[["Ollerthwick Primary School"], ["Class lists 2026"], []])
    return {
        "header in the first row": (plain, []),
        "title and blank row above": (titled, []),
        "table begins at D7": (evolve(plain, top=6, left=3), []),
        "merged title": (evolve(titled, merged=[(0, 0, 0, 6)]), []),
        "facts of the school above": (evolve(plain, above=_FACTS), []),
        "two-line header": (_two_lines(people), []),
        "two-line header, groups merged": (evolve(_two_lines(people), merged=[(0, 1, 0, 2), (0, 4, 0, 6)]), []),
        "line of help under the header": (evolve(plain, between=[_HELP]), ["row"]),
        "line of required and optional": (evolve(plain, between=[_REQUIRED]), ["row"]),
        "blank row after every fifth": (evolve(plain, gaps=5), []),
        "blank column between": (_with_blank_column(people), []),
        "total below": (evolve(plain, below=[["Total", None, len(people)]]), ["row_skipped"]),
        "total after a blank row": (evolve(plain, below=[[], ["Total students:", len(people)]]), ["row_skipped"]),
        "notes below": (evolve(plain, below=_NOTES), ["row_skipped"]),
        "header repeated as on printed pages": (_broken(people, [12], []), ["header_repeated"]),
        "a list for each class below the other": (
            _broken(people, [8, 16], [[], ["Class list"], []]),
            ["header_repeated"],
        ),
        "no header": (evolve(plain, headers=[]), ["any"]),
        "no header, names and dates alone": (_bare(people), ["any"]),
        "rows hidden by a filter": (evolve(plain, hidden_rows=frozenset({3, 4, 9})), ["any"]),
        "another table below": (evolve(plain, below=_STAFF), ["any"]),
        "another table beside": (_beside(people), []),
        "one student": (evolve(plain, people=people[:1]), []),
    }


_FACTS: Final = (
    ("School:", "Ollerthwick Primary", None, "Year:", "2026"),
    ("Principal:", "F. Hasprey", None, "Printed:", "2026-01-12"),
    (),
)
_HELP: Final = (
    "Enter the number of the school",
    "As on the birth certificate",
    "As on the birth certificate",
    "Format: dd/mm/yyyy",
    "Please use M, F or X",
    "For example: 3",
    "For example: 3B",
)
_REQUIRED: Final = ("Optional", "Required", "Required", "Required", "Optional", "Required", "Optional")
_NOTES: Final = (
    (),
    ("Note: students on exchange are not listed here.",),
    ("Please return this list to the office by Friday of the second week.",),
)
_STAFF: Final = (
    (),
    (),
    ("Books ordered",),
    ("Title", "Copies", "Price"),
    ("Atlas of Rivers", 30, 12.5),
    ("Number Play", 28, 9.75),
)


def _two_lines(people: Sequence[Person]) -> Page:
    """Groups of columns named above, their parts below."""
    headers: list[list[Any]] = [
        ["Student", "Name", None, "Date of", "Enrolment", None, None],
        ["Number", "Given", "Family", "Birth", "Gender", "Grade", "Class"],
    ]
    return Page(DATED, people, headers=headers)


def _with_blank_column(people: Sequence[Person]) -> Page:
    blank = Column("", lambda _: None, lambda _: {})
    return Page([*DATED[:3], blank, *DATED[3:]], people)


def _broken(people: Sequence[Person], places: Sequence[int], lines: Sequence[Sequence[Any]]) -> Page:
    """The header once more before some of the students, with rows above it."""
    header = [one.header for one in DATED]
    return Page(DATED, people, breaks={place: [*lines, header] for place in places})


def _bare(people: Sequence[Person]) -> Page:
    return Page([*NAMED, column("", "birth_date", lambda one: one.born)], people, headers=[])


def _beside(people: Sequence[Person]) -> Page:
    """Counts by class to the right of the list, with a blank column between, in the first rows."""
    aside = {0: ("3A", 24), 1: ("3B", 23), 2: ("Total", 47)}
    places = {one.number: place for place, one in enumerate(people)}

    def cell(which: int) -> Any:
        return lambda one: aside.get(places[one.number], (None, None))[which]

    blank = Column("", lambda _: None, lambda _: {})
    return Page([*DATED, blank, Column("Room", cell(0), lambda _: {}), Column("Chairs", cell(1), lambda _: {})], people)


def sheet_cases(seed: int) -> Iterator[Case]:
    """Workbooks of several sheets."""
    classes = {name: draw_people(Crowd(seed * 10 + n, 12, LATIN, name)) for n, name in enumerate(_CLASSES)}
    bare = [column("First Name", "given_name"), column("Surname", "family_name"), _DATE]
    named = [Page(bare, people, sheet=name, constant={"class_name": name}) for name, people in classes.items()]
    kinds: dict[str, tuple[list[Page], list[str]]] = {
        "one sheet a class": (named, ["class_from_sheet"]),
        "one sheet a class, titles above": (
            [evolve(page, above=[[f"Class list {page.sheet}"], []]) for page in named],
            ["class_from_sheet"],
        ),
        "one sheet a class, a column for it too": (
            [Page([*bare, column("Class", "class_name")], people, sheet=name) for name, people in classes.items()],
            [],
        ),
        "a cover sheet before": ([_cover(), *named[:2]], []),
        "a hidden sheet of last year": ([*named[:2], evolve(named[2], hidden=True, unread=True)], ["sheet_hidden"]),
        "columns in another order on each sheet": (
            [
                Page(bare, classes["3A"], sheet="3A", constant={"class_name": "3A"}),
                Page(bare[::-1], classes["3B"], sheet="3B", constant={"class_name": "3B"}),
            ],
            [],
        ),
        "lists on Sheet1 and Sheet2": (
            [Page(bare, classes["3A"], sheet="Sheet1"), Page(bare, classes["3B"], sheet="Sheet2")],
            [],
        ),
    }
    for name, (pages, said) in kinds.items():
        for writer, write in _WORKBOOKS.items():
            yield Case(f"{name}, by {writer}", "table", "p.xlsx", partial(write, pages), pages, said)
    if seed == 1:
        yield from _long(seed)
    world = Page(DATED, draw_people(Crowd(seed, 60, WORLD)))
    yield Case("names of many scripts, by xlsxwriter", "value", "p.xlsx", partial(workbook, [world]), [world])


def _long(seed: int) -> Iterator[Case]:
    """Lists as long as those of a whole state, of one seed, because they take a while to judge."""
    page = Page(DATED, draw_people(Crowd(seed, 100_000, WORLD)))
    flat = evolve(page, sheet=None)
    yield Case("100,000 students, by xlsxwriter", "table", "p.xlsx", partial(workbook, [page]), [page])
    yield Case("100,000 students, as text", "table", "p.csv", partial(text, flat), [flat])


_CLASSES: Final = ("3A", "3B", "Year 4 Blue")
_DATE: Final = column(BORN.header, "birth_date", lambda one: one.born)


def _cover() -> Page:
    above = [["How to use this workbook"], ["One sheet for each class."], ["Office", "Room 4"]]
    return Page([], [], sheet="Read me", headers=[], above=above, unread=True)
