"""The files of a OneRoster export (1.1, 1.2; bulk, delta) → one grid: the students of `users.csv` with what others add.

Invariants: the grid keeps the rows of `users.csv`, so that every cell is one of that file, and what is joined stands at
the user's `sourcedId`; rows that are no students are blank; of several classes or schools none is taken that nothing
names as the main one. Files that the manifest calls absent are not read.

Source: 1EdTech OneRoster 1.1 and 1.2 CSV bindings.
"""

from collections.abc import Mapping
from typing import Final

import polars as pl
from attrs import evolve, field, frozen

from rosterdiff.config import ReadOptions
from rosterdiff.issues import Code, Origin, Refusal, refuse
from rosterdiff.model import Issue
from rosterdiff.reading.grids import Grid
from rosterdiff.reading.oneroster_joins import choose_classes, choose_schools
from rosterdiff.reading.texts import read_text
from rosterdiff.sentences import count_of

USERS: Final = "users.csv"
_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "given_name": ("givenname",),
    "middle_name": ("middlename",),
    "family_name": ("familyname",),
    "preferred_given_name": ("preferredgivenname", "prefferedgivenname"),
    "preferred_family_name": ("preferredfamilyname", "prefferedfamilyname"),
    "username": ("username",),
    "email": ("email",),
    "grade": ("grades",),
}
"""Field → the headers of `users.csv` that are it; some exporters misspell them."""

_BOOKKEEPING: Final = (
    "status", "datelastmodified", "enableduser", "orgsourcedids", "primaryorgsourcedid", "role", "userids",
    "agentsourcedids",
)  # fmt: skip
"""Columns that say how the export is made, or point to other files; nothing of them is kept."""

_JOINED: Final = {
    "class_name": "class (enrollments.csv)",
    "school": "school (orgs.csv)",
    "birth_date": "birthDate (demographics.csv)",
    "gender": "sex (demographics.csv)",
}
_NEEDED: Final = {
    "class_name": ("enrollments.csv", "classes.csv"),
    "school": ("orgs.csv",),
    "birth_date": ("demographics.csv",),
}
_SPOKEN: Final = {"class_name": "the class", "school": "the school", "birth_date": "the birth date"}
_VERSIONS: Final = ("1.1", "1.2")


@frozen(eq=False)
class Export:
    """The files of an export as tables: headers in small letters, cells stripped, what is to be deleted left out.

    Attributes:
        tables: name → table; of `users.csv` all rows.
        users: the grid of `users.csv` as it stands.
        delta: it lists what changed, and no more.
        known: its manifest names a version that is read here.

    """

    tables: Mapping[str, pl.DataFrame] = field(repr=False)
    users: Grid = field(repr=False)
    delta: bool
    known: bool


def join_export(members: Mapping[str, bytes], filename: str, options: ReadOptions) -> tuple[Grid, ReadOptions]:
    """The students of an export as one grid, and the options by which its columns are known.

    Raises:
        UnreadableFile: it has no users, or a file of it cannot be read.

    """
    export = _read_export(members, filename, options)
    users = export.tables[USERS]
    if "sourcedid" not in users.columns:
        return export.users, options
    kept, issues = _keep_students(export, filename)
    joined, undecided = _join(export, users, kept, options)
    grid = _blank(export.users, users, kept)
    headers = [(field, _JOINED[field], values) for field, values in joined.items()]
    cells = grid.cells.with_columns(
        pl.concat([pl.Series([header], dtype=pl.String), values]).alias(str(grid.cells.width + place))
        for place, (_, header, values) in enumerate(headers)
    )
    at = users.columns.index("sourcedid")
    grid = evolve(
        grid,
        cells=cells,
        shown_at=(*range(grid.cells.width), *[at] * len(headers)),
        issues=(*grid.issues, *issues, *undecided),
    )
    named = _named(export.users, users.filter(kept), options) | {field: header for field, header, _ in headers}
    return grid, evolve(options, columns={**named, **options.columns})


def _origin(filename: str) -> Origin:
    return Origin(filename, USERS)


