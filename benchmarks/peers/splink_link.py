"""Splink on two plain tables: train, predict, one-to-one by single best links.

Invariants: DuckDB has the threads that are asked for; what is drawn is drawn from a seed; pairs below `FLOOR` are left
out; `assigned` is Splink's own one-to-one.
"""

import logging
from pathlib import Path
from tempfile import gettempdir
from typing import Any, Final

import duckdb
import polars as pl
from splink import DuckDBAPI, Linker, SettingsCreator

from benchmarks.peers.frames import further_columns
from benchmarks.peers.splink_models import MODELS, SplinkModel, certain_rules, training_blocks

FLOOR: Final = 1e-6
SEED: Final = 1
SHARE_CERTAIN: Final = 0.8
"""How many of the true links the certain rules are taken to find, for the prior: a guess, as without labels."""

TIES: Final = "lowest_id"
"""What becomes of equal pairs: `drop` is the other way, in which DuckDB 1.5 does not come to an end on some rosters."""

U_PAIRS: Final = 2e6
EM_PAIRS: Final = 2e6


def link(base: pl.DataFrame, incoming: pl.DataFrame, model: str, *, threads: int = 2) -> pl.DataFrame:
    """Score the pairs of two plain tables.

    Returns:
        `row`, `student_id`, `probability`, `weight` (bits), `assigned`.

    """
    linker = open_linker(base, incoming, MODELS[model], threads=threads)
    train(linker, base)
    return score(linker)


def score(linker: Linker) -> pl.DataFrame:
    """Predict with a trained linker, and choose one-to-one; what `link` returns."""
    predicted = linker.inference.predict(threshold_match_probability=FLOOR, warning_mode="never")
    chosen = linker.clustering.cluster_using_single_best_links(
        predicted, duplicate_free_datasets=["base", "incoming"], threshold_match_probability=FLOOR, ties_method=TIES
    )
    connection = linker._db_api.duckdb_con
    return _as_pairs(
        connection.sql(_EDGES.format(predicted.physical_name)).pl(),
        connection.sql(_LINKS.format(chosen.physical_name)).pl(),
    )


def _as_pairs(edges: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    chosen = links.with_columns(pl.lit(value=True).alias("assigned"))
    return (
        edges.join(chosen, on=["student_id", "row"], how="left")
        .with_columns(pl.col("assigned").fill_null(value=False), pl.col("row").cast(pl.UInt32))
        .select("row", "student_id", "probability", "weight", "assigned")
        .sort("row", "student_id")
    )


_EDGES: Final = """
select
  case when source_dataset_l = 'base' then unique_id_l else unique_id_r end as student_id,
  case when source_dataset_l = 'base' then unique_id_r else unique_id_l end as row,
  match_probability as probability, match_weight as weight
from {}
"""
_LINKS: Final = """
select
  max(case when source_dataset = 'base' then unique_id end) as student_id,
  max(case when source_dataset = 'incoming' then unique_id end) as row
from {} group by cluster_id having count(*) = 2
"""


def open_linker(base: pl.DataFrame, incoming: pl.DataFrame, model: SplinkModel, *, threads: int = 2) -> Linker:
    """A linker in a DuckDB of its own, in memory."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    spill = str(Path(gettempdir()) / "rosterdiff-duckdb")
    connection = duckdb.connect(":memory:", config={"threads": threads, "temp_directory": spill})
    database = DuckDBAPI(connection)
    tables = [
        database.register(frame.to_arrow(), dataset_display_name=name)
        for name, frame in (("base", base), ("incoming", incoming))
    ]
    columns, further = base.columns, further_columns(base)
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=model.comparisons(columns, further),
        blocking_rules_to_generate_predictions=model.blocks(columns, further),
        max_iterations=model.iterations,
        retain_matching_columns=False,
    )
    return Linker(tables, settings, log_level=logging.ERROR)


def train(linker: Linker, base: pl.DataFrame) -> None:
    """Estimate the prior, u and m, without labels."""
    training: Any = linker.training
    training.estimate_probability_two_random_records_match(certain_rules(base.columns), recall=SHARE_CERTAIN)
    training.estimate_u_using_random_sampling(max_pairs=U_PAIRS, seed=SEED)
    for rule in training_blocks(base.columns, further_columns(base)):
        training.estimate_parameters_using_expectation_maximisation(rule, max_pairs=EM_PAIRS)
