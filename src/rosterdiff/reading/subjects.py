"""What a table is about: students, or classes, settings, other things.

Invariants: a table is refused only if nothing in it could be a child; what the caller named is never doubted.
"""

import re
from collections.abc import Sequence
from typing import Final

from rosterdiff.config import NAME_FIELDS
from rosterdiff.headers import Composite, header_key, read_header
from rosterdiff.reading.columns import Columns
from rosterdiff.reading.headings import NAMES
from rosterdiff.reading.tables import Table

_OF_NAMES: Final = NAMES.union(NAME_FIELDS)
_OF_PEOPLE: Final = frozenset({*_OF_NAMES, "username", "email", "student_id"})


def is_of_students(table: Table, columns: Columns) -> bool:
    """Whether a table tells of people: it has their names or addresses, or little else than fields of a student.

    Not so the files of an export that list schools, classes and terms, and a form with its labels one below the other.
    """
    fields = columns.of_fields
    if any(column.explicit for column in columns.columns) or table.is_template:
        return True
    parts = not _PARTS_OF_NAMES.isdisjoint(fields)
    if not parts and not _OF_OTHERS.isdisjoint(map(header_key, table.headers)):
        return False
    if _OF_PEOPLE.isdisjoint(fields):
        headers = [column.header for column in columns.columns if column.header]
        whose = not _OF_CHILDREN.isdisjoint(fields) or any(map(_says_whose, headers))
        return whose and len(fields) * 3 >= len(headers)
    beside = fields.keys() - {"student_number"}
    if len(beside) == 1 and beside <= _LEADING_NAMES:
        values = table.body[str(fields[beside.pop()].position)].drop_nulls().head(_LOOKED_AT).to_list()
        return not (_are_labels(values) or _are_things(values) or _OF_SETTINGS in map(header_key, table.headers))
    return True


_PARTS_OF_NAMES: Final = frozenset({"given_name", "family_name"})
_OF_OTHERS: Final = frozenset({"parentsourcedid", "coursesourcedid", "schoolyearsourcedid", "coursesisid", "termsisid"})
"""Headers of OneRoster and School Data Sync that only stand in their lists of schools, classes, courses and terms."""


def _says_whose(header: str) -> bool:
    """Whether a header is a student's own beyond doubt, unlike "ID" and "Section", or may be of names."""
    meaning = read_header(header)
    named = meaning is not None and not _OF_NAMES.isdisjoint(meaning.choices)
    return named or _STUDENTS.search(header_key(header)) is not None


_OF_CHILDREN: Final = frozenset({"birth_date", "grade", "gender"})
_STUDENTS: Final = re.compile("student|pupil|child|learner|candidate|admission|enrol|upn|uln|ssid|alumn|eleve|schuler")


_LEADING_NAMES: Final = _PARTS_OF_NAMES | {Composite.FULL_NAME, Composite.LAST_FIRST}
_OF_SETTINGS: Final = "value"
"""The header beside "Name" in tables of settings and of figures."""


def _are_labels(values: Sequence[str]) -> bool:
    """Whether the values are headers themselves, or words before a colon."""
    labels = sum(text.rstrip().endswith(":") or read_header(text) is not None for text in values)
    return labels * 2 >= len(values) > 0


def _are_things(values: Sequence[str]) -> bool:
    """Whether the values are single words that begin with a small letter, as nobody's name does."""
    return len(values) > 0 and all(text[:1].islower() and len(text.split()) == 1 for text in values)


_LOOKED_AT: Final = 50
