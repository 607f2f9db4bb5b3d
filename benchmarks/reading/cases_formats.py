"""The containers: the same list in every format that is promised, by LibreOffice where others cannot write it.

Invariants: xlsb cannot be written by any free program, so that the corpus alone tries it.
"""

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final

from attrs import evolve

from benchmarks.reading.cases import Case
from benchmarks.reading.pages import DATED, Page
from benchmarks.reading.people import LATIN, WORLD, Crowd, draw_people
from benchmarks.reading.writers import OFFICE, convert, workbook, workbook_by_openpyxl

_CONVERTED: Final = ("xls", "ods", "xlsx", "fods")


def format_cases(seed: int) -> Iterator[Case]:
    """The formats of one seed."""
    page = Page(DATED, draw_people(Crowd(seed, 30, WORLD)))
    yield Case("a workbook named .csv", "format", "p.csv", partial(workbook, [page]), [page])
    yield Case("a workbook without a suffix", "format", "p", partial(workbook, [page]), [page])
    yield Case(
        "a workbook with inline strings", "format", "p.xlsx", partial(workbook, [page], constant_memory=True), [page]
    )
    yield Case("a workbook without its size", "format", "p.xlsx", partial(_without_dimension, page), [page])
    yield Case("a workbook with a wrong size", "format", "p.xlsx", partial(_wrong_dimension, page), [page])
    yield Case("a workbook with backslashes in its archive", "format", "p.xlsx", partial(_backslashes, page), [page])
    two = {"p.xlsx": [evolve(page, people=page.people[:5])], "q.xlsx": [page]}
    yield Case("two lists in two workbooks of one zip", "format", "p.zip", partial(_zip, two), refusals=["any"])
    yield Case("a workbook in a zip", "format", "p.zip", partial(_zip, {"p.xlsx": [page]}), [page], refusals=["any"])
    merged = _merged_data(seed)
    for writer, write in (("xlsxwriter", workbook), ("openpyxl", workbook_by_openpyxl)):
        yield Case(f"class in merged cells, by {writer}", "format", "p.xlsx", partial(write, [merged]), [merged])
    if OFFICE is not None:
        yield from _office_cases(seed)


def _office_cases(seed: int) -> Iterator[Case]:
    """Written by LibreOffice."""
    people = draw_people(Crowd(seed, 30, WORLD))
    hidden = Page(DATED, people[:9], sheet="Old", hidden=True, unread=True)
    titled = Page(DATED, people, sheet="List", above=[["Class lists"], []], top=2, left=1)
    kinds: dict[str, list[Page]] = {
        "plain": [Page(DATED, people)],
        "title, table at B3, hidden sheet": [titled, hidden],
    }
    for suffix in _CONVERTED:
        for name, pages in kinds.items():
            make = partial(_converted, pages, suffix)
            refusals = ["not_a_spreadsheet"] if suffix == "fods" else []
            yield Case(f"{suffix} by LibreOffice: {name}", "format", f"p.{suffix}", make, pages, refusals=refusals)
    old = [Page(DATED, people)]
    shown = [evolve(page, sheet=None) for page in old]
    yield Case("a web page by LibreOffice, named .xls", "format", "p.xls", partial(_converted, old, "html"), shown)
    yield Case(
        "xls by LibreOffice: dates of 1904", "format", "p.xls", partial(_converted, old, "xls", date_1904=True), old
    )


def _converted(pages: Sequence[Page], suffix: str, *, date_1904: bool = False) -> bytes:
    return convert(workbook(pages, date_1904=date_1904), "xlsx", suffix)


def _patched(page: Page, patch: Callable[[str, bytes], tuple[str, bytes]]) -> bytes:
    """A workbook by openpyxl, each member of whose archive is changed."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook_by_openpyxl([page]))) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for member in source.infolist():
            target.writestr(*patch(member.filename, source.read(member)))
    return stream.getvalue()


def _resized(size: bytes, name: str, data: bytes) -> tuple[str, bytes]:
    start = data.find(b"<dimension")
    if not name.startswith("xl/worksheets/sheet") or start < 0:
        return name, data
    end = data.index(b"/>", start) + 2
    return name, data[:start] + size + data[end:]


def _without_dimension(page: Page) -> bytes:
    return _patched(page, partial(_resized, b""))


def _wrong_dimension(page: Page) -> bytes:
    return _patched(page, partial(_resized, b'<dimension ref="A1"/>'))


def _backslashes(page: Page) -> bytes:
    return _patched(page, lambda name, data: (name.replace("/", "\\"), data))


def _zip(books: dict[str, list[Page]]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pages in books.items():
            archive.writestr(name, workbook(pages))
    return stream.getvalue()


def _merged_data(seed: int) -> Page:
    """Four students of a class after each other, whose class stands once in merged cells."""
    people = [
        evolve(one, class_name=f"3{'ABC'[place // 4]}") for place, one in enumerate(draw_people(Crowd(seed, 12, LATIN)))
    ]
    firsts = {people[place].number for place in (0, 4, 8)}
    classes = evolve(DATED[6], spell=lambda one: one.class_name if one.number in firsts else None)
    page = Page([classes, *DATED[:6]], people)
    return evolve(page, merged=[(1 + start, 0, 4 + start, 0) for start in (0, 4, 8)])
