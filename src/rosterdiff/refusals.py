"""Why a file is refused whole, each reason in plain words.

Invariants: a code is stable and has its words here and nowhere else; `docs/issues.md` lists the same codes; no sentence
holds a value of a cell.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from attrs import frozen

from rosterdiff.errors import UnreadableFile


class Refusal(StrEnum):
    """Why a file is refused whole."""

    NOT_FOUND = "not_found"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_SHEETS = "too_many_sheets"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    CELL_TOO_LONG = "cell_too_long"
    TOO_MUCH_MEMORY = "too_much_memory"
    TOO_SLOW = "too_slow"
    NOT_A_SPREADSHEET = "not_a_spreadsheet"
    TOO_OLD = "too_old"
    SEVERAL_FILES = "several_files"
    ENCRYPTED = "encrypted"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105  (the name of a refusal)
    NO_DECRYPTION = "no_decryption"
    DAMAGED = "damaged"
    INFLATED = "inflated"
    WRONG_ENCODING = "wrong_encoding"
    NO_SUCH_SHEET = "no_such_sheet"
    NO_TABLE = "no_table"


@frozen
class RefusalWords:
    """Why a file is refused, in words; braces stand for facts that are no cell values.

    Attributes:
        problem: what was expected, and what was found.
        hint: what the school can do.
        option: the attribute of `ReadOptions` by which a developer can have it read; empty for none.
        extra: the extra of the package that the option needs; empty for none.

    """

    problem: str
    hint: str
    option: str = ""
    extra: str = ""

    def note(self) -> str:
        """What a developer is told beside the error; empty where no option bears on it."""
        needed = f" It needs the extra `rosterdiff[{self.extra}]`." if self.extra else ""
        return f"`ReadOptions({self.option}=…)` has a say in it (docs/issues.md).{needed}" if self.option else ""


REFUSALS: Final[Mapping[Refusal, RefusalWords]] = {
    Refusal.NOT_FOUND: RefusalWords(
        "there is no such file, or it cannot be opened.", "Check the path and its permissions."
    ),
    Refusal.EMPTY: RefusalWords("the file is empty.", "Save the spreadsheet again and send it once more."),
    Refusal.TOO_LARGE: RefusalWords(
        "a file of at most {limit} bytes was expected; this one is larger.",
        "Send a list of students alone.",
        "max_bytes",
    ),
    Refusal.TOO_MANY_SHEETS: RefusalWords(
        "a workbook of at most {limit} sheets was expected; this one has more.",
        "Send the sheets that list students.",
        "max_sheets",
    ),
    Refusal.TOO_MANY_ROWS: RefusalWords(
        "at most {limit} rows were expected; this file has more.",
        "Delete the empty rows below the list.",
        "max_rows",
    ),
    Refusal.TOO_MANY_COLUMNS: RefusalWords(
        "at most {limit} columns were expected; this file has more.",
        "Delete the empty columns beside the list.",
        "max_columns",
    ),
    Refusal.CELL_TOO_LONG: RefusalWords(
        "cells of at most {limit} characters were expected; this file has a longer one.",
        "Delete such cells.",
        "max_cell_length",
    ),
    Refusal.TOO_MUCH_MEMORY: RefusalWords(
        "opening the file was to take at most {limit} bytes of memory; it takes more than a list of students does.",
        "Copy the list alone into a new workbook and send that.",
        "max_memory",
    ),
    Refusal.TOO_SLOW: RefusalWords(
        "opening the file was to take at most {limit} seconds; it takes longer than a list of students does.",
        "Copy the list alone into a new workbook and send that.",
        "max_seconds",
    ),
    Refusal.NOT_A_SPREADSHEET: RefusalWords(
        "a spreadsheet or a text table was expected; this is {found}.",
        "Save the list as .xlsx or .csv and send that.",
    ),
    Refusal.TOO_OLD: RefusalWords(
        "the workbook was written by a version of Excel before 1997, which cannot be read.",
        "Open it in a spreadsheet program and save it as .xlsx.",
    ),
    Refusal.ENCRYPTED: RefusalWords(
        "the file is protected by a password and cannot be read.",
        "Save it without a password and send it again.",
        "password",
        "passwords",
    ),
    Refusal.WRONG_PASSWORD: RefusalWords(
        "the file is protected by a password, and the one given does not open it.",
        "Give the right password, or save the file without one.",
        "password",
        "passwords",
    ),
    Refusal.NO_DECRYPTION: RefusalWords(
        "the file is protected by a password in a way that cannot be undone here.",
        "Save it without a password and send it again.",
        "password",
        "passwords",
    ),
    Refusal.SEVERAL_FILES: RefusalWords(
        "an archive of one list was expected; this one holds {limit}.",
        "Unpack it and send each list by itself.",
    ),
    Refusal.DAMAGED: RefusalWords(
        "the file is damaged: {found}.",
        "Open it in a spreadsheet program, save it as .xlsx under another name, and send that.",
    ),
    Refusal.INFLATED: RefusalWords(
        "the file would unpack to far more than it says about students, as a damaged or hostile file does.",
        "Copy the list into a new workbook and send that.",
    ),
    Refusal.WRONG_ENCODING: RefusalWords(
        "the text is not encoded as {found}, as was agreed.",
        "Save the file as “CSV UTF-8” and send it again.",
        "encoding",
    ),
    Refusal.NO_SUCH_SHEET: RefusalWords(
        "a sheet of a certain name was expected, and the file has none.",
        "Name the sheet letter by letter as it was agreed.",
        "sheets",
    ),
    Refusal.NO_TABLE: RefusalWords(
        "a table of students with a header row was expected, and none was found.",
        "Put headers such as “Given Name”, “Family Name” and “Date of Birth” above the columns.",
    ),
}  # fmt: skip
"""Every refusal in words: what was expected and found, and what to do."""

assert set(REFUSALS) == set(Refusal), "every refusal has its words"


def refuse(filename: str, refusal: Refusal, **facts: object) -> UnreadableFile:
    """The error that refuses a file, to be raised by the caller."""
    words = REFUSALS[refusal]
    error = UnreadableFile(filename, refusal.value, words.problem.format(**facts), words.hint)
    if note := words.note():
        error.add_note(note)  # tracebacks show it
    return error
