"""The tables of the report, from the JSON that the subcommands saved."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any, Final

from benchmarks.risk import EDGES, add_up
from benchmarks.tables import share_of, table

NAMES: Final = {"ours": "rosterdiff", "splink": "Splink", "recordlinkage": "recordlinkage", "floor": "the floor"}

Found = Mapping[str, Any]


def figures_table(sets: Sequence[Found]) -> str:
    """A line for every set and system, the goals beside."""
    header = ("set · columns", "system", "F1", "goal", "R999", "goal", "Brier × 1,000", "processor, s", "peak, MB")
    return table(header, [_figures(one, each) for one in sets for each in one["systems"]])


def _figures(one: Found, each: Found) -> list[str]:
    is_first, goal = each is one["systems"][0], one["goal"]
    aims = [f"{goal[name]}" if is_first and goal else "" for name in ("f1", "r999")]
    cost = [f"{each['cost']['cpu_seconds']:.1f}", f"{each['cost']['peak_mb']:,.0f}"]
    title = one["title"] if is_first else ""
    found = [f"{each['f1']:.4f}", aims[0], f"{each['r999']:.4f}", aims[1], f"{1000 * each['brier']:.2f}"]
    return [title, NAMES[each["system"]], *found, *cost]


def load_table(sets: Sequence[Found]) -> str:
    """Rows to review at one wrong pair in a thousand, and links lost, of each system."""
    systems = list(dict.fromkeys(each["system"] for one in sets for each in one["systems"]))
    return table(("set · columns", *(NAMES[system] for system in systems)), [_load(one, systems) for one in sets])


def _load(one: Found, systems: Sequence[str]) -> list[str]:
    loads = {each["system"]: each["load"] for each in one["systems"]}
    told = [f"{100 * load['review']:.1f} % ({100 * load['lost']:.2f} %)" for load in map(loads.get, systems) if load]
    return [one["title"], *told]


def plans_table(sets: Sequence[Found]) -> str:
    """What plans of the default policy decide alone, and what they ask."""
    header = ("set · columns", "wrong matches", "wrong deletes", "wrong adds", "rows to review", "links decided alone")
    return table(header, [_plan(one["title"], one["plan"]) for one in sets if one["plan"]])


def _plan(title: str, plan: Found) -> list[str]:
    parts = [
        ("wrong_matches", "matched"),
        ("wrong_deletions", "deleted"),
        ("wrong_additions", "added"),
        ("reviewed", "rows"),
    ]
    decided = share_of(plan["matched"] - plan["wrong_matches"], plan["links"])
    return [title, *(share_of(plan[part], plan[whole]) for part, whole in parts), decided]


def pooled_calibration(sets: Sequence[Found]) -> dict[str, list[dict[str, Any]]]:
    """System → its calibration over all sets together."""
    systems = list(dict.fromkeys(each["system"] for one in sets for each in one["systems"]))
    return {
        system: add_up([each["calibration"] for one in sets for each in one["systems"] if each["system"] == system])
        for system in systems
    }


def calibration_table(pooled: Mapping[str, Sequence[Found]]) -> str:
    """Ranges of probability: pairs, and the share that is right, of each system."""
    header = ("probability", *(text for system in pooled for text in (f"{NAMES[system]}, pairs", "mean", "right")))
    ends = [*EDGES[1:], 1]
    lines = [[f"{low} – {high}", *_ranges(pooled, at)] for at, (low, high) in enumerate(zip(EDGES, ends, strict=True))]
    return table(header, lines)


def _ranges(pooled: Mapping[str, Sequence[Found]], at: int) -> list[str]:
    cells = []
    for ranges in pooled.values():
        known = [one for one in ranges if one["range"] == at]
        cells += _range(known[0]) if known else ["", "", ""]
    return cells


def _range(one: Found) -> list[str]:
    mean, right = one["expected"] / one["pairs"], one["right"] / one["pairs"]
    return [f"{one['pairs']:,}", f"{mean:.4f}", f"{right:.4f}"]


def years_table(found: Sequence[Found]) -> str:
    """Plans of generated school years: wrong matches with their interval, and review."""
    header = (
        "policy · variant", "rows", "wrong matches", "in a million", "interval", "to review", "at most",
        "Brier × 1,000",
    )  # fmt: skip
    return table(header, [_years(one) for one in found])


def _years(one: Found) -> list[str]:
    counts, (low, high) = one["counts"], one["intervals"]["wrong_matches"]
    rows, wrong = counts["rows"], counts.get("wrong_matches", 0)
    each = [f"{1e6 * share:,.0f}" for share in (wrong / rows, low, high)]
    review = [f"{100 * one[name]:.2f} %" for name in ("review", "review_bound")]
    named = f"{one['policy']} · {one['variant']}".replace("_", " ")
    return [named, f"{rows:,}", f"{wrong:,}", each[0], f"{each[1]} – {each[2]}", *review, f"{1000 * one['brier']:.2f}"]


def cost_table(sizes: Sequence[Found]) -> str:
    """Seconds, memory and F1 against size."""
    header = (
        "base × incoming", "rosterdiff, s", "MB", "F1", "Splink, s", "MB", "F1", "the floor, s", "rosterdiff ÷ floor",
    )  # fmt: skip
    return table(header, [_cost(one) for one in sizes if "seconds" in one])


def _cost(one: Found) -> list[str]:
    splink, floor, seconds = one["splink"], one["floor"], median(one["seconds"])
    theirs = _paid(splink) if splink else [""] * 3
    least = median(floor["seconds"]) if floor else None
    ratio = ["", ""] if least is None else [f"{least:.3g}", f"{(seconds + one['read_seconds']) / least:.1f}"]
    name = f"{one['students']:,} × {one['score']['rows']:,}"
    return [name, *_paid(one), *theirs, *ratio]


def _paid(one: Found) -> list[str]:
    return [f"{median(one['seconds']):.3g}", f"{one['peak_mb']:,.0f}", f"{one['f1']:.4f}"]
