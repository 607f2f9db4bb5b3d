"""What befalls the rows of children who stay: names, dates, gender and numbers as people write them.

Invariants: each kind befalls the share of the rows that is asked for, as far as there are rows that it can befall; a
row has at most one damage of names and one of dates; whatever was done is labelled.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, TypeAlias

import numpy as np
import polars as pl
from attrs import frozen

from benchmarks.rosters.cultures import Drawing, Flags, Integers
from benchmarks.rosters.naming import draw_surnames
from benchmarks.rosters.options import Damage, RosterOptions
from benchmarks.rosters.spelling import mistype, mistype_date, other_digit, respell
from benchmarks.rosters.variants import Table, nicknames, one_of, romanisations, variants

Speller: TypeAlias = Callable[[str, np.random.Generator], str | None]

LABELS: Final = pl.Schema({"person": pl.Int64(), "kind": pl.String()})

_CARELESS: Final = 3.0
"""So many times as often a birth date is wrong in a row whose name is."""


@frozen(eq=False)
class Damaged:
    """Rows, and what was done to them so far: `person`, `kind`."""

    rows: pl.DataFrame
    labels: pl.DataFrame

    def after(self, rows: pl.DataFrame, at: Integers, kind: Damage) -> "Damaged":
        """The rows as they have become, and what was done to those at these places."""
        done = pl.DataFrame({"person": self.rows["person"].gather(at)}).with_columns(pl.lit(kind.value).alias("kind"))
        return Damaged(rows, pl.concat([self.labels, done]))


def damage_rows(rows: pl.DataFrame, options: RosterOptions, drawing: Drawing) -> Damaged:
    """Damage the rows of children who stay.

    Args:
        rows: one line a child, with `person` and `culture`.
        options: for the shares.
        drawing: for the chances, and for further names.

    """
    damaged = Damaged(rows, pl.DataFrame(schema=LABELS))
    damaged = _damage_names(damaged, options.names, drawing)
    damaged = _damage_dates(damaged, options.dates, drawing.draw)
    return _damage_others(damaged, options.others, drawing.draw)


def _damage_names(damaged: Damaged, shares: Mapping[Damage, float], drawing: Drawing) -> Damaged:
    free = np.ones(damaged.rows.height, dtype=bool)
    for kind in (kind for kind in Damage if kind in shares):
        count = round(shares[kind] * damaged.rows.height)
        can = np.flatnonzero(free & _can(kind, damaged.rows))
        rows, done = _change(kind, damaged.rows, drawing.draw.permutation(can), count, drawing)
        free[done] = False
        damaged = damaged.after(rows, done, kind)
    return damaged


def _can(kind: Damage, rows: pl.DataFrame) -> Flags:
    """The rows that a kind of damage may befall."""
    given, middle, family = (pl.col(f"{name}_name") for name in ("given", "middle", "family"))
    flags = {
        Damage.NICKNAME: _is_in(given, nicknames()),
        Damage.VARIANT_GIVEN: _is_in(given, variants("Givenname")),
        Damage.VARIANT_FAMILY: _is_in(family, variants("Surname")),
        Damage.ROMANISED: _is_in(given, romanisations()) | _is_in(family, romanisations()),
        Damage.GIVEN_PART: given.str.contains(r"^[^ -]{2,}[ -]"),
        Damage.SURNAME_PART: family.str.contains(r"^[^' -]{3,}[ -].{3,}"),
        Damage.MIDDLE_USED: middle.is_not_null() & (middle != given),
        Damage.MIDDLE_JOINED: middle.is_not_null(),
        Damage.SUFFIX_JOINED: pl.col("name_suffix").is_not_null(),
        Damage.PREFERRED: pl.col("preferred_given_name").is_not_null(),
    }
    flag = flags.get(kind, pl.repeat(value=True, n=pl.len()))
    return rows.select(flag.fill_null(value=False).alias("can")).to_series().to_numpy()


def _is_in(column: pl.Expr, table: Table) -> pl.Expr:
    return column.str.to_lowercase().is_in(list(table))


def _initial(name: str, _: np.random.Generator) -> str | None:
    return name[:1] if len(name) > 1 else None


def _first_part(name: str, _: np.random.Generator) -> str:
    return name.replace("-", " ").split(" ")[0]


def _one_part(name: str, draw: np.random.Generator) -> str | None:
    parts = name.split("-") if "-" in name else name.split(" ")
    if min(map(len, parts)) < 3:
        return None
    return parts[0] if draw.random() < 0.7 else parts[-1]


_SPELLERS: Final[Mapping[Damage, tuple[str, Speller]]] = {
    Damage.TYPO_GIVEN: ("given_name", mistype),
    Damage.TYPO_FAMILY: ("family_name", mistype),
    Damage.NICKNAME: ("given_name", lambda name, draw: one_of(nicknames(), name, draw)),
    Damage.VARIANT_GIVEN: ("given_name", lambda name, draw: one_of(variants("Givenname"), name, draw)),
    Damage.VARIANT_FAMILY: ("family_name", lambda name, draw: one_of(variants("Surname"), name, draw)),
    Damage.RESPELT: ("given_name", respell),
    Damage.INITIAL: ("given_name", _initial),
    Damage.GIVEN_PART: ("given_name", _first_part),
    Damage.SURNAME_PART: ("family_name", _one_part),
}
"""Damage that depends on one name alone."""


def _change(
    kind: Damage, rows: pl.DataFrame, tried: Integers, count: int, drawing: Drawing
) -> tuple[pl.DataFrame, Integers]:
    """Damage the first `count` of the tried rows that can be; say which."""
    if kind in _SPELLERS:
        column, speller = _SPELLERS[kind]
        return _spell(rows, column, tried, count, lambda name: speller(name, drawing.draw))
    at = np.sort(tried[:count])
    return _scatter(rows, at, _whole(kind, rows[at], drawing)), at


_NOTHING: Final = pl.lit(None, dtype=pl.String)

_EXCHANGED: Final[Mapping[Damage, tuple[pl.Expr, ...]]] = {
    Damage.MIDDLE_USED: (pl.col("middle_name").alias("given_name"), _NOTHING.alias("middle_name")),
    Damage.MIDDLE_JOINED: (pl.concat_str("given_name", pl.lit(" "), "middle_name"), _NOTHING.alias("middle_name")),
    Damage.SWAPPED: (pl.col("family_name").alias("given_name"), pl.col("given_name").alias("family_name")),
    Damage.SUFFIX_JOINED: (pl.concat_str("family_name", pl.lit(" "), "name_suffix"), _NOTHING.alias("name_suffix")),
    Damage.PREFERRED: (pl.col("preferred_given_name").alias("given_name"),),
}
"""Damage by which whole names go where others belong."""


def _whole(kind: Damage, rows: pl.DataFrame, drawing: Drawing) -> pl.DataFrame:
    """The new values of rows of which whole names are changed."""
    if kind in _EXCHANGED:
        return rows.select(_EXCHANGED[kind])
    if kind is Damage.ROMANISED:
        return _romanise(rows, drawing.draw)
    other = _other_surname(rows, drawing).alias("other")
    joint = pl.Series("joint", [" ", "-"]).gather(drawing.draw.integers(0, 2, rows.height))
    added = pl.concat_str("family_name", "joint", "other")
    new = pl.col("other") if kind is Damage.SURNAME_CHANGED else added
    return rows.select("family_name", other, joint).select(new.alias("family_name"))


def _other_surname(rows: pl.DataFrame, drawing: Drawing) -> pl.Series:
    """A family name of the child's culture that is not his own."""
    culture = rows["culture"].to_numpy()
    other = draw_surnames(culture, drawing)
    for _ in range(20):
        other = draw_surnames(culture, drawing).zip_with(other == rows["family_name"], other)
    return other


