"""Judgements as Markdown: wrong decisions, the load of review beside its bound, errors by kind, calibration."""

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import pairwise
from operator import add
from typing import Final, TypeAlias

from benchmarks.names import load_names
from benchmarks.rosters.calibration import EDGES, bin_between, brier_score
from benchmarks.rosters.facts import Need
from benchmarks.rosters.intervals import exact_interval
from benchmarks.rosters.judge import BESIDE, Judgement, Words, review_bound
from benchmarks.rosters.options import Variant
from benchmarks.rosters.run import DEFAULT, SIMILAR, Case, RunOptions
from benchmarks.tables import provenance, share_of, table

SHOWN: Final = 12
LEAST: Final = 200
"""Bins of fewer pairs say too little, and are not shown."""

SHOWN_IN_DIAGNOSIS: Final = 60
CANDIDATE_GOAL: Final = 0.995
FIRST_GOAL: Final = 0.98

Cases: TypeAlias = Mapping[Variant, Judgement]


def render_rosters(judged: Mapping[Case, Judgement], options: RunOptions, *, errors: bool = False) -> str:
    """The section of the page."""
    drawn = options.rosters
    parts = [
        "## School years",
        provenance(f"rosters --seeds {options.seeds} --size {drawn.students}", "polars", "rapidfuzz", "rosterdiff"),
        _INTRODUCTION.format(source=load_names().source, seeds=options.seeds, students=drawn.students),
    ]
    for policy, title in _TITLES.items():
        cases = {variant: one for (name, variant), one in judged.items() if name == policy}
        parts += ["### " + title, *(_policy(cases, policy) if cases else [_ABSENT])]
    default = {variant: one for (name, variant), one in judged.items() if name == DEFAULT}
    parts += ["### Calibration", _ON_GOALS, table(_GOAL_HEADER, _goal_lines(default))]
    parts += [_ON_BINS, table(_BIN_HEADER, _bin_lines(default))]
    if errors:
        parts += [part for case, one in judged.items() for part in _diagnosis(case, one)]
    return "\n\n".join(parts)


_TITLES: Final = {
    DEFAULT: "School years by the default policy",
    SIMILAR: "School years where similar names are accepted",
}
_ABSENT: Final = "`Policy` does not know `accept_similar` yet; it is judged once it does."
_INTRODUCTION: Final = (
    "{seeds} times two school years of {students:,} invented children: {source}, and names of twenty-four other "
    "naming cultures; families, twins, namesakes, joiners who resemble leavers, and 6 rows in a hundred whose "
    "name differs. A decision is wrong when it matches two persons, adds a row whose student is in the base, or "
    "deletes a student who is in the incoming roster."
)
_ON_WRONG: Final = (
    "Wrong decisions, and how many that is for 10,000 rows, with the exact 95 % interval (Clopper–Pearson). Of "
    "the wrong matches, those *alike in all*: every field that both sides have agrees, and nobody could tell."
)
_WRONG_HEADER: Final = (
    "columns", "wrong matches", "a 10,000 rows", "alike in all", "wrong adds", "a 10,000 rows", "wrong deletes",
    "a 10,000 rows",
)  # fmt: skip
_ON_OTHERS: Final = "With whom the wrong matches are:"
_OTHERS: Final = ("a twin", "a sibling", "a namesake", "a stranger")
_ON_REVIEW: Final = (
    "The load of review. Its bound, in shares of the rows: those whose name really differs, newcomers with "
    "another student's family name and birth date, half the other look-alikes, and 2 points (without birth dates "
    "8). Goals: the true student among the candidates in 99.5 % of the rows that have one, and first in 98 %."
)
_ON_SIMILAR_REVIEW: Final = "The load of review: the goal is 2 % of the rows with birth dates, 5 % without."
_REVIEW_HEADER: Final = (
    "columns", "rows in review", "bound", "", "true links decided alone", "true student a candidate", "ranked first",
    "groups", "students held", "seconds a plan",
)  # fmt: skip
_ON_NEEDS: Final = (
    "Rows in review by why a person needs to look, in per cent of all rows; beside it, all rows of that kind. "
    "Rows without need are apart where they share a question with a row that has one."
)
_ON_KINDS: Final = "Wrong decisions by what befell the row, or who the newcomer is:"
_ON_GOALS: Final = (
    "Pairs by their probability, by `link`, with the 95 % interval (Wilson). Goals: of those from 0.99 on at "
    "least 99 % are right, and of those from 0.5 to 0.9 between 50 and 90 %. Brier's score is over all pairs from "
    "0.02 on."
)
_GOAL_HEADER: Final = (
    "columns", "right from 0.99 on", "95 % interval", "", "right from 0.5 to 0.9", "95 % interval", "", "Brier",
)  # fmt: skip
_ON_BINS: Final = f"The same in bins of at least {LEAST} pairs: what was said on average, and what was right."
_BIN_HEADER: Final = ("columns", "probability", "pairs", "said", "right", "95 % interval")


def _policy(cases: Cases, policy: str) -> list[str]:
    similar = policy == SIMILAR
    kinds = [[variant.name, *key, count] for variant, one in cases.items() for key, count in _sorted(one.wrong)[:SHOWN]]
    need_header = ("columns", *(need.value for need in Need), BESIDE)
    return [
        _ON_WRONG,
        table(_WRONG_HEADER, [_wrong_line(variant, one) for variant, one in cases.items()]),
        _ON_OTHERS,
        table(("columns", *_OTHERS), [_other_line(variant, one) for variant, one in cases.items()]),
        _ON_SIMILAR_REVIEW if similar else _ON_REVIEW,
        table(_REVIEW_HEADER, [_review_line(variant, one, similar=similar) for variant, one in cases.items()]),
        _ON_NEEDS,
        table(need_header, [_need_line(variant, one) for variant, one in cases.items()]),
        *_unlisted(cases),
        _ON_KINDS,
        table(("columns", "error", "the row", "matched with", "count"), kinds or [["all", "none", "", "", 0]]),
    ]


