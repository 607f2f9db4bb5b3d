"""Two Splink models for whatever columns a set has: library comparisons as they come, and finer levels of our own.

Invariants: no figure here is fitted to a set; u is drawn with a seed and m trained by EM without labels; each rule of
blocking names an equality, so that DuckDB joins by hash. The columns are those of `frames.to_plain`.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import Any, Final

import splink.comparison_level_library as levels
import splink.comparison_library as compare
from attrs import frozen
from splink import block_on

YEAR: Final = "substr(born, 1, 4)"
_DAY: Final = "substr(born, 6, 5)"
_STARTS: Final = ("substr(given, 1, 2)", "substr(family, 1, 3)")


@frozen
class SplinkModel:
    """What a model compares, and which pairs it looks at.

    Attributes:
        comparisons: columns → comparisons.
        blocks: columns → rules of blocking for prediction.
        iterations: how often EM repeats at most. Where a column never differs within a person, 25 rounds (Splink's own
            number) drive a probability below what Splink can hold, and it stops with an error.

    """

    comparisons: Callable[[Sequence[str], Sequence[str]], list[Any]]
    blocks: Callable[[Sequence[str], Sequence[str]], list[Any]]
    iterations: int = 25


def training_blocks(columns: Sequence[str], further: Sequence[str]) -> list[Any]:
    """Rules that EM is run within: each comparison is left free by at least one of them."""
    if "born" in columns:
        beside = [block_on(name, "given") for name in further[:1]]
        return [block_on("born"), block_on("given", "family"), *beside]
    return [block_on("given", "family"), "l.school = r.school and l.grade + 1 = r.grade"]


def certain_rules(columns: Sequence[str]) -> list[Any]:
    """Rules that hardly anyone but one person meets, for the share of pairs that match."""
    if "born" not in columns:
        return [block_on("given", "family", "school")]
    return [block_on("given", "born"), block_on("family", "born"), block_on("given", "family", YEAR)]


def _library(columns: Sequence[str], further: Sequence[str]) -> list[Any]:
    """Splink's ready-made comparisons."""
    names = compare.ForenameSurnameComparison("given", "family", forename_surname_concat_col_name="full_name")
    born = compare.DateOfBirthComparison("born", input_is_string=True)
    return [
        names,
        *_where("born" in columns, born.configure(term_frequency_adjustments=True)),
        *(compare.NameComparison(name) for name in ("middle", "preferred") if name in columns),
        *(_known(name) for name in ("suffix", "gender", "school") if name in columns),
        *_where("number" in columns, compare.DamerauLevenshteinAtThresholds("number", [1, 2])),
        *_where("grade" in columns, _grade()),
        *(_like(name) for name in further),
    ]


def _fine(columns: Sequence[str], further: Sequence[str]) -> list[Any]:
    """Given and family name apart, with more levels each; dates in parts; initials."""
    return [
        _given("preferred" in columns),
        _family(),
        *_where("born" in columns, _born()),
        *_where("middle" in columns, _middle()),
        *(_known(name) for name in ("suffix", "gender", "school") if name in columns),
        *_where("number" in columns, compare.DamerauLevenshteinAtThresholds("number", [1, 2])),
        *_where("grade" in columns, _grade()),
        *(_like(name) for name in further),
    ]


def _few_blocks(columns: Sequence[str], further: Sequence[str]) -> list[Any]:
    if "born" not in columns:
        return [block_on("given", "family"), block_on("family", "school"), block_on("given", "school", "grade")]
    beside = [block_on(name, part) for name in further for part in ("given", "family")]
    return [
        block_on("given", "family"), block_on("born"), block_on("family", YEAR), block_on("given", YEAR), *beside,
    ]  # fmt: skip


def _many_blocks(columns: Sequence[str], further: Sequence[str]) -> list[Any]:
    rules = [*_few_blocks(columns, further), block_on(*_STARTS), "l.given = r.family and l.family = r.given"]
    if "born" in columns:
        rules += [block_on(_DAY, "family"), block_on(_DAY, "given"), block_on(_DAY, _STARTS[1])]
        rules += [block_on(name, YEAR) for name in further]
    rules += [block_on(name, part) for name in further for part in _STARTS]
    return rules + [block_on("number")] * ("number" in columns)


def _tight_blocks(columns: Sequence[str], further: Sequence[str]) -> list[Any]:  # noqa: ARG001 - as the others
    """Two of given name, family name and birth date: few pairs a row, however long the roster."""
    return [block_on("given", "family"), block_on("given", "born"), block_on("family", "born")]


def _sure(columns: Sequence[str], further: Sequence[str]) -> list[Any]:  # noqa: ARG001 - as the others
    """Library comparisons of names and birth date; of columns that hardly ever differ the chances are set."""
    names = compare.ForenameSurnameComparison("given", "family", forename_surname_concat_col_name="full_name")
    born = compare.DateOfBirthComparison("born", input_is_string=True)
    known = [_set_to(name, [f"{name}_l = {name}_r"], [0.97, 0.03]) for name in ("gender", "school") if name in columns]
    steps = ["grade_l + 1 = grade_r", "grade_l = grade_r"]
    return [names, born, *known, *_where("grade" in columns, _set_to("grade", steps, [0.95, 0.04, 0.01]))]


