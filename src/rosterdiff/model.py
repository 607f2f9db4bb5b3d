"""The nouns of rosterdiff as frozen data: actions, reasons, issues, decisions, actors, receipts.

Invariants: no polars here; every closed set is a `StrEnum`, whose order is the order in which its values are
shown and compared; an invalid value cannot be built.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

import attrs
from attrs import Attribute, field, frozen
from attrs.validators import and_, instance_of, max_len

from rosterdiff.errors import InvalidOption, NotPermitted
from rosterdiff.roles import PERMITTED as PERMITTED  # noqa: PLC0414  (said again: here is where nouns are looked for)
from rosterdiff.roles import Role as Role  # noqa: PLC0414
from rosterdiff.roles import Step as Step  # noqa: PLC0414


class Action(StrEnum):
    """What the plan does with a student or a row, the doubtful first."""

    REVIEW = "review"
    DELETE = "delete"
    ADD = "add"
    UPDATE = "update"
    KEEP = "keep"


class Reason(StrEnum):
    """Why an entry has its action; explains, and never steers."""

    # review
    ID_CONTRADICTS = "id_contradicts"
    CLAIMED_TWICE = "claimed_twice"
    ROWS_CONTRADICT = "rows_contradict"
    AMBIGUOUS = "ambiguous"
    TOO_LITTLE_EVIDENCE = "too_little_evidence"
    BIRTH_DATE_DIFFERS = "birth_date_differs"
    NAME_DIFFERS = "name_differs"
    NAME_DIFFERS_ID_AGREES = "name_differs_id_agrees"
    POSSIBLE_DUPLICATE_ROW = "possible_duplicate_row"
    POSSIBLE_RESTORE = "possible_restore"
    POSSIBLE_TRANSFER = "possible_transfer"
    ROW_UNUSABLE = "row_unusable"
    CLASS_NOT_COVERED = "class_not_covered"
    # delete
    NOT_LISTED = "not_listed"
    DECIDED_DELETE = "decided_delete"
    # add
    NO_SIMILAR_STUDENT = "no_similar_student"
    DECIDED_NEW = "decided_new"
    # update
    FIELDS_CHANGED = "fields_changed"
    # keep (and update, for decided_same)
    DECIDED_SAME = "decided_same"
    UNCHANGED = "unchanged"
    DIFFERS_NOT_WRITTEN = "differs_not_written"
    NOT_IN_UPLOAD = "not_in_upload"
    PROTECTED = "protected"
    DECIDED_LEAVE = "decided_leave"
    ROW_IGNORED = "row_ignored"


REASONS_OF: Mapping[Action, frozenset[Reason]] = {
    Action.REVIEW: frozenset(
        {
            Reason.ID_CONTRADICTS,
            Reason.CLAIMED_TWICE,
            Reason.ROWS_CONTRADICT,
            Reason.AMBIGUOUS,
            Reason.TOO_LITTLE_EVIDENCE,
            Reason.BIRTH_DATE_DIFFERS,
            Reason.NAME_DIFFERS,
            Reason.NAME_DIFFERS_ID_AGREES,
            Reason.POSSIBLE_DUPLICATE_ROW,
            Reason.POSSIBLE_RESTORE,
            Reason.POSSIBLE_TRANSFER,
            Reason.ROW_UNUSABLE,
            Reason.CLASS_NOT_COVERED,
        }
    ),
    Action.DELETE: frozenset({Reason.NOT_LISTED, Reason.DECIDED_DELETE}),
    Action.ADD: frozenset({Reason.NO_SIMILAR_STUDENT, Reason.DECIDED_NEW}),
    Action.UPDATE: frozenset({Reason.FIELDS_CHANGED, Reason.DECIDED_SAME}),
    Action.KEEP: frozenset(
        {
            Reason.UNCHANGED,
            Reason.DIFFERS_NOT_WRITTEN,
            Reason.DECIDED_SAME,
            Reason.NOT_IN_UPLOAD,
            Reason.PROTECTED,
            Reason.DECIDED_LEAVE,
            Reason.ROW_IGNORED,
        }
    ),
}
"""The reasons that each action may have; a plan that breaks this is not built."""


class Effect(StrEnum):
    """What becomes of a field that differs."""

    WRITE = "write"
    REPORT = "report"


class Pool(StrEnum):
    """Where a candidate comes from: the base, its deleted students, or another school of the host."""

    BASE = "base"
    DELETED = "deleted"
    ELSEWHERE = "elsewhere"


class Doubt(StrEnum):
    """Why two rows of an incoming roster must be looked at together."""

    CONTRADICT = "contradict"  # two uploads give one student different values
    DUPLICATE = "duplicate"  # two equal rows that may be two children


class Severity(StrEnum):
    """How grave an issue is: an error awaits a person, a warning should be looked at, info is said."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


