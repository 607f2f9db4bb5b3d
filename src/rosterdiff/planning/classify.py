"""Judged pairs → what becomes of every row and every student.

Invariants: every row and every student gets exactly one action with one reason; a pair is settled only by its own
evidence or by a person's decision; a student who is a candidate of an open row is held; rows and students that hang
together in doubt share a group.
"""

from collections.abc import Callable, Mapping
from typing import Final

import polars as pl
from attrs import frozen

from rosterdiff.config import Policy
from rosterdiff.frames import Roster
from rosterdiff.levels import Comparison, DateLevel, TextLevel
from rosterdiff.model import Action, Doubt, Reason
from rosterdiff.pairs import is_against, is_of_one_birth, level
from rosterdiff.planning.circumstances import is_doubtful
from rosterdiff.planning.coverage import absent_students, missing_with
from rosterdiff.planning.evidence import DATE_UNSURE, RIVAL_FROM, id_contradicts, judge_pairs
from rosterdiff.planning.groups import number_groups
from rosterdiff.planning.identical import find_identical
from rosterdiff.planning.likenesses import may_be_two
from rosterdiff.planning.memory import Remembered
from rosterdiff.planning.positions import is_none_of
from rosterdiff.planning.strangers import is_stranger
from rosterdiff.plans import IS_OPEN
from rosterdiff.schema import PAIRS, conform, enum_of

ACTION: Final = enum_of(Action)
REASON: Final = enum_of(Reason)

ROWS: Final = pl.Schema(
    {"row": pl.UInt32(), "student": pl.UInt32(), "action": ACTION, "reason": REASON, "group": pl.UInt32()}
)
"""What becomes of each row; `student` of settled pairs; sorted by row."""

STUDENTS: Final = pl.Schema({"student": pl.UInt32(), "action": ACTION, "reason": REASON, "group": pl.UInt32()})
"""What becomes of each student who is in no settled pair; sorted by student."""


@frozen(eq=False)
class Resemblances:
    """What else rows resemble.

    Attributes:
        deleted, elsewhere: `schema.ASSIGNED` against the deleted students and those of other schools, or None.
        duplicates: finds, of the rows it is given, the pairs that look like one child (`schema.ROW_PAIRS`).

    """

    deleted: pl.DataFrame | None
    elsewhere: pl.DataFrame | None
    duplicates: Callable[[pl.Series], pl.DataFrame]


@frozen(eq=False)
class Classified:
    """The classification: `rows` (`ROWS`), `students` (`STUDENTS`), and the judged pairs they rest on."""

    rows: pl.DataFrame
    students: pl.DataFrame
    pairs: pl.DataFrame


def classify(
    pairs: pl.DataFrame,
    rosters: tuple[Roster, Roster],
    policy: Policy,
    remembered: Remembered,
    resemblances: Resemblances,
) -> Classified:
    """Decide what becomes of every row and every student.

    Args:
        pairs: `schema.ASSIGNED`.
        rosters: base and incoming.
        policy: how sure a pair must be.
        remembered: decisions that persons took earlier.
        resemblances: deleted students, other schools' students, and rows that look like one child.

    """
    base, incoming = rosters
    judged = judge_pairs(pairs, policy)
    judged = judged.with_columns(pl.col("alone") & ~may_be_two(judged, rosters))
    judged = judged.with_columns(pl.col("alone") & ~is_doubtful(judged, rosters, policy))
    settled = _settled(judged, rosters, policy, remembered, resemblances)
    judged = _with_counts(judged, settled, rosters, policy)
    unsettled = incoming.frame.filter(is_none_of(len(incoming), settled["row"]))
    duplicates = resemblances.duplicates(unsettled["row"])
    reasons = _row_reasons(unsettled, judged, incoming, resemblances, duplicates)
    reasons = _apply_ignored(reasons, remembered)
    rows = _rows(settled, reasons)
    held = _held_students(rows, judged)
    absent = absent_students(base, settled.select("student"), held.select("student"), policy, remembered.absent)
    students = pl.concat([held.select("student", "action", "reason"), absent])
    links = judged.select("row", "student", "counts").filter("counts")
    beside = pl.concat([incoming.doubts.select("row", "other_row"), duplicates])
    rows, students = number_groups(rows, students, links, beside, missing_with(base))
    return Classified(rows=conform(rows, ROWS), students=conform(students, STUDENTS), pairs=judged)


