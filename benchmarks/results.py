"""What the subcommands found, as JSON files of one folder, from which the report is made.

Invariants: a file for each subcommand, with the machine and the versions that it was measured with; counts, shares and
seconds, never a value of a person.
"""

import json
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.tables import machine


def save_results(folder: Path | None, command: str, found: Any, packages: Sequence[str] = ()) -> None:
    """Write what a subcommand found; nothing, where no folder is given."""
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    document = {
        "command": command,
        "machine": machine(),
        "python": sys.version.split()[0],
        "versions": {package: version(package) for package in ("rosterdiff", "polars", *packages)},
        "found": found,
    }
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    (folder / f"{command}.json").write_text(text, encoding="utf-8")


def load_results(folder: Path, command: str) -> dict[str, Any] | None:
    """What `save_results` wrote, or None where it did not."""
    path = folder / f"{command}.json"
    if not path.exists():
        return None
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document
