"""A parcel goes late: page, message and desk say so before the promised day has passed.

Once by the carrier's word, played by the sandbox; once by what was learned alone. In English and
Arabic.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from carriers import fetch
from carriers.fetch import Fetcher
from carriers.sandbox.running import RunningSandbox, running_sandbox
from demo.models import CapturedMail
from lib import formats
from merchants.models import Merchant, Role, User
from merchants.scope import merchant_scope
from notifications.tasks import compose_due, deliver_due
from stores import sandbox_orders
from stores.sandbox_orders import SandboxParcel, make_sandbox_order
from stores.vocabulary import Person
from tests import factories
from tests.browser.conftest import SHOTS, in_background
from tests.learned import know
from tests.storefront_pages import scenes
from tracking.ingest import review
from tracking.links import link_for, page_path
from tracking.models import Order, Shipment
from tracking.tasks import poll_due

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LANGUAGES = ["en", "ar"]
#: What each face says: on the page's heading, in the mail's subject, on the desk.
LATE = {
    "en": ("Later than we said", "will come later than we said", "Will be later than promised"),
    "ar": ("ستتأخر شحنتك", "ستتأخر شحنتك", "ستتأخر عن الموعد"),
}
LIKELY = {
    "en": (
        "Probably later than we said",
        "will probably come later than we said",
        "Will probably be later than promised",
    ),
    "ar": ("من المرجّح أن تتأخر شحنتك", "من المرجّح أن تتأخر شحنتك", "من المرجّح أن تتأخر"),
}

Shoot = Callable[[str], None]


@pytest.fixture(params=LANGUAGES)
def shop(request: pytest.FixtureRequest, settings: Any, live_server: LiveServer) -> Merchant:
    settings.BASE_URL = live_server.url
    settings.EMAIL_BACKEND = "demo.mailbox.MailboxBackend"
    return factories.merchant(default_language=request.param)


@pytest.fixture
def reader(chromium: Browser, shop: Merchant) -> Iterator[Page]:
    """Somebody whose browser speaks the shop's language."""
    context = chromium.new_context(locale="en-GB" if shop.default_language == "en" else "ar")
    yield context.new_page()
    context.close()


@pytest.fixture
def shoot(reader: Page) -> Shoot:
    """A phone's and a desktop's picture, for people to look at."""

    def take(name: str) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        for width, height in ((390, 844), (1280, 900)):
            reader.set_viewport_size({"width": width, "height": height})
            reader.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)

    return take


@pytest.fixture
def sandbox(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningSandbox]:
    with running_sandbox() as server:
        settings.SANDBOX_URL = server.url
        monkeypatch.setenv("OUTBOUND_ALLOW", server.host)
        monkeypatch.setattr(sandbox_orders, "LIVE_GAP_SECONDS", 2.0)
        settings.POLL_INTERVAL_FACTOR = 0.0001
        fetcher = Fetcher(allow=[server.host])
        monkeypatch.setattr(fetch, "shared", lambda: fetcher)
        yield server
        fetcher.close()


def log_in(page: Page, live_server: LiveServer, user: User) -> None:
    client = Client()
    client.force_login(user)
    name = django_settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )


def seen_everywhere(
    page: Page,
    live_server: LiveServer,
    shop: Merchant,
    order: Order,
    shoot: Shoot,
    words: tuple[str, str, str],
    name: str,
) -> None:
    """The shopper's page, the message in the mailbox, the desk: before the promised day is over."""
    language = shop.default_language
    with merchant_scope(shop.pk):
        parcel = Shipment.objects.get(order=order)
        path = page_path(link_for(order=order), merchant=shop)
    assert parcel.promised_last is not None
    assert parcel.edd_last is not None
    assert parcel.edd_first is not None
    assert parcel.promised_last >= timezone.now().astimezone(scenes.DUBAI).date()
    assert parcel.edd_last > parcel.promised_last
    heading, subject, on_desk = words
    window = formats.date_range(parcel.edd_first, parcel.edd_last, language)

    (mail,) = CapturedMail.objects.filter(subject__contains=subject)
    assert heading in mail.text
    assert window in mail.text

    page.goto(f"{live_server.url}{path}?lang={language}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    expect(page.get_by_role("heading", level=1)).to_contain_text(window)
    assert page.evaluate("document.documentElement.lang") == language
    shoot(f"late-{name}-page-{language}")

    log_in(page, live_server, factories.user(shop, role=Role.AGENT))
    page.goto(f"{live_server.url}/desk/{shop.slug}/")
    expect(page.locator("body")).to_contain_text(on_desk)
    shoot(f"late-{name}-queue-{language}")
    page.get_by_role("link", name=re.compile(re.escape(order.number))).first.click()
    with override(language):
        expect(page.locator(".window__now").first).to_contain_text(window)
    shoot(f"late-{name}-desk-{language}")


def test_sandbox_parcel_that_goes_late_is_told_before_the_day(
    reader: Page, live_server: LiveServer, shop: Merchant, sandbox: RunningSandbox, shoot: Shoot
) -> None:
    language = shop.default_language
    wanted = SandboxParcel(
        scenario="late", country="AE", city="Dubai", from_city="Abu Dhabi",
        customer=Person(name="Sara", email="sara@shopper.example", language=language),
        language=language,
    )  # fmt: skip

    def buy() -> None:
        with merchant_scope(shop.pk):
            make_sandbox_order(merchant=shop, wanted=wanted, now=timezone.now())

    in_background(buy)
    with merchant_scope(shop.pk):
        order = Order.objects.get()
    for _ in range(40):
        in_background(poll_due)
        compose_due()
        in_background(deliver_due)
        if CapturedMail.objects.filter(subject__contains=LATE[language][1]).exists():
            break
        reader.wait_for_timeout(500)
    seen_everywhere(reader, live_server, shop, order, shoot, LATE[language], "carrier")


def test_likely_delay_is_told_before_the_carrier_says_it(
    reader: Page,
    live_server: LiveServer,
    shop: Merchant,
    shoot: Shoot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    language, now = shop.default_language, timezone.now()
    today: date = now.astimezone(scenes.DUBAI).date()
    promised = today + timedelta(days=3)
    with merchant_scope(shop.pk):
        order = scenes.order(
            shop, number="#1001", placed_at=now - timedelta(days=2), announce_from=now,
            customer_email="sara@shopper.example", language=language,
            promised_first=promised, promised_last=promised,
        )  # fmt: skip
        parcel = scenes.parcel(
            shop, scenes.scan(40, "picked_up.accepted", now),
            scenes.scan(0, "transit.departed_facility", now), of=order, now=now,
        )  # fmt: skip
        know(monkeypatch, promised, 0.3, 0.3, 0.4)
        review([parcel.pk], now=now)
    compose_due()
    in_background(deliver_due)
    seen_everywhere(reader, live_server, shop, order, shoot, LIKELY[language], "likely")
