"""`python -m benchmarks reading`: what the command line asks for.

Invariants: nothing of a file's content is printed but names of files, of fields and of codes.
"""

import argparse
from pathlib import Path
from typing import Any, Final

from attrs import asdict

from benchmarks.reading.corpus import compare_corpus, entries, judge_corpus
from benchmarks.reading.corpus_tables import render_corpus
from benchmarks.reading.fuzz import fuzz, gather_seeds, write_failures
from benchmarks.reading.generated import KINDS, all_cases, judge_cases
from benchmarks.reading.generated_tables import render_generated
from benchmarks.reading.speed import Sizes, measure_reading
from benchmarks.reading.speed_tables import render_fuzz, render_speed
from benchmarks.reading.writers import OFFICE
from benchmarks.results import save_results
from benchmarks.tables import provenance

PARTS: Final = ("corpus", "generated", "speed")
DEFAULTS: Final = {"parts": list(PARTS), "seeds": 2, "kinds": list(KINDS), "rounds": 5, "fuzz": 0.0, "failures": None}


def add_reading(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "reading", parents=[shared], help="a corpus, generated files, the raw readers, a fuzzer"
    )
    parser.set_defaults(**DEFAULTS)
    parser.add_argument(
        "--parts", nargs="+", choices=PARTS, metavar="PART", help=f"of {', '.join(PARTS)}; all by default"
    )
    parser.add_argument(
        "--kinds", nargs="+", choices=list(KINDS), metavar="KIND", help=f"of {', '.join(KINDS)}; all by default"
    )
    parser.add_argument("--seeds", type=int, help="how many seeds of generated files")
    parser.add_argument("--rounds", type=int, help="how often each reader reads each long file")
    parser.add_argument(
        "--fuzz", type=float, metavar="SECONDS", help="read files made wrong for so long, and nothing else"
    )
    parser.add_argument("--failures", type=Path, metavar="FOLDER", help="keep the files made wrong that fail")


def reading(options: argparse.Namespace) -> str:
    """Measure, and render the section."""
    if options.fuzz:
        return _fuzz(options)
    parts = {"corpus": _corpus, "generated": _generated, "speed": _speed}
    texts = [parts[name](options) for name in PARTS if name in options.parts]
    said = provenance("reading", "polars", "python-calamine", "xlsxwriter", "openpyxl")
    office = "" if OFFICE else " LibreOffice is not on this machine: nothing that only it can write was read."
    return "\n\n".join(["## Reading", said + office, *texts])


def _corpus(options: argparse.Namespace) -> str:
    chosen = entries()
    if not chosen:
        return "The corpus of files is not on this machine: set ROSTERDIFF_SHARED to the folder of shared data."
    judged, compared = judge_corpus(chosen), compare_corpus(chosen)
    found = [
        {
            "file": one.entry.file,
            "outcome": one.outcome,
            "got": one.got,
            "seconds": one.seen.seconds,
            "mb": one.seen.peak_mb,
        }
        for one in judged
    ]
    save_results(options.save, "reading_corpus", found, ["polars"])
    return render_corpus(judged, compared)


def _generated(options: argparse.Namespace) -> str:
    judged = [one for seed in range(1, options.seeds + 1) for one in judge_cases(all_cases(seed, options.kinds))]
    found = [
        {
            "name": one.case.name,
            "verdict": one.verdict,
            "got": one.got,
            **asdict(one.counts),
            "seconds": one.seen.seconds,
        }
        for one in judged
    ]
    save_results(options.save, "reading_generated", found, ["polars"])
    return render_generated(judged, options.seeds)


def _speed(options: argparse.Namespace) -> str:
    measured = measure_reading(Sizes(rounds=options.rounds))
    save_results(options.save, "reading_speed", [asdict(one) for one in measured], ["polars"])
    return render_speed(measured, options.rounds)


def _fuzz(options: argparse.Namespace) -> str:
    seeds = gather_seeds()
    found = fuzz(options.fuzz, 1, seeds)
    if options.failures is not None:
        write_failures(found, seeds, options.failures)
    return render_fuzz(found)
