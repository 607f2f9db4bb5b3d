"""Where commands write: tables to standard output, progress to standard error where somebody watches.

Invariants: no colour, no spinner and no line breaks of a narrow window in what is piped.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

_PIPED_WIDTH = 160  # wide enough for every table of ours; a file has no window


def output() -> Console:
    """The console of results."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_PIPED_WIDTH)


@contextmanager
def working(on_what: str) -> Iterator[None]:
    """Show that something is under way, if somebody watches."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(on_what):
        yield
