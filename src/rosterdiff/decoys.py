"""How often plans are wrong about newcomers, without labels: invented rows are put among the real ones.

Every decoy is made of values of the rosters at hand, so that it is as plausible as a real newcomer and resembles the
students by chance as often; and it is nobody, so that every match of one is known to be wrong. Invariants: what is
drawn follows from the seed and the content of the rosters; the caller's rosters are not changed; nothing of a decoy
outlives the call. Source of the idea: J. E. Elias and S. P. Gygi, "Target-decoy search strategy", Nature Methods 4,
2007; the interval is C. J. Clopper's and E. S. Pearson's, Biometrika 26, 1934.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

import numpy as np
import polars as pl
from attrs import evolve, frozen

from rosterdiff.config import Policy
from rosterdiff.errors import InvalidOption
from rosterdiff.frames import Roster, in_content_order, require_base
from rosterdiff.matching import Model
from rosterdiff.model import Action
from rosterdiff.names import fold, map_distinct
from rosterdiff.pipeline import make_plan

CONFIDENCE: Final = 0.95

TWINS: Final = 0.2
"""For so many of every newcomer a twin is invented besides, and at least one."""

_MATCHED: Final = [Action.KEEP.value, Action.UPDATE.value]
_TRIES: Final = 20
_COUNTS: Final = pl.Schema(
    {"kind": pl.String(), "decoys": pl.UInt32(), "matched": pl.UInt32(), "review": pl.UInt32(), "add": pl.UInt32()}
)


class Decoy(StrEnum):
    """What an invented row resembles."""

    NEWCOMER = "newcomer"
    TWIN = "twin"


@frozen(eq=False, repr=False)
class ErrorEstimate:
    """What a plan did with decoys, and what follows for the real rows.

    Attributes:
        counts: `kind` (`newcomer`, `twin`), `decoys`, and how many of them were taken for a student (`matched`), asked
            about (`review`) or added (`add`).
        matched: how many of the real rows the plan matched alone; `unmatched` how many it added or asked about.

    """

    counts: pl.DataFrame
    matched: int
    unmatched: int

    @property
    def share(self) -> float:
        """The share of invented newcomers that were taken for a student."""
        decoys, wrong = self._of(Decoy.NEWCOMER)
        return wrong / decoys if decoys else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The exact 95 % interval of that share (Clopper and Pearson)."""
        return exact_interval(*reversed(self._of(Decoy.NEWCOMER)))

    @property
    def wrong_matches(self) -> tuple[float, float, float]:
        """How many newcomers among the real rows were taken for a student: as estimated, at least, at most (95 %).

        The newcomers that were not are at most the rows that the plan did not match.
        """
        low, high = self.interval
        scaled = [_hidden(share, self.unmatched, self.matched) for share in (self.share, low, high)]
        return scaled[0], scaled[1], scaled[2]

    @property
    def sentences(self) -> tuple[str, ...]:
        """The estimate in plain sentences."""
        said = []
        for kind in Decoy:
            line = self.counts.row(by_predicate=pl.col("kind") == kind.value, named=True)
            said.append(
                f"Of {line['decoys']} invented {kind.value}s, {line['matched']} were taken for a student, "
                f"{line['review']} are asked about, and {line['add']} are added."
            )
        expected, _, most = self.wrong_matches
        said.append(
            f"Of the {self.matched} rows that were matched alone, about {expected:.1f} are newcomers taken for a "
            f"student, and at most {most:.1f} (95 % confidence)."
        )
        return tuple(said)

    def _of(self, kind: Decoy) -> tuple[int, int]:
        line = self.counts.row(by_predicate=pl.col("kind") == kind.value, named=True)
        return int(line["decoys"]), int(line["matched"])

    def __repr__(self) -> str:
        decoys, wrong = self._of(Decoy.NEWCOMER)
        low, high = self.interval
        return f"<ErrorEstimate: {wrong} of {decoys} invented newcomers matched ({low:.2%} to {high:.2%})>"


