"""A stranger: from an empty database to an own parcel on an own branded page, and to the message
on the phone.

Every click is counted. Mail is read from the demonstration's mailbox, which is the stranger's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from carriers import fetch
from carriers.fetch import Fetcher
from carriers.sandbox.running import RunningSandbox, running_sandbox
from demo.models import CapturedMail
from merchants.models import Merchant, User
from notifications.tasks import compose_due, deliver_due
from stores import sandbox_orders
from tests.notifications.phones import pointed_at_phones
from tracking.tasks import poll_due

pytestmark = pytest.mark.browser

Shoot = Callable[[str], None]
EMAIL = "sara@stranger.example"
PASSWORD = "a long enough sentence"
LATE = "later than we said"
MOST_CLICKS = 40


class Stranger:
    """Somebody with a browser and a mailbox, who counts."""

    def __init__(self, page: Page, base_url: str) -> None:
        self.page, self.base_url, self.clicks = page, base_url, 0

    def press(self, name: str, *, role: Any = "button") -> None:
        self.clicks += 1
        self.page.get_by_role(role, name=name, exact=True).click()

    def choose(self, label: str, value: str) -> None:
        """A select costs two clicks: to open it, and to choose."""
        self.clicks += 2
        self.page.get_by_label(label).select_option(value)

    def type(self, label: str, text: str) -> None:
        """A field costs a click to get into it."""
        self.clicks += 1
        self.page.get_by_label(label).fill(text)

    def open_mail(self, subject: str) -> CapturedMail:
        """The newest mail with this subject; opening it is a click."""
        self.clicks += 1
        return CapturedMail.objects.filter(to__contains=EMAIL, subject__contains=subject)[0]

    def follow(self, sent: CapturedMail, part: str) -> None:
        """Click the link in a mail whose address holds this part."""
        self.clicks += 1
        links = re.findall(r"https?://\S+", sent.text)
        link = next(one for one in links if part in one)
        self.page.goto(self.base_url + re.sub(r"^https?://[^/]+", "", link))


@pytest.fixture
def sandbox(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningSandbox]:
    """Couriers and phones that the web process and the tasks may call."""
    with running_sandbox() as server, pointed_at_phones(settings):
        settings.SANDBOX_URL = server.url
        monkeypatch.setenv("OUTBOUND_ALLOW", server.host)
        monkeypatch.setattr(sandbox_orders, "LIVE_GAP_SECONDS", 6.0)
        settings.POLL_INTERVAL_FACTOR = 0.0001
        fetcher = Fetcher(allow=[server.host])
        monkeypatch.setattr(fetch, "shared", lambda: fetcher)
        yield server
        fetcher.close()


def settle(page: Page) -> None:
    """What worker and beat do, until the story has been told: ask carriers, write and send."""
    for _ in range(40):
        poll_due()
        compose_due()
        deliver_due()
        if CapturedMail.objects.filter(subject__contains=LATE).exists():
            return
        page.wait_for_timeout(500)
    pytest.fail("nobody was told that the parcel is late")


def test_stranger_comes_to_an_own_parcel_on_an_own_page(
    page: Page,
    live_server: LiveServer,
    transactional_db: None,
    sandbox: RunningSandbox,
    settings: Any,
    shoot: Shoot,
) -> None:
    settings.BASE_URL = live_server.url
    settings.EMAIL_BACKEND = "demo.mailbox.MailboxBackend"
    assert (User.objects.count(), Merchant.objects.count()) == (0, 0)
    sara = Stranger(page, live_server.url)
    sign_up(sara, shoot)
    found_shop(sara, shoot)
    dress(sara, shoot)
    own_page = make_parcel(sara, shoot)
    sara.press("Skip this step")
    write_to_oneself(sara, shoot)
    settle(page)

    page.goto(own_page)
    sara.clicks += 1
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Later than we said"))
    expect(page.locator(".shop__brand")).to_have_text("Dune Goods")
    assert page.evaluate(
        "getComputedStyle(document.documentElement).getPropertyValue('--brand').trim()"
    ) == "#b3541e"  # fmt: skip
    shoot("stranger-own-page")
    told = sara.open_mail(LATE)
    sara.follow(told, "/p/dune-goods/t/")
    expect(page.locator(".shop__brand")).to_have_text("Dune Goods")
    look_at_the_phone(sara, shoot)
    assert sara.clicks < MOST_CLICKS, f"{sara.clicks} clicks"


def look_at_the_phone(sara: Stranger, shoot: Shoot) -> None:
    """The shopper's phone, which here is the stranger's own, has the message on top."""
    sara.page.goto(f"{sara.base_url}/demo/phone/")
    sara.press("Sara Haddad", role="link")
    expect(sara.page.locator(".got").first).to_contain_text(LATE)
    shoot("stranger-phone")


def sign_up(sara: Stranger, shoot: Shoot) -> None:
    sara.page.goto(f"{sara.base_url}/app/")
    sara.press("Make an account", role="link")
    shoot("stranger-sign-up")
    sara.type("Your name", "Sara Haddad")
    sara.type("E-mail", EMAIL)
    sara.type("Password", PASSWORD)
    sara.press("Make an account")
    expect(sara.page.get_by_role("heading", level=1)).to_have_text("Look in your mailbox")
    sara.follow(sara.open_mail("Confirm your e-mail address"), "/app/confirm/")
    sara.type("Password", PASSWORD)
    sara.press("Confirm and sign in")


def found_shop(sara: Stranger, shoot: Shoot) -> None:
    page = sara.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Which shop is it?")
    sara.type("Name of the shop", "Dune Goods")
    sara.choose("Country you ship from", "AE")
    expect(page.locator(".setup__facts")).to_contain_text("/p/dune-goods")
    frame = page.frame_locator("#live-preview")
    expect(frame.locator(".shop__brand")).to_have_text("Dune Goods")
    shoot("stranger-shop")
    sara.press("Make the shop")


def dress(sara: Stranger, shoot: Shoot) -> None:
    page = sara.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Make it look like your shop")
    sara.type("Your colour", "#b3541e")
    page.get_by_label("Your colour").dispatch_event("change")
    expect(page.locator("#live-preview")).to_have_attribute("src", re.compile("b3541e"))
    shoot("stranger-look")
    sara.press("Save and go on")


def make_parcel(sara: Stranger, shoot: Shoot) -> str:
    """A late parcel at one's own address; returns where its page is."""
    page = sara.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Watch a parcel travel")
    sara.clicks += 1
    page.get_by_text("Delayed, with a new date").click()
    shoot("stranger-carrier")
    sara.press("Make this parcel")
    own_page = page.get_by_role("link", name="Open its page").get_attribute("href")
    assert own_page is not None
    shoot("stranger-parcel")
    sara.press("Go on", role="link")
    return own_page


def write_to_oneself(sara: Stranger, shoot: Shoot) -> None:
    page = sara.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Send yourself a message")
    sara.press("Send it to me")
    expect(page.get_by_text(f"Sent to {EMAIL}")).to_be_visible()
    sara.press("No, Homeward should")
    shoot("stranger-message")
    sara.press("Finish")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are live")
    shoot("stranger-live")
