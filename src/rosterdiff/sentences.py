"""The plain-English sentence of everything that a person reads: actions, reasons, levels, guards, doubts.

Invariants: every member of every closed set has its sentence here and nowhere else; a sentence says what happened and,
where something is to be done, what to do; none holds a value of a cell. Readers are the staff of a school.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from attrs import frozen

from rosterdiff.levels import (
    LEVELS_OF,
    Comparison,
    DateLevel,
    FurtherLevel,
    GradeLevel,
    NameLevel,
    NumberLevel,
    PlaceLevel,
    TextLevel,
    TogetherLevel,
)
from rosterdiff.model import Action, Doubt, GuardCode, Pool, Reason, Severity, Verdict


@frozen
class Wording:
    """How one thing is put into words.

    Attributes:
        title: a few words, for headings and tables.
        sentence: what happened.
        advice: what to do; empty where nothing is to be done.

    """

    title: str
    sentence: str
    advice: str = ""

    def __str__(self) -> str:
        return f"{self.sentence} {self.advice}".strip()


ACTIONS: Final[Mapping[Action, Wording]] = {
    Action.REVIEW: Wording("To review", "A person has to decide.", "Open the review workbook and answer it."),
    Action.DELETE: Wording(
        "To delete", "The student is in no upload.", "Acknowledge the number of deletions, or correct the uploads."
    ),
    Action.ADD: Wording("To add", "The row is a new student, who gets an account."),
    Action.UPDATE: Wording("To update", "The row is a known student, and some fields change."),
    Action.KEEP: Wording("Unchanged", "The account stays as it is."),
}
"""The heading under which the entries of each action stand."""

REASONS: Final[Mapping[Reason, Wording]] = {
    Reason.ID_CONTRADICTS: Wording(
        "The id and the name disagree",
        "The id in the row belongs to one student, but the name or the birth date does not fit.",
        "Find out who is meant and choose that student, or choose “new student”.",
    ),
    Reason.CLAIMED_TWICE: Wording(
        "Two rows claim one student",
        "More than one row fits the same student, and a student can have only one row.",
        "Choose the student on the row that is right, and “new student” or “ignore this row” on the others.",
    ),
    Reason.ROWS_CONTRADICT: Wording(
        "The uploads contradict each other",
        "Two rows describe one student and give different values.",
        "Answer on the row that is right, and choose “ignore this row” on the other.",
    ),
    Reason.AMBIGUOUS: Wording(
        "More than one answer fits",
        "The row fits several students, or several rows fit one student, about equally well.",
        "Compare them field by field and choose the student that is the same child.",
    ),
    Reason.TOO_LITTLE_EVIDENCE: Wording(
        "Same name, but little else",
        "The names are the same as one student's, but too little else says that it is the same child.",
        "If you know that it is, choose the student; a birth date or student number in the upload would settle it.",
    ),
    Reason.BIRTH_DATE_DIFFERS: Wording(
        "Same name, another birth date",
        "The name is the same as a student's, but the birth date is different.",
        "If it is the same child, choose the student and correct the date by hand; if not, choose “new student”.",
    ),
    Reason.NAME_DIFFERS: Wording(
        "Name similar, not the same",
        "The name in the upload is like a student's name, but not the same.",
        "If it is the same child, choose the student, and the account keeps its name; if not, choose “new student”.",
    ),
    Reason.NAME_DIFFERS_ID_AGREES: Wording(
        "Known id, name written differently",
        "The id and the birth date are those of a student whose name is written differently.",
        "If it is the same child, choose the student; the account keeps its name, which you can change by hand.",
    ),
    Reason.POSSIBLE_DUPLICATE_ROW: Wording(
        "Two rows look like one child",
        "Two rows of the upload look like the same child.",
        "If they are one child, choose “ignore this row” on one of them; if they are two, answer for each.",
    ),
    Reason.POSSIBLE_RESTORE: Wording(
        "Looks like a deleted student",
        "The row looks like a student whose account was deleted earlier.",
        "If it is the same child, choose “restore” with the account id, and the account comes back; if not, choose"
        " “new student”.",
    ),
    Reason.POSSIBLE_TRANSFER: Wording(
        "Looks like a student of another school",
        "The row looks like a student of another school.",
        "If it is the same child, the staff moves the account and makes the plan again; if not, choose “new student”.",
    ),
    Reason.ROW_UNUSABLE: Wording(
        "No usable name",
        "The row has no name that could be compared.",
        "Write the name into the file and upload it again, or choose “ignore this row”.",
    ),
    Reason.CLASS_NOT_COVERED: Wording(
        "Nobody of a class is listed",
        "No student of this class or grade was found in the uploads, so its list may be missing.",
        "If the list is missing, upload it and make the plan again; if not, decide once for the whole class.",
    ),
    Reason.NOT_LISTED: Wording(
        "No longer listed",
        "The student is in no upload, though others of the class or grade are, or the grade is the leaving one.",
        "Acknowledge the deletion if the student has left the school.",
    ),
    Reason.DECIDED_DELETE: Wording("Decided: delete", "A person decided that the account is deleted."),
    Reason.NO_SIMILAR_STUDENT: Wording("New student", "No student resembles this row enough to be the same child."),
    Reason.DECIDED_NEW: Wording("Decided: new student", "A person decided that the row is a new student."),
    Reason.FIELDS_CHANGED: Wording("Fields changed", "The row is a known student, and some fields differ."),
    Reason.DECIDED_SAME: Wording("Decided: same student", "A person decided that the row is this student."),
    Reason.UNCHANGED: Wording("Unchanged", "The row is a known student, and nothing differs."),
    Reason.DIFFERS_NOT_WRITTEN: Wording(
        "Differs, but is not written",
        "The row is a known student, and what differs is not changed by an upload.",
        "If the upload is right, change the account by hand.",
    ),
    Reason.NOT_IN_UPLOAD: Wording("Not in the upload", "The student is in no row, and this upload deletes nobody."),
    Reason.PROTECTED: Wording("Protected", "The student is in no upload, but the account is protected and stays."),
    Reason.DECIDED_LEAVE: Wording("Decided: leave", "A person decided that the account stays as it is."),
    Reason.ROW_IGNORED: Wording("Decided: row ignored", "A person decided that the row is ignored."),
}
"""Why an entry has its action."""

GUARDS: Final[Mapping[GuardCode, Wording]] = {
    GuardCode.TOO_FEW_FOUND: Wording(
        "Too few students found",
        "Only a small part of the students was found in the uploads, as with the list of another school.",
        "Check that these are the lists of this school, and that none is missing.",
    ),
    GuardCode.TOO_MANY_DELETIONS: Wording(
        "Too many deletions",
        "More students would be deleted than leave in a year, in the school or in one class.",
        "Check that no list is missing or cut off.",
    ),
    GuardCode.NOT_ADVANCED: Wording(
        "Grades did not move up",
        "Most students would stay in their grade, as with last year's lists.",
        "Check that these are the lists of the coming year.",
    ),
    GuardCode.COLUMNS_SHIFTED: Wording(
        "Columns sorted apart", "Rows of a template hold values of other rows.", "Sort whole rows, and send it again."
    ),
    GuardCode.TOO_MANY_ADDITIONS: Wording(
        "Too many new students",
        "More new students would be added than join in a year.",
        "Check that these are the lists of this school.",
    ),
    GuardCode.TOO_MANY_UPDATES: Wording(
        "Too many changes",
        "More students would be changed than this upload should change.",
        "Check that the columns of the file have the right headers.",
    ),
    GuardCode.TOO_MANY_REVIEWS: Wording(
        "Too many doubtful rows",
        "So many rows are in doubt that the file itself may be damaged.",
        "Check that its columns were not sorted apart and have the right headers.",
    ),
    GuardCode.TOO_MANY_SEATS: Wording(
        "Not enough seats",
        "There would be more active students than the subscription has seats.",
        "Add seats to the subscription, or take students off the lists.",
    ),
    GuardCode.WINDOW_CLOSED: Wording(
        "Outside the migration window",
        "This day is outside the time in which migrations are open.",
        "Wait until it opens, or ask the staff to open it.",
    ),
}
"""The rules that stop a plan which looks like an accident."""

DOUBTS: Final[Mapping[Doubt, Wording]] = {
    Doubt.CONTRADICT: REASONS[Reason.ROWS_CONTRADICT],
    Doubt.DUPLICATE: Wording(
        "Two equal rows",
        "Two rows are alike and may be one child listed twice, or two children.",
        "Keep both if they are two children, and ignore one of them if they are one.",
    ),
}
"""Why two rows of the uploads are looked at together."""

SEVERITIES: Final[Mapping[Severity, Wording]] = {
    Severity.ERROR: Wording("To correct", "This has to be put right."),
    Severity.WARNING: Wording("To check", "This should be looked at."),
    Severity.INFO: Wording("To know", "This was done and needs nothing."),
}
"""How grave an issue is."""

VERDICTS: Final[Mapping[Verdict, Wording]] = {
    Verdict.SAME: Wording("same as", "The row is the student with this number."),
    Verdict.NEW: Wording("new student", "The row is a child who has no account yet."),
    Verdict.IGNORE: Wording("ignore this row", "The row is not used at all."),
    Verdict.DELETE: Wording("delete", "The account is deleted; the staff can restore it."),
    Verdict.LEAVE: Wording("leave", "The account stays as it is."),
    Verdict.OPEN: Wording("", "Nothing was decided yet."),
    Verdict.RESTORE: Wording("restore", "The row is this deleted student, whose account comes back."),
}
"""What a person can answer, in the words of the review workbook."""

POOLS: Final[Mapping[Pool, str]] = {
    Pool.BASE: "student", Pool.DELETED: "deleted student", Pool.ELSEWHERE: "student of another school",
}  # fmt: skip
"""What to call a candidate by where it comes from."""

_SAME, _DIFFERENT, _MISSING = "are the same", "are different", "cannot be compared, because one is missing"

LEVELS: Final[Mapping[type[StrEnum], Mapping[str, str]]] = {
    NameLevel: {
        NameLevel.SAME: _SAME,
        NameLevel.KNOWN_AS: "agree with another name by which the student is known",
        NameLevel.SWAPPED: "agree when given and family name change places",
        NameLevel.NICKNAME: "are a name and its short form",
        NameLevel.TRANSPOSED: "differ by two letters that have changed places",
        NameLevel.SLIP: "differ by one letter that is easily mistyped or misread",
        NameLevel.TYPO: "differ by one letter",
        NameLevel.TYPOS: "differ by two letters",
        NameLevel.PART: "agree in one part of a double name",
        NameLevel.MIDDLE: "agree with a middle name",
        NameLevel.INITIAL: "agree in the first letter, which is all that one of them has",
        NameLevel.SOUNDS_ALIKE: "sound alike, but are spelled differently",
        NameLevel.CROSSED: "agree only when a given name is taken for a family name",
        NameLevel.SIMILAR: "are similar, but not the same",
        NameLevel.FAINT: "have little in common",
        NameLevel.MISSING: _MISSING,
        NameLevel.DIFFERENT: _DIFFERENT,
    },
    DateLevel: {
        DateLevel.SAME: _SAME,
        DateLevel.DAY_MONTH_SWAPPED: "agree when day and month change places",
        DateLevel.TRANSPOSED: "differ by two digits that have changed places",
        DateLevel.ONE_DIGIT: "differ by one digit, as in a typing mistake",
        DateLevel.YEAR_OFF: "agree in day and month, but not in the year",
        DateLevel.ONE_PART: "agree except for the day or the month",
        DateLevel.PARTIAL: "agree as far as both are known",
        DateLevel.YEAR_ONLY: "agree in the year, which is all that is known of one of them",
        DateLevel.PLACEHOLDER: "agree in the year, and one is its first day, as is often put for an unknown one",
        DateLevel.TWO_DIGITS: "differ by two digits",
        DateLevel.YEAR_SAME: "agree in the year only",
        DateLevel.PARTIAL_DIFFERENT: "are different, as far as both are known",
        DateLevel.MISSING: _MISSING,
        DateLevel.DIFFERENT: _DIFFERENT,
    },
    NumberLevel: {
        NumberLevel.SAME: _SAME,
        NumberLevel.DAMAGED: "agree except for what a spreadsheet does to numbers",
        NumberLevel.ONE_DIGIT: "differ by one digit, as in a typing mistake",
        NumberLevel.MISSING: _MISSING,
        NumberLevel.DIFFERENT: _DIFFERENT,
    },
    GradeLevel: {
        GradeLevel.IN_STEP: "fit, as expected of this upload",
        GradeLevel.BEHIND: "do not fit: the row is lower than expected",
        GradeLevel.AHEAD: "do not fit: the row is higher than expected",
        GradeLevel.OTHER: "do not follow one another",
        GradeLevel.MISSING: _MISSING,
    },
    PlaceLevel: {
        PlaceLevel.SAME: _SAME,
        PlaceLevel.EXPECTED: "are different, as expected of students who move up together",
        PlaceLevel.MISSING: _MISSING,
        PlaceLevel.MOVED: "are different, and not those that were expected",
    },
    FurtherLevel: {
        FurtherLevel.FOR: "agree more than they differ",
        FurtherLevel.AGAINST: "differ more than they agree",
        FurtherLevel.MISSING: _MISSING,
    },
    TogetherLevel: {
        TogetherLevel.APART: "are not more often equal together than each by itself",
        TogetherLevel.TWINS: "are those that twins share, so that together they say less than each by itself",
        TogetherLevel.NAMESAKES: "are both names, which many people here have together",
        TogetherLevel.HOUSEHOLD: "are often equal together here, as in one home, so that together they say less",
    },
    TextLevel: {TextLevel.SAME: _SAME, TextLevel.MISSING: _MISSING, TextLevel.DIFFERENT: _DIFFERENT},
}
"""What each level says of the two values that were compared; the subject stands before it."""

FIELD_LABELS: Final[Mapping[str, str]] = {
    "student_id": "Account ID",
    "student_number": "Student number",
    "username": "Username",
    "email": "E-mail",
    "given_name": "Given name",
    "middle_name": "Middle name",
    "family_name": "Family name",
    "name_suffix": "Suffix",
    "preferred_given_name": "Preferred given name",
    "preferred_family_name": "Preferred family name",
    "birth_date": "Birth date",
    "gender": "Gender",
    "grade": "Grade",
    "class_name": "Class",
    "school": "School",
}
"""What a person calls a canonical field."""

_LABELS_OF_SEVERAL: Final[Mapping[Comparison, str]] = {
    Comparison.FURTHER: "Other columns",
    Comparison.TOGETHER: "Equal fields together",
}

_SUBJECTS: Final[Mapping[Comparison, str]] = {
    Comparison.GIVEN_NAME: "The given names",
    Comparison.FAMILY_NAME: "The family names",
    Comparison.MIDDLE_NAME: "The middle names",
    Comparison.NAME_SUFFIX: "The suffixes",
    Comparison.BIRTH_DATE: "The birth dates",
    Comparison.STUDENT_ID: "The account ids",
    Comparison.STUDENT_NUMBER: "The student numbers",
    Comparison.EMAIL: "The e-mail addresses",
    Comparison.USERNAME: "The usernames",
    Comparison.GENDER: "The genders",
    Comparison.GRADE: "The grades",
    Comparison.CLASS_NAME: "The classes",
    Comparison.SCHOOL: "The schools",
    Comparison.FURTHER: "The other columns",
    Comparison.TOGETHER: "The equal fields",
}


def field_label(name: str) -> str:
    """What a person calls a field; a further column of a roster is called by its own header.

    >>> field_label("birth_date"), field_label("Reading Group")
    ('Birth date', 'Reading Group')
    """
    return FIELD_LABELS.get(name, name)


def comparison_label(comparison: Comparison) -> str:
    """What a person calls a comparison: its field, or what several fields say together.

    >>> comparison_label(Comparison.GRADE), comparison_label(Comparison.FURTHER)
    ('Grade', 'Other columns')
    """
    return _LABELS_OF_SEVERAL.get(comparison, field_label(comparison))


def level_phrase(comparison: Comparison, level: str) -> str:
    """What a level says, as the end of a sentence.

    >>> level_phrase(Comparison.GIVEN_NAME, "nickname")
    'are a name and its short form'
    """
    return LEVELS[LEVELS_OF[comparison]][level]


def level_sentence(comparison: Comparison, level: str) -> str:
    """What the comparison of one field found.

    >>> level_sentence(Comparison.BIRTH_DATE, "one_digit")
    'The birth dates differ by one digit, as in a typing mistake.'
    """
    return f"{_SUBJECTS[comparison]} {level_phrase(comparison, level)}."


def likelihood(probability: float) -> str:
    """A probability in a plain word, never more certain than it is.

    >>> [likelihood(p) for p in (0.995, 0.93, 0.6, 0.2, 0.03)]
    ['almost certain', 'very likely', 'likely', 'possible', 'unlikely']
    """
    words = ((0.99, "almost certain"), (0.9, "very likely"), (0.5, "likely"), (0.1, "possible"))
    return next((word for least, word in words if probability >= least), "unlikely")


def count_of(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun.

    >>> count_of(1, "student"), count_of(3, "student"), count_of(1200, "entry", "entries")
    ('1 student', '3 students', '1,200 entries')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
