"""The merchant: signs in, sees what waits, filters the orders, opens one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from carriers.models import CarrierAccount
from merchants.access import issue_api_key, record
from merchants.models import Merchant, Role, User
from merchants.scope import merchant_scope
from notifications.models import Message
from stores.models import StoreConnection
from tests import factories
from tests.dashboard.conftest import scanned
from tests.dashboard.conftest import shop as shop
from tests.dashboard.conftest import sign_in as sign_in
from tracking.models import Order, Shipment

pytestmark = pytest.mark.browser

Shoot = Callable[[str], None]
PEOPLE = (
    ("1045", "James Okafor", "Riyadh", "SA", "transit.departed_facility"),
    ("1046", "مريم حداد", "Abu Dhabi", "AE", "out.on_vehicle"),
    ("1047", "Priya Raman", "Mumbai", "IN", "customs.information_required"),
    ("1048", "Lina Haddad", "Amman", "JO", "pickup.ready"),
    ("1049", "Omar Al Suwaidi", "Sharjah", "AE", "exception.damaged"),
    ("1050", "Hessa Al Marri", "Doha", "QA", "delay.capacity"),
    ("1051", "فهد العتيبي", "Jeddah", "SA", "info.label_created"),
    ("1052", "Nadia Rahman", "Kuwait City", "KW", "returning.started"),
)


@pytest.fixture
def full_shop(transactional_db: None, shop: Merchant) -> Merchant:
    """The shop of the other tests, with more people waiting."""
    with merchant_scope(shop.pk):
        for n, (number, name, city, country, sub_status) in enumerate(PEOPLE):
            scanned(
                shop, (60 + n, "PU", "picked_up.accepted"),
                (40 + n, "AR", "transit.arrived_facility"), (2 + n, "XX", sub_status),
                number=number, customer_name=name, city=city,
                country=country, line1="Villa 14, Street 22", landmark="Opposite the pharmacy",
            )  # fmt: skip
        order = Order.objects.get(number="1042")
        factories.shipment(shop, order=order, carrier="smsa", tracking_number="290000123456")
        Shipment.objects.filter(order__number="1045").update(delayed=True)
        Message.objects.update(sent_at=timezone.now() - timedelta(hours=3))
        owner = factories.user(shop)
        User.objects.filter(pk=owner.pk).update(name="Layla Haddad")
        factories.user(shop, role=Role.AGENT, email="agent@noor.example")
        issue_api_key(merchant=shop, name="Warehouse", by=owner)
        record(merchant=shop, user=owner, action="brand.changed", accent=["#2f5bd7", "#0a5c4a"])
    return shop


def enter(page: Page, server: LiveServer) -> None:
    page.goto(f"{server.url}/app/")
    page.get_by_label("E-mail").fill("owner@noor.example")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/app/noor/")


def test_owner_signs_in_filters_and_opens_an_order(
    page: Page, live_server: LiveServer, full_shop: Merchant, shoot: Shoot
) -> None:
    page.goto(f"{live_server.url}/app/")
    shoot("app-login-en")
    enter(page, live_server)
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("orders need you"))
    shoot("app-home-en")

    page.get_by_role("link", name=re.compile("failed delivery attempt")).click()
    expect(page.locator("#orders tbody tr")).to_have_count(1)
    page.get_by_role("link", name="1042").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Order 1042")
    expect(page.get_by_text("read by the adapter map").first).to_be_attached()
    shoot("app-order-en")


def test_typing_finds_an_order_without_an_address_that_says_so(
    page: Page, live_server: LiveServer, full_shop: Merchant
) -> None:
    enter(page, live_server)
    page.goto(f"{live_server.url}/app/noor/orders/")
    page.get_by_role("searchbox").press_sequentially("okaf", delay=30)
    expect(page.locator("#orders tbody tr")).to_have_count(1)
    assert page.url == f"{live_server.url}/app/noor/orders/"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_fits_and_keeps_the_policy(
    page: Page, live_server: LiveServer, full_shop: Merchant, shoot: Shoot, language: str
) -> None:
    enter(page, live_server)
    if language == "ar":
        page.set_viewport_size({"width": 1280, "height": 900})
        page.get_by_role("button", name="العربية").click()
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
    for name, address in addresses(full_shop).items():
        page.goto(live_server.url + address)
        shoot(f"app-{name}-{language}")


def addresses(shop: Merchant) -> dict[str, str]:
    with merchant_scope(shop.pk):
        store = StoreConnection.objects.get()
        ids = {
            "order": [Order.objects.get(number="1042").pk],
            "message": [Message.objects.get().pk],
            "carrier_connect": ["aramex"],
            "store": [store.pk],
            "store_connect": ["shopify"],
            "parcel_why": [Shipment.objects.filter(order__number="1042").earliest("pk").pk],
        }
        account = CarrierAccount.objects.get().pk
    ids["carrier"] = ids["carrier_remove"] = [account]
    names = (
        "home", "orders", "order", "messages", "message", "carriers", "carrier",
        "carrier_choose", "carrier_connect", "carrier_remove", "code", "stores", "store",
        "store_connect", "dates", "parcel_why", "team", "keys", "brand", "audit",
    )  # fmt: skip
    found = {
        name: reverse(f"dashboard:{name}", args=[shop.slug, *ids.get(name, [])]) for name in names
    }
    found["code"] += "?carrier=sandbox&code=ZZ9"
    return found
