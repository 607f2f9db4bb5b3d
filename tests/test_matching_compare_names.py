"""Every level of two names, by an example pair; the first level that holds counts."""

import polars as pl
import pytest

from rosterdiff.levels import NameLevel
from rosterdiff.matching.compare_names import compare_names
from rosterdiff.names import tokens

NAMES = [
    ("Ilva", "ILVA", "same"),
    ("Ana-Maria", "Anamaria", "same"),
    ("Katherine", "Katie", "nickname"),
    ("Kate", "Katie", "nickname"),
    ("Marten", "Matren", "transposed"),
    ("Hammelton", "Hammetlon", "transposed"),
    ("Ian", "Ina", "transposed"),
    ("Torenbek", "Torrenbek", "slip"),
    ("Ilva", "Ilvaa", "slip"),
    ("Ana", "Anna", "slip"),
    ("Torenbek", "Torenbel", "slip"),
    ("Torenbek", "Toremhek", "typos"),
    ("Quill", "Quilf", "typo"),
    ("Clemo", "Olemo", "typo"),
    ("Torenlek", "Torenkek", "slip"),
    ("Rinlo", "Rinio", "slip"),
    ("Ilva", "Ilvar", "typo"),
    ("Ilva", "Alva", "typo"),
    ("Ilva", "Iva", "similar"),
    ("Torenbek", "Turenbik", "typos"),
    ("Torenbek", "Torenbekos", "typos"),
    ("Ana", "Ana Maria", "part"),
    ("Ro Kell", "Kell Ro Tam", "part"),
    ("I", "Ilva", "initial"),
    ("Filippa", "Phillipa", "sounds_alike"),
    ("Ilvana", "Ilvanessa", "similar"),
    ("Kell Torenbek", "Quorr Torenbek", "similar"),
    ("Kell Ro", "Quorrel Ro", "different"),
    ("Tam", "Tamlo Quorr", "faint"),
    ("Mc Kell", "Ma Aell", "faint"),  # 0.7999…, which 32 bits take for 0.8
    ("Wu Li", "Xu", "different"),
    ("Ann", "Ian", "different"),
    ("Ilva", "Maro", "different"),
    ("Jo", "Jay", "different"),
    ("李明", "李民", "different"),
    ("किरण", "करण", "similar"),
]


@pytest.mark.parametrize(("one", "other", "level"), NAMES)
def test_two_names_agree_on_a_level_whichever_side_they_stand_on(one: str, other: str, level: str) -> None:
    a, b = tokens(one), tokens(other)
    found = compare_names(pl.DataFrame({"a": [a, b], "b": [b, a]}))
    assert found["level"].to_list() == [level, level]


def test_every_level_of_two_names_alone_is_shown_here() -> None:
    across = {NameLevel.KNOWN_AS, NameLevel.SWAPPED, NameLevel.MIDDLE, NameLevel.CROSSED, NameLevel.MISSING}
    assert {level for _, _, level in NAMES} == {level.value for level in NameLevel if level not in across}


def test_names_keep_their_order_and_no_pairs_have_no_levels() -> None:
    pairs = pl.DataFrame({"a": ["ilva", "maro", "ana"], "b": ["ilvar", "maro", "wendo"]})
    found = compare_names(pairs)
    assert found.drop("level").equals(pairs)
    assert found["level"].to_list() == ["typo", "same", "different"]
    assert compare_names(pairs.clear()).is_empty()
