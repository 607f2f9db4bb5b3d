"""What can come of reading a file whose right answer is known."""

from enum import StrEnum
from typing import Final


class Outcome(StrEnum):
    """The answer beside the right one."""

    ROWS = "rows as stated"
    REFUSED = "refused rightly"
    ROWS_DIFFER = "rows differ"
    WRONG_REFUSAL = "wrong refusal"
    EXCEPTION = "exception"
    SLOW = "too slow"
    LARGE = "too large"


RIGHT: Final = frozenset({Outcome.ROWS, Outcome.REFUSED})
