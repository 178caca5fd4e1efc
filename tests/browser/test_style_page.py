"""Every component once, photographed in both directions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page


@pytest.mark.browser
@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_style_page_shows_every_component(
    live_server: object,
    page: Page,
    shoot: Callable[[str], None],
    language: str,
    direction: str,
) -> None:
    answer = page.goto(f"{live_server}/demo/style/?lang={language}")
    assert answer is not None
    assert answer.status == 200
    assert page.locator("html").get_attribute("dir") == direction
    assert page.locator(".pill").count() > 20
    shoot(f"style-{language}")
