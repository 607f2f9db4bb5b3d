"""The section of the page about speed: cost against size, beside Splink and the floor, stages, plans, hard rosters."""

from collections.abc import Sequence
from itertools import pairwise
from math import log
from statistics import median
from typing import Any, Final

from benchmarks.names import load_names
from benchmarks.speed import PATIENCE
from benchmarks.speed_once import PAIRS_A_ROW
from benchmarks.systems import packages_of
from benchmarks.tables import provenance, table


def render_speed(measured: Sequence[dict[str, Any]], hard: Sequence[dict[str, Any]], systems: Sequence[str]) -> str:
    """The section of the page."""
    sizes = " ".join(str(found["students"]) for found in measured)
    return "\n\n".join(
        [
            "## Speed",
            provenance(f"speed --sizes {sizes}", "rosterdiff", "polars", *packages_of(systems)),
            f"Two school years of invented students ({load_names().source}). {_INTRODUCTION}",
            table(_COST_HEADER, [_cost(found) for found in measured]),
            _ON_FLOOR,
            table(_FLOOR_HEADER, [_floor(found) for found in measured]),
            *_beside(measured),
            *_growth(measured),
            "Where the processor's time goes, in per cent:",
            table(("stage", *map(_name, measured)), _stages(measured)),
            "What the plans were, in entries; rows in review are beside the students held with them:",
            table(_COUNT_HEADER, [_counts(found) for found in measured]),
            *_hard(hard),
        ]
    )


_INTRODUCTION: Final = (
    "88 % of the base is in the incoming roster, 6 % of its names and 2 % of its birth dates are mistyped, no ids. "
    "Seconds are the median of warm runs up to 10,000 students and one cold run above, on a clock and of the processor "
    "(all threads), because the machine is shared; memory is of the whole process, before the clock starts and at its "
    "peak."
)
_ON_FLOOR: Final = (
    f"The floor is the least that any such tool does: read both files, one exact join on names and date, and "
    f"Jaro–Winkler (rapidfuzz) of {PAIRS_A_ROW} pairs of names a student. Ours is with reading the files, too."
)
_ON_SPLINK: Final = (
    "Splink on the same rosters: standardise, train, predict, one-to-one by single best links, on two threads, blocked "
    "by any two of given name, family name and birth date. F1 is of one-to-one pairs with a probability of at least "
    "one half; ours are the likeliest students of the plan."
)
_COST_HEADER: Final = (
    "base × incoming", "runs", "seconds", "of the processor", "µs a row", "memory before, MB", "peak, MB",
)  # fmt: skip
_FLOOR_HEADER: Final = ("base × incoming", "floor, s", "ours, s", "ours ÷ floor", "of the processor")
_SPLINK_HEADER: Final = (
    "base × incoming", "ours, s", "Splink, s", "of it training", "Splink ÷ ours", "of the processor", "ours, MB",
    "Splink, MB", "ours, F1", "Splink, F1",
)  # fmt: skip
_HARD_HEADER: Final = (
    "roster", "seconds", "of the processor", "times the ordinary", "peak, MB", "rows in review", "wrong matches",
)  # fmt: skip
_COUNT_HEADER: Final = (
    "base × incoming", "keep", "update", "add", "delete", "review", "rows in review", "wrong matches", "wrong adds",
    "wrong deletes",
)  # fmt: skip


def _name(found: dict[str, Any]) -> str:
    rows = found["score"]["rows"] if "score" in found else found["students"]
    return f"{found['students']:,} × {rows:,}"


def _cost(found: dict[str, Any]) -> list[str]:
    if "seconds" not in found:
        return [_name(found), "1", f"over {PATIENCE:,}", "", "", "", ""]
    seconds, used = median(found["seconds"]), median(found["cpu_seconds"])
    memory = [f"{found[name]:,.0f}" for name in ("start_mb", "peak_mb")]
    each = 1e6 * seconds / found["students"]
    return [_name(found), str(len(found["seconds"])), f"{seconds:.3g}", f"{used:.3g}", f"{each:.0f}", *memory]


