"""What a school is asked to put right before its lists are used: the matters of the letter, and a sentence for each.

Invariants: every reason for which a person has to decide is asked about, or stands in `UNASKED` because it is no
matter of the school's; no sentence holds a value of a cell. Readers are the school's administrator and its teachers.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from rosterdiff.model import Reason
from rosterdiff.sentences import Wording


class Matter(StrEnum):
    """What a line of the letter is about, in the order in which a school goes through it."""

    NAME = "name"
    CORRECT = "correct"
    QUESTION = "question"
    DETAIL = "detail"
    CLASS = "class"
    GONE = "gone"


MATTERS: Final[Mapping[Matter, Wording]] = {
    Matter.NAME: Wording(
        "Names that differ",
        "The list writes these names differently from the account, and an upload never changes a name.",
        "If the list is right, change the name in the account by hand first; if not, correct the list.",
    ),
    Matter.CORRECT: Wording(
        "To correct in the list",
        "These cells could not be read, or not with certainty.",
        "Correct them, and send the list again.",
    ),
    Matter.QUESTION: Wording(
        "Who is meant",
        "It is not certain which student these rows are.",
        "Add what is missing to the list, or tell us the answer.",
    ),
    Matter.DETAIL: Wording(
        "Details that differ",
        "The list gives other values than the account, and these are not changed by an upload.",
        "If the list is right, change the account by hand; if not, correct the list.",
    ),
    Matter.CLASS: Wording(
        "Classes without a list",
        "None of the students of these classes was found in the lists.",
        "Send the list if it is missing, or tell us that the class has left.",
    ),
    Matter.GONE: Wording(
        "Students who are in no list",
        "These accounts will be deleted, and only our staff can restore them.",
        "Add to the list whoever stays at the school.",
    ),
}
"""The heading of each matter, what it is, and what to do."""

ASKS: Final[Mapping[Reason, str]] = {
    Reason.ID_CONTRADICTS: "The number belongs to one student, the name or birth date to another. Correct what is "
    "wrong.",
    Reason.CLAIMED_TWICE: "Another row fits the same student. Delete the row that is wrong.",
    Reason.ROWS_CONTRADICT: "Another row has the same student with other values. Correct or delete one of them.",
    Reason.AMBIGUOUS: "The row fits more than one student. Add the birth date or the student number.",
    Reason.TOO_LITTLE_EVIDENCE: "Only the name says who this is. Add the birth date or the student number.",
    Reason.BIRTH_DATE_DIFFERS: "The name is a student's, the birth date is not. Correct the date, or tell us that "
    "it is another child.",
    Reason.NAME_DIFFERS: "The name is like a student's. Tell us whether it is the same child or a new one.",
    Reason.NAME_DIFFERS_ID_AGREES: "The number and birth date are a student's, the name is not. Tell us whether it is "
    "the same child.",
    Reason.POSSIBLE_DUPLICATE_ROW: "Another row looks like the same child. Delete one of them, or add birth dates if "
    "they are two children.",
    Reason.POSSIBLE_RESTORE: "The row looks like a student whose account was deleted. Tell us whether it is the same "
    "child.",
    Reason.ROW_UNUSABLE: "The row has no name that can be used. Write it in, or delete the row.",
}
"""What the school is asked of a row, by the reason for which it is open."""

UNASKED: Final = frozenset({Reason.POSSIBLE_TRANSFER, Reason.CLASS_NOT_COVERED})
"""Not asked of a row: another school's students are no matter of this one's, and a class is asked whole."""

LOST_ZEROS: Final = (
    "The student number has lost the zeros at its beginning. Format the column as text, and enter the numbers again."
)
"""What a spreadsheet does to a number, told once a sheet instead of once a student."""
