"""What `python -m benchmarks imports|speed|accuracy|report` take from the command line, and what they give.

Invariants: a command returns its section of the page as Markdown; with `--save` it keeps what it found as JSON too.
"""

import argparse
from pathlib import Path
from typing import Any, Final

from benchmarks.accuracy import judge_pairs
from benchmarks.accuracy_tables import render_pairs
from benchmarks.beside import as_document, compare_sets
from benchmarks.beside_tables import render_accuracy
from benchmarks.imports import render_imports, time_imports
from benchmarks.report import write_report
from benchmarks.results import save_results
from benchmarks.sets import SETS, choose_sets
from benchmarks.speed import HARD_SIZE, SIZES, measure_hard, measure_speed
from benchmarks.speed_tables import render_speed
from benchmarks.stores import SIZES as STORE_SIZES
from benchmarks.stores import measure_stores, render_stores
from benchmarks.systems import CACHE, CONFIGURATIONS, installed, packages_of

RESULTS: Final = Path("results")
DEFAULTS: Final = {
    "rounds": 11, "sizes": list(SIZES),
    "changes": list(STORE_SIZES), "hard": HARD_SIZE, "sets": [], "systems": [], "cache": CACHE, "quick": False,
    "results": RESULTS, "page": Path("report.html"),
}  # fmt: skip


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the subcommands, and what they take where they are not named."""
    peers = _peers()
    imports = commands.add_parser("imports", parents=[shared], help="import times beside polars")
    imports.add_argument("--rounds", type=int)
    stores = commands.add_parser("stores", parents=[shared], help="apply and load of SQL stores, beside the floor")
    stores.add_argument("--sizes", dest="changes", type=int, nargs="+", metavar="CHANGES")
    speed = commands.add_parser("speed", parents=[shared, peers], help="time, memory and growth, beside Splink")
    speed.add_argument("--sizes", type=int, nargs="+", metavar="STUDENTS")
    speed.add_argument("--hard", type=int, metavar="STUDENTS", help="the size of hard rosters; 0 leaves them out")
    accuracy = commands.add_parser("accuracy", parents=[shared, peers], help="ours and its peers on labelled sets")
    words = sorted({word for labelled in SETS for word in (labelled.name, labelled.key)})
    accuracy.add_argument("--sets", nargs="+", choices=words, metavar="SET", help="all, where none is named")
    accuracy.add_argument("--cache", type=Path, help="the folder that keeps what peers found")
    accuracy.add_argument("--quick", action="store_true", help="our pairs alone, in this process")
    report = commands.add_parser("report", help="a page with plots, from what the others saved")
    report.add_argument("--results", type=Path, help="the folder that `--save` named")
    report.add_argument("--page", type=Path, help="the HTML page to write")
    for parser in (imports, speed, stores, accuracy, report):
        parser.set_defaults(**DEFAULTS)


def _peers() -> argparse.ArgumentParser:
    peers = argparse.ArgumentParser(add_help=False)
    peers.add_argument("--systems", nargs="+", choices=list(CONFIGURATIONS), help="all that are installed")
    return peers


def run_stores(options: argparse.Namespace) -> str:
    """Measure the SQL stores."""
    return render_stores(measure_stores(options.changes), options.changes)


def run_imports(options: argparse.Namespace) -> str:
    """Measure imports."""
    return render_imports(time_imports(options.rounds), options.rounds)


def run_speed(options: argparse.Namespace) -> str:
    """Measure speed."""
    systems = [system for system in installed(options.systems) if system != "recordlinkage"]
    measured = measure_speed(options.sizes, systems)
    hard = measure_hard(options.hard) if options.hard else []
    save_results(options.save, "speed", {"sizes": measured, "hard": hard}, packages_of(systems))
    return render_speed(measured, hard, systems)


def run_accuracy(options: argparse.Namespace) -> str:
    """Judge the labelled sets; a sentence where there are none."""
    chosen, systems = choose_sets(options.sets), installed(options.systems)
    if not chosen:
        return "## Accuracy\n\nNo labelled set is on this machine: set ROSTERDIFF_SHARED to the folder of shared data."
    if options.quick:
        return render_pairs(judge_pairs(chosen))
    compared = compare_sets(chosen, systems, options.cache)
    save_results(options.save, "accuracy", as_document(compared), packages_of(systems))
    return render_accuracy(compared, systems)


def run_report(options: argparse.Namespace) -> str:
    """Write the page, and return it as Markdown."""
    return write_report(options.results, options.page)
