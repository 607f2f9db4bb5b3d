"""Full names: every word stays as it was written, and what the writing does not settle is said."""

import random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosterdiff.reading.names import Parts, split_name, split_names


def split(name: str, *, family_first: bool = False) -> tuple[str | None, ...]:
    """Given, middle, family name, suffix, what the child is called; and "?" where it was assumed."""
    parts = split_name(name, family_first=family_first)
    listed = (parts.given_name, parts.middle_name, parts.family_name, parts.name_suffix, parts.preferred_given_name)
    return (*listed, "?") if parts.assumed else listed


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Maro Quendel", ("Maro", None, "Quendel", None, None)),
        ("Torenbek, Ilva", ("Ilva", None, "Torenbek", None, None)),
        ("Torenbek, Ilva Mae (Il)", ("Ilva", "Mae", "Torenbek", None, "Il", "?")),
        ("Torenbek, Maro, Jr.", ("Maro", None, "Torenbek", "Jr.", None)),
        ("Maro Torenbek III", ("Maro", None, "Torenbek", "III", None)),
        ("Ilva “Il” Torenbek", ("Ilva", None, "Torenbek", None, "Il")),
        ("Maro van der Olm", ("Maro", None, "van der Olm", None, None)),
        ("Ana María de la Cruz", ("Ana María", None, "de la Cruz", None, None)),
        ("Ahmad bin Ismail", ("Ahmad", None, "bin Ismail", None, None)),
        ("عبد الرحمن بن محمد", ("عبد الرحمن", None, "بن محمد", None, None)),
        ("TORENBEK OLM Ilva", ("Ilva", None, "TORENBEK OLM", None, None)),
        ("Ilva Mae TORENBEK", ("Ilva Mae", None, "TORENBEK", None, None)),
        ("AJ Quendel", ("AJ", None, "Quendel", None, None)),
        ("J. R. Quendel", ("J. R.", None, "Quendel", None, None, "?")),
        ("Mr. Maro Quendel", ("Maro", None, "Quendel", None, None)),
        ("ด.ช.สมชาย ใจดี", ("สมชาย", None, "ใจดี", None, None)),
        ("สมหญิง ใจดี", ("สมหญิง", None, "ใจดี", None, None)),
        ("Prince", ("Prince", None, None, None, None, "?")),
        ("Ilva Mae Torenbek", ("Ilva Mae", None, "Torenbek", None, None, "?")),
        ("José García López", ("José García", None, "López", None, None, "?")),
    ],
)
def test_a_full_name_is_split_as_it_is_written(name: str, expected: tuple[str | None, ...]) -> None:
    assert split(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("王小明", ("小明", None, "王", None, None)),
        ("歐陽修", ("修", None, "歐陽", None, None)),
        ("司马相如", ("相如", None, "司马", None, None)),
        ("王 小明", ("小明", None, "王", None, None)),
        ("김민준", ("민준", None, "김", None, None)),
        ("남궁민수", ("민수", None, "남궁", None, None)),
        ("山田 太郎", ("太郎", None, "山田", None, None)),
        ("山田　太郎", ("太郎", None, "山田", None, None)),
        ("山田花太郎", ("田花太郎", None, "山", None, None, "?")),
        ("さくら", ("さくら", None, None, None, None, "?")),
        ("王", ("王", None, None, None, None, "?")),
    ],
)
def test_chinese_korean_and_japanese_names_have_the_family_name_first(
    name: str, expected: tuple[str | None, ...]
) -> None:
    assert split(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Torenbek Ilva", ("Ilva", None, "Torenbek", None, None)),
        ("van der Olm Pia", ("Pia", None, "van der Olm", None, None)),
        ("Torenbek Ilva Mae", ("Ilva", "Mae", "Torenbek", None, None, "?")),
        ("Torenbek, Ilva", ("Ilva", None, "Torenbek", None, None)),
    ],
)
def test_a_header_may_say_that_the_family_name_stands_first(name: str, expected: tuple[str | None, ...]) -> None:
    assert split(name, family_first=True) == expected


WORDS = st.sampled_from(
    (
        "Ilva",
        "Maro",
        "Torenbek",
        "OLM",
        "van",
        "de",
        "Mr",
        "Dr.",
        "Jr",
        "III",
        "(Il)",
        "王小明",
        "Zoë",
        "O'Neill",
        "al-Olm",
        "J.",
        "x",
    )
)


@given(st.lists(WORDS, min_size=1, max_size=5), st.sampled_from([" ", ", ", "  "]), st.booleans())
def test_whole_columns_are_split_as_single_names_are(words: list[str], separator: str, family_first: bool) -> None:
    name = f"{words[0]}{separator}{' '.join(words[1:])}".strip()
    frame, assumed = split_names(pl.Series([None, name, name]), family_first=family_first)
    parts = split_name(name, family_first=family_first)
    assert frame.row(0) == (None,) * 5
    assert frame.row(1) == frame.row(2) == tuple(getattr(parts, column) for column in frame.columns)
    assert assumed.to_list() == ([1, 2] if parts.assumed else [])


def test_every_word_but_a_title_lands_in_one_part() -> None:
    dice = random.Random(3)
    pool = [
        "Ilva",
        "Maro",
        "Torenbek",
        "OLM",
        "van",
        "de",
        "Zoë",
        "O'Neill",
        "Mary-Jane",
        "McOlm",
        "Van",
        "De",
        "王",
        "III",
    ]
    for _ in range(500):
        words = [dice.choice(pool) for _ in range(dice.randint(1, 5))]
        for name in (" ".join(words), f"{words[0]}, {' '.join(words[1:])}"):
            parts = split_name(name, family_first=dice.random() < 0.5)
            kept = " ".join(
                part
                for part in (parts.given_name, parts.middle_name, parts.family_name, parts.name_suffix)
                if part is not None
            )
            assert sorted("".join(kept.split())) == sorted("".join(words))


def test_nothing_is_nothing() -> None:
    assert split_name("") == Parts()
