"""A doubted delivery, an outage and a wrong reading, as the people see them who settle them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from carriers import registry
from carriers.base import Ask
from carriers.calls import Account, Answer, Call
from carriers.updates import CarrierEvent, Place, TrackingUpdate
from lib.vocabulary import UNKNOWN
from merchants.models import Merchant, Role
from merchants.scope import merchant_scope
from tests import factories
from tracking.ingest import Heard, ingest
from tracking.links import link_for, page_path
from tracking.models import Shipment
from tracking.outages import declare
from tracking.raw_answers import keep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_RAW = b'{"events": [{"code": "SH005", "text": "Delivered"}, {"code": "QX9"}]}'


def _tell(shop: Merchant, *scans: tuple[float, str, str, str], number: str) -> Shipment:
    """A parcel of Aramex with scans of (hours ago, code, sub-status, country)."""
    now, key = timezone.now(), uuid4()
    shipment = factories.shipment(
        shop, carrier="aramex", tracking_number=f"4430{number}", number=number, now=now,
        placed_at=now - timedelta(days=3),
    )  # fmt: skip
    events = tuple(
        CarrierEvent(
            code=code, sub_status=meaning, at=now - timedelta(hours=hours), zone_source="carrier",
            description="Shipment delivered" if code == "SH005" else "Shipment scanned",
            place=Place(city="Dubai" if country == "AE" else "", country=country),
        )
        for hours, code, meaning, country in scans
    )  # fmt: skip
    update = TrackingUpdate(shipment.tracking_number, events)
    ingest(heard=[Heard(shipment.pk, update, poll_id=key)], source="poll", now=now)
    account = Account("1", "http://x.example", {})
    call = Call(registry.get("aramex"), account, (Ask(shipment.tracking_number),))
    keep([(key, Answer(call, raw=_RAW))], merchant_id=shop.pk, now=now)
    return shipment


@pytest.fixture
def ghost(live_server: LiveServer, page: Page) -> Shipment:
    """Delivered minutes after the label; others with a stray place and an unreadable code."""
    shop = factories.merchant()
    agent = factories.user(shop, role=Role.ADMIN)
    with merchant_scope(shop.pk):
        found = _tell(
            shop, (3, "SH203", "info.label_created", "AE"),
            (2.8, "SH005", "delivered.generic", "AE"),
            number="1050",
        )  # fmt: skip
        _tell(
            shop, (9, "SH012", "picked_up.accepted", "AE"),
            (8.8, "SH022", "transit.arrived_facility", "US"),
            (4, "QX9", UNKNOWN, "AE"), number="1051",
        )  # fmt: skip
        link_for(order=found.order)
    client = Client()
    client.force_login(agent)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    declare(carrier="aramex", now=timezone.now() - timedelta(hours=2))
    return found


def test_doubted_delivery_is_explained_and_counted_by_a_click(
    ghost: Shipment, live_server: LiveServer, page: Page, shoot: Callable[[str], None]
) -> None:
    base = live_server.url
    page.goto(f"{base}/app/noor/")
    shoot("outage-home-en")
    page.goto(f"{base}/app/noor/carriers/quarantine/")
    expect(page.locator(".held > li")).to_have_count(2)
    shoot("quarantine-en")
    page.get_by_role("link", name="Explain", exact=True).last.click()
    expect(page.locator("h1")).to_have_text("Why SH005 is read so")
    shoot("scan-en")
    page.goto(f"{base}/app/noor/orders/{ghost.order_id}/")
    shoot("order-held-en")
    page.get_by_role("button", name="It happened: count it").click()
    expect(page.locator(".pill").filter(has_text="Counted").first).to_be_visible()


def test_desk_and_the_customers_page_say_what_is_known(
    ghost: Shipment, live_server: LiveServer, page: Page, shoot: Callable[[str], None]
) -> None:
    page.goto(f"{live_server.url}/desk/noor/orders/{ghost.order_id}/")
    shoot("desk-held-en")
    page.get_by_role("button", name="Leave it out for good").click()
    expect(page.get_by_text("Left out", exact=True)).to_be_visible()
    shop = ghost.merchant
    with merchant_scope(shop.pk):
        path = page_path(link_for(order=ghost.order), merchant=shop)
    for language in ("en", "ar"):
        page.goto(f"{live_server.url}{path}?lang={language}")
        expect(page.locator(".note").first).to_be_visible()
        shoot(f"outage-page-{language}")


def test_remap_shows_before_and_after(
    ghost: Shipment, live_server: LiveServer, page: Page, shoot: Callable[[str], None]
) -> None:
    page.goto(f"{live_server.url}/app/noor/carriers/code/?carrier=aramex&code=QX9")
    page.get_by_label("Means").select_option("out.on_vehicle")
    page.get_by_role("button", name="Show what would change").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    shoot("remap-en")
    page.get_by_role("button", name="Read it like this").click()
    expect(page.get_by_text("1 parcel was read again; nobody was messaged")).to_be_visible()


def test_pages_read_well_in_arabic(
    ghost: Shipment, live_server: LiveServer, page: Page, shoot: Callable[[str], None]
) -> None:
    base = live_server.url
    page.goto(f"{base}/app/noor/carriers/")
    page.get_by_role("button", name="العربية").first.click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    with merchant_scope(ghost.merchant_id):
        scan = ghost.events.get(code="SH005").pk
    for name, path in (
        ("carriers-outage", "carriers/"), ("quarantine", "carriers/quarantine/"),
        ("scan", f"scans/{scan}/"), ("order-held", f"orders/{ghost.order_id}/"),
    ):  # fmt: skip
        page.goto(f"{base}/app/noor/{path}")
        shoot(f"{name}-ar")
    page.goto(f"{base}/desk/noor/orders/{ghost.order_id}/")
    shoot("desk-held-ar")
