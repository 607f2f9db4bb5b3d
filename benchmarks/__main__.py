"""`python -m benchmarks imports|speed|accuracy|rosters|reading|stores|tune|report`: measure, print, put into a page."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from benchmarks.commands import DEFAULTS, add_commands, run_accuracy, run_imports, run_report, run_speed, run_stores
from benchmarks.reading.command import DEFAULTS as READING_DEFAULTS
from benchmarks.reading.command import add_reading, reading
from benchmarks.rosters.command import DEFAULTS as ROSTER_DEFAULTS
from benchmarks.rosters.command import add_rosters, rosters
from benchmarks.tables import replace_section
from benchmarks.tune_command import DEFAULTS as TUNE_DEFAULTS
from benchmarks.tune_command import add_tune, run_tune


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the command line asks for."""
    options = _parser().parse_args(arguments)
    for name in [options.command] if options.command else _MEASURES:
        text = _SECTIONS[name](options)
        print(text)
        if options.into is not None:
            replace_section(options.into, name, text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure rosterdiff.")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--into", type=Path, help="write the section of this page anew")
    shared.add_argument("--save", type=Path, help="keep what was found in this folder, for `report`")
    parser.set_defaults(**_DEFAULTS)
    commands = parser.add_subparsers(
        dest="command",
        metavar="imports|speed|accuracy|rosters|reading|stores|tune|report",
        help="all that measure, where none is named",
    )
    add_commands(commands, shared)
    add_rosters(commands, shared)
    add_reading(commands, shared)
    add_tune(commands, shared)
    return parser


_DEFAULTS: Final = {"into": None, "save": None, **DEFAULTS, **ROSTER_DEFAULTS, **READING_DEFAULTS, **TUNE_DEFAULTS}
_SECTIONS: Final[dict[str, Callable[[argparse.Namespace], str]]] = {
    "imports": run_imports,
    "speed": run_speed,
    "accuracy": run_accuracy,
    "rosters": rosters,
    "reading": reading,
    "stores": run_stores,
    "tune": run_tune,
    "report": run_report,
}
_MEASURES: Final = ("imports", "speed", "accuracy", "rosters", "reading")
"""What is run where no command is named: all that only measures."""


if __name__ == "__main__":
    main()
