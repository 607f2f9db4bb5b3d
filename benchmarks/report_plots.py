"""The plots of the report as SVG, from the JSON that the subcommands saved.

Invariants: a system has one colour everywhere; the same results give the same SVG; matplotlib is imported when a plot
is drawn.
"""

import io
import re
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any, Final

from benchmarks.report_tables import NAMES, Found

COLOURS: Final = {"ours": "#0b5cad", "splink": "#d55e00", "recordlinkage": "#2f9e77", "floor": "#8a929d"}
_STYLE: Final = {
    "font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans"], "font.size": 9, "axes.spines.top": False,
    "axes.spines.right": False, "axes.edgecolor": "#9aa3af", "axes.labelcolor": "#3a4452", "xtick.color": "#5a6472",
    "ytick.color": "#5a6472", "axes.grid": True, "grid.color": "#e6e9ee", "grid.linewidth": 0.7,
    "axes.axisbelow": True, "legend.frameon": False, "svg.hashsalt": "rosterdiff", "axes.titlesize": 9,
}  # fmt: skip
LEAST_RISK: Final = 1e-4
"""Below this, risk is drawn on a scale that reaches zero."""


def plot_figures(sets: Sequence[Found]) -> str:
    """F1 and R999 of every system, a line for every set, with its goal."""
    height = 0.9 + 0.36 * len(sets)
    figure, panels = _figure(1, 2, (11.5, height), sharey=True)
    for panel, (name, words) in zip(panels.flat, (("f1", "best F1"), ("r999", "R999")), strict=True):
        for at, one in enumerate(sets):
            _dots(panel, len(sets) - 1 - at, one, name)
        panel.set_title(words, loc="left", fontweight="bold")
    first = panels.flat[0]
    first.set_yticks(range(len(sets)), [one["key"] for one in reversed(sets)])
    first.set_ylim(-0.6, len(sets) - 0.4)
    first.set_xlim(right=1.004)
    _legend(figure, _systems(sets), goal=True)
    return _svg(figure)


def _dots(panel: Any, line: int, one: Found, name: str) -> None:
    for each in one["systems"]:
        panel.plot(each[name], line, "o", color=COLOURS[each["system"]], markersize=6.5, alpha=0.9, zorder=3)
    if one["goal"]:
        panel.plot(one["goal"][name], line, "|", color="#1d2530", markersize=13, markeredgewidth=1.6, zorder=4)


