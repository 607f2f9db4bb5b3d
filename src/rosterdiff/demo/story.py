"""The whole way on the invented school: files, store, plan, review, apply, plan again, undo.

Invariants: every step goes through the library's public functions and says the command that does the same; every claim
is checked, and the first that does not hold ends the story.
"""

from datetime import date
from pathlib import Path
from typing import Final, Protocol

from attrs import evolve, frozen

from rosterdiff.apply import apply_plan, undo
from rosterdiff.config import ReadOptions
from rosterdiff.demo.answers import fill_in
from rosterdiff.demo.school import SEED, Line, School, Twist, make_school
from rosterdiff.demo.sheets import BASE_FILE, UPLOADS, Sheets, upload_names, write_sheets
from rosterdiff.errors import InvalidOption, RosterError
from rosterdiff.evidence import Explanation
from rosterdiff.frames import Context, Roster
from rosterdiff.model import Action, Actor, Receipt, Role
from rosterdiff.pipeline import make_plan
from rosterdiff.planning import acknowledge_deletions, explain, load_plan, resolve, save_plan
from rosterdiff.plans import Plan
from rosterdiff.reading import read_roster
from rosterdiff.reports import read_decisions, write_page, write_review
from rosterdiff.stores import SqlStore
from rosterdiff.uploads import compile_uploads

AS_OF: Final = date(2026, 12, 1)
SCHOOL_YEAR: Final = "2027"
ADMINISTRATOR: Final = Actor(Role.ADMINISTRATOR, "Robin")
STAFF: Final = Actor(Role.STAFF, "Ada")
_DATABASE, _PLAN, _REVIEW, _FINAL, _AGAIN = "school.db", "plan.rdiff", "review.xlsx", "final.rdiff", "again.rdiff"
_PAGE: Final = "plan.html"


class Teller(Protocol):
    """Who tells the story: the command line, or a test."""

    def step(self, title: str, command: str = "") -> None:
        """Begin a step, with the command that does the same."""
        ...

    def say(self, text: str) -> None:
        """Say a sentence or two."""
        ...

    def checked(self, claim: str) -> None:
        """Say what was claimed, and holds."""
        ...

    def show_plan(self, plan: Plan) -> None:
        """Show a plan."""
        ...

    def show_explanation(self, explanation: Explanation) -> None:
        """Show why a row has its entry."""
        ...


class BrokenStory(RosterError):
    """The demo claimed something that does not hold: a fault of rosterdiff, not of the user."""


@frozen
class Stage:
    """Where the story takes place."""

    folder: Path
    school: School
    sheets: Sheets
    store: SqlStore
    teller: Teller

    def path(self, name: str) -> Path:
        """The path of a file of the story."""
        return self.folder / name

    def claim(self, text: str, *, holds: bool) -> None:
        """Check a claim, and say that it holds."""
        if not holds:
            raise BrokenStory(f"The demo claimed: {text} This does not hold.", "Please report it with the version.")
        self.teller.checked(text)


def tell_story(folder: Path, teller: Teller) -> None:
    """Go the whole way in a folder, which is made; an earlier demo in it is replaced.

    Raises:
        InvalidOption: the folder holds other files.
        BrokenStory: a claim does not hold.

    """
    stage = _open_stage(folder, teller)
    before = stage.store.load()
    plan = _make_first_plan(stage)
    _explain_one(stage, plan)
    final = _review(stage, plan)
    receipt = _apply(stage, plan, final)
    _plan_again(stage, final)
    _undo(stage, receipt, before)
    _say_where(stage)


def _open_stage(folder: Path, teller: Teller) -> Stage:
    _clear(folder)
    teller.step("A school and its spreadsheets")
    school = make_school(SEED)
    sheets = write_sheets(school, folder)
    teller.say(
        f"{len(school.students)} students in {sheets.base.name}, the export of their accounts, and next year's"
        f" class lists in {len(sheets.uploads)} files, each in its teacher's own way. All of them are invented."
    )
    teller.step("The host's database", f'rosterdiff check --base "{sheets.base}"')
    base = read_roster(sheets.base, options=ReadOptions(base=True, as_of=AS_OF))
    store = SqlStore.create(_url(folder), base)
    stage = Stage(folder, school, sheets, store, teller)
    stage.claim(f"{_DATABASE} holds every account of the export.", holds=len(store.load()) == len(school.students))
    return stage


