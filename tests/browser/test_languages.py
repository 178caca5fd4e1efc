"""Languages are chosen on a screen: found while one types, said while closed, without a script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from merchants.models import Merchant
from tests.browser.conftest import without_script
from tests.browser.test_merchant import enter
from tests.browser.test_merchant import full_shop as full_shop
from tests.dashboard.conftest import shop as shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PATH = "/app/noor/settings/languages/"


def test_language_is_found_ticked_and_spoken(
    page: Page, live_server: LiveServer, full_shop: Merchant, shoot: Callable[[str], None]
) -> None:
    enter(page, live_server)
    page.goto(live_server.url + PATH)
    summary = page.locator(".tongues > summary")
    summary.click()
    page.get_by_label("Find a language").fill("cest")  # marks are no matter: Čeština
    expect(page.locator(".tongue").locator("visible=true")).to_have_count(1)
    page.get_by_label("Čeština").check()
    expect(summary).to_have_text("English, Arabic, and Czech")
    page.get_by_label("Find a language").fill("Klingon")
    expect(page.get_by_text("None of ours is called that.")).to_be_visible()
    page.get_by_label("Find a language").fill("")
    shoot("app-languages")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your pages speak English, Arabic, and Czech.")).to_be_visible()
    page.goto(f"{live_server.url}/p/noor/?lang=cs")
    expect(page.locator("html")).to_have_attribute("lang", "cs")


def test_languages_are_chosen_on_a_phone_without_a_script(
    chromium: Browser, page: Page, live_server: LiveServer, full_shop: Merchant
) -> None:
    enter(page, live_server)
    with without_script(chromium, page) as plain:
        plain.goto(live_server.url + PATH)
        plain.locator("[name=which][value=all]").check()
        expect(plain.locator(".tongues")).to_be_hidden()
        plain.locator("[name=which][value=some]").check()
        plain.locator(".tongues > summary").click()
        expect(plain.get_by_label("Find a language")).to_be_hidden()
        plain.get_by_label("Polski").check()
        plain.get_by_role("button", name="Save").click()
        expect(plain.get_by_text("We do not write messages in Polish.")).to_be_visible()
        assert plain.evaluate("document.documentElement.scrollWidth") == 320
