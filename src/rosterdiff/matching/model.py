"""The model: how often each level is seen among pairs of one person (m) and among pairs of two (u).

The weight of a level is log2(m / u), kept as an integer of 1/1000 bit, so that weights add the same in every order.
Invariants: `missing` weighs nothing; every level of every table has its numbers. Source of the form: I. P. Fellegi
and A. B. Sunter, "A theory for record linkage", JASA 64(328), 1969.
"""

import hashlib
import math
from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from attrs import Attribute, field, frozen

from rosterdiff.errors import InvalidOption
from rosterdiff.levels import LEVELS_OF, Comparison, ValueLevel
from rosterdiff.matching.shipped import FREQUENCY_PRIOR, SHIPPED
from rosterdiff.model import Decision
from rosterdiff.schema import COMPARED

if TYPE_CHECKING:
    from os import PathLike

    import polars as pl

    from rosterdiff.frames import Roster

MILLIBITS: Final = 1000


class Table(StrEnum):
    """The tables of a model beside those of the comparisons: what a field says once another agrees."""

    GRADE_DATED = "grade_dated"
    GENDER_NAMED = "gender_named"
    FURTHER_EXACT = "further_exact"
    FURTHER_FUZZY = "further_fuzzy"
    FURTHER_CATEGORICAL = "further_categorical"


TABLES: Final[Mapping[str, type[StrEnum]]] = {
    **{comparison: LEVELS_OF[comparison] for comparison in COMPARED},
    Table.GRADE_DATED: LEVELS_OF[Comparison.GRADE],
    Table.GENDER_NAMED: LEVELS_OF[Comparison.GENDER],
    Table.FURTHER_EXACT: ValueLevel,
    Table.FURTHER_FUZZY: ValueLevel,
    Table.FURTHER_CATEGORICAL: ValueLevel,
}
"""The levels of each table: of the grade where the years of birth agree, of the gender where the given name does."""


@frozen
class Fitted:
    """What a model was fitted on: counts alone, so that it may be kept where the rosters may not.

    Attributes:
        rows, students: the sizes of the two rosters.
        labelled: pairs that labels or decisions said are one person; `ruled_out`: rows and pairs that they ruled out.
        pairs: how many pairs were counted as one person.
        rounds: after how many rounds the numbers had settled.
        version: the version of rosterdiff.

    """

    rows: int
    students: int
    labelled: int
    ruled_out: int
    pairs: int
    rounds: int
    version: str


def _chance(_: object, attribute: "Attribute[float]", value: float) -> None:
    if not 0 < value <= 1:
        raise InvalidOption(f"{attribute.name} lies above 0 and up to 1.")


def _weighty(_: object, attribute: "Attribute[float]", value: float) -> None:
    if not 0 <= value < math.inf:
        raise InvalidOption(f"{attribute.name} is a number of pairs, 0 or more.")