def plot_risk(sets: Sequence[Found]) -> str:
    """Wrong matches against review load, a panel for each set."""
    columns = min(4, len(sets))
    rows = -(-len(sets) // columns)
    figure, panels = _figure(rows, columns, (2.9 * columns, 2.5 * rows + 0.4))
    for panel, one in zip(panels.flat, sets, strict=False):
        _risk_panel(panel, one)
    for panel in panels.flat[len(sets) :]:
        panel.set_axis_off()
    figure.get_layout_engine().set(hspace=0.07, wspace=0.04)
    figure.supxlabel("rows that a person looks at, %", fontsize=9, color="#3a4452")
    figure.supylabel("decided pairs that are wrong, %", fontsize=9, color="#3a4452")
    _legend(figure, _systems(sets), plan=True)
    return _svg(figure)


def _risk_panel(panel: Any, one: Found) -> None:
    for each in one["systems"]:
        curve = [point for point in each["curve"] if point["review"] >= 0]
        review, wrong = ([100 * point[name] for point in curve] for name in ("review", "wrong"))
        panel.plot(
            review, wrong, color=COLOURS[each["system"]], linewidth=1.6, drawstyle="steps-post", clip_on=False, zorder=3
        )
    plan = one["plan"]
    if plan:
        review, wrong = plan["reviewed"] / plan["rows"], plan["wrong_matches"] / max(plan["matched"], 1)
        panel.plot(100 * review, 100 * wrong, "D", color=COLOURS["ours"], markersize=6, clip_on=False, zorder=5)
    panel.set_yscale("symlog", linthresh=100 * LEAST_RISK, linscale=0.4)
    panel.set_ylim(0, 30)
    panel.set_yticks([0, 0.01, 0.1, 1, 10], ["0", "0.01", "0.1", "1", "10"])
    panel.set_xscale("symlog", linthresh=1, linscale=0.5)
    panel.set_xlim(0, 100)
    panel.set_xticks([0, 1, 3, 10, 30, 100], ["0", "1", "3", "10", "30", "100"])
    panel.minorticks_off()
    panel.set_title(one["key"], loc="left")


def plot_calibration(pooled: Mapping[str, Sequence[Found]]) -> str:
    """The share that is right against the mean probability, both as log odds."""
    figure, panels = _figure(1, 1, (5.6, 5.0))
    panel = panels.flat[0]
    panel.plot([0.01, 0.99995], [0.01, 0.99995], color="#9aa3af", linewidth=1, linestyle="--")
    for system, ranges in pooled.items():
        mean, right = ([_inside(one[name] / one["pairs"]) for one in ranges] for name in ("expected", "right"))
        sizes = [12 + 14 * len(str(one["pairs"])) for one in ranges]
        panel.plot(mean, right, color=COLOURS[system], linewidth=1.3)
        panel.scatter(mean, right, s=sizes, color=COLOURS[system], alpha=0.85, linewidths=0, zorder=3)
    ticks = [0.02, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999]
    for axis in (panel.xaxis, panel.yaxis):
        axis.axes.set(xscale="logit", yscale="logit")
    panel.set_xticks(ticks, [str(tick) for tick in ticks])
    panel.set_yticks(ticks, [str(tick) for tick in ticks])
    panel.minorticks_off()
    panel.set(xlim=(0.01, 0.99997), ylim=(0.001, 0.99997), xlabel="probability given", ylabel="share that is right")
    _legend(figure, list(pooled))
    return _svg(figure)


def _inside(share: float) -> float:
    """A share that has log odds."""
    return min(max(share, 0.0012), 0.99996)


def plot_cost(sizes: Sequence[Found]) -> str:
    """Seconds and memory against size, both axes logarithmic."""
    figure, panels = _figure(1, 2, (9.6, 3.9))
    done = [one for one in sizes if "seconds" in one]
    series = {"ours": done, "splink": [_of(one, "splink") for one in done if one["splink"]]}
    series["floor"] = [_of(one, "floor") for one in done if one["floor"]]
    for system, points in series.items():
        students = [point["students"] for point in points]
        seconds, memory = [median(point["seconds"]) for point in points], [point["peak_mb"] for point in points]
        for panel, values in zip(panels.flat, (seconds, memory), strict=True):
            panel.plot(students, values, "o-", color=COLOURS[system], linewidth=1.6, markersize=5)
    for panel, words in zip(panels.flat, ("seconds", "peak memory, MB"), strict=True):
        panel.set(xscale="log", yscale="log", xlabel="students")
        panel.set_title(words, loc="left", fontweight="bold")
        panel.minorticks_off()
        for axis in (panel.xaxis, panel.yaxis):
            axis.set_major_formatter("{x:,g}")
    _legend(figure, [system for system, points in series.items() if points])
    return _svg(figure)


def _of(one: Found, system: str) -> dict[str, Any]:
    return {**one[system], "students": one["students"]}


def _systems(sets: Sequence[Found]) -> list[str]:
    return list(dict.fromkeys(each["system"] for one in sets for each in one["systems"]))


def _figure(rows: int, columns: int, size: tuple[float, float], **options: Any) -> tuple[Any, Any]:
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot

    pyplot.rcParams.update(_STYLE)
    return pyplot.subplots(rows, columns, figsize=size, squeeze=False, layout="constrained", **options)


def _legend(figure: Any, systems: Sequence[str], *, goal: bool = False, plan: bool = False) -> None:
    """One legend above all panels."""
    from matplotlib.lines import Line2D

    handles = [Line2D([], [], marker="o", color=COLOURS[system], label=NAMES[system]) for system in systems]
    if goal:
        handles.append(Line2D([], [], marker="|", color="#1d2530", linestyle="", markersize=11, label="goal"))
    if plan:
        handles.append(
            Line2D([], [], marker="D", color=COLOURS["ours"], linestyle="", label="rosterdiff, the plan by default")
        )
    figure.legend(handles=handles, loc="outside upper left", ncols=len(handles), handletextpad=0.5)


def _svg(figure: Any) -> str:
    """The figure as an SVG element, without the prolog that only files need, and with ids of its own."""
    from matplotlib import pyplot

    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None})
    pyplot.close(figure)
    text = buffer.getvalue()
    return text[re.search(r"<svg", text).start() :]  # type: ignore[union-attr]
