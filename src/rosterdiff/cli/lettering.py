"""`letter`: what the school has to put right before its lists are used."""

from pathlib import Path

import click

from rosterdiff.cli import shared
from rosterdiff.cli.outcome import Exit
from rosterdiff.cli.sources import writable


@click.command(short_help="Write to the school what it has to put right.")
@click.argument("path", metavar="PLAN.rdiff")
@click.option("-o", "--output", "target", metavar="LETTER", help="Where to write it: .txt, .html or .xlsx.")
@shared.force
def letter(path: str, target: str | None, force: bool) -> Exit:  # noqa: FBT001  (click's way)
    """Write to the school what it has to put right, by file and teacher; without -o, print it.

    Names that differ and must be changed by hand first, cells to correct, rows of which the school knows who is meant,
    classes without a list, and who is in no list.
    """
    from rosterdiff.planning import load_plan
    from rosterdiff.reports import write_discrepancies
    from rosterdiff.reports.letter_content import write_letter
    from rosterdiff.reports.letter_text import letter_as_text

    saved = load_plan(path)
    if target is None:
        click.echo(letter_as_text(write_letter(saved)), nl=False)
    else:
        write_discrepancies(saved, writable(target, force=force) or Path(target))
        click.echo(f"Wrote {target}.")
    return Exit.DONE
