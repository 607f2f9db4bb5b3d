"""`python -m benchmarks tune`: what the command line asks for."""

import argparse
from pathlib import Path
from typing import Any, Final

from attrs import asdict

from benchmarks.results import save_results
from benchmarks.rosters.options import RosterOptions
from benchmarks.sets import choose_sets
from benchmarks.tune import Tuned, tune
from benchmarks.tune_file import SHIPPED_FILE, rewrite
from benchmarks.tune_tables import render_provenance, render_tuned

DEFAULTS: Final = {"write": None, "seeds": 4, "size": 6_000}


def add_tune(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("tune", parents=[shared], help="fit the shipped numbers anew, and judge them")
    parser.set_defaults(**DEFAULTS)
    parser.add_argument("--seeds", type=int, help="how many school years to learn from, beside the sets")
    parser.add_argument("--size", type=int, help="students of each school year")
    parser.add_argument(
        "--write", nargs="?", type=Path, const=SHIPPED_FILE, metavar="FILE",
        help="write the module of the shipped numbers anew, or into another file",
    )  # fmt: skip


def run_tune(options: argparse.Namespace) -> str:
    """Learn, judge and render the section; a sentence where there is no labelled set."""
    if not choose_sets():
        return "## Tuning\n\nNo labelled set is on this machine: set ROSTERDIFF_SHARED to the folder of shared data."
    tuned = tune(RosterOptions(students=options.size), range(1, options.seeds + 1))
    save_results(options.save, "tune", as_document(tuned), ["rapidfuzz"])
    if options.write is not None:
        write_numbers(tuned, options.write)
    return render_tuned(tuned)


def write_numbers(tuned: Tuned, path: Path) -> None:
    """Write the module of the shipped numbers with the pooled ones."""
    module = SHIPPED_FILE.read_text(encoding="utf-8")
    path.write_text(rewrite(module, tuned.pooled.chances, render_provenance(tuned)), encoding="utf-8")


def as_document(tuned: Tuned) -> dict[str, Any]:
    """Counts, numbers and figures as plain data."""
    return {
        "observed": [asdict(one) for one in tuned.observed],
        "present": tuned.present.chances,
        "pooled": tuned.pooled.chances,
        "trials": [
            {
                "set": trial.labelled.key,
                **{name: asdict(getattr(trial, name)) for name in ("shipped", "pooled", "without")},
            }
            for trial in tuned.trials
        ],
    }
