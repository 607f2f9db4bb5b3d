"""A column of full names → given, middle and family name, suffix and preferred name.

Invariants: work is done on distinct values; every word of the value but a title lands in one column as it was written;
nothing is changed but the white space and the comma between the parts; where the writing does not say what the family
name is, the row is counted as assumed.
"""

import re
from typing import Final

import polars as pl
from attrs import evolve, frozen

from rosterdiff.reading.oddities import TITLE

_PARTS: Final = ("family_name", "given_name", "middle_name", "name_suffix", "preferred_given_name")
_SUFFIX: Final = re.compile(r"(?:jr|sr|jnr|snr|ii|iii|iv)\.?", re.IGNORECASE)
_NICKNAME: Final = re.compile(r"[(\"“«]([^()\"“”«»]+)[)\"”»]")
_COMMA: Final = re.compile(r"[,，、،]")
_TITLED: Final = re.compile(TITLE)
_TITLE_WORD: Final = re.compile(r"^(?:ด\.ช\.|ด\.ญ\.|เด็กชาย|เด็กหญิง|นางสาว|นาย|\S+)\s*")

_PARTICLES: Final = frozenset(
    (
        "van", "von", "vom", "der", "den", "ter", "ten", "het", "'t", "’t", "op", "de", "del", "della", "di", "da",
        "do", "dos", "das", "du", "des", "la", "las", "los", "lo", "le", "st", "st.", "zu", "zum", "zur", "af", "av",
        "bin", "binti", "bint", "bte", "ibn", "al", "el", "abu", "ap", "ab",
        "ó", "ní", "nic", "mac", "ua", "bat", "ben",
        "بن", "بنت", "ابن", "آل", "ال",
    )
)  # fmt: skip
"""Words with which a family name begins, or that stand within it, when they are not the first word of the name."""

_COMPOUND: Final = frozenset(
    (
        "歐陽", "欧阳", "司馬", "司马", "諸葛", "诸葛", "上官", "夏侯", "東方", "东方", "皇甫", "尉遲", "尉迟", "公孫",
        "公孙", "慕容", "令狐", "西門", "西门", "南宮", "南宫", "長孫", "长孙", "宇文", "司徒", "司空", "獨孤", "独孤",
        "端木", "東郭", "东郭", "百里", "呼延", "完顏", "完颜", "남궁", "황보", "제갈", "사공", "선우", "서문", "독고",
    )
)  # fmt: skip
"""Chinese and Korean family names of two characters."""

_EASTERN: Final = re.compile(r"[\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7a3々〆ヶ]+")
_HAN: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_HANGUL: Final = re.compile(r"[\uac00-\ud7a3]+")


_INITIALS: Final = 4
"""Fewer capitals than these at the beginning may be initials: "AJ Quendel"."""


@frozen
class Parts:
    """The parts of one full name; `assumed` where the writing does not say where the family name is."""

    family_name: str | None = None
    given_name: str | None = None
    middle_name: str | None = None
    name_suffix: str | None = None
    preferred_given_name: str | None = None
    assumed: bool = False


def split_names(texts: pl.Series, *, family_first: bool = False) -> tuple[pl.DataFrame, pl.Series]:
    """Split full names: "Last, First Middle", or "First Last" where there is no comma.

    Args:
        texts: the stripped text of each row, null where there is none.
        family_first: the header says that the family name stands first.

    Returns:
        A frame of the parts (text, null where absent), and the rows where the split was assumed.

    >>> parts, assumed = split_names(pl.Series(["Torenbek, Ilva Marie", "Maro Quendel", "Ana Olm Pia"]))
    >>> parts.select("given_name", "middle_name", "family_name").rows()
    [('Ilva', 'Marie', 'Torenbek'), ('Maro', None, 'Quendel'), ('Ana Olm', None, 'Pia')]
    >>> assumed.to_list()
    [0, 2]

    """
    distinct = texts.drop_nulls().unique(maintain_order=True).alias("text")
    plain = distinct.str.contains(_PLAIN) & ~distinct.str.contains(_NOT_PLAIN)
    fast = _split_plain(distinct.filter(plain), family_first=family_first)
    slow = [split_name(text, family_first=family_first) for text in distinct.filter(~plain).to_list()]
    patient = pl.DataFrame(
        {
            "text": distinct.filter(~plain),
            **{name: pl.Series([getattr(parts, name) for parts in slow], dtype=pl.String) for name in _PARTS},
            "assumed": pl.Series([parts.assumed for parts in slow], dtype=pl.Boolean),
        }
    )
    split = pl.DataFrame({"text": texts.cast(pl.String)}).join(
        pl.concat([fast, patient]), on="text", how="left", maintain_order="left"
    )  # nulls match nothing and stay nulls
    return split.select(_PARTS), split["assumed"].fill_null(value=False).arg_true()


_WORD: Final = r"(\p{Lu}[\p{L}'’-]*\p{Ll})"
_PLAIN: Final = rf"^{_WORD},? {_WORD}(?: {_WORD})?$"
_NOT_PLAIN: Final = rf"(?i)\s(?:jr|sr|jnr|snr|ii|iii|iv|{'|'.join(sorted(map(re.escape, _PARTICLES)))})(?:\s|$)|{TITLE}"