def _romanise(rows: pl.DataFrame, draw: np.random.Generator) -> pl.DataFrame:
    table, given, family = romanisations(), rows["given_name"].to_list(), rows["family_name"].to_list()
    for at in range(rows.height):
        prefers_family = draw.random() < 0.5 or given[at].lower() not in table
        other = one_of(table, family[at], draw) if prefers_family else None
        if other is not None:
            family[at] = other
        else:
            given[at] = one_of(table, given[at], draw) or given[at]
    return pl.DataFrame({"given_name": given, "family_name": family}, schema_overrides={"given_name": pl.String})


def _scatter(rows: pl.DataFrame, at: Integers, values: pl.DataFrame) -> pl.DataFrame:
    """The rows with the new values at these places."""
    return rows.with_columns(rows[name].scatter(at, values[name]) for name in values.columns) if len(at) else rows


def _spell(
    rows: pl.DataFrame, column: str, tried: Integers, count: int, speller: Callable[[str], str | None]
) -> tuple[pl.DataFrame, Integers]:
    """Spell the first `count` names otherwise that can be."""
    done: list[int] = []
    made: list[str] = []
    for start in range(0, len(tried), 2 * count + 1):
        chunk = tried[start : start + 2 * count + 1]
        for at, name in zip(chunk, rows[column].gather(chunk).to_list(), strict=True):
            other = speller(name) if len(done) < count else None
            if other is not None:
                done.append(int(at))
                made.append(other)
    return _in_order(rows, pl.Series(column, made, dtype=pl.String), done)