def _floor(found: dict[str, Any]) -> list[str]:
    floor = found["floor"]
    if floor is None or "seconds" not in found:
        return [_name(found), "", "", "", ""]
    read = found["read_seconds"]
    least, ours = median(floor["seconds"]), median(found["seconds"]) + read
    of_processor = (median(found["cpu_seconds"]) + read) / median(floor["cpu_seconds"])
    return [_name(found), f"{least:.3g}", f"{ours:.3g}", f"{ours / least:.1f}", f"{of_processor:.1f}"]


def _beside(measured: Sequence[dict[str, Any]]) -> list[str]:
    both = [found for found in measured if found["splink"] and "seconds" in found]
    return [_ON_SPLINK, table(_SPLINK_HEADER, [_splink(found) for found in both])] if both else []


def _splink(found: dict[str, Any]) -> list[str]:
    peer = found["splink"]
    ours, theirs, trained = (median(each) for each in (found["seconds"], peer["seconds"], peer["train_seconds"]))
    used = median(peer["cpu_seconds"]) / median(found["cpu_seconds"])
    seconds = [f"{ours:.3g}", f"{theirs:.3g}", f"{trained:.3g}", f"{theirs / ours:.3g}", f"{used:.3g}"]
    memory = [f"{each['peak_mb']:,.0f}" for each in (found, peer)]
    return [_name(found), *seconds, *memory, f"{found['f1']:.4f}", f"{peer['f1']:.4f}"]


def _growth(measured: Sequence[dict[str, Any]]) -> list[str]:
    """How cost grows from one size to the next, as the power of the size."""
    done = [found for found in measured if "seconds" in found]
    if len(done) < 2:
        return []
    lines = [[f"{_name(small)} → {_name(large)}", *_powers(small, large)] for small, large in pairwise(done)]
    header = ("from → to", "size", "seconds", "power of the size", "peak memory", "power of the size")
    return ["Growth; a power of 1 is in proportion to the size:", table(header, lines)]


def _powers(small: dict[str, Any], large: dict[str, Any]) -> list[str]:
    size = large["students"] / small["students"]
    ratios = [median(large["seconds"]) / median(small["seconds"]), large["peak_mb"] / small["peak_mb"]]
    told = ((f"× {ratio:.3g}", f"{log(ratio) / log(size):.2f}") for ratio in ratios)
    return [f"× {size:.3g}", *(text for pair in told for text in pair)]


def _stages(measured: Sequence[dict[str, Any]]) -> list[list[str]]:
    known = list(dict.fromkeys(stage for found in measured for stage in found.get("stages", {})))
    return [[stage, *(_share(found, stage) for found in measured)] for stage in known]


def _share(found: dict[str, Any], stage: str) -> str:
    share = found.get("stages", {}).get(stage)
    return "" if share is None else f"{100 * share:.1f}"


def _counts(found: dict[str, Any]) -> list[str]:
    score = found.get("score")
    if score is None:
        return [_name(found), *[""] * 9]
    wrong = [score[name] for name in ("reviewed", "wrong_matches", "wrong_additions", "wrong_deletions")]
    return [_name(found), *(f"{count:,}" for count in (*found["counts"].values(), *wrong))]


def _hard(hard: Sequence[dict[str, Any]]) -> list[str]:
    if not hard or hard[0]["found"] is None:
        return []
    return [f"Hard rosters of {hard[0]['found']['students']:,} students, one cold run each:", hard_table(hard)]


def hard_table(hard: Sequence[dict[str, Any]]) -> str:
    """Hard rosters beside the ordinary one, which is the first and came to an end."""
    ordinary = median(hard[0]["found"]["cpu_seconds"])
    return table(_HARD_HEADER, [[one["roster"], *_ratio(one["found"], ordinary)] for one in hard])


def _ratio(found: dict[str, Any] | None, ordinary: float) -> list[str]:
    if found is None:
        return [f"over {PATIENCE:,}", *[""] * 5]
    seconds, used, score = median(found["seconds"]), median(found["cpu_seconds"]), found["score"]
    counts = [f"{found['peak_mb']:,.0f}", f"{score['reviewed']:,}", f"{score['wrong_matches']:,}"]
    return [f"{seconds:.3g}", f"{used:.3g}", f"{used / ordinary:.1f}", *counts]
