"""Grade words of schools → CEDS codes, their order and step.

Invariants: a word that could be two grades is not guessed (`None`); the codes are those of `schema.GRADES`.
"""

import re
from functools import lru_cache
from typing import Final

import polars as pl

from rosterdiff.schema import GRADES

_WORDS: Final = {
    "IT": ("it", "infant", "toddler", "infant toddler", "nursery 1", "baby room"),
    "PR": ("pr", "preschool", "pre school", "nursery", "n", "n1", "n2"),
    "PK": ("pk", "pre k", "prek", "pre kindergarten", "prekindergarten", "kindy", "-1"),
    "TK": ("tk", "transitional kindergarten", "pre prep", "pre primary"),
    "KG": (
        "kg", "k", "kindergarten", "kinder", "prep", "preparatory", "p", "foundation", "f", "fs", "reception",
        "r", "yr r", "year r", "grade r", "0", "00", "year 0", "maternelle", "fd",
    ),
    "PS": ("ps", "postsecondary", "post secondary", "higher education"),
    "UG": ("ug", "ungraded", "mixed", "composite"),
    "Other": ("other", "special"),
}  # fmt: skip

_SPELLED: Final = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
)  # fmt: skip
_ORDINALS: Final = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth",
)  # fmt: skip
_HIGH_SCHOOL: Final = {"freshman": "09", "sophomore": "10", "junior": "11", "senior": "12"}

_CODE_OF: Final = (
    {word: code for code, words in _WORDS.items() for word in words}
    | {word: f"{number:02}" for words in (_SPELLED, _ORDINALS) for number, word in enumerate(words, 1)}
    | _HIGH_SCHOOL
)

_PREFIX = re.compile(
    r"^(?:year level|year group|yeargroup|yearlevel|grade level|nc year|year|yr|grade|gr|level|form|std|standard|y|g)"
    r"[\s.:_-]*(?=[a-z0-9])"
)
_SUFFIX = re.compile(r"\s*(?:grade|year|yr|st|nd|rd|th)\b.*$")
_NUMBER = re.compile(r"^0*(\d{1,2})(?:\.0+)?$")


@lru_cache(maxsize=4096)
def parse_grade(text: str) -> str | None:
    """Read one grade word as its CEDS code, or `None` if it is none that is known.

    >>> [parse_grade(word) for word in ("Year 3", "Prep", "Reception", "Gr. 11", "3rd grade", "03", "7B")]
    ['03', 'KG', 'KG', '11', '03', '03', None]
    """
    word = " ".join(text.casefold().replace("-", " ").split()) if text.strip() != "-1" else "-1"
    if word in _CODE_OF:
        return _CODE_OF[word]
    bare = _SUFFIX.sub("", _PREFIX.sub("", word)).strip()
    number = _NUMBER.match(bare)
    if number and 0 <= int(number[1]) <= 13:
        return f"{int(number[1]):02}" if int(number[1]) else "KG"
    return _CODE_OF.get(bare)


ORDER: Final = {"IT": -3, "PR": -2, "PK": -1, "TK": -1} | {code: place for place, code in enumerate(GRADES[4:18])}
"""The place of the grades that follow one another year by year: KG is 0, grade 13 is 13."""


_ORDERS: Final = pl.Series([ORDER.get(grade) for grade in GRADES], dtype=pl.Int8)


def grade_orders(grades: pl.Series) -> pl.Series:
    """The place of each grade of a roster's column among those that follow one another; null for the others.

    >>> from rosterdiff.schema import CANONICAL
    >>> grade_orders(pl.Series(["KG", "Other", None, "03"], dtype=CANONICAL["grade"])).to_list()
    [0, None, None, 3]
    """
    return _ORDERS[grades.to_physical()]


def step_between(before: str, after: str) -> int | None:
    """How many years lie between two grades, or `None` where they do not follow one another.

    >>> step_between("KG", "01"), step_between("05", "05"), step_between("UG", "03")
    (1, 0, None)
    """
    if before not in ORDER or after not in ORDER:
        return None
    return ORDER[after] - ORDER[before]


def spell_like(code: str, examples: dict[str, str]) -> str:
    """Write a grade code in the host's own words, learnt from how it writes others.

    Args:
        code: a CEDS code.
        examples: code → the host's word for it, for the grades seen in the host's data.

    >>> spell_like("04", {"03": "Year 3", "KG": "Prep"})
    'Year 4'
    >>> spell_like("04", {"11": "11", "03": "3"}), spell_like("04", {}), spell_like("10", {"03": "03"})
    ('4', '04', '10')

    """
    if code in examples or not code.isdigit():
        return examples.get(code, code)
    for known in sorted(examples, key=lambda known: (not known.startswith("0"), known)):
        pattern = re.fullmatch(r"(\D*?)(0?)([1-9]\d?)(\D*)", examples[known])
        if known.isdigit() and pattern and int(pattern[3]) == int(known):
            number = code if pattern[2] else str(int(code))
            return f"{pattern[1]}{number}{pattern[4]}"
    return code


_FIRST_CLASS = re.compile(r"(?:prep|kindergarten|kinder|kg|reception|rec|foundation|fs|p|k|r|f)([a-z]?)")


def next_class(class_key: str) -> str:
    """The class that a class is expected to become: its first number raised by one; empty if it has none.

    >>> next_class("3b"), next_class("year6maple"), next_class("prepc"), next_class("maple")
    ('4b', 'year7maple', '1c', '')
    """
    number = re.search(r"\d{1,2}(?!\d)", class_key)
    if number is None:
        first = _FIRST_CLASS.fullmatch(class_key)
        return f"1{first[1]}" if first else ""
    return f"{class_key[: number.start()]}{int(number[0]) + 1}{class_key[number.end() :]}"
