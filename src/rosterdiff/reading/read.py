"""The stages of reading in order: bytes, grids, tables, columns, values, roster.

Invariants: a text file's rows have no sheet; rows keep the order of the file; `UnreadableFile` is the only refusal.
"""

import os
from contextlib import closing
from functools import cache
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final

import polars as pl
from attrs import evolve, field, frozen

from rosterdiff.config import ReadOptions
from rosterdiff.frames import Roster, number_rows
from rosterdiff.headers import Composite
from rosterdiff.issues import PROBLEMS_SHEET, Code, Refusal, issues_frame, refuse
from rosterdiff.known import CONFIDENCE
from rosterdiff.model import Issue
from rosterdiff.reading.checksum import find_shifts, take_checks
from rosterdiff.reading.columns import Column, Columns, understand_columns
from rosterdiff.reading.grids import Grid
from rosterdiff.reading.headings import NAMES
from rosterdiff.reading.isolated.frames import Found, Kind
from rosterdiff.reading.isolation import open_frames
from rosterdiff.reading.leavings import without_other_tables, without_unfilled
from rosterdiff.reading.locate import Table, find_tables, prefer_headed
from rosterdiff.reading.oneroster import join_export
from rosterdiff.reading.sniff import Format, sniff_format
from rosterdiff.reading.subjects import is_of_students
from rosterdiff.reading.texts import read_text
from rosterdiff.reading.titles import classes_below
from rosterdiff.reading.values import Values, read_values, shown_order
from rosterdiff.reading.workbooks import read_sheets
from rosterdiff.schema import CANONICAL, CLEARS, PLACES
from rosterdiff.sentences import count_of

_UNNAMED: Final = "upload"
_PLAIN_SHEET: Final = (
    r"(?i)^(?:(?:work)?sheet|tab|page|blad|feuil(?:le)?|tabelle|hoja|planilha|foglio|лист|data|list|students?|pupils?|"
    r"class ?list|roster|export|report|term|import|upload|template|all|roll|register)[ _-]*\d*$"
)
"""Names of sheets that are no class."""


@frozen(eq=False)
class Sheet:
    """One sheet that was read: its table, what its columns are, and what they say."""

    table: Table
    columns: Columns
    values: Values


def read_roster(
    source: str | os.PathLike[str] | bytes | BinaryIO,
    *,
    filename: str | None = None,
    options: ReadOptions = ReadOptions(),  # noqa: B008  (frozen)
) -> Roster:
    r"""Read a list of students from a workbook or a text file.

    Args:
        source: a path, the file's bytes, or a binary file object.
        filename: what to call the file in provenance and issues; a path's own name by default.
        options: how to read it.

    Raises:
        UnreadableFile: the file is no readable list of students; faults within it are issues of the roster.

    >>> roster = read_roster(b"Given Name,Surname,DOB\nIlva,Torenbek,2016-03-14\n", filename="3B.csv")
    >>> roster.frame.select("given_name", "birth_date", "source_row").row(0)
    ('Ilva', datetime.date(2016, 3, 14), 2)

    """
    data, name = _take(source, filename, options)
    opened, options = _open(data, name, options)
    grids = [grid for grid in opened if grid.origin.sheet != PROBLEMS_SHEET]
    found = prefer_headed([find_tables(grid, options) for grid in grids])
    sheets = _read_sheets([table for tables in found for table in tables], options)
    if not sheets:
        raise refuse(name, Refusal.NO_TABLE)
    rows = sum(sheet.values.frame.height for sheet in sheets)
    if rows > options.max_rows:
        raise refuse(name, Refusal.TOO_MANY_ROWS, limit=options.max_rows)
    ours = any(sheet.table.is_template for sheet in sheets)
    read = {sheet.table.grid.origin.sheet for sheet in sheets}
    unread = [] if ours else [grid for grid in grids if grid.origin.sheet not in read]
    skipped = [issue for grid in unread for issue in _skipped(grid)]
    return _assemble(name, _with_classes(sheets), skipped)


@frozen(eq=False)
class Upload:
    """A file as it was taken in: its name, its bytes, and the cells of its sheets."""

    filename: str
    data: bytes = field(repr=False)
    grids: tuple[Grid, ...]


