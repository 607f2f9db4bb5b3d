"""`python -m benchmarks rosters`: what the command line asks for."""

import argparse
from typing import Any, Final

from benchmarks.results import save_results
from benchmarks.rosters.document import as_document
from benchmarks.rosters.options import VARIANTS, RosterOptions
from benchmarks.rosters.render import render_rosters
from benchmarks.rosters.run import RunOptions, judge_rosters

DEFAULTS: Final = {"seeds": 4, "first": 1, "size": 6_000, "jobs": 2, "variants": [], "errors": False, "partial": 0.0,
                   "duplicated": 0.0, "one_file": False}  # fmt: skip


def add_rosters(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("rosters", parents=[shared], help="plans of generated school years")
    _arguments(parser)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(**DEFAULTS)
    parser.add_argument("--seeds", type=int, help="how many seeds")
    parser.add_argument("--first", type=int, help="the first seed")
    parser.add_argument("--size", type=int, help="students of each roster")
    parser.add_argument("--jobs", type=int, help="processes")
    parser.add_argument("--variants", nargs="+", choices=[v.name for v in VARIANTS], metavar="VARIANT")
    parser.add_argument("--errors", action="store_true", help="levels of wrong pairs, and rows in review by kind")
    parser.add_argument("--partial", type=float, help="the share of the grades of schools that no sheet lists")
    parser.add_argument("--duplicated", type=float, help="the share of rows that are listed twice")
    parser.add_argument("--one-file", action="store_true", help="all rows from one file, not from one a school")


def rosters(options: argparse.Namespace) -> str:
    """Judge, and render the section."""
    drawn = RosterOptions(
        students=options.size, unlisted=options.partial, duplicated=options.duplicated, one_file=options.one_file
    )
    chosen = [variant for variant in VARIANTS if variant.name in options.variants or not options.variants]
    run = RunOptions(drawn, options.seeds, options.first, options.jobs, chosen)
    judged = judge_rosters(run)
    save_results(options.save, "rosters", as_document(judged), ["rapidfuzz"])
    return render_rosters(judged, run, errors=options.errors)


def parser() -> argparse.ArgumentParser:
    """A parser of its own, for `python -m benchmarks.rosters`."""
    alone = argparse.ArgumentParser(prog="python -m benchmarks.rosters", description="Judge plans of school years.")
    _arguments(alone)
    alone.set_defaults(save=None)
    return alone
