"""The report: what the subcommands saved, as Markdown with plots beside it, and as one HTML page with the plots in it.

Invariants: nothing is measured here; a part whose results are not there is left out, and said so; the page loads
nothing from elsewhere.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.report_page import to_page
from benchmarks.report_plots import plot_calibration, plot_cost, plot_figures, plot_risk
from benchmarks.report_tables import (
    calibration_table,
    cost_table,
    figures_table,
    load_table,
    plans_table,
    pooled_calibration,
    years_table,
)
from benchmarks.results import load_results
from benchmarks.speed_tables import hard_table

PARTS: Final = ("accuracy", "rosters", "speed")


def write_report(results: Path, page: Path) -> str:
    """Write the page, its Markdown and its plots side by side.

    Returns:
        The Markdown.

    """
    loaded = {part: load_results(results, part) for part in PARTS}
    found = {part: document for part, document in loaded.items() if document is not None}
    if not found:
        return f"Nothing is saved in {results}: give `--save {results}` to the commands that measure."
    plots = draw_plots(found)
    text = render_report(found, plots)
    page.parent.mkdir(parents=True, exist_ok=True)
    page.with_suffix(".md").write_text(text, encoding="utf-8")
    for name, svg in plots.items():
        (page.parent / name).write_text(svg, encoding="utf-8")
    page.write_text(to_page(text, plots), encoding="utf-8")
    return text


def draw_plots(found: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """File name → SVG, of the parts that are there."""
    plots = {}
    if "accuracy" in found:
        sets = found["accuracy"]["found"]
        aimed = [one for one in sets if one["goal"]] or sets
        plots["figures.svg"] = plot_figures(sets)
        plots["risk.svg"] = plot_risk(aimed)
        plots["calibration.svg"] = plot_calibration(pooled_calibration(aimed))
    if "speed" in found:
        plots["cost.svg"] = plot_cost(found["speed"]["found"]["sizes"])
    return plots


def render_report(found: Mapping[str, Mapping[str, Any]], plots: Mapping[str, str]) -> str:
    """The Markdown, which refers to the plots by their names."""
    parts = ["# rosterdiff, measured", _sources(found)]
    missing = [part for part in PARTS if part not in found]
    if missing:
        parts.append(f"Not saved, and left out: {', '.join(missing)} (`python -m benchmarks {missing[0]} --save …`).")
    if "accuracy" in found:
        parts += _accuracy(found["accuracy"]["found"])
    if "rosters" in found:
        parts += ["## Generated school years", _ON_YEARS, years_table(found["rosters"]["found"])]
    if "speed" in found:
        parts += _speed(found["speed"]["found"])
    assert all(name in "".join(parts) for name in plots)
    return "\n\n".join(parts) + "\n"


def _sources(found: Mapping[str, Mapping[str, Any]]) -> str:
    """Machine and versions of each part."""
    lines = []
    for part, document in found.items():
        versions = ", ".join(f"{name} {number}" for name, number in document["versions"].items())
        lines.append(f"- {part}: Python {document['python']}, {versions}; {document['machine']}")
    return "\n".join(lines)


def _accuracy(sets: Sequence[Mapping[str, Any]]) -> list[str]:
    aimed = [one for one in sets if one["goal"]] or sets
    return [
        "## How right",
        _ON_FIGURES,
        "![Best F1 and R999 of every system on every set](figures.svg)",
        figures_table(sets),
        "## Wrong matches against review",
        _ON_RISK,
        "![Wrong matches against the rows that a person looks at](risk.svg)",
        load_table(sets),
        _ON_PLANS,
        plans_table(sets),
        "## Calibration",
        _ON_CALIBRATION,
        "![The share of pairs that is right against their probability](calibration.svg)",
        calibration_table(pooled_calibration(aimed)),
    ]


def _speed(found: Mapping[str, Any]) -> list[str]:
    parts = [
        "## Cost against size",
        _ON_COST,
        "![Seconds and memory against the size of the rosters](cost.svg)",
        cost_table(found["sizes"]),
    ]
    hard = found["hard"]
    return [*parts, "## Hard rosters", _ON_HARD, hard_table(hard)] if hard and hard[0]["found"] else parts


_ON_FIGURES: Final = (
    "Every system gets the same columns and no label. F1 is the best over all thresholds, of one-to-one pairs; R999 "
    "the recall at a precision of at least .999. Of a peer the best of its configurations and ways to one-to-one is "
    "shown, for each figure by itself. The Brier score is the mean squared error of the probabilities, in thousandths; "
    "seconds of the processor (all threads) and memory are of the configuration of the best F1, each in a process of "
    "its own."
)
_ON_RISK: Final = (
    "If the surest pairs are decided alone and the other rows that have a candidate are looked at by a person: moving "
    "the threshold trades rows to review (to the right) against wrong matches (upwards). The diamond is what a plan of "
    "the default policy does, which never decides alone where names are merely similar. "
    "Sets with a goal. In the table: rows to review where at most one decided pair in a thousand is wrong, and in "
    "brackets the true links that nobody would look at, because the right student has a probability below .02."
)
_ON_PLANS: Final = "What plans of the default policy decide alone, and what they ask:"
_ON_CALIBRATION: Final = (
    "Pairs of the sets with a goal, by the probability that a system gave them: on the line, it is as often right as "
    "it says. The larger a dot, the more pairs."
)
_ON_YEARS: Final = (
    "Plans of invented schools with twins, siblings, namesakes, leavers whose places newcomers take, and damaged rows. "
    "Wrong matches in a million rows, with the exact interval of 95 %; rows to review beside the most that the goal "
    "allows."
)
_ON_COST: Final = (
    "`make_plan` on two invented school years, in a process of its own. The floor is reading both files, one exact "
    "join, and two comparisons of names a student. Median of warm runs up to 10,000 students, one cold run above."
)
_ON_HARD: Final = (
    "Rosters that are hard on a matcher, beside the ordinary one of that size (by time of the processor); one cold run "
    "each."
)
