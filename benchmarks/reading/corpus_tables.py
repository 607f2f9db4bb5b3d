"""The corpus as tables: by folder, by format, by hazard, the cells, and the files that fail, each with what it gave."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from benchmarks.reading.corpus import Compared, Judged
from benchmarks.reading.outcomes import RIGHT, Outcome
from benchmarks.tables import share_of, table

_COLUMNS = ("files", "right", *(outcome.value for outcome in Outcome))


def render_corpus(judged: Sequence[Judged], compared: Sequence[Compared]) -> str:
    """The section's part about the corpus."""
    right = sum(one.outcome in RIGHT for one in judged)
    slowest = max(one.seen.seconds for one in judged)
    largest = max(one.seen.peak_mb for one in judged)
    return "\n\n".join(
        [
            "### Files that others wrote",
            f"Each read in a process of its own. Right: {share_of(right, len(judged))}; the slowest took "
            f"{slowest:.1f} s, "
            f"the largest {largest:,.0f} MB. What is right comes from the manifests, and from `judgements.csv` where "
            "those guess.",
            _by("what they are", judged, lambda one: [_FOLDERS[one.entry.folder]]),
            _by("format", judged, lambda one: [one.entry.manifest["ext"] or "none"]),
            _by("hazard", judged, _common_hazards(judged)),
            _cells(compared),
            "Files that are not right:",
            _failures(judged),
        ]
    )


_FOLDERS = {
    "rosters": "lists of people",
    "messy_tabular": "messy tables",
    "messy_extra": "more messy tables",
    "malicious": "hostile or ruined",
}


_RARE = 4
"""Hazards of fewer files are told together."""


def _common_hazards(judged: Sequence[Judged]) -> Callable[[Judged], Iterable[str]]:
    counts = Counter(hazard for one in judged for hazard in one.entry.hazards)
    return lambda one: sorted({hazard if counts[hazard] >= _RARE else "rarer ones" for hazard in one.entry.hazards})


def _by(word: str, judged: Sequence[Judged], kinds: Callable[[Judged], Iterable[str]]) -> str:
    groups = defaultdict[str, list[Judged]](list)
    for one in judged:
        for kind in kinds(one):
            groups[kind].append(one)
    lines = [[kind, *_counts(groups[kind])] for kind in sorted(groups, key=lambda kind: (-len(groups[kind]), kind))]
    return table((word, *_COLUMNS), [*lines, ["all", *_counts(judged)]])


def _counts(judged: Sequence[Judged]) -> list[int]:
    outcomes = [one.outcome for one in judged]
    return [len(judged), sum(one in RIGHT for one in outcomes), *(outcomes.count(outcome) for outcome in Outcome)]


def _cells(compared: Sequence[Compared]) -> str:
    lines = []
    for word, clean in (("a clean version", True), ("the known encoding and separator", False)):
        chosen = [one for one in compared if one.clean is clean]
        same = sum(not one.differ for one in chosen)
        lines.append([word, len(chosen), same, sum(one.cells for one in chosen), sum(one.differ for one in chosen)])
    return table(("text files by", "files", "every cell right", "cells", "cells that differ"), lines)


def _failures(judged: Sequence[Judged]) -> str:
    wrong = [one for one in judged if one.outcome not in RIGHT]
    lines = [
        [f"`{one.entry.file}`", one.outcome.value, one.got, " or ".join(one.entry.accept), one.entry.reason]
        for one in wrong
    ]
    return table(("file", "outcome", "gave", "right", "why"), lines) if lines else "None."
