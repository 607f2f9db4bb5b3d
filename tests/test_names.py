"""Names fold to the same key however people type them, and letters that make another name are never lost."""

import polars as pl
import pytest

from rosterdiff.names import NICKNAME_PAIRS, fold, map_distinct, nickname_frame, sound, tokens

ONE_NAME = {
    "case": ("ANNA", "anna"),
    "Latin accents": ("Zoë", "zoe"),
    "accents as marks of their own": ("Jose\u0301", "José"),
    "Latin strokes": ("Søren Łukasz Đorđe", "soren lukasz dorde"),
    "Icelandic letters": ("Þórður Ægir", "thordur aegir"),
    "German sharp s": ("Weiß", "WEISS"),
    "capital sharp s": ("WEIẞ", "weiss"),
    "Turkish dotless i": ("Işıl", "isil"),
    "Turkish dotted capital I": ("İpek", "ipek"),
    "Vietnamese": ("Nguyễn Thị Đức", "nguyen thi duc"),
    "Vietnamese horns": ("Hương Ưu", "huong uu"),
    "Cyrillic case and marks": ("ФЁДОР", "федор"),
    "Greek final sigma and tonos": ("Αλέξανδρος", "ΑΛΕΞΑΝΔΡΟΣ"),
    "Arabic harakat": ("مُحَمَّد", "محمد"),
    "Arabic tatweel": ("محمـــد", "محمد"),
    "Arabic hamza on alef": ("أحمد", "احمد"),
    "Hebrew points": ("שָׁלוֹם", "שלום"),
    "Hebrew maqaf": ("בן־טל", "בן-טל"),
    "Hangul of jamo": ("\u1112\u1161\u11ab", "한"),
    "half-width kana": ("ｶﾞﾂ", "ガツ"),
    "kana with dakuten apart": ("か\u3099", "が"),
    "full-width Latin": ("Ａｎｎａ", "anna"),
    "ligatures": ("ﬁona", "fiona"),
    "hyphens": ("Mary-Jane", "mary jane"),
    "no-break hyphens and dashes": ("Mary\u2011Jane", "Mary–Jane"),
    "no-break space": ("Mary\u00a0Jane", "Mary Jane"),
    "spacing": ("  de   la Croix ", "Dela Croix"),
    "zero-width characters": ("An\u200bna\ufeff", "Anna"),
    "soft hyphen": ("Wilhel\u00admina", "Wilhelmina"),
    "direction marks": ("\u200fנועה\u200e", "נועה"),
    "dots": ("J.P.", "JP"),
    "variants of a glyph": ("葛\U000e0100城", "葛城"),
}


