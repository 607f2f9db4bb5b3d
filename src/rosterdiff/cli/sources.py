"""What the arguments of a command name: rosters in files, stores behind URLs, folders of uploads.

Invariants: nothing is created by opening it; a workbook in which a person may have written is not overwritten unasked.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from rosterdiff.config import DateOrder, Policy, ReadOptions
from rosterdiff.errors import InvalidOption
from rosterdiff.frames import Roster
from rosterdiff.stores import Store

SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv", ".txt")
"""What a folder of uploads is searched for."""


def is_url(base: str) -> bool:
    """Say whether a base is a store rather than a file.

    >>> is_url("sqlite:///school.db"), is_url("school.xlsx")
    (True, False)
    """
    return "://" in base


def open_store(url: str, table: str) -> Store:
    """Open the store behind a URL; it must be there."""
    if not is_url(url):
        raise InvalidOption("A store is named by a URL.", f"For a SQLite file write sqlite:///{url}.")
    try:
        from rosterdiff.stores import SqlStore
    except ModuleNotFoundError as missing:
        raise InvalidOption(
            f"A store needs {missing.name}, which is not installed.", 'Install it with: pip install "rosterdiff[sql]"'
        ) from None
    return SqlStore(url, table=table)


def read_base(base: str, table: str, options: ReadOptions) -> tuple[Roster, Roster | None]:
    """Read the base, and the deleted students where it is a store."""
    from rosterdiff.reading import read_roster

    if is_url(base):
        store = open_store(base, table)
        return store.load(), store.load_deleted()
    return read_roster(existing(base), options=options), None


def read_uploads(paths: Iterable[Path], options: ReadOptions, policy: Policy) -> Roster:
    """Read and compile uploads."""
    from rosterdiff.reading import read_roster
    from rosterdiff.uploads import compile_uploads

    return compile_uploads([read_roster(path, options=options) for path in paths], policy=policy)


def files_of(uploads: Iterable[str]) -> list[Path]:
    """The files that are meant, in the order given; a folder stands for the spreadsheets in it, by name."""
    found: list[Path] = []
    for each in uploads:
        path = existing(each)
        found += _spreadsheets(path) if path.is_dir() else [path]
    return found


def existing(path: str) -> Path:
    """A path at which something is."""
    found = Path(path)
    if not found.exists():
        raise InvalidOption(f"There is no file {path}.", "Check the path.")
    return found


def writable(path: str | None, *, force: bool) -> Path | None:
    """A path to which a workbook may be written."""
    if path is not None and Path(path).exists() and not force:
        raise InvalidOption(
            f"There is a file {path} already, and somebody may have written in it.",
            "Choose another name, or overwrite it with --force.",
        )
    return None if path is None else Path(path)


def read_options(columns: Mapping[str, str], date_order: str | None, **further: object) -> ReadOptions:
    """Reading options from the command line."""
    return ReadOptions(columns=columns, date_order=DateOrder(date_order) if date_order else None, **further)  # type: ignore[arg-type]  # each of `further` has the type of its own attribute


def columns_of(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """Read options written FIELD=HEADER."""
    pairs = [text.partition("=") for text in given]
    if any(not (field and sign and header) for field, sign, header in pairs):
        raise click.BadParameter("a column is written FIELD=HEADER, for example student_id='Account No'.")
    return {field: header for field, _, header in pairs}


def _spreadsheets(folder: Path) -> list[Path]:
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and path.name[0] not in ".~")
    if not files:
        raise InvalidOption(f"There is no spreadsheet in {folder}.", f"It was searched for {', '.join(SUFFIXES)}.")
    return files
