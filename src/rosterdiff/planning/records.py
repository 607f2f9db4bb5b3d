"""Policy, decisions and overrides as plain dictionaries, and back as the validated objects.

Invariants: every attribute is written, sets in order; reading takes exactly the attributes that are written, each of
its type, and gives what the constructors accept.
"""

import json
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Final

import attrs

from rosterdiff.config import Guards, Policy
from rosterdiff.model import Actor, Decision, Override

_TEXT: Final = (str,)
_TEXT_OR_NONE: Final = (str, type(None))
_WORDS: Final = (list,)
_NUMBER: Final = (int, float)
_DECISION: Final[Mapping[str, tuple[type, ...]]] = {
    "row": (int, type(None)),
    "student_id": _TEXT_OR_NONE,
    "verdict": _TEXT,
    "actor": (dict, type(None)),
    "comment": _TEXT,
    "plan_id": _TEXT,
    "row_key": _TEXT,
    "student_key": _TEXT,
    "rejected": _WORDS,
    "scope": _TEXT,
    "place": _TEXT,
}
_OVERRIDE: Final[Mapping[str, tuple[type, ...]]] = {"plan_id": _TEXT, "code": _TEXT, "actor": (dict,), "reason": _TEXT}
_POLICY: Final[Mapping[str, tuple[type, ...]]] = {
    "mode": _TEXT,
    "accept": _NUMBER,
    "margin": _NUMBER,
    "review": _NUMBER,
    "update_fields": _WORDS,
    "overwrite_fields": _WORDS,
    "protected": _WORDS,
    "leaving_grades": (list, type(None)),
    "accept_similar": (bool,),
    "evidence": (dict,),
    "classes": _TEXT,
    "guards": (dict,),
}
_SINCE: Final[Mapping[int, tuple[Mapping[str, Any], Mapping[str, Any]]]] = {
    2: ({"accept_similar": False, "evidence": {}}, {}),
    3: ({}, {"shifted": 0}),
}
"""Format → what the policy and its guards of an earlier plan file do not say, and what held then."""

_GUARDS: Final[Mapping[str, tuple[type, ...]]] = {
    name: (int,) if name == "minimum" else _NUMBER for name in attrs.fields_dict(Guards)
}


def encode(document: Mapping[str, Any]) -> bytes:
    """Write a document as JSON, one attribute a line, in ASCII."""
    return (json.dumps(document, indent=1, allow_nan=False) + "\n").encode("ascii")


def decode(content: bytes) -> dict[str, Any]:
    """Read a document that `encode` wrote.

    Raises:
        ValueError, TypeError, RecursionError: it is none.

    """
    document = json.loads(content)
    if not isinstance(document, dict):
        raise TypeError("a document is an object")
    return document


def policy_to_dict(policy: Policy) -> dict[str, Any]:
    """Give a policy as plain data.

    >>> policy_from_dict(policy_to_dict(Policy(mode="bulk"))) == Policy(mode="bulk")
    True
    """
    return attrs.asdict(policy, value_serializer=_serialise)


def policy_from_dict(document: Mapping[str, Any]) -> Policy:
    """Build the policy that `policy_to_dict` wrote; raises what a wrong value raises."""
    fields = _held(document, _POLICY)
    if not all(type(kind) is str for kind in fields["evidence"].values()):
        raise TypeError("a kind of evidence is a word")
    return Policy(**{**fields, "guards": Guards(**_held(fields["guards"], _GUARDS))})


def decision_to_dict(decision: Decision) -> dict[str, Any]:
    """Give a decision as plain data."""
    return attrs.asdict(decision, value_serializer=_serialise)


def decision_from_dict(document: Mapping[str, Any]) -> Decision:
    """Build the decision that `decision_to_dict` wrote; raises what a wrong value raises."""
    fields = _held(document, _DECISION)
    actor = fields["actor"]
    return Decision(**{**fields, "actor": None if actor is None else actor_from_dict(actor)})


def override_to_dict(override: Override) -> dict[str, Any]:
    """Give an override as plain data."""
    return attrs.asdict(override, value_serializer=_serialise)


def override_from_dict(document: Mapping[str, Any]) -> Override:
    """Build the override that `override_to_dict` wrote; raises what a wrong value raises."""
    fields = _held(document, _OVERRIDE)
    return Override(**{**fields, "actor": actor_from_dict(fields["actor"])})


def actor_from_dict(document: Mapping[str, Any]) -> Actor:
    """Build an actor from his role and name; raises what a wrong value raises."""
    return Actor(**_held(document, {"role": _TEXT, "name": _TEXT}))


def plan_fields(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of a plan that its manifest holds, as a plan takes them."""
    texts = {name: manifest[name] for name in ("plan_id", "origin", "school_year")}
    if not all(isinstance(value, str) or (value is None and name == "school_year") for name, value in texts.items()):
        raise TypeError("ids and the school year are text")
    return texts | {
        "as_of": None if manifest["as_of"] is None else date.fromisoformat(manifest["as_of"]),
        "policy": policy_from_dict(_as_of_now(manifest["policy"], manifest["format_version"])),
        "decisions": tuple(map(decision_from_dict, manifest["decisions"])),
        "overrides": tuple(map(override_from_dict, manifest["overrides"])),
    }


def _as_of_now(policy: Mapping[str, Any], format_version: int) -> Mapping[str, Any]:
    """The policy of a manifest of any format as the newest writes it."""
    guards = policy["guards"]
    for since, (of_policy, of_guards) in _SINCE.items():
        if format_version < since:
            if set(policy) & set(of_policy) or set(guards) & set(of_guards):
                raise ValueError("options that came with a later format")
            policy, guards = {**of_policy, **policy}, {**of_guards, **guards}
    return {**policy, "guards": guards}


def _serialise(_: Any, __: Any, value: Any) -> Any:
    """Sets become sorted lists, words of closed sets plain text."""
    if isinstance(value, frozenset):
        return sorted(map(str, value))
    return str(value) if isinstance(value, StrEnum) else value


def _held(document: Mapping[str, Any], types: Mapping[str, tuple[type, ...]]) -> dict[str, Any]:
    if set(document) != set(types):
        raise ValueError("other attributes than those that are written")
    for name, value in document.items():
        if type(value) not in types[name] or (isinstance(value, list) and not all(type(v) is str for v in value)):
            raise TypeError("an attribute of another type")
    return dict(document)