@frozen(repr=False)
class Model:
    """m and u of every level of every table, and how much they count beside what the rosters at hand show.

    Attributes:
        chances: table → level → (m, u).
        frequency_prior: table → the number of students for which the shipped `u` of its `same` level counts.
        expected_share: the share of the smaller roster that is expected to have a partner in the other.
        pairs: for how many pairs of one person the m speak beside the pairs at hand.
        fitted: what it was fitted on; None for the shipped model.

    """

    chances: Mapping[str, Mapping[str, tuple[float, float]]] = field()
    frequency_prior: Mapping[str, float] = field(factory=lambda: dict(FREQUENCY_PRIOR))
    expected_share: float = field(default=0.8, validator=_chance)
    pairs: float = field(default=100.0, validator=_weighty)
    fitted: Fitted | None = None

    @chances.validator
    def _complete(self, _: object, chances: Mapping[str, Mapping[str, tuple[float, float]]]) -> None:
        stray = set(chances) - {str(table) for table in TABLES}
        stray |= {f"{t}: {level}" for t in set(chances) - stray for level in set(chances[t]) - {*TABLES[t], "missing"}}
        if stray:
            raise InvalidOption(f"The model has numbers for what is not compared: {', '.join(sorted(stray))}.")
        for table, levels in TABLES.items():
            lacking = {str(level) for level in levels} - set(chances.get(table, {})) - {"missing"}
            if lacking:
                raise InvalidOption(f"The model has no numbers for {table}: {', '.join(sorted(lacking))}.")
            for level, pair in chances[table].items():
                if not all(0 < chance <= 1 for chance in pair):
                    raise InvalidOption(f"m and u lie above 0 and up to 1; those of {table}: {level} do not.")

    @frequency_prior.validator
    def _of_known_tables(self, _: object, priors: Mapping[str, float]) -> None:
        if set(priors) - set(TABLES) or not all(0 <= prior < math.inf for prior in priors.values()):
            raise InvalidOption("frequency_prior gives a number of students, 0 or more, for tables of the model.")

    @classmethod
    def fit(
        cls,
        base: "Roster",
        incoming: "Roster",
        *,
        truth: "pl.DataFrame | None" = None,
        decisions: Iterable[Decision] = (),
        evidence: Mapping[str, str] = MappingProxyType({}),
        model: "Model | None" = None,
    ) -> "Model":
        """Learn from two rosters how often each field agrees in one person, with or without labels.

        Pairs that `truth` or a decision names count as one person, their rivals as two; all others count by their
        probability, which is estimated again with what was learnt, until the m settle (expectation and maximisation).
        The u stay. Nothing is drawn at random: the same rosters give the same model, in any order of their rows.

        Args:
            base, incoming: two rosters of the same kind as those to be matched; the base needs ids.
            truth: `row` of the incoming roster and `student_id` of the same person, null where there is none; it need
                not have all rows.
            decisions: what persons said, as a resolved plan carries it (`Plan.decisions`): what `same` and `new` say of
                rows and students that are still as they were.
            evidence: further column → how it is compared (`Evidence`), as `Policy.evidence`.
            model: the model to start from, the shipped one by default; it speaks for `pairs` pairs beside those found.

        Raises:
            InvalidRoster: students of the base without id, or with the same.
            InvalidOption: labels that name no row or student, or name one twice; decisions without their digests.

        >>> import polars as pl
        >>> from rosterdiff import Roster
        >>> names = ["Ilva", "Maro", "Odette", "Perrin"]
        >>> base = Roster.from_frame(pl.DataFrame({"student_id": ["1", "2", "3", "4"], "given_name": names}))
        >>> truth = pl.DataFrame({"row": [0, 1], "student_id": ["1", "2"]})
        >>> Model.fit(base, base, truth=truth)
        <Model: fitted on 4 rows and 4 students, 2 pairs labelled>

        """
        from rosterdiff.frames import require_base
        from rosterdiff.matching.fitting import fit_model  # it needs models
        from rosterdiff.matching.labels import find_labels

        labels = find_labels(require_base(base), incoming, truth, tuple(decisions))
        return fit_model(base, incoming, labels, evidence, model or shipped_model())

    def save(self, path: "str | PathLike[str]") -> None:
        """Write the model as a readable JSON document: numbers and counts, no value of any roster.

        The file that stood there stays whole if this fails.

        Raises:
            OSError: the file cannot be written.

        """
        from rosterdiff.matching.model_file import save_model

        save_model(self, path)

    @classmethod
    def load(cls, path: "str | PathLike[str]") -> "Model":
        """Read a model that `save` wrote.

        Raises:
            UnusableModel: the file is not whole, was altered, is no model, or is of another version's levels.
            OSError: the file cannot be opened.

        """
        from rosterdiff.matching.model_file import load_model

        return load_model(path)

    def weight(self, table: str, level: StrEnum | str) -> int:
        """The weight of a level in 1/1000 bit.

        >>> shipped_model().weight(Comparison.GENDER, "same")
        971
        """
        if level == "missing":
            return 0
        m, u = self.chances[table][str(level)]
        return round(MILLIBITS * math.log2(m / u))

    @property
    def digest(self) -> str:
        """SHA-256 of all the numbers that weigh pairs; what the model was fitted on does not count."""
        tables = [(table, sorted(levels.items())) for table, levels in sorted(self.chances.items())]
        numbers: Any = (tables, sorted(self.frequency_prior.items()), self.expected_share, self.pairs)
        return hashlib.sha256(repr(numbers).encode()).hexdigest()

    def __repr__(self) -> str:
        if self.fitted is None:
            return "<Model: not fitted>"
        on = self.fitted
        return f"<Model: fitted on {on.rows} rows and {on.students} students, {on.labelled} pairs labelled>"


def shipped_model() -> Model:
    """The model that rosterdiff uses untrained, the same on every machine."""
    return Model(parse_table(SHIPPED))


def parse_table(text: str) -> dict[str, dict[str, tuple[float, float]]]:
    """Read tables as they are written down: a name, then level, m and u, as often as there are levels.

    >>> parse_table("gender same .9 .5 different .1 .5")
    {'gender': {'same': (0.9, 0.5), 'different': (0.1, 0.5)}}
    """
    chances: dict[str, dict[str, tuple[float, float]]] = {}
    for line in text.strip().splitlines():
        table, *numbers = line.split()
        levels = chances.setdefault(table, {})
        for level, m, u in zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True):
            levels[level] = (float(m), float(u))
    return chances
