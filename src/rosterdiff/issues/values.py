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
        "No column has the header that was agreed for {field}.",
        "Write that header above the column.",
        "columns",
    ),
    Code.HEADER_AMBIGUOUS: Rule(
        _WARNING,
        "The header could mean {choices}, and the column's values do not settle it; it was not read as either.",
        "Write a header that says which of them it is.",
        "columns",
    ),
    Code.HEADER_DECIDED: Rule(
        _INFO,
        "The header can mean several things; by its values the column was read as {field}.",
        "Write a clearer header if that is wrong.",
    ),
    Code.HEADER_ASSUMED: Rule(
        _INFO,
        "The header can mean several things, and the column's values settle nothing; it was read as {field}, as usual.",
        "Write a clearer header if that is wrong.",
    ),
    Code.HEADER_GUESSED: Rule(
        _WARNING,
        "The header is spelt almost like one that is known; the column was read as {field}.",
        "Correct the header; if it is something else, write another one.",
        "columns",
    ),
    Code.HEADER_DUPLICATE: Rule(
        _WARNING,
        "Another column has the same header; this one was not read as {field}.",
        "Give the columns different headers, or delete the one that is not needed.",
    ),
    Code.HEADER_SECOND: Rule(
        _INFO,
        "Several columns could be {field}; column {column} was taken, and this one stays beside it.",
        "If this is the right one, give the other a header of another meaning.",
        "columns",
    ),
    Code.HEADER_UNKNOWN: Rule(
        _INFO,
        "The header is none that is known; the column stays beside the student as it is.",
        "If it holds one of the student's fields, write that field's name as its header.",
        "columns",
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
    Code.CELL_ERROR: Rule(
        _WARNING,
        "In {cells} stands an error of the spreadsheet instead of {field}; it counts as empty.",
        "Correct the formula in the spreadsheet, or write the value.",
    ),
    Code.CELL_FORMULA: Rule(
        _WARNING,
        "In {cells} stands a formula for {field} whose value was not saved; it counts as empty.",
        "Open the file in a spreadsheet program, save it there, and send it again.",
    ),
    Code.FORMULA_AS_TEXT: Rule(
        _WARNING,
        "In {cells} with {field} the text of a formula stands instead of its value; it was kept as it stands.",
        "Format the column as “General” and enter the formula again, or write the value.",
    ),
    Code.CELLS_MERGED: Rule(
        _WARNING,
        "In {cells} a merged cell reaches over more than one student or field, and {field} belongs to the first only.",
        "Unmerge the cells and write {field} for every student.",
    ),
    Code.VALUE_CARRIED: Rule(
        _INFO,
        "A merged cell gives {field} for several students; it was read for {cells} below its first as well.",
        "Unmerge the cells if that is wrong.",
    ),
    Code.VALUE_PADDED: Rule(
        _INFO, "In {cells} with {field} there were spaces before or after the value, which were left out.", ""
    ),
    Code.VALUE_NOTHING: Rule(
        _INFO,
        "In {cells} with {field} stands a word or sign for “none” or “not known”; they count as empty.",
        "Leave such cells empty.",
    ),
    Code.CONTROL_CHARACTERS: Rule(
        _WARNING,
        "In {cells} with {field} there are line breaks, tabs or other control characters; they were kept.",
        "Write the value again, on one line.",
    ),
    Code.INVISIBLE_CHARACTERS: Rule(
        _WARNING,
        "In {cells} with {field} there are characters that cannot be seen, as text copied from a page brings; "
        "they were kept.",
        "Write the value again by hand.",
    ),
    Code.MIXED_SCRIPTS: Rule(
        _WARNING,
        "In {cells} with {field} one word mixes Latin with Cyrillic or Greek letters that look alike; it was kept.",
        "Write the value again with one keyboard.",
    ),
    Code.HTML_CODES: Rule(
        _WARNING,
        "In {cells} with {field} stand codes of a web page for a letter or sign (such as “&amp;”); they were kept.",
        "Write the letter itself, or export the list again.",
    ),
    Code.GARBLED_CHARACTERS: Rule(
        _WARNING,
        "In {cells} with {field} letters were garbled or lost before the file was sent; they were kept as they are.",
        "Correct the values, or export the list again as “CSV UTF-8”.",
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
    Code.NAME_DIGITS: Rule(
        _WARNING, "In {cells} with {field} there are digits beside the letters.", "Check the name, and correct it."
    ),
    Code.NAME_DATE: Rule(
        _ERROR,
        "In {cells} with {field} stands a date, as a spreadsheet makes of names such as May or June.",
        "Format the column as text, and write the name again.",
    ),
    Code.NAME_NOTE: Rule(
        _WARNING,
        "In {cells} with {field} stands what reads like a note, not a name.",
        "Write the name, or delete the row if there is no such student.",
    ),
    Code.NAME_EMAIL: Rule(
        _WARNING, "In {cells} with {field} stands an e-mail address.", "Write the name as the school knows it."
    ),
    Code.NAME_SEVERAL: Rule(
        _WARNING,
        "In {cells} with {field} there seem to be several names, with a sign between them.",
        "Write one student a row, and other names in columns of their own.",
    ),
    Code.NAME_TITLE: Rule(
        _INFO,
        "In {cells} with {field} a title such as “Mr” stands before the name; it is {kept}.",
        "Leave titles out.",
    ),
    Code.NAME_JOINED: Rule(
        _INFO,
        "The family name stands in two columns; for {cells} the two were joined with a space between.",
        "If only one of them is the family name, give the other another header.",
        "columns",
    ),
    Code.DATE_ORDER_AMBIGUOUS: Rule(
        _ERROR,
        "In {cells} the date could be day/month or month/day, and nothing in the column settles it; it was left out.",
        "Write the dates as year-month-day.",
        "date_order",
    ),
    Code.DATE_ORDER_MIXED: Rule(
        _ERROR,
        "Some dates of the column are day/month and others month/day; {cells} that could be either counted as empty.",
        "Write all dates of the column in one order, best as year-month-day.",
    ),
    Code.DATE_ORDER_BORROWED: Rule(
        _INFO,
        "In {cells} the date could be day/month or month/day; it was read as {order}, as the file's other dates are.",
        "Write the dates as year-month-day if that is wrong.",
        "date_order",
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
    Code.DATE_SERIAL: Rule(
        _INFO,
        "In {cells} the date is a bare number, as spreadsheets count days; it was counted from 1900.",
        "Check one of them, and format the column as dates: counted from 1904 all would be four years later.",
    ),
    Code.DATE_PLACEHOLDER: Rule(
        _WARNING,
        "In {cells} stands the day zero of a spreadsheet instead of a birth date; it counts as empty.",
        "Write the birth date, or leave the cell empty.",
    ),
    Code.DATE_FIRST_OF_JANUARY: Rule(
        _WARNING,
        "In {cells} the birthday is 1 January, far more often than chance gives it; they were kept.",
        "Leave the date empty where only the year is known.",
    ),
    Code.DATE_AGE_UNUSUAL: Rule(
        _WARNING,
        "In {cells} the birth date gives an age below 2 or above 25 years on the day of the list.",
        "Check the year.",
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
    Code.ID_ZEROS_LOST: Rule(
        _WARNING,
        "In {cells} {field} is shorter than nearly all others, as when a spreadsheet drops leading zeros; it was kept.",
        "Format the column as text in the spreadsheet and enter these numbers again.",
    ),
    Code.EMAIL_MALFORMED: Rule(
        _WARNING,
        "In {cells} stands something other than one e-mail address; it was left out.",
        "Write one address, such as name@school.example.",
    ),
    Code.USERNAME_ODD: Rule(
        _WARNING, "In {cells} the user name has spaces in it; it was kept.", "Check it against the account."
    ),
    Code.GENDER_LETTERS: Rule(
        _INFO,
        "The column's letters are those of {language}, in which “M” is not “male”; they were written out.",
        "Write whole words if that is wrong.",
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
