"""What tuning found as Markdown: what it learnt from, how the models do, and the numbers beside the shipped ones."""

import math
from collections.abc import Iterator, Sequence
from typing import Final

from benchmarks.accuracy_tables import title_of
from benchmarks.scoring import PairFigures
from benchmarks.tables import provenance, table
from benchmarks.tune import Trial, Tuned
from benchmarks.tune_counts import Observed
from benchmarks.tune_file import FIRST_WORDS, digits
from benchmarks.tune_pool import LEAST_OTHER, LEAST_SAME, SMOOTHING_OTHER, SMOOTHING_SAME, fitted_tables
from rosterdiff import __version__


def render_tuned(tuned: Tuned) -> str:
    """The section of the page."""
    kept = ", ".join(f"`{name}`" for name in _kept(tuned))
    return "\n\n".join(
        [
            "## Where the shipped numbers come from",
            provenance("tune", "polars", "rapidfuzz", "rosterdiff"),
            _INTRODUCTION,
            table(_SOURCE_HEADER, [_source_line(one) for one in tuned.observed]),
            "### How the models do",
            _ON_TRIALS,
            table(_TRIAL_HEADER, [_trial_line(trial) for trial in tuned.trials]),
            _verdict(tuned.trials),
            "### The numbers",
            f"{_ON_NUMBERS} Tables that the sets do not have, or not as schools do, keep theirs: {kept}.",
            table(_NUMBER_HEADER, _number_lines(tuned)),
        ]
    )


def render_provenance(tuned: Tuned) -> str:
    """Where the numbers come from, in words, for the module that has them."""
    years = [one for one in tuned.observed if one.generated]
    sets = ", ".join(f"{one.name} {one.true_pairs:,}" for one in tuned.observed if not one.generated)
    seeds = ", ".join(map(str, tuned.seeds))
    drawn = f"{len(years)} × {tuned.years.students:,} students, seeds {seeds}: {sum(one.true_pairs for one in years):,}"
    by_chance = sum(one.chance_pairs for one in tuned.observed)
    return (
        f"{FIRST_WORDS} (rosterdiff {__version__}): m on the true pairs of labelled sets ({sets}) and of generated "
        f"school years ({drawn}), u on {by_chance:,} pairs by chance. Each set counts the same, and the sets together "
        f"as much as the school years; the numbers from before count like {SMOOTHING_SAME:.0f} pairs of each for m and "
        f"like {SMOOTHING_OTHER:,.0f} for u. Levels that fewer than {LEAST_SAME} of the true pairs have, and the u of "
        f"those that fewer than {LEAST_OTHER} of the others have, keep numbers that are judgement, and so do "
        f"{', '.join(_kept(tuned))}: the sets do not have them, or not as schools do."
    )


_INTRODUCTION: Final = (
    "How often each level is seen in one person (m) is counted among the true pairs of labelled sets, compared as the "
    "truth has them, and of generated school years; in two people (u) among pairs by chance. Each set counts the same, "
    "and the sets together as much as the school years: those are what the library is for, the sets are far noisier, "
    "and what befalls generated rows is judgement."
)
_SOURCE_HEADER: Final = ("learnt from", "true pairs", "pairs by chance")
_ON_TRIALS: Final = (
    "Best F1 and R999 (the recall at a precision of at least .999) of `link`'s one-to-one pairs, incomplete birth "
    "dates declared: by the shipped model; by the pooled one, which has seen the set's truth; and by one that was "
    "pooled from all other sets and the school years. Matching sharpens m on the rosters at hand in any case, where "
    "the model speaks for 100 pairs beside those found: on rosters of thousands the models differ little, and more by "
    "their u than by their m."
)
_TRIAL_HEADER: Final = (
    "set · columns", "F1 shipped", "F1 pooled", "F1 left out", "goal", "R999 shipped", "R999 pooled", "R999 left out",
    "goal",
)  # fmt: skip
_ON_NUMBERS: Final = (
    "Bits are log2(m / u). Those of the same names, birth dates, schools and declared values are of a typical value: "
    "the frequency at hand takes the place of u. Levels that hardly any pair has keep their numbers."
)
_NUMBER_HEADER: Final = (
    "table: level", "of sets", "of school years", "m shipped", "m pooled", "u shipped", "u pooled", "bits shipped",
    "bits pooled",
)  # fmt: skip


def _source_line(one: Observed) -> list[str]:
    return [one.name, f"{one.true_pairs:,}", f"{one.chance_pairs:,}"]


def _trial_line(trial: Trial) -> list[str]:
    goal = trial.labelled.goal
    assert goal is not None
    judged = (trial.shipped, trial.pooled, trial.without)
    f1, r999 = [one.best.f1 for one in judged], [one.strict.recall for one in judged]
    return [title_of(trial.labelled), *_four(f1), str(goal.f1), *_four(r999), str(goal.r999)]


def _four(figures: Sequence[float]) -> list[str]:
    return [f"{figure:.4f}" for figure in figures]


def _verdict(trials: Sequence[Trial]) -> str:
    """How many goals each model meets, and where the pooled one does worse."""
    met = [
        f"{name} {sum(_is_met(trial, figures) for trial, figures in judged)}"
        for name, judged in (
            ("shipped", [(trial, trial.shipped) for trial in trials]),
            ("pooled", [(trial, trial.pooled) for trial in trials]),
            ("left out", [(trial, trial.without) for trial in trials]),
        )
    ]
    worse = [trial.labelled.key for trial in trials if trial.is_worse]
    words = f"worse on {', '.join(worse)}" if worse else "as good or better on all"
    return f"Both goals are met on, of {len(trials)}: {', '.join(met)}. The pooled model is {words}."


def _is_met(trial: Trial, figures: PairFigures) -> bool:
    goal = trial.labelled.goal
    return goal is not None and figures.best.f1 >= goal.f1 and figures.strict.recall >= goal.r999


def _kept(tuned: Tuned) -> list[str]:
    fitted = fitted_tables(tuned.observed)
    return [str(name) for name in tuned.present.chances if name not in fitted]


def _number_lines(tuned: Tuned) -> Iterator[list[str]]:
    for name in fitted_tables(tuned.observed):
        for level, before in tuned.present.chances[name].items():
            after = tuned.pooled.chances[name][level]
            seen = [f"{_seen(tuned.observed, name, level, generated=generated):,}" for generated in (False, True)]
            numbers = [digits(pair[side]) for side in (0, 1) for pair in (before, after)]
            yield [f"{name}: {level}", *seen, *numbers, _bits(before), _bits(after)]


def _seen(observed: Sequence[Observed], name: str, level: str, *, generated: bool) -> int:
    return sum(one.same[name].get(level, 0) for one in observed if one.generated is generated)


def _bits(pair: tuple[float, float]) -> str:
    return f"{math.log2(pair[0] / pair[1]):.1f}"
