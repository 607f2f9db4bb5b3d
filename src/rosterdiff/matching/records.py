"""Rosters as records for comparison: folded keys of every field, one line a student or row.

Invariants: `at` is the position in the roster; a null key means that nothing is known; no original value is altered.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

import polars as pl

from rosterdiff.config import Evidence
from rosterdiff.frames import Roster
from rosterdiff.genders import gender_key
from rosterdiff.grades import grade_orders, next_class
from rosterdiff.matching.codes import code_distinct
from rosterdiff.model import KnownName
from rosterdiff.names import fold, map_distinct, tokens

FORMS: Final = pl.Schema({"at": pl.UInt32(), "given": pl.String(), "family": pl.String()})
"""Further names of students (preferred, remembered): folded, null where the legal one stands."""


_EVIDENCE: Final = "evidence:"

DATE_PARTS: Final = ("birth_year", "birth_month", "birth_day")

_PARTIAL_DATE: Final = r"^\s*(\d{4})?(?:-+(\d{1,2})(?:-(\d{1,2}))?)?"
"""Year, month and day in this order; what is not known is left out: `1950`, `1950-03`, `-03-28`."""

_MISREAD_DIGITS: Final = {"o": "0", "z": "2", "|": "1", "l": "1", "i": "1", "s": "5", "b": "8", "g": "9"}
"""Letters that scanning puts for digits."""


def to_records(roster: Roster, evidence: Mapping[str, Evidence] = MappingProxyType({})) -> pl.DataFrame:
    """Derive the comparison keys of a roster.

    Args:
        roster: any roster.
        evidence: declared further columns; those that the roster has are folded as `evidence_column` names them.

    Returns:
        One line a roster row, in its order, texts as closed sets (`pl.Enum`) of each column: `at`, `given`, `family`,
        `middle` (tokens), `given_key`, `family_key` (without spaces), `given_called`, `family_called` (preferred names
        as keys), `given_first`, `family_first`, `suffix`, `birth_date`, `birth_year`, `birth_month`, `birth_day` (what
        is known of it), `student_id`, `number`, `number_bare`, `email`, `username`, `gender`, `grade`, `grade_order`,
        `class_key`, `class_next`, `school`, `school_next`, `source_file`.

    """
    frame = roster.frame
    given, family = code_distinct(frame["given_name"], tokens), code_distinct(frame["family_name"], tokens)
    given_key, family_key = (code_distinct(names, _without_spaces) for names in (given, family))
    number = code_distinct(frame["student_number"], fold)
    class_key = code_distinct(frame["class_name"], fold)
    records = pl.DataFrame(
        {
            "at": frame["row"],
            "given": given,
            "family": family,
            "middle": code_distinct(frame["middle_name"], tokens),
            "given_key": given_key,
            "family_key": family_key,
            "given_called": code_distinct(frame["preferred_given_name"], fold),
            "family_called": code_distinct(frame["preferred_family_name"], fold),
            "given_first": code_distinct(given_key, _first_letter),
            "family_first": code_distinct(family_key, _first_letter),
            "suffix": code_distinct(frame["name_suffix"], fold),
            "birth_date": frame["birth_date"],
            "student_id": frame["student_id"],
            "number": number,
            "number_bare": code_distinct(number, _bare_number),
            "email": code_distinct(frame["email"], _plain),
            "username": code_distinct(frame["username"], _plain),
            "gender": code_distinct(frame["gender"], gender_key),
            "grade": frame["grade"],
            "grade_order": grade_orders(frame["grade"]),
            "class_key": class_key,
            "class_next": code_distinct(class_key, next_class),
            "school": code_distinct(frame["school"], fold),
            "school_next": pl.repeat(None, len(frame), dtype=pl.Enum([]), eager=True),  # `steps.find_next_schools`
            "source_file": frame["source_file"],
        }
    )
    declared = [name for name in evidence if name in roster.further]
    dated = _date_parts(frame, [name for name in declared if evidence[name] is Evidence.PARTIAL_DATE])
    further = [
        code_distinct(frame[name], tokens if evidence[name] is Evidence.FUZZY else fold).alias(evidence_column(name))
        for name in declared
        if evidence[name] is not Evidence.PARTIAL_DATE
    ]
    return records.with_columns(*dated, *further).with_columns(birth_date=_whole_date())


def evidence_column(name: str) -> str:
    """What a declared further column is called in records."""
    return f"{_EVIDENCE}{name}"


def evidence_columns(*sides: pl.DataFrame) -> list[str]:
    """The declared further columns that all of these records have."""
    return [
        name for name in sides[0].columns if name.startswith(_EVIDENCE) and all(name in side.columns for side in sides)
    ]


def _date_parts(frame: pl.DataFrame, partial: list[str]) -> list[pl.Series]:
    """`birth_year`, `birth_month`, `birth_day`: of the birth date, or as far as a partial date has them."""
    born = frame["birth_date"].dt
    parts = [born.year().cast(pl.Int32), born.month().cast(pl.Int32), born.day().cast(pl.Int32)]
    for name in partial:
        digits = frame[name].str.to_lowercase().str.replace_many(_MISREAD_DIGITS)
        found = digits.str.extract_groups(_PARTIAL_DATE).struct.unnest()
        known = [found[part].cast(pl.Int32, strict=False).replace(0, None) for part in found.columns]
        parts = [
            pl.select(pl.when(frame["birth_date"].is_null()).then(part.fill_null(more)).otherwise(part)).to_series()
            for part, more in zip(parts, known, strict=True)
        ]
    return [part.alias(name) for part, name in zip(parts, DATE_PARTS, strict=True)]


def _whole_date() -> pl.Expr:
    """The birth date, or that of a partial date all of which is known, so that it is as rare as any other."""
    written = pl.concat_str((pl.col(part).cast(pl.String).str.zfill(2) for part in DATE_PARTS), separator="-")
    return pl.coalesce("birth_date", written.str.to_date("%Y-%m-%d", strict=False))


_IDENTIFYING: Final = {"number": ("number", "number_bare"), "email": ("email",), "username": ("username",)}
"""What identifies one child as long as nobody else has it, with the keys derived from it."""


def without_shared_ids(rows: pl.DataFrame, students: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Leave out ids that identify nobody: a number or address of several students, or of rows with different names.

    Places in a class and the address of a family are such. Two rows of one id and name may be one child listed twice,
    so they keep it.
    """
    names = pl.struct("given_key", "family_key")
    return (
        _kept_where(rows, {id_: names.n_unique().over(id_) == 1 for id_ in _IDENTIFYING}),
        _kept_where(students, {id_: pl.len().over(id_) == 1 for id_ in _IDENTIFYING}),
    )