def _split_plain(texts: pl.Series, *, family_first: bool) -> pl.DataFrame:
    """Names of two or three capitalised words: what `split_name` gives for them, whole columns at once."""
    first, second, third = (pl.col("text").str.extract(_PLAIN, group) for group in (1, 2, 3))
    turned = pl.col("text").str.contains(",", literal=True) | pl.lit(family_first)
    return pl.DataFrame({"text": texts}).select(
        "text",
        family_name=pl.when(turned).then(first).otherwise(pl.coalesce(third, second)),
        given_name=pl.when(turned).then(second).when(third.is_null()).then(first).otherwise(first + " " + second),
        middle_name=pl.when(turned).then(third),
        **{name: pl.lit(None, dtype=pl.String) for name in _PARTS[3:]},
        assumed=third.is_not_null(),
    )


def split_name(text: str, *, family_first: bool = False) -> Parts:
    """Split one full name.

    >>> parts = split_name("Mr Maro van der Olm Jr.")
    >>> parts.given_name, parts.family_name, parts.name_suffix
    ('Maro', 'van der Olm', 'Jr.')

    """
    nickname = _NICKNAME.search(text)
    bare = _NICKNAME.sub(" ", text, count=1) if nickname else text
    bare = _TITLE_WORD.sub("", bare.strip(), count=1) if _TITLED.match(bare.strip()) else bare
    parts = [" ".join(part.split()) for part in _COMMA.split(bare)]
    suffix = None
    if len(parts) > 1 and _SUFFIX.fullmatch(parts[-1]):
        suffix = parts.pop()
    elif len(words := parts[-1].split()) > 1 and _SUFFIX.fullmatch(words[-1]):
        suffix, parts[-1] = words[-1], " ".join(words[:-1])
    split = _after_comma(parts) if len(parts) > 1 else _without_comma(parts[0].split(), family_first=family_first)
    called = nickname[1].strip() or None if nickname else None
    return evolve(split, name_suffix=suffix, preferred_given_name=called)


def _after_comma(parts: list[str]) -> Parts:
    """Take what stands before the comma as the family name, the first word after it as the given name."""
    words = " ".join(parts[1:]).split()
    given, middle = words[0] if words else None, " ".join(words[1:]) or None
    return Parts(parts[0] or None, given, middle, assumed=len(parts) > 2 or len(words) != 1)


def _without_comma(words: list[str], *, family_first: bool) -> Parts:
    if not words:
        return Parts()
    if all(_EASTERN.fullmatch(word) for word in words):
        return _eastern(words)
    if len(words) == 1:
        return Parts(given_name=words[0], assumed=True)
    if family_first:
        return _family_first(words)
    return _by_capitals(words) or _given_first(words)


def _eastern(words: list[str]) -> Parts:
    """Chinese, Korean and Japanese names: the family name first, without a space of one or two characters."""
    if len(words) > 1:
        return Parts(words[0], " ".join(words[1:]), assumed=len(words) > 2)
    name = words[0]
    if len(name) < 2 or not (_HAN.fullmatch(name) or _HANGUL.fullmatch(name)):
        return Parts(given_name=name, assumed=True)
    long = name[:2] in _COMPOUND and len(name) > 2
    size = 2 if long else 1
    return Parts(name[:size], name[size:], assumed=len(name) - size > 2)


def _family_first(words: list[str]) -> Parts:
    """Take the first word as the family name, as the header says; particles belong to the family name."""
    size = 1
    while size < len(words) - 1 and words[size - 1].casefold() in _PARTICLES:
        size += 1
    rest = words[size:]
    return Parts(" ".join(words[:size]), rest[0], " ".join(rest[1:]) or None, assumed=len(rest) > 1)


def _by_capitals(words: list[str]) -> Parts | None:
    """The words in capitals at one end are the family name, where the others are not: "TORENBEK Ilva"."""
    loud = [word.isupper() and sum(c.isalpha() for c in word) > 1 for word in words]
    if all(loud) or not any(loud):
        return None
    first, last = loud.index(True), len(loud) - 1 - loud[::-1].index(True)
    if not all(loud[first : last + 1]) or (first > 0 and last < len(words) - 1):
        return None
    if first == 0 and len("".join(words[: last + 1])) < _INITIALS:
        return None
    if first == 0:
        rest = words[last + 1 :]
        return Parts(" ".join(words[: last + 1]), rest[0], " ".join(rest[1:]) or None)
    return Parts(" ".join(words[first:]), " ".join(words[:first]))


def _given_first(words: list[str]) -> Parts:
    """Take the first words as given names: the family name begins at its first particle, else it is the last word."""
    at = next((at for at, word in enumerate(words[1:-1], 1) if word.casefold() in _PARTICLES), len(words) - 1)
    last = at
    while last < len(words) - 1 and words[last].casefold() in _PARTICLES:
        last += 1
    settled = len(words) == 2 or (at < len(words) - 1 and last == len(words) - 1)
    return Parts(" ".join(words[at:]), " ".join(words[:at]), assumed=not settled)
