"""Levels → weights: the evidence of each field, and their sum.

Invariants: a weight is an integer of 1/1000 bit; the sum of a pair's weights is its `weight_mb`; agreement on a rare
value weighs more than on a common one. A million pairs show a few thousand patterns of levels: what a model says is
looked up once for each pattern, and what frequencies add once for each pair.
"""

import math
from collections.abc import Mapping
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
from attrs import evolve, frozen

from rosterdiff.config import Evidence
from rosterdiff.levels import Comparison, DateLevel, FurtherLevel, NameLevel, ValueLevel
from rosterdiff.matching.compare_further import chance_levels
from rosterdiff.matching.distinct import as_one_number
from rosterdiff.matching.model import MILLIBITS, TABLES, Model, Table
from rosterdiff.matching.together import weigh_together
from rosterdiff.schema import COMPARED, LEVEL_COLUMNS, MILLIBIT_COLUMNS, SCORED, by_place, check

Weights = npt.NDArray[np.int64]
Narrower: TypeAlias = tuple[tuple[Comparison, Table, npt.NDArray[np.bool_]], ...]

_NAMES: Final = {Comparison.GIVEN_NAME: "given_key", Comparison.FAMILY_NAME: "family_key"}
"""Comparisons whose levels are all weighed by how common the two names are, with the record's column."""

_VALUES: Final = {Comparison.BIRTH_DATE: "birth_date", Comparison.SCHOOL: "school"}
"""Comparisons whose `same` level is weighed by how common the value is."""

_CLOSE: Final = (
    NameLevel.KNOWN_AS, NameLevel.NICKNAME, NameLevel.TRANSPOSED, NameLevel.SLIP, NameLevel.TYPO, NameLevel.TYPOS,
    NameLevel.PART, NameLevel.SOUNDS_ALIKE, NameLevel.SIMILAR,
)  # fmt: skip

COMMON: Final = 9 * MILLIBITS
"""The rarity at which a close name weighs what its table says: one student in 500 is called so."""

_DATED: Final = (
    DateLevel.SAME, DateLevel.DAY_MONTH_SWAPPED, DateLevel.TRANSPOSED, DateLevel.ONE_DIGIT, DateLevel.ONE_PART,
    DateLevel.PARTIAL, DateLevel.YEAR_ONLY, DateLevel.PLACEHOLDER, DateLevel.YEAR_SAME,
)  # fmt: skip
"""Levels at which the two are of an age, so that their grades agree in any case."""

TABLE_OF: Final = {
    Evidence.EXACT: Table.FURTHER_EXACT,
    Evidence.FUZZY: Table.FURTHER_FUZZY,
    Evidence.CATEGORICAL: Table.FURTHER_CATEGORICAL,
}


@frozen(eq=False)
class Patterns:
    """The combinations of levels that pairs show.

    Attributes:
        of_pair: the line of each pair's pattern.
        levels: the level of every comparison, a line a pattern.
        further: the level of each declared column.
        narrower: `narrower_tables` of the levels.

    """

    of_pair: Weights
    levels: pl.DataFrame
    further: pl.DataFrame
    narrower: Narrower


@frozen(eq=False)
class Evident:
    """Compared pairs with all of their weight that does not depend on the m of a model.

    Attributes:
        levels: `schema.LEVELS`.
        further: the level of each declared column, a line a pair.
        columns: the declared columns, as records call them, and how each is compared.
        patterns: the combinations of levels among them.
        rarities: what the frequencies of the values add, by comparison or declared column.
        together: the level of `Comparison.TOGETHER`; `together_mb` its weight.
        added: all that frequencies and what goes together add to the weight of each pair.

    """

    levels: pl.DataFrame
    further: pl.DataFrame
    columns: Mapping[str, Evidence]
    patterns: Patterns
    rarities: Mapping[str, Weights]
    together: pl.Series
    together_mb: Weights
    added: Weights

    def only(self, kept: pl.Series) -> "Evident":
        """The pairs of these places."""
        at = kept.to_numpy()
        return Evident(
            self.levels.select(pl.all().gather(kept)),
            self.further.select(pl.all().gather(kept)),
            self.columns,
            evolve(self.patterns, of_pair=self.patterns.of_pair[at]),
            {name: weights[at] for name, weights in self.rarities.items()},
            self.together.gather(kept),
            self.together_mb[at],
            self.added[at],
        )


