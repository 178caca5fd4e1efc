"""A real Chromium against the real server, with the strict policy in force.

Screenshots go to `.homeward/screenshots/` for people to look at.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.find_chromium import find

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / ".homeward" / "screenshots"
#: Where the README's and the documents' pictures are taken to, with `make pictures`.
PICTURES = ROOT / "docs" / "pictures" if "HOMEWARD_PICTURES" in os.environ else SHOTS
Picture = Callable[..., None]
"""Takes a name, and `width` and `height` where it is not a phone's picture."""

# Playwright's synchronous API runs a loop in this thread; Django's guard mistakes it for ours.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = find()
    if path is None:
        pytest.fail("no Chromium: run python -m tests.browser.find_chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh desktop page; a script error or a policy violation fails the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on(
        "console",
        lambda message: (
            problems.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    yield opened
    context.close()
    assert problems == []


def in_background(work: Callable[[], Any]) -> None:
    """Do what a worker would, beside Playwright's loop: some channels run a loop of their own."""

    def done() -> None:
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(done).result(timeout=60)


@pytest.fixture
def picture(page: Page) -> Picture:
    """Take the page for the README and the documents, as a phone shows it where nothing is said."""

    def take(name: str, *, width: int = 390, height: int = 844) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        before = page.viewport_size
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=PICTURES / f"{name}.png")
        page.set_viewport_size(before or {"width": 1280, "height": 900})

    return take


@pytest.fixture
def shoot(page: Page) -> Callable[[str], None]:
    """Take the page at 1280 and 390 pixels' width."""

    def take(name: str) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        for width, height in ((390, 844), (1280, 900)):
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)
            overflow = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert overflow <= 0, f"{name} scrolls sideways at {width} px"

    return take


@contextmanager
def without_script(chromium: Browser, signed_in: Page) -> Iterator[Page]:
    """The same member on a small phone whose browser runs no script."""
    context = chromium.new_context(
        storage_state=signed_in.context.storage_state(), java_script_enabled=False,
        viewport={"width": 320, "height": 700},
    )  # fmt: skip
    yield context.new_page()
    context.close()
