"""`python -m benchmarks.page_speed`: how long the page takes to be written, and Chromium to show its first card.

Writing is compared with saving the same plan, both in processor time; opening with opening an empty page, by the clock.
Clocks differ from machine to machine, ratios less. Each is the median of a few runs.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchmarks.page_plans import Sizes, wide_plan
from rosterdiff.planning import save_plan
from rosterdiff.reports import write_page

RUNS: Final = 5
CHROMIUM: Final = "/usr/bin/chromium"
MILLION: Final = Sizes(groups=5_000, updates=800_000, additions=90_000, deletions=100_000)
FEW: Final = Sizes(groups=5_000, deletions=500)
_EMPTY: Final = "<!doctype html><title>empty</title><h1>empty</h1>"


def main() -> None:
    """Measure, and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        lines = [*_measure_writing(Path(folder)), *_measure_opening(Path(folder))]
    print("| what | median | beside it |\n| --- | ---: | --- |")
    print("\n".join(lines))


def _measure_writing(folder: Path) -> list[str]:
    plan, page = wide_plan(MILLION), folder / "million.html"
    assert plan.entries.height == MILLION.entries == 1_000_000
    writing = _median(lambda: write_page(plan, page), time.process_time)
    saving = _median(lambda: save_plan(plan, folder / "plan.rdiff"), time.process_time)
    size = page.stat().st_size / 1e6
    beside = f"{writing / saving:.1f} times `save_plan` of it ({saving:.1f} s); {size:.1f} MB"
    return [f"| writing the page of 1,000,000 entries, 5,000 of them questions | {writing:.1f} s | {beside} |"]


def _measure_opening(folder: Path) -> list[str]:
    write_page(wide_plan(FEW), folder / "few.html")
    (folder / "empty.html").write_text(_EMPTY, encoding="utf-8")
    empty = _opened(folder / "empty.html", "h1")
    lines = []
    for name, file in (("5,000 questions", "few.html"), ("1,000,000 entries, 5,000 of them questions", "million.html")):
        opened = _opened(folder / file, ".card h3")
        beside = f"{opened / empty:.1f} times an empty page ({empty * 1000:.0f} ms)"
        lines.append(f"| opening the page of {name}, to the first card | {opened * 1000:.0f} ms | {beside} |")
    key = _key_pressed(folder / "few.html")
    lines.append(f"| one decision by key, with 4,000 of 5,000 decided | {key * 1000:.0f} ms | the next card is drawn |")
    return lines


def _median(act: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """The median of a few runs, in seconds, after one that does not count."""
    times = []
    for _ in range(RUNS + 1):
        start = clock()
        act()
        times.append(clock() - start)
    return statistics.median(times[1:])


def _opened(path: Path, first: str) -> float:
    """Seconds from asking for a page until what is looked for is painted, a new window each time."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)

        def act() -> None:
            page = browser.new_page()
            page.goto(f"{path.as_uri()}#review")
            page.wait_for_selector(first)
            page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
            page.close()

        return _median(act)


def _key_pressed(path: Path) -> float:
    """Seconds that the page works on one key, when most is decided."""
    from playwright.sync_api import sync_playwright

    press = """() => { const start = performance.now();
        dispatchEvent(new KeyboardEvent('keydown', {key: '1', bubbles: true, cancelable: true}));
        document.body.offsetHeight; return performance.now() - start; }"""
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=CHROMIUM).new_page()
        page.goto(f"{path.as_uri()}#review")
        page.wait_for_selector(".card h3")
        answers = [[f"row-{row}", {"verdict": "new"}] for row in range(1_000, 5_000)]
        page.evaluate("([key, answers]) => localStorage.setItem(key, JSON.stringify({answers}))",
                      [f"rosterdiff {'7e' * 32}", answers])  # fmt: skip
        page.reload()
        page.wait_for_selector(".card h3")
        return statistics.median(float(page.evaluate(press)) for _ in range(50)) / 1000


if __name__ == "__main__":
    main()
