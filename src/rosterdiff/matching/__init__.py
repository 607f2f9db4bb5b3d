"""Two rosters → candidate pairs with weight, probability and margin: fold, block, compare, weigh, assign."""

from rosterdiff.matching.duplicates import find_duplicate_rows
from rosterdiff.matching.match import Matches, MatchOptions, link, match_rosters
from rosterdiff.matching.model import Model, shipped_model
from rosterdiff.matching.preflight import Estimate, estimate

__all__ = [
    "Estimate",
    "MatchOptions",
    "Matches",
    "Model",
    "estimate",
    "find_duplicate_rows",
    "link",
    "match_rosters",
    "shipped_model",
]
