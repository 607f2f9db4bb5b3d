"""Families and their children at school: names, birth dates, grades, schools.

Invariants: siblings share family name, culture and district, but for a few half-siblings; twins share the birth date;
children who begin school next year are drawn with their families, in grade -1; nobody else's family is without a
student.
"""

from typing import Final

import numpy as np
import polars as pl

from benchmarks.rosters.cultures import Drawing, Flags, Integers, draw_cultures
from benchmarks.rosters.naming import draw_given, draw_like, draw_middle, draw_surnames, feminine, is_female

GRADES: Final = ("KG", *(f"{number:02}" for number in range(1, 13)))
HIGHEST: Final = len(GRADES) - 1
FIRST_SECONDARY: Final = 7
FIRST_YEAR: Final = 2026
DISTRICT_SIZE: Final = 2_200
"""Students of three primary schools and the secondary school that they lead to."""

_CHILDREN: Final = (0.45, 0.38, 0.13, 0.04)
"""Shares of families with one, two, three, four children."""

_GAPS: Final = (0.18, 0.40, 0.25, 0.12, 0.05)
"""Shares of the grades between siblings: one, two …"""

_OUT_OF_WINDOW: Final = 0.03
SAME_SEX_TWINS: Final = 0.66
_OTHER_SURNAME: Final = 0.03
ALLITERATING: Final = 0.25


def draw_people(count: int, twins: float, drawing: Drawing) -> pl.DataFrame:
    """Draw families until so many of their children are at school.

    Returns:
        One line a child: `family`, `culture`, `district`, `gender`, `grade` (-1: begins next year), `birth_date`,
        `given_name`, `middle_name`, `family_name`, `school`.

    """
    children = _draw_children(count, twins, drawing)
    families = children["family"].n_unique()
    people = children.join(_draw_families(families, drawing), on="family", how="left", maintain_order="left")
    return _with_names(people, drawing).with_columns(_school(drawing)).drop("place", "twin", "primary")


