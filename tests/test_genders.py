"""Words for a gender mean the same in every spelling; a word that is not known stands for itself."""

import pytest

from rosterdiff.genders import gender_key

WORDS = {
    "f": ["F", "f", "Female", "GIRL", " woman ", "G"],
    "m": ["M", "male", "Boy", "MAN", "b"],
    "x": ["X", "non-binary", "Nonbinary", "Other", "diverse", "Indeterminate"],
}


@pytest.mark.parametrize(("key", "word"), [(key, word) for key, words in WORDS.items() for word in words])
def test_words_of_one_gender_have_one_key(key: str, word: str) -> None:
    assert gender_key(word) == key


def test_an_unknown_word_is_its_own_key_and_not_guessed() -> None:
    assert gender_key("Two-Spirit") == gender_key("two spirit") == "twospirit"


def test_no_word_is_no_gender() -> None:
    assert gender_key(" - ") == ""
