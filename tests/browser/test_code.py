"""A shopper without JavaScript proves who it is, sees the address and changes it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from merchants.models import Merchant
from merchants.scope import merchant_scope
from notifications.models import PageCode
from notifications.page_codes import code_of
from tests import factories
from tests.browser.conftest import SHOTS
from tests.storefront_pages import scenes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def path() -> str:
    shop: Merchant = factories.merchant(lets_change_address=True, shows_by_number=True)
    with merchant_scope(shop.pk):
        placed_at = datetime.now(UTC) - timedelta(minutes=9)
        return scenes.path(shop, scenes.order(shop, number="#1042", placed_at=placed_at))


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A small phone whose owner has switched scripts off."""
    context = chromium.new_context(
        viewport={"width": 320, "height": 700}, is_mobile=True, java_script_enabled=False
    )
    yield context.new_page()
    context.close()


def picture(page: Page, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"code-{name}-320.png", full_page=True)
    box = page.locator("main").bounding_box()
    assert box is not None
    assert box["width"] <= 320


def newest() -> str:
    with merchant_scope(Merchant.objects.get().pk):
        return code_of(PageCode.objects.latest("pk"))


def test_address_is_seen_and_changed_after_a_code(
    phone: Page, live_server: LiveServer, path: str
) -> None:
    phone.goto(f"{live_server.url}{path}?lang=en")
    picture(phone, "page-en")
    phone.get_by_role("link", name="See the address and more with a code").click()
    picture(phone, "ways-en")
    phone.get_by_role("button", name="Send me a code").click()
    picture(phone, "entry-en")
    phone.get_by_label("Six digits").fill("12")
    phone.get_by_role("button", name="Go on").click()
    expect(phone.get_by_text("This code does not fit.")).to_be_visible()
    phone.get_by_label("Six digits").fill(newest())
    phone.get_by_role("button", name="Go on").click()
    expect(phone.get_by_text("Villa 14, Street 22b")).to_be_visible()
    picture(phone, "open-en")
    phone.goto(f"{live_server.url}{path}?lang=ar")
    picture(phone, "open-ar")
    phone.goto(f"{live_server.url}{path}code/?lang=ar")
    picture(phone, "hide-ar")
    phone.goto(f"{live_server.url}{path}?lang=en")
    phone.get_by_role("link", name="Change the address or phone number").click()
    picture(phone, "address-en")
    phone.get_by_label("Street").fill("Villa 99")
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_text("Villa 99")).to_be_visible()


def test_number_alone_shows_where_it_is(phone: Page, live_server: LiveServer, path: str) -> None:
    phone.goto(f"{live_server.url}/p/noor/?lang=ar")
    picture(phone, "lookup-ar")
    phone.goto(f"{live_server.url}/p/noor/?lang=en")
    phone.get_by_label("Order or tracking number").fill("1042")
    phone.get_by_role("button", name="Show my order").click()
    expect(phone.get_by_text("A number alone shows no more than this.")).to_be_visible()
    picture(phone, "number-en")


def test_code_is_asked_for_in_arabic(phone: Page, live_server: LiveServer, path: str) -> None:
    phone.goto(f"{live_server.url}{path}?lang=ar")
    picture(phone, "page-ar")
    phone.goto(f"{live_server.url}{path}code/?lang=ar")
    picture(phone, "ways-ar")
    phone.locator("form button").click()
    picture(phone, "entry-ar")