def _draw_children(count: int, twins: float, drawing: Drawing) -> pl.DataFrame:
    """`family`, `place` in it, `twin` (of the child before), `gender`, `grade`, `birth_date`."""
    draw, families = drawing.draw, round(count * 1.25) + 30
    sizes = draw.choice(len(_CHILDREN), families, p=_CHILDREN) + 1
    family = np.repeat(np.arange(families), sizes)
    place = np.arange(len(family)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    twin = (place > 0) & drawing.chance(twins, len(family))
    gap = np.where(twin | (place == 0), 0, draw.choice(len(_GAPS), len(family), p=_GAPS) + 1)
    grade = draw.integers(-1, HIGHEST + 5, families)[family] - _within(gap, place)
    drawn = {"family": family, "place": place, "twin": twin, "gender": _genders(twin, drawing), "grade": grade,
             "birth_date": _birth_dates(grade, twin, gap, drawing)}  # fmt: skip
    return _at_school(pl.DataFrame(drawn), count)


def _at_school(children: pl.DataFrame, count: int) -> pl.DataFrame:
    """The first so many students, and the children of their families who begin next year; families counted anew."""
    has_student = (pl.col("grade") >= 0).any().over("family")
    of_age = children.filter(pl.col("grade").is_between(-1, HIGHEST)).filter(has_student)
    first = of_age.filter((pl.col("grade") >= 0).cum_sum() <= count).filter(has_student)
    return first.with_columns((pl.col("family").rank("dense") - 1).cast(pl.Int64))


def _within(gap: Integers, place: Integers) -> Integers:
    """The running sum of the gaps in each family."""
    total = np.cumsum(gap)
    first = np.maximum.accumulate(np.where(place == 0, np.arange(len(gap)), 0))
    return np.asarray(total - total[first], dtype=np.int64)


def _genders(twin: Flags, drawing: Drawing) -> pl.Series:
    female, same = (drawing.chance(share, len(twin)) for share in (0.5, SAME_SEX_TWINS))
    before = np.roll(female, 1)
    return pl.Series("gender", np.where(np.where(twin, before == same, female), "F", "M"))


def _birth_dates(grade: Integers, twin: Flags, gap: Integers, drawing: Drawing) -> pl.Series:
    """A day in the year of the grade, for a few a year older; siblings are ten months apart, twins born on one day."""
    days = drawing.draw.integers(0, 365, len(grade))
    days = np.where(gap == 1, np.maximum(days, np.minimum(np.roll(days, 1) - 60, 364)), days)
    older = drawing.chance(_OUT_OF_WINDOW, len(grade)).astype(np.int64)
    years = np.array(FIRST_YEAR - 6 - 1970 - grade - older, dtype="datetime64[Y]")
    born = years.astype("datetime64[D]") + days.astype("timedelta64[D]")
    for _ in range(len(_CHILDREN) - 1):
        born = np.where(twin, np.roll(born, 1), born)
    return pl.Series("birth_date", born).cast(pl.Date)


def _draw_families(families: int, drawing: Drawing) -> pl.DataFrame:
    """`family`, `district`, `primary` (its school there), `culture`, `surname`, and whether daughters `inflect` it."""
    district = drawing.draw.integers(0, drawing.districts, families)
    culture = draw_cultures(drawing, district)
    return pl.DataFrame(
        {
            "family": np.arange(families),
            "district": district,
            "primary": drawing.draw.integers(0, 3, families),
            "culture": culture,
            "surname": draw_surnames(culture, drawing),
            "inflects": drawing.habit("inflected", culture),
        }
    )


def _with_names(people: pl.DataFrame, drawing: Drawing) -> pl.DataFrame:
    culture, female = people["culture"].to_numpy(), is_female(people)
    named = people.with_columns(
        _alliterating(_distinct_in_family(people, drawing), drawing),
        draw_middle(culture, female, drawing).alias("middle_name"),
        draw_surnames(culture, drawing).alias("other"),
        pl.Series("half", drawing.chance(_OTHER_SURNAME, people.height)),
    )
    is_half = pl.col("half") & (pl.col("place") > 0) & ~pl.col("twin")
    surname = pl.when(is_half).then("other").otherwise("surname")
    of_daughters = pl.col("inflects") & (pl.col("gender") == "F")
    family_name = pl.when(of_daughters).then(feminine(surname)).otherwise(surname).alias("family_name")
    return named.with_columns(family_name).drop("surname", "other", "half", "inflects")


def _distinct_in_family(people: pl.DataFrame, drawing: Drawing) -> pl.DataFrame:
    """Given names, drawn again where a sibling has the same."""
    culture, female = people["culture"].to_numpy(), is_female(people)
    named = people.with_columns(draw_given(culture, female, drawing).alias("given_name"))
    for _ in range(4):
        repeated = ~pl.struct("family", "given_name").is_first_distinct()
        again = named.select(repeated.arg_true()).to_series().to_numpy()
        if not len(again):
            break
        other = draw_given(culture[again], female[again], drawing)
        named = named.with_columns(named["given_name"].scatter(again, other))
    return named


def _alliterating(named: pl.DataFrame, drawing: Drawing) -> pl.Series:
    """Given names; a quarter of the twins of one sex have one that is like the other twin's."""
    culture, female = named["culture"].to_numpy(), is_female(named)
    chosen = named["twin"].to_numpy() & drawing.chance(ALLITERATING, named.height) & (female == np.roll(female, 1))
    at = np.flatnonzero(chosen)
    given = named["given_name"]
    return given.scatter(at, draw_like(given.gather(at - 1), culture[at], female[at], drawing)) if len(at) else given


def _school(drawing: Drawing) -> pl.Expr:
    """Schools are numbered: three primary schools and a secondary one in each district; alone, one school of all."""
    place = pl.when(pl.col("grade") >= FIRST_SECONDARY).then(3).otherwise("primary")
    numbered = pl.col("district") * 4 + place if drawing.districts > 1 else pl.lit(0)
    return numbered.cast(pl.Int64).alias("school")


def draw_numbers(count: int, drawing: Drawing) -> pl.Series:
    """Student numbers of seven digits or more, a tenth of those that there are: many have neighbours."""
    numbers = drawing.draw.choice(10 * count, size=count, replace=False) + 1_000
    return pl.Series("student_number", numbers).cast(pl.String).str.zfill(max(7, len(str(10 * count))))