def _said(_: object, attribute: "Attribute[str]", value: str) -> None:
    """Blanks are no name and no reason."""
    if not value.strip():
        raise InvalidOption(f"Expected a {attribute.name}, found nothing but blanks.", "Write it out.")


@frozen
class Actor:
    """Who does something.

    >>> Actor.parse("staff:Ada Example")
    Actor(role=<Role.STAFF: 'staff'>)
    """

    role: Role = field(converter=Role)
    name: str = field(repr=False, validator=and_(instance_of(str), _said, max_len(200)))

    @classmethod
    def parse(cls, text: str) -> "Actor":
        """Read an actor written as `role:name`.

        Raises:
            InvalidOption: the text has no known role or no name.

        """
        role, _, name = text.partition(":")
        if role not in set(Role) or not name.strip():
            raise InvalidOption(
                f"An actor is written ROLE:NAME, with ROLE one of {', '.join(Role)}.",
                "For example: --actor staff:Ada",
            )
        return cls(Role(role), name.strip())

    def require(self, step: Step) -> None:
        """Raise `NotPermitted` unless the role may take the step."""
        if self.role not in PERMITTED[step]:
            raise NotPermitted(step, self.role, PERMITTED[step])

    def __str__(self) -> str:
        return f"{self.role}:{self.name}"


@frozen
class Issue:
    """A fault in the data, with its place and what to do; `message` holds no cell value.

    Attributes:
        severity: how grave it is.
        code: the stable word for the fault.
        message: what happened and what to do.
        source_file: the file, where there is one.
        source_sheet: its sheet, where it has sheets.
        cell: the first cell that has the fault, as `D17`.
        count: how many cells have it.
        cells: all of them, as `D17:D40, D52`; `None` where they are `cell` alone.

    """

    severity: Severity = field(converter=Severity)
    code: str
    message: str
    source_file: str | None = None
    source_sheet: str | None = None
    cell: str | None = None
    count: int = 1
    cells: str | None = None


class Verdict(StrEnum):
    """What is said of an open row (same, new, ignore, restore), of a student (delete, leave), or nothing yet (open)."""

    SAME = "same"
    NEW = "new"
    IGNORE = "ignore"
    DELETE = "delete"
    LEAVE = "leave"
    OPEN = "open"
    RESTORE = "restore"  # the row is this deleted student, whose account comes back


ROW_VERDICTS = frozenset({Verdict.SAME, Verdict.NEW, Verdict.IGNORE, Verdict.RESTORE})


def _fits_verdict(decision: "Decision", _: "Attribute[Verdict]", verdict: Verdict) -> None:
    if verdict is Verdict.OPEN:
        return
    about_row = verdict in ROW_VERDICTS
    if about_row != (decision.row is not None or decision.row_key != ""):
        raise InvalidOption(f"The verdict {verdict} is about a {'row' if about_row else 'student'}.")
    if (decision.student_id is not None) != (verdict not in {Verdict.NEW, Verdict.IGNORE}):
        raise InvalidOption(f"The verdict {verdict} {'names no' if about_row else 'names a'} student.")


