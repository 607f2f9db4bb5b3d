"""A roster that was read, on the terminal: what was understood of each sheet, and how sure that is.

Invariants: every column that was understood or kept is listed, in the order of the sheet, also where none of its
values could be read; no value of a student is shown but the names of classes, by which whoever sent the file knows
whether all of them are there.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import polars as pl
from rich.console import Console
from rich.table import Column
from rich.text import Text

from rosterdiff.errors import UnreadableFile
from rosterdiff.frames import Roster
from rosterdiff.issues import complete_issues
from rosterdiff.known import KnownBy
from rosterdiff.reports.cells import shown
from rosterdiff.reports.tables import fixed, head, listed, number, print_table, say
from rosterdiff.reports.text_issues import issues_in_words
from rosterdiff.schema import CANONICAL, PROVENANCE
from rosterdiff.sentences import count_of, field_label

_CLASSES: Final = 12
_SURE: Final = 0.9  # from here on, how a column was known needs no words

KNOWN: Final[Mapping[KnownBy, str]] = {
    KnownBy.EXPLICIT: "named by you",
    KnownBy.TEMPLATE: "template",
    KnownBy.ALIAS: "known header",
    KnownBy.ANNOTATED: "known header",
    KnownBy.DECIDED: "by its values",
    KnownBy.ASSUMED: "usual meaning",
    KnownBy.GUESSED: "misspelt?",
    KnownBy.CONTENT: "no header, by its values",
    KnownBy.UNKNOWN: "",
}
"""By what a column was known, in a few words."""

assert set(KNOWN) == set(KnownBy), "every way has its words"


def print_roster(roster: Roster, console: Console) -> None:
    """Print what was read: how many students from which sheet, and what each column was taken for.

    Args:
        roster: a roster that was read from a file.
        console: where to print.

    """
    sheets = roster.frame.group_by("source_file", "source_sheet", maintain_order=True).len()
    if sheets.is_empty():
        files = roster.issues["source_file"].drop_nulls().unique().sort()
        head(console, f"{', '.join(files) or 'The roster'}: no students were found")
    for name, sheet, count in sheets.iter_rows():
        place = ", ".join(part for part in (name, sheet and f"sheet {sheet}") if part) or "The roster"
        head(console, f"{place}: {count_of(count, 'student')}")
        of_sheet = [pl.col("source_file").eq_missing(name), pl.col("source_sheet").eq_missing(sheet)]
        frame, places = roster.frame.filter(*of_sheet), roster.places.filter(*of_sheet)
        for sentence in _sentences(frame, places):
            say(console, sentence, "dim", indent=2)
        _print_columns(frame, places, console)


def print_checked(outcomes: Sequence[Roster | UnreadableFile], console: Console) -> None:
    """Print what came of several files together.

    Args:
        outcomes: what was read of each, or why it was refused.
        console: where to print.

    """
    read = [outcome for outcome in outcomes if isinstance(outcome, Roster)]
    refused = len(outcomes) - len(read)
    found = issues_in_words(pl.concat(complete_issues(roster.issues) for roster in read)) if read else ""
    head(console, f"Together: {count_of(len(outcomes), 'file')}" + (f", {refused:,} refused" if refused else ""))
    say(console, f"{count_of(sum(len(roster) for roster in read), 'student')}; {found or 'no issues'}.", indent=2)


def _sentences(frame: pl.DataFrame, places: pl.DataFrame) -> Iterable[str]:
    """Where the header is, where the students begin and end, and which classes there are."""
    rows, header = frame["source_row"], places["header_row"].drop_nulls()
    if len(places) and rows.null_count() < len(rows):
        above = f"Header in row {header[0]}, students" if len(header) else "No header; students"
        numbers = rows.drop_nulls().sort()
        yield f"{above} in rows {numbers[0]} to {numbers[-1]}."
    classes = frame["class_name"].drop_nulls().value_counts().sort("class_name")
    if classes.height:
        names = [f"{name} ({count:,})" for name, count in classes.iter_rows()]
        yield f"{count_of(classes.height, 'class', 'classes')}: {listed(names, _CLASSES)}."


def _print_columns(frame: pl.DataFrame, places: pl.DataFrame, console: Console) -> None:
    known = {line["field"]: line for line in places.iter_rows(named=True)}
    fields = [name for name in frame.columns if name not in PROVENANCE and (name in known or frame[name].count())]
    lines = [_column_line(name, known.get(name), frame) for name in _in_sheet_order(fields, known)]
    columns: list[Column | str] = [fixed("Column"), "Header", "Read as", "How sure", number("Filled")]
    kept = [at for at in range(len(columns)) if any(str(line[at]) for line in lines)]
    print_table(console, [columns[at] for at in kept], [[line[at] for at in kept] for line in lines])


def _in_sheet_order(fields: Iterable[str], known: Mapping[str, Mapping[str, Any]]) -> list[str]:
    def place(name: str) -> tuple[int, str]:
        letters = known[name]["column"] or "" if name in known else ""
        return len(letters), letters

    return sorted(fields, key=place)


def _column_line(name: str, at: Mapping[str, Any] | None, frame: pl.DataFrame) -> tuple[str | Text, ...]:
    read_as = field_label(name) if name in CANONICAL else "(kept as text)"
    filled = frame.height - frame[name].null_count()
    header = (at["header"] or "(none)") if at else name
    return (at["column"] or "" if at else "", header, read_as, _how_sure(at), f"{filled:,}")


def _how_sure(at: Mapping[str, Any] | None) -> str | Text:
    """The confidence, and in words why it is not higher; nothing for columns that are no field."""
    if at is None or not at["confidence"]:
        return ""
    if at["confidence"] >= _SURE:
        return f"{at['confidence']:.0%}"
    return Text(shown(f"{at['confidence']:.0%}, {KNOWN[KnownBy(at['known_by'])]}"), "yellow")
