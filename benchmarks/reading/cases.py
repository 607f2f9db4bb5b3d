"""A generated file with all that is known of it, and what reading it came to.

Invariants: every canonical cell of every student is known; a cell is wrong in silence if no issue stands at it, at its
column or at its row; a file is exactly right only if nothing is wrong, lost or too much, and all that ought to be said
is said.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from attrs import field, frozen

from benchmarks.reading.pages import Page


@frozen
class Case:
    """A generated file.

    Attributes:
        name: what it shows, in words.
        part: which part of reading it tries: `format`, `text`, `table`, `header`, `value` or `limit`.
        filename: its name, with its suffix.
        make: gives its bytes.
        pages: what it holds; none where it ought to be refused.
        said: issues that ought to be there: codes, `field:NAME` for any at the column of a field, `row` for any that
            has a cell, `any` for one at all.
        refusals: codes with which it may be refused; where there are pages too, reading it exactly is right as well.
        options: fields of `ReadOptions`.
        key: the field by which rows are found, where their numbers in a sheet are not given.
        free: fields that are not judged.

    """

    name: str
    part: str
    filename: str
    make: Callable[[], bytes]
    pages: Sequence[Page] = ()
    said: Sequence[str] = ()
    refusals: Sequence[str] = ()
    options: Mapping[str, Any] = field(factory=dict)
    key: str = ""
    free: Sequence[str] = ()
