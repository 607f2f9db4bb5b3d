"""Two rosters → what matching them would take, and who cannot be told apart: known before anything is compared.

Invariants: no pair is compared and no list of all pairs is made; nothing is drawn at random (samples are evenly spaced
in the order of content); `repr` and sentences hold counts alone.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import polars as pl
from attrs import frozen

from rosterdiff.config import Policy
from rosterdiff.frames import Roster, in_content_order, require_base
from rosterdiff.matching.block import KEY_PAIRS, KEYS, RIVAL_KEYS
from rosterdiff.matching.candidates import CLOSE_PAIRS, FULL_PAIRS, find_exact
from rosterdiff.matching.close import MOST_CLOSE, find_close_pairs
from rosterdiff.matching.match import MOST_LEFT_OVER, MatchOptions, Sides, prepare_sides
from rosterdiff.matching.namesakes import find_namesakes
from rosterdiff.matching.parts import to_parts
from rosterdiff.schema import INDISTINGUISHABLE

SAMPLE: Final = 200
"""So many rows are looked at to tell how many pairs all of them have."""

PROMISING: Final = 0.09
"""Of the pairs that share a blocking key, the share that is compared: many share several, and many nothing else."""

_ALIKE: Final = (
    ("given_key", "family_sound"),
    ("given_sound", "family_key"),
    ("given_sound", "birth_date"),
    ("family_sound", "birth_date"),
)
"""Who shares one of these with somebody of the other side is taken to have a likely partner.

