"""Options: how uploads are read, how the plan is made, what stops it. Frozen, validated, no polars.

Every number has its reason beside it. Shares are between 0 and 1; weights and margins are in bits.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from attrs import Attribute, field, frozen
from attrs.validators import ge, gt, instance_of

from rosterdiff.errors import InvalidOption


class Mode(StrEnum):
    """The workflow: the yearly migration, or bulk uploads all year (never a deletion)."""

    MIGRATION = "migration"
    BULK = "bulk"


class DateOrder(StrEnum):
    """The order of a date's parts in text."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


class Classes(StrEnum):
    """Whether a student sits in one class, or rows may differ by class alone (secondary schools)."""

    ONE = "one"
    MANY = "many"


class Hidden(StrEnum):
    """What becomes of what a sheet hides: it is reported either way."""

    READ = "read"
    SKIP = "skip"


class Evidence(StrEnum):
    """How a column that the host adds is compared.

    `exact` values agree or are a typing error apart (a postcode, a guardian's e-mail address), `fuzzy` ones agree in
    part (a street), `categorical` ones are of few kinds (an occupation, a house). A `partial_date` is what is known of
    a birth date in the order year, month, day (`1950`, `1950-03`), and is used where `birth_date` is empty.
    """

    EXACT = "exact"
    FUZZY = "fuzzy"
    CATEGORICAL = "categorical"
    PARTIAL_DATE = "partial_date"


IDENTITY_FIELDS = ("birth_date", "gender", "student_number", "username", "email")
"""Fields by which a student is known: an empty one of the base is filled, a differing one is only reported."""

NAME_FIELDS = (
    "given_name",
    "middle_name",
    "family_name",
    "name_suffix",
    "preferred_given_name",
    "preferred_family_name",
)
"""Fields that no plan ever changes for an existing student."""

_OWN_COLUMNS = ("student_id", "row", "source_file", "source_sheet", "source_row")
"""The account's key and where a row came from: no upload writes them."""

DROPPED_HEADERS = (
    "password", "passcode", "pin", "picture password", "ethnicity", "race", "ethnic group", "religion", "faith",
    "medical", "medical conditions", "medical notes", "allergies", "health", "health notes", "disability",
    "special needs", "sen", "send", "sen status", "iep", "504", "504 plan", "ell", "lep", "eal", "frl", "fsm",
    "free school meals", "pupil premium", "ssn", "social security number", "medicare", "immunisation",
    "immunization", "nationality", "citizenship", "immigration status", "in care", "looked after",
)  # fmt: skip
"""Headers (folded) whose columns are discarded at reading, and reported: nothing here needs them."""


def _share(_: object, attribute: "Attribute[float]", value: float) -> None:
    """A share or probability lies between 0 and 1."""
    if not 0 <= value <= 1:
        raise InvalidOption(f"{attribute.name} is a share between 0 and 1.")


def _optional_words(value: Any) -> frozenset[str] | None:
    return None if value is None else _words(value)


def _optional_tuple(value: Any) -> tuple[str, ...] | None:
    return None if value is None else tuple(_several(value))


def _optional_order(value: Any) -> DateOrder | None:
    return None if value is None else DateOrder(value)


def _kinds_of_evidence(value: Any) -> Mapping[str, Evidence]:
    """Column → kind, in the order of the columns' names, so that equal declarations are one."""
    if not isinstance(value, Mapping):
        raise InvalidOption("evidence maps a column to how it is compared.", "Write {'postcode': 'exact'}.")
    kinds = [str(kind) for kind in Evidence]
    if any(str(kind) not in kinds for kind in value.values()):
        raise InvalidOption(f"A column is compared in one of these ways: {', '.join(kinds)}.")
    return {name: Evidence(value[name]) for name in sorted(value)}


def _words(value: Any) -> frozenset[str]:
    return frozenset(_several(value))


def _several(value: Any) -> Any:
    """Refuse a lone string, which would be read as its letters."""
    if isinstance(value, str):
        raise InvalidOption("Expected several words, found one string.", "Write ('word',) for a single one.")
    return value