def has_values(records: pl.DataFrame, *names: str) -> bool:
    """Whether each of these columns has a value at all."""
    return all(records[name].null_count() < records.height for name in names)


def _kept_where(records: pl.DataFrame, identifies: Mapping[str, pl.Expr]) -> pl.DataFrame:
    return records.with_columns(
        pl.when(identifies[id_] & pl.col(key).is_not_null()).then(pl.col(key)).alias(key)
        for id_, keys in _IDENTIFYING.items()
        if has_values(records, id_)
        for key in keys
    )


def further_forms(roster: Roster, names: Iterable[KnownName]) -> pl.DataFrame:
    """The further names by which students may be called: preferred ones, and those remembered (`FORMS`).

    A form is a pair of given and family name; where only one of the two is known the legal other one is taken.
    """
    frame = roster.frame
    preferred = frame.filter(
        pl.col("preferred_given_name").is_not_null() | pl.col("preferred_family_name").is_not_null()
    ).select("row", given="preferred_given_name", family="preferred_family_name")
    remembered = pl.DataFrame(
        [(name.student_id, name.given_name, name.family_name) for name in names],
        schema={"student_id": pl.String, "given": pl.String, "family": pl.String},
        orient="row",
    ).join(frame.select("student_id", "row"), on="student_id", how="inner", nulls_equal=False)
    forms = pl.concat([preferred, remembered.select("row", "given", "family")])
    return (
        forms.select(
            pl.col("row").alias("at"),
            map_distinct(forms["given"], tokens).alias("given"),
            map_distinct(forms["family"], tokens).alias("family"),
        )
        .filter(pl.col("given").is_not_null() | pl.col("family").is_not_null())
        .unique()
        .sort("at", "given", "family", nulls_last=True)
    )


def _without_spaces(tokens: str) -> str:
    return tokens.replace(" ", "")


def _first_letter(key: str) -> str:
    return key[:1]


def _bare_number(number: str) -> str:
    return number.lstrip("0")


def _plain(text: str) -> str:
    return text.strip().casefold()
