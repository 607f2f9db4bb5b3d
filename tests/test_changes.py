"""Which fields are written, which only reported, and which never touched. All names invented."""

import polars as pl
import pytest
from attrs import evolve

from rosterdiff.config import NAME_FIELDS, Policy
from rosterdiff.errors import InvalidOption
from rosterdiff.frames import Roster
from rosterdiff.model import Decision
from rosterdiff.pipeline import make_plan
from rosterdiff.planning import resolve
from rosterdiff.planning.changes import find_changes
from rosterdiff.plans import Plan
from rosterdiff.schema import CLEARS, PAIRS, PLACES, PROVENANCE
from rosterdiff.testing.builders import Value, a_roster
from tests.school_year import changes_of, of_row, of_student, plan_year, rosters, row, student

BORN = "2018-03-03"
MARA = student("s1", "Marazan", "Tregenza", BORN)
ONE_PAIR = pl.DataFrame([(0, 0)], schema=PAIRS, orient="row")


def found(
    before: dict[str, Value], after: dict[str, Value], policy: Policy | None = None, clears: tuple[str, ...] = ()
) -> dict[str, tuple[str | None, str | None, str]]:
    """field → before, after, effect, of one pair."""
    incoming = a_roster({"given_name": "Marazan", **after})
    cleared = pl.DataFrame([(0, name) for name in clears], schema=CLEARS, orient="row")
    base = a_roster({"student_id": "s1", "given_name": "Marazan", **before})
    changes = find_changes(ONE_PAIR, base, evolve(incoming, clears=cleared), policy or Policy())
    assert set(changes["student_id"]) <= {"s1"}
    assert changes["field"].to_list() == sorted(changes["field"])
    lines = changes.select("field", "before", "after", pl.col("effect").cast(pl.String))
    return {name: (was, will_be, effect) for name, was, will_be, effect in lines.iter_rows()}


def test_class_grade_and_school_are_written() -> None:
    before = {"grade": "03", "class_name": "3A", "school": "Hillside"}
    after = {"grade": "04", "class_name": "4B", "school": "Lakeside"}
    assert found(before, after) == {name: (before[name], after[name], "write") for name in before}


def test_a_blank_cell_or_a_missing_column_leaves_what_is_there() -> None:
    before: dict[str, Value] = {
        "grade": "03",
        "class_name": "3A",
        "gender": "F",
        "birth_date": BORN,
        "email": "m@x.org",
    }
    assert found(before, {"grade": None, "class_name": "", "gender": "  "}) == {}


@pytest.mark.parametrize(
    ("field", "value"),
    [("birth_date", BORN), ("gender", "F"), ("student_number", "007"), ("username", "mara"), ("email", "m@x.org")],
)
def test_an_identity_field_is_filled_where_it_is_empty(field: str, value: str) -> None:
    assert found({}, {field: value}) == {field: (None, value, "write")}


IDENTITIES = [("birth_date", BORN, "2018-03-08"), ("gender", "F", "M"), ("student_number", "007", "008"),
              ("username", "mara", "marat"), ("email", "m@x.org", "n@x.org")]  # fmt: skip


@pytest.mark.parametrize(("field", "before", "after"), IDENTITIES)
def test_an_identity_field_that_differs_is_only_reported(field: str, before: str, after: str) -> None:
    assert found({field: before}, {field: after}) == {field: (before, after, "report")}


@pytest.mark.parametrize(("field", "before", "after"), IDENTITIES)
def test_a_policy_may_let_an_identity_field_be_overwritten(field: str, before: str, after: str) -> None:
    policy = Policy(overwrite_fields=(field,))
    assert found({field: before}, {field: after}, policy) == {field: (before, after, "write")}


@pytest.mark.parametrize(
    ("field", "before", "after"),
    [
        ("gender", "F", "female"),
        ("class_name", "3A", "3a"),
        ("school", "St. Piran", "St Piran"),
        ("email", "M@x.org", "m@X.org"),
    ],
)
def test_another_spelling_of_the_same_value_is_no_change(field: str, before: str, after: str) -> None:
    assert found({field: before}, {field: after}) == {}


def test_names_are_never_among_the_changes_whatever_the_policy() -> None:
    before: dict[str, Value] = dict.fromkeys(NAME_FIELDS, "Rose")
    assert found(before, dict.fromkeys(NAME_FIELDS, "Hollow"), clears=NAME_FIELDS) == {}
    assert found({}, dict.fromkeys(NAME_FIELDS, "Hollow")) == {}
    with pytest.raises(InvalidOption, match="never altered"):
        Policy(update_fields=("given_name",))


@pytest.mark.parametrize("name", ["student_id", *PROVENANCE])
def test_the_account_key_and_the_provenance_are_no_fields_to_update(name: str) -> None:
    with pytest.raises(InvalidOption):
        Policy(update_fields=(name,))


