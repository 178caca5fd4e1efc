"""A store's feed as its owner sees it: silent, with gaps, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from benchmarks.feed_shops import Shop
from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores.connect import connect_store
from stores.feed.watching import learn_all
from stores.models import ApiState, Gap, StoreConnection
from tests import factories
from tests.browser.test_merchant import enter
from tracking.models import Order

pytestmark = pytest.mark.browser


def test_feed_says_how_silent_it_is_and_what_came_back(
    transactional_db: None,
    live_server: LiveServer,
    page: Page,
    merchant: Merchant,
    shoot: Callable[[str], None],
) -> None:
    store = _silent_shop(merchant)
    factories.user(merchant)
    enter(page, live_server)
    page.goto(f"{live_server.url}/app/{merchant.slug}/stores/{store.pk}/")
    page.get_by_role("link", name="When orders arrive, and gaps").click()
    assert page.locator("h1").inner_text().startswith("Silent for")
    assert page.locator(".gap").count() == 3
    shoot("feed-en")
    page.get_by_role("button", name="العربية").first.click()
    page.goto(f"{live_server.url}/app/{merchant.slug}/stores/{store.pk}/feed/")
    shoot("feed-ar")


def _silent_shop(merchant: Merchant) -> StoreConnection:
    now = timezone.now()
    heard = now - timedelta(hours=9)
    store = connect_store(
        merchant=merchant, platform="woocommerce", name="Noor", secret="whsec-1234",
        external_id="noor.example",
    )  # fmt: skip
    hours = list(Shop(20.0, "AE", 2).year())[: 24 * 90]
    shift = heard.replace(minute=0, second=0, microsecond=0) - hours[-1].start
    shift = timedelta(days=shift.days // 7 * 7)
    moments = [at + shift for hour in hours for at in hour.orders if at + shift < heard]
    with merchant_scope(merchant.pk):
        StoreConnection.objects.filter(pk=store.pk).update(
            api_state=ApiState.WORKING, last_received_at=heard
        )
        Order.objects.bulk_create(
            Order(
                merchant=merchant, source=store.source, external_id=f"x{n}", number=f"x{n}",
                placed_at=at, announce_from=at, country="AE",
            )
            for n, at in enumerate(moments)
        )  # fmt: skip
        for days, found, cause in ((3, 7, "switched_off"), (12, 0, "unknown"), (40, 1, "removed")):
            end = now - timedelta(days=days)
            Gap.objects.create(
                merchant=merchant, store=store, silent_since=end - timedelta(hours=days / 2),
                suspected_at=end, closed_at=end, found=found, cause=cause,
                webhook_repaired=bool(found), tells=bool(found), told_at=end,
            )  # fmt: skip
    learn_all(now=now)
    return store