def estimate_errors(
    base: Roster,
    incoming: Roster,
    *,
    policy: Policy = Policy(),  # noqa: B008 - frozen
    model: Model | None = None,
    decoys: float = 0.05,
    seed: int = 0,
) -> ErrorEstimate:
    """Estimate, without labels, how often newcomers are taken for students, by rows that are nobody.

    Decoys are put into the incoming roster, a plan of both is made, and what it does with them is counted: newcomers
    (the given name of one child, the family name of another, the birth date of a third of the same grade), and besides
    them twins of students (family name and birth date of one, another's given name). They tell nothing of rows that are
    in the base and were given to the wrong student, nor of students who were not found.

    Args:
        base, incoming: the rosters; the base needs ids.
        policy, model: as for `make_plan`.
        decoys: how many newcomers are invented, as a share of the rows (above 0, up to 1); one at least. More of them
            make the interval narrower, and the rosters less like what they were.
        seed: what is drawn follows from it.

    Raises:
        InvalidOption: a share out of range; an incoming roster of fewer than three rows with both names.
        InvalidRoster: students of the base without id, or with the same.

    >>> names = [("Ilva", "Torenbek"), ("Maro", "Ashmore"), ("Odette", "Quillfeather"), ("Perrin", "Vanterpool")]
    >>> school = pl.DataFrame(names, schema=["given_name", "family_name"], orient="row").with_row_index("student_id")
    >>> estimate_errors(Roster.from_frame(school), Roster.from_frame(school.drop("student_id")), decoys=1)
    <ErrorEstimate: 0 of 4 invented newcomers matched (0.00% to 60.24%)>

    """
    if not 0 < decoys <= 1:
        raise InvalidOption("decoys is a share of the rows, above 0 and up to 1.")
    known, _ = in_content_order(require_base(base), "student_id")
    came, _ = in_content_order(incoming)
    draw = np.random.default_rng(seed)
    many = max(1, round(decoys * len(came)))
    invented = {
        Decoy.NEWCOMER: _newcomers(known, came, many, draw),
        Decoy.TWIN: _twins(known, came, max(1, round(TWINS * many)), draw),
    }
    plan = make_plan(known, _with_rows(came, list(invented.values())), policy=policy, model=model)
    actions = plan.entries.filter(pl.col("row").is_not_null()).sort("row")["action"].cast(pl.String)
    matched = actions[: len(came)].is_in(_MATCHED).sum()
    return ErrorEstimate(_counted(actions[len(came) :], invented), int(matched), len(came) - int(matched))


def exact_interval(found: int, of: int) -> tuple[float, float]:
    """The exact interval of a share at 95 % (Clopper and Pearson), from 0 to 1 where nothing was tried.

    >>> tuple(round(end, 4) for end in exact_interval(0, 10))
    (0.0, 0.3085)
    """
    from scipy.special import betaincinv  # loading scipy takes long

    tail = (1 - CONFIDENCE) / 2
    low = 0.0 if found == 0 else float(betaincinv(found, of - found + 1, tail))
    high = 1.0 if found == of else float(betaincinv(found + 1, of - found, 1 - tail))
    return low, high


def _hidden(share: float, unmatched: int, matched: int) -> float:
    """How many were matched wrongly, where this share of all newcomers is and `unmatched` of them are not."""
    return min(float(matched), unmatched * share / (1 - share) if share < 1 else float(matched))


def _counted(actions: pl.Series, invented: Mapping[Decoy, pl.DataFrame]) -> pl.DataFrame:
    lines, start = [], 0
    for kind, rows in invented.items():
        own = actions[start : start + rows.height]
        matched, review = (own.is_in(_MATCHED).sum(), (own == Action.REVIEW.value).sum())
        lines.append((kind.value, len(own), matched, review, (own == Action.ADD.value).sum()))
        start += rows.height
    return pl.DataFrame(lines, schema=_COUNTS, orient="row")


def _with_rows(incoming: Roster, rows: Sequence[pl.DataFrame]) -> Roster:
    """The incoming roster with further rows after its own."""
    frame = pl.concat([incoming.frame, *(more.select(incoming.frame.columns) for more in rows)])
    return evolve(incoming, frame=frame.with_columns(pl.int_range(pl.len(), dtype=pl.UInt32).alias("row")))


def _newcomers(base: Roster, incoming: Roster, many: int, draw: np.random.Generator) -> pl.DataFrame:
    """Rows of which given name, family name, birth date and the rest come from four different rows."""
    donors = _named(incoming)
    if donors.height < 3:
        raise InvalidOption("Newcomers are invented from at least three rows that have both names; there are fewer.")
    found: list[pl.DataFrame] = []
    for _ in range(_TRIES):
        lacking = many - sum(rows.height for rows in found)
        if not lacking:
            break
        at = [draw.integers(donors.height, size=lacking) for _ in range(3)]
        rest, given, family = (donors[places] for places in at)
        made = _without_ids(rest, base, incoming, draw).with_columns(
            *given.select("given_name", "middle_name", "gender"),
            family["family_name"],
            _dates_of_grade(donors, rest, draw),
        )
        different = (at[0] != at[1]) & (at[1] != at[2]) & (at[0] != at[2])
        found.append(_who_are_nobody(made.filter(pl.Series(different)), base, incoming))
    return pl.concat(found)


