"""Joiners of every kind: ordinary ones, and those who resemble someone who leaves or stays.

Invariants: a joiner is another person than his model and says which kind he is; his number is his own unless the kind
says otherwise.
"""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import polars as pl
from attrs import frozen

from benchmarks.rosters.cultures import Drawing, Integers
from benchmarks.rosters.families import ALLITERATING, HIGHEST, SAME_SEX_TWINS, draw_people
from benchmarks.rosters.naming import draw_like, draw_middle, draw_other_given, is_female
from benchmarks.rosters.options import Newcomer, RosterOptions
from benchmarks.rosters.spelling import mistype, respell
from benchmarks.rosters.variants import nicknames, one_of, variants

COLUMNS: Final = ("family", "culture", "gender", "grade", "birth_date", "given_name", "middle_name", "family_name",
                  "school", "number", "newcomer", "model")  # fmt: skip
_NEAR: Final = 0.25
"""The share of namesakes and look-alikes whose birth date is a few days, a month or a year from the model's."""

_NEAR_DAYS: Final = (-10, -9, -2, -1, 1, 2, 9, 10, 30, 365)
_KEEPS_DATE: Final = 0.5
_BEGIN: Final = 0.65
"""The share of ordinary only children who begin school; others move in, into any grade, siblings together."""


@frozen(eq=False)
class Known:
    """Who is there to be resembled: students who leave before the highest grade, who stay, and who begin next year."""

    leavers: pl.DataFrame
    stayers: pl.DataFrame
    beginners: pl.DataFrame


def draw_joiners(count: int, known: Known, options: RosterOptions, drawing: Drawing) -> pl.DataFrame:
    """Draw so many joiners, the hard kinds in the shares asked for, as far as there is someone to resemble.

    Returns:
        `COLUMNS`: `number` is a number taken from another or null; `model` the `person` whom the kind is about.

    """
    wanted = [(kind, round(count * options.newcomers.get(kind, 0.0))) for kind in _MAKERS]
    hard = [_draw_hard(kind, number, known, drawing) for kind, number in wanted if number]
    rest = count - sum(part.height for part in hard)
    return pl.concat([*hard, _draw_ordinary(rest, options.twins, drawing)]).select(COLUMNS)


def _draw_hard(kind: Newcomer, count: int, known: Known, drawing: Drawing) -> pl.DataFrame:
    of_stayers = {Newcomer.LATE_TWIN, Newcomer.NAMESAKE}
    pool = known.beginners if kind is Newcomer.SIBLING else known.stayers if kind in of_stayers else known.leavers
    at = drawing.draw.choice(pool.height, size=min(count, pool.height), replace=False)
    models = pool[np.sort(at)].with_columns(
        pl.lit(None, dtype=pl.String).alias("number"), pl.lit(kind.value).alias("newcomer"), model="person"
    )
    of_family = kind in {Newcomer.SIBLING, Newcomer.LEAVERS_TWIN, Newcomer.LATE_TWIN}
    family = pl.col("family") if of_family else pl.lit(None, dtype=pl.Int64).alias("family")
    return _MAKERS[kind](models, drawing).with_columns(family).select(COLUMNS)


def _beginner(models: pl.DataFrame, _: Drawing) -> pl.DataFrame:
    return models.with_columns(pl.lit(0, dtype=pl.Int64).alias("grade"))


def _twin(models: pl.DataFrame, drawing: Drawing) -> pl.DataFrame:
    """The same family name and birth date, another given name; of one sex and with a like name as twins are."""
    same = pl.Series(drawing.chance(SAME_SEX_TWINS, models.height))
    other = pl.col("gender").replace({"F": "M", "M": "F"})
    twins = _renamed(_advanced(models).with_columns(pl.when(same).then("gender").otherwise(other)), drawing)
    like = draw_like(models["given_name"], models["culture"].to_numpy(), is_female(models), drawing)
    alike = same & pl.Series(drawing.chance(ALLITERATING, models.height))
    return twins.with_columns(like.zip_with(alike, twins["given_name"]).alias("given_name"))


def _namesake(models: pl.DataFrame, drawing: Drawing) -> pl.DataFrame:
    """The same names in a grade out of step."""
    steps = drawing.draw.choice([-2, -1, 0, 2, 3], models.height)
    return _namesake_after(models, steps, drawing)


def _namesake_of_stayer(models: pl.DataFrame, drawing: Drawing) -> pl.DataFrame:
    """The same names in the grade of the student or beside it."""
    steps = drawing.draw.choice([-1, 0, 1, 1, 2], models.height)
    return _namesake_after(models, steps, drawing)


def _namesake_in_step(models: pl.DataFrame, drawing: Drawing) -> pl.DataFrame:
    return _namesake_after(models, np.ones(models.height, dtype=np.int64), drawing)


def _namesake_after(models: pl.DataFrame, steps: Integers, drawing: Drawing) -> pl.DataFrame:
    """The same names so many grades further, with the birth date of somebody there."""
    before = models["grade"].to_numpy()
    grade = np.clip(before + steps, 0, HIGHEST)
    placed = models.with_columns(pl.Series("grade", grade))
    return _other_middle(_reborn(placed, before + 1 - grade, drawing), drawing)


