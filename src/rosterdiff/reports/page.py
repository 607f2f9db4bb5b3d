"""The review page: one HTML file with a plan in it, to be opened from disk, looked at, decided and printed.

Invariants: the page asks nothing of any network, and its policy forbids it; names are data in a JSON block, never
markup; the same plan gives the same bytes; its size is bounded whatever the size of the plan.
"""

import base64
import hashlib
import json
from importlib.resources import files
from os import PathLike
from pathlib import Path
from string import Template
from typing import Any, Final

from rosterdiff.errors import InvalidOption
from rosterdiff.model import Action, Pool, Reason, Verdict
from rosterdiff.plans import Plan
from rosterdiff.reports.page_answers import FORMAT, MARKER
from rosterdiff.reports.page_cards import comparison_words, review_cards
from rosterdiff.reports.page_lists import coverage_table, entry_list, held_list, issue_list
from rosterdiff.reports.review_form import DELETE_ALL, LEAVE_ALL
from rosterdiff.sentences import ACTIONS, GUARDS, POOLS, REASONS, VERDICTS

MOST_CARDS: Final = 5_000

_SCRIPTS: Final = (
    "data.js",
    "dom.js",
    "store.js",
    "answers.js",
    "differences.js",
    "filters.js",
    "overview.js",
    "lists.js",
    "evidence.js",
    "card.js",
    "queue.js",
    "dialogs.js",
    "files.js",
    "keys.js",
    "main.js",
)
"""The parts of the one script of the page, in their order."""


def write_page(plan: Plan, path: str | PathLike[str], *, most: int = MOST_CARDS) -> None:
    """Write a plan as one HTML file in which people look at it and answer its review entries.

    The page works without a network and without a server. What is decided in it is saved there as a file, which
    `read_decisions` takes.

    Args:
        plan: the plan, resolved or not.
        path: where to write it; a name that ends in `.html`.
        most: the most review groups on the page; of further ones it says how many there are.

    Raises:
        InvalidOption: `most` is not positive.
        OSError: the file cannot be written.

    """
    if most < 1:
        raise InvalidOption(f"The most review groups on a page is a positive number, found {most}.")
    Path(path).write_text(page_html(plan, most), encoding="utf-8", newline="\n")


def page_html(plan: Plan, most: int = MOST_CARDS) -> str:
    """The page as text."""
    style = _part("page.css")
    script = "\n".join(_part(name) for name in _SCRIPTS)
    return Template(_part("page.html")).substitute(
        policy=_policy(style, script),
        style=style,
        script=script,
        data=_as_json(page_data(plan, most)),
    )


def page_data(plan: Plan, most: int = MOST_CARDS) -> dict[str, Any]:
    """Everything that the page knows, as JSON can hold it."""
    fields, cards, left_out = review_cards(plan, most)
    lists = {action.value: entry_list(plan, action) for action in (Action.DELETE, Action.ADD, Action.UPDATE)}
    return {
        "decisions": {"marker": MARKER, "format": FORMAT},
        "plan": {
            "id": plan.plan_id,
            "mode": plan.mode.value,
            "year": plan.school_year or "",
            "as_of": plan.as_of.isoformat() if plan.as_of else "",
            "students": len(plan.base),
            "rows": len(plan.incoming),
            "files": plan.incoming.frame["source_file"].drop_nulls().n_unique(),
        },
        "counts": [[action.value, ACTIONS[action].title, plan.counts[action]] for action in Action],
        "guards": _guards(plan),
        "certain": int(plan.deletable["certain"].sum()),
        "words": _words(),
        "fields": fields,
        "cards": cards,
        "left_out": left_out,
        "lists": lists,
        "held": held_list(plan),
        "coverage": coverage_table(plan),
        "issues": issue_list(plan),
    }


def _guards(plan: Plan) -> list[dict[str, Any]]:
    """The guards that hold the plan, and those that were overridden."""
    holding = set(plan.held_by)
    wordings = {guard.value: wording for guard, wording in GUARDS.items()}
    return [
        {
            "title": wordings[code].title,
            "sentence": sentence,
            "advice": wordings[code].advice,
            "code": code,
            "passed": code not in holding,
        }
        for code, sentence in plan.guards.filter("held").select("code", "sentence").iter_rows()
    ]


def _words() -> dict[str, Any]:
    """The words that cards refer to: the same as in the workbook and on the terminal."""
    return {
        "reasons": {reason.value: {"title": REASONS[reason].title, "text": str(REASONS[reason])} for reason in Reason},
        "verdicts": {verdict.value: VERDICTS[verdict].title for verdict in Verdict},
        "meanings": {verdict.value: VERDICTS[verdict].sentence for verdict in Verdict},
        "student": POOLS[Pool.BASE].capitalize(),
        "delete_all": DELETE_ALL,
        "leave_all": LEAVE_ALL,
        "comparisons": comparison_words(),
    }


def _policy(style: str, script: str) -> str:
    """The content security policy: this style, this script, and nothing else."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_digest(script)}'",
            f"style-src '{_digest(style)}'",
            "connect-src 'none'",
            "img-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _as_json(data: dict[str, Any]) -> str:
    """JSON in which no markup can begin, whatever the names hold."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _part(name: str) -> str:
    return files("rosterdiff.reports").joinpath("page_parts", name).read_text(encoding="utf-8").strip()
