"""The class and the school of each user of a OneRoster export, where the export says which one it is.

Invariants: one row a user, in the order of `users.csv`; a null key joins nothing; of several values that nothing ranks
none is taken, and the user is marked as undecided.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

import polars as pl

_HOMEROOM, _MAIN, _OTHER = 0, 1, 2
_CHOSEN: Final = {_HOMEROOM: "homeroom", _MAIN: "main"}


def choose_classes(tables: Mapping[str, pl.DataFrame], users: pl.DataFrame, as_of: date | None) -> pl.DataFrame:
    """`class_name`, `class_school`, `chosen`, `undecided` of each user.

    A homeroom comes before a class marked as primary, and that before the others; what a student has one of is taken.
    """
    enrolled = _enrolments(tables, as_of).join(_classes(tables), on="classsourcedid", how="inner")
    ranked = enrolled.with_columns(
        rank=pl.when(pl.col("classtype") == "homeroom")
        .then(_HOMEROOM)
        .when(pl.col("primary").is_in(["true", "1", "yes"]))
        .then(_MAIN)
        .otherwise(_OTHER)
    )
    best = ranked.group_by("usersourcedid").agg(
        best=pl.col("rank").min(),
        classes=pl.col("classsourcedid").n_unique(),
        at_best=pl.col("classsourcedid").filter(pl.col("rank") == pl.col("rank").min()).n_unique(),
        class_name=pl.col("class_name").filter(pl.col("rank") == pl.col("rank").min()).first(),
        class_school=pl.col("schoolsourcedid").filter(pl.col("rank") == pl.col("rank").min()).first(),
        schools=pl.col("schoolsourcedid").drop_nulls().n_unique(),
    )
    single = pl.col("at_best") == 1
    chosen = best.select(
        pl.col("usersourcedid").alias("sourcedid"),
        class_name=pl.when(single).then("class_name"),
        class_school=pl.when(single | (pl.col("schools") == 1)).then("class_school"),
        chosen=pl.when(single & (pl.col("classes") > 1)).then(
            pl.col("best").replace_strict(_CHOSEN, default=None, return_dtype=pl.String)
        ),
        undecided=~single,
    )
    return users.select("sourcedid").join(chosen, on="sourcedid", how="left", maintain_order="left")


def _enrolments(tables: Mapping[str, pl.DataFrame], as_of: date | None) -> pl.DataFrame:
    """User, class and `primary` of the enrolments of students; of those in effect on the day, if one is given."""
    table = with_columns(
        tables.get("enrollments.csv"), "usersourcedid", "classsourcedid", "role", "primary", "begindate", "enddate"
    )
    table = table.filter(pl.col("role").str.to_lowercase().fill_null("student") == "student")
    if as_of is not None:
        begins = pl.col("begindate").str.slice(0, 10).str.to_date(strict=False).fill_null(as_of)
        ends = pl.col("enddate").str.slice(0, 10).str.to_date(strict=False).fill_null(as_of)
        table = table.filter((begins <= as_of) & (ends >= as_of))
    return table.select("usersourcedid", "classsourcedid", pl.col("primary").str.to_lowercase()).drop_nulls(
        ["usersourcedid", "classsourcedid"]
    )


def _classes(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    table = with_columns(tables.get("classes.csv"), "sourcedid", "title", "classcode", "classtype", "schoolsourcedid")
    return (
        table.select(
            pl.col("sourcedid").alias("classsourcedid"),
            pl.coalesce("title", "classcode").alias("class_name"),
            pl.col("classtype").str.to_lowercase(),
            "schoolsourcedid",
        )
        .drop_nulls(["classsourcedid", "class_name"])
        .unique("classsourcedid", keep="first", maintain_order=True)
    )


def choose_schools(tables: Mapping[str, pl.DataFrame], users: pl.DataFrame, classes: pl.DataFrame) -> pl.DataFrame:
    """`school`, `undecided` of each user: the main one, else the only one, else that of the class."""
    orgs = with_columns(tables.get("orgs.csv"), "sourcedid", "name", "type").drop_nulls(["sourcedid", "name"])
    schools = orgs.filter(pl.col("type").str.to_lowercase().fill_null("school") == "school").unique(
        "sourcedid", keep="first", maintain_order=True
    )
    names = schools.select(org="sourcedid", school="name")
    listed = _listed(tables, users).join(names, on="org", how="inner").group_by("sourcedid").agg(
        pl.col("school").first(), listed=pl.col("org").n_unique()
    )  # fmt: skip
    person = with_columns(users, "sourcedid", "primaryorgsourcedid").select("sourcedid", org="primaryorgsourcedid")
    main = person.join(names, on="org", how="left", maintain_order="left")["school"]
    room = classes.select(org="class_school").join(names, on="org", how="left", maintain_order="left")["school"]
    of_list = users.select("sourcedid").join(listed, on="sourcedid", how="left", maintain_order="left")
    return pl.DataFrame({"main": main, "room": room, "listed": of_list["listed"], "only": of_list["school"]}).select(
        school=pl.coalesce("main", pl.when(pl.col("listed") == 1).then("only"), "room"),
        undecided=(pl.col("listed") > 1) & pl.col("main").is_null() & pl.col("room").is_null(),
    )


def _listed(tables: Mapping[str, pl.DataFrame], users: pl.DataFrame) -> pl.DataFrame:
    """User and org, a row for each that the user belongs to: in `users.csv` (1.1), in `roles.csv` (1.2)."""
    own = with_columns(users, "sourcedid", "orgsourcedids").select(
        "sourcedid", org=pl.col("orgsourcedids").str.split(",")
    )
    roles = with_columns(tables.get("roles.csv"), "usersourcedid", "orgsourcedid")
    both = [own.explode("org"), roles.select(sourcedid="usersourcedid", org="orgsourcedid")]
    return pl.concat(both).with_columns(pl.col("org").str.strip_chars()).drop_nulls()


def with_columns(table: pl.DataFrame | None, *names: str) -> pl.DataFrame:
    """These columns of a table; empty ones where it lacks them, no rows where there is no table."""
    if table is None:
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    absent = [pl.lit(None, dtype=pl.String).alias(name) for name in names if name not in table.columns]
    return table.with_columns(absent).select(names)
