"""What `rosterdiff check` found, as a document for programs: its schema is `check.schema.json`.

Invariants: no value of a student but the names of classes; a document fits the schema of its own version.
"""

import json
from collections.abc import Sequence
from importlib import resources
from typing import Any, Final

import polars as pl
from attrs import frozen

from rosterdiff.errors import UnreadableFile
from rosterdiff.frames import Roster
from rosterdiff.issues import complete_issues
from rosterdiff.model import Severity
from rosterdiff.schema import CANONICAL

FORMAT: Final = "rosterdiff check"
FORMAT_VERSION: Final = 1
"""Raised whenever a document might no longer fit the schema of the number before."""


@frozen(eq=False)
class Checked:
    """A file that was checked: what was read, or why it was refused; and where its marked-up copy is, if it has one."""

    file: str
    outcome: Roster | UnreadableFile
    marked_up: str | None = None


def check_to_json(checked: Sequence[Checked]) -> str:
    """The document, on lines of its own for each value, as a person or `diff` may read it."""
    files = [_file(each) for each in checked]
    read = [each.outcome for each in checked if isinstance(each.outcome, Roster)]
    total = {"files": len(files), "refused": len(files) - len(read), "students": sum(len(roster) for roster in read)}
    counts = {severity.value: sum(_count(roster.issues, severity) for roster in read) for severity in Severity}
    document = {"format": FORMAT, "format_version": FORMAT_VERSION, "files": files, "total": total | counts}
    return json.dumps(document, ensure_ascii=False, indent=2)


def check_schema() -> dict[str, Any]:  # as JSON has it
    """The JSON Schema of the document."""
    found: dict[str, Any] = json.loads(resources.files(__package__).joinpath("check.schema.json").read_text("utf-8"))
    return found


def _file(checked: Checked) -> dict[str, Any]:
    read: dict[str, Any]
    match checked.outcome:
        case Roster() as roster:
            sheets = [_sheet(roster, *line) for line in roster.frame.group_by(_SHEET, maintain_order=True).len().rows()]
            read = {"refused": None, "students": len(roster), "sheets": sheets, "issues": _issues(roster.issues)}
        case UnreadableFile() as error:
            refused = {"code": error.code, "message": str(error)}
            read = {"refused": refused, "students": 0, "sheets": [], "issues": []}
    return {"file": checked.file, "marked_up": checked.marked_up, **read}


_SHEET: Final = "source_sheet"


def _sheet(roster: Roster, sheet: str | None, students: int) -> dict[str, Any]:
    frame = roster.frame.filter(pl.col(_SHEET).eq_missing(sheet))
    places = roster.places.filter(pl.col(_SHEET).eq_missing(sheet))
    headers = places["header_row"].drop_nulls()
    classes = frame["class_name"].drop_nulls().value_counts().sort("class_name")
    return {
        "sheet": sheet,
        "header_row": headers[0] if len(headers) else None,
        "students": students,
        "classes": [{"class_name": name, "students": count} for name, count in classes.iter_rows()],
        "columns": [
            {
                "column": line["column"],
                "header": line["header"],
                "field": line["field"] if line["field"] in CANONICAL else None,
                "known_by": line["known_by"],
                "confidence": line["confidence"],
                "filled": frame.height - frame[line["field"]].null_count(),
            }
            for line in places.iter_rows(named=True)
            if line["field"] in frame.columns
        ],
    }


def _issues(issues: pl.DataFrame) -> list[dict[str, Any]]:
    columns = ("severity", "code", _SHEET, "cell", "count", "cells", "message")
    ordered = complete_issues(issues).sort("severity", maintain_order=True).select(columns)
    return ordered.rename({_SHEET: "sheet"}).to_dicts()


def _count(issues: pl.DataFrame, severity: Severity) -> int:
    return int(issues.filter(pl.col("severity") == severity.value)["count"].sum())