def test_a_column_that_the_host_maps_is_written_and_one_that_it_does_not_is_not() -> None:
    before: dict[str, Value] = {"Bus": "7", "Locker": "12"}
    after: dict[str, Value] = {"Bus": "9", "Locker": "13"}
    assert found(before, after) == {}
    assert found(before, after, Policy(update_fields=("Bus",))) == {"Bus": ("7", "9", "write")}


def test_clear_empties_a_field_that_may_be_updated_and_holds_something() -> None:
    assert found({"class_name": "3A", "school": None}, {}, clears=("class_name", "school")) == {
        "class_name": ("3A", None, "write")
    }


def test_clear_never_empties_an_identity_field() -> None:
    before: dict[str, Value] = {name: value for name, value, _ in IDENTITIES}
    policy = Policy(update_fields=tuple(before), overwrite_fields=tuple(before))
    assert found(before, {}, policy, clears=tuple(before)) == {}


def test_clear_in_a_plan_updates_the_student() -> None:
    base, incoming = rosters([MARA], [row("Marazan", "Tregenza", BORN, class_name=None)])
    cleared = evolve(incoming, clears=pl.DataFrame([(0, "class_name")], schema=CLEARS, orient="row"))
    assert changes_of(make_plan(base, cleared), "s1")["class_name"] == ("3A", None, "write")


@pytest.mark.parametrize(("before", "after"), [("03", "02"), ("KG", "PK"), ("01", "KG"), ("12", "03")])
def test_a_grade_is_not_written_backward(before: str, after: str) -> None:
    assert found({"grade": before}, {"grade": after}) == {"grade": (before, after, "report")}


@pytest.mark.parametrize(("before", "after"), [("KG", "01"), ("03", "05"), ("UG", "03"), ("03", "Other"), (None, "03")])
def test_a_grade_that_goes_up_or_follows_no_order_is_written(before: str | None, after: str) -> None:
    assert found({"grade": before}, {"grade": after}) == {"grade": (before, after, "write")}


# in plans


def at_cells(incoming: Roster) -> Roster:
    """The roster as read from a sheet whose column D holds the grade."""
    frame = incoming.frame.with_columns(
        source_file=pl.lit("4A.xlsx"), source_sheet=pl.lit("Term 1"), source_row=(pl.col("row") + 5).cast(pl.UInt32)
    )
    places = pl.DataFrame([("4A.xlsx", "Term 1", "grade", "Year", "D", "alias", 0.95, 1)], schema=PLACES, orient="row")
    return Roster(frame, places=places)


def backward(plan: Plan) -> list[tuple[str, str, str]]:
    found = plan.issues.filter(pl.col("code") == "grade_backward")
    return found.select("source_file", "source_sheet", "cell").rows()


def test_a_grade_that_goes_back_is_an_issue_with_its_cell() -> None:
    base, incoming = rosters([MARA], [row("Marazan", "Tregenza", BORN, grade="02", class_name="2A")])
    plan = make_plan(base, at_cells(incoming))
    assert backward(plan) == [("4A.xlsx", "Term 1", "D5")]
    assert changes_of(plan, "s1")["grade"] == ("03", "02", "report")
    assert of_student(plan, "s1")[0] == "update"


def test_a_grade_that_goes_back_by_decision_is_an_issue_too() -> None:
    base, incoming = rosters([MARA], [row("Marazann", "Tregenza", BORN, grade="02", class_name="2A")])
    plan = make_plan(base, at_cells(incoming))
    assert backward(plan) == []
    assert backward(resolve(plan, [Decision(0, "s1", verdict="same")])) == [("4A.xlsx", "Term 1", "D5")]


def test_a_student_whose_differences_are_only_reported_is_kept_and_it_is_said() -> None:
    base = a_roster(*[{**MARA, "student_id": f"s{n}", "given_name": f"Mara{n * 'x'}", "email": "m@x.org"} for n in [0]])
    incoming = a_roster({**MARA, "student_id": None, "given_name": "Mara", "email": "n@x.org"})
    plan = make_plan(base, incoming, policy=Policy(mode="bulk"))
    assert of_row(plan, 0) == ("keep", "differs_not_written", "s0")
    (entry,) = plan.iter_entries()
    assert [(change.field, change.effect.value) for change in entry.changes] == [("email", "report")]


def test_the_candidates_of_an_open_row_show_what_each_would_change() -> None:
    plan = plan_year([MARA], [row("Marazann", "Tregenza", BORN)])
    assert changes_of(plan, "s1") == {"class_name": ("3A", "4A", "write"), "grade": ("03", "04", "write")}
    assert all(not entry.changes for entry in plan.iter_entries() if entry.action == "review")
