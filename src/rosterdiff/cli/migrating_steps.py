"""`migration …`: the workflow of a school, step by step, kept in the database beside its students.

Invariants: every command goes on where the journal stands, whoever and whatever process took the last step; it says
what was done, and what is awaited next.
"""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import click
import polars as pl

from rosterdiff.cli import shared
from rosterdiff.cli.migrating_screen import print_carried, print_memory, print_status, print_step, print_trail
from rosterdiff.cli.outcome import Exit
from rosterdiff.cli.screen import output, working
from rosterdiff.cli.sources import files_of, open_store, writable
from rosterdiff.errors import HeldPlan, InvalidOption, PlanError, Unacknowledged, UnresolvedPlan
from rosterdiff.frames import Context, Roster
from rosterdiff.migration import BULK, MIGRATIONS, Host, Migration
from rosterdiff.migration.states import Kept
from rosterdiff.model import Actor, Decision, GuardCode, Severity, Verdict
from rosterdiff.sentences import count_of

_Command = Callable[..., Any]


STEPS: Final[dict[str, click.Command]] = {}
"""The commands of `migration`, in the order of the work."""


def _step(name: str, short_help: str) -> Callable[[_Command], click.Command]:
    """A command of `migration`."""

    def register(command: _Command) -> click.Command:
        STEPS[name] = click.command(name, short_help=short_help)(command)
        return STEPS[name]

    return register


def _now() -> datetime:
    return datetime.now().astimezone()


def _placed(command: _Command) -> _Command:
    """Which school's workflow it is."""
    command = click.option(
        "--school", default="", metavar="NAME", help="Whose journal it is, where a database has several schools."
    )(command)
    command = click.option(
        "--bulk", type=click.IntRange(min=1), metavar="N", help="The bulk upload N instead of the migration."
    )(command)
    return shared.store(command)


def _host(given: dict[str, Any]) -> Host:
    from rosterdiff.stores import SqlJournal

    store = open_store(given["url"], given["table"])
    context = Context(seats=given.get("seats"))
    return Host(store, SqlJournal(given["url"], school=given["school"]), context=context, clock=_now)


def _resume(given: dict[str, Any]) -> Migration:
    return Migration.resume(_host(given), f"{BULK}{given['bulk']}" if given["bulk"] else MIGRATIONS)


def _said(now: Migration, *lines: str) -> Exit:
    print_step(now, lines, output())
    return Exit.AWAITS if now.progress.is_live else Exit.DONE


def _day(_: click.Context, __: click.Parameter, given: datetime | None) -> date | None:
    return given.date() if given else None


def _date(name: str, text: str, *, required: bool = False) -> Callable[[_Command], _Command]:
    kind = click.DateTime(["%Y-%m-%d"])
    return click.option(name, metavar="YYYY-MM-DD", type=kind, callback=_day, required=required, help=text)


@_step("open", "Begin a migration, or a bulk upload.")
@_placed
@_date("--from", "The first day on which it may be worked on.")
@_date("--until", "The last day.")
@click.option("--school-year", metavar="TEXT", help="A name for the audit trail, such as 2027.")
@click.option("--new-bulk", is_flag=True, help="Begin a bulk upload, which deletes nobody, beside the migration.")
@shared.actor(required=True)
def open_(actor: Actor, school_year: str | None, new_bulk: bool, **given: Any) -> Exit:  # noqa: FBT001  (click's way)
    """Begin the migration of a school, within its window."""
    host, window = _host(given), (given["from"], given["until"])
    if (window[0] is None) != (window[1] is None):
        raise click.UsageError("A window has two ends: give --from and --until.")
    if new_bulk:
        now = Migration.open_bulk(host, actor=actor, school_year=school_year)
        return _said(now, f"Opened {now.progress.name}. Name it with --bulk {now.progress.number}.")
    asked = None if window[0] is None else window
    now = Migration.open(host, actor=actor, window=asked, school_year=school_year)
    return _said(now, f"Opened {now.progress.name}.")


