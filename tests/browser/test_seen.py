"""A real browser says when somebody really looked, and only then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from merchants.models import Merchant
from merchants.scope import merchant_scope
from notifications import looks
from notifications.models import PageView
from notifications.tasks import write_looks
from storefront_pages import pages
from tests import factories
from tests.storefront_pages import scenes
from tracking.links import link_for, page_path
from tracking.models import Recipient

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: Chromium calls itself headless here, which is taken for a program.
SOMEBODY = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"
HIDE = """hidden => {
  Object.defineProperty(document, "hidden", { configurable: true, value: hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture(autouse=True)
def nobody_looked() -> Iterator[None]:
    looks.forget()
    yield
    looks.forget()


@pytest.fixture
def address(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> tuple[Merchant, str]:
    monkeypatch.setattr(pages, "LOOK_EVERY", 5)
    shop = factories.merchant()
    now = datetime.now(UTC)
    with merchant_scope(shop.pk):
        made = scenes.parcel(shop, scenes.scan(3, "out.on_vehicle", now), now=now)
        buyer = Recipient.objects.get(order_id=made.order_id)
        path = page_path(link_for(order=made.order, recipient=buyer), merchant=shop)
    return shop, live_server.url + path


@pytest.fixture
def reader(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(user_agent=SOMEBODY)
    yield context.new_page()
    context.close()


def views(shop: Merchant) -> list[tuple[str, bool]]:
    looks.hand_over()
    write_looks()
    with merchant_scope(shop.pk):
        rows = PageView.objects.order_by("pk")
        return [(row.proof, row.seen_at is not None) for row in rows]


def test_page_that_stands_visible_was_seen(reader: Page, address: tuple[Merchant, str]) -> None:
    shop, url = address
    reader.goto(url)
    assert views(shop) == [("", False)]
    with reader.expect_response(lambda answer: answer.url.endswith("/seen/")) as beacon:
        pass
    assert (beacon.value.status, views(shop)) == (204, [("beacon", True)])


def test_hidden_tab_sees_nothing_until_it_is_looked_at(
    reader: Page, address: tuple[Merchant, str]
) -> None:
    shop, url = address
    reader.add_init_script(
        'Object.defineProperty(document, "hidden", { configurable: true, value: true })'
    )
    reader.goto(url)
    reader.wait_for_timeout(1_500)
    assert views(shop) == [("", False)]
    with reader.expect_response(lambda answer: answer.url.endswith("/seen/")):
        reader.evaluate(HIDE, False)
    assert views(shop) == [("beacon", True)]


def test_open_page_goes_on_saying_that_somebody_is_there(
    reader: Page, address: tuple[Merchant, str]
) -> None:
    shop, url = address
    reader.goto(url)
    with reader.expect_response(lambda answer: answer.url.endswith("/seen/")):
        pass
    views(shop)
    with merchant_scope(shop.pk):
        first = PageView.objects.get().seen_at
    asks = lambda one: one.url == url and one.headers.get("x-looking") == "1"  # noqa: E731 - read once
    with reader.expect_request(asks, timeout=15_000) as asked:
        pass
    asked.value.response()
    views(shop)
    with merchant_scope(shop.pk):
        later = PageView.objects.get().seen_at
    assert sorted([first, later]) == [first, later]
    assert first != later
