"""Exit codes, and errors as one line that says why and what to do.

Invariants: 0 is done with nothing left to do, 2 is done while something awaits a person, 1 is everything else; no
traceback is shown unless asked for, because it may quote a cell.
"""

import os
import sys
import traceback
from collections.abc import Callable
from enum import IntEnum
from typing import Any

import click

from rosterdiff.errors import InvalidDecisions, RosterError
from rosterdiff.plans import Plan


class Exit(IntEnum):
    """What a command tells the shell."""

    DONE = 0
    FAILED = 1
    AWAITS = 2


def outcome_of(plan: Plan) -> Exit:
    """Whether something of a plan awaits a person: a review entry, a guard, an error in the data.

    Who resolves a plan has seen the errors in its data; they await nobody any more.
    """
    errors = plan.plan_id == plan.origin and (plan.issues["severity"] == "error").any()
    return Exit.AWAITS if plan.counts["review"] or plan.held_by or errors else Exit.DONE


def attempt(command: Callable[[], Any], *, debug: bool) -> int:
    """Run a command (click's give any result) and return its exit code; an error becomes a line on standard error."""
    try:
        return int(Exit(command() or 0))
    except click.exceptions.NoArgsIsHelpError as shown:
        click.echo(shown.format_message(), err=True)
    except (click.Abort, KeyboardInterrupt):
        click.echo("rosterdiff: stopped; nothing was left half done.", err=True)
    except BrokenPipeError:
        _close_output()
    except Exception as error:  # noqa: BLE001  (the last line of defence: what no one expected is told, too)
        if debug:
            traceback.print_exc()
        click.echo(f"rosterdiff: {describe(error)}", err=True)
    return int(Exit.FAILED)


def describe(error: Exception) -> str:
    """An error in one line; decisions that contradict have one for each problem."""
    match error:
        case InvalidDecisions():
            text = str(error)
        case RosterError():
            text = _one_line(str(error))
        case click.ClickException():
            text = _one_line(f"{error.format_message()} {_help_of(error)}")
        case OSError():
            subject = f"{error.filename}: " if error.filename else ""
            text = _one_line(f"{subject}{error.strerror or type(error).__name__}. Check the path, and try again.")
        case MemoryError():
            text = "There is not enough memory for these files. Split them, or use a larger machine."
        case _:
            text = f"Unexpected {type(error).__name__}: this is a bug. Run it again with --debug, and report it."
    return text


def _help_of(error: click.ClickException) -> str:
    if not isinstance(error, click.UsageError):
        return ""
    return f"See {error.ctx.command_path if error.ctx else 'rosterdiff'} --help."


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _close_output() -> None:
    """The reader of our output went away, as `head` does: nothing more is to be written, not even at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
