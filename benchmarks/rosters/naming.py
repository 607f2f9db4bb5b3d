"""Names for children: each from the names of its culture, put together as the culture does.

Invariants: everything is drawn for whole columns at once; a culture is the number of its place in `Drawing.cultures`.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cpdist

from benchmarks.rosters.cultures import Drawing, Flags, Integers, Names

_PREFIXES: Final = ("Al-", "Al ", "El-", "El ", "Abu ", "Bin ")
_HYPHEN: Final = (0.9, 0.15)
"""The share of hyphens between two family names, in the first culture and elsewhere."""

_DRAWS: Final = 40
"""So many names are drawn, of which the most similar is taken."""

_FEMININE: Final = {
    "ski$": "ska", "cki$": "cka", "dzki$": "dzka", "(ov|ev|in)$": "${1}a", "ný$": "ná", "lý$": "lá",
    "opoulos$": "opoulou", "idis$": "idi", "akis$": "aki",
}  # fmt: skip


def draw_surnames(culture: Integers, drawing: Drawing) -> pl.Series:
    """A family name for each, with particles and second names as the culture has them."""
    first, second = (_by_culture(culture, [c.family for c in drawing.cultures], drawing) for _ in range(2))
    hyphen = drawing.chance(np.where(culture == 0, *_HYPHEN), len(culture))
    drawn = pl.DataFrame(
        {
            "first": first,
            "second": second,
            "joint": pl.Series(["-", " "]).gather(np.where(hyphen, 0, 1)),
            "double": drawing.habit("double", culture) & (first != second).to_numpy(),
            "prefix": pl.Series(_PREFIXES).gather(drawing.draw.integers(0, len(_PREFIXES), len(culture))),
            "prefixed": drawing.habit("prefixed", culture),
        }
    )
    whole = pl.when("double").then(pl.concat_str("first", "joint", "second")).otherwise("first")
    return drawn.select(pl.when("prefixed").then(pl.concat_str("prefix", whole)).otherwise(whole)).to_series()


def draw_given(culture: Integers, female: Flags, drawing: Drawing) -> pl.Series:
    """A given name for each, of the culture or, for its share, of the first one; some are two names in one."""
    taken = np.where(drawing.habit("english", culture), 0, culture)
    names = [name for c in drawing.cultures for name in (c.male, c.female)]
    first, second = (_by_culture(2 * taken + female, names, drawing) for _ in range(2))
    compound = pl.Series(drawing.habit("compound", taken)) & (first != second)
    both = pl.DataFrame({"first": first, "second": second}).select(pl.concat_str("first", pl.lit(" "), "second"))
    return both.to_series().zip_with(compound, first)


def draw_middle(culture: Integers, female: Flags, drawing: Drawing) -> pl.Series:
    """A middle name for each, null for those who have none."""
    pairs = [(c.male, c.female) if c.middles is None else c.middles[::-1] for c in drawing.cultures]
    drawn = _by_culture(2 * culture + female, [name for pair in pairs for name in pair], drawing)
    return drawn.set(~pl.Series(drawing.habit("middle", culture)), None)


def draw_other_given(children: pl.DataFrame, drawing: Drawing) -> pl.Series:
    """A given name for each that is not his own."""
    culture, female = children["culture"].to_numpy(), is_female(children)
    given = draw_given(culture, female, drawing)
    for _ in range(30):
        same = given == children["given_name"]
        if not same.any():
            break
        given = draw_given(culture, female, drawing).zip_with(same, given)
    return given


def draw_like(given: pl.Series, culture: Integers, female: Flags, drawing: Drawing) -> pl.Series:
    """For each given name the most similar of many others that are drawn: Ethan and Evan, Marie and Maria."""
    best, closeness = given, np.full(len(given), -1.0)
    for _ in range(_DRAWS):
        drawn = draw_given(culture, female, drawing)
        near = cpdist(given.to_list(), drawn.to_list(), scorer=JaroWinkler.similarity)
        nearer = (near > closeness) & (drawn != given).to_numpy()
        best = drawn.zip_with(pl.Series(nearer), best)
        closeness = np.where(nearer, near, closeness)
    return best


def is_female(children: pl.DataFrame) -> Flags:
    """For each child whether she is a girl."""
    return (children["gender"] == "F").to_numpy()


def feminine(surname: pl.Expr) -> pl.Expr:
    """The form of a Slavic or Greek family name that daughters bear."""
    changed = surname
    for ending, form in _FEMININE.items():
        changed = changed.str.replace(ending, form)
    return changed


def _by_culture(places: Integers, names: Sequence[Names], drawing: Drawing) -> pl.Series:
    """A name for each place, from the names that have its number."""
    order = np.argsort(places, kind="stable")
    counts = np.bincount(places, minlength=len(names))
    drawn = [table.draw(int(count), drawing.draw) for table, count in zip(names, counts, strict=True) if count]
    back = np.empty(len(order), dtype=np.int64)
    back[order] = np.arange(len(order))
    return pl.concat(drawn).gather(back) if drawn else pl.Series([], dtype=pl.String)