def _in_order(rows: pl.DataFrame, made: pl.Series, done: list[int]) -> tuple[pl.DataFrame, Integers]:
    order = np.argsort(np.array(done, dtype=np.int64))
    at = np.array(done, dtype=np.int64)[order]
    return _scatter(rows, at, pl.DataFrame([made.gather(order)])), at


def _damage_dates(damaged: Damaged, shares: Mapping[Damage, float], draw: np.random.Generator) -> Damaged:
    """Missing birth dates, and wrong ones, more of them in rows whose name is wrong too."""
    rows = damaged.rows
    damaged, missing = _forget_dates(damaged, round(shares.get(Damage.DATE_MISSING, 0.0) * rows.height), draw)
    wrong_name = rows["person"].is_in(damaged.labels["person"].implode()).to_numpy()
    order = np.argsort(draw.random(rows.height) / np.where(wrong_name, _CARELESS, 1.0))
    order = order[~np.isin(order, missing)]
    for kind in (kind for kind in Damage if kind in shares and kind is not Damage.DATE_MISSING):
        changed, done, tried = _misdate(damaged.rows, order, round(shares[kind] * rows.height), kind, draw)
        order = order[tried:]
        damaged = damaged.after(changed, done, kind)
    return damaged


def _forget_dates(damaged: Damaged, count: int, draw: np.random.Generator) -> tuple[Damaged, Integers]:
    at = np.sort(draw.choice(damaged.rows.height, size=count, replace=False))
    none = damaged.rows[at].select(birth_date=pl.lit(None, dtype=pl.Date))
    return damaged.after(_scatter(damaged.rows, at, none), at, Damage.DATE_MISSING), at


def _misdate(
    rows: pl.DataFrame, order: Integers, count: int, kind: Damage, draw: np.random.Generator
) -> tuple[pl.DataFrame, Integers, int]:
    """Change the birth dates of the first `count` rows in order that can be; say which, and how many were tried."""
    done: list[int] = []
    made: list[date] = []
    tried = 0
    dates = rows["birth_date"].gather(order[: 10 * count + 10]).to_list()
    while len(done) < count and tried < len(dates):
        other = mistype_date(dates[tried], kind, draw)
        if other is not None:
            done.append(int(order[tried]))
            made.append(other)
        tried += 1
    changed, at = _in_order(rows, pl.Series("birth_date", made, dtype=pl.Date), done)
    return changed, at, tried


def _damage_others(damaged: Damaged, shares: Mapping[Damage, float], draw: np.random.Generator) -> Damaged:
    for kind in (kind for kind in Damage if kind in shares):
        rows = damaged.rows
        at = np.sort(draw.choice(rows.height, size=round(shares[kind] * rows.height), replace=False))
        damaged = damaged.after(_scatter(rows, at, _other(kind, rows[at], draw)), at, kind)
    return damaged


def _other(kind: Damage, rows: pl.DataFrame, draw: np.random.Generator) -> pl.DataFrame:
    """The new values of rows in which something else than names and birth date is damaged."""
    match kind:
        case Damage.GENDER_MISSING:
            return rows.select(gender=pl.lit(None, dtype=pl.String))
        case Damage.GENDER_WRONG:
            return rows.select(pl.col("gender").replace({"F": "M", "M": "F"}))
        case Damage.NUMBER_MISSING:
            return rows.select(student_number=pl.lit(None, dtype=pl.String))
        case Damage.NUMBER_DIGIT:
            numbers = [number and other_digit(number, draw) for number in rows["student_number"]]
            return pl.DataFrame({"student_number": numbers}, schema={"student_number": pl.String})
    return rows.select(pl.concat_str(pl.col("family_name").str.replace_all("-", " ", literal=True), pl.lit("  ")))
