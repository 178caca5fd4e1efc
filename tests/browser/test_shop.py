"""The whole loop by hand: buy in the shop, follow the order, hand it over, see the page move."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from carriers.fetch import Fetcher
from carriers.sandbox.running import RunningSandbox, running_sandbox
from merchants.models import Merchant
from notifications.compose import compose_due
from notifications.deliver import deliver_due
from tests import factories
from tracking.polling import poll_round

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    with running_sandbox() as server:
        yield server


@pytest.fixture
def shop(live_server: LiveServer, sandbox: RunningSandbox, settings: Any) -> Merchant:
    settings.BASE_URL = live_server.url
    settings.SANDBOX_URL = sandbox.url
    return factories.merchant()


@pytest.fixture
def courier(sandbox: RunningSandbox) -> Iterator[Callable[[], int]]:
    """Ask the courier once, some time from now; returns how many parcels had news."""
    fetcher = Fetcher(allow=[sandbox.host])
    yield lambda: poll_round(fetcher, now=timezone.now() + timedelta(hours=1)).changed
    fetcher.close()


def buy(page: Page, url: str) -> None:
    """From the shelf to the thank-you page: five clicks."""
    page.goto(url)
    page.get_by_role("link", name=re.compile("Brass table lamp")).click()
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_role("link", name="Check out").click()
    page.get_by_text("Cash on delivery").click()
    page.get_by_role("button", name="Buy for AED 349.00").click()


def test_shopper_buys_and_the_order_page_moves(
    page: Page,
    live_server: LiveServer,
    shop: Merchant,
    courier: Callable[[], int],
    shoot: Callable[[str], None],
) -> None:
    page.goto(f"{live_server.url}/demo/shop/noor/")
    shoot("shop-shelf-en")
    buy(page, f"{live_server.url}/demo/shop/noor/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your order")
    shoot("shop-thanks-en")

    thanks = page.url
    page.get_by_role("link", name="Your order page").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your order")
    order_page = page.url
    compose_due(now=timezone.now())
    deliver_due(clock=timezone.now)
    assert [order_page.removeprefix(live_server.url) in sent.body for sent in mail.outbox] == [True]

    page.goto(thanks)
    expect(page.get_by_role("radio", checked=True)).to_have_value("attempt_open")
    page.get_by_label("Seconds between two scans").fill("1")
    page.get_by_role("button", name="Hand it to the courier").click()
    expect(page.get_by_role("heading", name="The courier has it")).to_be_visible()
    page.goto(order_page)
    page.wait_for_timeout(9_000)  # eight scans, one a second
    assert courier() == 1
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("could not deliver")


def test_loop_works_without_javascript(
    chromium: Browser, live_server: LiveServer, shop: Merchant
) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="en-GB")
    plain = context.new_page()
    buy(plain, f"{live_server.url}/demo/shop/noor/")
    plain.get_by_role("button", name="Hand it to the courier").click()
    plain.get_by_role("link", name="Your order page").click()
    expect(plain.get_by_text("Sandbox Express").first).to_be_visible()
    context.close()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_shop_fits_phone_and_desk(
    page: Page,
    live_server: LiveServer,
    shop: Merchant,
    shoot: Callable[[str], None],
    language: str,
) -> None:
    page.goto(f"{live_server.url}/demo/shop/noor/goods/oud-candle/?lang={language}")
    shoot(f"shop-product-{language}")
    page.locator(".product__buy button").click()
    shoot(f"shop-cart-{language}")
    page.locator(".till .btn--primary").click()
    page.locator("#f-phone").fill("12")
    page.locator(".till__form .btn--primary").click()
    expect(page.locator(".field__error")).to_have_count(1)
    shoot(f"shop-checkout-{language}")
