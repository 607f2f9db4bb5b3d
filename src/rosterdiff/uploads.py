"""Several uploads → one incoming roster: repeated uploads once, one student once, contradictions kept and named.

Invariants: uploads are ordered by file name and content, so that the order in which they came changes nothing; every
row keeps its provenance; a row is left out only if another file's row of the same student says nothing else; what
cannot be settled stays, as a doubt between two rows and an issue with both cells.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import polars as pl
from attrs import evolve, field, frozen

from rosterdiff.config import NAME_FIELDS, Classes, Policy
from rosterdiff.frames import Roster, number_rows
from rosterdiff.genders import gender_key
from rosterdiff.issues import MOST_CELLS, RULES, Code, Origin, cells_of, complete_issues, issues_frame
from rosterdiff.model import Doubt, Issue
from rosterdiff.names import fold, map_distinct
from rosterdiff.schema import CANONICAL, CLEARS, DOUBTS, ISSUES, conform, empty
from rosterdiff.sentences import field_label

_EVIDENCE: Final = ("birth_date", "student_number", "student_id")
_KEY_OF: Final = {
    **dict.fromkeys((*NAME_FIELDS, "class_name", "school", "username", "email"), fold),
    "gender": gender_key,
}
"""Fields that are compared by a key of theirs, not by their text."""

_CLEARED: Final = "<clear>"
_MOST_NAMESAKES: Final = 60
"""Of more rows of one name only neighbours are compared, in the order of birth date, number and row."""


def compile_uploads(rosters: Iterable[Roster], *, policy: Policy = Policy()) -> Roster:  # noqa: B008  (frozen)
    """Compile uploads into one incoming roster.

    Two rows of two files with the same names (folded) and an equal birth date, number or id are one student. If no
    field that both have differs, they become one row: the first by file name and row, filled from the others. If one
    differs, both stay, with a `contradict` doubt. Equal rows of one file, and rows of the same names that nothing
    tells apart though no date or number joins them, stay with a `duplicate` doubt.

    Args:
        rosters: the uploads as read, in any order.
        policy: with `classes="many"`, rows of one student may differ by class: the first class stays.

    >>> from rosterdiff.frames import Roster
    >>> rows = {"given_name": ["Ilva"], "family_name": ["Torenbek"], "birth_date": ["2016-03-14"]}
    >>> first = Roster.from_frame(pl.DataFrame({**rows, "grade": ["3"]}), source_file="a.csv")
    >>> second = Roster.from_frame(pl.DataFrame({**rows, "class_name": ["3B"]}), source_file="b.csv")
    >>> compile_uploads([second, first]).frame.select("source_file", "grade", "class_name").rows()
    [('a.csv', '03', '3B')]

    """
    ordered = sorted(rosters, key=lambda roster: (_name_of(roster), roster.digest))
    distinct, repeated = _without_repeats(ordered)
    named, renamed = _with_distinct_names(distinct)
    whole = _concatenate(named)
    pairs = _compare_namesakes(whole, policy)
    merged = _merged_rows(whole, pairs)
    doubts = _doubts(pairs, merged)
    issues = [
        whole.issues,
        issues_frame([*repeated, *renamed]),
        _repeated_rows(whole, merged),
        _doubtful_rows(whole, doubts),
    ]
    return _without_merged(evolve(whole, issues=pl.concat(issues), doubts=_with_earlier(whole, doubts)), merged)


def _name_of(roster: Roster) -> str:
    names = roster.frame["source_file"].drop_nulls()
    places = roster.places["source_file"].drop_nulls()
    return min([*names.unique().to_list(), *places.unique().to_list()], default="")


def _without_repeats(ordered: Sequence[Roster]) -> tuple[list[Roster], list[Issue]]:
    """Uploads of one content count once; those without rows have no content to repeat."""
    first: dict[str, str] = {}
    kept: list[Roster] = []
    issues: list[Issue] = []
    for roster in ordered:
        name = _name_of(roster)
        if len(roster) and roster.digest in first:
            other = first[roster.digest] or "another upload"
            issues.append(Origin(name or None).issue(Code.UPLOAD_REPEATED, other=other))
        else:
            first.setdefault(roster.digest, name)
            kept.append(roster)
    return kept, issues


def _with_distinct_names(rosters: Sequence[Roster]) -> tuple[list[Roster], list[Issue]]:
    """Uploads of one name and different content: the second gets a number behind its name."""
    taken: set[str] = set()
    named: list[Roster] = []
    issues: list[Issue] = []
    for roster in rosters:
        files = sorted({*roster.frame["source_file"].drop_nulls(), *roster.places["source_file"].drop_nulls()})
        new_names = {name: _numbered(name, taken) for name in files if name in taken}
        issues += [Origin(new).issue(Code.UPLOAD_NAME_TWICE, other=new) for new in new_names.values()]
        named.append(_rename(roster, new_names) if new_names else roster)
        taken |= {new_names.get(name, name) for name in files}
    return named, issues


def _numbered(name: str, taken: set[str]) -> str:
    count = 2
    while f"{name} ({count})" in taken:
        count += 1
    return f"{name} ({count})"


def _rename(roster: Roster, new_names: dict[str, str]) -> Roster:
    file = pl.col("source_file").replace(new_names)
    return evolve(
        roster,
        frame=roster.frame.with_columns(file),
        issues=roster.issues.with_columns(file),
        places=roster.places.with_columns(file),
    )


def _concatenate(rosters: Sequence[Roster]) -> Roster:
    """All rosters below one another, their rows, clears and doubts numbered anew."""
    if not rosters:
        return Roster(number_rows(pl.DataFrame(schema=CANONICAL)))
    offsets = [0]
    for roster in rosters:
        offsets.append(offsets[-1] + len(roster))
    numbered = list(zip(rosters, offsets, strict=False))
    return Roster(
        frame=number_rows(pl.concat([roster.frame.drop("row") for roster in rosters], how="diagonal")),
        issues=pl.concat([roster.issues for roster in rosters]),
        places=pl.concat([roster.places for roster in rosters]),
        clears=pl.concat([r.clears.with_columns(pl.col("row") + above) for r, above in numbered]).cast(CLEARS),
        doubts=pl.concat(
            [r.doubts.with_columns(pl.col("row", "other_row") + above) for r, above in numbered]
        ).cast(DOUBTS),
    )  # fmt: skip


@frozen(eq=False)
class _Pairs:
    """Rows of the same names, two by two.

    Attributes:
        frame: `row` < `other_row`; `same_file`; `evident`: a date or number joins them; `differing`: the fields that
            both have and that differ, in the order of the roster's columns; `by_class`: only the class differs and
            may.

    """

    frame: pl.DataFrame = field(repr=False)

    @property
    def mergeable(self) -> pl.DataFrame:
        """Pairs that are one student and say nothing different."""
        agree = pl.col("differing").list.len() == 0
        return self.frame.filter("evident", (agree & ~pl.col("same_file")) | pl.col("by_class"))

    @property
    def doubtful(self) -> pl.DataFrame:
        """Pairs that a person must look at, with `doubt`."""
        agree = pl.col("differing").list.len() == 0
        contradict = pl.col("evident") & ~agree & ~pl.col("by_class")
        duplicate = agree & (pl.col("same_file") | ~pl.col("evident"))
        doubt = pl.when(contradict).then(pl.lit(Doubt.CONTRADICT.value)).otherwise(pl.lit(Doubt.DUPLICATE.value))
        return self.frame.filter(contradict | duplicate).with_columns(doubt.cast(DOUBTS["doubt"]).alias("doubt"))


def _compare_namesakes(whole: Roster, policy: Policy) -> _Pairs:
    """Compare the rows of one name; those with ids of two accounts are two children, and no pair."""
    fields = [name for name in (*CANONICAL, *sorted(policy.update_fields)) if name in whole.frame.columns]
    fields = list(dict.fromkeys(fields))
    keys = _comparable(whole, fields)
    pairs = _namesakes(keys)
    both = pairs.join(keys, on="row", how="left", maintain_order="left").join(
        keys, left_on="other_row", right_on="row", how="left", suffix="_other", maintain_order="left"
    )
    both = both.filter(~_differs("student_id"))
    differing = pl.concat_list(pl.when(_differs(name)).then(pl.lit(name)) for name in fields).list.drop_nulls()
    evident = pl.any_horizontal(pl.col(name) == pl.col(f"{name}_other") for name in _EVIDENCE)
    may_differ = pl.lit(policy.classes is Classes.MANY)
    return _Pairs(
        both.select(
            "row",
            "other_row",
            same_file=pl.col("file").eq_missing(pl.col("file_other")),
            evident=evident.fill_null(value=False),
            differing=differing,
        ).with_columns(by_class=may_differ & (pl.col("differing").list.join(",") == "class_name"))
    )


def _differs(name: str) -> pl.Expr:
    """Whether a field that both rows have differs; a middle name and its initial do not."""
    one, other = pl.col(name), pl.col(f"{name}_other")
    differs = one != other
    if name == "middle_name":
        differs &= ~(one.str.starts_with(other) | other.str.starts_with(one))
    return differs.fill_null(value=False)


def _comparable(whole: Roster, fields: Sequence[str]) -> pl.DataFrame:
    """What is compared of each row, as text: names and words folded, and a wish to clear as a value of its own."""
    frame = whole.frame
    columns = [
        map_distinct(frame[name], _KEY_OF[name]).alias(name) if name in _KEY_OF else frame[name].cast(pl.String)
        for name in fields
    ]
    keys = pl.DataFrame([frame["row"], frame["source_file"].alias("file"), *columns])
    wishes = whole.clears.filter(pl.col("field").is_in(list(fields)))
    for name in wishes["field"].unique(maintain_order=True):
        rows = wishes.filter(field=name)["row"].implode()
        keys = keys.with_columns(pl.when(pl.col("row").is_in(rows)).then(pl.lit(_CLEARED)).otherwise(name).alias(name))
    return keys


def _namesakes(keys: pl.DataFrame) -> pl.DataFrame:
    """Pairs of rows whose given and family names are the same; a missing name is like no other."""
    names = ("given_name", "family_name")
    several = (
        keys.select("row", *names, *_EVIDENCE)
        .drop_nulls(list(names))
        .with_columns(namesakes=pl.len().over(names))
        .filter(pl.col("namesakes") > 1)
    )
    few = several.filter(pl.col("namesakes") <= _MOST_NAMESAKES).select("row", *names)
    all_pairs = few.join(few.rename({"row": "other_row"}), on=list(names)).select("row", "other_row")
    many = several.filter(pl.col("namesakes") > _MOST_NAMESAKES).sort(*names, *_EVIDENCE, "row")
    neighbours = many.select("row", other_row=pl.col("row").shift(-1).over(names)).drop_nulls()
    low_high = (pl.min_horizontal("row", "other_row").alias("row"), pl.max_horizontal("row", "other_row"))
    pairs = pl.concat([all_pairs.filter(pl.col("row") < pl.col("other_row")), neighbours])
    return pairs.select(low_high[0], low_high[1].alias("other_row")).unique().sort("row", "other_row")


def _merged_rows(whole: Roster, pairs: _Pairs) -> pl.DataFrame:
    """Row → the row that it becomes one with (`into`), for groups in which nothing is doubtful."""
    edges = pairs.mergeable.select("row", "other_row")
    labels = whole.frame.select("row", into="row")
    while not edges.is_empty():
        low = _least_neighbour(edges, labels)
        if low.equals(labels):
            break
        labels = low
    doubtful = pairs.doubtful.select("row", "other_row").join(labels, on="row").join(
        labels, left_on="other_row", right_on="row", suffix="_other"
    )  # fmt: skip
    spoilt = doubtful.filter(pl.col("into") == pl.col("into_other"))["into"].unique()
    return labels.filter(pl.col("row") != pl.col("into"), ~pl.col("into").is_in(spoilt.implode())).sort("row")


def _least_neighbour(edges: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """One step of spreading the least label along the edges, both ways."""
    both = pl.concat([edges, edges.select(row="other_row", other_row="row")])
    near = both.join(labels, left_on="other_row", right_on="row").group_by("row").agg(near=pl.col("into").min())
    joined = labels.join(near, on="row", how="left", maintain_order="left")
    return joined.select("row", into=pl.min_horizontal("into", "near"))


def _doubts(pairs: _Pairs, merged: pl.DataFrame) -> pl.DataFrame:
    """Every doubtful pair, and pairs that would have become one but for a doubt in their group."""
    unmerged = pairs.mergeable.filter(
        ~(pl.col("row").is_in(merged["row"].implode()) | pl.col("row").is_in(merged["into"].implode()))
    ).with_columns(pl.lit(Doubt.DUPLICATE.value).cast(DOUBTS["doubt"]).alias("doubt"))
    return pl.concat([pairs.doubtful, unmerged]).sort("row", "other_row", "doubt")


def _with_earlier(whole: Roster, doubts: pl.DataFrame) -> pl.DataFrame:
    """The doubts of this compiling with those that the rosters already carried."""
    both = pl.concat([whole.doubts, conform(doubts, DOUBTS)])
    return both.unique(["row", "other_row"], keep="first", maintain_order=True).sort("row", "other_row")


def _without_merged(whole: Roster, merged: pl.DataFrame) -> Roster:
    """Rows that are one student as one row, filled from the others in their order; everything numbered anew."""
    if merged.is_empty():
        return whole
    into = whole.frame.select("row").join(merged, on="row", how="left", maintain_order="left")
    target = into.select("row", into=pl.coalesce("into", "row"))
    filled = (
        whole.frame.join(merged, on="row", how="left", maintain_order="left")
        .filter(pl.coalesce("into", "row").is_in(merged["into"].implode()))
        .group_by(key=pl.coalesce("into", "row"), maintain_order=True)
        .agg(pl.exclude("into", *_PROVENANCE).drop_nulls().first(), pl.col(_PROVENANCE).first())
        .drop("key")
        .select(whole.frame.columns)
    )
    alone = whole.frame.filter(~pl.col("row").is_in(target.filter(_is_grouped(merged))["row"].implode()))
    frame = pl.concat([alone, filled]).sort("row")
    numbers = frame.select(into="row").with_row_index("number")
    moved = target.join(numbers, on="into").select("row", pl.col("number").cast(pl.UInt32))
    return evolve(
        whole,
        frame=number_rows(frame),
        clears=_renumber(whole.clears, moved, "row")
        .select(list(CLEARS))
        .unique(maintain_order=True)
        .sort("row", "field"),
        doubts=_renumber(_renumber(whole.doubts, moved, "row"), moved, "other_row").select(list(DOUBTS)),
    )


_PLACE: Final = ("source_file", "source_sheet", "source_row")
_PROVENANCE: Final = ("row", *_PLACE)


def _is_grouped(merged: pl.DataFrame) -> pl.Expr:
    return pl.col("into").is_in(merged["into"].implode())


def _renumber(frame: pl.DataFrame, moved: pl.DataFrame, name: str) -> pl.DataFrame:
    renamed = moved.rename({"row": name})
    return frame.join(renamed, on=name, how="inner", maintain_order="left").drop(name).rename({"number": name})


def _with_cells(whole: Roster, rows: pl.DataFrame, row: str, field_name: pl.Expr, suffix: str) -> pl.DataFrame:
    """Add file, sheet and cell of a field of a row, and its place in words; null cells where there are none."""
    at = whole.frame.select(
        pl.col("row").alias(row),
        *(pl.col(name).alias(f"{name}{suffix}") for name in _PLACE),
    )
    joined = rows.with_columns(field=field_name).join(at, on=row, how="left", maintain_order="left")
    lines = joined.select("field", **{name: pl.col(f"{name}{suffix}") for name in _PLACE})
    cell = cells_of(lines, whole.places).alias(f"cell{suffix}")
    spoken = pl.concat_str(
        [
            pl.col(f"source_file{suffix}").fill_null("an upload"),
            pl.lit(", sheet ") + pl.col(f"source_sheet{suffix}"),
            pl.lit(", cell ") + pl.col(f"cell{suffix}"),
        ],
        ignore_nulls=True,
    )
    return joined.with_columns(cell).with_columns(spoken.alias(f"place{suffix}")).drop("field")


def _issues_about(whole: Roster, code: Code, pairs: pl.DataFrame, words: Sequence[pl.Expr]) -> pl.DataFrame:
    """An issue a pair, at the second row and naming the first; beyond the first thousand, one with their number.

    `pairs` has `row`, `other_row` and `shown`, the field whose cells are named.
    """
    if pairs.is_empty():
        return empty(ISSUES)
    rule = RULES[code]
    placed = _with_cells(whole, pairs, "other_row", pl.col("shown"), "")
    placed = _with_cells(whole, placed, "row", pl.col("shown"), "_first")
    template = rule.message(other="{}", field="{}")
    listed = placed.head(MOST_CELLS).select(
        severity=pl.lit(rule.severity.value),
        code=pl.lit(code.value),
        source_file="source_file",
        source_sheet="source_sheet",
        cell="cell",
        message=pl.format(template, pl.col("place_first"), *words),
    )
    rest = pairs.height - MOST_CELLS
    more = [listed.tail(1).with_columns(message=pl.lit(f"The same of {rest} more pairs of rows."))] if rest > 0 else []
    return complete_issues(pl.concat([listed, *more]))


def _repeated_rows(whole: Roster, merged: pl.DataFrame) -> pl.DataFrame:
    pairs = merged.select(row="into", other_row="row").sort("other_row").with_columns(shown=pl.lit("family_name"))
    return _issues_about(whole, Code.ROW_REPEATED, pairs, [])


def _doubtful_rows(whole: Roster, doubts: pl.DataFrame) -> pl.DataFrame:
    labels = {name: field_label(name) for name in whole.frame.columns}
    shown = doubts.with_columns(
        shown=pl.coalesce(pl.col("differing").list.first(), pl.lit("family_name")),
        spoken=pl.col("differing").list.eval(pl.element().replace(labels)).list.join(" and "),
    )
    contradict = pl.col("doubt") == Doubt.CONTRADICT.value
    return pl.concat(
        [
            _issues_about(whole, Code.ROWS_CONTRADICT, shown.filter(contradict), [pl.col("spoken")]),
            _issues_about(whole, Code.ROW_TWICE, shown.filter(~contradict), []),
        ]
    )
