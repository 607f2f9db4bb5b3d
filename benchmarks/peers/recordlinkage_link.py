"""recordlinkage on two plain tables: several blocks, Jaro–Winkler, expectation-maximisation, greedy one-to-one.

Invariants: the classifier sees no label; its probabilities are coarse, because it knows agreeing and not agreeing
alone, so the sum of the likenesses ranks the pairs of one probability.
"""

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
import polars as pl
import recordlinkage

from benchmarks.peers.frames import further_columns
from benchmarks.peers.one_to_one import take_greedily

AGREEING: Final = 0.85
"""From this likeness on a field counts as agreeing."""

_BOTH: Final = ("given", "family")


def link(base: pl.DataFrame, incoming: pl.DataFrame, model: str) -> pl.DataFrame:
    """Score the pairs of two plain tables, found by `few` blocks or `many`.

    Returns:
        `row`, `student_id`, `probability`, `weight` (likeness), `assigned`.

    """
    students, rows = (_with_keys(frame).to_pandas().set_index("unique_id") for frame in (base, incoming))
    candidates = _indexer(_blocks(base.columns, further_columns(base), model)).index(students, rows)
    likeness = _comparer(base.columns, further_columns(base)).compute(candidates, students, rows)
    pairs = pl.DataFrame(
        {
            "row": likeness.index.get_level_values(1).to_numpy().astype("uint32"),
            "student_id": likeness.index.get_level_values(0).to_list(),
            "probability": _probabilities(likeness),
            "weight": likeness.sum(axis=1).to_numpy(),
        },
        schema_overrides={"row": pl.UInt32},
    )
    ranked = pairs.select("row", "student_id", (pl.col("probability") * 1000 + pl.col("weight")).alias("weight"))
    return pairs.with_columns(take_greedily(ranked)).sort("row", "student_id")


def _probabilities(likeness: pd.DataFrame) -> Any:
    """What the classifier makes of agreeing and not agreeing fields; columns of one value tell it nothing."""
    agreeing = (likeness >= AGREEING).astype(int)
    telling = agreeing.loc[:, agreeing.nunique() > 1]
    classifier = recordlinkage.ECMClassifier()
    classifier.fit(telling)
    return classifier.prob(telling).to_numpy()


def _with_keys(frame: pl.DataFrame) -> pl.DataFrame:
    starts = [pl.col(name).str.slice(0, 3).alias(f"{name}_start") for name in _BOTH]
    born = [pl.col("born").str.slice(0, 4).alias("year"), pl.col("born").str.slice(5).alias("day")]
    return frame.with_columns(*starts, *(born if "born" in frame.columns else []))


def _blocks(columns: Sequence[str], further: Sequence[str], model: str) -> list[list[str]]:
    """Columns that agree, of which one rule suffices."""
    blocks = [["given", "family"], *([name, part] for name in further for part in _BOTH)]
    if "born" not in columns:
        return blocks + [["school", name] for name in _BOTH]
    blocks += [["born"], ["given", "year"], ["family", "year"], ["day", "family_start"], ["day", "given_start"]]
    return blocks + [["given_start", "family_start"]] * (model == "many")


def _indexer(blocks: Sequence[list[str]]) -> Any:
    """The union of the blocks, and the two names exchanged."""
    indexer = recordlinkage.Index()
    for keys in blocks:
        indexer.block(keys, keys)
    indexer.block(["given", "family"], ["family", "given"])
    return indexer


def _comparer(columns: Sequence[str], further: Sequence[str]) -> Any:
    """A likeness of each column."""
    comparer = recordlinkage.Compare()
    for name in (*_BOTH, "middle", "preferred", *further):
        if name in columns:
            comparer.string(name, name, method="jarowinkler", label=name)
    for name in ("born", "number"):
        if name in columns:
            comparer.string(name, name, method="damerau_levenshtein", label=name)
    for name in ("suffix", "gender", "school"):
        if name in columns:
            comparer.exact(name, name, label=name)
    if "grade" in columns:
        comparer.numeric("grade", "grade", method="step", offset=1, label="grade")
    return comparer
