"""Where the processor's time of `make_plan` goes: stages are timed by standing in for functions where they are called.

Invariants: the time of a stage is its own, without the stages that it calls; a function that is no longer there is
passed over, so that the suite outlives a change of the matcher; what no stage takes is "other".
"""

from collections import defaultdict
from collections.abc import Callable
from importlib import import_module
from time import process_time
from typing import Any, Final

from attrs import define, field

STAGES: Final = (
    ("order", "rosterdiff.pipeline", ("in_content_order",)),
    ("fold", "rosterdiff.matching.match", ("to_records", "further_forms", "without_shared_ids", "estimate_steps")),
    ("candidates", "rosterdiff.matching.match", ("find_candidates",)),
    ("left over", "rosterdiff.matching.match", ("find_close_pairs",)),
    ("compare", "rosterdiff.matching.match", ("put_beside", "compare_joined", "compare_pairs", "compare_further")),
    ("weigh", "rosterdiff.matching.match", ("find_evident", "weigh_totals", "weigh_pairs")),
    ("sharpen", "rosterdiff.matching.match", ("refit",)),
    ("probabilities", "rosterdiff.matching.match", ("estimate_probabilities",)),
    ("assign", "rosterdiff.matching.match", ("assign",)),
    ("duplicates", "rosterdiff.pipeline", ("find_duplicate_rows",)),
    ("classify", "rosterdiff.pipeline", ("classify",)),
    ("assemble", "rosterdiff.pipeline", ("assemble_plan",)),
    ("renumber", "rosterdiff.pipeline", ("renumber_rows",)),
)
"""Stage, module that calls it, the names there of what it consists of."""


@define
class Stopwatch:
    """Seconds of the processor by stage; `within` has the stages that are running, the innermost last."""

    spent: dict[str, float] = field(factory=lambda: defaultdict(float))
    within: list[str] = field(factory=list)
    since: float = 0.0

    def stand_in(self) -> None:
        """Time every stage from now on."""
        for stage, module, names in STAGES:
            home = import_module(module)
            for name in names:
                if hasattr(home, name):
                    setattr(home, name, self._timed(getattr(home, name), stage))

    def shares(self, total: float) -> dict[str, float]:
        """The share of each stage in the whole."""
        known = {stage: self.spent[stage] / total for stage, _, _ in STAGES if stage in self.spent}
        return {**known, "other": max(0.0, 1.0 - sum(known.values()))}

    def _timed(self, function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        def run(*args: Any, **options: Any) -> Any:
            self._turn()
            self.within.append(stage)
            try:
                return function(*args, **options)
            finally:
                self._turn()
                self.within.pop()

        return run

    def _turn(self) -> None:
        """Give the time since the last turn to the innermost stage."""
        now = process_time()
        if self.within:
            self.spent[self.within[-1]] += now - self.since
        self.since = now
