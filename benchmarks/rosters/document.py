"""Judgements as plain data, for `--save` and the plots of the report."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from attrs import asdict

from benchmarks.rosters.calibration import EDGES, bin_between, brier_score
from benchmarks.rosters.intervals import exact_interval
from benchmarks.rosters.judge import Judgement, review_bound
from benchmarks.rosters.run import SIMILAR, Case

_WRONG = ("wrong_matches", "wrong_additions", "wrong_deletions")


def as_document(judged: Mapping[Case, Judgement]) -> list[dict[str, Any]]:
    """One object a policy and variant: all counts, intervals of what is wrong, review and its bound, and the bins."""
    return [
        {
            "policy": policy,
            "variant": variant.name,
            "counts": dict(sorted(one.sums.items())),
            "intervals": {name: exact_interval(one.sums[name], one.sums["rows"]) for name in _WRONG},
            "review": one.share("reviewed"),
            "review_bound": review_bound(one, variant, accepts_similar=policy == SIMILAR),
            "bins": [asdict(bin_between(one.bins, low, high)) for low, high in pairwise(EDGES)],
            "brier": brier_score(one.bins),
        }
        for (policy, variant), one in judged.items()
    ]
