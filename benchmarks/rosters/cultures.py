"""Naming cultures: where names come from, how often each is given, and how they are put together.

Invariants: the first culture is that of English-speaking countries, whose names come from recorded frequencies where
they are on this machine; shares of cultures sum to 1; the same words give the same tables.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from attrs import field, frozen

from benchmarks.names import NameTables, load_names
from benchmarks.rosters.tails import rarer_names
from benchmarks.rosters.words import FAMILY, FEMALE, MALE, MIDDLE, PARTS

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_FLATTEN: Final = 12
"""The k-th word without a share of its own has one in proportion to 1 / (k + 12): no given name is borne by many."""

_FLATTEN_PARTS: Final = 60
"""The same for the many names that are made of two parts."""

_RARER: Final = 0.35
"""The share of the rarer names, where there are any: each of them as common as the next."""


@frozen(eq=False)
class Names:
    """Words and the running sum of their shares."""

    words: pl.Series = field(repr=False)
    upto: Floats = field(repr=False)

    def draw(self, count: int, draw: np.random.Generator) -> pl.Series:
        """So many names, each as often as its share says."""
        places = np.searchsorted(self.upto, draw.random(count), side="right")
        return self.words.gather(np.minimum(places, len(self.words) - 1))


@frozen(eq=False)
class Culture:
    """How names are given in one culture.

    Attributes:
        share: of the families.
        female, male, family: given names and family names.
        middles: middle names of its own (female, male), or None where given names serve.
        middle: the share of children with a middle name.
        english: the share of children with a given name of the first culture.
        double: the share of families with two family names.
        inflected: the share of families whose daughters bear another form of the name.
        prefixed: the share of families with a particle such as Al-.
        compound: the share of children with two given names in one.

    """

    name: str
    share: float
    female: Names = field(repr=False)
    male: Names = field(repr=False)
    family: Names = field(repr=False)
    middles: tuple[Names, Names] | None = field(repr=False)
    middle: float
    english: float
    double: float
    inflected: float
    prefixed: float
    compound: float


@frozen(eq=False)
class Drawing:
    """What a drawing goes by: the generator of chance, the cultures, and how many districts there are."""

    draw: np.random.Generator
    cultures: Sequence[Culture]
    districts: int = 1

    def chance(self, share: float | Floats, count: int) -> Flags:
        """For each of so many whether it befalls, with this probability."""
        return np.asarray(self.draw.random(count) < share, dtype=np.bool_)

    def habit(self, name: str, culture: Integers) -> Flags:
        """For each whether it does what a share of its culture does."""
        return self.chance(np.array([getattr(one, name) for one in self.cultures])[culture], len(culture))


_HABITS: Final = {
    # share, middle, english, double, inflected, prefixed, compound
    "english": (0.45, 0.75, 0.00, 0.03, 0.00, 0.00, 0.015),
    "hispanic": (0.13, 0.25, 0.25, 0.65, 0.00, 0.00, 0.12),
    "vietnamese": (0.04, 0.75, 0.30, 0.00, 0.00, 0.00, 0.50),
    "chinese": (0.05, 0.15, 0.35, 0.00, 0.00, 0.00, 0.00),
    "korean": (0.025, 0.15, 0.35, 0.00, 0.00, 0.00, 0.00),
    "arabic": (0.05, 0.30, 0.05, 0.02, 0.00, 0.30, 0.05),
    "south_asian": (0.05, 0.20, 0.05, 0.02, 0.00, 0.00, 0.03),
    "sikh": (0.02, 0.45, 0.05, 0.00, 0.00, 0.00, 0.00),
    "slavic": (0.035, 0.25, 0.20, 0.01, 0.60, 0.00, 0.00),
    "greek": (0.015, 0.25, 0.20, 0.00, 0.25, 0.00, 0.00),
    "portuguese": (0.02, 0.20, 0.10, 0.55, 0.00, 0.00, 0.15),
    "turkish": (0.015, 0.10, 0.05, 0.00, 0.00, 0.00, 0.05),
    "german": (0.015, 0.40, 0.20, 0.03, 0.00, 0.00, 0.02),
    "nordic": (0.01, 0.40, 0.20, 0.03, 0.00, 0.00, 0.02),
    "pacific": (0.02, 0.35, 0.30, 0.05, 0.00, 0.00, 0.02),
    "african": (0.02, 0.40, 0.30, 0.02, 0.00, 0.00, 0.00),
    "celtic": (0.02, 0.60, 0.30, 0.02, 0.00, 0.00, 0.01),
    "french": (0.01, 0.40, 0.15, 0.03, 0.00, 0.00, 0.03),
    "italian": (0.01, 0.30, 0.20, 0.01, 0.00, 0.00, 0.02),
    "dutch": (0.01, 0.40, 0.15, 0.02, 0.00, 0.00, 0.00),
    "han": (0.0015, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00),
    "hangul": (0.001, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00),
    "cyrillic": (0.001, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00),
    "greek_script": (0.0005, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00),
    "arabic_script": (0.001, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00),
}
"""Culture → share of the families, then the habits in the order of `Culture`; the shares are made to sum to 1."""


def load_cultures(tables: NameTables | None = None) -> tuple[Culture, ...]:
    """All cultures; the first has the recorded (or invented) names of `benchmarks.names`."""
    english = tables or load_names()
    return tuple(_culture(name, english) for name in _HABITS)


def _culture(name: str, tables: NameTables) -> Culture:
    share, *habits = _HABITS[name]
    if name == "english":
        female, male, family = (_of_table(table) for table in (tables.female, tables.male, tables.family))
    else:
        family = parse_words(FAMILY[name], rarer_names(name, "family"))
        female, male = (_given_names(name, sex) for sex in ("female", "male"))
    own = MIDDLE.get(name)
    middles = None if own is None else (parse_words(own["female"]), parse_words(own["male"]))
    whole = sum(shares[0] for shares in _HABITS.values())
    return Culture(name, share / whole, female, male, family, middles, *habits)


def _of_table(table: pl.DataFrame) -> Names:
    return Names(table["name"], np.cumsum(table["share"].to_numpy()))


def _given_names(name: str, sex: str) -> Names:
    if name in PARTS:
        return _of_parts(name, sex)
    words = FEMALE[name] if sex == "female" else MALE[name]
    return parse_words(words, rarer_names(name, sex))


def _of_parts(name: str, sex: str) -> Names:
    """Given names of two parts; the sexes take the parts from either end, so that some names are of both."""
    joint, first, second = PARTS[name]
    turn = 1 if sex == "female" else -1
    firsts, seconds = first.split()[::turn], second.split()[::turn]
    made = [(i + j, f"{a}{joint}{b.lower()}") for i, a in enumerate(firsts) for j, b in enumerate(seconds) if a != b]
    words = [word for _, word in sorted(made)]
    return Names(pl.Series(words), np.cumsum(_falling(len(words), _FLATTEN_PARTS)))


def parse_words(text: str, rarer: Sequence[str] = ()) -> Names:
    """Read words and shares as `words.py` writes them, and let rarer names share a part of the whole.

    >>> parse_words("Nguyễn=60 Trần Lê").words.to_list()
    ['Nguyễn', 'Trần', 'Lê']
    """
    parts = [part.partition("=") for part in text.split()]
    stated = np.array([float(share) if share else np.nan for _, _, share in parts])
    is_open = np.isnan(stated)
    rest = max(1.0, 100.0 - float(np.nansum(stated)))
    weights = np.where(is_open, 0.0, stated)
    weights[is_open] = rest * _falling(int(is_open.sum()), _FLATTEN)
    known = [word.replace("_", " ") for word, _, _ in parts]
    others = [name for name in rarer if name not in set(known)]
    of_others = np.full(len(others), _RARER / (1 - _RARER) * weights.sum() / max(len(others), 1))
    shares = np.concatenate([weights, of_others])
    return Names(pl.Series([*known, *others]), np.cumsum(shares / shares.sum()))


def _falling(count: int, flatten: int) -> Floats:
    """Shares that fall as 1 / (k + flatten)."""
    weights = 1.0 / (np.arange(count) + flatten)
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def draw_cultures(drawing: Drawing, district: Integers) -> Integers:
    """A culture for each family: of all districts as `share` says on average, in each as uneven as districts are."""
    shares = np.array([culture.share for culture in drawing.cultures])
    if drawing.districts > 1:
        shares = shares * drawing.draw.gamma(1.5, 1.0, (drawing.districts, len(shares)))
    upto = np.cumsum(np.atleast_2d(shares), axis=1)
    places = drawing.draw.random(len(district))[:, None] > (upto / upto[:, -1:])[district]
    return np.asarray(np.minimum(places.sum(axis=1), len(drawing.cultures) - 1), dtype=np.int64)
