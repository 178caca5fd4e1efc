"""A domain is connected on a screen: added, set up from what is copied, checked; on a phone too."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from merchants.models import Domain, Merchant
from tests.browser.axe import problems
from tests.browser.conftest import without_script
from tests.browser.test_merchant import enter
from tests.browser.test_merchant import full_shop as full_shop
from tests.dashboard.conftest import shop as shop
from tests.lib.fake_dns import running_dns
from tests.merchants.domain_scenes import HOST, OURS, Records, lead, let_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PATH = "/app/noor/settings/domains/"


@pytest.fixture(autouse=True)
def zone(settings: Settings) -> Iterator[Records]:
    records: Records = {f"A {OURS}": ["203.0.113.7"]}
    settings.PAGES_HOST = OURS
    with running_dns(records) as server:
        settings.DNS_SERVERS = server
        yield records


def add(page: Page, name: str) -> None:
    page.get_by_label("Your domain").fill(name)
    page.get_by_role("button", name="Add the domain").click()


def test_domain_is_added_and_connected(
    page: Page, live_server: LiveServer, full_shop: Merchant, zone: Records,
    shoot: Callable[[str], None],
) -> None:  # fmt: skip
    enter(page, live_server)
    page.goto(f"{live_server.url}/app/noor/settings/brand/")
    page.get_by_role("link", name="Address", exact=True).click()
    add(page, f"https://{HOST.upper()}/")
    expect(page.get_by_text("Not looked at yet")).to_have_count(2)
    lead(zone, to="old.example")
    check = page.get_by_role("button", name="Check now")
    check.click()
    expect(page.get_by_text("Another value")).to_be_visible()
    expect(page.get_by_text("old.example")).to_be_visible()
    shoot("app-domains")
    assert problems(page) == []
    lead(zone)
    let_in(zone, Domain.objects.get())
    check.click()
    expect(page.get_by_text(f"{HOST} is connected: your pages are served there.")).to_be_visible()
    expect(page.get_by_text("In messages", exact=True)).to_be_visible()
    page.get_by_role("link", name=f"Remove {HOST}").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text(f"{HOST} is removed.")).to_be_visible()


def test_records_fit_a_phone_without_a_script(
    chromium: Browser, page: Page, live_server: LiveServer, full_shop: Merchant
) -> None:
    enter(page, live_server)
    with without_script(chromium, page) as plain:
        plain.goto(live_server.url + PATH)
        add(plain, "تتبع.متجر-العطور-والبخور.example")
        plain.get_by_role("button", name="Check now").click()
        expect(plain.get_by_text("DNS can take up to a day.")).to_have_count(2)
        assert plain.evaluate("document.documentElement.scrollWidth") == 320