@frozen
class Decision:
    """What a person says of one review entry.

    `row` is the row of the plan whose id is `plan_id`. The keys are digests of the contents that were judged;
    `resolve` fills them in, and by them a decision is remembered and still found in a later plan.

    Attributes:
        rejected: for `new` and `same`, the `student_key`s of the candidates that were shown and not chosen.
        scope: the digest of the incoming roster for which it was said; absence is remembered for that one alone.
        place: where it was written, as `review.xlsx, sheet Review, cell B7`; for messages.

    """

    row: int | None = field(default=None)
    student_id: str | None = field(default=None)
    verdict: Verdict = field(kw_only=True, converter=Verdict, validator=_fits_verdict)
    actor: Actor | None = field(default=None, kw_only=True)
    comment: str = field(default="", kw_only=True, repr=False)
    plan_id: str = field(default="", kw_only=True)
    row_key: str = field(default="", kw_only=True)
    student_key: str = field(default="", kw_only=True)
    rejected: tuple[str, ...] = field(default=(), kw_only=True, converter=tuple)
    scope: str = field(default="", kw_only=True)
    place: str = field(default="", kw_only=True)


@frozen
class KnownName:
    """A name that a student had or is called by: used to recognise the student, never written."""

    student_id: str
    given_name: str | None = field(default=None, repr=False)
    family_name: str | None = field(default=None, repr=False)


class GuardCode(StrEnum):
    """The rules that stop a plan which looks like an accident."""

    TOO_FEW_FOUND = "too_few_found"
    TOO_MANY_DELETIONS = "too_many_deletions"
    NOT_ADVANCED = "not_advanced"
    COLUMNS_SHIFTED = "columns_shifted"
    TOO_MANY_ADDITIONS = "too_many_additions"
    TOO_MANY_UPDATES = "too_many_updates"
    TOO_MANY_REVIEWS = "too_many_reviews"
    TOO_MANY_SEATS = "too_many_seats"
    WINDOW_CLOSED = "window_closed"


@frozen
class Override:
    """A named person's word that a guard may be passed, bound to one plan."""

    plan_id: str
    code: GuardCode = field(converter=GuardCode)
    actor: Actor
    reason: str = field(repr=False, validator=and_(instance_of(str), _said))


@frozen
class Acknowledgement:
    """A named person's word that students who are not listed are deleted.

    Attributes:
        origin: the id of the unresolved plan on which it was given.
        certain: the students whom that plan deletes; their number was stated by the actor.
        held: the students in review, who become deletions if review finds them absent.

    """

    origin: str
    actor: Actor
    certain: frozenset[str] = field(converter=frozenset, repr=False)
    held: frozenset[str] = field(converter=frozenset, repr=False)

    def covers(self, student_id: str) -> bool:
        """Say whether this student's deletion was acknowledged."""
        return student_id in self.certain or student_id in self.held


@frozen
class Entry:
    """One line of the plan, as a person or a host iterates it."""

    entry: int
    action: Action
    reason: Reason
    group: int | None
    student_id: str | None
    row: int | None
    probability: float | None
    weight: float | None
    margin: float | None
    changes: tuple["Change", ...] = field(default=(), repr=False)


@frozen
class Change:
    """One field of one student, before and after."""

    field: str
    before: str | None = attrs.field(repr=False)
    after: str | None = attrs.field(repr=False)
    effect: Effect = Effect.WRITE


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)


@frozen
class Receipt:
    """What one apply did, as the store recorded it.

    Attributes:
        receipt_id: the store's name for it.
        origin: the id of the unresolved plan that was applied in the end.
        student_ids: for every added row, the id that the store gave.
        updated, deleted: the students that were changed and removed.
        undone_at: when it was taken back, if it was.

    """

    receipt_id: str
    plan_id: str
    origin: str
    actor: Actor
    applied_at: datetime
    student_ids: Mapping[int, str] = field(repr=False)
    updated: tuple[str, ...] = field(converter=_texts, repr=False)
    deleted: tuple[str, ...] = field(converter=_texts, repr=False)
    undone_at: datetime | None = None
    undone_by: Actor | None = None

    @property
    def counts(self) -> dict[str, int]:
        """The number of students added, updated and deleted."""
        return {
            Action.ADD.value: len(self.student_ids),
            Action.UPDATE.value: len(self.updated),
            Action.DELETE.value: len(self.deleted),
        }
