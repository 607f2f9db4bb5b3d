"""A column of full names → given, middle and family name, suffix and preferred name.

Invariants: every word of the value lands in one column as it was written; nothing is changed but the white space and
the comma between the parts; where the writing does not say what the family name is, the row is counted as assumed.
"""

import polars as pl

_SUFFIX = r"(?i)^(?:jr|sr|jnr|snr|ii|iii|iv)\.?$"
_NICKNAME = r"[(\"“]([^()\"“”]+)[)\"”]"
_PARTS = ("family_name", "given_name", "middle_name", "name_suffix", "preferred_given_name")


def split_names(texts: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
    """Split full names: "Last, First Middle", or "First Last" where there is no comma.

    Args:
        texts: the stripped text of each row, null where there is none.

    Returns:
        A frame of the parts (text, null where absent), and the rows where the split was assumed.

    >>> parts, assumed = split_names(pl.Series(["Torenbek, Ilva Marie", "Maro Quendel", "Ana van Olm"]))
    >>> parts.select("given_name", "middle_name", "family_name").rows()
    [('Ilva', 'Marie', 'Torenbek'), ('Maro', None, 'Quendel'), ('Ana van', None, 'Olm')]
    >>> assumed.to_list()
    [0, 2]

    """
    bare = _without_nickname(texts)
    comma = bare.with_columns(parts=pl.col("bare").str.split(",").list.eval(_tidy(pl.element())))
    trailing = pl.col("parts").list.last().str.contains(_SUFFIX) & (pl.col("parts").list.len() > 1)
    cut = comma.with_columns(
        name_suffix=pl.when(trailing).then(pl.col("parts").list.last()),
        parts=pl.when(trailing).then(pl.col("parts").list.head(pl.col("parts").list.len() - 1)).otherwise("parts"),
    ).with_columns(has_comma=pl.col("parts").list.len() > 1)
    split = cut.with_columns(_family_first(), _given_first()).select(
        pl.when("has_comma").then("after").otherwise("before").struct.unnest(), "name_suffix", "preferred_given_name"
    )
    words = pl.col("bare").str.count_matches(r"\S+")
    after = pl.col("parts").list.slice(1).list.join(" ").str.count_matches(r"\S+")
    assumed = cut.select(
        pl.when("has_comma")
        .then((pl.col("parts").list.len() > 2) | (after != 1))
        .otherwise((words != 2) | pl.col("name_suffix").is_not_null())
        .fill_null(value=False)
        .arg_true()
    ).to_series()
    return split.select(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in _PARTS), assumed


def _tidy(text: pl.Expr) -> pl.Expr:
    return text.str.strip_chars().str.replace_all(r"\s+", " ")


def _without_nickname(texts: pl.Series) -> pl.DataFrame:
    """The name without what stands in brackets or quotation marks, which is what the child is called."""
    return pl.DataFrame({"text": texts}).select(
        bare=_tidy(pl.col("text").str.replace(_NICKNAME, " ")),
        preferred_given_name=pl.col("text").str.extract(_NICKNAME).str.strip_chars(),
    )


def _family_first() -> pl.Expr:
    """Split "Last, First Middle": the first word after the comma is the given name, the others are middle names."""
    rest = _tidy(pl.col("parts").list.slice(1).list.join(" "))
    return pl.struct(
        family_name=pl.col("parts").list.first(),
        given_name=rest.str.extract(r"^(\S+)"),
        middle_name=rest.str.extract(r"^\S+\s+(.+)$"),
    ).alias("after")


def _given_first() -> pl.Expr:
    """Split "First Last": the last word is the family name; a single word is taken as the given name."""
    name = _tidy(pl.col("parts").list.first())
    return pl.struct(
        family_name=name.str.extract(r"\s(\S+)$"),
        given_name=pl.when(name.str.contains(" ")).then(name.str.extract(r"^(.+)\s\S+$")).otherwise(name),
        middle_name=pl.lit(None, dtype=pl.String),
    ).alias("before")
