"""What helps whoever fills a template in: lists of values to choose from, and a sheet that says how it is done.

Invariants: a list only suggests: what it does not have can be written all the same, after a question; the lists stand
on the sheet of instructions, where they can be read and where they may be as long as they are.
"""

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any, Final

import polars as pl
from attrs import frozen
from openpyxl.cell import Cell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from rosterdiff.reports.cells import FACE, set_print, text_cell, width_of
from rosterdiff.schema import GRADES
from rosterdiff.sentences import field_label

HELP_SHEET: Final = "Instructions"

_LAST_ROW: Final = 1_048_576
_MOST_GENDERS: Final = 10  # more are free text, in which a list of choices says nothing
_MOST_CLASSES: Final = 2_000
_SPACE: Final = 2  # columns of the sheet before the lists
_TOP: Final = 2  # the row of the first choice; their headings stand in row 1

INSTRUCTIONS: Final = (
    "How to use this workbook",
    "The sheet “Students” lists the students as they are known today, one on each line.",
    "Change what has changed: the class, the grade, a wrong date.",
    "Add new students in the empty lines below, and leave the grey first column empty for them.",
    "Delete the lines of students who have left.",
    "",
    "The grey first column tells the students apart. Please never change, copy or sort it by itself.",
    "Always sort whole lines, never a single column: children would get the values of others.",
    "A hidden last column tells if that happened, and stops the file. Please leave it where it is.",
    "",
    "Classes and grades can be chosen from a list; another one may be written all the same.",
    "“Year 4”, “Grade 4” and “04” are one grade.",
    "An empty cell means “leave as it is”. To empty a field, write <clear> into its cell.",
    "Names of known students are never changed by an upload; a differing name is shown to a person.",
    "",
    "The file holds personal data of children: pass it on as you would pass on a class list.",
)

_MEANINGS: Final = {
    "IT": "Infant, toddler",
    "PR": "Preschool, nursery",
    "PK": "Pre-kindergarten",
    "TK": "Transitional kindergarten",
    "KG": "Kindergarten, Prep, Reception",
    **{f"{year:02}": f"Year {year}, Grade {year}" for year in range(1, 14)},
    "PS": "After secondary school",
    "UG": "Ungraded, mixed",
    "Other": "Another grade",
}


@frozen
class Choices:
    """Column → the values that a list suggests, in their order."""

    values: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, frame: pl.DataFrame) -> "Choices":
        """The grades of CEDS, the classes of the students, and their genders where these are few."""
        found: dict[str, tuple[str, ...]] = {"grade": GRADES}
        for name, most in (("class_name", _MOST_CLASSES), ("gender", _MOST_GENDERS)):
            values = frame[name].drop_nulls().unique().sort().to_list() if name in frame.columns else []
            if 0 < len(values) <= most:
                found[name] = tuple(values)
        return cls(found)

    @property
    def lists(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The lists as columns of the sheet: heading and values; the meaning of grades stands beside them."""
        of_grade = (field_label("grade"), self.values["grade"]), ("", tuple(_MEANINGS[g] for g in self.values["grade"]))
        others = ((field_label(name), values) for name, values in self.values.items() if name != "grade")
        return (*of_grade, *others)

    def area(self, name: str) -> str:
        """Where the list of a column stands, as a formula names it."""
        heading = field_label(name)
        at = next(at for at, (title, _) in enumerate(self.lists) if title == heading)
        letter = get_column_letter(_SPACE + at + 1)
        return f"{HELP_SHEET}!${letter}${_TOP}:${letter}${_TOP + len(self.values[name]) - 1}"


def offer_choices(sheet: Any, headers: Mapping[str, str], choices: Choices) -> None:
    """Let the columns of a sheet suggest their choices; what is none of them is asked about, and may stay."""
    for at, name in enumerate(headers, start=1):
        if name in choices.values:
            rule = DataValidation(type="list", formula1=choices.area(name), allow_blank=True, errorStyle="warning")
            rule.showErrorMessage, rule.errorTitle = True, f"Another {field_label(name)}?"
            rule.error = f"It is none of those on the sheet {HELP_SHEET}. It may be right all the same."
            letter = get_column_letter(at)
            rule.add(f"{letter}2:{letter}{_LAST_ROW}")
            sheet.data_validations.append(rule)


_TITLE, _HEADING, _PLAIN = (Font(name=FACE, bold=b, size=s) for b, s in ((True, 14), (True, 11), (False, 11)))
_LIST_FILL = PatternFill("solid", start_color="E4E7EB")


def write_help(sheet: Any, choices: Choices) -> None:
    """Write how the workbook is used, and beside it the lists of choices."""
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 96, 4
    for at, (heading, values) in enumerate(choices.lists, start=_SPACE + 1):
        sheet.column_dimensions[get_column_letter(at)].width = width_of((heading, *values), 40)
    set_print(sheet)
    columns = [(heading, *values) for heading, values in choices.lists]
    for at, (line, *suggested) in enumerate(zip_longest(INSTRUCTIONS, *columns)):
        first = _cell(sheet, line, _PLAIN if at else _TITLE)
        listed = [_cell(sheet, value, _PLAIN if at else _HEADING) for value in suggested]
        for cell in listed if at == 0 else ():
            cell.fill = _LIST_FILL
        sheet.append([first, None, *listed])


def _cell(sheet: Any, text: str | None, font: Font) -> Cell:
    cell = text_cell(sheet, text or "")
    cell.font = font
    return cell