def find_evident(
    levels: pl.DataFrame,
    further: pl.DataFrame,
    records: tuple[pl.DataFrame, pl.DataFrame],
    columns: Mapping[str, Evidence],
    model: Model,
) -> Evident:
    """Weigh what frequencies say, and what goes together.

    Args:
        levels: `schema.LEVELS`.
        further: the level of each declared column, a line a pair.
        records: rows and students, for the frequencies of their values.
        columns: the declared columns, as records call them, and how each is compared.
        model: the shipped frequencies, which smooth those at hand.

    """
    rarities: dict[str, Weights] = {
        comparison: _of_names(levels, comparison, _rarities(levels, records, column, comparison, model))
        for comparison, column in _NAMES.items()
    }
    for comparison, column in _VALUES.items():
        rarity = _rarities(levels, records, column, comparison, model)[0]
        rarities[comparison] = np.where(_is(levels, comparison, "same"), rarity, 0)
    for column, kind in columns.items():
        same = (further[column] == ValueLevel.SAME.value).to_numpy()
        rarity = _rarities(levels, records, column, TABLE_OF[kind], model)[0]
        by_chance = _by_chance(records, column, kind, model)[further[column].to_physical().to_numpy()]
        rarities[column] = np.where(same, rarity, by_chance)
    together, together_mb = weigh_together(levels, further, records)
    added = sum(rarities.values(), together_mb)
    return Evident(levels, further, columns, find_patterns(levels, further), rarities, together, together_mb, added)


def find_patterns(levels: pl.DataFrame, further: pl.DataFrame) -> Patterns:
    """The combinations of levels (`schema.LEVELS`, and those of declared columns) that pairs show."""
    compared = levels.select(LEVEL_COLUMNS[c] for c in COMPARED).hstack(further)
    _, first, of_pair = np.unique(as_one_number(compared.iter_columns()), return_index=True, return_inverse=True)
    patterns = compared[first]
    of_levels = patterns.select(LEVEL_COLUMNS[c] for c in COMPARED)
    return Patterns(of_pair, of_levels, patterns.select(further.columns), narrower_tables(of_levels))


def weigh_pairs(evident: Evident, model: Model) -> pl.DataFrame:
    """The pairs with the weight of every comparison (`schema.SCORED`), in their order."""
    said = _by_pattern(evident.patterns, evident.columns, model)
    further = _of_pairs(evident, said[Comparison.FURTHER], *evident.columns)
    weights = {Comparison.FURTHER: further, Comparison.TOGETHER: evident.together_mb.astype(np.int32)}
    for comparison in COMPARED:
        added = [comparison] if comparison in evident.rarities else []
        weights[comparison] = _of_pairs(evident, said[comparison], *added)
    scored = evident.levels.with_columns(
        _further_level(further, evident.further).alias(LEVEL_COLUMNS[Comparison.FURTHER]),
        evident.together.alias(LEVEL_COLUMNS[Comparison.TOGETHER]),
        *(pl.Series(MILLIBIT_COLUMNS[c], weights[c]) for c in Comparison),
    )
    total = pl.sum_horizontal(MILLIBIT_COLUMNS.values()).cast(pl.Int32).alias("weight_mb")
    return check(scored.with_columns(total).select(*SCORED), SCORED)


def _of_pairs(evident: Evident, said: Weights, *added: str) -> npt.NDArray[np.int32]:
    """The weight of each pair, of what is said of its pattern and of what the frequencies of these columns add."""
    weights = said.astype(np.int32)[evident.patterns.of_pair]
    for name in added:
        weights += evident.rarities[name].astype(np.int32)
    return weights


def weigh_totals(evident: Evident, model: Model) -> Weights:
    """The weight of each pair in 1/1000 bit, the sum over its comparisons."""
    said = _by_pattern(evident.patterns, evident.columns, model)
    totals: Weights = sum(said.values(), np.zeros(evident.patterns.levels.height, np.int64))[evident.patterns.of_pair]
    totals += evident.added
    return totals


def _by_pattern(patterns: Patterns, columns: Mapping[str, Evidence], model: Model) -> dict[Comparison, Weights]:
    """What the model says of each pattern, by comparison, in 1/1000 bit."""
    levels = patterns.levels
    weights: dict[Comparison, Weights] = {c: _by_level(levels, c, c, model) for c in COMPARED}
    for comparison, table, applies in patterns.narrower:
        weights[comparison] = np.where(applies, _by_level(levels, comparison, table, model), weights[comparison])
    weights[Comparison.FURTHER] = _of_further(patterns, columns, model)
    return weights


