"""Two school years of invented students, with the truth of who is who: the rosters that costs are measured on.

Invariants: the same options give the same rosters, byte for byte; the truth is kept apart from both; the base carries
the host's ids, the incoming roster no id at all. Families, twins and damaged ids are not drawn yet.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from attrs import field, frozen

from benchmarks.names import NameTables, load_names
from rosterdiff import Roster

GRADES: Final = ("KG", *(f"{number:02}" for number in range(1, 13)))
SCHOOL_SIZE: Final = 520
CLASS_SIZE: Final = 20
FIRST_YEAR: Final = 2026
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"

Integers = npt.NDArray[np.int64]


@frozen
class YearOptions:
    """What is drawn.

    Attributes:
        students: the size of both rosters.
        shared: the share of the base that is in the incoming roster too; of the others, the highest grade goes first.
        names_damaged: the share of shared rows in which given or family name has a typing error.
        dates_damaged: the share of shared rows whose birth date has one.

    """

    students: int = 1_000
    seed: int = 1
    shared: float = 0.88
    names_damaged: float = 0.06
    dates_damaged: float = 0.02


@frozen(eq=False)
class Years:
    """Base and incoming roster, and `truth`: `row` of the incoming roster, `student_id` of the same child."""

    base: Roster
    incoming: Roster
    truth: pl.DataFrame = field(repr=False)


def draw_years(options: YearOptions, names: NameTables | None = None) -> Years:
    """Draw two school years.

    >>> years = draw_years(YearOptions(students=200))
    >>> len(years.base), len(years.incoming), years.truth.height
    (200, 200, 176)
    """
    draw = np.random.default_rng(options.seed)
    tables = names or load_names()
    before = _draw_students(options.students, draw, tables)
    kept = _stayers(before, options, draw)
    stayed = before[kept].with_columns((pl.col("grade") + 1).clip(upper_bound=len(GRADES) - 1))
    came = _draw_students(options.students - stayed.height, draw, tables).with_columns(
        pl.lit(None, dtype=pl.String).alias("student_id")
    )
    after = pl.concat([_damage(stayed, options, draw), came]).sample(fraction=1.0, shuffle=True, seed=options.seed)
    truth = after.with_row_index("row").filter(pl.col("student_id").is_not_null()).select("row", "student_id")
    return Years(_roster(before, draw), _roster(after.drop("student_id"), draw), truth)


def save_years(years: Years, folder: Path) -> None:
    """Write both rosters and the truth into a folder, for another process."""
    for name, frame in (("base", years.base.frame), ("incoming", years.incoming.frame), ("truth", years.truth)):
        frame.write_ipc(folder / f"{name}.arrow")


def load_years(folder: Path) -> Years:
    """Read what `save_years` wrote."""
    base, incoming, truth = (pl.read_ipc(folder / f"{name}.arrow") for name in ("base", "incoming", "truth"))
    return Years(Roster(base), Roster(incoming), truth)


def _draw_students(count: int, draw: np.random.Generator, names: NameTables) -> pl.DataFrame:
    """Students with names, birth date, gender, grade (as a number) and school (as a number)."""
    female = draw.random(count) < 0.5
    given = np.where(female, _pick(names.female, count, draw), _pick(names.male, count, draw))
    grade = draw.integers(0, len(GRADES), count)
    days = draw.integers(0, 365, count)
    born = [date(FIRST_YEAR - 6 - int(g), 1, 1) + timedelta(days=int(d)) for g, d in zip(grade, days, strict=True)]
    return pl.DataFrame(
        {
            "student_id": [f"s{number:07}" for number in range(count)],
            "given_name": given.tolist(),
            "family_name": _pick(names.family, count, draw).tolist(),
            "birth_date": born,
            "gender": np.where(female, "F", "M").tolist(),
            "grade": grade,
            "school": draw.integers(0, max(1, count // SCHOOL_SIZE), count),
        }
    )


def _pick(table: pl.DataFrame, count: int, draw: np.random.Generator) -> npt.NDArray[np.object_]:
    names = table["name"].to_numpy().astype(object)
    picked: npt.NDArray[np.object_] = names[draw.choice(len(names), size=count, p=table["share"].to_numpy())]
    return picked


def _stayers(students: pl.DataFrame, options: YearOptions, draw: np.random.Generator) -> Integers:
    """The places of those who stay, in the order of the base: leavers are the highest grade, then anyone."""
    leaving = students.height - round(students.height * options.shared)
    highest = (students["grade"] == len(GRADES) - 1).to_numpy()
    order = np.lexsort((draw.random(students.height), ~highest))
    return np.sort(order[leaving:])


def _damage(stayed: pl.DataFrame, options: YearOptions, draw: np.random.Generator) -> pl.DataFrame:
    """Typing errors in exactly the shares asked for."""
    of_names = _some(stayed.height, options.names_damaged, draw)
    of_dates = _some(stayed.height, options.dates_damaged, draw)
    is_given = draw.random(len(of_names)) < 0.5
    damaged = stayed
    for column, places in (("given_name", of_names[is_given]), ("family_name", of_names[~is_given])):
        values = damaged[column].to_list()
        for place in places:
            values[place] = mistype(values[place], draw)
        damaged = damaged.with_columns(pl.Series(column, values))
    dates = damaged["birth_date"].to_list()
    for place in of_dates:
        dates[place] = mistype_date(dates[place], draw)
    return damaged.with_columns(pl.Series("birth_date", dates))


def _some(count: int, share: float, draw: np.random.Generator) -> Integers:
    return np.sort(draw.choice(count, size=round(count * share), replace=False))


def mistype(name: str, draw: np.random.Generator) -> str:
    """A name with one letter left out, put in, exchanged or replaced; never the same name."""
    at = int(draw.integers(0, len(name) - 1))
    letter = _LETTERS[int(draw.integers(0, len(_LETTERS)))]
    exchanged = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    forms = [exchanged, name[: at + 1] + name[at + 2 :], name[: at + 1] + letter + name[at + 1 :]]
    forms.append(name[: at + 1] + letter + name[at + 2 :])
    start = int(draw.integers(0, len(forms)))
    differing = [form for form in forms[start:] + forms[:start] if form.casefold() != name.casefold()]
    return differing[0]


def mistype_date(born: date, draw: np.random.Generator) -> date:
    """A date with day and month exchanged, or another day, month or year; never the same date."""
    forms = [
        born + timedelta(days=int(draw.integers(1, 10))),
        date(born.year + 1, born.month, min(born.day, 28)),
        date(born.year, born.month % 12 + 1, min(born.day, 28)),
    ]
    if born.day <= 12 and born.day != born.month:
        forms.append(date(born.year, born.day, born.month))
    return forms[int(draw.integers(0, len(forms)))]


def _roster(students: pl.DataFrame, draw: np.random.Generator) -> Roster:
    """Students as a roster: the class is drawn anew each year, from those of the school's grade."""
    classes = max(1, SCHOOL_SIZE // len(GRADES) // CLASS_SIZE)
    letters = pl.Series("letter", [_LETTERS[i].upper() for i in draw.integers(0, classes, students.height)])
    named = students.with_columns(
        pl.col("grade").replace_strict(dict(enumerate(GRADES)), return_dtype=pl.String),
        pl.concat_str([pl.lit("School "), pl.col("school").cast(pl.String)]).alias("school"),
        letters,
    )
    in_class = pl.concat_str([pl.col("grade").str.strip_prefix("0"), pl.col("letter")]).alias("class_name")
    return Roster.from_frame(named.with_columns(in_class).drop("letter"))