def _look_alike(models: pl.DataFrame, drawing: Drawing) -> pl.DataFrame:
    """One of the names is a slip, a nickname or a variant away; the grade is in step, the birth date another."""
    of_age = _reborn(_advanced(models), np.zeros(models.height, dtype=np.int64), drawing)
    alike = _other_middle(of_age, drawing)
    given, family = alike["given_name"].to_list(), alike["family_name"].to_list()
    for at in range(models.height):
        if drawing.draw.random() < 0.7:
            given[at] = _alike(given[at], nicknames(), drawing.draw)
        else:
            family[at] = _alike(family[at], variants("Surname"), drawing.draw)
    return alike.with_columns(pl.Series("given_name", given), pl.Series("family_name", family))


def _alike(name: str, table: Mapping[str, list[str]], draw: np.random.Generator) -> str:
    known = one_of(table, name, draw) if draw.random() < 0.5 else None
    return known or (respell(name, draw) if draw.random() < 0.5 else None) or mistype(name, draw) or f"{name}a"


def _recycled(models: pl.DataFrame, drawing: Drawing) -> pl.DataFrame:
    """A stranger of any grade who has been given the model's number."""
    grade = drawing.draw.integers(0, HIGHEST + 1, models.height)
    years = models["grade"].to_numpy() + 1 - grade
    return _reborn(_stranger(models, drawing).with_columns(pl.Series("grade", grade)), years, drawing)


def _overwritten(models: pl.DataFrame, drawing: Drawing) -> pl.DataFrame:
    """A stranger typed over the model's row: number, grade, school and for half of them the birth date are his."""
    stranger = _advanced(_stranger(models, drawing))
    other = _reborn(stranger, np.zeros(models.height, dtype=np.int64), drawing)["birth_date"]
    keeps = pl.Series(drawing.chance(_KEEPS_DATE, models.height))
    return stranger.with_columns(stranger["birth_date"].zip_with(keeps, other))


def _stranger(models: pl.DataFrame, drawing: Drawing) -> pl.DataFrame:
    """The model's record, number and all, with the names of somebody of another family."""
    drawn = draw_people(3 * models.height + 100, 0.0, drawing).filter(pl.col("grade") >= 0)
    others = drawn.filter(~pl.col("family_name").is_in(models["family_name"].unique().implode())).head(models.height)
    named = models.with_columns(others.select("culture", "gender", "given_name", "middle_name", "family_name"))
    return named.with_columns(number="student_number")


def _advanced(models: pl.DataFrame) -> pl.DataFrame:
    return models.with_columns((pl.col("grade") + 1).clip(upper_bound=HIGHEST))


def _renamed(models: pl.DataFrame, drawing: Drawing) -> pl.DataFrame:
    """Another given name than the model's, and a middle name to it."""
    return _other_middle(models.with_columns(draw_other_given(models, drawing).alias("given_name")), drawing)


def _other_middle(models: pl.DataFrame, drawing: Drawing) -> pl.DataFrame:
    middle = draw_middle(models["culture"].to_numpy(), is_female(models), drawing)
    return models.with_columns(middle.alias("middle_name"))


def _reborn(models: pl.DataFrame, years: Integers, drawing: Drawing) -> pl.DataFrame:
    """Another birth date: so many years later, on another day of the year; for some near the model's."""
    count = models.height
    born = models["birth_date"].to_numpy().astype("datetime64[D]")
    day = (born - born.astype("datetime64[Y]").astype("datetime64[D]")).astype(np.int64)
    far = (day + drawing.draw.integers(20, 340, count)) % 365 - day + 365 * years
    days = np.where(drawing.chance(_NEAR, count), drawing.draw.choice(_NEAR_DAYS, count), far)
    return models.with_columns(pl.Series("birth_date", born + days.astype("timedelta64[D]")).cast(pl.Date))


_MAKERS: Final[Mapping[Newcomer, Callable[[pl.DataFrame, Drawing], pl.DataFrame]]] = {
    Newcomer.SIBLING: _beginner,
    Newcomer.LEAVERS_TWIN: _twin,
    Newcomer.LATE_TWIN: _twin,
    Newcomer.LEAVERS_NAMESAKE: _namesake,
    Newcomer.NAMESAKE_IN_STEP: _namesake_in_step,
    Newcomer.NAMESAKE: _namesake_of_stayer,
    Newcomer.LOOK_ALIKE: _look_alike,
    Newcomer.RECYCLED: _recycled,
    Newcomer.OVERWRITTEN: _overwritten,
}


def _draw_ordinary(count: int, twins: float, drawing: Drawing) -> pl.DataFrame:
    """Families that are new; most of their only children begin school."""
    drawn = draw_people(count, twins, drawing).filter(pl.col("grade") >= 0)
    begins = pl.Series(drawing.chance(_BEGIN, drawn.height)) & drawn["family"].is_unique()
    years = pl.when(begins).then(pl.col("grade") + 1).otherwise(1).cast(pl.String)
    first_school = pl.min_horizontal("school", pl.col("school") // 4 * 4 + 2)
    return drawn.with_columns(
        pl.when(begins).then(0).otherwise("grade").cast(pl.Int64).alias("grade"),
        pl.when(begins).then(first_school).otherwise("school").alias("school"),
        pl.col("birth_date").dt.offset_by(pl.concat_str(years, pl.lit("y"))),
        (-1 - pl.col("family")).alias("family"),
        pl.lit(None, dtype=pl.String).alias("number"),
        pl.lit(Newcomer.ORDINARY.value).alias("newcomer"),
        pl.lit(None, dtype=pl.Int64).alias("model"),
    ).select(COLUMNS)
