"""The closed set of faults that reading and compiling report, each in plain words.

Invariants: a code is stable and has its severity and its sentence here, in `tables` or in `values`, nowhere else;
`docs/issues.md` lists the same codes; no sentence holds a value of a cell.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from attrs import frozen

from rosterdiff.model import Severity

PROBLEMS_SHEET: Final = "Problems (rosterdiff)"
"""The sheet that lists the issues in a marked-up workbook; it is never read as a list of students."""


class Code(StrEnum):
    """The faults that reading and compiling report."""

    ENCODING_ASSUMED = "encoding_assumed"
    ENCODING_DOUBTFUL = "encoding_doubtful"
    CHARACTERS_LOST = "characters_lost"
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
    COLUMNS_HIDDEN = "columns_hidden"
    ZEROS_RESTORED = "zeros_restored"
    ONEROSTER_MANIFEST = "oneroster_manifest"
    ONEROSTER_INCOMPLETE = "oneroster_incomplete"
    ONEROSTER_DELTA = "oneroster_delta"
    ONEROSTER_REMOVED = "oneroster_removed"
    ONEROSTER_DISABLED = "oneroster_disabled"
    ONEROSTER_OTHERS = "oneroster_others"
    ONEROSTER_CHOSEN = "oneroster_chosen"
    ONEROSTER_UNDECIDED = "oneroster_undecided"
    NO_ROWS = "no_rows"
    ROW_SKIPPED = "row_skipped"
    ROW_UNFILLED = "row_unfilled"
    ROWS_OF_ANOTHER_TABLE = "rows_of_another_table"
    INSTRUCTION_ROW = "instruction_row"
    TITLE_ROW = "title_row"
    HEADER_REPEATED = "header_repeated"
    HEADER_MISSING = "header_missing"
    HEADER_AMBIGUOUS = "header_ambiguous"
    HEADER_DECIDED = "header_decided"
    HEADER_ASSUMED = "header_assumed"
    HEADER_GUESSED = "header_guessed"
    HEADER_DUPLICATE = "header_duplicate"
    HEADER_SECOND = "header_second"
    HEADER_UNKNOWN = "header_unknown"
    HEADER_DROPPED = "header_dropped"
    HEADER_NEXT_YEAR = "header_next_year"
    NO_NAME_COLUMN = "no_name_column"
    CLASS_FROM_SHEET = "class_from_sheet"
    CLASS_FROM_TITLE = "class_from_title"
    CELL_ERROR = "cell_error"
    CELL_FORMULA = "cell_formula"
    FORMULA_AS_TEXT = "formula_as_text"
    CELLS_MERGED = "cells_merged"
    VALUE_CARRIED = "value_carried"
    VALUE_PADDED = "value_padded"
    VALUE_NOTHING = "value_nothing"
    CONTROL_CHARACTERS = "control_characters"
    INVISIBLE_CHARACTERS = "invisible_characters"
    MIXED_SCRIPTS = "mixed_scripts"
    HTML_CODES = "html_codes"
    GARBLED_CHARACTERS = "garbled_characters"
    NAME_MISSING = "name_missing"
    NAME_PADDED = "name_padded"
    NAME_SPLIT_ASSUMED = "name_split_assumed"
    NAME_ODD = "name_odd"
    NAME_DIGITS = "name_digits"
    NAME_DATE = "name_date"
    NAME_NOTE = "name_note"
    NAME_EMAIL = "name_email"
    NAME_SEVERAL = "name_several"
    NAME_TITLE = "name_title"
    NAME_JOINED = "name_joined"
    DATE_ORDER_AMBIGUOUS = "date_order_ambiguous"
    DATE_ORDER_MIXED = "date_order_mixed"
    DATE_ORDER_BORROWED = "date_order_borrowed"
    DATE_UNREADABLE = "date_unreadable"
    DATE_IMPLAUSIBLE = "date_implausible"
    DATE_YEAR_ASSUMED = "date_year_assumed"
    DATE_SERIAL = "date_serial"
    DATE_PLACEHOLDER = "date_placeholder"
    DATE_FIRST_OF_JANUARY = "date_first_of_january"
    DATE_AGE_UNUSUAL = "date_age_unusual"
    ID_DAMAGED = "id_damaged"
    ID_DECIMAL = "id_decimal"
    ID_ZEROS_LOST = "id_zeros_lost"
    EMAIL_MALFORMED = "email_malformed"
    USERNAME_ODD = "username_odd"
    GENDER_LETTERS = "gender_letters"
    GRADE_UNKNOWN = "grade_unknown"
    CLEAR_REFUSED = "clear_refused"
    TEMPLATE_ROWS_SHIFTED = "template_rows_shifted"
    TEMPLATE_ID_UNKNOWN = "template_id_unknown"
    BIRTH_DATE_UNREADABLE = "birth_date_unreadable"
    GRADE_UNREADABLE = "grade_unreadable"
    UPLOAD_REPEATED = "upload_repeated"
    UPLOAD_NAME_TWICE = "upload_name_twice"
    ROW_REPEATED = "row_repeated"
    ROWS_CONTRADICT = "rows_contradict"
    ROW_TWICE = "row_twice"


class _Elided(dict[str, object]):
    def __missing__(self, fact: str) -> str:
        return "…"


@frozen
class Rule:
    """How grave a fault is, what happened, and what to do; braces stand for facts that are no cell values.

    Attributes:
        advice: what the school can do; it knows nothing of options.
        option: the attribute of `ReadOptions` by which a developer can have it read otherwise; empty for none.

    """

    severity: Severity
    sentence: str
    advice: str
    option: str = ""

    def message(self, **facts: object) -> str:
        """The whole message with the facts filled in."""
        return f"{self.sentence.format(**facts)} {self.advice.format(**facts)}".strip()

    def outline(self, **facts: object) -> str:
        """The whole message, with an ellipsis for every fact that is not given.

        >>> Rule(Severity.INFO, "In {cells} stands {field}.", "").outline(cells="7 cells")
        'In 7 cells stands ….'
        """
        return f"{self.sentence} {self.advice}".strip().format_map(_Elided(facts))


_INFO, _WARNING, _ERROR = Severity.INFO, Severity.WARNING, Severity.ERROR

FILE_RULES: Final[Mapping[Code, Rule]] = {
    Code.ENCODING_ASSUMED: Rule(
        _INFO,
        "The file does not say how its letters are encoded; it was read as {encoding}.",
        "Look at names with accents; if they are wrong, save the file as “CSV UTF-8” and send it again.",
    ),
    Code.CHARACTERS_LOST: Rule(
        _WARNING,
        "{rows} hold the mark that stands for a letter lost before the file was sent.",
        "Correct these names in the file, or export it again as “CSV UTF-8”.",
    ),
    Code.ROWS_TOO_LONG: Rule(
        _WARNING,
        "There are more cells in {rows} than in the header, so values may stand in the wrong columns.",
        "Look for a separator within a value, and quote the value or take the separator out.",
    ),
    Code.SHEET_HIDDEN: Rule(
        _WARNING,
        "The sheet is hidden and was not read.",
        "Unhide it if its students belong to the list.",
        "sheets",
    ),
    Code.SHEET_SKIPPED: Rule(
        _INFO,
        "The sheet holds no table of students and was not read.",
        "Give it a header row with names if it should be read.",
    ),
    Code.COLUMNS_HIDDEN: Rule(
        _INFO,
        "The sheet hides {columns}, from here on; what stands in them was read like the rest.",
        "Unhide them to see what was read, or delete them.",
    ),
    Code.ZEROS_RESTORED: Rule(
        _INFO,
        "In {cells} of the column the sheet shows zeros before a number that itself has none; they were kept.",
        "",
    ),
    Code.ONEROSTER_MANIFEST: Rule(
        _WARNING,
        "The OneRoster export has no manifest that names version 1.1 or 1.2; it was read by their rules.",
        "Check that the right export was sent.",
    ),
    Code.ONEROSTER_INCOMPLETE: Rule(
        _WARNING,
        "The OneRoster export lacks {file}, or its manifest says that it is not to be used, so {missing} is not known.",
        "Export all files if it is needed.",
    ),
    Code.ONEROSTER_DELTA: Rule(
        _WARNING,
        "The OneRoster export is a delta: it lists what changed, and nothing follows for students who are not in it.",
        "Read it as a bulk upload, never as a migration; for that ask for a bulk export.",
    ),
    Code.ONEROSTER_REMOVED: Rule(
        _WARNING,
        "{rows} are marked as to be deleted, and were left out.",
        "Delete these accounts by hand if they should go; a list of students deletes nobody.",
    ),
    Code.ONEROSTER_DISABLED: Rule(
        _WARNING,
        "{rows} are of accounts that are switched off at the school's side, and were {taken}.",
        "Check these students with the school.",
    ),
    Code.ONEROSTER_OTHERS: Rule(_INFO, "{rows} are of teachers, parents and others, and were left out.", ""),
    Code.ONEROSTER_CHOSEN: Rule(
        _INFO, "{rows} are enrolled in several classes; the {chosen} was taken as the class.", ""
    ),
    Code.ONEROSTER_UNDECIDED: Rule(
        _WARNING,
        "For {rows} the export names more than one for {field}, and none of them as the main one; it was left out.",
        "Mark the homeroom (`classType`) or the main school (`primaryOrgSourcedId`) in the export.",
    ),
    Code.NO_ROWS: Rule(
        _WARNING, "There is a header, and no student below it.", "Check that the right file or sheet was sent."
    ),
    Code.ROW_SKIPPED: Rule(
        _WARNING,
        "What stands in {rows} reads like a total or a note, and was not taken as a student.",
        "If it is a student, fill in both names.",
    ),
    Code.ROW_UNFILLED: Rule(
        _INFO,
        "What stands in {rows} fills no column of a student's field, and was not taken as a student.",
        "If it is a student, fill in both names.",
    ),
    Code.ROWS_OF_ANOTHER_TABLE: Rule(
        _WARNING,
        "What stands in {rows} is a table of its own, with numbers for names, and was not taken as students.",
        "Put other tables on a sheet of their own.",
    ),
    Code.INSTRUCTION_ROW: Rule(
        _INFO, "What stands in {rows} explains how to fill in the columns, and was not taken as a student.", ""
    ),
    Code.HEADER_REPEATED: Rule(_INFO, "The header stands once more in {rows}, which was not taken as a student.", ""),
    Code.CLASS_FROM_SHEET: Rule(
        _INFO,
        "No column gives the class, so the sheet's name was taken as the class of {rows}.",
        "Add a column “Class” if that is wrong.",
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
"""The faults of files, sheets and rows, and those between uploads, in words."""
