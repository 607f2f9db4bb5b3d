"""Where commands write: tables to standard output, progress to standard error where somebody watches.

Invariants: no colour, no spinner and no line breaks of a narrow window in what is piped.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console

_PIPED_WIDTH = 160  # wide enough for every table of ours; a file has no window


def output() -> Console:
    """The console of results."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_PIPED_WIDTH)


@contextmanager
def paged(console: Console) -> Iterator[Console]:
    """What is printed to the console stands in a pager where somebody watches and the window is too short for it."""
    if not console.is_terminal:
        yield console
        return
    with console.capture() as captured:
        yield console
    text = captured.get()
    if text.count("\n") > console.height:
        click.echo_via_pager(text, color=console.color_system is not None)
    else:
        click.echo(text, nl=False)


@contextmanager
def working(on_what: str) -> Iterator[None]:
    """Show that something is under way, if somebody watches."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(on_what):
        yield
