"""`python -m benchmarks speed|accuracy|imports`: measure, print Markdown, and on demand put it into a page."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from benchmarks.accuracy import judge_sets, render_accuracy
from benchmarks.imports import render_imports, time_imports
from benchmarks.sets import SETS
from benchmarks.speed import REPEATS, measure_speed, render_speed
from benchmarks.tables import replace_section


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the command line asks for."""
    options = _parser().parse_args(arguments)
    for name in [options.command] if options.command else list(_SECTIONS):
        text = _SECTIONS[name](options)
        print(text)
        if options.into is not None:
            replace_section(options.into, name, text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure rosterdiff.")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--into", type=Path, help="write the section of this page anew")
    parser.set_defaults(**_DEFAULTS)
    commands = parser.add_subparsers(dest="command", metavar="imports|speed|accuracy", help="all, where none is named")
    imports = commands.add_parser("imports", parents=[shared], help="import times beside polars")
    imports.add_argument("--rounds", type=int, default=_DEFAULTS["rounds"])
    speed = commands.add_parser("speed", parents=[shared], help="time, memory and growth of make_plan")
    speed.add_argument("--sizes", type=int, nargs="+", default=_DEFAULTS["sizes"], metavar="STUDENTS")
    accuracy = commands.add_parser("accuracy", parents=[shared], help="plans and pairs on the labelled sets")
    names = [labelled.name for labelled in SETS]
    accuracy.add_argument("--sets", nargs="+", default=_DEFAULTS["sets"], choices=names, metavar="SET")
    return parser


_DEFAULTS: Final = {"rounds": 11, "sizes": list(REPEATS), "sets": [], "into": None}


def _imports(options: argparse.Namespace) -> str:
    return render_imports(time_imports(options.rounds), options.rounds)


def _speed(options: argparse.Namespace) -> str:
    return render_speed(measure_speed(options.sizes))


def _accuracy(options: argparse.Namespace) -> str:
    return render_accuracy(judge_sets(options.sets))


_SECTIONS: Final[dict[str, Callable[[argparse.Namespace], str]]] = {
    "imports": _imports,
    "speed": _speed,
    "accuracy": _accuracy,
}


if __name__ == "__main__":
    main()
