"""Text files: encodings, separators, quoting, archives of one file, and text that is none."""

import csv
import gzip
import io
import zipfile
from collections.abc import Iterator
from functools import partial
from typing import Final

import polars as pl

from benchmarks.reading.cases import Case
from benchmarks.reading.pages import PLAIN, Page
from benchmarks.reading.people import LATIN, WORLD, Crowd, draw_people
from benchmarks.reading.writers import Dialect, text

_WESTERN: Final = ("english", "western")
_ENCODINGS: Final = {
    "utf-8": WORLD,
    "utf-8-sig": WORLD,
    "utf-16": WORLD,
    "utf-16-le": WORLD,
    "utf-16-be": WORLD,
    "cp1252": _WESTERN,
    "mac-roman": _WESTERN,
    "cp1250": ("english", "central-european"),
    "cp1251": ("cyrillic",),
    "iso-8859-7": ("modern-greek",),
    "shift-jis": ("japanese",),
    "gb18030": ("chinese",),
    "big5": ("traditional-chinese",),
    "euc-kr": ("korean",),
}
"""What a school's program writes, and in which languages."""

_SAID: Final = {"cp1252", "mac-roman", "cp1250", "cp1251", "iso-8859-7", "shift-jis", "gb18030", "big5", "euc-kr"}
"""Encodings that the file does not state, so that the reader has to say what it assumed."""


def text_cases(seed: int) -> Iterator[Case]:
    """Text files of one seed."""
    for encoding, languages in _ENCODINGS.items():
        yield from _encoded(seed, encoding, languages)
    people = draw_people(Crowd(seed, 24, LATIN))
    page = Page(PLAIN, people, sheet=None)
    for word, separator in {"semicolon": ";", "tab": "\t", "pipe": "|"}.items():
        yield _case(f"separated by {word}s", page, Dialect(delimiter=separator))
    yield _case("every cell quoted", page, Dialect(quoting=csv.QUOTE_ALL))
    yield _case("lines end in LF", page, Dialect(line_end="\n"))
    yield _case("lines end in CR", page, Dialect(line_end="\r"))
    yield Case("written by polars", "text", "p.csv", partial(_by_polars, page), [page])
    yield Case("packed by gzip", "format", "p.csv.gz", lambda: gzip.compress(text(page)), [page])
    yield Case("packed in a zip", "format", "p.zip", partial(_zipped, {"list.csv": text(page)}), [page])
    two = {"a.csv": text(page), "b.csv": text(page)}
    yield Case("two tables in a zip", "format", "p.zip", partial(_zipped, two), refusals=["any"])
    yield Case("text of NULs", "text", "p.csv", lambda: b"\0" * 5_000, refusals=["empty", "not_a_spreadsheet"])


def _encoded(seed: int, encoding: str, languages: tuple[str, ...]) -> Iterator[Case]:
    people = draw_people(Crowd(seed, 30, languages))
    page = Page(PLAIN, people, sheet=None)
    said = ["encoding_assumed"] if encoding in _SAID else []
    sniffed = Case(f"{encoding}, sniffed", "text", "p.csv", partial(text, page, Dialect(encoding)), [page], said)
    yield sniffed
    yield Case(f"{encoding}, named", "text", "p.csv", sniffed.make, [page], options={"encoding": encoding})


def _case(name: str, page: Page, dialect: Dialect) -> Case:
    return Case(name, "text", "p.csv", partial(text, page, dialect), [page])


def _by_polars(page: Page) -> bytes:
    header, *lines = page.cells()
    stream = io.BytesIO()
    pl.DataFrame([*zip(*lines, strict=True)], schema=header).write_csv(stream, quote_style="non_numeric")
    return stream.getvalue()


def _zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()
