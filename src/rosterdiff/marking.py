"""The upload back to the school, with what was found wrong with it marked in its own cells.

Invariants: the file is opened under the limits of reading, and refused where reading refuses it; what it says of
itself, that it is a workbook of cells and formulas, is kept wherever its format allows.
"""

import os
import re
from pathlib import Path, PurePath
from typing import BinaryIO, Final

import polars as pl
from attrs import frozen

from rosterdiff.config import ReadOptions
from rosterdiff.errors import InvalidOption
from rosterdiff.issues import PROBLEMS_SHEET
from rosterdiff.reading import Upload, open_upload
from rosterdiff.reports import Cells, Marked, UnusableXml, mark_workbook, plain_workbook

_UNNAMED: Final = "Sheet1"
_LONGEST_NAME: Final = 31
_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]|^'|'$")


@frozen
class MarkedUp:
    """What became of an upload that was marked up.

    Attributes:
        path: where it was written.
        in_place: it is the school's own workbook with marks; otherwise a new one with its cells as text.
        problems: how many lines are on the list.
        comments: how many cells have a comment.

    """

    path: Path
    in_place: bool
    problems: int
    comments: int


def write_marked_up(
    source: str | os.PathLike[str] | bytes | BinaryIO,
    issues: pl.DataFrame,
    path: str | os.PathLike[str],
    *,
    filename: str | None = None,
    options: ReadOptions = ReadOptions(),  # noqa: B008  (frozen)
    overwrite: bool = True,
) -> MarkedUp:
    """Give a school its upload back, with the issues marked in the cells and listed on a sheet of their own.

    An xlsx or xlsm workbook stays what it is: values, formulas, formats, charts, images and macros; colours and
    comments are added, and those of an earlier time are replaced. Any other file becomes a new xlsx with its cells as
    text. Reading the result gives the same students again.

    Args:
        source: the upload: a path, the file's bytes, or a binary file object.
        issues: `Roster.issues` of the upload, or of a roster compiled of several; those of other files are left out.
        path: where to write it; the name ends in `.xlsx`, or in `.xlsm` for a workbook with macros. In a folder, a
            name is made from that of the upload.
        filename: what the file is called in the issues; a path's own name by default.
        options: how it was read.
        overwrite: replace a file that is there; without it, that is refused.

    Raises:
        UnreadableFile: the file is refused, as `read_roster` refuses it.
        InvalidOption: the name ends in something else, or the file is there and is not to be overwritten.
        InvalidRoster: the file has more rows than a workbook holds.
        OSError: the result cannot be written.

    """
    upload = open_upload(source, filename=filename, options=options)
    own = issues.filter(pl.col("source_file").eq_missing(upload.filename) | pl.col("source_file").is_null())
    try:
        marked, in_place = mark_workbook(upload.data, own), True
    except UnusableXml:
        marked, in_place = _as_new(upload, own), False
    target = _target(Path(path), upload.filename, marked.suffix, in_place=in_place)
    if target.exists() and not overwrite:
        raise InvalidOption(
            f"There is a file {target} already.",
            "Choose another place, or have it overwritten (--force, overwrite=True).",
        )
    target.write_bytes(marked.content)
    return MarkedUp(target, in_place, marked.problems, marked.comments)


def _as_new(upload: Upload, issues: pl.DataFrame) -> Marked:
    """A new workbook of the upload's cells, with its issues."""
    names = _names_of(upload)
    cells = {names[g.origin.sheet]: Cells(g.cells, g.top, g.left) for g in upload.grids if g.origin.sheet in names}
    known = {sheet: name for sheet, name in names.items() if sheet is not None}
    sheet = pl.col("source_sheet").replace_strict(known, default=names.get(None), return_dtype=pl.String)
    return mark_workbook(plain_workbook(cells), issues.with_columns(sheet))


def _target(path: Path, filename: str, suffix: str, *, in_place: bool) -> Path:
    """Where the result goes; a file of a program that knows macros by the name must have the right one."""
    if path.is_dir():
        return path / f"{PurePath(filename).stem if in_place else PurePath(filename).name} marked{suffix}"
    if path.suffix.lower() != suffix:
        raise InvalidOption(f"This marked-up workbook is written as {suffix}.", "Give the file such a name.")
    return path


def _names_of(upload: Upload) -> dict[str | None, str]:
    """Sheet → its name in a workbook, where names are short and without certain signs; a text file's is its own."""
    names = dict[str | None, str]()
    for grid in upload.grids:
        sheet = grid.origin.sheet
        if sheet == PROBLEMS_SHEET:
            continue
        wanted = upload.filename.rpartition(".")[0] or upload.filename if sheet is None else sheet
        name = base = _NOT_IN_NAMES.sub("_", wanted)[:_LONGEST_NAME].strip() or _UNNAMED
        count = 1
        while name.casefold() in {taken.casefold() for taken in names.values()}:
            count += 1
            name = f"{base[: _LONGEST_NAME - 5]} ({count})"
        names[sheet] = name
    return names
