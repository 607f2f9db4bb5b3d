"""A small ordinary school for tests of planning: thirty students, and the lists of its next year. All names invented.

Three classes of ten: 3A and 4A go up, 6A leaves. A scenario adds its few students and rows; thirty ordinary children
around them keep the odds as they are in a school.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from rosterdiff.config import Policy
from rosterdiff.frames import Context, Roster
from rosterdiff.model import Action
from rosterdiff.pipeline import make_plan
from rosterdiff.plans import Plan
from rosterdiff.testing.builders import Value, a_roster

Record = dict[str, Value]

_GIVEN = (
    "Abena", "Bertil", "Calista", "Dov", "Eseld", "Faisal", "Gwenllian", "Hiro", "Ingrid", "Jowan",
    "Kerensa", "Lubomir", "Morwenna", "Nadir", "Odile", "Perran", "Quilla", "Rasmus", "Senara", "Tadhg",
    "Ulrika", "Vasco", "Wiremu", "Xanthe", "Ysolde", "Zebedee", "Amparo", "Branok", "Cosima", "Demelza",
)  # fmt: skip
_FAMILY = (
    "Achterberg", "Boscawen", "Curnow", "Dragović", "Ekström", "Farquharson", "Gillespie", "Hakimi", "Ibekwe",
    "Jelbert", "Kvasnica", "Lanyon", "Mbeki", "Nankervis", "Olivares", "Pascoe", "Quenneville", "Rosewarne", "Szabo",
    "Trevithick", "Uzun", "Varga", "Winterbourne", "Xenakis", "Yelland", "Zwicker", "Angove", "Bolitho", "Chenhalls",
    "Dunstan",
)  # fmt: skip
_CLASSES = (("03", "3A", 2018), ("04", "4A", 2017), ("06", "6A", 2015))
NEXT = {"01": "02", "02": "03", "03": "04", "04": "05", "05": "06", "06": "07"}


def ordinary(**fields: Value) -> list[Record]:
    """The thirty students of the base: `a00` … `a09` in 3A, `a10` … in 4A, `a20` … in 6A."""
    made: list[Record] = []
    for number, (given, family) in enumerate(zip(_GIVEN, _FAMILY, strict=True)):
        grade, class_name, year = _CLASSES[number // 10]
        born = date(year, 1 + (number * 5) % 12, 1 + (number * 7) % 28)
        made.append(
            {"student_id": f"a{number:02}", "given_name": given, "family_name": family, "birth_date": born,
             "grade": grade, "class_name": class_name, **fields}
        )  # fmt: skip
    return made


def student(student_id: str, given: str, family: str, born: str | None = None, **fields: Value) -> Record:
    """A student of 3A, or of another class."""
    return {"student_id": student_id, "given_name": given, "family_name": family, "birth_date": born,
            "grade": "03", "class_name": "3A", **fields}  # fmt: skip


def row(given: str | None, family: str | None, born: str | None = None, **fields: Value) -> Record:
    """A row of next year's 4A, or of another class."""
    return {"given_name": given, "family_name": family, "birth_date": born, "grade": "04", "class_name": "4A",
            **fields}  # fmt: skip


def advanced(students: Iterable[Mapping[str, Value]], *, ids: bool = False) -> list[Record]:
    """These students as next year's lists have them, those of grade 06 left out."""
    return [
        {**known, "student_id": known["student_id"] if ids else None, "grade": NEXT[str(known["grade"])],
         "class_name": f"{int(NEXT[str(known['grade'])])}A"}
        for known in students
        if known["grade"] != "06"
    ]  # fmt: skip


def plan_year(
    students: Sequence[Record] = (),
    rows: Sequence[Record] = (),
    *,
    policy: Policy | None = None,
    context: Context | None = None,
) -> Plan:
    """The plan of the ordinary school with these students besides, and these rows first in the lists."""
    base, incoming = rosters(students, rows)
    return make_plan(base, incoming, policy=policy or Policy(), context=context or Context())


def rosters(students: Sequence[Record] = (), rows: Sequence[Record] = ()) -> tuple[Roster, Roster]:
    """Base and incoming roster of the ordinary school, with these besides; the scenario's rows come first."""
    return a_roster(*students, *ordinary()), a_roster(*rows, *advanced(ordinary()))


def of_row(plan: Plan, number: int) -> tuple[str, str, str | None]:
    """Action, reason and student of a row."""
    return plan.entries.filter(pl.col("row") == number).select(
        pl.col("action", "reason").cast(pl.String), "student_id"
    ).row(0)  # fmt: skip


def of_student(plan: Plan, student_id: str) -> tuple[str, str, int | None]:
    """Action, reason and row of a student."""
    return plan.entries.filter(pl.col("student_id") == student_id).select(
        pl.col("action", "reason").cast(pl.String), "row"
    ).row(0)  # fmt: skip


def groups(plan: Plan) -> dict[int | str, int]:
    """The group of every open row (by number) and held student (by id)."""
    open_ = plan.entries.filter(pl.col("action") == Action.REVIEW.value)
    named: dict[int | str, int] = dict(open_.select("row", "group").drop_nulls().iter_rows())
    return named | dict(open_.select("student_id", "group").drop_nulls().iter_rows())


def candidates_of(plan: Plan, number: int, pool: str = "base") -> list[str]:
    """The candidates of a row, the best first."""
    found = plan.candidates.filter(pl.col("row") == number, pl.col("pool") == pool).sort("rank")
    return found["student_id"].to_list()


def changes_of(plan: Plan, student_id: str) -> dict[str, tuple[str | None, str | None, str]]:
    """field → before, after, effect of a student's changes."""
    found = plan.changes.filter(pl.col("student_id") == student_id)
    return {name: (before, after, effect) for name, before, after, effect in
            found.select("field", "before", "after", pl.col("effect").cast(pl.String)).iter_rows()}  # fmt: skip


def guard(plan: Plan, code: str) -> dict[str, Any]:
    """The line of a guard."""
    return plan.guards.filter(pl.col("code") == code).row(0, named=True)
