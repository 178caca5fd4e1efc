"""The whole loop, played once by hand: shop, order, mail, page, failed attempt, answer, delivered.

Its pictures stand in the README: `make pictures` takes them anew.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from carriers.fetch import Fetcher
from carriers.sandbox.running import running_sandbox
from demo.catalogue import NOOR
from demo.models import CapturedMail
from demo.phone_views import subscribe
from demo.phones import browser_of, owners
from demo.seed import open_shop
from merchants.models import Merchant
from merchants.scope import merchant_scope
from notifications.compose import compose_due
from notifications.deliver import deliver_due
from notifications.sandbox.running import RunningPhones
from storefront_pages import pages
from tests.browser.conftest import Picture, in_background
from tests.notifications.phones import pointed_at_phones, switch_on
from tracking.answer_sending import send_round
from tracking.models import Watch
from tracking.polling import poll_round

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: Seconds between two scans.
GAP = 1


@dataclass
class Workers:
    """What worker and beat do, one turn at a time."""

    fetcher: Fetcher
    turns: Iterator[int]

    def ask(self) -> None:
        """Hand answers over and ask the courier; each turn long after the last."""
        now = timezone.now()
        send_round(self.fetcher, now=now + timedelta(hours=next(self.turns)))
        with merchant_scope(Merchant.objects.get().pk):
            Watch.objects.update(next_ask_at=now - timedelta(seconds=1))
        poll_round(self.fetcher, now=now)

    def write(self) -> None:
        compose_due(now=timezone.now())
        in_background(lambda: deliver_due(clock=timezone.now))


@pytest.fixture
def phones(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningPhones]:
    with pointed_at_phones(settings) as running:
        monkeypatch.setenv("OUTBOUND_ALLOW", running.host)
        yield running


@pytest.fixture
def workers(live_server: LiveServer, settings: Any) -> Iterator[Workers]:
    """A demonstration's shop with its sandbox courier, and who works for it."""
    with running_sandbox() as sandbox:
        settings.BASE_URL, settings.SANDBOX_URL = live_server.url, sandbox.url
        settings.EMAIL_BACKEND = "demo.mailbox.MailboxBackend"
        fetcher = Fetcher(allow=[sandbox.host])
        yield Workers(fetcher, count(1))
        fetcher.close()


def test_order_is_bought_missed_at_the_door_and_delivered(
    page: Page,
    live_server: LiveServer,
    workers: Workers,
    phones: RunningPhones,
    picture: Picture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pages, "LOOK_EVERY", 5)
    merchant, _ = open_shop(NOOR)
    with merchant_scope(merchant.pk):
        switch_on(merchant, "whatsapp")
    heading = page.get_by_role("heading", level=1)

    buy(page, f"{live_server.url}/demo/shop/noor/", picture)
    thanks = page.url
    page.get_by_role("link", name="Your order page").click()
    expect(heading).to_have_text("We have your order")
    workers.write()
    link = mailed_link("We have your order")
    [shopper] = owners()
    subscribe(shopper, browser_of(shopper) or {})

    page.goto(thanks)
    page.get_by_label("Seconds between two scans").fill(str(GAP))
    page.get_by_role("button", name="Hand it to the courier").click()
    page.goto(link)
    time.sleep(9 * GAP)
    workers.ask()
    expect(heading).to_contain_text("could not deliver", timeout=15_000)
    picture("loop-3-missed")
    workers.write()
    page.goto(f"{live_server.url}/demo/phone/{shopper.pk}/")
    for app in ("Mail", "WhatsApp", "Browser"):
        expect(page.get_by_text(app, exact=True).first).to_be_visible()
    picture("loop-4-told")

    answer(page, link, workers, picture)
    workers.write()
    page.goto(f"{live_server.url}/demo/phone/{shopper.pk}/")
    newest = page.locator(".got--whatsapp").first
    expect(newest).to_contain_text("Delivered on")
    picture("loop-7-phone")


def buy(page: Page, url: str, picture: Picture) -> None:
    page.goto(url)
    page.get_by_role("link", name=re.compile("Brass table lamp")).click()
    expect(page.locator(".promise")).to_contain_text(
        re.compile(r"Order (within|by) ")  # before a weekend the day is told, not a countdown
    )
    picture("loop-1-shop")
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_role("link", name="Check out").click()
    page.get_by_text("Cash on delivery").click()
    page.get_by_role("button", name=re.compile("^Buy for AED")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your order")
    picture("loop-2-thanks")


def mailed_link(subject: str) -> str:
    """The page's address in the newest mail with this subject."""
    sent = CapturedMail.objects.filter(subject__contains=subject).latest("pk")
    found = re.search(r"https?://\S+/t/[\w-]+/", sent.text)
    assert found is not None
    return found[0]


def answer(page: Page, link: str, workers: Workers, picture: Picture) -> None:
    """Choose another day; the courier agrees, comes again and delivers."""
    heading = page.get_by_role("heading", level=1)
    page.goto(link)
    page.locator(".choice").first.click()
    page.get_by_role("button", name="Send to the carrier").click()
    expect(heading).to_contain_text("the carrier")
    workers.ask()
    time.sleep(GAP / 4 + 0.3)
    workers.ask()
    expect(heading).to_have_text(re.compile("^Sandbox Express confirmed"), timeout=15_000)
    picture("loop-5-agreed")
    time.sleep(3 * GAP)
    workers.ask()
    expect(heading).to_contain_text("Delivered on", timeout=15_000)
    picture("loop-6-delivered")
