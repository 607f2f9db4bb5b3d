"""The faults of headers and of values in words.

Invariants: a sentence that may be said of many cells counts them with `{cells}` or `{rows}`; none holds a value of a
cell.
"""

from collections.abc import Mapping
from typing import Final

from rosterdiff.issues.codes import Code, Rule
from rosterdiff.model import Severity

_INFO, _WARNING, _ERROR = Severity.INFO, Severity.WARNING, Severity.ERROR

VALUE_RULES: Final[Mapping[Code, Rule]] = {
    Code.HEADER_MISSING: Rule(
        _ERROR,
        "The options name a header for {field}, and no column has it.",
        "Correct the header in the option `columns`, or in the file.",
    ),
    Code.HEADER_AMBIGUOUS: Rule(
        _WARNING,
        "The header could mean {choices}, and the column's values do not settle it; it was not read as either.",
        "Write a clearer header, or name the column in the option `columns`.",
    ),
    Code.HEADER_DECIDED: Rule(
        _INFO,
        "The header can mean several things; by its values the column was read as {field}.",
        "Write a clearer header if that is wrong.",
    ),
    Code.HEADER_DUPLICATE: Rule(
        _WARNING,
        "Another column has the same header; this one was not read as {field}.",
        "Give the columns different headers, or delete the one that is not needed.",
    ),
    Code.HEADER_SECOND: Rule(
        _INFO,
        "Several columns could be {field}; column {column} was taken, and this one stays beside it.",
        "Name the right column in the option `columns` if this is the one.",
    ),
    Code.HEADER_UNKNOWN: Rule(
        _INFO,
        "The header is none that is known; the column stays beside the student as it is.",
        "Name it in the option `columns` if it holds one of the student's fields.",
    ),
    Code.HEADER_DROPPED: Rule(
        _INFO,
        "The column holds what is not needed here (passwords, health, origin and the like); nothing of it was kept.",
        "Leave such columns out of the file.",
    ),
    Code.HEADER_NEXT_YEAR: Rule(
        _INFO,
        "The column is for next year and was read as {field}.",
        "Rename it if it is not the year that the list is for.",
    ),
    Code.NO_NAME_COLUMN: Rule(
        _ERROR,
        "The table has no column of names, so none of its rows can be matched.",
        "Add the columns “Given Name” and “Family Name”.",
    ),
    Code.NAME_MISSING: Rule(
        _WARNING, "There are values in {rows}, and no name.", "Fill in the names, or delete what is no student."
    ),
    Code.NAME_PADDED: Rule(
        _INFO,
        "In {cells} with {field} there were spaces before or after the name, which were left out.",
        "",
    ),
    Code.NAME_SPLIT_ASSUMED: Rule(
        _WARNING,
        "In {cells} the full name does not say where the family name begins; the order of the words was taken.",
        "Use two columns, “Given Name” and “Family Name”, and check these names.",
    ),
    Code.NAME_ODD: Rule(
        _WARNING,
        "In {cells} there should be {field}, and there is no letter in it.",
        "Write the name as the school knows it.",
    ),
    Code.DATE_ORDER_AMBIGUOUS: Rule(
        _ERROR,
        "In {cells} the date could be day/month or month/day, and nothing in the column settles it; it was left out.",
        "Write the dates as year-month-day, or set the option `date_order`.",
    ),
    Code.DATE_ORDER_MIXED: Rule(
        _ERROR,
        "Some dates of the column are day/month and others month/day; {cells} that could be either counted as empty.",
        "Write all dates of the column in one order, best as year-month-day.",
    ),
    Code.DATE_UNREADABLE: Rule(
        _WARNING, "In {cells} there should be a date, and there is none that exists.", "Write it as year-month-day."
    ),
    Code.DATE_IMPLAUSIBLE: Rule(
        _WARNING,
        "In {cells} the birth date is later than the day of the list, or more than 120 years before it.",
        "Check the year.",
    ),
    Code.DATE_YEAR_ASSUMED: Rule(
        _INFO,
        "In {cells} the year has two digits; it was read as that of a child at school.",
        "Write years with four digits.",
    ),
    Code.ID_DAMAGED: Rule(
        _WARNING,
        "In {cells} the number was turned into powers of ten, and digits are lost; it was left out.",
        "Format the column as text in the spreadsheet and enter the number again.",
    ),
    Code.ID_DECIMAL: Rule(
        _INFO,
        "In {cells} {field} ended in “.0”, which was left out.",
        "Format the column as text before exporting it.",
    ),
    Code.GRADE_UNKNOWN: Rule(
        _WARNING,
        "In {cells} there should be a grade, and there is none that is known; the grade stays as it is.",
        "Write it as the school writes it elsewhere, for example “Year 3”.",
    ),
    Code.CLEAR_REFUSED: Rule(
        _WARNING,
        "In {cells} stands “<clear>”, which cannot empty {field}; the field stays as it is.",
        "Change identity fields by hand in the account.",
    ),
    Code.TEMPLATE_ROWS_SHIFTED: Rule(
        _ERROR,
        "In {rows} of the template there are values of other rows ({fields}), as if a column had been sorted or moved "
        "by itself.",
        "Undo that, or start again from the template as it was sent; sort whole rows, never a column by itself.",
    ),
    Code.TEMPLATE_ID_UNKNOWN: Rule(
        _WARNING,
        "In {cells} there is an account id that the template did not have.",
        "Undo the change of the grey column; leave its cell empty for new students.",
    ),
}  # fmt: skip
"""The faults of headers and of values in words."""
