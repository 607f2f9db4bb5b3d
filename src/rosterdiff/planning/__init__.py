"""Matched pairs → a plan, and the plan through review: classify, assemble, decide, acknowledge, explain, save."""

from rosterdiff.planning.assemble import Inputs, assemble_plan
from rosterdiff.planning.classify import Resemblances, classify
from rosterdiff.planning.codec import decode_plan, encode_plan, load_plan, save_plan
from rosterdiff.planning.consent import acknowledge_deletions, override
from rosterdiff.planning.explain import explain
from rosterdiff.planning.memory import find_unchanged, recall, record_keys
from rosterdiff.planning.plan_json import plan_schema, plan_to_json
from rosterdiff.planning.review import resolve

__all__ = [
    "Inputs",
    "Resemblances",
    "acknowledge_deletions",
    "assemble_plan",
    "classify",
    "decode_plan",
    "encode_plan",
    "explain",
    "find_unchanged",
    "load_plan",
    "override",
    "plan_schema",
    "plan_to_json",
    "recall",
    "record_keys",
    "resolve",
    "save_plan",
]