def _twins(base: Roster, incoming: Roster, many: int, draw: np.random.Generator) -> pl.DataFrame:
    """Rows with family name and birth date of a student, another's given name, and the class of a row of his age."""
    students, donors = _named(base), _named(incoming)
    if not students.height:
        return donors.clear()
    student = students[draw.integers(students.height, size=many)]
    given = donors[draw.integers(donors.height, size=many)]
    rest = donors[_peers(donors, student, draw)]
    made = _without_ids(rest, base, incoming, draw).with_columns(
        *given.select("given_name", "middle_name", "gender"),
        student["family_name"],
        *([student["birth_date"]] if "birth_date" in incoming.given else []),
    )
    another = map_distinct(given["given_name"], fold) != map_distinct(student["given_name"], fold)
    return _who_are_nobody(made.filter(another), base, incoming)


def _named(roster: Roster) -> pl.DataFrame:
    """The rows that have both names, of which others are made."""
    return roster.frame.drop_nulls(["given_name", "family_name"])


def _without_ids(rows: pl.DataFrame, base: Roster, incoming: Roster, draw: np.random.Generator) -> pl.DataFrame:
    """Rows without what belongs to their donors alone; who had a student number gets one that nobody has."""
    taken = {*base.frame["student_number"].drop_nulls(), *incoming.frame["student_number"].drop_nulls()}
    numbers = [None if number is None else _new_number(number, taken, draw) for number in rows["student_number"]]
    nothing = ("student_id", "username", "email", "name_suffix", "preferred_given_name", "preferred_family_name")
    return rows.with_columns(
        *(pl.lit(None, dtype=rows.schema[name]).alias(name) for name in (*nothing, "source_row")),
        pl.Series("student_number", numbers, dtype=pl.String),
    )


def _new_number(like: str, taken: set[str], draw: np.random.Generator) -> str | None:
    """A number of the same form that nobody has; None where the form has none left."""
    for _ in range(_TRIES):
        digits = iter(draw.integers(10, size=len(like)))
        number = "".join(str(digit) if sign.isdigit() else sign for sign, digit in zip(like, digits, strict=True))
        if number not in taken:
            taken.add(number)
            return number
    return None


def _dates_of_grade(donors: pl.DataFrame, rows: pl.DataFrame, draw: np.random.Generator) -> pl.Series:
    """A birth date of some row of the same grade for each row, or none as often as in that grade."""
    return donors["birth_date"].gather(_peers(donors, rows, draw, by="grade"))


def _peers(donors: pl.DataFrame, records: pl.DataFrame, draw: np.random.Generator, by: str = "born") -> pl.Series:
    """For each record the place of a donor drawn among those of its grade or year of birth, of all if there is none."""
    key = pl.col("birth_date").dt.year().cast(pl.String) if by == "born" else pl.col("grade").cast(pl.String)
    groups = donors.select(key.alias("key")).with_row_index("place").group_by("key", maintain_order=True).agg("place")
    chance = pl.Series("chance", draw.random(records.height))
    found = (
        records.select(key.alias("key"))
        .with_columns(chance)
        .join(groups, on="key", how="left", maintain_order="left", nulls_equal=True)
    )
    at = (pl.col("chance") * pl.col("place").list.len()).cast(pl.Int64)
    anybody = (pl.col("chance") * donors.height).cast(pl.UInt32)
    return found.select(pl.coalesce(pl.col("place").list.get(at, null_on_oob=True), anybody)).to_series()


def _who_are_nobody(rows: pl.DataFrame, base: Roster, incoming: Roster) -> pl.DataFrame:
    """Leave out rows that by chance have the names and the birth date of somebody.

    A namesake without a birth date stays: among real newcomers there are such as well.
    """
    keys = ["given_key", "family_key", "birth_date"]
    people = pl.concat([_keyed(roster.frame).select(keys) for roster in (base, incoming)])
    return _keyed(rows).join(people, on=keys, how="anti", nulls_equal=False).drop("given_key", "family_key")


def _keyed(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        map_distinct(frame["given_name"], fold).alias("given_key"),
        map_distinct(frame["family_name"], fold).alias("family_key"),
    )
