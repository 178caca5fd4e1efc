"""A page's dates reach the ledger: those that it tells, for whoever's link it is, cheaply."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from merchants.models import Merchant
from merchants.scope import merchant_scope
from storefront_pages.dates_shown import dates_shown
from storefront_pages.shop_page import shop_page
from storefront_pages.stamps import stamp
from storefront_pages.story import load
from tests import factories
from tests.factories import NOW
from tests.storefront_pages import scenes
from tests.storefront_pages.scenes import Scene
from tracking.links import link_for, page_path
from tracking.models import Order, Recipient, Shipment, ShownDate

TELLS: list[tuple[Scene, int]] = [
    (scenes.placed, 0),
    (scenes.shipped, 1),
    (scenes.in_transit, 1),
    (scenes.late, 1),
    (scenes.out, 1),
    (scenes.two_of_three, 1),
    (scenes.pickup, 0),
    (scenes.delivered, 0),
    (scenes.returning, 0),
    (scenes.lost, 0),
    (scenes.cancelled, 0),
]


@pytest.mark.parametrize(("scene", "told"), TELLS, ids=[one[0].__name__ for one in TELLS])
def test_page_tells_these_dates(merchant: Merchant, scene: Scene, told: int) -> None:
    with merchant_scope(merchant.pk):
        order = scene(merchant)
        token = link_for(order=order).token
    found = stamp(token, merchant_slug=merchant.slug)
    assert found is not None
    with merchant_scope(merchant.pk):
        story = load(stamp=found, language="en", now=NOW)
        assert len(dates_shown(story)) == told


def moving(merchant: Merchant, now: datetime) -> Order:
    made = scenes.parcel(
        merchant, scenes.scan(3, "transit.generic", now=now), now=now,
        placed_at=now - timedelta(days=1),
    )  # fmt: skip
    return made.order


def rows() -> list[tuple[str, str, int | None, int]]:
    found = ShownDate.objects.order_by("pk")
    return [(one.where, one.who, one.recipient, one.times) for one in found]


def test_a_look_is_noted_for_the_links_own_reader(client: Client, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        order = moving(merchant, timezone.now())
        buyer = Recipient.objects.get(order=order)
        hers = page_path(link_for(order=order, recipient=buyer), merchant=merchant)
        anybodys = page_path(link_for(order=order), merchant=merchant)
    for path in (hers, anybodys):
        assert client.get(path).status_code == 200
    with merchant_scope(merchant.pk):
        assert rows() == [("page", "buyer", buyer.pk, 1), ("page", "anonymous", None, 1)]
        shown, parcel = ShownDate.objects.all()[0], Shipment.objects.get()
        assert (shown.first, shown.last) == (parcel.edd_first, parcel.edd_last)


@pytest.mark.django_db(transaction=True)
def test_first_look_costs_one_more_query_and_the_next_hour_none(client: Client) -> None:
    merchant = factories.merchant()
    with merchant_scope(merchant.pk):
        path = scenes.path(merchant, moving(merchant, timezone.now()))
        shop_page(merchant)  # read once a process, not once a page

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        bookkeeping = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
        return len([one for one in captured if not one["sql"].startswith(bookkeeping)])

    # Five read the page; the sixth notes its date.
    assert asked() == 6
    # The page is kept: only its stamp is asked for.
    assert asked() == 1
    for key in cache._cache.get_client().keys(":1:page:*"):  # type: ignore[attr-defined]
        cache._cache.get_client().delete(key)  # type: ignore[attr-defined]
    # It is built anew, and the date was shown to the same eyes already.
    assert asked() == 5
    with merchant_scope(merchant.pk):
        assert rows()[0][3] == 1


def test_page_is_there_though_it_cannot_be_noted(
    client: Client, merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = "SAVEPOINT note_shown; INSERT INTO nowhere VALUES {rows}"
    monkeypatch.setattr("tracking.shown._NOTE", broken)
    with merchant_scope(merchant.pk):
        order = moving(merchant, timezone.now())
        path = scenes.path(merchant, order)
    assert client.get(path).status_code == 200
    with merchant_scope(merchant.pk):
        assert rows() == []
