"""Finding tables: no row of a grid disappears without a word."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from rosterdiff.config import ReadOptions
from rosterdiff.issues import Origin
from rosterdiff.reading.grids import Grid
from rosterdiff.reading.locate import find_tables

STUDENT = st.sampled_from(
    [("Ilva", "Torenbek", "3B"), ("Maro", "Quendel", None), ("Pia", None, "4A"), ("Ana", "Olm", "4A")]
)
HEADER = st.sampled_from(
    [
        ("Given Name", "Family Name", "Class"), ("Surname", "First Name", "Year"), ("First", "Last", "Form"),
        ("Student Name", "Class", None), ("Required", "Optional", "Optional"), ("Student", None, "Parent 1"),
    ]
)  # fmt: skip
OTHER = st.sampled_from(
    [
        (None, None, None), ("Class 3B", None, None), ("Example School", None, None), ("Total: 3", None, None),
        ("Please send this back by Friday", None, None), ("Total", "12", None), ("Page 2", None, None),
        ("3B", None, "x"),
    ]
)  # fmt: skip


def is_sparse(line: tuple[str | None, ...]) -> bool:
    return sum(cell is not None for cell in line) < 2


@settings(max_examples=400)
@given(st.lists(STUDENT | STUDENT | HEADER | OTHER, min_size=1, max_size=14))
def test_every_row_is_a_student_a_header_a_title_above_one_or_said(lines: list[tuple[str | None, ...]]) -> None:
    cells = pl.DataFrame(lines, schema={str(at): pl.String for at in range(3)}, orient="row")
    tables = find_tables(Grid(Origin("a.xlsx", "A"), cells), ReadOptions())
    if not tables:
        return
    students = [row for table in tables for row in table.body["index"].to_list()]
    assert len(students) == len(set(students))
    told = {int(issue.cell[1:]) - 1 for table in tables for issue in table.issues if issue.cell}
    heads = {table.header_index for table in tables if table.header_index is not None}
    heads |= {head - 1 for head in heads if head}  # the first of two rows
    first = min([*heads, *students])
    for row, line in enumerate(lines):
        full = sum(cell is not None for cell in line)
        if full > 1 and row > first:
            assert row in {*students, *told, *heads}, (row, line)
        elif full == 1 and row > first:
            title = any(
                all(sum(c is not None for c in lines[r]) < 2 or r in heads for r in range(row, h))
                for h in heads
                if h > row
            )
            assert row in {*students, *told} or title, (row, line)