def open_upload(
    source: str | os.PathLike[str] | bytes | BinaryIO,
    *,
    filename: str | None = None,
    options: ReadOptions = ReadOptions(),  # noqa: B008  (frozen)
) -> Upload:
    """Take a file in without looking for students in it.

    Raises:
        UnreadableFile: the file is refused, as `read_roster` refuses it.

    """
    data, name = _take(source, filename, options)
    return Upload(name, data, tuple(_open(data, name, options)[0]))


def _take(
    source: str | os.PathLike[str] | bytes | BinaryIO, filename: str | None, options: ReadOptions
) -> tuple[bytes, str]:
    """The bytes and the name of an upload, no more of them than the options allow."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        data, name = bytes(source), filename or _UNNAMED
    elif isinstance(source, (str, os.PathLike)):
        name = filename or Path(source).name
        try:
            with Path(source).open("rb") as file:
                data = file.read(options.max_bytes + 1)
        except OSError as error:
            raise refuse(name, Refusal.NOT_FOUND) from error
    else:
        name = filename or Path(str(getattr(source, "name", _UNNAMED))).name
        data = source.read(options.max_bytes + 1)
    if len(data) > options.max_bytes:
        raise refuse(name, Refusal.TOO_LARGE, limit=options.max_bytes)
    return data, name


def _open(data: bytes, filename: str, options: ReadOptions, *, nested: bool = False) -> tuple[list[Grid], ReadOptions]:
    """The grids of an upload, and the options by which they are read: an export knows its own columns."""
    kind = sniff_format(data, filename)
    if kind is Format.TEXT:
        return [_within_limits(read_text(data, filename, options), options)], options
    if kind is Format.GZIPPED and nested:
        raise refuse(filename, Refusal.NOT_A_SPREADSHEET, found=Found.NESTED)
    with closing(open_frames(data, filename, options, nested=nested)) as frames:
        first = next(frames, None)
        if first is None or first.kind is not Kind.MEMBER:
            return read_sheets(frames if first is None else chain([first], frames), filename), options
        members = {str(frame.message.get("name")): frame.blobs[0] for frame in (first, *frames)}
    if list(members) == [""]:
        return _open(members[""], filename, options, nested=True)
    grid, options = join_export(members, filename, options)
    return [grid], options


def _within_limits(grid: Grid, options: ReadOptions) -> Grid:
    """The grid of a text file, whose cells are known only when it is cut."""
    if any(_exceeds(column, options.max_cell_length) for column in grid.cells):
        raise refuse(grid.origin.file or "", Refusal.CELL_TOO_LONG, limit=options.max_cell_length)
    return grid


def _exceeds(cells: pl.Series, length: int) -> bool:
    """Whether a cell has more characters; those of the few that have more bytes are counted."""
    sizes = cells.str.len_bytes()
    if int(sizes.max() or 0) <= length:  # type: ignore[arg-type]  # a number
        return False
    return bool((cells.filter(sizes > length).str.len_chars() > length).any())


def _read_sheets(tables: list[Table], options: ReadOptions) -> list[Sheet]:
    """Read every table; what the dates of one leave open, those of the others may settle."""
    checked = [take_checks(table) for table in tables]
    understood = [
        (_students_of(table, columns), columns)
        for table in checked
        if is_of_students(table, columns := understand_columns(table, options))
    ]
    shown = cache(lambda: shown_order(understood))
    return [_read_sheet(table, columns, read_values(table, columns, options, shown)) for table, columns in understood]


def _students_of(table: Table, columns: Columns) -> Table:
    """The table without the rows that, by what its columns mean, are no students."""
    places = {name: column.position for name, column in columns.of_fields.items()}
    of_names = [position for name, position in places.items() if name in NAMES]
    return without_unfilled(without_other_tables(table, of_names), list(places.values()))


def _read_sheet(table: Table, columns: Columns, values: Values) -> Sheet:
    shifts = find_shifts(table, columns, values.frame)
    return _with_title(Sheet(table, columns, evolve(values, issues=(*values.issues, *shifts))))


def _with_title(sheet: Sheet) -> Sheet:
    """The class that titles above the students name, where no column does."""
    values, table = sheet.values, sheet.table
    if not table.titles or "class_name" in values.frame.columns:
        return sheet
    classes = classes_below(table.titles, table.body["index"])
    rows = count_of(len(classes) - classes.null_count(), "row")
    issue = table.grid.origin.issue(Code.CLASS_FROM_TITLE, table.header_cell(0), rows=rows)
    frame = values.frame.with_columns(classes)
    return evolve(sheet, values=evolve(values, frame=frame, issues=(*values.issues, issue)))


def _skipped(grid: Grid) -> tuple[Issue, ...]:
    return grid.issues if grid.hidden else (*grid.issues, grid.origin.issue(Code.SHEET_SKIPPED))


def _with_classes(sheets: list[Sheet]) -> list[Sheet]:
    """One sheet a class: where several sheets have students and none a column for it, their names are the classes."""
    names = pl.Series([sheet.table.grid.origin.sheet or "" for sheet in sheets])
    plain = names.str.strip_chars().str.contains(_PLAIN_SHEET).any()
    if len(sheets) < 2 or plain or any("class_name" in sheet.values.frame.columns for sheet in sheets):
        return sheets
    return [_with_class(sheet) for sheet in sheets]


def _with_class(sheet: Sheet) -> Sheet:
    values, origin = sheet.values, sheet.table.grid.origin
    frame = values.frame.with_columns(class_name=pl.lit((origin.sheet or "").strip()))
    issue = origin.issue(Code.CLASS_FROM_SHEET, rows=count_of(frame.height, "row"))
    return evolve(sheet, values=evolve(values, frame=frame, issues=(*values.issues, issue)))


def _assemble(filename: str, sheets: list[Sheet], skipped: list[Issue]) -> Roster:
    frames = [
        sheet.values.frame.with_columns(
            source_file=pl.lit(filename), source_sheet=pl.lit(sheet.table.grid.origin.sheet, dtype=pl.String)
        )
        for sheet in sheets
    ]
    whole = pl.concat(frames, how="diagonal")
    absent = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in CANONICAL.items() if name not in whole.columns]
    issues = [issue for sheet in sheets for issue in _issues(sheet)]
    return Roster(
        frame=number_rows(whole.with_columns(absent)),
        issues=issues_frame([*issues, *skipped]),
        places=_places(filename, sheets),
        clears=_clears(sheets),
    )


def _issues(sheet: Sheet) -> list[Issue]:
    table = sheet.table
    empty = [table.grid.origin.issue(Code.NO_ROWS)] if table.body.is_empty() else []
    return [*table.grid.issues, *empty, *table.issues, *sheet.columns.issues, *sheet.values.issues]


def _places(filename: str, sheets: list[Sheet]) -> pl.DataFrame:
    """Where each field stands; not where tables of one sheet have it in different columns, of which none is right."""
    rows = [
        (filename, sheet.table.grid.origin.sheet, name, column.header, sheet.table.grid.letters(column.position),
         column.known_by.value, CONFIDENCE[column.known_by], sheet.table.header_row)
        for sheet in sheets
        for column in sheet.columns.columns
        for name in _filled_by(column, sheet.values.frame)
    ]  # fmt: skip
    of_field = ["source_file", "source_sheet", "field"]
    places = pl.DataFrame(rows, schema=PLACES, orient="row").unique([*of_field, "column"], maintain_order=True)
    return places.filter(pl.col("column").n_unique().over(of_field) == 1)


def _filled_by(column: Column, frame: pl.DataFrame) -> list[str]:
    """The roster's columns that a column fills: itself, or the parts of a full name."""
    if column.field is None:
        return [column.name]
    if column.field in CANONICAL:
        return [column.field]
    if column.field == Composite.SECOND_FAMILY:
        return []  # it is part of what the first family name's column fills
    return [name for name in ("given_name", "middle_name", "family_name", "name_suffix") if name in frame.columns]


def _clears(sheets: list[Sheet]) -> pl.DataFrame:
    frames, above = [], 0
    for sheet in sheets:
        for name, rows in sheet.values.clears.items():
            frames.append(
                pl.DataFrame({"row": rows.cast(pl.UInt32) + above, "field": pl.repeat(name, len(rows), eager=True)})
            )
        above += sheet.values.frame.height
    return pl.concat(frames).cast(CLEARS).sort("row", "field") if frames else pl.DataFrame(schema=CLEARS)
