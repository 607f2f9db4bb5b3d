import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from plan_samples import plans, sample_plan
from rosterdiff.config import Mode, Policy
from rosterdiff.frames import Roster
from rosterdiff.levels import LEVELS_OF, Comparison
from rosterdiff.model import REASONS_OF, Action, Effect, GuardCode, Pool, Reason, Severity
from rosterdiff.pipeline import make_plan
from rosterdiff.planning.plan_json import FORMAT_VERSION, plan_schema, plan_to_json
from rosterdiff.schema import GRADES
from rosterdiff.testing import school_years

VALIDATOR = Draft202012Validator(plan_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(plan_schema())


@given(plan=plans)
@settings(max_examples=60)
def test_every_plan_gives_a_document_that_fits_the_schema_and_strict_json(plan: Any) -> None:
    document = plan_to_json(plan)
    VALIDATOR.validate(json.loads(json.dumps(document, allow_nan=False)))


@given(year=school_years(), mode=st.sampled_from(Mode))
@settings(max_examples=25)
def test_what_make_plan_gives_fits_the_schema(year: tuple[Roster, Roster], mode: Mode) -> None:
    """And the evidence of every candidate adds up to its weight."""
    document = plan_to_json(make_plan(*year, policy=Policy(mode=mode)))
    VALIDATOR.validate(json.loads(json.dumps(document, allow_nan=False)))
    for entry in document["entries"]:
        for candidate in entry["candidates"]:
            total = sum(round(line["weight"] * 1000) for line in candidate["evidence"])
            assert total == round(candidate["weight"] * 1000)


def test_the_same_plan_gives_the_same_document() -> None:
    assert json.dumps(plan_to_json(sample_plan())) == json.dumps(plan_to_json(sample_plan()))


def objects(schema: Any) -> list[Mapping[str, Any]]:
    found = [schema] if isinstance(schema, dict) and "properties" in schema and "if" not in schema else []
    children = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    return found + [
        deeper
        for key, child in (schema.items() if isinstance(schema, dict) else enumerate(children))
        if key not in {"if", "then"}
        for deeper in objects(child)
    ]


def test_the_schema_is_strict() -> None:
    """Every object that lists its properties allows no other and requires each of them."""
    assert len(objects(plan_schema())) >= 10
    for each in objects(plan_schema()):
        assert each["additionalProperties"] is False
        assert set(each["required"]) == set(each["properties"])


def test_the_schema_names_the_closed_sets_of_the_model() -> None:
    """A word added to the model must be added to the schema, which is a new format number for readers."""
    definitions = plan_schema()["$defs"]
    entry = definitions["entry"]["properties"]
    assert plan_schema()["properties"]["mode"]["enum"] == list(Mode)
    assert plan_schema()["properties"]["format_version"]["const"] == FORMAT_VERSION
    assert entry["action"]["enum"] == list(Action)
    assert entry["reason"]["enum"] == list(Reason)
    assert definitions["guard_code"]["enum"] == list(GuardCode)
    assert definitions["issue"]["properties"]["severity"]["enum"] == list(Severity)
    assert definitions["change"]["properties"]["effect"]["enum"] == list(Effect)
    assert definitions["candidate"]["properties"]["pool"]["enum"] == list(Pool)
    assert definitions["evidence"]["properties"]["comparison"]["enum"] == list(Comparison)
    levels = {str(level) for levels in LEVELS_OF.values() for level in levels}
    assert set(definitions["evidence"]["properties"]["level"]["enum"]) == levels
    assert definitions["grade"]["enum"] == [*GRADES, None]
    rules = {rule["if"]["properties"]["action"]["const"]: rule["then"] for rule in definitions["entry"]["allOf"]}
    for action, reasons in REASONS_OF.items():
        assert set(rules[action]["properties"]["reason"]["enum"]) == reasons


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("more",), 1),
        (("entries", 0, "more"), 1),
        (("entries", 0, "reason"), "unchanged"),
        (("entries", 3, "student_id"), "S001"),
        (("entries", 4, "row"), None),
        (("entries", 4, "probability"), 1.5),
        (("counts", "keep"), -1),
        (("as_of",), "December"),
        (("format_version",), FORMAT_VERSION - 1),
        (("format_version",), FORMAT_VERSION + 1),
    ],
)
def test_the_schema_refuses_what_no_plan_gives(path: tuple[Any, ...], value: object) -> None:
    document = plan_to_json(sample_plan())
    VALIDATOR.validate(document)
    target: Any = document
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    with pytest.raises(ValidationError):
        VALIDATOR.validate(document)


def test_changes_stand_with_their_entry_and_in_review_with_their_candidate() -> None:
    document = plan_to_json(sample_plan(text="3A"))
    by_row = {entry["row"]: entry for entry in document["entries"] if entry["row"] is not None}
    assert by_row[1]["changes"] == [{"field": "class_name", "before": "3A", "after": "3B", "effect": "write"}]
    assert by_row[3]["changes"] == []
    best, other = by_row[3]["candidates"]
    assert (best["student_id"], best["rank"], other["taken_by"]) == ("S003", 1, 1)
    assert [change["field"] for change in best["changes"]] == ["birth_date"]
    assert [line["comparison"] for line in best["evidence"]] == list(Comparison)
    assert other["evidence"] == []


def test_every_row_and_student_comes_with_its_values_and_every_row_with_its_place() -> None:
    document = plan_to_json(sample_plan(text=None))
    entries = document["entries"]
    add = next(entry for entry in entries if entry["action"] == "add")
    assert add["row_values"]["given_name"] == "Lóa"
    assert "Bus, stop" not in add["row_values"], "an empty value is left out"
    assert add["source"] == {"file": "3B.xlsx", "sheet": None, "row": None}
    assert add["student_values"] is None
    gone = next(entry for entry in entries if entry["action"] == "delete")
    assert gone["student_values"]["student_id"] == gone["student_id"] == "S004"
    assert gone["row_values"] is None
    assert gone["source"] is None


def test_counts_deletable_and_guards_are_told() -> None:
    document = plan_to_json(sample_plan())
    assert document["counts"] == {"keep": 2, "update": 1, "add": 1, "delete": 1, "review": 2}
    assert document["deletable"] == {"certain": 1, "held": 1}
    assert document["held_by"] == ["too_few_found"]
    assert document["guards"][0]["held"] is True
