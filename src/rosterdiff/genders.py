"""Gender words as keys for comparison; the word itself is kept as it was written."""

from collections.abc import Iterable, Mapping
from typing import Final

from rosterdiff.names import fold

_WORDS: Final = {
    "f": "f female girl woman fem feminine girls w weiblich madchen frau feminin fille femme femenino femenina mujer "
    "nina v vrouw vrouwelijk 2",
    "m": "m male boy man masc masculine boys b mannlich junge mann masculin garcon homme masculino hombre nino varon h "
    "mannelijk 1",
    "x": "x nonbinary nb enby diverse divers d other indeterminate intersex nonbinaire nobinario autre otro third 3",
}
"""Key → the words that mean it, folded; 1 and 2 as ISO/IEC 5218 has them."""

_GENDERS: Final = {word: key for key, words in _WORDS.items() for word in words.split()} | {"g": "f"}


def gender_key(text: str) -> str:
    """The key by which two gender words mean the same; a word that is not known is its own key.

    >>> gender_key("Girl") == gender_key("F"), gender_key("Two-Spirit")
    (True, 'twospirit')
    """
    folded = fold(text)
    return _GENDERS.get(folded, folded)


_LETTERS: Final = (
    ("Spanish", frozenset("HM"), {"H": "Hombre", "M": "Mujer", "h": "Hombre", "m": "Mujer"}),
    ("German", frozenset("JM"), {"J": "Junge", "M": "Mädchen", "j": "Junge", "m": "Mädchen"}),
)
"""Languages in which the letter M does not mean male, known by the letter that does."""


def write_out_letters(values: Iterable[str]) -> tuple[Mapping[str, str], str]:
    """What the letters of a column mean where "M" is not male, and the language; nothing where it is.

    >>> write_out_letters(["H", "M"])[1], write_out_letters(["F", "M"]), write_out_letters(["M"])[1]
    ('Spanish', ({}, ''), '')
    """
    letters = {value.upper() for value in values if len(value) == 1}
    for language, both, words in _LETTERS:
        if both <= letters and not letters & {"F", "W"}:
            return words, language
    return {}, ""
