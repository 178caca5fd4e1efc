"""A promotion: written and seen at once, then shown to the shopper, who looks and clicks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from merchants.models import Merchant
from merchants.scope import merchant_scope
from selling import counting
from selling.catalogue import Listed, put
from selling.promoting import Draft, make
from selling.tasks import write_counts
from tests import factories
from tests.browser.test_merchant import enter
from tests.browser.test_merchant import full_shop as full_shop
from tests.browser.test_seen import reader as reader
from tests.dashboard.conftest import shop as shop
from tests.storefront_pages import scenes
from tracking.models import Shipment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Shoot = Callable[[str], None]


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    counting.forget()
    yield
    counting.forget()


def test_promotion_is_seen_while_it_is_written(
    page: Page, live_server: LiveServer, full_shop: Merchant, shoot: Shoot
) -> None:
    enter(page, live_server)
    page.goto(f"{live_server.url}/app/noor/settings/promotions/new/")
    page.get_by_label("Heading").first.fill("Autumn light")
    frame = page.frame_locator(".selling__frame:not(.is-coming)")
    expect(frame.locator("h2").first).to_have_text("Autumn light")
    page.locator(".selling__texts summary").last.click()
    page.locator("[name=title_ar]").fill("ضوء الخريف")
    expect(frame.locator("h2").last).to_have_text("ضوء الخريف")
    expect(frame.locator("h2").last).to_have_css("direction", "rtl")
    shoot("app-promotion-en")
    page.get_by_label("Where it leads").fill("https://noor.example/autumn")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Pages show it from now on.")).to_be_visible()
    shoot("app-promotions-en")


def test_shopper_sees_clicks_and_is_counted(reader: Page, live_server: LiveServer) -> None:
    shop = factories.merchant()
    now = datetime.now(UTC)
    with merchant_scope(shop.pk):
        to = f"{live_server.url}/p/noor/"
        candle = Listed("Oud candle", url=to, titles={"ar": "شمعة العود"})
        put(merchant=shop, listed=[candle, Listed("Brass lamp", goes_with=(candle.key,))], now=now)
        made = make(merchant=shop, draft=Draft("goes_with"), now=now)
        order = scenes.parcel(shop, scenes.scan(3, "transit.generic", now), now=now).order
        Shipment.objects.update(edd_last=(now + timedelta(days=2)).date(), delayed=False)
        path = scenes.path(shop, order)
    reader.set_viewport_size({"width": 320, "height": 800})
    with reader.expect_response(lambda answer: "/seen/?promotion=" in answer.url):
        reader.goto(f"{live_server.url}{path}?lang=ar")
    block = reader.locator(".promo")
    expect(block.locator("h2")).to_have_text("ينسجم مع طلبك")
    assert reader.evaluate("document.documentElement.scrollWidth") == 320
    reader.screenshot(path=".homeward/screenshots/page-promotion-ar-320.png", full_page=True)
    block.get_by_role("link", name="شمعة العود").click()
    expect(reader).to_have_url(to)
    counting.hand_over()
    write_counts()
    with merchant_scope(shop.pk):
        assert counting.sums(since=date(2020, 1, 1)) == {made.pk: counting.Counted(1, 1)}