def _wrong_line(variant: Variant, one: Judgement) -> list[object]:
    matches, additions, deletions = (
        [
            share_of(one.sums[f"wrong_{wrong}"], one.sums[whole]),
            _a_10_000_rows(one.sums[f"wrong_{wrong}"], one.sums["rows"]),
        ]
        for wrong, whole in (("matches", "matched"), ("additions", "added"), ("deletions", "deleted"))
    )
    return [variant.name, *matches, one.sums["alike"], *additions, *deletions]


def _a_10_000_rows(wrong: int, rows: int) -> str:
    low, high = exact_interval(wrong, rows)
    return f"{10_000 * wrong / rows:.2f} ({10_000 * low:.2f}–{10_000 * high:.2f})"


def _other_line(variant: Variant, one: Judgement) -> list[object]:
    matches = dict.fromkeys(_OTHERS, 0)
    for (error, _, other), count in one.wrong.items():
        if error == "match":
            matches[other] += count
    return [variant.name, *matches.values()]


def _review_line(variant: Variant, one: Judgement, *, similar: bool) -> list[str]:
    bound, share = review_bound(one, variant, accepts_similar=similar), one.share("reviewed")
    return [
        variant.name,
        f"{100 * share:.2f} %",
        f"{100 * bound:.2f} %",
        "kept" if share <= bound else "**missed**",
        share_of(one.sums["decided"], one.sums["links"]),
        _goal(one, "found", CANDIDATE_GOAL),
        _goal(one, "first", FIRST_GOAL),
        f"{one.sums['groups']:,}",
        f"{one.sums['held']:,}",
        f"{one.sums['milliseconds'] / 1000 / one.sums['plans']:.1f}",
    ]


def _goal(one: Judgement, part: str, goal: float) -> str:
    missed = one.sums["reviewed_known"] > 0 and one.share(part, "reviewed_known") < goal
    return share_of(one.sums[part], one.sums["reviewed_known"]) + (" **missed**" if missed else "")


def _need_line(variant: Variant, one: Judgement) -> list[str]:
    shown = dict.fromkeys((*(need.value for need in Need), BESIDE), 0)
    for (need, _, _), count in one.reviews.items():
        shown[need] += count
    of_rows = [f"{100 * count / one.sums['rows']:.2f}" for count in shown.values()]
    beside = [f" of {100 * one.share(need):.2f}" for need in Need]
    return [variant.name, *map("".join, zip(of_rows, [*beside, ""], strict=True))]


def _unlisted(cases: Cases) -> list[str]:
    """Students of classes that no sheet lists, where there are any."""
    lines = [
        [variant.name, share_of(one.sums["unlisted_deleted"], one.sums["unlisted"])] for variant, one in cases.items()
    ]
    if not any(one.sums["unlisted"] for one in cases.values()):
        return []
    return ["Students who stay, in classes that no sheet lists:", table(("columns", "deleted for certain"), lines)]


def _with_all(cases: Cases) -> list[tuple[str, Judgement]]:
    """The judgements of the variants by name, and all together."""
    together = [("all", reduce(add, cases.values()))] if cases else []
    return [*((variant.name, one) for variant, one in cases.items()), *together]


def _goal_lines(cases: Cases) -> list[list[str]]:
    lines = []
    for name, one in _with_all(cases):
        cells = []
        for low, high, least, most in ((0.99, 1.0, 0.99, 1.0), (0.5, 0.9, 0.5, 0.9)):
            found = bin_between(one.bins, low, high)
            interval = f"{found.interval[0]:.4f}–{found.interval[1]:.4f}"
            verdict = "" if found.pairs < LEAST else "kept" if least <= found.right <= most else "**missed**"
            cells += [share_of(round(found.right * found.pairs), found.pairs), interval, verdict]
        lines.append([name, *cells, f"{brier_score(one.bins):.4f}"])
    return lines


def _bin_lines(cases: Cases) -> list[list[str]]:
    return [
        [name, f"{found.low:g}–{found.high:g}", f"{found.pairs:,}", f"{found.said:.4f}", f"{found.right:.4f}",
         f"{found.interval[0]:.4f}–{found.interval[1]:.4f}"]
        for name, one in _with_all(cases)
        for low, high in pairwise(EDGES)
        if (found := bin_between(one.bins, low, high)).pairs >= LEAST
    ]  # fmt: skip


def _diagnosis(case: Case, one: Judgement) -> list[str]:
    """Levels of the wrong pairs, and the rows in review by need, kind and reason."""
    policy, variant = case
    return [
        f"#### {policy}: {variant.name}",
        "Levels of the wrong pairs:",
        table(("error", "levels", "count"), _lines(one.levels)),
        "Wrong decisions by kind:",
        table(("error", "the row", "matched with", "count"), _lines(one.wrong)),
        "Rows in review:",
        table(("need", "the row", "reason", "count"), _lines(one.reviews)),
        "Rows that need a person and got none:",
        table(("need", "the row", "count"), _lines(one.passed)),
    ]


def _lines(counts: Mapping[Words, int]) -> list[Sequence[object]]:
    ordered = _sorted(counts)
    lines: list[Sequence[object]] = [[*key, count] for key, count in ordered[:SHOWN_IN_DIAGNOSIS]]
    rest = sum(count for _, count in ordered[SHOWN_IN_DIAGNOSIS:])
    return [*lines, [*["others"] * (len(lines[0]) - 1), rest]] if rest else lines


def _sorted(counts: Mapping[Words, int]) -> list[tuple[Words, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
