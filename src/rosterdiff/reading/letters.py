"""How much a text reads like names: the measure by which encodings are compared.

Invariants: the measure is a log likelihood in nats of the words that hold a letter beyond ASCII, so that readings of
the same bytes compare; it is a mixture of languages whose shares are sharpened once by the text itself; nothing is
learnt between texts.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from attrs import frozen

from rosterdiff.reading.languages import JAPANESE, KOREAN, LANGUAGES, SIMPLIFIED, TRADITIONAL

_WORD: Final = re.compile(r"[^\x00-\x3f|]*[^\x00-\x7f][^\x00-\x3f|]*")
"""A word with a letter beyond ASCII; spaces, digits and separators end it."""

_SEEN_BEFORE: Final = 0.6
"""How far a letter is judged by the one before it."""

_PUNCTUATION: Final = dict.fromkeys("’‘", -6.0) | dict.fromkeys("–—“”„…·•«»\xa0€£°ºª´©®", -8.5)
_STRAY: Final = -7.5  # a letter of the language's script that its names do not have: a name of elsewhere
_FOREIGN: Final = -16.0  # a letter of another script within one word
_SYMBOL: Final = -13.0
_BROKEN: Final = -25.0  # controls, private and unassigned characters
_CASE: Final = -7.0  # a capital after a small letter, one of them beyond ASCII
_COMMON, _KNOWN, _RARE, _KANA, _NARROW, _SYLLABLE = -6.0, -8.8, -13.5, -4.6, -4.8, -10.5
"""Characters of East Asia: those of names, the common third, the others; kana, narrow kana; rare syllables."""


@frozen
class _Model:
    """How the letters of a language's names follow each other."""

    script: str
    single: Mapping[str, float]
    pairs: Mapping[str, float]
    before: Mapping[str, float]

    def chance(self, letter: str, previous: str) -> float | None:
        """The log chance of a letter after another; `None` for one that no name of the language has."""
        alone = self.single.get(letter)
        if alone is None:
            return None
        follows = self.pairs.get(previous + letter, 0.0) / self.before.get(previous, 1.0)
        return math.log(_SEEN_BEFORE * follows + (1 - _SEEN_BEFORE) * alone)


@lru_cache(maxsize=1)
def _models() -> Mapping[str, _Model]:
    return {name: _model(language.names) for name, language in LANGUAGES.items()}


def _model(names: str) -> _Model:
    padded = [f" {name}" for name in names.lower().split()]
    letters = Counter(letter for name in padded for letter in name[1:])
    pairs = Counter(name[at : at + 2] for name in padded for at in range(len(name) - 1))
    before = Counter(name[at] for name in padded for at in range(len(name) - 1))
    total = sum(letters.values())
    scripts = Counter(_script(letter) for letter in letters)
    return _Model(
        scripts.most_common(1)[0][0],
        {letter: count / total for letter, count in letters.items()},
        dict(pairs),
        dict(before),
    )


@lru_cache(maxsize=1 << 14)
def _script(letter: str) -> str:
    """LATIN, CYRILLIC, HAN, … for letters and their marks; nothing for other characters."""
    kind = unicodedata.category(letter)
    if kind[0] not in "LM":
        return ""
    name = unicodedata.name(letter, "")
    word = name.split(" ")[0].split("-")[0]
    return _SCRIPTS.get(word, word) if not name.startswith(("HALFWIDTH", "FULLWIDTH")) else "NARROW"


_SCRIPTS: Final = {"CJK": "HAN", "IDEOGRAPHIC": "HAN", "COMBINING": "LATIN", "KATAKANA": "KANA", "HIRAGANA": "KANA"}

Level = Callable[[str], bool]
"""Whether a character is of the common level of the encoding that is tried."""


def measure(text: str, is_common: Level | None = None) -> float:
    r"""How likely the words of a text are that hold letters beyond ASCII (log, nats, at most 0).

    Args:
        text: words of a file as one encoding reads them.
        is_common: for encodings of East Asia, whether a character is of their common level.

    >>> measure("José Muñoz") > measure("Josй Muсoz") > measure("Jos\x8e Mu\x96oz")
    True

    """
    words = list(dict.fromkeys(_WORD.findall(text)))
    eastern = [word for word in words if _is_eastern(word)]
    others = [word for word in words if not _is_eastern(word)]
    return sum(_eastern(word, is_common) for word in eastern) + _mixed(others)