def _clear(folder: Path) -> None:
    """Remove an earlier demo; anything else is left alone, and refused."""
    inner = folder / UPLOADS
    found = [*(folder.iterdir() if folder.is_dir() else [folder] if folder.exists() else [])]
    found += [*(inner.iterdir() if inner.is_dir() else [])]
    ours = {folder / name for name in (BASE_FILE, UPLOADS, _DATABASE, _PLAN, _PAGE, _REVIEW, _FINAL, _AGAIN)}
    ours |= {inner / name for name in upload_names()}
    if not ours.issuperset(found):
        raise InvalidOption(
            f"{folder} holds something other than an earlier demo, and is left as it is.",
            "Name another folder: rosterdiff demo DIR.",
        )
    for path in found:
        if path.is_file():
            path.unlink()


def _url(folder: Path) -> str:
    return f"sqlite:///{folder / _DATABASE}"


def _make_first_plan(stage: Stage) -> Plan:
    page, review = stage.path(_PAGE), stage.path(_REVIEW)
    stage.teller.step("The plan", f"{_plan_command(stage)} -o {stage.path(_PLAN)} --page {page} --review {review}")
    plan = _plan(stage, Context(as_of=AS_OF, school_year=SCHOOL_YEAR))
    save_plan(plan, stage.path(_PLAN))
    write_page(plan, page)
    stage.teller.show_plan(plan)
    entries = len(plan.base) + len(plan.incoming)
    both = plan.entries.filter(plan.entries["row"].is_not_null() & plan.entries["student_id"].is_not_null()).height
    stage.claim("every account and every row is in exactly one entry.", holds=plan.entries.height == entries - both)
    stage.claim("no student was given to a row that is not his or hers.", holds=_is_right(stage, plan))
    stage.claim("somebody has to look at the doubtful ones.", holds=plan.counts[Action.REVIEW] > 0)
    return plan


def _plan_command(stage: Stage) -> str:
    folder = stage.sheets.uploads[0].parent
    return f'rosterdiff plan {_url(stage.folder)} "{folder}" --as-of {AS_OF} --school-year {SCHOOL_YEAR}'


def _plan(stage: Stage, context: Context) -> Plan:
    options = ReadOptions(as_of=AS_OF)
    incoming = compile_uploads([read_roster(path, options=options) for path in stage.sheets.uploads])
    return make_plan(stage.store.load(), incoming, context=evolve(context, deleted=stage.store.load_deleted()))


def _is_right(stage: Stage, plan: Plan) -> bool:
    """Whether every pair that the plan decided alone is the truth, and nobody who stays is deleted."""
    truth = {row: line.student_id for row, line in _lines_of(stage, plan.incoming).items()}
    pairs = plan.entries.select("row", "student_id").drop_nulls().iter_rows()
    gone = set(plan.entries.filter(plan.entries["action"] == Action.DELETE.value)["student_id"])
    return all(truth[row] == student_id for row, student_id in pairs) and not gone & stage.school.staying


def _lines_of(stage: Stage, incoming: Roster) -> dict[int, Line]:
    places = incoming.frame.select("row", "source_file", "source_row").iter_rows()
    return {row: stage.sheets.lines[name, line] for row, name, line in places}


def _explain_one(stage: Stage, plan: Plan) -> None:
    lines = _lines_of(stage, plan.incoming)
    row = next(row for row, line in sorted(lines.items()) if line.twist is Twist.TYPO)
    stage.teller.step("Why one row is in doubt", f"rosterdiff show {stage.path(_PLAN)} --explain {row}")
    explanation = explain(plan, row)
    stage.teller.show_explanation(explanation)
    total = sum(round(field.weight * 1000) for field in explanation.candidates[0].fields)
    stage.claim("the weights of the fields add up.", holds=total == round(explanation.candidates[0].weight * 1000))


