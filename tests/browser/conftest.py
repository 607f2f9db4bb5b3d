"""A real Chromium, driven by Playwright; where there is none, the tests of this folder are skipped, saying so.

In CI a missing browser is a fault: `.ci/run` installs it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rosterdiff.plans import Plan
from rosterdiff.reports import write_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, BrowserType, Page

NAMES = ("chromium", "chromium-browser", "google-chrome")


def absent(reason: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(f"{reason} .ci/run should have installed it.")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium() -> Iterator[tuple[BrowserType, str]]:
    """What launches a Chromium, and where that is."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        absent("Playwright is not installed (make browser).")
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        absent("No Chromium is installed (apt-get install chromium).")
    with sync_playwright() as playwright:
        yield playwright.chromium, str(path)


@pytest.fixture(scope="session")
def browser(chromium: tuple[BrowserType, str]) -> Iterator[Browser]:
    launcher, path = chromium
    launched = launcher.launch(executable_path=path)
    yield launched
    launched.close()


class Desk:
    """A window in which a page of a plan is open, and what it said and asked for meanwhile."""

    def __init__(self, context: BrowserContext, path: Path) -> None:
        self.path = path
        self.errors: list[str] = []
        self.requests: list[str] = []
        context.on("request", lambda request: self.requests.append(request.url))
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: self.errors.append(message.text))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, view: str = "review") -> Page:
        """Open the page from disk, at one of its views."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.path.as_uri()}#{view}")
        self.page.wait_for_selector("h1", state="attached")
        return self.page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    @property
    def progress(self) -> str:
        return self.page.locator(".progress").inner_text()

    @property
    def status(self) -> str:
        return self.page.locator("#status").inner_text()

    def save(self, folder: Path, name: str = "Ada Example") -> Path:
        """Save the decisions as a person does."""
        self.press("s")
        return self.save_as(name, folder)

    def save_as(self, name: str, folder: Path) -> Path:
        """Write a name into the dialog that saves, and save."""
        self.page.get_by_label("Who decides").fill(name)
        with self.page.expect_download() as download:
            self.page.get_by_role("button", name="Save decisions-").click()
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path


@pytest.fixture
def sit_down(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Open a new window, with storage of its own, on the page of a plan; no error may be left in its console."""
    with closing_desks() as desks:

        def sit(plan: Plan, width: int = 1280, **options: Any) -> Desk:
            context = browser.new_context(viewport={"width": width, "height": 844}, **options)
            desks.append(desk_for(plan, context, tmp_path))
            return desks[-1]

        yield sit


@pytest.fixture
def sit_at_home(chromium: tuple[BrowserType, str], tmp_path: Path) -> Iterator[Callable[[Plan], Desk]]:
    """The same with a profile on disk, as people have: private windows may lose on a busy machine what they stored."""
    launcher, path = chromium
    with closing_desks() as desks:

        def sit(plan: Plan) -> Desk:
            profile = tmp_path / f"profile {len(desks)}"
            context = launcher.launch_persistent_context(profile, executable_path=path)
            desks.append(desk_for(plan, context, tmp_path))
            return desks[-1]

        yield sit


def desk_for(plan: Plan, context: BrowserContext, folder: Path) -> Desk:
    path = folder / f"{plan.plan_id[:8]}.html"
    write_page(plan, path)
    return Desk(context, path)


@contextmanager
def closing_desks() -> Iterator[list[Desk]]:
    desks: list[Desk] = []
    try:
        yield desks
    finally:
        for desk in desks:
            desk.page.context.close()
    assert [desk.errors for desk in desks] == [[] for _ in desks]
