"""What is known of who is who: labels and past decisions, as pairs of two rosters.

Invariants: one-to-one; a decision holds only for rows and students whose content is as it was judged; labels that
contradict one another are refused, and decisions that do are left out.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import polars as pl
from attrs import field, frozen

from rosterdiff.errors import InvalidOption
from rosterdiff.frames import Roster, row_keys, student_keys
from rosterdiff.model import Decision, Verdict
from rosterdiff.schema import PAIRS, empty

_TRUTH: Final = pl.Schema({"row": pl.UInt32(), "student_id": pl.String()})


@frozen(eq=False)
class Labels:
    """What is known of the rows and students of two rosters.

    Attributes:
        same: pairs that are one person (`schema.PAIRS`), each row and each student once.
        rejected: pairs (`row`, `student_id`) that are not.
        alone: rows that are nobody of the base.

    """

    same: pl.DataFrame = field(factory=lambda: empty(PAIRS))
    rejected: frozenset[tuple[int, str]] = frozenset()
    alone: frozenset[int] = frozenset()


def find_labels(base: Roster, incoming: Roster, truth: pl.DataFrame | None, decisions: Sequence[Decision]) -> Labels:
    """Bring labels and decisions to the rows and students of two rosters; where both speak of a row, labels count.

    Raises:
        InvalidOption: labels that name no row or student, or name one twice; decisions without their digests.

    """
    known = _labelled(base, incoming, truth)
    decided = _decided(base, incoming, decisions)
    told = known.alone | set(known.same["row"])
    rest = decided.same.filter(
        ~pl.col("row").is_in(sorted(told)) & ~pl.col("student").is_in(known.same["student"].implode())
    )
    return Labels(
        same=pl.concat([known.same, rest]).sort("row"),
        rejected=frozenset(pair for pair in decided.rejected if pair[0] not in told),
        alone=known.alone | (decided.alone - told),
    )


def _labelled(base: Roster, incoming: Roster, truth: pl.DataFrame | None) -> Labels:
    if truth is None:
        return Labels()
    if not set(_TRUTH) <= set(truth.columns):
        raise InvalidOption("truth has the columns row and student_id, and these were not both found.")
    known = truth.select(pl.col("row").cast(pl.UInt32, strict=False), pl.col("student_id").cast(pl.String))
    places = base.frame.select("student_id", student="row")
    named = known.join(places, on="student_id", how="left", nulls_equal=False, maintain_order="left")
    stray = named.filter(
        pl.col("row").is_null()
        | (pl.col("row") >= len(incoming))
        | (pl.col("student_id").is_not_null() & pl.col("student").is_null())
    )
    repeated = len(known) - known["row"].n_unique() + named["student"].drop_nulls().is_duplicated().sum()
    if stray.height or repeated:
        raise InvalidOption(
            f"truth names each row and each student at most once; {stray.height} of its lines name a row or a student "
            f"that is not there, and {repeated} one that another line names.",
            "row counts from 0 in the incoming roster, student_id is one of the base.",
        )
    pairs = named.filter(pl.col("student").is_not_null()).select("row", "student").sort("row")
    return Labels(same=pairs, alone=frozenset(named.filter(pl.col("student_id").is_null())["row"]))


def _decided(base: Roster, incoming: Roster, decisions: Sequence[Decision]) -> Labels:
    """What was said of rows whose whole content is there once, and of students whose ids and names are as they were."""
    about = [d for d in decisions if d.verdict in {Verdict.SAME, Verdict.NEW}]
    if not about:
        return Labels()
    if any(not d.row_key for d in about):
        raise InvalidOption(
            "Decisions to learn from carry digests of what was judged, and some of these do not.",
            "Pass the decisions of a resolved plan: Model.fit(…, decisions=final.decisions).",
        )
    rows = _once(row_keys(incoming))
    students = _once(student_keys(base))
    ids = base.frame["student_id"].to_list()
    latest = {rows[d.row_key]: d for d in about if d.row_key in rows}
    chosen = {row: students.get(_identity(d.student_key)) for row, d in latest.items() if d.verdict is Verdict.SAME}
    taken = Counter(chosen.values())
    same = [(row, student) for row, student in chosen.items() if student is not None and taken[student] == 1]
    others = {
        (row, ids[students[_identity(key)]])
        for row, d in latest.items()
        for key in d.rejected
        if _identity(key) in students
    }
    alone = frozenset(row for row, d in latest.items() if d.verdict is Verdict.NEW)
    pairs = pl.DataFrame(same, schema=PAIRS, orient="row").sort("row")
    return Labels(same=pairs, rejected=frozenset(others), alone=alone)


def _once(keys: Sequence[str]) -> dict[str, int]:
    """The place of each key that occurs once."""
    counts = Counter(keys)
    return {key: place for place, key in enumerate(keys) if counts[key] == 1}


def _identity(key: str) -> str:
    return key.partition(".")[0]
