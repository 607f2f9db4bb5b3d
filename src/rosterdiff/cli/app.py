"""The command `rosterdiff` and what all of its subcommands share."""

import sys
from collections.abc import Sequence

import click

from rosterdiff._version import __version__
from rosterdiff.cli.applying import apply, restore, undo
from rosterdiff.cli.checking import check, template
from rosterdiff.cli.lettering import letter
from rosterdiff.cli.migrating import migration
from rosterdiff.cli.outcome import attempt
from rosterdiff.cli.planning import decide, plan, show
from rosterdiff.cli.touring import demo


class _InOrder(click.Group):
    """Lists its commands in the order of the work."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """The names of the commands."""
        return list(self.commands)


@click.group(cls=_InOrder, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="rosterdiff")
@click.option("--debug", is_flag=True, help="On an error, show the traceback, which may quote cells.")
def app(debug: bool) -> None:  # noqa: FBT001  (taken by `run`, wherever it stands; here for the help)
    """Plan, review, apply and undo changes to a school's list of students.

    Exit codes: 0 done, nothing left to do; 2 done, and something awaits a person (review entries, errors in the data, a
    guard that holds the plan); 1 refused, failed or called wrongly.

    Completion for bash: eval "$(_ROSTERDIFF_COMPLETE=bash_source rosterdiff)"; for zsh and fish likewise.
    """


for _command in (demo, check, template, plan, show, letter, decide, apply, undo, restore, migration):
    app.add_command(_command)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Args:
        arguments: what follows the program's name; by default those of this process.

    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    rest = [word for word in given if word != "--debug"]
    return attempt(lambda: app.main(rest, prog_name="rosterdiff", standalone_mode=False), debug=len(rest) < len(given))
