"""A silent parcel, as the shopper, the agent and the merchant see whether that is usual."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from carriers.models import CarrierAccount
from merchants.models import Merchant, Role
from merchants.scope import merchant_scope
from tests import factories
from tests.helpdesk.parcels import scanned
from tests.tracking.taught import teach
from tracking.gap_history import forget
from tracking.links import link_for, page_path
from tracking.models import Shipment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LANGUAGES = ("en", "ar")
USUAL, TOO_LONG = "#1060", "#1061"


@pytest.fixture
def shop(live_server: LiveServer, page: Page) -> Iterator[Merchant]:
    """Two silent parcels of a carrier whose lanes are known, and an admin signed in."""
    made = factories.merchant()
    agent = factories.user(made, role=Role.ADMIN)
    now = timezone.now()
    for stage, typical in (("in_transit", 60.0), ("transit.at_delivery_depot", 6.0)):
        teach(made.pk, carrier="aramex", stage=stage, typical=typical, lane="AE>SA", gaps=812)
    teach(made.pk, carrier="aramex", stage="customs", typical=40, lane="AE>KW", gaps=340)
    with merchant_scope(made.pk):
        CarrierAccount.objects.create(merchant=made, carrier="aramex", last_ok_at=now)
        for number, hours, scan in (
            (USUAL, 70, "transit.generic"),
            (TOO_LONG, 90, "transit.at_delivery_depot"),
        ):
            scanned(made, (hours, scan), now=now, number=number, carrier="aramex", country="SA")
    client = Client()
    client.force_login(agent)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    yield made
    forget()


def speak(page: Page, live_server: LiveServer, language: str) -> None:
    page.context.add_cookies(
        [{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}]
    )


def test_silence_is_explained_to_everybody(
    live_server: LiveServer, page: Page, shoot: Callable[[str], None], shop: Merchant
) -> None:
    with merchant_scope(shop.pk):
        account = CarrierAccount.objects.get()
        parcels = {one.order.number: one for one in Shipment.objects.select_related("order")}
        paths = {
            number: page_path(link_for(order=one.order), merchant=shop)
            for number, one in parcels.items()
        }
        assert [parcels[number].stalled for number in (USUAL, TOO_LONG)] == [False, True]
    figures = {USUAL: "within 5 days", TOO_LONG: "within 1 day"}
    for language in LANGUAGES:
        speak(page, live_server, language)
        for number, name in ((USUAL, "usual"), (TOO_LONG, "too-long")):
            page.goto(live_server.url + paths[number] + f"?lang={language}")
            if language == "en":
                expect(page.locator(".answer__lead")).to_contain_text(figures[number])
            shoot(f"silence-page-{name}-{language}")
            page.goto(f"{live_server.url}/app/noor/orders/{parcels[number].order_id}/")
            if language == "en":
                expect(page.get_by_text("this lane, 812 scans")).to_be_visible()
            shoot(f"silence-order-{name}-{language}")
        page.goto(f"{live_server.url}/desk/noor/orders/{parcels[USUAL].order_id}/")
        shoot(f"silence-desk-{language}")
        page.goto(f"{live_server.url}/app/noor/carriers/{account.pk}/")
        expect(page.locator("tbody tr")).to_have_count(8)
        shoot(f"silence-carrier-{language}")
