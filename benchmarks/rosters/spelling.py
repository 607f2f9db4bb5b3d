"""What people do to a single name, date or number: one value in, another out.

Invariants: a name that is given back is another name after folding; `None` where there is nothing to change.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

import numpy as np

from benchmarks.rosters.options import Damage
from rosterdiff.names import fold

_NEIGHBOURS: Final = {
    letter: "".join(row[i - 1 : i] + row[i + 1 : i + 2])
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for i, letter in enumerate(row)
    if i > 0
} | {"q": "wa", "a": "sq", "z": "xs"}
_SCANNED: Final = (
    ("rn", "m"), ("m", "rn"), ("cl", "d"), ("l", "i"), ("i", "l"), ("u", "v"), ("e", "c"), ("h", "b"), ("vv", "w"),
)  # fmt: skip
_BY_EAR: Final = (
    ("ph", "f"), ("f", "ph"), ("ck", "k"), ("c", "k"), ("k", "c"), ("ie", "y"), ("y", "ie"), ("y", "i"), ("i", "y"),
    ("ei", "ie"), ("ea", "ee"), ("ee", "ea"), ("th", "t"), ("sh", "sch"), ("ou", "u"), ("oo", "u"), ("z", "s"),
    ("s", "z"), ("x", "ks"), ("v", "w"), ("w", "v"), ("ae", "e"), ("ll", "l"), ("nn", "n"), ("tt", "t"), ("ss", "s"),
    ("rr", "r"), ("l", "ll"), ("n", "nn"), ("t", "tt"), ("a", "e"), ("e", "a"), ("o", "u"), ("j", "y"), ("qu", "kw"),
)  # fmt: skip


def mistype(name: str, draw: np.random.Generator) -> str | None:
    """A slip: a neighbouring key, two letters exchanged, one left out or doubled, or one misread by a scanner."""
    for _ in range(12):
        at = int(draw.integers(0, len(name)))
        made = _slip(name, at, int(draw.integers(0, 20)), draw)
        if made is not None and fold(made) != fold(name) and fold(made):
            return made
    return None


def _slip(name: str, at: int, kind: int, draw: np.random.Generator) -> str | None:
    letter = name[at]
    if kind < 5:
        near = _NEIGHBOURS.get(letter.lower(), "")
        typed = near[int(draw.integers(0, len(near)))] if near else ""
        return name[:at] + (typed.upper() if letter.isupper() else typed) + name[at + 1 :] if near else None
    if kind < 9:
        return name[:at] + name[at + 1 : at + 2] + letter + name[at + 2 :] if 0 < at < len(name) - 1 else None
    if kind < 14:
        return name[:at] + name[at + 1 :] if at > 0 and len(name) > 2 else None
    if kind < 18:
        return name[: at + 1] + letter.lower() + name[at + 1 :]
    return _first_replaced(name, _SCANNED, int(draw.integers(0, len(_SCANNED))))


def respell(name: str, draw: np.random.Generator) -> str | None:
    """The name as somebody writes it who has only heard it."""
    return _first_replaced(name, _BY_EAR, int(draw.integers(0, len(_BY_EAR))))


def _first_replaced(name: str, rules: Sequence[tuple[str, str]], start: int) -> str | None:
    lowered = name.lower()
    if len(lowered) != len(name):
        return None
    for old, new in (*rules[start:], *rules[:start]):
        at = lowered.find(old, 1)
        made = name[:at] + new + name[at + len(old) :]
        if at > 0 and fold(made) != fold(name):
            return made
    return None


def mistype_date(born: date, kind: Damage, draw: np.random.Generator) -> date | None:
    """Another date, wrong in the way of one of the kinds of damage to dates."""
    other = _MISTYPERS[kind](born, draw)
    return None if other == born else other


def _swapped(born: date, _: np.random.Generator) -> date | None:
    return date(born.year, born.day, born.month) if born.day <= 12 else None


def _other_month(born: date, draw: np.random.Generator) -> date:
    return date(born.year, (born.month + int(draw.choice([-2, 0]))) % 12 + 1, min(born.day, 28))


def _other_year(born: date, draw: np.random.Generator) -> date:
    return date(born.year + int(draw.choice([-2, -1, 1, 1, 2])), born.month, min(born.day, 28))


def _other_day(born: date, draw: np.random.Generator) -> date:
    return born + timedelta(days=int(draw.choice([-3, -2, -1, 1, 2, 3])))


def _first_of_january(born: date, _: np.random.Generator) -> date:
    return date(born.year, 1, 1)


def _transposed(born: date, draw: np.random.Generator) -> date | None:
    """The two digits of the day, the month or the end of the year exchanged."""
    text = born.isoformat()
    made = [text[:at] + text[at + 1] + text[at] + text[at + 2 :] for at in draw.permutation([2, 5, 8])]
    return next((other for other in map(_as_date, made) if other not in {None, born}), None)


def _other_digit(born: date, draw: np.random.Generator) -> date | None:
    text = born.isoformat()
    for at in draw.permutation([3, 5, 6, 8, 9, 3, 6, 8, 9]):
        other = _as_date(text[:at] + str(int(draw.integers(0, 10))) + text[at + 1 :])
        if other not in {None, born}:
            return other
    return None


def _as_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


_MISTYPERS: Final[Mapping[Damage, Callable[[date, np.random.Generator], date | None]]] = {
    Damage.DATE_SWAPPED: _swapped,
    Damage.DATE_DIGIT: _other_digit,
    Damage.DATE_TRANSPOSED: _transposed,
    Damage.DATE_MONTH: _other_month,
    Damage.DATE_YEAR: _other_year,
    Damage.DATE_DAY: _other_day,
    Damage.DATE_JANUARY: _first_of_january,
}


def other_digit(number: str, draw: np.random.Generator) -> str:
    """A number with one digit wrong."""
    at = int(draw.integers(0, len(number)))
    return number[:at] + str((int(number[at]) + int(draw.integers(1, 10))) % 10) + number[at + 1 :]
