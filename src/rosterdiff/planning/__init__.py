"""Matched pairs → a plan, and the plan through review: classify, assemble, decide, acknowledge, explain, save."""

from rosterdiff.planning.assemble import Inputs, assemble_plan
from rosterdiff.planning.classify import Resemblances, classify
from rosterdiff.planning.codec import load_plan, save_plan
from rosterdiff.planning.consent import acknowledge_deletions, override
from rosterdiff.planning.explain import explain
from rosterdiff.planning.memory import recall
from rosterdiff.planning.plan_json import plan_schema, plan_to_json
from rosterdiff.planning.review import resolve

__all__ = [
    "Inputs",
    "Resemblances",
    "acknowledge_deletions",
    "assemble_plan",
    "classify",
    "explain",
    "load_plan",
    "override",
    "plan_schema",
    "plan_to_json",
    "recall",
    "resolve",
    "save_plan",
]
