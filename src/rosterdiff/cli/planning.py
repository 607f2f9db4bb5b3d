"""`plan`, `show` and `decide`: from files to a plan that awaits nobody."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from attrs import evolve

from rosterdiff.cli import shared
from rosterdiff.cli.outcome import Exit, outcome_of
from rosterdiff.cli.screen import output, paged, working
from rosterdiff.cli.sources import columns_of, files_of, read_base, read_options, read_uploads, writable
from rosterdiff.config import Mode, Policy
from rosterdiff.frames import Context
from rosterdiff.model import Action, Actor, Decision, Step
from rosterdiff.plans import Plan

if TYPE_CHECKING:
    from rich.console import Console

    from rosterdiff.reports.selection import Selection


@click.command(short_help="Work out what would be done; write nothing.")
@click.argument("base", metavar="BASE")
@click.argument("uploads", metavar="UPLOAD...", nargs=-1, required=True)
@click.option("-o", "--output", "path", required=True, metavar="PLAN.rdiff", help="Where to save the plan.")
@click.option(
    "--mode",
    type=click.Choice([mode.value for mode in Mode]),
    default=Mode.MIGRATION.value,
    show_default=True,
    help="migration: students who are not listed are deleted; bulk: never a deletion.",
)
@click.option("--review", metavar="REVIEW.xlsx", help="Write what awaits a decision into this workbook.")
@click.option(
    "--page", metavar="PLAN.html", help="Write the plan as a page that is looked at and answered in a browser."
)
@click.option("--decisions", multiple=True, metavar="FINAL.rdiff", help="Remember the decisions of an earlier plan.")
@click.option("--school-year", metavar="TEXT", help="A name for the audit trail, such as 2027.")
@click.option("--seats", type=click.IntRange(min=0), help="The most active students that the subscription allows.")
@click.option(
    "--base-column",
    "base_columns",
    multiple=True,
    metavar="FIELD=HEADER",
    callback=columns_of,
    help="As --column, for a BASE that is a spreadsheet, such as student_id='Account No'. May be repeated.",
)
@shared.reading
@shared.table
@shared.force
def plan(base: str, uploads: tuple[str, ...], path: str, **given: Any) -> Exit:
    """Work out who is who between BASE and the uploads, and save what would be done.

    BASE is a spreadsheet that the host exported, or the URL of a store such as sqlite:///school.db. An UPLOAD is a
    spreadsheet, or a folder of them. Nothing is written to the store.
    """
    from rosterdiff.planning import save_plan
    from rosterdiff.reports import write_page, write_review
    from rosterdiff.reports.text import print_plan

    review = writable(given["review"], force=given["force"])
    made = _make_plan(base, uploads, given)
    save_plan(made, path)
    if review and made.counts["review"]:
        write_review(made, review)
    if given["page"]:
        write_page(made, given["page"])
    print_plan(made, output())
    click.echo(_next_step(made, path, given["review"], given["page"]))
    return outcome_of(made)


def _make_plan(base: str, uploads: tuple[str, ...], given: dict[str, Any]) -> Plan:
    from rosterdiff.pipeline import make_plan

    paths = files_of(uploads)
    policy = Policy(mode=given["mode"])
    options = read_options(given["columns"], given["date_order"], as_of=given["as_of"])
    with working("Reading the base"):
        as_base = evolve(options, base=True, columns=given["base_columns"], date_order=None)
        students, deleted = read_base(base, given["table"], as_base)
    with working("Reading the uploads"):
        incoming = read_uploads(paths, options, policy)
    context = Context(
        as_of=given["as_of"],
        school_year=given["school_year"],
        deleted=deleted,
        decisions=_remembered(given["decisions"]),
        seats=given["seats"],
    )
    with working(f"Planning for {len(students):,} students and {len(incoming):,} rows"):
        return make_plan(students, incoming, policy=policy, context=context)


def _remembered(paths: tuple[str, ...]) -> tuple[Decision, ...]:
    from rosterdiff.planning import load_plan

    return tuple(decision for path in paths for decision in load_plan(path).decisions)


def _next_step(made: Plan, path: str, review: str | None, page: str | None = None) -> str:
    if made.counts["review"]:
        todo, answers = _how_to_answer(made, review, page)
        return f"Saved {path}. {todo}, then: rosterdiff decide {path} {answers} -o final.rdiff"
    certain = int(made.deletable["certain"].sum())
    options = [f"--acknowledge-deletions {certain}"] if made.counts["delete"] else []
    options += [f"--override {code}" for code in made.held_by] + (["--reason TEXT"] if made.held_by else [])
    return " ".join([f"Saved {path}. Next: rosterdiff apply {path} --store URL --actor staff:NAME", *options])


def _how_to_answer(made: Plan, review: str | None, page: str | None) -> tuple[str, str]:
    """What a person does to answer what is open, and the file in which the answers are then."""
    if review and not review.endswith(".json"):
        return f"Fill in {review}", review
    if page or review:
        saved = f"decisions-{made.plan_id[:8]}.json"
        return f"Open {page or 'a page of it'}, decide and save {saved}", saved
    return "Fill in review.xlsx (write it with: rosterdiff plan … --review review.xlsx)", "review.xlsx"


@click.command(short_help="Show a saved plan, or explain a row.")
@click.argument("path", metavar="PLAN.rdiff")
@click.option("--json", "as_json", is_flag=True, help="Print the whole plan as JSON, as docs/plan-format.md describes.")
@click.option("--explain", type=click.IntRange(min=0), metavar="ROW", help="Explain one row field by field.")
@click.option("--redact", is_flag=True, help="Put pseudonyms in place of all values, to share a problem with others.")
@click.option(
    "--action",
    "actions",
    multiple=True,
    type=click.Choice([action.value for action in Action]),
    help="Show the entries of this action. May be repeated, as the two below.",
)
@click.option("--class", "classes", multiple=True, metavar="NAME", help="Show the entries of this class.")
@click.option("--student", "students", multiple=True, metavar="ID|NAME", help="Show the entries of an account or name.")
@click.option(
    "--by",
    type=click.Choice(["action", "class"]),
    help="Show entries in a list for each action, or for each class.",
)
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="The most lines of each list.")
def show(path: str, as_json: bool, explain: int | None, redact: bool, **given: Any) -> Exit:  # noqa: FBT001  (click's way)
    """Show a saved plan: all of it in short, or the entries that the options choose."""
    from rosterdiff.planning import load_plan
    from rosterdiff.reports.selection import Selection

    if as_json and explain is not None:
        raise click.UsageError("--json and --explain are two ways to show a plan; give one of them.")
    saved = load_plan(path).redacted() if redact else load_plan(path)
    wanted = Selection(given["actions"], given["classes"], given["students"])
    if as_json:
        _print_json(saved, wanted)
    elif explain is not None:
        _print_explanation(saved, explain)
    else:
        with paged(output()) as console:
            _print_plan(saved, wanted, console, by=given["by"], limit=given["limit"])
    return outcome_of(saved)


def _print_json(saved: Plan, wanted: "Selection") -> None:
    from rosterdiff.planning import plan_to_json
    from rosterdiff.reports.selection import select_entries

    document = plan_to_json(saved)
    if wanted:
        chosen = set(select_entries(saved, wanted)["entry"])
        document["entries"] = [entry for entry in document["entries"] if entry["entry"] in chosen]
    click.echo(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False))


_ENTRIES_SHOWN = 200


def _print_plan(saved: Plan, wanted: "Selection", console: "Console", *, by: str | None, limit: int | None) -> None:
    from rosterdiff.reports.selection import select_entries
    from rosterdiff.reports.text import print_plan
    from rosterdiff.reports.text_entries import print_by_action, print_by_class

    if not wanted and by is None:
        print_plan(saved, console, **({} if limit is None else {"limit": limit}))
        return
    entries = select_entries(saved, wanted)
    print_them = print_by_class if by == "class" else print_by_action
    print_them(saved, entries, console, _ENTRIES_SHOWN if limit is None else limit)


def _print_explanation(saved: Plan, row: int) -> None:
    from rosterdiff.planning import explain
    from rosterdiff.reports.text import print_explanation

    print_explanation(explain(saved, row), output())


@click.command(short_help="Take the answers of a review workbook or page.")
@click.argument("path", metavar="PLAN.rdiff")
@click.argument("review", metavar="REVIEW")
@click.option("-o", "--output", "target", required=True, metavar="FINAL.rdiff", help="Where to save the resolved plan.")
@click.option("--partial", is_flag=True, help="Take the decisions there are and leave the other entries open.")
@shared.actor(required=False)
def decide(path: str, review: str, target: str, partial: bool, actor: Actor | None) -> Exit:  # noqa: FBT001  (click's way)
    """Take the decisions that a person wrote into the review workbook, or saved from the page.

    REVIEW is the workbook (.xlsx), or the file of decisions (.json) that the page saved.
    """
    from rosterdiff.planning import load_plan, resolve, save_plan
    from rosterdiff.reports import read_decisions
    from rosterdiff.reports.text import print_plan

    if actor is not None:
        actor.require(Step.DECIDE)
    decisions = [evolve(each, actor=each.actor or actor) for each in read_decisions(Path(review))]
    final = resolve(load_plan(path), decisions, partial=partial)
    save_plan(final, target)
    print_plan(final, output())
    click.echo(_next_step(final, target, review))
    return outcome_of(final)
