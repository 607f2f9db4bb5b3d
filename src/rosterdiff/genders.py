"""Gender words as keys for comparison; the word itself is kept as it was written."""

from typing import Final

from rosterdiff.names import fold

_GENDERS: Final = {
    "f": "f", "female": "f", "girl": "f", "woman": "f", "g": "f",
    "m": "m", "male": "m", "boy": "m", "man": "m", "b": "m",
    "x": "x", "nonbinary": "x", "diverse": "x", "other": "x", "indeterminate": "x",
}  # fmt: skip


def gender_key(text: str) -> str:
    """The key by which two gender words mean the same; a word that is not known is its own key.

    >>> gender_key("Girl") == gender_key("F"), gender_key("Two-Spirit")
    (True, 'twospirit')
    """
    folded = fold(text)
    return _GENDERS.get(folded, folded)
