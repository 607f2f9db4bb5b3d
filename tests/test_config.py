"""Options that make no sense cannot be built, and the defaults are the careful ones."""

import datetime as dt
from typing import Any

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError

from rosterdiff.config import (
    IDENTITY_FIELDS,
    NAME_FIELDS,
    Classes,
    DateOrder,
    Evidence,
    Guards,
    Mode,
    Policy,
    ReadOptions,
)
from rosterdiff.errors import InvalidOption, RosterError
from rosterdiff.schema import CANONICAL

SHARES = ("found", "deletions", "class_deletions", "advanced", "additions", "updates", "reviews")


def test_by_default_a_policy_is_a_migration_that_overwrites_nobody() -> None:
    policy = Policy()
    assert (policy.mode, policy.classes, policy.accept) == (Mode.MIGRATION, Classes.ONE, 0.99)
    assert policy.update_fields == {"class_name", "grade", "school"}
    assert policy.overwrite_fields == policy.protected == frozenset()
    assert policy.leaving_grades is None


def test_names_identity_and_updated_fields_are_canonical_and_apart() -> None:
    groups = [set(NAME_FIELDS), set(IDENTITY_FIELDS), set(Policy().update_fields), {"student_id"}]
    assert set().union(*groups) == set(CANONICAL)
    assert sum(map(len, groups)) == len(CANONICAL)


@pytest.mark.parametrize("name", SHARES)
@pytest.mark.parametrize("share", [-0.01, 1.01, float("nan")])
def test_a_guard_is_a_share_between_0_and_1(name: str, share: float) -> None:
    with pytest.raises(InvalidOption, match=name):
        Guards(**{name: share})  # type: ignore[arg-type]
    assert getattr(Guards(**{name: 0}), name) == 0
    assert getattr(Guards(**{name: 1}), name) == 1


@pytest.mark.parametrize(
    "options",
    [
        {"accept": 1.5},
        {"accept": float("nan")},
        {"accept": 0.4},
        {"review": -0.1},
        {"review": 0},
        {"review": 1.1},
        {"review": 0.95, "accept": 0.9},
        {"margin": -1},
        {"margin": "6"},
        {"mode": "yearly"},
        {"classes": "some"},
        {"guards": {"found": 0.5}},
        {"protected": "s1"},
        {"update_fields": "class_name"},
        {"leaving_grades": "06"},
        {"overwrite_fields": {"class_name"}},
        {"update_fields": {"student_id"}},
        {"update_fields": {"row"}},
        {"accept_similar": 1},
        {"evidence": ["Postcode"]},
        {"evidence": {"Postcode": "roughly"}},
        {"evidence": {"birth_date": "exact"}},
        {"evidence": {"class_name": "exact"}},
        {"evidence": {"preferred_given_name": "fuzzy"}},
        {"evidence": {"student_id": "exact"}},
    ],
    ids=str,
)
def test_a_policy_that_makes_no_sense_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises((RosterError, ValueError, TypeError)):
        Policy(**options)


@pytest.mark.parametrize("field", NAME_FIELDS)
@pytest.mark.parametrize("option", ["update_fields", "overwrite_fields"])
def test_no_policy_can_change_a_name(option: str, field: str) -> None:
    with pytest.raises(InvalidOption):
        Policy(**{option: {field}})  # type: ignore[arg-type]
    with pytest.raises(InvalidOption):
        evolve(Policy(), **{option: {field}})


@pytest.mark.parametrize("field", IDENTITY_FIELDS)
def test_identity_fields_may_be_overwritten_by_name(field: str) -> None:
    assert Policy(overwrite_fields=[field]).overwrite_fields == {field}


def test_a_policy_takes_words_as_lists_and_modes_as_text() -> None:
    policy = Policy(mode="bulk", update_fields=["Bus"], protected=("s1", "s2"), leaving_grades=["06"], classes="many")
    assert (policy.mode, policy.classes) == (Mode.BULK, Classes.MANY)
    assert (policy.update_fields, policy.protected, policy.leaving_grades) == ({"Bus"}, {"s1", "s2"}, {"06"})


def test_columns_are_declared_as_evidence_by_the_words_of_their_kinds_in_any_order() -> None:
    policy = Policy(evidence={"Street": "fuzzy", "House": "categorical"})
    assert policy == Policy(evidence={"House": Evidence.CATEGORICAL, "Street": Evidence.FUZZY})
    assert list(policy.evidence) == ["House", "Street"]
    assert "Street" not in repr(policy)


def test_a_policys_repr_does_not_list_the_protected() -> None:
    assert "s77" not in repr(Policy(protected=["s77"]))


@pytest.mark.parametrize("options", [Policy(), Guards(), ReadOptions()], ids=lambda options: type(options).__name__)
def test_options_cannot_be_changed(options: Any) -> None:
    with pytest.raises(FrozenInstanceError):
        options.base = True


@pytest.mark.parametrize("name", ["max_bytes", "max_rows", "max_columns"])
@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_of_reading_is_above_zero(name: str, limit: int) -> None:
    with pytest.raises(ValueError, match=name):
        ReadOptions(**{name: limit})  # type: ignore[arg-type]


@pytest.mark.parametrize("option", ["sheets", "dropped_headers"])
def test_several_words_cannot_be_given_as_one_text(option: str) -> None:
    """Its letters would be read as the words."""
    with pytest.raises(InvalidOption, match="several words"):
        ReadOptions(**{option: "Term 1"})  # type: ignore[arg-type]


def test_read_options_take_text_and_lists() -> None:
    options = ReadOptions(date_order="mdy", sheets=["Term 1"], dropped_headers=[], as_of=dt.date(2027, 1, 1))
    assert (options.date_order, options.sheets, options.dropped_headers) == (DateOrder.MDY, ("Term 1",), frozenset())
    with pytest.raises(ValueError, match="ydm"):
        ReadOptions(date_order="ydm")
