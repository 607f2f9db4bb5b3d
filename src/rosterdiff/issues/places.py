"""Where a field of a row stands: its cell, for many rows at once."""

import polars as pl

_OF_FIELD = ["source_file", "source_sheet", "field"]


def cells_of(lines: pl.DataFrame, places: pl.DataFrame) -> pl.Series:
    """The cell of a field of each row, as `D17`; null where its column or row is not known.

    Args:
        lines: `source_file`, `source_sheet`, `source_row` and `field`.
        places: where the fields stand (`schema.PLACES`).

    """
    columns = places.select(*_OF_FIELD, "column").unique(_OF_FIELD, keep="first", maintain_order=True)
    placed = lines.select(*_OF_FIELD, "source_row").join(
        columns, on=_OF_FIELD, how="left", nulls_equal=True, maintain_order="left"
    )
    return placed.select(pl.concat_str("column", "source_row").alias("cell")).to_series()
