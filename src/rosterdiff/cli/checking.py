"""`check` and `template`: before there is a plan."""

from pathlib import Path
from typing import Any

import click

from rosterdiff.cli import shared
from rosterdiff.cli.outcome import Exit, describe
from rosterdiff.cli.screen import output, working
from rosterdiff.cli.sources import files_of, read_base, read_options, writable
from rosterdiff.config import ReadOptions
from rosterdiff.errors import UnreadableFile


@click.command(short_help="Say what is wrong in spreadsheets, cell by cell.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@shared.reading
@click.option("--base", is_flag=True, help="The files are exports of the host: their id column is the student_id.")
def check(files: tuple[str, ...], base: bool, **given: Any) -> Exit:  # noqa: FBT001  (click's way)
    """Read spreadsheets and report what is found and what is wrong, cell by cell.

    A folder stands for the spreadsheets in it.
    """
    options = read_options(given["columns"], given["date_order"], as_of=given["as_of"], base=base)
    outcomes = [_check_file(path, options) for path in files_of(files)]
    return Exit.FAILED if Exit.FAILED in outcomes else max(outcomes)


def _check_file(path: Path, options: ReadOptions) -> Exit:
    from rosterdiff.reading import read_roster
    from rosterdiff.reports.text import print_issues, print_roster

    try:
        with working(f"Reading {path.name}"):
            roster = read_roster(path, options=options)
    except UnreadableFile as error:
        click.echo(f"rosterdiff: {describe(error)}", err=True)
        return Exit.FAILED
    print_roster(roster, output())
    print_issues(roster.issues, output())
    return Exit.AWAITS if (roster.issues["severity"] == "error").any() else Exit.DONE


@click.command(short_help="Write a workbook for the school to edit.")
@click.argument("base", metavar="BASE")
@click.option("-o", "--output", "path", required=True, metavar="FILE.xlsx", help="Where to write the workbook.")
@shared.reading
@shared.table
@shared.force
def template(base: str, path: str, force: bool, **given: Any) -> Exit:  # noqa: FBT001  (click's way)
    """Write the students of BASE into a workbook that the school edits and sends back.

    BASE is a spreadsheet that the host exported, or the URL of a store such as sqlite:///school.db.
    """
    from rosterdiff.reports import write_template

    target = writable(path, force=force)
    options = read_options(given["columns"], given["date_order"], as_of=given["as_of"], base=True)
    with working("Reading the base"):
        roster, _ = read_base(base, given["table"], options)
    write_template(roster, target or path)
    click.echo(f"Wrote {len(roster):,} students to {path}. Edit it, and give it to `rosterdiff plan` as an upload.")
    return Exit.DONE
