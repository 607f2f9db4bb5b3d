"""Words for a gender mean the same in every spelling; a word that is not known stands for itself."""

import pytest

from rosterdiff.genders import gender_key, write_out_letters

WORDS = {
    "f": ["F", "f", "Female", "GIRL", " woman ", "G", "weiblich", "Fille", "Niña", "Mujer", "w", "2"],
    "m": ["M", "male", "Boy", "MAN", "b", "männlich", "Garçon", "Niño", "Hombre", "1"],
    "x": ["X", "non-binary", "Nonbinary", "Other", "diverse", "Indeterminate", "d", "divers"],
}


@pytest.mark.parametrize(("key", "word"), [(key, word) for key, words in WORDS.items() for word in words])
def test_words_of_one_gender_have_one_key(key: str, word: str) -> None:
    assert gender_key(word) == key


def test_an_unknown_word_is_its_own_key_and_not_guessed() -> None:
    assert gender_key("Two-Spirit") == gender_key("two spirit") == "twospirit"


def test_no_word_is_no_gender() -> None:
    assert gender_key(" - ") == ""


def test_letters_are_written_out_only_where_m_cannot_be_male() -> None:
    assert write_out_letters(["H", "M"]) == ({"H": "Hombre", "M": "Mujer", "h": "Hombre", "m": "Mujer"}, "Spanish")
    assert write_out_letters(["J", "M"])[1] == "German"
    for letters in (["M", "F"], ["M"], ["H", "M", "F"], ["M", "W"], ["Hombre", "Mujer"]):
        assert write_out_letters(letters) == ({}, "")