def _read_export(members: Mapping[str, bytes], filename: str, options: ReadOptions) -> Export:
    manifest = dict[str, str]()
    if "manifest.csv" in members:
        rows = read_text(members["manifest.csv"], filename, options).cells.rows()
        manifest = {
            row[0].strip().casefold(): (row[1] or "").strip().casefold() for row in rows if len(row) > 1 and row[0]
        }
    used = {name: data for name, data in members.items() if manifest.get(f"file.{name[:-4]}") != "absent"}
    if USERS not in used:
        raise refuse(filename, Refusal.NO_TABLE)
    grids = {name: read_text(data, filename, options) for name, data in used.items() if name != "manifest.csv"}
    tables = {name: _table(grid) for name, grid in grids.items()}
    others = {name: _without_removed(table) for name, table in tables.items() if name != USERS}
    named = _origin(filename)
    issues = tuple(evolve(issue, source_sheet=USERS) for issue in grids[USERS].issues)
    return Export(
        tables={USERS: tables[USERS], **others},
        users=evolve(grids[USERS], origin=named, issues=issues),
        delta=manifest.get("file.users") == "delta",
        known=manifest.get("oneroster.version") in _VERSIONS,
    )


def _table(grid: Grid) -> pl.DataFrame:
    """A file's rows below its header, under the header's words in small letters; of two equal ones the first counts."""
    if grid.cells.is_empty():
        return pl.DataFrame()
    names, taken = dict[str, str](), set[str]()
    for position, header in enumerate(grid.cells.row(0)):
        name = (header or "").strip().casefold()
        names[str(position)] = f"\0{position}" if not name or name in taken else name
        taken.add(name)
    return grid.cells.slice(1).select(pl.all().str.strip_chars()).rename(names)


def _without_removed(table: pl.DataFrame) -> pl.DataFrame:
    return table.filter(~_is(table, "status", "tobedeleted")) if "status" in table.columns else table


def _is(table: pl.DataFrame, column: str, *words: str) -> pl.Series:
    """The rows whose cell is one of these words; none where the column is missing."""
    if column not in table.columns:
        return pl.repeat(value=False, n=table.height, dtype=pl.Boolean, eager=True)
    return table[column].str.to_lowercase().is_in(words).fill_null(value=False)


def _keep_students(export: Export, filename: str) -> tuple[pl.Series, list[Issue]]:
    """The rows that are students of this list, and what is to be said of the others and of the export."""
    users, origin = export.tables[USERS], _origin(filename)
    students, known = _students(export)
    filled = users["sourcedid"].is_not_null()
    removed = students & _is(users, "status", "tobedeleted")
    disabled = students & ~removed & _is(users, "enableduser", "false", "0", "no")
    others = filled & ~students
    kept = students & ~removed & ~(disabled & export.delta)
    taken = "left out, since this is a delta" if export.delta else "read like the others"
    found: tuple[tuple[Code, pl.Series, dict[str, str]], ...] = (
        (Code.ONEROSTER_OTHERS, others, {}),
        (Code.ONEROSTER_REMOVED, removed, {}),
        (Code.ONEROSTER_DISABLED, disabled, {"taken": taken}),
    )
    issues = [] if export.known else [origin.issue(Code.ONEROSTER_MANIFEST)]
    issues += [origin.issue(Code.ONEROSTER_DELTA)] if export.delta else []
    if not known:
        issues.append(origin.issue(Code.ONEROSTER_INCOMPLETE, file="roles.csv", missing="who is a student"))
    for code, rows, facts in found:
        at = users.columns.index("sourcedid")
        cells = [export.users.cell(at, row + 1) for row in rows.arg_true().to_list()]
        issues += origin.group(code, cells, rows=count_of(len(cells), "row"), **facts)
    return kept, issues


def _students(export: Export) -> tuple[pl.Series, bool]:
    """Which users are students: by their role (1.1), by `roles.csv` (1.2), else by their enrolments; else all are."""
    users = export.tables[USERS]
    if "role" in users.columns:
        return _is(users, "role", "student"), True
    for name in ("roles.csv", "enrollments.csv"):
        table = export.tables.get(name)
        if table is not None and {"usersourcedid", "role"} <= set(table.columns):
            students = table.filter(_is(table, "role", "student"))["usersourcedid"].drop_nulls()
            return users["sourcedid"].is_in(students.implode()).fill_null(value=False), True
    return users["sourcedid"].is_not_null(), False


