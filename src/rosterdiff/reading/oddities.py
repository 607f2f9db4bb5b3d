"""Names that are none: numbers, dates that a spreadsheet made, notes, addresses, several at once.

Invariants: names are reported, never altered; a word counts as a note only where no person is called so.
"""

from typing import Final

import polars as pl

from rosterdiff.issues import Code
from rosterdiff.model import Issue
from rosterdiff.reading.cells import Cells

NOTES: Final = frozenset(
    (
        "n/a", "n.a.", "not known", "not given", "not provided", "not applicable", "unknown", "tbc", "tba", "tbd",
        "to be confirmed", "to be advised", "see office", "see below", "see above", "see note", "see notes",
        "ask office",
        "as above", "same as above", "ditto", "left", "left school", "has left", "leaver", "leaving", "withdrawn",
        "transferred", "moved away", "moved school", "no longer here", "not returning", "not enrolled", "new student",
        "new pupil", "new child", "new starter", "vacant", "vacancy", "do not use", "delete", "deleted", "duplicate",
        "test student", "test pupil", "test user", "test account", "dummy", "example", "sample student", "xxx", "xxxx",
        "(blank)", "blank", "no name", "no surname", "no last name", "no first name", "anonymous", "student", "pupil",
        "desconocido", "desconocida", "inconnu", "inconnue", "unbekannt", "por confirmar", "siehe oben",
    )
)  # fmt: skip
"""Notes in place of a name, in lower case. None, Null, Na, Nil, Test and New are names of people, and not here."""

_NOTES: Final = sorted(note.strip(" .!*") for note in NOTES)

_MONTHS: Final = (
    r"jan(?:uary|vier|uar|\.)?|feb(?:ruary|ruar|\.)?|febrero|f[ée]v(?:rier|r|\.)?|mar(?:ch|s|zo|\.)?|m[äa]rz|apr(?:il|\.)?"
    r"|avr(?:il)?|abr(?:il)?|may|mai|mayo|jun(?:e|i|io)?|juin|jul(?:y|i|io)?|juil(?:let)?|aug(?:ust)?|ao[uû]t|ago(?:sto)?"
    r"|sept?(?:ember|iembre|embre)?|oct(?:ober|obre|ubre)?|okt(?:ober)?|nov(?:ember|embre|iembre)?|dec(?:ember)?"
    r"|d[ée]c(?:embre)?|dez(?:ember)?|dic(?:iembre)?"
)

DATE: Final = (
    rf"(?i)^(?:\d{{4}}-\d{{2}}-\d{{2}}(?:[ T]\d{{2}}:\d{{2}}.*)?|\d{{1,2}}[./]\d{{1,2}}[./](?:\d{{2}}|\d{{4}})"
    rf"|\d{{1,2}}[-/. ](?:{_MONTHS})(?:[-/. ]\d{{2,4}})?|(?:{_MONTHS})[-/. ]\d{{1,4}})$"
)
"""A date in place of a name: a workbook's own, or as text such as `1-May`, `Mar-03`."""

TITLE: Final = (
    r"(?i)^(?:(?:mr|mrs|ms|miss|mx|master|mstr|dr|prof|professor|rev|revd|herr|frau|hr|fr|mme|mlle|monsieur|madame"
    r"|mademoiselle|sr|sra|srta|señor|señora|señorita|doña)\.?\s+|ด\.ช\.\s*|ด\.ญ\.\s*|เด็กชาย\s*|เด็กหญิง\s*|นางสาว\s*"
    r"|นาย\s*)\S"
)
"""A title before a name; a word and white space, so that Drew and Frau Holle's Sirius stay whole."""

_SEVERAL: Final = r"\p{L}\s*(?:[/;+&\n]|\s(?:and|or)\s)\s*\p{L}"
_EMAIL: Final = r"\S@\S+\.\S"
_MORE_THAN_LETTERS: Final = r"[^\p{L}\p{M}]"
_NO_LETTER: Final = r"^\P{L}*$"
_DIGITS: Final = r"\p{L}.*\d|\d.*\p{L}"
_HTML: Final = r"&#?\w+;|^="


def check_names(cells: Cells) -> list[Issue]:
    """What is wrong with the values of a column of names, each value having one fault at most."""
    odd = cells.matching(_MORE_THAN_LETTERS)
    notes = cells.distinct.filter(cells.distinct.str.to_lowercase().str.strip_chars(" .!*").is_in(_NOTES))
    found = list[tuple[Code, pl.Series]]()
    for code, values in (
        (Code.NAME_DATE, odd.filter(odd.str.contains(DATE))),
        (Code.NAME_NOTE, notes),
        (Code.NAME_ODD, odd.filter(odd.str.contains(_NO_LETTER))),
        (Code.NAME_EMAIL, odd.filter(odd.str.contains(_EMAIL))),
        (Code.NAME_SEVERAL, odd.filter(odd.str.contains(_SEVERAL) & ~odd.str.contains(_HTML))),
        (Code.NAME_DIGITS, odd.filter(odd.str.contains(_DIGITS) & ~odd.str.contains(_HTML))),
    ):
        taken = pl.concat([odd.clear(), *(values for _, values in found)])
        found.append((code, values.filter(~values.is_in(taken.implode()))))
    issues = list[Issue]()
    for code, values in found:
        issues += cells.issues(code, cells.places(values))
    return issues


def check_titles(cells: Cells, kept: str) -> list[Issue]:
    """The names before which a title stands."""
    return cells.grouped(Code.NAME_TITLE, cells.places(cells.matching(TITLE)), kept=kept)
