"""A storm: a merchant sees that parcels are slow, adds days, and the shopper reads why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from edd.disruption_rows import Wanted, switch_on_for_all
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests import factories
from tests.browser.conftest import in_background
from tests.browser.test_merchant import enter
from tests.dashboard.conftest import scanned
from tracking.disrupting import sweep_round
from tracking.links import link_for, page_path
from tracking.models import Order, Slowness

pytestmark = pytest.mark.browser

DAY = timedelta(days=1)


@pytest.fixture
def slow_shop(transactional_db: None, merchant: Merchant) -> Merchant:
    """Five parcels on their way in the Emirates, where the carrier is slow for several shops."""
    today = timezone.now().date()
    factories.user(merchant)
    with merchant_scope(merchant.pk):
        for n in range(5):
            scanned(
                merchant, (26 + n, "PU", "picked_up.accepted"),
                (8 + n, "AR", "transit.arrived_facility"), number=f"104{n}", carrier="aramex",
            )  # fmt: skip
    Slowness.objects.create(
        carrier="aramex", to_country="AE", since=today - 4 * DAY, seen_on=today - 2 * DAY,
        late=0.61, usual=0.08, parcels=412, merchants=7, days=2,
    )  # fmt: skip
    later = Wanted(
        4, today + 20 * DAY, today + 26 * DAY, to_country="BR", to_region="Bahia", cause="strike"
    )
    switch_on_for_all(later, note="Announced by the union", now=timezone.now())
    return merchant


@pytest.mark.parametrize("language", ["en", "ar"])
def test_hint_becomes_days_and_the_page_says_why(
    page: Page,
    live_server: LiveServer,
    slow_shop: Merchant,
    shoot: Callable[[str], None],
    language: str,
) -> None:
    enter(page, live_server)
    if language == "ar":
        page.get_by_role("button", name="العربية").click()
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
    shoot(f"disruption-home-{language}")

    page.locator("a[href*='slow=']").click()
    page.locator("select[name=cause]").select_option("weather")
    page.locator("form.stack button.btn--primary").click()
    expect(page.locator("#looked")).to_be_visible()
    shoot(f"disruption-looked-{language}")
    page.locator("#looked button").click()
    page.wait_for_url("**/dates/disruptions/")
    in_background(lambda: sweep_round(now=timezone.now()))
    page.reload()
    expect(page.locator(".disruption")).to_have_count(2)
    shoot(f"disruption-list-{language}")

    with merchant_scope(slow_shop.pk):
        order = Order.objects.get(number="1042")
        path = page_path(link_for(order=order), merchant=slow_shop)
    page.goto(f"{live_server.url}/app/noor/orders/{order.pk}/")
    shoot(f"disruption-order-{language}")
    page.goto(f"{live_server.url}/desk/noor/orders/{order.pk}/")
    shoot(f"disruption-desk-{language}")
    page.goto(f"{live_server.url}{path}?lang={language}")
    expect(page.locator(".answer .note--wait")).to_have_count(1)
    shoot(f"disruption-page-{language}")
