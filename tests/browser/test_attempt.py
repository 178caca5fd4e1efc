"""A failed attempt to its end: the shopper answers on a phone in Arabic, the carrier agrees, the
parcel comes. The sandbox carrier is real HTTP; the worker's tasks run between the steps."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from carriers.fetch import Fetcher
from carriers.models import CarrierAccount
from carriers.sandbox.running import RunningSandbox, running_sandbox
from lib.encryption import seal
from merchants.models import Merchant
from merchants.scope import merchant_scope
from storefront_pages import pages
from tests import factories
from tests.browser.conftest import SHOTS
from tests.storefront_pages import scenes
from tracking.answer_sending import send_round
from tracking.models import DeliveryAnswer, Watch
from tracking.parcels import add_parcel
from tracking.polling import poll_round

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NUMBER = "1ZA001W00123456789"
GAP = 8.0


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    with running_sandbox() as server:
        yield server


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, locale="ar", is_mobile=True, has_touch=True
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def work(sandbox: RunningSandbox) -> Iterator[Callable[[], None]]:
    """What the worker does in a while: hand answers over, ask the carrier."""
    fetcher = Fetcher(allow=[sandbox.host])
    turns = count(1)

    def run() -> None:
        # Each turn comes long after the last one, whatever that put off.
        send_round(fetcher, now=datetime.now(UTC) + timedelta(hours=next(turns)))
        with merchant_scope(Merchant.objects.get().pk):
            Watch.objects.update(next_ask_at=datetime.now(UTC) - timedelta(seconds=1))
        poll_round(fetcher, now=datetime.now(UTC))

    yield run
    fetcher.close()


@pytest.fixture
def path(sandbox: RunningSandbox) -> str:
    """The page of an order whose parcel the sandbox could not deliver."""
    shop, now = factories.merchant(), datetime.now(UTC)
    place = {"city": "Dubai", "country": "AE"}
    sandbox.register(
        "sandbox", NUMBER, "attempt_open", origin=place, destination=place, live_gap_seconds=GAP
    )
    with merchant_scope(shop.pk):
        CarrierAccount.objects.create(
            merchant=shop, carrier="sandbox", base_url=sandbox.base_url("sandbox"),
            secrets=seal({"client_id": "a", "client_secret": "b"}),
        )  # fmt: skip
        order = scenes.order(shop, placed_at=now - timedelta(days=6), announce_from=now)
        add_parcel(order=order, carrier="sandbox", tracking_number=NUMBER, now=now)
        return scenes.path(shop, order)


def photograph(page: Page, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_failed_attempt_is_answered_agreed_to_and_delivered(
    phone: Page, live_server: LiveServer, path: str, work: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(pages, "LOOK_EVERY", 5)
    work()
    phone.goto(live_server.url + path)
    heading = phone.get_by_role("heading", level=1)
    expect(heading).to_contain_text("لم تتمكن من تسليم شحنتك")
    submit = phone.get_by_role("button", name="إرسال إلى شركة الشحن")
    box = submit.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 844
    photograph(phone, "attempt-ar-1-asked-390")

    submit.tap()
    expect(phone.locator(".field__error")).to_have_count(1)
    photograph(phone, "attempt-ar-2-error-390")

    phone.locator(".choice").first.tap()
    phone.locator("select[name=part]").select_option("evening")
    phone.get_by_role("button", name="إرسال إلى شركة الشحن").tap()
    expect(heading).to_contain_text("طلبك في طريقه إلى شركة الشحن")
    assert phone.url.partition("#")[0] == live_server.url + path
    photograph(phone, "attempt-ar-3-received-390")

    work()
    expect(heading).to_contain_text("وننتظر رد شركة الشحن", timeout=15_000)
    time.sleep(GAP / 4 + 0.2)
    work()
    confirmed = re.compile("^أكّدت ساندبوكس إكسبرس")
    expect(heading).to_have_text(confirmed, timeout=15_000)
    photograph(phone, "attempt-ar-4-confirmed-390")
    with merchant_scope(Merchant.objects.get().pk):
        assert DeliveryAnswer.objects.get().state == "accepted"

    time.sleep(2 * GAP - 4)
    work()
    expect(heading).to_contain_text("تم تسليم شحنتك", timeout=15_000)


def test_nobody_came_works_without_javascript(
    chromium: Browser, live_server: LiveServer, path: str, work: Callable[[], None]
) -> None:
    work()
    context = chromium.new_context(java_script_enabled=False, locale="en-GB")
    plain = context.new_page()
    plain.goto(live_server.url + path)
    plain.get_by_role("button", name="Nobody came or called").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text(
        "You told us that nobody came. We are asking the carrier"
    )
    context.close()
