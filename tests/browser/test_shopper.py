"""The shopper, in a real browser: finds the order, reads it in Arabic on a phone, sees it move."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from carriers.updates import TrackingUpdate
from merchants.models import Brand, Merchant
from merchants.scope import merchant_scope
from storefront_pages import pages
from tests import factories
from tests.storefront_pages import scenes
from tracking.ingest import Heard, ingest
from tracking.models import Order, Shipment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FOLD = 844


@pytest.fixture
def shop() -> Merchant:
    made = factories.merchant(support_email="care@noor.example", support_phone="+97141234567")
    with merchant_scope(made.pk):
        Brand.objects.update(accent="#8a3ffc", radius=16)
    return made


def ordered(shop: Merchant, *scans: tuple[float, str]) -> tuple[Order, str]:
    """An order of two days ago whose parcel has these scans (hours ago, sub-status), by today's
    clock: the browser's is not ours to set."""
    now = datetime.now(UTC)
    with merchant_scope(shop.pk):
        order = scenes.order(
            shop, number="#1001", placed_at=now - timedelta(days=2), announce_from=now
        )
        events = [scenes.scan(hours, what, now) for hours, what in scans]
        made = scenes.parcel(shop, *events, of=order, now=now)
        today = now.astimezone(scenes.DUBAI).date()
        Shipment.objects.filter(pk=made.pk).update(
            edd_first=today, edd_last=today, promised_first=today, promised_last=today
        )
        return order, scenes.path(shop, order)


def test_shopper_finds_the_order_by_number_and_phone(
    page: Page, live_server: LiveServer, shop: Merchant, shoot: Callable[[str], None]
) -> None:
    ordered(shop, (20, "picked_up.accepted"), (3, "out.on_vehicle"))
    page.goto(f"{live_server.url}/p/noor/")
    page.get_by_label("Order or tracking number").fill("1001")
    page.get_by_label("E-mail, phone or postcode").fill("050 000 0000")
    page.get_by_role("button", name="Show my order").click()
    expect(page.get_by_role("alert")).to_contain_text("We found no order with these details")
    shoot("shopper-lookup-wrong-en")
    page.get_by_label("E-mail, phone or postcode").fill("050 765 4321")
    page.get_by_role("button", name="Show my order").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Out for delivery, expected today")
    assert page.title() == "Out for delivery, expected today · Noor Home"
    shoot("shopper-out-en")


def test_shopper_reads_the_page_in_arabic_on_a_phone(
    chromium: Browser, live_server: LiveServer, shop: Merchant
) -> None:
    _, path = ordered(shop, (20, "picked_up.accepted"), (0.05, "attempt.nobody_home"))
    context = chromium.new_context(
        viewport={"width": 390, "height": FOLD}, locale="ar", is_mobile=True, has_touch=True
    )
    phone = context.new_page()
    phone.goto(live_server.url + path)
    assert phone.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [
        "ar",
        "rtl",
    ]
    heading = phone.get_by_role("heading", level=1)
    expect(heading).to_contain_text("أبلغتنا أرامكس بأنها لم تتمكن من تسليم شحنتك اليوم")
    action = phone.get_by_role("button", name="إرسال إلى المتجر", exact=True)
    for element in (heading, phone.locator(".window__now"), action):
        box = element.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= FOLD
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    phone.locator(".event__words summary").first.tap()
    expect(phone.locator(".event__words blockquote").first).to_be_visible()
    context.close()


def test_open_page_follows_the_parcel(
    page: Page, live_server: LiveServer, shop: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "LOOK_EVERY", 5)
    order, path = ordered(shop, (20, "picked_up.accepted"), (3, "out.on_vehicle"))
    page.goto(live_server.url + path)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Out for delivery, expected today")
    question = page.locator("details.faq", has_text="Can I still change the address?")
    question.locator("summary").click()
    now = datetime.now(UTC)
    with merchant_scope(shop.pk):
        made = Shipment.objects.get(order_id=order.pk)
        scan = scenes.scan(0, "attempt.nobody_home", now)
        update = TrackingUpdate(made.tracking_number, (scan,))
        ingest(heard=[Heard(made.pk, update)], source="push", now=now)
    expect(heading).to_contain_text("could not deliver today", timeout=15_000)
    assert page.locator("details[open]").all_inner_texts() == question.all_inner_texts()
    with merchant_scope(shop.pk):
        scan = scenes.scan(-0.01, "delivered.generic", now)
        update = TrackingUpdate(made.tracking_number, (scan,))
        ingest(heard=[Heard(made.pk, update)], source="push", now=now + timedelta(minutes=1))
    expect(heading).to_contain_text("Delivered on", timeout=15_000)


def test_ages_are_said_by_the_browser(page: Page, live_server: LiveServer, shop: Merchant) -> None:
    _, path = ordered(shop, (3, "out.on_vehicle"))
    page.goto(live_server.url + path)
    expect(page.locator(".answer__fresh .fresh")).to_have_text(
        re.compile(
            r"^\s*Last scan by Aramex: 3 hours ago\. Checked 1[23] minutes ago\. "
            r"Next look in 1[78] minutes\.\s*$"
        )
    )


def test_page_reads_the_same_without_javascript(
    chromium: Browser, live_server: LiveServer, shop: Merchant
) -> None:
    _, path = ordered(shop, (20, "picked_up.accepted"), (3, "out.on_vehicle"))
    context = chromium.new_context(java_script_enabled=False, locale="en-GB")
    plain = context.new_page()
    plain.goto(f"{live_server.url}/p/noor/")
    plain.get_by_label("Order or tracking number").fill("١٠٠١")
    plain.get_by_label("E-mail, phone or postcode").fill("88417")
    plain.get_by_role("button", name="Show my order").click()
    # A look-up has a link of its own, which ends by itself.
    assert plain.url != live_server.url + path
    assert plain.url.startswith(f"{live_server.url}/p/noor/t/")
    expect(plain.get_by_role("heading", level=1)).to_have_text("Out for delivery, expected today")
    context.close()
