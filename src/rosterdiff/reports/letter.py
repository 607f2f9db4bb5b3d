"""The letter to a school: what it has to put right in its lists and accounts before a plan is applied."""

from os import PathLike
from pathlib import Path

from rosterdiff.errors import InvalidOption
from rosterdiff.plans import Plan
from rosterdiff.reports.letter_content import write_letter
from rosterdiff.reports.letter_html import letter_as_html
from rosterdiff.reports.letter_text import letter_as_text
from rosterdiff.reports.letter_workbook import write_letter_workbook


def write_discrepancies(plan: Plan, path: str | PathLike[str]) -> None:
    """Write what a school has to put right, by file and teacher, in words that its administrator acts on.

    It lists the names that differ and must be changed by hand first, the cells to correct, the rows of which the school
    knows who is meant, the details that no upload changes, the classes without a list, and who is in no list.

    Args:
        plan: a plan, resolved or not.
        path: where to write it; the name ends in `.txt`, `.html` or `.xlsx`.

    Raises:
        InvalidOption: the name ends in something else.
        OSError: the file cannot be written.

    """
    target, letter = Path(path), write_letter(plan)
    match target.suffix.lower():
        case ".txt":
            target.write_text(letter_as_text(letter), encoding="utf-8")
        case ".html" | ".htm":
            target.write_text(letter_as_html(letter), encoding="utf-8")
        case ".xlsx":
            write_letter_workbook(letter, target)
        case _:
            raise InvalidOption("A letter is written as .txt, .html or .xlsx.", "Give the file such a name.")
