"""Generated files as tables: by part of reading, and those that are not exactly right."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from benchmarks.reading.verdicts import RIGHT, Counts, Judged, Verdict, count_by_part
from benchmarks.tables import share_of, table
from rosterdiff.sentences import count_of

_PARTS = {
    "format": "formats and archives",
    "text": "encodings and separators",
    "table": "where the table stands",
    "header": "headers",
    "value": "values",
    "limit": "hostile files",
}


def render_generated(judged: Sequence[Judged], seeds: int) -> str:
    """The section's part about generated files."""
    right = sum(one.verdict in RIGHT for one in judged)
    parts = count_by_part(judged)
    lines = [[_PARTS[part], *_counts(parts[part])] for part in _PARTS if part in parts]
    return "\n\n".join(
        [
            "### Files that were generated",
            "Invented students in files by the csv module, polars, xlsxwriter, openpyxl and LibreOffice, "
            f"{count_of(seeds, 'seed')}; "
            "every cell of every field is known. Exactly right, or refused where that is right: "
            f"{share_of(right, len(judged))}. A cell is wrong in silence if no issue stands at it, at its column "
            "or at its row.",
            table(
                (
                    "part",
                    "files",
                    "right",
                    "cells",
                    "wrong in silence",
                    "lost in silence",
                    "wrong, said",
                    "lost, said",
                    "a fault not said",
                    "wrong refusals",
                    "failed",
                ),
                [*lines, ["all", *_counts(judged)]],
            ),
            "Kinds that are not right:",
            _failures(judged),
        ]
    )


_FAILED = (Verdict.EXCEPTION, Verdict.SLOW, Verdict.LARGE, Verdict.READ)


def _counts(judged: Sequence[Judged]) -> list[object]:
    total, verdicts = sum((one.counts for one in judged), Counts()), Counter(one.verdict for one in judged)
    return [
        len(judged),
        sum(verdicts[one] for one in RIGHT),
        f"{total.cells:,}",
        total.wrong_silent,
        total.lost_silent,
        total.wrong_said,
        total.lost_said,
        verdicts[Verdict.UNSAID],
        verdicts[Verdict.WRONG_REFUSAL],
        sum(verdicts[one] for one in _FAILED),
    ]


def _failures(judged: Sequence[Judged]) -> str:
    """One line a kind: of its files, those that fail, by the worst."""
    kinds = defaultdict[str, list[Judged]](list)
    for one in judged:
        kinds[one.case.name].append(one)
    lines = [_line(name, files) for name, files in kinds.items() if any(one.verdict not in RIGHT for one in files)]
    header = ("kind", "files wrong", "what came", "gave", "silent cells", "said cells", "fields", "not said")
    return table(header, lines) if lines else "None."


def _line(name: str, files: Sequence[Judged]) -> list[object]:
    wrong = [one for one in files if one.verdict not in RIGHT]
    worst = max(wrong, key=lambda one: (one.counts.silent, one.counts.said))
    return [
        name,
        f"{len(wrong)} of {len(files)}",
        worst.verdict.value,
        worst.got,
        sum(one.counts.silent for one in wrong),
        sum(one.counts.said for one in wrong),
        ", ".join(worst.fields),
        ", ".join(worst.unsaid),
    ]
