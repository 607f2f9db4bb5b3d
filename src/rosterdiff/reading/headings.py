"""The rows that head a table: one, or several that are read together.

Invariants: a heading is known by headers that the alias table knows; a row above or below it belongs to it only where
the two together say more than one alone; columns under another person ("Parent 1") keep that person's words in their
header, so that they are never the student's.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from attrs import field, frozen

from rosterdiff.config import NAME_FIELDS, ReadOptions
from rosterdiff.headers import Composite, Meaning, guess_header, header_key, read_header
from rosterdiff.reading.grids import Grid

Row = Sequence[str | None]

NAMES: Final = frozenset({*NAME_FIELDS, Composite.FULL_NAME, Composite.LAST_FIRST} - {"name_suffix"})
_PERSONS: Final = frozenset({"student_id", "student_number", "username", "email"})
_LONGEST: Final = 200
"""Longer texts are no headers."""

_OTHERS: Final = re.compile(
    r"(?i)\b(?:parents?|guardians?|carers?|caregivers?|mothers?|fathers?|mums?|moms?|dads?|contacts?|emergency|teachers?|tutors?|"
    r"siblings?|brothers?|sisters?|doctors?|physicians?|gp|next of kin|relatives?|payers?|staff|sponsors?|agents?|"
    r"padres?|madres?|apoderad[oa]s?|acudientes?|m[eè]res?|p[eè]res?|responsables?(?: l[ée]gal)?|eltern(?:teil)?|"
    r"mutter|vater|erziehungsberechtigter?)\b"
)
"""Words for people who are not the student."""

_OURS: Final = re.compile(
    r"(?i)\b(?:students?|pupils?|child(?:ren)?|learners?|alumn[oa]s?|[ée]l[èe]ves?|sch[üu]ler(?:in)?)\b"
)
_DATA: Final = re.compile(r"\d{2}|@")


@frozen
class Heading:
    """A header, of one row or several.

    Attributes:
        first: its first row in the grid, from 0.
        last: its last row.
        texts: the header of every column, stripped; empty where there is none.
        score: how much it looks like a header of students.

    """

    first: int
    last: int
    texts: tuple[str, ...] = field(repr=False)
    score: float

    @property
    def keys(self) -> tuple[str, ...]:
        """The texts as they are compared."""
        return tuple(header_key(text) for text in self.texts)

    def is_strong(self) -> bool:
        """Whether a row in the midst of students is a header beyond doubt: two fields, and little that is unknown."""
        texts = [text for text in self.texts if text]
        known = {text: meaning.choices[0] for text in texts if (meaning := read_header(text)) is not None}
        fields = set(known.values())
        if any(any(map(str.isdigit, text)) for text in texts if text not in known):
            return False
        return bool(fields & NAMES) and len(fields) >= 2 and len(known) * 2 >= len(texts)


def rate(row: Row, options: ReadOptions) -> float:
    """How much a row looks like a header of students: 0 where it is none."""
    named = {header_key(header) for header in options.columns.values()}
    cells = [cell for cell in row if cell]
    short = [cell for cell in cells if len(cell) < _LONGEST]
    found = [meaning for cell in short if (meaning := read_header(cell.strip(), base=options.base)) is not None]
    explicit = sum(header_key(cell) in named for cell in short) if named else 0
    fields = {meaning.choices[0]: meaning for meaning in found}
    if not explicit and not _is_about_students(fields, len(cells)):
        return 0
    return explicit * 2 + sum(_weight(meaning) for meaning in fields.values()) + len(found) / 100


def find_misspelt(rows: Sequence[Row]) -> Heading | None:
    """The first row in which most cells are headers, if misspelt ones: a name and two further fields at least."""
    for at, row in enumerate(rows[:_FIRST_ROWS]):
        texts = tuple((cell or "").strip() for cell in row)
        filled = [text for text in texts if text]
        known = (read_header(text) or guess_header(text) for text in filled if len(text) < _LONGEST)
        fields = {meaning.choices[0] for meaning in known if meaning is not None}
        if len(fields) >= _FEWEST_MISSPELT and NAMES & fields and len(fields) * 2 >= len(filled):
            return Heading(at, at, texts, len(fields))
    return None


_FIRST_ROWS: Final = 20
_FEWEST_MISSPELT: Final = 3


def _is_about_students(fields: Mapping[str, Meaning], cells: int) -> bool:
    """Names, or what a person is known by and something else; a lone word in a wide row is no header."""
    recognised = len(fields)
    if NAMES & set(fields):
        ours = sum(Composite.OTHER not in meaning.choices for meaning in fields.values())
        return recognised * 4 >= cells or recognised >= 3 or ours >= 2
    return bool(_PERSONS & set(fields)) and recognised >= 2


def _weight(meaning: Meaning) -> float:
    if Composite.OTHER in meaning.choices:
        return 0.5
    return 2 if meaning.clear else 1


def read_heading(grid: Grid, rows: Sequence[Row], at: int, options: ReadOptions) -> Heading:
    """The heading of which a row is part: with the row above or below, where together they say more.

    Args:
        grid: where the rows stand, for its merged cells.
        rows: the first rows of the grid.
        at: the row.
        options: how the file is read.

    """
    alone = Heading(at, at, tuple((cell or "").strip() for cell in rows[at]), rate(rows[at], options))
    best = alone
    if at + 1 < len(rows) and _may_go_on(rows[at + 1]):
        best = _with_below(grid, rows, alone, options) or alone
    if best is alone and at > 0 and any(rows[at - 1]):
        best = _grouped(grid, rows, best, options) or best
    return best


def _with_below(grid: Grid, rows: Sequence[Row], alone: Heading, options: ReadOptions) -> Heading | None:
    """The heading with the row below it: words that go on there, or columns that this row groups."""
    below = tuple((cell or "").strip() for cell in rows[alone.last + 1])
    if any(own and not group for group, own in zip(alone.texts, below, strict=True)):
        return _grouped(grid, rows, Heading(alone.last + 1, alone.last + 1, below, rate(below, options)), options)
    wrapped = _joined(alone.texts, below, _Known(options.base))
    score = rate(wrapped, options)
    if score >= alone.score + 1 and _gained(alone.texts, wrapped, options) >= 1:
        return Heading(alone.first, alone.last + 1, wrapped, score)
    return None


def _may_go_on(row: Row) -> bool:
    """Whether a row may be the rest of a header: words, and none of them data."""
    cells = [cell for cell in row if cell]
    return bool(cells) and all(len(cell) < 40 and not _DATA.search(cell) for cell in cells)


@frozen
class _Known:
    base: bool

    def __call__(self, text: str) -> bool:
        return bool(text) and read_header(text, base=self.base) is not None


def _joined(upper: Sequence[str], lower: Row, known: _Known) -> tuple[str, ...]:
    """Two rows of words, column by column; a header that is known already stays alone."""
    pairs = zip(upper, lower, strict=True)
    joined = ((first, f"{first} {(second or '').strip()}".strip()) for first, second in pairs)
    return tuple(whole if known(whole) or not first else first for first, whole in joined)


def _gained(alone: Sequence[str], together: Sequence[str], options: ReadOptions) -> int:
    """How many more columns are known together than alone."""
    known = _Known(options.base)
    return sum(map(known, together)) - sum(map(known, alone))


def _grouped(grid: Grid, rows: Sequence[Row], below: Heading, options: ReadOptions) -> Heading | None:
    """The heading with the row above it, where that groups columns or holds headers merged downward."""
    upper, known = rows[below.first - 1], _Known(options.base)
    spread = _spread(grid, upper, below)
    used = [any(row[at] for row in rows[below.last + 1 : below.last + 30]) for at in range(len(upper))]
    texts = tuple(
        _under(group, own, known) if own or filled else ""
        for group, own, filled in zip(spread, below.texts, used, strict=True)
    )
    others = [text for text in spread if _OTHERS.search(text)]
    ours = any(_OURS.search(text) for text in spread) and len(set(filter(None, spread))) > 1
    if not (others or ours) and _gained(below.texts, texts, options) < 1:
        return None
    score = rate(texts, options)
    return Heading(below.first - 1, below.last, texts, score) if score >= 1 else None


def _under(group: str, own: str, known: _Known) -> str:
    """The header of a column under a group."""
    whole = f"{group} {own}".strip()
    if not own or not group or known(whole) or _OTHERS.search(group) or not known(own):
        return whole
    return own


def _spread(grid: Grid, upper: Row, below: Heading) -> list[str]:
    """The text over every column: as its cell is merged, or else to the next text, over columns with their own."""
    spread = [(cell or "").strip() for cell in upper]
    row = below.first - 1
    areas = [area for area in grid.merged if area.top <= row <= area.bottom and area.right > area.left]
    for area in areas:
        for at in range(area.left, min(area.right + 1, len(spread))):
            spread[at] = (upper[area.left] or "").strip()
    if areas:
        return spread
    for at in range(1, len(spread)):
        if not spread[at] and below.texts[at] and below.texts[at - 1]:
            spread[at] = spread[at - 1]
    return spread
