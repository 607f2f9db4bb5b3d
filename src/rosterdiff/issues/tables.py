"""The faults of text files and of the tables in a file in words: how it was encoded, cut, and what stands around.

Invariants: a sentence that may be said of many rows counts them with `{rows}`; none holds a value of a cell.
"""

from collections.abc import Mapping
from typing import Final

from rosterdiff.issues.codes import Code, Rule
from rosterdiff.model import Severity

_INFO, _WARNING, _ERROR = Severity.INFO, Severity.WARNING, Severity.ERROR

TABLE_RULES: Final[Mapping[Code, Rule]] = {
    Code.ENCODING_DOUBTFUL: Rule(
        _WARNING,
        "The file does not say how its letters are encoded; it was read as {encoding}; {other} fits nearly as well.",
        "Look at names with accents; if they are wrong, save the file as “CSV UTF-8” and send it again.",
        "encoding",
    ),
    Code.NULS_REMOVED: Rule(
        _WARNING,
        "The text holds NUL characters, which no text has; they were left out.",
        "Export the file again if values are missing.",
    ),
    Code.QUOTES_DAMAGED: Rule(
        _WARNING,
        "In {rows} of the text file quotation marks do not pair up; they were kept as letters.",
        "Look at these rows, and double the marks within quoted values.",
    ),
    Code.ROWS_TOO_SHORT: Rule(
        _INFO,
        "{rows} of the text file have fewer cells than the others; the missing ones count as empty.",
        "Look whether a line break or a missing separator cut them.",
    ),
    Code.ROWS_CUT_OTHERWISE: Rule(
        _WARNING,
        "{rows} of the text file stand in quotation marks as a whole or have another separator, and were cut by it.",
        "Look at these rows, and write them as the others.",
    ),
    Code.ROWS_HIDDEN: Rule(
        _WARNING,
        "The sheet hides {rows} of the list, by hand or by a filter; they were read like the others.",
        "Delete them if they are not to be taken.",
        "hidden_rows",
    ),
    Code.ROWS_HIDDEN_SKIPPED: Rule(
        _WARNING,
        "The sheet hides {rows} of the list, by hand or by a filter; they were left out, as agreed.",
        "Clear the filter, or show the rows, if their students belong to the list.",
        "hidden_rows",
    ),
    Code.TABLES_SEVERAL: Rule(
        _INFO, "The sheet holds {tables} of students; all were read.", "Put one table on a sheet if that is wrong."
    ),
    Code.NO_HEADER: Rule(
        _WARNING,
        "The table has no header row; by their content its columns were read: {columns}.",
        "Put a header above the columns.",
        "columns",
    ),
    Code.NAME_ORDER_ASSUMED: Rule(
        _WARNING,
        "Nothing says which column holds the given names and which the family names; their order was taken.",
        "Put the headers “Given Name” and “Family Name” above the columns.",
    ),
    Code.ROWS_ABOVE: Rule(
        _WARNING,
        "{rows} above the header have as many cells as a student, and were not read.",
        "Move the header above all students.",
    ),
    Code.TITLE_ROW: Rule(_INFO, "What stands in {rows} is a title above students, and was not taken as a student.", ""),
    Code.CLASS_FROM_TITLE: Rule(
        _INFO,
        "No column gives the class, so the title above the students was taken as the class of {rows}.",
        "Add a column “Class” if that is wrong.",
    ),
}
"""Codes of text files and of tables with their severity and their words."""