def narrower_tables(levels: pl.DataFrame) -> Narrower:
    """The comparisons that have a table besides for pairs that agree in another field, and which pairs these are.

    The grade says little more where the two are of an age, nor the gender where the given name is the same.
    """
    return (
        (Comparison.GRADE, Table.GRADE_DATED, _is(levels, Comparison.BIRTH_DATE, *_DATED)),
        (Comparison.GENDER, Table.GENDER_NAMED, _is(levels, Comparison.GIVEN_NAME, NameLevel.SAME)),
    )


def _is(levels: pl.DataFrame, comparison: Comparison, *wanted: str) -> npt.NDArray[np.bool_]:
    return levels[LEVEL_COLUMNS[comparison]].is_in([str(level) for level in wanted]).to_numpy()


def _by_level(levels: pl.DataFrame, comparison: Comparison, table: str, model: Model) -> Weights:
    """The weight of each level, looked up by its place in the closed set of levels.

    What is weighed by frequency gets the part that does not depend on it: log2 m of `same`.
    """
    weights = np.array([_fixed(model, table, str(level)) for level in TABLES[table]], dtype=np.int64)
    found: Weights = weights[levels[LEVEL_COLUMNS[comparison]].to_physical().to_numpy()]
    return found


def _fixed(model: Model, table: str, level: str) -> int:
    if level != "same" or table not in model.frequency_prior:
        return model.weight(table, level)
    return round(MILLIBITS * math.log2(model.chances[table]["same"][0]))


def _of_names(levels: pl.DataFrame, comparison: Comparison, rarities: tuple[Weights, Weights]) -> Weights:
    """What the frequencies of two names add: all for the same name, half for a close one, the student's for swapped."""
    row, student = rarities
    close = (row + student) // 4 - COMMON // 2
    same, swapped = _is(levels, comparison, NameLevel.SAME), _is(levels, comparison, NameLevel.SWAPPED)
    added: Weights = np.select([same, swapped, _is(levels, comparison, *_CLOSE)], [row, student, close], 0)
    return added


def _rarities(
    levels: pl.DataFrame, records: tuple[pl.DataFrame, pl.DataFrame], column: str, table: str, model: Model
) -> tuple[Weights, Weights]:
    """−log2 of the frequency of each side's value, in 1/1000 bit; the shipped frequency smooths the one at hand."""
    u, prior = model.chances[table]["same"][1], model.frequency_prior[table]
    values = pl.concat([side[column] for side in records]).to_physical().cast(pl.Int64)
    places = (values - (values.min() or 0) + 1).fill_null(0).to_numpy()
    counts = np.bincount(places, minlength=1)
    counts[0] = 0
    rarity = np.round(-MILLIBITS * np.log2((counts + prior * u) / (counts.sum() + prior))).astype(np.int64)
    rarity[0] = 0
    of_value = rarity[places]
    row, student = np.split(of_value, [records[0].height])
    return row[levels["row"].to_numpy()], student[levels["student"].to_numpy()]


def _by_chance(records: tuple[pl.DataFrame, pl.DataFrame], column: str, kind: Evidence, model: Model) -> Weights:
    """What chance adds to the weight of each level of a declared column, because it shows it more or less often."""
    table = TABLE_OF[kind]
    seen, prior = chance_levels(records[0][column], records[1][column], kind), model.frequency_prior[table]
    pairs = sum(seen.values())
    added = []
    for level in ValueLevel:
        _, u = model.chances[table].get(str(level), (1.0, 1.0))
        found = (seen.get(str(level), 0) + prior * u) / (pairs + prior)
        known = level in (ValueLevel.TYPO, ValueLevel.SIMILAR, ValueLevel.PART, ValueLevel.DIFFERENT) and seen
        added.append(round(MILLIBITS * math.log2(u / found)) if known else 0)
    return np.array(added, dtype=np.int64)


def _of_further(patterns: Patterns, columns: Mapping[str, Evidence], model: Model) -> Weights:
    """What the model says of the declared columns together."""
    total = np.zeros(patterns.levels.height, dtype=np.int64)
    for column, kind in columns.items():
        weights = np.array([_fixed(model, TABLE_OF[kind], str(level)) for level in ValueLevel], dtype=np.int64)
        total += weights[patterns.further[column].to_physical().to_numpy()]
    return total


def _further_level(weights: npt.NDArray[np.int32], further: pl.DataFrame) -> pl.Series:
    known = np.zeros(len(weights), dtype=np.bool_)
    for column in further:
        known |= (column != ValueLevel.MISSING.value).to_numpy()
    places = {level: place for place, level in enumerate(FurtherLevel)}
    found = np.where(weights >= 0, places[FurtherLevel.FOR], places[FurtherLevel.AGAINST])
    return by_place(np.where(known, found, places[FurtherLevel.MISSING]), FurtherLevel)