def _field_names(_: object, attribute: "Attribute[Any]", value: frozenset[str]) -> None:
    altered = sorted(value & set(NAME_FIELDS))
    if altered:
        raise InvalidOption(f"{attribute.name} lists name fields ({', '.join(altered)}), and names are never altered.")
    own = sorted(value & set(_OWN_COLUMNS))
    if own:
        raise InvalidOption(f"{attribute.name} lists {', '.join(own)}, by which accounts and rows are known.")


@frozen
class ReadOptions:
    """How an upload is read.

    Attributes:
        columns: canonical field → header text, for headers that are not recognised, or wrongly.
        date_order: the order of day, month and year in text; None infers it from each whole column.
        sheets: the sheets to read; None reads every visible sheet that holds a table of students.
        hidden_rows: whether rows that a sheet hides, by hand or by a filter, are read (the default) or left out.
        encoding: the encoding of text files; None infers it.
        dropped_headers: headers whose columns are discarded and reported.
        base: the file is the host's own export: its id column is the `student_id`.
        as_of: the day on which the file is judged (ages, two-digit years); None judges nothing by today.
        password: what an encrypted workbook is opened with (needs the extra `passwords`); it is in no repr or message.
        isolate: workbooks and archives are opened in a process of its own, which may die of a hostile file; without
            it, such a file takes this process along.
        max_bytes: a larger file is refused (default 200 MB; a school's list is below 5, a million students 110), and so
            is a larger list in an archive.
        max_unpacked: an archive that unpacks to more is refused (default 1 GB: some five million cells of XML).
        max_ratio: so is a part of an archive, above 16 MB, that grows more than so many times (default 250; sheets of
            repeated values reach 100).
        max_sheets: a workbook of more visible sheets is refused, unless `sheets` names those to read (default 300; a
            school with a sheet for each class has below 100).
        max_rows: a sheet of more rows is refused (default 2,000,000).
        max_columns: a wider sheet is refused (default 1,000).
        max_cell_length: a longer cell is refused, in characters (default 100,000; a spreadsheet's hold 32,767).
        max_memory: bytes that opening a workbook may take (default 800 MB: some 600,000 students of twelve columns).
        max_seconds: seconds of work that opening a workbook may take (default 8; 100,000 students take below 2).

    """

    columns: Mapping[str, str] = field(factory=dict)
    date_order: DateOrder | None = field(default=None, converter=_optional_order)
    sheets: tuple[str, ...] | None = field(default=None, converter=_optional_tuple)
    hidden_rows: Hidden = field(default=Hidden.READ, converter=Hidden)
    encoding: str | None = None
    dropped_headers: frozenset[str] = field(default=frozenset(DROPPED_HEADERS), converter=_words)
    as_of: date | None = None
    base: bool = False
    password: str | None = field(default=None, repr=False)
    isolate: bool = field(default=True, validator=instance_of(bool))
    max_bytes: int = field(default=200_000_000, validator=gt(0))
    max_unpacked: int = field(default=1_000_000_000, validator=gt(0))
    max_ratio: int = field(default=250, validator=gt(0))
    max_sheets: int = field(default=300, validator=gt(0))
    max_rows: int = field(default=2_000_000, validator=gt(0))
    max_columns: int = field(default=1_000, validator=gt(0))
    max_cell_length: int = field(default=100_000, validator=gt(0))
    max_memory: int = field(default=800_000_000, validator=gt(0))
    max_seconds: float = field(default=8.0, validator=gt(0))


