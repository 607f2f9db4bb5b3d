"""`check` and `template`: before there is a plan."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rosterdiff.cli import shared
from rosterdiff.cli.outcome import Exit, describe
from rosterdiff.cli.screen import output, working
from rosterdiff.cli.sources import files_of, read_base, read_options, writable
from rosterdiff.config import ReadOptions
from rosterdiff.errors import UnreadableFile

if TYPE_CHECKING:
    from rosterdiff.frames import Roster
    from rosterdiff.reports.check_json import Checked


@click.command(short_help="Say what is wrong in spreadsheets, cell by cell.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@shared.reading
@click.option("--base", is_flag=True, help="The files are exports of the host: their id column is the student_id.")
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON (check.schema.json).")
@click.option(
    "--marked-up",
    "folder",
    metavar="DIR",
    help="Write each file into this folder with its issues marked in the cells and listed on a sheet.",
)
@shared.force
def check(files: tuple[str, ...], base: bool, as_json: bool, folder: str | None, force: bool, **given: Any) -> Exit:  # noqa: FBT001  (click's way)
    """Read spreadsheets and report what was understood and what is wrong, cell by cell.

    A folder stands for the spreadsheets in it.
    """
    from rosterdiff.reports.check_json import check_to_json

    options = read_options(given["columns"], given["date_order"], as_of=given["as_of"], base=base)
    mark = partial(_mark, options=options, folder=Path(folder), force=force) if folder else None
    checked = []
    for path in files_of(files):
        checked.append(_check_file(path, options, mark))
        _print_file(checked[-1], as_json=as_json)
    if as_json:
        click.echo(check_to_json(checked))
    elif len(checked) > 1:
        _print_total(checked)
    return _exit_of(checked)


def _mark(path: Path, roster: "Roster", options: ReadOptions, folder: Path, *, force: bool) -> str:
    from rosterdiff.marking import write_marked_up

    folder.mkdir(parents=True, exist_ok=True)
    return str(write_marked_up(path, roster.issues, folder, options=options, overwrite=force).path)


def _check_file(path: Path, options: ReadOptions, mark: Callable[[Path, "Roster"], str] | None) -> "Checked":
    from rosterdiff.reading import read_roster
    from rosterdiff.reports.check_json import Checked

    try:
        with working(f"Reading {path.name}"):
            roster = read_roster(path, options=options)
            return Checked(path.name, roster, mark(path, roster) if mark else None)
    except UnreadableFile as error:
        return Checked(path.name, error)


def _print_file(checked: "Checked", *, as_json: bool) -> None:
    from rosterdiff.reports.text import print_issues, print_roster

    if isinstance(checked.outcome, UnreadableFile):
        click.echo(f"rosterdiff: {describe(checked.outcome)}", err=True)
        return
    if as_json:
        return
    print_roster(checked.outcome, output())
    print_issues(checked.outcome.issues, output())
    if checked.marked_up:
        click.echo(f"Marked up: {checked.marked_up}")


def _print_total(checked: Sequence["Checked"]) -> None:
    from rosterdiff.reports.text import print_checked

    print_checked([each.outcome for each in checked], output())


def _exit_of(checked: Sequence["Checked"]) -> Exit:
    outcomes = [each.outcome for each in checked]
    if any(isinstance(outcome, UnreadableFile) for outcome in outcomes):
        return Exit.FAILED
    errors = any((o.issues["severity"] == "error").any() for o in outcomes if not isinstance(o, UnreadableFile))
    return Exit.AWAITS if errors else Exit.DONE


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
