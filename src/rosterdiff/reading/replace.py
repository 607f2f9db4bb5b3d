"""Each value of a column as what it means; what has no meaning becomes null."""

import polars as pl


def replace_values(texts: pl.Series, values: pl.Series, meanings: pl.Series) -> pl.Series:
    """Replace every text by its meaning.

    Args:
        texts: the text of each row.
        values: distinct texts.
        meanings: what each of these means, of any type.

    Returns:
        A column of the type of `meanings`, null where a text is null or none of the values.

    >>> replace_values(pl.Series(["b", "a", None, "c"]), pl.Series(["a", "b"]), pl.Series([1, 2])).to_list()
    [2, 1, None, None]

    """
    if values.is_empty():
        return pl.Series(texts.name, [None], dtype=meanings.dtype).new_from_index(0, len(texts))
    places = texts.cast(pl.Enum(values), strict=False).to_physical()  # hashes each text once; a join does it twice
    return meanings.gather(places).alias(texts.name)