@_step("upload", "Hand in lists.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@_placed
@click.option("--replace", is_flag=True, help="A file takes the place of the earlier version of its name.")
@shared.reading_columns
@shared.actor(required=True)
def upload(files: tuple[str, ...], actor: Actor, replace: bool, **given: Any) -> Exit:  # noqa: FBT001  (click's way)
    """Hand in lists, one or a folder of them; each is read at once, and kept with who handed it in."""
    from rosterdiff.reports.text import print_issues

    now, found = _resume(given), []
    order, columns = given["date_order"], dict(given["columns"])
    reading = ({"columns": columns} if columns else {}) | ({"date_order": order} if order else {})
    for path in files_of(files):
        before = now
        with working(f"Reading {path.name}"):
            now = now.upload(path.name, path.read_bytes(), actor=actor, replace=replace, reading=reading)
            roster = now.roster_of(path.name)
        same = " (the same as before)" if now is before else ""
        click.echo(f"{path.name}: {count_of(len(roster), 'student')}, {_graver(roster)}{same}.")
        found.append(roster.issues.filter(pl.col("severity") != Severity.INFO.value))
    if any(issues.height for issues in found):
        print_issues(pl.concat(found), output())
    return _said(now)


def _graver(roster: Roster) -> str:
    counted = {
        s: roster.issues.filter(pl.col("severity") == s.value).height for s in (Severity.ERROR, Severity.WARNING)
    }
    return ", ".join(count_of(count, s.value) for s, count in counted.items() if count) or "nothing wrong"


@_step("withdraw", "Take a list back.")
@click.argument("name", metavar="NAME")
@_placed
@shared.actor(required=True)
def withdraw(name: str, actor: Actor, **given: Any) -> Exit:
    """Take a list back, until the uploads are declared complete."""
    return _said(_resume(given).withdraw(name, actor=actor), f"Withdrew {name}.")


@_step("status", "Say where it stands, who did what, and what is awaited.")
@_placed
def status(**given: Any) -> Exit:
    """Say where it stands, who did what, and what is awaited."""
    now = _resume(given)
    print_status(now, output())
    return Exit.AWAITS if now.progress.is_live else Exit.DONE


@_step("complete", "Declare that all lists are there.")
@_placed
@shared.actor(required=True)
def complete(actor: Actor, **given: Any) -> Exit:
    """Declare that every list that is required is there: who is on none of them is absent."""
    return _said(_resume(given).complete(actor=actor), "Declared complete.")


@_step("plan", "Make the plan, or make it again.")
@_placed
@click.option("--save", metavar="PLAN.rdiff", help="Save the plan, for `rosterdiff show`.")
@click.option("--seats", type=click.IntRange(min=0), help="The most active students that the subscription allows.")
@click.option("--preview", is_flag=True, help="Show the plan of the uploads so far; keep nothing.")
@shared.actor(required=False)
def plan_(actor: Actor | None, preview: bool, **given: Any) -> Exit:  # noqa: FBT001  (click's way)
    """Make the plan from the lists and the students as they are now.

    Made again, it keeps every decision whose records did not change, and asks again only about the others.
    """
    from rosterdiff.planning import save_plan
    from rosterdiff.reports.text import print_plan

    now = _resume(given)
    with working("Planning"):
        if preview:
            print_plan(now.preview(), output())
            return Exit.DONE
        if actor is None:
            raise click.UsageError("Who makes the plan? Give --actor ROLE:NAME, or --preview to keep nothing.")
        now = now.make_plan(actor=actor)
    print_plan(now.plan, output())
    print_carried(now.carried, output())
    if given["save"]:
        save_plan(now.plan, given["save"])
    return _said(now)


@_step("review", "Write what awaits a decision into a workbook.")
@click.argument("path", metavar="REVIEW.xlsx")
@_placed
@shared.force
def review(path: str, force: bool, **given: Any) -> Exit:  # noqa: FBT001  (click's way)
    """Write the questions of the plan that nobody has answered yet into a workbook, for people to answer."""
    from rosterdiff.reports import write_review

    now = _resume(given)
    open_entries = now.decided_plan.counts["review"]
    if not open_entries:
        click.echo("Nothing awaits a decision.")
        return _said(now)
    target = writable(path, force=force)
    write_review(now.review_plan, target or path)
    click.echo(f"Wrote {path}: {count_of(open_entries, 'open entry', 'open entries')}.")
    return Exit.AWAITS


@_step("acknowledge", "Acknowledge the deletions, stating their number.")
@click.argument("count", metavar="N", type=click.IntRange(min=0))
@_placed
@shared.actor(required=True)
def acknowledge(count: int, actor: Actor, **given: Any) -> Exit:
    """Acknowledge that the N students who are on no list are deleted, and those in review whom it finds absent."""
    return _said(_resume(given).acknowledge(count, actor=actor), f"Acknowledged: {count:,}.")


@_step("decide", "Decide what is in doubt, by workbook or one entry at a time.")
@click.argument("review", metavar="[REVIEW.xlsx]", required=False)
@_placed
@click.option("--row", type=click.IntRange(min=0), metavar="ROW", help="The row of the plan that is decided.")
@click.option("--student", metavar="ID", help="The student that is meant: with --row, or whose absence is decided.")
@click.option("--verdict", type=click.Choice([v.value for v in Verdict if v is not Verdict.OPEN]), help="What is said.")
@click.option("--comment", default="", metavar="TEXT", help="Why; kept with the decision.")
@click.option("--replace", is_flag=True, help="Pass over what other persons said otherwise.")
@shared.actor(required=True)
def decide(review: str | None, actor: Actor, replace: bool, **given: Any) -> Exit:  # noqa: FBT001  (click's way)
    """Take the answers of a review workbook, or one decision: --row 7 --verdict same --student 1042."""
    from rosterdiff.reports import read_decisions

    if (review is None) == (given["verdict"] is None):
        raise click.UsageError("Give a review workbook, or one decision with --verdict.")
    before = _resume(given)
    about = {"row": given["row"], "student_id": given["student"], "comment": given["comment"]}
    decisions = read_decisions(Path(review)) if review else (Decision(**about, verdict=given["verdict"]),)
    now = before.decide(decisions, actor=actor, replace=replace)
    print_carried(now.carried, output())
    taken = sum(note.count for note in now.progress.decided) - sum(note.count for note in before.progress.decided)
    return _said(now, f"Took {taken:,} decisions; {now.decided_plan.counts['review']:,} entries are open.")


@_step("override", "Pass a guard that holds the plan.")
@click.argument("code", metavar="CODE", type=click.Choice([code.value for code in GuardCode]))
@_placed
@click.option("--reason", required=True, metavar="TEXT", help="Why the plan is right; kept in the audit trail.")
@shared.actor(required=True)
def override(code: str, reason: str, actor: Actor, **given: Any) -> Exit:
    """Let the plan pass a guard that holds it, for a reason that is kept."""
    return _said(_resume(given).override(code, actor=actor, reason=reason), f"Overrode {code}.")


@_step("apply", "Write the plan to the store.")
@_placed
@shared.actor(required=True)
def apply_(actor: Actor, **given: Any) -> Exit:
    """Write the plan to the store, in one transaction: all of it, or nothing."""
    from rosterdiff.reports.text import print_receipt

    with working("Applying the plan"):
        try:
            now = _resume(given).apply(actor=actor)
        except (UnresolvedPlan, HeldPlan, Unacknowledged) as error:
            raise PlanError(error.problem, "What is awaited, and how it is done: rosterdiff migration status") from None
    print_receipt(now.receipt, output())
    return _said(now)


def _simple(name: str, method: str, text: str, done: str) -> None:
    """A command that is one step without arguments."""

    @_step(name, text)
    @_placed
    @shared.actor(required=True)
    def command(actor: Actor, **given: Any) -> Exit:
        return _said(getattr(_resume(given), method)(actor=actor), done)

    command.help = text


_simple("undo", "undo", "Take the apply back: every student is as before.", "Undone: every student is as before.")
_simple("cancel", "cancel", "End it without a change.", "Cancelled; nothing was written.")
_simple("reopen", "reopen", "Collect lists again; decisions are kept where nothing changed.", "Reopened.")


@_step("extend", "Let the window end on another day.")
@_placed
@_date("--until", "The last day.", required=True)
@shared.actor(required=True)
def extend(actor: Actor, until: date, **given: Any) -> Exit:
    """Let the window end on another day."""
    return _said(_resume(given).extend(until, actor=actor), f"The window ends on {until}.")


@_step("audit", "Print or export who did what, and when.")
@_placed
@click.option("--format", "form", type=click.Choice(["table", "csv", "jsonl"]), default="table", show_default=True)
@click.option("-o", "--output", "path", metavar="FILE", help="Where to write csv or jsonl; by default standard output.")
def audit(form: str, path: str | None, **given: Any) -> Exit:
    """Print or export the audit trail of the school: every step of every workflow, with no value of a cell."""
    from rosterdiff.migration import audit as read_trail

    events = read_trail(_host(given).journal)
    if form == "table":
        print_trail(events, output())
        return Exit.DONE
    text = events.write_csv() if form == "csv" else events.write_ndjson()
    if path:
        Path(path).write_text(text, encoding="utf-8")
    else:
        click.echo(text, nl=False)
    return Exit.DONE


@_step("memory", "List what is remembered of the students.")
@_placed
def memory(**given: Any) -> Exit:
    """List what people said that the next plan will know, with the ids by which it is revoked."""
    from rosterdiff.migration import remembered

    host = _host(given)
    print_memory(remembered(host), host.store.load(), output())
    return Exit.DONE


@_step("forget", "Revoke what is remembered.")
@click.argument("memory_ids", metavar="MEMORY...", nargs=-1, required=True)
@_placed
@shared.actor(required=True)
def forget(memory_ids: tuple[str, ...], actor: Actor, **given: Any) -> Exit:
    """Revoke what is remembered: the next plan asks again."""
    from rosterdiff.migration import forget as revoke

    for each in memory_ids:
        revoke(_host(given), each, actor=actor)
    click.echo(f"Revoked {len(memory_ids)}. A plan that was made before still knows it: plan again.")
    return Exit.DONE


@_step("purge", "Remove for good what is old.")
@_placed
@_date("--before", "What is older than this day goes.", required=True)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([kind.value for kind in Kept]),
    help="What goes; by default all.",
)
@click.option("--yes", is_flag=True, help="Do it; without, nothing is removed.")
@shared.actor(required=True)
def purge(actor: Actor, before: date, kinds: tuple[str, ...], yes: bool, **given: Any) -> Exit:  # noqa: FBT001  (click's way)
    """Remove for good old uploads, plans, decisions, names, and what undo and restore need. The trail stays."""
    from rosterdiff.migration import purge as remove

    if not yes:
        raise InvalidOption("What is purged is gone for good, and what it undoes too.", "Say so with --yes.")
    moment = datetime.combine(before, datetime.min.time()).astimezone()
    report = remove(_host(given), moment, actor=actor, kinds=kinds or tuple(Kept))
    for sentence in report.sentences:
        click.echo(sentence)
    return Exit.DONE