def _join(
    export: Export, users: pl.DataFrame, kept: pl.Series, options: ReadOptions
) -> tuple[dict[str, pl.Series], list[Issue]]:
    """What the other files say of each user, as columns as long as `users.csv`."""
    origin = export.users.origin
    classes = choose_classes(export.tables, users, options.as_of)
    schools = choose_schools(export.tables, users, classes)
    people = users.select("sourcedid").join(
        _demographics(export.tables), on="sourcedid", how="left", maintain_order="left"
    )
    joined = {
        "class_name": classes["class_name"],
        "school": schools["school"],
        "birth_date": people["birthdate"],
        "gender": people["sex"],
    }
    issues = _absent_files(export)
    for chosen, word in (("homeroom", "homeroom"), ("main", "class marked as primary")):
        rows = (classes["chosen"] == chosen).fill_null(value=False) & kept
        if rows.any():
            issues.append(origin.issue(Code.ONEROSTER_CHOSEN, rows=count_of(int(rows.sum()), "student"), chosen=word))
    for name, found in (("class_name", classes), ("school", schools)):
        rows = found["undecided"].fill_null(value=False) & kept
        if rows.any():
            facts = {"rows": count_of(int(rows.sum()), "student"), "field": _SPOKEN[name]}
            issues.append(origin.issue(Code.ONEROSTER_UNDECIDED, **facts))
    values = pl.DataFrame(joined).select(pl.when(kept).then(pl.col(name)).alias(name) for name in joined)
    return {column.name: column for column in values if column.null_count() < len(column)}, issues


def _demographics(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    empty = {"sourcedid": pl.String, "birthdate": pl.String, "sex": pl.String}
    table = tables.get("demographics.csv")
    if table is None or "sourcedid" not in table.columns:
        return pl.DataFrame(schema=empty)
    absent = [pl.lit(None, dtype=pl.String).alias(name) for name in empty if name not in table.columns]
    return table.with_columns(absent).select(list(empty)).drop_nulls("sourcedid").unique(
        "sourcedid", keep="first", maintain_order=True
    )  # fmt: skip


def _absent_files(export: Export) -> list[Issue]:
    """Files without which a field is not known; a delta need not have them."""
    if export.delta:
        return []
    return [
        export.users.origin.issue(Code.ONEROSTER_INCOMPLETE, file=name, missing=_SPOKEN[field])
        for field, names in _NEEDED.items()
        for name in names
        if name not in export.tables
    ]


def _blank(grid: Grid, users: pl.DataFrame, kept: pl.Series) -> Grid:
    """The grid of users with nothing in the rows that are left out, and nothing in columns of bookkeeping."""
    stay = pl.concat([pl.Series([True]), kept]).alias("stay")
    unwanted = [str(place) for place, name in enumerate(users.columns) if name in _BOOKKEEPING]
    cells = grid.cells.select(
        pl.lit(None, dtype=pl.String).alias(name) if name in unwanted else pl.when(stay).then(pl.col(name)).alias(name)
        for name in grid.cells.columns
    )
    return evolve(grid, cells=cells)


def _named(grid: Grid, students: pl.DataFrame, options: ReadOptions) -> dict[str, str]:
    """Field → header of `users.csv`: the number that the school writes, else the export's own key, is the number."""
    written = {name: (text or "").strip() for name, text in zip(students.columns, grid.cells.row(0), strict=True)}
    named = {field: written[name] for field, names in _FIELDS.items() for name in names if name in written}
    has_number = "identifier" in students.columns and students["identifier"].null_count() < students.height
    if options.base:
        named["student_id"] = written["sourcedid"]
    if has_number:
        named["student_number"] = written["identifier"]
    elif not options.base:
        named["student_number"] = written["sourcedid"]
    return named
