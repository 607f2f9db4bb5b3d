"""Header text → canonical column.

Invariants: `student_id` comes only from the marked header of our own template, a base file, or explicit options; every
other id-like header is a `student_number`. A header that can mean several things gives all of them, best first; the
column's values decide elsewhere. Headers of other people (parents, teachers) and of earlier years are never a
student's.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from attrs import evolve, frozen

from rosterdiff.headers.aliases import ALIASES, BASE_IDS, SEVERAL, TEMPLATE_HEADERS, Composite
from rosterdiff.known import KnownBy

_PREFIXES: Final = (
    "submittedsenr", "resultsenr", "students", "student", "pupils", "pupil", "child", "childs", "person", "learner",
    "client", "consumer", "legal", "official", "participant", "current", "this", "todays", "my",
)  # fmt: skip
_SUFFIXES: Final = ("required", "mandatory", "optional", "legal", "student", "ofstudent", "ofchild", "ofpupil", "s")
_ANNOTATION: Final = re.compile(r"[(\[{][^()\[\]{}]*[)\]}]")
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+")
_NEXT: Final = re.compile(r"\b(?:next years|next year|next|new|upcoming|proposed|following)\b")
_EARLIER: Final = re.compile(r"\b(?:previous|prior|former|old|last year|last years)\b")
_CALENDAR: Final = re.compile(r"\b20\d\d(?: (?:20)?\d\d)?\b")
_IN_FULL: Final = {
    short: word
    for word, shorts in {
        "student": "stu stud stdnt stdt pup",
        "name": "nm nme nam",
        "first": "frst fst fir",
        "last": "lst",
        "middle": "mid mdl",
        "family": "fam fmly",
        "given": "gvn giv",
        "preferred": "pref prefd",
        "number": "nbr nmbr numb",
        "birth": "brth bth bir",
        "date": "dt dte",
        "gender": "gndr gend",
        "code": "cd cde",
        "grade": "grd",
        "level": "lvl lev",
        "class": "cls clss",
        "school": "sch schl scl",
        "homeroom": "hmrm hrm",
        "email": "eml",
    }.items()
    for short in shorts.split()
}
"""Words that columns of databases cut short."""
_CONSONANTS: Final = re.compile(r"[b-df-hj-np-tv-xz]{3,}")
"""A word that stands alone is one cut short only if it has lost its vowels: "mid" is an exam."""
_YEARLY: Final = frozenset({"class_name", "grade", "school"})


def header_key(text: str) -> str:
    """What of a header counts: its letters and digits, folded.

    >>> header_key(" Date_of Birth* "), header_key("Prénom"), header_key("firstName")
    ('dateofbirth', 'prenom', 'firstname')
    """
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in decomposed if c.isalnum())


def _listed(text: str) -> list[str]:
    return [key for word in text.split(";") if (key := header_key(word))]


_MEANINGS: Final = {
    key: (str(meaning), rank)
    for meaning, words in reversed(ALIASES.items())
    for rank, key in reversed(list(enumerate(_listed(words))))
}
_CHOICES: Final = {key: choices for choices, words in SEVERAL.items() for key in _listed(words)}
_BASE_RANK: Final = {key: rank for rank, key in enumerate(_listed(BASE_IDS))}
_MARKED: Final = header_key(TEMPLATE_HEADERS["student_id"])


@frozen
class Meaning:
    """What a header can mean.

    Attributes:
        choices: canonical fields or `Composite`s, best first; one where the header is clear.
        rank: among headers of one meaning the lowest is the best.
        next_year: the column is for next year, and wins over the current one.
        usual: what it means where the values settle nothing; `None` where nobody could say.
        known_by: whether it is a header of the table as it stands, or with words around it.

    """

    choices: tuple[str, ...]
    rank: int
    next_year: bool = False
    usual: str | None = None
    known_by: KnownBy = KnownBy.ALIAS

    @property
    def clear(self) -> bool:
        """Whether the header has one meaning."""
        return len(self.choices) == 1


@lru_cache(maxsize=4096)
def read_header(text: str, *, base: bool = False) -> Meaning | None:
    """Read a header as what it means, or `None` where it is not known.

    Args:
        text: the header as the file writes it.
        base: the file is the host's own export, whose id column is the `student_id`.

    >>> read_header("CHILD_LAST_NAME").choices, read_header("Date of Birth* (dd/mm/yyyy)").choices
    (('family_name',), ('birth_date',))
    >>> read_header("Student ID").choices, read_header("Student ID", base=True).choices
    (('student_number',), ('student_id',))
    >>> read_header("Class next year"), read_header("Mother's first name")
    (Meaning(choices=('class_name', 'grade'), rank=1, next_year=True, usual='class_name', \
known_by=<KnownBy.ANNOTATED: 'annotated'>), None)

    """
    key = header_key(text)
    if key == _MARKED:
        return Meaning(("student_id",), -1, usual="student_id")
    if base and (bare := _base_rank(key)) is not None:
        return Meaning(("student_id",), bare, usual="student_id")
    return _read_key(key) or _read_yearly(text) or _read_annotated(text) or _read_abbreviated(text)


def clear_headers() -> dict[str, tuple[str, int]]:
    """The keys of all headers that have one meaning, each with it and its rank."""
    return {key: found for key, found in _MEANINGS.items() if key not in _CHOICES}


def _base_rank(key: str) -> int | None:
    return _BASE_RANK.get(key)


def _read_key(key: str) -> Meaning | None:
    for bare in bare_keys(key):
        known = _MEANINGS.get(bare)
        choices = _CHOICES.get(bare)
        if choices or known:
            rank = known[1] if known else 500
            usual = known[0] if known else None
            known_by = KnownBy.ALIAS if bare == key else KnownBy.ANNOTATED
            return Meaning(choices or (str(usual),), rank, usual=usual, known_by=known_by)
    return None


def bare_keys(key: str) -> Iterable[str]:
    """The key itself, then without the words that schools put before and after it."""
    seen = {key}
    waiting = [key]
    while waiting:
        current = waiting.pop(0)
        yield current
        shorter = [current.removeprefix(p) for p in _PREFIXES] + [current.removesuffix(s) for s in _SUFFIXES]
        for bare in shorter:
            if bare and bare not in seen:
                seen.add(bare)
                waiting.append(bare)


def _read_annotated(text: str) -> Meaning | None:
    """A header with a remark in brackets, read without it; "(Preferred)" and "(Legal)" were tried before."""
    bare = header_key(_ANNOTATION.sub(" ", text))
    found = _read_key(bare) if bare and bare != header_key(text) else None
    return evolve(found, known_by=KnownBy.ANNOTATED) if found else None


def _read_abbreviated(text: str) -> Meaning | None:
    """A header whose words are cut short, as columns of databases are named, read with the words in full."""
    words = _spaced(text).split()
    if len(words) == 1 and not _CONSONANTS.fullmatch(words[0]):
        return None
    full = header_key(" ".join(_IN_FULL.get(word, word) for word in words))
    found = _read_key(full) if full != header_key(text) else None
    return evolve(found, known_by=KnownBy.ANNOTATED) if found else None


def _spaced(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace("'s", "s").replace("’s", "s")
    return " ".join(_WORD.findall(plain)).casefold()


def _read_yearly(text: str) -> Meaning | None:
    """A header that names its year: next year's is marked, an earlier one is not the student's."""
    words = _spaced(text)
    if _EARLIER.search(words):
        return Meaning((Composite.OTHER.value,), 0, usual=Composite.OTHER.value)
    for pattern, is_next in ((r"\b(?:next|new)\b", True), (_NEXT, True), (_CALENDAR, False)):
        rest = re.sub(pattern, " ", words, count=1)
        found = _read_key(header_key(rest)) if rest != words else None
        if found and found.choices[0] in _YEARLY:
            return evolve(found, next_year=is_next, known_by=KnownBy.ANNOTATED)
    return None


def header_words(text: str) -> str:
    """The words of a header in lower case, one space between.

    >>> header_words("hispanicLatino"), header_words("Medical_Alert (1)")
    ('hispanic latino', 'medical alert 1')
    """
    return _spaced(text)
