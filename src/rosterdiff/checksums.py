"""The check column of the template: a token on each line that knows which values stood on it.

Invariants: a token holds digests alone, salted with the template's own salt, so that equal values of two templates
are not alike; a digest of one field never depends on another, so that a value which moved to another line is known
there; the same base gives the same tokens. It guards against accidents, not against forgery: nothing in it is secret.
"""

import hashlib
import re
from typing import Final

import polars as pl

CHECK_HEADER: Final = "Check (rosterdiff, do not change)"
"""The header of the check column."""

QUOTED_HEADER: Final = "Check (rosterdiff, do not change, apostrophes added)"
"""The same where values that a program might run begin with an apostrophe that is none of theirs."""

CHECKED: Final[tuple[str, ...]] = (
    "student_number", "username", "email", "given_name", "middle_name", "family_name", "name_suffix",
    "preferred_given_name", "preferred_family_name", "birth_date", "gender", "grade", "class_name", "school",
)  # fmt: skip
"""The fields that a token knows, in its order; `student_id` stands before them."""

_ID_LENGTH: Final = 10  # 40 bits: no two of a million ids are alike, as good as never
_FIELD_LENGTH: Final = 4  # 16 bits: one edit in 65,536 is not seen, and nothing can be read back from it for certain
_SALT_LENGTH: Final = 6
NOTHING: Final = "-" * _FIELD_LENGTH
"""What stands for an empty field."""

_ALPHABET: Final = "[0-9a-f]"
_TOKEN: Final = (
    rf"^rd1-({_ALPHABET}{{{_SALT_LENGTH}}})-(\d{{1,9}})-({_ALPHABET}{{{_ID_LENGTH}}})"
    rf"((?:{_ALPHABET}{{{_FIELD_LENGTH}}}|{NOTHING}){{{len(CHECKED)}}})$"
)
_MAY_RUN: Final = r"^'*[=+\-@\t\r\n＝＋－＠]"
_WAS_QUOTED: Final = r"^'('*[=+\-@\t\r\n＝＋－＠])"


def salt_of(content: str) -> str:
    """The salt of a template, from the digest of its content.

    >>> len(salt_of("5f2b")), salt_of("5f2b") == salt_of("5f2c")
    (6, False)
    """
    return _digests([content], "salt", "template", _SALT_LENGTH)[0]


def write_tokens(frame: pl.DataFrame, salt: str) -> pl.Series:
    """The token of each row: salt, number of the line, and the digests of the id and of the checked fields.

    Args:
        frame: rows with `student_id` and any of the checked fields; a field that is absent counts as empty.
        salt: what `salt_of` gives.

    >>> write_tokens(pl.DataFrame({"student_id": ["7"], "given_name": ["Ada"]}), "aaaaaa").str.len_chars().to_list()
    [79]

    """
    fields = [
        digest_column(frame[name], name, salt) if name in frame.columns else pl.repeat(NOTHING, len(frame), eager=True)
        for name in CHECKED
    ]
    heads = pl.select(
        pl.format("rd1-{}-{}-{}", pl.lit(salt), pl.int_range(len(frame)), digest_ids(frame["student_id"], salt))
    ).to_series()
    return pl.DataFrame([heads.alias("head"), *(f.alias(str(at)) for at, f in enumerate(fields))]).select(
        pl.concat_str(pl.all())
    ).to_series()  # fmt: skip


def read_tokens(cells: pl.Series) -> pl.DataFrame:
    """Cells of a check column as `salt`, `line`, `student_id` and a column a checked field, all digests.

    What is no token is null in all of them; an empty field is null as well.
    """
    parts = cells.str.strip_chars().str.extract_groups(_TOKEN).struct
    digests = parts.field("4")
    fields = [digests.str.slice(at * _FIELD_LENGTH, _FIELD_LENGTH) for at in range(len(CHECKED))]
    return pl.DataFrame(
        {
            "salt": parts.field("1"),
            "line": parts.field("2").cast(pl.UInt32),
            "student_id": parts.field("3"),
            **{name: column.replace(NOTHING, None) for name, column in zip(CHECKED, fields, strict=True)},
        }
    )


def digest_ids(ids: pl.Series, salt: str) -> pl.Series:
    """The digest of each id; a missing one is that of the empty text."""
    return _digest_distinct(ids.cast(pl.String).fill_null(""), "student_id", salt, _ID_LENGTH)


def digest_column(values: pl.Series, field: str, salt: str) -> pl.Series:
    """The digest of each value of a field; a missing one is `NOTHING`."""
    return _digest_distinct(values.cast(pl.String), field, salt, _FIELD_LENGTH).fill_null(NOTHING)


def _digest_distinct(values: pl.Series, field: str, salt: str, length: int) -> pl.Series:
    distinct = values.drop_nulls().unique()
    if distinct.is_empty():
        return values
    digests = pl.Series(_digests(distinct.to_list(), field, salt, length), dtype=pl.String)
    return values.replace_strict(distinct, digests, default=None, return_dtype=pl.String)


def _digests(values: list[str], field: str, salt: str, length: int) -> list[str]:
    begun = hashlib.blake2b(digest_size=5, key=salt.encode(), person=field.encode()[:16])
    found = []
    for value in values:
        digest = begun.copy()
        digest.update(value.encode())
        found.append(digest.hexdigest()[:length])
    return found


def add_apostrophes(values: pl.Series) -> pl.Series:
    """Put an apostrophe before every text that a spreadsheet program might run, as OWASP advises for CSV.

    Texts that already begin with apostrophes before such a sign get one more, so that none is ambiguous.

    >>> add_apostrophes(pl.Series(["=1+1", "'=1", "-", "Ada", "O'Dea", "'n Boom"])).to_list()
    ["'=1+1", "''=1", "'-", 'Ada', "O'Dea", "'n Boom"]
    """
    runs = values.str.contains(_MAY_RUN)
    return pl.select(pl.when(runs).then(pl.format("'{}", values)).otherwise(values).alias(values.name)).to_series()


def drop_apostrophes(values: pl.Series) -> pl.Series:
    """Undo `add_apostrophes`.

    >>> drop_apostrophes(pl.Series(["'=1+1", "''=1", "'-", "Ada", "'n Boom"])).to_list()
    ['=1+1', "'=1", '-', 'Ada', "'n Boom"]
    """
    return values.str.replace(_WAS_QUOTED, "$1")


def drop_apostrophe(text: str) -> str:
    """Undo `add_apostrophes` for one text.

    >>> drop_apostrophe("'=1+1"), drop_apostrophe("'n Boom")
    ('=1+1', "'n Boom")
    """
    return re.sub(_WAS_QUOTED, r"\1", text)