@frozen
class Guards:
    """The limits beyond which a plan is held whole until a named person overrides it.

    A guard speaks only from `minimum` students on, because in a class of eight one child is 12 %.

    Attributes:
        found: below this share of the base found among the rows, the list looks like another school's. Half:
            a school that loses a sixth as leavers and a fifth as movers still shows over 60 %.
        deletions: above this share of the students outside the leaving grade deleted. A tenth is where the
            services that sync rosters hold a change.
        class_deletions: the same within one class, where at least five go; half a class never leaves by itself.
        advanced: below this share of the matched students one grade up, in a migration whose sheets carry
            grades and which would write something: last year's file again.
        shifted: above this number of rows of a template that hold values of other rows. None is the only sane limit:
            a column that was sorted by itself gives children each other's values.
        additions, updates, reviews: above this share of the rows, or of the base.

    """

    found: float = field(default=0.5, validator=_share)
    deletions: float = field(default=0.1, validator=_share)
    class_deletions: float = field(default=0.5, validator=_share)
    advanced: float = field(default=0.5, validator=_share)
    shifted: int = field(default=0, validator=ge(0))
    additions: float = field(default=0.5, validator=_share)
    updates: float = field(default=1.0, validator=_share)
    reviews: float = field(default=0.3, validator=_share)
    minimum: int = field(default=20, validator=ge(0))


@frozen
class Policy:
    """What a plan may do and how sure it must be.

    Attributes:
        mode: `migration` (students not listed are deleted) or `bulk` (never a deletion).
        accept: a pair is decided alone only from this probability on.
        margin: and only if forbidding it would cost the whole assignment at least these bits.
        review: a candidate of at least this probability keeps a row out of `add`. A newcomer wrongly
            reviewed costs a minute, a student wrongly added beside his own account costs his work.
        update_fields: fields that may be written besides filling identity fields; the host adds its own.
        overwrite_fields: identity fields that may be overwritten where they differ.
        protected: students that are never deleted.
        leaving_grades: grades whose students are expected to leave; None takes the highest of each school.
        accept_similar: a pair whose names differ may be decided alone where the other evidence is overwhelming.
        evidence: further column → how it is compared, for columns that the host adds (`Evidence`).
        classes: `one` class a student, or `many`: rows that differ by class alone are one student.
        guards: the limits that hold a plan.

    """

    mode: Mode = field(default=Mode.MIGRATION, converter=Mode)
    accept: float = field(default=0.99, validator=_share)
    margin: float = field(default=6.0, validator=[instance_of((int, float)), ge(0)])
    review: float = field(default=0.003, validator=[_share, gt(0)])
    update_fields: frozenset[str] = field(
        default=frozenset({"class_name", "grade", "school"}), converter=_words, validator=_field_names
    )
    overwrite_fields: frozenset[str] = field(default=frozenset(), converter=_words)
    protected: frozenset[str] = field(default=frozenset(), converter=_words, repr=False)
    leaving_grades: frozenset[str] | None = field(default=None, converter=_optional_words)
    accept_similar: bool = field(default=False, validator=instance_of(bool))
    evidence: Mapping[str, Evidence] = field(factory=dict, converter=_kinds_of_evidence, repr=False)
    classes: Classes = field(default=Classes.ONE, converter=Classes)
    guards: Guards = field(factory=Guards, validator=instance_of(Guards))

    @overwrite_fields.validator
    def _only_identity(self, _: "Attribute[frozenset[str]]", value: frozenset[str]) -> None:
        stray = sorted(value - set(IDENTITY_FIELDS))
        if stray:
            raise InvalidOption(
                f"overwrite_fields takes identity fields only ({', '.join(IDENTITY_FIELDS)}).",
                f"Move {', '.join(stray)} to update_fields.",
            )

    @evidence.validator
    def _further_columns(self, _: "Attribute[Mapping[str, Evidence]]", value: Mapping[str, Evidence]) -> None:
        own = sorted(set(value) & {*IDENTITY_FIELDS, *NAME_FIELDS, *_OWN_COLUMNS, "grade", "class_name", "school"})
        if own:
            raise InvalidOption(f"evidence lists {', '.join(own)}, which are compared in any case.")

    @accept.validator
    def _above_review(self, _: "Attribute[float]", value: float) -> None:
        if value < 0.5:
            raise InvalidOption("accept must be at least 0.5: below that a match is more likely wrong than right.")
        if value < self.review:
            raise InvalidOption("accept must be at least review: what is accepted alone is a candidate as well.")
