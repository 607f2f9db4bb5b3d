"""Small sound plans for tests of what carries a plan: built from frames, with odd text in every free column."""

from datetime import date

import polars as pl
from hypothesis import strategies as st

from rosterdiff.config import Evidence, Guards, Mode, Policy
from rosterdiff.frames import Roster
from rosterdiff.levels import LEVELS_OF
from rosterdiff.model import Actor, Decision, Override
from rosterdiff.plans import Plan
from rosterdiff.schema import (
    CANDIDATES,
    CHANGES,
    CLEARS,
    COVERAGE,
    DELETABLE,
    DOUBTS,
    ENTRIES,
    GUARD_RESULTS,
    ISSUES,
    LEVEL_COLUMNS,
    PLACES,
    STEPS,
    WEIGHT_COLUMNS,
    conform,
)

STAFF = Actor("staff", "Ada Example")
FIELDS = {
    "given_name": ("Ünal", "Mia", "Lóa", "明", "d'Arc"),
    "family_name": ("Öz", "Tran", "Bell", "王", "O’Dea"),
    "birth_date": ("2015-03-09", None, "2016-12-31", "2014-01-01", "2015-03-09"),
    "grade": ("02", "KG", None, "06", "Other"),
}


def roster(count: int, *, ids: bool, text: str | None = None) -> Roster:
    """A roster of up to five students, one further column, and one line in each of its frames."""
    data: dict[str, object] = {name: values[:count] for name, values in FIELDS.items()}
    if ids:
        data["student_id"] = [f"S{number:03}" for number in range(count)]
    frame = pl.DataFrame({**data, "Bus, stop": [text] * count}, schema_overrides={"Bus, stop": pl.String})
    made = Roster.from_frame(frame, source_file="3B.xlsx")
    return Roster(
        made.frame,
        issues=one(ISSUES, severity="warning", code="x", message=text, count=1),
        places=one(PLACES, source_file="3B.xlsx", field="grade", header=text, column="D"),
        clears=one(CLEARS, row=0, field="gender"),
        doubts=one(DOUBTS, row=0, other_row=1, doubt="duplicate"),
    )


def one(schema: pl.Schema, **values: object) -> pl.DataFrame:
    """A frame of one row, null where nothing is given."""
    return conform(pl.DataFrame({name: [value] for name, value in values.items()}, strict=False), schema)


def sample_plan(
    *,
    text: str | None = "tab\there",
    number: float = 0.1,
    policy: Policy | None = None,
    decisions: tuple[Decision, ...] = (),
    overrides: tuple[Override, ...] = (),
) -> Plan:
    """A sound plan of every action: keep, update, add, delete, and a review of a row and the student it resembles."""
    policy = policy or Policy()
    gone = "delete" if policy.mode is Mode.MIGRATION else "keep"
    entries = pl.DataFrame(
        [
            (0, "review", "name_differs", 0, None, 3, None, None, None),
            (1, "review", "name_differs", 0, "S003", None, None, None, None),
            (2, gone, "not_listed" if gone == "delete" else "not_in_upload", None, "S004", None, None, None, None),
            (3, "add", "no_similar_student", None, None, 2, None, None, None),
            (4, "update", "fields_changed", None, "S001", 1, 0.999, number, 12.0),
            (5, "keep", "unchanged", None, "S000", 0, 1.0, 31.5, 20.25),
            (6, "keep", "protected", None, "S002", None, None, None, None),
        ],
        schema=ENTRIES,
        orient="row",
    )
    return Plan(
        plan_id="a1" * 32,
        origin="a1" * 32,
        policy=policy,
        base=roster(5, ids=True, text=text),
        incoming=roster(4, ids=False, text=text),
        entries=entries,
        changes=pl.DataFrame(
            [(1, "S001", "class_name", text, "3B", "write"), (3, "S003", "birth_date", "2014-01-01", text, "report")],
            schema=CHANGES,
            orient="row",
        ),
        candidates=candidates(number),
        issues=one(
            ISSUES,
            severity="error",
            code="date_unreadable",
            source_file="3B.xlsx",
            cell="D17",
            message="m",
            count=1,
            cells="D17",
        ),
        coverage=one(COVERAGE, school=text, grade="03", class_name="3B", base=5, found=2),
        guards=one(GUARD_RESULTS, code="too_few_found", held=True, value=0.4, limit=0.5, sentence="Too few."),
        steps=one(STEPS, source_file="3B.xlsx", step=1, advanced=2, same=0, other=0),
        deletable=pl.DataFrame([("S004", True), ("S003", False)], schema=DELETABLE, orient="row"),
        decisions=decisions,
        overrides=overrides,
        as_of=date(2026, 12, 1),
        school_year="2027",
    )


def candidates(number: float) -> pl.DataFrame:
    """One candidate of row 3 with the first level and a weight of every comparison, and its runner-up without."""
    known = {"row": 3, "student_id": "S003", "pool": "base", "rank": 1, "probability": 0.4, "weight": number}
    levels = {LEVEL_COLUMNS[c]: next(iter(levels)).value for c, levels in LEVELS_OF.items()}
    weights = dict.fromkeys(WEIGHT_COLUMNS.values(), number)
    best = one(CANDIDATES, **known, **levels, **weights)
    other = one(CANDIDATES, row=3, student_id="S001", pool="base", rank=2, probability=0.1, weight=-1.5, taken_by=1)
    return pl.concat([best, other])


anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
actors = st.builds(Actor, st.sampled_from(["staff", "administrator"]), anything.filter(str.strip))
policies = st.builds(
    Policy,
    mode=st.sampled_from(Mode),
    accept=st.floats(0.5, 1),
    margin=st.floats(0, 50),
    review=st.floats(0.001, 0.5),
    update_fields=st.frozensets(st.sampled_from(["class_name", "grade", "school", "Bus"])),
    overwrite_fields=st.frozensets(st.sampled_from(["email", "gender"])),
    protected=st.frozensets(anything),
    leaving_grades=st.none() | st.frozensets(st.sampled_from(["06", "12"])),
    accept_similar=st.booleans(),
    evidence=st.dictionaries(st.sampled_from(["Bus", "Straße", "Haus 明"]), st.sampled_from(Evidence)),
    guards=st.builds(Guards, found=st.floats(0, 1), minimum=st.integers(0, 99)),
)
about_rows = st.builds(
    Decision, row=st.integers(0, 3), verdict=st.just("new"), actor=st.none() | actors, comment=anything
)
about_students = st.builds(
    Decision,
    student_id=anything,
    verdict=st.just("leave"),
    actor=st.none() | actors,
    rejected=st.lists(anything, max_size=2),
    plan_id=anything,
    student_key=anything,
    scope=anything,
    place=anything,
)
overrides = st.builds(
    Override,
    plan_id=st.just("a1" * 32),
    code=st.just("too_few_found"),
    actor=actors,
    reason=anything.filter(str.strip),
)
plans = st.builds(
    sample_plan,
    text=st.none() | anything,
    number=st.floats(),
    policy=policies,
    decisions=st.lists(about_rows | about_students, max_size=3).map(tuple),
    overrides=st.lists(overrides, max_size=1).map(tuple),
)