def _settled(
    judged: pl.DataFrame,
    rosters: tuple[Roster, Roster],
    policy: Policy,
    remembered: Remembered,
    resemblances: Resemblances,
) -> pl.DataFrame:
    """Pairs that need no person: `row`, `student`, `decided`."""
    base, incoming = rosters
    named_elsewhere = [_rows_by_id(pairs)["row"] for pairs in (resemblances.deleted, resemblances.elsewhere)]
    told = remembered.same["row"], _either_row(incoming.doubts)["row"], *named_elsewhere
    alone = judged.select("row", "student", "alone").filter("alone")
    alone = alone.filter(
        is_none_of(len(incoming), *told)[alone["row"]],
        is_none_of(len(base), remembered.same["student"])[alone["student"]],
    ).select(*PAIRS)
    certain = pl.concat([remembered.same, alone])
    identical = find_identical(judged, rosters, remembered, certain, policy.accept)
    return pl.concat(
        [
            remembered.same.with_columns(pl.lit(value=True).alias("decided")),
            alone.with_columns(pl.lit(value=False).alias("decided")),
            identical.with_columns(pl.lit(value=False).alias("decided")),
        ]
    ).sort("row")


def _with_counts(
    judged: pl.DataFrame, settled: pl.DataFrame, rosters: tuple[Roster, Roster], policy: Policy
) -> pl.DataFrame:
    """Add whether nobody has the student for certain (`free`), and whether the pair keeps its row open (`counts`).

    It does if the row is not settled, and the student may be his. A student whom another row has for certain counts
    only if, alone, the pair would be more likely right than wrong. A free student of the row's own name always counts,
    however common the name, unless birth date or grade part them; so does one of its family name and birth date.
    """
    base, incoming = rosters
    is_unsettled = is_none_of(len(incoming), settled["row"])[judged["row"]]
    is_free = is_none_of(len(base), settled["student"])[judged["student"]]
    likely = pl.col("alone_probability") >= pl.when("free").then(policy.review).otherwise(RIVAL_FROM)
    nobody_else = pl.col("free") & (pl.col("namesake") | is_of_one_birth())
    may_be_his = pl.col("resembles") & (likely | pl.col("id_same") | nobody_else)
    counts = is_unsettled & ~is_stranger(judged, rosters) & may_be_his
    return judged.with_columns(is_free.alias("free")).with_columns(counts.alias("counts"))


def _row_reasons(
    unsettled: pl.DataFrame,
    judged: pl.DataFrame,
    incoming: Roster,
    resemblances: Resemblances,
    duplicates: pl.DataFrame,
) -> pl.DataFrame:
    """Why each unsettled row is open, or that it is new: `row`, `reason`."""
    by_pairs = _reasons_of_pairs(judged)
    sources = [
        (_unusable(unsettled), Reason.ROW_UNUSABLE),
        (_doubted(incoming, Doubt.CONTRADICT), Reason.ROWS_CONTRADICT),
        (_rows_by_id(resemblances.deleted), Reason.POSSIBLE_RESTORE),
        (_rows_by_id(resemblances.elsewhere), Reason.POSSIBLE_TRANSFER),
    ]
    weaker = [
        (_likely_rows(resemblances.deleted), Reason.POSSIBLE_RESTORE),
        (_likely_rows(resemblances.elsewhere), Reason.POSSIBLE_TRANSFER),
        (_duplicate_rows(duplicates, incoming), Reason.POSSIBLE_DUPLICATE_ROW),
    ]
    stated = [found.select("row", pl.lit(reason.value).alias("reason")) for found, reason in sources]
    then = [found.select("row", pl.lit(reason.value).alias("reason")) for found, reason in weaker]
    found = pl.concat([*stated, by_pairs, *then]).unique("row", keep="first", maintain_order=True)
    new = pl.lit(Reason.NO_SIMILAR_STUDENT.value)
    known = unsettled.select("row").join(found, on="row", how="left", maintain_order="left")
    return known.with_columns(pl.col("reason").fill_null(new))


def _reasons_of_pairs(judged: pl.DataFrame) -> pl.DataFrame:
    """The reason that a row's own candidates give, the gravest first: `row`, `reason`."""
    namesakes = judged.select("student", namesake=pl.col("names_same") & ~pl.col("date_against")).filter("namesake")
    claims = namesakes.group_by("student").len("claims")
    best = (
        judged.filter("counts")
        .join(claims, on="student", how="left", maintain_order="left")
        .sort("row", "assigned", "weight_mb", "student", descending=[False, True, True, False])
    )
    flags = best.group_by("row", maintain_order=True).agg(
        id_contradicts().any().alias("id_contradicts"),
        pl.col("names_same").first(),
        pl.col("date_against").first(),
        (pl.col("id_same") & (level(Comparison.STUDENT_ID) == TextLevel.SAME.value)).first().alias("template"),
        (level(Comparison.BIRTH_DATE) == DateLevel.SAME.value).first().alias("dated"),
        level(Comparison.BIRTH_DATE).is_in(DATE_UNSURE).first().alias("date_unsure"),
        ((pl.col("claims").fill_null(0) > 1) | ~pl.col("free")).first().alias("claimed"),
        (pl.col("names_same") & ~pl.col("date_against")).sum().alias("namesakes"),
    )
    reason = (
        pl.when("id_contradicts")
        .then(pl.lit(Reason.ID_CONTRADICTS.value))
        .when(pl.col("names_same") & pl.col("date_against"))
        .then(pl.lit(Reason.BIRTH_DATE_DIFFERS.value))
        .when(pl.col("names_same") & pl.col("claimed"))
        .then(pl.lit(Reason.CLAIMED_TWICE.value))
        .when(pl.col("names_same") & (pl.col("namesakes") > 1))
        .then(pl.lit(Reason.AMBIGUOUS.value))
        .when(pl.col("names_same") & pl.col("date_unsure"))
        .then(pl.lit(Reason.BIRTH_DATE_DIFFERS.value))
        .when("names_same")
        .then(pl.lit(Reason.TOO_LITTLE_EVIDENCE.value))
        .when(pl.col("template") & pl.col("dated"))
        .then(pl.lit(Reason.NAME_DIFFERS_ID_AGREES.value))
        .otherwise(pl.lit(Reason.NAME_DIFFERS.value))
    )
    return flags.select("row", reason.alias("reason"))