A name and a declared column do as well.
"""

BYTES_A_RECORD: Final = 380
BYTES_A_PAIR: Final = 240
BYTES_IN_ANY_CASE: Final = 90_000_000
"""Calibrated on lists of 5,000 and 100,000 students (`tests/test_estimate.py`); of small lists they say too much."""


@frozen(eq=False, repr=False)
class Estimate:
    """What matching two rosters would take.

    Attributes:
        rows, students: the sizes of the incoming roster and of the base.
        exact: pairs that full name and birth date make without a rival.
        pairs: about how many pairs would be compared, the exact ones among them.
        memory: about how many bytes matching and planning need beside the rosters.
        indistinguishable: rows and students whom nothing in both rosters tells apart from another of the same list
            (`schema.INDISTINGUISHABLE`).

    """

    rows: int
    students: int
    exact: int
    pairs: int
    memory: int
    indistinguishable: pl.DataFrame

    @property
    def counts(self) -> dict[str, int]:
        """How many rows and students share their names with another and cannot be told apart from him."""
        sides = self.indistinguishable["side"].cast(pl.String)
        return {"rows": int((sides == "incoming").sum()), "students": int((sides == "base").sum())}

    @property
    def sentences(self) -> tuple[str, ...]:
        """What an administrator should know before the plan is made, one plain sentence each."""
        said = [
            f"{self.rows} rows meet {self.students} students: about {self.pairs} pairs are compared, "
            f"which takes about {max(1, round(self.memory / 1e6))} MB of memory."
        ]
        for side, who in (("incoming", "rows"), ("base", "students")):
            for reason, of_whom in _SAID.items():
                found = self.indistinguishable.filter(side=side, reason=reason)
                if found.height:
                    groups = found["group"].n_unique()
                    said.append(f"{found.height} {who} in {groups} groups {of_whom}")
        return tuple(said)

    def __repr__(self) -> str:
        counts = self.counts
        return (
            f"<Estimate: {self.rows} rows, {self.students} students; about {self.pairs} pairs, "
            f"{round(self.memory / 1e6)} MB; {counts['rows']} rows and {counts['students']} students not told apart>"
        )


_SAID: Final = {
    "same_birth_date": "have the same name and birth date, and no number tells them apart: give their numbers.",
    "no_birth_date": "have the same name, and no birth date or number tells them apart: give their birth dates.",
}


def estimate(base: Roster, incoming: Roster, *, evidence: Mapping[str, str] = MappingProxyType({})) -> Estimate:
    """Tell before matching what it would take, and who cannot be told apart with the columns given.

    Pairs are counted, by keys and by a sample of the rows, and none is compared. The number of pairs is within a factor
    of about two, and the memory with it.

    Args:
        base, incoming: the rosters; the base needs ids.
        evidence: further column → how it is compared (`Evidence`), as `Policy.evidence`.

    Raises:
        InvalidRoster: students of the base without id, or with the same.

    >>> namesakes = pl.DataFrame({"student_id": ["1", "2"], "given_name": ["Ilva"] * 2, "family_name": ["Quiss"] * 2})
    >>> estimate(Roster.from_frame(namesakes), Roster.from_frame(namesakes.drop("student_id")))
    <Estimate: 2 rows, 2 students; about 4 pairs, 90 MB; 2 rows and 2 students not told apart>

    """
    known, students = in_content_order(require_base(base), "student_id")
    came, rows = in_content_order(incoming)
    sides = prepare_sides(known, came, MatchOptions(evidence=Policy(evidence=evidence).evidence))
    exact, pairs = _count_pairs(sides)
    alike = find_namesakes(sides.rows, sides.students, tuple(sides.columns))
    return Estimate(
        rows=len(incoming),
        students=len(base),
        exact=exact,
        pairs=pairs,
        memory=BYTES_IN_ANY_CASE + BYTES_A_RECORD * sum(sides.sizes) + BYTES_A_PAIR * pairs,
        indistinguishable=_with_former_numbers(alike, known, (rows, students)),
    )


def _count_pairs(sides: Sides) -> tuple[int, int]:
    """How many exact pairs there are, and about how many pairs in all."""
    rows, students = sides.rows, sides.students
    exact = find_exact(rows, students, sides.forms)
    if rows.height * students.height <= FULL_PAIRS:
        return exact.height, rows.height * students.height
    rows_left = rows.join(exact, left_on="at", right_on="row", how="anti")
    students_left = students.join(exact, left_on="at", right_on="student", how="anti")
    cells = rows_left.height * students.height + rows.height * students_left.height
    close = _close_pairs(sides, rows_left, students_left) if cells <= CLOSE_PAIRS else None
    found = _blocked_pairs(sides, rows_left, students_left) if close is None else close
    return exact.height, exact.height + found + _left_over_pairs(sides)


def _close_pairs(sides: Sides, rows_left: pl.DataFrame, students_left: pl.DataFrame) -> int | None:
    """About how many pairs of the open rows and students are close, those of both kinds counted once.

    None where one kind is more than is looked at in this way.
    """
    some_rows, some_students = _sample(rows_left), _sample(students_left)
    of_rows = find_close_pairs(some_rows, sides.students)
    of_students = find_close_pairs(sides.rows, some_students)
    if of_rows is None or of_students is None:
        return None
    twice = of_rows.join(students_left.select(student="at"), on="student", how="semi")
    found = [
        _scaled(of_rows.height, some_rows, rows_left),
        _scaled(of_students.height, some_students, students_left),
    ]
    return sum(found) - _scaled(twice.height, some_rows, rows_left) if max(found) <= MOST_CLOSE else None


def _blocked_pairs(sides: Sides, rows_left: pl.DataFrame, students_left: pl.DataFrame) -> int:
    """About how many pairs blocking gives, from how many records share each key."""
    rows, students = to_parts(sides.rows, sides.students, sides.forms)
    open_rows, open_students = (
        parts.join(records.select("at"), on="at", how="semi")
        for parts, records in ((rows, rows_left), (students, students_left))
    )
    seen = (
        _sharing_keys(open_rows, open_students, KEYS)
        + _sharing_keys(open_rows, students, RIVAL_KEYS)
        + _sharing_keys(rows, open_students, RIVAL_KEYS)
    )
    return round(PROMISING * seen)


def _sharing_keys(rows: pl.DataFrame, students: pl.DataFrame, keys: Sequence[tuple[str, ...]]) -> int:
    """How many pairs share a key; one that gives too many is refined, and counts as what remains then."""
    total = 0
    for names in keys:
        if set(names) <= set(rows.columns):
            counts = [side.select(names).drop_nulls().group_by(names).len("many") for side in (rows, students)]
            both = counts[0].join(counts[1], on=list(names), suffix="_students")
            product = pl.col("many").cast(pl.UInt64) * pl.col("many_students")
            total += int(both.select(product.clip(upper_bound=KEY_PAIRS).sum()).item() or 0)
    return total


def _left_over_pairs(sides: Sides) -> int:
    """About how many pairs are looked for among those whom nobody resembles closely."""
    whole = to_parts(sides.rows, sides.students, sides.forms)
    left = whole
    declared = [(name, column) for name in ("given_sound", "family_sound") for column in sides.columns]
    for names in (*_ALIKE, *declared):
        left = _unmet(left[0], whole[1], names), _unmet(left[1], whole[0], names)
    rows, students = (
        side.join(parts, on="at", how="semi") for side, parts in zip((sides.rows, sides.students), left, strict=True)
    )
    if rows.height * students.height > MOST_LEFT_OVER:
        return 0
    some = _sample(rows)
    close = find_close_pairs(some, students, least=1)
    found = MOST_CLOSE + 1 if close is None else _scaled(close.height, some, rows)
    return found if found <= MOST_CLOSE else 0


def _unmet(parts: pl.DataFrame, others: pl.DataFrame, names: tuple[str, ...]) -> pl.DataFrame:
    """Those whose parts of these names nobody of the other side shares."""
    met = parts.join(others.select(names).drop_nulls(), on=names, how="semi")
    return parts.join(met, on="at", how="anti")


def _sample(records: pl.DataFrame) -> pl.DataFrame:
    return records.gather_every(max(1, records.height // SAMPLE))


def _scaled(found: int, sample: pl.DataFrame, whole: pl.DataFrame) -> int:
    return round(found * whole.height / max(1, sample.height))


def _with_former_numbers(alike: pl.DataFrame, base: Roster, former: tuple[pl.Series, pl.Series]) -> pl.DataFrame:
    """Rows and students by the numbers that the caller knows, groups in the order of their content."""
    ids = base.frame["student_id"]
    of_rows, of_students = (alike.filter(side=side) for side in ("incoming", "base"))
    named = pl.concat(
        [
            of_students.with_columns(row=former[1].gather(of_students["at"]), student_id=ids.gather(of_students["at"])),
            of_rows.with_columns(row=former[0].gather(of_rows["at"]), student_id=pl.lit(None, dtype=pl.String)),
        ]
    )
    return named.select(*INDISTINGUISHABLE).cast(INDISTINGUISHABLE).sort("side", "group", "row")
