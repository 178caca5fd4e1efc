"""The page of calendars without a mouse's help: a closure on a phone, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_closure_is_added_and_removed_in_both_languages(
    live_server: LiveServer, page: Page, shoot: Callable[[str], None], merchant: Merchant
) -> None:
    factories.user(merchant)
    with merchant_scope(merchant.pk):
        factories.shipment(merchant, carrier="aramex", country="SA", city="Riyadh")
    page.goto(f"{live_server.url}/app/login/")
    page.get_by_label("E-mail").fill("owner@noor.example")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{live_server.url}/app/noor/dates/calendars/")
    page.get_by_label("First day").fill("2027-01-04")
    page.get_by_label("What it is called").fill("Stocktaking")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Saved. Dates follow")).to_be_visible()
    expect(page.locator(".month__notes").get_by_text("Stocktaking")).to_be_visible()
    shoot("calendars-en")
    page.get_by_label("Whose calendar").select_option("SA")
    expect(page.get_by_role("heading", name="Deliveries in Saudi Arabia")).to_be_visible()
    page.get_by_role("button", name="العربية").click()
    page.goto(f"{live_server.url}/app/noor/dates/calendars/?of=SA&carrier=aramex")
    shoot("calendars-ar")
    page.get_by_role("button", name="إزالة").click()
    expect(page.get_by_text("لا شيء بعد")).to_be_visible()