MODELS: Final = {
    "library": SplinkModel(_library, _few_blocks),
    "fine": SplinkModel(_fine, _many_blocks),
    "tight": SplinkModel(_sure, _tight_blocks, iterations=10),
}
"""`library` and `fine` for the labelled sets, where finding is what counts; `tight` for long rosters."""


def _set_to(name: str, conditions: Sequence[str], chances: Sequence[float]) -> Any:
    """A comparison whose chances within one person are given."""
    tried = [levels.NullLevel(name), *(levels.CustomLevel(sql, sql) for sql in conditions), levels.ElseLevel()]
    given = zip(tried[1:], chances, strict=True)
    fixed = [level.configure(m_probability=chance, fix_m_probability=True) for level, chance in given]
    return compare.CustomComparison(output_column_name=name, comparison_levels=[tried[0], *fixed])


def _where(holds: bool, comparison: Any) -> Iterable[Any]:  # noqa: FBT001 - reads as `where`
    return [comparison] if holds else []


def _known(name: str) -> Any:
    """Equal or not, common values counting less."""
    return compare.ExactMatch(name).configure(term_frequency_adjustments=True)


def _like(name: str) -> Any:
    """Equal, nearly equal, similar; common values counting less."""
    return compare.CustomComparison(
        output_column_name=name,
        comparison_levels=[
            levels.NullLevel(name),
            levels.ExactMatchLevel(name, term_frequency_adjustments=True),
            levels.LevenshteinLevel(name, 1),
            levels.JaroWinklerLevel(name, 0.9),
            levels.JaroWinklerLevel(name, 0.8),
            levels.ElseLevel(),
        ],
    )


def _given(has_preferred: bool) -> Any:  # noqa: FBT001 - a column more or less
    also = ["given_l = preferred_r or given_r = preferred_l or preferred_l = preferred_r"] if has_preferred else []
    return compare.CustomComparison(
        output_column_name="given",
        comparison_levels=[
            levels.NullLevel("given"),
            levels.ExactMatchLevel("given", term_frequency_adjustments=True),
            *(levels.CustomLevel(sql, "a further given name") for sql in also),
            levels.CustomLevel("given_l = family_r and family_l = given_r", "exchanged"),
            levels.LevenshteinLevel("given", 1),
            levels.JaroWinklerLevel("given", 0.92),
            levels.JaroWinklerLevel("given", 0.85),
            levels.CustomLevel("substr(given_l, 1, 1) = substr(given_r, 1, 1)", "initial"),
            levels.JaroWinklerLevel("given", 0.7),
            levels.ElseLevel(),
        ],
    )


def _family() -> Any:
    within = "contains(family_l, family_r) or contains(family_r, family_l)"
    return compare.CustomComparison(
        output_column_name="family",
        comparison_levels=[
            levels.NullLevel("family"),
            levels.ExactMatchLevel("family", term_frequency_adjustments=True),
            levels.CustomLevel("given_l = family_r and family_l = given_r", "exchanged"),
            levels.LevenshteinLevel("family", 1),
            levels.JaroWinklerLevel("family", 0.92),
            levels.CustomLevel(within, "one within the other"),
            levels.JaroWinklerLevel("family", 0.85),
            levels.JaroWinklerLevel("family", 0.7),
            levels.ElseLevel(),
        ],
    )


def _born() -> Any:
    parts = [f"substr(born_l, {at}, {size}) = substr(born_r, {at}, {size})" for at, size in ((1, 4), (6, 2), (9, 2))]
    two = " or ".join(f"({one} and {other})" for one, other in combinations(parts, 2))
    exchanged = f"{parts[0]} and substr(born_l, 6, 2) = substr(born_r, 9, 2)"
    begun = "(starts_with(born_l, born_r) or starts_with(born_r, born_l))"
    return compare.CustomComparison(
        output_column_name="born",
        comparison_levels=[
            levels.NullLevel("born"),
            levels.ExactMatchLevel("born", term_frequency_adjustments=True),
            levels.CustomLevel(begun, "the same as far as known"),
            levels.DamerauLevenshteinLevel("born", 1),
            levels.CustomLevel(f"({exchanged} and substr(born_l, 9, 2) = substr(born_r, 6, 2)) or {two}", "two parts"),
            levels.DamerauLevenshteinLevel("born", 2),
            levels.CustomLevel(parts[0], "year"),
            levels.ElseLevel(),
        ],
    )


def _middle() -> Any:
    return compare.CustomComparison(
        output_column_name="middle",
        comparison_levels=[
            levels.NullLevel("middle"),
            levels.ExactMatchLevel("middle", term_frequency_adjustments=True),
            levels.CustomLevel("substr(middle_l, 1, 1) = substr(middle_r, 1, 1)", "initial"),
            levels.ElseLevel(),
        ],
    )


def _grade() -> Any:
    return compare.CustomComparison(
        output_column_name="grade",
        comparison_levels=[
            levels.NullLevel("grade"),
            levels.CustomLevel("grade_l + 1 = grade_r", "the next"),
            levels.CustomLevel("grade_l = grade_r", "the same"),
            levels.ElseLevel(),
        ],
    )