def _review(stage: Stage, plan: Plan) -> Plan:
    review, final = stage.path(_REVIEW), stage.path(_FINAL)
    stage.teller.step("The review", f"rosterdiff decide {stage.path(_PLAN)} {review} -o {final} --actor {STAFF}")
    write_review(plan, review)
    answers = fill_in(review, _lines_of(stage, plan.incoming))
    stage.teller.say(f"{answers} answers were written into {review.name}, as a person would who knows the children.")
    decided = resolve(plan, [evolve(each, actor=STAFF) for each in read_decisions(review)])
    save_plan(decided, final)
    counts = ", ".join(f"{count} {action}" for action, count in decided.counts.items())
    stage.teller.say(f"The plan after review: {counts}.")
    stage.claim("nothing is in doubt any more.", holds=decided.counts[Action.REVIEW] == 0)
    stage.claim("after review every account went to its own student.", holds=_is_right(stage, decided))
    return load_plan(final)


def _apply(stage: Stage, plan: Plan, final: Plan) -> Receipt:
    count = int(plan.deletable["certain"].sum())
    url = _url(stage.folder)
    stage.teller.step(
        "Apply",
        f"rosterdiff apply {stage.path(_FINAL)} --store {url} --actor {STAFF} --acknowledge-deletions {count}",
    )
    acknowledgement = acknowledge_deletions(plan, count=count, actor=ADMINISTRATOR)
    receipt = apply_plan(final, stage.store, actor=STAFF, acknowledgement=acknowledgement)
    stage.teller.say(f"Receipt {receipt.receipt_id}: {_counts(receipt)}.")
    expected = {name: final.counts[name] for name in ("add", "delete")}
    found = {name: receipt.counts[name] for name in ("add", "delete")}
    stage.claim("the receipt names what the plan said.", holds=found == expected)
    again = apply_plan(final, stage.store, actor=STAFF, acknowledgement=acknowledgement)
    stage.claim("applying it a second time does nothing.", holds=again.receipt_id == receipt.receipt_id)
    return receipt


def _counts(receipt: Receipt) -> str:
    words = {"add": "added", "update": "updated", "delete": "deleted (recoverably)"}
    return ", ".join(f"{count} {words[action]}" for action, count in receipt.counts.items())


def _plan_again(stage: Stage, final: Plan) -> None:
    again = stage.path(_AGAIN)
    stage.teller.step(
        "The same lists once more, with the decisions remembered",
        f"{_plan_command(stage)} -o {again} --decisions {stage.path(_FINAL)}",
    )
    context = Context(as_of=AS_OF, school_year=SCHOOL_YEAR, decisions=final.decisions)
    plan = _plan(stage, context)
    save_plan(plan, again)
    kept = plan.counts[Action.KEEP]
    stage.claim(f"all {plan.entries.height} entries say keep.", holds=kept == plan.entries.height)


def _undo(stage: Stage, receipt: Receipt, before: Roster) -> None:
    stage.teller.step("Undo", f"rosterdiff undo {receipt.receipt_id} --store {_url(stage.folder)} --actor {STAFF}")
    undo(receipt, stage.store, actor=STAFF)
    stage.claim("every account is as it was before.", holds=stage.store.load().frame.equals(before.frame))


def _say_where(stage: Stage) -> None:
    stage.teller.step("The files to open")
    for path, what in (
        (stage.sheets.base, "the export of the accounts"),
        (stage.sheets.uploads[0].parent, "the class lists"),
        (stage.path(_PAGE), "the plan in a browser, where it can be answered too"),
        (stage.path(_REVIEW), "the review workbook, filled in"),
        (stage.path(_PLAN), "the plan (rosterdiff show)"),
        (stage.path(_FINAL), "the plan after review"),
        (stage.path(_DATABASE), "the database, as before the apply"),
    ):
        stage.teller.say(f"{path}: {what}")
