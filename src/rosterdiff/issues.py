"""The closed set of faults that reading and compiling report, and why a file is refused, each in plain words.

Invariants: a code is stable and has its severity and its sentence here and nowhere else; `docs/issues.md` lists the
same codes; no sentence holds a value of a cell.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final

import polars as pl
from attrs import asdict, frozen

from rosterdiff.errors import UnreadableFile
from rosterdiff.model import Issue, Severity
from rosterdiff.schema import ISSUES


class Code(StrEnum):
    """The faults that reading and compiling report."""

    ENCODING_ASSUMED = "encoding_assumed"
    ENCODING_DOUBTFUL = "encoding_doubtful"
    CHARACTERS_LOST = "characters_lost"
    LETTERS_GARBLED = "letters_garbled"
    NULS_REMOVED = "nuls_removed"
    QUOTES_DAMAGED = "quotes_damaged"
    ROWS_TOO_LONG = "rows_too_long"
    ROWS_TOO_SHORT = "rows_too_short"
    ROWS_CUT_OTHERWISE = "rows_cut_otherwise"
    SHEET_HIDDEN = "sheet_hidden"
    ROWS_HIDDEN = "rows_hidden"
    ROWS_HIDDEN_SKIPPED = "rows_hidden_skipped"
    TABLES_SEVERAL = "tables_several"
    NO_HEADER = "no_header"
    NAME_ORDER_ASSUMED = "name_order_assumed"
    ROWS_ABOVE = "rows_above"
    SHEET_SKIPPED = "sheet_skipped"
    NO_ROWS = "no_rows"
    ROW_SKIPPED = "row_skipped"
    INSTRUCTION_ROW = "instruction_row"
    TITLE_ROW = "title_row"
    HEADER_REPEATED = "header_repeated"
    HEADER_MISSING = "header_missing"
    HEADER_AMBIGUOUS = "header_ambiguous"
    HEADER_DECIDED = "header_decided"
    HEADER_DUPLICATE = "header_duplicate"
    HEADER_SECOND = "header_second"
    HEADER_UNKNOWN = "header_unknown"
    HEADER_DROPPED = "header_dropped"
    HEADER_NEXT_YEAR = "header_next_year"
    NO_NAME_COLUMN = "no_name_column"
    CLASS_FROM_SHEET = "class_from_sheet"
    CLASS_FROM_TITLE = "class_from_title"
    NAME_MISSING = "name_missing"
    NAME_PADDED = "name_padded"
    NAME_SPLIT_ASSUMED = "name_split_assumed"
    NAME_ODD = "name_odd"
    DATE_ORDER_AMBIGUOUS = "date_order_ambiguous"
    DATE_ORDER_MIXED = "date_order_mixed"
    DATE_UNREADABLE = "date_unreadable"
    DATE_IMPLAUSIBLE = "date_implausible"
    DATE_YEAR_ASSUMED = "date_year_assumed"
    ID_DAMAGED = "id_damaged"
    ID_DECIMAL = "id_decimal"
    GRADE_UNKNOWN = "grade_unknown"
    CLEAR_REFUSED = "clear_refused"
    BIRTH_DATE_UNREADABLE = "birth_date_unreadable"
    GRADE_UNREADABLE = "grade_unreadable"
    UPLOAD_REPEATED = "upload_repeated"
    UPLOAD_NAME_TWICE = "upload_name_twice"
    ROW_REPEATED = "row_repeated"
    ROWS_CONTRADICT = "rows_contradict"
    ROW_TWICE = "row_twice"


@frozen
class Rule:
    """How grave a fault is, what happened, and what to do; braces stand for facts that are no cell values."""

    severity: Severity
    sentence: str
    advice: str

    def message(self, **facts: object) -> str:
        """The whole message with the facts filled in."""
        return f"{self.sentence.format(**facts)} {self.advice.format(**facts)}".strip()


_INFO, _WARNING, _ERROR = Severity.INFO, Severity.WARNING, Severity.ERROR

RULES: Final[Mapping[Code, Rule]] = {
    Code.ENCODING_ASSUMED: Rule(
        _INFO,
        "The file does not say how its letters are encoded; it was read as {encoding}.",
        "Look at names with accents; if they are wrong, save the file as “CSV UTF-8” and send it again.",
    ),
    Code.ENCODING_DOUBTFUL: Rule(
        _WARNING,
        "The file does not say how its letters are encoded; it was read as {encoding}; {other} fits nearly as well.",
        "Look at names with accents; if they are wrong, save the file as “CSV UTF-8”, or name the option `encoding`.",
    ),
    Code.CHARACTERS_LOST: Rule(
        _WARNING,
        "{rows} hold the mark that stands for a letter lost before the file was sent.",
        "Correct these names in the file, or export it again as “CSV UTF-8”.",
    ),
    Code.LETTERS_GARBLED: Rule(
        _WARNING,
        "In {rows} letters with accents were turned into two or three others before the file was sent, as in “Ã©”.",
        "Export the file again as “CSV UTF-8”; nothing was mended here.",
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
    Code.ROWS_TOO_LONG: Rule(
        _WARNING,
        "The row has more cells than the header, so its values may stand in the wrong columns.",
        "Look for a separator within a value, and quote the value or take the separator out.",
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
    Code.SHEET_HIDDEN: Rule(
        _WARNING,
        "The sheet is hidden and was not read.",
        "Unhide it, or name it in the option `sheets`, if its students belong to the list.",
    ),
    Code.ROWS_HIDDEN: Rule(
        _WARNING,
        "The sheet hides {rows} of the list, by hand or by a filter; they were read like the others.",
        "If they are not to be taken, delete them, or set the option `hidden_rows` to “skip”.",
    ),
    Code.ROWS_HIDDEN_SKIPPED: Rule(
        _WARNING,
        "The sheet hides {rows} of the list, by hand or by a filter; they were left out, as the options say.",
        "Clear the filter, or set the option `hidden_rows` to “read”, if their students belong to the list.",
    ),
    Code.TABLES_SEVERAL: Rule(
        _INFO, "The sheet holds {tables} of students; all were read.", "Put one table on a sheet if that is wrong."
    ),
    Code.NO_HEADER: Rule(
        _WARNING,
        "The table has no header row; by their content its columns were read: {columns}.",
        "Put a header above the columns, or name their letters in the option `columns`.",
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
    Code.SHEET_SKIPPED: Rule(
        _INFO,
        "The sheet holds no table of students and was not read.",
        "Give it a header row with names if it should be read.",
    ),
    Code.NO_ROWS: Rule(
        _WARNING, "There is a header, and no student below it.", "Check that the right file or sheet was sent."
    ),
    Code.ROW_SKIPPED: Rule(
        _WARNING,
        "The row reads like a total or a note, and was not taken as a student.",
        "If it is a student, fill in both names.",
    ),
    Code.INSTRUCTION_ROW: Rule(
        _INFO, "The row explains how to fill in the columns, and was not taken as a student.", ""
    ),
    Code.TITLE_ROW: Rule(_INFO, "The row is a title above students, and was not taken as one.", ""),
    Code.HEADER_REPEATED: Rule(_INFO, "The header stands here once more; the row was not taken as a student.", ""),
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
    Code.CLASS_FROM_SHEET: Rule(
        _INFO,
        "No column gives the class, so the sheet's name was taken as the class of {rows}.",
        "Add a column “Class” if that is wrong.",
    ),
    Code.CLASS_FROM_TITLE: Rule(
        _INFO,
        "No column gives the class, so the title above the students was taken as the class of {rows}.",
        "Add a column “Class” if that is wrong.",
    ),
    Code.NAME_MISSING: Rule(
        _WARNING, "The row has values, and no name.", "Fill in the names, or delete the row."
    ),
    Code.NAME_PADDED: Rule(
        _INFO,
        "{cells} with {field} had spaces before or after the name, which were left out.",
        "",
    ),
    Code.NAME_SPLIT_ASSUMED: Rule(
        _WARNING,
        "In {cells} the full name does not say where the family name begins; the order of the words was taken.",
        "Use two columns, “Given Name” and “Family Name”, and check these names.",
    ),
    Code.NAME_ODD: Rule(
        _WARNING,
        "The cell should hold {field}, and has no letter in it.",
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
        _WARNING, "The cell should hold a date, and holds none that exists.", "Write it as year-month-day."
    ),
    Code.DATE_IMPLAUSIBLE: Rule(
        _WARNING,
        "The birth date is later than the day of the list, or more than 120 years before it.",
        "Check the year.",
    ),
    Code.DATE_YEAR_ASSUMED: Rule(
        _INFO,
        "In {cells} the year has two digits; it was read as that of a child at school.",
        "Write years with four digits.",
    ),
    Code.ID_DAMAGED: Rule(
        _WARNING,
        "The number was turned into powers of ten, and digits are lost; it was left out.",
        "Format the column as text in the spreadsheet and enter the number again.",
    ),
    Code.ID_DECIMAL: Rule(
        _INFO,
        "In {cells} {field} ended in “.0”, which was left out.",
        "Format the column as text before exporting it.",
    ),
    Code.GRADE_UNKNOWN: Rule(
        _WARNING,
        "The cell should hold a grade, and holds none that is known; the grade stays as it is.",
        "Write it as the school writes it elsewhere, for example “Year 3”.",
    ),
    Code.CLEAR_REFUSED: Rule(
        _WARNING,
        "“<clear>” cannot empty {field}; the field stays as it is.",
        "Change identity fields by hand in the account.",
    ),
    Code.BIRTH_DATE_UNREADABLE: Rule(
        _WARNING, "Birth dates of a frame could not be read and count as empty.", "Give dates, or ISO 8601 text."
    ),
    Code.GRADE_UNREADABLE: Rule(
        _WARNING, "Grades of a frame could not be read and count as empty.", "Give CEDS codes, or words of a school."
    ),
    Code.UPLOAD_REPEATED: Rule(
        _INFO, "The upload has the same content as {other}, and counts once.", ""
    ),
    Code.UPLOAD_NAME_TWICE: Rule(
        _ERROR,
        "Two uploads have this name and different content; both were kept, the second as {other}.",
        "Withdraw the one that is out of date.",
    ),
    Code.ROW_REPEATED: Rule(
        _INFO, "The student also stands in {other}, and nothing in the two rows differs; they count as one.", ""
    ),
    Code.ROWS_CONTRADICT: Rule(
        _ERROR,
        "This row and {other} are one student and give different values for {field}.",
        "Correct one of them, or choose the right row in the review.",
    ),
    Code.ROW_TWICE: Rule(
        _WARNING,
        "This row and {other} have the same names; they may be one student or two.",
        "Delete one of them if it is one student; give birth dates or student numbers if they are two.",
    ),
}  # fmt: skip
"""Every code with its severity and its words."""

assert set(RULES) == set(Code), "every code has its rule"


@frozen
class Origin:
    """The file and sheet that an issue is about."""

    file: str | None = None
    sheet: str | None = None

    def issue(self, code: Code, cell: str | None = None, **facts: object) -> Issue:
        """One issue of this file and sheet."""
        rule = RULES[code]
        return Issue(rule.severity, code.value, rule.message(**facts), self.file, self.sheet, cell)

    def cell_issues(self, code: Code, cells: Sequence[str], **facts: object) -> list[Issue]:
        """One issue a cell; beyond the first thousand of a kind, one for all the others with their number."""
        listed = [self.issue(code, cell, **facts) for cell in cells[:MOST_CELLS]]
        if len(cells) > MOST_CELLS:
            rest = f"The same in {len(cells) - MOST_CELLS} more cells, from here on: {RULES[code].message(**facts)}"
            listed.append(Issue(RULES[code].severity, code.value, rest, self.file, self.sheet, cells[MOST_CELLS]))
        return listed


MOST_CELLS: Final = 1000
"""So many cells of one kind are listed one by one."""


def issues_frame(issues: Iterable[Issue]) -> pl.DataFrame:
    """Issues as a frame (`schema.ISSUES`), in the order given.

    >>> issues_frame([Origin("3B.xlsx").issue(Code.NO_ROWS)]).select("severity", "code").row(0)
    ('warning', 'no_rows')
    """
    return pl.DataFrame([{**asdict(issue), "severity": issue.severity.value} for issue in issues], schema=ISSUES)


class Refusal(StrEnum):
    """Why a file is refused whole."""

    NOT_FOUND = "not_found"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    NOT_A_SPREADSHEET = "not_a_spreadsheet"
    TOO_OLD = "too_old"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    INFLATED = "inflated"
    WRONG_ENCODING = "wrong_encoding"
    NO_SUCH_SHEET = "no_such_sheet"
    NO_TABLE = "no_table"


REFUSALS: Final[Mapping[Refusal, tuple[str, str]]] = {
    Refusal.NOT_FOUND: ("there is no such file, or it cannot be opened.", "Check the path and its permissions."),
    Refusal.EMPTY: ("the file is empty.", "Save the spreadsheet again and send it once more."),
    Refusal.TOO_LARGE: (
        "a file of at most {limit} bytes was expected; this one is larger.",
        "Send a list of students alone, or raise `max_bytes`.",
    ),
    Refusal.TOO_MANY_ROWS: (
        "at most {limit} rows were expected; this file has more.",
        "Delete the empty rows below the list, or raise `max_rows`.",
    ),
    Refusal.TOO_MANY_COLUMNS: (
        "at most {limit} columns were expected; this file has more.",
        "Delete the empty columns beside the list, or raise `max_columns`.",
    ),
    Refusal.NOT_A_SPREADSHEET: (
        "a spreadsheet or a text table was expected; this is {found}.",
        "Save the list as .xlsx or .csv and send that.",
    ),
    Refusal.TOO_OLD: (
        "the workbook was written by a version of Excel before 1997, which cannot be read.",
        "Open it in a spreadsheet program and save it as .xlsx.",
    ),
    Refusal.ENCRYPTED: (
        "the file is protected by a password and cannot be read.",
        "Save it without a password and send it again.",
    ),
    Refusal.DAMAGED: (
        "the file is damaged: {found}.",
        "Open it in a spreadsheet program, save it as .xlsx under another name, and send that.",
    ),
    Refusal.INFLATED: (
        "the file would unpack to far more than it says about students, as a damaged or hostile file does.",
        "Copy the list into a new workbook and send that.",
    ),
    Refusal.WRONG_ENCODING: (
        "the text is not encoded as {found}.", "Leave the option `encoding` out, or name the right one."
    ),
    Refusal.NO_SUCH_SHEET: (
        "the options name a sheet that the file does not have.",
        "Correct the option `sheets`; names of sheets are compared letter by letter.",
    ),
    Refusal.NO_TABLE: (
        "a table of students with a header row was expected, and none was found.",
        "Put headers such as “Given Name”, “Family Name” and “Date of Birth” above the columns.",
    ),
}  # fmt: skip
"""Every refusal in words: what was expected and found, and what to do."""

assert set(REFUSALS) == set(Refusal), "every refusal has its words"


def refuse(filename: str, refusal: Refusal, **facts: object) -> UnreadableFile:
    """The error that refuses a file, to be raised by the caller."""
    problem, hint = REFUSALS[refusal]
    return UnreadableFile(filename, refusal.value, problem.format(**facts), hint)
