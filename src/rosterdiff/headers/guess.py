"""A misspelt header → the header that was meant, where only one can be.

Invariants: a word that names somebody else is never guessed into the student's; short words must be spelt right; digits
must be the same; where the nearest headers mean different things nothing is guessed.
"""

import re
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from rosterdiff.headers.aliases import Composite
from rosterdiff.headers.read import Meaning, bare_keys, clear_headers, header_key
from rosterdiff.known import KnownBy

_OTHERS: Final = re.compile(
    "mother|father|parent|guardian|carer|mum|dad|mom|contact|emergency|kin|teacher|tutor|staff|instructor|advisor|coach|sibling"
    "|brother|sister|doctor|physician|dentist|principal|owner|author|nurse|counsel|sponsor|relative|partner|spouse|payer|billing"
    "|previous|former|last|old|madre|padre|mere|pere|mutter|vater|eltern|erzieh|responsable|representante|lehr|enseignant"
    "|profes|maestr|hermano|address|place|modified|created|updated|entry|exit|start|(?<!g)end|join|left|issue|expir|photo|file"
)
"""Words of other people and other days; a header that holds one is not guessed."""

_LAST_NAME: Final = re.compile(r"^(?:student|pupil|child|legal|preferred)*las?t+n[aeiou]*m")
"""The one header in which the word "last" is the student's own."""

_SHORTEST: Final = 6  # letters; of fewer, one edit makes another word
_SHOWN: Final = frozenset({"email", "gender", "birth_date"})
"""Fields that a column's values show beyond doubt: a header with one letter less may be meant."""
_LONG: Final = 13  # letters from which two edits still leave no doubt
_GUESSED_RANK: Final = 900
_HEADERS: Final = {key: found for key, found in clear_headers().items() if len(key) >= _SHORTEST - 1}


@lru_cache(maxsize=1024)
def guess_header(text: str) -> Meaning | None:
    """The meaning of the known header that a misspelt one is nearest to, or `None` where none is near enough.

    Args:
        text: a header that `read_header` does not know.

    Source: optimal string alignment distance (one edit; two in long headers), as rapidfuzz has it.

    >>> guess_header("Sirname").choices, guess_header("Date of Brith").choices
    (('family_name',), ('birth_date',))
    >>> guess_header("Mother's frist name"), guess_header("Agee")
    (None, None)

    """
    key = header_key(text)
    if _OTHERS.search(key) and not _LAST_NAME.match(key):
        return None
    for bare in bare_keys(key):
        found = _nearest(bare) if len(bare) >= _SHORTEST - 1 else None
        if found is not None and (len(bare) >= _SHORTEST or found in _SHOWN):
            return (
                None
                if found == Composite.OTHER
                else Meaning((found,), _GUESSED_RANK, usual=found, known_by=KnownBy.GUESSED)
            )
    return None


def _nearest(key: str) -> str | None:
    most = 2 if len(key) >= _LONG else 1
    near = process.extract(key, _HEADERS.keys(), scorer=OSA.distance, score_cutoff=most, limit=20)
    alike = [(distance, header) for header, distance, _ in near if _digits(header) == _digits(key)]
    if not alike:
        return None
    least = min(distance for distance, _ in alike)
    meanings = {_HEADERS[header][0] for distance, header in alike if distance == least}
    return meanings.pop() if len(meanings) == 1 else None


def _digits(key: str) -> str:
    return "".join(c for c in key if c.isdigit())
