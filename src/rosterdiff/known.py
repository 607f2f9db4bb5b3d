"""By what the columns of an upload were known, and how far that can be trusted.

Invariants: a closed set, the surest first; no polars here.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class KnownBy(StrEnum):
    """By what a column of an upload was known for the field that it fills, the surest first."""

    EXPLICIT = "explicit"  # the caller named it, or it is a column of the host's own table
    TEMPLATE = "template"  # the header of our own template
    ALIAS = "alias"  # a header that the table of headers has
    ANNOTATED = "annotated"  # such a header with words before, behind or in brackets
    DECIDED = "decided"  # a header of several meanings, settled by the column's values
    ASSUMED = "assumed"  # a header of several meanings, of which the usual one was taken
    GUESSED = "guessed"  # a header that is spelt almost like one of the table
    CONTENT = "content"  # no header: the column's values alone
    UNKNOWN = "unknown"  # no field: the column stays beside the student as it is


CONFIDENCE: Final[Mapping[KnownBy, float]] = {
    KnownBy.EXPLICIT: 1.0,
    KnownBy.TEMPLATE: 1.0,
    KnownBy.ALIAS: 0.95,
    KnownBy.ANNOTATED: 0.9,
    KnownBy.DECIDED: 0.8,
    KnownBy.GUESSED: 0.7,
    KnownBy.ASSUMED: 0.6,
    KnownBy.CONTENT: 0.5,
    KnownBy.UNKNOWN: 0.0,
}
"""How far each of these can be trusted, 0 to 1: an order of trust, no measured share."""
