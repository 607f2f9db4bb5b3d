"""The letter to a school as plain text, to be sent as a message.

Invariants: lines are at most `WIDTH` characters where words allow it; a name stands on the line of its place, so that
the message can be worked through from top to bottom.
"""

from collections.abc import Iterable, Iterator, Mapping
from textwrap import wrap
from typing import Any, Final

import polars as pl

from rosterdiff.letters import MATTERS, Matter
from rosterdiff.reports.cells import shown
from rosterdiff.reports.letter_content import Letter
from rosterdiff.sentences import count_of

WIDTH: Final = 78
OF_FILES: Final = (Matter.NAME, Matter.CORRECT, Matter.QUESTION, Matter.DETAIL)
"""The matters that have their place in a file."""

Line = Mapping[str, Any]


def letter_as_text(letter: Letter) -> str:
    """The whole letter as text, with a line break at its end."""
    parts = [title_of(letter), "=" * len(title_of(letter)), "", *_paragraph(opening_of(letter))]
    for matter in OF_FILES:
        parts += _section(letter, matter)
    parts += _classes(letter) + _gone(letter)
    return "\n".join(parts) + "\n"


def title_of(letter: Letter) -> str:
    """The subject of the letter."""
    year = f" {letter.year}" if letter.year else ""
    count = letter.of(*OF_FILES).height
    return f"Student lists{year}: {count_of(count, 'point')} to put right" if count else f"Student lists{year}"


def opening_of(letter: Letter) -> str:
    """What was compared, and whether anything is to be put right."""
    files = f" of {count_of(len(letter.files), 'file')}" if letter.files else ""
    read = (
        f"{count_of(letter.rows, 'row')}{files} "
        f"{'was' if letter.rows == 1 else 'were'} compared with {count_of(letter.students, 'account')} of the school."
    )
    if letter.lines.is_empty():
        return f"{read} Nothing needs to be put right."
    return f"{read} Please go through the points below before the lists are used."


def file_title(line: Line) -> str:
    """The file, sheet and teacher of a line.

    >>> file_title({"source_file": "3B.xlsx", "source_sheet": "Term 1", "teacher": None})
    '3B.xlsx, sheet Term 1'
    """
    parts = (line["source_file"], line["source_sheet"] and f"sheet {line['source_sheet']}", line["teacher"])
    return ", ".join(part for part in parts if part) or "The list"


def point_of(line: Line) -> str:
    """What one line of the letter says, without its place."""
    match Matter(line["matter"]):
        case Matter.NAME:
            of_class = f" ({line['class_name']})" if line["class_name"] else ""
            return f"In the list “{_or_none(line['found'])}”, in the account “{_or_none(line['known'])}”{of_class}"
        case Matter.QUESTION:
            like = f" Most like: {line['known']}." if line["known"] else ""
            return f"{line['who'] or 'No name'}: {line['message']}{like}"
        case Matter.DETAIL:
            values = f"{_or_none(line['found'])} in the list, {_or_none(line['known'])} in the account"
            return f"{line['who'] or 'No name'}: {line['message'].lower()} {values}."
        case _:
            return str(line["message"])


def _or_none(value: str | None) -> str:
    return value or "–"


def _paragraph(text: str, indent: str = "", hanging: str = "") -> list[str]:
    return wrap(shown(text), WIDTH, initial_indent=indent, subsequent_indent=hanging or indent, break_long_words=False)


def _heading(matter: Matter, count: int) -> list[str]:
    wording = MATTERS[matter]
    return ["", f"{wording.title} ({count:,})".upper(), *_paragraph(str(wording)), ""]


def _section(letter: Letter, matter: Matter) -> list[str]:
    found = letter.of(matter)
    if found.is_empty():
        return []
    parts = _heading(matter, found.height)
    for title, lines in by_file(found):
        parts += _paragraph(title, "  ", "    ")
        for line in lines.iter_rows(named=True):
            place = f"{line['cell']}. " if line["cell"] else ""
            parts += _paragraph(place + point_of(line), "    - ", "      ")
    return parts


def by_file(lines: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """The lines of each file, sheet and teacher, under their title."""
    for _, of_file in lines.group_by("source_file", "source_sheet", "teacher", maintain_order=True):
        yield file_title(of_file.row(0, named=True)), of_file


def _classes(letter: Letter) -> list[str]:
    found = letter.of(Matter.CLASS)
    if found.is_empty():
        return []
    lines = [f"{line['who'] or 'No class'}: {count_of(line['count'], 'student')}" for line in found.to_dicts()]
    return [*_heading(Matter.CLASS, found.height), *(part for line in lines for part in _paragraph(line, "  ", "    "))]


def _gone(letter: Letter) -> list[str]:
    found = letter.of(Matter.GONE)
    if found.is_empty():
        return []
    parts = _heading(Matter.GONE, found.height)
    for (name,), students in found.group_by("class_name", maintain_order=True):
        names: Iterable[str] = (who or "No name" for who in students["who"])
        parts += _paragraph(f"{name or 'No class'} ({students.height:,}): {'; '.join(names)}", "  ", "    ")
    return parts
