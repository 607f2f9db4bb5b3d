"""Grade words of schools → CEDS codes, their order and step.

Invariants: a word that could be two grades is not guessed (`None`); the codes are those of `schema.GRADES`.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import polars as pl

from rosterdiff.schema import GRADES

_WORDS: Final = {
    "IT": "it; infant; toddler; infant toddler; nursery 1; baby room; playgroup; toddlers",
    "PR": (
        "pr; preschool; pre school; nursery; n; n1; n2; eyfs nursery; fs1; early childhood; ec; ecse; pk3; prek3; "
        "pre k 3; 3k; grade rrr; rrr; petite section; preescolar; infantil 3; "
        "infantil 3 anos; 1 infantil; 1 de infantil; "
        "krippe"
    ),
    "PK": (
        "pk; pre k; prek; pre kindergarten; prekindergarten; kindy; pk4; prek4; pre k 4; jk; junior kindergarten; "
        "grade rr; rr; moyenne section; infantil 4; infantil 4 anos; 2 infantil; 2 de infantil; maternelle 4 ans"
    ),
    "TK": (
        "tk; utk; transitional kindergarten; pre prep; pre primary; preprimary; junior infants; j infants; ji; lkg; "
        "lower kg; kg1; kg 1; pre foundation"
    ),
    "KG": (
        "kg; k; kindergarten; kinder; prep; preparatory; p; foundation; f; fs; fs2; reception; rec; r; yr r; year r; "
        "grade r; 0; 00; maternelle; fd; transition; t; new entrant; new entrants; ne; sk; senior kindergarten; "
        "senior infants; s infants; si; ukg; upper kg; kg2; kg 2; eyfs; eyfs reception; grande section; "
        "maternelle 5 ans; infantil 5; infantil 5 anos; 3 infantil; 3 de infantil; vorschule; kindergarden; "
        "kinder garten; foundation year"
    ),
    "01": "cp; cours preparatoire",
    "02": "ce1; cours elementaire 1",
    "03": "ce2; cours elementaire 2",
    "04": "cm1; cours moyen 1",
    "05": "cm2; cours moyen 2",
    "06": "sixieme",
    "07": "cinquieme",
    "08": "quatrieme",
    "09": "troisieme; freshman; freshmen",
    "10": "sophomore; sophomores; seconde; 2nde; 2de; ty; transition year",
    "11": "junior; 1ere; premiere generale; premiere technologique; premiere professionnelle",
    "12": "senior; terminale; tle; term; lower sixth; l6; l6th; lower 6th; lower six; year 12 lower sixth",
    "13": "upper sixth; u6; u6th; upper 6th; upper six; year 13 upper sixth",
    "PS": "ps; postsecondary; post secondary; higher education",
    "UG": "ug; ungraded; mixed; composite; multiage; multi age",
    "Other": "other; special; special education; sped; adult; adult education",
}  # fmt: skip

_SPELLED: Final = (
    "one two three four five six seven eight nine ten eleven twelve thirteen",
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth",
    "primero segundo tercero cuarto quinto sexto septimo octavo noveno decimo undecimo duodecimo",
    "primer segundo tercer cuarto quinto sexto septimo octavo noveno decimo",
    "i ii iii iv v vi vii viii ix x xi xii xiii",
)
_NUMBERS: Final = {word: number for words in _SPELLED for number, word in enumerate(words.split(), 1)}

_CODE_OF: Final = {word.strip(): code for code, words in _WORDS.items() for word in words.split(";")}

_PREFIX = re.compile(
    r"^(?:year level|year group|yeargroup|yearlevel|grade level|nc year|national curriculum year|year|yr|grade|grades"
    r"|gr|level|form|std|standard|class|klasse|kl|jahrgangsstufe|jahrgang|klassenstufe|stufe|jg|grado|curso|primary|annee"
    r"|y|g)[\s.:_-]*(?=[a-z0-9])"
)
_SUFFIX = re.compile(
    r"(?<=\w)[\s.]*\b(?:grade|graders?|year|yr|level|class|std|standard|klasse|jahrgangsstufe|jahrgang|schuljahr|annee"
    r"|grado|(?:de )?(?:educacion )?primaria|ep|primary)\b.*$"
)
_NUMBER = re.compile(r"^0*(\d{1,2})(?:[.,]0+)?\.?(?:st|nd|rd|th|er|ero|do|to|mo|vo|no|º|°|ª)?\.?$")
_ANNUAL: Final = re.compile(r"^(\d{1,2})\s?(?:e|eme|ieme|re|ere)\s?annee\b")
_LONE_ROMANS: Final = {"i": "01", "v": "05", "x": "10"}
_ROMANS: Final = frozenset(("ii", "iii", "iv", "vi", "vii", "viii", "ix", "xi", "xii"))
_PRIMARY: Final = re.compile(r"^p\s?([1-7])$")
_SPANISH: Final = (
    (re.compile(r"^(\w+)[º°ªoaer.]*\s*(?:de\s+)?(?:la\s+)?e\.?\s?s\.?\s?o\.?$"), 6, 4),
    (re.compile(r"^(\w+)[º°ªoaer.]*\s*(?:de\s+)?(?:secundaria|sec)\.?$"), 6, 4),
    (re.compile(r"^(\w+)[º°ªoaer.]*\s*(?:de\s+)?(?:bachillerato|bach|bto)\.?$"), 10, 2),
)
"""A stage of Spanish schools, the grade before its first year, and its years."""


@lru_cache(maxsize=4096)
def parse_grade(text: str) -> str | None:
    """Read one grade word as its CEDS code, or `None` if it is none that is known.

    >>> [parse_grade(word) for word in ("Year 3", "Prep", "Reception", "Gr. 11", "3rd grade", "03", "7B")]
    ['03', 'KG', 'KG', '11', '03', '03', None]
    >>> [parse_grade(word) for word in ("CE2", "2º ESO", "5. Klasse", "Class VIII", "Senior Infants", "3e")]
    ['03', '08', '05', '08', 'KG', None]

    """
    if text.strip() == "-1":
        return "PK"
    word = _folded(text)
    if word in _CODE_OF:
        return _CODE_OF[word]
    if (primary := _PRIMARY.match(word)) is not None:
        return f"0{primary[1]}"
    for pattern, before, years in _SPANISH:
        if (stage := pattern.match(word)) is not None:
            number = _number(stage[1])
            return f"{before + number:02}" if number and number <= years else None
    bare = _SUFFIX.sub("", _PREFIX.sub("", word)).strip()
    number = None if word in _LONE_ROMANS else _number(bare)
    if number is None and (annual := _ANNUAL.match(word)) is not None:
        number = int(annual[1])
    if number is not None and 0 <= number <= 13:
        return f"{number:02}" if number else "KG"
    return _CODE_OF.get(bare) if bare != word else None


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).replace("-", " ").split())


def _number(word: str) -> int | None:
    matched = _NUMBER.match(word)
    return int(matched[1]) if matched else _NUMBERS.get(word)


_FRENCH: Final = frozenset(
    (
        "ms", "gs", "cp", "ce1", "ce2", "cm1", "cm2", "2de", "2nde", "seconde", "tle", "term", "terminale", "sixieme",
        "cinquieme", "quatrieme", "troisieme", "petite section", "moyenne section", "grande section",
    )
)  # fmt: skip
"""Words that only the schools of France have."""

_COUNTED_DOWN: Final = re.compile(r"^([1-6])\s?(?:e|eme|ieme|re|ere|de|nde)$")
_OF_FRANCE: Final = {
    "ps": "PR", "ms": "PK", "gs": "KG", "6": "06", "5": "07", "4": "08", "3": "09", "2": "10", "1": "11",
}  # fmt: skip


def parse_grades(words: Iterable[str]) -> dict[str, str | None]:
    """Read the distinct grade words of one column: what one of them leaves open, the others may settle.

    In France classes are counted down (`6e` to `1re`), elsewhere `6e` is the sixth grade; alone it is not guessed.

    >>> parse_grades(["CM2", "6e", "5e"])
    {'CM2': '05', '6e': '06', '5e': '07'}
    >>> parse_grades(["1e", "6e"])
    {'1e': None, '6e': None}

    """
    listed = list(words)
    folded = {word: _folded(word) for word in listed}
    down = {word: matched[1] for word, text in folded.items() if (matched := _COUNTED_DOWN.match(text))}
    french = bool(_FRENCH & set(folded.values())) or (len(down) > 1 and set(down.values()) <= set("3456"))
    codes = {word: word if word in GRADES else parse_grade(word) for word in listed}
    if _ROMANS & set(folded.values()):
        codes |= {word: _LONE_ROMANS[text] for word, text in folded.items() if text in _LONE_ROMANS}
    if french:
        codes |= {word: _OF_FRANCE[number] for word, number in down.items()}
        codes |= {word: _OF_FRANCE[text] for word, text in folded.items() if text in {"ps", "ms", "gs"}}
    return codes


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
