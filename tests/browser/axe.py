"""What is wrong with a page for those who cannot see, point or read as others do."""

from __future__ import annotations

from typing import Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES: Final = {
    "resultTypes": ["violations"],
    "preload": False,  # our sheets are no strangers'
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
}


def problems(page: Page) -> list[str]:
    """What axe-core finds, and what it does not look for."""
    page.evaluate(Axe().axe_script)
    found = [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary'][-170:]}"
        for one in page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
        for node in one["nodes"]
    ]
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    headings = page.locator("h1").count()
    return [
        *found,
        *([f"{wider} px wider than the window"] if wider > 0 else []),
        *([f"{headings} headings"] if headings != 1 else []),
    ]
