"""One model, one file: a JSON document that people can read, sealed so that what is loaded is what was saved.

Invariants: numbers and counts alone, no value of any roster; the file that stood there before stays until the new one
is complete; the same model gives the same bytes. The format is described in `docs/tuning.md`.
"""

import hashlib
import json
import os
import re
import secrets
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any, Final

from attrs import asdict

from rosterdiff._version import __version__
from rosterdiff.errors import RosterError, UnusableModel
from rosterdiff.matching.model import TABLES, Fitted, Model

FORMAT: Final = "rosterdiff model"
FORMAT_VERSION: Final = 1
"""Raised whenever a reader of the earlier number could not read the file rightly."""

_LARGEST: Final = 1 << 20  # a model takes a hundredth of this
_UNUSABLE: Final = (AttributeError, LookupError, RecursionError, RosterError, TypeError, ValueError)
"""What content that no version of ours wrote may raise while it is read."""

_PAIR: Final = re.compile(r"\[\s+([^\s,\[\]]+),\s+([^\s,\[\]]+)\s+\]")
"""Two numbers in a list, which stand on one line."""


def save_model(model: Model, path: str | PathLike[str]) -> None:
    """Write a model to one file; the file that stood there stays whole if this fails.

    Raises:
        OSError: the file cannot be written.

    """
    target = Path(path).resolve()
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as stream:
            stream.write(encode_model(model))
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(part, target)  # noqa: PTH105  (one call for both names: replaced in one step)
    finally:
        part.unlink(missing_ok=True)


def load_model(path: str | PathLike[str]) -> Model:
    """Read a model that `save_model` wrote.

    Raises:
        UnusableModel: the file is not whole, was altered, is no model, or is of another version's levels.
        OSError: the file cannot be opened.

    """
    with Path(path).open("rb") as stream:
        content = stream.read(_LARGEST + 1)
    return decode_model(content)


def encode_model(model: Model) -> bytes:
    """The document of a model."""
    body = {
        "rosterdiff": __version__,
        "fitted": None if model.fitted is None else asdict(model.fitted),
        "expected_share": model.expected_share,
        "pairs": model.pairs,
        "frequency_prior": dict(model.frequency_prior),
        "chances": {table: {level: [*pair] for level, pair in model.chances[table].items()} for table in TABLES},
    }
    document = {"format": FORMAT, "format_version": FORMAT_VERSION, "seal": _seal(body), **body}
    return (_PAIR.sub(r"[\1, \2]", json.dumps(document, indent=2)) + "\n").encode()


def decode_model(content: bytes) -> Model:
    """The model of a document."""
    if len(content) > _LARGEST:
        raise _refused("it is larger than any model")
    try:
        document = json.loads(content.decode())
        if document["format"] != FORMAT:
            raise _refused("it is another kind of document")
        if document["format_version"] != FORMAT_VERSION:
            raise UnusableModel(
                "The file is of a format that this version of rosterdiff does not read.",
                "Read it with the version that wrote it, or fit the model anew.",
            )
        body = {name: value for name, value in document.items() if name not in {"format", "format_version", "seal"}}
        if document["seal"] != _seal(body):
            raise _refused("it is not as it was written")
        return _model_of(body)
    except UnusableModel:
        raise
    except _UNUSABLE:
        raise _refused("it is no whole document, or has other levels than this version") from None


def _model_of(body: Mapping[str, Any]) -> Model:
    """The model of a document's parts."""
    fitted, tables = body["fitted"], body["chances"]
    return Model(
        chances={table: {level: (m, u) for level, (m, u) in levels.items()} for table, levels in tables.items()},
        frequency_prior=body["frequency_prior"],
        expected_share=body["expected_share"],
        pairs=body["pairs"],
        fitted=None if fitted is None else Fitted(**fitted),
    )


def _seal(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _refused(cause: str) -> UnusableModel:
    return UnusableModel(
        f"The file is not a model that can be used: {cause}.",
        "Take the copy that Model.save wrote, or fit the model anew; a model is not edited by hand.",
    )
