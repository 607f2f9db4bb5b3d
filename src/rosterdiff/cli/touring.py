"""`demo`: the story of an invented school, told on the terminal."""

from pathlib import Path

import click
from attrs import frozen
from rich.console import Console

from rosterdiff.cli.outcome import Exit
from rosterdiff.cli.screen import output
from rosterdiff.evidence import Explanation
from rosterdiff.plans import Plan

_LINES = 6  # of each list; `rosterdiff show` has more


@frozen
class _Terminal:
    """Tells the story on a console."""

    console: Console

    def step(self, title: str, command: str = "") -> None:
        """Begin a part of the story, with the command that a person would type."""
        self.console.print(f"\n── {title} ──", style="bold blue", markup=False)
        if command:
            self.console.print(f"$ {command}", style="bold", markup=False, soft_wrap=True)

    def say(self, text: str) -> None:
        """Tell what happened."""
        self.console.print(text, markup=False, soft_wrap=not self.console.is_terminal)

    def checked(self, claim: str) -> None:
        """Tell what was found to hold."""
        self.console.print(f"Checked: {claim}", style="green", markup=False, soft_wrap=not self.console.is_terminal)

    def show_plan(self, plan: Plan) -> None:
        """Show a plan as `rosterdiff show` does."""
        from rosterdiff.reports.text import print_plan

        print_plan(plan, self.console, limit=_LINES)
        self.console.print()

    def show_explanation(self, explanation: Explanation) -> None:
        """Show why a row is matched as it is."""
        from rosterdiff.reports.text import print_explanation

        print_explanation(explanation, self.console)
        self.console.print()


@click.command(short_help="See the whole way on an invented school.")
@click.argument("folder", metavar="[DIR]", default="demo-school", type=click.Path(path_type=Path))
def demo(folder: Path) -> Exit:
    """Make up a school and go the whole way: plan, review, apply, plan again, undo.

    The files stay in DIR (demo-school), to be opened. Every step says the command that does the same.
    """
    from rosterdiff.demo.story import tell_story

    tell_story(folder, _Terminal(output()))
    return Exit.DONE