def _unusable(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows in whose names there is no letter."""
    letters = [pl.col(name).str.contains(r"\p{L}").fill_null(value=False) for name in ("given_name", "family_name")]
    return rows.filter(~pl.any_horizontal(letters)).select("row")


def _doubted(incoming: Roster, doubt: Doubt) -> pl.DataFrame:
    return _either_row(incoming.doubts.filter(pl.col("doubt") == doubt.value)).unique().sort("row")


def _either_row(pairs: pl.DataFrame) -> pl.DataFrame:
    """The rows of both sides of pairs of rows, as often as they occur."""
    return pl.concat([pairs.select("row"), pairs.select(pl.col("other_row").alias("row"))])


def _rows_by_id(pairs: pl.DataFrame | None) -> pl.DataFrame:
    """Rows that bear the id of a student of these pairs, whatever else they resemble."""
    if pairs is None:
        return pl.DataFrame(schema={"row": pl.UInt32})
    return pairs.filter(level(Comparison.STUDENT_ID) == TextLevel.SAME.value).select("row").unique().sort("row")


def _likely_rows(pairs: pl.DataFrame | None) -> pl.DataFrame:
    """Rows that are more likely than not the person of one of these pairs, and not of another birth date."""
    if pairs is None:
        return pl.DataFrame(schema={"row": pl.UInt32})
    likely = pl.col("alone_probability") >= RIVAL_FROM
    return pairs.filter(likely, ~is_against(Comparison.BIRTH_DATE)).select("row").unique().sort("row")


def _duplicate_rows(duplicates: pl.DataFrame, incoming: Roster) -> pl.DataFrame:
    """Rows that look like another unsettled row, and rows that compiling found twice."""
    return pl.concat([_either_row(duplicates), _doubted(incoming, Doubt.DUPLICATE)]).unique().sort("row")


def _apply_ignored(reasons: pl.DataFrame, remembered: Remembered) -> pl.DataFrame:
    ignored = pl.col("row").is_in(sorted(remembered.ignored))
    return reasons.with_columns(
        pl.when(ignored).then(pl.lit(Reason.ROW_IGNORED.value)).otherwise(pl.col("reason")).alias("reason")
    )


_ACTION_OF: Final[Mapping[str, str]] = {
    Reason.NO_SIMILAR_STUDENT.value: Action.ADD.value,
    Reason.ROW_IGNORED.value: Action.KEEP.value,
}


def _rows(settled: pl.DataFrame, reasons: pl.DataFrame) -> pl.DataFrame:
    """Every row with action and reason; a settled one is `keep` until its changes are known."""
    decided = pl.when("decided").then(pl.lit(Reason.DECIDED_SAME.value)).otherwise(pl.lit(Reason.UNCHANGED.value))
    found = settled.select("row", "student", pl.lit(Action.KEEP.value).alias("action"), decided.alias("reason"))
    others = reasons.select(
        "row",
        pl.lit(None, dtype=pl.UInt32).alias("student"),
        pl.col("reason").replace_strict(_ACTION_OF, default=Action.REVIEW.value).alias("action"),
        "reason",
    )
    return pl.concat([found, others]).cast({"action": ACTION, "reason": REASON}).sort("row")


def _held_students(rows: pl.DataFrame, judged: pl.DataFrame) -> pl.DataFrame:
    """Students that are candidates of open rows and settled with none, with the reason of their best row."""
    open_rows = rows.filter(IS_OPEN).select("row", "action", "reason")
    return (
        judged.select("row", "student", "weight_mb", held=pl.col("counts") & pl.col("free"))
        .filter("held")
        .join(open_rows, on="row", how="inner")
        .sort("student", "weight_mb", "row", descending=[False, True, False])
        .unique("student", keep="first", maintain_order=True)
    )