def _mixed(words: Sequence[str]) -> float:
    """The mixture of languages, its shares sharpened by one step of expectation and maximisation."""
    shares = {name: language.share / 1000 for name, language in LANGUAGES.items()}
    chances = [_by_language(word) for word in words]
    seen = dict.fromkeys(shares, 0.0)
    for by_language in chances:
        for name, part in _parts(by_language, shares).items():
            seen[name] += part
    sharpened = {name: (10 * share + seen[name]) / (10 + len(words)) for name, share in shares.items()}
    return sum(_sum(by_language, sharpened) for by_language in chances)


def _sum(chances: Mapping[str, float], shares: Mapping[str, float]) -> float:
    best = max(chances.values())
    return best + math.log(sum(shares[name] * math.exp(chance - best) for name, chance in chances.items()))


def _parts(chances: Mapping[str, float], shares: Mapping[str, float]) -> Mapping[str, float]:
    whole = _sum(chances, shares)
    return {name: shares[name] * math.exp(chance - whole) for name, chance in chances.items()}


@lru_cache(maxsize=1 << 14)
def _by_language(word: str) -> Mapping[str, float]:
    """Language → the log chance of a word in it; only languages whose script the word has."""
    cased = _CASE * _odd_capitals(word)
    letters = [letter.lower()[0] for letter in word]
    scripts = {_script(letter) for letter in letters}
    models = {name: model for name, model in _models().items() if model.script in scripts} or {_DEFAULT: _default()}
    return {name: cased + _spell(letters, model) for name, model in models.items()}


_DEFAULT: Final = "French"
"""By which words are judged that have no letter."""


def _default() -> _Model:
    return _models()[_DEFAULT]


def _spell(letters: Iterable[str], model: _Model) -> float:
    total, previous = 0.0, " "
    for letter in letters:
        chance = model.chance(letter, previous)
        total += chance if chance is not None else _odd(letter, model.script)
        previous = letter
    return total


@lru_cache(maxsize=1 << 14)
def _odd(letter: str, script: str) -> float:
    if letter in _PUNCTUATION:
        return _PUNCTUATION[letter]
    kind = unicodedata.category(letter)
    if kind in {"Cc", "Co", "Cn", "Cs"}:
        return _BROKEN
    own = _script(letter)
    if not own:
        return _SYMBOL
    return _STRAY if own == script else _FOREIGN


def _odd_capitals(word: str) -> int:
    """Capitals that follow a small letter, where one of the two is beyond ASCII."""
    pairs = pairwise(word)
    return sum(a.islower() and b.isupper() and not (a.isascii() and b.isascii()) for a, b in pairs)


def _is_eastern(word: str) -> bool:
    return any(_script(letter) in {"HAN", "KANA", "HANGUL", "NARROW", "BOPOMOFO"} for letter in word)


_NAMES: Final = frozenset("".join((JAPANESE + SIMPLIFIED + TRADITIONAL + KOREAN).split()))


def _eastern(word: str, is_common: Level | None) -> float:
    scripts = {script for letter in word if (script := _script(letter))}
    strange = len(scripts - {"HAN", "KANA"}) - (len(scripts) == 1)
    alone = len(word) == 1 and scripts == {"NARROW"}
    return _FOREIGN * max(strange, 0) + (_RARE if alone else 0) + sum(_ideograph(c, is_common) for c in word)


def _ideograph(letter: str, is_common: Level | None) -> float:
    script = _script(letter)
    if letter in _NAMES:
        return _COMMON
    if script in {"KANA", "NARROW"} or letter in "ー・、。々〆　":
        return _NARROW if script == "NARROW" else _KANA
    if script in {"HAN", "HANGUL"}:
        known = is_common is None or is_common(letter)
        return (_KNOWN if known else _RARE) if script == "HAN" else (_KNOWN if known else _SYLLABLE)
    return -3.3 if letter.isascii() else _odd(letter, "LATIN")