@pytest.mark.parametrize(("one", "other"), ONE_NAME.values(), ids=ONE_NAME)
def test_two_ways_to_type_a_name_have_one_key(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


APOSTROPHES = "'’‘‛ʼʻʽʾʿ`´′ʹ＇ˈ"


@pytest.mark.parametrize("apostrophe", APOSTROPHES, ids=[f"U+{ord(c):04X}" for c in APOSTROPHES])
def test_no_apostrophe_counts_nor_splits_a_name(apostrophe: str) -> None:
    assert tokens(f"O{apostrophe}Kell") == tokens(f"Ó{apostrophe}Kell") == "okell"


OTHER_NAME = {
    "Devanagari vowel signs": ("किरण", "करण"),
    "Devanagari virama": ("प्रम", "परम"),
    "Tamil vowel signs": ("மாலா", "மலா"),
    "Thai vowel signs": ("กิต", "กต"),
    "kana with and without dakuten": ("がく", "かく"),
    "kana long vowel": ("ユーキ", "ユキ"),
    "CJK": ("李明", "李民"),
    "CJK repetition mark": ("奈々子", "奈子"),
    "Hangul": ("김", "강"),
    "Cyrillic letters": ("Иван", "Иваш"),
    "letters of two scripts": ("Anna", "Анна"),
}


@pytest.mark.parametrize(("one", "other"), OTHER_NAME.values(), ids=OTHER_NAME)
def test_letters_that_make_another_name_are_kept(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize("text", ["", "   ", "---", "?", "…", "'", "\u200b", "🙂", "(  )"])
def test_a_name_without_a_letter_has_no_key(text: str) -> None:
    assert fold(text) == ""


def test_parts_are_kept_apart_by_one_space() -> None:
    assert tokens(" Ana-Maria  (Mia)\tde la Croix ") == "ana maria mia de la croix"


def test_a_hyphen_of_any_script_parts_a_name_and_what_nobody_sees_does_not() -> None:
    assert tokens("בן־טל") == tokens("בן-טל") == "בן טל"
    assert tokens("An\u200bna\ufeff") == "anna"


@pytest.mark.parametrize("name", [pair[0] for pair in (*ONE_NAME.values(), *OTHER_NAME.values())])
def test_folding_again_changes_nothing(name: str) -> None:
    assert tokens(tokens(name)) == tokens(name)
    assert fold(fold(name)) == fold(name)


def test_digits_are_letters_of_a_key() -> None:
    """Class and number keys are folded in the same way."""
    assert fold("3-B") == "3b"


def test_sound_joins_spellings_in_latin_and_nothing_in_other_scripts() -> None:
    assert sound("catherine") == sound("katherine") != sound("anna")
    assert sound("иван") == "иван"
    assert sound("42") == "42"


def test_nicknames_go_both_ways_and_join_the_short_forms_of_one_name() -> None:
    assert {("katherine", "katie"), ("katie", "katherine"), ("kate", "katie")} <= NICKNAME_PAIRS
    assert ("katherine", "anna") not in NICKNAME_PAIRS
    assert {("jakub", "kuba"), ("ekaterina", "katya"), ("guadalupe", "lupita")} <= NICKNAME_PAIRS
    assert all((b, a) in NICKNAME_PAIRS for a, b in NICKNAME_PAIRS)


def test_the_names_of_the_nickname_list_are_keys() -> None:
    assert {name for pair in NICKNAME_PAIRS for name in pair} == {
        fold(name) for pair in NICKNAME_PAIRS for name in pair
    }


def test_nobody_is_his_own_nickname() -> None:
    assert all(a != b for a, b in NICKNAME_PAIRS)


def test_the_nickname_frame_is_sorted_and_whole() -> None:
    frame = nickname_frame()
    assert frame.rows() == sorted(NICKNAME_PAIRS)


def test_a_function_is_called_once_a_distinct_value() -> None:
    called: list[str] = []

    def upper(value: str) -> str:
        called.append(value)
        return value.upper()

    mapped = map_distinct(pl.Series("name", ["b", "a", None, "b"]), upper)
    assert mapped.to_list() == ["B", "A", None, "B"]
    assert sorted(called) == ["a", "b"]


def test_an_empty_result_is_no_value() -> None:
    assert map_distinct(pl.Series(["--", "a", None]), fold).to_list() == [None, "a", None]


@pytest.mark.parametrize("column", [pl.Series([None, None]), pl.Series([], dtype=pl.String)], ids=["nulls", "no rows"])
def test_a_column_without_values_stays_one_of_text(column: pl.Series) -> None:
    mapped = map_distinct(column, fold)
    assert mapped.dtype == pl.String
    assert mapped.null_count() == len(column)


@pytest.mark.parametrize(
    "character",
    [
        "\u200b",
        "\u200c",
        "\u200d",
        "\u200e",
        "\u202a",
        "\u2060",
        "\ufeff",
        "\u00ad",
        "\u034f",
        "\u180e",
        "\u115f",
        "\u3164",
    ],
)
def test_what_cannot_be_seen_does_not_count(character: str) -> None:
    assert fold(f"Il{character}va") == fold("Ilva")
