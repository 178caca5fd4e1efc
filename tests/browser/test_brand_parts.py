"""The merchant orders the parts of the page with buttons, and keeps the carrier to itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from merchants.models import BrandDraft, Merchant
from merchants.scope import merchant_scope
from tests.browser.test_brand_editor import frames
from tests.browser.test_merchant import enter
from tests.browser.test_merchant import full_shop as full_shop
from tests.dashboard.conftest import shop as shop

pytestmark = pytest.mark.browser

Shoot = Callable[[str], None]


def test_parts_move_at_once_and_the_frames_follow(
    page: Page, live_server: LiveServer, full_shop: Merchant, shoot: Shoot
) -> None:
    enter(page, live_server)
    page.goto(f"{live_server.url}/app/noor/settings/brand/?state=delivered")
    last = frames(page)[0].locator("main > section h2")
    button = page.get_by_role("button", name="Move up: Questions and answers")
    button.click()
    expect(button).to_be_focused()
    expect(page.get_by_role("status").first).to_have_text("Draft, not yet published: 1 change")
    # Past the parts that stand between: how it was, promotions, the details and the route.
    for _ in range(4):
        page.keyboard.press("Enter")
    expect(last.nth(2)).to_have_text("Questions")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    # At the top its own button is gone: the next key moves it down again.
    expect(page.get_by_role("button", name="Move down: Questions and answers")).to_be_focused()
    expect(last.nth(0)).to_have_text("Questions")

    page.get_by_text("Do not name the carrier").click()
    for frame in frames(page):
        expect(frame.get_by_text("Aramex")).to_have_count(0)
    page.get_by_label("Questions and answers", exact=True).uncheck()
    expect(last.filter(has_text="Questions")).to_have_count(0)
    expect(page.locator(".look.is-saving")).to_have_count(0)
    shoot("app-brand-parts")
    with merchant_scope(full_shop.pk):
        draft = BrandDraft.objects.get()
    assert (draft.blocks[0], draft.hide_carrier) == ("-faq", True)
