"""Characters that do not belong into a value, and words that stand for no value: each kind is an issue.

Invariants: values are reported and kept, never repaired; only what says that there is nothing (`n/a`, an error of the
spreadsheet) becomes null, and that is reported too; our own template is taken as it is.
"""

from typing import Final

import polars as pl

from rosterdiff.config import NAME_FIELDS
from rosterdiff.headers import Composite
from rosterdiff.issues import Code
from rosterdiff.model import Issue
from rosterdiff.reading.cells import Cells

_WINDOWS: Final = "\\x{80}-\\x{BF}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
"""What the second byte of a letter in UTF-8 looks like when it is read as Windows-1252 or Latin-1."""

FAULTS: Final = (
    (Code.CONTROL_CHARACTERS, r"[\x00-\x1f\x7f-\x9f]|[\x{2028}\x{2029}]"),
    (
        Code.INVISIBLE_CHARACTERS,
        r"[\x{ad}\x{34f}\x{61c}\x{115f}\x{1160}\x{180e}\x{200b}\x{200e}\x{200f}\x{202a}-\x{202e}\x{2060}-\x{206f}\x{3164}"
        r"\x{feff}\x{ffa0}]|\p{Latin}[\x{200c}\x{200d}]|[\x{200c}\x{200d}]\p{Latin}|[\x{200c}\x{200d}]$",
    ),
    (Code.MIXED_SCRIPTS, r"\p{Latin}\p{M}*[\p{Cyrillic}\p{Greek}]|[\p{Cyrillic}\p{Greek}]\p{M}*\p{Latin}"),
    (
        Code.HTML_CODES,
        r"(?i)&(?:#\d{2,6}|#x[0-9a-f]{2,5}|amp|lt|gt|quot|apos|nbsp|[a-z](?:acute|grave|uml|circ|tilde|cedil|ring|slash))"
        r";|</?(?:b|i|u|br|p|span|div|font|a|td)(?:\s[^>]*)?/?>",
    ),
    (
        Code.GARBLED_CHARACTERS,
        rf"[ÃÄÅ][{_WINDOWS}]|Â[\x{{A0}}-\x{{BF}}]|â€|(?:[ÐÑ][{_WINDOWS}]){{2}}|√[©®°±≤≥¥µ∂∑∏π∫ªº]|\x{{FFFD}}"
        r"|\p{L}\?+\p{L}",
    ),
)
"""Code → what is found in a value that has the fault; ZWJ and ZWNJ belong to Persian and Indic names, not to Latin."""

_ERRORS: Final = (
    r"(?i)^#(?:N/?A|NV|REF!|¡?REF!|BEZUG!|VALUE!|¡?VALOR!|VALEUR!|WERT!|NAME\?|¿?NOMBRE\?|NOM\s?\?|DIV/0\s?!|¡DIV/0!|NULL!"
    r"|¡?NULO!|NUL\s?!|NUM!|¡?NUM!|ZAHL!|NOMBRE\s?!|SPILL!|CALC!|GETTING_DATA|FIELD!|BLOCKED!|UNKNOWN!|BUSY!)$|^#{2,}$"
)
"""Errors of spreadsheets as text, in the languages that are read; `####` is what a narrow column shows."""

_FORMULA: Final = r"^=\s*[A-Za-z(+\"$'-]"

NOTHING: Final = frozenset(
    (
        "-", "--", "---", "–", "—", ".", "..", "...", "?", "??", "/", "*", "n/a", "n.a.", "n.a", "#n/a", "none", "nil",
        "null", "(null)", "nan", "<null>", "unknown", "unk", "undefined", "tbc", "tba", "tbd", "not known", "not given",
        "not provided", "not available", "not applicable", "no email", "no id", "empty", "blank", "(blank)", "missing",
        "ninguno", "ninguna", "desconocido", "s/d", "no aplica", "inconnu", "inconnue", "aucun", "aucune", "sans",
        "unbekannt", "keine", "k.a.", "k. a.",
    )
)  # fmt: skip
"""Words for no value, in lower case."""

_NOTHING_IN: Final = frozenset({"student_number", "username", "email", "gender", "grade", "class_name", "school"})
"""Fields in which a word for nothing is no value; a name is never one (people are called Null), a date has its own."""

_NAMES: Final = frozenset({*NAME_FIELDS, *Composite})


def check_padding(cells: Cells, padded: pl.Series) -> list[Issue]:
    """The cells of a field in which white space was left out."""
    if cells.column.field is None:
        return []
    return cells.grouped(Code.NAME_PADDED if cells.name in _NAMES else Code.VALUE_PADDED, padded)


def check_characters(cells: Cells) -> list[Issue]:
    """The cells of a field whose characters are not those of a clean value."""
    if not _worth_a_look(cells.distinct):
        return []
    issues = list[Issue]()
    for code, pattern in FAULTS:
        issues += cells.issues(code, cells.places(cells.matching(pattern)))
    formulas = cells.matching(_FORMULA)
    return issues + cells.issues(Code.FORMULA_AS_TEXT, cells.places(formulas))


def _worth_a_look(distinct: pl.Series) -> bool:
    """Whether any value has more in it than letters, digits and the signs of names."""
    return bool(distinct.str.contains(r"[^ 0-9A-Za-zÀ-ÂÆ-ÏÒ-ÖØ-öø-ÿ'’,.()/@+_-]").any())


def leave_out_nothing(cells: Cells) -> tuple[Cells, list[Issue]]:
    """The column without errors of the spreadsheet and words for nothing, and what was left out."""
    odd = cells.matching("^#")
    errors = odd.filter(odd.str.contains(_ERRORS))
    nothing = cells.among(NOTHING) if cells.name in _NOTHING_IN else errors.clear()
    nothing = nothing.filter(~nothing.is_in(errors.implode()))
    issues = cells.issues(Code.CELL_ERROR, cells.places(errors))
    issues += cells.grouped(Code.VALUE_NOTHING, cells.places(nothing))
    return cells.without(pl.concat([errors, nothing])), issues
