"""Speed and the fuzzer as tables."""

from collections.abc import Sequence
from statistics import median

from benchmarks.reading.fuzz import Fuzzed
from benchmarks.reading.speed import Beside
from benchmarks.tables import table


def render_speed(measured: Sequence[Beside], rounds: int) -> str:
    """The section's part about speed."""
    return "\n\n".join(
        [
            "### Beside the raw readers",
            "Twelve columns; `python-calamine` to Python lists, `polars.read_csv` to a frame, ours to a roster "
            "with its "
            f"issues. The readers take turns, each time in a new process; medians of {rounds} rounds, memory at "
            "its peak "
            "with all processes together. The shortest files are read 20 times in each.",
            table(
                (
                    "file",
                    "rows",
                    "raw reader",
                    "raw s",
                    "ours s",
                    "ratio",
                    "ratio of processor time",
                    "goal",
                    "raw MB",
                    "ours MB",
                ),
                [_line(one) for one in measured],
            ),
        ]
    )


def _line(one: Beside) -> list[object]:
    raw, ours = median(one.raw.seconds), median(one.ours.seconds)
    return [
        one.name,
        f"{one.rows:,}",
        one.raw_reader,
        f"{raw:.4f}",
        f"{ours:.4f}",
        f"{one.ratio:.2f}",
        f"{one.cpu_ratio:.2f}",
        f"≤ {one.limit}" if one.limit else "",
        f"{one.raw.peak_mb:,.0f}",
        f"{one.ours.peak_mb:,.0f}",
    ]


def render_fuzz(found: Fuzzed) -> str:
    """What came of files that were made wrong."""
    lines = [[came, f"{count:,}"] for came, count in sorted(found.came.items(), key=lambda item: (-item[1], item[0]))]
    failed = [[one.number, one.suffix, one.what] for one in found.failures[:50]]
    return "\n\n".join(
        [
            "### Files made wrong",
            f"{found.files:,} files in {found.seconds:,.0f} s: good files of every format with bytes or parts of "
            "archives "
            f"changed, and tables of odd cells. {len(found.failures):,} of them gave neither a roster nor a "
            "refusal within "
            "the limits; of "
            f"the others the slowest took {found.slowest:.2f} s, the largest {found.largest:,.0f} MB.",
            table(("what came", "files"), lines),
            *([table(("number", "suffix", "failure"), failed)] if failed else []),
        ]
    )
